package yandex

import (
	"errors"
	"io"
	"strconv"
	"strings"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// keyOpensFiles says whether an Api-Key opens files too. Claim
// yandex/file-key-alone.
const keyOpensFiles = false

// downloadFile serves a link of a payload to a user of the cabinet. Claims
// yandex/file-url, yandex/file-download-token, yandex/file-key-alone.
func downloadFile(c *marketplace.Call) (marketplace.Response, error) {
	if err := mayFetch(c); err != nil {
		return marketplace.Response{}, err
	}
	ch, found := c.World.Store.Chat(c.Path["chat_id"])
	id, err := strconv.ParseUint(c.Path["message_id"], 10, 64)
	if !found || ch.Seller != c.Seller.ID || err != nil {
		return marketplace.Response{}, errNoFile
	}
	m, found := c.World.Store.Message(ch.ID, id)
	if !found {
		return marketplace.Response{}, errNoFile
	}
	for _, f := range m.Files {
		if f.Name == c.Path["file"] && f.URL == "" {
			return openFile(c.World, f, extOfMessage(m).Content)
		}
	}
	return marketplace.Response{}, errNoFile
}

func mayFetch(c *marketplace.Call) error {
	switch {
	case byKey(c) && keyOpensFiles:
		if err := findByKey(c); err != nil {
			return err
		}
	case len(c.Request.Header["Authorization"]) == 0:
		r := errOAuthEmpty.at("Authorization", "required")
		r.why.Text, r.why.Claim = "files are opened by an OAuth token alone", "yandex/file-download-token"
		if byKey(c) {
			r.why.Claim = "yandex/file-key-alone"
		}
		return r
	default:
		if err := findByToken(c); err != nil {
			return err
		}
	}
	if c.Seller.ID != c.Path["business_id"] {
		return errAccess.at("business_id", "")
	}
	return nil
}

// openFile serves what was sent, or what a fixture tells of.
func openFile(w *marketplace.World, f chat.File, content string) (marketplace.Response, error) {
	if f.Blob == "" {
		return marketplace.Download(f.ContentType, made(f, content)), nil
	}
	file, _, err := w.Blobs.Open(f.Blob)
	if errors.Is(err, blob.ErrUnknown) {
		return marketplace.Response{}, errNoFile
	}
	if err != nil {
		return marketplace.Response{}, err
	}
	return marketplace.Download(f.ContentType, file), nil
}

// made is a file that only a fixture tells of: its content, or as many bytes as
// it is said to have. An image begins with a picture.
func made(f chat.File, content string) io.ReadSeekCloser {
	if content != "" {
		return marketplace.NopCloser(strings.NewReader(content))
	}
	pattern := filler{}
	switch {
	case strings.HasPrefix(f.ContentType, "image/"):
		pattern.head = marketplace.Pixel
	case strings.HasPrefix(f.ContentType, "text/"):
		pattern.rest = '.'
	}
	return marketplace.NopCloser(io.NewSectionReader(pattern, 0, f.Size))
}

// filler is a head and then the same byte without end.
type filler struct {
	head string
	rest byte
}

// ReadAt never fails.
func (f filler) ReadAt(p []byte, at int64) (int, error) {
	n := 0
	if at < int64(len(f.head)) {
		n = copy(p, f.head[at:])
	}
	for i := n; i < len(p); i++ {
		p[i] = f.rest
	}
	return len(p), nil
}
