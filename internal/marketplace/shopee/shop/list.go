package shop

import "example.com/marketmock/internal/chat"

// Filters of lists.
const (
	FilterUnread = "unread"
	FilterPinned = "pinned"
)

// ListQuery asks for conversations of a shop.
type ListQuery struct {
	Shop   string // the seller's id
	Filter string // FilterUnread, FilterPinned or "" for all
	// Latest asks for those after After, the earliest first; else for those
	// before, the latest first.
	Latest bool
	// After is a time in nanoseconds, that of a row; 0 for the start.
	After int64
	// PinnedFirst puts pinned ones before the others. Those of Latest stand among
	// them all the same.
	PinnedFirst bool
	// Business asks for conversations of one business alone, nil for any.
	Business *int
	Size     int
}

// List is a page of conversations and whether more follow. Those that the shop
// deleted are not there, those without messages are. Claims shopee/list-older,
// shopee/list-latest, shopee/list-latest-cursor, shopee/list-types,
// shopee/list-business-type, shopee/empty-conversation-order.
func List(s *chat.Store, q ListQuery) (rows []chat.Entry, more bool) {
	switch {
	case q.Latest:
		return s.Union(indexOldest, q.all(), ahead(q.After), q.Size)
	case !q.PinnedFirst || q.Filter == FilterPinned:
		return s.Union(indexNewest, q.all(), behind(q.After), q.Size)
	}
	return q.pinnedFirst(s)
}

// pinnedFirst is a list of pinned ones and then of the others, each the latest
// first. A cursor is a time alone: while the pinned one that has it stands
// there, the pages are among the pinned; else among the others. So each
// conversation that nothing happens to comes once. Claims
// shopee/list-pinned-first, shopee/list-pinned-pages, shopee/list-older-cursor.
func (q ListQuery) pinnedFirst(s *chat.Store) ([]chat.Entry, bool) {
	pinned, plain := q.partitions(true), q.partitions(false)
	if q.After != 0 && !stands(s, pinned, q.After) {
		return s.Union(indexNewest, plain, behind(q.After), q.Size)
	}
	rows, more := s.Union(indexNewest, pinned, behind(q.After), q.Size)
	if more {
		return rows, true
	}
	rest, more := s.Union(indexNewest, plain, "", q.Size-len(rows))
	return append(rows, rest...), more
}

// stands reports whether a conversation of a time stands in the partitions.
func stands(s *chat.Store, partitions []string, nano int64) bool {
	first, _ := s.Union(indexNewest, partitions, startOf(nano), 1)
	return len(first) == 1 && Moment(first[0].Chat) == nano
}

func (q ListQuery) all() []string {
	if q.Filter == FilterPinned {
		return q.partitions(true)
	}
	return append(q.partitions(true), q.partitions(false)...)
}

func (q ListQuery) partitions(pinned bool) []string {
	asked := classes
	if q.Business != nil {
		asked = []class{classOf(*q.Business)}
	}
	var out []string
	for _, class := range asked {
		p := place{unread: q.Filter == FilterUnread, pinned: pinned, class: class}
		out = append(out, p.partition(q.Shop))
		p.empty = true
		out = append(out, p.partition(q.Shop))
	}
	return out
}

// Feed is a page of conversations of several shops that have messages, by their
// last message: the latest first those before the message after, or with latest
// the earliest first those behind it. 0 asks for the latest either way. Claims
// shopee/webchat-feed, shopee/webchat-feed-cursor, shopee/webchat-feed-latest.
func Feed(s *chat.Store, shops []string, unread, latest bool, after uint64, size int) (rows []chat.Entry, more bool) {
	var partitions []string
	for _, id := range shops {
		for _, pinned := range []bool{true, false} {
			for _, class := range classes {
				partitions = append(partitions, place{unread: unread, pinned: pinned, class: class}.partition(id))
			}
		}
	}
	switch {
	case after == 0:
		return s.Union(indexNewest, partitions, "", size)
	case latest:
		return s.Union(indexOldest, partitions, ahead(Nano(after)), size)
	}
	return s.Union(indexNewest, partitions, behind(Nano(after)), size)
}

// Unread counts a shop's unread conversations and the messages in them. Claim
// shopee/unread-count.
func Unread(s *chat.Store, shop string) (conversations int, messages int64) {
	q := ListQuery{Shop: shop, Filter: FilterUnread}
	for _, partition := range q.all() {
		chats, weight := s.Sum(indexNewest, partition)
		conversations += chats
		messages += weight
	}
	return conversations, messages
}
