package openapi

import (
	"errors"
	"fmt"
	"slices"
)

// aliases reads the extension x-aliases: the names that a query parameter is
// taken under. Its own is one of them, named or not.
func aliases(m map[string]any, name, at string) ([]string, error) {
	list, ok := m["x-aliases"].([]any)
	if !ok && m["x-aliases"] != nil {
		return nil, errors.New(at + "/x-aliases: is not a list")
	}
	var out []string
	for _, v := range list {
		alias, _ := v.(string)
		switch {
		case alias == "":
			return nil, fmt.Errorf("%s/x-aliases: %v is not a name", at, v)
		case alias != name && !slices.Contains(out, alias):
			out = append(out, alias)
		}
	}
	return out, nil
}

// distinct refuses an alias that is a name of another parameter.
func (o *operation) distinct() error {
	owner := map[string]string{}
	for i := range o.parameters {
		p := &o.parameters[i]
		if p.in != "query" {
			continue
		}
		for _, name := range append([]string{p.name}, p.aliases...) {
			if other, taken := owner[name]; taken {
				return fmt.Errorf("%s: %s is a name of %s and of %s", p.at, name, other, p.name)
			}
			owner[name] = p.name
		}
	}
	return nil
}

func (o *operation) hasQuery(name string) bool {
	for i := range o.parameters {
		if o.parameters[i].in == "query" && o.parameters[i].named(name) {
			return true
		}
	}
	return false
}

// named tells whether a query parameter travels under a name.
func (p *parameter) named(name string) bool {
	return p.name == name || len(p.aliases) > 0 && slices.Contains(p.aliases, name)
}

// queried checks a parameter of the query under the name that came first.
func (c *checker) queried(p *parameter, query []pair, values []string) {
	name, several := "", false
	for i := range query {
		pair := &query[i]
		if !p.named(pair.name) {
			continue
		}
		pair.known = true
		if name == "" {
			name = pair.name
		}
		several = several || pair.name != name
		values = append(values, pair.value)
	}
	if name == "" {
		name = p.name
	}
	if several && p.array && p.explode { // else parameter tells
		c.found(Finding{In: p.in, Pointer: name, Rule: "duplicate", Message: name + " is given under two of its names", Spec: p.at})
	}
	c.parameter(p, name, values)
}
