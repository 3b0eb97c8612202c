package marketplace_test

import (
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
)

func TestThePixelIsAPicture(t *testing.T) {
	t.Parallel()
	file := marketplace.NopCloser(strings.NewReader(marketplace.Pixel))
	picture, err := png.Decode(file)
	require.NoError(t, err)
	require.Equal(t, image.Rect(0, 0, 1, 1), picture.Bounds())
	require.NoError(t, file.Close())
}

func TestNoSentFileIsServedAsAPage(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		"image/png": "image/png", "IMAGE/JPEG": "image/jpeg", "video/mp4; codecs=x": "video/mp4", "video/quicktime": "video/quicktime",
		"text/html": "", "text/html; charset=utf-8": "", "text/plain": "", "application/pdf": "", "application/xhtml+xml": "",
		"image/svg+xml": "", "Image/SVG+XML; charset=utf-8": "", "image/png, text/html": "", "image/png text/html": "",
		"multipart/x-mixed-replace": "", "text/xml": "", "": "", "image/": "", "image": "", "imagetext/html": "",
	} {
		answer := marketplace.Download(kind, nil)
		require.Equal(t, http.StatusOK, answer.Status)
		require.Equal(t, "nosniff", answer.Header.Get("X-Content-Type-Options"))
		if want != "" {
			require.Equal(t, want, answer.Header.Get("Content-Type"), kind)
			require.Empty(t, answer.Header.Get("Content-Disposition"), kind)
			continue
		}
		require.Equal(t, "application/octet-stream", answer.Header.Get("Content-Type"), kind)
		require.Equal(t, "attachment", answer.Header.Get("Content-Disposition"), kind)
	}
}
