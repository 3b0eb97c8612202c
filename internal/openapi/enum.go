package openapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

func (c *compiler) fillEnum(s *schema, m map[string]any) error {
	list, _ := m["enum"].([]any)
	for _, v := range list {
		text, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("%s/enum: %w", s.at, err)
		}
		var t tape
		if err := t.scan(text); err != nil {
			return fmt.Errorf("%s/enum: %w", s.at, errors.New(err.what))
		}
		e := enumValue{canonical: string(t.canonical(nil, 0)), value: v}
		e.text, e.isString = v.(string)
		s.enum = append(s.enum, e)
	}
	return nil
}

// canonical writes a form that equal values share.
func (t *tape) canonical(buf []byte, i int32) []byte {
	n := &t.nodes[i]
	switch n.kind {
	case kindNumber:
		return parseDecimal(t.text(i)).append(buf)
	case kindString:
		return appendQuoted(buf, t.bytes(i))
	case kindArray:
		buf = append(buf, '[')
		for k := i + 1; k < n.next; k = t.nodes[k].next {
			buf = append(t.canonical(buf, k), ',')
		}
		return append(buf, ']')
	case kindObject:
		var members []string
		for k := i + 1; k < n.next; k = t.nodes[k].next {
			members = append(members, string(t.canonical(append(appendQuoted(nil, t.bytes(k)), ':'), k+1)))
		}
		slices.Sort(members)
		buf = append(buf, '{')
		for _, member := range members {
			buf = append(append(buf, member...), ',')
		}
		return append(buf, '}')
	}
	return append(buf, t.text(i)...)
}

func appendQuoted(buf, s []byte) []byte {
	buf = append(buf, '"')
	for _, c := range s {
		if c == '"' || c == '\\' {
			buf = append(buf, '\\')
		}
		buf = append(buf, c)
	}
	return append(buf, '"')
}
