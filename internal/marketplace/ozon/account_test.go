package ozon

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// Proves: ozon/seller-info-subscription, ozon/seller-info-company
func TestSellerInfo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "empty", today, nil)
	body := w.call(opSellerInfo, "").body
	require.Contains(t, body, `"subscription":{"is_premium":true,"type":"PREMIUM_PLUS"}`)
	require.Contains(t, body, `"name":"Магазин «Северный чай»"`)
	require.NoError(t, w.act("subscription.set", `{"seller":"demo","subscription":"UNSPECIFIED"}`))
	require.Contains(t, w.call(opSellerInfo, "").body, `"subscription":{"is_premium":false,"type":"UNSPECIFIED"}`)
}

// Whose world a request is for.
func TestCredentialCandidates(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		header http.Header
		want   []string
	}{
		"nothing":                {http.Header{}, nil},
		"a Client-Id":            {http.Header{"Client-Id": {"1001"}}, []string{"ozon:client:1001"}},
		"leading zeros":          {http.Header{"Client-Id": {"01001"}}, []string{"ozon:client:1001"}},
		"the first of two":       {http.Header{"Client-Id": {"1001", "1002"}}, []string{"ozon:client:1001"}},
		"no number":              {http.Header{"Client-Id": {"x"}}, nil},
		"a token":                {http.Header{"Authorization": {"bearer abc"}}, []string{"ozon:oauth:abc"}},
		"both, Client-Id first":  {http.Header{"Client-Id": {"7"}, "Authorization": {"Bearer abc"}}, []string{"ozon:client:7", "ozon:oauth:abc"}},
		"another scheme":         {http.Header{"Authorization": {"Basic abc"}}, nil},
		"a scheme without token": {http.Header{"Authorization": {"Bearer"}}, nil},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Header = tt.header
		require.Equal(t, tt.want, New().Credential(r), name)
	}
	owned := New().Owned(chat.Seller{ID: "1001", Ext: sellerExt{OAuth: []string{"abc"}}})
	require.Equal(t, []string{"ozon:client:1001", "ozon:oauth:abc"}, owned)
}

// A mistake in an action's input names the field, and no state is hidden from
// the control API.
func TestActions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "images", today, nil)
	id := w.first().ID
	for name, inputs := range map[string][]string{
		"subscription.set": {`{"subscription":"GOLD"}`, `{"seller":"nobody","subscription":"PREMIUM"}`, `{"subscription":1}`, `{"x":1}`},
		"key.revoke":       {`{"key":"none"}`},
		"key.restrict":     {`{"networks":["x"]}`},
		"key.roles":        {`{"roles":[{"name":"King"}]}`},
		"message.edit":     {fmt.Sprintf(`{"chat":%q,"text":""}`, id), fmt.Sprintf(`{"chat":%q,"text":"x","message":"y"}`, id)},
		"message.moderate": {fmt.Sprintf(`{"chat":%q,"status":"OK"}`, id)},
	} {
		for _, input := range inputs {
			var wrong *marketplace.InputError
			require.ErrorAs(t, w.act(name, input), &wrong, "%s %s", name, input)
		}
	}
	for _, name := range []string{"chat.block", "chat.disable", "message.edit"} {
		require.ErrorIs(t, w.act(name, fmt.Sprintf(`{"chat":%q%s}`, unknownChat, map[bool]string{true: `,"text":"x"`}[name == "message.edit"])), chat.ErrUnknown)
	}
	require.ErrorIs(t, w.act("webhook.confirm", `{"webhook":9}`), chat.ErrUnknown)
	names := []string{}
	for _, a := range w.api.Actions() {
		names = append(names, a.Name)
		_, err := json.Marshal(a.Input)
		require.NoError(t, err)
	}
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(names))), len(names))
	for _, ext := range []any{w.Store.Sellers()[0].Ext, w.first().Ext, hookExt{}} {
		raw, err := json.Marshal(ext)
		require.NoError(t, err)
		require.NotEqual(t, "{}", string(raw))
	}
}

// Files of messages are fetched by their links.
// Proves: ozon/file-link, ozon/file-link-open
func TestFileDownload(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "images", today, nil)
	id := w.first().ID
	require.Equal(t, 200, w.call(opSendFile, fmt.Sprintf(`{"chat_id":%q,"base64_content":"aGVsbG8=","name":"a.txt"}`, id)).status)
	fetch := func(message uint64, file string) (marketplace.Response, error) {
		return w.run(&marketplace.Call{
			World: w.World, Config: w.config, Request: httptest.NewRequest(http.MethodGet, "/", nil), Header: http.Header{},
			Operation: mustOperation(t, w, opFileDownload),
			Path:      map[string]string{"client_id": "1001", "chat_id": id, "message_id": fmt.Sprint(message), "file": file},
		})
	}
	messages, _ := w.Store.Messages(id, chat.Range{Limit: 10})
	got, err := fetch(w.first().Last, "a.txt")
	require.NoError(t, err)
	content, err := io.ReadAll(got.File)
	require.NoError(t, err)
	require.NoError(t, got.File.Close())
	require.Equal(t, "hello", string(content))
	got, err = fetch(messages[1].ID, "front.jpg")
	require.NoError(t, err)
	content, err = io.ReadAll(got.File)
	require.NoError(t, err)
	_, err = png.Decode(bytes.NewReader(content))
	require.NoError(t, err)
	for _, message := range []uint64{messages[0].ID, w.first().Last, 7} {
		_, err = fetch(message, "other.txt")
		require.ErrorIs(t, err, marketplace.ErrNoRoute)
	}
}

// What is played is checked.
func TestPlayerInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "fbs-asked", today, nil)
	p := w.api.Player()
	var wrong *marketplace.InputError
	for _, in := range []marketplace.ChatInput{{ID: "7"}, {Type: "FRIENDS"}, {Order: "none"}, {Seller: "nobody"}} {
		_, err := p.OpenChat(w.World, in)
		require.ErrorAs(t, err, &wrong, "%+v", in)
	}
	for _, in := range []marketplace.MessageInput{{}, {From: "cat", Text: "x"}, {File: &marketplace.FileInput{}}, {File: &marketplace.FileInput{Name: "a", URL: "ftp://x"}}} {
		_, err := p.PostMessage(w.World, w.first(), in)
		require.ErrorAs(t, err, &wrong, "%+v", in)
	}
	for _, in := range []marketplace.OrderInput{{Scheme: "DBS"}, {Seller: "nobody"}, {ID: w.Store.Orders("", 1)[0].ID}} {
		_, err := p.PlaceOrder(w.World, in)
		require.ErrorAs(t, err, &wrong, "%+v", in)
	}
	for _, in := range []marketplace.WebhookInput{{URL: "x"}, {URL: "http://x", Types: []string{"T"}}, {URL: "http://x", Seller: "nobody"}} {
		_, err := p.SetWebhook(w.World, in, nil)
		require.ErrorAs(t, err, &wrong, "%+v", in)
	}
	events, err := p.PlaceOrder(w.World, marketplace.OrderInput{})
	require.NoError(t, err)
	w.apply(events...)
	require.True(t, strings.HasPrefix(w.api.Curl("http://x/", w.Store.Sellers()[0]), "curl -sS http://x/v3/chat/list -H 'Client-Id: 1001'"))
}

// A broken answer is what the spec does not allow.
func TestBroken(t *testing.T) {
	t.Parallel()
	for _, body := range []any{
		success{"success"}, empty{}, startAnswer{}, listAnswer{style: styleOf(settings(t, today, nil))}, checkAnswer{Errors: []checkError{}},
	} {
		r := New().Broken(nil, marketplace.Response{Status: 200, Body: body})
		require.Nil(t, r.Body)
		require.True(t, json.Valid(r.Raw), string(r.Raw))
		require.Contains(t, string(r.Raw), "broken")
	}
}
