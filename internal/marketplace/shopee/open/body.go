package open

import (
	"encoding/json"
	"strconv"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// withBody makes an operation of a function on a JSON object, whatever the
// Content-Type says. Claims shopee/json-under-any-type, shopee/body-not-json.
func withBody(run func(*marketplace.Call, body) (marketplace.Response, error)) func(*marketplace.Call) (marketplace.Response, error) {
	return func(c *marketplace.Call) (marketplace.Response, error) {
		b, err := readBody(c)
		if err != nil {
			return marketplace.Response{}, err
		}
		return run(c, b)
	}
}

// body is the fields of a JSON object. Those that nobody asks for pass. Claim
// shopee/unknown-parameters.
type body map[string]json.RawMessage

// readBody wants a JSON object: what the spec check finds of its form alone is
// refused, all else is the method's to judge.
func readBody(c *marketplace.Call) (body, error) {
	if c.BodyError != nil {
		return nil, c.BodyError
	}
	for _, f := range c.Findings() {
		if f.In == "body" && (f.Rule == "json" || f.Rule == "utf8" || f.Rule == "depth") {
			return nil, errParam.of("request body").at(f.Pointer, f.Rule).because(f.Message)
		}
	}
	return objectOf(c.Body)
}

func objectOf(raw []byte) (body, error) {
	var b body
	if err := json.Unmarshal(raw, &b); err != nil || b == nil {
		return nil, errParam.of("request body").at("", "type").because("the body is no JSON object")
	}
	return b, nil
}

// has reports whether a field is there and not null.
func (b body) has(name string) bool {
	raw, found := b[name]
	return found && string(raw) != "null"
}

// text is a string, "" when absent; false for another type.
func (b body) text(name string) (string, bool) {
	if !b.has(name) {
		return "", true
	}
	var s string
	err := json.Unmarshal(b[name], &s)
	return s, err == nil
}

// id is a number or a decimal string from 1 on, exact beyond 2^53; false for
// anything else, also when absent. Claim shopee/post-ids.
func (b body) id(name string) (int64, bool) {
	n, ok := b.number(name)
	return n, ok && n > 0
}

// number is an integer from 0 on, as a number or a decimal string; 0 when absent
// or empty. Claim shopee/post-ids.
func (b body) number(name string) (int64, bool) {
	if !b.has(name) {
		return 0, true
	}
	text := string(b[name])
	if text[0] == '"' {
		if text, _ = b.text(name); text == "" {
			return 0, true
		}
	}
	n, err := strconv.ParseUint(text, 10, 63)
	return int64(n), err == nil
}

// message is a message's id as the store has it; false for anything else, also
// when absent. Claim shopee/post-ids.
func (b body) message(c *marketplace.Call, name string) (uint64, bool) {
	id, isID := b.id(name)
	return shop.EpochOf(c).Kept(uint64(id)), isID
}

// object is a nested object, nil when absent; false for another type.
func (b body) object(name string) (body, bool) {
	if !b.has(name) {
		return nil, true
	}
	var out body
	err := json.Unmarshal(b[name], &out)
	return out, err == nil
}
