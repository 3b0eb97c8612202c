package ozon

import (
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/clock"
	"example.com/marketmock/internal/fixture"
	"example.com/marketmock/internal/journal"
	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/plainjson"
	"example.com/marketmock/specs"
)

// testWorld is a world without a server: guards and operations are called as
// the server calls them.
type testWorld struct {
	*marketplace.World
	t       testing.TB
	api     *API
	library *openapi.Library
	config  *marketplace.Config
	client  credentials
	reason  *journal.Reason // of the last error that answerTo answered
}

// newWorld makes a world of a bundled fixture at noon of the first of October
// 2026, under a frozen clock.
func newWorld(t testing.TB, name string, edition time.Time, set map[string]string) *testWorld {
	t.Helper()
	w := &testWorld{t: t, api: New(), library: openapi.NewLibrary(specs.FS)}
	c := clock.New(noon)
	c.Reset(noon, true)
	store := chat.New(w.api.Store())
	blobs := blob.New(t.TempDir(), 64<<20)
	t.Cleanup(func() { require.NoError(t, blobs.Close()) })
	w.World = &marketplace.World{
		Marketplace: "ozon", Sandbox: "default", Clock: c, Store: store, Limits: limit.NewSet(c.Now, w.api.Limits(nil)),
		Blobs: blobs, Log: slog.New(slog.DiscardHandler), BaseURL: "http://127.0.0.1:8080/ozon",
		Config: func() *marketplace.Config { return w.config }, MaxFile: 1 << 20,
	}
	w.set(edition, set)
	file, err := fixture.Open(name)
	require.NoError(t, err)
	events, err := file.Events(w.api, testEnv(0))
	require.NoError(t, err)
	_, err = store.Apply(chat.If{}, events...)
	require.NoError(t, err)
	w.client = w.api.credentials(store.Sellers()[0])
	return w
}

func testEnv(serial int) marketplace.Env {
	return marketplace.Env{Now: noon, Rand: rand.New(rand.NewPCG(1, 2)), Seed: 1, Serial: serial}
}

func (w *testWorld) set(edition time.Time, set map[string]string) {
	w.t.Helper()
	config := &marketplace.Config{Settings: settings(w.t, edition, set), Specs: map[string]*openapi.Spec{}}
	for _, name := range []string{specAPI, specFiles, specPush} {
		spec, err := w.library.Load(name, w.api.Overlays(name, config.Settings)...)
		require.NoError(w.t, err)
		config.Specs[name] = spec
	}
	w.config = config
}

// testReply is an answer with its body as bytes.
type testReply struct {
	status int
	header http.Header
	body   string
	err    error
}

// call runs guards and operation, and checks the answer against the spec.
func (w *testWorld) call(operation, body string, change ...func(*http.Request)) testReply {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.RemoteAddr = "127.0.0.1:40000"
	r.Header.Set("Client-Id", w.client.ClientID)
	r.Header.Set("Api-Key", w.client.APIKey)
	r.Header.Set("Content-Type", "application/json")
	for _, f := range change {
		f(r)
	}
	c := &marketplace.Call{World: w.World, Config: w.config, Request: r, Body: []byte(body), Header: http.Header{}}
	c.Operation = mustOperation(w.t, w, operation)
	response, err := w.run(c)
	if err != nil {
		response = w.api.Error(c, err)
	}
	reply := testReply{status: response.Status, header: c.Header, err: err, body: string(response.Raw)}
	for name, values := range response.Header {
		reply.header[name] = values
	}
	if fast, ok := response.Body.(marketplace.JSONAppender); ok {
		reply.body = string(fast.AppendJSON(nil))
	} else if response.Body != nil {
		reply.body = string(plainjson.Encode(response.Body))
	}
	spec := w.config.Specs[c.Operation.Spec]
	if _, served := spec.Operation(operation); !served {
		return reply // another edition's
	}
	require.Empty(w.t, spec.CheckResponse(operation, openapi.Response{
		Status: reply.status, Header: reply.header, Body: []byte(reply.body),
	}), "%d %s", reply.status, reply.body)
	return reply
}

func (w *testWorld) run(c *marketplace.Call) (marketplace.Response, error) {
	for _, guard := range w.api.Guards() {
		if err := guard.Check(c); err != nil {
			return marketplace.Response{}, err
		}
	}
	return w.api.Operations()[c.Operation.ID].Run(c)
}

// requireError wants a refusal with a status, a gRPC code and a text.
func (r testReply) requireError(t testing.TB, status, code int, message string) {
	t.Helper()
	require.Equal(t, status, r.status, r.body)
	var body struct {
		Code    int
		Message string
	}
	require.NoError(t, json.Unmarshal([]byte(r.body), &body), r.body)
	require.Equal(t, code, body.Code)
	require.Equal(t, message, body.Message)
	var reasoned marketplace.Reasoned
	require.ErrorAs(t, r.err, &reasoned)
	require.NotEmpty(t, reasoned.Reason().Text)
	require.NotEmpty(t, reasoned.Reason().Claim)
}

// first is a chat of the demo seller that the list shows first.
func (w *testWorld) first() chat.Chat {
	w.t.Helper()
	entries, _ := w.Store.Page(indexList, partition(w.client.ClientID, statusAll, false), "", 1)
	require.NotEmpty(w.t, entries)
	return *entries[0].Chat
}

// play posts a message as somebody.
func (w *testWorld) play(chatID string, in marketplace.MessageInput) chat.Message {
	w.t.Helper()
	applied, err := w.Store.Change(chatID, func(c chat.Chat) ([]chat.Event, error) {
		return w.api.Player().PostMessage(w.World, c, in)
	})
	require.NoError(w.t, err)
	return applied[len(applied)-1].Event.(chat.MessagePosted).Message
}

// act runs an action.
func (w *testWorld) act(name string, input string) error {
	w.t.Helper()
	for _, a := range w.api.Actions() {
		if a.Name == name {
			_, err := a.Run(w.World, json.RawMessage(input))
			return err
		}
	}
	require.Fail(w.t, "there is no action "+name)
	return nil
}

func (w *testWorld) advance(d time.Duration) {
	w.t.Helper()
	require.NoError(w.t, w.Clock.Advance(w.t.Context(), d))
}

func limitChange(most int) limit.Change { return limit.Change{Max: &most} }

func chatIf() chat.If { return chat.If{} }

// mustOperation finds an operation as the server does, in the spec without
// overlays.
func mustOperation(t testing.TB, w *testWorld, id string) openapi.Operation {
	t.Helper()
	for _, name := range w.api.Specs() {
		spec, err := w.library.Load(name)
		require.NoError(t, err)
		if op, ok := spec.Operation(id); ok {
			return op
		}
	}
	require.Fail(t, "no spec has "+id)
	return openapi.Operation{}
}

// BenchmarkList is a page of 30 rows without HTTP.
func BenchmarkList(b *testing.B) {
	w := newWorld(b, "busy", today, nil)
	most := -1
	require.NoError(b, w.Limits.Adjust(limitSecond, limit.Change{Max: &most}))
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.Header.Set("Client-Id", w.client.ClientID)
	r.Header.Set("Api-Key", w.client.APIKey)
	r.Header.Set("Content-Type", "application/json")
	op := mustOperation(b, w, opListV3)
	body := []byte(`{"filter":{"chat_status":"ALL","unread_only":false},"limit":30}`)
	b.ReportAllocs()
	for b.Loop() {
		c := &marketplace.Call{World: w.World, Config: w.config, Request: r, Operation: op, Body: body, Header: http.Header{}}
		response, err := w.run(c)
		if err != nil {
			b.Fatal(err)
		}
		if n := len(response.Body.(marketplace.JSONAppender).AppendJSON(nil)); n < 6000 {
			b.Fatal(n)
		}
	}
}
