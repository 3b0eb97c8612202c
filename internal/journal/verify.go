package journal

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	maxMisses      = 3
	maxDifferences = 20
)

// Expectation says which exchanges are expected, and how many. A zero field asks
// for nothing. Body is compared with the request's JSON: of an object the given
// fields must be there, an array must have the same length and match element by
// element, numbers must have the same value (1.0 is 1). It is what
// encoding/json decodes (UseNumber or not) or encodes. Min and Max bound the
// count (nil: Min 1, no Max; Max alone lowers Min where it must).
type Expectation struct {
	Marketplace string
	Operation   string
	Status      int
	Query       map[string]string // a subset; of a parameter sent several times one value will do
	Body        any
	Min, Max    *int
}

// Miss is an exchange that was not meant, and why.
type Miss struct {
	Exchange    Exchange
	Differences []string // `/chat_id: expected "a", got "b"`, at most 20 and a word on the rest
}

// Verdict is what Verify found.
type Verdict struct {
	Held   bool
	Count  int
	Misses []Miss // when there were too few: the nearest first, up to 3
}

type miss struct {
	entry       *entry
	other       bool // another operation
	differences []string
}

// Verify counts the exchanges that match x. The nearest misses are those of the
// same operation with the fewest differences, then others; of equal ones the
// latest. Values in differences are shortened and, under secret names, masked.
func (j *Journal) Verify(x Expectation) Verdict {
	expected, err := normal(x.Body)
	entries, _, _ := j.since(0, false)
	var v Verdict
	var misses []miss
	for _, e := range entries {
		m := x.compare(e, expected)
		if err != nil {
			m.differences = append(m.differences, "body: the expectation is not JSON: "+err.Error())
		}
		if len(m.differences) == 0 {
			v.Count++
			continue
		}
		misses = append(misses, m)
	}
	low, high := x.bounds()
	v.Held = err == nil && v.Count >= low && (high < 0 || v.Count <= high)
	if v.Held || v.Count >= low && err == nil {
		return v
	}
	for _, m := range nearest(misses) {
		v.Misses = append(v.Misses, Miss{Exchange: m.entry.shown(j.check), Differences: abridge(m.differences)})
	}
	return v
}

// bounds are the least and the greatest count, -1 for none.
func (x Expectation) bounds() (low, high int) {
	low, high = 1, -1
	if x.Max != nil {
		high = *x.Max
		low = min(low, high)
	}
	if x.Min != nil {
		low = *x.Min
	}
	return low, high
}

func (x Expectation) compare(e *entry, expected any) miss {
	got := &e.exchange
	m := miss{entry: e}
	differ := func(what, want, is string) {
		m.differences = append(m.differences, fmt.Sprintf("%s: expected %s, got %s", what, want, is))
	}
	if x.Marketplace != "" && x.Marketplace != got.Marketplace {
		m.other = true
		differ("marketplace", x.Marketplace, orNothing(got.Marketplace))
	}
	if x.Operation != "" && x.Operation != got.Operation {
		m.other = true
		differ("operation", x.Operation, orNothing(got.Operation))
	}
	if x.Status != 0 && x.Status != got.Status {
		differ("status", strconv.Itoa(x.Status), strconv.Itoa(got.Status))
	}
	m.differences = append(m.differences, compareQuery(x.Query, got.URL)...)
	if x.Body != nil {
		m.differences = append(m.differences, compareBody(expected, got.Request)...)
	}
	return m
}

// compareQuery says which parameters a URL does not have with these values.
func compareQuery(want map[string]string, address string) []string {
	if len(want) == 0 {
		return nil
	}
	_, raw, _ := strings.Cut(address, "?")
	got, _ := url.ParseQuery(raw) // what can be read
	var out []string
	for _, name := range slices.Sorted(maps.Keys(want)) {
		switch values := got[name]; {
		case len(values) == 0:
			out = append(out, fmt.Sprintf("query %s: expected %q, got nothing", name, want[name]))
		case !slices.Contains(values, want[name]):
			out = append(out, fmt.Sprintf("query %s: expected %q, got %q", name, want[name], strings.Join(values, ", ")))
		}
	}
	return out
}

func compareBody(expected any, b Body) []string {
	if b.Cut {
		return []string{fmt.Sprintf("body: only the first %d of %d bytes are kept", len(b.Bytes), b.Length)}
	}
	if len(b.Bytes) == 0 {
		return []string{"body: expected JSON, got nothing"}
	}
	got, err := decode(b.Bytes)
	if err != nil {
		return []string{"body: expected JSON, got something else"}
	}
	var d difference
	d.subset("", expected, got, false)
	return d.list
}

func nearest(misses []miss) []miss {
	slices.SortFunc(misses, func(a, b miss) int {
		if a.other != b.other {
			if a.other {
				return 1
			}
			return -1
		}
		return cmp.Or(
			cmp.Compare(len(a.differences), len(b.differences)),
			cmp.Compare(b.entry.exchange.ID, a.entry.exchange.ID),
		)
	})
	return misses[:min(len(misses), maxMisses)]
}

func abridge(differences []string) []string {
	if more := len(differences) - maxDifferences; more > 0 {
		return append(differences[:maxDifferences:maxDifferences], fmt.Sprintf("and %d more", more))
	}
	return differences
}

func orNothing(s string) string { return cmp.Or(s, "nothing") }

// normal turns what an expectation may hold into what decode returns.
func normal(v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return decode(b)
}

// decode reads exactly one JSON value, numbers as they stand.
func decode(b []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one value")
	}
	return v, nil
}
