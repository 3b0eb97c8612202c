// Package value holds what scenarios are made of: YAML values that know where
// they stand and keep numbers exact, templates, paths and matchers. All of it
// is pure; it knows no step and no HTTP.
package value

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
)

// Pos is a place in a file; both count from 1, columns in runes.
type Pos struct{ Line, Column int }

func (p Pos) String() string { return strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column) }

// Kind is the JSON type of a node.
type Kind string

// The kinds of nodes.
const (
	Null   Kind = "null"
	Bool   Kind = "boolean"
	Number Kind = "number"
	String Kind = "string"
	List   Kind = "list"
	Map    Kind = "mapping"
)

// Node is a value as written in a file; immutable after parsing. Text holds a
// string, the literal of a number in JSON's form, or "true" and "false".
type Node struct {
	Kind   Kind
	Text   string
	List   []*Node
	Fields []Field
	Pos    Pos
}

// Field is one entry of a mapping, in the order written.
type Field struct {
	Key   string
	Pos   Pos
	Value *Node
}

// Field returns the value of a key, nil if there is none or n is no mapping.
func (n *Node) Field(key string) *Node {
	if n == nil {
		return nil
	}
	for _, f := range n.Fields {
		if f.Key == key {
			return f.Value
		}
	}
	return nil
}

// Walk calls visit for n and everything inside it.
func (n *Node) Walk(visit func(*Node)) {
	if n == nil {
		return
	}
	visit(n)
	for _, e := range n.List {
		e.Walk(visit)
	}
	for _, f := range n.Fields {
		f.Value.Walk(visit)
	}
}

// Object is a JSON object that keeps the order of its keys when written.
type Object struct {
	Keys   []string
	Values map[string]any
}

// MarshalJSON writes the fields in order, without HTML escaping.
func (o Object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, k := range o.Keys {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := Marshal(k)
		if err != nil {
			return nil, err
		}
		v, err := Marshal(o.Values[k])
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Marshal is json.Marshal without HTML escaping, so that a body travels as it
// was written.
func Marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Decode reads exactly one JSON value, numbers as json.Number.
func Decode(data []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("more than one JSON value at byte %d", dec.InputOffset())
	}
	return v, nil
}

// Text writes a value as it appears inside other text: strings bare, anything
// else as JSON.
func Text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	b, err := Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

// Show writes a value for people: as JSON, shortened in the middle of long ones.
func Show(v any) string {
	const most = 300
	b, err := Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	if r := []rune(string(b)); len(r) > most {
		return string(r[:most/2]) + " … " + string(r[len(r)-most/2:])
	}
	return string(b)
}
