package chat_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
)

var t0 = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)

// byLast lists a seller's chats, last message first, and those with unread
// messages apart.
func byLast() chat.Options {
	rows := func(c chat.Chat) []chat.Row {
		key := fmt.Sprintf("%020d", ^c.Last) + c.ID
		all := []chat.Row{{Partition: c.Seller, Key: key, Weight: int64(c.Unread)}}
		if c.Unread > 0 {
			all = append(all, chat.Row{Partition: c.Seller + "/unread", Key: key})
		}
		return all
	}
	return chat.Options{Indexes: []chat.Index{{Name: "list", Rows: rows}}}
}

func post(id string, role chat.Role, text string) chat.MessagePosted {
	return chat.MessagePosted{At: t0, Message: chat.Message{Chat: id, From: chat.Author{Role: role}, Text: text}}
}

func open(id string) chat.ChatOpened {
	return chat.ChatOpened{At: t0, Chat: chat.Chat{ID: id, Seller: "s"}}
}

func apply(t *testing.T, s *chat.Store, events ...chat.Event) []chat.Applied {
	t.Helper()
	applied, err := s.Apply(chat.If{}, events...)
	require.NoError(t, err)
	return applied
}

func ids(page []chat.Entry) []string {
	var list []string
	for _, e := range page {
		list = append(list, e.Chat.ID)
	}
	return list
}

func TestAMessageMovesItsChatToTheFront(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	apply(t, s, open("a"), open("b"), open("c"))
	apply(t, s, post("a", chat.RoleBuyer, "1"), post("b", chat.RoleBuyer, "2"), post("a", chat.RoleSeller, "3"))

	page, more := s.Page("list", "s", "", 10)
	require.False(t, more)
	require.Equal(t, []string{"a", "b", "c"}, ids(page))

	first, more := s.Page("list", "s", "", 1)
	require.True(t, more)
	rest, more := s.Page("list", "s", first[0].Key, 2)
	require.False(t, more)
	require.Equal(t, []string{"b", "c"}, ids(rest))
}

func TestUnreadIsCountedPerChatAndPartition(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	apply(t, s, open("a"), open("b"), post("a", chat.RoleBuyer, "1"), post("a", chat.RoleSeller, "2"),
		post("a", chat.RoleSupport, "3"), post("b", chat.RoleBuyer, "4"))

	a, _ := s.Chat("a")
	require.Equal(t, 2, a.Unread)
	require.Equal(t, uint64(1), a.FirstUnread)
	chats, weight := s.Sum("list", "s")
	require.Equal(t, 2, chats)
	require.Equal(t, int64(3), weight)

	apply(t, s, chat.ChatRead{At: t0, Chat: "a", By: chat.Author{Role: chat.RoleSeller}, UpTo: 1})
	a, _ = s.Chat("a")
	require.Equal(t, 1, a.Unread)
	require.Equal(t, uint64(3), a.FirstUnread)

	apply(t, s, chat.ChatRead{At: t0, Chat: "a", By: chat.Author{Role: chat.RoleSeller}, UpTo: 3})
	unread, _ := s.Page("list", "s/unread", "", 10)
	require.Equal(t, []string{"b"}, ids(unread))
	_, weight = s.Sum("list", "s")
	require.Equal(t, int64(1), weight)
}

func TestAReadMarkMovesBackOnlyWhenAskedTo(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	apply(t, s, open("a"), post("a", chat.RoleBuyer, "1"), post("a", chat.RoleBuyer, "2"))
	seller := chat.Author{Role: chat.RoleSeller}
	apply(t, s, chat.ChatRead{At: t0, Chat: "a", By: seller, UpTo: 2}, chat.ChatRead{At: t0, Chat: "a", By: seller, UpTo: 1})
	a, _ := s.Chat("a")
	require.Zero(t, a.Unread)

	apply(t, s, chat.ChatRead{At: t0, Chat: "a", By: seller, UpTo: 1, Unread: true})
	a, _ = s.Chat("a")
	require.Equal(t, 1, a.Unread)
}

func TestUnansweredCountsSinceTheBuyersLastMessage(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	apply(t, s, open("a"), post("a", chat.RoleSeller, "1"), post("a", chat.RoleSeller, "2"))
	a, _ := s.Chat("a")
	require.Equal(t, 2, a.Unanswered)
	apply(t, s, post("a", chat.RoleBuyer, "3"), post("a", chat.RoleSeller, "4"))
	a, _ = s.Chat("a")
	require.Equal(t, 1, a.Unanswered)
}

func TestEventsAreAppliedAllOrNone(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	_, err := s.Apply(chat.If{}, open("a"), post("a", chat.RoleBuyer, "1"), post("missing", chat.RoleBuyer, "2"))
	require.ErrorIs(t, err, chat.ErrUnknown)
	require.Zero(t, s.Chats())
	events, _ := s.Events(0)
	require.Empty(t, events)

	apply(t, s, open("a"))
	_, err = s.Apply(chat.If{}, open("a"))
	require.ErrorIs(t, err, chat.ErrExists)
}

func TestApplyIfRefusesAChatThatChanged(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	apply(t, s, open("a"))
	a, _ := s.Chat("a")
	apply(t, s, post("a", chat.RoleBuyer, "1"))
	_, err := s.Apply(chat.If{Chat: "a", Revision: a.Revision}, post("a", chat.RoleBuyer, "2"))
	require.ErrorIs(t, err, chat.ErrConflict)
}

func TestMessageIDsGrowUnderAFrozenClock(t *testing.T) {
	t.Parallel()
	o := byLast()
	o.MintMessage = func(at time.Time, last uint64) uint64 { return max(last+1, uint64(at.UnixMilli())) }
	s := chat.New(o)
	apply(t, s, open("a"))
	var last uint64
	for range 100 {
		m := apply(t, s, post("a", chat.RoleBuyer, "x"))[0].Event.(chat.MessagePosted).Message
		require.Greater(t, m.ID, last)
		last = m.ID
	}
	_, err := s.Apply(chat.If{}, chat.MessagePosted{At: t0, Message: chat.Message{Chat: "a", ID: last}})
	require.ErrorIs(t, err, chat.ErrOrder)
}

func TestMessagesAreReadInBothDirections(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	apply(t, s, open("a"), open("b"))
	for range 5 {
		apply(t, s, post("a", chat.RoleBuyer, "x"), post("b", chat.RoleBuyer, "y"))
	}
	cases := []struct {
		name string
		r    chat.Range
		want []uint64
		more bool
	}{
		{"from the newest", chat.Range{Backward: true, Limit: 2}, []uint64{9, 7}, true},
		{"from the oldest", chat.Range{Limit: 5}, []uint64{1, 3, 5, 7, 9}, false},
		{"forward with the message itself", chat.Range{From: 5, Limit: 9}, []uint64{5, 7, 9}, false},
		{"forward without it", chat.Range{From: 5, Exclusive: true, Limit: 9}, []uint64{7, 9}, false},
		{"backward with the message itself", chat.Range{From: 5, Backward: true, Limit: 2}, []uint64{5, 3}, true},
		{"backward without it", chat.Range{From: 5, Exclusive: true, Backward: true, Limit: 2}, []uint64{3, 1}, false},
		{"between messages", chat.Range{From: 4, Limit: 1}, []uint64{5}, true},
		{"beyond the end", chat.Range{From: 100, Limit: 1}, nil, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			page, more := s.Messages("a", c.r)
			var got []uint64
			for _, m := range page {
				got = append(got, m.ID)
			}
			require.Equal(t, c.want, got)
			require.Equal(t, c.more, more)
		})
	}
}

func TestASnapshotIsNotTouchedByWhatFollows(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	apply(t, s, open("a"), post("a", chat.RoleBuyer, "1"))
	snap := s.Snapshot()
	for range 2 {
		apply(t, s, open("b"), post("a", chat.RoleBuyer, "2"), chat.SellerAdded{Seller: chat.Seller{ID: "s"}})
		require.Equal(t, 2, s.Chats())
		s.Restore(snap)
		require.Equal(t, 1, s.Chats())
		page, _ := s.Messages("a", chat.Range{Limit: 9})
		require.Len(t, page, 1)
		chats, weight := s.Sum("list", "s")
		require.Equal(t, 1, chats)
		require.Equal(t, int64(1), weight)
		require.Empty(t, s.Sellers())
	}
}

func TestSubscribersSeeEventsInOrderBeforeApplyReturns(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	var seen []uint64
	s.Subscribe(func(batch []chat.Applied) {
		for _, a := range batch {
			seen = append(seen, a.Seq)
		}
	})
	apply(t, s, open("a"), post("a", chat.RoleBuyer, "1"))
	apply(t, s, post("a", chat.RoleBuyer, "2"))
	require.Equal(t, []uint64{1, 2, 3}, seen)
}

func TestASubscriberMayChangeTheStore(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	s.Subscribe(func(batch []chat.Applied) {
		for _, a := range batch {
			if _, ok := a.Event.(chat.ChatOpened); ok {
				_, err := s.Apply(chat.If{}, post("a", chat.RoleMarketplace, "welcome"))
				require.NoError(t, err)
			}
		}
	})
	apply(t, s, open("a"))
	a, _ := s.Chat("a")
	require.Equal(t, 1, a.Messages)
}

func TestTheWindowOfEventsIsBounded(t *testing.T) {
	t.Parallel()
	o := byLast()
	o.Window = 10
	s := chat.New(o)
	apply(t, s, open("a"))
	changed := s.Changed()
	for range 100 {
		apply(t, s, post("a", chat.RoleBuyer, "x"))
	}
	<-changed
	events, missed := s.Events(0)
	require.True(t, missed)
	require.GreaterOrEqual(t, len(events), 10)
	require.LessOrEqual(t, len(events), 20)
	require.Equal(t, uint64(101), events[len(events)-1].Seq)
	events, missed = s.Events(99)
	require.False(t, missed)
	require.Len(t, events, 2)
}

// Every accepted message must be there exactly once and in order, whoever
// writes at the same time.
func TestConcurrentWritersLoseNothing(t *testing.T) {
	t.Parallel()
	const writers, each = 8, 100
	s := chat.New(byLast())
	apply(t, s, open("a"))
	var mu sync.Mutex
	var told []uint64
	s.Subscribe(func(batch []chat.Applied) {
		mu.Lock()
		defer mu.Unlock()
		for _, a := range batch {
			told = append(told, a.Seq)
		}
	})
	var group sync.WaitGroup
	for range writers {
		group.Go(func() {
			for range each {
				_, err := s.Change("a", func(c chat.Chat) ([]chat.Event, error) {
					return []chat.Event{post("a", chat.RoleSeller, fmt.Sprint(c.Messages))}, nil
				})
				if err != nil {
					panic(err)
				}
			}
		})
	}
	group.Wait()
	page, more := s.Messages("a", chat.Range{Limit: writers * each})
	require.False(t, more)
	require.Len(t, page, writers*each)
	for i, m := range page {
		require.Equal(t, fmt.Sprint(i), m.Text, "each decision saw the chat as it was when its message was applied")
	}
	mu.Lock()
	defer mu.Unlock()
	require.True(t, slices.IsSorted(told))
	require.Len(t, told, writers*each)
}

func TestEventNamesAreThoseOfTheirTypes(t *testing.T) {
	t.Parallel()
	require.Equal(t, "MessagePosted", chat.Name(post("a", chat.RoleBuyer, "")))
	require.Equal(t, t0, chat.When(post("a", chat.RoleBuyer, "")))
}

func BenchmarkPage(b *testing.B) {
	for _, size := range []int{100, 300_000} {
		s := chat.New(byLast())
		for i := range size {
			id := fmt.Sprintf("chat-%06d", i)
			role := chat.RoleSeller
			if i%(size/3) == 1 {
				role = chat.RoleBuyer
			}
			if _, err := s.Apply(chat.If{}, open(id)); err != nil {
				b.Fatal(err)
			}
			if _, err := s.Apply(chat.If{}, post(id, role, "x")); err != nil {
				b.Fatal(err)
			}
		}
		for _, partition := range []string{"s", "s/unread"} {
			b.Run(fmt.Sprintf("%d chats/%s", size, partition), func(b *testing.B) {
				for b.Loop() {
					s.Page("list", partition, "", 30)
				}
			})
		}
	}
}

func TestSummariesShowTheBuyerAndTheLastMessageAsItStands(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	known := open("a")
	known.Chat.Buyer = "b1"
	apply(t, s, chat.BuyerAdded{At: t0, Buyer: chat.Buyer{ID: "b1", Name: "Ann"}}, known, open("b"))
	page := func() []chat.Summary {
		rows, _ := s.Page("list", "s", "", 10)
		return s.Summaries(rows)
	}
	for _, one := range page() {
		require.Equal(t, chat.Message{}, *one.Last)
	}
	apply(t, s, post("b", chat.RoleBuyer, "0"), post("a", chat.RoleBuyer, "1"), post("a", chat.RoleSeller, "2"))
	before := s.Snapshot()
	got := page()
	require.Equal(t, "Ann", got[0].Buyer.Name)
	require.Equal(t, "2", got[0].Last.Text)
	require.Equal(t, chat.Buyer{}, *got[1].Buyer)
	apply(t, s, chat.MessageEdited{At: t0, Chat: "a", ID: got[0].Last.ID - 1, Text: "not the last"})
	require.Equal(t, "2", page()[0].Last.Text)
	apply(t, s, chat.MessageEdited{At: t0, Chat: "a", ID: got[0].Last.ID, Text: "edited"})
	require.Equal(t, "edited", page()[0].Last.Text)
	require.Equal(t, "2", got[0].Last.Text, "what was read does not change")
	s.Restore(before)
	require.Equal(t, "2", page()[0].Last.Text)
}
