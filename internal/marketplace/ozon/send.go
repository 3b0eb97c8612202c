package ozon

import (
	"errors"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// success is the answer of both send methods; the message's id is not told.
// Claims ozon/send-message-result, ozon/send-file-result.
type success struct {
	Result string `json:"result"`
}

// sendMessage is /v1/chat/send/message.
func sendMessage(c *marketplace.Call, b *body) (marketplace.Response, error) {
	chatID, text := b.text("chat_id"), b.text("text")
	if err := b.err(); err != nil {
		return marketplace.Response{}, err
	}
	if err := checkChatID(chatID); err != nil {
		return marketplace.Response{}, err
	}
	if !textFits(text) {
		return marketplace.Response{}, errText.at("/text", "length")
	}
	if _, err := chatFor(c, chatID, "on", "premium-send"); err != nil {
		return marketplace.Response{}, err
	}
	return post(c, canonical(chatID), func(chat.Chat) chat.Message { return chat.Message{Text: text} })
}

// post adds the seller's message if the rules of the chat let it, as they stand
// at that moment: two calls at once cannot both be the one message before the
// buyer's answer. Claim ozon/sending-keeps-unread.
func post(c *marketplace.Call, chatID string, message func(chat.Chat) chat.Message) (marketplace.Response, error) {
	rules := rulesOf(c.Config.Settings)
	_, err := c.World.Store.Change(chatID, func(ch chat.Chat) ([]chat.Event, error) {
		now := c.World.Clock.Now()
		if err := rules.mayWrite(ch, orderOf(c.World, ch), now); err != nil {
			return nil, err
		}
		m := message(ch)
		m.Chat, m.At = ch.ID, now
		m.From = chat.Author{Role: chat.RoleSeller, ID: c.Seller.ID}
		return []chat.Event{chat.MessagePosted{At: now, Message: m}}, nil
	})
	if errors.Is(err, chat.ErrUnknown) {
		return marketplace.Response{}, errChatUnknown.at("/chat_id", "")
	}
	if err != nil {
		return marketplace.Response{}, err
	}
	return ok(success{Result: "success"})
}
