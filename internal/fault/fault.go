// Package fault holds a test's wishes for trouble: calls that are refused, cut,
// delayed or answered wrongly, notifications that get lost. It decides which rule
// applies; carrying it out is the server's and push's work, and what a marketplace
// or an operation is it does not know: they are names.
package fault

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Stage is the moment at which a rule applies.
type Stage string

// The stages.
const (
	Before Stage = "before" // instead of the operation
	After  Stage = "after"  // the operation ran, its effects are stored, the answer is spoilt
	Push   Stage = "push"   // on a notification
)

// Kind is what a rule does. The first stage named is its natural one.
type Kind string

// The kinds.
const (
	Status    Kind = "status"     // before or after: any status, in the vendor's words (after: stored but answered 500)
	RateLimit Kind = "rate-limit" // before: the vendor's 429/420 with its headers
	Delay     Kind = "delay"      // before or after: wall time
	Drop      Kind = "drop"       // before or after: the connection is closed without an answer
	Truncate  Kind = "truncate"   // after: the first Bytes of the body, then the connection closes
	BreakSpec Kind = "break-spec" // after: a body that the spec does not allow
	Lose      Kind = "lose"       // push: never sent
	Late      Kind = "late"       // push: sent after Delay on the sandbox's clock
	Duplicate Kind = "duplicate"  // push: sent twice
	Reorder   Kind = "reorder"    // push: held back until the next one has been sent
)

// Rule says what happens to which calls.
type Rule struct {
	ID          string // letters, digits and ._- (up to 64); f1, f2, … when empty
	Marketplace string // "" = any
	Operation   string // operationId or push event type; "" = any
	Stage       Stage  // "" = the kind's natural one
	Kind        Kind
	Status      int               // of Status: 200 to 599; required before, 500 when 0 after
	Message     string            // of Status, RateLimit: replaces the vendor's text
	Body        string            // of Status, RateLimit, BreakSpec: replaces the body
	Header      map[string]string // of Status, RateLimit: added to the answer
	Delay       time.Duration     // of Delay, Late: above 0
	Bytes       int               // of Truncate
	Times       int               // how often it applies; 0 = until removed
	Share       float64           // of the calls that match, 0 to 1, drawn from Seed; 0 = all of them
	Seed        uint64            // the same seed draws the same calls: give each rule its own
	Hits        int               // how often it applied
}

// spent is a rule that has applied as often as it may.
func (r *Rule) spent() bool { return r.Times > 0 && r.Hits >= r.Times }

func (r *Rule) copied() Rule {
	c := *r
	c.Header = maps.Clone(r.Header)
	return c
}

// Set is the rules of one sandbox; safe for concurrent use. While no rule can
// apply, Match costs one atomic load.
type Set struct {
	live atomic.Int64 // rules not spent; written under mu

	mu    sync.Mutex
	rules []*entry // in order of adding
	last  int      // number of the last ID given
}

// entry is a rule with the state of its draws.
type entry struct {
	rule  Rule
	draws *rand.PCG // of a Share between 0 and 1, else nil
}

// NewSet returns a set without rules.
func NewSet() *Set { return &Set{} }

// Add checks a rule, fills in its ID, Stage and Status, and appends it; Hits
// begin at 0. It returns the rule as it stands, or *Invalid, which names the
// field as the control API does.
func (s *Set) Add(r Rule) (Rule, error) {
	r, err := complete(r.copied())
	if err != nil {
		return Rule{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.ID == "" {
		r.ID = s.mint()
	} else if s.find(r.ID) >= 0 {
		return Rule{}, &Invalid{"id", strconv.Quote(r.ID) + " is taken"}
	}
	e := &entry{rule: r}
	if r.Share > 0 && r.Share < 1 {
		e.draws = rand.NewPCG(r.Seed, 0)
	}
	s.rules = append(s.rules, e)
	s.live.Add(1)
	return r.copied(), nil
}

// List is all rules in order of adding, with those that have applied as often as
// they may.
func (s *Set) List() []Rule {
	s.mu.Lock()
	defer s.mu.Unlock()
	rules := make([]Rule, len(s.rules))
	for i, e := range s.rules {
		rules[i] = e.rule.copied()
	}
	return rules
}

// Remove tells whether there was such a rule.
func (s *Set) Remove(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.find(id)
	if i < 0 {
		return false
	}
	s.rules = slices.Delete(s.rules, i, i+1)
	s.count()
	return true
}

// Clear removes all rules. The IDs given go on.
func (s *Set) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = nil
	s.count()
}

// Match returns the rules that apply to this call, in order of adding, and
// counts a use of each. It draws once for every rule with a Share that fits.
func (s *Set) Match(stage Stage, marketplace, operation string) []Rule {
	if s.live.Load() == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var matched []Rule
	for _, e := range s.rules {
		if !e.rule.fits(stage, marketplace, operation) || !e.drawn() {
			continue
		}
		e.rule.Hits++
		if e.rule.spent() {
			s.live.Add(-1)
		}
		matched = append(matched, e.rule.copied())
	}
	return matched
}

func (r *Rule) fits(stage Stage, marketplace, operation string) bool {
	return r.Stage == stage && !r.spent() &&
		(r.Marketplace == "" || r.Marketplace == marketplace) &&
		(r.Operation == "" || r.Operation == operation)
}

func (e *entry) drawn() bool {
	return e.draws == nil || rand.New(e.draws).Float64() < e.rule.Share
}

// mint needs mu.
func (s *Set) mint() string {
	for {
		s.last++
		if id := "f" + strconv.Itoa(s.last); s.find(id) < 0 {
			return id
		}
	}
}

// find is the place of the rule, -1 without. It needs mu.
func (s *Set) find(id string) int {
	return slices.IndexFunc(s.rules, func(e *entry) bool { return e.rule.ID == id })
}

// count needs mu.
func (s *Set) count() {
	live := int64(0)
	for _, e := range s.rules {
		if !e.rule.spent() {
			live++
		}
	}
	s.live.Store(live)
}

// Snapshot is the rules of a set, with their hits and the state of their draws.
// It does not change, and can be restored any number of times.
type Snapshot struct {
	rules []*entry
	last  int
}

// Snapshot copies the set.
func (s *Set) Snapshot() *Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &Snapshot{rules: copied(s.rules), last: s.last}
}

// Restore puts the set to what the snapshot has. The calls drawn after it are
// those that were drawn after the snapshot.
func (s *Set) Restore(taken *Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules, s.last = copied(taken.rules), taken.last
	s.count()
}

func copied(rules []*entry) []*entry {
	own := make([]*entry, len(rules))
	for i, e := range rules {
		own[i] = &entry{rule: e.rule.copied()}
		if e.draws != nil {
			draws := *e.draws
			own[i].draws = &draws
		}
	}
	return own
}
