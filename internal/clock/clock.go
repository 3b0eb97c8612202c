// Package clock is a sandbox's time: it runs, can be frozen, advanced and set,
// and fires timers in order. It knows nothing of what the timers do, and
// nothing of the time zone, the calendar or the wall beyond one steady reading.
//
// A running clock is wall time plus an offset. It follows the monotonic clock
// of the process, so a correction of the wall clock does not move it. A frozen
// clock stands still, and only Advance and Set move it.
//
// Timers stand in one queue, ordered by time and then by registration. One
// timer's function runs at a time, and the next starts after it returned. When
// time runs by itself nothing else is waited for; what a function starts with Go
// may overlap with the next timer. Advance and Set also wait for that work: they
// stop at each timer's time until nothing is running and nothing is due.
//
// A timer is never due before the present: one registered for the past is due
// now, behind those that are due already.
package clock

import (
	"container/heap"
	"errors"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

var (
	// ErrBack is the answer to moving a clock into its past.
	ErrBack = errors.New("the clock does not go back")
	// ErrReset is the answer of an Advance or Set during which Reset was called.
	ErrReset = errors.New("the clock was reset meanwhile")
)

// Clock is safe for concurrent use. All times it gives are UTC and carry no
// monotonic reading. The wall is read only here, and with testing/synctest a
// clock made inside the bubble follows the bubble's time.
type Clock struct {
	dial dial          // stopped and set under mu only
	turn chan struct{} // held by the one Advance or Set that moves the clock

	panicked atomic.Pointer[func(value any, stack []byte)]

	mu     sync.Mutex
	frozen bool
	held   bool // an Advance or Set moves the clock, and time stands between its steps
	closed bool
	firing bool   // a timer's function is running
	era    uint64 // counts the resets
	seq    uint64 // of the last timer
	timers queue
	work   int           // functions running: timers' and Go's
	calm   chan struct{} // closed when work reaches 0; nil while nobody waits
	wall   *time.Timer   // wakes a running clock for its next timer
	armed  time.Time     // what wall is set for; zero if it is not
}

// New returns a clock running at wall time, starting at start (zero: the wall's
// now).
func New(start time.Time) *Clock {
	c := &Clock{turn: make(chan struct{}, 1)}
	c.dial.set(orWall(start), false)
	return c
}

// OnPanic sets who is told of a panic in a timer's function or inside Go, with
// its stack; the function counts as ended, and time goes on. Without that, such
// a panic ends the process, as in any goroutine.
func (c *Clock) OnPanic(tell func(value any, stack []byte)) { c.panicked.Store(&tell) }

// catch ends a panic if there is somebody to tell; else it leaves it alone, its
// stack included. It must be deferred itself.
func (c *Clock) catch() {
	tell := c.panicked.Load()
	if tell == nil {
		return
	}
	if v := recover(); v != nil {
		(*tell)(v, debug.Stack())
	}
}

// Now is the present reading. Without a Reset between them, a later one is never
// before an earlier one.
func (c *Clock) Now() time.Time { return c.dial.now() }

// Frozen tells whether the clock stands still when nobody moves it.
func (c *Clock) Frozen() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.frozen
}

// Freeze stops the clock at its present reading. Timers that were due already
// still fire. During an Advance or Set, it takes effect at the end of it.
func (c *Clock) Freeze() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.frozen = true
	if !c.held {
		c.stop()
		c.rouse()
	}
}

// Run lets a frozen clock go on from its present reading. During an Advance or
// Set, it takes effect at the end of it.
func (c *Clock) Run() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.frozen {
		return
	}
	c.frozen = false
	if !c.held {
		c.set(c.Now(), false)
		c.rouse()
	}
}

// Reset stops every timer and puts the clock at t (zero: the wall's now), which
// may lie in its past, running or frozen. An Advance or Set on its way ends with
// ErrReset. Functions that are running are not waited for: timers that they
// register from now on belong to the new time. Use Idle before it where that
// matters.
func (c *Clock) Reset(t time.Time, frozen bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.era++
	c.drop()
	c.held = false
	c.frozen = frozen
	c.set(orWall(t), frozen)
	c.tell()
}

// Close stops every timer, and timers registered later never fire. The clock can
// still be read and moved, and Go and Idle work on: a request that outlives its
// sandbox ends as it would have.
func (c *Clock) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.drop()
	c.disarm()
}

// set turns the dial. The wall timer was set by the old reading. Needs mu.
func (c *Clock) set(t time.Time, standing bool) {
	c.dial.set(t, standing)
	c.disarm()
}

// stop stops the dial. Needs mu.
func (c *Clock) stop() time.Time {
	c.disarm()
	return c.dial.stop()
}

// rouse starts the next timer's function if it is due, or sets the wall timer
// for it. Call it when the head of the queue, the dial or firing has changed.
// Needs mu.
func (c *Clock) rouse() {
	if c.firing || c.held || len(c.timers) == 0 {
		return
	}
	next := c.timers[0].at
	wait := next.Sub(c.Now())
	switch {
	case wait <= 0:
		c.disarm()
		c.fire()
	case !c.frozen:
		c.arm(next, wait)
	}
}

// fire takes the next timer from the queue and starts its function. Needs mu.
func (c *Clock) fire() {
	t := heap.Pop(&c.timers).(*Timer)
	fn := t.fn
	t.fn = nil
	c.firing = true
	c.work++
	go func() {
		defer c.fired()
		defer c.catch()
		fn()
	}()
}

func (c *Clock) fired() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.firing = false
	c.rouse()
	c.done()
}

// arm sets the wall timer to go off for the timer due at the given time. Needs
// mu.
func (c *Clock) arm(due time.Time, wait time.Duration) {
	if c.armed.Equal(due) {
		return
	}
	c.armed = due
	if c.wall == nil {
		c.wall = time.AfterFunc(wait, c.wake)
		return
	}
	c.wall.Reset(wait)
}

// disarm stops the wall timer. Needs mu.
func (c *Clock) disarm() {
	if c.armed.IsZero() {
		return
	}
	c.armed = time.Time{}
	c.wall.Stop()
}

// wake may come late, after the wall timer was stopped or set anew; then nothing
// is due and the wall timer is set again.
func (c *Clock) wake() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.disarm()
	c.rouse()
}
