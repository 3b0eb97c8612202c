package clock

import (
	"context"
	"time"
)

// Advance moves the clock by d, from timer to timer, and finishes at each stop
// what is running and due before time moves on. A frozen clock stays frozen, a
// running one stands during Advance and goes on running from there. Advance(0)
// finishes what is running and due now.
//
// d < 0 is ErrBack, and a Reset meanwhile ErrReset. When ctx ends, Advance
// returns its error and the clock stays where it got to; what was started runs
// on. One Advance or Set moves a clock at a time, others wait for their turn,
// and d counts from the reading at that turn.
//
// Called from a timer's function or from inside Go, Advance, Set and Idle wait
// for their own caller, that is until ctx ends.
func (c *Clock) Advance(ctx context.Context, d time.Duration) error {
	if d < 0 {
		return ErrBack
	}
	return c.move(ctx, func(now time.Time) time.Time { return now.Add(d) })
}

// Set is Advance to a point in time. A time before the clock's reading is
// ErrBack.
func (c *Clock) Set(ctx context.Context, t time.Time) error {
	t = plain(t)
	return c.move(ctx, func(time.Time) time.Time { return t })
}

// Go runs fn in a goroutine that Advance, Set and Idle wait for. So fn must not
// wait for a later time of this clock: register a timer and return.
func (c *Clock) Go(fn func()) {
	c.mu.Lock()
	c.work++
	c.mu.Unlock()
	go func() {
		defer c.finished()
		defer c.catch()
		fn()
	}()
}

// Idle waits until nothing that Go or a timer started is running and no timer
// is due. Between two steps of an Advance the clock is idle as well.
func (c *Clock) Idle(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		calm := c.unrest()
		if calm == nil {
			return nil
		}
		select {
		case <-calm:
		case <-ctx.Done():
		}
	}
}

// unrest is nil if the clock is idle, else a channel to wait on before asking
// again.
func (c *Clock) unrest() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rouse()
	if c.work == 0 {
		return nil
	}
	return c.calmed()
}

func (c *Clock) move(ctx context.Context, target func(now time.Time) time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-c.turn }()
	goal, era, err := c.hold(target)
	if err != nil {
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			c.release(era)
			return err
		}
		calm, err := c.step(goal, era)
		if calm == nil || err != nil {
			return err
		}
		select {
		case <-calm:
		case <-ctx.Done():
		}
	}
}

// hold makes the clock stand until release, step or Reset lets it go.
func (c *Clock) hold(target func(now time.Time) time.Time) (goal time.Time, era uint64, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.stop()
	goal = target(now)
	if goal.Before(now) {
		c.let(now)
		return goal, c.era, ErrBack
	}
	c.held = true
	return goal, c.era, nil
}

// release lets a held clock go on from where it stands.
func (c *Clock) release(era uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.era == era {
		c.let(c.Now())
	}
}

// step starts the next timer's function once nothing is running, and returns a
// channel to wait on before the next step. After the last one it lets the clock
// go on from the goal and returns nil.
func (c *Clock) step(goal time.Time, era uint64) (<-chan struct{}, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.era != era:
		return nil, ErrReset
	case c.work > 0:
		return c.calmed(), nil
	case len(c.timers) == 0 || c.timers[0].at.After(goal):
		c.let(goal)
		return nil, nil
	}
	if next := c.timers[0].at; next.After(c.Now()) {
		c.set(next, true)
	}
	c.fire()
	return c.calmed(), nil
}

// let ends a hold at t. Needs mu.
func (c *Clock) let(t time.Time) {
	c.held = false
	c.set(t, c.frozen)
	c.rouse()
}

func (c *Clock) finished() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done()
}

// done counts one function less. Needs mu.
func (c *Clock) done() {
	c.work--
	if c.work == 0 {
		c.tell()
	}
}

// calmed is closed when nothing runs any more, and by Reset. Needs mu.
func (c *Clock) calmed() <-chan struct{} {
	if c.calm == nil {
		c.calm = make(chan struct{})
	}
	return c.calm
}

// tell wakes those who wait. Needs mu.
func (c *Clock) tell() {
	if c.calm != nil {
		close(c.calm)
		c.calm = nil
	}
}
