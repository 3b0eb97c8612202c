package marketplace

import (
	"encoding/json"
	"net/http"

	"example.com/marketmock/internal/plainjson"
)

// Spoilt is a JSON answer in which every field has a value of a type that it
// cannot have. An array becomes an object; an answer without a body has one then,
// also where its status allows none.
func Spoilt(r Response) Response {
	raw := r.Raw
	if fast, ok := r.Body.(JSONAppender); ok {
		raw = fast.AppendJSON(nil)
	} else if r.Body != nil {
		raw = plainjson.Encode(r.Body)
	}
	if r.File != nil {
		_ = r.File.Close() // it was only to be read
	}
	kind := http.Header{"Content-Type": {"application/json"}}
	if r.Status == http.StatusNoContent || r.Status == http.StatusNotModified {
		r.Status = http.StatusOK
	}
	if len(raw) > 0 && raw[0] == '[' {
		return Response{Status: r.Status, Header: kind, Raw: []byte(`{"broken":"by a fault rule"}`)}
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil || len(fields) == 0 {
		return Response{Status: r.Status, Header: kind, Raw: []byte(`["broken by a fault rule"]`)}
	}
	for name, value := range fields {
		fields[name] = json.RawMessage(`{"broken":"by a fault rule"}`)
		if len(value) > 0 && value[0] == '{' {
			fields[name] = json.RawMessage(`"broken by a fault rule"`)
		}
	}
	out := Response{Status: r.Status, Header: r.Header.Clone(), Raw: plainjson.Encode(fields)}
	if out.Header == nil {
		out.Header = kind
	}
	return out
}
