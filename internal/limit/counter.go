package limit

import "time"

// counter is a rule with its counts. Its set's lock guards it.
type counter struct {
	Rule
	given      Rule            // as it was before any Adjust
	start, end time.Time       // of the running period, Per long; zero before the first call
	used       map[string]*use // in the window: the period, or of one that slides what a key's track holds
	refused    time.Time       // the latest until of all keys
	flight     map[string]int  // calls in flight; no zeros
}

// use is what one key did, in one window unless that slides: a new window has new
// ones.
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
		g.counted = mark{use: u}
	case c.Max >= 0:
		g.counted = mark{use: u, at: u.track.add(now)}
	}
	if c.Max >= 0 {
		g.Remaining--
	}
	return g
}

// refund takes back a call of a key, if it still counts.
func (c *counter) refund(now time.Time, key string, call mark) {
	c.roll(now)
	u := c.used[key]
	switch {
	case u == nil || u != call.use:
	case c.Slides:
		u.track.pass(now, c.Per)
		u.track.back(call.at)
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
		return Grant{OK: true, Limit: c.Max, Per: c.Per, Remaining: Unlimited}
	}
	left := max(c.Max-count, 0)
	return Grant{OK: left > 0, Limit: c.Max, Per: c.Per, Remaining: left}
}

// roll begins a new period when the running one has ended. With it a fixed window
// begins; one that slides forgets its idle keys so often. A now that is a little
// before the period was read by a caller that came late to the lock; more than a
// period before it, the clock was set back.
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

// cut sets the running period to the one around now.
func (c *counter) cut(now time.Time) {
	into := time.Duration(now.Add(-c.Offset).UnixNano()) % c.Per
	if into < 0 {
		into += c.Per
	}
	c.start = now.Add(-into)
	c.end = c.start.Add(c.Per)
}
