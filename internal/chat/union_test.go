package chat_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
)

// leaves lists the chats newest first, all of a seller in one partition and each
// in a leaf that its Ext names; in the index "same" all keys are one.
func leaves() chat.Options {
	return chat.Options{Indexes: []chat.Index{
		{Name: "list", Rows: func(c chat.Chat) []chat.Row {
			key := fmt.Sprintf("%020d", ^c.Last) + c.ID
			return []chat.Row{{Partition: c.Seller, Key: key}, {Partition: c.Ext.(string), Key: key, Weight: int64(c.Messages)}}
		}},
		{Name: "same", Rows: func(c chat.Chat) []chat.Row { return []chat.Row{{Partition: c.Ext.(string), Key: "k"}} }},
	}}
}

func leaf(n int) string { return fmt.Sprintf("s/%02d", n) }

// naive is what Union must return.
func naive(s *chat.Store, index string, partitions []string, after string, limit int) ([]chat.Entry, bool) {
	all := []chat.Entry{}
	for _, p := range partitions {
		part, _ := s.Page(index, p, after, 1<<20)
		all = append(all, part...)
	}
	slices.SortStableFunc(all, func(a, b chat.Entry) int { return strings.Compare(a.Key, b.Key) })
	if len(all) > limit {
		return all[:limit], true
	}
	return all, false
}

func TestAUnionIsThePagesOfItsPartitionsSorted(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 30 {
		s := chat.New(leaves())
		kinds := 1 + random.IntN(40)
		chats := random.IntN(300)
		for i := range chats {
			c := open(fmt.Sprintf("c%03d", i))
			c.Chat.Ext = leaf(random.IntN(kinds))
			apply(t, s, c)
		}
		for range chats {
			id := fmt.Sprintf("c%03d", random.IntN(chats))
			if random.IntN(2) == 0 {
				apply(t, s, post(id, chat.RoleBuyer, "x"), chat.ChatChanged{At: t0, ID: id, Ext: leaf(random.IntN(kinds))})
			} else {
				apply(t, s, post(id, chat.RoleSeller, "x"))
			}
		}
		for range 20 {
			var partitions []string
			for _, n := range random.Perm(kinds + 2)[:random.IntN(kinds+2)] {
				partitions = append(partitions, leaf(n)) // two of them hold no chat
			}
			limit := random.IntN(25)
			after := ""
			for {
				want, wantMore := naive(s, "list", partitions, after, limit)
				got, more := s.Union("list", partitions, after, limit)
				require.Equal(t, want, got)
				require.Equal(t, wantMore, more)
				if !more || limit == 0 {
					break
				}
				after = got[len(got)-1].Key
			}
		}
		whole, _ := s.Page("list", "s", "", chats)
		every, more := s.Union("list", slices.Sorted(func(yield func(string) bool) {
			for n := range kinds {
				if !yield(leaf(n)) {
					return
				}
			}
		}), "", chats)
		require.False(t, more)
		require.Equal(t, whole, every, "the leaves together are the whole")
	}
}

func TestAUnionAtItsEdges(t *testing.T) {
	t.Parallel()
	s := chat.New(leaves())
	for i, kind := range []int{1, 2, 1} {
		c := open(fmt.Sprintf("c%d", i))
		c.Chat.Ext = leaf(kind)
		apply(t, s, c, post(c.Chat.ID, chat.RoleBuyer, "x"))
	}
	tests := map[string]struct {
		index      string
		partitions []string
		limit      int
		want       []string
		more       bool
	}{
		"of an unknown index":             {"none", []string{leaf(1)}, 9, nil, false},
		"of no partition":                 {"list", nil, 9, nil, false},
		"of an empty partition":           {"list", []string{leaf(3)}, 9, nil, false},
		"with room for exactly all":       {"list", []string{leaf(2), leaf(1)}, 3, []string{"c2", "c1", "c0"}, false},
		"with room for one less":          {"list", []string{leaf(2), leaf(1)}, 2, []string{"c2", "c1"}, true},
		"with no room":                    {"list", []string{leaf(2), leaf(1)}, 0, nil, true},
		"of a partition that is the rest": {"list", []string{leaf(2), "s"}, 9, []string{"c2", "c1", "c1", "c0"}, false},
		"of one partition twice":          {"list", []string{leaf(2), leaf(2)}, 9, []string{"c1", "c1"}, false},
		"where keys are the same":         {"same", []string{leaf(1)}, 9, []string{"c0", "c2"}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page, more := s.Union(test.index, test.partitions, "", test.limit)
			require.Equal(t, test.want, ids(page))
			require.Equal(t, test.more, more)
		})
	}
	page, more := s.Union("same", []string{leaf(1), leaf(2)}, "k", 9)
	require.Empty(t, page, "what stands at the key is past")
	require.False(t, more)
}

func TestAUnionIsOfOneMoment(t *testing.T) {
	t.Parallel()
	const kinds, chats = 6, 40
	s := chat.New(leaves())
	var partitions []string
	for n := range kinds {
		partitions = append(partitions, leaf(n))
	}
	for i := range chats {
		c := open(fmt.Sprintf("c%02d", i))
		c.Chat.Ext = leaf(i % kinds)
		apply(t, s, c)
	}
	snap := s.Snapshot()
	var writers, readers sync.WaitGroup
	for w := range 3 {
		writers.Go(func() {
			random := rand.New(rand.NewPCG(uint64(w), 2))
			for i := range 300 {
				id := fmt.Sprintf("c%02d", random.IntN(chats))
				_, err := s.Apply(chat.If{}, post(id, chat.RoleBuyer, "x"), chat.ChatChanged{At: t0, ID: id, Ext: leaf(random.IntN(kinds))})
				if err != nil {
					t.Error(err)
				}
				if i%100 == 99 {
					s.Restore(snap)
				}
			}
		})
	}
	for range 3 {
		readers.Go(func() {
			for range 200 {
				page, more := s.Union("list", partitions, "", chats)
				seen := map[string]bool{}
				for _, e := range page {
					seen[e.Chat.ID] = true
				}
				if len(seen) != chats || more || !slices.IsSortedFunc(page, func(a, b chat.Entry) int { return strings.Compare(a.Key, b.Key) }) {
					t.Errorf("%d chats in a page of %d", len(seen), len(page))
				}
			}
		})
	}
	writers.Wait()
	readers.Wait()
}

func TestABatchThatFailsCountsNothing(t *testing.T) {
	t.Parallel()
	s := chat.New(leaves())
	c := open("a")
	c.Chat.Ext = leaf(1)
	apply(t, s, c, post("a", chat.RoleBuyer, "1"))
	snap := s.Snapshot()
	_, err := s.Apply(chat.If{}, post("a", chat.RoleBuyer, "2"), chat.ChatChanged{At: t0, ID: "a", Ext: leaf(2)}, open("a"))
	require.ErrorIs(t, err, chat.ErrExists)
	sums := func() (list []int64) {
		for n := 1; n <= 2; n++ {
			chats, weight := s.Sum("list", leaf(n))
			list = append(list, int64(chats), weight)
		}
		return list
	}
	require.Equal(t, []int64{1, 1, 0, 0}, sums())
	apply(t, s, post("a", chat.RoleBuyer, "2"), chat.ChatChanged{At: t0, ID: "a", Ext: leaf(2)})
	require.Equal(t, []int64{0, 0, 1, 2}, sums())
	s.Restore(snap)
	require.Equal(t, []int64{1, 1, 0, 0}, sums())
}

func grown(b *testing.B, size, kinds int) (s *chat.Store, partitions []string) {
	b.Helper()
	s = chat.New(leaves())
	for n := range kinds {
		partitions = append(partitions, leaf(n))
	}
	events := make([]chat.Event, 0, 2*size)
	for i := range size {
		c := open(fmt.Sprintf("chat-%06d", i))
		c.Chat.Ext = partitions[i%kinds]
		events = append(events, c, post(c.Chat.ID, chat.RoleBuyer, "x"))
	}
	if _, err := s.Apply(chat.If{}, events...); err != nil {
		b.Fatal(err)
	}
	return s, partitions
}

func BenchmarkUnion(b *testing.B) {
	s, partitions := grown(b, 300_000, 36)
	page, _ := s.Page("list", "s", "", 150_000)
	for place, after := range map[string]string{"first": "", "middle": page[len(page)-1].Key} {
		b.Run("page/"+place, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Page("list", "s", after, 20)
			}
		})
		for _, n := range []int{1, 6, 36} {
			b.Run(fmt.Sprintf("union of %d/%s", n, place), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					s.Union("list", partitions[:n], after, 20)
				}
			})
		}
	}
}

// BenchmarkBatch is a message with the status that follows from it, where each
// chat has a partition of its own.
func BenchmarkBatch(b *testing.B) {
	for _, size := range []int{100, 300_000} {
		s, _ := grown(b, size, size)
		b.Run(fmt.Sprintf("%d partitions", size), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				id := fmt.Sprintf("chat-%06d", i%size)
				if _, err := s.Apply(chat.If{}, post(id, chat.RoleBuyer, "x"), chat.ChatChanged{At: t0, ID: id, Ext: leaf(i % size)}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
