package clock

import (
	"sync"
	"time"
)

// dial shows a time that stands or runs. While it is not set, it never goes
// back: whoever reads it and whoever stops it take the same lock.
type dial struct {
	mu     sync.RWMutex
	base   time.Time // as the clock gives it
	anchor time.Time // the wall at base, with its monotonic reading; zero: it stands
}

func (d *dial) now() time.Time {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.read()
}

// stop makes it stand at the present reading, which it returns.
func (d *dial) stop() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.base, d.anchor = d.read(), time.Time{}
	return d.base
}

// set makes it stand at t, or run from there.
func (d *dial) set(t time.Time, standing bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.base, d.anchor = t, time.Time{}
	if !standing {
		d.anchor = time.Now()
	}
}

// read needs mu.
func (d *dial) read() time.Time {
	if d.anchor.IsZero() {
		return d.base
	}
	return d.base.Add(time.Since(d.anchor))
}

func orWall(t time.Time) time.Time {
	if t.IsZero() {
		t = time.Now()
	}
	return plain(t)
}

// plain is t as the clock gives it: UTC, without a monotonic reading.
func plain(t time.Time) time.Time { return t.UTC().Round(0) }
