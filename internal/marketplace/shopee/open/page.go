package open

import (
	"fmt"
	"strconv"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/openapi"
)

// Sizes of pages. Those of a history beyond its greatest are clipped. Claims
// shopee/list-page-size, shopee/history-page-size, shopee/history-page-size-max.
const (
	usualPage  = 25
	maxHistory = 100
)

// paramPageSize is how many rows a page has.
const paramPageSize = "page_size"

// listSize is how many rows of the list are asked for; nothing says that the list
// is empty whatever there is. Claims shopee/page-size-max, shopee/page-size-over,
// shopee/page-size-zero.
func listSize(c *marketplace.Call) (size int, nothing bool, err error) {
	n, err := listInteger(c, paramPageSize)
	if err != nil {
		return 0, false, err
	}
	most := int64(atoi(c.Switch(switchPageMax)))
	switch {
	case n == 0:
		return usualPage, false, nil
	case n <= most:
		return int(n), false, nil
	}
	switch c.Switch(switchPageOver) {
	case overClamp:
		return int(most), false, nil
	case codeParam:
		return 0, false, errListParam.of("page_size is over "+strconv.FormatInt(most, 10)).at(paramPageSize, "maximum")
	}
	c.Remark(openapi.Finding{
		In: inQueryOf, Pointer: paramPageSize, Rule: "maximum",
		Message: fmt.Sprintf("page_size over %d has an empty list as its answer (switches %s, %s)", most, switchPageMax, switchPageOver),
	})
	return 0, true, nil
}

// historySize is how many messages are asked for. Claim shopee/history-page-size.
func historySize(c *marketplace.Call) (int, error) {
	n, err := integer(c, paramPageSize)
	switch {
	case err != nil:
		return 0, err
	case n == 0:
		return usualPage, nil
	}
	return int(min(n, maxHistory)), nil
}

// listQuery reads what is asked of the list. nothing is as listSize has it.
// Claims shopee/list-missing-parameters, shopee/list-bad-values, shopee/list-types,
// shopee/list-business-type.
func listQuery(c *marketplace.Call) (q shop.ListQuery, nothing bool, err error) {
	direction, err := word(c, "direction", "latest", "older")
	if err != nil {
		return q, false, err
	}
	filter, err := word(c, "type", "all", "pinned", "unread")
	if err != nil {
		return q, false, err
	}
	business, err := businessOf(c)
	if err != nil {
		return q, false, err
	}
	q = shop.ListQuery{Shop: c.Seller.ID, Filter: filter, Latest: direction == "latest", PinnedFirst: direction == "older", Business: business}
	if filter == "all" {
		q.Filter = ""
	}
	if q.Size, nothing, err = listSize(c); err != nil {
		return q, false, err
	}
	given := false
	if q.After, given, err = listCursor(c); err != nil {
		return q, false, err
	}
	switch {
	case given && q.After == 0 && !q.Latest:
		nothing = true // no row is before the beginning of time
	case q.Latest && q.After == 0 && c.Switch(switchListLatest) == latestNewest:
		q.Latest, q.PinnedFirst = false, false
	}
	return q, nothing, nil
}

// businessOf is the one business that is asked for, nil for any. Claim
// shopee/list-business-type.
func businessOf(c *marketplace.Call) (*int, error) {
	text, _ := param(c, paramBusiness)
	if text == "" {
		return nil, nil
	}
	business, err := strconv.Atoi(text)
	if err != nil || business != shop.BusinessBuyer && business != shop.BusinessAffiliate {
		return nil, errListParam.of("business_type is invalid").at(paramBusiness, "enum").
			because(fmt.Sprintf("business_type is %d for buyers or %d for affiliates", shop.BusinessBuyer, shop.BusinessAffiliate))
	}
	return &business, nil
}

// word is a parameter that is one of some words.
func word(c *marketplace.Call, name string, words ...string) (string, error) {
	text, found := param(c, name)
	switch {
	case !found:
		return "", errListParam.of(name+" is required").at(name, "required").because(name + " is missing: " + hint.Or(words))
	case text == "":
		return "", errListParam.of(name+" is required").at(name, "required").because(name + " is empty: " + hint.Or(words))
	}
	for _, w := range words {
		if text == w {
			return w, nil
		}
	}
	return "", errListParam.of(name+" is invalid").at(name, "enum").because(name + " is neither of " + hint.Or(words) + hint.DidYouMean(text, words))
}

const paramCursor = "next_timestamp_nano"

// listCursor is the time after which the list goes on; given says that it is one,
// be it 0. Claims shopee/next-timestamp-zero, shopee/next-cursor-conversation.
func listCursor(c *marketplace.Call) (after int64, given bool, err error) {
	text, _ := param(c, paramCursor)
	if after, err = listInteger(c, paramCursor); err != nil {
		return 0, false, err
	}
	remarkCursor(c, after)
	if after == 0 && c.Switch(switchCursorChat) == cursorUse {
		if ch, found := conversationOf(c); found {
			return shop.Moment(&ch), true, nil
		}
	}
	given = text != "" && (after != 0 || c.Switch(switchTimestampZero) == zeroLiteral)
	return after, given, nil
}

// remarkCursor notes a time that is not in nanoseconds. Claim
// shopee/list-nanoseconds.
func remarkCursor(c *marketplace.Call, after int64) {
	for _, unit := range []struct {
		name string
		nano int64
	}{{"seconds", 1e9}, {"milliseconds", 1e6}, {"microseconds", 1e3}} {
		if at := c.World.Clock.Now().UnixNano() / unit.nano; after > at/2 && after < at*2 {
			c.Remark(openapi.Finding{
				In: inQueryOf, Pointer: paramCursor, Rule: "unit", Message: paramCursor + " is in " + unit.name + ", not in nanoseconds",
			})
		}
	}
}

// inQueryOf is where findings about parameters are.
const inQueryOf = "query"

// conversationOf is the shop's conversation that the query names, if it names
// one.
func conversationOf(c *marketplace.Call) (chat.Chat, bool) {
	text, _ := param(c, paramConversation)
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 {
		return chat.Chat{}, false
	}
	return shop.FindChat(c.World, c.Seller, id)
}

const (
	paramConversation = "conversation_id"
	paramBusiness     = "business_type"
)
