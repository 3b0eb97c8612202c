package openapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func parcels(t testing.TB, overlays ...string) *Spec {
	t.Helper()
	spec, err := NewLibrary(os.DirFS("testdata")).Load("parcels", overlays...)
	require.NoError(t, err)
	return spec
}

func jsonHeader() http.Header {
	return http.Header{"Content-Type": {"application/json; charset=utf-8"}, "X-Client": {"7"}}
}

// brief is a finding without its message: in pointer rule.
func brief(findings []Finding) []string {
	out := []string{}
	for _, f := range findings {
		out = append(out, strings.Join(strings.Fields(f.In+" "+f.Pointer+" "+f.Rule), " "))
	}
	return out
}

func TestEveryRuleOfASchemaHoldsFromBothSides(t *testing.T) {
	t.Parallel()
	spec := parcels(t)
	tests := map[string]struct {
		good []string
		bad  map[string]string // value: pointer below the field, then rule
	}{
		"string":   {[]string{`"ab"`, `"абвг"`, `"\u0430b"`}, map[string]string{`1`: " type", `"a"`: " minLength", `"abcde"`: " maxLength", `"AB"`: " pattern", `null`: " type"}},
		"nullable": {[]string{`null`, `"a"`}, map[string]string{`"b"`: " enum"}},
		"boolean":  {[]string{`true`, `false`}, map[string]string{`"true"`: " type", `0`: " type"}},
		"int32":    {[]string{`2147483647`, `-2147483648`, `1.0`, `1e2`, `-0`, `12.5e1`}, map[string]string{`2147483648`: " format", `-2147483649`: " format", `1.5`: " type", `1e-1`: " type", `"1"`: " type"}},
		"int64":    {[]string{`9223372036854775807`, `-9223372036854775808`}, map[string]string{`9223372036854775808`: " format", `-9223372036854775809`: " format", `1e19`: " format", `1e999999999999`: " format"}},
		"uint64":   {[]string{`18446744073709551615`, `0`}, map[string]string{`18446744073709551616`: " format", `-1`: " format"}},
		"text64":   {[]string{`"9223372036854775807"`, `"-1"`}, map[string]string{`"9223372036854775808"`: " format", `""`: " format", `"1.0"`: " format"}},
		"number":   {[]string{`-1.5`, `9007199254740993`, `9007199254740992.9`, `0e0`}, map[string]string{`-1.500001`: " minimum", `9007199254740993.1`: " maximum", `9007199254740994`: " maximum"}},
		"below":    {[]string{`9`}, map[string]string{`10`: " maximum", `1e1`: " maximum"}},
		"even":     {[]string{`0`, `-4`, `2e0`, `1e100`, `1e9999999`}, map[string]string{`3`: " multipleOf"}},
		"tenth":    {[]string{`0.3`, `1e300`, `-0.10`, `5`}, map[string]string{`0.35`: " multipleOf", `1e-300`: " multipleOf"}},
		"time":     {[]string{`"2026-02-28T23:59:60Z"`, `"2026-10-01T00:00:00.123456+03:00"`}, map[string]string{`"2026-02-30T00:00:00Z"`: " format", `"2026-02-28"`: " format", `"2026-02-28T24:00:00Z"`: " format", `"2026-02-28T00:00:00"`: " format", `"2026-02-28T00:00:00.Z"`: " format"}},
		"day":      {[]string{`"2024-02-29"`}, map[string]string{`"2026-02-29"`: " format", `"2026-2-1"`: " format", `"2026-13-01"`: " format"}},
		"uuid":     {[]string{`"00000000-0000-4000-8000-00000000abCD"`}, map[string]string{`"00000000-0000-4000-8000-00000000abcg"`: " format", `""`: " format"}},
		"uri":      {[]string{`"https://example.com/a?b#c"`, `"urn:x:y"`}, map[string]string{`"/relative"`: " format", `"http://[::1"`: " format", `"a b:c"`: " format"}},
		"bytes":    {[]string{`""`, `"QQ=="`, `"QUJD"`}, map[string]string{`"QQ"`: " format", `"Q==="`: " format", `"QQ=A"`: " format", `"Q_-A"`: " format"}},
		"mail":     {[]string{`"a@b.example"`}, map[string]string{`"a"`: " format", `"@b"`: " format", `"a@b c"`: " format"}},
		"four":     {[]string{`"127.0.0.1"`}, map[string]string{`"::1"`: " format", `"127.0.0"`: " format"}},
		"six":      {[]string{`"::1"`}, map[string]string{`"127.0.0.1"`: " format", `"fe80::1%eth0"`: " format"}},
		"odd":      {[]string{`"whatever"`}, nil},
		"list":     {[]string{`[1]`, `[1,2,3]`}, map[string]string{`[]`: " minItems", `[1,2,3,4]`: " maxItems", `[1,"2"]`: "/1 type", `{}`: " type"}},
		"set":      {[]string{`[1,"1",true,null,[],{}]`, `[{"a":1},{"a":2}]`}, map[string]string{`[1,1.0]`: " uniqueItems", `[{"a":1,"b":2},{"b":2,"a":1}]`: " uniqueItems", `["a","\u0061"]`: " uniqueItems"}},
		"enum":     {[]string{`1`, `1.0`, `"1"`, `25e-1`, `null`, `[1,{"b":2,"a":1}]`}, map[string]string{`2`: " enum", `"2"`: " enum", `[1]`: " enum", `true`: " enum"}},
		"free":     {[]string{`{}`, `{"a":{"b":1}}`}, map[string]string{`[]`: " type"}},
		"any":      {[]string{`null`, `1`, `{"a":[]}`}, nil},
		"map":      {[]string{`{"x":1,"y":2}`}, map[string]string{`{"x~/":"1"}`: "/x~0~1 type"}},
		"openmap":  {[]string{`{"a":1,"b":[]}`}, map[string]string{`{"a":"1","b":1}`: "/a type"}},
		"closed":   {[]string{`{"a":1}`}, map[string]string{`{"b":1}`: "/b unknown"}},
		"sized":    {[]string{`{"a":1}`}, map[string]string{`{}`: " minProperties", `{"a":1,"b":1,"c":1}`: " maxProperties"}},
		"both":     {[]string{`{"left":1,"right":2}`, `{"left":1,"right":2,"deep":{"x":1,"y":2}}`}, map[string]string{`{"left":1}`: "/right required", `{"left":1,"right":2,"up":3}`: "/up unknown", `{"left":1,"right":2,"deep":{"z":1}}`: "/deep/z unknown"}},
		"one":      {[]string{`{"left":1}`, `{"right":1,"deep":{"y":2}}`}, map[string]string{`{}`: " oneOf", `{"left":1,"right":1}`: " oneOf", `{"left":1,"deep":{"y":1}}`: "/deep/y unknown", `null`: " oneOf"}},
		"some":     {[]string{`{"left":1,"right":1}`, `{"right":1}`}, map[string]string{`{}`: " anyOf", `{"left":1,"up":1}`: "/up unknown"}},
		"wrapped":  {[]string{`{"left":1}`}, map[string]string{`{"left":"1"}`: "/left type"}},
		"kind":     {[]string{`{"kind":"l","left":1}`, `{"kind":"Right","right":1}`, `{"kind":"r","right":1}`}, map[string]string{`{"left":1}`: "/kind discriminator", `{"kind":"x"}`: "/kind discriminator", `{"kind":1}`: "/kind discriminator", `{"kind":"l"}`: "/left required", `{"kind":"l","left":1,"right":1}`: "/right unknown", `1`: " oneOf"}},
		"never":    {[]string{`1`}, map[string]string{`"a"`: " not"}},
		"tree":     {[]string{`1`, `[[1],[]]`, `[1,1,1,1]`}, map[string]string{`[1,1,1]`: " oneOf", `"x"`: " oneOf"}},
	}
	for field, test := range tests {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			for _, value := range test.good {
				r := Request{Header: jsonHeader(), Body: fmt.Appendf(nil, `{"%s": %s}`, field, value)}
				require.Empty(t, spec.CheckRequest("putAnything", r), "%s", r.Body)
			}
			for value, want := range test.bad {
				r := Request{Header: jsonHeader(), Body: fmt.Appendf(nil, `{"%s": %s}`, field, value)}
				require.Equal(t, []string{"body /" + field + want}, brief(spec.CheckRequest("putAnything", r)), "%s", r.Body)
			}
		})
	}
}

func TestRecursiveVariantsAreTriedOnlyOnce(t *testing.T) {
	t.Parallel()
	value := strings.Repeat("[", 60) + `"x"` + strings.Repeat("]", 60)
	r := Request{Header: jsonHeader(), Body: []byte(`{"tree":` + value + `}`)}
	require.Equal(t, []string{"body /tree oneOf"}, brief(parcels(t).CheckRequest("putAnything", r)))
}

func TestBodiesThatAreNotJSON(t *testing.T) {
	t.Parallel()
	spec := parcels(t)
	tests := map[string]struct {
		body string
		want string // rule and pointer
		at   int
	}{
		"ends early":                    {`{"a":`, "json", 5},
		"is only space":                 {"  ", "json", 2},
		"has something after its end":   {`{} {}`, "json", 3},
		"has a comma too many":          {`{"any":[1,]}`, "json", 10},
		"has a comma before the end":    {`{"any":1,}`, "json", 9},
		"lacks a comma":                 {`{"any":[1 2]}`, "json", 10},
		"has a key without quotes":      {`{any:1}`, "json", 1},
		"lacks a colon":                 {`{"any" 1}`, "json", 7},
		"has a leading zero":            {`{"any":01}`, "json", 7},
		"has a plus":                    {`{"any":+1}`, "json", 7},
		"has a point without digits":    {`{"any":1.}`, "json", 7},
		"has an exponent without end":   {`{"any":1e}`, "json", 7},
		"has a word":                    {`{"any":nul}`, "json", 7},
		"has not a number":              {`{"any":NaN}`, "json", 7},
		"has a control character":       {"{\"any\":\"\n\"}", "json", 8},
		"has an escape of its own":      {`{"any":"\x"}`, "json", 8},
		"has half an escape":            {`{"any":"\u12"}`, "json", 8},
		"ends inside a string":          {`{"any":"`, "json", 8},
		"has a byte order mark":         {"\ufeff{}", "json", 0},
		"has a comment":                 {"/**/{}", "json", 0},
		"is not UTF-8":                  {"{\"any\":\"\xff\"}", "utf8", 8},
		"is UTF-8 of a surrogate":       {"{\"any\":\"\xed\xa0\x80\"}", "utf8", 8},
		"is nested deeper than allowed": {`{"any":` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + `}`, "depth", 70},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := spec.CheckRequest("putAnything", Request{Header: jsonHeader(), Body: []byte(test.body)})
			require.Len(t, got, 1)
			require.Equal(t, test.want, got[0].Rule)
			require.Contains(t, got[0].Message, fmt.Sprintf("at byte %d", test.at))
			require.Equal(t, "parcels.yaml#/components/schemas/Anything", got[0].Spec)
		})
	}
	deep := `{"any":` + strings.Repeat("[", 63) + strings.Repeat("]", 63) + `}`
	require.Empty(t, spec.CheckRequest("putAnything", Request{Header: jsonHeader(), Body: []byte(deep)}))
}

func TestDuplicateKeysAreFoundHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	spec := parcels(t)
	body := `{"any":{"a":1,"b":2,"\u0061":3},"any":1}`
	require.Equal(t, []string{"body /any duplicate", "body /any/a duplicate"},
		brief(spec.CheckRequest("putAnything", Request{Header: jsonHeader(), Body: []byte(body)})))
	var many strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&many, `"k%d":1,`, i)
	}
	body = `{"any":{` + many.String() + `"k500":1}}`
	require.Equal(t, []string{"body /any/k500 duplicate"},
		brief(spec.CheckRequest("putAnything", Request{Header: jsonHeader(), Body: []byte(body)})))
}

func TestAllFindingsComeSortedByPointer(t *testing.T) {
	t.Parallel()
	body := `{"parts":[{"id":0,"name":"tea","x":1},{}],"name":"","state":"OLD","weight":0,"secret":"s","created":"x"}`
	got := parcels(t).CheckRequest("createParcel", Request{Header: http.Header{"X-Client": {"0"}}, Body: []byte(body)})
	var told [][]string
	for _, f := range got {
		told = append(told, []string{f.In, f.Pointer, f.Rule, f.Message, f.Spec, f.Limit})
	}
	require.Equal(t, [][]string{
		{"header", "X-Client", "minimum", "X-Client is less than 1", "parcels.yaml#/paths/~1parcels/parameters/0/schema", "1"},
		{"content-type", "Content-Type", "required", "the content type is missing", "parcels.yaml#/paths/~1parcels/post/requestBody/content", ""},
		{"body", "/created", "format", "/created is not of format date-time", "parcels.yaml#/components/schemas/Parcel/properties/created", "date-time"},
		{"body", "/created", "readOnly", "/created is read-only, but stands in a request", "parcels.yaml#/components/schemas/Parcel/properties/created", ""},
		{"body", "/id", "required", "/id is required", "parcels.yaml#/components/schemas/Parcel", ""},
		{"body", "/name", "minLength", "/name is shorter than 1 characters", "parcels.yaml#/components/schemas/Parcel/properties/name", "1"},
		{"body", "/parts/0/id", "minimum", "/parts/0/id is less than 1", "parcels.yaml#/components/schemas/Parcel/properties/id", "1"},
		{"body", "/parts/0/x", "unknown", "/parts/0/x is not declared", "parcels.yaml#/components/schemas/Parcel", ""},
		{"body", "/parts/1/id", "required", "/parts/1/id is required", "parcels.yaml#/components/schemas/Parcel", ""},
		{"body", "/parts/1/name", "required", "/parts/1/name is required", "parcels.yaml#/components/schemas/Parcel", ""},
		{"body", "/state", "enum", `/state is "OLD", which is not one of the 3 values`, "parcels.yaml#/components/schemas/State", ""},
		{"body", "/weight", "minimum", "/weight is not greater than 0", "parcels.yaml#/components/schemas/Parcel/properties/weight", "0"},
	}, told)
}

func TestABodyOfManyMistakesYieldsAHundredFindings(t *testing.T) {
	t.Parallel()
	body := `{"map":{"` + strings.Repeat("k", 1000) + `":"x"},"list":[` + strings.Repeat(`"x",`, 50_000) + `1]}`
	got := parcels(t).CheckRequest("putAnything", Request{Header: jsonHeader(), Body: []byte(body)})
	require.Len(t, got, maxFindings)
	for _, f := range got {
		require.Less(t, len(f.Pointer), 300)
	}
}

func TestMessagesNeverHoldALongString(t *testing.T) {
	t.Parallel()
	secret := strings.Repeat("s", 40)
	body := fmt.Sprintf(`{"string":%[1]q,"nullable":%[1]q,"int64":%[1]q,"uuid":%[1]q,"never":%[1]q,"enum":%[1]q}`, secret)
	got := parcels(t).CheckRequest("putAnything", Request{Header: jsonHeader(), Body: []byte(body)})
	text, err := json.Marshal(got)
	require.NoError(t, err)
	require.Len(t, got, 6)
	require.NotContains(t, string(text), secret)
}

func TestTheBodyStaysAsItIs(t *testing.T) {
	t.Parallel()
	body := []byte(` {"id":1,"id":2,"state":"\u004eEW","x":"\xff"} `)
	before := string(body)
	parcels(t).CheckRequest("createParcel", Request{Header: jsonHeader(), Body: body})
	require.Equal(t, before, string(body))
}

func TestDecodeKeepsNumbersAndTellsDuplicates(t *testing.T) {
	t.Parallel()
	value, findings := Decode([]byte(`{"a":[18446744073709551615,1.50,true,null],"b":"\ud83d\ude00\ud800","a2":{},"a2":[]}`))
	require.Equal(t, []string{"body /a2 duplicate"}, brief(findings))
	require.Equal(t, map[string]any{
		"a": []any{json.Number("18446744073709551615"), json.Number("1.50"), true, nil}, "b": "😀\ufffd", "a2": []any{},
	}, value)
	value, findings = Decode([]byte(`[1`))
	require.Nil(t, value)
	require.Equal(t, []string{"body json"}, brief(findings))
}
