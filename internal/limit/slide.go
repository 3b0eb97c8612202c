package limit

import (
	"slices"
	"time"
)

// track is the calls of one key that a sliding window counts, oldest first.
type track struct {
	calls []time.Time
	gone  int // of them at the front
}

func (t *track) len() int { return len(t.calls) - t.gone }

// pass forgets the calls that are per or more before now.
func (t *track) pass(now time.Time, per time.Duration) {
	for t.gone < len(t.calls) && now.Sub(t.calls[t.gone]) >= per {
		t.gone++
	}
	if 2*t.gone >= len(t.calls) {
		t.calls, t.gone = t.calls[:copy(t.calls, t.calls[t.gone:])], 0
	}
}

// add counts a call and returns the time at which it counts. A now a little before
// the last one was read by a caller that came late to the lock.
func (t *track) add(now time.Time) time.Time {
	if n := len(t.calls); n > t.gone && now.Before(t.calls[n-1]) {
		now = t.calls[n-1]
	}
	t.calls = append(t.calls, now)
	return now
}

// back takes back a call that counts at a time, if there is one: two of the same
// time are alike.
func (t *track) back(at time.Time) {
	i, found := slices.BinarySearchFunc(t.calls[t.gone:], at, time.Time.Compare)
	if found {
		t.calls = slices.Delete(t.calls, t.gone+i, t.gone+i+1)
	}
}

// leaves is when so many of the calls that less than limit remain, and at the
// least the oldest, have left; per from now when there are none to wait for.
func (t *track) leaves(now time.Time, per time.Duration, limit int) time.Time {
	n := t.len()
	if n == 0 || limit == 0 {
		return now.Add(per)
	}
	at := t.gone
	if limit > 0 {
		at += max(n-limit, 0)
	}
	return t.calls[at].Add(per)
}

func (t track) copied() track {
	return track{calls: append([]time.Time(nil), t.calls[t.gone:]...)}
}
