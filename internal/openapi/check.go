package openapi

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"sync"
)

// maxFindings bounds what one exchange yields; a body of a million wrong items
// has no more to tell than its first hundred.
const maxFindings = 100

// keptNodes and keptPairs bound what goes back to the pool: the tape, a query.
const (
	keptNodes = 1 << 14
	keptPairs = 1 << 8
)

// checker checks one exchange.
type checker struct {
	tape
	spec     string // ozon.yaml
	in       string
	name     string // of a parameter; it stands for the pointer
	answer   bool   // an answer, not a request
	example  bool   // an example, which is for both directions
	quiet    int    // above 0 nothing is reported or marked
	verdicts map[verdict]bool
	findings []Finding
	buf      []byte // the text of a parameter
	pairs    []pair // of the query
}

// checkers reuses tapes. It holds no state between checks.
var checkers = sync.Pool{New: func() any { return new(checker) }}

func (s *Spec) checker(answer bool) *checker {
	c, _ := checkers.Get().(*checker)
	c.spec, c.answer = s.file, answer
	return c
}

// done gives the checker back and returns its findings in order.
func (c *checker) done() []Finding {
	findings := c.findings
	if len(findings) > 1 {
		slices.SortStableFunc(findings, func(a, b Finding) int {
			return cmp.Or(
				cmp.Compare(order(a.In), order(b.In)), cmp.Compare(a.Pointer, b.Pointer),
				cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message),
			)
		})
		findings = slices.CompactFunc(findings, func(a, b Finding) bool {
			return a.In == b.In && a.Pointer == b.Pointer && a.Message == b.Message
		})
	}
	t := c.tape
	if cap(t.nodes) > keptNodes {
		t = tape{}
	}
	t.reset(nil)
	pairs := c.pairs[:0]
	clear(c.pairs)
	if cap(pairs) > keptPairs {
		pairs = nil
	}
	*c = checker{tape: t, buf: c.buf[:0], pairs: pairs}
	checkers.Put(c)
	return findings
}

func order(in string) int {
	return slices.Index([]string{"status", "path", "query", "header", "cookie", "content-type", "body"}, in)
}

func (c *checker) found(f Finding) {
	if c.quiet == 0 && len(c.findings) < maxFindings {
		if f.Spec != "" {
			f.Spec = c.spec + f.Spec
		}
		c.findings = append(c.findings, f)
	}
}

// report adds a finding about a token. The message says what the value is or
// does; it never holds the value.
func (c *checker) report(n int32, rule string, s *schema, format string, args ...any) {
	if c.quiet > 0 || len(c.findings) >= maxFindings {
		return
	}
	pointer := c.where(n)
	c.found(Finding{
		In: c.in, Pointer: pointer, Rule: rule, Message: c.subject(pointer) + fmt.Sprintf(format, args...), Spec: s.at,
		Limit: s.limit(rule), schema: s,
	})
}

// reportMember adds a finding about a field that an object lacks.
func (c *checker) reportMember(n int32, name, rule string, s *schema, what string) {
	if c.quiet > 0 || len(c.findings) >= maxFindings {
		return
	}
	pointer := c.where(n) + "/" + escapeToken(name)
	c.found(Finding{In: c.in, Pointer: pointer, Rule: rule, Message: c.subject(pointer) + what, Spec: s.at, schema: s.properties[name].schema})
}

// where is the name of the parameter, or the JSON pointer of a token of a body.
func (c *checker) where(n int32) string {
	if c.name != "" {
		return c.name
	}
	return c.pointer(n)
}

func (c *checker) subject(pointer string) string {
	if c.in == "body" && pointer == "" {
		return "the body "
	}
	return pointer + " "
}

// body checks a JSON body and tells whether it could be read.
func (c *checker) body(s *schema, body []byte) bool {
	c.in, c.name = "body", ""
	at := ""
	if s != nil {
		at = s.at
	}
	if offset := firstInvalid(body); offset >= 0 {
		c.found(Finding{In: "body", Rule: "utf8", Message: fmt.Sprintf("the body is not UTF-8 at byte %d", offset), Spec: at})
	}
	if err := c.scan(body); err != nil {
		pointer := ""
		if err.rule == "depth" {
			pointer = c.pointer(err.node)
		}
		c.found(Finding{In: "body", Pointer: pointer, Rule: err.rule, Message: fmt.Sprintf("the body %s at byte %d", err.what, err.offset), Spec: at})
		return false
	}
	c.root(s)
	return true
}

// root checks the scanned value and reports what no schema of it knows.
func (c *checker) root(s *schema) {
	for _, key := range c.duplicates {
		if len(c.findings) >= maxFindings {
			break
		}
		pointer := c.where(key)
		c.found(Finding{In: c.in, Pointer: pointer, Rule: "duplicate", Message: c.subject(pointer) + "stands in its object more than once"})
	}
	if s == nil {
		return
	}
	clear(c.verdicts)
	c.check(s, 0)
	for i := range c.nodes {
		if n := &c.nodes[i]; n.marks&(declared|open) == declared {
			c.unknown(int32(i))
		}
	}
}

func (c *checker) unknown(object int32) {
	for k := object + 1; k < c.nodes[object].next; k = c.nodes[k].next {
		if c.nodes[k].marks&known == 0 {
			c.report(k, "unknown", c.nodes[object].schema, "is not declared")
		}
	}
}

// check tells whether a value matches a schema and reports where it does not.
func (c *checker) check(s *schema, n int32) bool {
	kind := c.nodes[n].kind
	if kind == kindNull && s.nullable {
		return true
	}
	ok := true
	if s.combined() {
		ok = c.combine(s, n)
		if kind == kindNull && s.composed() || !ok && c.quiet > 0 {
			return ok
		}
	}
	if s.enum != nil && !c.inEnum(s, n) {
		ok = false
	}
	if s.types != 0 && s.types&kind == 0 {
		c.report(n, "type", s, "is %s, not %s", kindName(kind, false), kindName(s.types, s.integer))
		return false
	}
	switch kind {
	case kindString:
		return c.string(s, n) && ok
	case kindNumber:
		return c.number(s, n) && ok
	case kindArray:
		return c.array(s, n) && ok
	case kindObject:
		return c.object(s, n) && ok
	}
	return ok
}

func kindName(k kind, integer bool) string {
	switch k {
	case kindNull:
		return "null"
	case kindBool:
		return "a boolean"
	case kindNumber:
		if integer {
			return "an integer"
		}
		return "a number"
	case kindString:
		return "a string"
	case kindArray:
		return "an array"
	}
	return "an object"
}

// shownEnum is the longest string outside an enum that a message repeats, in
// code points.
const shownEnum = 32

func (c *checker) inEnum(s *schema, n int32) bool {
	isString := c.nodes[n].kind == kindString
	if isString {
		text := c.bytes(n)
		for i := range s.enum {
			if s.enum[i].isString && s.enum[i].text == string(text) {
				return true
			}
		}
	} else {
		canonical := c.canonical(nil, n)
		for i := range s.enum {
			if s.enum[i].canonical == string(canonical) {
				return true
			}
		}
	}
	if c.quiet > 0 {
		return false
	}
	if isString && c.runes(n) <= shownEnum {
		c.report(n, "enum", s, "is %q, which is not one of the %d values", c.str(n), len(s.enum))
		return false
	}
	c.report(n, "enum", s, "is not one of the %d values", len(s.enum))
	return false
}

func (c *checker) string(s *schema, n int32) bool {
	ok := true
	if s.minLength != nil || s.maxLength != nil {
		length := uint64(c.runes(n))
		if s.minLength != nil && length < *s.minLength {
			c.report(n, "minLength", s, "is shorter than %d characters", *s.minLength)
			ok = false
		}
		if s.maxLength != nil && length > *s.maxLength {
			c.report(n, "maxLength", s, "is longer than %d characters", *s.maxLength)
			ok = false
		}
	}
	if s.pattern == nil && s.formatted == nil && s.span == nil {
		return ok
	}
	text := c.bytes(n)
	if s.pattern != nil && !s.pattern.Match(text) {
		c.report(n, "pattern", s, "does not match %s", s.pattern)
		ok = false
	}
	if s.formatted != nil && !s.formatted(text) || s.span != nil && !s.span.holdsText(text) {
		c.report(n, "format", s, "is not of format %s", s.format)
		ok = false
	}
	return ok
}

func (c *checker) number(s *schema, n int32) bool {
	if !s.integer && s.minimum == nil && s.maximum == nil && s.multipleOf == nil {
		return true
	}
	d := parseDecimal(c.text(n))
	ok := true
	if s.integer && !d.integral() {
		c.report(n, "type", s, "is not an integer")
		ok = false
	}
	if s.span != nil && !s.span.holds(d) {
		c.report(n, "format", s, "is outside %s", s.format)
		ok = false
	}
	if b := s.minimum; b != nil {
		if order := d.compare(b.decimal); order < 0 || order == 0 && b.exclusive {
			c.report(n, "minimum", s, "is %s", b.words("less than", "not greater than"))
			ok = false
		}
	}
	if b := s.maximum; b != nil {
		if order := d.compare(b.decimal); order > 0 || order == 0 && b.exclusive {
			c.report(n, "maximum", s, "is %s", b.words("greater than", "not less than"))
			ok = false
		}
	}
	if b := s.multipleOf; b != nil && !d.multipleOf(b.decimal) {
		c.report(n, "multipleOf", s, "is not a multiple of %s", b.text)
		ok = false
	}
	return ok
}

func (b *bound) words(inclusive, exclusive string) string {
	if b.exclusive {
		return exclusive + " " + b.text
	}
	return inclusive + " " + b.text
}

func (c *checker) array(s *schema, n int32) bool {
	ok := true
	size := uint64(c.nodes[n].size)
	if s.minItems != nil && size < *s.minItems {
		c.report(n, "minItems", s, "has fewer than %d items", *s.minItems)
		ok = false
	}
	if s.maxItems != nil && size > *s.maxItems {
		c.report(n, "maxItems", s, "has more than %d items", *s.maxItems)
		ok = false
	}
	if s.unique && !c.uniqueItems(n) {
		c.report(n, "uniqueItems", s, "has an item twice")
		ok = false
	}
	if s.items == nil {
		return ok
	}
	for k := n + 1; k < c.nodes[n].next; k = c.nodes[k].next {
		if !c.check(s.items, k) {
			ok = false
			if c.quiet > 0 {
				return false
			}
		}
	}
	return ok
}

func (c *checker) uniqueItems(n int32) bool {
	seen := make(map[string]struct{}, c.nodes[n].size)
	for k := n + 1; k < c.nodes[n].next; k = c.nodes[k].next {
		seen[string(c.canonical(nil, k))] = struct{}{}
	}
	return len(seen) == int(c.nodes[n].size)
}

func (c *checker) lacks(n int32, name string) bool {
	for k := n + 1; k < c.nodes[n].next; k = c.nodes[k].next {
		if c.nodes[k].marks&escaped == 0 && len(c.text(k)) != len(name) {
			continue
		}
		if bytes.Equal(c.bytes(k), []byte(name)) {
			return false
		}
	}
	return true
}
