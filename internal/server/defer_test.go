package server_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/server"
)

// deferring answers 201 after deferring what is given.
func deferring(fns ...func(int, http.Header)) func(*marketplace.Call) (marketplace.Response, error) {
	return func(c *marketplace.Call) (marketplace.Response, error) {
		for _, fn := range fns {
			c.Defer(fn)
		}
		return marketplace.Response{Status: http.StatusCreated, Body: said{By: "red"}}, nil
	}
}

func TestWhatWasDeferredIsDoneWhenTheClientHasItsAnswer(t *testing.T) {
	t.Parallel()
	var flying atomic.Int64
	_, tcp := listen(t, func(c *marketplace.Call) (marketplace.Response, error) {
		flying.Add(1)
		return deferring(func(int, http.Header) { flying.Add(-1) })(c)
	})
	for range 100 {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tcp.URL+"/red/same/1", http.NoBody)
		require.NoError(t, err)
		reply, err := tcp.Client().Do(request)
		require.NoError(t, err)
		require.Zero(t, flying.Load())
		_, err = io.Copy(io.Discard, reply.Body)
		require.NoError(t, err)
		require.NoError(t, reply.Body.Close())
	}
}

func TestWhatWasDeferredMayStillChangeHeaders(t *testing.T) {
	t.Parallel()
	s, _ := listen(t, deferring(
		func(_ int, h http.Header) { h.Set("Order", h.Get("Order")+"first") },
		func(status int, h http.Header) { h.Set("Order", fmt.Sprint(status, " second ")) },
	))
	status, _, header := get(t, s, http.MethodGet, "http://mock/red/same/1", "")
	require.Equal(t, http.StatusCreated, status)
	require.Equal(t, "201 second first", header.Get("Order"), "the last is the first")
}

func TestWhatAGuardDeferredRunsWhenTheCallIsRefused(t *testing.T) {
	t.Parallel()
	told := 0
	s := startWith(t, server.Options{}, toy{name: "red", guard: func(c *marketplace.Call) error {
		c.Defer(func(status int, _ http.Header) { told = status })
		return marketplace.ErrNoRoute
	}})
	get(t, s, http.MethodGet, "http://mock/red/same/1", "")
	require.Equal(t, http.StatusNotFound, told)
}

func TestWhatWasDeferredRunsWhenTheAnswerIsSpoilt(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"drop", "truncate", "break-spec", "status"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			left := 0
			s, _ := listen(t, deferring(func(int, http.Header) { left++ }))
			fault(t, s, fmt.Sprintf(`{"kind":%q,"stage":"after","body":"%s","times":1}`, kind, map[string]string{"break-spec": "[]"}[kind]))
			func() {
				defer func() { _ = recover() }() // a spoilt connection is an abort
				s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://mock/red/same/1", nil))
			}()
			require.Equal(t, 1, left)
		})
	}
}

func TestAPanicInWhatWasDeferredIsTheVendorsInternalError(t *testing.T) {
	t.Parallel()
	var told []int
	note := func(status int, _ http.Header) { told = append(told, status) }
	s, _ := listen(t, deferring(note, func(int, http.Header) { panic("boom") }, note))
	status, answer, header := get(t, s, http.MethodGet, "http://mock/red/same/1", "")
	require.Equal(t, http.StatusInternalServerError, status)
	require.Equal(t, "red", answer.By)
	require.NotEmpty(t, header.Get("X-Mock-Reason"))
	require.Equal(t, []int{http.StatusCreated, http.StatusInternalServerError}, told, "each runs once")
	require.Len(t, journalled(t, s), 1)
}
