package scenario

import (
	"encoding/json"
	"fmt"
	"strings"

	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/scenario/value"
)

// replies are how a good receiver answers notifications, by the value of the
// field that tells one kind from another. "" is any other kind.
type replies struct {
	field string
	by    map[string][]byte
	kinds []string // all kinds of notifications
}

// otherReply names the example that answers what has no example of its own.
const otherReply = "event"

// of is the good answer to a notification; nil is an empty body.
func (r replies) of(notification any) []byte {
	if m, ok := notification.(map[string]any); ok {
		if kind, ok := m[r.field].(string); ok && r.by[kind] != nil {
			return r.by[kind]
		}
	}
	return r.by[""]
}

// readReplies takes the answers from a push spec: those examples of its 200
// answer that are named as an example of its request, and the one named event.
func readReplies(push *openapi.Spec) (replies, error) {
	out := replies{by: map[string][]byte{}}
	doc, err := value.Decode(push.JSON())
	if err != nil {
		return out, fmt.Errorf("spec %s: %w", push.Name(), err)
	}
	d := document{doc}
	for _, op := range push.Operations() {
		at := []string{"paths", op.Path, strings.ToLower(op.Method)}
		request := d.at(append(at, "requestBody", "content", "application/json")...)
		answers := d.fields(d.child(d.at(append(at, "responses", "200", "content", "application/json")...), "examples"))
		discriminator, _ := d.child(d.child(request, "schema"), "discriminator").(map[string]any)
		if discriminator != nil {
			out.field, _ = discriminator["propertyName"].(string)
			out.kinds = sortedKeys(d.fields(discriminator["mapping"]))
		}
		asked := d.fields(d.child(request, "examples"))
		for name := range answers {
			body, err := json.Marshal(d.child(d.child(answers, name), "value"))
			if err != nil {
				return out, fmt.Errorf("spec %s: example %s: %w", push.Name(), name, err)
			}
			kind, _ := d.child(d.child(d.child(asked, name), "value"), out.field).(string)
			if kind != "" || name == otherReply {
				out.by[kind] = body
			}
		}
	}
	return out, nil
}

// document is a decoded spec; its accessors follow references within it.
type document struct{ root any }

func (d document) at(path ...string) any {
	v := d.root
	for _, key := range path {
		v = d.child(v, key)
	}
	return v
}

func (d document) child(v any, key string) any {
	m, _ := d.resolve(v).(map[string]any)
	return d.resolve(m[key])
}

func (d document) fields(v any) map[string]any {
	m, _ := d.resolve(v).(map[string]any)
	return m
}

func (d document) resolve(v any) any {
	for range 10 {
		m, _ := v.(map[string]any)
		ref, ok := m["$ref"].(string)
		if !ok {
			return v
		}
		v = d.root
		for _, part := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
			part = strings.ReplaceAll(strings.ReplaceAll(part, "~1", "/"), "~0", "~")
			m, _ := v.(map[string]any)
			v = m[part]
		}
	}
	return nil
}
