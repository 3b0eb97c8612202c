package marketplace

import (
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// parameter is one of a query.
type parameter struct{ name, value string }

// Query is the first value in the query that stands under one of the names. A part
// that is badly escaped stands for itself. The query is read once, when it is first
// asked for.
func (c *Call) Query(names ...string) (value string, given bool) {
	for _, p := range c.parameters() {
		if slices.Contains(names, p.name) {
			return p.value, true
		}
	}
	return "", false
}

// Queries are all values under a name, in their order.
func (c *Call) Queries(name string) []string {
	var out []string
	for _, p := range c.parameters() {
		if p.name == name {
			out = append(out, p.value)
		}
	}
	return out
}

func (c *Call) parameters() []parameter {
	raw := c.Request.URL.RawQuery
	if c.query != nil || raw == "" {
		return c.query
	}
	c.query = make([]parameter, 0, 1+strings.Count(raw, "&"))
	for p := range parametersOf(raw) {
		c.query = append(c.query, p)
	}
	return c.query
}

// InQuery is Query of a request whose call is not known yet.
func InQuery(r *http.Request, names ...string) (value string, given bool) {
	for p := range parametersOf(r.URL.RawQuery) {
		if slices.Contains(names, p.name) {
			return p.value, true
		}
	}
	return "", false
}

func parametersOf(raw string) iter.Seq[parameter] {
	return func(yield func(parameter) bool) {
		for part := range strings.SplitSeq(raw, "&") {
			name, value, _ := strings.Cut(part, "=")
			if !yield(parameter{unescaped(name), unescaped(value)}) {
				return
			}
		}
	}
}

func unescaped(s string) string {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s
	}
	if out, err := url.QueryUnescape(s); err == nil {
		return out
	}
	return s
}
