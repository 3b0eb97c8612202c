package shop

import (
	"encoding/binary"

	"example.com/marketmock/internal/chat"
)

// Indexes of the store. In each a conversation stands once among all and, while
// it is unread, once among those; see partition. Deleted ones stand nowhere.
const (
	indexNewest = "newest" // the last message first
	indexOldest = "oldest"
)

// Store tells how conversations are ordered and how messages are numbered. What
// the shop's side writes by itself, and what the platform tells both, is never
// unread for the shop. Claims shopee/message-id, shopee/unread-count.
func Store() chat.Options {
	return chat.Options{
		Indexes: []chat.Index{
			{Name: indexNewest, Rows: newestRows},
			{Name: indexOldest, Rows: oldestRows},
		},
		MintMessage: Mint,
		Beside:      []chat.Role{chat.RoleBot, chat.RoleMarketplace},
	}
}

func newestRows(c chat.Chat) []chat.Row { return rows(&c, keyBefore(Moment(&c), Number(c.ID))) }
func oldestRows(c chat.Chat) []chat.Row { return rows(&c, keyAfter(Moment(&c), Number(c.ID))) }

func rows(c *chat.Chat, key string) []chat.Row {
	if Hidden(c) {
		return nil
	}
	its := ConversationOf(c)
	at := place{pinned: its.Pinned, empty: c.Last == 0, class: classOf(its.Business)}
	out := []chat.Row{{Partition: at.partition(c.Seller), Key: key}}
	if n := UnreadOf(c); n > 0 {
		at.unread = true
		out = append(out, chat.Row{Partition: at.partition(c.Seller), Key: key, Weight: int64(n)})
	}
	return out
}

// place is which conversations of a shop a partition holds. Those of unread ones
// are beside the others, which hold all.
type place struct {
	unread, pinned, empty bool
	class                 class
}

// class is the business of a conversation as far as lists tell them apart.
type class byte

const (
	classBuyer     class = 'b'
	classAffiliate class = 'a'
	classOther     class = 'o'
)

var classes = []class{classBuyer, classAffiliate, classOther}

func classOf(business int) class {
	switch business {
	case BusinessBuyer:
		return classBuyer
	case BusinessAffiliate:
		return classAffiliate
	}
	return classOther
}

func (p place) partition(seller string) string { return string(p.append(nil, seller)) }

// append writes the name of a partition; all of a seller are of one length.
func (p place) append(dst []byte, seller string) []byte {
	bits := byte('0')
	for i, set := range []bool{p.unread, p.pinned, p.empty} {
		if set {
			bits |= 1 << i
		}
	}
	return append(append(dst, seller...), '/', bits, byte(p.class))
}

const keyTime = 8 // bytes

// keyAfter orders by time and then by id, the earliest first.
func keyAfter(nano, id int64) string {
	key := binary.BigEndian.AppendUint64(make([]byte, 0, 2*keyTime), uint64(nano))
	return string(binary.BigEndian.AppendUint64(key, uint64(id)))
}

// keyBefore orders by time and then by id, the latest first.
func keyBefore(nano, id int64) string { return keyAfter(^nano, ^id) }

// behind is a place in the index of the latest first: of the conversations after
// it all are older than a time. 0 is the start.
func behind(nano int64) string {
	if nano == 0 {
		return ""
	}
	return keyBefore(nano, 0) // no conversation has the id 0
}

// ahead is a place in the index of the earliest first: of the conversations after
// it all are younger than a time. 0 is the start.
func ahead(nano int64) string {
	if nano == 0 {
		return ""
	}
	return keyAfter(nano, -1)
}

// startOf is a place in the index of the latest first right before the conversations
// of a time.
func startOf(nano int64) string { return keyBefore(nano, 0)[:keyTime] }
