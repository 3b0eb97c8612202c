package scenario_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace/shopee/sign"
	"example.com/marketmock/internal/report"
	"example.com/marketmock/internal/scenario"
)

// fairSpec describes a marketplace whose calls are signed.
const fairSpec = `
openapi: 3.0.3
info: {title: fair, version: "1"}
security: [{ShopSign: []}]
components:
  securitySchemes:
    ShopSign: {type: apiKey, in: query, name: sign, x-sign: shopee-shop}
    PublicSign: {type: apiKey, in: query, name: sign, x-sign: shopee-public}
  parameters:
    partner: {name: partner_id, in: query, required: true, schema: {type: integer}}
    time: {name: timestamp, in: query, required: true, schema: {type: integer}}
    token: {name: access_token, in: query, required: true, schema: {type: string}}
    shop: {name: shop_id, in: query, required: true, schema: {type: integer}}
paths:
  /api/v2/list:
    parameters: [{$ref: "#/components/parameters/partner"}, {$ref: "#/components/parameters/time"}, {$ref: "#/components/parameters/token"}, {$ref: "#/components/parameters/shop"}]
    get:
      operationId: list
      x-effect: read
      parameters: [{name: page_size, in: query, schema: {type: integer}}]
      responses: {"200": {description: ok, content: {application/json: {schema: {}}}}}
  /api/v2/send:
    parameters: [{$ref: "#/components/parameters/partner"}, {$ref: "#/components/parameters/time"}, {$ref: "#/components/parameters/token"}, {$ref: "#/components/parameters/shop"}]
    post:
      operationId: send
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: object}}}}
  /api/v2/upload:
    parameters: [{$ref: "#/components/parameters/partner"}, {$ref: "#/components/parameters/time"}, {$ref: "#/components/parameters/token"}, {$ref: "#/components/parameters/shop"}]
    post:
      operationId: upload
      requestBody: {content: {multipart/form-data: {schema: {type: object}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {}}}}}
  /api/v2/push/set:
    post:
      operationId: register
      security: [{PublicSign: []}]
      parameters: [{$ref: "#/components/parameters/partner"}, {$ref: "#/components/parameters/time"}]
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {}}}}}
  /api/v2/auth:
    get:
      operationId: authorize
      x-effect: read
      security: [{PublicSign: []}]
      parameters: [{$ref: "#/components/parameters/partner"}, {$ref: "#/components/parameters/time"}, {name: redirect, in: query, schema: {type: string}}]
      responses: {"302": {description: elsewhere}}
`

const fairChatSpec = `
openapi: 3.0.3
info: {title: fair chat, version: "1"}
security: [{chat_token: []}]
components:
  securitySchemes:
    chat_token: {type: http, scheme: bearer}
paths:
  /chat/rows:
    get:
      operationId: rows
      x-effect: read
      responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: {}}}}}}
    put:
      operationId: mark
      responses: {"204": {description: done}}
`

const fairPush = `
openapi: 3.0.3
info: {title: fair push, version: "1"}
paths:
  /:
    post:
      operationId: receive
      x-sign: shopee-push
      requestBody: {content: {application/json: {schema: {additionalProperties: true, properties: {data: {$ref: "#/components/schemas/data"}}}}}}
      responses: {"200": {description: taken}}
components:
  schemas:
    data:
      oneOf: [{$ref: "#/components/schemas/message"}]
      discriminator: {propertyName: type, mapping: {message: "#/components/schemas/message"}}
    message: {type: object, properties: {type: {type: string}}}
`

func fairSpecs() fstest.MapFS {
	return fstest.MapFS{
		"fair.yaml":      {Data: []byte(fairSpec)},
		"fair-chat.yaml": {Data: []byte(fairChatSpec)},
		"fair-push.yaml": {Data: []byte(fairPush)},
	}
}

const (
	fairKey  = "fair-partner-key-1"
	fairBase = "/~f/fair"
)

// fair is a mock that verifies signatures and says what it was sent. Its clock
// stands at noon unless it is moved.
type fair struct {
	*httptest.Server
	mu     sync.Mutex
	now    time.Time
	frozen bool
	asked  int // how often the clock was read
	calls  []string
	hook   string
	spoil  func([]byte) []byte // of a notification after it was signed
}

func newFair(t *testing.T) *fair {
	t.Helper()
	m := &fair{now: time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC), frozen: true, spoil: func(b []byte) []byte { return b }}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /_mock/sandboxes", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
		_, _ = fmt.Fprintf(w, `{"name":"f","base_urls":{"fair":"%s%s"},"sellers":{"fair":[
			{"partner_id":2000001,"partner_key":%q,"shop_id":210004001,"access_token":"fair-access-token-1","chat_token":"fair-chat-token-1"},
			{"partner_id":2000002,"partner_key":"fair-partner-key-2","shop_id":210004002,"access_token":"fair-access-token-2","chat_token":"c2"}]}}`,
			m.URL, fairBase, fairKey)
	})
	mux.HandleFunc("DELETE /_mock/sandboxes/f", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("/_mock/sandboxes/f/{rest...}", m.control)
	mux.Handle(fairBase+"/", http.StripPrefix(fairBase, http.HandlerFunc(m.vendor)))
	mux.Handle("/~f/", http.StripPrefix("/~f", http.HandlerFunc(m.vendor)))
	mux.HandleFunc("/", m.vendor)
	m.Server = httptest.NewServer(mux)
	t.Cleanup(m.Close)
	return m
}

func (m *fair) control(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Advance string
		Text    string
		Frozen  *bool
	}
	_ = json.NewDecoder(r.Body).Decode(&in)
	m.mu.Lock()
	switch {
	case strings.HasSuffix(r.URL.Path, "/clock"):
		if r.Method == http.MethodGet {
			m.asked++
		}
		if d, err := time.ParseDuration(in.Advance); err == nil {
			m.now = m.now.Add(d)
		}
		if in.Frozen != nil {
			m.frozen = *in.Frozen
		}
		_, _ = fmt.Fprintf(w, `{"now":%q,"frozen":%v}`, m.now.Format(time.RFC3339Nano), m.frozen)
		m.mu.Unlock()
	default:
		hook := m.hook
		m.mu.Unlock()
		m.push(hook, in.Text)
		_, _ = io.WriteString(w, `{}`)
	}
}

// push signs a notification for the address as it was registered.
func (m *fair) push(hook, body string) {
	if hook == "" {
		return
	}
	key := fairKey
	if strings.Contains(body, "210004002") {
		key = "fair-partner-key-2"
	}
	signature := sign.Push(key, hook, []byte(body))
	req, _ := http.NewRequest(http.MethodPost, hook, bytes.NewReader(m.spoil([]byte(body)))) //nolint:noctx // a test's server
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", signature)
	if res, err := http.DefaultClient.Do(req); err == nil {
		_ = res.Body.Close()
	}
}

// vendor says with which base a signature was made, and what was sent.
func (m *fair) vendor(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	m.mu.Lock()
	m.calls = append(m.calls, r.Method+" "+r.URL.String())
	now := m.now
	m.mu.Unlock()
	if r.URL.Path == "/chat/rows" {
		m.rows(w, r)
		return
	}
	if r.URL.Path == "/api/v2/auth" {
		w.Header().Set("Location", r.URL.Query().Get("redirect")+"?code=c0de&shop_id=210004001")
		w.WriteHeader(http.StatusFound)
		return
	}
	if r.URL.Path == "/api/v2/push/set" {
		var in struct{ URL string }
		_ = json.Unmarshal(body, &in)
		m.mu.Lock()
		m.hook = in.URL
		m.mu.Unlock()
		m.push(in.URL, "")
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"signed": signedAs(r), "late": late(r, now), "query": r.URL.RawQuery, "sent": string(body), "type": r.Header.Get("Content-Type"),
		"id": json.Number("709122092476686867"), "text_id": "709122092476686867",
	})
}

func (m *fair) rows(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPut {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `[{"id":709122092476686867,"by":%q},{"id":709122092476686868}]`, r.Header.Get("Authorization"))
}

// late is how long ago the timestamp is.
func late(r *http.Request, now time.Time) string {
	var n int64
	_, _ = fmt.Sscan(r.URL.Query().Get("timestamp"), &n)
	return now.Sub(time.Unix(n, 0)).String()
}

// signedAs is what the signature covers of what was sent.
func signedAs(r *http.Request) string {
	q := r.URL.Query()
	shop := sign.Call{
		PartnerID: q.Get("partner_id"), Path: r.URL.EscapedPath(), Timestamp: q.Get("timestamp"),
		AccessToken: q.Get("access_token"), Owner: q.Get("shop_id"),
	}
	public := shop
	public.AccessToken, public.Owner = "", ""
	key := map[string]string{"2000001": fairKey, "2000002": "fair-partner-key-2"}[q.Get("partner_id")]
	switch signature := q.Get("sign"); {
	case signature == "":
		return "not"
	case public.Verify(key, signature):
		return "public"
	case shop.Verify(key, signature):
		return "shop"
	}
	return "wrong"
}

func fairScript(t *testing.T, src string) *scenario.Script {
	t.Helper()
	s, err := scenario.Parse("fair.yaml", []byte("version: 1\nname: a test\nmarketplace: fair\n"+src))
	require.NoError(t, err)
	require.Empty(t, scenario.NewLinter(fairSpecs(), nil).Lint([]*scenario.Script{s}))
	return s
}

func fairRunner(t *testing.T, target scenario.Target, specs fs.FS) *scenario.Runner {
	t.Helper()
	r := &scenario.Runner{Target: target, Specs: specs, Timeout: 10 * time.Second, Allow: []string{"all"}}
	t.Cleanup(r.Close)
	return r
}

func TestCallsAreSigned(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]string{
		"as the operation's scheme says, by the caller": `
steps:
  - {call: list, query: {page_size: 5}, expect: {body: {signed: shop, late: 0s, query: <regex:^page_size=5&partner_id=2000001&timestamp=1790856000&access_token=fair-access-token-1&shop_id=210004001&sign=>}, findings: none}}
  - {call: list, as: second, expect: {body: {signed: shop, query: "<contains:shop_id=210004002>"}}}
  - {call: register, body: {}, expect: {body: {signed: public, query: "<regex:^partner_id=2000001&timestamp=1790856000&sign=[0-9a-f]{64}$>"}, findings: none}}
  - {call: list, as: second/publicsign, expect: {body: {signed: public}, findings: any}}
  - {call: list, as: nobody, expect: {body: {query: ""}}}
`,
		"a parameter of the step is signed as it is sent": `
steps:
  - {call: list, query: {shop_id: 210004002}, expect: {body: {signed: shop, query: "<prefix:shop_id=210004002&partner_id=>"}}}
  - {call: list, query: {access_token: null}, expect: {body: {signed: shop, query: "<not:<contains:access_token>>"}}}
  - {call: list, query: {timestamp: yesterday}, expect: {body: {signed: shop, query: "<contains:timestamp=yesterday>"}}}
  - {call: list, query: {sign: "0000"}, expect: {body: {signed: wrong, query: "<contains:sign=0000>"}}}
  - {call: list, query: {sign: null, partner_id: null}, expect: {body: {signed: not, query: "<prefix:timestamp=>"}}}
  - {call: list, query: {shop_id: [210004002, 1]}, expect: {body: {signed: shop, query: "<prefix:shop_id=210004002&shop_id=1&>"}}}
`,
		"something else is signed than what is sent": `
steps:
  - {call: list, sign: {instead: {partner_key: another}}, expect: {body: {signed: wrong, query: "<not:<contains:another>>"}}}
  - {call: list, sign: {instead: {partner_key: "{{sellers[1].partner_key}}"}}, expect: {body: {signed: wrong}}}
  - {call: list, sign: {instead: {path: /list}}, expect: {body: {signed: wrong}}}
  - {call: list, sign: {instead: {path: /api/v2/list}}, expect: {body: {signed: shop}}}
  - {call: list, sign: {instead: {timestamp: 1}}, expect: {body: {signed: wrong, late: 0s}}}
  - {call: list, sign: {instead: {access_token: "", shop_id: ""}}, expect: {body: {signed: public, query: "<contains:access_token=fair>"}}}
  - {call: list, sign: {instead: {partner_id: null}}, expect: {body: {signed: wrong}}}
  - {call: register, sign: {instead: {access_token: "{{seller.access_token}}"}}, body: {}, expect: {body: {signed: wrong}}}
`,
		"with a timestamp of another time": `
steps:
  - {call: list, sign: {at: -6m}, expect: {body: {signed: shop, late: 6m0s}}}
  - {call: list, sign: {at: 5m1s}, expect: {body: {signed: shop, late: -5m1s}}}
  - {call: list, sign: {unit: ms}, expect: {body: {signed: shop, query: "<contains:timestamp=1790856000000&>"}}}
`,
		"in upper case, and in another order": `
steps:
  - {call: list, sign: {case: upper}, expect: {body: {signed: shop, query: "<regex:sign=[0-9A-F]{64}$>"}}}
  - call: list
    query: {page_size: 5}
    sign: {order: [sign, shop_id, page_size]}
    expect: {body: {signed: shop, query: "<regex:^sign=[0-9a-f]+&shop_id=210004001&page_size=5&partner_id=2000001&timestamp=[0-9]+&access_token=[^&]+$>"}}
`,
		"where the step has another address": `
steps:
  - {call: list, url: "/api/v2/list/", expect: {body: {signed: shop}}}
  - {call: list, url: "/api/v2/list?page_size=5&page_size=6", expect: {body: {signed: shop, query: "<prefix:page_size=5&page_size=6&partner_id=>"}}}
  - {call: list, url: "/api/v2/list?shop_id=7&sign=8", expect: {body: {signed: wrong, query: "<prefix:shop_id=7&sign=8&partner_id=>"}}}
  - {call: list, url: "/api/v2/list?shop_id=7&x=%zz", expect: {body: {signed: shop}, findings: any}}
  - {call: list, url: "{{base_url}}/api/v2/list", expect: {body: {signed: shop}}}
  - {call: list, method: POST, expect: {body: {signed: shop}}}
`,
		"where no operation is": `
steps:
  - {request: {method: GET, path: /api/v2/none}, sign: shop, expect: {body: {signed: shop}}}
  - {request: {method: GET, path: /api/v2/none, query: {a: b}}, expect: {body: {signed: shop, query: "<prefix:a=b&partner_id=>"}}}
  - {request: {method: GET, path: /api/v2/none}, sign: public, as: second, expect: {body: {signed: public, query: "<contains:2000002>"}}}
  - {request: {method: GET, path: /api/v2/none}, sign: {api: public, at: -6m}, expect: {body: {signed: public, late: 6m0s}}}
  - {request: {method: GET, path: /api/v2/none}, sign: {api: public, instead: {shop_id: 1}}, expect: {body: {signed: wrong, query: "<not:<contains:shop_id>>"}}}
  - {request: {method: GET, path: /api/v2/none}, as: nobody, expect: {body: {query: ""}}}
`,
		"also uploads": `
steps:
  - {call: upload, multipart: {file: {name: a.png, base64: aGVsbG8=}}, expect: {body: {signed: shop, type: "<prefix:multipart/form-data>", sent: "<contains:hello>"}, findings: none}}
`,
		"but calls of another spec as that one says": `
steps:
  - {call: rows, expect: {body: [{by: Bearer fair-chat-token-1}, {}]}}
  - {call: rows, as: second/chat_token, expect: {body: {"[0]": {by: Bearer c2}}}}
  - {call: list, as: chat_token, expect: {body: {query: ""}, findings: any}}
`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newFair(t)
			r := fairRunner(t, scenario.Target{Base: m.URL, Mock: true}, fairSpecs()).Run(t.Context(), fairScript(t, src))
			require.Equal(t, report.Passed, r.Status, failures(r))
		})
	}
}

func TestTimestampsFollowTheSandboxesClockWithoutAskingIt(t *testing.T) {
	t.Parallel()
	m := newFair(t)
	r := fairRunner(t, scenario.Target{Base: m.URL, Mock: true}, fairSpecs()).Run(t.Context(), fairScript(t, `
steps:
  - {call: list, times: 5, expect: {body: {late: 0s}}}
  - clock: {advance: 720h}
  - {call: list, times: 5, expect: {body: {late: 0s}}}
  - clock: {frozen: false}
  - {call: list, expect: {body: {late: "<regex:^(0|-[1-9])s$>"}}}
`))
	require.Equal(t, report.Passed, r.Status, failures(r))
	require.Equal(t, 1, m.asked)
	r = fairRunner(t, scenario.Target{Base: m.URL, Mock: true}, fairSpecs()).Run(t.Context(), fairScript(t, `
steps:
  - {call: list}
  - snapshot: {restore: x}
  - {call: list, expect: {body: {late: 0s}}}
  - control: {method: POST, path: x}
  - {call: list, expect: {body: {late: 0s}}}
`))
	require.Equal(t, report.Passed, r.Status, failures(r))
	require.Equal(t, 4, m.asked)
}

func TestOnALiveTargetCallsAreSignedWithWallTime(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"", fairBase} {
		m := newFair(t)
		m.now = time.Now()
		live := scenario.Live{BaseURL: m.URL + base, Sellers: []map[string]string{
			{"partner_id": "2000001", "partner_key": fairKey, "shop_id": "210004001", "access_token": "fair-access-token-1"},
		}, Hosts: map[string]string{"fair-chat": m.URL}}
		runner := fairRunner(t, scenario.Target{Live: map[string]scenario.Live{"fair": live}}, fairSpecs())
		r := runner.Run(t.Context(), fairScript(t, `
steps:
  - call: list
    expect: {body: {signed: shop}}
    capture: {late: late}
  - {call: register, body: {}, expect: {body: {signed: public}, condition: "abs(int(duration(vars.late).Seconds())) < 60"}}
  - {request: {method: GET, path: /api/v2/none}, sign: shop, expect: {body: {signed: shop}}}
`))
		require.Equal(t, report.Passed, r.Status, failures(r))
		require.Zero(t, m.asked)
	}
}

func TestACallThatCannotBeSignedSaysWhy(t *testing.T) {
	t.Parallel()
	m := newFair(t)
	live := scenario.Live{BaseURL: m.URL, Sellers: []map[string]string{{"partner_id": "1", "access_token": "a", "shop_id": "2"}}, Hosts: map[string]string{"fair-chat": m.URL}}
	runner := fairRunner(t, scenario.Target{Live: map[string]scenario.Live{"fair": live}}, fairSpecs())
	r := runner.Run(t.Context(), fairScript(t, `steps: [{call: list}]`))
	require.Contains(t, failures(r), `the seller has no credential "partner_key"`)
	s, err := scenario.Parse("fair.yaml", []byte("version: 1\nname: a test\nmarketplace: fair\nsteps: [{call: rows, sign: {at: 1m}}]"))
	require.NoError(t, err)
	require.Contains(t, failures(runner.Run(t.Context(), s)), "fair.yaml:4:29: call rows: rows is not signed: say sign: {api: …}")
	s, err = scenario.Parse("fair.yaml", []byte("version: 1\nname: a test\nmarketplace: fair\nsteps: [{call: list, sign: {instead: {size: 5}}}]"))
	require.NoError(t, err)
	require.Contains(t, failures(runner.Run(t.Context(), s)), `shopee-shop signs no "size"; known: `)
	require.Empty(t, m.calls)
}

func TestReportsMaskSignaturesAndTokens(t *testing.T) {
	t.Parallel()
	m := newFair(t)
	r := fairRunner(t, scenario.Target{Base: m.URL, Mock: true}, fairSpecs()).Run(t.Context(), fairScript(t, `
steps: [{call: list, expect: {status: 500}}]`))
	require.Len(t, r.Failures, 1)
	require.Regexp(t, `shop_id=210004001&sign=(…|%E2%80%A6)[0-9a-f]{4}'`, r.Failures[0].Curl)
	require.NotContains(t, r.Failures[0].Curl, "fair-access-token-1")
}

func TestMistakesAboutSigningAreFoundByLint(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"{call: list, sign: shopp}":                                       `sign: "shopp" is not one of "public" or "shop", did you mean "shop"?`,
		"{fault: {kind: lose, operation: mesage}}":                        `no operation "mesage", did you mean "message"?`,
		"{call: list, sign: [shop]}":                                      `sign is "public" or "shop", or a mapping`,
		"{call: list, sign: {instead: {partner_kye: x}}}":                 `shopee-shop signs no "partner_kye", did you mean "partner_key"?`,
		"{call: register, sign: {instead: {acess_token: x}}}":             `shopee-public signs no "acess_token", did you mean "access_token"?`,
		"{call: list, sign: {\n    instead: {path: /,\n      size: 5}}}":  `fair.yaml:7:7: shopee-shop signs no "size"; known: "partner_id", "path", "timestamp", "access_token", "shop_id", "partner_key"`,
		"{request: {method: GET, path: /}, sign: {instead: {shopid: 1}}}": `shopee-shop signs no "shopid", did you mean "shop_id"?`,
		"{call: list, sign: {instead: partner_key}}":                      "instead must be a mapping, not a string",
		"{call: list, sign: {insted: {path: /}}}":                         `there is no field "insted" in sign, did you mean "instead"?`,
		"{call: list, sign: {path: /}}":                                   `there is no field "path" in sign`,
		"{call: list, sign: {at: soon}}":                                  `at: "soon" is no offset such as -6m or 4m59s`,
		"{call: list, sign: {unit: min}}":                                 `unit: "min" is not one of "s" or "ms"`,
		"{call: list, sign: {case: uper}}":                                `case: "uper" is not one of "lower" or "upper", did you mean "upper"?`,
		"{call: list, sign: {order: [a, b, a]}}":                          "order names a twice",
		"{call: list, sign: {instead: {path: '{{x}}'}}}":                  "the variable x is not set before",
		"{clock: {advance: 1m}, sign: shop}":                              "sign belongs to a call or a request, not to clock",
		"{call: rows, sign: {at: 1m}}":                                    "rows is not signed: say sign: {api: …}",
		"{call: list, as: nobody, sign: shop}":                            "nobody signs nothing: as and sign exclude each other",
		"{call: list, as: second/chat_token, sign: {at: 1m}}":             "list is not signed",
		"{call: list, query: {a: '{{seller.shop_id|strng}}'}}":            "a variable is written as string or number, not \"strng\"",
		"{push: {body: {at: <unix>}}}":                                    "<unix>: say how near: <unix±5s> or <unix-48h±1m>",
		"{call: list, expect: {findings: [sing]}}":                        `did you mean "sign"?`,
		"{request: {method: GET, path: /, query: {}, sign: shop}}":        `there is no field "sign" in request`,
		"{call: list, expect: {body: {at: <unixms±5s>}}}":                 `"ms" is no offset`,
		"{call: list, expect: {body: {at: '<unix_ns-1h±5>'}}}":            `"5" is no duration`,
		"{call: list, expect: {body: {at: '<not:<unix_ms~5s>>'}, x: 1}":   "",
	} {
		if want == "" {
			continue
		}
		t.Run(src, func(t *testing.T) {
			t.Parallel()
			s, err := scenario.Parse("fair.yaml", []byte("version: 1\nname: a test\nmarketplace: fair\nsteps:\n- "+src+"\n"))
			if err == nil {
				err = scenario.NewLinter(fairSpecs(), nil).Lint([]*scenario.Script{s})
			}
			require.ErrorContains(t, err, want)
		})
	}
	specs := fairSpecs()
	specs["fair.yaml"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(fairSpec, "shopee-shop", "shopee-shp"))}
	s, err := scenario.Parse("fair.yaml", []byte("version: 1\nname: a\nmarketplace: fair\nsteps: [{call: list}]\n"))
	require.NoError(t, err)
	require.ErrorContains(t, scenario.NewLinter(specs, nil).Lint([]*scenario.Script{s}), `security scheme ShopSign of the spec fair: there is no x-sign "shopee-shp", did you mean "shopee-shop"?`)
	specs = fairSpecs()
	specs["fair-push.yaml"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(fairPush, "shopee-push", "push"))}
	require.ErrorContains(t, scenario.NewLinter(specs, nil).Lint([]*scenario.Script{s}), `operation receive of the spec fair-push: there is no x-sign "push"`)
}
