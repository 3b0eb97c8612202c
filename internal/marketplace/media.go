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
