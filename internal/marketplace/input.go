package marketplace

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"example.com/marketmock/internal/hint"
)

// fits refuses what a schema of ours does not take, by name: a field, a type or a
// word of a closed list. JSON that cannot be read is left to who decodes it.
func fits(raw json.RawMessage, schema *jsonschema.Schema) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return nil
	}
	return fit("", v, schema)
}

func fit(path string, v any, schema *jsonschema.Schema) error {
	if v == nil || schema == nil {
		return nil
	}
	if want := typesOf(schema); len(want) > 0 && !slices.Contains(want, typeOf(v)) && (typeOf(v) != "integer" || !slices.Contains(want, "number")) {
		return Invalid(path, "must be %s, not %s", forPeople(want...), forPeople(typeOf(v)))
	}
	switch v := v.(type) {
	case map[string]any:
		return fitFields(path, v, schema)
	case []any:
		for i, item := range v {
			if err := fit(fmt.Sprintf("%s[%d]", path, i), item, schema.Items); err != nil {
				return err
			}
		}
	case string:
		if v != "" && len(schema.Enum) > 0 && !slices.Contains(schema.Enum, any(v)) {
			known := make([]string, len(schema.Enum))
			for i, word := range schema.Enum {
				known[i] = fmt.Sprint(word)
			}
			return Invalid(path, "%s", NoneOf(v, known))
		}
	}
	return nil
}

// NoneOf says of a word that it is none of those known, with the one that was
// probably meant.
func NoneOf(word string, known []string) string {
	if mean := hint.DidYouMean(word, known); mean != "" {
		return fmt.Sprintf("%q is not known here%s", word, mean)
	}
	return fmt.Sprintf("%q is none of %s", word, strings.Join(known, ", "))
}

func fitFields(path string, v map[string]any, schema *jsonschema.Schema) error {
	for _, name := range slices.Sorted(maps.Keys(v)) {
		at := strings.TrimPrefix(path+"."+name, ".")
		field, known := schema.Properties[name]
		if other := schema.AdditionalProperties; !known && other != nil && other.Not != nil {
			return Invalid(at, "there is no field %q%s", name, hint.OrKnown(name, slices.Sorted(maps.Keys(schema.Properties))))
		} else if !known {
			field = other
		}
		if err := fit(at, v[name], field); err != nil {
			return err
		}
	}
	return nil
}

// typesOf are the types that a schema takes, without null.
func typesOf(schema *jsonschema.Schema) []string {
	if schema.Type != "" {
		return []string{schema.Type}
	}
	return slices.DeleteFunc(slices.Clone(schema.Types), func(name string) bool { return name == "null" })
}

func typeOf(v any) string {
	switch v := v.(type) {
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return "number"
		}
		return "integer"
	}
	return "object"
}

var typeWords = map[string]string{
	"boolean": "true or false", "string": "a text", "array": "a list", "number": "a number", "integer": "a whole number",
	"object": "an object",
}

func forPeople(types ...string) string {
	words := make([]string, len(types))
	for i, name := range types {
		words[i] = typeWords[name]
	}
	return strings.Join(words, " or ")
}
