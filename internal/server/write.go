package server

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"example.com/marketmock/internal/fault"
)

// Wall time for a connection that was taken over: to take an answer, and to
// close after it.
const (
	takeTime  = 30 * time.Second
	closeTime = 500 * time.Millisecond
)

// write sends the answer, spoilt if a fault wants so: nothing of it, or the
// whole body announced and its first bytes sent.
func (x *exchange) write(w gin.ResponseWriter) {
	a := x.answer
	defer a.closeFile()
	if x.broken == fault.Drop {
		panic(http.ErrAbortHandler)
	}
	n := a.size
	if x.broken == fault.Truncate {
		n = min(int64(x.bytes), a.size)
	}
	if a.phrase != "" && x.phrased(w, n) {
		return
	}
	maps.Copy(w.Header(), a.header)
	w.Header().Set("Content-Length", strconv.FormatInt(a.size, 10))
	w.WriteHeader(a.status)
	if err := a.send(w, n); err != nil {
		x.gone(err)
	}
	if x.broken == fault.Truncate {
		_ = http.NewResponseController(w).Flush() // what is lost was to be lost
		panic(http.ErrAbortHandler)
	}
}

// send writes the first n bytes of the body.
func (a *answer) send(w io.Writer, n int64) error {
	var err error
	if a.file != nil {
		_, err = io.CopyN(w, a.file, n)
	} else {
		_, err = w.Write(a.body[:n])
	}
	return err
}

func (x *exchange) gone(err error) {
	x.call.World.Log.Debug("client went away", "operation", x.route.operation.ID, "error", err)
}

// phrased takes the connection over and writes the answer with its own reason
// phrase and n bytes of its body, which net/http cannot. False: there is no
// connection to take, and nothing is written.
func (x *exchange) phrased(w gin.ResponseWriter, n int64) bool {
	beneath, ok := w.(interface{ Unwrap() http.ResponseWriter })
	if !ok {
		return false
	}
	if _, ok := beneath.Unwrap().(http.Hijacker); !ok { // Gin would panic
		return false
	}
	conn, buffered, err := w.Hijack()
	if err != nil {
		x.gone(err)
		return true
	}
	defer func() { _ = conn.Close() }()             // nothing follows
	_ = conn.SetWriteDeadline(wall().Add(takeTime)) // then Flush says it
	err = x.answer.writeHead(buffered, x.call.Request)
	if err == nil && x.call.Request.Method != http.MethodHead {
		err = x.answer.send(buffered, n)
	}
	if err = cmp.Or(err, buffered.Flush()); err != nil {
		x.gone(err)
	} else if x.broken != fault.Truncate {
		part(conn)
	}
	return true
}

// writeHead writes the status line and the headers, each name as it stands in
// the map, with those that net/http adds.
func (a *answer) writeHead(w io.Writer, r *http.Request) error {
	h := a.header.Clone()
	h.Set("Connection", "close")
	h.Set("Content-Length", strconv.FormatInt(a.size, 10))
	if h.Get("Date") == "" {
		h.Set("Date", wall().UTC().Format(http.TimeFormat))
	}
	if h.Get("Content-Type") == "" && len(a.body) > 0 {
		h.Set("Content-Type", http.DetectContentType(a.body))
	}
	version := "HTTP/1.0"
	if r.ProtoAtLeast(1, 1) {
		version = "HTTP/1.1"
	}
	var head bytes.Buffer
	fmt.Fprintf(&head, "%s %03d %s\r\n", version, a.status, a.phrase)
	if err := h.Write(&head); err != nil {
		return err
	}
	head.WriteString("\r\n")
	_, err := w.Write(head.Bytes())
	return err
}

// part ends a connection so that its last answer arrives: closed with something
// unread it would be reset.
func part(conn net.Conn) {
	half, ok := conn.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	if conn.SetReadDeadline(wall().Add(closeTime)) == nil {
		_, _ = io.Copy(io.Discard, conn) // what the client still says is of no use to anybody
	}
}
