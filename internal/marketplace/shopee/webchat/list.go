package webchat

import (
	"slices"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// maxV1 is how many rows an answer of v1 has at most: those of one second do not
// bound it. Claim shopee/webchat-list-v1-border.
const maxV1 = 1000

// listV1 pages by seconds: rows that are older than the last one. A page does not
// end within a second, or those of its rest would never be seen. Claims
// shopee/webchat-list-v1, shopee/webchat-list-v1-border.
func listV1(c *marketplace.Call) (marketplace.Response, error) {
	next, _, err := integer(c, "next_timestamp")
	if err != nil {
		return marketplace.Response{}, err
	}
	if next > maxSecond {
		note(c, &inQuery{call: c}, "next_timestamp", "maximum", "is not in seconds, so it is a time that never comes")
	}
	direction, _ := param(c, "direction")
	if direction == latest {
		return answerRows(c, listOf(c, ask{latest: true, after: seconds(next)}), false)
	}
	if !isDirection(direction) {
		return marketplace.Response{}, wrong("direction", "enum", `is neither "older" nor "latest"`)
	}
	size := pageSize(c)
	q := shop.ListQuery{Shop: c.Seller.ID, After: seconds(next), Size: size + 1}
	page, _ := shop.List(c.World.Store, q)
	if len(page) <= size {
		return answerRows(c, page, false)
	}
	if last := secondOf(page[size-1]); secondOf(page[size]) == last {
		q.After, q.Size = shop.Moment(page[size].Chat), maxV1-len(page)
		rest, _ := shop.List(c.World.Store, q)
		end := slices.IndexFunc(rest, func(e chat.Entry) bool { return secondOf(e) != last })
		if end < 0 {
			end = len(rest)
		}
		return answerRows(c, append(page, rest[:end]...), false)
	}
	return answerRows(c, page[:size], false)
}

func secondOf(e chat.Entry) int64 { return shop.Moment(e.Chat) / int64(time.Second) }

// list is GET v1.2/conversations. Claims shopee/webchat-list,
// shopee/webchat-list-method.
func list(c *marketplace.Call) (marketplace.Response, error) {
	asked, err := readAsk(c, &inQuery{call: c})
	if err != nil {
		return marketplace.Response{}, err
	}
	return answerRows(c, listOf(c, asked), false)
}

// query is POST v1.2/conversations. Claims shopee/webchat-list-body,
// shopee/webchat-row-later.
func query(c *marketplace.Call, b *body) (marketplace.Response, error) {
	asked, err := readAsk(c, b)
	if err != nil {
		return marketplace.Response{}, err
	}
	if err := actForBody(c, b); err != nil {
		return marketplace.Response{}, err
	}
	return answerRows(c, listOf(c, asked), true)
}

// listOf reads a page of a shop's list: pinned conversations stand where their
// time puts them. What is newer than a cursor comes from the cursor on, so that
// polling misses nothing, and is turned round; without a cursor it is the first
// page. Claims shopee/webchat-list, shopee/webchat-list-latest,
// shopee/webchat-list-latest-page, shopee/webchat-list-latest-first.
func listOf(c *marketplace.Call, a ask) []chat.Entry {
	q := shop.ListQuery{Shop: c.Seller.ID, After: a.after, Size: pageSize(c), Latest: a.latest && a.after != 0}
	if a.unread {
		q.Filter = shop.FilterUnread
	}
	page, _ := shop.List(c.World.Store, q)
	if q.Latest {
		slices.Reverse(page)
	}
	return page
}

// answerRows answers conversations with their last messages.
func answerRows(c *marketplace.Call, page []chat.Entry, later bool) (marketplace.Response, error) {
	return ok(rowsOf(c, page, later))
}

func rowsOf(c *marketplace.Call, page []chat.Entry, later bool) rows {
	out := rows{writer: writerOf(c), rows: make([]row, len(page)), later: later}
	var its sides
	for i, s := range c.World.Store.Summaries(page) {
		if i == 0 || s.Chat.Seller != page[i-1].Chat.Seller { // nearly all are of one shop
			its = sidesOfShop(c.World, s.Chat.Seller)
		}
		out.rows[i] = row{chat: s.Chat, sides: its.with(s.Chat.Buyer, s.Buyer), last: s.Last}
	}
	return out
}
