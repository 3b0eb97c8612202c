package marketplace_test

import (
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
)

func TestARemarkIsCutAtAWholeCharacter(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"what fits is kept":              {strings.Repeat("x", 200), strings.Repeat("x", 200)},
		"one byte more is cut":           {strings.Repeat("x", 201), strings.Repeat("x", 200)},
		"two bytes a character":          {strings.Repeat("ж", 200), strings.Repeat("ж", 100)},
		"a character across the border":  {"x" + strings.Repeat("ж", 200), "x" + strings.Repeat("ж", 99)},
		"four bytes across the border":   {"xxx" + strings.Repeat("💩", 200), "xxx" + strings.Repeat("💩", 49)},
		"bytes that are no characters":   {strings.Repeat("\x80", 5000), strings.Repeat("\x80", 196)},
		"a text that ends in a fragment": {strings.Repeat("x", 199) + "\xd0", strings.Repeat("x", 199) + "\xd0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var call marketplace.Call
			call.Remark(openapi.Finding{In: "body", Pointer: c.text, Message: c.text})
			require.Equal(t, []openapi.Finding{{In: "body", Pointer: c.want, Message: c.want}}, call.Remarks())
			require.Equal(t, utf8.ValidString(c.text), utf8.ValidString(call.Remarks()[0].Pointer))
		})
	}
}

func TestACallKeepsAHundredRemarks(t *testing.T) {
	t.Parallel()
	var call marketplace.Call
	for i := range 100_000 {
		call.Remark(openapi.Finding{Message: strings.Repeat("x", i%7)})
	}
	require.Len(t, call.Remarks(), 100)
	require.Equal(t, "xx", call.Remarks()[2].Message, "the first")
}

// It is not parallel: it measures what the process holds.
func TestRemarksHoldNoMoreThanTheyShow(t *testing.T) {
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var call marketplace.Call
	before := heap()
	for range 30 {
		long := strings.Repeat("x", 1<<20)
		call.Remark(openapi.Finding{Pointer: "/" + long, Message: long})
	}
	require.Less(t, heap(), before+1<<20)
	runtime.KeepAlive(&call)
}
