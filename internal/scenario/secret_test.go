package scenario

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSecretsAreHiddenInEveryForm(t *testing.T) {
	t.Parallel()
	const key = `a "secret"/key+of&ozon`
	s := Target{
		Token:   "control-token",
		Secrets: []string{"from-the-environment"},
		Live: map[string]Live{"ozon": {
			Sellers: []map[string]string{{"name": "second", "client_id": "7654321", "api_key": key, "oauth": "short"}},
			Headers: map[string]string{"X-Gate": "pass-the-gate"},
		}},
	}.secrets()
	for _, text := range []string{
		"control-token", "from-the-environment", "7654321", key, "pass-the-gate", "PASS-THE-GATE",
		`{"a":"a \"secret\"/key+of&ozon"}`, "a+%22secret%22%2Fkey%2Bof%26ozon", base64.StdEncoding.EncodeToString([]byte(key)),
		`a \u0022secret\u0022/key+of\u0026ozon`, `a \\\"secret\\\"\\/key+of\\u0026ozon`,
		"cut: pass-the-g …", "… he-gate and more",
	} {
		hidden := s.hide("before " + text + " after")
		require.NotContains(t, hidden, text)
		require.True(t, strings.HasPrefix(hidden, "before ") && strings.HasSuffix(hidden, " after"), hidden)
	}
	for _, text := range []string{"second is short", "a text … cut", "…4321"} {
		require.Equal(t, text, s.hide(text))
	}
}
