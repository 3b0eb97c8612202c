package mask_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/mask"
)

func TestJSON(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"no secrets: byte for byte":            {"{ \"chat_id\" : \"a\",\n\t\"n\":1.50 }", "{ \"chat_id\" : \"a\",\n\t\"n\":1.50 }"},
		"a field at the top":                   {`{"access_token":"shopee-demo-access-token","shop_id":1}`, `{"access_token":"…oken","shop_id":1}`},
		"a login's answer":                     {`{"p_token":"ptok-invented","token":"a.jwt.of-somebody","user":{"uid":"0-50000123"}}`, `{"p_token":"…nted","token":"…body","user":{"uid":"0-50000123"}}`},
		"codes stay":                           {`{"code":10,"error":{"code":"error_sign"},"msg_id":""}`, `{"code":10,"error":{"code":"error_sign"},"msg_id":""}`},
		"the code of an authorization":         {`{"code":"4d7af03b9c5e1d228e60b1aa53f7c901","shop_id":1}`, `{"code":"…c901","shop_id":1}`},
		"a code that is cut":                   {`{"code":"4d7af03b9c5e1d228e60`, `{"code":"…`},
		"words of errors that are long stay":   {`{"code":"first_chat_without_order_info","a":{"code":"RESOURCE_EXHAUSTED_2"}}`, `{"code":"first_chat_without_order_info","a":{"code":"RESOURCE_EXHAUSTED_2"}}`},
		"a code that is a number or short":     {`{"code":1234567890123456789,"x":{"code":"a1"}}`, `{"code":1234567890123456789,"x":{"code":"a1"}}`},
		"space around the colon stays":         {"{\"token\" \n: \t\"short\" , \"a\": 1}", "{\"token\" \n: \t\"…\" , \"a\": 1}"},
		"a field far inside":                   {`[[{"a":[{"Api-Key":"abcdefghijklmnop"}]}]]`, `[[{"a":[{"Api-Key":"…mnop"}]}]]`},
		"an escaped name":                      {`{"access\u005ftoken":"abc"}`, `{"access\u005ftoken":"…"}`},
		"a number becomes a string":            {`{"password":1234567890123456, "b":2}`, `{"password":"…", "b":2}`},
		"null, true and an empty string stay":  {`{"token":null,"secret":true,"sign":""}`, `{"token":null,"secret":true,"sign":""}`},
		"an object keeps its names":            {`{"secret":{"a":"x","b":[1,"y",null,{}]},"c":"z"}`, `{"secret":{"a":"…","b":["…","…",null,{}]},"c":"z"}`},
		"a secret name as a value is none":     {`{"type":"token","a":["token","x"]}`, `{"type":"token","a":["token","x"]}`},
		"a name with an escaped quote is none": {`{"x\"token":"kept"}`, `{"x\"token":"kept"}`},
		"text that looks like a field stays":   {`{"text":"\"token\":\"kept\""}`, `{"text":"\"token\":\"kept\""}`},
		"the tail is escaped again":            {`{"token":"abcdefghijkl\"<\n\\"}`, `{"token":"…\"<\n\\"}`},
		"escapes count as one character":       {`{"token":"\u0441\u0435\u043a\u0440\u0435\u0442"}`, `{"token":"…"}`},
		"masked values are not masked again":   {`{"token":"…oken"}`, `{"token":"…oken"}`},
		"two fields of the same name":          {`{"token":"a","token":"b"}`, `{"token":"…","token":"…"}`},
		"a document cut in the secret":         {`{"token":"abcdefghijklmn`, `{"token":"…`},
		"a document cut after the secret":      {`{"token":"abcdefghijklmnop","te`, `{"token":"…mnop","te`},
		"a document cut in a secret object":    {`{"secret":{"a":["bcd","efg`, `{"secret":{"a":["…","…`},
		"a cut name":                           {`{"token`, `{"token`},
		"a missing value":                      {`{"token":}`, `{"token":}`},
		"a bare word as value":                 {`{"token":abc def,"a":1}`, `{"token":"…","a":1}`},
		"a bad escape":                         {`{"token":"\x"}`, `{"token":"…"}`},
		"text with JSON inside":                {`he said "hi: {"token":"abc"}`, `he said "hi: {"token":"…"}`},
		"not JSON":                             {"token=abc", "token=abc"},
		"nothing":                              {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := []byte(c.in)
			got := mask.JSON(in)
			require.Equal(t, c.want, string(got))
			require.Equal(t, c.in, string(in), "the original is untouched")
			require.Equal(t, c.want, string(mask.JSON(got)), "masking twice changes nothing more")
		})
	}
}

func TestJSONOfHugeAndDeepDocumentsIsLinear(t *testing.T) {
	t.Parallel()
	const n = 200_000
	for name, in := range map[string]string{
		"deep arrays":         strings.Repeat("[", n),
		"deep secret objects": strings.Repeat(`{"token":`, n),
		"quotes only":         strings.Repeat(`"`, n),
		"escaped quotes":      `"` + strings.Repeat(`\"`, n) + `"`,
		"backslashes":         strings.Repeat(`\`, n) + `"`,
		"quotes, then space":  strings.Repeat(`"`, 1000) + strings.Repeat(" ", n),
		"a huge secret":       `{"token":"` + strings.Repeat("x", n) + `"}`,
		"many secrets":        "[" + strings.Repeat(`{"token":"abc"},`, n) + "1]",
		"a huge name":         `{"` + strings.Repeat("token", n) + `":"abc"}`,
		"a word that goes on": `{"token":` + strings.Repeat("x ", n),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.NotPanics(t, func() { mask.JSON([]byte(in)) })
		})
	}
}

// FuzzJSONHidesSecrets builds a document around the fuzzed parts.
func FuzzJSONHidesSecrets(f *testing.F) {
	f.Add("chat_id", "text", "abc", false)
	f.Add("x\"y", "\\\"", "0123456789abcdef", true)
	f.Add("token", "ключ", "\x00\xff", true)
	f.Fuzz(func(t *testing.T, name, text, tail string, nested bool) {
		secret := "SECRET-VALUE-" + tail + "-IN-FULL-0123456789"
		var value any = secret
		if nested {
			value = []any{map[string]any{name: []any{secret, 1.5, nil}}}
		}
		in, err := json.Marshal([]any{map[string]any{name: text, "partner_key": value}, text})
		require.NoError(t, err)
		if strings.Contains(name+text, "SECRET-VALUE-") {
			return // the text itself is not secret
		}
		out := mask.JSON(in)
		require.True(t, json.Valid(out), "%s became %s", in, out)
		require.NotContains(t, string(out), "SECRET-VALUE-")
		for cut := range min(len(in), 200) {
			require.NotContains(t, string(mask.JSON(in[:cut])), "SECRET-VALUE-", "cut at %d", cut)
		}
	})
}

func FuzzJSONKeepsDocumentsValid(f *testing.F) {
	f.Add([]byte(`{"token":"a","x":[1,{"secret":{"y":"z"}}]}`))
	f.Add([]byte(`{"token":1e5}`))
	f.Add([]byte(`"token":`))
	f.Add([]byte("{\"token\":\"\xff\xfe\"}"))
	f.Fuzz(func(t *testing.T, in []byte) {
		out := mask.JSON(in)
		if json.Valid(in) {
			require.True(t, json.Valid(out), "%q became %q", in, out)
		}
		require.Equal(t, out, mask.JSON(out), "masking twice changes nothing more")
	})
}

func FuzzURL(f *testing.F) {
	f.Add("https://u:p@host/?token=abcdefghijklmnop#a=b")
	f.Fuzz(func(t *testing.T, in string) {
		out := mask.URL(in)
		require.Equal(t, out, mask.URL(out))
		mask.Text(in, out)
	})
}

func BenchmarkJSON(b *testing.B) {
	body := []byte(`{"chats":[` + strings.Repeat(`{"chat":{"chat_id":"b646d975-0c9c-4872-9f41-8b1e57181063","chat_status":"OPENED"},"unread_count":1},`, 60) + `{}]}`)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		mask.JSON(body)
	}
}
