package control_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/control"
)

const base = "/_mock/sandboxes/default"

// problem reads a refusal.
func problem(t *testing.T, a answer) control.Problem {
	t.Helper()
	require.Equal(t, "application/problem+json", a.header.Get("Content-Type"), "%s", a.body)
	var p control.Problem
	require.NoError(t, json.Unmarshal(a.body, &p))
	require.Equal(t, a.status, p.Status)
	require.Equal(t, http.StatusText(a.status), p.Title)
	require.NotEmpty(t, p.Detail)
	return p
}

func TestAMistakeIsRefusedWithItsField(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	chats := base + "/ozon/chats"
	for _, tc := range []struct {
		name, method, path, body string
		status                   int
		field                    string
	}{
		{"an unknown field", "PATCH", base + "/clock", `{"advance":"1h","hurry":true}`, 400, "/hurry"},
		{"a wrong type", "PATCH", base + "/clock", `{"frozen":"yes"}`, 400, "/frozen"},
		{"nothing to change", "PATCH", base + "/clock", `{}`, 400, ""},
		{"a null", "PATCH", base + "/clock", `{"advance":null}`, 400, "/advance"},
		{"no body", "PATCH", base + "/clock", ``, 400, ""},
		{"malformed JSON", "PATCH", base + "/clock", `{"advance":`, 400, ""},
		{"a key twice", "PATCH", base + "/clock", `{"advance":"1h","advance":"2h"}`, 400, "/advance"},
		{"something after the body", "PATCH", base + "/clock", `{"advance":"1h"} x`, 400, ""},
		{"not UTF-8", "POST", chats, "{\"buyer\":\"\xff\"}", 400, ""},
		{"a negative duration", "PATCH", base + "/clock", `{"advance":"-1h"}`, 400, "/advance"},
		{"a duration without a unit", "PATCH", base + "/clock", `{"advance":"49"}`, 400, "/advance"},
		{"an absurd duration", "PATCH", base + "/clock", `{"advance":"99999999999d"}`, 400, "/advance"},
		{"a duration beyond the end of time", "PATCH", base + "/clock", `{"advance":"100000d"}`, 400, "/advance"},
		{"advance and set", "PATCH", base + "/clock", `{"advance":"1h","set":"2150-01-01T00:00:00Z"}`, 400, "/set"},
		{"a time beyond the end of time", "PATCH", base + "/clock", `{"set":"9999-01-01T00:00:00Z"}`, 400, "/set"},
		{"a time that is past", "PATCH", base + "/clock", `{"set":"2001-01-01T00:00:00Z"}`, 409, "/set"},
		{"a name with a slash", "POST", "/_mock/sandboxes", `{"name":"../x"}`, 400, "/name"},
		{"a name that is taken", "POST", "/_mock/sandboxes", `{"name":"default"}`, 409, "/name"},
		{"a negative seed", "POST", "/_mock/sandboxes", `{"seed":-1}`, 400, "/seed"},
		{"a seed beyond 64 bits", "POST", "/_mock/sandboxes", `{"seed":18446744073709551616}`, 400, "/seed"},
		{"a seed with a fraction", "POST", "/_mock/sandboxes", `{"seed":1.5}`, 400, "/seed"},
		{"a huge seed", "POST", "/_mock/sandboxes", `{"seed":1e400}`, 400, "/seed"},
		{"an unknown fixture", "POST", "/_mock/sandboxes", `{"fixture":"nowhere"}`, 400, "/fixture"},
		{"an absurd ttl", "POST", "/_mock/sandboxes", `{"ttl":"4000d"}`, 400, "/ttl"},
		{"a ttl in words", "POST", "/_mock/sandboxes", `{"ttl":"soon"}`, 400, "/ttl"},
		{"an edition that is no day", "POST", "/_mock/sandboxes", `{"edition":"2025-02-30"}`, 400, "/edition"},
		{"an unknown switch of a new sandbox", "POST", "/_mock/sandboxes", `{"switches":{"ozon":{"nope":"x"}}}`, 400, "/switches/ozon/nope"},
		{"an unknown sandbox", "GET", "/_mock/sandboxes/nowhere", ``, 404, "sandbox"},
		{"the default sandbox cannot go", "DELETE", base, ``, 409, ""},
		{"an unknown snapshot", "POST", base + "/snapshots/nope/restore", ``, 404, ""},
		{"an unknown marketplace", "GET", base + "/bazaar/chats", ``, 404, "marketplace"},
		{"an unknown chat", "GET", chats + "/nope", ``, 404, "chat"},
		{"a message to an unknown chat", "POST", chats + "/nope/messages", `{"text":"x"}`, 404, "chat"},
		{"a chat about an unknown order", "POST", chats, `{"order":"nope"}`, 400, "/order"},
		{"a chat that exists", "POST", chats, `{"id":"` + toyChat + `"}`, 409, ""},
		{"an empty message", "POST", chats + "/" + toyChat + "/messages", `{}`, 400, ""},
		{"a message from nobody", "POST", chats + "/" + toyChat + "/messages", `{"from":"aunt","text":"x"}`, 400, "/from"},
		{"a file that is no base64", "POST", chats + "/" + toyChat + "/messages", `{"file":{"name":"a","content":"%%"}}`, 400, "/file/content"},
		{"reading an unknown message", "POST", chats + "/" + toyChat + "/read", `{"up_to":"5"}`, 400, "/up_to"},
		{"reading up to an absurd id", "POST", chats + "/" + toyChat + "/read", `{"up_to":"99999999999999999999"}`, 400, "/up_to"},
		{"reading as a bot", "POST", chats + "/" + toyChat + "/read", `{"by":"bot"}`, 400, "/by"},
		{"an unknown order", "PATCH", base + "/ozon/orders/nope", `{"paid":true}`, 404, "order"},
		{"an order that is not paid", "PATCH", base + "/ozon/orders/" + toyOrder, `{"paid":false}`, 400, "/paid"},
		{"an order paid beyond the end of time", "PATCH", base + "/ozon/orders/" + toyOrder, `{"paid":"9999-12-31T00:00:00Z"}`, 400, "/paid"},
		{"an order that exists", "POST", base + "/ozon/orders", `{"id":"` + toyOrder + `"}`, 409, ""},
		{"an unknown action", "POST", base + "/ozon/actions/nope", `{}`, 404, "action"},
		{"an action without its input", "POST", base + "/ozon/actions/subscription.set", ``, 400, "/subscription"},
		{"a fault of no kind", "POST", base + "/faults", `{"kind":"explode"}`, 400, "/kind"},
		{"a fault without its status", "POST", base + "/faults", `{"kind":"status"}`, 400, "/status"},
		{"a fault with hits", "POST", base + "/faults", `{"kind":"drop","hits":3}`, 400, "/hits"},
		{"a fault with a share over 1", "POST", base + "/faults", `{"kind":"drop","share":1.1}`, 400, "/share"},
		{"a fault of an unknown marketplace", "POST", base + "/faults", `{"kind":"drop","marketplace":"bazaar"}`, 400, "/marketplace"},
		{"a fault of an unknown operation", "POST", base + "/faults", `{"kind":"drop","operation":"ChatList"}`, 400, "/operation"},
		{"a fault with a bad delay", "POST", base + "/faults", `{"kind":"delay","delay":"long"}`, 400, "/delay"},
		{"an unknown fault", "DELETE", base + "/faults/nope", ``, 404, "fault"},
		{"an unknown switch", "PATCH", base + "/switches", `{"ozon":{"nope":"x"}}`, 400, "/ozon/nope"},
		{"an unknown value of a switch", "PATCH", base + "/switches", `{"ozon":{"id-format":"roman"}}`, 400, "/ozon/id-format"},
		{"a switch of an unknown marketplace", "PATCH", base + "/switches", `{"bazaar":{"x":"y"}}`, 400, "/bazaar"},
		{"an unknown limit", "PATCH", base + "/limits", `{"ozon":{"nope":{"max":1}}}`, 400, "/ozon/nope"},
		{"a limit of an unknown marketplace", "PATCH", base + "/limits", `{"bazaar":{"nope":{"max":1}}}`, 400, "/bazaar"},
		{"an absurd limit", "PATCH", base + "/limits", `{"ozon":{"requests-per-second":{"max":1e30}}}`, 400, "/ozon/requests-per-second/max"},
		{"a window of nothing", "PATCH", base + "/limits", `{"ozon":{"requests-per-second":{"per":"0s"}}}`, 400, "/ozon/requests-per-second/per"},
		{"a window of what has none", "PATCH", base + "/limits", `{"ozon":{"at-once":{"per":"1s"}}}`, 400, "/ozon/at-once/per"},
		{"a webhook without an address", "PUT", base + "/ozon/webhooks", `{"webhooks":[{"url":"http://127.0.0.1:9/"},{"url":"nope"}]}`, 400, "/webhooks/1/url"},
		{"an unknown query parameter", "GET", base + "/requests?makretplace=ozon", ``, 400, "makretplace"},
		{"a limit of nothing", "GET", base + "/requests?limit=0", ``, 400, "limit"},
		{"an absurd limit of rows", "GET", base + "/requests?limit=100000000000000000000", ``, 400, "limit"},
		{"an id in words", "GET", base + "/deliveries?after=first", ``, 400, "after"},
		{"an absurd id", "GET", base + "/requests?after=99999999999999999999", ``, 400, "after"},
		{"a long wait", "GET", base + "/requests?wait=61s", ``, 400, "wait"},
		{"a wait in words", "GET", base + "/requests?wait=long", ``, 400, "wait"},
		{"an unknown state", "GET", base + "/deliveries?state=asleep", ``, 400, "state"},
		{"verifying an unknown operation", "POST", base + "/requests/verify", `{"operation":"nope"}`, 400, "/operation"},
		{"verifying less than at least", "POST", base + "/requests/verify", `{"operation":"ChatAPI_ChatListV3","count":{"min":2,"max":1}}`, 400, "/count/min"},
		{"a stream after nonsense", "GET", base + "/events", ``, 400, "Last-Event-ID"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a := m.call(tc.method, tc.path, tc.body, "Last-Event-ID", "nonsense")
			require.Equal(t, tc.status, a.status, "%s", a.body)
			require.Equal(t, tc.field, problem(t, a).Field, "%s", a.body)
		})
	}
}

func TestSeveralMistakesAreToldTogether(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	p := problem(t, m.call("POST", base+"/faults", `{"kind":"drop","times":-1,"share":7}`))
	require.Len(t, p.Errors, 2)
	require.Equal(t, "/share", p.Errors[0].Field)
	require.Equal(t, "/times", p.Errors[1].Field)
}

func TestAnUnknownMarketplaceIsToldTheKnownOnes(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	require.Contains(t, problem(t, m.call("GET", base+"/bazaar/chats", "")).Detail, `known: "ozon"`)
}

func TestAnUnknownPathIsToldTheNearestRoute(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	for path, want := range map[string]string{
		"/_mock/helth":                         "GET /_mock/health",
		"/_mock/sandbox":                       "GET /_mock/sandboxes",
		"/_mock/clock":                         "/clock",
		"/_mock/sandboxes/default/ozon/chat":   "GET /_mock/sandboxes/{sandbox}/{marketplace}/chats",
		"/_mock/sandboxes/default/request":     "GET /_mock/sandboxes/{sandbox}/requests",
		"/_mock/sandboxes/default/clock/":      "GET /_mock/sandboxes/{sandbox}/clock",
		"/_mock/" + strings.Repeat("a/", 5000): "/_mock/",
	} {
		a := m.call("GET", path, "")
		require.Equal(t, http.StatusNotFound, a.status)
		require.Contains(t, problem(t, a).Detail, want, "%.60s", path)
	}
}

func TestAVerbThatAPathDoesNotHaveIsToldWhichItHas(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	for _, verb := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
		a := m.call(verb, base+"/clock", "")
		require.Equal(t, http.StatusMethodNotAllowed, a.status)
		require.Equal(t, "GET, PATCH", a.header.Get("Allow"))
		require.Contains(t, problem(t, a).Detail, "GET, PATCH")
		require.Empty(t, a.header.Get("Access-Control-Allow-Origin"))
	}
}

func TestABodyThatIsNotDeclaredJSONIsNotRead(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	for _, body := range []string{`{"advance":"1h"}`, "advance=1h"} {
		a := m.call("PATCH", base+"/clock", body, "Content-Type", "text/plain")
		require.Equal(t, http.StatusUnsupportedMediaType, a.status)
		p := problem(t, a)
		require.Equal(t, "send the body with Content-Type: application/json", p.Detail)
		require.Empty(t, p.Errors, "the body was not read")
	}
}

func TestABodyIsBounded(t *testing.T) {
	t.Parallel()
	m := newMock(t, func(o *control.Options) { o.MaxFile = 3 << 20 })
	messages := base + "/ozon/chats/" + toyChat + "/messages"
	file := func(n int) string {
		return `{"file":{"name":"a.bin","content":"` + strings.Repeat("AAAA", n/3) + `"}}`
	}
	a := m.call("POST", base+"/ozon/chats", `{"buyer":"`+strings.Repeat("a", 1<<20)+`"}`)
	require.Equal(t, http.StatusRequestEntityTooLarge, a.status)
	require.Contains(t, problem(t, a).Detail, "1048576 bytes")
	require.Equal(t, http.StatusCreated, m.call("POST", messages, file(3<<20)).status)
	require.Equal(t, http.StatusRequestEntityTooLarge, m.call("POST", messages, file(4<<20)).status)
}

func TestADeepBodyIsRefused(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	a := m.call("POST", base+"/ozon/actions/subscription.set", `{"a":`+strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000)+`}`)
	require.Equal(t, http.StatusBadRequest, a.status)
	problem(t, a)
}

func TestABugIsLoggedAndNotTold(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	a := m.call("POST", base+"/ozon/actions/bug", `{}`)
	require.Equal(t, http.StatusInternalServerError, a.status)
	require.NotContains(t, problem(t, a).Detail, "secret")
	require.Contains(t, m.log.String(), "secret of the inside")
}

func TestARefusalIsOneLogLineWithTheReasonAndNoToken(t *testing.T) {
	t.Parallel()
	const token = "open-sesame-open-sesame"
	for _, tc := range []struct {
		name, method, path, body string
		header, says             []string
	}{
		{"a foreign host", "GET", "/clock", "", []string{"Host", "evil.example"}, []string{"status=403", "field=Host", "--allow-host", "method=GET", "path=" + base + "/clock"}},
		{"a foreign origin", "GET", "/clock", "", []string{"Origin", "https://evil.example"}, []string{"status=403", "field=Origin"}},
		{"a wrong token", "GET", "/clock", "", []string{"X-Mock-Token", "wrong-token-wrong-token"}, []string{"status=401", "field=X-Mock-Token", "token is missing or wrong"}},
		{"a mistake in a body", "PATCH", "/clock", `{"advance":"-1h"}`, nil, []string{"status=400", "field=/advance", "method=PATCH"}},
		{"an unknown path with the token in it", "GET", "/" + token, "", nil, []string{"status=404", "path=" + base + "/…"}},
		{"a wrong verb", "PUT", "/clock", "", nil, []string{"status=405"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := newMock(t, func(o *control.Options) { o.Token = token })
			a := m.call(tc.method, base+tc.path, tc.body, append([]string{"X-Mock-Token", token}, tc.header...)...)
			require.GreaterOrEqual(t, a.status, 400)
			log := m.log.String()
			require.Equal(t, 1, strings.Count(log, "\n"), log)
			require.Contains(t, log, "level=INFO msg=refused")
			for _, part := range tc.says {
				require.Contains(t, log, part)
			}
			require.NotContains(t, log, token)
			require.NotContains(t, log, "wrong-token-wrong-token")
		})
	}
}

func TestThereAreOnlySoManySandboxes(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	for range 3 {
		m.ok(http.StatusCreated, "POST", "/_mock/sandboxes", `{}`)
	}
	a := m.call("POST", "/_mock/sandboxes", `{}`)
	require.Equal(t, http.StatusTooManyRequests, a.status)
	require.Contains(t, problem(t, a).Detail, "too many sandboxes")
}

func TestLimitsChangeAllOrNone(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	a := m.call("PATCH", base+"/limits", `{"ozon":{"at-once":{"max":1},"requests-per-second":{"per":"never"}}}`)
	require.Equal(t, http.StatusBadRequest, a.status)
	require.Contains(t, string(m.ok(200, "GET", base+"/limits", "")), `"max":4`)
}

func TestTheTokenIsAskedForEverywhereButForHealth(t *testing.T) {
	t.Parallel()
	m := newMock(t, func(o *control.Options) { o.Token = "open sesame" })
	require.Equal(t, http.StatusOK, m.call("GET", "/_mock/health", "").status)
	require.Equal(t, http.StatusOK, m.call("GET", base, "", "X-Mock-Token", "open sesame").status)
	for _, token := range []string{"", "open", "open sesame " + "x", "Open Sesame"} {
		a := m.call("GET", base, "", "X-Mock-Token", token)
		require.Equal(t, http.StatusUnauthorized, a.status)
		require.Equal(t, "X-Mock-Token", problem(t, a).Field)
	}
	require.Equal(t, http.StatusUnauthorized, m.call("GET", "/_mock/nowhere", "").status)
	require.Equal(t, http.StatusUnauthorized, m.call("PUT", base, "").status)
}

func TestBeyondLoopbackNothingIsAnsweredWithoutAToken(t *testing.T) {
	t.Parallel()
	m := newMock(t, func(o *control.Options) { o.Loopback = false })
	require.Equal(t, http.StatusOK, m.call("GET", "/_mock/health", "").status)
	require.Equal(t, http.StatusForbidden, m.call("GET", base, "").status)
}

func TestAForeignHostOrOriginIsRefused(t *testing.T) {
	t.Parallel()
	m := newMock(t, func(o *control.Options) { o.AllowHosts = []string{"mock.test"} })
	for _, tc := range []struct {
		name, header, value string
		status              int
	}{
		{"a rebound name", "Host", "evil.example:8080", 403},
		{"a listed name", "Host", "mock.test", 200},
		{"another page", "Origin", "https://evil.example", 403},
		{"a page without an origin of its own", "Origin", "null", 403},
		{"a listed page", "Origin", "http://mock.test:3000", 200},
		{"a local page", "Origin", "http://localhost:3000", 200},
	} {
		a := m.call("GET", base+"/clock", "", tc.header, tc.value)
		require.Equal(t, tc.status, a.status, tc.name)
		if tc.status == http.StatusForbidden {
			require.Equal(t, tc.header, problem(t, a).Field)
		}
	}
}

func TestALongPollEndsWithTheServer(t *testing.T) {
	t.Parallel()
	done := make(chan struct{})
	m := newMock(t, func(o *control.Options) { o.Done = done })
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		m.call("GET", base+"/requests?wait=60s", "")
	}()
	close(done)
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Fatal("the poll goes on")
	}
}

func TestARefusalIsSaidForPeople(t *testing.T) {
	t.Parallel()
	m := newMock(t, func(o *control.Options) { o.Fixtures = []string{"default", "empty"} })
	messages, order := base+"/ozon/chats/"+toyChat+"/messages", base+"/ozon/orders/"+toyOrder
	for _, tc := range []struct{ name, method, path, body, says string }{
		{"an unknown field", "PATCH", base + "/clock", `{"frozn":true}`, `there is no field "frozn", did you mean "frozen"?`},
		{"an unknown field like no other", "PATCH", base + "/clock", `{"hurry":true}`, `there is no field "hurry"; known: "advance", "frozen", "set"`},
		{"an unknown field below others", "PATCH", base + "/limits", `{"ozon":{"at-once":{"mx":1}}}`, `there is no field "mx", did you mean "max"?`},
		{"an unknown query parameter", "GET", base + "/requests?makretplace=ozon", ``, `there is no query parameter "makretplace", did you mean "marketplace"?`},
		{"a body of a call without one", "DELETE", base + "/faults", `{}`, "this call takes no body"},
		{"nothing to change", "PATCH", base + "/clock", `{}`, `the body needs at least one field: "advance", "frozen" or "set"`},
		{"a wrong type", "PATCH", base + "/clock", `{"frozen":"yes"}`, "/frozen must be true or false, not a text"},
		{"true for a text", "POST", base + "/ozon/chats", `{"buyer":true}`, "/buyer must be a text, not true or false"},
		{"a null", "PATCH", base + "/clock", `{"advance":null}`, "/advance must be a text, not null"},
		{"an order paid by a word", "POST", base + "/ozon/orders", `{"paid":"yes"}`, "/paid must be true or a time like 2026-10-01T12:00:00Z"},
		{"a switch that is switched on", "PATCH", base + "/switches", `{"ozon":{"id-format":true}}`, "/ozon/id-format must be a text or a number"},
		{"a number that a switch does not have", "PATCH", base + "/switches", `{"ozon":{"id-format":60}}`, `"60" is not "number", "string" or "19"`},
		{"a word for a number", "GET", base + "/requests?status=abc", ``, "status must be a whole number, not a text"},
		{"a value that is none of a few", "POST", messages, `{"from":"arbiter"}`, `/from is "arbiter", which is not one of "seller", "buyer", `},
		{"a file that is no base64", "POST", messages, `{"file":{"name":"a","content":"%%"}}`, "/file/content is not base64"},
		{"neither of two forms", "PATCH", order, `{"returned":"yes"}`, "/returned must be true or a time like 2026-10-01T12:00:00Z"},
		{"an edition that is no day", "POST", "/_mock/sandboxes", `{"edition":"soon"}`, "/edition is not a date like 2026-10-01"},
		{"an unknown fixture", "POST", "/_mock/sandboxes", `{"fixture":"nowhere"}`, `there is no fixture "nowhere"; known: "default", "empty"`},
		{"a misspelt fixture", "POST", "/_mock/sandboxes", `{"fixture":"emtpy"}`, `there is no fixture "emtpy", did you mean "empty"?`},
		{"a fixture's path", "POST", "/_mock/sandboxes", `{"fixture":"worlds/mine.yaml"}`, "the mock found no file worlds/mine.yaml: it looked in its working directory, /"},
		{"an absolute path", "POST", "/_mock/sandboxes", `{"fixture":"/worlds/mine.yaml"}`, "the mock found no file /worlds/mine.yaml"},
		{"switches of an unknown marketplace", "POST", "/_mock/sandboxes", `{"switches":{"ozn":{}}}`, `there is no marketplace "ozn", did you mean "ozon"?`},
		{"an unknown switch", "PATCH", base + "/switches", `{"ozon":{"id-formt":"x"}}`, `there is no switch "id-formt", did you mean "id-format"?`},
		{"an unknown value of a switch", "PATCH", base + "/switches", `{"ozon":{"id-format":"roman"}}`, `"roman" is not "number", "string" or "19"`},
		{"an unknown limit", "PATCH", base + "/limits", `{"ozon":{"x":{"max":1}}}`, `there is no limit "x"; known: "requests-per-second", "lists-per-hour", "at-once", "calls-per-day"`},
		{"an unknown operation", "POST", base + "/faults", `{"kind":"drop","operation":"ChatAPI_ChatListV2"}`, `there is no operation "ChatAPI_ChatListV2", did you mean "ChatAPI_ChatListV3"?`},
		{"a lost type", "POST", base + "/faults", `{"kind":"lose","operation":"TYPE_NEW_MESAGE"}`, "did you mean"},
		{"a lost operation", "POST", base + "/faults", `{"kind":"lose","operation":"ChatAPI_ChatListV3"}`, "this fault is of notifications"},
		{"requests of an unknown marketplace", "GET", base + "/requests?marketplace=bazaar", ``, `there is no marketplace "bazaar"; known: "ozon"`},
		{"requests of an unknown operation", "GET", base + "/requests?operation=foo", ``, `there is no operation "foo"`},
		{"deliveries of an unknown marketplace", "GET", base + "/deliveries?marketplace=bazaar", ``, `there is no marketplace "bazaar"`},
		{"a parameter without a value", "POST", base + "/requests/verify", `{"operation":"ChatAPI_ChatListV3","query":{"a":null}}`, "/query/a must be a text, a number or true or false"},
		{"a parameter that is masked", "POST", base + "/requests/verify", `{"operation":"ChatAPI_ChatListV3","query":{"token":"x"}}`, "the journal masks this parameter"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a := m.call(tc.method, tc.path, tc.body)
			require.Equal(t, http.StatusBadRequest, a.status, "%s", a.body)
			require.Contains(t, problem(t, a).Detail, tc.says)
		})
	}
}
