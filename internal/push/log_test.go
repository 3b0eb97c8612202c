package push_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/fault"
	"example.com/marketmock/internal/push"
)

func TestTheLogIsMaskedAndCopied(t *testing.T) {
	t.Parallel()
	const secret = "shopee-demo-partner-key"
	r := receive(t, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Set-Cookie", "session="+secret)
		_, _ = rw.Write([]byte(`{"token":"` + secret + `"}`))
	})
	w := outbox(t, push.Options{})
	n := note(r.URL+"/?token="+secret, `{"secret":"`+secret+`","chat_id":1}`)
	n.Header = http.Header{"Authorization": {secret}, "X-Plain": {"shown"}}
	var settled push.Delivery
	w.Send(push.Protocol{Settled: func(d push.Delivery, _ push.Attempt) { settled = d }}, n)
	w.idle(t)

	d := w.Deliveries(push.Filter{})[0]
	require.Equal(t, r.URL+"/?token=…-key", d.URL)
	require.Equal(t, http.Header{"Authorization": {"…-key"}, "X-Plain": {"shown"}}, d.Header)
	require.JSONEq(t, `{"secret":"…-key","chat_id":1}`, string(d.Body))
	require.Equal(t, "session=…-key", d.Attempts[0].Reply.Header.Get("Set-Cookie"))
	require.JSONEq(t, `{"token":"…-key"}`, string(d.Attempts[0].Reply.Body))
	require.Contains(t, settled.URL, secret, "the vendor's own code sees what it sent")

	d.Header.Set("X-Plain", "changed")
	d.Body[0] = 'X'
	d.Attempts[0].Reply.Body[0] = 'X'
	d.Attempts[0].Reply.Header.Set("Set-Cookie", "changed")
	again := w.Deliveries(push.Filter{})[0]
	require.Equal(t, "shown", again.Header.Get("X-Plain"))
	require.Equal(t, byte('{'), again.Body[0])
	require.Equal(t, byte('{'), again.Attempts[0].Reply.Body[0])
	require.Equal(t, "session=…-key", again.Attempts[0].Reply.Header.Get("Set-Cookie"))
}

func TestPendingDeliveriesAreKeptAndFinishedOnesUpToABound(t *testing.T) {
	t.Parallel()
	r := receive(t, failing(2))
	w := outbox(t, push.Options{Keep: 3})
	for range 10 {
		w.Send(push.Protocol{Next: every(time.Minute, 2)}, note(r.URL, "a"))
	}
	w.idle(t)
	require.Equal(t, []uint64{1, 2, 8, 9, 10}, ids(w.Deliveries(push.Filter{})))
	require.Equal(t, []uint64{9, 10}, ids(w.Deliveries(push.Filter{After: 8})))
	w.advance(t, time.Minute)
	require.Equal(t, []uint64{1, 2, 10}, ids(w.Deliveries(push.Filter{})), "those that ended last")
}

func TestFilters(t *testing.T) {
	t.Parallel()
	r := receive(t, nil)
	w := outbox(t, push.Options{})
	w.fault(t, fault.Rule{Kind: fault.Lose, Operation: "LOST"})
	for _, n := range []push.Notification{
		{Marketplace: "ozon", Event: "A"}, {Marketplace: "yandex", Event: "A"}, {Marketplace: "ozon", Event: "B"}, {Marketplace: "ozon", Event: "LOST"},
	} {
		n.URL = r.URL
		w.Send(push.Protocol{}, n)
	}
	w.idle(t)
	for name, c := range map[string]struct {
		filter push.Filter
		want   []uint64
		waited []uint64
	}{
		"nothing asked":  {push.Filter{}, []uint64{1, 2, 3, 4}, []uint64{1, 2, 3}},
		"by marketplace": {push.Filter{Marketplace: "yandex"}, []uint64{2}, []uint64{2}},
		"by event":       {push.Filter{Event: "A"}, []uint64{1, 2}, []uint64{1, 2}},
		"by state":       {push.Filter{State: push.Lost}, []uint64{4}, []uint64{4}},
		"up to a limit":  {push.Filter{After: 1, Limit: 2}, []uint64{2, 3}, []uint64{2, 3}},
		"above the last": {push.Filter{After: 4}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, ids(w.Deliveries(c.filter)))
			require.Equal(t, c.waited, ids(w.Wait(t.Context(), c.filter, time.Millisecond)))
		})
	}
}

func TestWaitReturnsAfterTheFirstAttempt(t *testing.T) {
	t.Parallel()
	busy, open := make(chan struct{}), make(chan struct{})
	r := receive(t, func(http.ResponseWriter, *http.Request) {
		busy <- struct{}{}
		<-open
	})
	w := outbox(t, push.Options{})
	found := make(chan []push.Delivery, 1)
	go func() { found <- w.Wait(t.Context(), push.Filter{Event: "TYPE_NEW_MESSAGE"}, time.Minute) }()
	w.Send(push.Protocol{}, note(r.URL, "a"))
	<-busy
	require.Empty(t, found)
	close(open)
	list := <-found
	require.Equal(t, push.Delivered, list[0].State)
	require.Len(t, list[0].Attempts, 1)
}

func TestWaitEndsWithItsTimeItsContextOrAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := outbox(t, push.Options{})
		w.fault(t, fault.Rule{Kind: fault.Lose})
		start := time.Now()
		require.Empty(t, w.Wait(t.Context(), push.Filter{}, 0))
		found := make(chan []push.Delivery, 1)
		go func() { found <- w.Wait(t.Context(), push.Filter{State: push.Lost}, time.Hour) }()
		synctest.Wait()
		w.Send(push.Protocol{}, note("http://unused.test", "a"))
		require.Equal(t, []push.State{push.Lost}, states(<-found), "an end that was asked for needs no attempt")
		require.Equal(t, start, time.Now())
		require.Empty(t, w.Wait(t.Context(), push.Filter{}, time.Minute), "else it does")
		require.Equal(t, time.Minute, time.Since(start))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		require.Empty(t, w.Wait(ctx, push.Filter{}, time.Hour))
		require.Equal(t, time.Minute+time.Second, time.Since(start))
	})
}
