package webchat

import (
	"slices"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// listV1 pages by seconds: rows that are older than the last one. A page does not
// end within a second, or those of its rest would never be seen. Claims
// shopee/webchat-list-v1, shopee/webchat-list-v1-border.
func listV1(c *marketplace.Call) (marketplace.Response, error) {
	next, _, err := integer(c, "next_timestamp")
	if err != nil {
		return marketplace.Response{}, err
	}
	direction, _ := param(c, "direction")
	if direction == latest {
		return answerRows(c, listOf(c, ask{latest: true, after: seconds(next)}), false)
	}
	if direction != "" && direction != older {
		return marketplace.Response{}, errParam.at("direction", "enum")
	}
	q := shop.ListQuery{Shop: c.Seller.ID, After: seconds(next), Size: pageSize(c)}
	page, more := shop.List(c.World.Store, q)
	for more {
		last := page[len(page)-1]
		q.After, q.Size = shop.Moment(last.Chat), 1
		var rest []chat.Entry
		rest, more = shop.List(c.World.Store, q)
		if len(rest) == 0 || shop.Moment(rest[0].Chat)/int64(time.Second) != shop.Moment(last.Chat)/int64(time.Second) {
			break
		}
		page = append(page, rest...)
	}
	return answerRows(c, page, false)
}

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
	if err := actFor(c, b.id("shop_id")); err != nil {
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
	for i, e := range page {
		out.rows[i] = row{chat: e.Chat, sides: sidesOf(c.World, e.Chat)}
		if e.Chat.Last != 0 {
			out.rows[i].last, _ = c.World.Store.Message(e.Chat.ID, e.Chat.Last)
		}
	}
	return out
}
