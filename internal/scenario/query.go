package scenario

import (
	"net/url"
	"slices"
	"strings"

	"example.com/marketmock/internal/scenario/value"
)

// query is the parameters of a request in the order they are sent. What the step
// names, also to leave it out, is the step's: credentials do not touch it.
type query struct {
	list  []parameter
	named map[string]bool
	ahead url.Values // in the URL already, sent before the list
}

type parameter struct{ name, text string }

// values reads the parameters of a step; a null is left out.
func (d draft) values(lookup value.Lookup, address string) (*query, error) {
	out := &query{named: map[string]bool{}}
	_, ahead, _ := strings.Cut(address, "?")
	ahead, _, _ = strings.Cut(ahead, "#")
	out.ahead, _ = url.ParseQuery(ahead) // a broken one is sent as it is
	for name := range out.ahead {
		out.named[name] = true
	}
	for _, f := range fieldsIn(d.query) {
		v, err := value.Expand(f.Value, lookup)
		if err != nil {
			return nil, err
		}
		out.named[f.Key] = true
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		for _, e := range list {
			if e != nil {
				out.list = append(out.list, parameter{f.Key, value.Text(e)})
			}
		}
	}
	return out, nil
}

// fill adds a parameter unless the step names it.
func (q *query) fill(name, text string) {
	if !q.named[name] {
		q.list = append(q.list, parameter{name, text})
	}
}

// sent is the first value of a parameter, "" if it is left out.
func (q *query) sent(name string) string {
	if list := q.ahead[name]; len(list) > 0 {
		return list[0]
	}
	for _, p := range q.list {
		if p.name == name {
			return p.text
		}
	}
	return ""
}

// order brings the named parameters to the front, the others keep their places.
func (q *query) order(names []string) {
	place := func(p parameter) int {
		if i := slices.Index(names, p.name); i >= 0 {
			return i
		}
		return len(names)
	}
	slices.SortStableFunc(q.list, func(a, b parameter) int { return place(a) - place(b) })
}

// onto appends the parameters to an address.
func (q *query) onto(address string) string {
	var b strings.Builder
	b.WriteString(address)
	separator := byte('?')
	if strings.Contains(address, "?") {
		separator = '&'
	}
	for _, p := range q.list {
		b.WriteByte(separator)
		b.WriteString(url.QueryEscape(p.name) + "=" + url.QueryEscape(p.text))
		separator = '&'
	}
	return b.String()
}
