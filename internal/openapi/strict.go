package openapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// validate checks what a document says about itself: its examples and defaults
// against the schemas beside them.
func (s *Spec) validate() error {
	e := &examples{spec: s, compiler: newCompiler(s.document)}
	e.compiler.strict = true
	e.walk(s.document, "#", false)
	return errors.Join(e.errs...)
}

// examples checks every example of a document against the schema beside it.
type examples struct {
	spec     *Spec
	compiler *compiler
	errs     []error
}

// walk finds examples. What stands inside an example, a default or an enum is
// data and holds none, unless names tells that the keys of v are names chosen
// by the author.
func (e *examples) walk(v any, at string, names bool) {
	switch v := v.(type) {
	case map[string]any:
		if !names {
			e.examplesOf(v, at)
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if !names && isData(key) {
				continue
			}
			e.walk(v[key], at+"/"+escapeToken(key), !names && isNames(key))
		}
	case []any:
		for i, item := range v {
			e.walk(item, fmt.Sprintf("%s/%d", at, i), false)
		}
	}
}

func isData(key string) bool {
	return slices.Contains([]string{"example", "examples", "default", "enum"}, key) || len(key) > 2 && key[:2] == "x-"
}

func isNames(key string) bool {
	return slices.Contains([]string{
		"properties", "schemas", "responses", "parameters", "requestBodies", "headers",
		"paths", "content", "securitySchemes", "callbacks", "links", "mapping", "variables", "encoding",
	}, key)
}

// examplesOf checks example and examples of a media type, a parameter, a header
// or a schema. In components examples stand without a schema.
func (e *examples) examplesOf(m map[string]any, at string) {
	one, hasOne := m["example"]
	preset, hasPreset := m["default"]
	many, _ := m["examples"].(map[string]any)
	if !hasOne && !hasPreset && many == nil {
		return
	}
	schema, schemaAt := m["schema"], at+"/schema"
	if schema == nil {
		if at == "#/components" || m["content"] != nil {
			return
		}
		schema, schemaAt = m, at
	}
	if hasPreset {
		e.check(schema, schemaAt, preset, at+"/default")
	}
	if hasOne {
		e.check(schema, schemaAt, one, at+"/example")
	}
	for _, name := range slices.Sorted(maps.Keys(many)) {
		where := at + "/examples/" + escapeToken(name)
		example, _, err := resolve(e.spec.document, many[name], where)
		if err != nil {
			e.errs = append(e.errs, fmt.Errorf("%s: %w", e.spec.file, err))
			continue
		}
		if value, ok := example["value"]; ok {
			e.check(schema, schemaAt, value, where+"/value")
		}
	}
}

func (e *examples) check(v any, schemaAt string, example any, at string) {
	s, err := e.compiler.schema(v, schemaAt)
	if err != nil {
		e.errs = append(e.errs, fmt.Errorf("%s: %w", e.spec.file, err))
		return
	}
	text, err := json.Marshal(example)
	if err != nil {
		e.errs = append(e.errs, fmt.Errorf("%s%s: %w", e.spec.file, at, err))
		return
	}
	c := e.spec.checker(false)
	c.example = true
	c.body(s, text)
	for _, f := range c.done() {
		e.errs = append(e.errs, fmt.Errorf("%s%s: %s (%s)", e.spec.file, at, f.Message, f.Rule))
	}
}
