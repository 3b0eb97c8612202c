package scenario

import (
	"slices"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/scenario/value"
)

// payload checks how the bodies of a call, a request or a reply are written.
func (d *decoder) payload(n *value.Node) {
	var found []string
	for _, key := range []string{"body", "raw", "multipart"} {
		if n.Field(key) != nil {
			found = append(found, key)
		}
	}
	if len(found) > 1 {
		d.wrong(n.Field(found[1]).Pos, "%s exclude each other", strings.Join(found, " and "))
	}
	if raw := n.Field("raw"); raw != nil {
		d.raw(raw)
	}
	if parts := n.Field("multipart"); parts != nil {
		d.multipart(parts)
	}
}

func (d *decoder) raw(n *value.Node) {
	switch n.Kind {
	case value.Map:
		d.content(n, "raw", contentKeys()[1:], nil)
		if len(n.Fields) == 0 {
			d.wrong(n.Pos, "raw is a string, {base64: …} or {size: …}")
		}
	case value.List, value.Null:
		d.wrong(n.Pos, "raw is a string, {base64: …} or {size: …}")
	}
}

func (d *decoder) multipart(n *value.Node) {
	if n.Kind != value.Map || len(n.Fields) == 0 {
		d.wrong(n.Pos, "multipart is a mapping of names to parts")
		return
	}
	for _, f := range n.Fields {
		if f.Value.Kind != value.List {
			d.part(f.Key, f.Value)
			continue
		}
		if len(f.Value.List) == 0 {
			d.wrong(f.Value.Pos, "%s has no parts", f.Key)
		}
		for _, e := range f.Value.List {
			d.part(f.Key, e)
		}
	}
}

func (d *decoder) part(name string, n *value.Node) {
	switch n.Kind {
	case value.Map:
		d.content(n, name, contentKeys(), []string{"name", "content_type"})
		if t := n.Field("content_type"); t != nil && t.Kind != value.String && t.Kind != value.Null {
			d.expected("text", t, "content_type")
		}
	case value.List, value.Null:
		d.wrong(n.Pos, "the part %s is text, or a mapping of name, content_type and text, base64 or size", name)
	}
}

// content checks that a mapping has at most one of the keys for content, and
// besides only the others.
func (d *decoder) content(n *value.Node, what string, keys, others []string) {
	known := slices.Concat(keys, others)
	var found []string
	for _, f := range n.Fields {
		switch {
		case !slices.Contains(known, f.Key):
			d.wrong(f.Pos, "there is no field %q in %s%s", f.Key, what, hint.DidYouMean(f.Key, known))
		case slices.Contains(keys, f.Key):
			found = append(found, f.Key)
		}
		if f.Value.Kind == value.Map || f.Value.Kind == value.List || f.Value.Kind == value.Null && f.Key != "content_type" {
			d.expected("text", f.Value, f.Key)
		}
	}
	if len(found) > 1 {
		d.wrong(n.Pos, "%s of %s exclude each other", strings.Join(found, " and "), what)
	}
	if size := n.Field("size"); size != nil && size.Kind == value.Number {
		if _, err := generated(size.Text); err != nil {
			d.wrong(size.Pos, "%v", err)
		}
	}
}

// closed is a mapping of these keys and no other.
func closed(properties map[string]*jsonschema.Schema) *jsonschema.Schema {
	return &jsonschema.Schema{
		Type: "object", Properties: properties, AdditionalProperties: &jsonschema.Schema{Not: &jsonschema.Schema{}},
	}
}

func plainSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Types: []string{"string", "number", "boolean"}}
}

func sizeSchema() *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
		{Type: "integer", Minimum: jsonschema.Ptr(0.0), Maximum: jsonschema.Ptr(float64(maxGenerated))}, {Type: "string"},
	}}
}

// rawSchema is of a body that is sent as it is.
func rawSchema() *jsonschema.Schema {
	from := closed(map[string]*jsonschema.Schema{"base64": plainSchema(), "size": sizeSchema()})
	from.MinProperties, from.MaxProperties = jsonschema.Ptr(1), jsonschema.Ptr(1)
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{plainSchema(), from}}
}

// multipartSchema is of parts by name.
func multipartSchema() *jsonschema.Schema {
	part := &jsonschema.Schema{Ref: "#/$defs/part"}
	return &jsonschema.Schema{
		Type: "object", MinProperties: jsonschema.Ptr(1),
		AdditionalProperties: &jsonschema.Schema{AnyOf: []*jsonschema.Schema{part, {Type: "array", Items: part, MinItems: jsonschema.Ptr(1)}}},
	}
}

// partSchema is of one part.
func partSchema() *jsonschema.Schema {
	file := closed(map[string]*jsonschema.Schema{
		"name":         plainSchema(),
		"content_type": {Types: []string{"string", "null"}},
		"text":         plainSchema(),
		"base64":       plainSchema(),
		"size":         sizeSchema(),
	})
	for _, two := range [][]string{{"text", "base64"}, {"text", "size"}, {"base64", "size"}} {
		file.AllOf = append(file.AllOf, &jsonschema.Schema{Not: &jsonschema.Schema{Required: two}})
	}
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{plainSchema(), file}}
}
