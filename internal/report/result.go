// Package report writes what a run found: for people, for CI (JUnit XML) and
// for programs (JSON Lines). It knows results only, neither how they came about
// nor any marketplace.
package report

import (
	"slices"
	"time"
)

// Status is the outcome of one scenario.
type Status string

// The outcomes. Refused is a scenario that was not run because it would have
// written to a live account without permission.
const (
	Passed  Status = "passed"
	Failed  Status = "failed"
	Skipped Status = "skipped"
	Refused Status = "refused"
)

// Result is what became of one scenario. Nothing in it holds a credential.
type Result struct {
	Name        string        `json:"name"`
	File        string        `json:"file"`
	Marketplace string        `json:"marketplace"`
	Claims      []string      `json:"claims,omitempty"`
	Status      Status        `json:"status"`
	Reason      string        `json:"reason,omitempty"` // why skipped or refused
	Duration    time.Duration `json:"-"`
	Failures    []Failure     `json:"failures,omitempty"`
	Notes       []string      `json:"notes,omitempty"` // such as requests that the spec does not allow
	Steps       []Step        `json:"steps,omitempty"`
	Exchanges   int           `json:"exchanges"`
	Findings    int           `json:"findings"`            // of requests and answers against the spec
	Unexpected  int           `json:"unexpected_findings"` // those that the scenario does not ask for
	Seen        []Seen        `json:"seen,omitempty"`
	Sandbox     string        `json:"sandbox,omitempty"` // if it was kept
	Unreachable bool          `json:"unreachable,omitempty"`
	Interrupted bool          `json:"interrupted,omitempty"`
}

// Map is the result with every text that people read changed by f.
func (r Result) Map(f func(string) string) Result {
	each := func(list []string) []string {
		out := slices.Clone(list)
		for i := range out {
			out[i] = f(out[i])
		}
		return out
	}
	r.Name, r.File, r.Marketplace, r.Reason, r.Sandbox = f(r.Name), f(r.File), f(r.Marketplace), f(r.Reason), f(r.Sandbox)
	r.Claims, r.Notes = each(r.Claims), each(r.Notes)
	r.Steps, r.Failures, r.Seen = slices.Clone(r.Steps), slices.Clone(r.Failures), slices.Clone(r.Seen)
	for i := range r.Steps {
		s := &r.Steps[i]
		s.Title, s.Answer = f(s.Title), f(s.Answer)
	}
	for i := range r.Seen {
		r.Seen[i].Operation = f(r.Seen[i].Operation)
	}
	for i := range r.Failures {
		e := &r.Failures[i]
		e.File, e.Source, e.Step, e.Message, e.Curl, e.Answer = f(e.File), f(e.Source), f(e.Step), f(e.Message), f(e.Curl), f(e.Answer)
		e.Differences = slices.Clone(e.Differences)
		for k := range e.Differences {
			d := &e.Differences[k]
			d.Pointer, d.Want, d.Got = f(d.Pointer), f(d.Want), f(d.Got)
		}
	}
	return r
}

// Step is one step that ran.
type Step struct {
	Line     int           `json:"line"`
	Title    string        `json:"title"`
	Answer   string        `json:"answer,omitempty"` // e.g. 200, or how often which status
	Duration time.Duration `json:"-"`
}

// Failure is one expectation that did not hold, or what kept a step from
// running. Line and Column count from 1.
type Failure struct {
	File        string       `json:"file"`
	Line        int          `json:"line"`
	Column      int          `json:"column"`
	Source      string       `json:"source,omitempty"` // the line of the file
	Step        string       `json:"step,omitempty"`
	Message     string       `json:"message"`
	Differences []Difference `json:"differences,omitempty"`
	Curl        string       `json:"curl,omitempty"`   // the request, masked
	Answer      string       `json:"answer,omitempty"` // masked and shortened
}

// Difference is one value that is not as expected. Pointer is a JSON pointer
// or the name of what was compared.
type Difference struct {
	Pointer string `json:"pointer"`
	Want    string `json:"want"`
	Got     string `json:"got"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
}

// Seen is an operation answering with a status, by a rule of the API or only
// because a fault made it.
type Seen struct {
	Operation string `json:"operation"`
	Status    int    `json:"status"`
	Fault     bool   `json:"fault,omitempty"`
}

// Summary adds results up.
type Summary struct {
	Passed, Failed, Skipped, Refused int
	Exchanges, Findings, Unexpected  int
	Unreachable, Interrupted         bool
}

// Add counts one more result.
func (s *Summary) Add(r Result) {
	switch r.Status {
	case Passed:
		s.Passed++
	case Failed:
		s.Failed++
	case Skipped:
		s.Skipped++
	case Refused:
		s.Refused++
	}
	s.Exchanges += r.Exchanges
	s.Findings += r.Findings
	s.Unexpected += r.Unexpected
	s.Unreachable = s.Unreachable || r.Unreachable
	s.Interrupted = s.Interrupted || r.Interrupted
}

// Sort orders results by file, then name.
func Sort(results []Result) {
	slices.SortStableFunc(results, func(a, b Result) int {
		if a.File != b.File {
			if a.File < b.File {
				return -1
			}
			return 1
		}
		return 0
	})
}
