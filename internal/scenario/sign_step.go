package scenario

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/google/jsonschema-go/jsonschema"

	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/scenario/value"
)

// Sign says how a call is signed, where that is not as its operation is. In a
// file it may be the word of API alone.
type Sign struct {
	API     API                    `json:"api,omitempty" jsonschema:"whose signature, by the word of a signer; default: that of the operation"`
	At      Offset                 `json:"at,omitempty" jsonschema:"the timestamp, seen from the target's time: -6m"`
	Unit    Unit                   `json:"unit,omitempty" jsonschema:"of the timestamp: s or ms; default s"`
	Case    Case                   `json:"case,omitempty" jsonschema:"of the signature's letters: lower or upper; default lower"`
	Order   []string               `json:"order,omitempty" jsonschema:"names of query parameters that are sent first, in this order"`
	Instead map[string]*value.Node `json:"instead,omitempty" jsonschema:"what is signed instead of what is sent, by the names that the signer signs, and with which key, by its name"`
}

// API is whose signature a call has: the word of a signer.
type API string

// Unit is one of a timestamp.
type Unit string

// Case is one of letters.
type Case string

const (
	milliseconds Unit = "ms"
	upper        Case = "upper"
)

func (*API) known() []string {
	return ofSigners(func(s signer) []string { return []string{s.word} })
}

// ofSigners collects words of all signers, each once.
func ofSigners(words func(signer) []string) []string {
	var out []string
	for _, s := range signers() {
		for _, w := range words(s) {
			if !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out
}

func (*Unit) known() []string { return []string{"s", string(milliseconds)} }

func (*Case) known() []string { return []string{"lower", string(upper)} }

// UnmarshalText reads a word.
func (a *API) UnmarshalText(text []byte) error { return choose(a, text) }

// UnmarshalText reads a unit.
func (u *Unit) UnmarshalText(text []byte) error { return choose(u, text) }

// UnmarshalText reads a case.
func (c *Case) UnmarshalText(text []byte) error { return choose(c, text) }

// Offset is a time.Duration with its sign, as -6m or 4m59s.
type Offset time.Duration

// UnmarshalText reads an offset.
func (o *Offset) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is no offset such as -6m or 4m59s", text)
	}
	*o = Offset(v)
	return nil
}

// signing reads the sign of a step: a word or a mapping.
func (d *decoder) signing(s *Step) {
	n := s.Sign
	if n == nil {
		return
	}
	if s.Verb != "call" && s.Verb != "request" {
		d.wrong(n.Pos, "sign belongs to a call or a request, not to %s", s.Verb)
		return
	}
	s.Signing = &Sign{}
	switch n.Kind {
	case value.String:
		d.into(n, reflect.ValueOf(&s.Signing.API).Elem(), "sign")
	case value.Map:
		d.into(n, reflect.ValueOf(s.Signing).Elem(), "sign")
	default:
		d.wrong(n.Pos, "sign is %s, or a mapping", hint.Or((*API)(nil).known()))
	}
}

// signing checks that there is something to sign, and somebody who does.
func (x *lint) signing(s *Step) {
	if s.Signing == nil || x.vendor == nil {
		return
	}
	if s.As != nil && s.As.Text == nobody {
		x.wrong(s.Sign.Pos, "nobody signs nothing: as and sign exclude each other")
	}
	usual := x.vendor.usual
	if op, ok := x.vendor.operation(s.Call); ok {
		usual = op.scheme
	} else if s.Call != "" {
		return
	}
	if s.As != nil {
		_, by, _ := strings.Cut(s.As.Text, "/")
		for _, name := range []string{s.As.Text, by} {
			if scheme, ok := x.vendor.schemes[name]; ok {
				usual = scheme
			}
		}
	}
	if with, err := x.vendor.resigned(usual, s.Signing, s.called()); err != nil {
		x.wrong(s.Sign.Pos, "%v", err)
	} else {
		x.instead(s, with.signer)
	}
	for i, name := range s.Signing.Order {
		if slices.Contains(s.Signing.Order[:i], name) {
			x.wrong(s.Sign.Field("order").List[i].Pos, "order names %s twice", name)
		}
	}
}

// instead checks that the signer signs what a step gives other values for.
func (x *lint) instead(s *Step, by *signer) {
	if s.Signing.Instead == nil {
		return
	}
	for _, f := range s.Sign.Field("instead").Fields {
		if err := by.knows(f.Key); err != nil {
			x.wrong(f.Pos, "%v", err)
		}
	}
}

// called names what a call or a request calls.
func (s *Step) called() string {
	if s.Request != nil {
		return "the request"
	}
	return s.Call
}

// signSchema is of a step's sign.
func signSchema(types *jsonschema.ForOptions) (*jsonschema.Schema, error) {
	mapping, err := jsonschema.For[Sign](types)
	if err != nil {
		return nil, fmt.Errorf("schema of sign: %w", err)
	}
	mapping.Properties["instead"].PropertyNames = oneOf(ofSigners(func(s signer) []string { return s.names() }))
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{oneOf((*API)(nil).known()), mapping}}, nil
}
