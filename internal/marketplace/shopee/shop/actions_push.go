package shop

import (
	"context"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// pushState is what actions on an app's address answer. Outcome is that of a test
// push.
type pushState struct {
	URL       string     `json:"callback_url"`
	Status    PushStatus `json:"live_push_status"`
	Suspended *time.Time `json:"suspended_time,omitempty"`
	Lost      int        `json:"lost"`
	Outcome   Probed     `json:"outcome,omitempty"`
}

func pushStateOf(w *marketplace.World, hook chat.Webhook) pushState {
	its := HookOf(hook)
	out := pushState{URL: hook.URL, Status: its.Status(), Lost: len(its.LostSince(w.Clock.Now()))}
	if !its.Suspended.IsZero() {
		out.Suspended = &its.Suspended
	}
	return out
}

// addressOf is the address of a shop's app.
func addressOf(w *marketplace.World, seller string) (App, chat.Webhook, error) {
	s, err := w.Seller(seller)
	if err != nil {
		return App{}, chat.Webhook{}, err
	}
	app := ShopOf(s).App
	hook, found := PushConfig(w.Store, app.PartnerID)
	if !found {
		return app, hook, marketplace.Invalid("seller", "the app %d of %s has no address", app.PartnerID, s.Name)
	}
	return app, hook, nil
}

// Claim shopee/push-suspended.
func suspendPush(w *marketplace.World, in sellerInput) (any, error) {
	now := w.Clock.Now()
	return changePush(w, in.Seller, func(h Hook) Hook {
		if h.Suspended.IsZero() {
			h.Suspended = now
		}
		return h
	})
}

func resumePush(w *marketplace.World, in sellerInput) (any, error) {
	return changePush(w, in.Seller, Hook.Resumed)
}

func changePush(w *marketplace.World, seller string, change func(Hook) Hook) (any, error) {
	app, hook, err := addressOf(w, seller)
	if err != nil {
		return nil, err
	}
	keep(w, hook.ID, change)
	hook, _ = PushConfig(w.Store, app.PartnerID)
	return pushStateOf(w, hook), nil
}

// testPush asks and changes nothing. Claim shopee/push-test.
func testPush(w *marketplace.World, in sellerInput) (any, error) {
	app, hook, err := addressOf(w, in.Seller)
	if err != nil {
		return nil, err
	}
	out := pushStateOf(w, hook)
	out.Outcome = Probe(context.Background(), w, app, hook.URL)
	return out, nil
}
