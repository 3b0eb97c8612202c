package shop

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
)

// manyChats is a world with conversations: every third is empty, many share a
// millisecond, some are pinned, unread, deleted or of affiliates.
func manyChats(t testing.TB, n int) *domain {
	t.Helper()
	d := newDomain(t, nil)
	r := rand.New(rand.NewPCG(1, 2))
	var events []chat.Event
	at := midday.Add(-time.Duration(n) * time.Second)
	last := uint64(0)
	for i := range n {
		if i%5 != 0 {
			at = at.Add(time.Duration(r.IntN(1000)) * time.Millisecond)
		}
		id := 300_000_000 + int64(i)
		its := Conversation{Pinned: r.IntN(50) == 0}
		if r.IntN(20) == 0 {
			its.Business = BusinessAffiliate
		}
		open, _ := opened(id, at, its).(chat.ChatOpened)
		if i%3 == 0 {
			events = append(events, open)
			continue
		}
		who := chat.RoleSeller
		if r.IntN(4) == 0 {
			who = chat.RoleBuyer
		}
		last = Mint(at, last)
		if i%100 == 1 {
			its.Deleted = last
			open.Chat.Ext = its
		}
		posted, _ := wrote(open.Chat, who, at, "x").(chat.MessagePosted)
		posted.Message.ID = last
		events = append(events, open, posted)
	}
	d.apply(events...)
	return d
}

// pages reads a whole list in pages, by the time of each page's last row.
func pages(t testing.TB, s *chat.Store, q ListQuery) []string {
	t.Helper()
	var out []string
	for more := true; more; {
		var rows []chat.Entry
		rows, more = List(s, q)
		require.LessOrEqual(t, len(rows), q.Size)
		if more {
			require.Len(t, rows, q.Size)
		}
		for _, e := range rows {
			out = append(out, e.Chat.ID)
			q.After = Moment(e.Chat)
		}
	}
	return out
}

// expected is the same list from all conversations.
func expected(s *chat.Store, q ListQuery) []string {
	var all []chat.Chat
	for _, c := range s.AllChats("", s.Chats()) {
		its := ConversationOf(&c)
		switch {
		case Hidden(&c),
			q.Filter == FilterPinned && !its.Pinned, q.Filter == FilterUnread && UnreadOf(&c) == 0,
			q.Business != nil && *q.Business != its.Business:
			continue
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b chat.Chat) int {
		pinnedA, pinnedB := ConversationOf(&a).Pinned, ConversationOf(&b).Pinned
		switch {
		case q.PinnedFirst && !q.Latest && pinnedA && !pinnedB:
			return -1
		case q.PinnedFirst && !q.Latest && pinnedB && !pinnedA:
			return 1
		case q.Latest:
			return int(Moment(&a) - Moment(&b))
		}
		return int(Moment(&b) - Moment(&a))
	})
	out := make([]string, len(all))
	for i, c := range all {
		out[i] = c.ID
	}
	return out
}

func queries() map[string]ListQuery {
	buyers, affiliates := BusinessBuyer, BusinessAffiliate
	return map[string]ListQuery{
		"older, pinned first":         {PinnedFirst: true},
		"older, one order":            {},
		"latest":                      {Latest: true},
		"older unread, pinned first":  {PinnedFirst: true, Filter: FilterUnread},
		"latest unread":               {Latest: true, Filter: FilterUnread},
		"older pinned":                {PinnedFirst: true, Filter: FilterPinned},
		"latest pinned":               {Latest: true, Filter: FilterPinned},
		"buyers, pinned first":        {PinnedFirst: true, Business: &buyers},
		"affiliates, pinned first":    {PinnedFirst: true, Business: &affiliates},
		"latest of affiliates unread": {Latest: true, Filter: FilterUnread, Business: &affiliates},
	}
}

// Proves: shopee/list-older, shopee/list-older-cursor, shopee/list-latest-cursor, shopee/list-pinned-first
// Proves: shopee/list-pinned-pages, shopee/list-types, shopee/list-business-type, shopee/empty-conversation-order
func TestPagesOfAHundredThousandConversations(t *testing.T) {
	t.Parallel()
	d := manyChats(t, 100_000)
	seen := map[int64]bool{}
	for _, c := range d.Store.AllChats("", d.Store.Chats()) {
		require.False(t, seen[Moment(&c)], "two conversations of one time")
		seen[Moment(&c)] = true
	}
	for name, q := range queries() {
		q.Shop, q.Size = d.seller.ID, 25
		want := expected(d.Store, q)
		require.NotEmpty(t, want, name)
		require.Equal(t, want, pages(t, d.Store, q), name)
	}
}

// Proves: shopee/list-pinned-pages, shopee/list-older-cursor
func TestPagesOfAnySize(t *testing.T) {
	t.Parallel()
	d := manyChats(t, 300)
	for name, q := range queries() {
		for _, q.Size = range []int{1, 2, 3, 7, 60, 1000} {
			q.Shop = d.seller.ID
			require.Equal(t, expected(d.Store, q), pages(t, d.Store, q), "%s by %d", name, q.Size)
		}
	}
	rows, more := List(d.Store, ListQuery{Shop: d.seller.ID, PinnedFirst: true})
	require.Empty(t, rows)
	require.True(t, more)
	rows, more = List(d.Store, ListQuery{Shop: "1", PinnedFirst: true, Size: 25})
	require.Empty(t, rows)
	require.False(t, more)
}

// A time that is no row's is the one before which all stand.
// Proves: shopee/list-older-cursor, shopee/list-latest-cursor, shopee/list-pinned-pages
func TestCursorsThatAreNoRow(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	var ids []string
	var moments []int64
	for i := range int64(5) {
		id := d.open(300_000_000+i, Conversation{Pinned: i == 0 || i == 3})
		if i != 2 {
			d.hears(id, chat.RoleBuyer, "x")
		}
		ch := d.get(id)
		ids, moments = append(ids, id), append(moments, Moment(&ch))
		d.advance(time.Second)
	}
	list := func(q ListQuery) []string {
		q.Shop, q.Size = d.seller.ID, 25
		rows, more := List(d.Store, q)
		require.False(t, more)
		var out []string
		for _, e := range rows {
			out = append(out, e.Chat.ID)
		}
		return out
	}
	older := func(after int64) []string { return list(ListQuery{PinnedFirst: true, After: after}) }
	require.Equal(t, []string{ids[3], ids[0], ids[4], ids[2], ids[1]}, older(0))
	require.Equal(t, []string{ids[0], ids[4], ids[2], ids[1]}, older(moments[3]), "behind the pinned one")
	require.Equal(t, []string{ids[4], ids[2], ids[1]}, older(moments[0]))
	require.Equal(t, []string{ids[2], ids[1]}, older(moments[4]))
	require.Equal(t, []string{ids[1]}, older(moments[2]), "one without messages")
	for _, own := range []int64{midday.Add(time.Hour).UnixNano(), moments[4] + 1} {
		require.Equal(t, []string{ids[4], ids[3], ids[2], ids[1], ids[0]}, older(own))
	}
	for _, own := range []int64{moments[3] + 1, moments[3] + 777, moments[4] - 1} {
		require.Equal(t, []string{ids[3], ids[2], ids[1], ids[0]}, older(own))
	}
	require.Equal(t, []string{ids[2], ids[1], ids[0]}, older(Unmarked(moments[3])))
	require.Empty(t, older(1))
	require.Equal(t, ids, list(ListQuery{Latest: true}))
	require.Equal(t, ids[2:], list(ListQuery{Latest: true, After: moments[1]}))
	require.Equal(t, ids[1:], list(ListQuery{Latest: true, After: moments[1] - 4}))
	require.Empty(t, list(ListQuery{Latest: true, After: moments[4]}))
	require.Equal(t, ids, list(ListQuery{Latest: true, PinnedFirst: true}))
}

// scan is a world of 30 pinned and 30 other conversations, a second apart, and the
// first page of them.
func scan(t *testing.T) (d *domain, page []chat.Entry) {
	t.Helper()
	d = newDomain(t, nil)
	for i := range int64(60) {
		id := d.open(300_000_000+i, Conversation{Pinned: i >= 30})
		if i%7 != 0 {
			d.hears(id, chat.RoleBuyer, "x")
		}
		d.advance(time.Second)
	}
	page, more := List(d.Store, ListQuery{Shop: d.seller.ID, PinnedFirst: true, Size: 25})
	require.True(t, more)
	return d, page
}

// Proves: shopee/list-pinned-pages, shopee/list-older-cursor
func TestAScanGoesOnWhateverHappensToTheRowOfItsCursor(t *testing.T) {
	t.Parallel()
	for name, happens := range map[string]func(d *domain, id string) error{
		"nothing":        func(*domain, string) error { return nil },
		"a message":      func(d *domain, id string) error { d.hears(id, chat.RoleBuyer, "y"); return nil },
		"it is unpinned": func(d *domain, id string) error { return Pin(d.World, id, false) },
		"it is pinned":   func(d *domain, id string) error { return Pin(d.World, id, true) },
		"it is deleted":  func(d *domain, id string) error { return Delete(d.World, id) },
	} {
		for pages := 1; pages <= 2; pages++ { // the cursor is of a pinned row, or of another one
			d, page := scan(t)
			seen := map[string]int{}
			note := func() (last chat.Entry) {
				for _, last = range page {
					seen[last.Chat.ID]++
				}
				return last
			}
			q := ListQuery{Shop: d.seller.ID, PinnedFirst: true, Size: 25}
			last := note()
			for range pages - 1 {
				q.After = Moment(last.Chat)
				page, _ = List(d.Store, q)
				last = note()
			}
			q.After = Moment(last.Chat)
			require.NoError(t, happens(d, last.Chat.ID), name)
			for more := true; more; q.After = Moment(note().Chat) {
				page, more = List(d.Store, q)
			}
			delete(seen, last.Chat.ID)
			require.Len(t, seen, 59, "%s, %d pages", name, pages)
			for id, times := range seen {
				require.Equal(t, 1, times, "%s, %d pages: %s", name, pages, id)
			}
		}
	}
}

// A scan that begins with a client's own time goes on as it began.
// Proves: shopee/list-older-cursor, shopee/list-pinned-pages
func TestAScanFromAClientsOwnTime(t *testing.T) {
	t.Parallel()
	d, _ := scan(t)
	q := ListQuery{Shop: d.seller.ID, PinnedFirst: true, Size: 7, After: midday.Add(40 * time.Second).UnixNano()}
	var seen []int64
	for more := true; more; {
		var rows []chat.Entry
		require.True(t, q.Mixed(d.Store))
		rows, more = List(d.Store, q)
		for _, e := range rows {
			q.After = Unmarked(Moment(e.Chat))
			seen = append(seen, q.After)
		}
	}
	require.Len(t, seen, 40)
	require.True(t, slices.IsSortedFunc(seen, func(a, b int64) int { return int(b - a) }))
}

// Proves: shopee/list-time-nano
func TestTimesOfAClientsOwnAreHardlyEverTaken(t *testing.T) {
	t.Parallel()
	taken := 0
	for i := range int64(1_000_000) {
		if markOf(midday.UnixNano()+i*977) != 0 {
			taken++
		}
	}
	require.Less(t, taken, 3000)
	for i := range 1_000_000 {
		if markOf(midday.UnixNano()+int64(i)*int64(time.Microsecond)) != 0 {
			require.Fail(t, "times of whole microseconds are not taken", i)
		}
	}
}

// Proves: shopee/webchat-feed, shopee/webchat-feed-cursor, shopee/webchat-feed-latest
func TestAFeedMixesShops(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	shops := []string{d.seller.ID, "210004002", "210004009"}
	var events []chat.Event
	for i := range int64(90) {
		open, _ := opened(300_000_000+i, midday, Conversation{Pinned: i%7 == 0}).(chat.ChatOpened)
		open.Chat.Seller = shops[i%3]
		events = append(events, open)
		if i%10 != 0 {
			events = append(events, wrote(open.Chat, chat.RoleBuyer, midday, "x"))
		}
	}
	d.apply(events...)
	var down []uint64
	for after, more := uint64(0), true; more; {
		var rows []chat.Entry
		rows, more = Feed(d.Store, shops[:2], false, false, after, 7)
		for _, e := range rows {
			require.NotEqual(t, shops[2], e.Chat.Seller)
			after = e.Chat.Last
			down = append(down, after)
		}
	}
	require.Len(t, down, 54)
	require.True(t, slices.IsSortedFunc(down, func(a, b uint64) int { return int(b - a) }))
	first, _ := Feed(d.Store, shops[:2], true, true, 0, 7)
	require.Equal(t, down[0], first[0].Chat.Last, "no cursor: the newest either way")
	above, more := Feed(d.Store, shops[:2], false, true, down[10], 7)
	require.True(t, more)
	require.Equal(t, down[9], above[0].Chat.Last)
	require.Equal(t, down[3], above[6].Chat.Last)
}

// Proves: shopee/unread-count, shopee/unread, shopee/unread-one, shopee/read
func TestUnreadCountsConversations(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	a, b := d.open(300_000_000, Conversation{}), d.open(300_000_001, Conversation{Pinned: true})
	count := func(conversations int, messages int64) {
		t.Helper()
		n, m := Unread(d.Store, d.seller.ID)
		require.Equal(t, []int64{int64(conversations), messages}, []int64{int64(n), m})
	}
	count(0, 0)
	d.hears(a, chat.RoleBuyer, "1")
	second := d.hears(a, chat.RoleBuyer, "2")
	third := d.hears(b, chat.RoleBuyer, "3")
	for _, role := range []chat.Role{chat.RoleSeller, chat.RoleBot, chat.RoleMarketplace} {
		d.hears(b, role, "not unread")
	}
	count(2, 3)
	require.NoError(t, Read(d.World, a, second))
	count(1, 1)
	require.NoError(t, MarkUnread(d.World, a))
	require.NoError(t, MarkUnread(d.World, a))
	count(2, 2)
	require.NoError(t, Read(d.World, b, third-1))
	count(2, 2)
	require.NoError(t, Read(d.World, b, ^uint64(0)))
	require.Equal(t, d.get(b).Last, d.get(b).ReadBySeller)
	require.NoError(t, Read(d.World, a, 1))
	count(0, 0)
	require.Equal(t, second, d.get(a).ReadBySeller, "never back")
	require.NoError(t, Delete(d.World, a))
	d.hears(a, chat.RoleBuyer, "4")
	count(1, 1)
	require.NoError(t, Delete(d.World, a))
	count(0, 0)
}

func BenchmarkList(b *testing.B) {
	for name, n := range map[string]int{"100": 100, "100000": 100_000} {
		d := manyChats(b, n)
		middle, _ := List(d.Store, ListQuery{Shop: d.seller.ID, Latest: true, Size: n / 2})
		after := Moment(middle[len(middle)-1].Chat)
		for kind, q := range queries() {
			q.Shop, q.Size = d.seller.ID, 25
			b.Run(kind+"/"+name, func(b *testing.B) {
				for b.Loop() {
					q.After = 0
					List(d.Store, q)
					q.After = after
					List(d.Store, q)
				}
			})
		}
	}
}
