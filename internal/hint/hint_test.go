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
		"fbo-anwsered": "fbo-answered", "Empty": "empty", "zebra": "", "чад": "чат", "": "", "xmptie": "", "epmty": "empty", strings.Repeat("x", 1000): "",
	} {
		require.Equal(t, want, hint.Closest(word, known), word)
	}
	require.Equal(t, `, did you mean "empty"?`, hint.DidYouMean("emty", known))
	require.Empty(t, hint.DidYouMean("zebra", known))
}

func TestWhatIsKnownIsListedIfNothingIsNear(t *testing.T) {
	t.Parallel()
	known := []string{"default", "empty"}
	require.Equal(t, `, did you mean "empty"?`, hint.OrKnown("emty", known))
	require.Equal(t, `; known: "default", "empty"`, hint.OrKnown("zebra", known))
	require.Empty(t, hint.OrKnown("zebra", nil))
	many := strings.Fields("aaaaaaa bbbbbbb ccccccc ddddddd eeeeeee fffffff ggggggg hhhhhhh iiiiiii jjjjjjj kkkkkkk lllllll zzzzzzz")
	require.Equal(t, `; among others there are "zzzzzzz", "aaaaaaa", "bbbbbbb", "ccccccc" and "ddddddd"`, hint.OrKnown("zzz", many))
}

func TestWordsAreListedForPeople(t *testing.T) {
	t.Parallel()
	require.Empty(t, hint.Or(nil))
	require.Equal(t, `"a"`, hint.Or([]string{"a"}))
	require.Equal(t, `"a" or "b c"`, hint.Or([]string{"a", "b c"}))
	require.Equal(t, `"a", "b" and "c"`, hint.And([]string{"a", "b", "c"}))
}
