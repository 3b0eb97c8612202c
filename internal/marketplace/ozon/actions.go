package ozon

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// Actions are what only this vendor has.
func (a *API) Actions() []marketplace.Action {
	return []marketplace.Action{
		marketplace.NewAction("subscription.set", "Give a seller a subscription", setSubscription),
		marketplace.NewAction("offer.sign", "Sign the seller's offer", signOffer(true)),
		marketplace.NewAction("offer.unsign", "Take back the seller's signature", signOffer(false)),
		marketplace.NewAction("key.revoke", "Switch a seller's key off", func(w *marketplace.World, in keyInput) (any, error) {
			return changeKey(w, in, func(k *apiKey) { k.Active = false })
		}),
		marketplace.NewAction("key.restore", "Switch a seller's key on again", func(w *marketplace.World, in keyInput) (any, error) {
			return changeKey(w, in, func(k *apiKey) { k.Active, k.Expires = true, nil })
		}),
		marketplace.NewAction("key.expire", "End the life of a seller's key now", func(w *marketplace.World, in keyInput) (any, error) {
			now := w.Clock.Now()
			return changeKey(w, in, func(k *apiKey) { k.Expires = &now })
		}),
		marketplace.NewAction("key.restrict", "Bind a key to networks; none frees it", restrictKey),
		marketplace.NewAction("key.roles", "Give a key roles", setRoles),
		chatAction("chat.block", "The buyer blocks the chat", func(e *chatExt) { e.Blocked = true }),
		chatAction("chat.unblock", "The buyer lets the seller write again", func(e *chatExt) { e.Blocked = false }),
		chatAction("chat.disable", "The marketplace switches the chat off", func(e *chatExt) { e.Disabled = true }),
		chatAction("chat.enable", "The marketplace switches the chat on", func(e *chatExt) { e.Disabled = false }),
		marketplace.NewAction("message.edit", "The author edits a message", editMessage),
		marketplace.NewAction("message.moderate", "Decide on an image", moderateMessage),
		marketplace.NewAction("webhook.confirm", "Confirm an address as in the cabinet: ends its pause", confirmHook),
		marketplace.NewAction("webhook.pause", "Pause an address as after failures", pauseHook),
	}
}

type sellerInput struct {
	Seller string `json:"seller,omitempty" jsonschema:"Client-Id or name; the first by default"`
}

type keyInput struct {
	Seller string `json:"seller,omitempty" jsonschema:"Client-Id or name; the first by default"`
	Key    string `json:"key,omitempty" jsonschema:"the key's value; the first key by default"`
}

type subscriptionInput struct {
	Seller       string `json:"seller,omitempty" jsonschema:"Client-Id or name; the first by default"`
	Subscription string `json:"subscription" jsonschema:"UNSPECIFIED, PREMIUM, PREMIUM_LITE, PREMIUM_PLUS or PREMIUM_PRO"`
}

type networksInput struct {
	Seller   string   `json:"seller,omitempty" jsonschema:"Client-Id or name; the first by default"`
	Key      string   `json:"key,omitempty" jsonschema:"the key's value; the first key by default"`
	Networks []string `json:"networks" jsonschema:"addresses or networks like 10.0.0.0/8"`
}

type rolesInput struct {
	Seller string      `json:"seller,omitempty" jsonschema:"Client-Id or name; the first by default"`
	Key    string      `json:"key,omitempty" jsonschema:"the key's value; the first key by default"`
	Roles  []roleInput `json:"roles"`
}

type roleInput struct {
	Name    string   `json:"name" jsonschema:"Admin, Admin read only, Posting FBS, Chat, or one of your own with methods"`
	Methods []string `json:"methods,omitempty" jsonschema:"paths; a path covers those below it"`
}

type chatInput struct {
	Chat string `json:"chat" jsonschema:"chat id"`
}

type editInput struct {
	Chat    string `json:"chat" jsonschema:"chat id"`
	Message string `json:"message,omitempty" jsonschema:"message id; the last by default"`
	Text    string `json:"text"`
}

type moderateInput struct {
	Chat    string `json:"chat" jsonschema:"chat id"`
	Message string `json:"message,omitempty" jsonschema:"message id; the last by default"`
	Status  string `json:"status" jsonschema:"SUCCESS, MODERATION or FAILED"`
}

type hookInput struct {
	Webhook int64  `json:"webhook" jsonschema:"id of the address"`
	Reason  string `json:"reason,omitempty"`
}

// changeSeller changes a copy of the keys: the old ones stay with whoever reads
// them.
func changeSeller(w *marketplace.World, name string, change func(*sellerExt) error) (any, error) {
	return marketplace.ChangeSeller(w, name, func(s *sellerExt) error {
		s.Keys = slices.Clone(s.Keys)
		return change(s)
	})
}

func signOffer(signed bool) func(*marketplace.World, sellerInput) (any, error) {
	return func(w *marketplace.World, in sellerInput) (any, error) {
		return changeSeller(w, in.Seller, func(s *sellerExt) error {
			s.OfferSigned = signed
			return nil
		})
	}
}

func setSubscription(w *marketplace.World, in subscriptionInput) (any, error) {
	if !slices.Contains(subscriptions, in.Subscription) {
		return nil, marketplace.Invalid("subscription", "%q is none of %s", in.Subscription, strings.Join(subscriptions, ", "))
	}
	return changeSeller(w, in.Seller, func(s *sellerExt) error {
		s.Subscription = in.Subscription
		return nil
	})
}

func changeKey(w *marketplace.World, in keyInput, change func(*apiKey)) (any, error) {
	return changeSeller(w, in.Seller, func(s *sellerExt) error {
		i := 0
		if in.Key != "" {
			i = slices.IndexFunc(s.Keys, func(k apiKey) bool { return k.Value == in.Key })
		}
		if i < 0 || i >= len(s.Keys) {
			return marketplace.Invalid("key", "the seller has no such key")
		}
		change(&s.Keys[i])
		return nil
	})
}

func restrictKey(w *marketplace.World, in networksInput) (any, error) {
	for _, n := range in.Networks {
		if _, err := parseNetwork(n); err != nil {
			return nil, marketplace.Invalid("networks", "%q is no network", n)
		}
	}
	return changeKey(w, keyInput{in.Seller, in.Key}, func(k *apiKey) { k.Networks = in.Networks })
}

func setRoles(w *marketplace.World, in rolesInput) (any, error) {
	roles := []role{}
	for _, r := range in.Roles {
		named, known := roleNamed(r.Name)
		switch {
		case len(r.Methods) > 0:
			named = role(r)
		case !known:
			return nil, marketplace.Invalid("roles", "there is no role %q; one of your own needs methods", r.Name)
		}
		roles = append(roles, named)
	}
	return changeKey(w, keyInput{in.Seller, in.Key}, func(k *apiKey) { k.Roles = roles })
}

// chatState is what actions on chats answer.
type chatState struct {
	Chat string  `json:"chat"`
	Ext  chatExt `json:"ext"`
}

func chatAction(name, summary string, change func(*chatExt)) marketplace.Action {
	return marketplace.NewAction(name, summary, func(w *marketplace.World, in chatInput) (any, error) {
		var ext chatExt
		id := canonical(in.Chat)
		_, err := w.Store.Change(id, func(ch chat.Chat) ([]chat.Event, error) {
			ext = extOfChat(&ch)
			change(&ext)
			return []chat.Event{chat.ChatChanged{At: w.Clock.Now(), ID: id, Ext: ext}}, nil
		})
		if err != nil {
			return nil, fmt.Errorf("chat %s: %w", in.Chat, err)
		}
		return chatState{Chat: id, Ext: ext}, nil
	})
}

// messageState is what actions on messages answer.
type messageState struct {
	Chat    string     `json:"chat"`
	Message string     `json:"message"`
	Text    string     `json:"text,omitempty"`
	Ext     messageExt `json:"ext"`
}

func editMessage(w *marketplace.World, in editInput) (any, error) {
	if in.Text == "" {
		return nil, marketplace.Invalid("text", "is missing")
	}
	return changeMessage(w, in.Chat, in.Message, func(m *chat.Message, _ *messageExt) error {
		m.Text = in.Text
		return nil
	})
}

// moderateMessage decides on an image. Claim ozon/image-moderation.
func moderateMessage(w *marketplace.World, in moderateInput) (any, error) {
	if !slices.Contains(moderations, in.Status) {
		return nil, marketplace.Invalid("status", "%q is none of %s", in.Status, strings.Join(moderations, ", "))
	}
	return changeMessage(w, in.Chat, in.Message, func(m *chat.Message, ext *messageExt) error {
		if !isImage(*m) {
			return marketplace.Invalid("message", "it is no image")
		}
		ext.Moderation = in.Status
		return nil
	})
}

func changeMessage(w *marketplace.World, chatID, messageID string, change func(*chat.Message, *messageExt) error) (any, error) {
	var out messageState
	_, err := w.Store.Change(canonical(chatID), func(ch chat.Chat) ([]chat.Event, error) {
		m, err := messageNamed(w.Store, ch, messageID)
		if err != nil {
			return nil, err
		}
		ext := extOfMessage(m)
		if err := change(&m, &ext); err != nil {
			return nil, err
		}
		out = messageState{Chat: ch.ID, Message: strconv.FormatUint(m.ID, 10), Text: m.Text, Ext: ext}
		return []chat.Event{chat.MessageEdited{
			At: w.Clock.Now(), Chat: ch.ID, ID: m.ID, By: m.From, Text: m.Text, Files: m.Files, Ext: ext,
		}}, nil
	})
	return out, err
}

// messageNamed is a message of a chat, the last by default.
func messageNamed(store *chat.Store, ch chat.Chat, name string) (chat.Message, error) {
	id := ch.Last
	if name != "" {
		var err error
		if id, err = strconv.ParseUint(name, 10, 64); err != nil {
			return chat.Message{}, marketplace.Invalid("message", "%q is no message id", name)
		}
	}
	m, found := store.Message(ch.ID, id)
	if !found {
		return m, fmt.Errorf("message %d: %w", id, chat.ErrUnknown)
	}
	return m, nil
}

// hookState is what actions on addresses answer.
type hookState struct {
	Webhook int64   `json:"webhook"`
	Enabled bool    `json:"enabled"`
	Ext     hookExt `json:"ext"`
}

func confirmHook(w *marketplace.World, in hookInput) (any, error) {
	return changeHook(w, in.Webhook, func(h *chat.Webhook) { h.Enabled, h.Ext = true, hookExt{} })
}

func pauseHook(w *marketplace.World, in hookInput) (any, error) {
	reason := in.Reason
	if reason == "" {
		reason = "a test asked for it"
	}
	return changeHook(w, in.Webhook, func(h *chat.Webhook) {
		ext := extOfHook(*h)
		ext.Paused, ext.Reason = true, reason
		h.Ext = ext
	})
}

func changeHook(w *marketplace.World, id int64, change func(*chat.Webhook)) (any, error) {
	var hook chat.Webhook
	_, err := w.Store.ChangeWebhook(id, func(now chat.Webhook) ([]chat.Event, error) {
		hook = now
		change(&hook)
		return []chat.Event{chat.WebhookSaved{At: w.Clock.Now(), Webhook: hook}}, nil
	})
	if err != nil {
		return nil, err
	}
	return hookState{Webhook: id, Enabled: hook.Enabled, Ext: extOfHook(hook)}, nil
}
