package marketplace

import (
	"bytes"
	"errors"
	"io"
	"net/http"
)

// Peek is the beginning of a request's body, up to so many bytes, for a
// credential that stands there. Whoever reads the body finds all of it, with the
// error that it ended in. A second look costs nothing; it shows no more than the
// first.
//
// It waits for the bytes as the server does for any body.
func Peek(r *http.Request, most int) []byte {
	if seen, ok := r.Body.(*peeked); ok {
		return seen.head[:min(len(seen.head), most)]
	}
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	head, err := io.ReadAll(io.LimitReader(r.Body, int64(most)))
	seen := &peeked{ReadCloser: r.Body, head: head, err: err}
	seen.unread.Reset(head)
	r.Body = seen
	return head
}

// peeked is a body of which the beginning was read before.
type peeked struct {
	io.ReadCloser
	head   []byte
	unread bytes.Reader
	err    error // in which the look ended, nil for the end of the body too
}

// Unwrap is the body beneath.
func (p *peeked) Unwrap() io.ReadCloser { return p.ReadCloser }

func (p *peeked) Read(b []byte) (int, error) {
	n, err := p.unread.Read(b)
	switch {
	case !errors.Is(err, io.EOF):
		return n, err
	case p.err != nil:
		return 0, p.err
	}
	return p.ReadCloser.Read(b)
}
