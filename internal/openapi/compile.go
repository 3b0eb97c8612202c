package openapi

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// operation is an operation with what it is checked by.
type operation struct {
	Operation
	at         string
	parameters []parameter
	request    *content // nil when no body is declared
	required   bool     // of the body
	responses  map[string]*response
}

// content is the media types of one body.
type content struct {
	at     string
	media  []media
	isJSON *media // the first that is JSON
}

type media struct {
	kind   string // application/json, lower case, without parameters
	json   bool   // a body of it is read as JSON
	schema *schema
}

type response struct {
	at      string
	content *content
	headers []parameter
}

// parameter is a parameter or a header of an answer.
type parameter struct {
	name, in   string
	aliases    []string // other names of a query parameter
	key        string   // of a header, in canonical form
	at         string
	required   bool
	array      bool
	explode    bool
	delimiter  string
	allowEmpty bool
	json       bool // its text is JSON
	schema     *schema
}

// compile builds a spec from a document, which it keeps and does not change.
func compile(name string, document map[string]any, strict bool) (*Spec, error) {
	if version, _ := document["openapi"].(string); !strings.HasPrefix(version, "3.0.") {
		return nil, fmt.Errorf("openapi: %v is not a 3.0 version", document["openapi"])
	}
	c := newCompiler(document)
	c.strict = strict
	spec := &Spec{name: name, file: name + ".yaml", document: document, byID: map[string]*operation{}, json: encoded(document)}
	paths, _ := document["paths"].(map[string]any)
	for path, v := range paths {
		if strings.HasPrefix(path, "x-") {
			continue
		}
		item, at, err := resolve(document, v, "#/paths/"+escapeToken(path))
		if err != nil {
			return nil, err
		}
		if err := c.path(spec, path, item, at); err != nil {
			return nil, err
		}
	}
	if err := c.circular(); err != nil {
		return nil, err
	}
	for _, op := range spec.byID {
		spec.operations = append(spec.operations, op.Operation)
	}
	slices.SortFunc(spec.operations, func(a, b Operation) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	return spec, nil
}

func (c *compiler) path(spec *Spec, path string, item map[string]any, at string) error {
	for _, method := range []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"} {
		m, ok := item[method].(map[string]any)
		if !ok {
			continue
		}
		op, err := c.operation(m, item, at, at+"/"+method)
		if err != nil {
			return err
		}
		if spec.byID[op.ID] != nil {
			return fmt.Errorf("%s/operationId: %s is there twice", op.at, op.ID)
		}
		op.Method, op.Path, op.Spec = strings.ToUpper(method), path, spec.name
		spec.byID[op.ID] = op
	}
	return nil
}

func (c *compiler) operation(m, item map[string]any, itemAt, at string) (*operation, error) {
	op := &operation{at: at, responses: map[string]*response{}}
	if op.ID, _ = m["operationId"].(string); op.ID == "" {
		return nil, fmt.Errorf("%s/operationId: is missing", at)
	}
	op.Deprecated, _ = m["deprecated"].(bool)
	tags, _ := m["tags"].([]any)
	for _, tag := range tags {
		op.Tags = append(op.Tags, fmt.Sprint(tag))
	}
	for key, v := range m {
		if strings.HasPrefix(key, "x-") {
			if op.Extensions == nil {
				op.Extensions = map[string]any{}
			}
			op.Extensions[key] = v
		}
	}
	if err := c.parameters(op, item["parameters"], itemAt); err != nil {
		return nil, err
	}
	if err := c.parameters(op, m["parameters"], at); err != nil {
		return nil, err
	}
	if err := op.distinct(); err != nil {
		return nil, err
	}
	c.apiKeys(op, m)
	if v := m["requestBody"]; v != nil {
		body, bodyAt, err := resolve(c.document, v, at+"/requestBody")
		if err != nil {
			return nil, err
		}
		op.required, _ = body["required"].(bool)
		if op.request, err = c.content(body, bodyAt); err != nil {
			return nil, err
		}
	}
	return op, c.responses(op, m)
}

func (c *compiler) responses(op *operation, m map[string]any) error {
	responses, _ := m["responses"].(map[string]any)
	for status, v := range responses {
		if strings.HasPrefix(status, "x-") {
			continue
		}
		object, at, err := resolve(c.document, v, op.at+"/responses/"+escapeToken(status))
		if err != nil {
			return err
		}
		if op.responses[status], err = c.response(object, at); err != nil {
			return err
		}
	}
	op.Statuses = slices.Sorted(maps.Keys(op.responses))
	return nil
}

func (c *compiler) response(object map[string]any, at string) (*response, error) {
	if r, ok := c.answers[at]; ok {
		return r, nil
	}
	content, err := c.content(object, at)
	if err != nil {
		return nil, err
	}
	r := &response{at: at, content: content}
	headers, _ := object["headers"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		header, headerAt, err := resolve(c.document, headers[name], at+"/headers/"+escapeToken(name))
		if err != nil {
			return nil, err
		}
		p := parameter{name: name, in: "header"}
		if err := c.fillParameter(&p, header, headerAt); err != nil {
			return nil, err
		}
		r.headers = append(r.headers, p)
	}
	c.answers[at] = r
	return r, nil
}

func (c *compiler) content(m map[string]any, at string) (*content, error) {
	out := &content{at: at + "/content"}
	types, _ := m["content"].(map[string]any)
	for _, kind := range slices.Sorted(maps.Keys(types)) {
		object, ok := types[kind].(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s/%s: is not an object", out.at, escapeToken(kind))
		}
		s, err := c.schema(object["schema"], out.at+"/"+escapeToken(kind)+"/schema")
		if err != nil {
			return nil, err
		}
		kind = essence(kind)
		out.media = append(out.media, media{kind: kind, json: isJSON(kind) || isPlainJSON(kind, s), schema: s})
	}
	for i := range out.media {
		if isJSON(out.media[i].kind) {
			out.isJSON = &out.media[i]
			break
		}
	}
	return out, nil
}

// parameters adds a list of parameters; one of the same name and place
// overrides an earlier one.
func (c *compiler) parameters(op *operation, v any, at string) error {
	list, _ := v.([]any)
	for i, v := range list {
		m, at, err := resolve(c.document, v, fmt.Sprintf("%s/parameters/%d", at, i))
		if err != nil {
			return err
		}
		var p parameter
		p.name, _ = m["name"].(string)
		p.in, _ = m["in"].(string)
		if p.name == "" || !slices.Contains([]string{"path", "query", "header", "cookie"}, p.in) {
			return fmt.Errorf("%s: has no name or no place", at)
		}
		if err := c.fillParameter(&p, m, at); err != nil {
			return err
		}
		if p.in == "header" && slices.Contains([]string{"Accept", "Content-Type", "Authorization"}, p.key) {
			continue
		}
		if i := slices.IndexFunc(op.parameters, func(q parameter) bool { return q.in == p.in && q.name == p.name }); i >= 0 {
			op.parameters[i] = p
			continue
		}
		op.parameters = append(op.parameters, p)
	}
	return nil
}

func (c *compiler) fillParameter(p *parameter, m map[string]any, at string) (err error) {
	p.at = at
	p.key = http.CanonicalHeaderKey(p.name)
	p.required, _ = m["required"].(bool)
	p.allowEmpty, _ = m["allowEmptyValue"].(bool)
	if p.in == "query" {
		if p.aliases, err = aliases(m, p.name, at); err != nil {
			return err
		}
	}
	if p.schema, err = c.schema(m["schema"], at+"/schema"); err != nil {
		return err
	}
	if m["content"] != nil {
		content, err := c.content(m, at)
		if err != nil {
			return err
		}
		if content.isJSON == nil {
			return fmt.Errorf("%s/content: a parameter's content other than JSON is not supported", at)
		}
		p.json, p.schema = true, content.isJSON.schema
	}
	if p.schema == nil {
		return errors.New(at + ": has no schema")
	}
	p.array = p.schema.wants&kindArray != 0
	if p.schema.wants&kindObject != 0 && !p.json {
		return errors.New(at + ": a parameter that is an object is not supported")
	}
	return p.fillStyle(m)
}

func (p *parameter) fillStyle(m map[string]any) error {
	style, _ := m["style"].(string)
	form := p.in == "query" || p.in == "cookie"
	p.explode, p.delimiter = form, ","
	switch {
	case style == "" || form && style == "form" || !form && style == "simple":
	case p.in == "query" && style == "spaceDelimited":
		p.explode, p.delimiter = false, " "
	case p.in == "query" && style == "pipeDelimited":
		p.explode, p.delimiter = false, "|"
	default:
		return fmt.Errorf("%s/style: %s is not supported", p.at, style)
	}
	if explode, ok := m["explode"].(bool); ok && form {
		p.explode = explode
	}
	return nil
}

// apiKeys makes the query parameters of security schemes known.
func (c *compiler) apiKeys(op *operation, m map[string]any) {
	requirements, ok := m["security"].([]any)
	if !ok {
		requirements, _ = c.document["security"].([]any)
	}
	for _, v := range requirements {
		requirement, _ := v.(map[string]any)
		for name := range requirement {
			at := "#/components/securitySchemes/" + escapeToken(name)
			scheme, _, err := resolve(c.document, map[string]any{"$ref": at}, at)
			if err != nil || scheme["type"] != "apiKey" || scheme["in"] != "query" {
				continue
			}
			p := parameter{in: "query", at: at, schema: &schema{at: at}, explode: true}
			p.name, _ = scheme["name"].(string)
			if !op.hasQuery(p.name) {
				op.parameters = append(op.parameters, p)
			}
		}
	}
}

// essence is a media type without its parameters.
func essence(contentType string) string {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(kind))
}

func isJSON(kind string) bool {
	return kind == "application/json" || strings.HasSuffix(kind, "+json") || kind == "text/json"
}

// isPlainJSON tells whether what is called a text is an object or an array: some
// clients of browsers say so of JSON.
func isPlainJSON(kind string, s *schema) bool {
	return kind == "text/plain" && s != nil && s.wants&(kindObject|kindArray) != 0 && s.wants&kindString == 0
}

// match finds the media type that a body of this type is described by.
func (c *content) match(kind string) *media {
	for i := range c.media {
		if c.media[i].kind == kind {
			return &c.media[i]
		}
	}
	group, _, _ := strings.Cut(kind, "/")
	for i := range c.media {
		if want := c.media[i].kind; want == group+"/*" || want == "*/*" {
			return &c.media[i]
		}
	}
	return nil
}
