package fault

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Invalid is a rule that makes no sense. Field is named as in the control API.
type Invalid struct{ Field, Reason string }

func (e *Invalid) Error() string { return e.Field + ": " + e.Reason }

const (
	lowestStatus  = 200
	highestStatus = 599
	defaultStatus = 500 // of a call that was stored
	longestID     = 64

	letters    = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits     = "0123456789"
	marks      = "._-"
	tokenChars = letters + digits + "!#$%&'*+-.^_`|~" // of a header's name
)

// shape is what a kind of rule may have: stages, the natural one first, and
// fields beside those that every kind has.
type shape struct {
	kind   Kind
	stages []Stage
	fields []string
}

var shapes = []shape{
	{Status, []Stage{Before, After}, []string{"status", "message", "body", "headers"}},
	{RateLimit, []Stage{Before}, []string{"message", "body", "headers"}},
	{Delay, []Stage{Before, After}, []string{"delay"}},
	{Drop, []Stage{Before, After}, nil},
	{Truncate, []Stage{After}, []string{"bytes"}},
	{BreakSpec, []Stage{After}, []string{"body"}},
	{Lose, []Stage{Push}, nil},
	{Late, []Stage{Push}, []string{"delay"}},
	{Duplicate, []Stage{Push}, nil},
	{Reorder, []Stage{Push}, nil},
}

// complete checks a rule and fills in its defaults but the ID.
func complete(r Rule) (Rule, error) {
	i := slices.IndexFunc(shapes, func(s shape) bool { return s.kind == r.Kind })
	if i < 0 {
		return r, unknownKind(r.Kind)
	}
	allowed := shapes[i]
	if r.Stage == "" {
		r.Stage = allowed.stages[0]
	}
	if r.Kind == Status && r.Stage == After && r.Status == 0 {
		r.Status = defaultStatus
	}
	r.Hits = 0
	return r, firstOf(
		checkID(r.ID),
		allowed.checkStage(r.Stage),
		allowed.checkFields(&r),
		checkValues(&r),
		checkHeaders(r.Header),
	)
}

// firstOf is not errors.Join: one mistake at a time is told.
func firstOf(mistakes ...*Invalid) error {
	for _, m := range mistakes {
		if m != nil {
			return m
		}
	}
	return nil
}

func unknownKind(k Kind) *Invalid {
	names := make([]string, len(shapes))
	for i, s := range shapes {
		names[i] = string(s.kind)
	}
	known := strings.Join(names, ", ")
	if k == "" {
		return &Invalid{"kind", "is missing; it is one of " + known}
	}
	return &Invalid{"kind", fmt.Sprintf("%q is none of %s", k, known)}
}

func checkID(id string) *Invalid {
	if len(id) > longestID {
		return &Invalid{"id", fmt.Sprintf("must not be longer than %d characters", longestID)}
	}
	if !consists(id, letters+digits+marks) || consists(id, marks) && id != "" {
		return &Invalid{"id", "must consist of letters, digits and ._-, not of the latter alone"}
	}
	return nil
}

func (s shape) checkStage(stage Stage) *Invalid {
	if slices.Contains(s.stages, stage) {
		return nil
	}
	names := make([]string, len(s.stages))
	for i, allowed := range s.stages {
		names[i] = string(allowed)
	}
	return &Invalid{"stage", fmt.Sprintf("a fault of kind %s applies at stage %s, not %q", s.kind, strings.Join(names, " or "), stage)}
}

// checkFields refuses what would be ignored.
func (s shape) checkFields(r *Rule) *Invalid {
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"status", r.Status != 0},
		{"message", r.Message != ""},
		{"body", r.Body != ""},
		{"headers", len(r.Header) > 0},
		{"delay", r.Delay != 0},
		{"bytes", r.Bytes != 0},
	} {
		if f.set && !slices.Contains(s.fields, f.name) {
			return &Invalid{f.name, fmt.Sprintf("means nothing in a fault of kind %s", s.kind)}
		}
	}
	return nil
}

func checkValues(r *Rule) *Invalid {
	switch {
	case r.Kind == Status && r.Status == 0:
		return &Invalid{"status", "is missing; it is required before the operation"}
	case r.Kind == Status && (r.Status < lowestStatus || r.Status > highestStatus):
		return &Invalid{"status", fmt.Sprintf("must be from %d to %d", lowestStatus, highestStatus)}
	case (r.Kind == Delay || r.Kind == Late) && r.Delay <= 0:
		return &Invalid{"delay", "must be above 0"}
	case r.Bytes < 0:
		return &Invalid{"bytes", "must not be below 0"}
	case r.Times < 0:
		return &Invalid{"times", "must not be below 0; 0 means until removed"}
	case math.IsNaN(r.Share) || r.Share < 0 || r.Share > 1:
		return &Invalid{"share", "must be from 0 to 1"}
	}
	return nil
}

// checkHeaders refuses what net/http would not send as given.
func checkHeaders(header map[string]string) *Invalid {
	for name, value := range header {
		if name == "" || !consists(name, tokenChars) {
			return &Invalid{"headers", fmt.Sprintf("%q is no name of a header", name)}
		}
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			return &Invalid{"headers", fmt.Sprintf("the value of %s has a control character", name)}
		}
	}
	return nil
}

// consists tells whether s has no other characters: what Trim leaves begins with
// one.
func consists(s, of string) bool { return strings.Trim(s, of) == "" }
