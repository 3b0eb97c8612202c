package chat

import (
	"slices"
	"strings"

	"github.com/tidwall/btree"
)

// entry is a chat's place in an index. The partition goes by its number, since a
// search compares little else.
type entry struct {
	partition uint64
	key       string
	chat      *Chat // as it stands now
}

// pair is whose an order is, for those who look for the orders of both.
type pair struct{ seller, buyer, order string }

// state is everything a store knows. Values in the trees are never changed in
// place, so that a copy shares them.
type state struct {
	mint    func(last uint64, m Message) uint64
	indexes []Index
	beside  []Role

	sellers  *btree.Map[string, *Seller]
	joined   []string // sellers' ids in the order they were added; append-only
	buyers   *btree.Map[string, *Buyer]
	orders   *btree.Map[string, *Order]
	pairs    *btree.BTreeG[pair]
	chats    *btree.Map[string, *Chat]
	messages *btree.BTreeG[*Message]
	homes    *btree.Map[uint64, string] // the chat of each message
	webhooks *btree.Map[int64, *Webhook]
	rows     []*btree.BTreeG[entry]      // one tree for each index
	totals   []*btree.Map[string, total] // one map for each index; of partitions that hold chats

	lastMessage   uint64
	lastWebhook   int64
	lastPartition uint64
	revision      uint64 // the last one given; Restore does not take it back
	era           uint64 // counts the restores

	dirty map[string]*Chat // chats changed by the present batch, as they were before it
}

func newState(o Options) *state {
	noLocks := btree.Options{NoLocks: true}
	s := &state{
		mint:     func(last uint64, m Message) uint64 { return o.MintMessage(m.At, last) },
		indexes:  o.Indexes,
		beside:   o.Beside,
		sellers:  new(btree.Map[string, *Seller]),
		buyers:   new(btree.Map[string, *Buyer]),
		orders:   new(btree.Map[string, *Order]),
		pairs:    btree.NewBTreeGOptions(lessPair, noLocks),
		chats:    new(btree.Map[string, *Chat]),
		messages: btree.NewBTreeGOptions(lessMessage, noLocks),
		homes:    new(btree.Map[uint64, string]),
		webhooks: new(btree.Map[int64, *Webhook]),
		dirty:    map[string]*Chat{},
	}
	for range o.Indexes {
		s.rows = append(s.rows, btree.NewBTreeGOptions(lessEntry, noLocks))
		s.totals = append(s.totals, new(btree.Map[string, total]))
	}
	return s
}

// copy shares the trees until one side changes them.
func (s *state) copy() *state {
	c := *s
	c.joined = slices.Clip(s.joined)
	c.sellers, c.buyers = s.sellers.Copy(), s.buyers.Copy()
	c.orders, c.pairs = s.orders.Copy(), s.pairs.Copy()
	c.chats, c.webhooks = s.chats.Copy(), s.webhooks.Copy()
	c.messages, c.homes = s.messages.Copy(), s.homes.Copy()
	c.rows = make([]*btree.BTreeG[entry], len(s.rows))
	c.totals = make([]*btree.Map[string, total], len(s.totals))
	for i := range s.rows {
		c.rows[i], c.totals[i] = s.rows[i].Copy(), s.totals[i].Copy()
	}
	c.dirty = map[string]*Chat{}
	return &c
}

// putChat replaces a chat; its rows in the indexes follow with settle. old is
// nil for a new one.
func (s *state) putChat(old *Chat, c *Chat) {
	if _, known := s.dirty[c.ID]; !known {
		s.dirty[c.ID] = old
	}
	s.chats.Set(c.ID, c)
}

// own returns a chat that may be changed in place: one that this batch of
// events has made, else a copy.
func (s *state) own(c *Chat) *Chat {
	if _, mine := s.dirty[c.ID]; mine {
		return c
	}
	owned := *c
	return &owned
}

// settle brings the indexes up to date: once for each chat that a batch of
// events has changed, however often. Index.Rows is called under the store's
// lock: it is a pure function, and a key must follow from the very state it is
// kept with.
func (s *state) settle() {
	for id, old := range s.dirty {
		c, _ := s.chats.Get(id)
		s.revision++
		c.Revision = s.revision
		for i, index := range s.indexes {
			if old != nil {
				s.removeRows(i, old, index.Rows(*old))
			}
			s.addRows(i, c, index.Rows(*c))
		}
	}
	clear(s.dirty)
}

func (s *state) removeRows(index int, c *Chat, rows []Row) {
	for _, r := range rows {
		s.rows[index].Delete(entry{s.count(index, r, -1), r.Key, c})
	}
}

func (s *state) addRows(index int, c *Chat, rows []Row) {
	for _, r := range rows {
		s.rows[index].Set(entry{s.count(index, r, 1), r.Key, c})
	}
}

// total is what an index knows of a partition that holds chats.
type total struct {
	number uint64 // not given again
	chats  int
	weight int64
}

func (s *state) total(index int, partition string) total {
	t, _ := s.totals[index].Get(partition)
	return t
}

// count adds a row to the total of its partition, or takes it away, and returns
// the partition's number.
func (s *state) count(index int, r Row, chats int) uint64 {
	t := s.total(index, r.Partition)
	if t.number == 0 {
		s.lastPartition++
		t.number = s.lastPartition
	}
	t.chats += chats
	t.weight += int64(chats) * r.Weight
	if t.chats == 0 {
		s.totals[index].Delete(r.Partition)
	} else {
		s.totals[index].Set(r.Partition, t)
	}
	return t.number
}

func (s *state) index(name string) (int, bool) {
	for i, index := range s.indexes {
		if index.Name == name {
			return i, true
		}
	}
	return 0, false
}

// writes reports whether a role is on the seller's side.
func (s *state) writes(r Role) bool { return r == RoleSeller || slices.Contains(s.beside, r) }

// unread counts the messages above the seller's mark that are not of the seller's
// side, and names the first.
func (s *state) unread(c Chat) (count int, first uint64) {
	pivot := &Message{Chat: c.ID, ID: c.ReadBySeller + 1}
	s.messages.Ascend(pivot, func(m *Message) bool {
		if m.Chat != c.ID {
			return false
		}
		if !s.writes(m.From.Role) {
			if count == 0 {
				first = m.ID
			}
			count++
		}
		return true
	})
	return count, first
}

func lessMessage(a, b *Message) bool {
	if a.Chat != b.Chat {
		return a.Chat < b.Chat
	}
	return a.ID < b.ID
}

func lessPair(a, b pair) bool {
	if a.seller != b.seller {
		return a.seller < b.seller
	}
	if a.buyer != b.buyer {
		return a.buyer < b.buyer
	}
	return a.order < b.order
}

func lessEntry(a, b entry) bool {
	if a.partition != b.partition {
		return a.partition < b.partition
	}
	if c := strings.Compare(a.key, b.key); c != 0 {
		return c < 0
	}
	if a.chat == nil || b.chat == nil { // a place to start from stands before all chats of its key
		return a.chat == nil && b.chat != nil
	}
	return a.chat.ID < b.chat.ID
}
