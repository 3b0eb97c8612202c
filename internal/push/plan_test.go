package push_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/fault"
	"example.com/marketmock/internal/push"
)

func TestANotificationMayAskToBeSentTwice(t *testing.T) {
	t.Parallel()
	r := receive(t, nil)
	w := outbox(t, push.Options{})
	n := note(r.URL, "a")
	n.Twice = true
	w.Send(push.Protocol{}, n)
	w.send(t, r.URL, "b")
	require.Equal(t, []string{"a", "a", "b"}, r.got())
	list := w.Deliveries(push.Filter{})
	require.Empty(t, list[0].Note)
	require.Equal(t, "duplicate", list[1].Note)
}

func TestANotificationMayAskToBeHeldBack(t *testing.T) {
	t.Parallel()
	r := receive(t, nil)
	w := outbox(t, push.Options{})
	for _, body := range strings.Split("abc", "") {
		n := note(r.URL, body)
		n.Hold = true
		w.Send(push.Protocol{}, n)
	}
	w.idle(t)
	require.Equal(t, []string{"b", "a"}, r.got(), "in pairs")
	held := w.Deliveries(push.Filter{State: push.Pending})
	require.Len(t, held, 1)
	require.Equal(t, "held back", held[0].Note)
	require.Equal(t, noon.Add(push.HoldTime), held[0].Next)
	w.advance(t, push.HoldTime)
	require.Equal(t, []string{"b", "a", "c"}, r.got())
}

func TestTwiceAndHeldBackAddUpWithFaults(t *testing.T) {
	t.Parallel()
	r := receive(t, nil)
	w := outbox(t, push.Options{})
	w.fault(t, fault.Rule{Kind: fault.Late, Delay: time.Minute, Times: 1})
	w.fault(t, fault.Rule{Kind: fault.Duplicate, Times: 1})
	w.fault(t, fault.Rule{Kind: fault.Reorder, Times: 1})
	n := note(r.URL, "a")
	n.Twice, n.Hold = true, true
	w.Send(push.Protocol{}, n)
	w.advance(t, time.Minute)
	require.Empty(t, r.got(), "held back after its delay")
	w.send(t, r.URL, "b")
	require.Equal(t, []string{"b", "a", "a"}, r.got())
	list := w.Deliveries(push.Filter{})
	require.Equal(t, "held back; late by fault f1; reordered by fault f3", list[0].Note)
	require.Equal(t, "duplicate by fault f2", list[1].Note)
}
