package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/load"
	yaml "github.com/oasdiff/yaml3"
)

// document is an OpenAPI document as it was written, in the shapes of
// encoding/json.
type document struct {
	file string
	root map[string]any
}

func read(file string) (*document, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return parse(file, data)
}

func parse(file string, data []byte) (*document, error) {
	var root any
	var err error
	if json.Valid(data) {
		err = json.Unmarshal(data, &root)
	} else {
		decoder := yaml.NewDecoder(bytes.NewReader(data))
		decoder.DisableTimestamps(true)
		err = decoder.Decode(&root)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	d := &document{file: file}
	d.root, _ = texted(root).(map[string]any)
	switch {
	case d.root == nil:
		return nil, fmt.Errorf("%s: not a mapping", file)
	case d.root["openapi"] == nil:
		return nil, fmt.Errorf("%s: not an OpenAPI 3 document, it has no field openapi", file)
	case d.root["paths"] == nil:
		return nil, fmt.Errorf("%s: has no paths", file)
	}
	return d, nil
}

// texted makes every key of a mapping a text, as a status without quotes is none.
func texted(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			v[key] = texted(value)
		}
	case map[any]any:
		out := make(map[string]any, len(v))
		for key, value := range v {
			out[fmt.Sprint(key)] = texted(value)
		}
		return out
	case []any:
		for i, value := range v {
			v[i] = texted(value)
		}
	}
	return v
}

// oddities tells what kin-openapi would refuse and is let pass here.
func (d *document) oddities() []string {
	var notes []string
	info, _ := d.root["info"].(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(info)) {
		switch info[key].(type) {
		case bool, int, int64, uint64, float64:
			notes = append(notes, fmt.Sprintf("%s: info.%s is %v, not a text; passed over", d.file, key, info[key]))
		}
	}
	d.patterns(d.root, "#", &notes)
	return notes
}

func (d *document) patterns(v any, at string, notes *[]string) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			text, ok := v[key].(string)
			if !ok || key != "pattern" {
				d.patterns(v[key], at+"/"+escape(key), notes)
				continue
			}
			if _, err := regexp.Compile(text); err != nil {
				*notes = append(*notes, fmt.Sprintf("%s: %s/pattern is not one of RE2; compared as a text", d.file, at))
			}
		}
	case []any:
		for i, value := range v {
			d.patterns(value, fmt.Sprintf("%s/%d", at, i), notes)
		}
	}
}

// take adds the paths and components of another document. What both have must be
// the same but for words; else the first stays and a note tells.
func (d *document) take(other *document) []string {
	var notes []string
	merge := func(into, from map[string]any, at string) {
		for _, name := range slices.Sorted(maps.Keys(from)) {
			if into[name] == nil {
				into[name] = from[name]
				continue
			}
			if !reflect.DeepEqual(stripped(into[name], false), stripped(from[name], false)) {
				notes = append(notes, fmt.Sprintf("%s: %s/%s is another than in %s; passed over", other.file, at, escape(name), d.file))
			}
		}
	}
	paths := mapping(d.root, "paths")
	for path, item := range mapping(other.root, "paths") {
		methods, ok := item.(map[string]any)
		if paths[path] == nil || !ok {
			paths[path] = item
			continue
		}
		merge(mapping(paths, path), methods, "#/paths/"+escape(path))
	}
	components := mapping(d.root, "components")
	for kind := range mapping(other.root, "components") {
		merge(mapping(components, kind), mapping(mapping(other.root, "components"), kind), "#/components/"+kind)
	}
	if !reflect.DeepEqual(d.root["security"], other.root["security"]) {
		notes = append(notes, fmt.Sprintf("%s: #/security is another than in %s; passed over", other.file, d.file))
	}
	return notes
}

// mapping is a member that is a mapping; an absent one is made.
func mapping(m map[string]any, key string) map[string]any {
	if child, ok := m[key].(map[string]any); ok {
		return child
	}
	child := map[string]any{}
	m[key] = child
	return child
}

// load gives oasdiff the document without its words.
func (d *document) load() (*openapi3.T, error) {
	root := map[string]any{
		"openapi": d.root["openapi"],
		"info":    map[string]any{"title": "compared", "version": "1"},
	}
	for _, key := range []string{"paths", "components", "security"} {
		if d.root[key] != nil {
			root[key] = stripped(d.root[key], key == "paths")
		}
	}
	data, err := json.Marshal(root)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.file, err)
	}
	info, err := load.NewSpecInfoFromData(openapi3.NewLoader(), data, d.file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.file, err)
	}
	if info.Spec.Paths == nil {
		return nil, errors.New(d.file + ": has no paths")
	}
	return info.Spec, nil
}

// stripped is a copy without what is said in words; names tells that the keys of
// v are names that an author chose.
func stripped(v any, names bool) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, value := range v {
			switch {
			case strings.HasPrefix(key, "x-") && !names, !names && isWords(key):
			case !names && isData(key):
				out[key] = value
			case !names && key == "scopes":
				out[key] = unworded(value)
			default:
				_, isMap := value.(map[string]any)
				out[key] = stripped(value, !names && isMap && isNames(key))
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, value := range v {
			out[i] = stripped(value, false)
		}
		return out
	}
	return v
}

// unworded keeps the names of scopes.
func unworded(v any) any {
	scopes, ok := v.(map[string]any)
	if !ok {
		return v
	}
	out := make(map[string]any, len(scopes))
	for name := range scopes {
		out[name] = ""
	}
	return out
}

func isWords(key string) bool {
	return slices.Contains([]string{"description", "summary", "title", "example", "examples", "externalDocs", "tags", "servers"}, key)
}

func isData(key string) bool {
	return slices.Contains([]string{"enum", "default", "const", "required"}, key)
}

func isNames(key string) bool {
	return slices.Contains([]string{
		"properties", "patternProperties", "schemas", "responses", "parameters", "requestBodies", "headers", "securitySchemes",
		"callbacks", "links", "content", "mapping", "variables", "encoding",
	}, key)
}

// escape writes one token of a JSON pointer (RFC 6901).
func escape(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1")
}

func unescape(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}
