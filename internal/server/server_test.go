package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/control"
	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/push"
	"example.com/marketmock/internal/server"
	"example.com/marketmock/specs"
)

// toy is a marketplace with a handful of operations. Its host is NAME.example
// and its credential the header X-NAME.
type toy struct {
	marketplace.Emulator
	name string
}

func (y toy) Name() string    { return y.name }
func (y toy) Specs() []string { return []string{y.name} }
func (y toy) Hosts() []string { return []string{y.name + ".example"} }
func (y toy) Credential(r *http.Request) []string {
	if v := r.Header.Get("X-" + y.name); v != "" {
		return []string{y.name + ":" + v}
	}
	return nil
}
func (y toy) Owned(chat.Seller) []string                     { return nil }
func (y toy) Guards() []marketplace.Guard                    { return nil }
func (y toy) Store() chat.Options                            { return chat.Options{} }
func (y toy) Limits(*marketplace.Config) []limit.Rule        { return nil }
func (y toy) Paths(string) []string                          { return nil }
func (y toy) Switches() []marketplace.Switch                 { return nil }
func (y toy) Overlays(string, marketplace.Settings) []string { return nil }
func (y toy) Resume(*marketplace.World)                      {}
func (y toy) Protocol(*marketplace.World) push.Protocol      { return push.Protocol{} }
func (y toy) Notifications(*marketplace.World, chat.Applied) []push.Notification {
	return nil
}

// leaveKey is the context key of what a test wants deferred.
type leaveKey struct{}

// said is what the toy answers.
type said struct {
	By    string `json:"by"`
	Path  string `json:"path,omitempty"`
	Bytes int64  `json:"bytes,omitempty"`
	Error string `json:"error,omitempty"`
}

func (y toy) Operations() map[string]marketplace.Operation {
	return map[string]marketplace.Operation{
		y.name + "Same": {Run: func(c *marketplace.Call) (marketplace.Response, error) {
			if leave, ok := c.Request.Context().Value(leaveKey{}).(func()); ok {
				c.Defer(func(int, http.Header) { leave() })
			}
			c.Header.Set("Target", c.Target)
			return marketplace.Response{Body: said{By: y.name, Path: c.Path[y.name+"_id"]}}, nil
		}},
		y.name + "Panic": {Run: func(*marketplace.Call) (marketplace.Response, error) { panic("boom") }},
		y.name + "Upload": {Stream: true, Run: func(c *marketplace.Call) (marketplace.Response, error) {
			n, err := io.Copy(io.Discard, c.Request.Body)
			return marketplace.Response{Body: said{By: y.name, Bytes: n}}, err
		}},
	}
}

func (y toy) Error(_ *marketplace.Call, err error) marketplace.Response {
	status := http.StatusInternalServerError
	var verb *marketplace.VerbError
	var large *marketplace.TooLargeError
	switch {
	case errors.Is(err, marketplace.ErrNoRoute):
		status = http.StatusNotFound
	case errors.As(err, &verb):
		status = http.StatusMethodNotAllowed
	case errors.As(err, &large):
		status = http.StatusRequestEntityTooLarge
	}
	return marketplace.Response{Status: status, Body: said{By: y.name, Error: http.StatusText(status)}}
}

const toySpec = `openapi: 3.0.3
info: {title: toy, version: "1"}
paths:
  /same/{NAME_id}:
    get:
      operationId: NAMESame
      parameters: [{name: NAME_id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: ok}}
  /NAME/panic:
    get:
      operationId: NAMEPanic
      responses: {"200": {description: ok}}
  /NAME/upload:
    post:
      operationId: NAMEUpload
      requestBody: {required: true, content: {multipart/form-data: {schema: {type: object}}}}
      responses: {"200": {description: ok}}
`

func start(t *testing.T) *server.Server {
	t.Helper()
	contract, err := specs.FS.ReadFile("control.yaml")
	require.NoError(t, err)
	files := fstest.MapFS{"control.yaml": {Data: contract}}
	var emulators []marketplace.Emulator
	for _, name := range []string{"red", "blue"} {
		files[name+".yaml"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(toySpec, "NAME", name))}
		emulators = append(emulators, toy{name: name})
	}
	world := t.TempDir() + "/world.yaml"
	require.NoError(t, os.WriteFile(world, []byte("version: 1\n"), 0o600))
	s, err := server.New(server.Options{
		Emulators: emulators, Specs: files, BaseURL: "http://mock", Fixture: world,
		MaxBody: 100, BlobDir: t.TempDir(), Control: control.Options{Loopback: true, ListenHost: "127.0.0.1"},
	})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

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

func TestWhatWasDeferredRunsAfterTheAnswer(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, kind := range []string{"", "drop"} {
		if kind != "" {
			fault(t, s, `{"kind":"drop","stage":"after","times":1}`)
		}
		left := make(chan struct{})
		ctx := context.WithValue(t.Context(), leaveKey{}, func() { close(left) })
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://mock/blue/same/1", nil)
		func() {
			defer func() { _ = recover() }() // a dropped connection is an abort
			s.ServeHTTP(httptest.NewRecorder(), r)
		}()
		<-left
	}
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

func TestAStreamedUploadStandsInTheJournal(t *testing.T) {
	t.Parallel()
	s := start(t)
	get(t, s, http.MethodPost, "http://mock/blue/upload", strings.Repeat("x", 100_000))
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/_mock/sandboxes/default/requests", nil)
	s.ServeHTTP(w, r)
	var journal struct {
		Requests []struct {
			Operation       string
			RequestFindings []json.RawMessage `json:"request_findings"`
			Request         struct {
				Length int
				SHA256 string
				Cut    bool
			}
		}
	}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &journal), w.Body)
	require.Len(t, journal.Requests, 1)
	require.Equal(t, "blueUpload", journal.Requests[0].Operation)
	require.Equal(t, 100_000, journal.Requests[0].Request.Length)
	require.Len(t, journal.Requests[0].Request.SHA256, 64)
	require.True(t, journal.Requests[0].Request.Cut)
	require.Len(t, journal.Requests[0].RequestFindings, 1, "only that the content type is missing")
	require.Contains(t, string(journal.Requests[0].RequestFindings[0]), "content-type")
}

func TestAnOperationWithoutBehaviourIsFoundAtTheStart(t *testing.T) {
	t.Parallel()
	contract, err := specs.FS.ReadFile("control.yaml")
	require.NoError(t, err)
	more := strings.ReplaceAll(toySpec, "NAME", "red") + "  /more:\n    get:\n      operationId: redMore\n      responses: {\"200\": {description: ok}}\n"
	world := t.TempDir() + "/world.yaml"
	require.NoError(t, os.WriteFile(world, []byte("version: 1\n"), 0o600))
	_, err = server.New(server.Options{
		Emulators: []marketplace.Emulator{toy{name: "red"}}, Fixture: world, BlobDir: t.TempDir(),
		Specs: fstest.MapFS{"control.yaml": {Data: contract}, "red.yaml": {Data: []byte(more)}},
	})
	require.ErrorContains(t, err, "spec red: operation redMore has no behaviour")
}
