package clock

import (
	"container/heap"
	"time"
)

// Timer is one function to be run at one time.
type Timer struct {
	clock *Clock
	at    time.Time
	seq   uint64
	fn    func()
	place int // in the queue; out when it fired or was stopped
}

const out = -1

// AfterFunc runs fn in its own goroutine, tracked as by Go, when the clock has
// moved by d. With d ≤ 0 it is due at once, also on a frozen clock.
func (c *Clock) AfterFunc(d time.Duration, fn func()) *Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.Now()
	return c.register(now, now.Add(d), fn)
}

// At is AfterFunc for a point in time. A past time is due at once.
func (c *Clock) At(t time.Time, fn func()) *Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.register(c.Now(), plain(t), fn)
}

// Stop tells whether it kept the timer from firing: false if the function was
// started, or the timer stopped before (by Stop, Reset or Close). It does not
// wait for a function that is running.
func (t *Timer) Stop() bool {
	c := t.clock
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.place == out {
		return false
	}
	heap.Remove(&c.timers, t.place)
	t.fn = nil
	return true
}

// register needs mu.
func (c *Clock) register(now, at time.Time, fn func()) *Timer {
	if at.Before(now) {
		at = now
	}
	c.seq++
	t := &Timer{clock: c, at: at, seq: c.seq, fn: fn, place: out}
	if c.closed {
		t.fn = nil
		return t
	}
	heap.Push(&c.timers, t)
	if t.place == 0 {
		c.rouse()
	}
	return t
}

// drop stops every timer. Needs mu.
func (c *Clock) drop() {
	for _, t := range c.timers {
		t.place = out
		t.fn = nil
	}
	c.timers = nil
}

// queue is a heap of timers: by time, then by registration.
type queue []*Timer

func (q queue) Len() int { return len(q) }

func (q queue) Less(i, j int) bool {
	if order := q[i].at.Compare(q[j].at); order != 0 {
		return order < 0
	}
	return q[i].seq < q[j].seq
}

func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].place, q[j].place = i, j
}

func (q *queue) Push(x any) {
	t := x.(*Timer)
	t.place = len(*q)
	*q = append(*q, t)
}

func (q *queue) Pop() any {
	last := len(*q) - 1
	t := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	t.place = out
	return t
}
