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
	"time"

	"example.com/marketmock/internal/fault"
	"example.com/marketmock/internal/journal"
	"example.com/marketmock/internal/marketplace"
)

// Wall time for a body to come.
const (
	bodyTime  = time.Minute            // without a byte, while somebody wants to know what it says
	drainTime = 500 * time.Millisecond // without a byte of what nobody wants any more
	drainMost = 30 * time.Second       // for all of that
)

// watch makes a request's body one that a silent client breaks off, whoever reads
// it: a credential may stand in it. Nil: there is no body.
func watch(r *http.Request, w http.ResponseWriter) *patient {
	for body := r.Body; body != nil && body != http.NoBody; {
		switch b := body.(type) {
		case *patient:
			return b
		case interface{ Unwrap() io.ReadCloser }: // somebody has had a look
			body = b.Unwrap()
		default:
			p := &patient{ReadCloser: r.Body, control: http.NewResponseController(w), idle: bodyTime}
			r.Body = p
			return p
		}
	}
	return nil
}

// read reads the request's body whole, or prepares to watch it being streamed. A
// client that stops sending has broken it off.
func (x *exchange) read() error {
	r := x.call.Request
	if x.route.run.Stream {
		x.upload = &capture{ReadCloser: r.Body, whole: x.body == nil, sum: sha256.New()}
		if x.body == nil {
			x.upload.ReadCloser = http.NoBody
		}
		r.Body = x.upload
		return nil
	}
	if x.body == nil {
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
// left is read up to MaxBody, for drainMost, and while it comes; a connection with
// more ends with the answer. A client that waits to be told to go on is not told.
func (x *exchange) drain() {
	if x.body == nil {
		return
	}
	defer func() { x.call.Request.Body = x.body.ReadCloser }() // net/http looks at it again
	if x.whole() || x.wanted() && x.rest() {
		return
	}
	x.answer.header.Set("Connection", "close")
	x.body.bound(wall().Add(closeTime)) // net/http looks for the end once more
}

// whole reports whether nothing is left of a body.
func (x *exchange) whole() bool {
	if x.upload != nil {
		return x.upload.whole
	}
	return x.body.whole
}

// wanted reports whether what is left of a body is worth reading.
func (x *exchange) wanted() bool {
	var large *marketplace.TooLargeError
	switch {
	case x.broken == fault.Drop:
		return false
	case x.upload == nil:
		return errors.As(x.call.BodyError, &large)
	}
	return x.upload.begun || !strings.EqualFold(x.call.Request.Header.Get("Expect"), "100-continue")
}

// rest reads what is left of a body and reports whether that was all.
func (x *exchange) rest() bool {
	x.body.idle, x.body.until = drainTime, wall().Add(drainMost)
	limit := x.server.options.MaxBody
	n, err := io.Copy(io.Discard, io.LimitReader(x.call.Request.Body, limit+1))
	return err == nil && n <= limit
}

// patient reads a body from a client that may pause, but not stop. It sets the
// connection's read deadline before each Read, and takes it away at the end.
type patient struct {
	io.ReadCloser
	control *http.ResponseController // nil: there is no connection
	idle    time.Duration            // for the next bytes to come
	until   time.Time                // for all of them; zero = no such time
	whole   bool                     // read up to the end
}

func (p *patient) Read(b []byte) (int, error) {
	if p.whole {
		return 0, io.EOF
	}
	by := wall().Add(p.idle)
	if !p.until.IsZero() && p.until.Before(by) {
		by = p.until
	}
	p.bound(by)
	n, err := p.ReadCloser.Read(b)
	if err == io.EOF {
		p.whole = true
		p.bound(time.Time{}) // net/http watches the connection from now on
	}
	return n, err
}

// bound sets the time at which the connection is given up; zero = never.
func (p *patient) bound(by time.Time) {
	if p.control != nil && p.control.SetReadDeadline(by) != nil {
		p.control = nil // a request without a connection
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
	c.whole = c.whole || err == io.EOF
	if room := journal.MaxBody - len(c.head); room > 0 {
		c.head = append(c.head, p[:min(n, room)]...)
	}
	c.sum.Write(p[:n])
	c.length += int64(n)
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
