package ozon

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// A token stands in for a missing header, and counts for nothing beside both.
// Proves: ozon/token-beside-headers
func TestTokenBesideHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "default", today, nil)
	list := func(change ...func(*http.Request)) testReply { return w.call(opListV3, `{"limit":100}`, change...) }
	first := list().body
	second := list(header("Client-Id", ""), header("Api-Key", ""), header("Authorization", "Bearer ozon-demo-oauth-2")).body
	require.NotEqual(t, first, second)
	for _, missing := range []string{"Client-Id", "Api-Key"} {
		require.Equal(t, second, list(header(missing, ""), header("Authorization", "Bearer ozon-demo-oauth-2")).body, missing)
	}
	require.Equal(t, first, list(header("Authorization", "Bearer ozon-demo-oauth-2")).body, "both headers")
}

// Proves: ozon/repeated-headers
func TestRepeatedHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "default", today, nil)
	list := func(change ...func(*http.Request)) testReply { return w.call(opListV3, `{"limit":1}`, change...) }
	add := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Add(name, value) }
	}
	require.Equal(t, 200, list(add("Client-Id", "x"), add("Api-Key", "wrong")).status)
	list(header("Client-Id", "x"), add("Client-Id", "1001")).
		requireError(t, 400, 3, "Client-Id header value should be positive integer")
	list(header("Api-Key", "wrong"), add("Api-Key", "00000000-0000-4000-8000-000000001001")).
		requireError(t, 404, 5, "Invalid Api-Key, please check the key and try again")
}
