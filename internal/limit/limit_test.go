package limit_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/limit"
)

var noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// hand is a clock moved by hand.
type hand struct {
	mu  sync.Mutex
	now time.Time
}

func (h *hand) read() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hand) move(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func window(limitTo int, per time.Duration) limit.Rule {
	return limit.Rule{Name: "requests", Kind: limit.Window, Max: limitTo, Per: per, Key: "seller"}
}

func inFlight(limitTo int) limit.Rule {
	return limit.Rule{Name: "parallel", Kind: limit.InFlight, Max: limitTo, Key: "seller"}
}

func set(rules ...limit.Rule) (*limit.Set, *hand) {
	h := &hand{now: noon}
	return limit.NewSet(h.read, rules), h
}

func ptr[T any](v T) *T { return &v }

func TestAWindowPassesItsMaxAndRefusesTheRest(t *testing.T) {
	t.Parallel()
	s, h := set(window(2, time.Minute))
	h.move(10 * time.Second)
	end := noon.Add(time.Minute)
	require.Equal(t, limit.Grant{OK: true, Limit: 2, Remaining: 1, Per: time.Minute, Reset: end}, s.Take("requests", "1").Bare())
	require.Equal(t, limit.Grant{OK: true, Limit: 2, Remaining: 0, Per: time.Minute, Reset: end}, s.Take("requests", "1").Bare())
	require.Equal(t, limit.Grant{Limit: 2, Per: time.Minute, Reset: end, RetryAfter: 50 * time.Second}, s.Take("requests", "1"))
	require.True(t, s.Take("requests", "2").OK, "another key has its own count")
}

func TestANewWindowCountsAnew(t *testing.T) {
	t.Parallel()
	s, h := set(window(1, time.Minute))
	require.True(t, s.Take("requests", "1").OK)
	require.False(t, s.Take("requests", "1").OK)
	h.move(time.Minute - 1)
	last := s.Take("requests", "1")
	require.False(t, last.OK)
	require.Equal(t, time.Duration(1), last.RetryAfter)
	h.move(1)
	require.True(t, s.Take("requests", "1").OK)
}

func TestWindowsAreAlignedToTheEpoch(t *testing.T) {
	t.Parallel()
	week := 7 * 24 * time.Hour
	for name, c := range map[string]struct {
		per      time.Duration
		now, end time.Time
	}{
		"a second":               {time.Second, noon.Add(300 * time.Millisecond), noon.Add(time.Second)},
		"an hour":                {time.Hour, noon.Add(59 * time.Minute), noon.Add(time.Hour)},
		"a day ends at midnight": {24 * time.Hour, noon, noon.Add(12 * time.Hour)},
		"a week ends on a Thursday": {
			week, noon, time.Date(2026, time.March, 5, 0, 0, 0, 0, time.UTC),
		},
		"at its first moment": {time.Minute, noon, noon.Add(time.Minute)},
		"before the epoch": {
			time.Minute, time.Date(1969, time.May, 1, 0, 0, 15, 0, time.UTC), time.Date(1969, time.May, 1, 0, 1, 0, 0, time.UTC),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := limit.NewSet(func() time.Time { return c.now }, []limit.Rule{window(1, c.per)})
			require.Equal(t, c.end, s.Take("requests", "1").Reset)
		})
	}
}

func TestMaxBelowZeroIsUnlimitedAndZeroPassesNothing(t *testing.T) {
	t.Parallel()
	s, _ := set(window(-1, time.Minute))
	for range 10 {
		g := s.Take("requests", "1")
		require.True(t, g.OK)
		require.Equal(t, limit.Unlimited, g.Remaining)
		require.Equal(t, -1, g.Limit)
	}
	require.NoError(t, s.Adjust("requests", limit.Change{Max: ptr(11)}))
	require.Equal(t, 1, s.Peek("requests", "1").Remaining, "the ten were counted")
	require.NoError(t, s.Adjust("requests", limit.Change{Max: ptr(0)}))
	require.False(t, s.Take("requests", "2").OK)
}

func TestARefusedCallIsNotCounted(t *testing.T) {
	t.Parallel()
	s, _ := set(window(1, time.Minute))
	for range 5 {
		s.Take("requests", "1")
	}
	require.NoError(t, s.Adjust("requests", limit.Change{Max: ptr(2)}))
	require.Equal(t, 1, s.Peek("requests", "1").Remaining)
}

func TestACallAfterARefusalIsEarlyUntilTheMomentTold(t *testing.T) {
	t.Parallel()
	s, h := set(window(1, time.Minute))
	first := s.Take("requests", "1")
	require.False(t, first.Early)
	refusal := s.Take("requests", "1")
	require.False(t, refusal.OK)
	require.False(t, refusal.Early, "nobody had told it to wait")
	require.True(t, s.Peek("requests", "1").Early)
	require.True(t, s.Take("requests", "1").Early)
	s.Refund("requests", "1", first)
	granted := s.Take("requests", "1")
	require.True(t, granted.OK)
	require.True(t, granted.Early, "also when it passes")
	require.False(t, s.Take("requests", "2").Early, "another key was not refused")
	h.move(time.Minute)
	require.False(t, s.Take("requests", "1").Early)
}

func TestEarlyHoldsWhatWasToldBeforeTheWindowWasChanged(t *testing.T) {
	t.Parallel()
	t.Run("to a shorter one", func(t *testing.T) {
		t.Parallel()
		s, h := set(window(0, time.Hour))
		s.Take("requests", "1")
		require.NoError(t, s.Adjust("requests", limit.Change{Max: ptr(1), Per: ptr(time.Second)}))
		h.move(time.Minute)
		g := s.Take("requests", "1")
		require.True(t, g.OK)
		require.True(t, g.Early)
		h.move(59 * time.Minute)
		require.False(t, s.Take("requests", "1").Early)
	})
	t.Run("to a longer one", func(t *testing.T) {
		t.Parallel()
		s, h := set(window(0, time.Second))
		s.Take("requests", "1")
		require.NoError(t, s.Adjust("requests", limit.Change{Per: ptr(time.Hour)}))
		h.move(time.Second)
		require.False(t, s.Take("requests", "1").Early)
	})
}

func TestPeekCountsNothing(t *testing.T) {
	t.Parallel()
	s, _ := set(window(1, time.Minute), inFlight(1))
	for range 3 {
		require.Equal(t, limit.Grant{OK: true, Limit: 1, Remaining: 1, Per: time.Minute, Reset: noon.Add(time.Minute)}, s.Peek("requests", "1"))
		require.Equal(t, limit.Grant{OK: true, Limit: 1, Remaining: 1}, s.Peek("parallel", "1"))
	}
	s.Take("requests", "1")
	require.False(t, s.Peek("requests", "1").OK)
	require.False(t, s.Take("requests", "1").Early, "peeking is no refusal")
}

func TestCallsInFlightAreCountedUntilTheyLeave(t *testing.T) {
	t.Parallel()
	s, _ := set(inFlight(2))
	first, g := s.Enter("parallel", "1")
	require.Equal(t, limit.Grant{OK: true, Limit: 2, Remaining: 1}, g)
	_, g = s.Enter("parallel", "1")
	require.Equal(t, limit.Grant{OK: true, Limit: 2, Remaining: 0}, g)
	refused, g := s.Enter("parallel", "1")
	require.Equal(t, limit.Grant{Limit: 2}, g)
	_, g = s.Enter("parallel", "2")
	require.True(t, g.OK, "another key has its own count")

	refused()
	require.False(t, s.Peek("parallel", "1").OK, "the refused one was not in")
	first()
	first()
	require.Equal(t, 1, s.Peek("parallel", "1").Remaining, "leaving twice counts once")
}

func TestCallsInFlightMayBeUnlimited(t *testing.T) {
	t.Parallel()
	s, _ := set(inFlight(-1))
	_, g := s.Enter("parallel", "1")
	require.Equal(t, limit.Grant{OK: true, Limit: -1, Remaining: limit.Unlimited}, g)
	require.NoError(t, s.Adjust("parallel", limit.Change{Max: ptr(2)}))
	require.Equal(t, 1, s.Peek("parallel", "1").Remaining, "it was counted")
}

func TestACallForNoSuchRuleIsGranted(t *testing.T) {
	t.Parallel()
	s, _ := set(window(0, time.Minute), inFlight(0))
	free := limit.Grant{OK: true, Limit: -1, Remaining: limit.Unlimited}
	for _, rule := range []string{"unheard-of", "parallel"} {
		granted := s.Take(rule, "1")
		require.Equal(t, free, granted, rule)
		s.Refund(rule, "1", granted)
	}
	for _, rule := range []string{"unheard-of", "requests"} {
		leave, g := s.Enter(rule, "1")
		leave()
		require.Equal(t, free, g, rule)
	}
	require.Equal(t, free, s.Peek("unheard-of", "1"))
}

func TestAClockSetBackBeginsANewWindow(t *testing.T) {
	t.Parallel()
	s, h := set(window(1, time.Minute))
	s.Take("requests", "1")
	s.Take("requests", "1")
	h.move(-time.Hour)
	g := s.Take("requests", "1")
	require.True(t, g.OK)
	require.False(t, g.Early)
	require.Equal(t, noon.Add(time.Minute-time.Hour), g.Reset)
}

func TestAReadingFromBeforeTheWindowCountsInIt(t *testing.T) {
	t.Parallel()
	s, h := set(window(2, time.Minute))
	s.Take("requests", "1")
	h.move(-time.Millisecond)
	g := s.Take("requests", "1")
	require.Equal(t, 0, g.Remaining)
	require.Equal(t, noon.Add(time.Minute), g.Reset)
}

func TestARuleThatIsAMistakePanics(t *testing.T) {
	t.Parallel()
	for name, rules := range map[string][]limit.Rule{
		"no name":                {{Kind: limit.InFlight}},
		"two of one name":        {inFlight(1), inFlight(2)},
		"no kind":                {{Name: "x"}},
		"a window of nothing":    {window(1, 0)},
		"what flies and slides":  {{Name: "x", Kind: limit.InFlight, Slides: true}},
		"what flies from eight":  {{Name: "x", Kind: limit.InFlight, Offset: time.Hour}},
		"what slides from eight": {{Name: "x", Kind: limit.Window, Per: time.Hour, Slides: true, Offset: time.Hour}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Panics(t, func() { limit.NewSet(time.Now, rules) })
		})
	}
}

func TestASetCountsAsTheModelDoes(t *testing.T) {
	t.Parallel()
	type slot struct {
		window int64
		key    string
	}
	s, h := set(window(3, time.Minute))
	random := rand.New(rand.NewPCG(7, 7))
	type call struct {
		slot
		granted limit.Grant
	}
	used := map[slot]int{}
	var passed []call
	told := map[string]time.Time{}
	for range 5000 {
		now := h.read()
		key := strconv.Itoa(random.IntN(4))
		at := slot{now.Unix() / 60, key}
		switch random.IntN(5) {
		case 0:
			h.move(time.Duration(random.IntN(20_000)) * time.Millisecond)
		case 1:
			if len(passed) == 0 {
				continue
			}
			i := random.IntN(len(passed))
			s.Refund("requests", passed[i].key, passed[i].granted)
			used[passed[i].slot]--
			passed = slices.Delete(passed, i, i+1)
		default:
			g := s.Take("requests", key)
			require.Equal(t, used[at] < 3, g.OK)
			require.Equal(t, now.Before(told[key]), g.Early)
			if !g.OK {
				told[key] = g.Reset
				require.Equal(t, g.Reset.Sub(now), g.RetryAfter)
				require.Positive(t, g.RetryAfter)
				continue
			}
			used[at]++
			require.Equal(t, 3-used[at], g.Remaining)
			passed = append(passed, call{at, g})
		}
	}
}

func TestNoMoreThanMaxPassWhenManyComeAtOnce(t *testing.T) {
	t.Parallel()
	s, _ := set(window(100, time.Minute), inFlight(5))
	var group sync.WaitGroup
	var mu sync.Mutex
	passed := 0
	for range 8 {
		group.Go(func() {
			for range 50 {
				leave, in := s.Enter("parallel", "1")
				if g := s.Take("requests", "1"); g.OK {
					mu.Lock()
					passed++
					mu.Unlock()
				}
				if in.Remaining < 0 || in.Remaining > 4 {
					t.Errorf("%d remain in flight", in.Remaining)
				}
				leave()
				s.Peek("requests", "1")
				s.Restore(s.Snapshot())
			}
		})
	}
	group.Wait()
	require.LessOrEqual(t, passed, 400)
	require.Equal(t, 5, s.Peek("parallel", "1").Remaining)
}

func BenchmarkTake(b *testing.B) {
	s := limit.NewSet(func() time.Time { return noon }, []limit.Rule{window(-1, time.Minute)})
	for b.Loop() {
		s.Take("requests", "1001")
	}
}

func BenchmarkEnter(b *testing.B) {
	s := limit.NewSet(func() time.Time { return noon }, []limit.Rule{inFlight(1)})
	for b.Loop() {
		leave, _ := s.Enter("parallel", "1001")
		leave()
	}
}
