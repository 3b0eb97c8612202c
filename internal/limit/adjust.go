package limit

import (
	"errors"
	"fmt"
	"time"
)

var (
	// ErrUnknown is the answer for a rule that the set does not have.
	ErrUnknown = errors.New("no such limit")
	// ErrInvalid is what every *Invalid is.
	ErrInvalid = errors.New("invalid limit")
)

// Invalid is a change that Adjust refuses, or a rule that NewSet and Follow panic
// over.
type Invalid struct {
	Field  string // as a rule's are spelled in JSON; of a change always per
	Reason string // what is wrong with it, without the field
}

func (e *Invalid) Error() string { return e.Field + ": " + e.Reason }
func (e *Invalid) Unwrap() error { return ErrInvalid }

// Change is what to change of a rule; nil leaves it as it is. Per is above 0, and
// only a Window has it.
type Change struct {
	Max *int
	Per *time.Duration
}

// Adjust changes a rule at once. What was counted in the running window counts
// in the window that a new Per makes of it; calls beyond a new Max stay counted.
// ErrUnknown, or *Invalid; then nothing is changed.
func (s *Set) Adjust(rule string, change Change) error {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.byName[rule]
	if c == nil {
		return fmt.Errorf("%w: %s", ErrUnknown, rule)
	}
	if change.Per != nil {
		switch {
		case c.Kind != Window:
			return &Invalid{"per", "a limit of calls in flight has no window"}
		case *change.Per <= 0:
			return &Invalid{"per", "must be above 0"}
		}
		c.turn(now, func() { c.Per = *change.Per })
	}
	if change.Max != nil {
		c.Max = *change.Max
	}
	return nil
}

// turn changes the length of a window, with what it has counted by then.
func (c *counter) turn(now time.Time, change func()) {
	c.roll(now)
	if c.Slides {
		c.sweep(now)
	}
	change()
	c.cut(now)
}

// Follow puts the rules of a world in force. A rule that is as it was when it
// was last given keeps what Adjust made of it. One that changed counts by its new
// terms, what was counted in the running window included; but a window that
// slides from now on, or does so no more, begins to count anew. Calls in flight
// stay counted. Rules that are not given any more are gone. It panics as NewSet
// does.
func (s *Set) Follow(rules []Rule) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	next, byName := make([]*counter, 0, len(rules)), make(map[string]*counter, len(rules))
	for _, r := range rules {
		err := r.check()
		if err == nil && byName[r.Name] != nil {
			err = &Invalid{"name", "is taken"}
		}
		if err != nil {
			panic(fmt.Sprintf("limit: rule %q: %v", r.Name, err))
		}
		c := s.byName[r.Name].follow(r, now)
		next = append(next, c)
		byName[r.Name] = c
	}
	s.rules, s.byName = next, byName
}

// follow is the counter of a rule that was c's before; c is nil for a new one.
func (c *counter) follow(r Rule, now time.Time) *counter {
	switch {
	case c == nil || c.given.Kind != r.Kind:
		return newCounter(r)
	case c.given == r:
		return c
	case c.given.Slides != r.Slides:
		return newCounter(r)
	case c.Kind == Window:
		c.turn(now, func() { c.Rule, c.given = r, r })
	default:
		c.Rule, c.given = r, r
	}
	return c
}

// Clear forgets what the windows counted. The rules stay as they are, and calls
// in flight stay counted.
func (s *Set) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.rules {
		c.used = map[string]*use{}
		c.start, c.end, c.refused = time.Time{}, time.Time{}, time.Time{}
	}
}

// Snapshot is the rules of a set and what their windows counted. It does not
// change, and can be restored any number of times.
type Snapshot struct {
	counters []*counter
}

// Snapshot copies rules and counts. Calls in flight are not part of it.
func (s *Set) Snapshot() *Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := &Snapshot{counters: make([]*counter, len(s.rules))}
	for i, c := range s.rules {
		taken.counters[i] = c.copied()
	}
	return taken
}

// Restore puts rules and counts to what the snapshot has; rules it does not have
// are gone. Calls in flight stay counted, since they will leave.
func (s *Set) Restore(taken *Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.byName
	s.rules = make([]*counter, len(taken.counters))
	s.byName = make(map[string]*counter, len(taken.counters))
	for i, c := range taken.counters {
		c = c.copied()
		if old := before[c.Name]; old != nil {
			c.flight = old.flight
		}
		s.rules[i] = c
		s.byName[c.Name] = c
	}
}

// copied is the counter without its calls in flight.
func (c *counter) copied() *counter {
	n := newCounter(c.Rule)
	n.given = c.given
	n.start, n.end, n.refused = c.start, c.end, c.refused
	for key, u := range c.used {
		n.used[key] = &use{count: u.count, track: u.track.copied(), until: u.until}
	}
	return n
}
