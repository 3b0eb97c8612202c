package scenario

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/google/jsonschema-go/jsonschema"

	"example.com/marketmock/internal/scenario/value"
)

// Schema is the JSON Schema of scenario files, made from the types that they
// are read into.
func Schema() ([]byte, error) {
	anything := &jsonschema.Schema{}
	text := &jsonschema.Schema{Type: "string"}
	steps := &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Ref: "#/$defs/step"}, MinItems: jsonschema.Ptr(1)}
	types := map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[*value.Node](): anything,
		reflect.TypeFor[value.Node]():  anything,
		reflect.TypeFor[Duration]():    text,
		reflect.TypeFor[Clear]():       {Type: "string", Enum: []any{"clear"}},
		reflect.TypeFor[[]*Step]():     steps,
		reflect.TypeFor[Day]():         {Type: "string", Pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
		reflect.TypeFor[FaultKind]():   oneOf((*FaultKind)(nil).known()),
		reflect.TypeFor[Stage]():       oneOf((*Stage)(nil).known()),
		reflect.TypeFor[Party]():       oneOf((*Party)(nil).known()),
		reflect.TypeFor[API]():         oneOf((*API)(nil).known()),
		reflect.TypeFor[Unit]():        oneOf((*Unit)(nil).known()),
		reflect.TypeFor[Case]():        oneOf((*Case)(nil).known()),
		reflect.TypeFor[Offset]():      text,
	}
	options := &jsonschema.ForOptions{TypeSchemas: types}
	root, err := jsonschema.For[Script](options)
	if err != nil {
		return nil, fmt.Errorf("schema of scenarios: %w", err)
	}
	step, err := jsonschema.For[Step](options)
	if err != nil {
		return nil, fmt.Errorf("schema of steps: %w", err)
	}
	sign, err := signSchema(options)
	if err != nil {
		return nil, err
	}
	root.Schema = "https://json-schema.org/draft/2020-12/schema"
	root.Title = "A scenario of marketmock"
	root.Properties["version"].Const = jsonschema.Ptr[any](1)
	root.Properties["steps"] = steps
	step.Properties["repeat"].Properties["steps"] = steps
	step.Properties["together"].Properties["calls"] = steps
	for _, s := range []*jsonschema.Schema{step, step.Properties["request"]} {
		refer(s, "raw")
		refer(s, "multipart")
	}
	refer(step.Properties["receiver"].Properties["reply"], "raw")
	step.Properties["expect"].Properties["findings"] = &jsonschema.Schema{
		Description: step.Properties["expect"].Properties["findings"].Description,
		AnyOf:       []*jsonschema.Schema{oneOf([]string{"none", "any"}), {Type: "array", Items: oneOf(findingRules())}},
	}
	refer(step, "sign")
	for _, name := range verbNames() {
		step.OneOf = append(step.OneOf, &jsonschema.Schema{Required: []string{name}})
	}
	for _, s := range append([]*jsonschema.Schema{root, step}, sign.AnyOf...) {
		relax(s)
	}
	root.Defs = map[string]*jsonschema.Schema{
		"step": step, "sign": sign, "raw": rawSchema(), "multipart": multipartSchema(), "part": partSchema(),
	}
	return json.MarshalIndent(root, "", "  ")
}

// refer gives a property the definition that is called as it.
func refer(s *jsonschema.Schema, name string) {
	s.Properties[name] = &jsonschema.Schema{Description: s.Properties[name].Description, Ref: "#/$defs/" + name}
}

func oneOf(words []string) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string"}
	for _, w := range words {
		s.Enum = append(s.Enum, w)
	}
	return s
}

// relax lets a value that is text also be written as a number, and drops the
// null that a pointer would allow.
func relax(s *jsonschema.Schema) {
	if s == nil {
		return
	}
	s.Types = slices.DeleteFunc(s.Types, func(t string) bool { return t == "null" || t == "" })
	if len(s.Types) == 0 {
		s.Types = nil
	} else if len(s.Types) == 1 {
		s.Type, s.Types = s.Types[0], nil
	}
	for _, k := range slices.Sorted(maps.Keys(s.Properties)) {
		relax(s.Properties[k])
	}
	relax(s.Items)
	if a := s.AdditionalProperties; a != nil && a.Type == "string" {
		a.Type, a.Types = "", []string{"string", "number"}
	} else {
		relax(a)
	}
}
