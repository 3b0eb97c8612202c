package markettest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/control"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/server"
	"example.com/marketmock/specs"
)

// Harness is a whole server with one marketplace on a free port.
type Harness struct {
	URL    string
	Server *server.Server
	t      testing.TB
	config Config
}

// Start starts a server that ends with the test.
func Start(t testing.TB, c Config) *Harness {
	t.Helper()
	listener := httptest.NewUnstartedServer(nil)
	url := "http://" + listener.Listener.Addr().String()
	s, err := server.New(server.Options{
		Emulators: []marketplace.Emulator{c.Emulator},
		Specs:     specs.FS,
		BaseURL:   url,
		BlobDir:   t.TempDir(),
		Control:   control.Options{Loopback: true, ListenHost: "127.0.0.1"},
	})
	require.NoError(t, err)
	listener.Config.Handler = s
	listener.Start()
	t.Cleanup(func() {
		listener.Close()
		s.Close()
	})
	return &Harness{URL: url, Server: s, t: t, config: c}
}

// What the buyer of the suite writes.
const (
	greeting = "Здравствуйте"
	question = "ещё вопрос"
)

// Reply is an answer as it came.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// World is one sandbox of the server, as a test uses it.
type World struct {
	*Harness
	t           testing.TB
	Name        string
	Base        string // the vendor's API
	Credentials json.RawMessage
}

// World makes a sandbox whose limits count but do not refuse.
func (h *Harness) World(t testing.TB, spec map[string]any) *World {
	t.Helper()
	if spec == nil {
		spec = map[string]any{}
	}
	name := h.config.Emulator.Name()
	var made struct {
		Name        string                     `json:"name"`
		BaseURLs    map[string]string          `json:"base_urls"`
		Credentials map[string]json.RawMessage `json:"credentials"`
	}
	w := &World{Harness: h, t: t}
	w.Control(http.MethodPost, "/_mock/sandboxes", spec, &made)
	w.Name, w.Base, w.Credentials = made.Name, made.BaseURLs[name], made.Credentials[name]
	t.Cleanup(func() { w.Control(http.MethodDelete, "/_mock/sandboxes/"+w.Name, nil, nil) })
	unlimited := map[string]any{}
	for _, rule := range w.world().Limits.Rules() {
		unlimited[rule.Name] = map[string]any{"max": -1}
	}
	w.Play(http.MethodPatch, "limits", map[string]any{name: unlimited}, nil)
	return w
}

// everything asks for a world in which every operation is available.
func everything(c Config) map[string]any {
	set := map[string]string{}
	maps.Copy(set, c.Switches)
	return map[string]any{"switches": map[string]any{c.Emulator.Name(): set}}
}

// Control makes a call of the control API that must succeed.
func (w *World) Control(method, path string, in, out any) {
	w.t.Helper()
	require.NoError(w.t, w.control(method, path, in, out))
}

func (w *World) control(method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		payload, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(payload)
	}
	// Not the test's context: a cleanup deletes sandboxes after it has ended.
	request, err := http.NewRequestWithContext(context.WithoutCancel(w.t.Context()), method, w.URL+path, body)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	reply, err := try(request)
	if err != nil {
		return err
	}
	if reply.Status >= http.StatusMultipleChoices {
		return fmt.Errorf("%s %s: %d %s", method, path, reply.Status, reply.Body)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(reply.Body, out)
}

// Play makes a call below this sandbox; {m} stands for the marketplace.
func (w *World) Play(method, path string, in, out any) {
	w.t.Helper()
	require.NoError(w.t, w.play(method, path, in, out))
}

func (w *World) play(method, path string, in, out any) error {
	path = strings.ReplaceAll(path, "{m}", w.config.Emulator.Name())
	return w.control(method, "/_mock/sandboxes/"+w.Name+"/"+path, in, out)
}

// Do sends a call of the vendor's API as the demo seller.
func (w *World) Do(c Call) Reply {
	w.t.Helper()
	reply, err := w.Try(c, w.Credentials)
	require.NoError(w.t, err)
	return reply
}

func method(c Call) string {
	if c.Method == "" {
		return http.MethodPost
	}
	return c.Method
}

// Try sends a call with some seller's credentials, nil for nobody's. The error
// is the connection's.
func (w *World) Try(c Call, credentials json.RawMessage) (Reply, error) {
	w.t.Helper()
	return w.try(w.t.Context(), c, credentials)
}

func (w *World) try(ctx context.Context, c Call, credentials json.RawMessage) (Reply, error) {
	request, err := w.request(ctx, c, credentials)
	if err != nil {
		return Reply{}, err
	}
	return try(request)
}

// lose makes a call that is to be lost, on a connection of its own: on one that was
// used before, a client makes a GET again.
func (w *World) lose(t testing.TB, c Call) error {
	t.Helper()
	request, err := w.request(t.Context(), c, w.Credentials)
	require.NoError(t, err)
	_, err = tryBy(&http.Transport{DisableKeepAlives: true}, request)
	return err
}

func (w *World) request(ctx context.Context, c Call, credentials json.RawMessage) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, method(c), w.Base+c.Path, strings.NewReader(c.Body))
	if err != nil {
		return nil, err
	}
	if c.Body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for name, value := range c.Header {
		request.Header.Set(name, value)
	}
	if credentials != nil {
		w.config.Sign(request, credentials, w.clock())
	}
	return request, nil
}

// clock is the time of the sandbox.
func (w *World) clock() time.Time {
	w.t.Helper()
	return w.world().Clock.Now()
}

func (w *World) do(request *http.Request) Reply {
	w.t.Helper()
	reply, err := try(request)
	require.NoError(w.t, err)
	return reply
}

func try(request *http.Request) (Reply, error) { return tryBy(http.DefaultTransport, request) }

// tryBy takes a redirect for an answer like any other.
func tryBy(transport http.RoundTripper, request *http.Request) (Reply, error) {
	response, err := transport.RoundTrip(request)
	if err != nil {
		return Reply{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return Reply{Status: response.StatusCode, Header: response.Header, Body: body}, err
}

// Open makes a chat about a fresh order in which the seller may write.
func (w *World) Open(t testing.TB) Place {
	t.Helper()
	var order, chat, message struct {
		ID     string `json:"id"`
		Seller string `json:"seller"`
		Buyer  string `json:"buyer"`
	}
	w.Play(http.MethodPost, "{m}/orders", map[string]any{"scheme": w.config.Scheme, "paid": w.now()}, &order)
	w.Play(http.MethodPost, "{m}/chats", map[string]any{"order": order.ID}, &chat)
	w.Play(http.MethodPost, "{m}/chats/"+chat.ID+"/messages", map[string]any{"from": "buyer", "text": greeting}, &message)
	return Place{Credentials: w.Credentials, Seller: chat.Seller, Buyer: chat.Buyer, Chat: chat.ID, Order: order.ID, Message: message.ID}
}

// Answer lets the buyer write.
func (w *World) Answer(chat string) {
	w.t.Helper()
	require.NoError(w.t, w.answer(chat))
}

func (w *World) answer(chat string) error {
	return w.play(http.MethodPost, "{m}/chats/"+chat+"/messages", map[string]any{"from": "buyer", "text": question}, nil)
}

// hasBuyer tells a chat with a buyer from one with the marketplace itself.
func (w *World) hasBuyer(chat string) bool {
	w.t.Helper()
	var shown struct {
		Buyer string `json:"buyer"`
	}
	w.Play(http.MethodGet, "{m}/chats/"+chat, nil, &shown)
	return shown.Buyer != ""
}

func (w *World) now() string {
	w.t.Helper()
	var clock struct {
		Now string `json:"now"`
	}
	w.Play(http.MethodGet, "clock", nil, &clock)
	return clock.Now
}

// world is the sandbox's inside.
func (w *World) world() *marketplace.World {
	w.t.Helper()
	box, err := w.Server.Registry().Sandbox(w.Name)
	require.NoError(w.t, err)
	world, _ := box.World(w.config.Emulator.Name())
	return world
}

// exchange is what the suite reads of the journal.
type exchange struct {
	ID        string
	Operation string
	Early     bool
}

// last is the newest exchange in the journal.
func (w *World) last() exchange {
	w.t.Helper()
	var journal struct{ Requests []exchange }
	w.Play(http.MethodGet, "requests?limit=1000", nil, &journal)
	require.NotEmpty(w.t, journal.Requests)
	return journal.Requests[len(journal.Requests)-1]
}

// limit changes one limit.
func (w *World) limit(rule string, most int) {
	w.t.Helper()
	w.Play(http.MethodPatch, "limits", map[string]any{w.config.Emulator.Name(): map[string]any{rule: map[string]any{"max": most}}}, nil)
}

// Conforms fails the test if an answer is not what the spec in force allows.
func (w *World) Conforms(t testing.TB, operation string, reply Reply) {
	t.Helper()
	require.Empty(t, w.findings(t, operation, reply), "%s answered %d %s", operation, reply.Status, reply.Body)
}

func (w *World) findings(t testing.TB, operation string, reply Reply) []openapi.Finding {
	t.Helper()
	for _, spec := range w.world().Config().Specs {
		if _, ok := spec.Operation(operation); ok {
			return spec.CheckResponse(operation, openapi.Response{Status: reply.Status, Header: reply.Header, Body: reply.Body})
		}
	}
	require.Fail(t, fmt.Sprintf("no spec has operation %s", operation))
	return nil
}
