package health_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/clock"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/health"
)

var noon = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// desk is a world with one address that may be ill for 14 days.
type desk struct {
	*marketplace.World
	t    *testing.T
	rule health.Rule
	asks int // for the address's health
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, World: &marketplace.World{
		Clock: clock.New(noon), Store: chat.New(chat.Options{}), Log: slog.New(slog.DiscardHandler),
	}}
	t.Cleanup(d.Clock.Close)
	d.Clock.Reset(noon, true)
	d.rule = health.Rule{After: 14 * day, Since: func(hook chat.Webhook) *time.Time {
		d.asks++
		since, _ := hook.Ext.(*time.Time)
		return since
	}}
	_, err := d.Store.Apply(chat.If{}, chat.WebhookSaved{Webhook: chat.Webhook{URL: "http://x.example", Enabled: true}})
	require.NoError(t, err)
	return d
}

// becomes makes the address ill from now on, or well.
func (d *desk) becomes(ill bool) {
	d.rule.Keep(d.World, 1, func(hook *chat.Webhook) bool {
		var since *time.Time
		if now := d.Clock.Now(); ill {
			since = &now
		}
		hook.Ext = since
		return true
	})
}

func (d *desk) advance(by time.Duration) {
	d.t.Helper()
	require.NoError(d.t, d.Clock.Advance(d.t.Context(), by))
}

func (d *desk) on() bool {
	hook, found := d.Store.Webhook(1)
	require.True(d.t, found)
	return hook.Enabled
}

func TestAnAddressIsGivenUpWhenItHasBeenIllForTooLong(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rule.Off = func(hook *chat.Webhook) { hook.URL = "http://off.example" }
	d.becomes(true)
	d.advance(14*day - time.Second)
	require.True(t, d.on())
	d.advance(time.Second)
	require.False(t, d.on())
	hook, _ := d.Store.Webhook(1)
	require.Equal(t, "http://off.example", hook.URL)
}

func TestAnAddressThatWasWellMeanwhileHasItsWholeTime(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.becomes(true)
	d.advance(10 * day)
	d.becomes(false)
	d.advance(day)
	d.becomes(true)
	d.advance(14*day - time.Second)
	require.True(t, d.on())
	d.advance(time.Second)
	require.False(t, d.on())
}

func TestAnAddressThatRecoversStaysOn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.becomes(true)
	d.advance(10 * day)
	d.becomes(false)
	d.advance(40 * day)
	require.True(t, d.on())
	d.becomes(true)
	d.advance(14 * day)
	require.False(t, d.on(), "the next time")
}

func TestAnAddressHasOneTimerHoweverOftenItFallsIll(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for range 1000 {
		d.becomes(true)
		d.advance(time.Minute)
		d.becomes(false)
	}
	d.asks = 0
	d.advance(30 * day)
	require.Equal(t, 2, d.asks, "one look: before it decides, and for the next timer")
	require.True(t, d.on())
}

func TestIllnessGoesOnInAStateThatIsPutBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.becomes(true)
	d.advance(10 * day)
	snap, then := d.Store.Snapshot(), d.Clock.Now()
	d.becomes(false)
	d.advance(2 * day)
	d.becomes(true) // a later timer than the one that the old state needs
	for range 2 {
		d.Clock.Reset(then, true)
		d.Store.Restore(snap)
		d.rule.Resume(d.World)
		d.advance(4*day - time.Second)
		require.True(t, d.on())
		d.advance(time.Second)
		require.False(t, d.on())
	}
}

func TestAnAddressThatIsOffOrGoneIsLeftAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.becomes(true)
	_, err := d.Store.Apply(chat.If{}, chat.WebhookRemoved{ID: 1})
	require.NoError(t, err)
	d.advance(20 * day)
	require.Empty(t, d.Store.Webhooks(""))
	d.becomes(true)
	require.Empty(t, d.Store.Webhooks(""))
}
