package yandex

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/clock"
	"example.com/marketmock/internal/fixture"
	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/specs"
)

// testWorld is a world without a server: guards and operations are called as
// the server calls them, limits are in force.
type testWorld struct {
	*marketplace.World
	t       testing.TB
	api     *API
	library *openapi.Library
	config  *marketplace.Config
	client  credentials
}

// newWorld makes a world of a section yandex of a world file, under a frozen
// clock.
func newWorld(t testing.TB, section string, edition time.Time, set map[string]string) *testWorld {
	t.Helper()
	w := &testWorld{t: t, api: New(), library: openapi.NewLibrary(specs.FS)}
	c := clock.New(noon)
	c.Reset(noon, true)
	store := chat.New(w.api.Store())
	blobs := blob.New(t.TempDir(), 64<<20)
	t.Cleanup(func() { require.NoError(t, blobs.Close()) })
	w.World = &marketplace.World{
		Marketplace: "yandex", Sandbox: "default", Clock: c, Store: store, Limits: limit.NewSet(c.Now, nil),
		Blobs: blobs, Log: slog.New(slog.DiscardHandler), BaseURL: "http://127.0.0.1:8080/yandex",
		Config: func() *marketplace.Config { return w.config }, MaxFile: 8 << 20,
	}
	w.set(edition, set)
	text := "version: 1\nyandex:\n" + strings.ReplaceAll("\n"+strings.Trim(section, "\n"), "\n", "\n  ") + "\n"
	world, err := fixture.Load(fstest.MapFS{"test.yaml": {Data: []byte(text)}}, "test", "yandex")
	require.NoError(t, err)
	events, err := world.Events(w.api, playEnv(0))
	require.NoError(t, err)
	_, err = store.Apply(chat.If{}, events...)
	require.NoError(t, err)
	w.client = w.api.credentials(store.Sellers()[0])
	return w
}

func settings(t testing.TB, edition time.Time, set map[string]string) marketplace.Settings {
	t.Helper()
	s, err := marketplace.NewSettings(New().Switches(), edition, set)
	require.NoError(t, err)
	return s
}

// set changes edition and switches, and the limits that follow.
func (w *testWorld) set(edition time.Time, set map[string]string) {
	w.t.Helper()
	config := &marketplace.Config{Settings: settings(w.t, edition, set), Specs: map[string]*openapi.Spec{}}
	for _, name := range []string{specAPI, specFiles, specPush} {
		spec, err := w.library.Load(name, w.api.Overlays(name, config.Settings)...)
		require.NoError(w.t, err)
		config.Specs[name] = spec
	}
	w.config = config
	w.Limits.Follow(w.api.Limits(config))
}

// testReply is an answer with its body as bytes.
type testReply struct {
	status int
	phrase string
	header http.Header
	body   string
	err    error
	call   *marketplace.Call
}

// call runs guards and operation of the first cabinet's API and checks the
// answer against the spec.
func (w *testWorld) call(operation, query, body string, change ...func(*http.Request)) testReply {
	w.t.Helper()
	reply := w.send(w.newCall(operation, query, body, change...))
	require.Empty(w.t, w.config.Specs[specAPI].CheckResponse(operation, openapi.Response{
		Status: reply.status, Header: reply.header, Body: []byte(reply.body),
	}), "%d %s", reply.status, reply.body)
	return reply
}

func (w *testWorld) newCall(operation, query, body string, change ...func(*http.Request)) *marketplace.Call {
	w.t.Helper()
	spec, err := w.library.Load(specAPI)
	require.NoError(w.t, err)
	op, found := spec.Operation(operation)
	require.True(w.t, found, operation)
	target := strings.ReplaceAll(op.Path, "{businessId}", w.Store.Sellers()[0].ID)
	r := httptest.NewRequest(op.Method, target+"?"+query, strings.NewReader(body))
	r.Header.Set("Api-Key", w.client.APIKey)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, f := range change {
		f(r)
	}
	c := &marketplace.Call{
		World: w.World, Config: w.config, Request: r, Operation: op, Target: r.URL.EscapedPath(), Header: http.Header{},
		Path: map[string]string{}, Streamed: w.api.Operations()[operation].Stream,
	}
	if strings.Contains(op.Path, "{businessId}") {
		_, rest, _ := strings.Cut(r.URL.Path, "/businesses/")
		c.Path[pathBusiness], _, _ = strings.Cut(rest, "/")
	}
	if !c.Streamed {
		c.Body = []byte(body)
	}
	return c
}

// send makes the call as the server does, deferred work included.
func (w *testWorld) send(c *marketplace.Call) testReply {
	w.t.Helper()
	response, err := w.run(c)
	if err != nil {
		response = w.api.Error(c, err)
	}
	reply := testReply{
		status: response.Status, phrase: response.Phrase, header: c.Header.Clone(), err: err, body: string(response.Raw), call: c,
	}
	for name, values := range response.Header {
		reply.header[name] = values
	}
	if fast, ok := response.Body.(marketplace.JSONAppender); ok {
		reply.body = string(fast.AppendJSON(nil))
	} else if response.Body != nil {
		reply.body = asJSON(w.t, response.Body)
	}
	c.End(reply.status, reply.header)
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

// requireError wants a refusal with a status, a code and a text, and the reason
// for it.
func (r testReply) requireError(t testing.TB, status int, code, message string) {
	t.Helper()
	require.Equal(t, status, r.status, r.body)
	require.Equal(t, asJSON(t, errorBody{Errors: [1]errorItem{{code, message}}, Status: "ERROR"}), r.body)
	if r.call.Reason == nil {
		var reasoned marketplace.Reasoned
		require.ErrorAs(t, r.err, &reasoned)
		require.NotEmpty(t, reasoned.Reason().Text)
		require.NotEmpty(t, reasoned.Reason().Claim)
	}
}

// requireOK wants status 200 with this body.
func (r testReply) requireOK(t testing.TB, body string) {
	t.Helper()
	require.Equal(t, http.StatusOK, r.status, r.body)
	require.Equal(t, body, r.body)
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	require.NoError(t, enc.Encode(v))
	return strings.TrimSuffix(out.String(), "\n")
}

// says lets the buyer of a chat write.
func (w *testWorld) says(chatID, text string) {
	w.t.Helper()
	w.play(chatID, marketplace.MessageInput{Text: text})
}

// become changes what the first cabinet is.
func (w *testWorld) become(change func(sellerExt) sellerExt) {
	w.t.Helper()
	seller := w.Store.Sellers()[0]
	_, err := w.Store.Apply(chat.If{}, chat.SellerChanged{At: w.Clock.Now(), ID: seller.ID, Ext: change(extOfSeller(seller))})
	require.NoError(w.t, err)
}

func (w *testWorld) advance(d time.Duration) {
	w.t.Helper()
	require.NoError(w.t, w.Clock.Advance(w.t.Context(), d))
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header[http.CanonicalHeaderKey(name)] = []string{value} }
}

func without(name string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Del(name) }
}

// instead sends the call elsewhere.
func instead(from, to string) func(*http.Request) {
	return func(r *http.Request) { r.URL.Path = strings.Replace(r.URL.Path, from, to, 1) }
}

func limitChange(most int) limit.Change { return limit.Change{Max: &most} }

// BenchmarkList is a page of 20 rows without HTTP.
func BenchmarkList(b *testing.B) {
	w := newWorld(b, "generate: {chats: 300}", today, nil)
	require.NoError(b, w.Limits.Adjust(hourly(opGetChats), limitChange(-1)))
	c := w.newCall(opGetChats, "limit=20", "{}")
	c.Findings()
	b.ReportAllocs()
	for b.Loop() {
		call := &marketplace.Call{
			World: c.World, Config: c.Config, Request: c.Request, Operation: c.Operation, Target: c.Target, Path: c.Path, Body: c.Body,
			Header: http.Header{},
		}
		response, err := w.run(call)
		if err != nil {
			b.Fatal(err)
		}
		if n := len(response.Body.(marketplace.JSONAppender).AppendJSON(nil)); n < 5000 {
			b.Fatal(n)
		}
		call.End(http.StatusOK, call.Header)
	}
}
