package push_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/push"
)

func TestAPanicInAProtocolEndsTheDeliveryAndNothingElse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		protocol push.Protocol
		status   int
		state    push.State
	}{
		"judging the reply":        {push.Protocol{Judge: func(push.Notification, push.Reply) push.Verdict { panic("boom") }}, http.StatusOK, push.GaveUp},
		"planning the next":        {push.Protocol{Next: func(int) (time.Duration, bool) { panic("boom") }}, http.StatusInternalServerError, push.GaveUp},
		"asking if it is allowed":  {push.Protocol{Allowed: func(push.Notification) (bool, string) { panic("boom") }}, http.StatusOK, push.GaveUp},
		"telling of a delivered":   {push.Protocol{Settled: func(push.Delivery, push.Attempt) { panic("boom") }}, http.StatusOK, push.Delivered},
		"telling of one to retry":  {push.Protocol{Settled: func(push.Delivery, push.Attempt) { panic("boom") }, Next: every(time.Minute, 9)}, http.StatusInternalServerError, push.GaveUp},
		"with others in the queue": {push.Protocol{Settled: func(push.Delivery, push.Attempt) { panic("boom") }, Next: every(time.Minute, 9), Ordered: true}, http.StatusInternalServerError, push.GaveUp},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var logged bytes.Buffer
			r := receive(t, status(c.status))
			w := outbox(t, push.Options{Workers: 1, Log: slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelError}))})
			w.Send(c.protocol, note(r.URL, "a"))
			w.Send(push.Protocol{Judge: judgement(push.Verdict{OK: true})}, note(r.URL, "b"))
			w.advance(t, time.Hour)
			list := w.Deliveries(push.Filter{})
			require.Equal(t, []push.State{c.state, push.Delivered}, states(list))
			require.Contains(t, list[0].Note, "a bug")
			require.Contains(t, logged.String(), "panic=boom")
			require.Contains(t, logged.String(), "panic_test.go", "with its stack")
		})
	}
}

func TestAPanicInAProbeIsItsCallersAndTheDeliveryEnds(t *testing.T) {
	t.Parallel()
	r := receive(t, nil)
	w := outbox(t, push.Options{})
	require.PanicsWithValue(t, "boom", func() {
		w.Probe(t.Context(), push.Protocol{Judge: func(push.Notification, push.Reply) push.Verdict { panic("boom") }}, note(r.URL, "a"))
	})
	require.Equal(t, push.GaveUp, w.Deliveries(push.Filter{})[0].State)
}

func TestDeliveriesBetweenTwoAttemptsAreBounded(t *testing.T) {
	t.Parallel()
	r := receive(t, failing(6))
	w := outbox(t, push.Options{Pending: 3, Queue: 100})
	p := push.Protocol{Next: every(time.Minute, 9)}
	for range 5 {
		w.Send(p, note(r.URL, "a"))
		w.idle(t)
	}
	list := w.Deliveries(push.Filter{})
	require.Equal(t, []push.State{push.Pending, push.Pending, push.Pending, push.Dropped, push.Dropped}, states(list))
	require.Equal(t, "too many deliveries are pending", list[3].Note)

	w.advance(t, time.Hour)
	w.Send(p, note(r.URL, "b"))
	w.idle(t)
	require.Len(t, w.Deliveries(push.Filter{State: push.Delivered}), 4, "what has ended makes room")
	for range 3 {
		w.Send(push.Protocol{Next: every(time.Minute, 9), Judge: judgement(push.Verdict{Retry: true})}, note(r.URL, "c"))
	}
	w.Reset()
	w.Send(p, note(r.URL, "d"))
	w.idle(t)
	require.Equal(t, []push.State{push.Delivered}, states(w.Deliveries(push.Filter{})), "and so does Reset")
}
