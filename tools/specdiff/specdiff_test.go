package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write golden files")

func TestEveryDifferenceIsALineAndOneUnexplainedFailsTheRun(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	status := run([]string{"testdata/ours.yaml", "testdata/theirs.json", "testdata/more.yaml"}, &stdout, &stderr)
	require.Equal(t, 1, status)
	golden := filepath.Join("testdata", "out.golden")
	got := stdout.String() + "---\n" + stderr.String()
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func TestASpecDoesNotDifferFromItself(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	require.Equal(t, 0, run([]string{"testdata/ours.yaml", "testdata/ours.yaml"}, &stdout, &stderr))
	require.Equal(t, "0 explained, 0 unexplained\n", stdout.String())
	require.Empty(t, stderr.String())
}

func TestWhatCannotBeReadIsToldWithItsFile(t *testing.T) {
	t.Parallel()
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	for _, test := range []struct{ content, want string }{
		{"a: [", "bad.yaml: yaml"},
		{"- 1\n", "bad.yaml: not a mapping"},
		{"swagger: '2.0'\n", "bad.yaml: not an OpenAPI 3 document"},
		{"openapi: 3.0.3\n", "bad.yaml: has no paths"},
		{"openapi: 3.0.3\npaths: {/x: {get: {responses: {200: {$ref: '#/components/responses/none'}}}}}\n", "bad.yaml: "},
	} {
		require.NoError(t, os.WriteFile(bad, []byte(test.content), 0o600))
		var stdout, stderr bytes.Buffer
		require.Equal(t, 2, run([]string{"testdata/ours.yaml", bad}, &stdout, &stderr), test.content)
		require.Contains(t, stderr.String(), test.want)
		require.Empty(t, stdout.String())
	}
	var stdout, stderr bytes.Buffer
	require.Equal(t, 2, run([]string{"testdata/none.yaml", "testdata/ours.yaml"}, &stdout, &stderr))
	require.Contains(t, stderr.String(), "testdata/none.yaml")
	require.Equal(t, 2, run([]string{"testdata/ours.yaml"}, &stdout, &stderr))
	require.Equal(t, 2, run([]string{"-none"}, &stdout, &stderr))
	require.Equal(t, 0, run([]string{"-h"}, &stdout, &stderr))
	require.Equal(t, usage, stdout.String())
}

// parsed makes a document of one operation; body is its inside, rest what follows
// the paths.
func parsed(t *testing.T, file, body, rest string) *document {
	t.Helper()
	d, err := parse(file, []byte("openapi: 3.0.3\npaths: {/x: {post: {"+body+"}}}\n"+rest+"\n"))
	require.NoError(t, err)
	return d
}

// ofSchema is an operation whose body has a schema.
func ofSchema(schema string) string {
	return "requestBody: {content: {application/json: {schema: " + schema + "}}}, responses: {default: {}}"
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	const at, schema = "#/paths/~1x/post", "#/paths/~1x/post/requestBody/content/application~1json/schema"
	for name, test := range map[string]struct{ ours, theirs, want string }{
		"a bound": {ofSchema("{type: integer, minimum: 1}"), ofSchema("{type: integer}"), schema + "/minimum  ours: 1  theirs: absent"},
		"a type":  {ofSchema("{type: integer}"), ofSchema("{type: string}"), schema + "/type  ours: integer  theirs: string"},
		"a pattern, unless it is the same": {
			ofSchema("{type: string, pattern: a}"), ofSchema("{type: string}"), schema + "/pattern  ours: a  theirs: absent",
		},
		"an enum":         {ofSchema("{type: string, enum: [a, b]}"), ofSchema("{type: string}"), schema + "/enum  ours: a, b  theirs: absent"},
		"enum values":     {ofSchema("{enum: [a, b]}"), ofSchema("{enum: [b, c, 1]}"), schema + "/enum  ours: a  theirs: c, 1"},
		"a property":      {ofSchema("{properties: {a: {}}}"), ofSchema("{properties: {b: {}}}"), schema + "/properties/a  ours: there  theirs: absent\n" + schema + "/properties/b  ours: absent  theirs: there"},
		"required fields": {ofSchema("{required: [a]}"), ofSchema("{required: [a, b]}"), schema + "/required  ours: no more  theirs: b"},
		"null":            {ofSchema("{items: {nullable: true}}"), ofSchema("{items: {}}"), schema + "/items/nullable  ours: true  theirs: false"},
		"variants": {
			ofSchema("{oneOf: [{type: string}, {type: integer}]}"), ofSchema("{oneOf: [{type: integer}, {type: boolean}, {type: array, items: {}}]}"),
			schema + "/oneOf  ours: variant 0  theirs: variant 1, variant 2",
		},
		"parts": {
			ofSchema("{allOf: [{properties: {a: {type: string}}}]}"), ofSchema("{allOf: [{properties: {a: {type: integer}}}]}"),
			schema + "/allOf/0/properties/a/type  ours: string  theirs: integer",
		},
		"additional properties": {
			ofSchema("{additionalProperties: false}"), ofSchema("{}"), schema + "/additionalProperties  ours: false  theirs: absent",
		},
		"a mapping": {
			ofSchema("{discriminator: {propertyName: a, mapping: {x: y}}}"), ofSchema("{discriminator: {propertyName: a, mapping: {x: z}}}"),
			schema + "/discriminator/mapping/x  ours: y  theirs: z",
		},
		"a body": {
			ofSchema("{}"), "responses: {default: {}}", at + "/requestBody  ours: there  theirs: absent",
		},
		"media types": {
			"responses: {200: {content: {text/plain: {}}}}", "responses: {200: {content: {text/html: {}}}}",
			at + "/responses/200/content/text~1html  ours: absent  theirs: there\n" + at + "/responses/200/content/text~1plain  ours: there  theirs: absent",
		},
		"a schema": {
			"responses: {200: {content: {text/plain: {schema: {}}}}}", "responses: {200: {content: {text/plain: {}}}}",
			at + "/responses/200/content/text~1plain/schema  ours: there  theirs: absent",
		},
		"answers": {
			"responses: {200: {}, 400: {}}", "responses: {200: {}, 404: {}}",
			at + "/responses/400  ours: there  theirs: absent\n" + at + "/responses/404  ours: absent  theirs: there",
		},
		"parameters": {
			"parameters: [{name: a, in: query, schema: {maximum: 1}}, {name: b, in: header, schema: {}}], responses: {default: {}}",
			"parameters: [{name: a, in: query, schema: {}}, {name: c, in: query, schema: {}}], responses: {default: {}}",
			at + "/parameters/0/schema/maximum  ours: 1  theirs: absent\n" + at + "/parameters/1  ours: there  theirs: absent\n" +
				at + "/parameters/query:c  ours: absent  theirs: there",
		},
		"the security of an operation": {
			"security: [{a: []}], responses: {default: {}}", "security: [{a: []}, {b: [c]}], responses: {default: {}}",
			at + `/security  ours: no more  theirs: {"b":["c"]}`,
		},
		"scopes": {
			"security: [{a: [c]}], responses: {default: {}}", "security: [{a: [d]}], responses: {default: {}}", at + "/security/0/a  ours: c  theirs: d",
		},
		"security or none": {
			"security: [], responses: {default: {}}", "responses: {default: {}}", at + "/security  ours: an empty list  theirs: absent",
		},
		"an operationId": {
			"operationId: a, responses: {default: {}}", "operationId: b, responses: {default: {}}", at + "/operationId  ours: a  theirs: b",
		},
		"a deprecation": {
			"deprecated: true, responses: {default: {}}", "responses: {default: {}}", at + "/deprecated  ours: true  theirs: false",
		},
		"words are none": {
			"summary: a, tags: [a], x-a: b, responses: {default: {description: a}}",
			"description: b, tags: [b], externalDocs: {url: b}, servers: [{url: b}], responses: {default: {description: b}}", "",
		},
		"fields that are called like words are": {
			ofSchema("{properties: {title: {type: string, title: a}}}"), ofSchema("{properties: {title: {type: string}, example: {}, x-a: {}}}"),
			schema + "/properties/example  ours: absent  theirs: there\n" + schema + "/properties/x-a  ours: absent  theirs: there",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, err := compare(parsed(t, "ours", test.ours, ""), parsed(t, "theirs", test.theirs, ""))
			require.NoError(t, err)
			var lines []string
			for _, d := range found {
				lines = append(lines, strings.TrimPrefix(d.String(), "unexplained  "))
			}
			require.Equal(t, test.want, strings.Join(lines, "\n"))
		})
	}
}

func TestADifferenceIsExplainedAtItsPlaceOrAbove(t *testing.T) {
	t.Parallel()
	const theirs = "components: {schemas: {a: {type: string}, b: {type: string}}}"
	for name, test := range map[string]struct{ body, rest, want string }{
		"at the place":             {ofSchema("{$ref: '#/components/schemas/a'}"), "components: {schemas: {a: {type: string, maxLength: 1, x-differs: why}}}", "why"},
		"by the nearest":           {"x-differs: far, " + ofSchema("{type: integer, x-differs: near}"), "", "near"},
		"above":                    {"x-differs: why, " + ofSchema("{type: integer}"), "", "why"},
		"by member":                {ofSchema("{type: integer, x-differs: {type: why}}"), "", "why"},
		"not by another member":    {ofSchema("{type: integer, x-differs: {format: why}}"), "", ""},
		"not beside":               {ofSchema("{type: integer, properties: {a: {x-differs: why}}}"), "", ""},
		"not on the way to it":     {"x-differs: why, " + ofSchema("{$ref: '#/components/schemas/a'}"), "components: {schemas: {a: {type: string, maxLength: 1}}}", ""},
		"not at the root":          {ofSchema("{type: integer}"), "x-differs: why", ""},
		"along a second reference": {ofSchema("{$ref: '#/components/schemas/b'}"), "components: {schemas: {b: {$ref: '#/components/schemas/a'}, a: {type: string, maxLength: 1, x-differs: why}}}", "why"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			other := ofSchema("{type: string}")
			if strings.Contains(test.body, "$ref") {
				other = ofSchema("{$ref: '#/components/schemas/a'}")
			}
			found, err := compare(parsed(t, "ours", test.body, test.rest), parsed(t, "theirs", other, theirs))
			require.NoError(t, err)
			require.NotEmpty(t, found)
			require.Equal(t, test.want, found[len(found)-1].reason)
		})
	}
	found, err := compare(parsed(t, "ours", "responses: {default: {}}", "security: [{a: []}]\nx-differs: why"), parsed(t, "theirs", "responses: {default: {}}", ""))
	require.NoError(t, err)
	require.Equal(t, []difference{{at: "#/security", ours: `{"a":[]}`, theirs: "no more", reason: "why", times: 1}}, found)
}
