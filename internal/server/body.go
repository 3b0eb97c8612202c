package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"net/http"

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

// capture keeps the head and the hash of a body while an operation streams it.
type capture struct {
	io.ReadCloser
	head   []byte
	length int64
	sum    hash.Hash
}

func (c *capture) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if room := journal.MaxBody - len(c.head); room > 0 {
		c.head = append(c.head, p[:min(n, room)]...)
	}
	c.sum.Write(p[:n])
	c.length += int64(n)
	return n, err
}

func (c *capture) body() journal.Body {
	return journal.Body{
		Bytes: c.head, Length: c.length, SHA256: hex.EncodeToString(c.sum.Sum(nil)),
		Cut: c.length > int64(len(c.head)),
	}
}
