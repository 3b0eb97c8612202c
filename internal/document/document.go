// Package document reads YAML files that people write, and tells them where
// they went wrong: unknown keys and values of another type are refused with
// file, line, column and what was probably meant. It knows no file format of
// its own; anchors, aliases, tags and merge keys are refused.
package document

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// MaxSize bounds a document in bytes, maxDepth its nesting.
const (
	MaxSize  = 16 << 20
	maxDepth = 100
)

// Error is a mistake in a document. Line and Column count from 1; Path is the
// value's place from the root, as in ozon.chats[3].order, and may be empty.
type Error struct {
	File         string
	Line, Column int
	Path         string
	Reason       string
}

func (e *Error) Error() string {
	where := fmt.Sprintf("%s:%d:%d: ", e.File, e.Line, e.Column)
	if e.Path != "" {
		where += e.Path + ": "
	}
	return where + e.Reason
}

type kind int

const (
	kindNull kind = iota
	kindBool
	kindInteger
	kindFloat
	kindString
	kindList
	kindMap
)

var kindNames = [...]string{"nothing", "true or false", "an integer", "a number", "a text", "a list", "a map"}

func (k kind) String() string { return kindNames[k] }

// Node is a value of a parsed document. It is immutable and may be decoded by
// several goroutines at once.
type Node struct {
	file         string
	line, column int
	path         string
	kind         kind
	text         string // of a scalar: as written, without quotes
	keys         []key  // of a map
	items        []*Node
}

type key struct {
	name         string
	line, column int
	value        *Node
}

// Parse reads one document. The error is an *Error.
func Parse(file string, data []byte) (*Node, error) {
	if len(data) > MaxSize {
		return nil, &Error{File: file, Line: 1, Column: 1, Reason: fmt.Sprintf("is over %d bytes", MaxSize)}
	}
	if err := shallow(file, data); err != nil {
		return nil, err
	}
	parsed, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, syntax(file, err)
	}
	var bodies []ast.Node
	for _, doc := range parsed.Docs {
		if doc.Body != nil {
			bodies = append(bodies, doc.Body)
		}
	}
	switch len(bodies) {
	case 0:
		return &Node{file: file, line: 1, column: 1}, nil
	case 1:
		return (&builder{file: file}).node(bodies[0], "", 0)
	default:
		line, column := position(bodies[1].GetToken())
		return nil, &Error{File: file, Line: line, Column: column, Reason: "a second document begins here; one is allowed"}
	}
}

// shallow refuses what the parser would recurse into too deeply: open brackets,
// and lists in lists on one line. Brackets in texts count too: nobody writes a
// hundred of them open.
func shallow(file string, data []byte) error {
	depth, dashes, line, column, leading := 0, 0, 1, 0, true
	for i, b := range data {
		column++
		switch b {
		case '\n':
			dashes, line, column, leading = 0, line+1, 0, true
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(depth-1, 0)
		case '-', '?':
			if leading && i+1 < len(data) && data[i+1] == ' ' {
				dashes++
			}
		}
		leading = leading && (b == '\n' || b == ' ' || b == '-' || b == '?')
		if depth > maxDepth || dashes > maxDepth {
			return &Error{File: file, Line: line, Column: column, Reason: "is nested too deeply"}
		}
	}
	return nil
}

func syntax(file string, err error) *Error {
	e := &Error{File: file, Line: 1, Column: 1, Reason: err.Error()}
	var positioned yaml.Error
	if errors.As(err, &positioned) {
		e.Line, e.Column = position(positioned.GetToken())
		e.Reason = positioned.GetMessage()
	}
	return e
}

func position(t *token.Token) (line, column int) {
	if t == nil || t.Position == nil {
		return 1, 1
	}
	return max(t.Position.Line, 1), max(t.Position.Column, 1)
}

// At makes an error about the value at a path below n, e.g. chats[3].order; a
// path that leads nowhere points at the deepest value on its way.
func (n *Node) At(path, reason string) *Error {
	found := n.find(path)
	return &Error{File: n.file, Line: found.line, Column: found.column, Path: joined(n.path, path), Reason: reason}
}

// Field is the value of a key of a map.
func (n *Node) Field(name string) (*Node, bool) {
	for _, k := range n.keys {
		if k.name == name {
			return k.value, true
		}
	}
	return nil, false
}

// Keys are a map's keys in the order they are written.
func (n *Node) Keys() []string {
	names := make([]string, len(n.keys))
	for i, k := range n.keys {
		names[i] = k.name
	}
	return names
}

// Only is n with no other keys than these.
func (n *Node) Only(names ...string) *Node {
	part := *n
	part.keys = nil
	for _, k := range n.keys {
		if slices.Contains(names, k.name) {
			part.keys = append(part.keys, k)
		}
	}
	return &part
}

// Unknown is the error of a key of n that is not one of the known.
func (n *Node) Unknown(name string, known []string) *Error {
	e := &Error{File: n.file, Line: n.line, Column: n.column, Path: n.path, Reason: unknown(name, known)}
	for _, k := range n.keys {
		if k.name == name {
			e.Line, e.Column = k.line, k.column
		}
	}
	return e
}

// Line is where the value begins, from 1.
func (n *Node) Line() int { return n.line }

func joined(parent, child string) string {
	if parent == "" || child == "" || strings.HasPrefix(child, "[") {
		return parent + child
	}
	return parent + "." + child
}
