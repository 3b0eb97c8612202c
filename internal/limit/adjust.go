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

// Invalid is a change that makes no sense. Field is max or per.
type Invalid struct{ Field, Reason string }

func (e *Invalid) Error() string { return e.Field + ": " + e.Reason }
func (e *Invalid) Unwrap() error { return ErrInvalid }

// Change is what to change of a rule; nil leaves it as it is. Per is above 0, and
// only a Window has it.
type Change struct {
	Max *int
	Per *time.Duration
}

// Adjust changes a rule at once. What was counted in the running window counts
// in the window that a new Per makes of it. ErrUnknown, or *Invalid; then nothing
// is changed.
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
		c.roll(now)
		c.Per = *change.Per
		c.cut(now)
	}
	if change.Max != nil {
		c.Max = *change.Max
	}
	return nil
}

// Follow puts the rules of a world in force. A rule that is as it was when it
// was last given keeps what Adjust made of it; one that changed counts by its new
// terms, what was counted in the running window included; rules that are not
// given any more are gone.
func (s *Set) Follow(rules []Rule) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.byName
	s.rules, s.byName = nil, make(map[string]*counter, len(rules))
	for _, r := range rules {
		c := before[r.Name]
		switch {
		case c == nil || c.given.Kind != r.Kind:
			c = newCounter(r)
		case c.given != r:
			c.follow(r, now)
		}
		s.rules = append(s.rules, c)
		s.byName[r.Name] = c
	}
}

// follow changes the terms in the running window.
func (c *counter) follow(r Rule, now time.Time) {
	if c.Kind == Window {
		c.roll(now)
	}
	c.Rule, c.given = r, r
	if c.Kind == Window {
		c.cut(now)
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
		own := *u
		n.used[key] = &own
	}
	return n
}
