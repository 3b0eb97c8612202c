// Package health keeps the health of the addresses that notifications go to: it
// changes an address as it stands, and switches off one that has been ill for too
// long. What makes an address ill is for the vendor to say.
package health

import (
	"errors"
	"strconv"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// Rule is when a vendor gives an address up.
type Rule struct {
	// After is how long an address may be ill.
	After time.Duration
	// Since is when it fell ill, nil for one that is well.
	Since func(chat.Webhook) *time.Time
	// Off notes in its Ext why it is switched off; nil to note nothing.
	Off func(*chat.Webhook)
}

// Keep changes an address, unless change reports false or it was removed. change
// may run several times.
func (r Rule) Keep(w *marketplace.World, id int64, change func(*chat.Webhook) bool) {
	_, err := w.Store.ChangeWebhook(id, func(hook chat.Webhook) ([]chat.Event, error) {
		if !change(&hook) {
			return nil, nil
		}
		return []chat.Event{chat.WebhookSaved{At: w.Clock.Now(), Webhook: hook}}, nil
	})
	if err != nil && !errors.Is(err, chat.ErrUnknown) {
		w.Log.Error("keep health of an address", "webhook", id, "error", err)
	}
	if hook, found := w.Store.Webhook(id); found {
		r.watch(w, hook)
	}
}

// Resume sets the timers of addresses that are ill: after a world was loaded or
// put back.
func (r Rule) Resume(w *marketplace.World) {
	for _, hook := range w.Store.Webhooks("") {
		r.watch(w, hook)
	}
}

// watch sets the one timer of an address that is ill.
func (r Rule) watch(w *marketplace.World, hook chat.Webhook) {
	if end, ill := r.end(hook); ill {
		w.Timers.Set(w.Clock, "health of "+strconv.FormatInt(hook.ID, 10), end, func() { r.look(w, hook.ID) })
	}
}

// look switches an address off whose time has come: a paused one gets no attempt
// that could tell. One that was well meanwhile, and fell ill again, has time left.
func (r Rule) look(w *marketplace.World, id int64) {
	r.Keep(w, id, func(hook *chat.Webhook) bool {
		end, ill := r.end(*hook)
		if !ill || end.After(w.Clock.Now()) {
			return false
		}
		hook.Enabled = false
		if r.Off != nil {
			r.Off(hook)
		}
		return true
	})
}

func (r Rule) end(hook chat.Webhook) (time.Time, bool) {
	since := r.Since(hook)
	if since == nil || !hook.Enabled {
		return time.Time{}, false
	}
	return since.Add(r.After), true
}
