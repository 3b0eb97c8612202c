package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/clock"
	"example.com/marketmock/internal/fault"
	"example.com/marketmock/internal/journal"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/push"
	"example.com/marketmock/internal/sandbox"
	"example.com/marketmock/internal/when"
)

func TestADurationMayBeginWithDays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"49h": 49 * time.Hour, "2d": 48 * time.Hour, "1d12h": 36 * time.Hour, "0s": 0, "1d1ns": 24*time.Hour + 1,
		"106751d": 106751 * 24 * time.Hour,
	} {
		got, err := parseDuration(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "d", "1", "-1h", "1d-1h", "1d+1h", "1h1d", "1.5d", "1w", "-0s", "99999999999999999999d"} {
		_, err := parseDuration(text)
		require.Error(t, err, text)
	}
	for _, text := range []string{"106752d", "106751d24h"} {
		_, err := parseDuration(text)
		require.ErrorIs(t, err, when.ErrLong, text)
	}
}

func FuzzDuration(f *testing.F) {
	f.Add("1d12h")
	f.Add("106751d23h59m")
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := parseDuration(text); err == nil {
			require.GreaterOrEqual(t, d, time.Duration(0))
		}
	})
}

func TestTheGuardKnowsItsNames(t *testing.T) {
	t.Parallel()
	g := newHostGuard("mock.internal", []string{"Listed.Test:8080", "192.0.2.7"})
	local := &net.TCPAddr{IP: net.ParseIP("198.51.100.4"), Port: 8080}
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST:80": true, "a.localhost:1": true, "127.0.0.1:8080": true, "127.8.8.8": true,
		"[::1]:8080": true, "[::1]": true, "[::ffff:127.0.0.1]:1": true, "mock.internal:8080": true, "listed.test.": true,
		"192.0.2.7:1": true, "198.51.100.4:8080": true,
		"": false, "evil.example": false, "localhost.evil.example": false, "xlocalhost": false, "198.51.100.5": false,
		"127.0.0.1.evil.example": false, "[::2]:80": false, "0x7f000001": false, "listed.test.evil.example": false,
	} {
		require.Equal(t, want, g.allows(host, local), host)
	}
}

func TestEveryOriginOfARequestMustBeKnown(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodGet, "http://localhost/_mock/health", nil)
	r.Header["Origin"] = []string{"http://localhost", "http://evil.example"}
	require.Error(t, newHostGuard("", nil).refuses(r, nil))
}

func TestAnErrorBecomesAProblem(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err    error
		status int
		field  string
	}{
		{findings{{In: "body", Pointer: "/text", Message: "/text is a number"}}, 400, "/text"},
		{findings{{In: "content-type", Message: "wrong"}}, 415, ""},
		{&marketplace.InputError{Field: "items[2].sku", Reason: "x"}, 400, "/items/2/sku"},
		{&fault.Invalid{Field: "kind", Reason: "x"}, 400, "/kind"},
		{&marketplace.TooLargeError{Limit: 1}, 413, ""},
		{fmt.Errorf("put: %w", blob.ErrTooLarge), 413, ""},
		{blob.ErrFull, 507, ""},
		{fmt.Errorf("chat: %w", chat.ErrUnknown), 404, ""},
		{sandbox.ErrUnknown, 404, ""},
		{sandbox.ErrNoSnapshot, 404, ""},
		{sandbox.ErrExists, 409, ""},
		{chat.ErrExists, 409, ""},
		{chat.ErrOrder, 409, ""},
		{clock.ErrBack, 409, ""},
		{clock.ErrReset, 409, ""},
		{sandbox.ErrFull, 429, ""},
		{errStopped, 503, ""},
		{errToken, 401, TokenHeader},
		{errors.New("inside"), 500, ""},
	} {
		p := problemOf(tc.err)
		require.Equal(t, tc.status, p.Status, tc.err)
		require.Equal(t, tc.field, p.Field, tc.err)
		require.NotContains(t, p.Detail, "inside")
	}
}

func TestABodyIsShownAsWhatItIs(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		body journal.Body
		want string
	}{
		{"nothing", journal.Body{}, `{"length":0}`},
		{"JSON", journal.Body{Bytes: []byte(`{"a":9007199254740993}`), Length: 22, SHA256: "x"}, `{"json":{"a":9007199254740993},"length":22,"sha256":"x"}`},
		{"JSON that was cut", journal.Body{Bytes: []byte(`[1]`), Length: 9, Cut: true}, `{"text":"[1]","length":9,"cut":true}`},
		{"JSON with broken text", journal.Body{Bytes: []byte("\"\xff\""), Length: 3}, `{"base64":"Iv8i","length":3}`},
		{"text", journal.Body{Bytes: []byte("a<b"), Length: 3}, `{"text":"a<b","length":3}`},
		{"text cut inside a letter", journal.Body{Bytes: []byte("ч\xd0"), Length: 9, Cut: true}, `{"text":"ч","length":9,"cut":true}`},
		{"bytes", journal.Body{Bytes: []byte{0xff}, Length: 1}, `{"base64":"/w==","length":1}`},
	} {
		raw, err := json.Marshal(viewBody(tc.body))
		require.NoError(t, err)
		require.JSONEq(t, tc.want, string(raw), tc.name)
	}
}

func TestADeliveryTellsWhatWasTried(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.May, 1, 10, 0, 0, 0, time.FixedZone("", 3600))
	raw, err := json.Marshal(viewDelivery(push.Delivery{
		ID: 7, Queued: at, State: push.Pending, Next: at.Add(time.Minute),
		Notification: push.Notification{Webhook: 2, Event: "E", Method: "POST", URL: "http://127.0.0.1:9/", Body: []byte(`{"a":1}`)},
		Attempts: []push.Attempt{{
			At: at, Took: 1500 * time.Millisecond, Verdict: push.Verdict{Code: "TIMEOUT"},
			Reply: push.Reply{Err: errors.New("no answer"), Timeout: true},
		}},
	}))
	require.NoError(t, err)
	require.JSONEq(t, `{"id":"7","queued":"2026-05-01T09:00:00Z","marketplace":"","seller":"","webhook":"2","event":"E",
		"method":"POST","url":"http://127.0.0.1:9/","headers":{},"body":{"a":1},"state":"pending","next":"2026-05-01T09:01:00Z",
		"attempts":[{"at":"2026-05-01T09:00:00Z","took":"1.5s","error":"no answer","timeout":true,"ok":false,"code":"TIMEOUT"}]}`, string(raw))
}

func TestNoEventTellsWhatASellerCarries(t *testing.T) {
	t.Parallel()
	secret := struct{ Key string }{"do not tell"}
	for _, e := range []chat.Event{
		chat.SellerAdded{Seller: chat.Seller{ID: "1", Ext: secret}},
		chat.SellerChanged{ID: "1", Ext: secret},
	} {
		raw, err := json.Marshal(viewEvent(e))
		require.NoError(t, err)
		require.NotContains(t, string(raw), "do not tell")
	}
}

func TestAFindingsProblemNamesAllFields(t *testing.T) {
	t.Parallel()
	p := problemOf(findings([]openapi.Finding{{Pointer: "/a", Message: "one"}, {Pointer: "/b", Message: "two"}}))
	require.Equal(t, []FieldProblem{{"/a", "one"}, {"/b", "two"}}, p.Errors)
}
