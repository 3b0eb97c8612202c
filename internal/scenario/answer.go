package scenario

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"example.com/marketmock/internal/mask"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/scenario/value"
)

// maxAnswer is how much of an answer is read.
const maxAnswer = 64 << 20

// shownBody is up to which size a request's body is looked through to be shown.
const shownBody = 1 << 20

// How a call can come to no whole answer; the words of expect.error.
const (
	noConnection = "connection"
	noTime       = "timeout"
	noEnd        = "truncated"
)

// answer is what came back of one call. Err is set when no whole answer came,
// and trouble says why.
type answer struct {
	operation string // "" of a control call or an unknown path
	spec      *openapi.Spec
	request   *http.Request
	sent      []byte
	streamed  bool // sent is for the operation alone: the spec's schema is not applied

	status  int
	phrase  string // of the status line; HTTP/2 has none
	header  http.Header
	raw     []byte
	body    any // decoded, nil if it is not JSON
	isJSON  bool
	took    time.Duration
	err     error
	trouble string

	requestFindings  []openapi.Finding
	responseFindings []openapi.Finding
}

// send makes one call and reads its answer; it never fails.
func send(client *http.Client, req *http.Request, payload []byte) *answer {
	a := &answer{request: req, sent: payload}
	start := time.Now()
	defer func() { a.took = time.Since(start) }()
	res, err := client.Do(req)
	if err != nil {
		a.err, a.trouble = err, trouble(err)
		return a
	}
	defer func() { _ = res.Body.Close() }()
	a.status, a.header = res.StatusCode, res.Header
	a.phrase = strings.TrimSpace(strings.TrimPrefix(res.Status, strconv.Itoa(res.StatusCode)))
	a.raw, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		a.err, a.trouble = err, noEnd
		if t := trouble(err); t == noTime {
			a.trouble = t
		}
		return a
	}
	if v, err := value.Decode(a.raw); err == nil {
		a.body, a.isJSON = v, true
	}
	return a
}

func trouble(err error) string {
	var timeout net.Error
	if errors.Is(err, context.DeadlineExceeded) || (errors.As(err, &timeout) && timeout.Timeout()) {
		return noTime
	}
	return noConnection
}

// check compares the exchange with the spec.
func (a *answer) check(path map[string]string) {
	if a.operation == "" || a.spec == nil {
		return
	}
	a.requestFindings = a.spec.CheckRequest(a.operation, openapi.Request{
		Header: a.request.Header, Query: a.request.URL.RawQuery, Path: path, Body: a.sent, Streamed: a.streamed,
	})
	if a.err == nil {
		a.responseFindings = a.spec.CheckResponse(a.operation, openapi.Response{
			Status: a.status, Header: a.header, Body: a.raw,
		})
	}
}

// headers are by name in lower case.
func (a *answer) headers() map[string]any {
	out := make(map[string]any, len(a.header))
	for k, v := range a.header {
		out[strings.ToLower(k)] = strings.Join(v, ", ")
	}
	return out
}

// view is the answer as captures see it.
func (a *answer) view() map[string]any {
	return map[string]any{
		"status": a.status, "headers": a.headers(), "body": a.body, "text": string(a.raw), "took": int(a.took.Milliseconds()),
	}
}

// curl is the request as a command, masked.
func (a *answer) curl() string {
	if a.request.URL.Host == "" {
		return "" // a notification
	}
	var b strings.Builder
	fmt.Fprintf(&b, "curl -i -X %s %s", a.request.Method, quote(mask.URL(a.request.URL.String())))
	h := mask.Header(a.request.Header)
	for _, k := range sortedKeys(h) {
		for _, v := range h[k] {
			fmt.Fprintf(&b, " \\\n  -H %s", quote(k+": "+v))
		}
	}
	switch {
	case len(a.sent) == 0:
	case len(a.sent) > shownBody || !utf8.Valid(a.sent):
		fmt.Fprintf(&b, " \\\n  --data-binary '… %d bytes …'", len(a.sent))
	default:
		fmt.Fprintf(&b, " \\\n  --data-raw %s", quote(shorten(string(mask.JSON(a.sent)), 2000)))
	}
	return b.String()
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// shown is the answer for people, masked and shortened.
func (a *answer) shown() string {
	switch {
	case a.err != nil && a.status == 0:
		return "no answer: " + errorText(a.err)
	case a.err != nil:
		return fmt.Sprintf("%d, then %s: %s", a.status, errorText(a.err), shorten(string(a.raw), 500))
	}
	text := fmt.Sprintf("%d %s", a.status, shorten(string(mask.JSON(a.raw)), 1000))
	if why := a.header.Get("X-Mock-Reason"); why != "" {
		text += "\nX-Mock-Reason: " + why
	}
	return text
}

// errorText leaves out the URL, which may hold credentials.
func errorText(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err.Error()
	}
	return err.Error()
}

func shorten(s string, most int) string {
	if !utf8.ValidString(s) {
		return fmt.Sprintf("%d bytes that are no text", len(s))
	}
	if r := []rune(s); len(r) > most {
		return fmt.Sprintf("%s … (%d bytes)", string(r[:most]), len(s))
	}
	return s
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
