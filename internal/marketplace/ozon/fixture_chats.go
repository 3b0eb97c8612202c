package ozon

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace/worldfile"
)

func (b *worldBuilder) addChats(file worldFile) error {
	for i, c := range file.Chats {
		path := fmt.Sprintf("chats[%d]", i)
		ch, err := b.chat(path, i, c)
		if err != nil {
			return err
		}
		messages, err := b.messages(path, ch, c)
		if err != nil {
			return err
		}
		if ch.Opened, err = b.Opened(path+".opened", c.Opened, messages); err != nil {
			return err
		}
		b.addBuyer(ch.Buyer)
		b.converse(ch, messages, readUpTo(c, messages, chat.RoleSeller), readUpTo(c, messages, chat.RoleBuyer))
		if c.Status == statusClosed {
			at := ch.Opened
			if n := len(messages); n > 0 {
				at = messages[n-1].At
			}
			support, _ := authorIn(ch, chat.RoleSupport)
			b.Happen(chat.ChatClosed{At: at, Chat: ch.ID, By: support})
		}
	}
	return nil
}

// chat is the chat without its time.
func (b *worldBuilder) chat(path string, i int, c worldChat) (chat.Chat, error) {
	seller, err := b.Seller(path+".seller", c.Seller)
	if err != nil {
		return chat.Chat{}, err
	}
	out := chat.Chat{ID: c.ID, Seller: seller.ID, Buyer: c.Buyer, Order: c.Order}
	if out.ID == "" {
		out.ID = b.chatID("chat", i)
	}
	if uuid.Validate(out.ID) != nil || len(out.ID) != 36 {
		return out, worldfile.Mistake(path+".id", "%s is no UUID", c.ID)
	}
	out.ID = canonical(out.ID)
	if b.chatIDs[out.ID] {
		return out, worldfile.Mistake(path+".id", "%s stands here twice", c.ID)
	}
	b.chatIDs[out.ID] = true
	ext := chatExt{Type: c.Type, Blocked: c.Blocked, Disabled: c.Disabled}
	if ext.Type == "" {
		ext.Type = typeBuyer
	}
	if !slices.Contains(kindNames(), ext.Type) {
		return out, worldfile.NoneOf(path+".type", c.Type, kindNames())
	}
	out.Ext = ext
	if c.Status != "" && c.Status != statusOpened && c.Status != statusClosed {
		return out, worldfile.Mistake(path+".status", "%s is neither OPENED nor CLOSED", c.Status)
	}
	if c.Order != "" {
		order, ok := b.Order(c.Order)
		if !ok {
			return out, worldfile.Mistake(path+".order", "there is no order %s", c.Order)
		}
		if order.Seller != seller.ID {
			return out, worldfile.Mistake(path+".order", "the order %s is another seller's", c.Order)
		}
		if out.Buyer == "" {
			out.Buyer = order.Buyer
		}
	}
	if out.Buyer == "" && kindOf(ext.Type).buyer {
		out.Buyer = strconv.Itoa(900_000 + i)
	}
	return out, nil
}

func (b *worldBuilder) chatID(what string, i int) string {
	return uuid.NewSHA1(chatSpace, fmt.Appendf(nil, "%s/%d/%d", what, b.Env.Seed, i)).String()
}

// messages are a chat's, which must stand in order of time.
func (b *worldBuilder) messages(path string, ch chat.Chat, c worldChat) ([]*chat.Message, error) {
	var out []*chat.Message
	for i, m := range c.Messages {
		at := fmt.Sprintf("%s.messages[%d]", path, i)
		message, err := b.message(at, ch, m)
		if err != nil {
			return nil, err
		}
		if err := worldfile.InOrder(at, out, message, m.At); err != nil {
			return nil, err
		}
		if err := readInOrder(at, c.Messages[:i+1], i); err != nil {
			return nil, err
		}
		out = append(out, message)
	}
	return out, nil
}

// readInOrder refuses an unread message before a read one of the same side.
func readInOrder(path string, messages []worldMessage, i int) error {
	if m := messages[i]; m.Read == nil || !*m.Read {
		return nil
	}
	bySeller := messages[i].From == string(chat.RoleSeller)
	for _, m := range messages[:i] {
		if (m.From == string(chat.RoleSeller)) == bySeller && m.Read != nil && !*m.Read {
			return worldfile.Mistake(path+".read", "a message above is unread, and reading marks all before it")
		}
	}
	return nil
}

func (b *worldBuilder) message(path string, ch chat.Chat, m worldMessage) (*chat.Message, error) {
	out, err := b.Message(path, ch, authors, m.From, m.At)
	if err != nil {
		return nil, err
	}
	if m.Text == "" && m.Image == nil && m.File == nil && m.Data == nil {
		return nil, worldfile.Mistake(path, "has neither text nor image nor file nor data")
	}
	out.Text = m.Text
	ext := messageExt{Data: m.Data}
	if m.Context != nil {
		ext.Order, ext.SKU = m.Context.OrderNumber, m.Context.SKU
	}
	if m.Image != nil {
		if m.Image.Moderation != "" && !slices.Contains(moderations, m.Image.Moderation) {
			return nil, worldfile.NoneOf(path+".image.moderation", m.Image.Moderation, moderations)
		}
		ext.Moderation = m.Image.Moderation
		out.Files = append(out.Files, worldFileOf(*m.Image, "image/jpeg"))
	}
	if m.File != nil {
		out.Files = append(out.Files, worldFileOf(*m.File, "application/octet-stream"))
	}
	out.Ext = ext
	return out, nil
}

var moderations = []string{moderationSuccess, moderationRunning, moderationFailed}

func worldFileOf(f worldImage, usual string) chat.File {
	name := f.Name
	if name == "" {
		name = fallbackName
	}
	kind := contentType(name, nil)
	if usual == "image/jpeg" && !strings.HasPrefix(kind, "image/") || usual != "image/jpeg" && strings.HasPrefix(kind, "text/plain") {
		kind = usual
	}
	return chat.File{Name: name, ContentType: kind, URL: f.URL}
}

// readUpTo is the last message of the others that a side has read, nil if it
// has read none.
func readUpTo(c worldChat, messages []*chat.Message, reader chat.Role) *chat.Message {
	for i := len(messages) - 1; i >= 0; i-- {
		bySeller := messages[i].From.Role == chat.RoleSeller
		if bySeller != (reader == chat.RoleSeller) && c.Messages[i].Read != nil && *c.Messages[i].Read {
			return messages[i]
		}
	}
	return nil
}

// converse opens a chat, posts its messages and marks what the seller and the
// buyer have read.
func (b *worldBuilder) converse(ch chat.Chat, messages []*chat.Message, bySeller, byBuyer *chat.Message) {
	b.Happen(chat.ChatOpened{At: ch.Opened, Chat: ch})
	for _, m := range messages {
		b.Post(m)
		if m == bySeller {
			b.Read(m, chat.Author{Role: chat.RoleSeller, ID: ch.Seller})
		}
		if m == byBuyer {
			reader, ok := authorIn(ch, chat.RoleBuyer)
			if !ok {
				reader, _ = authorIn(ch, chat.RoleSupport)
			}
			b.Read(m, reader)
		}
	}
}
