package openapi

import (
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestOperationsComeByPathThenMethod(t *testing.T) {
	t.Parallel()
	spec := parcels(t)
	require.Equal(t, "parcels", spec.Name())
	var got []string
	for _, op := range spec.Operations() {
		got = append(got, op.Method+" "+op.Path+" "+op.ID)
	}
	require.Equal(t, []string{
		"PUT /anything putAnything", "GET /parcels listParcels", "POST /parcels createParcel", "DELETE /parcels/{id} deleteParcel",
	}, got)
	op, ok := spec.Operation("listParcels")
	require.True(t, ok)
	require.Equal(t, Operation{
		ID: "listParcels", Method: "GET", Path: "/parcels", Spec: "parcels", Tags: []string{"parcels"},
		Statuses: []string{"200", "204", "4XX"}, Extensions: map[string]any{"x-differs": "there is no second page"},
	}, op)
	_, ok = spec.Operation("fly")
	require.False(t, ok)
}

func TestEachCombinationIsCompiledOnce(t *testing.T) {
	t.Parallel()
	library := NewLibrary(os.DirFS("testdata"))
	var group sync.WaitGroup
	loaded := make([]*Spec, 16)
	for i := range loaded {
		group.Go(func() {
			overlays := []string{"edition", "again"}[:i%3]
			spec, err := library.Load("parcels", overlays...)
			if err == nil {
				loaded[i] = spec
			}
		})
	}
	group.Wait()
	for i, spec := range loaded {
		require.NotNil(t, spec)
		require.Same(t, loaded[i%3], spec)
	}
	require.NotSame(t, loaded[0], loaded[1])
	require.NotSame(t, loaded[1], loaded[2])
}

func TestOverlaysChangeACopyInOrder(t *testing.T) {
	t.Parallel()
	library := NewLibrary(os.DirFS("testdata"))
	states := func(overlays ...string) []any {
		require.NoError(t, library.Validate("parcels", overlays...))
		spec, err := library.Load("parcels", overlays...)
		require.NoError(t, err)
		bounds, ok := spec.RequestBounds("createParcel", "/state")
		require.True(t, ok)
		return bounds.Enum
	}
	require.Equal(t, []any{"NEW", "GONE", "LATE"}, states("edition", "again"))
	require.Equal(t, []any{"NEW", "GONE"}, states("edition"))
	require.Equal(t, []any{"NEW", "SENT", "LOST", "LATE"}, states("again"))
	require.Equal(t, []any{"NEW", "SENT", "LOST"}, states())
	old, err := library.Load("parcels", "edition")
	require.NoError(t, err)
	op, _ := old.Operation("listParcels")
	require.Equal(t, []string{"parcels", "old"}, op.Tags)
	text := string(old.JSON())
	require.Equal(t, 2, strings.Count(text, `"x-old":true`))
	require.NotContains(t, text, `"name":"tag"`)
}

func TestATargetThatSelectsNothingIsRefusedByValidateOnly(t *testing.T) {
	t.Parallel()
	library := NewLibrary(os.DirFS("testdata"))
	_, err := library.Load("parcels", "typo")
	require.NoError(t, err)
	require.EqualError(t, library.Validate("parcels", "typo"), "overlays/typo.yaml: actions[1]: target $.components.schemas.Stat selects nothing")
	_, err = NewLibrary(os.DirFS("testdata"), Strict()).Load("parcels", "typo")
	require.Error(t, err)
}

func TestOverlayActions(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ document, actions, want, err string }{
		"an object is merged deeply":              {`{a: {b: {c: 1, d: [1]}, e: 2}}`, `[{target: $.a, update: {b: {c: 3, d: [2]}, f: 4}}]`, `{"a":{"b":{"c":3,"d":[1,2]},"e":2,"f":4}}`, ""},
		"the root is merged":                      {`{a: 1}`, `[{target: $, update: {b: 2}}]`, `{"a":1,"b":2}`, ""},
		"a primitive gives way to an object":      {`{a: {b: 1}}`, `[{target: $.a, update: {b: {c: 1}}}]`, `{"a":{"b":{"c":1}}}`, ""},
		"an array gets an item":                   {`{a: [1]}`, `[{target: $.a, update: {x: 1}}]`, `{"a":[1,{"x":1}]}`, ""},
		"an array gets the items of an array":     {`{a: [1]}`, `[{target: $.a, update: [2, 3]}]`, `{"a":[1,2,3]}`, ""},
		"an array within an array gets an item":   {`{a: [[1], [2]]}`, `[{target: "$.a[*]", update: 3}]`, `{"a":[[1,3],[2,3]]}`, ""},
		"a key is removed":                        {`{a: {"b/c": 1, d: 2}}`, `[{target: "$.a['b/c']", remove: true}]`, `{"a":{"d":2}}`, ""},
		"items are removed":                       {`{a: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}`, `[{target: "$.a[?(@ > 1)]", remove: true}]`, `{"a":[1]}`, ""},
		"a value deep down is removed everywhere": {`{a: {x: 1, b: [{x: 1, y: 2}]}, x: 1}`, `[{target: "$..x", remove: true}]`, `{"a":{"b":[{"y":2}]}}`, ""},
		"remove wins over update":                 {`{a: {b: 1}}`, `[{target: $.a, remove: true, update: {c: 1}}]`, `{}`, ""},
		"actions see what came before":            {`{a: {}}`, `[{target: $.a, update: {b: {}}}, {target: $.a.b, update: {c: 1}}]`, `{"a":{"b":{"c":1}}}`, ""},
		"a primitive cannot be updated":           {`{a: 1}`, `[{target: $.a, update: 2}]`, "", "actions[0]: target $.a: selects neither"},
		"an object takes only objects":            {`{a: {}}`, `[{target: $.a, update: 2}]`, "", "selects an object, but"},
		"the root cannot be removed":              {`{a: {}}`, `[{target: $, remove: true}]`, "", "root cannot be removed"},
		"an action does something":                {`{a: {}}`, `[{target: $.a}]`, "", "neither update nor remove"},
		"a field is not misspelt":                 {`{a: {}}`, `[{target: $.a, updates: {}}]`, "", "updates: unknown field"},
		"a target is a path":                      {`{a: {}}`, `[{target: "$.a[", update: {}}]`, "", `target "$.a["`},
		"a target starts at the root":             {`{a: {}}`, `[{target: a, update: {}}]`, "", "does not start with $"},
		"there are actions":                       {`{a: {}}`, `[]`, "", "at least one"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document, err := decodeYAML([]byte(test.document))
			require.NoError(t, err)
			overlay, err := decodeYAML([]byte("{overlay: 1.0.0, info: {}, actions: " + test.actions + "}"))
			require.NoError(t, err)
			got, err := applyOverlay(document, overlay, true)
			if test.err != "" {
				require.ErrorContains(t, err, test.err)
				return
			}
			require.NoError(t, err)
			text, err := json.Marshal(got)
			require.NoError(t, err)
			require.JSONEq(t, test.want, string(text))
		})
	}
}

// document is a spec of one operation with these properties of its body.
func document(properties string) fstest.MapFS {
	return fstest.MapFS{"x.yaml": {Data: []byte(`
openapi: 3.0.3
info: {title: x, version: "1"}
paths:
  /x:
    post:
      operationId: x
      requestBody: {content: {application/json: {schema: {type: object, properties: ` + properties + `}}}}
      responses: {default: {description: x}}
`)}}
}

func TestSpecsThatAreRefusedByLoad(t *testing.T) {
	t.Parallel()
	tests := map[string][2]string{
		"a type that does not exist":   {`{a: {type: text}}`, "x.yaml: #/paths/~1x/post/requestBody/content/application~1json/schema/properties/a/type: text is not a type"},
		"a reference to nothing":       {`{a: {$ref: "#/components/schemas/A"}}`, "points at nothing"},
		"a reference out of the file":  {`{a: {$ref: "other.yaml#/A"}}`, "not within the document"},
		"a circle of references":       {`{a: {$ref: "#/paths/~1x/post/requestBody/content/application~1json/schema/properties/a"}}`, "circle"},
		"a schema combined of itself":  {`{a: {allOf: [{$ref: "#/paths/~1x/post/requestBody/content/application~1json/schema/properties/a"}]}}`, "combined of itself"},
		"a pattern Go does not know":   {`{a: {pattern: "(?=x)"}}`, "/pattern: error parsing regexp"},
		"a bound that is not a number": {`{a: {minimum: one}}`, "/minimum: one is not a number"},
		"a negative length":            {`{a: {maxLength: -1}}`, "/maxLength: -1 is not a count"},
		"a multiple of zero":           {`{a: {multipleOf: 0}}`, "/multipleOf: must be greater than 0"},
		"a schema that is a string":    {`{a: text}`, "properties/a: is not an object"},
		"YAML that is none":            {`{a: ]`, "x.yaml: "},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := NewLibrary(document(test[0])).Load("x")
			require.ErrorContains(t, err, test[1])
		})
	}
	_, err := NewLibrary(document("{}")).Load("y")
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = NewLibrary(document("{}")).Load("x", "y")
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestSpecsThatAreRefusedByValidateAndAStrictLibrary(t *testing.T) {
	t.Parallel()
	tests := map[string][2]string{
		"an example of another type":        {`{a: {type: string, example: 1}}`, "properties/a/example"},
		"an example with an unknown field":  {`{a: {type: object, properties: {b: {type: string}}, example: {c: 1}}}`, "/c is not declared (unknown)"},
		"an example that is not a uuid":     {`{a: {type: string, format: uuid, example: 5e767w03-b400-4y1b-a841-75319ca8a5c8}}`, "not of format uuid (format)"},
		"a default of another type":         {`{a: {type: string, default: 1}}`, "default"},
		"a keyword that does not exist":     {`{a: {type: string, maxlength: 1}}`, "maxlength"},
		"an array without items":            {`{a: {type: array}}`, "items"},
		"a property that is called example": {`{example: {type: string, example: 1}}`, "properties/example/example"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fsys := document(test[0])
			_, err := NewLibrary(fsys).Load("x")
			require.NoError(t, err)
			require.ErrorContains(t, NewLibrary(fsys).Validate("x"), test[1])
			_, err = NewLibrary(fsys, Strict()).Load("x")
			require.ErrorContains(t, err, test[1])
		})
	}
	require.NoError(t, NewLibrary(os.DirFS("testdata")).Validate("parcels"))
}

func TestYAMLKeepsWhatIsWritten(t *testing.T) {
	t.Parallel()
	got, err := decodeYAML([]byte(`{200: a, date: 2026-10-01, big: 18446744073709551615, yes: on, base: &b {x: 1}, copy: *b}`))
	require.NoError(t, err)
	text, err := json.Marshal(got)
	require.NoError(t, err)
	require.JSONEq(t, `{"200":"a","date":"2026-10-01","big":18446744073709551615,"yes":"on","base":{"x":1},"copy":{"x":1}}`, string(text))
	for _, bad := range []string{"", "[]", "{a: 1, a: 2}", "a: 1\n---\nb: 1"} {
		_, err := decodeYAML([]byte(bad))
		require.Error(t, err, bad)
	}
}

func TestTheDocumentIsServedAsItIs(t *testing.T) {
	t.Parallel()
	text := string(parcels(t).JSON())
	require.True(t, json.Valid([]byte(text)))
	require.True(t, strings.HasPrefix(text, `{"components":`))
}

func TestOperationsThatAreRefusedByLoad(t *testing.T) {
	t.Parallel()
	const head = "openapi: 3.0.3\ninfo: {title: x, version: '1'}\npaths:\n  /x:\n    get: "
	tests := map[string][2]string{
		"another version":            {"openapi: 3.1.0\npaths: {}\n", "3.1.0 is not a 3.0 version"},
		"an operation without an id": {head + "{responses: {}}\n", "#/paths/~1x/get/operationId: is missing"},
		"an id that is there twice":  {head + "{operationId: x}\n  /y:\n    get: {operationId: x}\n", "operationId: x is there twice"},
		"a parameter without a name": {head + "{operationId: x, parameters: [{in: query}]}\n", "parameters/0: has no name or no place"},
		"a parameter without schema": {head + "{operationId: x, parameters: [{name: a, in: query}]}\n", "parameters/0: has no schema"},
		"a parameter's odd style":    {head + "{operationId: x, parameters: [{name: a, in: path, style: matrix, schema: {}}]}\n", "style: matrix is not supported"},
		"a parameter of an object":   {head + "{operationId: x, parameters: [{name: a, in: query, schema: {type: object}}]}\n", "an object is not supported"},
		"a parameter of XML":         {head + "{operationId: x, parameters: [{name: a, in: query, content: {text/xml: {schema: {}}}}]}\n", "other than JSON is not supported"},
		"a body that points nowhere": {head + "{operationId: x, requestBody: {$ref: '#/components/requestBodies/X'}}\n", "points at nothing"},
		"an answer that points away": {head + "{operationId: x, responses: {'200': {$ref: 'y.yaml#/X'}}}\n", "not within the document"},
		"content that is a list":     {head + "{operationId: x, requestBody: {content: {application/json: []}}}\n", "application~1json: is not an object"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := NewLibrary(fstest.MapFS{"x.yaml": {Data: []byte(test[0])}}).Load("x")
			require.ErrorContains(t, err, test[1])
		})
	}
}
