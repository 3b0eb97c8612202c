package marketplace_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
)

func TestAQueryIsReadPartByPart(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/?a=1&b%5F=x+y&a=2&&c&bad=%zz&d=e=f", nil)
	c := &marketplace.Call{Request: r}
	for name, want := range map[string]string{"a": "1", "b_": "x y", "c": "", "bad": "%zz", "d": "e=f"} {
		value, given := c.Query(name)
		require.True(t, given, name)
		require.Equal(t, want, value, name)
		early, given := marketplace.InQuery(r, name)
		require.True(t, given, name)
		require.Equal(t, want, early, name)
	}
	value, _ := c.Query("d", "b_")
	require.Equal(t, "x y", value, "of several names the one that stands first")
	_, given := c.Query("e")
	require.False(t, given)
	_, given = marketplace.InQuery(r, "e")
	require.False(t, given)
	require.Equal(t, []string{"1", "2"}, c.Queries("a"))
	require.Empty(t, c.Queries("e"))

	c = &marketplace.Call{Request: httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)}
	_, given = c.Query("a")
	require.False(t, given)
	_, given = c.Query("")
	require.False(t, given)
}
