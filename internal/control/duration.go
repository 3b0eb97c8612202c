package control

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"example.com/marketmock/internal/when"
)

// parseDuration reads a duration of the grammar of when that is not negative.
func parseDuration(s string) (time.Duration, error) {
	if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "+") {
		return 0, fmt.Errorf("%q %w", s, when.ErrDuration)
	}
	return when.ParseDuration(s)
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
