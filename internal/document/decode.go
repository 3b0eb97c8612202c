package document

import (
	"encoding"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// Decode fills what into points to. Fields are found by their yaml tags, else
// their json tags; a key without a field and a value of another type are
// *Error. A number may stand where a text is expected and is taken as written.
// Null leaves the field as it is. Known types: structs, maps with string keys,
// slices, pointers, texts, numbers, booleans, any, and encoding.TextUnmarshaler.
func (n *Node) Decode(into any) error {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return fmt.Errorf("decode into %T: a pointer is needed", into)
	}
	return n.decode(v.Elem())
}

func (n *Node) decode(v reflect.Value) error {
	if n.kind == kindNull {
		return nil
	}
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		return n.decode(v.Elem())
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return n.unmarshal(u)
	}
	switch v.Kind() {
	case reflect.Struct:
		return n.structure(v)
	case reflect.Map:
		return n.mapping(v)
	case reflect.Slice:
		return n.slice(v)
	case reflect.Interface:
		v.Set(reflect.ValueOf(n.plain()))
		return nil
	default:
		return n.scalar(v)
	}
}

func (n *Node) wrong(want string) *Error {
	reason := fmt.Sprintf("%s is expected here, not %s", want, n.kind)
	return &Error{File: n.file, Line: n.line, Column: n.column, Path: n.path, Reason: reason}
}

func (n *Node) unmarshal(u encoding.TextUnmarshaler) error {
	if n.kind == kindMap || n.kind == kindList {
		return n.wrong(kindString.String())
	}
	if err := u.UnmarshalText([]byte(n.text)); err != nil {
		return &Error{File: n.file, Line: n.line, Column: n.column, Path: n.path, Reason: err.Error()}
	}
	return nil
}

func (n *Node) structure(v reflect.Value) error {
	if n.kind != kindMap {
		return n.wrong(kindMap.String())
	}
	for _, k := range n.keys {
		field, ok := fieldOf(v, k.name)
		if !ok {
			return n.Unknown(k.name, names(v.Type()))
		}
		if err := k.value.decode(field); err != nil {
			return err
		}
	}
	return nil
}

// fieldOf finds the field a key names, in embedded structs too.
func fieldOf(v reflect.Value, name string) (reflect.Value, bool) {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct && tagOf(f) == "" {
			if found, ok := fieldOf(v.Field(i), name); ok {
				return found, true
			}
			continue
		}
		if f.IsExported() && tagOf(f) == name {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func names(t reflect.Type) []string {
	var all []string
	for i := range t.NumField() {
		f := t.Field(i)
		switch tag := tagOf(f); {
		case f.Anonymous && f.Type.Kind() == reflect.Struct && tag == "":
			all = append(all, names(f.Type)...)
		case f.IsExported() && tag != "" && tag != "-":
			all = append(all, tag)
		}
	}
	return all
}

func tagOf(f reflect.StructField) string {
	tag, ok := f.Tag.Lookup("yaml")
	if !ok {
		tag = f.Tag.Get("json")
	}
	name, _, _ := strings.Cut(tag, ",")
	if name == "" && !f.Anonymous {
		return strings.ToLower(f.Name)
	}
	return name
}

func (n *Node) mapping(v reflect.Value) error {
	if n.kind != kindMap {
		return n.wrong(kindMap.String())
	}
	t := v.Type()
	if t.Key().Kind() != reflect.String {
		return fmt.Errorf("decode into %s: keys must be texts", t)
	}
	v.Set(reflect.MakeMapWithSize(t, len(n.keys)))
	for _, k := range n.keys {
		value := reflect.New(t.Elem()).Elem()
		if err := k.value.decode(value); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(k.name).Convert(t.Key()), value)
	}
	return nil
}

func (n *Node) slice(v reflect.Value) error {
	if n.kind != kindList {
		return n.wrong(kindList.String())
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.items), len(n.items)))
	for i, item := range n.items {
		if err := item.decode(v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func (n *Node) scalar(v reflect.Value) error {
	switch v.Kind() {
	case reflect.String:
		if n.kind != kindString && n.kind != kindInteger && n.kind != kindFloat {
			return n.wrong(kindString.String())
		}
		v.SetString(n.text)
	case reflect.Bool:
		if n.kind != kindBool {
			return n.wrong(kindBool.String())
		}
		v.SetBool(n.text == "true")
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		i, err := strconv.ParseInt(digits(n.text), 0, v.Type().Bits())
		if n.kind != kindInteger || err != nil {
			return n.wrong(kindInteger.String() + bits(v))
		}
		v.SetInt(i)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		u, err := strconv.ParseUint(digits(n.text), 0, v.Type().Bits())
		if n.kind != kindInteger || err != nil {
			return n.wrong("an integer from 0 on" + bits(v))
		}
		v.SetUint(u)
	case reflect.Float32, reflect.Float64:
		f, err := strconv.ParseFloat(n.text, 64)
		if n.kind != kindInteger && n.kind != kindFloat || err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
			return n.wrong(kindFloat.String())
		}
		v.SetFloat(f)
	default:
		return fmt.Errorf("decode into %s: no such type is known", v.Type())
	}
	return nil
}

func bits(v reflect.Value) string { return fmt.Sprintf(" of %d bits", v.Type().Bits()) }

func digits(s string) string { return strings.ReplaceAll(strings.TrimPrefix(s, "+"), "_", "") }

// plain is the value as untyped Go.
func (n *Node) plain() any {
	switch n.kind {
	case kindBool:
		return n.text == "true"
	case kindInteger:
		if i, err := strconv.ParseInt(digits(n.text), 0, 64); err == nil {
			return i
		}
		return n.text
	case kindFloat:
		if f, err := strconv.ParseFloat(n.text, 64); err == nil {
			return f
		}
		return n.text
	case kindList:
		list := make([]any, len(n.items))
		for i, item := range n.items {
			list[i] = item.plain()
		}
		return list
	case kindMap:
		m := make(map[string]any, len(n.keys))
		for _, k := range n.keys {
			m[k.name] = k.value.plain()
		}
		return m
	case kindString:
		return n.text
	default:
		return nil
	}
}
