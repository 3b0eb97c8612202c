package ozon

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/plainjson"
)

func (w *testWorld) answerTo(method, path string, err error) (marketplace.Response, http.Header, string) {
	w.t.Helper()
	c := &marketplace.Call{
		World: w.World, Config: w.config, Request: httptest.NewRequest(method, path, nil), Header: http.Header{},
		Target: path, Operation: openapi.Operation{Spec: specAPI},
	}
	r := w.api.Error(c, err)
	w.reason = c.Reason
	if r.Body != nil {
		return r, c.Header, string(plainjson.Encode(r.Body))
	}
	return r, c.Header, string(r.Raw)
}

// Any status that a test asks for comes in the vendor's words.
// Proves: ozon/body-too-large, ozon/fault-texts, ozon/internal-error, ozon/grpc-code
// Proves: ozon/grpc-code-inferred, ozon/rpc-status, ozon/error-details
func TestErrorsOfFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "empty", today, nil)
	for status, want := range map[int]string{
		400: `{"code":3,"message":"Request validation error","details":[]}`,
		409: `{"code":6,"message":"conflict","details":[]}`,
		500: `{"code":13,"message":"Internal error","details":[]}`,
		503: `{"code":14,"message":"Service Unavailable","details":[]}`,
		418: `{"code":2,"message":"I'm a teapot","details":[]}`,
	} {
		r, _, body := w.answerTo("POST", "/v3/chat/list", fmt.Errorf("fault: %w", &marketplace.FaultError{Status: status}))
		require.Equal(t, status, r.Status)
		require.Equal(t, want, body)
	}
	_, _, body := w.answerTo("POST", "/", &marketplace.FaultError{Status: 400, Message: "Circle is open"})
	require.Equal(t, `{"code":3,"message":"Circle is open","details":[]}`, body)
	r, header, body := w.answerTo("POST", "/", &marketplace.FaultError{RateLimit: true})
	require.Equal(t, 429, r.Status)
	require.Equal(t, `{"code":8,"message":"You have reached request rate limit per second","details":[]}`, body)
	require.Equal(t, "1", header.Get("Retry-After"))
	require.Equal(t, "0", header.Get("Ratelimit-Remaining"))
	r, _, body = w.answerTo("POST", "/", errors.New("a bug"))
	require.Equal(t, 500, r.Status)
	require.Equal(t, `{"code":13,"message":"Internal error","details":[]}`, body)
	r, _, _ = w.answerTo("POST", "/", &marketplace.TooLargeError{Limit: 1})
	require.Equal(t, 400, r.Status)
	w.set(today, map[string]string{switchErrorDetails: "absent"})
	_, _, body = w.answerTo("POST", "/", errors.New("a bug"))
	require.Equal(t, `{"code":13,"message":"Internal error"}`, body)
	require.Equal(t, 404, w.api.Error(nil, marketplace.ErrNoRoute).Status)
	require.Equal(t, 500, w.api.Error(nil, errors.New("x")).Status)
}

// A wrong verb has the vendor's text; where the path is gone it is not looked at.
// Proves: ozon/wrong-verb-status, ozon/v1-chat-removed
func TestWrongVerb(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "empty", today, nil)
	wrong := &marketplace.VerbError{Method: "GET", Allowed: []string{"POST"}}
	for value, want := range map[string]string{
		"405": `{"code":12,"message":"method is not allowed","details":[]}`,
		"403": `{"code":7,"message":"method is not allowed","details":[]}`,
		"404": `{"code":5,"message":"method is not allowed","details":[]}`,
	} {
		w.set(today, map[string]string{switchWrongVerb: value})
		r, _, body := w.answerTo("GET", "/v3/chat/list", wrong)
		require.Equal(t, value, fmt.Sprint(r.Status))
		require.Equal(t, want, body)
		require.Equal(t, value == "405", r.Header.Get("Allow") == "POST")
		require.Equal(t, "ozon/wrong-verb-status", w.reason.Claim)
	}
	r, _, body := w.answerTo("GET", "/v2/chat/list", wrong)
	require.Equal(t, 404, r.Status)
	require.Equal(t, "404 page not found\n", body)
	require.Equal(t, "ozon/removed-methods", w.reason.Claim)
	w.answerTo("GET", "/v1/notification/list", wrong)
	require.Equal(t, "ozon/wrong-verb-status", w.reason.Claim)
	w.set(day(2026, 4, 7), nil)
	_, _, body = w.answerTo("GET", "/v1/notification/list", wrong)
	require.Equal(t, "404 page not found\n", body, "not yet")
	require.Equal(t, "ozon/removed-methods", w.reason.Claim)
	w.answerTo("POST", "/v9/chat/list", marketplace.ErrNoRoute)
	require.Equal(t, "ozon/unknown-path-404", w.reason.Claim)
}

// Every refusal has a reason with a claim.
func TestRefusalsHaveReasons(t *testing.T) {
	t.Parallel()
	for _, r := range []*refusal{errHeaders, errKey, errWindow, errHookCheck("EMPTY_BODY", "x"), errListLimit(100)} {
		require.NotEmpty(t, r.Reason().Text)
		require.Regexp(t, `^ozon/[a-z0-9-]+$`, r.Reason().Claim)
	}
	at := errText.at("/text", "length")
	require.Equal(t, "/text", at.Reason().Pointer)
	require.Empty(t, errText.Reason().Pointer, "the value in the table stays as it is")
}
