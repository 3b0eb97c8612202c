package server_test

import (
	"bufio"
	"bytes"
	"errors"
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

// refusing is a toy that lets nobody in.
func refusing() toy {
	return toy{name: "red", guard: func(*marketplace.Call) error { return marketplace.ErrNoRoute }}
}

// uploading is the head of an upload that announces n bytes.
func uploading(n int) string {
	return fmt.Sprintf("POST /red/red/upload HTTP/1.1\r\nHost: mock\r\nContent-Length: %d\r\n\r\n", n)
}

// big is a body of the toy's upload, 6 MB long.
func big() io.Reader { return bytes.NewReader(make([]byte, 6<<20)) }

func upload(t *testing.T, tcp *httptest.Server, body io.Reader) (status int, closed bool, err error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, tcp.URL+"/red/red/upload", body)
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/octet-stream")
	reply, err := tcp.Client().Do(request)
	if err != nil {
		return 0, false, err
	}
	defer reply.Body.Close()
	_, err = io.Copy(io.Discard, reply.Body)
	return reply.StatusCode, reply.Close, err
}

func TestAClientThatStillSendsReadsItsRefusal(t *testing.T) {
	t.Parallel()
	for name, y := range map[string]toy{
		"of a guard": {name: "red", guard: func(*marketplace.Call) error { return marketplace.ErrNoRoute }},
		"of an operation that has read a little": {name: "red", runs: map[string]marketplace.Operation{"redUpload": {
			Stream: true, Run: func(c *marketplace.Call) (marketplace.Response, error) {
				_, _ = c.Request.Body.Read(make([]byte, 10))
				return marketplace.Response{}, marketplace.ErrNoRoute
			},
		}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startWith(t, server.Options{}, y)
			tcp := httptest.NewServer(s)
			t.Cleanup(tcp.Close)
			for range 5 {
				for _, body := range []io.Reader{big(), io.MultiReader(big())} { // with a length and in chunks
					status, closed, err := upload(t, tcp, body)
					require.NoError(t, err)
					require.Equal(t, http.StatusNotFound, status)
					require.False(t, closed, "the connection is as good as before")
				}
			}
			whole := journalled(t, s)
			require.Len(t, whole, 10)
			require.Equal(t, 6<<20, whole[0].Request.Length)
			require.Len(t, whole[0].Request.SHA256, 64)
		})
	}
}

func TestWhatIsLeftOfABodyIsReadUpToABound(t *testing.T) {
	t.Parallel()
	const most = 1 << 20
	s := startWith(t, server.Options{MaxBody: most}, refusing())
	for name, c := range map[string]struct {
		length     int
		read       int
		connection string
	}{
		"up to it the connection lives on": {most, most, ""},
		"beyond it the connection ends":    {6 << 20, most + 1, "close"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := bytes.NewReader(make([]byte, c.length))
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://mock/red/red/upload", body)
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			require.Equal(t, http.StatusNotFound, w.Code)
			require.Equal(t, c.connection, w.Header().Get("Connection"))
			require.Equal(t, c.read, c.length-body.Len())
		})
	}
}

func TestAnAnswerIsNotKeptBackByWhatIsBeyondTheBound(t *testing.T) {
	t.Parallel()
	const most = 1 << 20
	s := startWith(t, server.Options{MaxBody: most}, refusing())
	tcp := httptest.NewServer(s)
	t.Cleanup(tcp.Close)
	reply := raw(t, tcp, uploading(6<<20)+strings.Repeat("x", most+1))
	require.Contains(t, reply, "HTTP/1.1 404 Not Found\r\n")
	require.Contains(t, reply, "\r\nConnection: close\r\n")
	cut := journalled(t, s)[0].Request
	require.Equal(t, 6<<20, cut.Length, "as announced")
	require.Empty(t, cut.SHA256, "nobody knows")
	require.True(t, cut.Cut)
}

func TestAClientThatAsksBeforeItSendsIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		guard func(*marketplace.Call) error
		first string
	}{
		"refused by a guard": {func(*marketplace.Call) error { return marketplace.ErrNoRoute }, "HTTP/1.1 404 Not Found"},
		"let in":             {nil, "HTTP/1.1 100 Continue"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tcp := httptest.NewServer(startWith(t, server.Options{}, toy{name: "red", guard: c.guard}))
			t.Cleanup(tcp.Close)
			conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", tcp.Listener.Addr().String())
			require.NoError(t, err)
			defer func() { _ = conn.Close() }()
			_, err = io.WriteString(conn, "POST /red/red/upload HTTP/1.1\r\nHost: mock\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
			require.NoError(t, err)
			in := bufio.NewReader(conn)
			line, err := in.ReadString('\n')
			require.NoError(t, err)
			require.Equal(t, c.first, strings.TrimSpace(line))
			if c.guard != nil {
				return
			}
			_, err = io.WriteString(conn, "hello")
			require.NoError(t, err)
			_, err = in.ReadString('\n')
			require.NoError(t, err)
			reply, err := http.ReadResponse(in, nil)
			require.NoError(t, err)
			defer reply.Body.Close()
			require.Equal(t, http.StatusOK, reply.StatusCode)
		})
	}
}

func TestABodyThatBreaksOffDoesNotHang(t *testing.T) {
	t.Parallel()
	s := startWith(t, server.Options{}, refusing())
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://mock/red/red/upload",
		io.MultiReader(strings.NewReader("hello"), &broken{}))
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	require.Equal(t, http.StatusNotFound, w.Code)
}

// broken is a body that ends with an error.
type broken struct{}

func (*broken) Read([]byte) (int, error) { return 0, errors.New("gone") }
