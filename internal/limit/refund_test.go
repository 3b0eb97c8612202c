package limit_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/limit"
)

func TestARefundTakesBackACallOfTheRunningWindow(t *testing.T) {
	t.Parallel()
	s, _ := set(window(1, time.Minute))
	granted := s.Take("requests", "1")
	s.Refund("requests", "2", granted)
	require.False(t, s.Peek("requests", "1").OK, "that was another key's")
	s.Refund("requests", "1", granted)
	require.True(t, s.Take("requests", "1").OK)
}

func TestARefundOfACallThatWasNotCountedDoesNothing(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]limit.Rule{"fixed": window(1, time.Minute), "sliding": sliding(1, time.Minute)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := set(rule)
			looked := s.Peek("requests", "1")
			s.Refund("requests", "1", looked)
			require.Equal(t, 1, s.Peek("requests", "1").Remaining)
			s.Take("requests", "1")
			for _, uncounted := range []limit.Grant{{OK: true}, looked, s.Take("requests", "1")} {
				s.Refund("requests", "1", uncounted)
				require.False(t, s.Peek("requests", "1").OK)
			}
		})
	}
}

func TestARefundTakesNothingFromTheNextWindow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rule limit.Rule
		next func(*limit.Set, *hand)
	}{
		"when the next has begun":        {window(1, time.Minute), func(_ *limit.Set, h *hand) { h.move(time.Minute) }},
		"when the call has left":         {sliding(1, time.Minute), func(_ *limit.Set, h *hand) { h.move(time.Minute) }},
		"when the clock was set back":    {window(1, time.Minute), func(_ *limit.Set, h *hand) { h.move(-time.Hour) }},
		"when a slide was set back":      {sliding(1, time.Minute), func(_ *limit.Set, h *hand) { h.move(-time.Hour) }},
		"when the counts were forgotten": {window(1, time.Minute), func(s *limit.Set, _ *hand) { s.Clear() }},
		"when the window slides now": {window(1, time.Minute), func(s *limit.Set, _ *hand) {
			s.Follow([]limit.Rule{sliding(1, time.Minute)})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, h := set(c.rule)
			before := s.Take("requests", "1")
			c.next(s, h)
			require.True(t, s.Take("requests", "1").OK)
			s.Refund("requests", "1", before)
			require.False(t, s.Take("requests", "1").OK)
		})
	}
}

func TestARefundAfterARestoreTakesNothing(t *testing.T) {
	t.Parallel()
	s, _ := set(window(1, time.Minute))
	taken := s.Snapshot()
	before := s.Take("requests", "1")
	s.Restore(taken)
	s.Take("requests", "1")
	s.Refund("requests", "1", before)
	require.False(t, s.Take("requests", "1").OK)
}

func TestACallIsRefundedInTheWindowThatAdjustMadeOfItsOwn(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]limit.Rule{"fixed": window(1, time.Minute), "sliding": sliding(1, time.Minute)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, h := set(rule)
			h.move(30 * time.Second)
			granted := s.Take("requests", "1")
			require.NoError(t, s.Adjust("requests", limit.Change{Per: ptr(time.Hour)}))
			require.False(t, s.Peek("requests", "1").OK)
			s.Refund("requests", "1", granted)
			require.True(t, s.Peek("requests", "1").OK)
		})
	}
}

func TestARefundTakesBackItsOwnCallOfASlidingWindow(t *testing.T) {
	t.Parallel()
	s, h := set(sliding(3, time.Minute))
	first := s.Take("requests", "1")
	h.move(30 * time.Second)
	second := s.Take("requests", "1")
	h.move(10 * time.Second)
	s.Take("requests", "1")
	s.Refund("requests", "1", second)
	g := s.Peek("requests", "1")
	require.Equal(t, 1, g.Remaining)
	require.Equal(t, noon.Add(time.Minute), g.Reset, "the others stay")
	s.Refund("requests", "1", first)
	require.Equal(t, noon.Add(100*time.Second), s.Peek("requests", "1").Reset)
}

func TestACallThatCameWhileASlidingWindowWasUnlimitedTakesNoOthersBack(t *testing.T) {
	t.Parallel()
	s, _ := set(sliding(-1, time.Minute))
	free := s.Take("requests", "1")
	require.NoError(t, s.Adjust("requests", limit.Change{Max: ptr(1)}))
	s.Take("requests", "1")
	s.Refund("requests", "1", free)
	require.False(t, s.Peek("requests", "1").OK)
}
