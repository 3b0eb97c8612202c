package openapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// schema is one compiled schema object. References are followed: a schema used
// in two places is one value, and a recursive one points at itself.
type schema struct {
	at       string // #/components/schemas/…
	types    kind   // bits; 0 is any
	integer  bool   // of the numbers only whole ones
	wants    kind   // bits of types of this schema and of those it is combined of
	nullable bool
	enum     []enumValue

	properties           map[string]property
	required             []string
	additional           additional
	additionalSchema     *schema
	minProps, maxProps   *uint64
	items                *schema
	minItems, maxItems   *uint64
	unique               bool
	minLength, maxLength *uint64
	pattern              *regexp.Regexp
	written              string // the pattern as the document has it
	format               string
	formatted            func([]byte) bool // of strings; nil for a format without a check
	span                 *span             // of integers
	minimum, maximum     *bound
	multipleOf           *bound

	allOf, oneOf, anyOf []*schema
	not                 *schema
	discriminator       *discriminator
}

type property struct {
	*schema
	readOnly, writeOnly bool
}

// additional is what additionalProperties says.
type additional uint8

const (
	unsaid additional = iota
	allowed
	refused
	checked
)

type bound struct {
	decimal
	text      string
	exclusive bool
}

type enumValue struct {
	text      string // of a string
	isString  bool
	canonical string
	value     any
}

type discriminator struct {
	property string
	variants map[string]*schema
}

// combined tells whether other schemas apply to the same value.
func (s *schema) combined() bool {
	return s.composed() || s.not != nil
}

// composed tells whether other schemas may allow null in the place of s.
func (s *schema) composed() bool {
	return s.allOf != nil || s.oneOf != nil || s.anyOf != nil
}

// names tells whether the schema says which fields an object has.
func (s *schema) names() bool {
	return len(s.properties) > 0 || s.additional != unsaid
}

// unlimited tells whether every string passes, so that there is nothing to check
// in a parameter.
func (s *schema) unlimited() bool {
	return (s.types == 0 || s.types&kindString != 0) && !s.combined() && s.enum == nil &&
		s.minLength == nil && s.maxLength == nil && s.pattern == nil && s.formatted == nil
}

// compiler turns the objects of a document into checkers, each position once.
type compiler struct {
	document map[string]any
	schemas  map[string]*schema // by pointer, as the others
	answers  map[string]*response
	patterns map[string]*regexp.Regexp
	strict   bool // refuse what would be passed over in a schema
}

func newCompiler(document map[string]any) *compiler {
	return &compiler{
		document: document,
		schemas:  map[string]*schema{},
		answers:  map[string]*response{},
		patterns: map[string]*regexp.Regexp{},
	}
}

// schema compiles the schema object v at a pointer. Nothing gives nil.
func (c *compiler) schema(v any, at string) (*schema, error) {
	if v == nil {
		return nil, nil
	}
	m, at, err := resolve(c.document, v, at)
	if err != nil {
		return nil, err
	}
	if s, ok := c.schemas[at]; ok {
		return s, nil
	}
	if c.strict {
		if err := sound(m); err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
	}
	s := &schema{at: at}
	c.schemas[at] = s
	for _, fill := range []func(*schema, map[string]any) error{
		c.fillType, c.fillObject, c.fillArray, c.fillString, c.fillNumber, c.fillCombined, c.fillEnum,
	} {
		if err := fill(s, m); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// sound refuses keywords that OpenAPI 3.0 does not have, a misspelt one would
// allow everything, and lists of nothing said.
func sound(m map[string]any) error {
	if m["type"] == "array" && m["items"] == nil {
		return errors.New("is an array without items")
	}
	return onlyKeys(m,
		"title", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength",
		"pattern", "maxItems", "minItems", "uniqueItems", "maxProperties", "minProperties", "required", "enum", "type",
		"allOf", "oneOf", "anyOf", "not", "items", "properties", "additionalProperties", "description", "format",
		"default", "nullable", "discriminator", "readOnly", "writeOnly", "xml", "externalDocs", "example", "deprecated",
	)
}

func (c *compiler) fillType(s *schema, m map[string]any) error {
	s.nullable, _ = m["nullable"].(bool)
	s.format, _ = m["format"].(string)
	if m["type"] == nil {
		return nil
	}
	switch m["type"] {
	case "string":
		s.types = kindString
	case "integer":
		s.types, s.integer = kindNumber, true
	case "number":
		s.types = kindNumber
	case "boolean":
		s.types = kindBool
	case "array":
		s.types = kindArray
	case "object":
		s.types = kindObject
	default:
		return fmt.Errorf("%s/type: %v is not a type of OpenAPI 3.0", s.at, m["type"])
	}
	s.wants = s.types
	return nil
}

func (c *compiler) fillObject(s *schema, m map[string]any) (err error) {
	properties, _ := m["properties"].(map[string]any)
	if len(properties) > 0 {
		s.properties = make(map[string]property, len(properties))
	}
	for name, v := range properties {
		child, err := c.schema(v, s.at+"/properties/"+escapeToken(name))
		if err != nil {
			return err
		}
		if child == nil {
			return fmt.Errorf("%s/properties/%s: is empty", s.at, escapeToken(name))
		}
		s.properties[name] = c.property(child, v)
	}
	list, _ := m["required"].([]any)
	for _, v := range list {
		name, ok := v.(string)
		if !ok {
			return fmt.Errorf("%s/required: %v is not a string", s.at, v)
		}
		s.required = append(s.required, name)
	}
	switch v := m["additionalProperties"].(type) {
	case nil:
	case bool:
		s.additional = refused
		if v {
			s.additional = allowed
		}
	default:
		s.additional = checked
		if s.additionalSchema, err = c.schema(v, s.at+"/additionalProperties"); err != nil {
			return err
		}
	}
	if s.minProps, err = count(m, "minProperties", s.at); err != nil {
		return err
	}
	s.maxProps, err = count(m, "maxProperties", s.at)
	return err
}

func (c *compiler) property(child *schema, v any) property {
	p := property{schema: child}
	if m, _, err := resolve(c.document, v, child.at); err == nil {
		p.readOnly, _ = m["readOnly"].(bool)
		p.writeOnly, _ = m["writeOnly"].(bool)
	}
	return p
}

func (c *compiler) fillArray(s *schema, m map[string]any) (err error) {
	if s.items, err = c.schema(m["items"], s.at+"/items"); err != nil {
		return err
	}
	s.unique, _ = m["uniqueItems"].(bool)
	if s.minItems, err = count(m, "minItems", s.at); err != nil {
		return err
	}
	s.maxItems, err = count(m, "maxItems", s.at)
	return err
}

func (c *compiler) fillString(s *schema, m map[string]any) (err error) {
	if s.minLength, err = count(m, "minLength", s.at); err != nil {
		return err
	}
	if s.maxLength, err = count(m, "maxLength", s.at); err != nil {
		return err
	}
	s.formatted = stringFormat(s.format)
	pattern, _ := m["pattern"].(string)
	s.written = pattern
	if pattern == "" {
		return nil
	}
	if s.pattern = c.patterns[pattern]; s.pattern != nil {
		return nil
	}
	if s.pattern, err = regexp.Compile(goPattern(pattern)); err != nil {
		return fmt.Errorf("%s/pattern: %w", s.at, err)
	}
	c.patterns[pattern] = s.pattern
	return nil
}

// goPattern rewrites ECMAScript's \u0430, which RE2 does not know.
func goPattern(pattern string) string {
	var out strings.Builder
	for i := 0; i < len(pattern); i++ {
		rest := pattern[i:]
		switch {
		case len(rest) >= 6 && rest[:2] == `\u` && escapeLength([]byte(rest)) == 6:
			out.WriteString(`\x{` + rest[2:6] + `}`)
			i += 5
		case rest[0] == '\\' && len(rest) > 1:
			out.WriteString(rest[:2])
			i++
		default:
			out.WriteByte(rest[0])
		}
	}
	return out.String()
}

func (c *compiler) fillNumber(s *schema, m map[string]any) (err error) {
	if s.integer || s.types == kindString {
		s.span = integerSpan(s.format)
	}
	if s.minimum, err = limit(m, "minimum", s.at); err != nil {
		return err
	}
	if s.maximum, err = limit(m, "maximum", s.at); err != nil {
		return err
	}
	if s.multipleOf, err = limit(m, "multipleOf", s.at); err != nil {
		return err
	}
	if s.multipleOf != nil && s.multipleOf.compare(decimal{fits: true}) <= 0 {
		return fmt.Errorf("%s/multipleOf: must be greater than 0", s.at)
	}
	if s.minimum != nil {
		s.minimum.exclusive, _ = m["exclusiveMinimum"].(bool)
	}
	if s.maximum != nil {
		s.maximum.exclusive, _ = m["exclusiveMaximum"].(bool)
	}
	return nil
}

func count(m map[string]any, key, at string) (*uint64, error) {
	switch v := m[key].(type) {
	case nil:
		return nil, nil
	case int:
		if v >= 0 {
			n := uint64(v)
			return &n, nil
		}
	case uint64:
		return &v, nil
	}
	return nil, fmt.Errorf("%s/%s: %v is not a count", at, key, m[key])
}

func limit(m map[string]any, key, at string) (*bound, error) {
	if m[key] == nil {
		return nil, nil
	}
	text, err := json.Marshal(m[key])
	if err != nil || len(text) == 0 || numberLength(text) != len(text) {
		return nil, fmt.Errorf("%s/%s: %v is not a number", at, key, m[key])
	}
	return &bound{decimal: parseDecimal(text), text: string(text)}, nil
}
