package ozon

import (
	"errors"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// readAnswer is the answer of /v2/chat/read.
type readAnswer struct {
	Unread *int `json:"unread_count,omitempty"`
}

// readChat is /v2/chat/read: it marks the message and all before it. Claims
// ozon/read-marks-before, ozon/read-from-message, ozon/read-optional-reads-all,
// ozon/read-unknown-message.
func readChat(c *marketplace.Call, b *body) (marketplace.Response, error) {
	chatID, from := b.text("chat_id"), b.id("from_message_id")
	if err := b.err(); err != nil {
		return marketplace.Response{}, err
	}
	if err := checkChatID(chatID); err != nil {
		return marketplace.Response{}, err
	}
	if from == 0 && c.Switch(switchReadFrom) == "required" {
		return marketplace.Response{}, errReadFrom.at("/from_message_id", "required")
	}
	ch, err := chatFor(c, chatID, rulesOf(c.Config.Settings).readPremium, "read-premium")
	if err != nil {
		return marketplace.Response{}, err
	}
	left := ch.Unread
	_, err = c.World.Store.Change(ch.ID, func(ch chat.Chat) ([]chat.Event, error) {
		upTo := ch.Last
		if from != 0 {
			upTo = min(from, ch.Last) // messages that come later stay unread
		}
		if upTo <= ch.ReadBySeller {
			left = ch.Unread
			return nil, nil
		}
		left = unreadAbove(c.World.Store, ch, upTo)
		return []chat.Event{chat.ChatRead{
			At: c.World.Clock.Now(), Chat: ch.ID, UpTo: upTo,
			By: chat.Author{Role: chat.RoleSeller, ID: c.Seller.ID},
		}}, nil
	})
	if errors.Is(err, chat.ErrUnknown) {
		return marketplace.Response{}, errChatUnknown.at("/chat_id", "")
	}
	if err != nil {
		return marketplace.Response{}, err
	}
	answer := readAnswer{Unread: &left}
	if left == 0 && c.Switch(switchZeroFields) == "omit" {
		answer.Unread = nil
	}
	return ok(answer)
}

// unreadAbove counts what stays unread when the seller has read up to an id.
func unreadAbove(store *chat.Store, ch chat.Chat, upTo uint64) int {
	if upTo >= ch.Last {
		return 0
	}
	messages, _ := store.Messages(ch.ID, chat.Range{From: upTo, Exclusive: true, Limit: ch.Messages})
	n := 0
	for _, m := range messages {
		if m.From.Role != chat.RoleSeller {
			n++
		}
	}
	return n
}
