package yandex

import (
	"encoding/binary"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// getHistory is getChatHistory. It changes nothing: claim
// yandex/read-has-no-effect.
func getHistory(c *marketplace.Call, b *body) (marketplace.Response, error) {
	from := uint64(b.integer("messageIdFrom"))
	limit, err := pageLimit(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	ch, err := chatFor(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	order := c.Switch(switchMessageOrder)
	query := digestStart.text(c.Operation.ID).text(ch.ID).text(order).number(int64(from))
	after, err := afterKey(c, query)
	if err != nil {
		return marketplace.Response{}, err
	}
	if from != 0 && c.Switch(switchMessageIDFrom) == "exclusive" {
		from++
	}
	answer := historyAnswer{style: styleOf(c.Config.Settings), row: rowOf(c.World, &ch), files: filesOf(c.World, ch)}
	var more bool
	if order == "oldest-first" {
		answer.messages, more = oldestFirst(c.World.Store, ch.ID, from, after, limit)
	} else {
		answer.messages, more = newestFirst(c.World.Store, ch.ID, from, after, limit)
	}
	if more {
		last := answer.messages[len(answer.messages)-1].ID
		answer.next = token(query, string(binary.BigEndian.AppendUint64(nil, last)))
	}
	return ok(answer)
}

// position is the message that a key stands for, 0 for none.
func position(key string) uint64 {
	if len(key) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64([]byte(key))
}

// oldestFirst reads messages from an id on. Claims yandex/message-id-from,
// yandex/message-id-from-one, yandex/message-id-from-unknown.
func oldestFirst(store *chat.Store, chatID string, from uint64, after string, limit int) ([]chat.Message, bool) {
	if at := position(after); at != 0 {
		from = max(from, at+1)
	}
	return store.Messages(chatID, chat.Range{From: from, Limit: limit})
}

// newestFirst reads messages down to an id. One more than the page tells whether
// any of them follows. Claim yandex/message-order.
func newestFirst(store *chat.Store, chatID string, from uint64, after string, limit int) ([]chat.Message, bool) {
	messages, _ := store.Messages(chatID, chat.Range{From: position(after), Exclusive: true, Backward: true, Limit: limit + 1})
	for i := range messages {
		if messages[i].ID < from {
			return messages[:min(i, limit)], i > limit
		}
	}
	if len(messages) > limit {
		return messages[:limit], true
	}
	return messages, false
}
