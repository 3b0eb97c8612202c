package webchat

import (
	"bytes"
	"encoding/json"
	"slices"

	"example.com/marketmock/internal/plainjson"
)

// echo is an object as it was sent, in one line, without a field. Of a field that
// stands twice the last counts, here as where fields are read. Claim
// shopee/webchat-send-echo.
func echo(object json.RawMessage, without string) json.RawMessage {
	dec := json.NewDecoder(bytes.NewReader(object))
	dec.UseNumber()
	start, err := dec.Token()
	if err != nil || start != json.Delim('{') {
		return json.RawMessage("{}")
	}
	fields := readFields(dec)
	return appendFields(nil, slices.DeleteFunc(fields, func(f field) bool { return f.name == without }))
}

// field is one of an object, with its value as JSON.
type field struct {
	name  string
	value []byte
}

func appendFields(dst []byte, fields []field) []byte {
	dst = append(dst, '{')
	for i, f := range fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(append(plainjson.AppendString(dst, f.name), ':'), f.value...)
	}
	return append(dst, '}')
}

// readFields reads to the end of an object. It was checked before: what is no JSON
// ends it.
func readFields(dec *json.Decoder) []field {
	var out []field
	at := map[string]int{}
	for dec.More() {
		token, err := dec.Token()
		name, isName := token.(string)
		if err != nil || !isName {
			return out
		}
		value := appendValue(nil, dec)
		if i, again := at[name]; again {
			out[i].value = value
			continue
		}
		at[name] = len(out)
		out = append(out, field{name, value})
	}
	_, _ = dec.Token() // the brace
	return out
}

func appendValue(dst []byte, dec *json.Decoder) []byte {
	token, err := dec.Token()
	switch value := token.(type) {
	case json.Delim:
		if value == '{' {
			return appendFields(dst, readFields(dec))
		}
		return appendElements(dst, dec)
	case string:
		return plainjson.AppendString(dst, value)
	case json.Number:
		return append(dst, value...)
	case bool:
		if value {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	}
	if err != nil {
		return dst
	}
	return append(dst, "null"...)
}

func appendElements(dst []byte, dec *json.Decoder) []byte {
	dst = append(dst, '[')
	for first := true; dec.More(); first = false {
		if !first {
			dst = append(dst, ',')
		}
		dst = appendValue(dst, dec)
	}
	_, _ = dec.Token() // the bracket
	return append(dst, ']')
}
