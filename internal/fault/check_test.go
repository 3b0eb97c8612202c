package fault_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/fault"
)

func TestDefaultsAreFilledIn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ given, want fault.Rule }{
		"the stage of status": {
			fault.Rule{Kind: fault.Status, Status: 403},
			fault.Rule{ID: "f1", Kind: fault.Status, Stage: fault.Before, Status: 403},
		},
		"the status after the operation": {
			fault.Rule{Kind: fault.Status, Stage: fault.After},
			fault.Rule{ID: "f1", Kind: fault.Status, Stage: fault.After, Status: 500},
		},
		"hits begin at 0": {
			fault.Rule{ID: "mine", Kind: fault.Drop, Hits: 5},
			fault.Rule{ID: "mine", Kind: fault.Drop, Stage: fault.Before},
		},
		"the stage of rate-limit": {fault.Rule{Kind: fault.RateLimit}, fault.Rule{ID: "f1", Kind: fault.RateLimit, Stage: fault.Before}},
		"the stage of truncate":   {fault.Rule{Kind: fault.Truncate}, fault.Rule{ID: "f1", Kind: fault.Truncate, Stage: fault.After}},
		"the stage of break-spec": {fault.Rule{Kind: fault.BreakSpec}, fault.Rule{ID: "f1", Kind: fault.BreakSpec, Stage: fault.After}},
		"the stage of lose":       {fault.Rule{Kind: fault.Lose}, fault.Rule{ID: "f1", Kind: fault.Lose, Stage: fault.Push}},
		"the stage of duplicate":  {fault.Rule{Kind: fault.Duplicate}, fault.Rule{ID: "f1", Kind: fault.Duplicate, Stage: fault.Push}},
		"the stage of reorder":    {fault.Rule{Kind: fault.Reorder}, fault.Rule{ID: "f1", Kind: fault.Reorder, Stage: fault.Push}},
		"the stage of delay": {
			fault.Rule{Kind: fault.Delay, Delay: 1}, fault.Rule{ID: "f1", Kind: fault.Delay, Stage: fault.Before, Delay: 1},
		},
		"the stage of late": {
			fault.Rule{Kind: fault.Late, Delay: 1}, fault.Rule{ID: "f1", Kind: fault.Late, Stage: fault.Push, Delay: 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := fault.NewSet()
			got, err := s.Add(c.given)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
			require.Equal(t, []fault.Rule{c.want}, s.List())
		})
	}
}

func TestEveryKindAppliesAtItsStagesOnly(t *testing.T) {
	t.Parallel()
	answer := []fault.Stage{fault.Before, fault.After}
	for kind, stages := range map[fault.Kind][]fault.Stage{
		fault.Status:    answer,
		fault.RateLimit: {fault.Before},
		fault.Delay:     answer,
		fault.Drop:      answer,
		fault.Truncate:  {fault.After},
		fault.BreakSpec: {fault.After},
		fault.Lose:      {fault.Push},
		fault.Late:      {fault.Push},
		fault.Duplicate: {fault.Push},
		fault.Reorder:   {fault.Push},
	} {
		for _, stage := range []fault.Stage{fault.Before, fault.After, fault.Push, "sometime"} {
			r := fault.Rule{Kind: kind, Stage: stage}
			switch kind {
			case fault.Status:
				r.Status = 503
			case fault.Delay, fault.Late:
				r.Delay = time.Second
			}
			_, err := fault.NewSet().Add(r)
			if slices.Contains(stages, stage) {
				require.NoError(t, err, "%s at %s", kind, stage)
				continue
			}
			var invalid *fault.Invalid
			require.ErrorAs(t, err, &invalid, "%s at %s", kind, stage)
			require.Equal(t, "stage", invalid.Field)
		}
	}
}

func TestARuleThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	status := func(change func(*fault.Rule)) fault.Rule {
		r := fault.Rule{Kind: fault.Status, Status: 503}
		change(&r)
		return r
	}
	for name, c := range map[string]struct {
		rule fault.Rule
		want string
	}{
		"no kind": {
			fault.Rule{},
			"kind: is missing; it is one of status, rate-limit, delay, drop, truncate, break-spec, lose, late, duplicate, reorder",
		},
		"an unknown kind": {
			fault.Rule{Kind: "explode"},
			`kind: "explode" is none of status, rate-limit, delay, drop, truncate, break-spec, lose, late, duplicate, reorder`,
		},
		"a stage that is not the kind's": {
			fault.Rule{Kind: fault.Drop, Stage: fault.Push},
			`stage: a fault of kind drop applies at stage before or after, not "push"`,
		},
		"no status before":           {fault.Rule{Kind: fault.Status}, "status: is missing; it is required before the operation"},
		"a status too low":           {status(func(r *fault.Rule) { r.Status = 199 }), "status: must be from 200 to 599"},
		"a status too high":          {status(func(r *fault.Rule) { r.Status = 600 }), "status: must be from 200 to 599"},
		"no delay":                   {fault.Rule{Kind: fault.Delay}, "delay: must be above 0"},
		"a negative delay":           {fault.Rule{Kind: fault.Late, Delay: -1}, "delay: must be above 0"},
		"negative bytes":             {fault.Rule{Kind: fault.Truncate, Bytes: -1}, "bytes: must not be below 0"},
		"negative times":             {fault.Rule{Kind: fault.Drop, Times: -1}, "times: must not be below 0; 0 means until removed"},
		"a negative share":           {fault.Rule{Kind: fault.Drop, Share: -0.1}, "share: must be from 0 to 1"},
		"a share over 1":             {fault.Rule{Kind: fault.Drop, Share: 1.1}, "share: must be from 0 to 1"},
		"a share that is no number":  {fault.Rule{Kind: fault.Drop, Share: math.NaN()}, "share: must be from 0 to 1"},
		"a status of a rate limit":   {fault.Rule{Kind: fault.RateLimit, Status: 429}, "status: means nothing in a fault of kind rate-limit"},
		"a message of a drop":        {fault.Rule{Kind: fault.Drop, Message: "x"}, "message: means nothing in a fault of kind drop"},
		"a body of a truncation":     {fault.Rule{Kind: fault.Truncate, Body: "x"}, "body: means nothing in a fault of kind truncate"},
		"a delay of a status":        {status(func(r *fault.Rule) { r.Delay = 1 }), "delay: means nothing in a fault of kind status"},
		"bytes of a status":          {status(func(r *fault.Rule) { r.Bytes = 1 }), "bytes: means nothing in a fault of kind status"},
		"a header of a lost push":    {fault.Rule{Kind: fault.Lose, Header: map[string]string{"A": "b"}}, "headers: means nothing in a fault of kind lose"},
		"an id with a slash":         {fault.Rule{ID: "a/b", Kind: fault.Drop}, "id: must consist of letters, digits and ._-, not of the latter alone"},
		"an id of dots":              {fault.Rule{ID: "..", Kind: fault.Drop}, "id: must consist of letters, digits and ._-, not of the latter alone"},
		"a long id":                  {fault.Rule{ID: strings.Repeat("x", 65), Kind: fault.Drop}, "id: must not be longer than 64 characters"},
		"a header without a name":    {status(func(r *fault.Rule) { r.Header = map[string]string{"": "x"} }), `headers: "" is no name of a header`},
		"a header of two words":      {status(func(r *fault.Rule) { r.Header = map[string]string{"A B": "x"} }), `headers: "A B" is no name of a header`},
		"a header with a line break": {status(func(r *fault.Rule) { r.Header = map[string]string{"A": "x\r\nB: y"} }), "headers: the value of A has a control character"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := fault.NewSet()
			_, err := s.Add(c.rule)
			var invalid *fault.Invalid
			require.ErrorAs(t, err, &invalid)
			require.EqualError(t, err, c.want)
			require.Empty(t, s.List())
		})
	}
}

func TestARuleMayHaveWhatItsKindUses(t *testing.T) {
	t.Parallel()
	header := map[string]string{"Retry-After": "10", "X-Text": "a\tb é"}
	for _, r := range []fault.Rule{
		{Kind: fault.Status, Status: 200, Message: "m", Body: "b", Header: header, Times: 1, Share: 1},
		{Kind: fault.Status, Stage: fault.After, Status: 599},
		{Kind: fault.RateLimit, Message: "m", Body: "b", Header: header},
		{Kind: fault.Truncate, Bytes: 10},
		{Kind: fault.BreakSpec, Body: "{"},
		{Kind: fault.Drop, ID: "drop-1.a_B", Header: map[string]string{}},
	} {
		_, err := fault.NewSet().Add(r)
		require.NoError(t, err, "%+v", r)
	}
}
