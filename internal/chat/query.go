package chat

import "slices"

// Entry is one row of a page. Chat is the one value of the store that is not a
// copy, since pages are read most: it never changes, and must not be changed.
type Entry struct {
	Key  string
	Chat *Chat
}

// Summary is a chat with what lists show beside it: its buyer, zero for one that
// nobody knows, and its last message, zero for none. As Entry.Chat these never
// change, and must not be changed.
type Summary struct {
	Chat  *Chat
	Buyer *Buyer
	Last  *Message
}

// Range selects messages of one chat.
type Range struct {
	From      uint64 // 0: from the end the direction starts at
	Exclusive bool   // leave out From itself
	Backward  bool   // newest first
	Limit     int
}

// Seller returns a seller by id.
func (s *Store) Seller(id string) (Seller, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return value(s.state.sellers.Get(id))
}

// Sellers returns all sellers in the order they were added.
func (s *Store) Sellers() []Seller {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]Seller, 0, len(s.state.joined))
	for _, id := range s.state.joined {
		v, _ := s.state.sellers.Get(id)
		out = append(out, *v)
	}
	return out
}

// Buyer returns a buyer by id.
func (s *Store) Buyer(id string) (Buyer, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return value(s.state.buyers.Get(id))
}

// Order returns an order by id.
func (s *Store) Order(id string) (Order, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	v, ok := value(s.state.orders.Get(id))
	v.Items = slices.Clone(v.Items)
	return v, ok
}

// Orders returns up to limit orders by id after an id ("" = from the start).
func (s *Store) Orders(after string, limit int) []Order {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []Order
	s.state.orders.Ascend(after, func(id string, v *Order) bool {
		if id == after {
			return true
		}
		if len(out) == limit {
			return false
		}
		o := *v
		o.Items = slices.Clone(o.Items)
		out = append(out, o)
		return true
	})
	return out
}

// OrdersOf returns up to limit orders of a seller and a buyer before an id ("" =
// from the greatest), the greatest id first.
func (s *Store) OrdersOf(seller, buyer, before string, limit int) []Order {
	s.mu.RLock()
	defer s.mu.RUnlock()
	from := pair{seller, buyer, before}
	if before == "" {
		from.order = "\xff"
	}
	var out []Order
	s.state.pairs.Descend(from, func(p pair) bool {
		if p.seller != seller || p.buyer != buyer || len(out) == limit {
			return false
		}
		if p.order == before {
			return true
		}
		v, _ := s.state.orders.Get(p.order)
		o := *v
		o.Items = slices.Clone(o.Items)
		out = append(out, o)
		return true
	})
	return out
}

// Chat returns a chat by id.
func (s *Store) Chat(id string) (Chat, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return value(s.state.chats.Get(id))
}

// Chats is how many chats there are.
func (s *Store) Chats() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.state.chats.Len()
}

// AllChats returns up to limit chats by id after an id ("" = from the start).
func (s *Store) AllChats(after string, limit int) []Chat {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []Chat
	s.state.chats.Ascend(after, func(id string, v *Chat) bool {
		if id == after {
			return true
		}
		if len(out) == limit {
			return false
		}
		out = append(out, *v)
		return true
	})
	return out
}

// Message returns one message of a chat.
func (s *Store) Message(chat string, id uint64) (Message, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	m, ok := s.state.messages.Get(&Message{Chat: chat, ID: id})
	if !ok {
		return Message{}, false
	}
	return copyMessage(m), true
}

// MessageByID returns a message of whichever chat has it.
func (s *Store) MessageByID(id uint64) (Message, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	chat, ok := s.state.homes.Get(id)
	if !ok {
		return Message{}, false
	}
	m, _ := s.state.messages.Get(&Message{Chat: chat, ID: id})
	return copyMessage(m), true
}

// Messages returns a chat's messages in a range, and whether more follow in
// that direction.
func (s *Store) Messages(chat string, r Range) (page []Message, more bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	take := func(m *Message) bool {
		if m.Chat != chat {
			return false
		}
		if r.Exclusive && m.ID == r.From {
			return true
		}
		if len(page) == r.Limit {
			more = true
			return false
		}
		page = append(page, copyMessage(m))
		return true
	}
	pivot := &Message{Chat: chat, ID: r.From}
	if !r.Backward {
		s.state.messages.Ascend(pivot, take)
		return page, more
	}
	if r.From == 0 {
		pivot.ID = ^uint64(0)
	}
	s.state.messages.Descend(pivot, take)
	return page, more
}

// Summaries are the chats of a page with what lists show beside them, in its order.
func (s *Store) Summaries(page []Entry) []Summary {
	out := make([]Summary, len(page))
	s.mu.RLock()
	defer s.mu.RUnlock()
	for i, e := range page {
		out[i] = Summary{Chat: e.Chat, Last: e.Chat.last}
		if out[i].Buyer, _ = s.state.buyers.Get(e.Chat.Buyer); out[i].Buyer == nil {
			out[i].Buyer = new(Buyer)
		}
		if out[i].Last == nil {
			out[i].Last = new(Message)
		}
	}
	return out
}

// Webhook returns a webhook by id.
func (s *Store) Webhook(id int64) (Webhook, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	v, ok := value(s.state.webhooks.Get(id))
	v.Types = slices.Clone(v.Types)
	return v, ok
}

// Webhooks returns a seller's webhooks by id; "" asks for everybody's.
func (s *Store) Webhooks(seller string) []Webhook {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []Webhook
	s.state.webhooks.Scan(func(_ int64, v *Webhook) bool {
		if seller == "" || v.Seller == seller {
			w := *v
			w.Types = slices.Clone(w.Types)
			out = append(out, w)
		}
		return true
	})
	return out
}

// Page returns up to limit chats of a partition, in key order, after a key
// (exclusive; "" = from the start), and whether more follow.
func (s *Store) Page(index, partition, after string, limit int) (page []Entry, more bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	i, ok := s.state.index(index)
	if !ok {
		return nil, false
	}
	t := s.state.total(i, partition)
	page = make([]Entry, 0, min(max(limit, 0), t.chats))
	s.state.rows[i].Ascend(entry{partition: t.number, key: after}, func(e entry) bool {
		if e.partition != t.number {
			return false
		}
		if after != "" && e.key == after {
			return true
		}
		if len(page) == limit {
			more = true
			return false
		}
		page = append(page, Entry{Key: e.key, Chat: e.chat})
		return true
	})
	return page, more
}

// Sum returns how many chats a partition holds and the sum of their weights.
func (s *Store) Sum(index, partition string) (chats int, weight int64) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	i, ok := s.state.index(index)
	if !ok {
		return 0, 0
	}
	t := s.state.total(i, partition)
	return t.chats, t.weight
}

func value[T any](v *T, ok bool) (T, bool) {
	if !ok {
		var zero T
		return zero, false
	}
	return *v, true
}

func copyMessage(m *Message) Message {
	c := *m
	c.Files = slices.Clone(m.Files)
	return c
}
