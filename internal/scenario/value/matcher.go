package value

import (
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"example.com/marketmock/internal/hint"
)

// Now gives the time that <now…> matchers compare with.
type Now func() (time.Time, error)

// test says whether a value is as a matcher wants it.
type test func(got any, now Now) bool

// Matcher is a parsed <name:argument>.
type Matcher struct {
	Source string
	Absent bool
	test   test
}

type matcherKind struct {
	name  string
	arg   bool
	parse func(arg string) (test, error)
}

// matcherKinds is the table of matchers, sorted by name; those of timeForms stand
// apart.
func matcherKinds() []matcherKind {
	return []matcherKind{
		{"absent", false, plain(func(any) bool { return false })},
		{"any", false, plain(func(any) bool { return true })},
		{"array", false, plain(func(v any) bool { _, ok := v.([]any); return ok })},
		{"bool", false, plain(func(v any) bool { _, ok := v.(bool); return ok })},
		{"contains", true, contains},
		{"datetime", false, plain(isDatetime)},
		{"digits", false, pattern(`^[0-9]+$`)},
		{"ge", true, compare(func(c int) bool { return c >= 0 })},
		{"gt", true, compare(func(c int) bool { return c > 0 })},
		{"int", false, plain(func(v any) bool { n, ok := v.(json.Number); return ok && isInteger(n.String()) })},
		{"le", true, compare(func(c int) bool { return c <= 0 })},
		{"len", true, length},
		{"lt", true, compare(func(c int) bool { return c < 0 })},
		{"nonempty", false, plain(func(v any) bool { n, ok := size(v); return ok && n > 0 })},
		{"not", true, not},
		{"number", false, plain(func(v any) bool { _, ok := v.(json.Number); return ok })},
		{"object", false, plain(func(v any) bool { _, ok := v.(map[string]any); return ok })},
		{"one", true, one},
		{"prefix", true, text(strings.HasPrefix)},
		{"regex", true, regex},
		{"string", false, plain(func(v any) bool { _, ok := v.(string); return ok })},
		{"suffix", true, text(strings.HasSuffix)},
		{"uuid", false, pattern(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)},
	}
}

// MatcherNames lists the matchers, for suggestions.
func MatcherNames() []string {
	var out []string
	for _, f := range timeForms() {
		out = append(out, f.word)
	}
	for _, k := range matcherKinds() {
		out = append(out, k.name)
	}
	slices.Sort(out)
	return out
}

// IsMatcher says whether a string as written stands for a matcher.
func IsMatcher(s string) bool {
	return len(s) >= 2 && s[0] == '<' && s[len(s)-1] == '>'
}

// Unescape takes the backslash from '\<…>'.
func Unescape(s string) string {
	if strings.HasPrefix(s, `\`) && strings.HasPrefix(strings.TrimLeft(s, `\`), "<") {
		return s[1:]
	}
	return s
}

// ParseMatcher reads "<name:argument>".
func ParseMatcher(s string) (*Matcher, error) {
	if !IsMatcher(s) {
		return nil, fmt.Errorf("%q is no matcher", s)
	}
	inner := s[1 : len(s)-1]
	for _, f := range timeForms() {
		if !strings.HasPrefix(inner, f.word) {
			continue
		}
		t, err := near(f, inner)
		if err != nil {
			return nil, err
		}
		return &Matcher{Source: s, test: t}, nil
	}
	name, arg, given := strings.Cut(inner, ":")
	for _, k := range matcherKinds() {
		if k.name != name {
			continue
		}
		if k.arg && (!given || arg == "") {
			return nil, fmt.Errorf("%s needs an argument: <%s:…>", s, name)
		}
		if !k.arg && given {
			return nil, fmt.Errorf("<%s> takes no argument", name)
		}
		t, err := k.parse(arg)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s, err)
		}
		return &Matcher{Source: s, Absent: name == "absent", test: t}, nil
	}
	meant := hint.Closest(name, MatcherNames())
	if meant != "" {
		meant = fmt.Sprintf(", did you mean <%s>?", meant)
	}
	return nil, fmt.Errorf("unknown matcher %s%s (write '\\%s' for that text)", s, meant, s)
}

func plain(f func(any) bool) func(string) (test, error) {
	return func(string) (test, error) {
		return func(got any, _ Now) bool { return f(got) }, nil
	}
}

func text(f func(s, arg string) bool) func(string) (test, error) {
	return func(arg string) (test, error) {
		return func(got any, _ Now) bool { s, ok := got.(string); return ok && f(s, arg) }, nil
	}
}

func pattern(re string) func(string) (test, error) {
	return func(string) (test, error) { return regex(re) }
}

func regex(arg string) (test, error) {
	re, err := regexp.Compile(arg)
	if err != nil {
		return nil, err
	}
	return func(got any, _ Now) bool { s, ok := got.(string); return ok && re.MatchString(s) }, nil
}

func contains(arg string) (test, error) {
	return func(got any, _ Now) bool {
		switch got := got.(type) {
		case string:
			return strings.Contains(got, arg)
		case []any:
			return slices.ContainsFunc(got, func(e any) bool { return e == any(arg) })
		}
		return false
	}, nil
}

func isDatetime(v any) bool {
	s, ok := v.(string)
	if !ok {
		return false
	}
	_, err := time.Parse(time.RFC3339Nano, s)
	return err == nil
}

func compare(holds func(int) bool) func(string) (test, error) {
	return func(arg string) (test, error) {
		want, ok := rational(arg)
		if !ok {
			return nil, fmt.Errorf("%q is no number", arg)
		}
		return func(got any, _ Now) bool {
			var r *big.Rat
			switch got := got.(type) {
			case json.Number:
				r, ok = rational(got.String())
			case string:
				r, ok = rational(got)
			default:
				return false
			}
			return ok && holds(r.Cmp(want))
		}, nil
	}
}

func size(v any) (int, bool) {
	switch v := v.(type) {
	case string:
		return utf8.RuneCountInString(v), true
	case []any:
		return len(v), true
	case map[string]any:
		return len(v), true
	}
	return 0, false
}

func length(arg string) (test, error) {
	from, to, isRange := strings.Cut(arg, "..")
	if !isRange {
		to = from
	}
	low, err := strconv.Atoi(from)
	if err != nil {
		return nil, fmt.Errorf("%q is no length", from)
	}
	high, err := strconv.Atoi(to)
	if err != nil {
		return nil, fmt.Errorf("%q is no length", to)
	}
	return func(got any, _ Now) bool { n, ok := size(got); return ok && low <= n && n <= high }, nil
}

func one(arg string) (test, error) {
	texts := strings.Split(arg, "|")
	return func(got any, _ Now) bool { return slices.Contains(texts, Text(got)) }, nil
}

func not(arg string) (test, error) {
	if !IsMatcher(arg) {
		return func(got any, _ Now) bool { return Text(got) != arg }, nil
	}
	m, err := ParseMatcher(arg)
	if err != nil {
		return nil, err
	}
	return func(got any, now Now) bool { return !m.test(got, now) }, nil
}
