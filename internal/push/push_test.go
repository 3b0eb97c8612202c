package push_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/push"
)

func TestFirstAttemptsToOneWebhookAreMadeInTheOrderOfSendOneAtATime(t *testing.T) {
	t.Parallel()
	r := receive(t, nil)
	w := outbox(t, push.Options{})
	var want []string
	for i := range 100 {
		want = append(want, strconv.Itoa(i))
		w.Send(push.Protocol{}, note(r.URL, want[i]))
	}
	w.idle(t)
	require.Equal(t, want, r.got())
	require.Equal(t, 1, r.mostAtOnce())
	for _, d := range w.Deliveries(push.Filter{}) {
		require.Equal(t, push.Delivered, d.State)
		require.Equal(t, noon, d.Queued)
		require.Len(t, d.Attempts, 1)
	}
}

func TestWebhooksDoNotWaitForEachOtherUpToTheNumberOfWorkers(t *testing.T) {
	t.Parallel()
	const workers = 3
	var arrived sync.WaitGroup
	arrived.Add(workers)
	open := make(chan struct{})
	var first sync.Map
	r := receive(t, func(_ http.ResponseWriter, req *http.Request) {
		if _, again := first.LoadOrStore(req.URL.Path, true); !again && req.URL.Path < "/3" {
			arrived.Done()
		}
		<-open
	})
	w := outbox(t, push.Options{Workers: workers})
	for i := range 6 {
		n := note(r.URL+"/"+strconv.Itoa(i), "")
		n.Webhook = 0 // the URL stands for it
		w.Send(push.Protocol{}, n)
	}
	arrived.Wait()
	close(open)
	w.idle(t)
	require.Equal(t, workers, r.mostAtOnce())
	require.Len(t, r.got(), 6)
}

func TestTheRequestIsWhatTheNotificationSays(t *testing.T) {
	t.Parallel()
	got := make(chan *http.Request, 1)
	r := receive(t, func(_ http.ResponseWriter, req *http.Request) { got <- req })
	w := outbox(t, push.Options{})
	n := note(r.URL+"/hook?a=b", `{"n":1}`)
	n.Method = http.MethodPut
	n.Header = http.Header{"Content-Type": {"application/json"}, "Host": {"shop.example.test"}, "User-Agent": {"push"}}
	w.Send(push.Protocol{}, n)
	n.Header.Set("User-Agent", "changed later")
	n.Body[0] = 'X'
	w.idle(t)
	req := <-got
	require.Equal(t, http.MethodPut, req.Method)
	require.Equal(t, "/hook?a=b", req.RequestURI)
	require.Equal(t, "shop.example.test", req.Host)
	require.Equal(t, "push", req.UserAgent())
	require.Equal(t, "application/json", req.Header.Get("Content-Type"))
	require.Equal(t, []string{`{"n":1}`}, r.got())
}

// grow is a schedule that doubles from 2 s up to 10 minutes and ends after the
// fifth pause of 10 minutes.
func grow(n int) (time.Duration, bool) {
	pause := min(2*time.Second<<(n-1), 10*time.Minute)
	return pause, n <= 9+5
}

func TestAWholeScheduleRunsDuringOneAdvance(t *testing.T) {
	t.Parallel()
	r := receive(t, status(http.StatusInternalServerError))
	w := outbox(t, push.Options{})
	w.Send(push.Protocol{Next: grow}, note(r.URL, "a"))
	w.advance(t, 24*time.Hour)

	d := w.Deliveries(push.Filter{})[0]
	var pauses []string
	for i := 1; i < len(d.Attempts); i++ {
		pauses = append(pauses, d.Attempts[i].At.Sub(d.Attempts[i-1].At).String())
	}
	require.Equal(t, noon, d.Attempts[0].At)
	require.Equal(t, strings.Fields("2s 4s 8s 16s 32s 1m4s 2m8s 4m16s 8m32s 10m0s 10m0s 10m0s 10m0s 10m0s"), pauses)
	require.Equal(t, push.GaveUp, d.State)
	require.Zero(t, d.Next)
	require.Len(t, r.got(), 15)
}

func TestADeliveryThatSucceedsLaterIsDelivered(t *testing.T) {
	t.Parallel()
	r := receive(t, failing(2))
	w := outbox(t, push.Options{})
	var settled []string
	w.Send(push.Protocol{
		Next: every(time.Minute, 10),
		Judge: func(n push.Notification, r push.Reply) push.Verdict {
			return push.Verdict{OK: r.Status == http.StatusOK, Retry: true, Code: "CODE_" + string(n.Body)}
		},
		Settled: func(d push.Delivery, a push.Attempt) {
			settled = append(settled, fmt.Sprint(d.State, len(d.Attempts), a.Reply.Status, a.Verdict.Code, w.clock.Now().Sub(noon)))
			w.Deliveries(push.Filter{}) // a lock held here would hang
		},
	}, note(r.URL, "a"))
	w.idle(t)
	d := w.Deliveries(push.Filter{})[0]
	require.Equal(t, push.Pending, d.State)
	require.Equal(t, noon.Add(time.Minute), d.Next)
	w.advance(t, time.Hour)
	require.Equal(t, []string{"pending1500CODE_a0s", "pending2500CODE_a1m0s", "delivered3200CODE_a2m0s"}, strip(settled))
	require.Equal(t, push.Delivered, w.Deliveries(push.Filter{})[0].State)
	require.Len(t, r.got(), 3)
}

func strip(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.ReplaceAll(s, " ", "")
	}
	return out
}

func TestARetryDoesNotKeepLaterNotificationsBack(t *testing.T) {
	t.Parallel()
	r := receive(t, failing(1))
	w := outbox(t, push.Options{})
	p := push.Protocol{Next: every(time.Minute, 3)}
	w.Send(p, note(r.URL, "a"))
	w.Send(p, note(r.URL, "b"))
	w.idle(t)
	require.Equal(t, []string{"a", "b"}, r.got())
	w.advance(t, time.Minute)
	require.Equal(t, []string{"a", "b", "a"}, r.got())
}

func TestAnOrderedProtocolKeepsLaterNotificationsBack(t *testing.T) {
	t.Parallel()
	r := receive(t, failing(5))
	w := outbox(t, push.Options{})
	p := push.Protocol{Next: every(time.Second, 4), Ordered: true}
	for _, body := range []string{"a", "b", "c"} {
		w.Send(p, note(r.URL, body))
	}
	w.idle(t)
	require.Equal(t, []string{"a"}, r.got())
	w.advance(t, time.Second)
	w.Send(p, note(r.URL, "d"))
	w.advance(t, time.Minute)
	require.Equal(t, strings.Split("aaaabbcd", ""), r.got())
	require.Equal(t, []push.State{push.GaveUp, push.Delivered, push.Delivered, push.Delivered}, states(w.Deliveries(push.Filter{})))
}

func TestAdvanceWaitsForTheAttemptsItTriggers(t *testing.T) {
	t.Parallel()
	r := receive(t, failing(20))
	w := outbox(t, push.Options{Workers: 2})
	for i := range int64(20) {
		n := note(r.URL, "x")
		n.Webhook = i + 1
		w.Send(push.Protocol{Next: every(time.Minute, 2)}, n)
	}
	w.advance(t, 0)
	require.Len(t, r.got(), 20, "the first attempts, before time moves")
	w.advance(t, time.Minute)
	require.Len(t, r.got(), 40)
	require.LessOrEqual(t, r.mostAtOnce(), 2)
}

func TestVerdictsDecide(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		protocol push.Protocol
		status   int
		state    push.State
		attempts int
	}{
		"any 2xx is fine without a judge":        {push.Protocol{}, http.StatusNoContent, push.Delivered, 1},
		"a redirect is not followed":             {push.Protocol{}, http.StatusFound, push.GaveUp, 1},
		"without a schedule there is one try":    {push.Protocol{}, http.StatusInternalServerError, push.GaveUp, 1},
		"what must not be retried is given up":   {push.Protocol{Next: every(1, 9), Judge: judgement(push.Verdict{})}, http.StatusOK, push.GaveUp, 1},
		"what may be retried is":                 {push.Protocol{Next: every(1, 3), Judge: judgement(push.Verdict{Retry: true})}, http.StatusOK, push.GaveUp, 3},
		"the judge may be content with a 500":    {push.Protocol{Judge: judgement(push.Verdict{OK: true})}, http.StatusInternalServerError, push.Delivered, 1},
		"a delivery may be refused beforehand":   {push.Protocol{Allowed: allow(0)}, http.StatusOK, push.Cancelled, 0},
		"and between two attempts of a retry":    {push.Protocol{Allowed: allow(2), Next: every(1, 9)}, http.StatusInternalServerError, push.Cancelled, 2},
		"a pause of zero is tried again at once": {push.Protocol{Next: every(0, 3)}, http.StatusInternalServerError, push.GaveUp, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := receive(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(c.status)
			})
			w := outbox(t, push.Options{})
			w.Send(c.protocol, note(r.URL, "a"))
			w.advance(t, time.Minute)
			d := w.Deliveries(push.Filter{})[0]
			require.Equal(t, c.state, d.State)
			require.Len(t, d.Attempts, c.attempts)
			require.Len(t, r.got(), c.attempts)
			if c.state == push.Cancelled {
				require.Equal(t, "the address is paused", d.Note)
			}
		})
	}
}

func judgement(v push.Verdict) func(push.Notification, push.Reply) push.Verdict {
	return func(push.Notification, push.Reply) push.Verdict { return v }
}

// allow is content n times.
func allow(n int) func(push.Notification) (bool, string) {
	return func(push.Notification) (bool, string) {
		n--
		return n >= 0, "the address is paused"
	}
}

func TestWhenTheQueueIsFullNotificationsAreDropped(t *testing.T) {
	t.Parallel()
	busy, open := make(chan struct{}, 10), make(chan struct{})
	r := receive(t, func(http.ResponseWriter, *http.Request) {
		busy <- struct{}{}
		<-open
	})
	w := outbox(t, push.Options{Queue: 2, Workers: 1})
	w.Send(push.Protocol{}, note(r.URL, "on its way"))
	<-busy
	for _, body := range []string{"1", "2", "dropped"} {
		w.Send(push.Protocol{}, note(r.URL, body))
	}
	dropped := w.Deliveries(push.Filter{State: push.Dropped})
	require.Equal(t, []uint64{4}, ids(dropped))
	require.Equal(t, "the queue is full", dropped[0].Note)
	close(open)
	w.idle(t)
	w.Send(push.Protocol{}, note(r.URL, "there is room again"))
	w.idle(t)
	require.Equal(t, []string{"on its way", "1", "2", "there is room again"}, r.got())
}

func TestResetBreaksOffWhatIsPending(t *testing.T) {
	t.Parallel()
	busy, open := make(chan struct{}), make(chan struct{})
	r := receive(t, func(rw http.ResponseWriter, req *http.Request) {
		if req.URL.Path == "/slow" {
			busy <- struct{}{}
			select {
			case <-open:
			case <-req.Context().Done():
			}
			return
		}
		rw.WriteHeader(http.StatusInternalServerError)
	})
	w := outbox(t, push.Options{})
	p := push.Protocol{Next: every(time.Minute, 9), Settled: func(d push.Delivery, _ push.Attempt) {
		if strings.HasSuffix(d.URL, "/slow") {
			t.Error("an attempt that was broken off does not count")
		}
	}}
	w.Send(p, note(r.URL, "waits for a retry"))
	w.idle(t)
	w.Send(p, note(r.URL+"/slow", "on its way"))
	w.Send(p, note(r.URL, "waits for its turn"))
	<-busy
	w.Reset()
	require.Empty(t, w.Deliveries(push.Filter{}))
	w.idle(t)
	w.advance(t, time.Hour)
	require.Equal(t, []string{"waits for a retry", "on its way"}, r.got())
	require.Empty(t, w.Deliveries(push.Filter{}))

	w.Send(push.Protocol{}, note(r.URL, "afterwards"))
	w.idle(t)
	require.Equal(t, []uint64{4}, ids(w.Deliveries(push.Filter{})), "ids go on")
	close(open)
}

func TestCloseCancelsWhatIsPendingAndWhatComesLater(t *testing.T) {
	t.Parallel()
	r := receive(t, status(http.StatusInternalServerError))
	w := outbox(t, push.Options{})
	w.Send(push.Protocol{Next: every(time.Minute, 9)}, note(r.URL, "a"))
	w.idle(t)
	w.Close()
	w.Close()
	w.Send(push.Protocol{}, note(r.URL, "b"))
	reply, verdict := w.Probe(t.Context(), push.Protocol{}, note(r.URL, "c"))
	require.ErrorIs(t, reply.Err, push.ErrClosed)
	require.False(t, verdict.OK)
	w.advance(t, time.Hour)
	require.Equal(t, []string{"a"}, r.got())
	list := w.Deliveries(push.Filter{})
	require.Equal(t, []push.State{push.Cancelled, push.Cancelled, push.Cancelled}, states(list))
	require.Equal(t, "the outbox is closed", list[1].Note)
}

func TestManyWebhooksAtOnce(t *testing.T) {
	t.Parallel()
	const webhooks, each = 30, 20
	r := receive(t, func(rw http.ResponseWriter, req *http.Request) {
		if req.ContentLength%3 == 0 {
			rw.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	w := outbox(t, push.Options{Keep: webhooks * each})
	p := push.Protocol{Next: every(time.Second, 3)}
	var wg sync.WaitGroup
	for hook := range webhooks {
		wg.Go(func() {
			for i := range each {
				n := note(r.URL, fmt.Sprintf("%d/%0*d", hook, 1+i%5, i))
				n.Webhook = int64(hook + 1)
				w.Send(p, n)
				if i%7 == 0 {
					w.Deliveries(push.Filter{Limit: 5})
				}
			}
		})
	}
	wg.Go(func() {
		for range 5 {
			if err := w.clock.Advance(t.Context(), time.Second); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
	w.advance(t, time.Minute)

	seen := map[string]bool{}
	last := map[string]int{}
	for _, body := range r.got() {
		if seen[body] {
			continue
		}
		seen[body] = true
		hook, number, _ := strings.Cut(body, "/")
		n, err := strconv.Atoi(number)
		require.NoError(t, err)
		require.Equal(t, last[hook], n, "first attempts stay in order")
		last[hook]++
	}
	require.Len(t, seen, webhooks*each)
	require.Empty(t, w.Deliveries(push.Filter{State: push.Pending}))
	require.Len(t, w.Deliveries(push.Filter{}), webhooks*each)
}
