package chat

import "github.com/tidwall/btree"

// Union is Page over several partitions of an index at once, in the order of the
// keys, which must be different for different chats. A chat that stands in two of
// the partitions is returned twice. It costs one search for each partition that
// holds chats, and then what a page costs.
func (s *Store) Union(index string, partitions []string, after string, limit int) (page []Entry, more bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	i, ok := s.state.index(index)
	if !ok {
		return nil, false
	}
	held := 0
	numbers := make([]uint64, 0, 16) // most lists are of fewer
	for _, p := range partitions {
		if t := s.state.total(i, p); t.chats > 0 {
			held += t.chats
			numbers = append(numbers, t.number)
		}
	}
	heap := make(cursors, 0, len(numbers))
	rows := make([]btree.IterG[entry], len(numbers))
	for k, number := range numbers {
		rows[k].Init(s.state.rows[i], false)
		if c := (cursor{partition: number, rows: &rows[k]}); c.seek(after) {
			heap = append(heap, c)
		}
	}
	heap.order()
	page = make([]Entry, 0, min(max(limit, 0), held))
	for len(heap) > 0 {
		if len(page) == limit {
			return page, true
		}
		e := heap[0].rows.Item()
		page = append(page, Entry{Key: e.key, Chat: e.chat})
		heap.advance()
	}
	return page, false
}

// cursor stands on a row of a partition. The tree has no lock to release.
type cursor struct {
	partition uint64
	key       string // of the row
	rows      *btree.IterG[entry]
}

// seek goes to the first row after a key; false if there is none.
func (c *cursor) seek(after string) bool {
	ok := c.rows.Seek(entry{partition: c.partition, key: after})
	for ok = ok && c.stand(); ok && after != "" && c.key == after; {
		ok = c.next()
	}
	return ok
}

func (c *cursor) next() bool { return c.rows.Next() && c.stand() }

// stand notes the row that the iterator came to; false behind the partition.
func (c *cursor) stand() bool {
	e := c.rows.Item()
	c.key = e.key
	return e.partition == c.partition
}

// cursors is a heap: the least key stands first.
type cursors []cursor

func (h cursors) order() {
	for i := len(h)/2 - 1; i >= 0; i-- {
		h.sink(i)
	}
}

// advance moves the first cursor to its next row, or drops it.
func (h *cursors) advance() {
	all := *h
	if !all[0].next() {
		last := len(all) - 1
		all[0], *h = all[last], all[:last]
	}
	h.sink(0)
}

func (h cursors) sink(i int) {
	for {
		least := i
		for k := 2*i + 1; k <= 2*i+2 && k < len(h); k++ {
			if h[k].key < h[least].key {
				least = k
			}
		}
		if least == i {
			return
		}
		h[i], h[least] = h[least], h[i]
		i = least
	}
}
