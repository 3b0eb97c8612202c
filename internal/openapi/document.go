package openapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	yaml "github.com/oasdiff/yaml3"
)

// decodeYAML reads one YAML document whose root is a mapping into the shapes of
// encoding/json; integers stay integers, keys become strings and dates stay
// what was written.
func decodeYAML(data []byte) (map[string]any, error) {
	root, err := readQuickly(data)
	if err != nil {
		if root, err = readFully(data); err != nil {
			return nil, err
		}
	}
	document, ok := root.(map[string]any)
	if !ok {
		return nil, errors.New("the root is not a mapping")
	}
	return document, nil
}

// readFully reads any YAML. It is the reader kin-openapi has.
func readFully(data []byte) (any, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.DisableTimestamps(true)
	var root any
	if err := dec.Decode(&root); err != nil {
		return nil, err
	}
	if err := dec.Decode(new(any)); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one YAML document")
	}
	return plain(root), nil
}

// plain turns maps with keys that are not strings (a status without quotes)
// into maps of strings, in place where it can.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			switch value.(type) {
			case map[string]any, map[any]any, []any:
				v[key] = plain(value)
			}
		}
		return v
	case map[any]any:
		out := make(map[string]any, len(v))
		for key, value := range v {
			out[fmt.Sprint(key)] = plain(value)
		}
		return out
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
		return v
	}
	return v
}

// clone copies maps and slices, so that an overlay does not reach the base.
func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, value := range v {
			out[key] = clone(value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, value := range v {
			out[i] = clone(value)
		}
		return out
	}
	return v
}

// escapeToken writes one token of a JSON pointer (RFC 6901).
func escapeToken(token string) string {
	if !strings.ContainsAny(token, "~/") {
		return token
	}
	return strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1")
}

func unescapeToken(token string) string {
	if !strings.Contains(token, "~") {
		return token
	}
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}

// lookup finds what a reference of the form #/a/b points at.
func lookup(document any, ref string) (any, error) {
	rest, ok := strings.CutPrefix(ref, "#/")
	if !ok {
		return nil, fmt.Errorf("reference %q is not within the document", ref)
	}
	at := document
	for token := range strings.SplitSeq(rest, "/") {
		token = unescapeToken(token)
		switch v := at.(type) {
		case map[string]any:
			at, ok = v[token]
		case []any:
			i, err := strconv.Atoi(token)
			if ok = err == nil && i >= 0 && i < len(v); ok {
				at = v[i]
			}
		default:
			ok = false
		}
		if !ok {
			return nil, fmt.Errorf("reference %q points at nothing", ref)
		}
	}
	return at, nil
}

// maxRefs bounds a chain of references to references.
const maxRefs = 32

// resolve follows references until there is none and tells where it ended.
func resolve(document map[string]any, v any, at string) (map[string]any, string, error) {
	for range maxRefs {
		m, ok := v.(map[string]any)
		if !ok {
			return nil, at, fmt.Errorf("%s: is not an object", at)
		}
		ref, ok := m["$ref"].(string)
		if !ok {
			return m, at, nil
		}
		target, err := lookup(document, ref)
		if err != nil {
			return nil, at, fmt.Errorf("%s: %w", at, err)
		}
		v, at = target, ref
	}
	return nil, at, fmt.Errorf("%s: references go round in a circle", at)
}
