package chat

import (
	"fmt"
	"slices"
	"time"
)

// apply is the one place where state changes. It returns the event with the
// ids that the store gave.
func (s *state) apply(e Event) (Event, error) {
	switch e := e.(type) {
	case SellerAdded:
		return s.addSeller(e), nil
	case SellerChanged:
		s.revision++
		return e, change(s.sellers, "seller", e.ID, func(v *Seller) { v.Ext, v.Revision = e.Ext, s.revision })
	case BuyerAdded:
		s.buyers.Set(e.Buyer.ID, &e.Buyer)
		return e, nil
	case OrderPlaced:
		return s.placeOrder(e)
	case OrderPaid:
		return e, change(s.orders, "order", e.ID, func(v *Order) { v.Paid = e.At })
	case OrderDelivered:
		return e, change(s.orders, "order", e.ID, func(v *Order) { v.Delivered = e.At })
	case OrderReturned:
		return e, change(s.orders, "order", e.ID, func(v *Order) { v.Returned = e.At })
	case OrderCancelled:
		return e, change(s.orders, "order", e.ID, func(v *Order) { v.Cancelled = e.At })
	case OrderChanged:
		return e, change(s.orders, "order", e.ID, func(v *Order) { v.Ext = e.Ext })
	case WebhookSaved:
		return s.saveWebhook(e)
	case WebhookRemoved:
		if _, ok := s.webhooks.Delete(e.ID); !ok {
			return nil, fmt.Errorf("webhook %d: %w", e.ID, ErrUnknown)
		}
		return e, nil
	default:
		return s.applyToChat(e)
	}
}

func (s *state) applyToChat(e Event) (Event, error) {
	switch e := e.(type) {
	case ChatOpened:
		return s.openChat(e)
	case MessagePosted:
		return s.post(e)
	case MessageEdited:
		return s.edit(e)
	case ChatRead:
		return s.read(e)
	case ChatClosed:
		return e, s.changeChat(e.Chat, e.At, func(c *Chat) { c.Closed = e.At })
	case ChatReopened:
		return e, s.changeChat(e.Chat, e.At, func(c *Chat) { c.Closed = time.Time{} })
	case ChatChanged:
		return e, s.changeChat(e.ID, e.At, func(c *Chat) { c.Ext = e.Ext })
	default:
		return nil, fmt.Errorf("event %T: %w", e, ErrUnknown)
	}
}

func (s *state) addSeller(e SellerAdded) Event {
	s.revision++
	e.Seller.Revision = s.revision
	if _, replaced := s.sellers.Set(e.Seller.ID, &e.Seller); !replaced {
		s.joined = append(s.joined, e.Seller.ID)
	}
	return e
}

func (s *state) placeOrder(e OrderPlaced) (Event, error) {
	if _, ok := s.orders.Get(e.Order.ID); ok {
		return nil, fmt.Errorf("order %s: %w", e.Order.ID, ErrExists)
	}
	e.Order.Items = slices.Clone(e.Order.Items)
	s.orders.Set(e.Order.ID, &e.Order)
	s.pairs.Set(pair{e.Order.Seller, e.Order.Buyer, e.Order.ID})
	return e, nil
}

func (s *state) saveWebhook(e WebhookSaved) (Event, error) {
	if e.Webhook.ID == 0 {
		s.lastWebhook++
		e.Webhook.ID = s.lastWebhook
	} else if _, ok := s.webhooks.Get(e.Webhook.ID); !ok {
		return nil, fmt.Errorf("webhook %d: %w", e.Webhook.ID, ErrUnknown)
	}
	s.revision++
	e.Webhook.Revision = s.revision
	e.Webhook.Types = slices.Clone(e.Webhook.Types)
	s.webhooks.Set(e.Webhook.ID, &e.Webhook)
	return e, nil
}

func (s *state) openChat(e ChatOpened) (Event, error) {
	if _, ok := s.chats.Get(e.Chat.ID); ok {
		return nil, fmt.Errorf("chat %s: %w", e.Chat.ID, ErrExists)
	}
	in := e.Chat
	if in.Opened.IsZero() {
		in.Opened = e.At
	}
	e.Chat = Chat{
		ID: in.ID, Seller: in.Seller, Buyer: in.Buyer, Order: in.Order,
		Opened: in.Opened, Closed: in.Closed, Ext: in.Ext, Updated: in.Opened,
	}
	opened := e.Chat
	s.putChat(nil, &opened)
	return e, nil
}

func (s *state) post(e MessagePosted) (Event, error) {
	m := e.Message
	if m.At.IsZero() {
		m.At = e.At
	}
	if m.ID == 0 {
		m.ID = s.mint(s.lastMessage, m)
	}
	if m.ID <= s.lastMessage {
		return nil, fmt.Errorf("message %d after %d: %w", m.ID, s.lastMessage, ErrOrder)
	}
	m.Files = slices.Clone(m.Files)
	e.Message = m
	err := s.changeChat(m.Chat, e.At, func(c *Chat) {
		c.Messages++
		c.Last, c.LastAt, c.last = m.ID, m.At, &m
		switch m.From.Role {
		case RoleSeller:
			c.SellerLastAt = m.At
			c.Unanswered++
			return
		case RoleBuyer:
			c.BuyerLastAt = m.At
			c.Unanswered = 0
		}
		if s.writes(m.From.Role) {
			return
		}
		c.Unread++
		if c.FirstUnread == 0 {
			c.FirstUnread = m.ID
		}
	})
	if err != nil {
		return nil, err
	}
	s.lastMessage = m.ID
	s.messages.Set(&m)
	s.homes.Set(m.ID, m.Chat)
	return e, nil
}

func (s *state) edit(e MessageEdited) (Event, error) {
	old, ok := s.messages.Get(&Message{Chat: e.Chat, ID: e.ID})
	if !ok {
		return nil, fmt.Errorf("message %d of chat %s: %w", e.ID, e.Chat, ErrUnknown)
	}
	m := *old
	m.Text, m.Files, m.Ext, m.Updated = e.Text, slices.Clone(e.Files), e.Ext, e.At
	s.messages.Set(&m)
	return e, s.changeChat(e.Chat, e.At, func(c *Chat) {
		if c.Last == m.ID {
			c.last = &m
		}
	})
}

func (s *state) read(e ChatRead) (Event, error) {
	err := s.changeChat(e.Chat, e.At, func(c *Chat) {
		mark := &c.ReadByBuyer
		if e.By.Role == RoleSeller {
			mark = &c.ReadBySeller
		}
		e.Before = *mark
		if e.UpTo > *mark || e.Unread {
			*mark = e.UpTo
		}
		c.Unread, c.FirstUnread = s.unread(*c)
	})
	return e, err
}

func (s *state) changeChat(id string, at time.Time, fn func(*Chat)) error {
	old, ok := s.chats.Get(id)
	if !ok {
		return fmt.Errorf("chat %s: %w", id, ErrUnknown)
	}
	c := s.own(old)
	c.Updated = at
	fn(c)
	s.putChat(old, c)
	return nil
}

// tree is what change needs of a map.
type tree[V any] interface {
	Get(key string) (V, bool)
	Set(key string, v V) (V, bool)
}

// change replaces a value by a changed copy.
func change[V any](m tree[*V], what, id string, fn func(*V)) error {
	old, ok := m.Get(id)
	if !ok {
		return fmt.Errorf("%s %s: %w", what, id, ErrUnknown)
	}
	v := *old
	fn(&v)
	m.Set(id, &v)
	return nil
}
