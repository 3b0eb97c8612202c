package open

import (
	"encoding/json"
	"strconv"
	"strings"

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

// wantedID is what an id may be, in words.
const wantedID = "a number or a decimal string from 1 on"

// lacks tells what is wrong with a field that must be there and be something.
func (b body) lacks(name, wanted string) string {
	raw, found := b[name]
	switch {
	case !found:
		return name + " is missing"
	case string(raw) == "null":
		return name + " is null"
	case string(raw) == `""`:
		return name + " is empty"
	case raw[0] == '"' && strings.HasPrefix(wanted, "an object"):
		if inner, err := objectOf([]byte(textOf(raw))); err == nil && inner != nil {
			return name + " is a string with JSON inside: it was encoded twice, and " + wanted + " is wanted"
		}
	}
	return name + " is " + kindOfJSON(raw) + ", " + wanted + " is wanted"
}

func textOf(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s) // "" for anything else
	return s
}

// kindOfJSON is what a value is, in words.
func kindOfJSON(raw json.RawMessage) string {
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	}
	return "the number " + string(raw[:min(len(raw), 32)])
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
	text := b.digits(name)
	if text == "" {
		return 0, true
	}
	n, err := strconv.ParseUint(text, 10, 63)
	return int64(n), err == nil
}

// digits is what stands for a number: itself, or the text of a string; "" when
// absent or empty.
func (b body) digits(name string) string {
	if !b.has(name) {
		return ""
	}
	if raw := b[name]; raw[0] != '"' {
		return string(raw)
	}
	text, _ := b.text(name)
	return text
}

// message is a message's id as the store has it; false for anything else, also
// when absent. Claim shopee/post-ids.
func (b body) message(c *marketplace.Call, name string) (uint64, bool) {
	return shop.EpochOf(c).Read(b.digits(name))
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
