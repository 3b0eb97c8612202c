package push_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/push"
)

func TestWhoIsNotAllowedIsToldOnceAndNothingIsSent(t *testing.T) {
	t.Parallel()
	r := receive(t, nil)
	w := outbox(t, push.Options{})
	var mu sync.Mutex
	var asked int
	var refused []push.Delivery
	n := note(r.URL, "a")
	n.Twice = true
	w.Send(push.Protocol{
		Allowed: func(push.Notification) (bool, string) {
			mu.Lock()
			defer mu.Unlock()
			asked++
			return false, "off"
		},
		Refused: func(d push.Delivery) {
			mu.Lock()
			defer mu.Unlock()
			refused = append(refused, d)
		},
		Settled: func(push.Delivery, push.Attempt) { t.Error("nothing was attempted") },
	}, n)
	w.idle(t)
	require.Empty(t, r.got())
	require.Equal(t, 2, asked)
	require.Len(t, refused, 2)
	require.Equal(t, []push.State{push.Cancelled, push.Cancelled}, states(refused))
	require.Equal(t, []bool{false, true}, []bool{refused[0].Again, refused[1].Again})
	require.Equal(t, "off", refused[0].Note)
	require.Equal(t, "a", string(refused[0].Body))
}

func TestTheSecondOfTwoSaysSo(t *testing.T) {
	t.Parallel()
	r := receive(t, status(http.StatusOK))
	w := outbox(t, push.Options{})
	n := note(r.URL, "a")
	w.Send(push.Protocol{}, n)
	n.Twice = true
	w.Send(push.Protocol{}, n)
	w.idle(t)
	var again []bool
	for _, d := range w.Deliveries(push.Filter{}) {
		again = append(again, d.Again)
	}
	require.Equal(t, []bool{false, false, true}, again)
}
