package server_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/server"
)

// get sends a request and reads what the toy said.
func get(t *testing.T, h http.Handler, method, url, body string, header ...string) (int, said, http.Header) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var s said
	if w.Body.Len() > 0 {
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &s), w.Body)
	}
	return w.Code, s, w.Header()
}

func TestAPathOfTwoVendorsIsAnsweredByTheOneThatIsMeant(t *testing.T) {
	t.Parallel()
	s := start(t)
	for name, c := range map[string]struct {
		url    string
		header []string
		by     string
	}{
		"the mount decides":              {"http://mock/blue/same/1", nil, "blue"},
		"the mount beats the credential": {"http://mock/blue/same/1", []string{"X-red", "k"}, "blue"},
		"at the root the host decides":   {"http://blue.example/same/1", nil, "blue"},
		"a port does not matter":         {"http://blue.example:8080/same/1", nil, "blue"},
		"else the credential":            {"http://mock/same/1", []string{"X-blue", "k"}, "blue"},
		"else the first":                 {"http://mock/same/1", nil, "red"},
		"a sandbox's path comes before":  {"http://mock/~default/blue/same/1", nil, "blue"},
		"and at its root as at the root": {"http://mock/~default/same/1", []string{"X-blue", "k"}, "blue"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, answer, _ := get(t, s, http.MethodGet, c.url, "", c.header...)
			require.Equal(t, http.StatusOK, status)
			require.Equal(t, said{By: c.by, Path: "1"}, answer)
		})
	}
}

func TestUnknownPathsAreAnsweredByWhoeverIsMeant(t *testing.T) {
	t.Parallel()
	s := start(t)
	for url, by := range map[string]string{
		"http://mock/blue/none": "blue", "http://mock/blue": "blue", "http://mock/blue/": "blue",
		"http://blue.example/none": "blue", "http://mock/~default/blue/none": "blue", "http://mock/blue//same/1": "blue",
		"http://mock/blue/same/1/": "blue", "http://mock/blue/same": "blue",
	} {
		status, answer, header := get(t, s, http.MethodGet, url, "")
		require.Equal(t, http.StatusNotFound, status, url)
		require.Equal(t, by, answer.By, url)
		require.NotEmpty(t, header.Get("X-Mock-Reason"), url)
	}
	for _, url := range []string{"http://mock/none", "http://mock/", "http://mock/~nobody/blue/same/1", "http://mock/~", "http://127.0.0.1/_mock/none"} {
		status, answer, header := get(t, s, http.MethodGet, url, "")
		require.Equal(t, http.StatusNotFound, status, url)
		require.Empty(t, answer.By, url)
		require.Equal(t, "application/problem+json", header.Get("Content-Type"), url)
	}
}

func TestAPathParameterKeepsAnEncodedSlash(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, url := range []string{"http://mock/blue/same/a%2Fb", "http://mock/~default/blue/same/a%2Fb"} {
		_, answer, _ := get(t, s, http.MethodGet, url, "")
		require.Equal(t, "a/b", answer.Path, url)
	}
}

func TestTheTargetIsTheVendorsOwnPath(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, url := range []string{
		"http://mock/blue/same/a%2Fb", "http://mock/~default/blue/same/a%2Fb",
		"http://blue.example/same/a%2Fb", "http://blue.example/~default/same/a%2Fb",
	} {
		_, _, header := get(t, s, http.MethodGet, url, "")
		require.Equal(t, "/same/a%2Fb", header.Get("Target"), url)
	}
}

func TestASandboxNameEndsAtASlashAndNothingElse(t *testing.T) {
	t.Parallel()
	status, answer, _ := get(t, start(t), http.MethodGet, "http://mock/~default%2Fblue/same/1", "")
	require.Equal(t, http.StatusNotFound, status)
	require.Empty(t, answer.By)
}

// fault adds a rule to the default sandbox.
func fault(t *testing.T, s *server.Server, body string) {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1/_mock/sandboxes/default/faults", strings.NewReader(body))
	s.ServeHTTP(w, r)
	require.Equal(t, http.StatusCreated, w.Code, w.Body)
}

func TestAFaultAfterTheOperationIsNotSpentOnARefusal(t *testing.T) {
	t.Parallel()
	s := start(t)
	fault(t, s, `{"kind":"status","status":500,"stage":"after","times":1}`)
	for _, url := range []string{"http://mock/blue/none", "http://mock/blue/panic"} {
		get(t, s, http.MethodGet, url, "")
	}
	status, _, _ := get(t, s, http.MethodGet, "http://mock/blue/same/1", "")
	require.Equal(t, http.StatusInternalServerError, status, "the first call that ran")
	status, _, _ = get(t, s, http.MethodGet, "http://mock/blue/same/1", "")
	require.Equal(t, http.StatusOK, status)
}

func TestAWrongVerbIsTheVendors(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, verb := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions, http.MethodPatch, "PROPFIND", "get"} {
		status, answer, _ := get(t, s, verb, "http://mock/blue/same/1", "")
		require.Equal(t, http.StatusMethodNotAllowed, status, verb)
		require.Equal(t, "blue", answer.By, verb)
	}
}

func TestAPanicIsTheVendorsInternalError(t *testing.T) {
	t.Parallel()
	status, answer, header := get(t, start(t), http.MethodGet, "http://mock/blue/panic", "")
	require.Equal(t, http.StatusInternalServerError, status)
	require.Equal(t, "blue", answer.By)
	require.NotContains(t, header.Get("X-Mock-Reason"), "boom", "the log holds what happened")
}

func TestABodyOverTheLimitIsRefusedUnlessItIsStreamed(t *testing.T) {
	t.Parallel()
	s := start(t)
	status, _, _ := get(t, s, http.MethodGet, "http://mock/blue/same/1", strings.Repeat("x", 101))
	require.Equal(t, http.StatusRequestEntityTooLarge, status)
	status, _, _ = get(t, s, http.MethodGet, "http://mock/blue/same/1", strings.Repeat("x", 100))
	require.Equal(t, http.StatusOK, status)

	status, answer, _ := get(t, s, http.MethodPost, "http://mock/blue/upload", strings.Repeat("x", 100_000))
	require.Equal(t, http.StatusOK, status)
	require.EqualValues(t, 100_000, answer.Bytes)
}

// recorded is an exchange as the control API shows it.
type recorded struct {
	Operation       string
	RequestFindings []json.RawMessage `json:"request_findings"`
	Request         struct {
		Length int
		SHA256 string
		Cut    bool
	}
}

// journalled are the exchanges of the default sandbox.
func journalled(t *testing.T, s *server.Server) []recorded {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/_mock/sandboxes/default/requests", nil)
	s.ServeHTTP(w, r)
	var journal struct{ Requests []recorded }
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &journal), w.Body)
	return journal.Requests
}

func TestAStreamedUploadStandsInTheJournal(t *testing.T) {
	t.Parallel()
	s := start(t)
	get(t, s, http.MethodPost, "http://mock/blue/upload", strings.Repeat("x", 100_000))
	list := journalled(t, s)
	require.Len(t, list, 1)
	require.Equal(t, "blueUpload", list[0].Operation)
	require.Equal(t, 100_000, list[0].Request.Length)
	require.Len(t, list[0].Request.SHA256, 64)
	require.True(t, list[0].Request.Cut)
	require.Len(t, list[0].RequestFindings, 1, "only that the content type is missing")
	require.Contains(t, string(list[0].RequestFindings[0]), "content-type")
}

func TestAnOperationWithoutBehaviourIsFoundAtTheStart(t *testing.T) {
	t.Parallel()
	red := toy{name: "red"}
	files := library(t, red)
	files["red.yaml"].Data = append(files["red.yaml"].Data,
		"  /more:\n    get:\n      operationId: redMore\n      responses: {\"200\": {description: ok}}\n"...)
	_, err := assemble(t, server.Options{Specs: files}, red)
	require.ErrorContains(t, err, "spec red: operation redMore has no behaviour")
}
