package value

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Lookup finds what stands at a path into the variables.
type Lookup func(Path) (any, error)

// part is literal text or, if path is set, a template.
type part struct {
	text string
	path Path
	as   string // "", or the type that the variable is written as
}

// What a template may make of its variable: {{id|string}}.
const (
	asString = "string"
	asNumber = "number"
)

// find looks a template's variable up.
func (p part) find(lookup Lookup) (any, error) {
	v, err := lookup(p.path)
	if err != nil {
		return nil, err
	}
	switch p.as {
	case asString:
		return Text(v), nil
	case asNumber:
		if text := Text(v); IsNumber(text) {
			return json.Number(text), nil
		}
		return nil, fmt.Errorf("{{%s|%s}}: %s is no number", p.path, p.as, Show(v))
	}
	return v, nil
}

// conversion takes the type from the end of a template: id|string.
func conversion(inner string) (path, as string, err error) {
	i := strings.LastIndexByte(inner, '|')
	if i < 0 || strings.ContainsAny(inner[i:], `"]`) {
		return inner, "", nil
	}
	as = strings.TrimSpace(inner[i+1:])
	if as != asString && as != asNumber {
		return "", "", fmt.Errorf("{{%s}}: a variable is written as %s or %s, not %q", inner, asString, asNumber, as)
	}
	return strings.TrimSpace(inner[:i]), as, nil
}

// Templates returns the paths of all {{templates}} in a text.
func Templates(s string) ([]Path, error) {
	parts, err := split(s)
	if err != nil {
		return nil, err
	}
	var out []Path
	for _, p := range parts {
		if p.path != nil {
			out = append(out, p.path)
		}
	}
	return out, nil
}

func split(s string) ([]part, error) {
	var out []part
	var text strings.Builder
	for s != "" {
		i := strings.Index(s, "{{")
		if i < 0 {
			text.WriteString(s)
			break
		}
		if i > 0 && s[i-1] == '\\' {
			text.WriteString(s[:i-1] + "{{")
			s = s[i+2:]
			continue
		}
		end := strings.Index(s[i:], "}}")
		if end < 0 {
			return nil, fmt.Errorf("{{ without }} (write \\{{ for two braces)")
		}
		inner := strings.TrimSpace(s[i+2 : i+end])
		name, as, err := conversion(inner)
		if err != nil {
			return nil, err
		}
		path, err := ParsePath(name)
		if err != nil {
			return nil, fmt.Errorf("{{%s}}: %w", inner, err)
		}
		if len(path) == 0 || path[0].IsIndex || strings.HasPrefix(path[0].Key, "$") {
			return nil, fmt.Errorf("{{%s}} names no variable", inner)
		}
		text.WriteString(s[:i])
		out = append(out, part{text: text.String()}, part{path: path, as: as})
		text.Reset()
		s = s[i+end+2:]
	}
	if text.Len() > 0 || len(out) == 0 {
		out = append(out, part{text: text.String()})
	}
	return out, nil
}

// ExpandText fills the templates of a text. A text that is one template and
// nothing else gives the variable itself.
func ExpandText(s string, lookup Lookup) (any, error) {
	if !strings.Contains(s, "{{") {
		return s, nil
	}
	parts, err := split(s)
	if err != nil {
		return nil, err
	}
	if len(parts) == 2 && parts[0].text == "" && parts[1].path != nil {
		return parts[1].find(lookup)
	}
	var b strings.Builder
	for _, p := range parts {
		if p.path == nil {
			b.WriteString(p.text)
			continue
		}
		v, err := p.find(lookup)
		if err != nil {
			return nil, err
		}
		b.WriteString(Text(v))
	}
	return b.String(), nil
}

// Expand fills the templates of a node and gives its JSON value: nil, bool,
// json.Number, string, []any or Object. Its error is an *Error.
func Expand(n *Node, lookup Lookup) (any, error) {
	if n == nil {
		return nil, nil
	}
	switch n.Kind {
	case String:
		v, err := ExpandText(n.Text, lookup)
		if err != nil {
			return nil, &Error{n.Pos, err.Error()}
		}
		return v, nil
	case List:
		out := make([]any, len(n.List))
		for i, e := range n.List {
			v, err := Expand(e, lookup)
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
		return out, nil
	case Map:
		out := Object{Values: make(map[string]any, len(n.Fields))}
		for _, f := range n.Fields {
			v, err := Expand(f.Value, lookup)
			if err != nil {
				return nil, err
			}
			out.Keys = append(out.Keys, f.Key)
			out.Values[f.Key] = v
		}
		return out, nil
	}
	return n.literal(), nil
}

func (n *Node) literal() any {
	switch n.Kind {
	case Bool:
		return n.Text == "true"
	case Number:
		return json.Number(n.Text)
	case String:
		return n.Text
	}
	return nil
}

// Plain turns Objects into maps, at any depth, as Decode would give them.
func Plain(v any) any {
	switch v := v.(type) {
	case Object:
		out := make(map[string]any, len(v.Values))
		for k, e := range v.Values {
			out[k] = Plain(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = Plain(e)
		}
		return out
	}
	return v
}
