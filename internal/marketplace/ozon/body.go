package ozon

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
)

// guardBody wants a body that could be read whole, then asks the spec check what
// is wrong with the request. Claim ozon/body-too-large.
func guardBody(c *marketplace.Call) error {
	if c.BodyError != nil {
		return c.BodyError
	}
	if open(c) || len(bytes.TrimSpace(c.Body)) == 0 {
		return nil
	}
	for _, f := range c.Findings() {
		if err := refuseFinding(f); err != nil {
			return err
		}
	}
	return nil
}

// refuseFinding turns a finding of the spec check into the vendor's refusal or
// lets it pass. The vendor reads proto3 JSON, where a missing field and its zero
// value are one, and numbers may be strings: so types, required fields and
// bounds are judged on the values as an operation reads them (body, and the
// check beside each operation), and unknown fields are nothing at all. Only a
// field that stands twice is refused for being there. Claims
// ozon/bad-json, ozon/unknown-fields-ignored, ozon/ids-accepted-both-ways.
func refuseFinding(f openapi.Finding) error {
	if f.In != "body" {
		return nil
	}
	switch f.Rule {
	case "json", "utf8":
		return errMalformed.at(f.Pointer, f.Rule)
	case "duplicate":
		return errTwice.at(f.Pointer, f.Rule)
	}
	return nil
}

// body reads fields of a JSON object as proto3 JSON does. The first value that
// cannot be read is kept for err; later reads go on with zero values.
type body struct {
	fields  map[string]json.RawMessage
	pointer string
	// lax takes an empty string as an absent number, boolean, list or object.
	// Claim ozon/empty-values.
	lax   bool
	wrong *error
}

// readBody takes no body as an empty object.
func readBody(c *marketplace.Call) (*body, error) {
	b := &body{lax: c.Switch(switchEmptyValues) == "absent", wrong: new(error)}
	trimmed := bytes.TrimLeft(c.Body, " \t\r\n")
	if len(trimmed) == 0 {
		return b, nil
	}
	if trimmed[0] != '{' || !utf8.Valid(trimmed) {
		return nil, errMalformed.at("", "json")
	}
	if err := json.Unmarshal(trimmed, &b.fields); err != nil {
		return nil, errMalformed.at("", "json")
	}
	return b, nil
}

func (b *body) err() error { return *b.wrong }

func (b *body) fail(name string) {
	if *b.wrong == nil {
		*b.wrong = errWrongType.at(b.pointer+"/"+name, "type")
	}
}

// value is a field's JSON, nil when it is absent or null.
func (b *body) value(name string) json.RawMessage {
	raw := b.fields[name]
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	return raw
}

// scalar is value with "" as absent where empty values are.
func (b *body) scalar(name string) json.RawMessage {
	raw := b.value(name)
	if b.lax && string(raw) == `""` {
		return nil
	}
	return raw
}

// text is a string, "" when absent.
func (b *body) text(name string) string {
	raw := b.value(name)
	if raw == nil {
		return ""
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		b.fail(name)
	}
	return s
}

// flag is a boolean, false when absent.
func (b *body) flag(name string) bool {
	switch string(b.scalar(name)) {
	case "", "false":
		return false
	case "true":
		return true
	}
	b.fail(name)
	return false
}

// integer is an int64 written as a number or a string of digits, 0 when absent.
func (b *body) integer(name string) int64 {
	raw := b.scalar(name)
	if raw == nil {
		return 0
	}
	digits := unquote(raw)
	if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
		return n
	}
	f, valid := wholeFloat(digits)
	if !valid {
		b.fail(name)
	}
	return int64(f)
}

// id is a uint64 written as a number or a string of digits, 0 when absent.
func (b *body) id(name string) uint64 {
	raw := b.scalar(name)
	if raw == nil {
		return 0
	}
	n, valid := parseID(raw)
	if !valid {
		b.fail(name)
	}
	return n
}

// ids is a list of them, nil when absent.
func (b *body) ids(name string) []uint64 {
	var list []json.RawMessage
	if raw := b.scalar(name); raw == nil {
		return nil
	} else if json.Unmarshal(raw, &list) != nil {
		b.fail(name)
		return nil
	}
	out := make([]uint64, 0, len(list))
	for i, raw := range list {
		n, valid := parseID(raw)
		if !valid {
			b.fail(name + "/" + strconv.Itoa(i))
			return nil
		}
		out = append(out, n)
	}
	return out
}

// texts is a list of strings, nil when absent.
func (b *body) texts(name string) []string {
	var list []*string
	if raw := b.scalar(name); raw == nil {
		return nil
	} else if json.Unmarshal(raw, &list) != nil {
		b.fail(name)
		return nil
	}
	out := make([]string, 0, len(list))
	for i, s := range list {
		if s == nil {
			b.fail(name + "/" + strconv.Itoa(i))
			return nil
		}
		out = append(out, *s)
	}
	return out
}

// object is a nested object, empty when absent.
func (b *body) object(name string) *body {
	inner := &body{pointer: b.pointer + "/" + name, lax: b.lax, wrong: b.wrong}
	raw := b.scalar(name)
	if raw == nil {
		return inner
	}
	if raw[0] != '{' || json.Unmarshal(raw, &inner.fields) != nil {
		b.fail(name)
	}
	return inner
}

func parseID(raw json.RawMessage) (uint64, bool) {
	digits := unquote(raw)
	if n, err := strconv.ParseUint(digits, 10, 64); err == nil && digits[0] != '+' {
		return n, true
	}
	f, valid := wholeFloat(digits)
	return uint64(max(f, 0)), valid && f >= 0
}

func unquote(raw json.RawMessage) string {
	s := string(raw)
	if len(s) > 1 && s[0] == '"' {
		return s[1 : len(s)-1]
	}
	return s
}

// wholeFloat reads 1e3 and 30.0, which proto3 JSON takes as integers, as far as
// a double holds them.
func wholeFloat(digits string) (float64, bool) {
	if !strings.ContainsAny(digits, ".eE") || strings.ContainsAny(digits, "xXpP_") {
		return 0, false
	}
	f, err := strconv.ParseFloat(digits, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return f, true
}
