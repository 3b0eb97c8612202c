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
	// After is a time in nanoseconds, the Moment of a row; 0 for the start.
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
		return s.Union(indexOldest, q.all(), ahead(above(q.After)), q.Size)
	case !q.PinnedFirst || q.Filter == FilterPinned:
		return s.Union(indexNewest, q.all(), behind(below(q.After)), q.Size)
	}
	return q.pinnedFirst(s)
}

// pinnedFirst is a list of pinned ones and then of the others, each the latest
// first. A cursor that is the time of a row says itself among which of both it
// stood, whatever happened to the row since: so each conversation that nothing
// happens to comes once. Before any other time stand both. Claims
// shopee/list-pinned-first, shopee/list-pinned-pages, shopee/list-older-cursor.
func (q ListQuery) pinnedFirst(s *chat.Store) ([]chat.Entry, bool) {
	pinned, plain := q.partitions(true), q.partitions(false)
	switch {
	case q.Mixed(s):
		return s.Union(indexNewest, q.all(), behind(q.After), q.Size)
	case q.mark(s) == markPlain:
		return s.Union(indexNewest, plain, behind(below(q.After)), q.Size)
	}
	rows, more := s.Union(indexNewest, pinned, behind(below(q.After)), q.Size)
	if more {
		return rows, true
	}
	rest, more := s.Union(indexNewest, plain, "", q.Size-len(rows))
	return append(rows, rest...), more
}

// Mixed reports whether List answers pinned conversations among the others, though
// PinnedFirst is asked for. The page is told in times as Unmarked has them, so that
// those that follow are mixed too. Claim shopee/list-pinned-pages.
func (q ListQuery) Mixed(s *chat.Store) bool {
	return q.PinnedFirst && !q.Latest && q.Filter != FilterPinned && q.After != 0 && q.mark(s) == 0
}

// mark is that of the cursor, 0 if it is no row's time. Of the times of plain
// conversations without messages there are too many to be told from a client's own:
// such a one must stand there still, else the pinned ones before it come again.
func (q ListQuery) mark(s *chat.Store) int64 {
	mark := markOf(q.After)
	if mark != 0 || q.After%marks != markPlain {
		return mark
	}
	first, _ := s.Union(indexNewest, ListQuery{Shop: q.Shop}.partitions(false), startOf(q.After), 1)
	if len(first) == 1 && Moment(first[0].Chat) == q.After {
		return markPlain
	}
	return 0
}

func (q ListQuery) all() []string {
	if q.Filter == FilterPinned {
		return q.partitions(true)
	}
	return q.partitions(true, false)
}

// partitions are those of the shop's conversations that are pinned or not. Lists
// are read all day: the names are cut from one text.
func (q ListQuery) partitions(pinned ...bool) []string {
	asked := classes
	if q.Business != nil {
		asked = []class{classOf(*q.Business)}
	}
	text := make([]byte, 0, 256)
	for _, pinned := range pinned {
		for _, class := range asked {
			p := place{unread: q.Filter == FilterUnread, pinned: pinned, class: class}
			text = p.append(text, q.Shop)
			p.empty = true
			text = p.append(text, q.Shop)
		}
	}
	out := make([]string, 2*len(pinned)*len(asked))
	names, each := string(text), len(text)/len(out)
	for i := range out {
		out[i] = names[i*each : (i+1)*each]
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
		return s.Union(indexOldest, partitions, ahead(Nano(after)|(marks-1)), size)
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
