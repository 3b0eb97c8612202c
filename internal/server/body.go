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
	if r.ContentLength > 0 && r.ContentLength <= limit {
		buf.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	_, err := buf.ReadFrom(io.LimitReader(r.Body, limit+1))
	x.call.Body = buf.Bytes()
	if int64(buf.Len()) > limit {
		x.call.Body = x.call.Body[:limit]
		err = errors.Join(err, &marketplace.TooLargeError{Limit: limit})
	}
	x.record.Request = journal.NewBody(x.call.Body)
	var large *marketplace.TooLargeError
	if err != nil && !errors.As(err, &large) {
		return fmt.Errorf("%w: %w", marketplace.ErrBody, err)
	}
	return err
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
