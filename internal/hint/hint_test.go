package hint_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/hint"
)

func TestTheNearestWordIsMeant(t *testing.T) {
	t.Parallel()
	known := []string{"default", "empty", "fbo-answered", "fbo-expired", "чат"}
	for word, want := range map[string]string{
		"fbo-anwsered": "fbo-answered", "Empty": "empty", "zebra": "", "чад": "чат", "": "", strings.Repeat("x", 1000): "",
	} {
		require.Equal(t, want, hint.Closest(word, known), word)
	}
	require.Equal(t, `, did you mean "empty"?`, hint.DidYouMean("emty", known))
	require.Empty(t, hint.DidYouMean("zebra", known))
}
