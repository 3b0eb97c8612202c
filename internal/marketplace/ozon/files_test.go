package ozon

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// Proves: ozon/file-link
func TestASentFileIsNoPageOfThisServer(t *testing.T) {
	t.Parallel()
	w := &marketplace.World{Blobs: blob.New(t.TempDir(), 1<<20)}
	t.Cleanup(func() { require.NoError(t, w.Blobs.Close()) })
	for name, want := range map[string]string{
		"a.html": "application/octet-stream", "a": "application/octet-stream", "a.svg": "application/octet-stream", "a.png": "image/png",
	} {
		const page = "<html><script>alert(1)</script></html>"
		kept, err := w.Blobs.Put(t.Context(), name, contentType(name, []byte(page)), strings.NewReader(page), 1000)
		require.NoError(t, err)
		answer, err := openFile(w, chat.File{Name: name, ContentType: kept.ContentType, Blob: kept.ID})
		require.NoError(t, err)
		require.NoError(t, answer.File.Close())
		require.Equal(t, want, answer.Header.Get("Content-Type"), name)
		require.Equal(t, "nosniff", answer.Header.Get("X-Content-Type-Options"))
		require.Equal(t, want != "image/png", answer.Header.Get("Content-Disposition") == "attachment", name)
	}
}
