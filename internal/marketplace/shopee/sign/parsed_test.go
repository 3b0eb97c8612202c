package sign_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace/shopee/sign"
)

// Whatever a parser changes is signed: the order of keys, escapes, spaces.
// Proves: shopee/push-signature
func TestANotificationThatWasParsedAndWrittenAgainDoesNotVerify(t *testing.T) {
	t.Parallel()
	sent := []byte(strings.Replace(notification, "Baik kak", `🤗 <b>tea</b> & 1/2`, 1))
	signature := sign.Push(key, callback, sent)
	require.True(t, sign.VerifyPush(key, callback, sent, signature))

	var value map[string]any
	decoder := json.NewDecoder(bytes.NewReader(sent))
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(&value))
	sorted, err := json.Marshal(value)
	require.NoError(t, err)
	var spaced, escaped bytes.Buffer
	require.NoError(t, json.Indent(&spaced, sent, "", " "))
	json.HTMLEscape(&escaped, sent)
	for name, again := range map[string][]byte{
		"keys in another order": sorted,
		"spaces":                spaced.Bytes(),
		"escaped brackets":      escaped.Bytes(),
		"escaped slashes":       bytes.ReplaceAll(sent, []byte("/"), []byte(`\/`)),
		"an escaped emoji":      bytes.ReplaceAll(sent, []byte("🤗"), []byte(`\ud83e\udd17`)),
	} {
		require.JSONEq(t, string(sent), string(again), name)
		require.False(t, sign.VerifyPush(key, callback, again, signature), name)
	}
}
