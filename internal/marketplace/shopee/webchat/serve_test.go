package webchat_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
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
	"example.com/marketmock/internal/marketplace/shopee"
	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/marketplace/shopee/webchat"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/specs"
)

var (
	noon  = time.Date(2026, time.October, 1, 12, 0, 0, 0, time.UTC)
	today = time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC)
)

const base = "http://127.0.0.1:8080/shopee"

// testWorld is a world without a server: guards and operations are called as the
// server calls them.
type testWorld struct {
	*marketplace.World
	t      testing.TB
	api    *shopee.API
	config *marketplace.Config
	token  string // of calls; "" for none
}

// newWorld makes a world of a section shopee of a world file, under a frozen
// clock.
func newWorld(t testing.TB, section string, set map[string]string) *testWorld {
	t.Helper()
	w := &testWorld{t: t, api: shopee.New()}
	c := clock.New(noon)
	c.Reset(noon, true)
	blobs := blob.New(t.TempDir(), 64<<20)
	t.Cleanup(func() { require.NoError(t, blobs.Close()) })
	w.World = &marketplace.World{
		Marketplace: "shopee", Sandbox: "default", Clock: c, Store: chat.New(w.api.Store()), Limits: limit.NewSet(c.Now, nil),
		Blobs: blobs, Log: slog.New(slog.DiscardHandler), BaseURL: base,
		Config: func() *marketplace.Config { return w.config }, MaxFile: 64 << 20,
	}
	w.set(set)
	text := "version: 1\nshopee:\n" + strings.ReplaceAll("\n"+strings.Trim(section, "\n"), "\n", "\n  ") + "\n"
	world, err := fixture.Load(fstest.MapFS{"test.yaml": {Data: []byte(text)}}, "test", "shopee")
	require.NoError(t, err)
	events, err := world.Events(w.api, marketplace.Env{Now: noon, Rand: rand.New(rand.NewPCG(1, 2)), Seed: 1})
	require.NoError(t, err)
	w.apply(events...)
	w.token = w.shop("").Login.Token
	return w
}

func (w *testWorld) apply(events ...chat.Event) {
	w.t.Helper()
	_, err := w.Store.Apply(chat.If{}, events...)
	require.NoError(w.t, err)
}

// shop is the shop of a seller's name.
func (w *testWorld) shop(name string) shop.Shop {
	w.t.Helper()
	seller, err := w.Seller(name)
	require.NoError(w.t, err)
	return shop.ShopOf(seller)
}

// change changes the shop of a seller's name.
func (w *testWorld) change(name string, change func(*shop.Shop)) {
	w.t.Helper()
	_, err := marketplace.ChangeSeller(w.World, name, func(s *shop.Shop) error {
		change(s)
		return nil
	})
	require.NoError(w.t, err)
}

// set changes switches.
func (w *testWorld) set(set map[string]string) {
	w.t.Helper()
	settings, err := marketplace.NewSettings(w.api.Switches(), today, set)
	require.NoError(w.t, err)
	spec, err := openapi.NewLibrary(specs.FS).Load(webchat.Spec, w.api.Overlays(webchat.Spec, settings)...)
	require.NoError(w.t, err)
	w.config = &marketplace.Config{Settings: settings, Specs: map[string]*openapi.Spec{webchat.Spec: spec}}
}

// reply is an answer with its body as bytes.
type reply struct {
	status int
	header http.Header
	body   string
	err    error
	call   *marketplace.Call
}

func (w *testWorld) get(target string, change ...func(*http.Request)) reply {
	w.t.Helper()
	return w.call(http.MethodGet, target, "", change...)
}

func (w *testWorld) post(target, body string, change ...func(*http.Request)) reply {
	w.t.Helper()
	return w.call(http.MethodPost, target, body, change...)
}

func (w *testWorld) put(target, body string, change ...func(*http.Request)) reply {
	w.t.Helper()
	return w.call(http.MethodPut, target, body, change...)
}

// call runs guards and operation of a path below /webchat/api/ and checks the
// answer against the spec.
func (w *testWorld) call(method, target, body string, change ...func(*http.Request)) reply {
	w.t.Helper()
	r := httptest.NewRequest(method, "/webchat/api/"+target, strings.NewReader(body))
	if w.token != "" {
		r.Header.Set("Authorization", "Bearer "+w.token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "text/plain;charset=UTF-8")
	}
	for _, f := range change {
		f(r)
	}
	c := w.newCall(r, body)
	answer, err := w.run(c)
	if err != nil {
		answer = w.api.Error(c, err)
	}
	got := reply{status: answer.Status, header: c.Header.Clone(), err: err, body: string(answer.Raw), call: c}
	for name, values := range answer.Header {
		got.header[name] = values
	}
	if fast, ok := answer.Body.(marketplace.JSONAppender); ok {
		got.body = string(fast.AppendJSON(nil))
	} else if answer.Body != nil {
		var buf bytes.Buffer
		enc := json.NewEncoder(&buf)
		enc.SetEscapeHTML(false)
		require.NoError(w.t, enc.Encode(answer.Body))
		got.body = strings.TrimSuffix(buf.String(), "\n")
	}
	c.End(got.status, got.header)
	require.Empty(w.t, w.config.Specs[webchat.Spec].CheckResponse(c.Operation.ID, openapi.Response{
		Status: got.status, Header: got.header, Body: []byte(got.body),
	}), "%s %s: %d %s", method, target, got.status, got.body)
	return got
}

// newCall finds the operation of a request by the spec's paths and their other
// spellings.
func (w *testWorld) newCall(r *http.Request, body string) *marketplace.Call {
	w.t.Helper()
	for _, op := range w.config.Specs[webchat.Spec].Operations() {
		for _, template := range append(w.api.Paths(op.Path), op.Path) {
			path, matches := match(template, r.URL.Path)
			if !matches || op.Method != r.Method {
				continue
			}
			c := &marketplace.Call{
				World: w.World, Config: w.config, Request: r, Operation: op, Target: r.URL.EscapedPath(), Path: path,
				Header: http.Header{}, Streamed: w.api.Operations()[op.ID].Stream,
			}
			if !c.Streamed {
				c.Body = []byte(body)
			}
			return c
		}
	}
	require.Fail(w.t, "no operation has "+r.Method+" "+r.URL.Path)
	return nil
}

func match(template, path string) (map[string]string, bool) {
	names, values := strings.Split(template, "/"), strings.Split(path, "/")
	found := map[string]string{}
	return found, slices.EqualFunc(names, values, func(name, value string) bool {
		if inner, param := strings.CutPrefix(name, "{"); param {
			found[strings.TrimSuffix(inner, "}")] = value
			return value != ""
		}
		return name == value
	})
}

func (w *testWorld) run(c *marketplace.Call) (marketplace.Response, error) {
	for _, guard := range w.api.Guards() {
		if err := guard.Check(c); err != nil {
			return marketplace.Response{}, err
		}
	}
	return w.api.Operations()[c.Operation.ID].Run(c)
}

// ok wants 200 and reads the body.
func (r reply) ok(t testing.TB, into any) reply {
	t.Helper()
	require.Equal(t, http.StatusOK, r.status, r.body)
	if into != nil {
		require.NoError(t, json.Unmarshal([]byte(r.body), into), r.body)
	}
	return r
}

// refused wants a status and a body, and the reason for it.
func (r reply) refused(t testing.TB, status int, body, claim string) {
	t.Helper()
	require.Equal(t, status, r.status, r.body)
	require.JSONEq(t, body, r.body)
	var why marketplace.Reasoned
	require.ErrorAs(t, r.err, &why)
	require.Equal(t, "shopee/"+claim, why.Reason().Claim)
	require.NotEmpty(t, why.Reason().Text)
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func cookie(value string) func(*http.Request) { return header("Cookie", value) }

// row is what tests read of a conversation.
type row struct {
	ID        string
	ToID      int64  `json:"to_id"`
	ToName    string `json:"to_name"`
	ShopID    int64  `json:"shop_id"`
	Status    string
	Unread    int             `json:"unread_count"`
	Latest    string          `json:"latest_message_id"`
	Nano      string          `json:"last_message_time_nano"`
	Next      int64           `json:"next_timestamp"`
	NextNano  int64           `json:"next_timestamp_nano"`
	Region    string          `json:"last_message_region"`
	Type      string          `json:"latest_message_type"`
	From      int64           `json:"latest_message_from_id"`
	LastTime  string          `json:"last_message_time"`
	ReadUpTo  string          `json:"last_read_message_id"`
	LatestMsg json.RawMessage `json:"latest_message_content"`
}

// rows asks for conversations.
func (w *testWorld) rows(target string) []row {
	w.t.Helper()
	var out []row
	w.get(target).ok(w.t, &out)
	return out
}
