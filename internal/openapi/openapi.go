// Package openapi loads specs, applies overlays, lists operations and checks
// requests and answers into findings. It refuses to decide what a finding
// means: that is an emulator's word. It never changes a body.
//
// The documents and the checks are read here and not by kin-openapi, because of
// what was measured on a spec of 1,100 lines: kin-openapi takes 25 ms and 86,000
// allocations to make its model of it, and 5 to 7 ms more for being imported,
// of the 50 ms that a whole server has until its first answer; and its visitor
// reads numbers as float64, which rounds 19-digit ids, knows nothing of
// undeclared fields, duplicate keys and uuid, stops at the first error inside
// allOf, and writes values into its error texts. Here the YAML is decoded into
// maps and compiled straight into checkers; a body is scanned once into a flat
// tape of tokens, numbers kept as text, and the checker walks the tape, without
// an allocation when nothing is found.
//
// kin-openapi stays the judge: package strict gives it every document, and tests
// hold the two to the same verdicts on bodies.
//
// Documents are OpenAPI 3.0 with references inside the document only.
//
// Where the two differ on purpose: a schema without a type takes null; a
// date-time must be a day of the calendar; format byte is padded base64 of the
// standard alphabet; format uuid, uri, email and the unsigned integers are
// checked, also int formats of strings; bounds and enums compare exact decimals.
package openapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"sync"
)

// Finding is one difference between an exchange and the spec.
//
// Rules are the schema keyword that failed (type, required, enum, minimum,
// maximum, multipleOf, minLength, maxLength, pattern, format, minItems,
// maxItems, uniqueItems, minProperties, maxProperties, oneOf, anyOf, not,
// discriminator, readOnly, writeOnly) or one of these:
//
//	json       malformed JSON, or something after its end; the message has the byte offset
//	utf8       bytes that are not UTF-8
//	depth      nested deeper than 64 values; nothing else of the body is checked
//	duplicate  a key twice in an object, a single-valued parameter twice or under two of its names
//	unknown    an undeclared field, query parameter, operation or body
//	missing    no body where one is required or declared
//	status     a status that is not declared
//
// A media type that is absent is In content-type with Rule required, a wrong
// one In content-type with Rule type.
type Finding struct {
	In      string `json:"in"`             // body, header, query, path, cookie, status, content-type
	Pointer string `json:"pointer"`        // JSON pointer into a body (of the absent field when Rule is required), else the parameter's name as it was sent
	Rule    string `json:"rule"`           // see above
	Message string `json:"message"`        // one sentence; never a string of the exchange, but for a short one that is not in an enum
	Spec    string `json:"spec,omitempty"` // where in the spec: ozon.yaml#/components/schemas/…

	// Limit is the keyword's value as the spec has it, for a vendor's wording:
	// "20" of a maximum, the pattern, the name of a format or a type; empty for
	// rules without one value. Bounds has the rest.
	Limit string `json:"-"`

	schema *schema
}

// Bounds are what the schema that the value did not match allows, wherever the
// value travelled. Nothing is said of a finding without a schema or one that was
// decoded from JSON.
func (f Finding) Bounds() Bounds {
	if f.schema == nil {
		return Bounds{}
	}
	return f.schema.bounds()
}

// Spec is one compiled document; immutable.
type Spec struct {
	name       string
	file       string // ozon.yaml
	document   map[string]any
	operations []Operation
	byID       map[string]*operation
	json       func() []byte
}

// Operation is one method on one path. Its slices and maps are shared and must
// not be changed.
type Operation struct {
	ID         string
	Method     string // upper case
	Path       string // template, e.g. /v3/chat/list
	Spec       string // ozon
	Tags       []string
	Statuses   []string // declared: "200", "400", …, "default"; sorted
	Deprecated bool
	Extensions map[string]any // x-…
}

// Request is what is checked of a request. Body is empty when there was none.
// Of a Streamed body only the media type is checked.
type Request struct {
	Header   http.Header
	Query    string // raw
	Path     map[string]string
	Body     []byte
	Streamed bool
}

// Response is what is checked of an answer.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Name is the document's file name without .yaml.
func (s *Spec) Name() string { return s.name }

// Operations lists every operation, by path, then method.
func (s *Spec) Operations() []Operation {
	return append([]Operation(nil), s.operations...)
}

// Operation finds an operation by its operationId.
func (s *Spec) Operation(id string) (Operation, bool) {
	op, ok := s.byID[id]
	if !ok {
		return Operation{}, false
	}
	return op.Operation, true
}

// JSON is the overlaid document.
func (s *Spec) JSON() []byte { return bytes.Clone(s.json()) }

func encoded(document map[string]any) func() []byte {
	return sync.OnceValue(func() []byte {
		var out bytes.Buffer
		enc := json.NewEncoder(&out)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(document); err != nil {
			return nil
		}
		return bytes.TrimRight(out.Bytes(), "\n")
	})
}
