package scenario

import (
	"fmt"
	"slices"
	"time"

	"example.com/marketmock/internal/hint"
)

// FaultKind is what a fault does.
type FaultKind string

// Stage is when a fault acts.
type Stage string

// Party is somebody of a chat.
type Party string

// Day is a date: 2025-08-01.
type Day string

func (*FaultKind) known() []string {
	return []string{"status", "rate-limit", "delay", "drop", "truncate", "break-spec", "lose", "late", "duplicate", "reorder"}
}

func (*Stage) known() []string { return []string{"before", "after", "push"} }

func (*Party) known() []string { return []string{"buyer", "seller", "support"} }

// findingRules are the rules of the check against a spec: keywords of a schema,
// and what the check says of itself.
func findingRules() []string {
	return []string{
		"anyOf", "depth", "discriminator", "duplicate", "enum", "format", "json", "maxItems", "maxLength",
		"maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum", "missing", "multipleOf", "not", "oneOf",
		"pattern", "readOnly", "required", "sign", "status", "type", "uniqueItems", "unknown", "utf8", "writeOnly",
	}
}

// UnmarshalText reads a kind.
func (k *FaultKind) UnmarshalText(text []byte) error { return choose(k, text) }

// UnmarshalText reads a stage.
func (s *Stage) UnmarshalText(text []byte) error { return choose(s, text) }

// UnmarshalText reads a party.
func (p *Party) UnmarshalText(text []byte) error { return choose(p, text) }

func choose[W interface {
	*T
	known() []string
}, T ~string](to W, text []byte) error {
	word, known := string(text), to.known()
	if !slices.Contains(known, word) {
		return fmt.Errorf("%q is not one of %s%s", word, hint.Or(known), hint.DidYouMean(word, known))
	}
	*to = T(word)
	return nil
}

// UnmarshalText reads a date.
func (d *Day) UnmarshalText(text []byte) error {
	if _, err := time.Parse(time.DateOnly, string(text)); err != nil {
		return fmt.Errorf("%q is no date such as 2025-08-01", text)
	}
	*d = Day(text)
	return nil
}
