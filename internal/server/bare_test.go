package server_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/server"
)

// moreSpec is a second document of the toy red, as a vendor's older API is one.
const moreSpec = `openapi: 3.0.3
info: {title: more, version: "1"}
paths:
  /more/rows:
    get:
      operationId: moreRows
      responses: {"200": {description: ok, content: {application/json: {schema: {type: array, items: {type: object, required: [id], properties: {id: {type: string}}}}}}}}
    put:
      operationId: moreRead
      responses: {"204": {description: done}}
  /more/text:
    post:
      operationId: moreText
      requestBody: {required: true, content: {text/plain: {schema: {type: object, required: [to_id], properties: {to_id: {type: integer}}}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object}}}}}
  /more/away:
    get:
      operationId: moreAway
      responses: {"302": {description: away, headers: {Location: {required: true, schema: {type: string}}}}}
`

type row struct {
	ID string `json:"id"`
}

// older is red with a second spec, whose answers have no envelope.
func older(t *testing.T) (toy, fstest.MapFS) {
	t.Helper()
	red := toy{name: "red", more: []string{"more"}, runs: map[string]marketplace.Operation{
		"moreRows": {Run: func(*marketplace.Call) (marketplace.Response, error) {
			return marketplace.Response{Body: []row{{"1"}, {"2"}}}, nil
		}},
		"moreRead": {Run: func(*marketplace.Call) (marketplace.Response, error) {
			return marketplace.Response{Status: http.StatusNoContent}, nil
		}},
		"moreText": {Run: func(c *marketplace.Call) (marketplace.Response, error) {
			return marketplace.Response{Body: struct {
				Findings int `json:"findings"`
			}{len(c.Findings())}}, nil
		}},
		"moreAway": {Run: func(*marketplace.Call) (marketplace.Response, error) {
			return marketplace.Response{Status: http.StatusFound, Header: http.Header{"Location": {"https://shop.example/back?code=0123456789abcdef"}}}, nil
		}},
	}}
	files := library(t, red, toy{name: "blue"})
	files["more.yaml"] = &fstest.MapFile{Data: []byte(moreSpec)}
	return red, files
}

func TestAnswersWithoutAnEnvelope(t *testing.T) {
	t.Parallel()
	red, files := older(t)
	s := startWith(t, server.Options{Specs: files}, red, toy{name: "blue"})
	tcp := httptest.NewServer(s)
	t.Cleanup(tcp.Close)
	client := tcp.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for name, c := range map[string]struct {
		method, path, body string
		status             int
		want               string
	}{
		"an array":             {http.MethodGet, "/more/rows", "", http.StatusOK, `[{"id":"1"},{"id":"2"}]`},
		"nothing":              {http.MethodPut, "/more/rows", "", http.StatusNoContent, ""},
		"another address":      {http.MethodGet, "/more/away", "", http.StatusFound, ""},
		"text that is JSON":    {http.MethodPost, "/more/text", `{"to_id":1}`, http.StatusOK, `{"findings":0}`},
		"text that is no JSON": {http.MethodPost, "/more/text", `to_id=1`, http.StatusOK, `{"findings":1}`},
	} {
		for _, mount := range []string{"/red", "/~default/red", "/~default"} {
			request, err := http.NewRequestWithContext(t.Context(), c.method, tcp.URL+mount+c.path, strings.NewReader(c.body))
			require.NoError(t, err)
			request.Header.Set("Content-Type", "text/plain;charset=UTF-8")
			reply, err := client.Do(request)
			require.NoError(t, err, name)
			body, err := io.ReadAll(reply.Body)
			require.NoError(t, err)
			require.NoError(t, reply.Body.Close())
			require.Equal(t, c.status, reply.StatusCode, name)
			require.Equal(t, c.want, string(body), name)
			require.False(t, reply.Close, name)
			require.Equal(t, c.status != http.StatusNoContent, reply.Header.Get("Content-Length") != "", name)
			if c.status == http.StatusFound {
				require.Equal(t, "https://shop.example/back?code=0123456789abcdef", reply.Header.Get("Location"))
			}
		}
	}
	shown := shownJournal(t, s)
	require.NotContains(t, shown, "response_findings")
	require.NotContains(t, shown, "0123456789abcdef", "a code is a credential")
}

func TestWhatHasNoEnvelopeCanBeSpoilt(t *testing.T) {
	t.Parallel()
	red, files := older(t)
	s := startWith(t, server.Options{Specs: files}, spoiling{red})
	fault(t, s, `{"kind":"break-spec"}`)
	for _, c := range [][3]string{{http.MethodGet, "/more/rows", "type"}, {http.MethodPut, "/more/rows", "status"}, {http.MethodGet, "/more/away", "body is not declared"}} {
		r := httptest.NewRequestWithContext(t.Context(), c[0], "http://mock/red"+c[1], nil)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		require.NotEmpty(t, w.Body.String(), c[1])
		require.Contains(t, shownJournal(t, s), c[2], c[1])
	}
}

// spoiling is a toy that breaks its answers as emulators do.
type spoiling struct{ toy }

func (spoiling) Broken(_ *marketplace.Call, r marketplace.Response) marketplace.Response {
	return marketplace.Spoilt(r)
}

// shownJournal is the newest exchanges as people see them.
func shownJournal(t *testing.T, s *server.Server) string {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/_mock/sandboxes/default/requests", nil)
	s.ServeHTTP(w, r)
	require.Equal(t, http.StatusOK, w.Code, w.Body)
	return w.Body.String()
}
