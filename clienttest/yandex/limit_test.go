package yandex_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/mock"
	"example.com/marketmock/clienttest/yandex"
)

// hourly spends each method's last call of an hour and reads the refusal byte by
// byte.
func hourly(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-asked", nil)
	w.Freeze(t)
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			w.Limit(t, name+"-per-hour", 1, "1h")
			r, err := call.do(t.Context(), w.client(t), w.business)
			require.NoError(t, err)
			_ = mock.Body(t, r)
			require.Equal(t, "0", r.Header.Get("X-RateLimit-Resource-Remaining"))
			until := r.Header.Get("X-RateLimit-Resource-Until")
			r, err = call.do(t.Context(), w.client(t), w.business)
			text := refused(t, 420, "METHOD_FAILURE", r, err)
			require.Regexp(t, `^Hit rate limit of 1 requests per 1 hour for resource /\S+\.json for businessId `+decimal(w.business)+`$`, text)
			require.Equal(t, until, r.Header.Get("X-RateLimit-Resource-Until"))
		})
	}
	status, headers, body := rawPost(t, w, w.sellers[0].APIKey)
	require.Equal(t, "HTTP/1.1 420 Method Failure", status)
	metered(t, headers, "1", "0")
	require.Equal(t, `{"errors":[{"code":"METHOD_FAILURE","message":"Hit rate limit of 1 requests per 1 hour for resource `+
		`/businesses/{businessId}/chats.json for businessId `+decimal(w.business)+`"}],"status":"ERROR"}`, body)
	require.NotContains(t, headers, "Retry-After")
	w.Advance(t, "1h")
	r, err := calls["getChats"].do(t.Context(), w.client(t), w.business)
	read[yandex.GetChatsResponse](t, http.StatusOK, r, err)
}

// metering reads the headers of answers of every kind byte by byte: what they
// count, and that net/http does not spell their names.
func metering(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-asked", nil)
	w.Freeze(t)
	w.Limit(t, "getChats-per-hour", 5, "1h")
	key := w.sellers[0].APIKey
	for _, c := range []struct {
		key, status, remaining string
		fault                  int
	}{
		{key, "HTTP/1.1 200 OK", "4", 0},
		{"", "HTTP/1.1 401 Unauthorized", "4", 0},
		{w.sellers[1].APIKey, "HTTP/1.1 403 Forbidden", "4", 0},
		{key, "HTTP/1.1 500 Internal Server Error", "4", 500},
		{key, "HTTP/1.1 200 OK", "3", 0},
	} {
		if c.fault != 0 {
			w.Fault(t, map[string]any{"kind": "status", "stage": "after", "status": c.fault})
		}
		status, headers, body := rawPost(t, w, c.key)
		require.Equal(t, c.status, status, body)
		metered(t, headers, "5", c.remaining)
	}
	w.Fault(t, map[string]any{"kind": "rate-limit"})
	status, headers, _ := rawPost(t, w, key)
	require.Equal(t, "HTTP/1.1 420 Method Failure", status)
	metered(t, headers, "5", "0")

	calm := newWorld(t, m, "yandex-asked", map[string]string{"status-phrase-420": "enhance-your-calm", "rate-message": "short"})
	calm.Fault(t, map[string]any{"kind": "rate-limit"})
	status, _, body := rawPost(t, calm, calm.sellers[0].APIKey)
	require.Equal(t, "HTTP/1.1 420 Enhance Your Calm", status)
	require.Contains(t, body, `"message":"Hit rate limit of 5000 points per 1 hour"`)
}

// metered wants the three headers as the docs spell them, and no other spelling.
func metered(t *testing.T, headers map[string]string, limit, remaining string) {
	t.Helper()
	require.Equal(t, limit, headers["X-RateLimit-Resource-Limit"])
	require.Equal(t, remaining, headers["X-RateLimit-Resource-Remaining"])
	require.Regexp(t, `^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$`, headers["X-RateLimit-Resource-Until"])
	for name := range headers {
		if strings.EqualFold(name, "X-RateLimit-Resource-Limit") {
			require.Equal(t, "X-RateLimit-Resource-Limit", name)
		}
	}
}

// rawPost lists chats without a client that spells headers its own way, and gives
// the answer's first line, its headers as they were written and its body.
func rawPost(t *testing.T, w *world, key string) (status string, headers map[string]string, body string) {
	t.Helper()
	target, err := url.Parse(w.URL + "/v2/businesses/" + decimal(w.business) + "/chats")
	require.NoError(t, err)
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", target.Host)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = io.WriteString(conn, strings.Join([]string{
		"POST " + target.Path + " HTTP/1.1", "Host: " + target.Host, "Api-Key: " + key,
		"Content-Type: application/json", "Content-Length: 2", "Connection: close", "", "{}",
	}, "\r\n"))
	require.NoError(t, err)
	lines := textproto.NewReader(bufio.NewReader(conn))
	status, err = lines.ReadLine()
	require.NoError(t, err)
	headers = make(map[string]string)
	for {
		line, err := lines.ReadLine()
		require.NoError(t, err)
		if line == "" {
			break
		}
		name, value, _ := strings.Cut(line, ": ")
		headers[name] = value
	}
	rest, err := io.ReadAll(lines.R)
	require.NoError(t, err)
	return status, headers, string(rest)
}

// parallel keeps four calls of several methods in flight: two more are refused.
func parallel(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-asked", nil)
	c := w.client(t)
	w.Fault(t, map[string]any{"kind": "delay", "stage": "after", "delay": "1h", "times": 4})
	ctx, release := context.WithCancel(t.Context())
	defer release()
	answers, ended := make(chan *http.Response, 6), make(chan error, 6)
	for _, name := range []string{"getChats", "getCampaigns", "getAuthTokenInfo", "getChats", "getCampaigns", "getAuthTokenInfo"} {
		go func() {
			r, err := calls[name].do(ctx, c, w.business)
			if err != nil {
				ended <- err
				return
			}
			answers <- r
		}()
	}
	for range 2 {
		select {
		case r := <-answers:
			text := refused(t, 420, "METHOD_FAILURE", r, nil)
			require.Equal(t, "Hit rate limit of 4 parallel requests for businessId "+decimal(w.business), text)
			require.NotEqual(t, "0", r.Header.Get("X-RateLimit-Resource-Remaining"))
		case err := <-ended:
			require.NoError(t, err)
		case <-time.After(20 * time.Second):
			require.FailNow(t, "more than four calls are in flight")
		}
	}
	release()
	for range 4 {
		require.ErrorIs(t, <-ended, context.Canceled)
	}
	patience, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for status := 0; status != http.StatusOK; { // the server notices a little later
		r, err := calls["getChats"].do(patience, c, w.business)
		require.NoError(t, err)
		_ = mock.Body(t, r)
		status = r.StatusCode
	}
}
