package openapi

import (
	"fmt"
	"net/http"
	"os"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func pages(t testing.TB) *Spec {
	t.Helper()
	spec, err := NewLibrary(os.DirFS("testdata")).Load("pages")
	require.NoError(t, err)
	return spec
}

func TestAQueryParameterIsTakenUnderAnyOfItsNames(t *testing.T) {
	t.Parallel()
	spec := pages(t)
	tests := map[string][]string{
		"":                                    {},
		"token=abc":                           {},
		"page_token=abc":                      {},
		"t=abc":                               {},
		"Token=abc":                           {"query Token unknown"},
		"page_token=a":                        {"query page_token minLength"},
		"t=abcde":                             {"query t maxLength"},
		"page_token=abc&page_token=abc":       {"query page_token duplicate"},
		"page_token=abc&token=abc":            {"query page_token duplicate"},
		"token=abc&t=a":                       {"query token duplicate"},
		"token=a&t=abc":                       {"query token duplicate", "query token minLength"},
		"state=NEW&state=OLD":                 {},
		"status=NEW&status=OLD":               {},
		"status=NEW&status=MAD":               {"query status enum"},
		"state=NEW&status=OLD":                {"query state duplicate"},
		"page_token=abc&limit=0&status=&x=1&": {"query limit minimum", "query status enum", "query x unknown"},
	}
	for query, want := range tests {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			got := spec.CheckRequest("pages", Request{Path: map[string]string{"shop": "1"}, Query: query})
			require.Equal(t, want, brief(got))
		})
	}
}

func TestAliasesMustBeNamesOfOneParameter(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		`x-aliases: page_token`:   "x-aliases: is not a list",
		`x-aliases: [1]`:          "x-aliases: 1 is not a name",
		`x-aliases: [""]`:         "x-aliases:  is not a name",
		`x-aliases: [other]`:      "other is a name of token and of other",
		`x-aliases: [token, one]`: "",
		`x-aliases: []`:           "",
		`x-aliases: null`:         "",
	}
	for aliases, want := range tests {
		t.Run(aliases, func(t *testing.T) {
			t.Parallel()
			file := fmt.Sprintf("openapi: 3.0.3\npaths:\n  /x:\n    get:\n      operationId: x\n      parameters:\n"+
				"        - {name: token, in: query, schema: {type: string}, %s}\n        - {name: other, in: query, schema: {type: string}}\n", aliases)
			_, err := NewLibrary(fstest.MapFS{"x.yaml": {Data: []byte(file)}}).Load("x")
			if want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, want)
		})
	}
}

func TestIntegersInTexts(t *testing.T) {
	t.Parallel()
	spec := pages(t)
	tests := map[string][]string{ // value: rule and limit
		"1":                   nil,
		"20":                  nil,
		"21":                  {"maximum", "20"},
		"0":                   {"minimum", "1"},
		"-1":                  {"minimum", "1"},
		"":                    {"type", "integer"},
		"+5":                  {"type", "integer"}, // a plus in a query is a space
		"%205":                {"type", "integer"},
		"5%20":                {"type", "integer"},
		"1.5":                 {"type", "integer"},
		"1.0":                 {"type", "integer"},
		"1e1":                 {"type", "integer"},
		"1E1":                 {"type", "integer"},
		"0x1":                 {"type", "integer"},
		"05":                  {"type", "integer"},
		"ten":                 {"type", "integer"},
		"%D9%A1":              {"type", "integer"},
		"2147483648":          {"format", "int32", "maximum", "20"},
		"9223372036854775808": {"format", "int32", "maximum", "20"},
	}
	for value, want := range tests {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range spec.CheckRequest("pages", Request{Path: map[string]string{"shop": "1"}, Query: "limit=" + value}) {
				require.Equal(t, "query", f.In)
				require.Equal(t, "limit", f.Pointer)
				got = append(got, f.Rule, f.Limit)
			}
			require.Equal(t, want, got)
		})
	}
	paths := map[string][]string{
		"9223372036854775807": {}, "0": {"path shop minimum"}, "9223372036854775808": {"path shop format"},
		"-9223372036854775809": {"path shop format", "path shop minimum"}, "1.0": {"path shop type"}, "": {"path shop type"}, " 5": {"path shop type"},
	}
	for value, want := range paths {
		require.Equal(t, want, brief(spec.CheckRequest("pages", Request{Path: map[string]string{"shop": value}})), value)
	}
}

func TestAFindingTellsTheBound(t *testing.T) {
	t.Parallel()
	spec := pages(t)
	check := func(query, header, body string) []Finding {
		r := Request{Path: map[string]string{"shop": "1"}, Query: query, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)}
		if header != "" {
			r.Header.Set("X-Trace", header)
		}
		return spec.CheckRequest("pages", r)
	}
	tests := map[string]struct {
		query, header, body string
		rule, limit         string
	}{
		"of a query":            {query: "t=a", rule: "minLength", limit: "2"},
		"of a header":           {header: "10", rule: "minimum", limit: "10"},
		"of a query's items":    {query: "status=MAD", rule: "enum"},
		"as it is written":      {query: "code=1", rule: "pattern", limit: `^[a-z\u0430-\u044F]+$`},
		"of a length":           {body: `{"text":"abcdef"}`, rule: "maxLength", limit: "5"},
		"of a pattern":          {body: `{"text":"A"}`, rule: "pattern", limit: "^[a-z]*$"},
		"of a type":             {body: `{"text":1}`, rule: "type", limit: "string"},
		"of a format":           {body: `{"day":"x"}`, rule: "format", limit: "date"},
		"of a multiple":         {body: `{"share":0.3}`, rule: "multipleOf", limit: "0.25"},
		"of too few items":      {body: `{"contexts":[]}`, rule: "minItems", limit: "1"},
		"of too few fields":     {body: `{"map":{}}`, rule: "minProperties", limit: "1"},
		"of too many fields":    {body: `{"map":{"a":1,"b":2,"c":3}}`, rule: "maxProperties", limit: "2"},
		"of an item's number":   {body: `{"contexts":[{"type":"ORDER","id":0}]}`, rule: "minimum", limit: "1"},
		"of nothing for a lack": {body: `{"contexts":[{"type":"ORDER"}]}`, rule: "required"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := check(test.query, test.header, test.body)
			require.Len(t, got, 1)
			require.Equal(t, []string{test.rule, test.limit}, []string{got[0].Rule, got[0].Limit})
		})
	}
	text := check("", "", `{"text":""}`)[0].Bounds()
	require.Equal(t, []uint64{1, 5}, []uint64{*text.MinLength, *text.MaxLength})
	require.Equal(t, "^[a-z]*$", text.Pattern)
	require.Equal(t, []any{"NEW", "OLD"}, check("state=MAD", "", "")[0].Bounds().Enum)
	require.Equal(t, "string", check("code=", "", "")[0].Bounds().Type)
	lacking := check("", "", `{"contexts":[{"id":1}]}`)
	require.Equal(t, []any{"ORDER", "RETURN"}, lacking[0].Bounds().Enum)
	require.Equal(t, Bounds{}, check("x=1", "", "")[0].Bounds())
}

func TestANullableSetOfObjects(t *testing.T) {
	t.Parallel()
	spec := pages(t)
	tests := map[string][]string{
		`null`:                      {},
		`[{"type":"ORDER","id":1}]`: {},
		`[{"type":"ORDER","id":1},{"type":"RETURN","id":1}]`: {},
		`[]`:     {"body /contexts minItems"},
		`{}`:     {"body /contexts type"},
		`[null]`: {"body /contexts/0 type"},
		`[{"type":"ORDER","id":1},{"type":"ORDER","id":1}]`:                                                 {"body /contexts uniqueItems"},
		`[{"type":"ORDER","id":1},{"id":1.0,"type":"\u004fRDER"}]`:                                          {"body /contexts uniqueItems"},
		`[{"type":"ORDER","id":9007199254740993},{"type":"ORDER","id":9007199254740992}]`:                   {},
		`[{"type":"ORDER","id":1},{"type":"ORDER","id":1,"x":1}]`:                                           {"body /contexts/1/x unknown"},
		`[{"type":"ORDER","id":1},{"type":"ORDER","id":2},{"type":"ORDER","id":3},{"type":"ORDER","id":4}]`: {"body /contexts maxItems"},
	}
	for value, want := range tests {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			r := Request{Path: map[string]string{"shop": "1"}, Header: jsonHeader(), Body: []byte(`{"contexts":` + value + `}`)}
			r.Header.Del("X-Client")
			require.Equal(t, want, brief(spec.CheckRequest("pages", r)))
		})
	}
}

func TestTheBoundaryIsNoPartOfAMediaType(t *testing.T) {
	t.Parallel()
	spec := pages(t)
	tests := map[string][]string{
		"multipart/form-data; boundary=x":         {},
		"Multipart/Form-Data;boundary=\"a;b, c\"": {},
		"multipart/form-data":                     {},
		"multipart/mixed; boundary=x":             {"content-type Content-Type type"},
		"application/json; x=multipart/form-data": {"content-type Content-Type type"},
		"": {"content-type Content-Type required"},
	}
	for kind, want := range tests {
		for _, streamed := range []bool{true, false} {
			r := Request{Path: map[string]string{"shop": "1"}, Header: http.Header{}, Streamed: streamed}
			if kind != "" {
				r.Header.Set("Content-Type", kind)
			}
			if !streamed {
				r.Body = []byte("--x\r\n\r\n{\r\n--x--\r\n")
			}
			require.Equal(t, want, brief(spec.CheckRequest("upload", r)), "%s %t", kind, streamed)
		}
	}
}

func TestHeadersOfAnAnswerAreFoundInAnyCasing(t *testing.T) {
	t.Parallel()
	spec := pages(t)
	tests := map[string]struct {
		header http.Header
		want   []string
	}{
		"as the vendor spells it": {http.Header{"X-RateLimit-Resource-Limit": {"5"}}, []string{}},
		"canonical":               {http.Header{"X-Ratelimit-Resource-Limit": {"5"}}, []string{}},
		"in lower case":           {http.Header{"x-ratelimit-resource-limit": {"0"}}, []string{"header X-RateLimit-Resource-Limit minimum"}},
		"in two spellings":        {http.Header{"X-RateLimit-Resource-Limit": {"5"}, "X-Ratelimit-Resource-Limit": {"5"}}, []string{"header X-RateLimit-Resource-Limit duplicate"}},
		"not at all":              {http.Header{"X-RateLimit-Resource-Limi": {"5"}}, []string{"header X-RateLimit-Resource-Limit required"}},
		"without a value":         {http.Header{"X-RateLimit-Resource-Limit": nil}, []string{"header X-RateLimit-Resource-Limit required"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.header["content-type"] = []string{"application/json"}
			require.Equal(t, test.want, brief(spec.CheckResponse("pages", Response{200, test.header, []byte(`{}`)})))
			for key, values := range test.header { // the header is as it was
				require.LessOrEqual(t, len(values), 1, key)
			}
		})
	}
}

func TestAHeaderIsFoundWithoutAllocating(t *testing.T) {
	answer := Response{Header: http.Header{"Content-Type": {"application/json"}, "X-RateLimit-Resource-Limit": {"5"}}}
	require.Zero(t, testing.AllocsPerRun(100, func() {
		answer.values("X-Ratelimit-Resource-Limit")
		answer.values("Content-Type")
		answer.values("X-None")
	}))
}
