package yandex

import (
	"encoding/json"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/fixture"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/plainjson"
)

// noon is when every test world begins; today is the newest edition.
var (
	noon  = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)
	today = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
)

func playEnv(serial int) marketplace.Env {
	return marketplace.Env{Now: noon, Rand: rand.New(rand.NewPCG(1, 2)), Seed: 1, Serial: serial}
}

// newPlay makes a world of a bundled fixture.
func newPlay(t testing.TB, name string, set map[string]string) *testWorld {
	t.Helper()
	w := newWorld(t, "sellers: []", today, set)
	file, err := fixture.Open(name)
	require.NoError(t, err)
	events, err := file.Events(w.api, playEnv(0))
	require.NoError(t, err)
	store := chat.New(w.api.Store())
	_, err = store.Apply(chat.If{}, events...)
	require.NoError(t, err)
	w.Store.Restore(store.Snapshot())
	w.client = w.api.credentials(w.Store.Sellers()[0])
	return w
}

// chat is a chat as it is now.
func (w *testWorld) chat(id string) chat.Chat {
	w.t.Helper()
	ch, found := w.Store.Chat(id)
	require.True(w.t, found, id)
	return ch
}

func (w *testWorld) status(id string) string {
	w.t.Helper()
	ch := w.chat(id)
	return statusOf(&ch)
}

// last is the newest message of a chat.
func (w *testWorld) last(id string) chat.Message {
	w.t.Helper()
	m, found := w.Store.Message(id, w.chat(id).Last)
	require.True(w.t, found)
	return m
}

// play posts a message as somebody.
func (w *testWorld) play(chatID string, in marketplace.MessageInput) chat.Message {
	w.t.Helper()
	_, err := w.Store.Change(chatID, func(c chat.Chat) ([]chat.Event, error) {
		return w.api.Player().PostMessage(w.World, c, in)
	})
	require.NoError(w.t, err)
	return w.last(chatID)
}

func (w *testWorld) apply(events ...chat.Event) {
	w.t.Helper()
	_, err := w.Store.Apply(chat.If{}, events...)
	require.NoError(w.t, err)
}

// act runs an action and gives its answer as JSON.
func (w *testWorld) act(name, input string) (string, error) {
	w.t.Helper()
	for _, a := range w.api.Actions() {
		if a.Name == name {
			out, err := a.Run(w.World, json.RawMessage(input))
			if err != nil {
				return "", err
			}
			return string(plainjson.Encode(out)), nil
		}
	}
	require.Fail(w.t, "there is no action "+name)
	return "", nil
}

func (w *testWorld) mustAct(name, input string) string {
	w.t.Helper()
	out, err := w.act(name, input)
	require.NoError(w.t, err)
	return out
}

// part is one part of a form.
type part struct{ disposition, kind, content string }

func file(name, content string) part {
	return part{disposition: `form-data; name="file"; filename="` + name + `"`, content: content}
}

// multi writes a form and its Content-Type.
func multi(t testing.TB, parts ...part) (body, contentType string) {
	t.Helper()
	var out strings.Builder
	w := multipart.NewWriter(&out)
	for _, p := range parts {
		head := textproto.MIMEHeader{"Content-Disposition": {p.disposition}}
		if p.kind != "" {
			head.Set("Content-Type", p.kind)
		}
		into, err := w.CreatePart(head)
		require.NoError(t, err)
		_, err = io.WriteString(into, p.content)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.String(), w.FormDataContentType()
}

// upload sends a form to a chat.
func (w *testWorld) upload(chatID string, parts ...part) testReply {
	w.t.Helper()
	body, kind := multi(w.t, parts...)
	return w.call(opSendFile, "chatId="+chatID, body, header("Content-Type", kind))
}

// fetch gets a link of a payload.
func (w *testWorld) fetch(link string, change ...func(*http.Request)) (testReply, http.Header) {
	w.t.Helper()
	spec, err := w.library.Load(specFiles)
	require.NoError(w.t, err)
	op, found := spec.Operation(opDownloadFile)
	require.True(w.t, found)
	r := httptest.NewRequest(http.MethodGet, link, nil)
	for _, f := range change {
		f(r)
	}
	c := &marketplace.Call{World: w.World, Config: w.config, Request: r, Operation: op, Header: http.Header{}, Path: map[string]string{}}
	_, rest, _ := strings.Cut(r.URL.Path, "/files/")
	pieces := strings.SplitN(rest, "/", 4)
	for i, name := range []string{"business_id", "chat_id", "message_id", "file"} {
		c.Path[name] = pieces[i]
	}
	response, err := w.run(c)
	if err != nil {
		response = w.api.Error(c, err)
	}
	reply := testReply{status: response.Status, header: response.Header, err: err, call: c}
	if response.File != nil {
		raw, err := io.ReadAll(response.File)
		require.NoError(w.t, err)
		require.NoError(w.t, response.File.Close())
		reply.body = string(raw)
	} else {
		reply.body = asJSON(w.t, response.Body)
	}
	if reply.body != "" { // an empty file looks like no body
		require.Empty(w.t, w.config.Specs[specFiles].CheckResponse(opDownloadFile, openapi.Response{
			Status: reply.status, Header: reply.header, Body: []byte(reply.body),
		}))
	}
	return reply, response.Header
}
