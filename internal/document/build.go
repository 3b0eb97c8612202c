package document

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// builder turns the library's tree into ours.
type builder struct{ file string }

func (b *builder) fail(n ast.Node, path, reason string) error {
	line, column := position(n.GetToken())
	return &Error{File: b.file, Line: line, Column: column, Path: path, Reason: reason}
}

func (b *builder) node(n ast.Node, path string, depth int) (*Node, error) {
	if depth > maxDepth {
		return nil, b.fail(n, "", "is nested too deeply")
	}
	out := &Node{file: b.file, path: path}
	out.line, out.column = position(n.GetToken())
	switch n := n.(type) {
	case *ast.NullNode:
		out.kind = kindNull
	case *ast.BoolNode:
		out.kind, out.text = kindBool, strconv.FormatBool(n.Value)
	case *ast.IntegerNode:
		out.kind, out.text = kindInteger, n.Token.Value
	case *ast.FloatNode:
		out.kind, out.text = kindFloat, n.Token.Value
	case *ast.StringNode:
		out.kind, out.text = kindString, n.Value
	case *ast.LiteralNode:
		out.kind, out.text = kindString, n.Value.Value
	case *ast.SequenceNode:
		return b.list(out, n, depth)
	case *ast.MappingNode:
		return b.fields(out, n.Values, depth)
	case *ast.MappingValueNode:
		return b.fields(out, []*ast.MappingValueNode{n}, depth)
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		return nil, b.fail(n, path, "anchors, aliases, merge keys and tags are not read here: write the value out")
	default:
		return nil, b.fail(n, path, "cannot be read: "+strings.ToLower(n.Type().String()))
	}
	return out, nil
}

func (b *builder) list(out *Node, n *ast.SequenceNode, depth int) (*Node, error) {
	out.kind = kindList
	out.items = make([]*Node, 0, len(n.Values))
	for i, v := range n.Values {
		path := fmt.Sprintf("%s[%d]", out.path, i)
		if v == nil {
			out.items = append(out.items, &Node{file: b.file, line: out.line, column: out.column, path: path})
			continue
		}
		item, err := b.node(v, path, depth+1)
		if err != nil {
			return nil, err
		}
		out.items = append(out.items, item)
	}
	return out, nil
}

func (b *builder) fields(out *Node, values []*ast.MappingValueNode, depth int) (*Node, error) {
	out.kind = kindMap
	seen := make(map[string]bool, len(values))
	for i, v := range values {
		k, err := b.key(v.Key, out.path)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			out.line, out.column = k.line, k.column
		}
		if seen[k.name] {
			return nil, b.fail(v.Key, out.path, fmt.Sprintf("the key %q stands here twice", k.name))
		}
		seen[k.name] = true
		if k.value, err = b.value(v, joined(out.path, k.name), k, depth); err != nil {
			return nil, err
		}
		out.keys = append(out.keys, k)
	}
	return out, nil
}

func (b *builder) key(n ast.MapKeyNode, path string) (key, error) {
	line, column := position(n.GetToken())
	k := key{line: line, column: column}
	switch n := n.(type) {
	case *ast.StringNode:
		k.name = n.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		k.name = n.GetToken().Value
	default:
		return key{}, b.fail(n, path, "a key must be a plain word")
	}
	return k, nil
}

// value gives an absent value the place of its key.
func (b *builder) value(v *ast.MappingValueNode, path string, k key, depth int) (*Node, error) {
	if v.Value == nil {
		return &Node{file: b.file, line: k.line, column: k.column, path: path}, nil
	}
	node, err := b.node(v.Value, path, depth+1)
	if err != nil {
		return nil, err
	}
	if node.kind == kindNull {
		node.line, node.column = k.line, k.column
	}
	return node, nil
}

// find walks a path as far as it leads.
func (n *Node) find(path string) *Node {
	for path != "" {
		var next *Node
		if rest, isIndex := strings.CutPrefix(path, "["); isIndex {
			index, after, _ := strings.Cut(rest, "]")
			i, err := strconv.Atoi(index)
			if err != nil || i < 0 || i >= len(n.items) {
				return n
			}
			next, path = n.items[i], strings.TrimPrefix(after, ".")
		} else {
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			name := path[:end]
			field, ok := n.Field(name)
			if !ok {
				return n
			}
			next, path = field, strings.TrimPrefix(path[end:], ".")
		}
		n = next
	}
	return n
}
