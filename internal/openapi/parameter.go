package openapi

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
)

// pair is one name and value of a query, decoded.
type pair struct {
	name, value string
	known       bool // as a parameter's
}

func (c *checker) parameters(op *operation, r *Request) {
	query := c.query(r.Query)
	for i := range op.parameters {
		p := &op.parameters[i]
		var few [4]string
		if p.in == "query" {
			c.queried(p, query, few[:0])
			continue
		}
		c.parameter(p, p.name, valuesOf(p, r, few[:0]))
	}
	for _, pair := range query {
		if !pair.known {
			name := short(pair.name)
			c.found(Finding{In: "query", Pointer: name, Rule: "unknown", Message: name + " is not declared", Spec: op.at})
		}
	}
}

// query splits a query at its ampersands.
func (c *checker) query(raw string) []pair {
	if raw == "" {
		return nil
	}
	out := c.pairs[:0]
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		var err error
		if strings.ContainsAny(part, "%+") {
			if name, err = url.QueryUnescape(name); err == nil {
				value, err = url.QueryUnescape(value)
			}
		}
		if err != nil {
			c.found(Finding{In: "query", Pointer: short(name), Rule: "format", Message: "the query is not percent-encoded"})
			continue
		}
		out = append(out, pair{name: name, value: value})
	}
	c.pairs = out
	return out
}

func valuesOf(p *parameter, r *Request, out []string) []string {
	switch p.in {
	case "header":
		return r.Header[p.key]
	case "path":
		if value, ok := r.Path[p.name]; ok {
			out = append(out, value)
		}
	case "cookie":
		for _, line := range r.Header["Cookie"] {
			for part := range strings.SplitSeq(line, ";") {
				if name, value, ok := strings.Cut(strings.TrimSpace(part), "="); ok && name == p.name {
					out = append(out, value)
				}
			}
		}
	}
	return out
}

// parameter checks the values that travelled under one name.
func (c *checker) parameter(p *parameter, name string, values []string) {
	if len(values) == 0 {
		if p.required {
			c.found(Finding{In: p.in, Pointer: name, Rule: "required", Message: name + " is required", Spec: p.at, schema: p.schema})
		}
		return
	}
	if len(values) > 1 && (!p.array || !p.explode) {
		c.found(Finding{In: p.in, Pointer: name, Rule: "duplicate", Message: name + " is given more than once", Spec: p.at})
	}
	if p.allowEmpty && values[0] == "" || p.schema.unlimited() && !p.json {
		return
	}
	c.in, c.name = p.in, name
	c.checkValues(p, name, values)
	c.name = ""
}

func (c *checker) checkValues(p *parameter, name string, values []string) {
	switch {
	case p.json:
		if err := c.scan([]byte(values[0])); err != nil {
			c.found(Finding{In: p.in, Pointer: name, Rule: err.rule, Message: fmt.Sprintf("%s %s at byte %d", name, err.what, err.offset), Spec: p.at})
			return
		}
	case p.array:
		if !p.explode {
			values = strings.Split(values[0], p.delimiter)
		}
		c.list(p.schema, values)
	default:
		c.list(nil, values[:1])
		c.reread(p.schema, 0)
	}
	c.root(p.schema)
}

// list writes texts onto the tape as if scanned: as the items of an array when
// there is a schema of one, else as values side by side.
func (c *checker) list(array *schema, values []string) {
	c.buf = c.buf[:0]
	for _, value := range values {
		c.buf = append(c.buf, value...)
	}
	c.reset(c.buf)
	parent := int32(-1)
	if array != nil {
		parent = c.add(kindArray, 0, len(c.buf), -1)
		c.nodes[parent].size = int32(len(values))
	}
	at := 0
	for _, value := range values {
		i := c.add(kindString, at, at+len(value), parent)
		at += len(value)
		if array != nil && array.items != nil {
			c.reread(array.items, i)
		}
	}
	if array != nil {
		c.nodes[parent].next = int32(len(c.nodes))
	}
}

// reread takes a text for a number or a boolean where its schema wants one and
// it is one. An integer is written in digits: 1.0 and 1e2, which JSON has for
// whole numbers, are texts here.
func (c *checker) reread(s *schema, n int32) {
	text := c.text(n)
	number := len(text) > 0 && numberLength(text) == len(text)
	if s.integer && bytes.ContainsAny(text, ".eE") {
		number = false
	}
	switch {
	case s.wants&kindNumber != 0 && number:
		c.nodes[n].kind = kindNumber
	case s.wants&kindBool != 0 && (string(text) == "true" || string(text) == "false"):
		c.nodes[n].kind = kindBool
	}
}
