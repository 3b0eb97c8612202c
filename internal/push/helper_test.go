package push_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/clock"
	"example.com/marketmock/internal/fault"
	"example.com/marketmock/internal/push"
)

var noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// receiver is a server that notes what it gets and answers as told.
type receiver struct {
	*httptest.Server

	mu     sync.Mutex
	bodies []string
	now    int // requests being answered
	most   int
}

func receive(t *testing.T, answer http.HandlerFunc) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		r.bodies = append(r.bodies, string(body))
		r.now++
		r.most = max(r.most, r.now)
		r.mu.Unlock()
		if answer != nil {
			answer(w, req)
		}
		r.mu.Lock()
		r.now--
		r.mu.Unlock()
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) got() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.bodies)
}

func (r *receiver) mostAtOnce() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.most
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// failing answers 500 to the first n requests.
func failing(n int) http.HandlerFunc {
	var mu sync.Mutex
	return func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if n > 0 {
			n--
			w.WriteHeader(http.StatusInternalServerError)
		}
	}
}

// world is an outbox on a clock that stands at noon.
type world struct {
	*push.Outbox
	clock  *clock.Clock
	faults *fault.Set
}

func outbox(t *testing.T, o push.Options) world {
	t.Helper()
	w := world{clock: clock.New(noon), faults: fault.NewSet()}
	w.clock.Reset(noon, true)
	o.Clock, o.Faults = w.clock, w.faults
	w.Outbox = push.New(o)
	t.Cleanup(func() {
		w.Close()
		w.clock.Close()
	})
	return w
}

func (w world) idle(t *testing.T) {
	t.Helper()
	require.NoError(t, w.clock.Idle(t.Context()))
}

func (w world) advance(t *testing.T, d time.Duration) {
	t.Helper()
	require.NoError(t, w.clock.Advance(t.Context(), d))
}

func (w world) fault(t *testing.T, r fault.Rule) {
	t.Helper()
	_, err := w.faults.Add(r)
	require.NoError(t, err)
}

func note(url, body string) push.Notification {
	return push.Notification{
		Marketplace: "ozon", Seller: "1001", Webhook: 1, Event: "TYPE_NEW_MESSAGE",
		Method: http.MethodPost, URL: url, Body: []byte(body),
	}
}

// every tries again after the same pause, n times in all.
func every(pause time.Duration, n int) func(int) (time.Duration, bool) {
	return func(failed int) (time.Duration, bool) { return pause, failed < n }
}

func states(list []push.Delivery) []push.State {
	var out []push.State
	for _, d := range list {
		out = append(out, d.State)
	}
	return out
}

func ids(list []push.Delivery) []uint64 {
	var out []uint64
	for _, d := range list {
		out = append(out, d.ID)
	}
	return out
}
