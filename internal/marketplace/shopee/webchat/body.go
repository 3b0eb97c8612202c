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

// wrong notes the first mistake.
func (b *body) wrong(name, rule string) {
	if b.err == nil {
		b.err = errParam.at(b.within+"/"+name, rule)
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
		b.wrong(name, "type")
	}
	return out
}

// id is a number, or one in a string, 0 when absent. Claim
// shopee/post-ids.
func (b *body) id(name string) int64 {
	raw := b.value(name)
	if raw == nil {
		return 0
	}
	digits := string(raw)
	if digits[0] == '"' {
		if digits = b.text(name); digits == "" {
			return 0
		}
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		b.wrong(name, "type")
	}
	return n
}

// messageID is a message's, as a string or a number, 0 when absent.
func (b *body) messageID(c *marketplace.Call, name string) uint64 {
	n := b.id(name)
	if n <= 0 {
		return 0
	}
	return shop.EpochOf(c).Kept(uint64(n))
}

// object is a nested object, nil when absent.
func (b *body) object(name string) *body {
	raw := b.value(name)
	if raw == nil {
		return nil
	}
	inner := &body{within: b.within + "/" + name}
	if json.Unmarshal(raw, &inner.fields) != nil {
		b.wrong(name, "type")
	}
	return inner
}

// need wants fields to be there.
func (b *body) need(names ...string) {
	for _, name := range names {
		if b.value(name) == nil {
			b.wrong(name, "required")
		}
	}
}
