package marketplace

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

// NewAction makes an action with a strict input: T is a struct with JSON tags,
// described by jsonschema tags. What is added to the schema of its input is held
// to as well.
func NewAction[T any](name, summary string, run func(*World, T) (any, error)) Action {
	schema := Schema[T]()
	return Action{
		Name: name, Summary: summary, Input: schema,
		Run: func(w *World, raw json.RawMessage) (any, error) {
			if err := fits(raw, schema); err != nil {
				return nil, err
			}
			var in T
			if err := decodeStrict(raw, &in); err != nil {
				return nil, err
			}
			return run(w, in)
		},
	}
}

// Schema is the JSON Schema of a struct of ours.
func Schema[T any]() *jsonschema.Schema {
	schema, err := jsonschema.For[T](&jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[Ref]():         {Types: []string{"integer", "string"}},
		reflect.TypeFor[json.Number](): {Types: []string{"integer", "string"}},
	}})
	if err != nil { // a mistake in our own types
		return &jsonschema.Schema{Type: "object"}
	}
	return schema
}

// Invalid is a mistake in the input of an action or a player.
func Invalid(field, format string, args ...any) error {
	return &InputError{Field: field, Reason: fmt.Sprintf(format, args...)}
}

func decodeStrict(raw json.RawMessage, into any) error {
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	var wrong *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrong):
		return Invalid(wrong.Field, "a JSON %s does not fit here", wrong.Value)
	}
	if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return Invalid(strings.Trim(field, `"`), "there is no such field")
	}
	return Invalid("", "%v", err)
}

// Ref is an id in an action's input, as a number or in a string; "" if it was
// not given.
type Ref string

// UnmarshalJSON reads 5001, "5001" and "return-7001".
func (r *Ref) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		var n int64
		if err := json.Unmarshal(raw, &n); err != nil {
			return errors.New("an id is a number or a string")
		}
		text = strconv.FormatInt(n, 10)
	}
	*r = Ref(text)
	return nil
}
