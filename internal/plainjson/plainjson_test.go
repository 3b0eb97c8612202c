package plainjson_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/plainjson"
)

func TestAStringIsReadBackAsItWas(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                   `""`,
		"a<b>&c":             `"a<b>&c"`,
		"\"\\\n\r\t\x00\x1f": `"\"\\\n\r\t\u0000\u001f"`,
		"чай \u2028":         "\"чай \u2028\"",
		"a\xffb":             "\"a\ufffdb\"",
	} {
		got := plainjson.AppendString([]byte("x"), text)
		require.Equal(t, "x"+want, string(got))
	}
}

func TestAValueIsNotEscapedForHTML(t *testing.T) {
	t.Parallel()
	require.Equal(t, `{"a":"<&>"}`, string(plainjson.Encode(map[string]string{"a": "<&>"})))
	require.Nil(t, plainjson.Encode(make(chan int)))
}

func TestATimeIsWrittenDigitByDigit(t *testing.T) {
	t.Parallel()
	at := time.Date(987, time.July, 9, 5, 4, 3, 0, time.UTC)
	require.Equal(t, "x0987-07-09T05:04:03", string(plainjson.AppendSecond([]byte("x"), at)))
	for n, want := range map[int]string{0: "000", 7: "007", 70: "070", 987: "987"} {
		require.Equal(t, want, string(plainjson.AppendThree(nil, n)))
	}
}

// Strings are JSON whatever a chat holds.
func FuzzAppendString(f *testing.F) {
	f.Add("plain")
	f.Add("\"\\\n\r\t\x00\x1f\x7f\u2028 Здравствуйте 😀")
	f.Add("\xff\xc3(\xed\xa0\x80")
	f.Fuzz(func(t *testing.T, s string) {
		var got, want string
		require.NoError(t, json.Unmarshal(plainjson.AppendString(nil, s), &got), "%q", s)
		require.NoError(t, json.Unmarshal(plainjson.Encode(s), &want))
		require.Equal(t, want, got)
	})
}
