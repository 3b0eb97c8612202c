package limit

import "time"

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

// add counts a call. A now a little before the last one was read by a caller that
// came late to the lock.
func (t *track) add(now time.Time) {
	if n := len(t.calls); n > t.gone && now.Before(t.calls[n-1]) {
		now = t.calls[n-1]
	}
	t.calls = append(t.calls, now)
}

// back takes the latest call back.
func (t *track) back() {
	if t.len() > 0 {
		t.calls = t.calls[:len(t.calls)-1]
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
