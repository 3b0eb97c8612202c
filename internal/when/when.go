// Package when reads the times and durations that people write in world files
// and control calls: -2h, -2d3h, +90m, now, or RFC 3339. It reads no clock.
package when

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ErrSyntax is a time or duration that cannot be read.
var ErrSyntax = errors.New("is not a time like -2h, -2d3h, +90m, now or 2026-10-01T12:00:00Z")

// ErrDuration is a duration that cannot be read.
var ErrDuration = errors.New("is not a duration like 90m, 2h or 2d3h")

// ErrLong is a duration of more than about 292 years.
var ErrLong = errors.New("is longer than a clock can go")

// Day is the length of the unit d, whatever the calendar says.
const Day = 24 * time.Hour

const maxDays = uint64(math.MaxInt64 / Day)

// years bounds absolute times to those that RFC 3339 can write.
const (
	firstYear = 1
	lastYear  = 9999
)

// Parse reads a time: "now", a signed duration from now (-2h, +1d12h), or
// RFC 3339. The result is in UTC. A duration without a sign is refused, since
// it does not say in which direction.
func Parse(s string, now time.Time) (time.Time, error) {
	if s == "now" {
		return now.UTC(), nil
	}
	if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "+") {
		d, err := ParseDuration(s)
		if err != nil {
			return time.Time{}, fmt.Errorf("%q %w", s, ErrSyntax)
		}
		return bounded(s, now.Add(d).UTC())
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q %w", s, ErrSyntax)
	}
	return bounded(s, t.UTC())
}

func bounded(s string, t time.Time) (time.Time, error) {
	if t.Year() < firstYear || t.Year() > lastYear {
		return time.Time{}, fmt.Errorf("%q lies outside the years %d to %d", s, firstYear, lastYear)
	}
	return t, nil
}

// ParseDuration reads what [time.ParseDuration] reads, and days before the
// rest: 2d, 2d3h, -1d12h30m. A day has 24 hours. ErrDuration, ErrLong.
func ParseDuration(s string) (time.Duration, error) {
	sign, rest := "", s
	if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "+") {
		sign, rest = s[:1], s[1:]
	}
	if strings.HasPrefix(rest, "-") || strings.HasPrefix(rest, "+") {
		return 0, fmt.Errorf("%q %w", s, ErrDuration)
	}
	total, err := days(&rest)
	if err != nil {
		return 0, fmt.Errorf("%q %w", s, err)
	}
	if rest != "" {
		d, err := time.ParseDuration(rest)
		if err != nil || d < 0 {
			return 0, fmt.Errorf("%q %w", s, ErrDuration)
		}
		if d > math.MaxInt64-total {
			return 0, fmt.Errorf("%q %w", s, ErrLong)
		}
		total += d
	}
	if sign == "-" {
		total = -total
	}
	return total, nil
}

// days takes leading days off s.
func days(s *string) (time.Duration, error) {
	count, rest, found := strings.Cut(*s, "d")
	if !found {
		if *s == "" {
			return 0, ErrDuration
		}
		return 0, nil
	}
	n, err := strconv.ParseUint(count, 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange), err == nil && n > maxDays:
		return 0, ErrLong
	case err != nil, strings.HasPrefix(rest, "-"), strings.HasPrefix(rest, "+"):
		return 0, ErrDuration
	}
	*s = rest
	return time.Duration(n) * Day, nil
}
