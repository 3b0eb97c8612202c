package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

// judge is kin-openapi on the same document.
type judge struct{ body *openapi3.Schema }

func newJudge(t testing.TB, spec *Spec, path string) judge {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromData(spec.JSON())
	require.NoError(t, err)
	return judge{document.Paths.Value(path).Post.RequestBody.Value.Content["application/json"].Schema.Value}
}

func (j judge) valid(value any) bool {
	return j.body.VisitJSON(value, openapi3.VisitAsRequest(), openapi3.DisableReadOnlyValidation()) == nil
}

// ours are the rules kin-openapi does not know; formats are ours too, but for
// those of integers.
func ours(f Finding) bool {
	switch f.Rule {
	case "unknown":
		return !strings.HasSuffix(f.Spec, "/closed")
	case "duplicate", "utf8", "readOnly":
		return true
	}
	return false
}

func agreeSpec(t testing.TB) *Spec {
	t.Helper()
	spec, err := NewLibrary(os.DirFS("testdata")).Load("agree")
	require.NoError(t, err)
	return spec
}

func FuzzCheckRequest(f *testing.F) {
	for _, seed := range []string{
		`{"string":"abc","integer":12,"number":0.5,"list":[1,2],"set":["a","b"]}`,
		`{"string":"","integer":-1,"number":1e3,"boolean":true,"list":[],"set":["a","\u0061"]}`,
		`{"string":"abcdef","integer":1.0,"int32":2147483648,"time":"2026-10-01T00:00:00Z","nullable":null}`,
		`{"one":{"left":1},"some":{"right":2},"both":{"left":1,"right":2},"not":[]}`,
		`{"one":{},"some":{},"both":{},"not":"a","enum":"a","closed":{"b":1},"map":{"a":"b"}}`,
		`{"kind":{"kind":"l","left":1},"self":{"self":{"string":"x"}},"enum":2}`,
		`{"contexts":[{"type":"l","id":1},{"id":1,"type":"l"}]}`, `{"contexts":null}`, `{"contexts":[]}`,
		`{"a":1,"a":2}`, `[`, `{}`, `null`, `"\ud800"`, `{"string":"` + "\xff" + `"}`, `{"sized":{"a":1,"b":2}}`,
		strings.Repeat("[", 100), `{"list":[0,null,"1",{}]}`, `{"integer":1e999}`, `{"even":1e30}`,
	} {
		f.Add([]byte(seed))
	}
	spec := agreeSpec(f)
	kin := newJudge(f, spec, "/agree")
	f.Fuzz(func(t *testing.T, body []byte) {
		before := bytes.Clone(body)
		r := Request{Header: jsonHeader(), Body: body}
		findings := spec.CheckRequest("agree", r)
		require.Equal(t, before, body)
		require.LessOrEqual(t, len(findings), maxFindings)
		require.Equal(t, findings, spec.CheckRequest("agree", r))
		require.NotNil(t, spec.CheckRequest("fly", r))
		spec.CheckResponse("agree", Response{Status: 200, Header: r.Header, Body: body})

		rules := map[string]bool{}
		valid := true
		for _, f := range findings {
			rules[f.Rule] = true
			valid = valid && ours(f)
		}
		if rules["depth"] || len(body) == 0 {
			return
		}
		value, ok := decodeStd(body)
		require.Equal(t, !ok, rules["json"], "%s", body)
		if !ok || len(findings) == maxFindings || !representable(value) {
			return
		}
		require.Equal(t, kin.valid(value), valid, "%s\n%v", body, findings)
	})
}

func decodeStd(body []byte) (any, bool) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var value any
	if dec.Decode(&value) != nil {
		return nil, false
	}
	_, err := dec.Token()
	return value, err == io.EOF
}

// comparable tells whether kin-openapi reads every number as it stands: float64
// holds it. It cannot tell numbers apart that round to the same.
func representable(v any) bool {
	switch v := v.(type) {
	case json.Number:
		f, err := v.Float64()
		if err != nil {
			return false
		}
		text, err := json.Marshal(f)
		return err == nil && parseDecimal(text).compare(parseDecimal([]byte(v))) == 0
	case []any:
		for _, item := range v {
			if !representable(item) {
				return false
			}
		}
	case map[string]any:
		for _, item := range v {
			if !representable(item) {
				return false
			}
		}
	}
	return true
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-2.5e3,"x\n\u00e9\ud83d\ude00",true,false,null]}`, `"\ud800\u0041"`, `{"a":1,"\u0061":2}`, ` 0 `, `[01]`, `1 2`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		value, findings := Decode(body)
		want, ok := decodeStd(body)
		for _, f := range findings {
			if f.Rule == "depth" {
				return
			}
			require.Contains(t, []string{"json", "utf8", "duplicate"}, f.Rule)
			if f.Rule == "json" {
				require.False(t, ok, "%q", body)
				require.Nil(t, value)
				return
			}
		}
		require.True(t, ok, "%q", body)
		if bytes.Contains(body, []byte(`\`)) || len(findings) == 0 {
			require.Equal(t, want, value, "%q", body)
		}
	})
}

func FuzzDecimal(f *testing.F) {
	f.Add("1.0", "1", "0.1")
	f.Add("-9223372036854775808", "9223372036854775807", "2.5")
	f.Add("18446744073709551615", "1e19", "3")
	f.Add("0.000", "-0", "1e-7")
	f.Fuzz(func(t *testing.T, a, b, unit string) {
		x, ok := rational(a)
		y, ok2 := rational(b)
		z, ok3 := rational(unit)
		if !ok || !ok2 || !ok3 {
			return
		}
		da, db := parseDecimal([]byte(a)), parseDecimal([]byte(b))
		require.Equal(t, x.Cmp(y), da.compare(db), "%s %s", a, b)
		require.Equal(t, x.IsInt(), da.integral(), a)
		require.Equal(t, x.Cmp(y) == 0, string(da.append(nil)) == string(db.append(nil)), "%s %s", a, b)
		if z.Sign() > 0 {
			require.Equal(t, x.Quo(x, z).IsInt(), da.multipleOf(parseDecimal([]byte(unit))), "%s %s", a, unit)
		}
	})
}

// rational reads a JSON number exactly, if it is of a size that math/big likes.
func rational(text string) (*big.Rat, bool) {
	if text == "" || len(text) > 60 || numberLength([]byte(text)) != len(text) {
		return nil, false
	}
	if e := strings.IndexAny(text, "eE"); e >= 0 && len(text)-e > 5 {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

func TestBothReadersAgreeOnValuesMadeForTheSchema(t *testing.T) {
	t.Parallel()
	spec := agreeSpec(t)
	kin := newJudge(t, spec, "/agree")
	names := []string{"string", "nullable", "boolean", "integer", "int32", "int64", "even", "number", "list", "set", "contexts", "enum", "closed", "map", "sized", "both", "one", "some", "not", "kind", "self"}
	values := []string{
		`null`, `true`, `0`, `1`, `2`, `-0.5`, `-0.25`, `99`, `100`, `1e2`, `1.0`, `2.5`, `1000`, `1001`, `2147483647`, `2147483648`, `1e25`,
		`""`, `"a"`, `"b"`, `"abc"`, `"abcdef"`, `"эхо"`, `"A"`, `[]`, `[1]`, `[1,1]`, `[1,2,3,4]`, `["a"]`, `["a","a"]`, `[{}]`, `[1.5]`,
		`{}`, `{"a":1}`, `{"a":"a"}`, `{"b":1}`, `{"b":1.0}`, `{"a":"a","c":"b"}`, `{"a":1,"b":2,"c":3,"d":4}`,
		`{"left":1}`, `{"right":1}`, `{"left":1,"right":2}`, `{"left":"1","right":2}`, `{"left":1,"kind":"l"}`, `{"kind":"l"}`,
		`{"right":1,"kind":"r"}`, `{"right":1,"kind":"l"}`, `{"left":1,"right":1,"kind":"x"}`, `{"kind":1}`, `[{"type":"l","id":1}]`, `[{"type":"l","id":1},{"id":1,"type":"l"}]`, `[{"type":"l","id":1},{"type":"l","id":2}]`, `[{"type":"x","id":1}]`,
		`{"string":"abc"}`, `{"self":{"string":""}}`,
	}
	random := rand.New(rand.NewPCG(1, 2))
	verdicts := map[bool]int{}
	for range 20_000 {
		fields := make([]string, 0, 3)
		for _, i := range random.Perm(len(names))[:1+random.IntN(3)] {
			fields = append(fields, fmt.Sprintf("%q:%s", names[i], values[random.IntN(len(values))]))
		}
		body := []byte("{" + strings.Join(fields, ",") + "}")
		valid := true
		findings := spec.CheckRequest("agree", Request{Header: jsonHeader(), Body: body})
		for _, f := range findings {
			valid = valid && ours(f)
		}
		value, ok := decodeStd(body)
		require.True(t, ok)
		require.Equal(t, kin.valid(value), valid, "%s\n%v", body, findings)
		verdicts[valid]++
	}
	require.Greater(t, verdicts[true], 500)
	require.Greater(t, verdicts[false], 1000)
}
