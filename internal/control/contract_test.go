package control_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/control"
)

func TestTheContractIsAValidDocument(t *testing.T) {
	t.Parallel()
	require.NoError(t, library(t).Validate("control"))
}

func TestEveryOperationIsRoutedAndEveryRouteIsAnOperation(t *testing.T) {
	t.Parallel()
	spec, err := library(t).Load("control")
	require.NoError(t, err)
	want := map[string]string{}
	for _, op := range spec.Operations() {
		want[op.ID] = op.Method + " " + op.Path
	}
	require.Equal(t, want, control.New(control.Options{Spec: spec}).Routes())
}

type document struct {
	Paths      map[string]map[string]json.RawMessage `json:"paths"`
	Components struct {
		Parameters map[string]parameterDoc `json:"parameters"`
	} `json:"components"`
}

type parameterDoc struct {
	Ref     string `json:"$ref"`
	Name    string `json:"name"`
	In      string `json:"in"`
	Example any    `json:"example"`
}

type operationDoc struct {
	ID          string         `json:"operationId"`
	Parameters  []parameterDoc `json:"parameters"`
	RequestBody struct {
		Content map[string]struct {
			Example  json.RawMessage `json:"example"`
			Examples map[string]struct {
				Value json.RawMessage `json:"value"`
			} `json:"examples"`
		} `json:"content"`
	} `json:"requestBody"`
}

// target fills the examples of parameters into a path.
func (d document) target(path string, params []parameterDoc) string {
	query := url.Values{}
	for _, p := range params {
		if p.Ref != "" {
			p = d.Components.Parameters[strings.TrimPrefix(p.Ref, "#/components/parameters/")]
		}
		value, ok := p.Example.(string)
		if !ok {
			raw, _ := json.Marshal(p.Example)
			value = string(raw)
		}
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", value)
		case p.In == "query" && p.Example != nil:
			query.Set(p.Name, value)
		}
	}
	return path + "?" + query.Encode()
}

func TestEveryExampleOfTheContractIsAnsweredAsTheContractSays(t *testing.T) {
	t.Parallel()
	spec, err := library(t).Load("control")
	require.NoError(t, err)
	var doc document
	require.NoError(t, json.Unmarshal(spec.JSON(), &doc))
	for path, item := range doc.Paths {
		var shared []parameterDoc
		if raw, ok := item["parameters"]; ok {
			require.NoError(t, json.Unmarshal(raw, &shared))
		}
		for _, method := range []string{"get", "post", "put", "patch", "delete"} {
			if item[method] == nil {
				continue
			}
			var op operationDoc
			require.NoError(t, json.Unmarshal(item[method], &op))
			if op.ID == "streamEvents" {
				continue // it does not end; TestEvents… reads it
			}
			target := doc.target(path, append(shared, op.Parameters...))
			for name, body := range op.bodies() {
				t.Run(op.ID+" "+name, func(t *testing.T) {
					t.Parallel()
					sendExample(t, op.ID, method, target, body)
				})
			}
		}
	}
}

func (o operationDoc) bodies() map[string]string {
	out := map[string]string{}
	for _, content := range o.RequestBody.Content {
		if content.Example != nil {
			out["example"] = string(content.Example)
		}
		for name, e := range content.Examples {
			out[name] = string(e.Value)
		}
	}
	if len(o.RequestBody.Content) == 0 {
		out["without a body"] = ""
	}
	return out
}

func sendExample(t *testing.T, operation, method, target, body string) {
	t.Helper()
	m := newMock(t)
	base := "/_mock/sandboxes/default"
	m.ok(http.StatusCreated, "POST", base+"/snapshots", `{"name":"before-returns"}`)
	m.ok(http.StatusCreated, "POST", "/_mock/sandboxes", `{"name":"scratch"}`)
	switch operation {
	case "deleteSandbox":
		target = "/_mock/sandboxes/scratch"
	case "removeFault":
		m.ok(http.StatusCreated, "POST", base+"/faults", `{"id":"busy","kind":"drop"}`)
	}
	a := m.call(strings.ToUpper(method), target, body)
	require.Less(t, a.status, 300, "%s", a.body)
}
