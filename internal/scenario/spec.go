package scenario

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/scenario/value"
)

// vendor is what the specs tell the runner about a marketplace, in one edition
// and with one choice of switches.
type vendor struct {
	spec    *openapi.Spec
	push    *openapi.Spec // nil if it sends no notifications
	schemes map[string]scheme
	replies replies
}

// scheme says how credentials travel; {name} in a value is a credential.
type scheme struct {
	headers map[string]string
	query   map[string]string
}

const defaultScheme = "default"

// loadVendor reads the spec of a marketplace and, if there is one, of its push.
func loadVendor(lib *openapi.Library, marketplace string, overlays func(spec string) []string) (*vendor, error) {
	spec, err := lib.Load(marketplace, overlays(marketplace)...)
	if err != nil {
		return nil, fmt.Errorf("marketplace %s: %w", marketplace, err)
	}
	v := &vendor{spec: spec}
	var doc securityDocument
	if err := json.Unmarshal(spec.JSON(), &doc); err != nil {
		return nil, fmt.Errorf("security of the spec %s: %w", spec.Name(), err)
	}
	v.schemes = doc.read()
	push := marketplace + "-push"
	if v.push, err = lib.Load(push, overlays(push)...); errors.Is(err, fs.ErrNotExist) {
		return v, nil
	} else if err != nil {
		return nil, fmt.Errorf("marketplace %s: %w", marketplace, err)
	}
	v.replies, err = readReplies(v.push)
	return v, err
}

// securityDocument is the part of a spec about credentials.
type securityDocument struct {
	Security   []map[string][]string `json:"security"`
	Components struct {
		Schemes map[string]struct {
			Type   string `json:"type"`
			In     string `json:"in"`
			Name   string `json:"name"`
			Scheme string `json:"scheme"`
		} `json:"securitySchemes"`
	} `json:"components"`
}

// read gives the first security requirement as the default, and each scheme by
// its own name in lower case. A key is filled from the credential that is called
// as its parameter (Client-Id: client_id), a bearer token from the one that is
// called as its scheme.
func (d securityDocument) read() map[string]scheme {
	out := map[string]scheme{defaultScheme: {map[string]string{}, map[string]string{}}}
	for name, c := range d.Components.Schemes {
		one := scheme{map[string]string{}, map[string]string{}}
		credential := "{" + strings.ToLower(strings.ReplaceAll(c.Name, "-", "_")) + "}"
		switch {
		case c.Type == "apiKey" && c.In == "header":
			one.headers[c.Name] = credential
		case c.Type == "apiKey" && c.In == "query":
			one.query[c.Name] = credential
		case c.Type == "http" && strings.EqualFold(c.Scheme, "bearer"):
			one.headers["Authorization"] = "Bearer {" + strings.ToLower(name) + "}"
		}
		out[strings.ToLower(name)] = one
		if len(d.Security) > 0 {
			if _, ok := d.Security[0][name]; ok {
				maps.Copy(out[defaultScheme].headers, one.headers)
				maps.Copy(out[defaultScheme].query, one.query)
			}
		}
	}
	return out
}

// writes says whether an operation may change something.
func writes(op openapi.Operation) bool { return op.Extensions["x-effect"] != "read" }

// apply adds credentials to a request. A credential that the seller does not
// have is an error.
func (s scheme) apply(seller map[string]any, h http.Header, q url.Values) error {
	for name, template := range s.headers {
		v, err := fill(template, seller)
		if err != nil {
			return err
		}
		h.Set(name, v)
	}
	for name, template := range s.query {
		v, err := fill(template, seller)
		if err != nil {
			return err
		}
		q.Set(name, v)
	}
	return nil
}

// fill writes credentials in place of {name}.
func fill(template string, seller map[string]any) (string, error) {
	var b strings.Builder
	for template != "" {
		before, rest, open := strings.Cut(template, "{")
		b.WriteString(before)
		if !open {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		v, ok := seller[name]
		if !closed || !ok {
			return "", fmt.Errorf("the seller has no credential %q", name)
		}
		b.WriteString(value.Text(v))
		template = after
	}
	return b.String(), nil
}
