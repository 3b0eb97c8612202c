package marketplace_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
)

func TestABodyIsWholeAfterALook(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ body, seen string }{
		"shorter than the look": {`{"a":1}`, `{"a":1}`},
		"as long":               {"12345678", "12345678"},
		"longer":                {"123456789 and more", "12345678"},
		"empty":                 {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, reader := range []io.Reader{strings.NewReader(c.body), iotest.OneByteReader(strings.NewReader(c.body)), iotest.DataErrReader(strings.NewReader(c.body))} {
				r := httptest.NewRequest(http.MethodPost, "/", reader)
				require.Equal(t, c.seen, string(marketplace.Peek(r, 8)))
				require.Equal(t, c.seen, string(marketplace.Peek(r, 8)), "a second look")
				require.Equal(t, c.seen[:min(len(c.seen), 3)], string(marketplace.Peek(r, 3)))
				whole, err := io.ReadAll(r.Body)
				require.NoError(t, err)
				require.Equal(t, c.body, string(whole))
				require.NoError(t, r.Body.Close())
			}
		})
	}
}

func TestABodyThatBreaksOffInALookBreaksOffThere(t *testing.T) {
	t.Parallel()
	gone := errors.New("gone")
	tail := iotest.ErrReader(errors.New("nobody asks again"))
	r := httptest.NewRequest(http.MethodPost, "/", io.MultiReader(strings.NewReader("1234"), iotest.ErrReader(gone), tail))
	require.Equal(t, "1234", string(marketplace.Peek(r, 8)))
	for range 2 {
		whole, err := io.ReadAll(r.Body)
		require.ErrorIs(t, err, gone)
		require.Contains(t, []string{"1234", ""}, string(whole))
	}
}

func TestARequestWithoutABodyShowsNothing(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	require.Empty(t, marketplace.Peek(r, 8))
	r.Body = nil
	require.Empty(t, marketplace.Peek(r, 8))
	require.Nil(t, r.Body)
}
