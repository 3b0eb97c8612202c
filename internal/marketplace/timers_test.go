package marketplace_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/clock"
	"example.com/marketmock/internal/marketplace"
)

func TestAKeyHasOneTimerTheEarliest(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ hours, want []int }{
		"once":             {[]int{2}, []int{2}},
		"later":            {[]int{2, 5}, []int{2}},
		"earlier":          {[]int{5, 2, 3}, []int{2}},
		"at the same time": {[]int{2, 2}, []int{2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := clock.New(noon)
			t.Cleanup(c.Close)
			c.Reset(noon, true)
			var timers marketplace.Timers
			var fired []int
			look := func() { fired = append(fired, int(c.Now().Sub(noon).Hours())) }
			for _, h := range tt.hours {
				timers.Set(c, "a", noon.Add(time.Duration(h)*time.Hour), look)
			}
			timers.Set(c, "b", noon.Add(9*time.Hour), look)
			require.NoError(t, c.Advance(t.Context(), 24*time.Hour))
			require.Equal(t, append(tt.want, 9), fired)
			timers.Set(c, "a", noon.Add(30*time.Hour), look)
			require.NoError(t, c.Advance(t.Context(), 24*time.Hour))
			require.Equal(t, append(tt.want, 9, 30), fired, "a timer that has fired counts for nothing")
		})
	}
}

func TestATimerThatAResetStoppedCountsForNothing(t *testing.T) {
	t.Parallel()
	c := clock.New(noon)
	t.Cleanup(c.Close)
	c.Reset(noon, true)
	var timers marketplace.Timers
	var fired []time.Time
	look := func() { fired = append(fired, c.Now()) }
	timers.Set(c, "a", noon.Add(time.Hour), look)
	c.Reset(noon, true)
	timers.Set(c, "a", noon.Add(2*time.Hour), look)
	require.NoError(t, c.Advance(t.Context(), 24*time.Hour))
	require.Equal(t, []time.Time{noon.Add(2 * time.Hour)}, fired)
}
