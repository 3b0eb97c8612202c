package limit

import "time"

// counter is a rule with its counts. Its set's lock guards it.
type counter struct {
	Rule
	given      Rule            // as it was before any Adjust
	start, end time.Time       // of the running window, or between looking for idle keys of a sliding one; zero before the first call
	used       map[string]*use // in the window
	refused    time.Time       // the latest until of all keys
	flight     map[string]int  // calls in flight; no zeros
}

// use is what one key did.
type use struct {
	count int       // of a fixed window
	track track     // of a sliding one
	until time.Time // the Reset told with its last refusal; zero without one
}

func newCounter(r Rule) *counter {
	return &counter{Rule: r, given: r, used: map[string]*use{}, flight: map[string]int{}}
}

func (c *counter) take(now time.Time, key string) Grant {
	c.roll(now)
	u := c.used[key]
	if u == nil {
		u = &use{}
		c.used[key] = u
	}
	g := c.window(now, u)
	if !g.OK {
		u.until = g.Reset
		if c.refused.Before(u.until) {
			c.refused = u.until
		}
		return g
	}
	switch {
	case !c.Slides:
		u.count++
	case c.Max >= 0:
		u.track.add(now)
	}
	if c.Max >= 0 {
		g.Remaining--
	}
	return g
}

// refund takes back a call of a key.
func (c *counter) refund(now time.Time, key string) {
	c.roll(now)
	u := c.used[key]
	switch {
	case u == nil:
	case c.Slides:
		u.track.pass(now, c.Per)
		u.track.back()
	case u.count > 0:
		u.count--
	}
}

// window is the answer to a key that has been used as u says.
func (c *counter) window(now time.Time, u *use) Grant {
	var g Grant
	if c.Slides {
		u.track.pass(now, c.Per)
		g = c.grant(u.track.len())
		g.Reset = u.track.leaves(now, c.Per, c.Max)
	} else {
		g = c.grant(u.count)
		g.Reset = c.end
	}
	g.Early = now.Before(u.until)
	if !g.OK {
		g.RetryAfter = g.Reset.Sub(now)
	}
	return g
}

func (c *counter) grant(count int) Grant {
	if c.Max < 0 {
		return Grant{OK: true, Limit: c.Max, Remaining: Unlimited}
	}
	left := max(c.Max-count, 0)
	return Grant{OK: left > 0, Limit: c.Max, Remaining: left}
}

// roll begins a new window when the running one has ended; of a sliding one it
// forgets the keys that have been idle for as long. A now that is a little before
// the window was read by a caller that came late to the lock; more than a window
// before it, the clock was set back.
func (c *counter) roll(now time.Time) {
	back := c.start.Sub(now) > c.Per
	if now.Before(c.end) && !back {
		return
	}
	switch {
	case back:
		c.used = map[string]*use{}
	case c.Slides:
		c.sweep(now)
	default:
		c.used = c.waiting(now)
	}
	c.cut(now)
}

// waiting are the keys that were told to wait, without their counts.
func (c *counter) waiting(now time.Time) map[string]*use {
	kept := map[string]*use{}
	if !c.refused.After(now) {
		return kept
	}
	for key, u := range c.used {
		if u.until.After(now) {
			kept[key] = &use{until: u.until}
		}
	}
	return kept
}

// sweep forgets what has left a sliding window.
func (c *counter) sweep(now time.Time) {
	for key, u := range c.used {
		if u.track.pass(now, c.Per); u.track.len() == 0 && !u.until.After(now) {
			delete(c.used, key)
		}
	}
}

// cut sets the running window to the one around now.
func (c *counter) cut(now time.Time) {
	into := time.Duration(now.UnixNano()) % c.Per
	if into < 0 {
		into += c.Per
	}
	c.start = now.Add(-into)
	c.end = c.start.Add(c.Per)
}
