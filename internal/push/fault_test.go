package push_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/fault"
	"example.com/marketmock/internal/push"
)

func (w world) send(t *testing.T, url, bodies string) {
	t.Helper()
	for _, body := range strings.Split(bodies, "") {
		w.Send(push.Protocol{}, note(url, body))
	}
	w.idle(t)
}

func TestALostNotificationIsNeverSent(t *testing.T) {
	t.Parallel()
	r := receive(t, nil)
	w := outbox(t, push.Options{})
	w.fault(t, fault.Rule{Kind: fault.Lose, Marketplace: "ozon", Operation: "TYPE_NEW_MESSAGE", Times: 1})
	w.fault(t, fault.Rule{Kind: fault.Duplicate, Times: 1})
	w.send(t, r.URL, "ab")
	w.advance(t, time.Hour)
	require.Equal(t, []string{"b"}, r.got())
	list := w.Deliveries(push.Filter{})
	require.Equal(t, []push.State{push.Lost, push.Delivered}, states(list))
	require.Equal(t, "lost by fault f1", list[0].Note)
}

func TestALateNotificationIsSentAfterItsDelayOnTheSandboxClock(t *testing.T) {
	t.Parallel()
	r := receive(t, nil)
	w := outbox(t, push.Options{})
	w.fault(t, fault.Rule{Kind: fault.Late, Delay: time.Minute, Times: 1})
	w.send(t, r.URL, "ab")
	require.Equal(t, []string{"b"}, r.got())
	late := w.Deliveries(push.Filter{State: push.Pending})[0]
	require.Equal(t, noon.Add(time.Minute), late.Next)
	require.Equal(t, "late by fault f1", late.Note)
	w.advance(t, 59*time.Second)
	require.Equal(t, []string{"b"}, r.got())
	w.advance(t, time.Second)
	require.Equal(t, []string{"b", "a"}, r.got())
	require.Equal(t, noon.Add(time.Minute), w.Deliveries(push.Filter{})[0].Attempts[0].At)
}

func TestADuplicatedNotificationIsSentTwice(t *testing.T) {
	t.Parallel()
	r := receive(t, nil)
	w := outbox(t, push.Options{})
	w.fault(t, fault.Rule{Kind: fault.Duplicate, Times: 1})
	w.send(t, r.URL, "ab")
	require.Equal(t, []string{"a", "a", "b"}, r.got())
	list := w.Deliveries(push.Filter{})
	require.Equal(t, "", list[0].Note)
	require.Equal(t, "duplicate by fault f1", list[1].Note)
}

func TestAReorderedNotificationWaitsForTheNextToItsWebhook(t *testing.T) {
	t.Parallel()
	r := receive(t, nil)
	w := outbox(t, push.Options{})
	w.fault(t, fault.Rule{Kind: fault.Reorder, Times: 1})
	w.send(t, r.URL, "a")
	other := note(r.URL, "other")
	other.Webhook = 2
	w.Send(push.Protocol{}, other)
	w.idle(t)
	require.Equal(t, []string{"other"}, r.got(), "another webhook's does not count")
	held := w.Deliveries(push.Filter{State: push.Pending})[0]
	require.Equal(t, noon.Add(push.HoldTime), held.Next)
	require.Equal(t, "reordered by fault f1", held.Note)
	w.send(t, r.URL, "bc")
	require.Equal(t, []string{"other", "b", "a", "c"}, r.got())
	w.advance(t, time.Hour)
	require.Len(t, r.got(), 4, "the timer is gone")
}

func TestAReorderedNotificationWithoutANextIsSentAfterAWhile(t *testing.T) {
	t.Parallel()
	r := receive(t, nil)
	w := outbox(t, push.Options{})
	w.fault(t, fault.Rule{Kind: fault.Reorder, Times: 1})
	w.send(t, r.URL, "a")
	w.advance(t, push.HoldTime-1)
	require.Empty(t, r.got())
	w.advance(t, 1)
	require.Equal(t, []string{"a"}, r.got())
	w.send(t, r.URL, "b")
	require.Equal(t, []string{"a", "b"}, r.got())
}

func TestWhenAllAreReorderedTheyAreSwappedInPairs(t *testing.T) {
	t.Parallel()
	r := receive(t, nil)
	w := outbox(t, push.Options{})
	w.fault(t, fault.Rule{Kind: fault.Reorder})
	w.send(t, r.URL, "abcde")
	w.advance(t, push.HoldTime)
	require.Equal(t, strings.Split("badce", ""), r.got())
}

func TestFaultsAddUp(t *testing.T) {
	t.Parallel()
	r := receive(t, nil)
	w := outbox(t, push.Options{})
	w.fault(t, fault.Rule{Kind: fault.Late, Delay: time.Minute, Times: 1})
	w.fault(t, fault.Rule{Kind: fault.Late, Delay: time.Minute, Times: 1})
	w.fault(t, fault.Rule{Kind: fault.Duplicate, Times: 1})
	w.fault(t, fault.Rule{Kind: fault.Reorder, Times: 1})
	w.send(t, r.URL, "a")
	w.advance(t, 2*time.Minute)
	require.Empty(t, r.got(), "held back after its delay")
	w.send(t, r.URL, "b")
	require.Equal(t, []string{"b", "a", "a"}, r.got())
	require.Equal(t, "late by fault f1; late by fault f2; reordered by fault f4", w.Deliveries(push.Filter{})[0].Note)
}

func TestResetForgetsWhatFaultsHoldBack(t *testing.T) {
	t.Parallel()
	r := receive(t, status(http.StatusOK))
	w := outbox(t, push.Options{})
	w.fault(t, fault.Rule{Kind: fault.Reorder, Times: 1})
	w.send(t, r.URL, "a")
	w.fault(t, fault.Rule{Kind: fault.Late, Delay: time.Second, Times: 1})
	w.send(t, r.URL, "b")
	w.Reset()
	w.advance(t, time.Hour)
	w.send(t, r.URL, "c")
	require.Equal(t, []string{"c"}, r.got())
}
