package value

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Path reaches into a value: chats[0].chat.chat_id, messages[-1], ["odd.key"].
type Path []Elem

// Elem is one step of a path: a key, or an index that counts from the end when
// negative.
type Elem struct {
	Key     string
	Index   int
	IsIndex bool
}

func (p Path) String() string {
	var b strings.Builder
	for i, e := range p {
		switch {
		case e.IsIndex:
			fmt.Fprintf(&b, "[%d]", e.Index)
		case !plainKey(e.Key):
			fmt.Fprintf(&b, "[%q]", e.Key)
		default:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(e.Key)
		}
	}
	return b.String()
}

func plainKey(k string) bool { return k != "" && !strings.ContainsAny(k, " .[]{}\"\\\n\t") }

// ParsePath reads a path. An empty one is an error.
func ParsePath(s string) (Path, error) {
	if s == "" {
		return nil, errors.New("the path is empty")
	}
	var out Path
	for i := 0; i < len(s); {
		if s[i] == '[' {
			e, n, err := bracket(s[i:])
			if err != nil {
				return nil, err
			}
			out, i = append(out, e), i+n
			continue
		}
		if s[i] == '.' {
			if i == 0 {
				return nil, fmt.Errorf("%q begins with a dot", s)
			}
			i++
		} else if i > 0 {
			return nil, fmt.Errorf("a dot or a bracket must follow %q", s[:i])
		}
		n := strings.IndexAny(s[i:], ".[")
		if n < 0 {
			n = len(s) - i
		}
		key := s[i : i+n]
		if !plainKey(key) {
			return nil, fmt.Errorf("%q is no key; write odd keys as [\"key\"]", key)
		}
		out, i = append(out, Elem{Key: key}), i+n
	}
	return out, nil
}

// bracket reads [3], [-1] or ["key"] at the start of s.
func bracket(s string) (Elem, int, error) {
	if strings.HasPrefix(s, `["`) {
		quoted, err := strconv.QuotedPrefix(s[1:])
		if err != nil {
			return Elem{}, 0, fmt.Errorf("%q: the quote does not end", s)
		}
		key, err := strconv.Unquote(quoted)
		if err != nil || !strings.HasPrefix(s[1+len(quoted):], "]") {
			return Elem{}, 0, fmt.Errorf("%q: ] must follow the quoted key", s)
		}
		return Elem{Key: key}, len(quoted) + 2, nil
	}
	end := strings.IndexByte(s, ']')
	if end < 0 {
		return Elem{}, 0, fmt.Errorf("%q: [ without ]", s)
	}
	n, err := strconv.Atoi(s[1:end])
	if err != nil {
		return Elem{}, 0, fmt.Errorf("[%s] is no index; filters are not supported", s[1:end])
	}
	return Elem{Index: n, IsIndex: true}, end + 1, nil
}

// Find returns what stands at the path. Its error says how far it came.
func (p Path) Find(v any) (any, error) {
	for i, e := range p {
		next, ok := e.in(v)
		if !ok {
			if i == 0 {
				return nil, fmt.Errorf("there is no %s", Path{e})
			}
			return nil, fmt.Errorf("there is no %s in %s", Path{e}, p[:i])
		}
		v = next
	}
	return v, nil
}

func (e Elem) in(v any) (any, bool) {
	if e.IsIndex {
		list, ok := v.([]any)
		i := e.Index
		if i < 0 {
			i += len(list)
		}
		if !ok || i < 0 || i >= len(list) {
			return nil, false
		}
		return list[i], true
	}
	switch v := v.(type) {
	case map[string]any:
		r, ok := v[e.Key]
		return r, ok
	case Object:
		r, ok := v.Values[e.Key]
		return r, ok
	}
	return nil, false
}
