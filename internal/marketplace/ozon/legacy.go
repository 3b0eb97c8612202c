package ozon

import (
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// legacyListAnswer is the answer of /v2/chat/list: flat rows with numeric ids,
// in title case whatever the switches. Claim ozon/v2-list-shape.
type legacyListAnswer struct {
	Chats       []legacyChat `json:"chats"`
	TotalChats  *int         `json:"total_chats_count,omitempty"`
	TotalUnread *int         `json:"total_unread_count,omitempty"`
}

type legacyChat struct {
	ChatID      string   `json:"chat_id"`
	Status      string   `json:"chat_status"`
	Type        string   `json:"chat_type"`
	CreatedAt   wireTime `json:"created_at"`
	Unread      *int     `json:"unread_count,omitempty"`
	Last        *uint64  `json:"last_message_id,omitempty"`
	FirstUnread *uint64  `json:"first_unread_message_id,omitempty"`
}

// emitted is a value for the wire, nil for a zero that is left out. Claim
// ozon/zero-fields.
func emitted[T comparable](v T, st style) *T {
	var zero T
	if v == zero && st.omitZero {
		return nil
	}
	return &v
}

const legacyListMax = 1000

// legacyList is /v2/chat/list, paged by offset.
func legacyList(c *marketplace.Call, b *body) (marketplace.Response, error) {
	filter := b.object("filter")
	word, unread := filter.text("chat_status"), filter.flag("unread_only")
	limit, offset := b.integer("limit"), b.integer("offset")
	if err := b.err(); err != nil {
		return marketplace.Response{}, err
	}
	status, known := statusFilter(c.Config.Settings, word, true)
	if !known {
		return marketplace.Response{}, errStatusFilter.at("/filter/chat_status", "enum")
	}
	rows, err := limitWithin(c.Config.Settings, limit, legacyListMax)
	if err != nil {
		return marketplace.Response{}, err
	}
	if offset < 0 {
		return marketplace.Response{}, errListOffset.at("/offset", "range")
	}
	st := styleOf(c.Config.Settings)
	st.titleEnums = true
	part := partition(c.Seller.ID, status, unread)
	total, _ := c.World.Store.Sum(indexList, part)
	answer := legacyListAnswer{
		Chats: []legacyChat{}, TotalChats: emitted(total, st), TotalUnread: emitted(unreadTotal(c), st),
	}
	if offset < int64(total) {
		for _, e := range pageAt(c.World.Store, part, int(offset), rows) {
			answer.Chats = append(answer.Chats, legacyRow(*e.Chat, st))
		}
	}
	return ok(answer)
}

func legacyRow(ch chat.Chat, st style) legacyChat {
	row := legacyChat{
		ChatID: ch.ID, Status: statusWord(statusOf(&ch), st), Type: typeUnspecified,
		CreatedAt: wireTime(ch.Opened), Unread: emitted(ch.Unread, st),
		Last: emitted(ch.Last, st), FirstUnread: emitted(ch.FirstUnread, st),
	}
	if k := kindOf(extOfChat(&ch).Type); k.since.IsZero() {
		row.Type = k.title
	}
	return row
}

// pageAt walks to an offset, a thousand rows at a time.
func pageAt(store *chat.Store, part string, offset, limit int) []chat.Entry {
	after := ""
	for offset > 0 {
		entries, more := store.Page(indexList, part, after, min(offset, legacyListMax))
		if !more || len(entries) == 0 {
			return nil
		}
		offset -= len(entries)
		after = entries[len(entries)-1].Key
	}
	entries, _ := store.Page(indexList, part, after, limit)
	return entries
}

// legacyHistoryAnswer is the answer of /v2/chat/history. Claim
// ozon/v2-history-shape.
type legacyHistoryAnswer struct {
	HasNext  *bool           `json:"has_next,omitempty"`
	Messages []legacyMessage `json:"messages"`
}

type legacyMessage struct {
	ID        *legacyID  `json:"message_id,omitempty"`
	CamelID   *legacyID  `json:"messageId,omitempty"`
	User      legacyUser `json:"user"`
	CreatedAt wireTime   `json:"created_at"`
	IsRead    *bool      `json:"is_read,omitempty"`
	Data      []string   `json:"data"`
}

type legacyUser struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// legacyID is an id in the form of the switch id-format.
type legacyID struct {
	id   uint64
	form idForm
}

// MarshalJSON writes a number or a string.
func (i legacyID) MarshalJSON() ([]byte, error) {
	return appendID(nil, "", i.id, i.form, style{})[1:], nil
}

// legacyHistory is /v2/chat/history: buyers' chats need a subscription always,
// and filter is an unknown field. limit is documented as required and as 50 by
// default at once; that a missing one is 50, as in /v3, is claim
// ozon/v2-history-limit-missing.
func legacyHistory(c *marketplace.Call, b *body) (marketplace.Response, error) {
	q, err := readRange(c, b)
	if err != nil {
		return marketplace.Response{}, err
	}
	ch, err := chatFor(c, q.chatID, "buyer-chats", "history-premium")
	if err != nil {
		return marketplace.Response{}, err
	}
	messages, more, err := selectMessages(c, q)
	if err != nil {
		return marketplace.Response{}, err
	}
	r := newRenderer(c.World, c.Config.Settings, ch)
	answer := legacyHistoryAnswer{HasNext: emitted(more, r.style), Messages: make([]legacyMessage, len(messages))}
	for i, m := range messages {
		answer.Messages[i] = r.legacy(m)
	}
	return ok(answer)
}

func (r renderer) legacy(m chat.Message) legacyMessage {
	id := &legacyID{m.ID, r.style.historyIDs}
	out := legacyMessage{
		User:      legacyUser{ID: m.From.ID, Type: r.style.userType(m.From.Role)},
		CreatedAt: wireTime(m.At.Truncate(time.Millisecond)), IsRead: emitted(isRead(r.chat, m), r.style), Data: r.data(m),
	}
	if r.style.settings.Switch(switchMessageIDName) == "messageId" {
		out.CamelID = id
	} else {
		out.ID = id
	}
	return out
}
