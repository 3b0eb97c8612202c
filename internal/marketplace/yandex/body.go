package yandex

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
)

// jsonBodies are the methods that want one.
var jsonBodies = map[string]bool{opGetChats: true, opGetHistory: true, opSendMessage: true, opCreateChat: true}

// bodyLimit is how many bytes a body may have. Claim yandex/body-limit.
func bodyLimit(c *marketplace.Call) int64 {
	if n := atoi(c.Switch(switchBodyLimit)); n > 0 {
		return int64(n)
	}
	return 512 << 10
}

// guardSize bounds every body but that of a file. Claims yandex/body-limit-text,
// yandex/body-limit-file-exempt.
func guardSize(c *marketplace.Call) error {
	if c.Streamed || open(c) {
		return nil
	}
	most, got := bodyLimit(c), int64(len(c.Body))
	var tooLarge *marketplace.TooLargeError
	if errors.As(c.BodyError, &tooLarge) { // nobody has counted to its end
		got = max(c.Request.ContentLength, tooLarge.Limit+1)
	}
	if got <= most {
		return nil
	}
	return errTooBig.of(sizes(most, got)...).at("", "size")
}

// sizes are a limit in KB and a size in MB.
func sizes(most, got int64) []string {
	return []string{strconv.FormatInt(most>>10, 10), strconv.FormatFloat(float64(got)/(1<<20), 'f', 2, 64)}
}

// guardContentType wants JSON or a form. A body that is not there needs no type.
// Claims yandex/content-type-missing, yandex/media-type-unreadable,
// yandex/file-not-multipart.
func guardContentType(c *marketplace.Call) error {
	wanted := "application/json"
	switch {
	case c.Operation.ID == opSendFile:
		wanted = "multipart/form-data"
	case !jsonBodies[c.Operation.ID]:
		return nil
	}
	kind := c.Request.Header.Get("Content-Type")
	if kind == wanted || kind == "" && !c.Streamed && len(c.Body) == 0 {
		return nil
	}
	media, _, _ := strings.Cut(kind, ";")
	media = strings.TrimSpace(media)
	switch {
	case strings.EqualFold(media, wanted):
		return nil
	case kind == "":
		return badMedia(c, errMediaType, "application/octet-stream")
	case !strings.Contains(strings.Trim(media, "/"), "/"):
		return badMedia(c, errMediaUnknown, kind)
	}
	return badMedia(c, errMediaType, kind)
}

// guardBody asks the spec check what is wrong with a body. What cannot be read
// as the vendor's types is told before what is read and wrong. Claims
// yandex/filter-body, yandex/history-body, yandex/body-unreadable-first.
func guardBody(c *marketplace.Call) error {
	if !jsonBodies[c.Operation.ID] {
		return nil
	}
	if c.BodyError != nil {
		return c.BodyError
	}
	if len(bytes.TrimSpace(c.Body)) == 0 {
		return errBodyMissing.at("", "missing")
	}
	var wrong *refusal
	for _, f := range c.Findings() {
		if f.In != "body" {
			continue
		}
		r, unreadable := refuseField(c.Body, f)
		if r == nil {
			continue
		}
		if r = r.at(f.Pointer, f.Rule); unreadable {
			return r
		}
		if wrong == nil {
			wrong = r
		}
	}
	if wrong != nil {
		return wrong
	}
	return nil
}

// refuseField turns a finding about a body into the vendor's refusal, or lets it
// pass: unknown fields and repeated ones do. Claims yandex/illegal-input,
// yandex/field-null, yandex/field-empty, yandex/item-null, yandex/items-unique,
// yandex/size-between, yandex/unknown-fields-ignored, yandex/filter-empty,
// yandex/filter-duplicates, yandex/filter-unknown-word, yandex/create-direct.
func refuseField(body []byte, f openapi.Finding) (r *refusal, unreadable bool) {
	field := fieldOf(f.Pointer)
	switch f.Rule {
	case "json", "utf8", "depth":
		return malformed(body, f), true
	case "missing":
		return errBodyMissing, true
	case "required":
		return errNull.of(field), false
	case "type", "enum", "format":
		if valueAt(body, f.Pointer) != nil {
			return errIllegal.of(field), true
		}
		return refuseNull(field), field == ""
	case "minItems":
		return errEmpty.of(field), false
	case "uniqueItems":
		return errTwice.of(field), false
	case "minimum":
		return errBelow.of(field, f.Limit, shown(valueAt(body, f.Pointer))), false
	case "maximum":
		return errAbove.of(field, f.Limit, shown(valueAt(body, f.Pointer))), false
	case "minLength", "maxLength":
		bounds := f.Bounds()
		return errSize.of(field, bound(bounds.MinLength), bound(bounds.MaxLength), shown(valueAt(body, f.Pointer))), false
	}
	return nil, false
}

// refuseNull is about a null where there must be something.
func refuseNull(field string) *refusal {
	switch i := strings.LastIndexByte(field, '['); {
	case field == "":
		return errBodyMissing
	case i >= 0 && strings.HasSuffix(field, "]"):
		return errNullItem.of(field[:i])
	}
	return errNull.of(field)
}

// malformed tells a text that ends too early from any other that is not JSON.
// Claims yandex/body-broken, yandex/body-cut.
func malformed(body []byte, f openapi.Finding) *refusal {
	var value any
	var syntax *json.SyntaxError
	if f.Rule == "json" && errors.As(json.Unmarshal(body, &value), &syntax) && syntax.Offset >= int64(len(body)) &&
		strings.HasPrefix(syntax.Error(), "unexpected end") {
		return errBodyCut
	}
	return errBodyBroken(strings.TrimPrefix(f.Message, "the body "))
}

func bound(n *uint64) string {
	if n == nil {
		return "0"
	}
	return strconv.FormatUint(*n, 10)
}

// fieldOf writes a JSON pointer as texts have it: contexts[0].id. Claim
// yandex/field-path.
func fieldOf(pointer string) string {
	var out strings.Builder
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if _, err := strconv.Atoi(token); err == nil {
			out.WriteString("[" + token + "]")
			continue
		}
		if out.Len() > 0 {
			out.WriteByte('.')
		}
		out.WriteString(unescapeToken.Replace(token))
	}
	return out.String()
}

// unescapeToken gives back the characters that a token of a JSON pointer spells
// otherwise.
var unescapeToken = strings.NewReplacer("~1", "/", "~0", "~")

// valueAt is what a JSON pointer points at in a body that is JSON; nil for null
// and for nothing.
func valueAt(body []byte, pointer string) any {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil || pointer == "" {
		return value
	}
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		switch v := value.(type) {
		case map[string]any:
			value = v[unescapeToken.Replace(token)]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// shown is a rejected value.
func shown(value any) string {
	if value == nil {
		return "null"
	}
	return fmt.Sprint(value)
}

// body reads fields of a JSON object that the guards have let pass: a value is of
// its type, or null.
type body struct{ fields map[string]json.RawMessage }

func readBody(c *marketplace.Call) (*body, error) {
	b := &body{}
	if string(c.Body) == "{}" {
		return b, nil
	}
	if err := json.Unmarshal(c.Body, &b.fields); err != nil {
		return nil, errBodyBroken("it is no object").at("", "json")
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

// has reports whether a field is there and not null. Claim yandex/filter-null.
func (b *body) has(name string) bool { return b.value(name) != nil }

// text is a string, "" when absent.
func (b *body) text(name string) string { return read[string](b.value(name)) }

// texts is a list of strings, nil when absent.
func (b *body) texts(name string) []string { return read[[]string](b.value(name)) }

// integer is a number, 0 when absent.
func (b *body) integer(name string) int64 { return int64(read[wholeNumber](b.value(name))) }

// integers is a list of numbers, nil when absent.
func (b *body) integers(name string) []int64 {
	list := read[[]wholeNumber](b.value(name))
	if list == nil {
		return nil
	}
	out := make([]int64, len(list))
	for i, n := range list {
		out[i] = int64(n)
	}
	return out
}

// object is a nested object, nil when absent.
func (b *body) object(name string) *body {
	if !b.has(name) {
		return nil
	}
	return &body{fields: read[map[string]json.RawMessage](b.value(name))}
}

// objects is a list of objects, nil when absent.
func (b *body) objects(name string) []*body {
	list := read[[]map[string]json.RawMessage](b.value(name))
	if list == nil {
		return nil
	}
	out := make([]*body, len(list))
	for i, fields := range list {
		out[i] = &body{fields: fields}
	}
	return out
}

// read decodes a value whose type the spec check has looked at. What another spec
// than ours lets pass is as if it were absent.
func read[T any](raw json.RawMessage) T {
	var out, none T
	if raw == nil || json.Unmarshal(raw, &out) != nil {
		return none
	}
	return out
}

// wholeNumber takes 5001.0 and 5e3 too, which the spec check lets pass.
type wholeNumber int64

// UnmarshalJSON reads digits, or a float without a fraction.
func (n *wholeNumber) UnmarshalJSON(raw []byte) error {
	if i, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		*n = wholeNumber(i)
		return nil
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return fmt.Errorf("%s is no whole number", raw)
	}
	*n = wholeNumber(f)
	return nil
}
