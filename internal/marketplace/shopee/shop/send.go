package shop

import (
	"errors"
	"iter"
	"strings"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// Via is the API by which a shop writes.
type Via int

// The APIs.
const (
	ViaOpen Via = iota
	ViaWebchat
)

// Draft is a message that a shop wants to send. The shop is the call's seller.
type Draft struct {
	Via Via
	// To is the buyer's user id, 0 for none.
	To int64
	// Type is in the Open Platform's words, as it was sent if it is none of them.
	Type    string
	Content Content
	// NoContent says that the content is no object.
	NoContent bool
	// Late is what the API itself has against the content, said after the rules
	// about users; nil for nothing.
	Late error
	// About and SourceType are what it was written from.
	About      About
	SourceType string
	Quoted     uint64
	Business   int
	// Conversation is the conversation that the client names, 0 for none.
	Conversation int64
	// Auto makes it an automatic reply.
	Auto bool
	// Reopen opens a closed conversation of the webchat; else it refuses. The Open
	// Platform writes into a closed one as into any.
	Reopen    bool
	RequestID string // "" for one that is made up
	Source    string // "" for that of the API
	By        SubAccount
	// Check is asked before the rules about a conversation that is there, as it
	// stands when the message comes; its error is returned. nil for no question.
	Check func(chat.Chat) error
}

// Send posts a message if the rules let it pass at that moment, and makes the
// conversation if there is none. The conversation is returned as it was before.
// A refusal is a *Refused; a message that is censored is stored all the same.
// Claims shopee/send-order-of-checks, shopee/censor, shopee/no-idempotency.
func Send(c *marketplace.Call, d Draft) (chat.Chat, chat.Message, error) {
	a := newAttempt(c, d)
	id := Key(a.conversation())
	var refused error
	decide := func(ch chat.Chat, exists bool) ([]chat.Event, error) {
		if exists && d.Check != nil {
			if err := d.Check(ch); err != nil {
				return nil, err
			}
		}
		a.meet(c.World.Store, ch, exists)
		refused = a.refused()
		censored := errors.Is(refused, errCensored)
		if refused != nil && !censored {
			return nil, refused
		}
		return a.events(c.World, censored), nil
	}
	applied, err := apply(c.World.Store, id, decide)
	// A conversation may come, or go, between the look and the change.
	for n := 0; n < maxAgain && (errors.Is(err, chat.ErrExists) || errors.Is(err, chat.ErrUnknown)); n++ {
		applied, err = apply(c.World.Store, id, decide)
	}
	if err != nil {
		return chat.Chat{}, chat.Message{}, err
	}
	return a.chat, posted(applied), refused
}

// maxAgain is how often a conversation is looked for that comes and goes.
const maxAgain = 100

// apply decides on a conversation as it stands, or on one that is not there.
func apply(s *chat.Store, id string, decide func(ch chat.Chat, exists bool) ([]chat.Event, error)) ([]chat.Applied, error) {
	if _, found := s.Chat(id); found {
		return s.Change(id, func(ch chat.Chat) ([]chat.Event, error) { return decide(ch, true) })
	}
	events, err := decide(chat.Chat{}, false)
	if err != nil {
		return nil, err
	}
	return s.Apply(chat.If{}, events...)
}

// posted is the message of the shop among what was applied.
func posted(applied []chat.Applied) chat.Message {
	for i := len(applied) - 1; i >= 0; i-- {
		if e, ok := applied[i].Event.(chat.MessagePosted); ok {
			return e.Message
		}
	}
	return chat.Message{}
}

// newAttempt gathers what does not depend on the conversation.
func newAttempt(c *marketplace.Call, d Draft) *attempt {
	s, its := c.World.Store, ShopOf(c.Seller)
	a := &attempt{
		Draft: d, now: c.World.Clock.Now(), on: c.Switch, region: Region(its.Region), shop: its,
		orders: ordersOf(s, c.Seller.ID, Key(d.To)),
	}
	if to, found := s.Buyer(Key(d.To)); found {
		a.known, a.buyer = true, CustomerOf(to)
	}
	if d.Type == TypeOrder {
		order, found := s.Order(d.Content.OrderSN)
		a.ordered = found && order.Seller == c.Seller.ID
	}
	a.resolve(c.World)
	return a
}

// conversation is the id of the conversation of both.
func (a *attempt) conversation() int64 { return ConversationID(a.shop.UserID, a.To) }

// meet is what the conversation says, as it stands or as it will be opened.
func (a *attempt) meet(s *chat.Store, ch chat.Chat, exists bool) {
	if !exists {
		ch = chat.Chat{
			ID: Key(a.conversation()), Seller: Key(a.shop.ID), Buyer: Key(a.To), Opened: a.now,
			Ext: Conversation{Business: a.Business},
		}
	}
	a.chat, a.exists, a.its = ch, exists, ConversationOf(&ch)
	a.earlier = func(since time.Time) iter.Seq[Message] { return saidBy(s, ch.ID, since) }
}

// resolve fills in what the shop knows of the content better than who sent it.
// Claims shopee/order-echo, shopee/item-content, shopee/image-content.
func (a *attempt) resolve(w *marketplace.World) {
	switch {
	case a.Content.Image != nil:
		image, own := ownImage(w, *a.Content.Image)
		a.Content.Image, a.foreign = &image, !own
	case a.Content.Video != nil:
		video, err := ownVideo(w, *a.Content.Video)
		a.Content.Video, a.film = &video, err
	case a.Content.Item != nil && a.Content.Item.ShopID == 0:
		item := *a.Content.Item
		item.ShopID = a.shop.ID
		a.Content.Item = &item
	}
}

// lookBack bounds how many messages of a conversation are searched for the same
// one again. Claim shopee/duplicate-24h.
const lookBack = 250

// events are those of the message.
func (a *attempt) events(w *marketplace.World, censored bool) []chat.Event {
	var out []chat.Event
	switch {
	case !a.exists:
		out = append(out, chat.ChatOpened{At: a.now, Chat: a.chat})
	case !a.chat.Closed.IsZero() && a.Reopen:
		out = append(out, reopened(a.chat, a.now)...)
	}
	return append(out, chat.MessagePosted{At: a.now, Message: a.message(w, censored)})
}

func (a *attempt) message(w *marketplace.World, censored bool) chat.Message {
	ext := Message{
		Type: a.Type, Content: a.Content, Status: StatusNormal, Late: a.lateStatus(), Source: a.Source, RequestID: a.RequestID,
		About: a.About, Quoted: a.Quoted, Business: a.Business, By: a.By,
	}
	role := chat.RoleSeller
	if a.Auto { // claims shopee/autoreply, shopee/five-limit-automatic
		role = chat.RoleBot
		ext.Status, ext.Option, ext.Notice = StatusAutoReply, optionAuto, true
	}
	if censored {
		ext.Status, ext.Late = StatusCensored, ""
	}
	switch {
	case ext.Source != "":
	case a.Via == ViaWebchat:
		ext.Source = SourceWebchat
	default:
		ext.Source = SourceOpenAPI
	}
	if ext.RequestID == "" {
		ext.RequestID = RequestID(w.Sandbox, a.chat.ID, a.chat.Messages)
	}
	from, _ := Author(a.chat, role)
	return chat.Message{Chat: a.chat.ID, At: a.now, From: from, Text: a.Content.Text, Files: filesOf(w, a.Content), Ext: ext}
}

// ordersOf are the orders of a shop and a buyer.
func ordersOf(s *chat.Store, shop, buyer string) iter.Seq[chat.Order] {
	const step = 100
	return func(yield func(chat.Order) bool) {
		before := ""
		for page := s.OrdersOf(shop, buyer, before, step); len(page) > 0; page = s.OrdersOf(shop, buyer, before, step) {
			for _, o := range page {
				if !yield(o) {
					return
				}
				before = o.ID
			}
		}
	}
}

// saidBy are the own messages of a conversation's shop since a time, the latest
// first, among the last lookBack of all. A recalled one is not there.
func saidBy(s *chat.Store, id string, since time.Time) iter.Seq[Message] {
	const step = 25
	return func(yield func(Message) bool) {
		r := chat.Range{Backward: true, Limit: step}
		for n, more := 0, true; more && n < lookBack; n += step {
			var page []chat.Message
			page, more = s.Messages(id, r)
			for _, m := range page {
				if !m.At.After(since) {
					return
				}
				its := MessageOf(m)
				if m.From.Role == chat.RoleSeller && !its.Recalled && !yield(its) {
					return
				}
				r.From, r.Exclusive = m.ID, true
			}
		}
	}
}

// isPath reports whether an address is below a path of the world's own host, and
// what follows the path.
func isPath(w *marketplace.World, address, path string) (rest string, own bool) {
	address = strings.TrimPrefix(address, w.BaseURL)
	return strings.CutPrefix(address, path)
}
