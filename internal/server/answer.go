package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"

	"example.com/marketmock/internal/journal"
	"example.com/marketmock/internal/marketplace"
)

// answer is what will be written.
type answer struct {
	status int
	phrase string // of HTTP/1.1, "" = the usual one
	header http.Header
	body   []byte
	file   io.ReadSeekCloser
	size   int64
	record journal.Body
}

// encode turns a response into bytes. What cannot be encoded is a bug.
func (x *exchange) encode(r marketplace.Response) {
	x.answer.closeFile()
	a := answer{status: r.Status, phrase: r.Phrase, header: x.call.Header.Clone()}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	maps.Copy(a.header, r.Header)
	var err error
	switch {
	case r.File != nil:
		a.file = r.File
		if err = a.measureFile(); err != nil {
			a.closeFile()
		}
	case r.Body != nil:
		a.body, err = marshal(r.Body)
		if a.header.Get("Content-Type") == "" {
			a.header.Set("Content-Type", "application/json")
		}
	default:
		a.body = r.Raw
	}
	if err != nil { // recovered by respond
		panic(err)
	}
	if a.file == nil {
		a.setBody(a.body)
	}
	x.answer = a
}

// setBody replaces the body.
func (a *answer) setBody(body []byte) {
	a.closeFile()
	a.body, a.file, a.size = body, nil, int64(len(body))
	a.record = journal.NewBody(body)
}

// closeFile lets go of a file that will not be sent.
func (a *answer) closeFile() {
	if a.file != nil {
		_ = a.file.Close() // it was only read
		a.file = nil
	}
}

// marshal writes compact JSON without HTML escapes. A type that knows how to
// append itself is asked to.
func marshal(v any) ([]byte, error) {
	if fast, ok := v.(marketplace.JSONAppender); ok {
		return fast.AppendJSON(nil), nil
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

// measureFile notes the head, the length and the hash of the file.
func (a *answer) measureFile() error {
	f := a.file
	sum := sha256.New()
	head := make([]byte, journal.MaxBody)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("read file: %w", err)
	}
	sum.Write(head[:n])
	rest, err := io.Copy(sum, f)
	if err != nil {
		return fmt.Errorf("read file: %w", err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("rewind file: %w", err)
	}
	a.size = int64(n) + rest
	a.record = journal.Body{
		Bytes: head[:n], Length: a.size, SHA256: hex.EncodeToString(sum.Sum(nil)), Cut: rest > 0,
	}
	return nil
}

// problem is an answer of the mock itself (RFC 9457).
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// problem answers for the mock itself, and logs why as any refusal.
func (s *Server) problem(w http.ResponseWriter, r *http.Request, status int, detail string) {
	s.options.Log.Info("refused", "method", r.Method, "path", r.URL.Path, "status", status, "reason", detail)
	body, err := json.Marshal(problem{"about:blank", http.StatusText(status), status, detail})
	if err != nil {
		status, body = http.StatusInternalServerError, nil
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("X-Mock-Reason", journal.Reason{Text: detail}.String())
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
