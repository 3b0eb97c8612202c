package marketplace

import (
	"net/url"
	"strings"
)

// parameter is one of a query.
type parameter struct{ name, value string }

// Query is the first value that stands under a name in the query. A part that is
// badly escaped stands for itself. The query is read once, when it is first asked
// for.
func (c *Call) Query(name string) (value string, given bool) {
	for _, p := range c.parameters() {
		if p.name == name {
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
	for part := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(part, "=")
		c.query = append(c.query, parameter{unescaped(name), unescaped(value)})
	}
	return c.query
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
