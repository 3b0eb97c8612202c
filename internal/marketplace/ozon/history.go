package ozon

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// Bounds of limit. Claims ozon/history-limit-default, ozon/history-limit-max.
const (
	historyDefault = 50
	historyMax     = 1000
)

// Directions, case-sensitive. Claim ozon/history-direction-case.
const (
	forward  = "Forward"
	backward = "Backward"
)

// historyQuery is a request of /v3/chat/history as understood.
type historyQuery struct {
	chatID  string
	forward bool
	from    uint64
	only    []uint64 // nil: no filter
	limit   int
}

// history is /v3/chat/history. Reading it leaves messages unread: claim
// ozon/history-keeps-unread.
func history(c *marketplace.Call, b *body) (marketplace.Response, error) {
	q, err := readHistoryQuery(c, b)
	if err != nil {
		return marketplace.Response{}, err
	}
	ch, err := chatFor(c, q.chatID, rulesOf(c.Config.Settings).historyPremium, "history-premium")
	if err != nil {
		return marketplace.Response{}, err
	}
	messages, more, err := selectMessages(c, q)
	if err != nil {
		return marketplace.Response{}, err
	}
	r := newRenderer(c.World, c.Config.Settings, ch)
	answer := historyAnswer{style: r.style, hasNext: more, messages: make([]historyMessage, len(messages))}
	for i, m := range messages {
		answer.messages[i] = r.message(m)
	}
	return ok(answer)
}

func readHistoryQuery(c *marketplace.Call, b *body) (historyQuery, error) {
	filter := b.object("filter")
	only := filter.ids("message_ids")
	q, err := readRange(c, b)
	q.only = only
	return q, err
}

// readRange reads what both versions have.
func readRange(c *marketplace.Call, b *body) (historyQuery, error) {
	q := historyQuery{chatID: b.text("chat_id"), from: b.id("from_message_id")}
	direction, limit := b.text("direction"), b.integer("limit")
	if err := b.err(); err != nil {
		return q, err
	}
	if err := checkChatID(q.chatID); err != nil {
		return q, err
	}
	if direction != "" && direction != forward && direction != backward {
		return q, errDirection.at("/direction", "enum")
	}
	q.forward = direction == forward
	if q.forward && q.from == 0 && c.Switch(switchForwardFrom) == "error" {
		return q, errForward.at("/from_message_id", "required")
	}
	var err error
	q.limit, err = historyLimit(c.Config.Settings, limit)
	return q, err
}

// historyLimit bounds a limit; a missing one is 0. Claim ozon/history-limit-zero.
func historyLimit(s marketplace.Settings, n int64) (int, error) {
	switch {
	case n == 0 && s.Switch(switchHistoryZero) == "default-50":
		return historyDefault, nil
	case n >= 1 && n <= historyMax:
		return int(n), nil
	}
	return 0, errHistoryLimit.at("/limit", "range")
}

// checkChatID wants a UUID. Claim ozon/invalid-chat-guid.
func checkChatID(id string) error {
	if len(id) != 36 || uuid.Validate(id) != nil {
		return errChatID.at("/chat_id", "format")
	}
	return nil
}

// chatFor finds the seller's chat, after the subscription that a method needs:
// premium is a switch's value. A method that needs it everywhere refuses before
// it looks for the chat. Claims ozon/guard-premium-before-chat,
// ozon/guard-chat-before-rules, ozon/chat-not-found, ozon/foreign-chat.
func chatFor(c *marketplace.Call, id, premium, claim string) (chat.Chat, error) {
	paid := rulesOf(c.Config.Settings).paid(extOfSeller(c.Seller).Subscription)
	if premium == "on" && !paid {
		return chat.Chat{}, errPremium(c, claim)
	}
	ch, found := c.World.Store.Chat(canonical(id))
	if !found || ch.Seller != c.Seller.ID {
		return chat.Chat{}, errChatUnknown.at("/chat_id", "")
	}
	if !paid && needsPremium(premium, *kindOf(extOfChat(&ch).Type)) {
		return chat.Chat{}, errPremium(c, claim)
	}
	return ch, nil
}

// canonical is a UUID in lower case.
func canonical(id string) string {
	if u, err := uuid.Parse(id); err == nil {
		return u.String()
	}
	return id
}

// selectMessages reads a page of a chat. Without from_message_id it begins at
// the last message, so forwards there is nothing. An unknown id is a position.
// Claims ozon/history-backward, ozon/history-forward, ozon/from-message,
// ozon/history-from-default, ozon/forward-without-from,
// ozon/history-unknown-from.
func selectMessages(c *marketplace.Call, q historyQuery) ([]chat.Message, bool, error) {
	if q.forward && q.from == 0 {
		return nil, false, nil
	}
	r := chat.Range{
		From: q.from, Exclusive: c.Switch(switchFromMessage) == "exclusive",
		Backward: !q.forward, Limit: q.limit,
	}
	if q.only != nil {
		messages, more := namedMessages(c.World.Store, canonical(q.chatID), r, q.only)
		return messages, more, nil
	}
	messages, more := c.World.Store.Messages(canonical(q.chatID), r)
	return messages, more, nil
}

// namedMessages are those of the range that the filter names. Claims
// ozon/history-message-ids, ozon/history-message-ids-with-from.
func namedMessages(store *chat.Store, chatID string, r chat.Range, ids []uint64) ([]chat.Message, bool) {
	var out []chat.Message
	for _, id := range sortedIDs(ids, r.Backward) {
		if !inRange(r, id) {
			continue
		}
		m, found := store.Message(chatID, id)
		if !found {
			continue
		}
		if len(out) == r.Limit {
			return out, true
		}
		out = append(out, m)
	}
	return out, false
}

func sortedIDs(ids []uint64, descending bool) []uint64 {
	sorted := slices.Clone(ids)
	slices.SortFunc(sorted, func(a, b uint64) int {
		if descending {
			a, b = b, a
		}
		return cmp.Compare(a, b)
	})
	return slices.Compact(sorted)
}

func inRange(r chat.Range, id uint64) bool {
	switch {
	case r.From == 0:
		return true
	case id == r.From:
		return !r.Exclusive
	case r.Backward:
		return id < r.From
	}
	return id > r.From
}
