package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"time"
)

var (
	errDuration = errors.New("a duration is written like 90s, 49h, 2d or 1d12h")
	errLong     = errors.New("the duration is longer than a clock can go")
	daysPattern = regexp.MustCompile(`^(\d+)d(.*)$`)
)

const maxDays = math.MaxInt64 / int64(24*time.Hour)

// parseDuration reads a Go duration that may begin with days of 24 hours; it is
// not negative.
func parseDuration(s string) (time.Duration, error) {
	var days time.Duration
	if m := daysPattern.FindStringSubmatch(s); m != nil {
		n, err := strconv.ParseInt(m[1], 10, 64)
		if err != nil || n > maxDays {
			return 0, errLong
		}
		days, s = time.Duration(n)*24*time.Hour, m[2]
		if s == "" {
			return days, nil
		}
	}
	d, err := time.ParseDuration(s)
	switch {
	case err != nil, d < 0, s[0] == '-', s[0] == '+':
		return 0, errDuration
	case days > math.MaxInt64-d:
		return 0, errLong
	}
	return days + d, nil
}

// moment is `true` for the sandbox's present, or a time.
type moment struct {
	now bool
	at  time.Time
}

func (m *moment) UnmarshalJSON(raw []byte) error {
	if string(raw) == "true" {
		m.now = true
		return nil
	}
	if err := json.Unmarshal(raw, &m.at); err != nil {
		return fmt.Errorf("read time: %w", err)
	}
	return nil
}

// or is the moment as a time, in UTC.
func (m moment) or(now time.Time) time.Time {
	if m.now {
		return now
	}
	return m.at.UTC()
}

// timeOrNil is nil for a zero time, so that it stays out of JSON.
func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	u := t.UTC()
	return &u
}
