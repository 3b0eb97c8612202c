package yandex

import (
	"errors"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// errBlank refuses a text of blanks. Claim yandex/blank-message.
var errBlank = refuse(400, codeBadRequest, "blank-message",
	"{} must not be blank", "the text has nothing but blanks").of("message").at("/message", "blank")

// sendMessage is POST …/chats/message. Claims yandex/send-result,
// yandex/send-message-of-partner, yandex/send-again.
func sendMessage(c *marketplace.Call, b *body) (marketplace.Response, error) {
	text := b.text("message")
	if n := textLength(text, c.Switch(switchTextUnit)); n < 1 || n > maxText {
		return marketplace.Response{}, errText(text)
	}
	if isBlank(text) && c.Switch(switchBlankMessage) == "reject" {
		return marketplace.Response{}, errBlank
	}
	ch, err := chatFor(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	return post(c, ch.ID, chat.Message{Text: text})
}

// mayWrite decides whether a store may write into a chat: any that is not
// closed. Claims yandex/closed-chat, yandex/chat-stays-open.
func mayWrite(c *marketplace.Call, ch chat.Chat) error {
	if !ch.Closed.IsZero() {
		return errClosed(c)
	}
	return nil
}

// post adds the store's message if the chat takes it at that moment. The answer
// does not tell the message's id.
func post(c *marketplace.Call, chatID string, m chat.Message) (marketplace.Response, error) {
	_, err := c.World.Store.Change(chatID, func(ch chat.Chat) ([]chat.Event, error) {
		if err := mayWrite(c, ch); err != nil {
			return nil, err
		}
		m := m
		m.Chat, m.At = ch.ID, c.World.Clock.Now()
		m.From, _ = authorIn(ch, chat.RoleSeller)
		m.Ext = messageExt{}
		return append(said(ch, m), warnings(c, m)...), nil
	})
	if errors.Is(err, chat.ErrUnknown) {
		return marketplace.Response{}, errChatUnknown(chatID)
	}
	if err != nil {
		return marketplace.Response{}, err
	}
	return ok(empty)
}

// warnings is what the marketplace answers to a text with contacts. Claim
// yandex/contact-filter.
func warnings(c *marketplace.Call, m chat.Message) []chat.Event {
	if c.Switch(switchContactFilter) != "market-message" || !hasContacts(m.Text) {
		return nil
	}
	by := chat.Author{Role: chat.RoleMarketplace, ID: authors[chat.RoleMarketplace]}
	return []chat.Event{chat.MessagePosted{At: m.At, Message: chat.Message{
		Chat: m.Chat, At: m.At, From: by, Text: warning, Ext: messageExt{},
	}}}
}
