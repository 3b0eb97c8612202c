package openapi

import (
	"strconv"
	"strings"
)

// Bounds are what a schema allows of one value. An exclusive bound of an
// integer is given as the last value inside.
type Bounds struct {
	Min, Max             *float64
	MinLength, MaxLength *uint64 // of a string in code points, of an array in items
	Enum                 []any
	Type, Format         string
	Pattern              string
}

// RequestBounds describes the request body's value at a JSON pointer, for a
// vendor's wording. Items of arrays are found under any index; of combined
// schemas the first that knows the field tells.
func (s *Spec) RequestBounds(operation, pointer string) (Bounds, bool) {
	op, ok := s.byID[operation]
	if !ok || op.request == nil || op.request.isJSON == nil || op.request.isJSON.schema == nil {
		return Bounds{}, false
	}
	var tokens []string
	if pointer != "" {
		tokens = strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	}
	found := op.request.isJSON.schema.find(tokens)
	if found == nil {
		return Bounds{}, false
	}
	return found.bounds(), true
}

// find follows the tokens of a pointer. The document is finite and so is the
// pointer, and no schema is combined of itself, so it ends.
func (s *schema) find(tokens []string) *schema {
	if s == nil || len(tokens) == 0 {
		return s
	}
	if p, ok := s.properties[unescapeToken(tokens[0])]; ok {
		return p.find(tokens[1:])
	}
	if _, err := strconv.ParseUint(tokens[0], 10, 64); err == nil && s.items != nil {
		return s.items.find(tokens[1:])
	}
	for _, parts := range [][]*schema{s.allOf, s.oneOf, s.anyOf} {
		for _, part := range parts {
			if found := part.find(tokens); found != nil {
				return found
			}
		}
	}
	return s.additionalSchema.find(tokens[1:])
}

func (s *schema) bounds() Bounds {
	out := Bounds{Type: s.typeName(), Format: s.format, MinLength: s.minLength, MaxLength: s.maxLength, Pattern: s.written}
	if s.types == kindArray {
		out.MinLength, out.MaxLength = s.minItems, s.maxItems
	}
	out.Min, out.Max = s.minimum.float(s.integer, 1), s.maximum.float(s.integer, -1)
	for _, e := range s.enum {
		out.Enum = append(out.Enum, e.value)
	}
	for _, part := range s.allOf {
		out.fill(part.bounds())
	}
	return out
}

// fill takes from other what is not said yet.
func (b *Bounds) fill(other Bounds) {
	if b.Type == "" {
		b.Type = other.Type
	}
	if b.Format == "" {
		b.Format = other.Format
	}
	if b.Pattern == "" {
		b.Pattern = other.Pattern
	}
	if b.Min == nil {
		b.Min = other.Min
	}
	if b.Max == nil {
		b.Max = other.Max
	}
	if b.MinLength == nil {
		b.MinLength = other.MinLength
	}
	if b.MaxLength == nil {
		b.MaxLength = other.MaxLength
	}
	if b.Enum == nil {
		b.Enum = other.Enum
	}
}

// limit is the value of a keyword that allows one value or less.
func (s *schema) limit(rule string) string {
	switch rule {
	case "type":
		return s.typeName()
	case "format":
		return s.format
	case "pattern":
		return s.written
	case "minimum":
		return s.minimum.text
	case "maximum":
		return s.maximum.text
	case "multipleOf":
		return s.multipleOf.text
	case "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties":
		return strconv.FormatUint(*s.count(rule), 10)
	}
	return ""
}

func (s *schema) count(rule string) *uint64 {
	switch rule {
	case "minLength":
		return s.minLength
	case "maxLength":
		return s.maxLength
	case "minItems":
		return s.minItems
	case "maxItems":
		return s.maxItems
	case "minProperties":
		return s.minProps
	}
	return s.maxProps
}

func (b *bound) float(integer bool, inward float64) *float64 {
	if b == nil {
		return nil
	}
	v, err := strconv.ParseFloat(b.text, 64)
	if err != nil {
		return nil
	}
	if b.exclusive && integer {
		v += inward
	}
	return &v
}

func (s *schema) typeName() string {
	switch s.types {
	case kindBool:
		return "boolean"
	case kindNumber:
		if s.integer {
			return "integer"
		}
		return "number"
	case kindString:
		return "string"
	case kindArray:
		return "array"
	case kindObject:
		return "object"
	}
	return ""
}
