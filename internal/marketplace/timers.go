package marketplace

import (
	"sync"
	"time"

	"example.com/marketmock/internal/clock"
)

// Timers are timers of a world of which there is one for each key. The zero value
// has none. Safe for concurrent use.
type Timers struct {
	mu      sync.Mutex
	pending map[string]*pending
}

type pending struct {
	at    time.Time
	timer *clock.Timer
}

// Set runs look at a time of the clock, or earlier if the key's timer was set for
// then: look finds out what there is to do, and sets the timer again if need be.
// A timer that the clock's Reset stopped counts for nothing.
func (t *Timers) Set(c *clock.Clock, key string, at time.Time, look func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if old := t.pending[key]; old != nil && old.timer.Stop() && old.at.Before(at) {
		at = old.at
	}
	next := &pending{at: at}
	if t.pending == nil {
		t.pending = map[string]*pending{}
	}
	t.pending[key] = next
	next.timer = c.At(at, func() {
		t.fired(key, next)
		look()
	})
}

// fired forgets a timer, unless there is another one by now.
func (t *Timers) fired(key string, p *pending) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.pending[key] == p {
		delete(t.pending, key)
	}
}
