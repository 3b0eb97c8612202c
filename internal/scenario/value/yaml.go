package value

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

const (
	maxNodes = 200_000 // after aliases are written out
	maxDepth = 200
	maxBytes = 4 << 20
)

// Error is a mistake in a file.
type Error struct {
	Pos
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s", e.Pos, e.Message) }

// ParseYAML reads one document. Its error is an *Error.
func ParseYAML(src []byte) (n *Node, err error) {
	if len(src) > maxBytes {
		return nil, &Error{Pos{1, 1}, fmt.Sprintf("more than %d bytes", maxBytes)}
	}
	if err := tooDeep(src); err != nil {
		return nil, err
	}
	defer func() { // the YAML library panics on some malformed documents
		if p := recover(); p != nil {
			n, err = nil, &Error{Pos{1, 1}, fmt.Sprintf("malformed YAML (%v)", p)}
		}
	}()
	f, err := parser.ParseBytes(src, 0)
	if err != nil {
		return nil, syntaxError(err)
	}
	var body ast.Node
	for _, d := range f.Docs {
		if d.Body == nil {
			continue
		}
		if body != nil {
			return nil, &Error{position(d.Body.GetToken()), "a file holds one document"}
		}
		body = d.Body
	}
	if body == nil {
		return nil, &Error{Pos{1, 1}, "the file is empty"}
	}
	r := reader{anchors: map[string]*Node{}}
	return r.node(body, 0)
}

// tooDeep guards the recursive YAML parser against nests of brackets.
func tooDeep(src []byte) error {
	depth, line := 0, 1
	for _, c := range src {
		switch c {
		case '[', '{':
			if depth++; depth > maxDepth {
				return &Error{Pos{line, 1}, fmt.Sprintf("nested deeper than %d", maxDepth)}
			}
		case ']', '}':
			depth = max(0, depth-1)
		case '\n':
			line++
		}
	}
	return nil
}

func syntaxError(err error) error {
	var located interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if errors.As(err, &located) {
		return &Error{position(located.GetToken()), located.GetMessage()}
	}
	return &Error{Pos{1, 1}, err.Error()}
}

func position(t *token.Token) Pos {
	if t == nil || t.Position == nil {
		return Pos{1, 1}
	}
	return Pos{max(1, t.Position.Line), max(1, t.Position.Column)}
}

type reader struct {
	anchors map[string]*Node
	count   int
}

func (r *reader) node(n ast.Node, depth int) (*Node, error) {
	if n == nil {
		return &Node{Kind: Null, Pos: Pos{1, 1}}, nil
	}
	pos := position(n.GetToken())
	if r.count++; r.count > maxNodes || depth > maxDepth {
		return nil, &Error{pos, "the document is too big or nested too deep"}
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return r.mapping(n.Values, pos, depth)
	case *ast.MappingValueNode:
		return r.mapping([]*ast.MappingValueNode{n}, pos, depth)
	case *ast.SequenceNode:
		return r.sequence(n, pos, depth)
	case *ast.AnchorNode:
		v, err := r.node(n.Value, depth+1)
		if err == nil {
			r.anchors[n.Name.GetToken().Value] = v
		}
		return v, err
	case *ast.AliasNode:
		return r.alias(n, pos)
	case *ast.TagNode:
		return r.tagged(n, pos, depth)
	}
	return scalar(n, pos)
}

func (r *reader) mapping(values []*ast.MappingValueNode, pos Pos, depth int) (*Node, error) {
	out := &Node{Kind: Map, Pos: pos}
	if len(values) > 0 {
		out.Pos = position(values[0].Key.GetToken())
	}
	seen := map[string]bool{}
	var merged []Field
	for _, v := range values {
		keyPos := position(v.Key.GetToken())
		child, err := r.node(v.Value, depth+1)
		if err != nil {
			return nil, err
		}
		if v.Key.IsMergeKey() {
			if child.Kind != Map {
				return nil, &Error{keyPos, "<< needs a mapping"}
			}
			merged = append(merged, child.Fields...)
			continue
		}
		key, err := keyText(v.Key)
		if err != nil {
			return nil, &Error{keyPos, err.Error()}
		}
		if seen[key] {
			return nil, &Error{keyPos, fmt.Sprintf("key %q is given twice", key)}
		}
		seen[key] = true
		out.Fields = append(out.Fields, Field{Key: key, Pos: keyPos, Value: child})
	}
	for _, f := range merged {
		if !seen[f.Key] {
			seen[f.Key] = true
			out.Fields = append(out.Fields, f)
		}
	}
	return out, nil
}

func keyText(k ast.MapKeyNode) (string, error) {
	switch k := k.(type) {
	case *ast.StringNode:
		return k.Value, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		return k.GetToken().Value, nil
	}
	return "", fmt.Errorf("a key must be text, not %s", k.Type())
}

func (r *reader) sequence(n *ast.SequenceNode, pos Pos, depth int) (*Node, error) {
	out := &Node{Kind: List, Pos: pos, List: make([]*Node, 0, len(n.Values))}
	for _, v := range n.Values {
		child, err := r.node(v, depth+1)
		if err != nil {
			return nil, err
		}
		out.List = append(out.List, child)
	}
	return out, nil
}

func (r *reader) alias(n *ast.AliasNode, pos Pos) (*Node, error) {
	name := n.Value.GetToken().Value
	v, ok := r.anchors[name]
	if !ok {
		return nil, &Error{pos, fmt.Sprintf("no anchor &%s above", name)}
	}
	v.Walk(func(*Node) { r.count++ })
	if r.count > maxNodes {
		return nil, &Error{pos, "aliases make the document too big"}
	}
	return v, nil
}

func (r *reader) tagged(n *ast.TagNode, pos Pos, depth int) (*Node, error) {
	v, err := r.node(n.Value, depth+1)
	if err != nil {
		return nil, err
	}
	if tag := n.Start.Value; tag == "!!str" && v.Kind != Map && v.Kind != List {
		text := v.Text
		if n.Value != nil && v.Kind != String {
			text = n.Value.GetToken().Value
		}
		return &Node{Kind: String, Text: text, Pos: pos}, nil
	}
	return nil, &Error{pos, fmt.Sprintf("tag %s is not supported; write the value plainly", n.Start.Value)}
}

func scalar(n ast.Node, pos Pos) (*Node, error) {
	switch n := n.(type) {
	case *ast.NullNode:
		return &Node{Kind: Null, Pos: pos}, nil
	case *ast.BoolNode:
		return &Node{Kind: Bool, Text: strconv.FormatBool(n.Value), Pos: pos}, nil
	case *ast.StringNode:
		return &Node{Kind: String, Text: n.Value, Pos: pos}, nil
	case *ast.LiteralNode:
		return &Node{Kind: String, Text: n.Value.Value, Pos: pos}, nil
	case *ast.IntegerNode:
		return &Node{Kind: Number, Text: number(n.Token.Value, fmt.Sprint(n.Value)), Pos: pos}, nil
	case *ast.FloatNode:
		if math.IsInf(n.Value, 0) || math.IsNaN(n.Value) {
			return nil, &Error{pos, "the number is not finite; quote it to make it text"}
		}
		return &Node{Kind: Number, Text: number(n.Token.Value, strconv.FormatFloat(n.Value, 'g', -1, 64)), Pos: pos}, nil
	}
	return nil, &Error{pos, fmt.Sprintf("%s is not supported here", strings.ToLower(n.Type().String()))}
}

// number keeps the literal as written if JSON allows it.
func number(literal, value string) string {
	if IsNumber(literal) {
		return literal
	}
	return value
}
