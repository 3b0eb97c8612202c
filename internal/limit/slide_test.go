package limit_test

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/limit"
)

func sliding(limitTo int, per time.Duration) limit.Rule {
	r := window(limitTo, per)
	r.Slides = true
	return r
}

func TestASlidingWindowCountsWhatWasCalledInTheTimeBefore(t *testing.T) {
	t.Parallel()
	s, h := set(sliding(2, time.Minute))
	h.move(50 * time.Second)
	first := noon.Add(50 * time.Second)
	require.Equal(t, limit.Grant{OK: true, Limit: 2, Remaining: 1, Per: time.Minute, Reset: first.Add(time.Minute)}, s.Take("requests", "1").Bare())
	h.move(20 * time.Second) // a fixed window would begin anew
	require.Equal(t, limit.Grant{OK: true, Limit: 2, Remaining: 0, Per: time.Minute, Reset: first.Add(time.Minute)}, s.Take("requests", "1").Bare())
	require.Equal(t, limit.Grant{Limit: 2, Per: time.Minute, Reset: first.Add(time.Minute), RetryAfter: 40 * time.Second}, s.Take("requests", "1"))
	require.True(t, s.Take("requests", "2").OK, "another key has its own count")

	h.move(40*time.Second - 1)
	refused := s.Take("requests", "1")
	require.False(t, refused.OK)
	require.Equal(t, time.Duration(1), refused.RetryAfter)
	h.move(1)
	second := noon.Add(70 * time.Second)
	require.Equal(t, limit.Grant{OK: true, Limit: 2, Remaining: 0, Per: time.Minute, Reset: second.Add(time.Minute)}, s.Take("requests", "1").Bare())
}

func TestPeekAtASlidingWindowCountsNothing(t *testing.T) {
	t.Parallel()
	s, h := set(sliding(1, time.Minute))
	for range 3 {
		require.Equal(t, limit.Grant{OK: true, Limit: 1, Remaining: 1, Per: time.Minute, Reset: noon.Add(time.Minute)}, s.Peek("requests", "1"))
	}
	s.Take("requests", "1")
	h.move(time.Second)
	require.Equal(t, limit.Grant{Limit: 1, Per: time.Minute, Reset: noon.Add(time.Minute), RetryAfter: 59 * time.Second}, s.Peek("requests", "1"))
	require.False(t, s.Take("requests", "1").Early, "peeking is no refusal")
}

func TestACallAfterARefusalOfASlidingWindowIsEarlyUntilTheMomentTold(t *testing.T) {
	t.Parallel()
	s, h := set(sliding(1, time.Minute))
	first := s.Take("requests", "1")
	refusal := s.Take("requests", "1")
	require.False(t, refusal.OK)
	require.False(t, refusal.Early)
	h.move(time.Minute - 1)
	require.True(t, s.Take("requests", "1").Early)
	s.Refund("requests", "1", first)
	granted := s.Take("requests", "1")
	require.True(t, granted.OK)
	require.True(t, granted.Early, "also when it passes")
	require.False(t, s.Take("requests", "2").Early, "another key was not refused")
	h.move(time.Minute)
	require.False(t, s.Take("requests", "1").Early)
}

func TestASlidingWindowMayBeUnlimitedOrShut(t *testing.T) {
	t.Parallel()
	s, _ := set(sliding(-1, time.Minute))
	for range 10 {
		g := s.Take("requests", "1")
		require.True(t, g.OK)
		require.Equal(t, limit.Unlimited, g.Remaining)
	}
	require.NoError(t, s.Adjust("requests", limit.Change{Max: ptr(0)}))
	require.Equal(t, limit.Grant{Per: time.Minute, Reset: noon.Add(time.Minute), RetryAfter: time.Minute}, s.Take("requests", "1"))
	require.NoError(t, s.Adjust("requests", limit.Change{Max: ptr(2)}))
	require.Equal(t, 2, s.Peek("requests", "1").Remaining, "while unlimited nothing was counted")
}

func TestASmallerMaxWaitsUntilEnoughCallsHaveLeft(t *testing.T) {
	t.Parallel()
	s, h := set(sliding(5, time.Minute))
	for range 5 {
		s.Take("requests", "1")
		h.move(time.Second)
	}
	require.NoError(t, s.Adjust("requests", limit.Change{Max: ptr(2)}))
	refused := s.Take("requests", "1")
	require.False(t, refused.OK)
	require.Zero(t, refused.Remaining)
	require.Equal(t, noon.Add(3*time.Second+time.Minute), refused.Reset, "four of five have to leave")
	h.move(refused.RetryAfter - 1)
	require.False(t, s.Take("requests", "1").OK)
	h.move(1)
	require.True(t, s.Take("requests", "1").OK)
}

func TestALongerSlidingWindowCountsWhatTheShorterOneHeld(t *testing.T) {
	t.Parallel()
	s, h := set(sliding(2, time.Minute))
	s.Take("requests", "1")
	h.move(59 * time.Second)
	s.Take("requests", "1")
	h.move(time.Second)
	require.NoError(t, s.Adjust("requests", limit.Change{Per: ptr(time.Hour)}))
	require.Equal(t, 1, s.Peek("requests", "1").Remaining, "the first call had left")
	h.move(30 * time.Minute)
	require.True(t, s.Take("requests", "1").OK)
	require.Equal(t, noon.Add(59*time.Second+time.Hour), s.Take("requests", "1").Reset)
}

func TestAClockSetBackEmptiesASlidingWindow(t *testing.T) {
	t.Parallel()
	s, h := set(sliding(1, time.Minute))
	s.Take("requests", "1")
	s.Take("requests", "1")
	h.move(-time.Hour)
	g := s.Take("requests", "1")
	require.True(t, g.OK)
	require.False(t, g.Early)
	require.Equal(t, noon.Add(time.Minute-time.Hour), g.Reset)
}

func TestAReadingFromBeforeTheLastCallCountsAsOneAtIt(t *testing.T) {
	t.Parallel()
	s, h := set(sliding(2, time.Minute))
	h.move(time.Second)
	s.Take("requests", "1")
	h.move(-time.Second)
	s.Take("requests", "1")
	h.move(time.Minute)
	require.False(t, s.Take("requests", "1").OK)
	h.move(time.Second)
	require.Equal(t, 2, s.Peek("requests", "1").Remaining)
}

func TestASnapshotKeepsASlidingWindow(t *testing.T) {
	t.Parallel()
	s, h := set(sliding(2, time.Minute))
	first := s.Take("requests", "1")
	h.move(30 * time.Second)
	second := s.Take("requests", "1")
	taken := s.Snapshot()
	for range 2 {
		s.Refund("requests", "1", first)
		s.Refund("requests", "1", second)
		s.Restore(taken)
		g := s.Take("requests", "1")
		require.False(t, g.OK)
		require.Equal(t, noon.Add(time.Minute), g.Reset)
		require.True(t, s.Rules()[0].Slides)
	}
}

// It is not parallel: it measures what the process holds.
func TestASlidingWindowForgetsIdleKeys(t *testing.T) {
	s, h := set(sliding(1000, time.Minute))
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	for i := range 200_000 {
		s.Take("requests", strconv.Itoa(i))
		h.move(time.Second)
	}
	require.Less(t, heap(), before+1<<20)
	require.Equal(t, 1000, s.Peek("requests", "7").Remaining)
}

func TestASlidingWindowHoldsAtMostItsMaxUnderManyAtOnce(t *testing.T) {
	t.Parallel()
	s, h := set(sliding(100, time.Minute))
	var group sync.WaitGroup
	var mu sync.Mutex
	passed := 0
	for range 8 {
		group.Go(func() {
			for range 50 {
				if s.Take("requests", "1").OK {
					mu.Lock()
					passed++
					mu.Unlock()
				}
				h.move(time.Millisecond)
			}
		})
	}
	group.Wait()
	require.Equal(t, 100, passed)
}

// slides checks a rule against the list of the calls that passed: at most max
// of them in any window, and none refused for less.
type slides struct {
	max    int
	per    time.Duration
	passed []time.Time
	grants []limit.Grant // of those
}

// room is how many calls more the last Per has room for.
func (m *slides) room(now time.Time) int {
	n := 0
	for _, at := range m.passed {
		if now.Sub(at) < m.per {
			n++
		}
	}
	return m.max - n
}

func (m *slides) try(t *testing.T, s *limit.Set, now time.Time) {
	t.Helper()
	room := m.room(now)
	g := s.Take("requests", "1")
	require.Equal(t, room > 0, g.OK)
	if !g.OK {
		require.Equal(t, g.Reset.Sub(now), g.RetryAfter)
		require.Positive(t, g.RetryAfter)
		require.Equal(t, m.max > 0, m.room(g.Reset) > 0, "what was told is true")
		require.LessOrEqual(t, m.room(g.Reset.Add(-1)), 0, "and not too late")
		return
	}
	require.Equal(t, room-1, g.Remaining)
	m.passed = append(m.passed, now)
	m.grants = append(m.grants, g)
	if n := len(m.passed); n > m.max {
		require.GreaterOrEqual(t, now.Sub(m.passed[n-1-m.max]), m.per)
	}
}

func TestASlidingWindowCountsAsTheModelDoes(t *testing.T) {
	t.Parallel()
	for _, most := range []int{0, 1, 3, 50} {
		s, h := set(sliding(most, time.Minute))
		m := slides{max: most, per: time.Minute}
		random := rand.New(rand.NewPCG(7, uint64(most)))
		for range 3000 {
			switch random.IntN(6) {
			case 0:
				h.move(time.Duration(random.IntN(30_000)) * time.Millisecond)
			case 1:
				if n := len(m.passed); n > 0 {
					i := n - 1 - random.IntN(min(n, 2*most))
					s.Refund("requests", "1", m.grants[i])
					m.passed, m.grants = slices.Delete(m.passed, i, i+1), slices.Delete(m.grants, i, i+1)
				}
			default:
				m.try(t, s, h.read())
			}
		}
	}
}

func FuzzSlidingWindow(f *testing.F) {
	f.Add(uint8(3), []byte{0, 0, 0, 0, 60, 0})
	f.Add(uint8(1), []byte{0, 59, 1, 0, 255})
	f.Add(uint8(0), []byte{0, 1})
	f.Fuzz(func(t *testing.T, most uint8, pauses []byte) {
		s, h := set(sliding(int(most), time.Minute))
		m := slides{max: int(most), per: time.Minute}
		for _, pause := range pauses[:min(len(pauses), 500)] {
			h.move(time.Duration(pause) * 500 * time.Millisecond)
			m.try(t, s, h.read())
		}
	})
}

func BenchmarkTakeSliding(b *testing.B) {
	now := noon
	s := limit.NewSet(func() time.Time { return now }, []limit.Rule{sliding(10_000, time.Hour)})
	for b.Loop() {
		now = now.Add(time.Second / 2)
		s.Take("requests", "1001")
	}
}
