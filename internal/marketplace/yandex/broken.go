package yandex

import (
	"encoding/json"

	"example.com/marketmock/internal/marketplace"
)

// spoilt stands where the spec wants anything but this object.
const spoilt = `{"broken":"by a fault rule"}`

// Broken gives every field of an answer a value of a type that it cannot have.
func (a *API) Broken(_ *marketplace.Call, r marketplace.Response) marketplace.Response {
	raw := r.Raw
	if fast, ok := r.Body.(marketplace.JSONAppender); ok {
		raw = fast.AppendJSON(nil)
	} else if r.Body != nil {
		raw, _ = json.Marshal(r.Body) // what cannot be written is broken enough
	}
	if r.File != nil {
		_ = r.File.Close()
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil || len(fields) == 0 {
		return marketplace.Response{Status: r.Status, Header: jsonHeader(), Raw: []byte(`["broken by a fault rule"]`)}
	}
	for name, value := range fields {
		if len(value) > 0 && value[0] == '{' {
			fields[name] = json.RawMessage(`"broken by a fault rule"`)
		} else {
			fields[name] = json.RawMessage(spoilt)
		}
	}
	header := r.Header.Clone()
	if header == nil {
		header = jsonHeader()
	}
	out, _ := json.Marshal(fields)
	return marketplace.Response{Status: r.Status, Header: header, Raw: out}
}
