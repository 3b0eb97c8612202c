package control

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/openapi"
)

// maxNamed is how many values of an enum a refusal names.
const maxNamed = 12

// dictionary says for people what the spec check has against a request. What a
// finding does not hold it looks up in the document.
type dictionary struct {
	document func() map[string]any
}

func newDictionary(spec *openapi.Spec) *dictionary {
	return &dictionary{sync.OnceValue(func() map[string]any {
		var document map[string]any
		if err := json.Unmarshal(spec.JSON(), &document); err != nil {
			return nil // then less is said
		}
		return document
	})}
}

// reword gives findings their messages for people.
func (d *dictionary) reword(found []openapi.Finding) findings {
	for i, f := range found {
		if said := d.say(f); said != "" {
			found[i].Message = said
		}
	}
	return found
}

// say is a finding in a sentence, "" if its message is one already.
func (d *dictionary) say(f openapi.Finding) string {
	subject := f.Pointer
	if f.In == "body" && f.Pointer == "" {
		subject = "the body"
	}
	switch f.Rule {
	case "unknown":
		return d.unknown(f)
	case "enum":
		return valued(f)
	case "type":
		return typed(subject, f.Message)
	case "format":
		return formatted(subject, f.Limit)
	case "minLength", "minItems":
		if f.Limit == "1" {
			return subject + " is empty"
		}
	case "minProperties":
		return d.tooFew(subject, f)
	case "oneOf", "anyOf":
		return d.variants(subject, f)
	}
	return ""
}

// typed says what a value must be and is; "" for what is not about a value.
func typed(subject, message string) string {
	is, want, both := strings.Cut(strings.TrimPrefix(message, subject+" is "), ", not ")
	if !both {
		return ""
	}
	return strings.NewReplacer(
		"a boolean", "true or false", "an integer", "a whole number", "a string", "a text", "an array", "a list",
	).Replace(subject + " must be " + want + ", not " + is)
}

func (d *dictionary) unknown(f openapi.Finding) string {
	switch {
	case f.In == "query":
		return fmt.Sprintf("there is no query parameter %q%s", f.Pointer, hint.OrKnown(f.Pointer, d.parameters(f.Spec)))
	case f.In == "body" && f.Pointer == "":
		return "this call takes no body"
	case f.In == "body":
		name := unescape(f.Pointer[strings.LastIndexByte(f.Pointer, '/')+1:])
		return fmt.Sprintf("there is no field %q%s", name, hint.OrKnown(name, d.fields(f.Spec)))
	}
	return ""
}

// valued puts the values of an enum into the message that counts them.
func valued(f openapi.Finding) string {
	values := f.Bounds().Enum
	said, counts := strings.CutSuffix(f.Message, fmt.Sprintf("the %d values", len(values)))
	if len(values) > maxNamed || !counts {
		return ""
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = fmt.Sprint(v)
	}
	return said + hint.Or(texts)
}

func formatted(subject, format string) string {
	switch format {
	case "date":
		return subject + " is not a date like 2026-10-01"
	case "date-time":
		return subject + " is not a time like 2026-10-01T12:00:00Z"
	case "byte":
		return subject + " is not base64"
	case "int32", "int64", "uint32", "uint64":
		return subject + " is not a whole number of " + strings.TrimLeft(format, "uint") + " bits"
	}
	return ""
}

func (d *dictionary) tooFew(subject string, f openapi.Finding) string {
	if f.Limit != "1" {
		return ""
	}
	text := subject + " needs at least one field"
	if fields := d.fields(f.Spec); len(fields) > 0 {
		text += ": " + hint.Or(fields)
	}
	return text
}

// variants says what a value may be, if that can be said of every variant.
func (d *dictionary) variants(subject string, f openapi.Finding) string {
	list, _ := d.find(f.Spec)[f.Rule].([]any)
	var forms []string
	for _, variant := range list {
		form := d.form(variant)
		if form == "" {
			return ""
		}
		forms = append(forms, form)
	}
	last := len(forms) - 1
	if last < 1 {
		return ""
	}
	return subject + " must be " + strings.Join(forms[:last], ", ") + " or " + forms[last]
}

// form says what a schema takes, "" if that is not said in a few words.
func (d *dictionary) form(variant any) string {
	s := d.resolved(variant)
	if values, ok := s["enum"].([]any); ok && len(values) == 1 {
		return fmt.Sprint(values[0])
	}
	switch s["type"] {
	case "string":
		if s["format"] == "date-time" {
			return "a time like 2026-10-01T12:00:00Z"
		}
		return "a text"
	case "number":
		return "a number"
	case "integer":
		return "a whole number"
	case "boolean":
		return "true or false"
	}
	return ""
}

// fields are the names that a schema declares, sorted.
func (d *dictionary) fields(at string) []string {
	properties, _ := d.find(at)["properties"].(map[string]any)
	return slices.Sorted(maps.Keys(properties))
}

// parameters are the names of an operation's query parameters, sorted.
func (d *dictionary) parameters(operation string) []string {
	path := operation[:max(0, strings.LastIndexByte(operation, '/'))]
	var names []string
	for _, at := range []string{operation, path} {
		list, _ := d.find(at)["parameters"].([]any)
		for _, parameter := range list {
			p := d.resolved(parameter)
			if name, ok := p["name"].(string); ok && p["in"] == "query" {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// resolved is an object of the document, or the one that it refers to.
func (d *dictionary) resolved(v any) map[string]any {
	object, _ := v.(map[string]any)
	if ref, ok := object["$ref"].(string); ok {
		return d.find(ref)
	}
	return object
}

// find is the object at …#/a/JSON/pointer of the document, nil if there is none.
func (d *dictionary) find(at string) map[string]any {
	_, pointer, _ := strings.Cut(at, "#/")
	var v any = d.document()
	for token := range strings.SplitSeq(pointer, "/") {
		switch in := v.(type) {
		case map[string]any:
			v = in[unescape(token)]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(in) {
				return nil
			}
			v = in[i]
		}
	}
	return d.resolved(v)
}

// unescape reads a token of a JSON pointer.
func unescape(token string) string {
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
}
