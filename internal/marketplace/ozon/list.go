package ozon

import (
	"strings"

	"example.com/marketmock/internal/marketplace"
)

// listDefault is the documented default of limit. Claim ozon/list-limit-missing.
const listDefault = 30

// listQuery is a request of /v3/chat/list as understood.
type listQuery struct {
	status string
	unread bool
	limit  int
	after  string
}

// listChats is /v3/chat/list. Claims ozon/list-row, ozon/list-no-premium.
func listChats(c *marketplace.Call, b *body) (marketplace.Response, error) {
	q, err := readListQuery(c, b)
	if err != nil {
		return marketplace.Response{}, err
	}
	entries, more := c.World.Store.Page(indexList, partition(c.Seller.ID, q.status, q.unread), q.after, q.limit)
	st := styleOf(c.Config.Settings)
	answer := listAnswer{
		style: st, chats: make([]listRow, len(entries)), totalUnread: unreadTotal(c), hasNext: more,
	}
	for i, e := range entries {
		answer.chats[i] = listRow{
			createdAt: e.Chat.Opened, chatID: e.Chat.ID,
			status:   statusWord(statusOf(e.Chat), st),
			chatType: kindOf(extOfChat(e.Chat).Type).inList(st),
			last:     e.Chat.Last, firstUnread: e.Chat.FirstUnread, unread: e.Chat.Unread,
		}
	}
	if more { // Claim ozon/cursor-last-page.
		answer.cursor = appendCursor(nil, entries[len(entries)-1].Key)
	}
	return ok(answer)
}

func readListQuery(c *marketplace.Call, b *body) (listQuery, error) {
	filter := b.object("filter")
	status, unread := filter.text("chat_status"), filter.flag("unread_only")
	limit, cursor := b.integer("limit"), b.text("cursor")
	if err := b.err(); err != nil {
		return listQuery{}, err
	}
	q := listQuery{unread: unread}
	var known bool
	if q.status, known = statusFilter(c.Config.Settings, status, !c.Config.Settings.Since(dayFilterEnum)); !known {
		return q, errStatusFilter.at("/filter/chat_status", "enum")
	}
	var err error
	if q.limit, err = listLimit(c.Config.Settings, limit); err != nil {
		return q, err
	}
	if q.after, known = parseCursor(cursor); !known {
		return q, errCursor.at("/cursor", "")
	}
	return q, nil
}

// listLimit bounds a limit; a missing one is 0. Claims ozon/list-limit,
// ozon/list-limit-missing, ozon/list-limit-max-edition.
func listLimit(s marketplace.Settings, n int64) (int, error) {
	return limitWithin(s, n, listMax(s))
}

func limitWithin(s marketplace.Settings, n int64, most int) (int, error) {
	switch {
	case n == 0 && s.Switch(switchListLimitMissing) == "default-30":
		return listDefault, nil
	case n >= 1 && n <= int64(most):
		return int(n), nil
	case s.Switch(switchListLimit) == "clamp":
		return int(min(max(n, 1), int64(most))), nil
	}
	return 0, errListLimit(most).at("/limit", "range")
}

// statusFilter understands filter.chat_status; false for a word it must not
// take. title says that the documented words are All, Opened and Closed. Claims ozon/filter-case, ozon/status-filter, ozon/filter-status-default,
// ozon/filter-status-edition.
func statusFilter(s marketplace.Settings, word string, title bool) (string, bool) {
	if word == "" {
		return statusAll, true
	}
	upper := strings.ToUpper(word)
	if upper != statusAll && upper != statusOpened && upper != statusClosed {
		return "", false
	}
	if s.Switch(switchFilterCase) == "strict" {
		spelled := upper
		if title {
			spelled = upper[:1] + strings.ToLower(upper[1:])
		}
		if word != spelled {
			return "", false
		}
	}
	if s.Switch(switchStatusFilter) == "ignored" {
		return statusAll, true
	}
	return upper, true
}

// unreadTotal counts the seller's chats that have unread messages, whatever the
// filter. Claim ozon/unread-total.
func unreadTotal(c *marketplace.Call) int {
	chats, _ := c.World.Store.Sum(indexList, partition(c.Seller.ID, statusAll, true))
	if c.Switch(switchUnreadTotal) == "stale" {
		return max(chats, 1)
	}
	return chats
}

// statusWord spells a chat's status. Claims ozon/enum-case, ozon/chat-statuses.
func statusWord(status string, st style) string {
	switch {
	case !st.titleEnums:
		return status
	case status == statusClosed:
		return "Closed"
	}
	return "Opened"
}
