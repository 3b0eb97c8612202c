package marketplace

import (
	"io"
	"mime"
	"net/http"
	"strings"
)

// Download answers with a file that somebody sent, under the type that he told of
// it. A browser must not take one for a page of this server, where the control API
// is: only pictures that cannot carry a script and films are shown, all else is
// handed out as bytes to be saved.
func Download(kind string, file io.ReadSeekCloser) Response {
	header := http.Header{"X-Content-Type-Options": {"nosniff"}}
	if shown, ok := shown(kind); ok {
		header.Set("Content-Type", shown)
	} else {
		header.Set("Content-Type", "application/octet-stream")
		header.Set("Content-Disposition", "attachment")
	}
	return Response{Status: http.StatusOK, Header: header, File: file}
}

// shown is a type without its parameters, and whether a browser may show it.
func shown(kind string) (string, bool) {
	kind, _, err := mime.ParseMediaType(kind)
	if err != nil || strings.HasSuffix(kind, "xml") { // a picture of SVG is a page
		return "", false
	}
	return kind, strings.HasPrefix(kind, "image/") || strings.HasPrefix(kind, "video/")
}

// NopCloser is a file that there is nothing to close of.
func NopCloser(r io.ReadSeeker) io.ReadSeekCloser { return nopCloser{r} }

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }

// Pixel is a PNG of one pixel, for pictures that only a fixture tells of.
const Pixel = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x04\x00\x00\x00\xb5\x1c\x0c\x02" +
	"\x00\x00\x00\x0bIDATx\xdacd\xf8\x0f\x00\x01\x05\x01\x01\x27\x18\xe3\x66\x00\x00\x00\x00IEND\xaeB\x60\x82"
