package fault_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/fault"
)

const (
	shop = "bazaar"
	list = "listChats"
)

func set(t *testing.T, rules ...fault.Rule) *fault.Set {
	t.Helper()
	s := fault.NewSet()
	for _, r := range rules {
		_, err := s.Add(r)
		require.NoError(t, err)
	}
	return s
}

// ids is what rules are called.
func ids(rules []fault.Rule) []string {
	var list []string
	for _, r := range rules {
		list = append(list, r.ID)
	}
	return list
}

// pattern calls n times and tells which calls were hit.
func pattern(s *fault.Set, n int) []bool {
	hit := make([]bool, n)
	for i := range hit {
		hit[i] = len(s.Match(fault.Before, shop, list)) > 0
	}
	return hit
}

func TestARuleAppliesToTheCallsItNames(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rule    fault.Rule
		matches bool
	}{
		"any call":                         {fault.Rule{Kind: fault.Drop}, true},
		"of its marketplace":               {fault.Rule{Kind: fault.Drop, Marketplace: shop}, true},
		"of its operation":                 {fault.Rule{Kind: fault.Drop, Operation: list}, true},
		"of both":                          {fault.Rule{Kind: fault.Drop, Marketplace: shop, Operation: list}, true},
		"not of another marketplace":       {fault.Rule{Kind: fault.Drop, Marketplace: "market", Operation: list}, false},
		"not of another operation":         {fault.Rule{Kind: fault.Drop, Marketplace: shop, Operation: "sendMessage"}, false},
		"not at another stage":             {fault.Rule{Kind: fault.Drop, Stage: fault.After}, false},
		"not at push":                      {fault.Rule{Kind: fault.Lose}, false},
		"not because names differ in case": {fault.Rule{Kind: fault.Drop, Operation: "LISTCHATS"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := set(t, c.rule)
			require.Equal(t, c.matches, len(s.Match(fault.Before, shop, list)) == 1)
			hits := 0
			if c.matches {
				hits = 1
			}
			require.Equal(t, hits, s.List()[0].Hits)
		})
	}
}

func TestAllRulesThatApplyAreReturnedInOrderOfAdding(t *testing.T) {
	t.Parallel()
	s := set(t,
		fault.Rule{Kind: fault.Status, Status: 503},
		fault.Rule{Kind: fault.Lose},
		fault.Rule{Kind: fault.Delay, Delay: time.Second, Operation: list},
	)
	require.Equal(t, []string{"f1", "f3"}, ids(s.Match(fault.Before, shop, list)))
	require.Equal(t, []string{"f2"}, ids(s.Match(fault.Push, shop, "MessagePosted")))
	require.Nil(t, s.Match(fault.After, shop, list))
}

func TestARuleWithTimesAppliesThatOftenAndIsStillListed(t *testing.T) {
	t.Parallel()
	s := set(t, fault.Rule{Kind: fault.Drop, Times: 2})
	require.Equal(t, 1, s.Match(fault.Before, shop, list)[0].Hits)
	require.Equal(t, 2, s.Match(fault.Before, shop, list)[0].Hits)
	require.Empty(t, s.Match(fault.Before, shop, list))
	require.Equal(t, 2, s.List()[0].Hits)
	require.True(t, s.Remove("f1"))
	require.Empty(t, s.List())
}

func TestARuleWithoutTimesAppliesUntilRemoved(t *testing.T) {
	t.Parallel()
	s := set(t, fault.Rule{Kind: fault.Drop})
	for range 100 {
		require.Len(t, s.Match(fault.Before, shop, list), 1)
	}
	require.True(t, s.Remove("f1"))
	require.False(t, s.Remove("f1"))
	require.Empty(t, s.Match(fault.Before, shop, list))
}

func TestClearRemovesAllRules(t *testing.T) {
	t.Parallel()
	s := set(t, fault.Rule{Kind: fault.Drop}, fault.Rule{Kind: fault.Lose})
	s.Clear()
	require.Empty(t, s.List())
	require.Empty(t, s.Match(fault.Before, shop, list))
	added, err := s.Add(fault.Rule{Kind: fault.Drop})
	require.NoError(t, err)
	require.Equal(t, "f3", added.ID, "no ID is given twice")
}

func TestIDsAreUnique(t *testing.T) {
	t.Parallel()
	s := set(t, fault.Rule{ID: "f2", Kind: fault.Drop}, fault.Rule{Kind: fault.Drop}, fault.Rule{Kind: fault.Drop})
	require.Equal(t, []string{"f2", "f1", "f3"}, ids(s.List()))
	_, err := s.Add(fault.Rule{ID: "f1", Kind: fault.Drop})
	require.Equal(t, &fault.Invalid{Field: "id", Reason: `"f1" is taken`}, err)
}

func TestAShareIsDrawnFromItsSeed(t *testing.T) {
	t.Parallel()
	const calls = 2000
	draw := func(share float64, seed uint64) []bool {
		return pattern(set(t, fault.Rule{Kind: fault.Drop, Share: share, Seed: seed}), calls)
	}
	count := func(hit []bool) int {
		return len(slices.DeleteFunc(slices.Clone(hit), func(h bool) bool { return !h }))
	}
	tenth := draw(0.1, 7)
	require.Equal(t, tenth, draw(0.1, 7), "the same seed draws the same calls")
	require.NotEqual(t, tenth, draw(0.1, 8), "another seed draws others")
	require.InDelta(t, calls/10, count(tenth), calls/40)
	require.Equal(t, calls, count(draw(1, 7)))
	require.Equal(t, calls, count(draw(0, 7)), "no share means all")
}

func TestOnlyCallsThatFitAreDrawn(t *testing.T) {
	t.Parallel()
	rule := fault.Rule{Kind: fault.Drop, Operation: list, Share: 0.5, Seed: 3}
	plain, busy := set(t, rule), set(t, rule)
	for range 100 {
		busy.Match(fault.Before, shop, "sendMessage")
		require.Equal(t, len(plain.Match(fault.Before, shop, list)), len(busy.Match(fault.Before, shop, list)))
	}
}

func TestTimesCountTheCallsDrawn(t *testing.T) {
	t.Parallel()
	s := set(t, fault.Rule{Kind: fault.Drop, Share: 0.2, Times: 3})
	hits := 0
	for range 200 {
		hits += len(s.Match(fault.Before, shop, list))
	}
	require.Equal(t, 3, hits)
}

func TestARestoredSetGoesOnAsTheSnapshotDid(t *testing.T) {
	t.Parallel()
	s := set(t,
		fault.Rule{Kind: fault.Drop, Share: 0.5, Seed: 9},
		fault.Rule{Kind: fault.Lose, Times: 2},
	)
	pattern(s, 10)
	s.Match(fault.Push, shop, list)
	taken := s.Snapshot()
	rules := s.List()
	after := pattern(s, 50)
	s.Match(fault.Push, shop, list)
	_, err := s.Add(fault.Rule{Kind: fault.Drop})
	require.NoError(t, err)

	for range 2 {
		s.Restore(taken)
		require.Equal(t, rules, s.List())
		require.Equal(t, after, pattern(s, 50))
		require.Len(t, s.Match(fault.Push, shop, list), 1, "one of two is left")
		require.Empty(t, s.Match(fault.Push, shop, list))
		added, err := s.Add(fault.Rule{Kind: fault.Lose})
		require.NoError(t, err)
		require.Equal(t, "f3", added.ID)
		s.Clear()
	}
}

func TestWhatTheSetReturnsIsACopy(t *testing.T) {
	t.Parallel()
	header := map[string]string{"X-Test": "1"}
	s := fault.NewSet()
	added, err := s.Add(fault.Rule{Kind: fault.Status, Status: 503, Header: header})
	require.NoError(t, err)
	header["X-Test"] = "2"
	added.Header["X-Test"] = "2"
	s.List()[0].Header["X-Test"] = "2"
	s.Match(fault.Before, shop, list)[0].Header["X-Test"] = "2"
	require.Equal(t, map[string]string{"X-Test": "1"}, s.List()[0].Header)
}

func TestTheSetCanBeUsedFromManyGoroutines(t *testing.T) {
	t.Parallel()
	const times = 500
	s := set(t, fault.Rule{Kind: fault.Drop, Times: times})
	var group sync.WaitGroup
	hits := make([]int, 8)
	for i := range hits {
		group.Go(func() {
			for range 200 {
				hits[i] += len(s.Match(fault.Before, shop, list))
				added, err := s.Add(fault.Rule{Kind: fault.Lose})
				if err != nil {
					t.Errorf("add: %v", err)
				}
				s.Match(fault.Push, shop, list)
				s.List()
				s.Remove(added.ID)
			}
		})
	}
	group.Wait()
	total := 0
	for _, n := range hits {
		total += n
	}
	require.Equal(t, times, total)
	require.Empty(t, s.Match(fault.Before, shop, list))
}

func BenchmarkMatchWithoutRules(b *testing.B) {
	s := fault.NewSet()
	for b.Loop() {
		s.Match(fault.Before, shop, list)
	}
}

func BenchmarkMatchAmongTenRules(b *testing.B) {
	s := fault.NewSet()
	for range 10 {
		if _, err := s.Add(fault.Rule{Kind: fault.Drop, Operation: "sendMessage"}); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		s.Match(fault.Before, shop, list)
	}
}
