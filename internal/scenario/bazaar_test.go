package scenario_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/report"
	"example.com/marketmock/internal/scenario"
)

// bazaar is a mock of a marketplace that shares nothing with the other fake:
// shops in paths, tokens, parts, pages, files at links, 420.
type bazaar struct {
	*httptest.Server
	barrier sync.WaitGroup // of calls with X-Wait: none answers before all came
	mu      sync.Mutex
	calls   []string
}

// publicBazaar is how the mock names itself.
const publicBazaar = "http://bazaar.example"

func newBazaar(t *testing.T) *bazaar {
	t.Helper()
	m := &bazaar{}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /_mock/sandboxes", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"name":"b","base_urls":{"bazaar":"`+publicBazaar+`/~b/bazaar"},"sellers":{"bazaar":[
			{"shop_id":101,"other_id":900,"x_token":"t1","access":"a1"},{"shop_id":102,"x_token":"t2","access":"a2"}]}}`)
	})
	mux.HandleFunc("DELETE /_mock/sandboxes/b", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /_mock/sandboxes/b/clock", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"now":"2026-10-01T12:00:00Z"}`)
	})
	mux.Handle("/~b/bazaar/", http.StripPrefix("/~b/bazaar", http.HandlerFunc(m.vendor)))
	mux.HandleFunc("/", m.vendor)
	m.Server = httptest.NewServer(mux)
	t.Cleanup(m.Close)
	return m
}

func (m *bazaar) said() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string(nil), m.calls...)
}

func (m *bazaar) vendor(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Wait") != "" {
		m.barrier.Done()
		m.barrier.Wait()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls = append(m.calls, fmt.Sprintf("%s %s %s|%s", r.Method, r.URL, r.Header.Get("X-Token"), r.Header.Get("Authorization")))
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Until", "Thu, 01 Oct 2026 13:00:00 GMT")
	switch {
	case strings.HasSuffix(r.URL.Path, "/threads"):
		page, _ := json.Marshal(m.page(r))
		_, _ = w.Write(page)
	case strings.HasSuffix(r.URL.Path, "/files"):
		parts, _ := json.Marshal(partsOf(r))
		_, _ = w.Write(parts)
	case strings.HasPrefix(r.URL.Path, "/files/"):
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, "hello from "+r.URL.EscapedPath())
	case r.URL.Path == "/v2/whoami":
		_, _ = io.WriteString(w, `{}`)
	default:
		http.NotFound(w, r)
	}
}

// page gives two of five threads from the page that either name of the
// parameter asks for; the last page names no next.
func (m *bazaar) page(r *http.Request) map[string]any {
	from := 0
	for _, name := range []string{"page", "page_token"} {
		if token := r.URL.Query().Get(name); token != "" {
			_, _ = fmt.Sscan(token, &from)
		}
	}
	out := map[string]any{"threads": []int{from + 1, from + 2}, "shop": strings.Split(r.URL.Path, "/")[3]}
	if from < 3 {
		out["next"] = fmt.Sprint(from + 2)
	}
	return out
}

func partsOf(r *http.Request) any {
	reader, err := r.MultipartReader()
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	var out []map[string]any
	for {
		p, err := reader.NextRawPart()
		if err != nil {
			return map[string]any{"parts": out, "end": err.Error(), "type": r.Header.Get("Content-Type")}
		}
		content, _ := io.ReadAll(p)
		out = append(out, map[string]any{
			"field": p.FormName(), "name": p.FileName(), "type": p.Header.Get("Content-Type"),
			"length": len(content), "start": string(content[:min(len(content), 12)]),
		})
	}
}

func bazaarRunner(t *testing.T, target scenario.Target) *scenario.Runner {
	t.Helper()
	r := &scenario.Runner{Target: target, Specs: os.DirFS("testdata/bazaar"), Timeout: 10 * time.Second}
	t.Cleanup(r.Close)
	return r
}

func bazaarScript(t *testing.T, src string) *scenario.Script {
	t.Helper()
	s, err := scenario.Parse("bazaar.yaml", []byte("version: 1\nname: a test\nmarketplace: bazaar\n"+src))
	require.NoError(t, err)
	require.Empty(t, scenario.NewLinter(os.DirFS("testdata/bazaar"), nil).Lint([]*scenario.Script{s}))
	return s
}

func TestASecondMarketplaceNeedsNoCodeOfItsOwn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		src  string
		said []string
	}{
		"a path is filled from the caller's credentials": {`
steps:
  - {call: listThreads, body: {}, expect: {body: {shop: "101"}, findings: none}}
  - {call: listThreads, as: second, body: {}, expect: {body: {shop: "102"}, findings: none}}
  - {call: listThreads, as: nobody, body: {}, expect: {body: {shop: "101"}}}
`, []string{"POST /v2/shops/101/threads t1|", "POST /v2/shops/102/threads t2|", "POST /v2/shops/101/threads |"}},
		"the step's path wins": {`
steps:
  - {call: listThreads, path: {shopId: "{{seller.other_id}}"}, body: {}, expect: {body: {shop: "900"}}}
  - {call: listThreads, path: {shopId: "a b"}, body: {}, expect: {body: {shop: "a b"}, findings: [type]}}
`, []string{"POST /v2/shops/900/threads t1|", "POST /v2/shops/a%20b/threads t1|"}},
		"another path has the parameters of the operation": {`
steps:
  - {call: listThreads, as: second, url: "/shops/{shopId}/threads?x=1", query: {page: "1"}, body: {}, expect: {status: 200}}
  - {call: listThreads, url: "/v2/shops/{shopId}/threads", body: {}, expect: {findings: none}}
`, []string{"POST /shops/102/threads?x=1&page=1 t2|", "POST /v2/shops/101/threads t1|"}},
		"a token of OAuth 2 is a bearer token": {`
steps:
  - {call: listThreads, as: access, body: {}}
  - {call: listThreads, as: second/access, body: {}}
`, []string{"POST /v2/shops/101/threads |Bearer a1", "POST /v2/shops/102/threads |Bearer a2"}},
		"an operation's own security comes before that of the spec": {`
steps:
  - {call: whoami}
  - {call: whoami, as: token}
  - {request: {method: POST, path: /v2/whoami}}
`, []string{"POST /v2/whoami |Bearer a1", "POST /v2/whoami t1|", "POST /v2/whoami t1|"}},
		"a page's token is left out when there is none": {`
vars: {token: null, seen: []}
steps:
  - repeat:
      until: vars.token == nil
      steps:
        - {call: listThreads, query: {page_token: "{{token}}"}, body: {}, expect: {findings: none}, capture: {token: "next?", page: threads}}
        - set: {seen: "concat(vars.seen, vars.page)"}
  - set: {right: "vars.seen == [1, 2, 3, 4, 5, 6]"}
  - {call: whoami, expect: {condition: vars.right}}
`, []string{
			"POST /v2/shops/101/threads t1|", "POST /v2/shops/101/threads?page_token=2 t1|",
			"POST /v2/shops/101/threads?page_token=4 t1|", "POST /v2/whoami |Bearer a1",
		}},
		"files are of a spec beside the marketplace's own, and links lead there": {`
vars: {link: "` + publicBazaar + `/~b/bazaar/files/101/a%20b.txt"}
steps:
  - {call: download, path: {name: a b.txt}, expect: {text: "hello from /files/101/a%20b.txt", findings: none}}
  - {call: download, as: token, url: "{{link}}", expect: {text: "hello from /files/101/a%20b.txt", findings: none}}
  - {call: download, url: "{{base_url}}/files/101/too-long.txt", expect: {findings: [maxLength]}}
  - {request: {method: GET, path: "{{link}}?x=1"}, as: nobody, expect: {text: <prefix:hello>}}
  - {request: {method: GET, path: "` + publicBazaar + `/files/7/x"}, as: nobody, expect: {text: <prefix:hello>}}
`, []string{
			"GET /files/101/a%20b.txt |Bearer a1", "GET /files/101/a%20b.txt t1|", "GET /files/101/too-long.txt |Bearer a1",
			"GET /files/101/a%20b.txt?x=1 |", "GET /files/7/x |",
		}},
		"a header's date and the reason phrase are compared": {`
steps:
  - {call: whoami, expect: {phrase: OK, headers: {X-Until: "<now+1h±0s>"}}}
  - {call: whoami, expect: {phrase: "<not:Fine>", headers: {X-Until: "<not:<now±59m>>"}}}
`, []string{"POST /v2/whoami |Bearer a1", "POST /v2/whoami |Bearer a1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newBazaar(t)
			r := bazaarRunner(t, scenario.Target{Base: m.URL, Mock: true}).Run(t.Context(), bazaarScript(t, c.src))
			require.Equal(t, report.Passed, r.Status, failures(r))
			require.Equal(t, c.said, m.said())
		})
	}
}

func TestPartsAreSentAsWritten(t *testing.T) {
	t.Parallel()
	m := newBazaar(t)
	r := bazaarRunner(t, scenario.Target{Base: m.URL, Mock: true}).Run(t.Context(), bazaarScript(t, `
vars: {most: 5242880}
steps:
  - call: upload
    path: {threadId: 7}
    multipart:
      file: {name: 'фото "1".jpg', content_type: image/jpeg, base64: aGVsbG8=}
      note: "{{base_url}} and more"
      more: [one, {name: b.txt, text: two}, {content_type: text/plain, text: "--marketmock-part"}]
      big: {name: ../big.bin, content_type: null, size: "{{most}}"}
      none: {name: none}
    expect:
      findings: none
      body:
        end: EOF
        type: multipart/form-data; boundary=marketmock-part-
        parts:
          - {field: file, name: 'фото "1".jpg', type: image/jpeg, start: hello}
          - {field: note, name: "", type: "", start: <prefix:http>}
          - {field: more, start: one, name: "", type: ""}
          - {field: more, start: two, name: b.txt, type: application/octet-stream}
          - {field: more, name: "", type: text/plain}
          - {field: big, name: big.bin, type: "", length: 5242880, start: "0123456789 a"}
          - {field: none, length: 0, type: application/octet-stream}
  - name: the same without a boundary
    call: upload
    path: {threadId: 7}
    content_type: multipart/form-data
    multipart: {file: x}
    expect: {findings: none, body: {error: <contains:boundary>}}
  - name: another type, and none
    call: upload
    path: {threadId: 7}
    content_type: application/json
    multipart: {file: x}
    expect: {findings: [type], body: {error: <any>}}
  - call: upload
    path: {threadId: 7}
    headers: {Content-Type: null}
    multipart: {file: x}
    expect: {findings: [required], body: {error: <any>}}
  - name: broken by hand
    request:
      method: POST
      path: /v2/shops/1/threads/2/files
      content_type: multipart/form-data; boundary=a
      raw: "--a\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhel"
    expect: {body: {end: <contains:EOF>}}
  - request: {method: POST, path: /v2/shops/1/threads/2/files, multipart: {file: {text: x}}}
    expect: {body: {parts: [{field: file, type: "", name: "", start: x}]}}
  - {request: {method: POST, path: /v2/whoami, raw: {size: 1000}}}
`))
	require.Equal(t, report.Passed, r.Status, failures(r))
}

func TestCallsTogetherAreMadeAtTheSameTime(t *testing.T) {
	t.Parallel()
	m := newBazaar(t)
	m.barrier.Add(4)
	runner := bazaarRunner(t, scenario.Target{Base: m.URL, Mock: true})
	r := runner.Run(t.Context(), bazaarScript(t, `
steps:
  - together:
      calls:
        - {call: listThreads, headers: {X-Wait: 1}, body: {}, concurrent: 2, capture: {shop: shop}}
        - {call: whoami, headers: {X-Wait: 1}, expect: {body: {}}}
        - {request: {method: GET, path: /nothing, headers: {X-Wait: 1}}, as: second}
    expect: {statuses: {200: 3, 404: 1}}
  - {call: whoami, expect: {condition: vars.shop == "101"}}
`))
	require.Equal(t, report.Passed, r.Status, failures(r))
	require.Equal(t, "200×3 404", r.Steps[0].Answer)
	require.Len(t, r.Seen, 4)
	for src, want := range map[string]string{
		"calls: [{call: whoami}, {request: {method: GET, path: /nothing}}]":                                     "request: the answer is not as expected",
		"calls: [{call: whoami, expect: {body: {a: 1}}}]":                                                       "/a: want 1, got nothing",
		"calls: [{call: whoami, expect: {body: {a: 1}}}]\n  expect: {statuses: {200: 1}}":                       "/a: want 1, got nothing",
		"calls: [{call: whoami, concurrent: 2}]\n  expect: {statuses: {200: 1, 420: 1}}":                        "status 420: want 1 times, got 0 times",
		"calls: [{call: whoami}, {call: listThreads, path: {shopId: '{{x}}'}}]\n  expect: {statuses: {200: 1}}": "the variable x is not set",
	} {
		s, err := scenario.Parse("bazaar.yaml", []byte("version: 1\nname: a test\nmarketplace: bazaar\nsteps:\n- together:\n    "+src+"\n"))
		require.NoError(t, err)
		r := runner.Run(t.Context(), s)
		require.Equal(t, report.Failed, r.Status)
		require.Contains(t, failures(r), want)
	}
}

func TestWhatCannotBeReachedIsNotCalled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ src, want string }{
		"a path that no credential fills, before the first call": {
			`steps: [{call: whoami}, {call: upload, multipart: {file: x}}]`,
			`upload needs path: {threadId: …}, for no seller has a credential "thread_id"`,
		},
		"a path that this caller cannot fill": {
			`steps: [{call: upload, as: second, path: {shopId: 1}, url: "/{threadId}", multipart: {file: x}}]`,
			`upload needs path: {threadId: …}, for the seller has no credential "thread_id"`,
		},
		"an address elsewhere": {
			`steps: [{request: {method: GET, path: "https://elsewhere.example/files/1/a"}}]`,
			"https://elsewhere.example is not of the target http://127.0.0.1",
		},
		"an address with the target as user": {
			`steps: [{request: {method: GET, path: "http://bazaar.example@elsewhere.example/files/1/a"}}]`,
			"http://elsewhere.example is not of the target",
		},
		"no address": {
			`steps: [{request: {method: GET, path: files}}]`,
			`the path "files" does not begin with / and is no URL`,
		},
		"too much content": {
			`{vars: {size: 70000000}, steps: [{call: upload, path: {threadId: 1}, multipart: {file: {size: "{{size}}"}}}]}`,
			"size 70000000 is no number of bytes up to 67108864",
		},
		"too many parts": {
			`steps: [{call: upload, path: {threadId: 1}, multipart: {file: [{size: 67108864}, x]}}]`,
			"the parts have more than 67108864 bytes",
		},
		"a scheme that is not there": {`steps: [{call: whoami, as: first/tokn}]`, `no security scheme "tokn", did you mean "token"?`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newBazaar(t)
			src := strings.Trim(c.src, "{}")
			if !strings.HasPrefix(c.src, "{") {
				src = c.src
			}
			src = strings.Replace(src, "}, steps:", "}\nsteps:", 1)
			r := bazaarRunner(t, scenario.Target{Base: m.URL, Mock: true}).Run(t.Context(), bazaarScript(t, src))
			require.Equal(t, report.Failed, r.Status)
			require.Contains(t, failures(r), c.want)
			require.NotContains(t, strings.Join(m.said(), "\n"), "whoami")
		})
	}
}

func TestOnALiveTargetFilesHaveAHostOfTheirOwn(t *testing.T) {
	t.Parallel()
	api, files := newBazaar(t), newBazaar(t)
	live := scenario.Live{
		BaseURL: api.URL, Hosts: map[string]string{"bazaar-files": files.URL + "/"},
		Sellers: []map[string]string{{"shop_id": "101", "x_token": "t1", "access": "a1"}},
	}
	src := `
steps:
  - {call: listThreads, body: {}}
  - {call: download, path: {name: a.txt}}
  - {request: {method: GET, path: "` + files.URL + `/files/1/b.txt"}}
`
	target := scenario.Target{Live: map[string]scenario.Live{"bazaar": live}}
	runner := bazaarRunner(t, target)
	runner.Allow = []string{"all"}
	r := runner.Run(t.Context(), bazaarScript(t, src))
	require.Equal(t, report.Passed, r.Status, failures(r))
	require.Equal(t, []string{"POST /v2/shops/101/threads t1|"}, api.said())
	require.Equal(t, []string{"GET /files/101/a.txt |Bearer a1", "GET /files/1/b.txt t1|"}, files.said())

	live.Hosts = nil
	r = bazaarRunner(t, scenario.Target{Live: map[string]scenario.Live{"bazaar": live}}).Run(t.Context(), bazaarScript(t, src))
	require.Equal(t, report.Skipped, r.Status)
	require.Equal(t, "needs an address of bazaar-files: hosts in the target file", r.Reason)

	target.Base = api.URL
	runner = bazaarRunner(t, target)
	runner.Allow = []string{"all"}
	r = runner.Run(t.Context(), bazaarScript(t, src[:strings.Index(src, "  - {request")]))
	require.Equal(t, report.Passed, r.Status, failures(r))
	require.Contains(t, api.said(), "GET /files/101/a.txt |Bearer a1", "the server that was asked for has all specs")
}

func TestOperationsOfEveryServedSpecAreDeclared(t *testing.T) {
	t.Parallel()
	declared, err := scenario.Declared(os.DirFS("testdata/bazaar"), []*scenario.Script{{Marketplace: "bazaar"}, {Marketplace: "bazaar-east"}})
	require.NoError(t, err)
	var names []string
	for _, d := range declared {
		names = append(names, d.Marketplace+" "+d.Operation)
	}
	require.Equal(t, []string{"bazaar listThreads", "bazaar upload", "bazaar whoami", "bazaar download", "bazaar-east east"}, names)
}
