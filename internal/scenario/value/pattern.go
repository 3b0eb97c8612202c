package value

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Pattern is what a value must look like, with templates filled in.
type Pattern struct {
	pos      Pos
	kind     Kind
	literal  any // of scalars
	matcher  *Matcher
	list     []*Pattern
	keys     []string
	fields   map[string]*Pattern
	inserted bool // came from a variable: compared to the letter
}

// Mismatch is one difference. Pointer is a JSON pointer, Want and Got are for
// people.
type Mismatch struct {
	Pos     Pos
	Pointer string
	Want    string
	Got     string
}

// Nothing is how a value that is not there is shown.
const Nothing = "nothing"

// Compile makes a pattern of a node. Its error is an *Error.
func Compile(n *Node, lookup Lookup) (*Pattern, error) {
	p := &Pattern{pos: n.Pos, kind: n.Kind}
	switch n.Kind {
	case List:
		for _, e := range n.List {
			c, err := Compile(e, lookup)
			if err != nil {
				return nil, err
			}
			p.list = append(p.list, c)
		}
	case Map:
		p.fields = make(map[string]*Pattern, len(n.Fields))
		for _, f := range n.Fields {
			c, err := Compile(f.Value, lookup)
			if err != nil {
				return nil, err
			}
			p.keys = append(p.keys, f.Key)
			p.fields[f.Key] = c
		}
	case String:
		return compileString(n, lookup)
	default:
		p.literal = n.literal()
	}
	return p, nil
}

func compileString(n *Node, lookup Lookup) (*Pattern, error) {
	p := &Pattern{pos: n.Pos, kind: String}
	if !IsMatcher(n.Text) {
		v, err := ExpandText(Unescape(n.Text), lookup)
		if err != nil {
			return nil, &Error{n.Pos, err.Error()}
		}
		return fromValue(n.Pos, Plain(v)), nil
	}
	text, err := expandInside(n.Text, lookup)
	if err == nil {
		p.matcher, err = ParseMatcher(text)
	}
	if err != nil {
		return nil, &Error{n.Pos, err.Error()}
	}
	return p, nil
}

func expandInside(s string, lookup Lookup) (string, error) {
	v, err := ExpandText(s, lookup)
	if err != nil {
		return "", err
	}
	return Text(v), nil
}

// fromValue is the pattern of a variable: the same, and nothing else in it is
// special.
func fromValue(pos Pos, v any) *Pattern {
	p := &Pattern{pos: pos, literal: v, inserted: true}
	switch v := v.(type) {
	case []any:
		p.kind = List
		for _, e := range v {
			p.list = append(p.list, fromValue(pos, e))
		}
	case map[string]any:
		p.kind, p.fields = Map, make(map[string]*Pattern, len(v))
		for k, e := range v {
			p.keys = append(p.keys, k)
			p.fields[k] = fromValue(pos, e)
		}
		slices.Sort(p.keys)
	default:
		p.kind = kindOf(v)
	}
	return p
}

func (p *Pattern) shown() any {
	switch {
	case p.matcher != nil:
		return p.matcher.Source
	case p.kind == List:
		out := make([]any, len(p.list))
		for i, e := range p.list {
			out[i] = e.shown()
		}
		return out
	case p.kind == Map:
		out := Object{Keys: p.keys, Values: map[string]any{}}
		for k, e := range p.fields {
			out.Values[k] = e.shown()
		}
		return out
	}
	return p.literal
}

func (p *Pattern) want() string {
	if p.matcher != nil {
		return p.matcher.Source
	}
	return Show(p.shown())
}

// Match returns every difference between a decoded JSON value and the pattern.
// Exact forbids fields that the pattern does not name.
func (p *Pattern) Match(got any, exact bool, now Now) []Mismatch {
	c := comparison{exact: exact, now: now}
	c.value("", p, got)
	return c.out
}

// MatchMissing is Match for a value that is not there.
func (p *Pattern) MatchMissing() []Mismatch {
	if p.matcher != nil && p.matcher.Absent {
		return nil
	}
	return []Mismatch{{Pos: p.pos, Want: p.want(), Got: Nothing}}
}

type comparison struct {
	exact bool
	now   Now
	out   []Mismatch
}

func (c *comparison) differ(at string, p *Pattern, want, got string) {
	c.out = append(c.out, Mismatch{Pos: p.pos, Pointer: at, Want: want, Got: got})
}

func (c *comparison) value(at string, p *Pattern, got any) {
	if p.matcher != nil {
		switch {
		case p.matcher.Absent:
			c.differ(at, p, Nothing, Show(got))
		case !p.matcher.test(got, c.now):
			c.differ(at, p, p.want(), Show(got))
		}
		return
	}
	switch p.kind {
	case Map:
		c.mapping(at, p, got)
	case List:
		c.list(at, p, got)
	default:
		if !same(p.literal, got) {
			c.differ(at, p, p.want(), Show(got))
		}
	}
}

func same(want, got any) bool {
	if kindOf(want) == Number && kindOf(got) == Number {
		return sameNumber(Text(want), Text(got))
	}
	return kindOf(want) == kindOf(got) && want == got
}

func kindOf(v any) Kind {
	switch v.(type) {
	case nil:
		return Null
	case bool:
		return Bool
	case string:
		return String
	case []any:
		return List
	case map[string]any:
		return Map
	}
	return Number
}

func (c *comparison) mapping(at string, p *Pattern, got any) {
	if p.standsForList() {
		c.elements(at, p, got)
		return
	}
	m, ok := got.(map[string]any)
	if !ok {
		c.differ(at, p, p.want(), Show(got))
		return
	}
	for _, k := range p.keys {
		child := p.fields[k]
		v, ok := m[k]
		if !ok {
			for _, d := range child.MatchMissing() {
				d.Pointer = at + "/" + escape(k)
				c.out = append(c.out, d)
			}
			continue
		}
		c.value(at+"/"+escape(k), child, v)
	}
	if !c.exact && !p.inserted {
		return
	}
	for _, k := range sortedKeys(m) {
		if _, ok := p.fields[k]; !ok {
			c.differ(at+"/"+escape(k), p, Nothing, Show(m[k]))
		}
	}
}

func (c *comparison) list(at string, p *Pattern, got any) {
	list, ok := got.([]any)
	if !ok {
		c.differ(at, p, p.want(), Show(got))
		return
	}
	if len(list) != len(p.list) {
		c.differ(at, p, fmt.Sprintf("%d elements", len(p.list)), fmt.Sprintf("%d: %s", len(list), Show(got)))
	}
	for i := range min(len(list), len(p.list)) {
		c.value(at+"/"+strconv.Itoa(i), p.list[i], list[i])
	}
}

const (
	each = "<each>"
	has  = "<has>"
)

func elementKey(k string) (index int, isIndex, ok bool) {
	if k == each || k == has {
		return 0, false, true
	}
	if !indexKey.MatchString(k) {
		return 0, false, false
	}
	n, err := strconv.Atoi(k[1 : len(k)-1])
	return n, true, err == nil
}

var indexKey = regexp.MustCompile(`^\[-?[0-9]+\]$`)

func (p *Pattern) standsForList() bool {
	if p.inserted || len(p.keys) == 0 {
		return false
	}
	return !slices.ContainsFunc(p.keys, func(k string) bool { _, _, ok := elementKey(k); return !ok })
}

func (c *comparison) elements(at string, p *Pattern, got any) {
	list, ok := got.([]any)
	if !ok {
		c.differ(at, p, "a list", Show(got))
		return
	}
	for _, k := range p.keys {
		child := p.fields[k]
		index, isIndex, _ := elementKey(k)
		switch {
		case k == each && len(list) == 0:
			c.differ(at, child, "at least one element", "an empty list")
		case k == each:
			for i, e := range list {
				c.value(at+"/"+strconv.Itoa(i), child, e)
			}
		case k == has:
			if !slices.ContainsFunc(list, func(e any) bool { return len(child.Match(e, c.exact, c.now)) == 0 }) {
				c.differ(at, child, "an element like "+child.want(), fmt.Sprintf("%d elements: %s", len(list), Show(got)))
			}
		case isIndex:
			i := index
			if i < 0 {
				i += len(list)
			}
			if i < 0 || i >= len(list) {
				c.differ(at, child, fmt.Sprintf("an element %d", index), fmt.Sprintf("%d elements", len(list)))
				continue
			}
			c.value(at+"/"+strconv.Itoa(i), child, list[i])
		}
	}
}

func escape(k string) string {
	return strings.ReplaceAll(strings.ReplaceAll(k, "~", "~0"), "/", "~1")
}

func sortedKeys(m map[string]any) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
