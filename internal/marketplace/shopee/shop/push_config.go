package shop

import (
	"errors"
	"slices"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// ErrNoApp is an app that no shop authorised: its address has nowhere to be kept.
var ErrNoApp = errors.New("no shop authorised the app")

// PushConfig is an app's address; false if it has none. Claim shopee/push-per-app.
func PushConfig(store *chat.Store, partner int64) (chat.Webhook, bool) {
	for _, hook := range store.Webhooks("") {
		if HookOf(hook).PartnerID == partner {
			return hook, true
		}
	}
	return chat.Webhook{}, false
}

// SavePushConfig changes an app's address as it stands, or makes one that has
// neither a URL nor codes that are on. change may run several times, each time
// with slices that it may not change in place. The error of change, or ErrNoApp.
func SavePushConfig(w *marketplace.World, partner int64, change func(*chat.Webhook, *Hook) error) error {
	save := func(hook chat.Webhook) ([]chat.Event, error) {
		its := HookOf(hook)
		if err := change(&hook, &its); err != nil {
			return nil, err
		}
		hook.Ext = its
		return []chat.Event{chat.WebhookSaved{At: w.Clock.Now(), Webhook: hook}}, nil
	}
	for {
		hook, found := PushConfig(w.Store, partner)
		if !found {
			made, err := makePushConfig(w, partner, save)
			if made || err != nil {
				return err
			}
			continue
		}
		_, err := w.Store.ChangeWebhook(hook.ID, save)
		if !errors.Is(err, chat.ErrUnknown) { // it was removed meanwhile
			return err
		}
	}
}

// makePushConfig makes an app's address with its first shop, unless there is one by
// now: the shop changes with it, so that of two who make it one looks again.
func makePushConfig(w *marketplace.World, partner int64, save func(chat.Webhook) ([]chat.Event, error)) (bool, error) {
	shops := ofApp(w.Store, partner)
	if len(shops) == 0 {
		return false, ErrNoApp
	}
	applied, err := w.Store.ChangeSeller(shops[0].ID, func(now chat.Seller) ([]chat.Event, error) {
		if _, found := PushConfig(w.Store, partner); found {
			return nil, nil
		}
		hook := newHook(w, partner)
		hook.Ext = Hook{PartnerID: partner}
		events, err := save(hook)
		return append(events, chat.SellerChanged{At: w.Clock.Now(), ID: now.ID, Ext: now.Ext}), err
	})
	return len(applied) > 0, err
}

// newHook is an app's address without a URL: it is kept with the app's first shop
// until another is told, and wants what is about chats.
func newHook(w *marketplace.World, partner int64) chat.Webhook {
	hook := chat.Webhook{
		Types: slices.Clone(pushEvents), Enabled: true, Created: w.Clock.Now(),
		Ext: Hook{PartnerID: partner, On: []int{PushWebchat}},
	}
	if shops := ofApp(w.Store, partner); len(shops) > 0 {
		hook.Seller = shops[0].ID
	}
	return hook
}
