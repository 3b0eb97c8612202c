package scenario

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/scenario/value"
)

// scheme says how credentials travel; {name} in a value is a credential.
type scheme struct {
	headers map[string]string
	query   map[string]string
	// signer signs what is sent, nil if nobody does; signature is the query
	// parameter that its signature is sent as.
	signer    *signer
	signature string
}

const defaultScheme = "default"

// alternatives is a security requirement: any one of them will do, and each is
// of schemes that are all needed.
type alternatives []map[string][]string

// security is the part of a spec about credentials.
type security struct {
	Security   alternatives `json:"security"`
	Components struct {
		Schemes map[string]struct {
			Type   string `json:"type"`
			In     string `json:"in"`
			Name   string `json:"name"`
			Scheme string `json:"scheme"`
			Sign   string `json:"x-sign"`
		} `json:"securitySchemes"`
	} `json:"components"`
	Paths map[string]map[string]json.RawMessage `json:"paths"`
}

func readSecurity(spec *openapi.Spec) (security, error) {
	var s security
	if err := json.Unmarshal(spec.JSON(), &s); err != nil {
		return s, fmt.Errorf("security of the spec %s: %w", spec.Name(), err)
	}
	for _, name := range sortedKeys(s.Components.Schemes) {
		if by := s.Components.Schemes[name].Sign; by != "" {
			if _, err := signerOf(by); err != nil {
				return s, fmt.Errorf("security scheme %s of the spec %s: %w", name, spec.Name(), err)
			}
		}
	}
	return s, nil
}

// schemes gives each scheme by its own name in lower case. A key is filled from
// the credential that is called as its parameter (Client-Id: client_id), a bearer
// token, also one of OAuth 2, from the one that is called as its scheme. A key
// with x-sign is a signature.
func (s security) schemes() map[string]scheme {
	out := map[string]scheme{}
	for name, c := range s.Components.Schemes {
		one := scheme{headers: map[string]string{}, query: map[string]string{}}
		credential := "{" + strings.ToLower(strings.ReplaceAll(c.Name, "-", "_")) + "}"
		signer, err := signerOf(c.Sign)
		switch {
		case err == nil:
			one.signer, one.signature = signer, c.Name
		case c.Type == "apiKey" && c.In == "header":
			one.headers[c.Name] = credential
		case c.Type == "apiKey" && c.In == "query":
			one.query[c.Name] = credential
		case c.Type == "oauth2", c.Type == "http" && strings.EqualFold(c.Scheme, "bearer"):
			one.headers["Authorization"] = "Bearer {" + strings.ToLower(name) + "}"
		}
		out[strings.ToLower(name)] = one
	}
	return out
}

// usual is how calls of the whole spec carry credentials: the first alternative.
func (s security) usual() scheme { return s.first(s.Security) }

// of is how an operation does: by its own requirement or that of the spec.
func (s security) of(op openapi.Operation) scheme {
	var own struct {
		Security *alternatives `json:"security"`
	}
	if err := json.Unmarshal(s.Paths[op.Path][strings.ToLower(op.Method)], &own); err != nil || own.Security == nil {
		return s.usual()
	}
	return s.first(*own.Security)
}

func (s security) first(a alternatives) scheme {
	out := scheme{headers: map[string]string{}, query: map[string]string{}}
	if len(a) == 0 {
		return out
	}
	known := s.schemes()
	for name := range a[0] {
		one := known[strings.ToLower(name)]
		maps.Copy(out.headers, one.headers)
		maps.Copy(out.query, one.query)
		if one.signer != nil {
			out.signer, out.signature = one.signer, one.signature
		}
	}
	return out
}

// apply adds credentials to a request, but for its signature. A credential that
// the seller does not have is an error.
func (s scheme) apply(seller map[string]any, h http.Header, q *query) error {
	for name, template := range s.headers {
		v, err := fill(template, seller)
		if err != nil {
			return err
		}
		h.Set(name, v)
	}
	for _, name := range sortedKeys(s.query) {
		if q.named[name] {
			continue
		}
		v, err := fill(s.query[name], seller)
		if err != nil {
			return err
		}
		q.fill(name, v)
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
