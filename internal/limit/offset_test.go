package limit_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/limit"
)

func TestWindowsWithAnOffsetBeginAtIt(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		per, offset time.Duration
		now, end    time.Time
	}{
		"a day of UTC+08:00 ends at four":  {day, -8 * time.Hour, noon, noon.Add(4 * time.Hour)},
		"told from the other side":         {day, 16 * time.Hour, noon, noon.Add(4 * time.Hour)},
		"more than a window, days later":   {day, 3*day + 16*time.Hour, noon, noon.Add(4 * time.Hour)},
		"its last moment":                  {day, -8 * time.Hour, noon.Add(4*time.Hour - 1), noon.Add(4 * time.Hour)},
		"its first moment":                 {day, -8 * time.Hour, noon.Add(4 * time.Hour), noon.Add(28 * time.Hour)},
		"before the first window of epoch": {day, time.Hour, time.Unix(0, 0).UTC(), time.Unix(3600, 0).UTC()},
		"shorter than the offset":          {time.Hour, -8*time.Hour + time.Minute, noon, noon.Add(time.Minute)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rule := window(1, c.per)
			rule.Offset = c.offset
			s := limit.NewSet(func() time.Time { return c.now }, []limit.Rule{rule})
			require.Equal(t, c.end, s.Take("requests", "1").Reset)
		})
	}
}

func TestADayThatBeginsElsewhereCountsAnewThere(t *testing.T) {
	t.Parallel()
	rule := window(1, 24*time.Hour)
	rule.Offset = -8 * time.Hour
	s, h := set(rule)
	require.True(t, s.Take("requests", "1").OK)
	h.move(4*time.Hour - 1)
	require.False(t, s.Take("requests", "1").OK)
	h.move(1)
	require.True(t, s.Take("requests", "1").OK)
	h.move(8 * time.Hour)
	require.False(t, s.Take("requests", "1").OK, "midnight of UTC is no border")

	require.NoError(t, s.Adjust("requests", limit.Change{Max: ptr(2)}))
	require.Equal(t, rule.Offset, s.Rules()[0].Offset)
	g := s.Take("requests", "1")
	require.True(t, g.OK)
	require.Equal(t, h.read().Add(16*time.Hour), g.Reset)
	other, _ := set()
	other.Restore(s.Snapshot())
	require.Equal(t, s.Rules(), other.Rules())

	moved := rule
	moved.Offset = 0
	s.Follow([]limit.Rule{moved})
	g = s.Peek("requests", "1")
	require.Equal(t, h.read().Add(24*time.Hour), g.Reset, "it is midnight of UTC")
	require.False(t, g.OK, "what was counted in the running window counts")
}
