package limit_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/limit"
)

func TestARuleThatIsGivenAsBeforeKeepsWhatAdjustMadeOfIt(t *testing.T) {
	t.Parallel()
	s, _ := set(window(10, time.Minute), inFlight(4))
	s.Take("requests", "1")
	require.NoError(t, s.Adjust("requests", limit.Change{Max: ptr(3), Per: ptr(time.Hour)}))
	s.Follow([]limit.Rule{inFlight(4), window(10, time.Minute)})
	require.Equal(t, []limit.Rule{inFlight(4), window(3, time.Hour)}, s.Rules())
	require.Equal(t, 2, s.Peek("requests", "1").Remaining)
}

func TestARuleThatChangedCountsByItsNewTerms(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]func(int, time.Duration) limit.Rule{"fixed": window, "sliding": sliding} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, h := set(rule(10, time.Minute))
			for range 3 {
				s.Take("requests", "1")
			}
			require.NoError(t, s.Adjust("requests", limit.Change{Max: ptr(99)}))
			s.Follow([]limit.Rule{rule(5, time.Hour)})
			require.Equal(t, []limit.Rule{rule(5, time.Hour)}, s.Rules())
			h.move(30 * time.Minute)
			g := s.Peek("requests", "1")
			require.Equal(t, 2, g.Remaining, "what was counted counts")
			require.Equal(t, noon.Add(time.Hour), g.Reset)
			s.Follow([]limit.Rule{rule(5, time.Hour)})
			require.Equal(t, 2, s.Peek("requests", "1").Remaining)
		})
	}
}

func TestAWindowThatSlidesFromNowOnCountsAnew(t *testing.T) {
	t.Parallel()
	s, _ := set(window(2, time.Hour))
	for _, rule := range []limit.Rule{sliding(2, time.Hour), window(2, time.Hour), sliding(2, time.Hour)} {
		s.Take("requests", "1")
		require.NoError(t, s.Adjust("requests", limit.Change{Max: ptr(1)}))
		s.Follow([]limit.Rule{rule})
		require.Equal(t, []limit.Rule{rule}, s.Rules())
		g := s.Take("requests", "1")
		require.True(t, g.OK)
		require.False(t, g.Early)
		require.Equal(t, 1, g.Remaining)
	}
}

func TestCallsInFlightStayCountedWhenTheirRuleChanges(t *testing.T) {
	t.Parallel()
	s, _ := set(inFlight(4))
	leave, _ := s.Enter("parallel", "1")
	s.Follow([]limit.Rule{inFlight(2), window(1, time.Hour)})
	require.Equal(t, 1, s.Peek("parallel", "1").Remaining)
	leave()
	require.Equal(t, 2, s.Peek("parallel", "1").Remaining)
}

func TestARuleThatIsNotGivenAnyMoreIsGone(t *testing.T) {
	t.Parallel()
	s, _ := set(window(1, time.Hour), inFlight(0))
	s.Take("requests", "1")
	s.Follow([]limit.Rule{inFlight(0)})
	require.Equal(t, []limit.Rule{inFlight(0)}, s.Rules())
	require.True(t, s.Take("requests", "1").OK)
	s.Follow(nil)
	require.Empty(t, s.Rules())
	s.Follow([]limit.Rule{window(1, time.Hour)})
	require.True(t, s.Take("requests", "1").OK, "it counts anew")
}

func TestARuleOfAnotherKindIsANewOne(t *testing.T) {
	t.Parallel()
	s, _ := set(window(1, time.Hour))
	s.Take("requests", "1")
	flying := inFlight(1)
	flying.Name = "requests"
	s.Follow([]limit.Rule{flying})
	leave, g := s.Enter("requests", "1")
	require.True(t, g.OK)
	s.Follow([]limit.Rule{window(1, time.Hour)})
	leave()
	require.True(t, s.Take("requests", "1").OK)
}

func TestARestoredSetFollowsTheRulesThatWereGivenThen(t *testing.T) {
	t.Parallel()
	s, _ := set(window(10, time.Hour))
	require.NoError(t, s.Adjust("requests", limit.Change{Max: ptr(3)}))
	taken := s.Snapshot()
	s.Follow([]limit.Rule{window(20, time.Hour)})
	s.Restore(taken)
	s.Follow([]limit.Rule{window(10, time.Hour)})
	require.Equal(t, 3, s.Rules()[0].Max, "as adjusted")
	s.Follow([]limit.Rule{window(20, time.Hour)})
	require.Equal(t, 20, s.Rules()[0].Max)
}

func TestMistakenRulesAreNotFollowed(t *testing.T) {
	t.Parallel()
	s, _ := set(window(1, time.Hour))
	require.Panics(t, func() { s.Follow([]limit.Rule{inFlight(1), window(1, 0)}) })
	require.Equal(t, []limit.Rule{window(1, time.Hour)}, s.Rules())
}

func TestClearForgetsCountsAndKeepsRules(t *testing.T) {
	t.Parallel()
	slow := sliding(1, time.Hour)
	slow.Name = "slow"
	s, _ := set(window(10, time.Hour), slow, inFlight(1))
	require.NoError(t, s.Adjust("requests", limit.Change{Max: ptr(1)}))
	leave, _ := s.Enter("parallel", "1")
	for _, rule := range []string{"requests", "slow"} {
		s.Take(rule, "1")
		require.False(t, s.Take(rule, "1").OK)
	}
	s.Clear()
	for _, rule := range []string{"requests", "slow"} {
		g := s.Take(rule, "1")
		require.True(t, g.OK, rule)
		require.False(t, g.Early, rule)
		require.Equal(t, 1, g.Limit, rule)
	}
	require.False(t, s.Peek("parallel", "1").OK, "it is still in flight")
	leave()
	s.Follow([]limit.Rule{window(10, time.Hour)})
	require.Equal(t, 1, s.Rules()[0].Max, "as adjusted")
}
