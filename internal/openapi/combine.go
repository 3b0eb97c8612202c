package openapi

import (
	"fmt"
	"strings"
)

func (c *compiler) fillCombined(s *schema, m map[string]any) (err error) {
	for key, list := range map[string]*[]*schema{"allOf": &s.allOf, "oneOf": &s.oneOf, "anyOf": &s.anyOf} {
		variants, _ := m[key].([]any)
		for i, v := range variants {
			variant, err := c.schema(v, fmt.Sprintf("%s/%s/%d", s.at, key, i))
			if err != nil {
				return err
			}
			if variant == nil {
				return fmt.Errorf("%s/%s/%d: is empty", s.at, key, i)
			}
			*list = append(*list, variant)
			s.wants |= variant.wants
		}
	}
	if s.not, err = c.schema(m["not"], s.at+"/not"); err != nil {
		return err
	}
	return c.fillDiscriminator(s, m)
}

// fillDiscriminator maps values to variants: those of the mapping, and the name
// of each component.
func (c *compiler) fillDiscriminator(s *schema, m map[string]any) error {
	object, ok := m["discriminator"].(map[string]any)
	if !ok || s.oneOf == nil && s.anyOf == nil {
		return nil
	}
	d := &discriminator{variants: map[string]*schema{}}
	d.property, _ = object["propertyName"].(string)
	for _, variant := range append(append([]*schema(nil), s.oneOf...), s.anyOf...) {
		if name, ok := strings.CutPrefix(variant.at, "#/components/schemas/"); ok {
			d.variants[unescapeToken(name)] = variant
		}
	}
	mapping, _ := object["mapping"].(map[string]any)
	for value, target := range mapping {
		ref, _ := target.(string)
		if !strings.Contains(ref, "/") {
			ref = "#/components/schemas/" + ref
		}
		variant, err := c.schema(map[string]any{"$ref": ref}, s.at+"/discriminator/mapping/"+escapeToken(value))
		if err != nil {
			return err
		}
		d.variants[value] = variant
	}
	s.discriminator = d
	return nil
}

// circular finds a schema that is combined of itself without a field or an item
// between, which no value could be checked against.
func (c *compiler) circular() error {
	const (
		under = 1
		done  = 2
	)
	state := map[*schema]int{}
	var visit func(s *schema) error
	visit = func(s *schema) error {
		if s == nil || state[s] == done || !s.combined() {
			return nil
		}
		if state[s] == under {
			return fmt.Errorf("%s: is combined of itself", s.at)
		}
		state[s] = under
		parts := append(append(append([]*schema{s.not}, s.allOf...), s.oneOf...), s.anyOf...)
		for _, part := range parts {
			if err := visit(part); err != nil {
				return err
			}
		}
		state[s] = done
		return nil
	}
	for _, s := range c.schemas {
		if err := visit(s); err != nil {
			return err
		}
	}
	return nil
}

// combine checks a value against the schemas that s is combined of.
func (c *checker) combine(s *schema, n int32) bool {
	ok := true
	if s.not != nil && c.quietly(s.not, n) {
		c.report(n, "not", s, "matches what it must not")
		ok = false
	}
	for _, part := range s.allOf {
		ok = c.check(part, n) && ok
	}
	if s.discriminator != nil && c.nodes[n].kind == kindObject {
		return c.discriminated(s, n) && ok
	}
	if s.oneOf != nil {
		ok = c.variants(s, n, "oneOf", s.oneOf) && ok
	}
	if s.anyOf != nil {
		ok = c.variants(s, n, "anyOf", s.anyOf) && ok
	}
	return ok
}

// variants finds which variants a value matches and checks it against these
// once more, so that their fields become known.
func (c *checker) variants(s *schema, n int32, rule string, variants []*schema) bool {
	if len(variants) == 1 {
		return c.check(variants[0], n)
	}
	matched := 0
	for _, variant := range variants {
		if !c.quietly(variant, n) {
			continue
		}
		matched++
		if c.quiet == 0 {
			c.check(variant, n)
		}
	}
	switch {
	case matched == 0:
		c.report(n, rule, s, "matches none of %d variants", len(variants))
	case matched > 1 && rule == "oneOf":
		c.report(n, rule, s, "matches %d of %d variants instead of one", matched, len(variants))
	default:
		return true
	}
	if c.quiet == 0 {
		c.nodes[n].marks |= open
	}
	return false
}

func (c *checker) discriminated(s *schema, n int32) bool {
	d := s.discriminator
	at := c.member(n, d.property)
	if at < 0 {
		c.reportMember(n, d.property, "discriminator", s, "is absent, but tells the variant")
	} else if c.nodes[at].kind == kindString {
		if variant := d.variants[c.str(at)]; variant != nil {
			return c.check(variant, n)
		}
	}
	if at >= 0 {
		c.report(at, "discriminator", s, "names none of the variants")
	}
	if c.quiet == 0 {
		c.nodes[n].marks |= open
	}
	return false
}

type verdict struct {
	schema *schema
	node   int32
}

// quietly tells whether a value matches, without findings. Verdicts are kept:
// recursive variants would be tried again at every level otherwise.
func (c *checker) quietly(s *schema, n int32) bool {
	key := verdict{s, n}
	if ok, seen := c.verdicts[key]; seen {
		return ok
	}
	c.quiet++
	ok := c.check(s, n)
	c.quiet--
	if c.verdicts == nil {
		c.verdicts = map[verdict]bool{}
	}
	c.verdicts[key] = ok
	return ok
}
