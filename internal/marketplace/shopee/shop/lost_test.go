package shop

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
)

// Proves: shopee/lost-push-list, shopee/lost-push-bytes
func TestTheLatestLostPushesAreKept(t *testing.T) {
	t.Parallel()
	h := Hook{}
	for range 3*maxLost + 5 {
		h = h.Losing(1, []byte("{}"), midday)
	}
	lost := h.LostSince(midday)
	require.Len(t, lost, maxLost)
	require.EqualValues(t, 2*maxLost+6, lost[0].ID)
	require.EqualValues(t, 3*maxLost+5, h.LastLost)
	require.Equal(t, maxLost, h.Lost)
	require.LessOrEqual(t, h.lost.count, 2*maxLost)

	big := bytes.Repeat([]byte("x"), maxLostBytes/4)
	for range 50 {
		h = h.Losing(1, big, midday)
		require.LessOrEqual(t, h.lost.size, 2*maxLostBytes)
	}
	require.Len(t, h.LostSince(midday), 4)
	h = h.Losing(1, bytes.Repeat(big, 5), midday)
	require.Len(t, h.LostSince(midday), 1, "the latest, however long")

	h = Hook{}
	for i := range 10 {
		h = h.Losing(1, []byte("{}"), midday.Add(time.Duration(i)*time.Hour))
	}
	require.Len(t, h.LostSince(midday.Add(lostLife+5*time.Hour)), 5)
	before := h
	h = h.confirmed(4, midday)
	require.Len(t, h.LostSince(midday), 6)
	require.Equal(t, 6, h.Lost)
	require.Len(t, h.confirmed(2, midday).LostSince(midday), 6, "what was confirmed stays so")
	h = h.confirmed(1<<40, midday)
	require.Nil(t, h.lost)
	h = h.Losing(1, []byte("{}"), midday)
	require.EqualValues(t, 11, h.LostSince(midday)[0].ID, "what comes later was not confirmed with it")
	require.Len(t, before.LostSince(midday), 10, "a value that somebody holds does not change")
}

// What a reader of events, and of the addresses, is told of lost pushes is their
// number alone.
// Proves: shopee/lost-push
func TestEventsDoNotTellLostPushes(t *testing.T) {
	t.Parallel()
	d, r, conversation := asked(t, nil)
	d.mustAct("push.suspend", ``)
	for range 30 {
		d.plays(conversation, `"text":"while suspended"`)
		d.idle()
	}
	require.Empty(t, r.taken())
	hook, _ := PushConfig(d.Store, 2000001)
	require.Len(t, HookOf(hook).LostSince(d.Clock.Now()), 30)
	raw, err := json.Marshal(hook)
	require.NoError(t, err)
	require.NotContains(t, string(raw), "while suspended")
	require.Contains(t, string(raw), `"lost":30`)
	events, _ := d.Store.Events(0)
	for _, e := range events {
		if _, saved := e.Event.(chat.WebhookSaved); saved {
			raw, err := json.Marshal(e)
			require.NoError(t, err)
			require.Less(t, len(raw), 1000)
		}
	}
}

// Proves: shopee/push-repeat, shopee/lost-push
func TestWhatIsSentTwiceIsLostOnce(t *testing.T) {
	t.Parallel()
	d, r, conversation := asked(t, map[string]string{switchPushRepeat: on, switchPushRetries: "none"})
	lost := func() int {
		hook, _ := PushConfig(d.Store, 2000001)
		return len(HookOf(hook).LostSince(d.Clock.Now()))
	}
	d.mustAct("push.suspend", ``)
	d.plays(conversation, `"text":"one"`)
	d.idle()
	require.Empty(t, r.taken())
	require.Equal(t, 1, lost())
	d.mustAct("push.resume", ``)
	r.say(500)
	d.plays(conversation, `"text":"two"`)
	d.idle()
	require.Len(t, r.taken(), 2)
	require.Equal(t, 2, lost())
}

// Whether an address is sent to is a question that changes nothing.
func TestAllowedChangesNothing(t *testing.T) {
	t.Parallel()
	d, _, _ := asked(t, nil)
	d.mustAct("push.suspend", ``)
	hook, _ := PushConfig(d.Store, 2000001)
	n := signed(theShop, hook.ID, hook.URL, pushMessage, []byte("{}"))
	ok, why := Protocol(d.World).Allowed(n)
	require.False(t, ok)
	require.NotEmpty(t, why)
	after, _ := PushConfig(d.Store, 2000001)
	require.Equal(t, hook, after)
}
