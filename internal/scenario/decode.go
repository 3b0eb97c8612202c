package scenario

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/scenario/value"
)

// decoder fills structs from nodes and collects every mistake.
type decoder struct {
	problems []value.Error
}

func (d *decoder) wrong(pos value.Pos, format string, args ...any) {
	d.problems = append(d.problems, value.Error{Pos: pos, Message: fmt.Sprintf(format, args...)})
}

// into fills v, which is addressable, from n. What names the place for messages.
func (d *decoder) into(n *value.Node, v reflect.Value, what string) {
	if _, ok := v.Interface().(*value.Node); ok {
		v.Set(reflect.ValueOf(n))
		return
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if n.Kind != value.String {
			d.expected("text", n, what)
		} else if err := u.UnmarshalText([]byte(n.Text)); err != nil {
			d.wrong(n.Pos, "%s: %v", what, err)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.into(n, v.Elem(), what)
	case reflect.Struct:
		d.object(n, v, what)
	case reflect.Slice:
		d.list(n, v, what)
	case reflect.Map:
		d.dictionary(n, v, what)
	default:
		d.scalar(n, v, what)
	}
}

func (d *decoder) expected(kind string, n *value.Node, what string) {
	d.wrong(n.Pos, "%s must be %s, not %s", what, article(kind), article(string(n.Kind)))
}

func article(kind string) string {
	switch kind {
	case "null", "text", "true or false":
		return kind
	}
	if strings.ContainsRune("aeiou", rune(kind[0])) {
		return "an " + kind
	}
	return "a " + kind
}

func (d *decoder) scalar(n *value.Node, v reflect.Value, what string) {
	switch v.Kind() {
	case reflect.String:
		if n.Kind != value.String && n.Kind != value.Number {
			d.expected("text", n, what)
			return
		}
		v.SetString(n.Text)
	case reflect.Bool:
		if n.Kind != value.Bool {
			d.expected("true or false", n, what)
			return
		}
		v.SetBool(n.Text == "true")
	case reflect.Int, reflect.Int64:
		i, err := strconv.ParseInt(n.Text, 10, 64)
		if n.Kind != value.Number || err != nil {
			d.expected("integer", n, what)
			return
		}
		if i < 0 {
			d.wrong(n.Pos, "%s must not be negative", what)
			return
		}
		v.SetInt(i)
	default:
		panic("scenario: the format has a field of type " + v.Type().String())
	}
}

func (d *decoder) list(n *value.Node, v reflect.Value, what string) {
	if n.Kind != value.List {
		d.expected("list", n, what)
		return
	}
	out := reflect.MakeSlice(v.Type(), len(n.List), len(n.List))
	for i, e := range n.List {
		d.into(e, out.Index(i), fmt.Sprintf("%s[%d]", what, i))
	}
	v.Set(out)
}

func (d *decoder) dictionary(n *value.Node, v reflect.Value, what string) {
	if n.Kind != value.Map {
		d.expected("mapping", n, what)
		return
	}
	out := reflect.MakeMapWithSize(v.Type(), len(n.Fields))
	for _, f := range n.Fields {
		e := reflect.New(v.Type().Elem()).Elem()
		d.into(f.Value, e, what+"."+f.Key)
		out.SetMapIndex(reflect.ValueOf(f.Key), e)
	}
	v.Set(out)
}

func (d *decoder) object(n *value.Node, v reflect.Value, what string) {
	if n.Kind != value.Map {
		d.expected("mapping", n, what)
		return
	}
	fields, required := fieldsOf(v.Type())
	if f := v.FieldByName("Node"); f.IsValid() {
		f.Set(reflect.ValueOf(n))
	}
	for _, f := range n.Fields {
		i, ok := fields[f.Key]
		if !ok {
			d.unknown(f, fields, what)
			continue
		}
		d.into(f.Value, v.Field(i), f.Key)
	}
	for _, key := range required {
		if n.Field(key) == nil {
			d.wrong(n.Pos, "%s needs %s", what, key)
		}
	}
}

func (d *decoder) unknown(f value.Field, fields map[string]int, what string) {
	known := make([]string, 0, len(fields))
	for k := range fields {
		known = append(known, k)
	}
	slices.Sort(known)
	d.wrong(f.Pos, "there is no field %q in %s%s", f.Key, what, hint.DidYouMean(f.Key, known))
}

// fieldsOf returns the keys of a struct and those that must be there.
func fieldsOf(t reflect.Type) (fields map[string]int, required []string) {
	fields = map[string]int{}
	for i := range t.NumField() {
		key, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if key == "" || key == "-" {
			continue
		}
		fields[key] = i
		if options == "" {
			required = append(required, key)
		}
	}
	return fields, required
}
