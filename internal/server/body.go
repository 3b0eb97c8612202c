package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"strings"

	"example.com/marketmock/internal/fault"
	"example.com/marketmock/internal/journal"
	"example.com/marketmock/internal/marketplace"
)

// read reads the request's body whole, or prepares to watch it being streamed.
func (x *exchange) read() error {
	r := x.call.Request
	if x.route.run.Stream {
		x.upload = &capture{ReadCloser: r.Body, sum: sha256.New()}
		r.Body = x.upload
		return nil
	}
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	limit := x.server.options.MaxBody
	var buf bytes.Buffer
	if r.ContentLength > 0 { // what a client announces is believed only so far
		buf.Grow(int(min(r.ContentLength, journal.MaxBody)) + bytes.MinRead)
	}
	_, err := buf.ReadFrom(io.LimitReader(r.Body, limit+1))
	body := buf.Bytes()
	x.record.Request = journal.NewBody(body[:min(int64(len(body)), limit)])
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", marketplace.ErrBody, err)
	case int64(len(body)) > limit:
		return &marketplace.TooLargeError{Limit: limit}
	}
	x.call.Body = body
	return nil
}

// drain reads what is left of a body before the answer is written: a client that
// is still sending does not see it, and would find its connection reset. What is
// left is read up to MaxBody; a connection with more ends with the answer. A
// client that waits to be told to go on is not told.
func (x *exchange) drain() {
	var large *marketplace.TooLargeError
	r := x.call.Request
	if x.upload != nil {
		defer func() { r.Body = x.upload.ReadCloser }() // net/http looks at it again
	}
	switch {
	case x.broken == fault.Drop:
		return
	case x.upload == nil && !errors.As(x.call.BodyError, &large):
		return
	case x.upload != nil && !x.upload.begun && strings.EqualFold(r.Header.Get("Expect"), "100-continue"):
		return
	}
	limit := x.server.options.MaxBody
	if n, _ := io.Copy(io.Discard, io.LimitReader(r.Body, limit+1)); n > limit {
		x.answer.header.Set("Connection", "close")
	}
}

// capture keeps the head and the hash of a body while an operation streams it.
type capture struct {
	io.ReadCloser
	begun  bool // somebody has read
	whole  bool // up to the end
	head   []byte
	length int64
	sum    hash.Hash
}

func (c *capture) Read(p []byte) (int, error) {
	c.begun = true
	n, err := c.ReadCloser.Read(p)
	if room := journal.MaxBody - len(c.head); room > 0 {
		c.head = append(c.head, p[:min(n, room)]...)
	}
	c.sum.Write(p[:n])
	c.length += int64(n)
	c.whole = c.whole || err == io.EOF
	return n, err
}

// body is what came of a body that was announced with a length, -1 if it was not.
func (c *capture) body(announced int64) journal.Body {
	b := journal.Body{Bytes: c.head, Length: c.length, Cut: c.length > int64(len(c.head))}
	if !c.whole {
		b.Length, b.Cut = max(announced, c.length), true
		return b
	}
	b.SHA256 = hex.EncodeToString(c.sum.Sum(nil))
	return b
}
