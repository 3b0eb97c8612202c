package ozon

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
)

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) {
		if value == "" {
			r.Header.Del(name)
			return
		}
		r.Header.Set(name, value)
	}
}

// Each row spoils what the rows below it spoil too, so that an answer tells
// which check came first.
// Proves: ozon/guard-headers-before-number, ozon/guard-number-before-key
// Proves: ozon/guard-key-before-state, ozon/guard-limit-after-key
// Proves: ozon/guard-body-before-premium, ozon/guard-premium-before-chat
// Proves: ozon/guard-chat-before-rules, ozon/headers-missing
// Proves: ozon/client-id-not-integer, ozon/wrong-key-404, ozon/key-deactivated
// Proves: ozon/offer-not-signed, ozon/rate-limit-429, ozon/text-length-error
// Proves: ozon/premium-plus-text, ozon/premium-send, ozon/chat-not-found, ozon/grpc-code
func TestGuardOrder(t *testing.T) {
	t.Parallel()
	const premium = "s.checkPremiumPlus failed: method is allowed starting from the premium plus subscription"
	w := newWorld(t, "blocked-chat", today, nil)
	blocked := w.first().ID
	send := func(chatID, text string, change ...func(*http.Request)) testReply {
		return w.call(opSendMessage, fmt.Sprintf(`{"chat_id":%q,"text":%q}`, chatID, text), change...)
	}
	require.NoError(t, w.act("subscription.set", `{"subscription":"PREMIUM"}`))
	require.NoError(t, w.act("offer.unsign", `{}`))
	require.NoError(t, w.act("key.revoke", `{}`))
	require.NoError(t, w.Limits.Adjust(limitSecond, limitChange(0)))

	send("0", "", header("Client-Id", "x"), header("Api-Key", "")).
		requireError(t, 401, 16, "Client-Id and Api-Key headers are required")
	send("0", "", header("Client-Id", "x"), header("Api-Key", "wrong")).
		requireError(t, 400, 3, "Client-Id header value should be positive integer")
	send("0", "", header("Api-Key", "wrong")).
		requireError(t, 404, 5, "Invalid Api-Key, please check the key and try again")
	send("0", "").requireError(t, 403, 7, "Api-key is deactivated, use another one or generate a new one")
	require.NoError(t, w.act("key.restore", `{}`))
	send("0", "").requireError(t, 403, 7, "Offer not signed")
	require.NoError(t, w.act("offer.sign", `{}`))
	send("0", "").requireError(t, 429, 8, "You have reached request rate limit per second")
	require.NoError(t, w.Limits.Adjust(limitSecond, limitChange(-1)))
	send("0", "").requireError(t, 400, 3, "invalid chat guid")
	send(unknownChat, "").requireError(t, 400, 3,
		"Request validation error: invalid ChatSendMessageRequest.Text: value length must be between 1 and 1000 runes, inclusive")
	send(unknownChat, "hello").requireError(t, 403, 7, premium)
	require.NoError(t, w.act("subscription.set", `{"subscription":"PREMIUM_PLUS"}`))
	send(unknownChat, "hello").requireError(t, 404, 5, "chat not found")
	send(blocked, "hello").requireError(t, 403, 7, "chat blocked by user")
	require.NoError(t, w.act("chat.unblock", fmt.Sprintf(`{"chat":%q}`, blocked)))
	require.Equal(t, `{"result":"success"}`, send(blocked, "hello").body)
}

const unknownChat = "00000000-0000-4000-8000-00000000dead"

// Client-Id is a positive integer in text.
// Proves: ozon/client-id-not-integer
func TestClientID(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "empty", today, nil)
	for _, id := range []string{"x", "0", "-1", "1.5", "1e3", "10 01", "99999999999999999999", "\u0661"} {
		w.call(opListV3, `{"limit":1}`, header("Client-Id", id)).
			requireError(t, 400, 3, "Client-Id header value should be positive integer")
	}
	w.call(opListV3, `{"limit":1}`, header("Client-Id", "7")).
		requireError(t, 404, 5, "Invalid Api-Key, please check the key and try again")
	for _, name := range []string{"Client-Id", "Api-Key"} {
		w.call(opListV3, `{"limit":1}`, header(name, "")).
			requireError(t, 401, 16, "Client-Id and Api-Key headers are required")
	}
	w.call(opListV3, `{"limit":1}`, header("Api-Key", "00000000-0000-4000-8000-000000001002")).
		requireError(t, 404, 5, "Invalid Api-Key, please check the key and try again")
}

// A bearer token stands in for the headers since 30 October 2025.
// Proves: ozon/oauth-bearer, ozon/wrong-token, ozon/oauth-roles
func TestBearerToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "default", today, nil)
	noHeaders := func(token string) []func(*http.Request) {
		return []func(*http.Request){header("Client-Id", ""), header("Api-Key", ""), header("Authorization", token)}
	}
	own := w.call(opListV3, `{"limit":100}`)
	require.Equal(t, own.body, w.call(opListV3, `{"limit":100}`, noHeaders("Bearer ozon-demo-oauth")...).body)
	require.NotEqual(t, own.body, w.call(opListV3, `{"limit":100}`, noHeaders("bearer ozon-demo-oauth-2")...).body)
	w.call(opListV3, `{"limit":1}`, noHeaders("Bearer nobody")...).requireError(t, 401, 16, "Invalid access token")
	w.call(opListV3, `{"limit":1}`, noHeaders("Basic eA==")...).
		requireError(t, 401, 16, "Client-Id and Api-Key headers are required")
	require.Equal(t, 200, w.call(opListV3, `{"limit":1}`, header("Authorization", "Bearer None")).status, "the headers win")
	require.NotContains(t, w.call(opRoles, `{}`, noHeaders("Bearer ozon-demo-oauth")...).body, "expires_at")
	w.set(day(2025, 10, 29), nil)
	w.call(opListV3, `{"limit":1}`, noHeaders("Bearer ozon-demo-oauth")...).
		requireError(t, 401, 16, "Client-Id and Api-Key headers are required")
}

// What a key may.
// Proves: ozon/key-role-missing, ozon/key-ip-restricted
// Proves: ozon/key-expired, ozon/key-lifetime-days
// Proves: ozon/roles-shape, ozon/roles-expires-at
func TestKeys(t *testing.T) {
	t.Parallel()
	list := func(fixture string) testReply { return newWorld(t, fixture, today, nil).call(opListV3, `{"limit":1}`) }
	list("key-roles").requireError(t, 403, 7, "Api-Key is missing a required role for a method")
	list("key-networks").requireError(t, 403, 7, "Api-Key is restricted to specific IP addresses")
	list("key-revoked").requireError(t, 403, 7, "Api-key is deactivated, use another one or generate a new one")
	list("key-expired").requireError(t, 403, 7, "Api-key is deactivated, use another one or generate a new one")
	list("offer-unsigned").requireError(t, 403, 7, "Offer not signed")

	w := newWorld(t, "empty", today, nil)
	require.NoError(t, w.act("key.restrict", `{"networks":["10.0.0.1","127.0.0.0/8"]}`))
	require.Equal(t, 200, w.call(opListV3, `{"limit":1}`).status)
	require.NoError(t, w.act("key.roles", `{"roles":[{"name":"Chat"},{"name":"mine","methods":["/v1/seller"]}]}`))
	require.Equal(t, 200, w.call(opSellerInfo, `{}`).status)
	w.call(opHookList, `{}`).requireError(t, 403, 7, "Api-Key is missing a required role for a method")
	roles := w.call(opRoles, `{}`).body
	require.Contains(t, roles, `"expires_at":"2026-12-20T12:00:00Z"`, "90 days")
	require.Contains(t, roles, `{"name":"mine","methods":["/v1/seller"]}`)
	w.set(today, map[string]string{switchKeyLifetime: "180"})
	require.Contains(t, w.call(opRoles, `{}`).body, `"expires_at":"2027-03-20T12:00:00Z"`)
	w.set(today, map[string]string{switchKeyLifetime: "0"})
	require.NotContains(t, w.call(opRoles, `{}`).body, "expires_at")
	require.NoError(t, w.act("key.expire", `{}`))
	w.call(opListV3, `{"limit":1}`).requireError(t, 403, 7, "Api-key is deactivated, use another one or generate a new one")
}

// The limit and its headers.
// Proves: ozon/limit-window-second, ozon/limit-50-per-second, ozon/ratelimit-headers
// Proves: ozon/refused-calls-count, ozon/rate-limit-code, ozon/no-chat-method-limit
func TestRateLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "empty", today, nil)
	for i := range 50 {
		body, operation := `{"limit":1}`, opListV3
		if i%2 == 1 {
			body, operation = `{"chat_id":"x"}`, opHistoryV3
		}
		require.Equal(t, []string{fmt.Sprint(49 - i)}, w.call(operation, body).header["Ratelimit-Remaining"])
	}
	w.call(opListV3, `{"limit":1}`, header("Api-Key", "wrong")).requireError(t, 404, 5, "Invalid Api-Key, please check the key and try again")
	over := w.call(opListV3, `{"limit":1}`)
	over.requireError(t, 429, 8, "You have reached request rate limit per second")
	require.Equal(t, []string{"0"}, over.header["Ratelimit-Remaining"])
	require.Equal(t, []string{"1"}, over.header["Retry-After"])

	w.set(today, map[string]string{switchRateHeaders: "off", switchRateLimitCode: "string"})
	over = w.call(opListV3, `{"limit":1}`)
	require.Contains(t, over.body, `"code":"RESOURCE_EXHAUSTED"`)
	require.Empty(t, over.header["Retry-After"])
	require.Empty(t, over.header["Ratelimit-Remaining"])
	w.advance(time.Second - time.Nanosecond)
	require.Equal(t, 429, w.call(opListV3, `{"limit":1}`).status)
	w.advance(time.Nanosecond)
	require.Equal(t, 200, w.call(opListV3, `{"limit":1}`).status, "the next second")
}

// Proves: ozon/content-type-check
func TestContentType(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "empty", today, nil)
	for _, kind := range []string{"", "text/plain", "application/xml"} {
		require.Equal(t, 200, w.call(opListV3, `{"limit":1}`, header("Content-Type", kind)).status)
	}
	w.set(today, map[string]string{switchContentType: "on"})
	for _, kind := range []string{"", "text/plain"} {
		w.call(opListV3, `{"limit":1}`, header("Content-Type", kind)).
			requireError(t, 400, 3, "Content-Type header should be application/json")
	}
	require.Equal(t, 200, w.call(opListV3, `{"limit":1}`, header("Content-Type", "Application/JSON; charset=utf-8")).status)
}

// Three kinds of 404.
// Proves: ozon/unknown-path-404
func TestMethodThatDoesNotExist(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "empty", today, nil)
	gone := w.call(opListV2, `{"limit":1}`, header("Client-Id", ""))
	require.Equal(t, 404, gone.status)
	require.Equal(t, "404 page not found\n", gone.body)
	require.True(t, strings.HasPrefix(gone.header.Get("Content-Type"), "text/plain"))
}

// A body over the server's bound is told in its turn: after the key.
// Proves: ozon/body-too-large, ozon/guard-headers-before-number
func TestBodyOverTheBound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "empty", today, nil)
	for key, want := range map[string]int{"": 401, "wrong": 404, w.client.APIKey: 400} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		header("Client-Id", w.client.ClientID)(r)
		header("Api-Key", key)(r)
		c := &marketplace.Call{
			World: w.World, Config: w.config, Request: r, Header: http.Header{},
			Operation: mustOperation(t, w, opListV3), BodyError: &marketplace.TooLargeError{Limit: 1},
		}
		_, err := w.run(c)
		require.Equal(t, want, w.api.Error(c, err).Status, key)
		if want == 400 {
			require.Equal(t, "ozon/body-too-large", c.Reason.Claim)
		}
	}
}

// A key keeps the lifetime that it was made with, unless a switch says another.
// Proves: ozon/key-lifetime-days
func TestKeyLifetimeFollowsItsCreation(t *testing.T) {
	t.Parallel()
	made := func(month time.Month, d int) apiKey { return apiKey{Created: day(2026, month, d)} }
	for _, tt := range []struct {
		name string
		on   time.Time
		set  map[string]string
		key  apiKey
		days int
	}{
		{"made since 2 September", today, nil, made(time.September, 3), 90},
		{"made on 2 September", today, nil, made(time.September, 2), 90},
		{"made on 1 September", today, nil, made(time.September, 1), 180},
		{"made on 20 February", today, nil, made(time.February, 20), 180},
		{"made on 19 February", today, nil, made(time.February, 19), 0},
		{"made later than the edition", day(2026, 4, 8), nil, made(time.September, 3), 180},
		{"made later than an edition without ends", day(2025, 8, 1), nil, made(time.September, 3), 0},
		{"with a switch that says half a year", today, map[string]string{switchKeyLifetime: "180"}, made(time.September, 3), 180},
		{"with a switch that says never", today, map[string]string{switchKeyLifetime: "0"}, made(time.September, 3), 0},
		{"old, with a switch set to the edition's own value", today, map[string]string{switchKeyLifetime: "90"}, made(time.January, 3), 90},
		{"old, with a switch that says 90", day(2026, 4, 8), map[string]string{switchKeyLifetime: "90"}, made(time.January, 3), 90},
	} {
		require.Equal(t, time.Duration(tt.days)*24*time.Hour, keyLifetime(settings(t, tt.on, tt.set), tt.key), tt.name)
	}
}
