package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/mask"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/sandbox"
)

// maxWait bounds a long poll.
const maxWait = time.Minute

// call is one request on its way; used by one goroutine.
type call struct {
	api   *API
	ctx   context.Context // the request's; ends with the server for long calls
	gin   *gin.Context
	query url.Values
	body  []byte
}

// handle makes a Gin handler of a route: admission, spec check, behaviour.
func (a *API) handle(r route) gin.HandlerFunc {
	return func(c *gin.Context) {
		a.answer(c, r.open, func() (int, any, error) {
			k, err := a.read(c, r)
			if err != nil {
				return 0, nil, err
			}
			if r.long {
				ctx, cancel := a.whileServing(k.ctx)
				defer cancel()
				k.ctx = ctx
				// A writer that knows no deadlines has none to lift.
				_ = http.NewResponseController(c.Writer).SetWriteDeadline(time.Time{})
			}
			if r.stream != nil {
				return 0, nil, r.stream(k)
			}
			return r.run(k)
		})
	}
}

// answer is the one place that writes: what run returns, or the problem that
// its error is. A status of 0 without an error has been written already.
func (a *API) answer(c *gin.Context, open bool, run func() (int, any, error)) {
	var status int
	var body any
	err := a.admit(c.Request, open)
	if err == nil {
		status, body, err = run()
	}
	contentType := "application/json; charset=utf-8"
	if err != nil {
		p := problemOf(err)
		a.logProblem(c.Request, p, err)
		status, body, contentType = p.Status, p, "application/problem+json"
	}
	switch {
	case status == 0:
		return
	case body == nil:
		c.Status(status)
		c.Writer.WriteHeaderNow()
		return
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		a.log.ErrorContext(c.Request.Context(), "control answer", "path", c.Request.URL.Path, "error", err)
		c.Status(http.StatusInternalServerError)
		c.Writer.WriteHeaderNow()
		return
	}
	c.Header("Cache-Control", "no-store")
	c.Data(status, contentType, out.Bytes())
}

// logProblem writes the one line of a refusal, or of a bug in full. The token
// that the caller gave is masked wherever it stands.
func (a *API) logProblem(r *http.Request, p Problem, err error) {
	token := r.Header.Get(TokenHeader)
	path := mask.Text(r.URL.Path, token)
	if p.Status == http.StatusInternalServerError {
		a.log.ErrorContext(r.Context(), "control call", "path", path, "error", err)
		return
	}
	a.log.InfoContext(r.Context(), "refused", "method", r.Method, "path", path,
		"status", p.Status, "reason", mask.Text(p.Detail, token), "field", p.Field)
}

// read takes a request in and holds it to the spec.
func (a *API) read(c *gin.Context, r route) (*call, error) {
	bound := int64(maxBody)
	if r.file {
		bound += a.maxFile/3*4 + 4 // base64
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, bound))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, &marketplace.TooLargeError{Limit: bound}
	case err != nil:
		return nil, &inputError{Reason: "the body could not be read to its end"}
	}
	if len(body) == 0 {
		body = nil
	}
	query, err := url.ParseQuery(c.Request.URL.RawQuery)
	if err != nil {
		return nil, &inputError{Reason: "the query is malformed"}
	}
	path := make(map[string]string, len(c.Params))
	for _, p := range c.Params {
		path[p.Key] = p.Value
	}
	found := a.spec.CheckRequest(r.operation, openapi.Request{
		Header: asJSON(c.Request.Header), Query: c.Request.URL.RawQuery, Path: path, Body: body,
	})
	if len(found) > 0 {
		return nil, a.words.reword(found)
	}
	return &call{api: a, ctx: c.Request.Context(), gin: c, query: query, body: body}, nil
}

// asJSON takes a body without a content type, or with the one that curl -d
// gives by itself, for the JSON that it can only be.
func asJSON(h http.Header) http.Header {
	if kind := h.Get("Content-Type"); kind != "" && kind != "application/x-www-form-urlencoded" {
		return h
	}
	h = h.Clone()
	h.Set("Content-Type", "application/json")
	return h
}

// whileServing ends with ctx and with the server.
func (a *API) whileServing(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		select {
		case <-a.done:
			cancel(errStopped)
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(nil) }
}

// decode reads the body strictly into a struct; no body leaves it as it is.
func (k *call) decode(into any) error {
	if k.body == nil {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(k.body))
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	var wrong *json.UnmarshalTypeError
	var input *inputError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &input):
		return input
	case errors.As(err, &wrong):
		return &inputError{Field: pointer(wrong.Field), Reason: "a JSON " + wrong.Value + " does not fit here"}
	}
	if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return &inputError{Reason: "there is no field " + field}
	}
	return &inputError{Reason: "the body does not fit: " + strings.TrimPrefix(err.Error(), "json: ")}
}

// sandbox is the one that the path names.
func (k *call) sandbox() (*sandbox.Sandbox, error) {
	name := k.gin.Param("sandbox")
	box, err := k.api.registry.Sandbox(name)
	if errors.Is(err, sandbox.ErrUnknown) {
		return nil, &unknownError{Field: "sandbox", Reason: fmt.Sprintf("there is no sandbox %q", name)}
	}
	return box, err
}

// world is the marketplace of the sandbox that the path names.
func (k *call) world() (*marketplace.World, marketplace.Emulator, error) {
	box, err := k.sandbox()
	if err != nil {
		return nil, nil, err
	}
	name := k.gin.Param("marketplace")
	w, ok := box.World(name)
	e, served := box.Emulator(name)
	if !ok || !served {
		return nil, nil, &unknownError{
			Field:  "marketplace",
			Reason: noMarketplace(name, box.Marketplaces()),
		}
	}
	return w, e, nil
}

// chat is the one that the path names.
func (k *call) chat() (*marketplace.World, chat.Chat, error) {
	w, _, err := k.world()
	if err != nil {
		return nil, chat.Chat{}, err
	}
	id := k.gin.Param("chat")
	c, ok := w.Store.Chat(id)
	if !ok {
		return nil, chat.Chat{}, &unknownError{Field: "chat", Reason: fmt.Sprintf("%s has no chat %q", w.Marketplace, id)}
	}
	return w, c, nil
}

// number reads an integer query parameter; the spec has checked its form.
func (k *call) number(name string, otherwise int) (int, error) {
	raw := k.query.Get(name)
	if raw == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(raw)
	if err != nil {
		return 0, &inputError{Field: name, Reason: "this is not a number that fits"}
	}
	return n, nil
}

// id reads an id of ours in the query; 0 when it is not given.
func (k *call) id(name string) (uint64, error) {
	raw := k.query.Get(name)
	if raw == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(raw, 10, 64)
	if err != nil {
		return 0, &inputError{Field: name, Reason: "this is not an id that the mock gave"}
	}
	return n, nil
}

// wait is how long the caller is ready to wait; 0 when it is not given.
func (k *call) wait() (time.Duration, error) {
	raw := k.query.Get("wait")
	if raw == "" {
		return 0, nil
	}
	d, err := parseDuration(raw)
	if err != nil {
		return 0, &inputError{Field: "wait", Reason: err.Error()}
	}
	if d > maxWait {
		return 0, &inputError{Field: "wait", Reason: "at most " + maxWait.String()}
	}
	return d, nil
}
