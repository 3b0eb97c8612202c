package scenario_test

import (
	"bytes"
	"cmp"
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
)

// fakeSpec describes a marketplace that exists only here.
const fakeSpec = `
openapi: 3.0.3
info: {title: fake, version: "1"}
security: [{Client: [], Key: []}, {OAuth: []}]
components:
  securitySchemes:
    Client: {type: apiKey, in: header, name: Client-Id}
    Key: {type: apiKey, in: header, name: Api-Key}
    OAuth: {type: http, scheme: bearer}
paths:
  /list:
    post:
      operationId: List
      x-effect: read
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {limit: {type: integer, maximum: 100}}}
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema:
                type: object
                properties:
                  chats:
                    type: array
                    items:
                      type: object
                      properties: {id: {type: string}, last: {type: integer}, unread: {type: integer}}
                  has_next: {type: boolean}
        "400":
          description: bad
          content: {application/json: {schema: {type: object, properties: {message: {type: string}}}}}
        "500": {description: broken}
  /chats/{chat}/send:
    post:
      operationId: Send
      parameters: [{name: chat, in: path, required: true, schema: {type: string}}]
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [text], properties: {text: {type: string, maxLength: 10}}}
      responses:
        "200":
          description: ok
          content: {application/json: {schema: {type: object, properties: {id: {type: integer}}}}}
        "401": {description: who}
        "429": {description: slow down}
`

const fakePush = `
openapi: 3.0.3
info: {title: fake push, version: "1"}
paths:
  /:
    post:
      operationId: Receive
      requestBody:
        content:
          application/json:
            schema:
              oneOf: [{$ref: "#/components/schemas/Ping"}, {$ref: "#/components/schemas/New"}]
              discriminator:
                propertyName: type
                mapping: {PING: "#/components/schemas/Ping", NEW: "#/components/schemas/New"}
            examples:
              ping: {value: {type: PING}}
              new: {value: {type: NEW}}
      responses:
        "200":
          description: taken
          content:
            application/json:
              schema: {type: object}
              examples:
                ping: {$ref: "#/components/examples/Pong"}
                event: {value: {result: true}}
components:
  examples:
    Pong: {value: {pong: true}}
  schemas:
    Ping: {type: object, properties: {type: {type: string}}}
    New: {type: object, properties: {type: {type: string}, text: {type: string}, message_id: {type: integer}}}
`

// fakeOverlay allows one more field in an answer.
const fakeOverlay = `
overlay: 1.0.0
info: {title: more fields, version: "1"}
actions:
  - target: $.paths['/list'].post.responses['200'].content['application/json'].schema.properties
    update: {undeclared: {type: integer}}
  - target: $.paths['/list'].post.requestBody.content['application/json'].schema.properties
    update: {undeclared: {type: integer}}
`

func fakeSpecs() fs.FS {
	return fstest.MapFS{
		"fake.yaml":                            {Data: []byte(fakeSpec)},
		"fake-push.yaml":                       {Data: []byte(fakePush)},
		"overlays/fake-before-2026-02-03.yaml": {Data: []byte(fakeOverlay)},
		"overlays/fake-more-fields.yaml":       {Data: []byte(fakeOverlay)},
	}
}

// fakeMock is the little of the mock that the runner's own tests need: it
// keeps sandboxes, notes control calls and sends a notification for each
// buyer's message.
type fakeMock struct {
	*httptest.Server
	mu       sync.Mutex
	boxes    map[string]*fakeBox
	count    int
	created  int
	controls []string // METHOD path body
	public   string   // of base_urls; "" is where it was called
}

type fakeBox struct {
	now      time.Time
	hook     string
	status   int // of a fault
	sends    int
	replies  []string
	switches string
}

func newFakeMock(t *testing.T) *fakeMock {
	t.Helper()
	m := &fakeMock{boxes: map[string]*fakeBox{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_mock/health", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"status":"ok","version":"test","marketplaces":["fake"]}`)
	})
	mux.HandleFunc("POST /_mock/sandboxes", m.create)
	mux.HandleFunc("DELETE /_mock/sandboxes/{box}", m.remove)
	mux.HandleFunc("GET /_mock/sandboxes/{box}", func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `{"name":%q}`, r.PathValue("box"))
	})
	mux.HandleFunc("/_mock/sandboxes/{box}/{rest...}", m.control)
	mux.HandleFunc("/{box}/fake/{rest...}", m.vendor)
	m.Server = httptest.NewServer(mux)
	t.Cleanup(m.Close)
	return m
}

func (m *fakeMock) create(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.count++
	m.created++
	name := fmt.Sprintf("box%d", m.count)
	m.boxes[name] = &fakeBox{now: time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)}
	m.controls = append(m.controls, "POST / "+string(body))
	if strings.Contains(string(body), "no-such-world") {
		w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = io.WriteString(w, `{"title":"unknown fixture","detail":"no-such-world","field":"fixture"}`)
		return
	}
	for word, field := range map[string]string{"1999-01-01": "/edition", "nope": "/switches/fake/nope"} {
		if strings.Contains(string(body), word) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprintf(w, `{"title":"Bad Request","detail":"not %s","field":%q}`, word, field)
			return
		}
	}
	w.WriteHeader(http.StatusCreated)
	_, _ = fmt.Fprintf(w, `{"name":%q,"base_urls":{"fake":"http://%s/~%s/fake"},
		"credentials":{"fake":{"client_id":"1","api_key":"secret-key-number-1","oauth":"o1"}},
		"sellers":{"fake":[{"client_id":"1","api_key":"secret-key-number-1","oauth":"o1"},{"name":"other","client_id":"2","api_key":"secret-key-number-2","oauth":"o2"}]}}`,
		name, cmp.Or(strings.TrimPrefix(m.public, "http://"), r.Host), name)
}

func (m *fakeMock) remove(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.boxes, r.PathValue("box"))
	w.WriteHeader(http.StatusNoContent)
}

// left is how many sandboxes were not deleted.
func (m *fakeMock) left() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.boxes)
}

// told returns the control calls so far.
func (m *fakeMock) told() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string(nil), m.controls...)
}

func (m *fakeMock) control(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	m.mu.Lock()
	box := m.boxes[r.PathValue("box")]
	rest := r.PathValue("rest")
	if rest != "clock" || r.Method != http.MethodGet {
		m.controls = append(m.controls, strings.TrimSpace(r.Method+" /"+rest+" "+string(body)))
	}
	hook := ""
	answer := `{"id":"3000000000118032001"}`
	var in map[string]any
	_ = json.Unmarshal(body, &in)
	switch {
	case rest == "clock":
		if d, ok := in["advance"].(string); ok {
			shift, _ := time.ParseDuration(d)
			box.now = box.now.Add(shift)
		}
		answer = fmt.Sprintf(`{"now":%q,"frozen":false}`, box.now.Format(time.RFC3339))
	case rest == "switches" && r.Method == http.MethodPatch:
		box.switches = `[{"name":"more","value":"fields"}]`
	case rest == "switches":
		answer = `{"edition":"2026-01-01","switches":{"fake":[]}}`
		if box.switches != "" {
			answer = `{"edition":"2026-10-01","switches":{"fake":` + box.switches + `}}`
		}
	case rest == "deliveries":
		answer = `{"deliveries":[]}`
		if r.URL.Query().Get("after") == "0" {
			answer = `{"deliveries":[{"id":"3","headers":{"Content-Type":["application/json"]},"body":{"type":"NEW","text":"second"}},{"id":"2","headers":{"Content-Type":["application/json"]},"body":{"type":"NEW","text":"first"}}]}`
		}
	case rest == "faults" && r.Method == http.MethodPost:
		box.status = int(in["status"].(float64))
		w.WriteHeader(http.StatusCreated)
	case rest == "fake/webhooks":
		if hooks := in["webhooks"].([]any); len(hooks) > 0 {
			box.hook = hooks[0].(map[string]any)["url"].(string)
		}
	case strings.HasSuffix(rest, "/messages"):
		hook = box.hook
	case rest == "requests/verify":
		answer = `{"held":false,"count":2,"misses":[{"request":{},"differences":["query page: expected \"7\", got \"8\""]}]}`
	case rest == "limits" && strings.Contains(string(body), "nope"):
		w.WriteHeader(http.StatusBadRequest)
		answer = `{"title":"Bad Request","detail":"there is no limit \"nope\"","field":"/fake/nope"}`
	case strings.HasPrefix(rest, "fake/nothing"):
		w.WriteHeader(http.StatusNotFound)
		answer = `{"title":"not found","detail":"no such thing"}`
	}
	m.mu.Unlock()
	if hook != "" {
		m.notify(box, hook, `{"type":"PING"}`)
		m.notify(box, hook, fmt.Sprintf(`{"type":"NEW","text":%q,"message_id":3000000000118032001}`, in["text"]))
	}
	_, _ = io.WriteString(w, answer)
}

func (m *fakeMock) notify(box *fakeBox, hook, body string) {
	res, err := http.Post(hook, "application/json", strings.NewReader(body)) //nolint:noctx // a test's server
	if err != nil {
		return
	}
	defer func() { _ = res.Body.Close() }()
	reply, _ := io.ReadAll(res.Body)
	m.mu.Lock()
	defer m.mu.Unlock()
	box.replies = append(box.replies, fmt.Sprintf("%d %s", res.StatusCode, bytes.TrimSpace(reply)))
}

func (m *fakeMock) vendor(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	m.mu.Lock()
	defer m.mu.Unlock()
	box := m.boxes[strings.TrimPrefix(r.PathValue("box"), "~")]
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Seen", r.Header.Get("Client-Id")+"|"+r.Header.Get("Authorization")+"|"+r.Header.Get("Content-Type"))
	if box.status != 0 {
		w.WriteHeader(box.status)
		box.status = 0
		return
	}
	switch rest := r.PathValue("rest"); {
	case rest == "list" && strings.Contains(string(body), "1000"):
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"message":"limit"}`)
	case rest == "list" && strings.Contains(string(body), "undeclared"):
		_, _ = io.WriteString(w, `{"undeclared":1}`)
	case rest == "list":
		_, _ = io.WriteString(w, `{"chats":[{"id":"a","last":3000000000118032001,"unread":2},{"id":"b","last":7,"unread":0}],"has_next":false}`)
	case rest == "drop":
		panic(http.ErrAbortHandler)
	case strings.HasSuffix(rest, "/send"):
		if box.sends++; box.sends > 3 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		_, _ = fmt.Fprintf(w, `{"id":%d}`, box.sends)
	default:
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "404 page not found")
	}
}
