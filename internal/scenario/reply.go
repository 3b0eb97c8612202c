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
	field value.Path // nil: there is none
	by    map[string][]byte
	kinds []string // all kinds of notifications
}

// otherReply names the example that answers what has no example of its own.
const otherReply = "event"

// of is the good answer to a notification; nil is an empty body.
func (r replies) of(notification any) []byte {
	if kind := r.kind(notification); kind != "" && r.by[kind] != nil {
		return r.by[kind]
	}
	return r.by[""]
}

// kind is that of a notification, "" if it tells none.
func (r replies) kind(notification any) string {
	if r.field == nil {
		return ""
	}
	v, err := r.field.Find(notification)
	kind, ok := v.(string)
	if err != nil || !ok {
		return ""
	}
	return kind
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
		if field, mapping := d.discriminator(d.child(request, "schema")); field != nil {
			out.field, out.kinds = field, sortedKeys(mapping)
		}
		asked := d.fields(d.child(request, "examples"))
		for name := range answers {
			body, err := json.Marshal(d.child(d.child(answers, name), "value"))
			if err != nil {
				return out, fmt.Errorf("spec %s: example %s: %w", push.Name(), name, err)
			}
			kind := out.kind(d.child(d.child(asked, name), "value"))
			if kind != "" || name == otherReply {
				out.by[kind] = body
			}
		}
	}
	return out, nil
}

// discriminator tells where the kind stands in what a schema describes, and the
// kinds that there are: in the body itself, or in one of its fields.
func (d document) discriminator(schema any) (value.Path, map[string]any) {
	if field, mapping := d.ownDiscriminator(schema); field != "" {
		return value.Path{{Key: field}}, mapping
	}
	fields := d.fields(d.child(schema, "properties"))
	for _, name := range sortedKeys(fields) {
		if field, mapping := d.ownDiscriminator(fields[name]); field != "" {
			return value.Path{{Key: name}, {Key: field}}, mapping
		}
	}
	return nil, nil
}

func (d document) ownDiscriminator(schema any) (field string, mapping map[string]any) {
	own := d.fields(d.child(schema, "discriminator"))
	field, _ = own["propertyName"].(string)
	return field, d.fields(own["mapping"])
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
