package webchat

import (
	"slices"
	"strconv"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// feeds are the lists that may mix the shops of an account.
var feeds = map[string]bool{opListSubaccount: true, opListServingMode: true, opListServing: true}

// listSubaccount is the feed of 2021 to 2023. Claims shopee/webchat-feed,
// shopee/webchat-feed-cursor, shopee/webchat-row-later.
func listSubaccount(c *marketplace.Call) (marketplace.Response, error) {
	asked, err := readFeedAsk(c, &inQuery{call: c})
	if err != nil {
		return marketplace.Response{}, err
	}
	page, _, err := feedOf(c, asked)
	if err != nil {
		return marketplace.Response{}, err
	}
	return answerRows(c, page, true)
}

// listServing is the feed of 2026. Claims shopee/webchat-serving,
// shopee/webchat-serving-list.
func listServing(c *marketplace.Call, b *body) (marketplace.Response, error) {
	asked, err := readFeedAsk(c, b)
	if err != nil {
		return marketplace.Response{}, err
	}
	if b.id("shop_id") != 0 || b.err != nil {
		if err := actForBody(c, b); err != nil {
			return marketplace.Response{}, err
		}
	}
	page, shops, err := feedOf(c, asked)
	if err != nil {
		return marketplace.Response{}, err
	}
	return ok(serving{rows: rowsOf(c, page, true), shops: shops})
}

// readFeedAsk reads the parameters of a feed, and notes what is taken for its
// cursor but is none: the id of a row, or its time alone. Claim
// shopee/webchat-feed-cursor.
func readFeedAsk(c *marketplace.Call, from source) (ask, error) {
	asked, err := readAsk(c, from)
	if err != nil {
		return ask{}, err
	}
	const cursor = "last_received_message_id"
	if asked.row == 0 && asked.after != 0 {
		note(c, from, cursor, "required", "is missing: next_timestamp_nano alone is no cursor, and the feed begins anew")
	}
	if _, _, found := find(c, from.number(cursor)); found {
		note(c, from, cursor, "pattern", "is the id of a conversation: the cursor is latest_message_id of the last row")
	}
	return asked, nil
}

// feedOf reads a page of the feed and the shops that it is of. A shop that the
// account may not see is left out; if that leaves none, the feed is refused.
// Claims shopee/webchat-feed-shops, shopee/webchat-feed-forbidden,
// shopee/webchat-feed-cursor, shopee/webchat-feed-latest, shopee/webchat-forbidden.
func feedOf(c *marketplace.Call, a ask) (page []chat.Entry, shops []string, err error) {
	all := []chat.Seller{c.Seller}
	if c.Switch(switchFeedShops) == feedMixed {
		all = account(c.World, c.Seller)
	}
	for _, seller := range all {
		if !forbidden(seller) {
			shops = append(shops, seller.ID)
		}
	}
	if len(shops) == 0 {
		return nil, nil, errForbidden.at("", "")
	}
	page, _ = shop.Feed(c.World.Store, shops, a.unread, a.latest && a.row != 0, a.row, pageSize(c))
	if a.latest && a.row != 0 {
		slices.Reverse(page)
	}
	return page, shops, nil
}

// serving is the answer of the feed of 2026. What attributions hold was not
// recorded. Claim shopee/webchat-serving.
type serving struct {
	rows  rows
	shops []string
}

// AppendJSON writes the answer without reflection.
func (s serving) AppendJSON(dst []byte) []byte {
	dst = s.rows.AppendJSON(append(dst, `{"conversations":`...))
	dst = append(dst, `,"attributions":{},"ShopIds":[`...)
	for i, id := range s.shops {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = strconv.AppendInt(dst, shop.Number(id), 10)
	}
	return append(dst, ']', '}')
}
