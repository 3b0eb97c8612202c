package server_test

import (
	"errors"
	"io"
	"maps"
	"net/http"
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
	name  string
	paths map[string][]string // other spellings
	guard func(*marketplace.Call) error
	login func(*http.Request) []string     // credentials in place of its header
	more  []string                         // specs beside its own
	runs  map[string]marketplace.Operation // instead of its own
}

func (y toy) Name() string    { return y.name }
func (y toy) Specs() []string { return append([]string{y.name}, y.more...) }
func (y toy) Hosts() []string { return []string{y.name + ".example"} }
func (y toy) Credential(r *http.Request) []string {
	if y.login != nil {
		return y.login(r)
	}
	if v := r.Header.Get("X-" + y.name); v != "" {
		return []string{y.name + ":" + v}
	}
	return nil
}
func (y toy) Owned(chat.Seller) []string { return nil }
func (y toy) Guards() []marketplace.Guard {
	if y.guard == nil {
		return nil
	}
	return []marketplace.Guard{{Name: "guard", Check: y.guard}}
}
func (y toy) Store() chat.Options                            { return chat.Options{} }
func (y toy) Limits(*marketplace.Config) []limit.Rule        { return nil }
func (y toy) Paths(documented string) []string               { return y.paths[documented] }
func (y toy) Switches() []marketplace.Switch                 { return nil }
func (y toy) Overlays(string, marketplace.Settings) []string { return nil }
func (y toy) Resume(*marketplace.World)                      {}
func (y toy) Protocol(*marketplace.World) push.Protocol      { return push.Protocol{} }
func (y toy) Notifications(*marketplace.World, chat.Applied) []push.Notification {
	return nil
}

// said is what the toy answers.
type said struct {
	By    string `json:"by"`
	Path  string `json:"path,omitempty"`
	Bytes int64  `json:"bytes,omitempty"`
	Error string `json:"error,omitempty"`
}

func (y toy) Operations() map[string]marketplace.Operation {
	own := map[string]marketplace.Operation{
		y.name + "Same": {Run: func(c *marketplace.Call) (marketplace.Response, error) {
			c.Header.Set("Target", c.Target)
			return marketplace.Response{Body: said{By: y.name, Path: c.Path[y.name+"_id"]}}, nil
		}},
		y.name + "Panic": {Run: func(*marketplace.Call) (marketplace.Response, error) { panic("boom") }},
		y.name + "Upload": {Stream: true, Run: func(c *marketplace.Call) (marketplace.Response, error) {
			n, err := io.Copy(io.Discard, c.Request.Body)
			return marketplace.Response{Body: said{By: y.name, Bytes: n}}, err
		}},
	}
	maps.Copy(own, y.runs)
	return own
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

// library are the specs of some toys, and what their operations know of.
func library(t testing.TB, toys ...marketplace.Emulator) fstest.MapFS {
	t.Helper()
	contract, err := specs.FS.ReadFile("control.yaml")
	require.NoError(t, err)
	files := fstest.MapFS{"control.yaml": {Data: contract}}
	for _, y := range toys {
		files[y.Name()+".yaml"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(toySpec, "NAME", y.Name()))}
	}
	return files
}

// start starts a server of the toys red and blue.
func start(t *testing.T) *server.Server {
	t.Helper()
	return startWith(t, server.Options{MaxBody: 100}, toy{name: "red"}, toy{name: "blue"})
}

func startWith(t testing.TB, o server.Options, toys ...marketplace.Emulator) *server.Server {
	t.Helper()
	s, err := assemble(t, o, toys...)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

func assemble(t testing.TB, o server.Options, toys ...marketplace.Emulator) (*server.Server, error) {
	t.Helper()
	o.Emulators = toys
	if o.Specs == nil {
		o.Specs = library(t, toys...)
	}
	o.BaseURL, o.BlobDir = "http://mock", t.TempDir()
	o.Fixture = t.TempDir() + "/world.yaml"
	require.NoError(t, os.WriteFile(o.Fixture, []byte("version: 1\n"), 0o600))
	o.Control = control.Options{Loopback: true, ListenHost: "127.0.0.1"}
	return server.New(o)
}
