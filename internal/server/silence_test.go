package server_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/server"
)

// pipes is a listener whose connections are made in memory, so that time stands
// still for them in a bubble of synctest.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	close(p.closed)
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{} }

// serving serves h in a bubble and returns how to connect to it.
func serving(t *testing.T, h http.Handler) (connect func() net.Conn) {
	t.Helper()
	p := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	listening := &http.Server{Handler: h, ReadHeaderTimeout: time.Second}
	done := make(chan error)
	go func() { done <- listening.Serve(p) }()
	t.Cleanup(func() {
		require.NoError(t, listening.Close())
		require.ErrorIs(t, <-done, http.ErrServerClosed)
	})
	return func() net.Conn {
		client, conn := net.Pipe()
		p.conns <- conn
		t.Cleanup(func() { _ = client.Close() })
		return client
	}
}

func write(t *testing.T, conn io.Writer, text string) {
	t.Helper()
	_, err := io.WriteString(conn, text)
	require.NoError(t, err)
}

// waiting is a toy that refuses everybody and counts who is in flight.
func waiting(flying *atomic.Int64) toy {
	return toy{name: "red", guard: func(c *marketplace.Call) error {
		flying.Add(1)
		c.Defer(func(int, http.Header) { flying.Add(-1) })
		return marketplace.ErrNoRoute
	}}
}

func TestAClientThatStopsSendingHasItsRefusalAndKeepsNoPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var flying atomic.Int64
		connect := serving(t, startWith(t, server.Options{}, waiting(&flying)))
		conn, began := connect(), time.Now()
		write(t, conn, uploading(1000)+"hello")
		synctest.Wait()
		require.Zero(t, flying.Load(), "before it has its answer")
		require.Zero(t, time.Since(began))
		reply, err := io.ReadAll(conn)
		require.NoError(t, err)
		require.Contains(t, string(reply), "HTTP/1.1 404 Not Found\r\n")
		require.Contains(t, string(reply), "\r\nConnection: close\r\n")
		require.Equal(t, time.Second, time.Since(began), "half for the body, half for the end of the connection")
	})
}

func TestAClientThatPausesKeepsItsConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		connect := serving(t, startWith(t, server.Options{}, refusing()))
		conn := connect()
		in := bufio.NewReader(conn)
		for range 2 {
			write(t, conn, uploading(10))
			for range 10 {
				<-time.After(400 * time.Millisecond)
				write(t, conn, "x")
			}
			reply, err := http.ReadResponse(in, nil)
			require.NoError(t, err)
			_, err = io.Copy(io.Discard, reply.Body)
			require.NoError(t, err)
			require.NoError(t, reply.Body.Close())
			require.Equal(t, http.StatusNotFound, reply.StatusCode)
			require.False(t, reply.Close)
			<-time.After(time.Hour) // and no deadline stays
		}
	})
}

func TestAClientThatNeverComesToAnEndHasItsRefusal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		connect := serving(t, startWith(t, server.Options{}, refusing()))
		conn, began := connect(), time.Now()
		write(t, conn, uploading(1000))
		go func() {
			tick := time.NewTicker(100 * time.Millisecond)
			defer tick.Stop()
			for t.Context().Err() == nil {
				if _, err := io.WriteString(conn, "x"); err != nil {
					return
				}
				select {
				case <-tick.C:
				case <-t.Context().Done():
				}
			}
		}()
		reply, err := http.ReadResponse(bufio.NewReader(conn), nil)
		require.NoError(t, err)
		defer reply.Body.Close()
		require.Equal(t, http.StatusNotFound, reply.StatusCode)
		require.True(t, reply.Close)
		require.Equal(t, 30*time.Second, time.Since(began))
	})
}

func TestABodyThatDoesNotComeIsBrokenOff(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		request string
		after   time.Duration
	}{
		"of an operation that wants it whole": {"GET /red/same/1", time.Minute},
		"of an operation that streams it":     {"POST /red/red/upload", time.Minute + 500*time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := startWith(t, server.Options{}, toy{name: "red"})
				conn, began := serving(t, s)(), time.Now()
				write(t, conn, strings.Replace(uploading(1000), "POST /red/red/upload", c.request, 1)+"hello")
				reply, err := http.ReadResponse(bufio.NewReader(conn), nil)
				require.NoError(t, err)
				defer reply.Body.Close()
				require.GreaterOrEqual(t, reply.StatusCode, 400)
				require.True(t, reply.Close)
				require.Equal(t, c.after, time.Since(began))
				_, err = io.Copy(io.Discard, reply.Body)
				require.NoError(t, err)
				_, err = conn.Read(make([]byte, 1))
				require.ErrorIs(t, err, io.EOF, "the connection ends")
			})
		})
	}
}

func TestManySilentClientsKeepNobodyOut(t *testing.T) {
	t.Parallel()
	var flying atomic.Int64
	tcp := httptest.NewServer(startWith(t, server.Options{}, waiting(&flying)))
	t.Cleanup(tcp.Close)
	replies := make(chan string)
	for range 4 {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", tcp.Listener.Addr().String())
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		require.NoError(t, conn.SetDeadline(time.Now().Add(time.Minute)))
		write(t, conn, uploading(1000))
		go func() {
			reply, _ := io.ReadAll(conn)
			replies <- string(reply)
		}()
	}
	for range 4 {
		require.Contains(t, <-replies, "HTTP/1.1 404 Not Found\r\n")
	}
	require.Zero(t, flying.Load())
}
