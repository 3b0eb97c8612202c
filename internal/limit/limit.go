// Package limit counts: requests in windows (per second, per hour, per day) and
// requests in flight, per key. It knows no vendor and no HTTP, and what a key
// means is its caller's business.
//
// A window is fixed: its length divides time from the Unix epoch on, or from an
// offset to it, so all keys of a rule share its beginning and its end. Or it slides: at every call it is
// the time before, and holds that key's calls. Memory holds the keys of the
// running window only, and of those that slide a time for each call, up to the
// rule's Max for a key. The time is the function given to NewSet, a sandbox's
// clock: while it stands, no window ends.
package limit

import (
	"fmt"
	"math"
	"sync"
	"time"
)

// Kind is the way of counting.
type Kind string

// The ways of counting.
const (
	Window   Kind = "window"    // in Per on the sandbox's clock: windows aligned to the epoch, or one that slides
	InFlight Kind = "in-flight" // at the same time
)

// Unlimited is what Remaining says when Max is below 0.
const Unlimited = math.MaxInt32

// Rule is one limit. Max 0 = nothing passes; Max < 0 = unlimited, but counted
// unless it slides.
type Rule struct {
	Name        string // e.g. requests-per-second
	Kind        Kind
	Max         int
	Per         time.Duration // of a Window, above 0
	Offset      time.Duration // of a Window that does not slide: its windows begin at multiples of Per plus this since the epoch. -8h: days of UTC+08:00
	Slides      bool          // a Window that looks back from every call: at most Max in any Per
	Key         string        // what is counted for, in words: "Client-Id", "operation and businessId"
	Description string
}

// Grant is the answer to one Take, Peek or Enter. Per, Reset, RetryAfter and Early
// are set for a Window only: nobody knows when a call in flight will end.
type Grant struct {
	OK         bool
	Limit      int           // the rule's Max
	Per        time.Duration // the rule's
	Remaining  int           // after this call (Peek: before it); Unlimited for a Max below 0
	Reset      time.Time     // when the window ends; of one that slides, when the oldest call leaves it, or after a refusal so many that one passes
	RetryAfter time.Duration // until Reset, above 0; 0 when OK
	Early      bool          // the same key was refused before and came back before it might
	counted    mark          // of a Take
}

// mark finds a call in the counts. The zero mark is of one that was not counted.
type mark struct {
	use *use      // where
	at  time.Time // when, of a window that slides
}

// Set is the limits of one world; safe for concurrent use.
//
// A call for a rule that the set does not have, or that is of the other kind, is
// granted as unlimited and not counted.
type Set struct {
	now func() time.Time

	mu     sync.Mutex
	rules  []*counter // in the order given
	byName map[string]*counter
}

// NewSet returns a set of the rules with nothing counted. It panics for rules
// that are a mistake in the program: without a name, of the same name, of an
// unknown kind, a Window without a length, calls in flight that slide, or an
// Offset of anything but fixed windows.
func NewSet(now func() time.Time, rules []Rule) *Set {
	s := &Set{now: now}
	s.Follow(rules)
	return s
}

func (r Rule) check() error {
	switch {
	case r.Name == "":
		return &Invalid{"name", "is missing"}
	case r.Kind != Window && r.Kind != InFlight:
		return &Invalid{"kind", fmt.Sprintf("%q is none of window, in-flight", r.Kind)}
	case r.Kind == Window && r.Per <= 0:
		return &Invalid{"per", "must be above 0"}
	case r.Kind == InFlight && r.Slides:
		return &Invalid{"slides", "a limit of calls in flight has no window"}
	case r.Offset != 0 && (r.Kind == InFlight || r.Slides):
		return &Invalid{"offset", "only a fixed window begins somewhere"}
	}
	return nil
}

// Take counts one call of a Window rule if it passes; a refused call is not
// counted. Grant.Early is for a call after a refusal, before the Reset that the
// refusal told.
func (s *Set) Take(rule, key string) Grant {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.counter(rule, Window)
	if c == nil {
		return granted()
	}
	return c.take(now, key)
}

// Peek is for headers: it counts nothing, OK tells whether Take (or Enter, for an
// InFlight rule) would pass now, and Remaining how often.
func (s *Set) Peek(rule, key string) Grant {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.byName[rule]
	switch {
	case c == nil:
		return granted()
	case c.Kind == InFlight:
		return c.grant(c.flight[key])
	}
	c.roll(now)
	u := c.used[key]
	if u == nil {
		u = &use{}
	}
	return c.window(now, u)
}

// Refund takes back a call that the vendor does not count after all: the one that
// Take granted so, and that once. It does nothing when the window that counted it
// has ended, when it was forgotten (Clear, Restore), or was not counted. It does
// not make a refusal undone.
func (s *Set) Refund(rule, key string, granted Grant) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.counter(rule, Window)
	if c == nil {
		return
	}
	c.refund(now, key, granted.counted)
}

// Enter counts one call in flight of an InFlight rule if it passes, until leave
// is called. Leave is never nil; calls after the first, and after a refusal, do
// nothing.
func (s *Set) Enter(rule, key string) (leave func(), grant Grant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.counter(rule, InFlight)
	if c == nil {
		return func() {}, granted()
	}
	grant = c.grant(c.flight[key])
	if !grant.OK {
		return func() {}, grant
	}
	c.flight[key]++
	if c.Max >= 0 {
		grant.Remaining--
	}
	return sync.OnceFunc(func() { s.leave(c, key) }), grant
}

func (s *Set) leave(c *counter, key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.flight[key]--
	if c.flight[key] == 0 {
		delete(c.flight, key)
	}
}

// Rules are the rules as they are now, in the order given to NewSet.
func (s *Set) Rules() []Rule {
	s.mu.Lock()
	defer s.mu.Unlock()
	rules := make([]Rule, len(s.rules))
	for i, c := range s.rules {
		rules[i] = c.Rule
	}
	return rules
}

// counter needs mu.
func (s *Set) counter(rule string, kind Kind) *counter {
	c := s.byName[rule]
	if c == nil || c.Kind != kind {
		return nil
	}
	return c
}

func granted() Grant { return Grant{OK: true, Limit: -1, Remaining: Unlimited} }
