package server_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/server"
)

// tired refuses with a reason phrase of its own, and a header that Go would
// spell otherwise.
func tired(c *marketplace.Call) (marketplace.Response, error) {
	c.Header["X-RateLimit-Resource-Limit"] = []string{"10"}
	return marketplace.Response{
		Status: 420, Phrase: "Method Failure", Body: said{By: "red"},
		Header: http.Header{"X-RateLimit-Resource-Remaining": {"0"}},
	}, nil
}

// listen serves a toy whose operation redSame runs, over TCP.
func listen(t *testing.T, run func(*marketplace.Call) (marketplace.Response, error)) (*server.Server, *httptest.Server) {
	t.Helper()
	s := startWith(t, server.Options{}, toy{name: "red", runs: map[string]marketplace.Operation{"redSame": {Run: run}}})
	tcp := httptest.NewServer(s)
	t.Cleanup(tcp.Close)
	return s, tcp
}

// raw sends bytes on a connection of its own and reads until the server ends it.
func raw(t *testing.T, tcp *httptest.Server, request string) string {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", tcp.Listener.Addr().String())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = io.WriteString(conn, request)
	require.NoError(t, err)
	reply, err := io.ReadAll(conn)
	require.NoError(t, err)
	return string(reply)
}

func TestAReasonPhraseAndHeaderNamesTravelAsTheyAre(t *testing.T) {
	t.Parallel()
	_, tcp := listen(t, tired)
	for version, request := range map[string]string{
		"HTTP/1.1": "GET /red/same/1 HTTP/1.1\r\nHost: mock\r\n\r\n",
		"HTTP/1.0": "GET /red/same/1 HTTP/1.0\r\n\r\n",
	} {
		head, body, _ := strings.Cut(raw(t, tcp, request), "\r\n\r\n")
		lines := strings.Split(head, "\r\n")
		require.Equal(t, version+" 420 Method Failure", lines[0])
		require.Contains(t, lines, "X-RateLimit-Resource-Limit: 10")
		require.Contains(t, lines, "X-RateLimit-Resource-Remaining: 0")
		require.Contains(t, lines, "Connection: close")
		require.Contains(t, lines, "Content-Type: application/json")
		require.Contains(t, lines, fmt.Sprintf("Content-Length: %d", len(body)))
		require.Contains(t, head, "\r\nDate: ")
		require.JSONEq(t, `{"by":"red"}`, body)
	}
}

func TestHeaderNamesTravelAsTheyAreWithTheUsualPhraseToo(t *testing.T) {
	t.Parallel()
	_, tcp := listen(t, func(c *marketplace.Call) (marketplace.Response, error) {
		r, err := tired(c)
		r.Status, r.Phrase = http.StatusOK, ""
		return r, err
	})
	reply := raw(t, tcp, "GET /red/same/1 HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n")
	require.Contains(t, reply, "HTTP/1.1 200 OK\r\n")
	require.Contains(t, reply, "\r\nX-RateLimit-Resource-Limit: 10\r\n")
	require.Contains(t, reply, "\r\nX-RateLimit-Resource-Remaining: 0\r\n")
}

func TestAnAnswerWithItsOwnPhraseIsReadByAClient(t *testing.T) {
	t.Parallel()
	_, tcp := listen(t, tired)
	for range 3 {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tcp.URL+"/red/same/1", http.NoBody)
		require.NoError(t, err)
		reply, err := tcp.Client().Do(request)
		require.NoError(t, err)
		body, err := io.ReadAll(reply.Body)
		require.NoError(t, err)
		require.NoError(t, reply.Body.Close())
		require.Equal(t, "420 Method Failure", reply.Status)
		require.True(t, reply.Close)
		require.JSONEq(t, `{"by":"red"}`, string(body))
	}
}

func TestWithoutAConnectionToTakeOverThePhraseIsLeftOut(t *testing.T) {
	t.Parallel()
	s, _ := listen(t, tired)
	status, answer, header := get(t, s, http.MethodGet, "http://mock/red/same/1", "")
	require.Equal(t, 420, status)
	require.Equal(t, "red", answer.By)
	require.Equal(t, []string{"10"}, header["X-RateLimit-Resource-Limit"])

	h2 := httptest.NewUnstartedServer(s)
	h2.EnableHTTP2 = true
	h2.StartTLS()
	t.Cleanup(h2.Close)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h2.URL+"/red/same/1", http.NoBody)
	require.NoError(t, err)
	reply, err := h2.Client().Do(request)
	require.NoError(t, err)
	defer reply.Body.Close()
	require.Equal(t, 2, reply.ProtoMajor)
	require.Equal(t, 420, reply.StatusCode)
	require.Equal(t, "10", reply.Header.Get("X-Ratelimit-Resource-Limit"))
}

func TestFaultsSpoilAnAnswerWithItsOwnPhrase(t *testing.T) {
	t.Parallel()
	s, tcp := listen(t, tired)
	const request = "GET /red/same/1 HTTP/1.1\r\nHost: mock\r\n\r\n"
	fault(t, s, `{"kind":"truncate","bytes":4,"times":1}`)
	head, body, _ := strings.Cut(raw(t, tcp, request), "\r\n\r\n")
	require.Contains(t, head, "HTTP/1.1 420 Method Failure")
	require.Contains(t, head, fmt.Sprintf("Content-Length: %d", len(`{"by":"red"}`)))
	require.Equal(t, `{"by`, body)
	fault(t, s, `{"kind":"drop","stage":"after","times":1}`)
	require.Empty(t, raw(t, tcp, request))
}

func TestAFaultsHeaderReplacesTheOneOfThatName(t *testing.T) {
	t.Parallel()
	s, tcp := listen(t, tired)
	fault(t, s, `{"kind":"status","status":500,"stage":"after","times":1,"headers":{"x-ratelimit-resource-LIMIT":"7","retry-after":"1"}}`)
	reply := raw(t, tcp, "GET /red/same/1 HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n")
	require.Contains(t, reply, "\r\nX-RateLimit-Resource-Limit: 7\r\n")
	require.Contains(t, reply, "\r\nRetry-After: 1\r\n")
	require.NotContains(t, reply, ": 10")
}
