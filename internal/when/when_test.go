package when_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/when"
)

func TestParse(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		in   string
		want time.Time
	}{
		"now is now":                          {"now", now},
		"minus goes back":                     {"-2h", now.Add(-2 * time.Hour)},
		"plus goes forward":                   {"+1h", now.Add(time.Hour)},
		"a day has 24 hours":                  {"-10d", now.Add(-240 * time.Hour)},
		"days and hours add up":               {"-2d3h", now.Add(-51 * time.Hour)},
		"fractions are Go's":                  {"-1.5h", now.Add(-90 * time.Minute)},
		"zero with a sign is now":             {"-0s", now},
		"RFC 3339 is absolute":                {"2026-09-30T15:00:00+03:00", time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC)},
		"RFC 3339 may have parts of a second": {"2026-09-30T15:00:00.581Z", time.Date(2026, 9, 30, 15, 0, 0, 581e6, time.UTC)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := when.Parse(tt.in, now)
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"nothing":                         "",
		"a duration without a sign":       "2h",
		"a sign alone":                    "-",
		"two signs":                       "--2h",
		"a sign after the days":           "-2d-3h",
		"days after hours":                "-3h2d",
		"words":                           "yesterday",
		"a date without a time":           "2026-10-01",
		"more days than a duration holds": "-99999999999d",
		"a time before year 1":            "-1d9999999h",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := when.Parse(in, time.Date(2, 1, 1, 0, 0, 0, 0, time.UTC))
			require.Error(t, err)
			if in != "" {
				require.ErrorContains(t, err, in)
			}
		})
	}
}

func TestParseDuration(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]time.Duration{
		"2d3h": 51 * time.Hour, "90m": 90 * time.Minute, "-1d": -24 * time.Hour, "+3s": 3 * time.Second, "1d": when.Day,
		"106751d": 106751 * when.Day,
	} {
		got, err := when.ParseDuration(in)
		require.NoError(t, err, in)
		require.Equal(t, want, got, in)
	}
	for _, in := range []string{"", "d", "1d2d", "3", "1d3", "106751d24h59m99999999999999999999s"} {
		_, err := when.ParseDuration(in)
		require.ErrorIs(t, err, when.ErrDuration, in)
	}
	for _, in := range []string{"106752d", "-106752d", "106751d24h", "99999999999999999999d"} {
		_, err := when.ParseDuration(in)
		require.ErrorIs(t, err, when.ErrLong, in)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"now", "-2h", "-2d3h", "+1h", "2026-10-01T12:00:00Z", "d", "-", "-65535d2540400h"} {
		f.Add(seed)
	}
	now := time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		got, err := when.Parse(s, now)
		if err != nil {
			require.Zero(t, got)
			return
		}
		again, err := when.Parse(got.Format(time.RFC3339Nano), now)
		require.NoError(t, err)
		require.True(t, got.Equal(again))
	})
}
