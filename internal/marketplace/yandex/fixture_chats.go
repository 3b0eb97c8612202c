package yandex

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/form"
	"example.com/marketmock/internal/marketplace/worldfile"
)

// firstChat is the first id of chats that a world begins with. Claim
// yandex/chat-ids-8-digits.
const firstChat = 14_604_709

func (b *worldBuilder) addChats(file worldFile) error {
	for i, c := range file.Chats { // before any id is made up
		if id := orderKey(c.ID); c.ID != 0 {
			switch {
			case c.ID < 1:
				return worldfile.Mistake(fmt.Sprintf("chats[%d].id", i), "must be a number from 1 on")
			case b.chats[id]:
				return worldfile.Mistake(fmt.Sprintf("chats[%d].id", i), "%d stands here twice", c.ID)
			}
			b.chats[id] = true
		}
	}
	for i, c := range file.Chats {
		path := fmt.Sprintf("chats[%d]", i)
		ch, err := b.chat(path, c)
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
		closed, err := b.closed(path, c, ch, messages)
		if err != nil {
			return err
		}
		b.converse(ch, messages, c.Status, closed)
	}
	return nil
}

func (b *worldBuilder) chatID() string {
	for {
		id := orderKey(b.nextChat)
		b.nextChat++
		if !b.chats[id] {
			b.chats[id] = true
			return id
		}
	}
}

// chat is the chat without its times and its status.
func (b *worldBuilder) chat(path string, c worldChat) (chat.Chat, error) {
	out := chat.Chat{Buyer: c.Buyer}
	order, err := b.subject(path, c)
	if err != nil {
		return out, err
	}
	out.Order = order.ID
	seller, err := b.chatSeller(path, c, order)
	if err != nil {
		return out, err
	}
	out.Seller = seller.ID
	ext := aboutOrder(order, c.Type)
	if ext.Type == "" {
		ext.Type = typeChat
	}
	switch {
	case !slices.Contains(typeWords, ext.Type):
		return out, worldfile.NoneOf(path+".type", c.Type, typeWords)
	case ext.Type == typeArbitrage && ext.Context == contextDirect:
		return out, worldfile.Mistake(path+".type", "a DIRECT chat is never %s", typeArbitrage)
	case c.Status != "" && !slices.Contains(statusWords, c.Status):
		return out, worldfile.NoneOf(path+".status", c.Status, statusWords)
	}
	if c.Status == statusArbiter && ext.Type != typeArbitrage {
		return out, worldfile.Mistake(path+".status", "a chat that is not %s never is %s", typeArbitrage, statusArbiter)
	}
	if ext.Context != contextDirect {
		about := out.Order + " " + ext.Type
		if b.about[about] {
			return out, worldfile.Mistake(path, "there is such a chat about the same already")
		}
		b.about[about] = true
	}
	out.Ext = ext
	if out.ID = orderKey(c.ID); c.ID == 0 {
		out.ID = b.chatID()
	}
	if out.Buyer == "" {
		out.Buyer = order.Buyer
	}
	if out.Buyer == "" {
		out.Buyer = "buyer" + out.ID
	}
	b.addBuyer(out.Buyer, "")
	return out, nil
}

func (b *worldBuilder) chatSeller(path string, c worldChat, order chat.Order) (chat.Seller, error) {
	if c.Seller == "" && order.ID != "" {
		return chat.Seller{ID: order.Seller}, nil
	}
	seller, err := b.Seller(path+".seller", c.Seller)
	if err == nil && order.ID != "" && order.Seller != seller.ID {
		err = worldfile.Mistake(path+".seller", "what the chat is about is another seller's")
	}
	return seller, err
}

// subject is the order or return that a chat is about, zero for a direct one.
func (b *worldBuilder) subject(path string, c worldChat) (chat.Order, error) {
	field, key := "", ""
	switch {
	case c.Return != 0:
		field, key = path+".return", returnKey(c.Return)
	case c.Order != 0:
		field, key = path+".order", orderKey(c.Order)
	}
	order, known := b.Order(key)
	context := contextOf(key)
	switch {
	case c.Context != "" && !slices.Contains(contextWords, c.Context):
		return order, worldfile.NoneOf(path+".context", c.Context, contextWords)
	case c.Context != "" && c.Context != context:
		return order, worldfile.Mistake(path+".context", "what the chat is about makes it %s, not %s", context, c.Context)
	case key != "" && !known:
		return order, worldfile.Mistake(field, "there is nothing of this number")
	case c.Return != 0 && c.Order != 0 && extOfOrder(order).Order != c.Order:
		return order, worldfile.Mistake(path+".order", "the return is of the order %d", extOfOrder(order).Order)
	}
	return order, nil
}

// aboutOrder is what a chat knows of the order or return that it is about.
func aboutOrder(order chat.Order, kind string) chatExt {
	about := extOfOrder(order)
	return chatExt{
		Context: contextOf(order.ID), Type: kind, Campaign: about.Campaign, Order: about.Order, Return: about.Return,
	}
}

// closed is when a chat was finished, zero for one that is not.
func (b *worldBuilder) closed(path string, c worldChat, ch chat.Chat, messages []*chat.Message) (time.Time, error) {
	last := ch.Opened
	if n := len(messages); n > 0 {
		last = messages[n-1].At
	}
	switch {
	case c.Closed == "" && c.Status != statusFinished:
		return time.Time{}, nil
	case c.Closed != "" && c.Status != "" && c.Status != statusFinished:
		return last, worldfile.Mistake(path+".closed", "a chat that is closed is %s, not %s", statusFinished, c.Status)
	}
	at, err := b.Past(path+".closed", c.Closed, last)
	if err == nil && at.Before(last) {
		return at, worldfile.Mistake(path+".closed", "%s is before the last message", c.Closed)
	}
	return at, err
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
		out = append(out, message)
	}
	return out, nil
}

func (b *worldBuilder) message(path string, ch chat.Chat, m worldMessage) (*chat.Message, error) {
	out, err := b.Message(path, ch, authors, m.From, m.At)
	if err != nil {
		return nil, err
	}
	if m.Text == "" && m.File == nil {
		return nil, worldfile.Mistake(path, "has neither text nor file")
	}
	out.Text, out.Ext = m.Text, messageExt{}
	if m.File != nil {
		file, err := toldFile(path+".file", *m.File)
		if err != nil {
			return nil, err
		}
		out.Files = []chat.File{file}
		out.Ext = messageExt{Content: m.File.Content}
	}
	return out, nil
}

// toldFile is a file that only the world file tells of.
func toldFile(at string, f worldChatsFile) (chat.File, error) {
	out := chat.File{Name: f.Name, ContentType: f.ContentType, Size: f.Size}
	switch {
	case f.Name == "" || f.Name != form.BaseName(f.Name):
		return out, worldfile.Mistake(at+".name", "%q is no name of a file", f.Name)
	case f.Size < 0 || f.Size > maxToldFile:
		return out, worldfile.Mistake(at+".size", "%d is not between 0 and %d", f.Size, maxToldFile)
	case f.Size > 0 && f.Content != "":
		return out, worldfile.Mistake(at+".size", "follows from content")
	}
	if out.ContentType == "" {
		out.ContentType = form.ContentType(f.Name, []byte(f.Content))
	}
	if f.Content != "" {
		out.Size = int64(len(f.Content))
	} else if out.Size == 0 && strings.HasPrefix(out.ContentType, "image/") {
		out.Size = int64(len(marketplace.Pixel))
	}
	return out, nil
}

// maxToldFile bounds in bytes a file that is made up.
const maxToldFile = 20 << 20

// converse opens a chat with the status that follows from its messages, or the
// one that is said, and posts them.
func (b *worldBuilder) converse(ch chat.Chat, messages []*chat.Message, status string, closed time.Time) {
	ext := extOfChat(&ch)
	if ext.Type == typeArbitrage {
		ext = ext.then(stepDispute)
	} else {
		ext = ext.then(stepCreated)
	}
	for _, m := range messages {
		ext = ext.then(stepOf(m.From.Role))
	}
	if status != "" {
		ext.Status = status
	}
	if !closed.IsZero() {
		ext = ext.then(stepEnded)
	}
	ext.Step = ""
	ch.Ext = ext
	b.Happen(chat.ChatOpened{At: ch.Opened, Chat: ch})
	for _, m := range messages {
		b.Post(m)
	}
	if !closed.IsZero() {
		by, _ := authorIn(ch, chat.RoleSupport)
		b.Happen(chat.ChatClosed{At: closed, Chat: ch.ID, By: by})
	}
}
