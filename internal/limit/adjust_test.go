package limit_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/limit"
)

func TestAdjustTakesEffectInTheRunningWindow(t *testing.T) {
	t.Parallel()
	s, h := set(window(10, time.Second))
	for range 3 {
		require.True(t, s.Take("requests", "1").OK)
	}
	require.NoError(t, s.Adjust("requests", limit.Change{Max: ptr(3)}))
	require.False(t, s.Take("requests", "1").OK)
	require.NoError(t, s.Adjust("requests", limit.Change{Max: ptr(2)}))
	g := s.Peek("requests", "1")
	require.Equal(t, 2, g.Limit)
	require.Zero(t, g.Remaining, "not below 0")

	require.NoError(t, s.Adjust("requests", limit.Change{Max: ptr(4), Per: ptr(time.Hour)}))
	h.move(time.Minute)
	g = s.Take("requests", "1")
	require.Equal(t, 0, g.Remaining, "three calls of the second count in the hour")
	require.Equal(t, noon.Add(time.Hour), g.Reset)
}

func TestAnEndedWindowDoesNotCountInALongerOne(t *testing.T) {
	t.Parallel()
	s, h := set(window(1, time.Second))
	require.True(t, s.Take("requests", "1").OK)
	h.move(time.Second)
	require.NoError(t, s.Adjust("requests", limit.Change{Per: ptr(time.Hour)}))
	require.True(t, s.Take("requests", "1").OK)
}

func TestRulesAreAsAdjusted(t *testing.T) {
	t.Parallel()
	s, _ := set(window(10, time.Second), inFlight(4))
	require.NoError(t, s.Adjust("requests", limit.Change{Max: ptr(3), Per: ptr(time.Hour)}))
	require.NoError(t, s.Adjust("parallel", limit.Change{}))
	require.Equal(t, []limit.Rule{window(3, time.Hour), inFlight(4)}, s.Rules())
	s.Rules()[0].Max = 99
	require.Equal(t, 3, s.Rules()[0].Max, "it is a copy")
}

func TestAChangeThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rule   string
		change limit.Change
		field  string
	}{
		"a window of nothing":          {"requests", limit.Change{Max: ptr(1), Per: ptr(time.Duration(0))}, "per"},
		"a negative window":            {"requests", limit.Change{Max: ptr(1), Per: ptr(-time.Second)}, "per"},
		"a window of calls in flight":  {"parallel", limit.Change{Max: ptr(1), Per: ptr(time.Second)}, "per"},
		"a rule that nobody has heard": {"unheard-of", limit.Change{Max: ptr(1)}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := set(window(10, time.Second), inFlight(4))
			before := s.Rules()
			err := s.Adjust(c.rule, c.change)
			if c.field == "" {
				require.ErrorIs(t, err, limit.ErrUnknown)
				require.ErrorContains(t, err, c.rule)
			} else {
				var invalid *limit.Invalid
				require.ErrorAs(t, err, &invalid)
				require.Equal(t, c.field, invalid.Field)
				require.NotEmpty(t, invalid.Reason)
				require.ErrorIs(t, err, limit.ErrInvalid)
			}
			require.Equal(t, before, s.Rules(), "nothing is changed")
		})
	}
}

func TestASnapshotKeepsRulesAndCounts(t *testing.T) {
	t.Parallel()
	s, h := set(window(2, time.Minute))
	s.Take("requests", "1")
	s.Take("requests", "2")
	s.Take("requests", "2")
	s.Take("requests", "2")
	taken := s.Snapshot()

	for range 2 {
		require.NoError(t, s.Adjust("requests", limit.Change{Max: ptr(0), Per: ptr(time.Hour)}))
		s.Take("requests", "1")
		h.move(time.Second)
		s.Restore(taken)
		require.Equal(t, []limit.Rule{window(2, time.Minute)}, s.Rules())
		g := s.Take("requests", "1")
		require.True(t, g.OK)
		require.Zero(t, g.Remaining)
		require.False(t, g.Early)
		require.True(t, s.Take("requests", "2").Early)
	}
}

func TestASnapshotCanBeRestoredElsewhere(t *testing.T) {
	t.Parallel()
	s, _ := set(window(1, time.Minute))
	s.Take("requests", "1")
	other, _ := set(inFlight(1))
	other.Restore(s.Snapshot())
	require.Equal(t, []limit.Rule{window(1, time.Minute)}, other.Rules())
	require.False(t, other.Take("requests", "1").OK)
}

func TestCallsInFlightOutliveARestore(t *testing.T) {
	t.Parallel()
	s, _ := set(inFlight(1))
	empty := s.Snapshot()
	leave, _ := s.Enter("parallel", "1")
	full := s.Snapshot()
	s.Restore(empty)
	require.False(t, s.Peek("parallel", "1").OK, "it is still in flight")
	leave()
	require.True(t, s.Peek("parallel", "1").OK)
	s.Restore(full)
	require.True(t, s.Peek("parallel", "1").OK, "it has landed")
}
