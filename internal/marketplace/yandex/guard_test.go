package yandex

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
)

// two has two cabinets and a chat about an order of the first.
const two = `
sellers: [{name: demo, title: Листок}, {name: second}]
orders: [{id: 5001, buyer: x1y2z3, placed: -2d}]
buyers: [{id: x1y2z3, name: Анна К.}]
chats:
  - {id: 14604709, order: 5001, messages: [{text: Здравствуйте, at: -1h}]}
  - {id: 14604710, seller: second, buyer: q7, messages: [{text: Чужой, at: -1h}]}
`

const theirs = "ACMA:marketmockdemomarketmockdemomarketmockde:00002011"

// Each row spoils what the rows below it spoil too, so that an answer tells
// which check came first.
// Proves: yandex/guard-order, yandex/error-first, yandex/error-envelope, yandex/error-codes
func TestGuardOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, two, today, map[string]string{switchUnversioned: "404"})
	big := strings.Repeat(" ", 600_000)
	send := func(query, body string, change ...func(*http.Request)) testReply {
		return w.call(opSendMessage, query, body, append([]func(*http.Request){header("Content-Type", "text/plain")}, change...)...)
	}
	foreign, wrong, unversionedPath := instead("2001", "2002"), header("Api-Key", "wrong"), instead("/v2", "")
	require.NoError(t, w.Limits.Adjust(limitParallel, limitChange(0)))
	require.NoError(t, w.Limits.Adjust(hourly(opSendMessage), limitChange(0)))

	send("", big, unversionedPath, foreign, wrong).requireError(t, 404, codeNotFound, "Resource not found")
	send("", big, foreign, wrong).requireError(t, 420, codeMethodFailure, "Hit rate limit of 0 parallel requests for businessId 2002")
	require.NoError(t, w.Limits.Adjust(limitParallel, limitChange(4)))
	send("", big, foreign, wrong).requireError(t, 401, codeUnauthorized, "Api-Key token prefix invalid")
	readOnly := header("Api-Key", w.client.ReadOnly)
	send("", big, foreign, readOnly).requireError(t, 403, codeForbidden,
		"Token does not have any of the scopes to access the API method: all-methods, communication")
	send("", big, foreign).requireError(t, 403, codeForbidden, "Access denied")
	send("", big).requireError(t, 420, codeMethodFailure,
		"Hit rate limit of 0 requests per 1 hour for resource /businesses/{businessId}/chats/message.json for businessId 2001")
	require.NoError(t, w.Limits.Adjust(hourly(opSendMessage), limitChange(-1)))
	send("", big).requireError(t, 400, codeBadRequest,
		"The request is too big: Maximum allowed request size must be less than '512' KB, but passed '0.57' MB")
	send("", "{").requireError(t, 415, codeMediaType, "Content type 'text/plain' not supported")
	json := header("Content-Type", "application/json; charset=utf-8")
	send("", "{", json).requireError(t, 400, codeMissingParam, "Required request parameter 'chatId' is not present")
	send("chatId=1", "{}", json).requireError(t, 400, codeBadRequest, "'message' must not be null (rejected value: null)")
	send("chatId=1", `{"message":"x"}`, json).requireError(t, 404, codeNotFound, "Can't find chat by id: '1'")
	send("chatId=14604709", `{"message":"x"}`, json).requireOK(t, `{"status":"OK"}`)
}

// Proves: yandex/key-missing, yandex/key-empty, yandex/key-prefix, yandex/key-length, yandex/key-format
// Proves: yandex/key-unknown, yandex/unauthorized-code, yandex/key-header, yandex/key-shape
// Proves: yandex/oauth-bearer, yandex/oauth-syntax, yandex/oauth-missing, yandex/oauth-unknown
// Proves: yandex/both-credentials, yandex/key-of-one-cabinet, yandex/oauth-rights, yandex/oauth-old-form
// Proves: yandex/key-characters
func TestCredentials(t *testing.T) {
	t.Parallel()
	w := newWorld(t, two, today, nil)
	key := w.client.APIKey
	for _, tt := range []struct {
		name    string
		key     string
		oauth   string
		status  int
		message string
	}{
		{"nothing", "-", "-", 401, "Credentials are not specified"},
		{"an empty key", "", "-", 401, "Api-Key token is not specified"},
		{"a scheme before the key", "Bearer " + key, "-", 401, "Api-Key token prefix invalid"},
		{"another prefix", "acma" + key[4:], "-", 401, "Api-Key token prefix invalid"},
		{"a digit too many", key + "0", "-", 401, "Api-Key token length invalid"},
		{"a character too few", key[:len(key)-1], "-", 401, "Api-Key token length invalid"},
		{"a colon elsewhere", "ACMA:" + strings.Repeat("a", 39) + ":000000001", "-", 401, "Api-Key token format invalid"},
		{"no hexadecimal digits", key[:len(key)-1] + "g", "-", 401, "Api-Key token format invalid"},
		{"hexadecimal digits in capitals", key[:len(key)-1] + "F", "-", 401, "Api-Key token format invalid"},
		{"a hyphen among the letters", key[:9] + "-" + key[10:], "-", 401, "Api-Key token format invalid"},
		{"a key that nobody has", key[:len(key)-1] + "f", "-", 401, "Api-Key token is invalid"},
		{"the key", key, "-", 200, ""},
		{"the key beside a bad token", key, "Bearer nobody", 200, ""},
		{"a bad key beside the token", "bad", "Bearer yandex-demo-oauth", 401, "Api-Key token prefix invalid"},
		{"an empty header", "-", "", 401, "OAuth credentials are not specified"},
		{"a scheme alone", "-", "Bearer", 401, "OAuth token is not specified"},
		{"the other scheme alone", "-", "OAuth ", 401, "OAuth token is not specified"},
		{"an unknown scheme", "-", "Basic eA==", 401, "Authorization header has invalid syntax"},
		{"a bare token", "-", "yandex-demo-oauth", 401, "Authorization header has invalid syntax"},
		{"a token that nobody has", "-", "Bearer nobody", 403, "OAuth token is invalid"},
		{"the token", "-", "Bearer yandex-demo-oauth", 200, ""},
		{"the token of the other scheme", "-", "oauth yandex-demo-oauth", 200, ""},
		{"the old form", "-", `OAuth oauth_token="yandex-demo-oauth", oauth_client_id="shop"`, 200, ""},
		{"the old form the other way round", "-", `OAuth oauth_client_id=shop,oauth_token=yandex-demo-oauth`, 200, ""},
		{"the old form without a client", "-", `OAuth oauth_token="yandex-demo-oauth"`, 401, "OAuth client id is not specified"},
		{"the old form of an empty client", "-", `OAuth oauth_token="nobody", oauth_client_id=""`, 401, "OAuth client id is not specified"},
		{"the old form without a token", "-", `OAuth oauth_client_id="shop"`, 401, "OAuth token is not specified"},
		{"the old form of a bad token", "-", `OAuth oauth_token="nobody", oauth_client_id="shop"`, 403, "OAuth token is invalid"},
		{"the old form of the new scheme", "-", `Bearer oauth_token="yandex-demo-oauth"`, 403, "OAuth token is invalid"},
		{"another cabinet's token", "-", "Bearer yandex-demo-oauth-2", 403, "Access denied"},
		{"another cabinet's key", theirs, "-", 403, "Access denied"},
	} {
		change := []func(*http.Request){without("Api-Key")}
		if tt.key != "-" {
			change = append(change, header("Api-Key", tt.key))
		}
		if tt.oauth != "-" {
			change = append(change, header("Authorization", tt.oauth))
		}
		reply := w.call(opGetChats, "", "{}", change...)
		require.Equal(t, tt.status, reply.status, "%s: %s", tt.name, reply.body)
		code := map[int]string{401: codeUnauthorized, 403: codeForbidden}[tt.status]
		if code != "" {
			reply.requireError(t, tt.status, code, tt.message)
		}
	}
}

// Proves: yandex/bad-key-status, yandex/bad-oauth-status, yandex/oauth-scheme, yandex/api-key-shape
// Proves: yandex/key-registered-shape, yandex/key-revoked
func TestSwitchesOfCredentials(t *testing.T) {
	t.Parallel()
	w := newWorld(t, two, today, map[string]string{
		switchBadKeyStatus: "403", switchBadOAuthStatus: "401", switchOAuthScheme: "bearer", switchKeyShape: "loose",
	})
	call := func(name, value string) testReply {
		return w.call(opGetChats, "", "{}", without("Api-Key"), header(name, value))
	}
	call("Api-Key", "x").requireError(t, 403, codeForbidden, "Api-Key token is invalid")
	call("Authorization", "Bearer x").requireError(t, 401, codeUnauthorized, "OAuth token is invalid")
	call("Authorization", "OAuth yandex-demo-oauth").requireError(t, 401, codeUnauthorized, "Authorization header has invalid syntax")
	w.call(opGetChats, "", "{}", without("Api-Key")).requireError(t, 401, codeUnauthorized, "Credentials are not specified")

	w.set(today, nil)
	w.become(func(ext sellerExt) sellerExt {
		ext.Keys = []apiKey{{Value: "easy", Scopes: []string{scopeAll}}, {Value: "gone", Revoked: true}}
		return ext
	})
	require.Equal(t, 200, call("Api-Key", "easy").status)
	call("Api-Key", "gone").requireError(t, 401, codeUnauthorized, "Api-Key token is revoked")
}

// Proves: yandex/oauth-wrong-application, yandex/bad-oauth-status
func TestTokensOfAnotherApplication(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-tokens", nil)
	call := func(n int) testReply {
		token := w.api.credentials(w.Store.Sellers()[n]).OAuth
		business := instead("2001", w.Store.Sellers()[n].ID)
		return w.call(opGetChats, "", "{}", without("Api-Key"), business, header("Authorization", "Bearer "+token))
	}
	require.Equal(t, 200, call(0).status)
	call(1).requireError(t, 403, codeForbidden, "Scope is invalid")
	call(2).requireError(t, 403, codeForbidden, "Client id is invalid")
	for state, want := range map[string]string{tokenWrongScope: "Scope is invalid", tokenWrongClient: "Client id is invalid"} {
		w.mustAct("token.set", `{"state":"`+state+`"}`)
		call(0).requireError(t, 403, codeForbidden, want)
		require.Equal(t, 200, w.call(opGetChats, "", "{}").status, "the key is another thing")
		w.set(today, map[string]string{switchBadOAuthStatus: "401"})
		call(0).requireError(t, 401, codeUnauthorized, want)
		w.set(today, nil)
	}
	w.mustAct("token.set", `{"state":"valid"}`)
	require.Equal(t, 200, call(0).status)
	w.mustAct("token.set", `{"seller":"wrong-scope","state":"valid"}`)
	require.Equal(t, 200, call(1).status)
}

// Proves: yandex/scopes-read, yandex/scopes-write, yandex/scopes-companions, yandex/scope-missing
// Proves: yandex/scope-missing-tail, yandex/oauth-rights
func TestScopes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, two, today, nil)
	calls := map[string][2]string{
		opGetChats: {"", "{}"}, opGetChat: {"chatId=14604709", ""}, opGetHistory: {"chatId=14604709", "{}"},
		opSendMessage: {"chatId=14604709", `{"message":"x"}`}, opCreateChat: {"", `{"context":{"type":"ORDER","id":5001}}`},
		opGetCampaigns: {"", ""}, opGetTokenInfo: {"", ""},
	}
	for scope, refused := range map[string][]string{
		"all-methods": nil, "communication": nil,
		"all-methods:read-only": {opSendMessage, opCreateChat},
		"pricing":               {opGetChats, opGetChat, opGetHistory, opSendMessage, opCreateChat},
	} {
		w.become(func(ext sellerExt) sellerExt {
			ext.Keys = []apiKey{{Value: w.client.APIKey, Name: "key", Scopes: []string{scope}}}
			return ext
		})
		for operation, args := range calls {
			want := 200
			for _, id := range refused {
				if id == operation {
					want = 403
				}
			}
			reply := w.call(operation, args[0], args[1])
			require.Equal(t, want, reply.status, "%s of %s: %s", operation, scope, reply.body)
			if operation != opGetTokenInfo {
				token := w.call(operation, args[0], args[1], without("Api-Key"), header("Authorization", "Bearer yandex-demo-oauth"))
				require.Equal(t, 200, token.status, "%s: %s", operation, token.body)
			}
		}
	}
}

// Proves: yandex/foreign-cabinet, yandex/unknown-cabinet, yandex/campaign-id-is-no-business, yandex/business-path
// Proves: yandex/business-not-number, yandex/user-disabled, yandex/cabinet-disabled, yandex/cabinet-disabled-code
// Proves: yandex/cabinet-inactive
// Proves: yandex/cabinet-migration
func TestCabinets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, two, today, nil)
	for _, id := range []string{"2002", "9999", "3001", "0", "-2001"} {
		w.call(opGetChats, "", "{}", instead("2001", id)).requireError(t, 403, codeForbidden, "Access denied")
	}
	for _, id := range []string{"abc", "2001x", "1e3", "99999999999999999999"} {
		w.call(opGetChats, "", "{}", instead("2001", id)).requireError(t, 400, codeBadRequest, "Type mismatch: '"+id+"'")
	}
	require.Equal(t, 200, w.call(opGetChats, "", "{}", instead("2001", "002001")).status)
	disabled := "API for business '2001' disabled because it has only disabled partners"
	for state, want := range map[string]struct {
		status        int
		code, message string
	}{
		cabinetUserDisabled: {403, codeForbidden, "User account is disabled"},
		cabinetDisabled:     {403, codeDisabled, disabled},
		cabinetInactive:     {403, codeDisabled, "Restrict access for business '2001' because it is not active"},
		cabinetUnattainable: {403, codeForbidden, "Access denied"},
		cabinetMigrating:    {423, codeLocked, "Business is in migration"},
	} {
		w.become(func(ext sellerExt) sellerExt { ext.State = state; return ext })
		w.call(opGetChats, "", "{}").requireError(t, want.status, want.code, want.message)
		w.call(opGetCampaigns, "", "").requireError(t, want.status, want.code, want.message)
	}
	w.become(func(ext sellerExt) sellerExt { ext.State = cabinetActive; return ext })
	require.Equal(t, 200, w.call(opGetChats, "", "{}").status)
}

// Proves: yandex/limit-4xx-counts, yandex/limit-headers-without-access
func TestWhoHasNoAccessPaysNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, two, today, nil)
	left := func(status int, change ...func(*http.Request)) string {
		t.Helper()
		reply := w.call(opSendMessage, "chatId=1", `{"message":"x"}`, change...)
		require.Equal(t, status, reply.status, reply.body)
		require.Len(t, reply.header[headerRemaining], 1)
		return reply.header[headerRemaining][0]
	}
	require.Equal(t, "999", left(404))
	require.Equal(t, "999", left(401, without("Api-Key")))
	require.Equal(t, "999", left(403, header("Api-Key", theirs)))
	require.Equal(t, "999", left(403, header("Api-Key", w.client.ReadOnly)))
	w.become(func(ext sellerExt) sellerExt { ext.State = cabinetMigrating; return ext })
	require.Equal(t, "999", left(423))
	w.become(func(ext sellerExt) sellerExt { ext.State = cabinetActive; return ext })
	require.Equal(t, "998", left(404))
}

// Proves: yandex/business-header-mismatch, yandex/business-header-unreadable, yandex/business-header-key
func TestBusinessHeader(t *testing.T) {
	t.Parallel()
	w := newWorld(t, two, today, nil)
	call := func(operation, body, value string, change ...func(*http.Request)) testReply {
		change = append(change, header("Authorization", "Bearer yandex-demo-oauth"), header("X-Business-Id", value))
		return w.call(operation, "", body, change...)
	}
	noKey := without("Api-Key")
	require.Equal(t, 200, call(opGetChats, "{}", "2001", noKey).status)
	require.Equal(t, 200, call(opGetCampaigns, "", "7", noKey).status)
	require.Equal(t, 200, call(opGetChats, "{}", "x").status, "with a key")
	call(opGetChats, "{}", "2002", noKey).requireError(t, 400, codeBadRequest,
		"URL businessId ('2001') does not match businessId in X-Business-Id header ('2002')")
	for _, value := range []string{"", "x", "0", "-1", "1.5"} {
		call(opGetChats, "{}", value, noKey).requireError(t, 400, codeBadRequest, "Incorrect X-Business-Id header value")
	}
}

// Proves: yandex/wrong-content-type-status, yandex/content-type-missing, yandex/media-type-unreadable
// Proves: yandex/body-limit, yandex/body-limit-text, yandex/file-not-multipart
func TestContentTypeAndSize(t *testing.T) {
	t.Parallel()
	w := newWorld(t, two, today, nil)
	kind := func(value string) func(*http.Request) { return header("Content-Type", value) }
	require.Equal(t, 200, w.call(opGetChats, "", "{}", kind("Application/JSON;charset=UTF-8")).status)
	require.Equal(t, 200, w.call(opGetChat, "chatId=14604709", "", kind("text/plain")).status, "no body is read")
	w.call(opGetChats, "", "{}", without("Content-Type")).requireError(t, 415, codeMediaType, "Content type 'application/octet-stream' not supported")
	w.call(opGetChats, "", "{}", kind("json")).requireError(t, 415, codeMediaType, "Unknown content-type: 'json'")
	w.call(opGetChats, "", "", without("Content-Type")).requireError(t, 400, codeBadRequest, "Required request body is missing")
	w.call(opSendFile, "chatId=14604709", `{"file":"aGVsbG8="}`).requireError(t, 415, codeMediaType, "Content type 'application/json' not supported")
	w.set(today, map[string]string{switchContentTypeStatus: "400", switchBodyLimit: "512000"})
	w.call(opGetChats, "", "{}", kind("text/xml")).requireError(t, 400, codeBadRequest, "Content type 'text/xml' not supported")
	padded := func(n int) string { return "{}" + strings.Repeat(" ", n-2) }
	require.Equal(t, 200, w.call(opGetChats, "", padded(512_000)).status)
	w.call(opGetChats, "", padded(512_001)).requireError(t, 400, codeBadRequest,
		"The request is too big: Maximum allowed request size must be less than '500' KB, but passed '0.49' MB")
	w.set(today, nil)
	require.Equal(t, 200, w.call(opGetChats, "", padded(524_288)).status)
	w.call(opGetChats, "", padded(524_289)).requireError(t, 400, codeBadRequest,
		"The request is too big: Maximum allowed request size must be less than '512' KB, but passed '0.50' MB")

	c := w.newCall(opGetChats, "", "{}")
	c.BodyError, c.Request.ContentLength = &marketplace.TooLargeError{Limit: 1 << 20}, 3<<20
	w.send(c).requireError(t, 400, codeBadRequest,
		"The request is too big: Maximum allowed request size must be less than '512' KB, but passed '3.00' MB")
}

// Proves: yandex/unknown-path, yandex/unversioned-paths, yandex/path-versions-edition, yandex/json-suffix
// Proves: yandex/wrong-verb, yandex/wrong-verb-code, yandex/limit-headers-unknown-path
func TestPaths(t *testing.T) {
	t.Parallel()
	w := newWorld(t, two, today, nil)
	require.Equal(t, []string{"/v2/campaigns.json", "/campaigns", "/campaigns.json"}, w.api.Paths("/v2/campaigns"))
	require.Empty(t, w.api.Paths("/files/{business_id}/{chat_id}/{message_id}/{file}"))

	require.Empty(t, w.call(opGetChats, "", "{}").call.Remarks())
	bare := w.call(opGetChats, "", "{}", instead("/v2", ""))
	require.Equal(t, 200, bare.status)
	require.Len(t, bare.call.Remarks(), 1)
	w.set(day(2025, 9, 7), nil)
	require.Empty(t, w.call(opGetChats, "", "{}", instead("/v2", "")).call.Remarks(), "it was the documented path")
	w.set(today, map[string]string{switchUnversioned: "404"})
	w.call(opGetChats, "", "{}", instead("/v2", "")).requireError(t, 404, codeNotFound, "Resource not found")

	unknown := w.api.Error(&marketplace.Call{World: w.World, Config: w.config, Header: http.Header{}}, marketplace.ErrNoRoute)
	require.Equal(t, 404, unknown.Status)
	c := w.newCall(opGetChats, "", "{}")
	c.Operation.ID = ""
	verb := w.api.Error(c, &marketplace.VerbError{Method: "PUT", Allowed: []string{"GET", "POST"}})
	require.Equal(t, 405, verb.Status)
	require.Equal(t, []string{"GET", "POST"}, verb.Header["Allow"])
	require.Equal(t, `{"errors":[{"code":"BAD_REQUEST","message":"Request method 'PUT' not supported"}],"status":"ERROR"}`, asJSON(t, verb.Body))
	require.Empty(t, c.Header)
	c.Target = "/businesses/2001/chats"
	require.Equal(t, 404, w.api.Error(c, &marketplace.VerbError{Method: "PUT"}).Status)
	require.Equal(t, 404, w.api.Error(nil, marketplace.ErrNoRoute).Status, "before the world is known")
}

// Proves: yandex/error-status-field, yandex/error-value-quotes, yandex/fault-texts, yandex/internal-error
// Proves: yandex/overload
func TestWording(t *testing.T) {
	t.Parallel()
	w := newWorld(t, two, today, nil)
	unknown := func() string { return w.call(opGetChat, "chatId=1", "").body }
	require.Equal(t, `{"errors":[{"code":"NOT_FOUND","message":"Can't find chat by id: '1'"}],"status":"ERROR"}`, unknown())
	w.set(today, map[string]string{switchErrorStatus: "ok"})
	require.Equal(t, `{"errors":[{"code":"NOT_FOUND","message":"Can't find chat by id: '1'"}],"status":"OK"}`, unknown())
	w.set(today, map[string]string{switchErrorStatus: "absent", switchErrorQuotes: "strip"})
	require.Equal(t, `{"errors":[{"code":"NOT_FOUND","message":"Can't find chat by id: 1"}]}`, unknown())

	w.set(today, nil)
	for _, tt := range []struct {
		err    error
		status int
		body   string
	}{
		{errors.New("a bug"), 500, `{"errors":[{"code":"INTERNAL_ERROR"}],"status":"ERROR"}`},
		{&marketplace.FaultError{Status: 500}, 500, `{"errors":[{"code":"INTERNAL_ERROR"}],"status":"ERROR"}`},
		{&marketplace.FaultError{Status: 500, Message: "said"}, 500, `{"errors":[{"code":"INTERNAL_ERROR","message":"said"}],"status":"ERROR"}`},
		{&marketplace.FaultError{Status: 503}, 503, `{"errors":[{"code":"INTERNAL_ERROR","message":"Service temporarily unavailable. Please, try again later"}],"status":"ERROR"}`},
		{&marketplace.FaultError{Status: 418}, 418, `{"errors":[{"code":"OTHER","message":"I'm a teapot"}],"status":"ERROR"}`},
		{&marketplace.FaultError{RateLimit: true}, 420, `{"errors":[{"code":"METHOD_FAILURE","message":"Hit rate limit of 5000 requests per 1 hour for resource /businesses/{businessId}/chats.json for businessId 2001"}],"status":"ERROR"}`},
		{&marketplace.FaultError{Status: 420, Message: "said"}, 420, `{"errors":[{"code":"METHOD_FAILURE","message":"said"}],"status":"ERROR"}`},
		{marketplace.ErrBody, 400, `{"errors":[{"code":"BAD_REQUEST","message":"Unexpected end of content"}],"status":"ERROR"}`},
	} {
		c := w.newCall(opGetChats, "", "{}")
		answer := w.api.Error(c, tt.err)
		require.Equal(t, tt.status, answer.Status)
		require.Equal(t, tt.body, asJSON(t, answer.Body))
		require.Len(t, c.Header[headerUntil], 1)
	}
}
