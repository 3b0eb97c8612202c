package shop

import (
	"bytes"
	"errors"
	"iter"
	"slices"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// What is kept of an app's pushes that never arrived. Claims shopee/lost-push,
// shopee/lost-push-bytes.
const (
	maxLost      = 1000
	maxLostBytes = 4 << 20 // of their bodies
	lostLife     = 3 * 24 * time.Hour
)

// losses are lost pushes from the latest back. Immutable: what an address was at
// several moments, in events and snapshots, shares them, and one more costs one
// link.
type losses struct {
	push   LostPush
	before *losses // nil behind the first
	count  int     // from here back
	size   int     // of their bodies
}

func (l *losses) with(p LostPush) *losses {
	next := &losses{push: p, before: l, count: 1, size: len(p.Body)}
	if l != nil {
		next.count, next.size = l.count+1, l.size+next.size
	}
	return next
}

// Losing is an address after a push that never arrives. Claim shopee/lost-push.
func (h Hook) Losing(shop int64, body []byte, now time.Time) Hook {
	h.LastLost++
	h.lost = h.lost.with(LostPush{ID: h.LastLost, At: now, Shop: shop, Code: PushWebchat, Body: bytes.Clone(body)})
	if h.lost.count > 2*maxLost || h.lost.size > 2*maxLostBytes { // not each time: then what is kept is copied
		kept := h.LostSince(now)
		h.lost = nil
		for _, p := range kept {
			h.lost = h.lost.with(p)
		}
	}
	return h.recounted(now)
}

func (h Hook) recounted(now time.Time) Hook {
	h.Lost = 0
	for range h.kept(now) {
		h.Lost++
	}
	return h
}

// LostSince are the pushes of the last three days that were lost and are not
// confirmed, the earliest first: a list of its own. Claim shopee/lost-push-list.
func (h Hook) LostSince(now time.Time) []LostPush {
	out := slices.Collect(h.kept(now))
	slices.Reverse(out)
	return out
}

// kept are the lost pushes that are told, the latest first. That one is always
// among them, however long it is.
func (h Hook) kept(now time.Time) iter.Seq[LostPush] {
	return func(yield func(LostPush) bool) {
		count, size, since := 0, 0, now.Add(-lostLife)
		for l := h.lost; l != nil && l.push.ID > h.Confirmed; l = l.before {
			count, size = count+1, size+len(l.push.Body)
			if count > maxLost || count > 1 && size > maxLostBytes || l.push.At.Before(since) || !yield(l.push) {
				return
			}
		}
	}
}

// confirmed is an address whose lost pushes up to a number were fetched.
func (h Hook) confirmed(upTo int64, now time.Time) Hook {
	h.Confirmed = max(h.Confirmed, min(upTo, h.LastLost))
	if h.Confirmed == h.LastLost {
		h.lost = nil
	}
	return h.recounted(now)
}

// ConfirmLost forgets an app's lost pushes up to a number. Claim
// shopee/lost-push-confirm.
func ConfirmLost(w *marketplace.World, partner, upTo int64) error {
	hook, found := PushConfig(w.Store, partner)
	if !found {
		return nil
	}
	now := w.Clock.Now()
	_, err := w.Store.ChangeWebhook(hook.ID, func(hook chat.Webhook) ([]chat.Event, error) {
		hook.Ext = HookOf(hook).confirmed(upTo, now)
		return []chat.Event{chat.WebhookSaved{At: now, Webhook: hook}}, nil
	})
	if errors.Is(err, chat.ErrUnknown) {
		return nil
	}
	return err
}
