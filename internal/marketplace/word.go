package marketplace

import (
	"reflect"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

// WithWords tells in a schema which words its properties may have. A path names
// properties from the outside in; of a list its items are meant, of an object of
// free keys these.
func WithWords(schema *jsonschema.Schema, words map[string][]string) *jsonschema.Schema {
	for path, known := range words {
		if at := Property(schema, path); at != nil {
			at.Enum = make([]any, len(known))
			for i, word := range known {
				at.Enum[i] = word
			}
		}
	}
	return schema
}

// Property is the schema of what a path names, nil for nothing.
func Property(at *jsonschema.Schema, path string) *jsonschema.Schema {
	for name := range strings.SplitSeq(path, ".") {
		if at = at.Properties[name]; at == nil {
			return nil
		}
		if at.Items != nil {
			at = at.Items
		}
	}
	if at.AdditionalProperties != nil && at.Properties == nil {
		if at.PropertyNames == nil {
			at.PropertyNames = &jsonschema.Schema{}
		}
		at = at.PropertyNames
	}
	return at
}

// NewWordedAction is NewAction with words of closed lists in the input, by path as
// in WithWords. What its schema requires and is not told is refused by name.
func NewWordedAction[T any](name, summary string, run func(*World, T) (any, error), words map[string][]string) Action {
	action := NewAction(name, summary, func(w *World, in T) (any, error) {
		if field := missing(reflect.ValueOf(in)); field != "" {
			return nil, Invalid(field, "is missing")
		}
		return run(w, in)
	})
	WithWords(action.Input, words)
	return action
}

// missing is the first field of an input that must be told and is not, "" for
// none. As in the schema these are the fields without omitempty.
func missing(value reflect.Value) string {
	for i := range value.NumField() {
		field := value.Type().Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case field.Anonymous:
			if name := missing(value.Field(i)); name != "" {
				return name
			}
		case options == "" && value.Field(i).IsZero():
			return name
		}
	}
	return ""
}
