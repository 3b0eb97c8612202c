package open

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/clock"
	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/marketplace/shopee/sign"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/plainjson"
	"example.com/marketmock/internal/push"
	"example.com/marketmock/specs"
)

var (
	noon  = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)
	today = day(2026, 10, 1)
)

// testWorld is a world without a server: guards and operations are called as the
// server calls them, limits are in force.
type testWorld struct {
	*marketplace.World
	t       testing.TB
	library *openapi.Library
	config  *marketplace.Config
	box     *clock.Clock
}

// newWorld makes a world of a section shopee of a world file, under a frozen
// clock, with switches and their values in turn.
func newWorld(t testing.TB, section string, set ...string) *testWorld {
	t.Helper()
	w := &testWorld{t: t, library: openapi.NewLibrary(specs.FS), box: clock.New(noon)}
	w.box.Reset(noon, true)
	blobs := blob.New(t.TempDir(), 64<<20)
	log := slog.New(slog.DiscardHandler)
	outbox := push.New(push.Options{Clock: w.box, Log: log})
	t.Cleanup(func() {
		outbox.Close()
		require.NoError(t, blobs.Close())
	})
	w.World = &marketplace.World{
		Marketplace: "shopee", Sandbox: "default", Clock: w.box, Store: chat.New(shop.Store()), Limits: limit.NewSet(w.box.Now, nil),
		Blobs: blobs, Outbox: outbox, Log: log, BaseURL: "http://127.0.0.1:8080/shopee",
		Config: func() *marketplace.Config { return w.config }, MaxFile: 16 << 20,
	}
	w.set(today, set...)
	env := marketplace.Env{Now: noon, Rand: rand.New(rand.NewPCG(1, 2)), Seed: 1}
	events, err := shop.Fixture().Decode(env, func(into any) error { return yaml.UnmarshalWithOptions([]byte(section), into, yaml.Strict()) })
	require.NoError(t, err)
	_, err = w.Store.Apply(chat.If{}, events...)
	require.NoError(t, err)
	return w
}

// set changes edition and switches, and the limits that follow.
func (w *testWorld) set(edition time.Time, pairs ...string) {
	w.t.Helper()
	values := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	all := append(append(marketplace.Choices{}, shop.Switches...), Switches...)
	settings, err := marketplace.NewSettings(all.Switches("shopee"), edition, values)
	require.NoError(w.t, err)
	spec, err := w.library.Load(Spec, Overlays.Of(Spec, settings)...)
	require.NoError(w.t, err)
	w.config = &marketplace.Config{Settings: settings, Specs: map[string]*openapi.Spec{Spec: spec}}
	w.Limits.Follow(Limits(w.config))
}

// advance lets time go by.
func (w *testWorld) advance(d time.Duration) {
	w.t.Helper()
	require.NoError(w.t, w.box.Advance(w.t.Context(), d))
}

// first is the first shop as it is now.
func (w *testWorld) first() shop.Shop { return shop.ShopOf(w.Store.Sellers()[0]) }

// change changes a shop, the first being 0.
func (w *testWorld) change(n int, change func(*shop.Shop)) {
	w.t.Helper()
	seller := w.Store.Sellers()[n]
	its := shop.ShopOf(seller)
	change(&its)
	_, err := w.Store.Apply(chat.If{}, chat.SellerChanged{At: w.Clock.Now(), ID: seller.ID, Ext: its})
	require.NoError(w.t, err)
}

// testCall is a call of the first shop before it is signed.
type testCall struct {
	query  url.Values
	as     shop.Shop
	key    string
	path   string
	before func(*http.Request) // changes the signed request
	target string              // the vendor's path, if the request has another
}

// testReply is an answer with its body as bytes.
type testReply struct {
	status int
	header http.Header
	body   string
	err    error
	call   *marketplace.Call
}

// get calls a reading method with its parameters in turn.
func (w *testWorld) get(operation string, pairs ...string) testReply {
	w.t.Helper()
	return w.call(operation, "", func(c *testCall) {
		for i := 0; i+1 < len(pairs); i += 2 {
			c.query.Add(pairs[i], pairs[i+1])
		}
	})
}

// post calls a method with a JSON body.
func (w *testWorld) post(operation, body string, change ...func(*testCall)) testReply {
	w.t.Helper()
	return w.call(operation, body, change...)
}

// call signs and makes a call, and checks the answer against the spec.
func (w *testWorld) call(operation, body string, change ...func(*testCall)) testReply {
	w.t.Helper()
	op, found := w.config.Specs[Spec].Operation(operation)
	require.True(w.t, found, operation)
	as := w.first()
	draft := testCall{as: as, key: as.App.PartnerKey, path: op.Path, query: url.Values{
		paramPartner: {shop.Key(as.App.PartnerID)}, paramTimestamp: {strconv.FormatInt(w.Clock.Now().Unix(), 10)},
	}}
	if op.Extensions["x-api"] == "shop" {
		draft.query.Set(paramToken, as.AccessToken().Value)
		draft.query.Set(paramShop, shop.Key(as.ID))
	}
	for _, f := range change {
		f(&draft)
	}
	if !draft.query.Has(paramSign) {
		signed := sign.Call{
			PartnerID: draft.query.Get(paramPartner), Path: draft.path, Timestamp: draft.query.Get(paramTimestamp),
			AccessToken: draft.query.Get(paramToken), Owner: draft.query.Get(paramShop),
		}
		if op.Extensions["x-api"] == "public" {
			signed.AccessToken, signed.Owner = "", ""
		}
		draft.query.Set(paramSign, signed.Sign(draft.key))
	}
	r := httptest.NewRequest(op.Method, op.Path+"?"+draft.query.Encode(), strings.NewReader(body))
	if draft.before != nil {
		draft.before(r)
	}
	c := &marketplace.Call{
		World: w.World, Config: w.config, Request: r, Operation: op, Target: cmp.Or(draft.target, r.URL.EscapedPath()), Header: http.Header{},
		Streamed: Operations()[operation].Stream,
	}
	if !c.Streamed && body != "" {
		c.Body = []byte(body)
	}
	return w.send(c)
}

// send makes the call as the server does.
func (w *testWorld) send(c *marketplace.Call) testReply {
	w.t.Helper()
	response, err := run(c)
	if err != nil {
		response = Error(c, err)
	}
	c.End(response.Status, c.Header)
	reply := testReply{status: response.Status, header: response.Header, err: err, call: c}
	switch body := response.Body.(type) {
	case nil:
	case marketplace.JSONAppender:
		reply.body = string(body.AppendJSON(nil))
	default:
		reply.body = string(plainjson.Encode(body))
	}
	require.Empty(w.t, c.Config.Specs[Spec].CheckResponse(c.Operation.ID, openapi.Response{
		Status: reply.status, Header: reply.header, Body: []byte(reply.body),
	}), "%d %s", reply.status, reply.body)
	return reply
}

func run(c *marketplace.Call) (marketplace.Response, error) {
	for _, g := range Guards() {
		if err := g.Check(c); err != nil {
			return marketplace.Response{}, err
		}
	}
	return Operations()[c.Operation.ID].Run(c)
}

// told is the envelope of an answer.
type told struct {
	Error    string
	Message  string
	Response json.RawMessage
}

func (r testReply) told(t testing.TB) told {
	t.Helper()
	var out told
	require.NoError(t, json.Unmarshal([]byte(r.body), &out), r.body)
	return out
}

// requireError wants a refusal; an empty text is any.
func (r testReply) requireError(t testing.TB, status int, code, text string) {
	t.Helper()
	got := r.told(t)
	require.Equal(t, status, r.status, r.body)
	require.Equal(t, code, got.Error, r.body)
	if text != "" {
		require.Equal(t, text, got.Message)
	}
	var reasoned marketplace.Reasoned
	require.ErrorAs(t, r.err, &reasoned)
	require.NotEmpty(t, reasoned.Reason().Text)
	require.True(t, strings.HasPrefix(reasoned.Reason().Claim, "shopee/"), reasoned.Reason().Claim)
}

// requireOK wants an answer and reads its response.
func (r testReply) requireOK(t testing.TB, into any) {
	t.Helper()
	got := r.told(t)
	require.Equal(t, http.StatusOK, r.status, r.body)
	require.Empty(t, got.Error, r.body)
	if into != nil {
		decoder := json.NewDecoder(bytes.NewReader(got.Response))
		decoder.DisallowUnknownFields()
		require.NoError(t, decoder.Decode(into), r.body)
	}
}

// form is a multipart body with one file.
func form(name, content string) (body, contentType string) {
	return "--fence\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\n" + content + "\r\n--fence--\r\n",
		"multipart/form-data; boundary=fence"
}

func (w *testWorld) upload(operation, name, content string) testReply {
	w.t.Helper()
	body, kind := form(name, content)
	return w.call(operation, "", func(c *testCall) {
		c.before = func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
			r.Header.Set("Content-Type", kind)
		}
	})
}
