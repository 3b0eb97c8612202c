package control_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/control"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/sandbox"
)

// mock is a control API over a registry of toys.
type mock struct {
	t        *testing.T
	spec     *openapi.Spec
	registry *sandbox.Registry
	server   *httptest.Server
	log      *bytes.Buffer
}

func newMock(t *testing.T, change ...func(*control.Options)) *mock {
	t.Helper()
	return newMockOf(t, toy{}, change...)
}

func newMockOf(t *testing.T, em toy, change ...func(*control.Options)) *mock {
	t.Helper()
	gin.SetMode(gin.ReleaseMode)
	lib := library(t)
	spec, err := lib.Load("control")
	require.NoError(t, err)
	registry, err := sandbox.NewRegistry(sandbox.Options{
		Emulators: []marketplace.Emulator{em},
		Library:   lib,
		Worlds: func(fixture string) (sandbox.Builder, error) {
			if fixture != "default" {
				return nil, errors.New("there is no fixture " + fixture)
			}
			return toyWorld{}, nil
		},
		BaseURL: "http://127.0.0.1:8080", Fixture: "default", Max: 3, BlobDir: t.TempDir(),
		Edition: time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC),
	})
	require.NoError(t, err)
	t.Cleanup(registry.Close)
	m := &mock{t: t, spec: spec, registry: registry, log: &bytes.Buffer{}}
	o := control.Options{
		Registry: registry, Spec: spec, Version: "0.0.1", Loopback: true,
		Log: slog.New(slog.NewTextHandler(m.log, nil)),
	}
	for _, c := range change {
		c(&o)
	}
	api := control.New(o)
	engine := gin.New()
	engine.RedirectTrailingSlash = false
	api.Register(engine)
	engine.NoRoute(api.Unknown)
	m.server = httptest.NewServer(engine)
	t.Cleanup(m.server.Close)
	return m
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// call sends a body as JSON and holds the answer to the spec.
func (m *mock) call(method, path, body string, header ...string) answer {
	m.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(m.t.Context(), method, m.server.URL+path, reader)
	require.NoError(m.t, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
	}
	res, err := m.server.Client().Do(r)
	require.NoError(m.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	require.NoError(m.t, err)
	if id := m.operation(method, res.Request.URL.Path); id != "" && method != http.MethodHead {
		found := m.spec.CheckResponse(id, openapi.Response{Status: res.StatusCode, Header: res.Header, Body: raw})
		require.Empty(m.t, found, "%s %s answered %d %s", method, path, res.StatusCode, raw)
	}
	return answer{status: res.StatusCode, header: res.Header, body: raw}
}

// ok calls and asks for a status.
func (m *mock) ok(status int, method, path, body string) []byte {
	m.t.Helper()
	a := m.call(method, path, body)
	require.Equal(m.t, status, a.status, "%s %s answered %s", method, path, a.body)
	return a.body
}

var parameter = regexp.MustCompile(`\\\{[^}]*\\\}`)

// operation finds the operationId of a call, a path without parameters first.
func (m *mock) operation(method, path string) string {
	best, params := "", 99
	for _, op := range m.spec.Operations() {
		pattern := "^" + parameter.ReplaceAllString(regexp.QuoteMeta(op.Path), "[^/]+") + "$"
		if n := strings.Count(op.Path, "{"); op.Method == method && n < params && regexp.MustCompile(pattern).MatchString(path) {
			best, params = op.ID, n
		}
	}
	return best
}
