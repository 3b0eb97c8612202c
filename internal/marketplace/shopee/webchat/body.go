package webchat

import (
	"bytes"
	"encoding/json"
	"strconv"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// body reads fields of a JSON object. The first that is not of its type is kept
// in err; a field that is null is absent.
type body struct {
	fields map[string]json.RawMessage
	within string // the pointer of the object
	err    error
}

// readBody reads a body as JSON, whatever its type says: browsers send it as
// text/plain. No body is an empty object. Claims shopee/webchat-content-types,
// shopee/webchat-empty-body, shopee/webchat-invalid.
func readBody(c *marketplace.Call) (*body, error) {
	if c.BodyError != nil {
		return nil, c.BodyError
	}
	b := &body{}
	if len(bytes.TrimSpace(c.Body)) == 0 {
		return b, nil
	}
	for _, f := range c.Findings() {
		if f.In == "body" && (f.Rule == "json" || f.Rule == "utf8" || f.Rule == "depth") {
			return nil, errBody.at(f.Pointer, f.Rule)
		}
	}
	if json.Unmarshal(c.Body, &b.fields) != nil || b.fields == nil {
		return nil, errBody.at("", "type")
	}
	return b, nil
}

// value is a field's JSON, nil when it is absent or null.
func (b *body) value(name string) json.RawMessage {
	raw := b.fields[name]
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	return raw
}

// wrong notes the first mistake: what says it of the field.
func (b *body) wrong(name, rule, what string) {
	if b.err == nil {
		b.err = wrong(b.within+"/"+name, rule, what)
	}
}

// text is a string, "" when absent.
func (b *body) text(name string) string {
	raw := b.value(name)
	if raw == nil {
		return ""
	}
	var out string
	if json.Unmarshal(raw, &out) != nil {
		b.wrong(name, "type", "is not a text")
	}
	return out
}

// id is a number, or one in a string, 0 when absent. Claim
// shopee/post-ids.
func (b *body) id(name string) int64 {
	digits := b.digits(name)
	if digits == "" {
		return 0
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		b.wrong(name, "type", "is not a whole number")
	}
	return n
}

// messageID is a message's, as a string or a number, 0 when absent.
func (b *body) messageID(c *marketplace.Call, name string) uint64 {
	id, isID := shop.EpochOf(c).Read(b.digits(name))
	if !isID {
		b.id(name) // which notes what is wrong
		return 0
	}
	return id
}

// digits is what stands for a number: itself, or the text of a string; "" when
// absent or empty.
func (b *body) digits(name string) string {
	raw := b.value(name)
	if raw == nil || raw[0] == '"' {
		return b.text(name)
	}
	return string(raw)
}

// object is a nested object, nil when absent.
func (b *body) object(name string) *body {
	raw := b.value(name)
	if raw == nil {
		return nil
	}
	inner := &body{within: b.within + "/" + name}
	switch {
	case json.Unmarshal(raw, &inner.fields) == nil:
	case raw[0] == '"':
		b.wrong(name, "type", "is a text, not an object: was it encoded twice?")
	default:
		b.wrong(name, "type", "is not an object")
	}
	return inner
}

// need wants fields to be there.
func (b *body) need(names ...string) {
	for _, name := range names {
		if b.value(name) == nil {
			b.wrong(name, "required", "is missing")
		}
	}
}

// filled is a text that has to be there and to say something.
func (b *body) filled(name string) string {
	b.need(name)
	out := b.text(name)
	if out == "" {
		b.wrong(name, "minLength", "is empty")
	}
	return out
}

// positive is an id that has to be there and above 0.
func (b *body) positive(name string) int64 {
	b.need(name)
	out := b.id(name)
	if out < 1 {
		b.wrong(name, "minimum", "is not above 0")
	}
	return out
}

// unsigned is an id that may be 0, which it is when absent.
func (b *body) unsigned(name string) int64 {
	out := b.id(name)
	if out < 0 {
		b.wrong(name, "minimum", "is below 0")
	}
	return out
}

// address is a link as it is kept, "" when absent.
func (b *body) address(c *marketplace.Call, name string) string {
	out := b.text(name)
	if out != "" && !marketplace.IsAddress(out) {
		b.wrong(name, "format", "is not a link that begins with http:// or https://")
	}
	return unlinked(c, out)
}
