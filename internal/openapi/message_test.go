package openapi

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParameters(t *testing.T) {
	t.Parallel()
	spec := parcels(t)
	tests := map[string]struct {
		query  string
		header http.Header
		want   []string
	}{
		"are fine":                                 {query: "limit=1"},
		"are all fine":                             {query: "limit=100&state=NEW&state=LOST&ids=1,18446744073709551615&sizes=1|2.5&open=true&since=&tag=%D0%B9&sign=x&where=%7B%22city%22%3A%22abc%22%7D", header: http.Header{"Cookie": {"a=b; session=abcd"}}},
		"lack a required one":                      {want: []string{"query limit required"}},
		"are not a number":                         {query: "limit=ten", want: []string{"query limit type"}},
		"are not a JSON number":                    {query: "limit=010", want: []string{"query limit type"}},
		"are empty":                                {query: "limit=", want: []string{"query limit type"}},
		"are too large":                            {query: "limit=101", want: []string{"query limit maximum"}},
		"are given twice":                          {query: "limit=1&limit=2", want: []string{"query limit duplicate"}},
		"are not declared":                         {query: "limit=1&Limit=2", want: []string{"query Limit unknown"}},
		"have an item outside an enum":             {query: "limit=1&state=NEW&state=OLD", want: []string{"query state enum"}},
		"have too many items":                      {query: "limit=1&state=NEW&state=NEW&state=NEW", want: []string{"query state maxItems"}},
		"have an item of another type":             {query: "limit=1&ids=1,x", want: []string{"query ids type"}},
		"have a list twice that does not explode":  {query: "limit=1&ids=1&ids=2", want: []string{"query ids duplicate"}},
		"have another delimiter":                   {query: "limit=1&sizes=1,2", want: []string{"query sizes type"}},
		"are not a boolean":                        {query: "limit=1&open=1", want: []string{"query open type"}},
		"are not a time":                           {query: "limit=1&since=today", want: []string{"query since format"}},
		"hold JSON that is malformed":              {query: "limit=1&where={", want: []string{"query where json"}},
		"hold JSON that does not fit":              {query: "limit=1&where=%7B%22city%22%3A%22abcd%22%2C%22x%22%3A1%7D", want: []string{"query where maxLength", "query where unknown"}},
		"are not percent-encoded":                  {query: "limit=1&tag=%zz", want: []string{"query tag format"}},
		"have a cookie that is too short":          {query: "limit=1", header: http.Header{"Cookie": {"session=abc"}}, want: []string{"cookie session minLength"}},
		"have a header twice":                      {query: "limit=1", header: http.Header{"X-Client": {"1", "2"}}, want: []string{"header X-Client duplicate"}},
		"have a header below its minimum":          {query: "limit=1", header: http.Header{"X-Client": {"-1"}}, want: []string{"header X-Client minimum"}},
		"have a header beyond the range of format": {query: "limit=1", header: http.Header{"X-Client": {"9223372036854775808"}}, want: []string{"header X-Client format"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{"X-Client": {"7"}}
			for key, values := range test.header {
				header[key] = values
			}
			if test.want == nil {
				test.want = []string{}
			}
			require.Equal(t, test.want, brief(spec.CheckRequest("listParcels", Request{Header: header, Query: test.query})))
		})
	}
	require.Equal(t, []string{"path id required"}, brief(spec.CheckRequest("deleteParcel", Request{})))
	require.Equal(t, []string{"path id type"}, brief(spec.CheckRequest("deleteParcel", Request{Path: map[string]string{"id": "x"}})))
	require.Equal(t, []string{"header X-Client required"}, brief(spec.CheckRequest("listParcels", Request{Query: "limit=1"})))
}

func TestBodiesByMediaType(t *testing.T) {
	t.Parallel()
	spec := parcels(t)
	tests := map[string]struct {
		operation, contentType, body string
		want                         []string
	}{
		"JSON is read":                               {"createParcel", "application/json", `{}`, []string{"body /id required", "body /name required"}},
		"JSON is known in any case":                  {"createParcel", "Application/JSON ;charset=UTF-8", `{"id":1,"name":"a"}`, []string{}},
		"JSON without a media type is read":          {"createParcel", "", `{"id":1}`, []string{"content-type Content-Type required", "body /name required"}},
		"JSON of a wrong media type is read":         {"createParcel", "text/html", `{"id":1}`, []string{"content-type Content-Type type", "body /name required"}},
		"a declared type that is not JSON is not":    {"createParcel", "text/plain", `{`, []string{}},
		"an absent body that is required is missing": {"createParcel", "application/json", ``, []string{"body missing"}},
		"an absent body may be optional":             {"putAnything", "", ``, []string{}},
		"a body nobody declared is unknown":          {"deleteParcel", "application/json", `{}`, []string{"body unknown"}},
		"an operation nobody declared is unknown":    {"fly", "", ``, []string{"path unknown"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := Request{Header: http.Header{"X-Client": {"7"}}, Body: []byte(test.body), Path: map[string]string{"id": "1"}}
			if test.contentType != "" {
				r.Header.Set("Content-Type", test.contentType)
			}
			require.Equal(t, test.want, brief(spec.CheckRequest(test.operation, r)))
		})
	}
}

func TestResponses(t *testing.T) {
	t.Parallel()
	spec := parcels(t)
	list := http.Header{"Content-Type": {"application/json"}, "X-Left": {"3"}}
	tests := map[string]struct {
		operation string
		r         Response
		want      []string
	}{
		"fits":                                {"listParcels", Response{200, list, []byte(`[{"id":1,"name":"tea","created":"2026-10-01T00:00:00Z"}]`)}, []string{}},
		"has a field that only requests have": {"listParcels", Response{200, list, []byte(`[{"id":1,"name":"tea","secret":"s"}]`)}, []string{"body /0/secret writeOnly"}},
		"has an undeclared field":             {"listParcels", Response{200, list, []byte(`[{"id":1,"name":"tea","x":1}]`)}, []string{"body /0/x unknown"}},
		"has a status nobody declared":        {"listParcels", Response{500, list, nil}, []string{"status 500 status"}},
		"has a status of a declared class":    {"listParcels", Response{418, list, []byte(`{}`)}, []string{"body /message required"}},
		"has the default":                     {"createParcel", Response{503, list, []byte(`{"message":"x"}`)}, []string{}},
		"is an empty text":                    {"createParcel", Response{202, http.Header{"Content-Type": {"text/plain; charset=utf-8"}}, nil}, []string{}},
		"is an empty text of no type":         {"createParcel", Response{202, http.Header{}, nil}, []string{"body missing"}},
		"is no JSON at all":                   {"createParcel", Response{202, list, nil}, []string{"body missing"}},
		"lacks a header and has a long one":   {"listParcels", Response{200, http.Header{"Content-Type": {"application/json"}, "X-Note": {"longer"}}, []byte(`[]`)}, []string{"header X-Left required", "header X-Note maxLength"}},
		"has a header of another type":        {"listParcels", Response{200, http.Header{"Content-Type": {"application/json"}, "X-Left": {"x"}}, []byte(`[]`)}, []string{"header X-Left type"}},
		"has no body":                         {"listParcels", Response{200, list, nil}, []string{"body missing"}},
		"need not have a body":                {"listParcels", Response{204, nil, nil}, []string{}},
		"has a body where none is declared":   {"listParcels", Response{204, nil, []byte(`{}`)}, []string{"body unknown"}},
		"is JSON of another kind":             {"createParcel", Response{201, http.Header{"Content-Type": {"application/vnd.parcel+json"}}, []byte(`{"id":1}`)}, []string{"body /name required"}},
		"is of an undeclared type":            {"createParcel", Response{201, http.Header{"Content-Type": {"text/html"}}, []byte(`<`)}, []string{"content-type Content-Type type"}},
		"is text":                             {"createParcel", Response{202, http.Header{"Content-Type": {"text/plain; charset=utf-8"}}, []byte(`{`)}, []string{}},
		"has no type":                         {"createParcel", Response{202, nil, []byte(`{`)}, []string{"content-type Content-Type required"}},
		"is of an unknown operation":          {"fly", Response{}, []string{"path unknown"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, brief(spec.CheckResponse(test.operation, test.r)))
		})
	}
}

func TestBoundsOfARequestBody(t *testing.T) {
	t.Parallel()
	spec := parcels(t)
	number := func(v float64) *float64 { return &v }
	length := func(v uint64) *uint64 { return &v }
	tests := map[string]struct {
		operation, pointer string
		want               Bounds
	}{
		"a string":           {"createParcel", "/name", Bounds{MinLength: length(1), MaxLength: length(10), Type: "string"}},
		"a nested string":    {"createParcel", "/parts/5/parts/0/name", Bounds{MinLength: length(1), MaxLength: length(10), Type: "string"}},
		"an enum":            {"createParcel", "/state", Bounds{Enum: []any{"NEW", "SENT", "LOST"}, Type: "string"}},
		"an integer":         {"createParcel", "/id", Bounds{Min: number(1), Type: "integer", Format: "uint64"}},
		"a list":             {"createParcel", "/parts", Bounds{MaxLength: length(3), Type: "array"}},
		"an exclusive bound": {"putAnything", "/below", Bounds{Max: number(9), Type: "integer"}},
		"a field of a part":  {"putAnything", "/both/right", Bounds{Type: "integer"}},
		"a combined string":  {"putAnything", "/narrowed", Bounds{MinLength: length(1), MaxLength: length(10), Type: "string", Format: "email", Enum: []any{"a"}}},
		"a combined integer": {"putAnything", "/digits", Bounds{Min: number(1), Max: number(5), Type: "integer", Format: "int32"}},
		"a boolean":          {"putAnything", "/boolean", Bounds{Type: "boolean"}},
		"a number":           {"putAnything", "/tenth", Bounds{Type: "number"}},
		"anything":           {"putAnything", "/any", Bounds{}},
		"a value of a map":   {"putAnything", "/map/x~1y", Bounds{Type: "integer"}},
		"the body itself":    {"createParcel", "", Bounds{Type: "object"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := spec.RequestBounds(test.operation, test.pointer)
			require.True(t, ok)
			require.Equal(t, test.want, got)
		})
	}
	for _, unknown := range [][2]string{{"fly", ""}, {"listParcels", ""}, {"createParcel", "/nothing"}, {"createParcel", "/name/x"}, {"createParcel", "/parts/x"}} {
		_, ok := spec.RequestBounds(unknown[0], unknown[1])
		require.False(t, ok, unknown)
	}
}
