package control

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/clock"
	"example.com/marketmock/internal/fault"
	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/sandbox"
)

// Problem is a refusal as RFC 9457 writes it. Field names what is wrong: a JSON
// pointer into the body, or a parameter's or header's name.
type Problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail"`
	Field  string         `json:"field,omitempty"`
	Errors []FieldProblem `json:"errors,omitempty"` // all of them, when there are several
}

// FieldProblem is one of several mistakes.
type FieldProblem struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

var (
	errToken   = errors.New("the control token is missing or wrong")
	errStopped = errors.New("the server is stopping")
)

type (
	// inputError is a mistake that the spec cannot express.
	inputError struct{ Field, Reason string }
	// unknownError is a path parameter that names nothing.
	unknownError struct{ Field, Reason string }
	// conflictError is a request that does not fit the present state.
	conflictError struct{ Field, Reason string }
	// refusedError is a caller that may not use the control API.
	refusedError struct{ Field, Reason string }
	// unknownPath is a path that the control API does not have.
	unknownPath struct{ Path, Nearest string }
	// wrongVerb is a known path with a verb that it does not have.
	wrongVerb struct{ Method, Allowed string }
	// findings are what the spec check has against a request.
	findings []openapi.Finding
)

func (e *inputError) Error() string    { return e.Reason }
func (e *unknownError) Error() string  { return e.Reason }
func (e *conflictError) Error() string { return e.Reason }
func (e *refusedError) Error() string  { return e.Reason }
func (e findings) Error() string       { return e[0].Message }

func (e *unknownPath) Error() string {
	return fmt.Sprintf("the control API has no path %s; did you mean %s?", e.Path, e.Nearest)
}

func (e *wrongVerb) Error() string {
	return fmt.Sprintf("this path has no %s; it has %s", e.Method, e.Allowed)
}

// problemOf turns any error into what the caller is told. An error that it does
// not know is a bug: 500.
func problemOf(err error) Problem {
	status, field := classify(err)
	p := Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: err.Error(), Field: field}
	var found findings
	switch {
	case errors.As(err, &found):
		if status == http.StatusUnsupportedMediaType {
			p.Detail = "send the body with Content-Type: application/json"
			break // of a body that is not read nothing more is told
		}
		p.Errors = fieldProblems(found)
	case status == http.StatusInternalServerError:
		p.Detail = "the mock has a bug here; its log says more"
	}
	return p
}

// classify gives an error's status and the field it is about.
func classify(err error) (status int, field string) {
	if status, field, ok := classifyOwn(err); ok {
		return status, field
	}
	var (
		input   *marketplace.InputError
		invalid *fault.Invalid
		large   *marketplace.TooLargeError
	)
	switch {
	case errors.As(err, &input):
		return http.StatusBadRequest, pointer(input.Field)
	case errors.As(err, &invalid):
		return http.StatusBadRequest, pointer(invalid.Field)
	case errors.Is(err, limit.ErrInvalid), errors.Is(err, limit.ErrUnknown):
		return http.StatusBadRequest, ""
	case errors.As(err, &large), errors.Is(err, blob.ErrTooLarge):
		return http.StatusRequestEntityTooLarge, ""
	case errors.Is(err, blob.ErrFull):
		return http.StatusInsufficientStorage, ""
	case errors.Is(err, sandbox.ErrUnknown), errors.Is(err, sandbox.ErrNoSnapshot), errors.Is(err, chat.ErrUnknown):
		return http.StatusNotFound, ""
	case errors.Is(err, sandbox.ErrExists), errors.Is(err, sandbox.ErrDefault), errors.Is(err, clock.ErrBack), errors.Is(err, clock.ErrReset),
		errors.Is(err, chat.ErrExists), errors.Is(err, chat.ErrConflict), errors.Is(err, chat.ErrOrder):
		return http.StatusConflict, ""
	case errors.Is(err, sandbox.ErrFull):
		return http.StatusTooManyRequests, ""
	case errors.Is(err, errStopped), errors.Is(err, sandbox.ErrClosed), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable, ""
	}
	return http.StatusInternalServerError, ""
}

// classifyOwn knows the errors of this package.
func classifyOwn(err error) (status int, field string, ok bool) {
	var (
		input    *inputError
		unknown  *unknownError
		conflict *conflictError
		refused  *refusedError
		path     *unknownPath
		verb     *wrongVerb
		found    findings
	)
	switch {
	case errors.As(err, &input):
		return http.StatusBadRequest, input.Field, true
	case errors.As(err, &unknown):
		return http.StatusNotFound, unknown.Field, true
	case errors.As(err, &conflict):
		return http.StatusConflict, conflict.Field, true
	case errors.As(err, &refused):
		return http.StatusForbidden, refused.Field, true
	case errors.As(err, &path):
		return http.StatusNotFound, "", true
	case errors.As(err, &verb):
		return http.StatusMethodNotAllowed, "", true
	case errors.As(err, &found):
		return found.status(), found[0].Pointer, true
	case errors.Is(err, errToken):
		return http.StatusUnauthorized, TokenHeader, true
	}
	return 0, "", false
}

// status is 415 when the body was not read because of its type, else 400.
func (e findings) status() int {
	if e[0].In == "content-type" {
		return http.StatusUnsupportedMediaType
	}
	return http.StatusBadRequest
}

func fieldProblems(found findings) []FieldProblem {
	if len(found) < 2 {
		return nil
	}
	out := make([]FieldProblem, 0, len(found))
	for _, f := range found {
		out = append(out, FieldProblem{Field: f.Pointer, Detail: f.Message})
	}
	return out
}

// pointer writes a dotted path as a JSON pointer: items[0].sku → /items/0/sku.
func pointer(path string) string {
	if path == "" || strings.HasPrefix(path, "/") {
		return path
	}
	return "/" + strings.NewReplacer("[", "/", "]", "", ".", "/").Replace(path)
}

// under moves the field of an *marketplace.InputError below a prefix.
func under(prefix string, err error) error {
	var input *marketplace.InputError
	if !errors.As(err, &input) {
		return err
	}
	return &inputError{Field: prefix + pointer(input.Field), Reason: input.Reason}
}
