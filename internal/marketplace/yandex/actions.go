package yandex

import (
	"context"
	"slices"
	"strings"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/push"
)

// Actions are what only this vendor has.
func (a *API) Actions() []marketplace.Action {
	return []marketplace.Action{
		marketplace.NewAction("key.create", "Make an Api-Key", createKey),
		marketplace.NewAction("key.revoke", "Delete an Api-Key", revokeKey),
		marketplace.NewAction("cabinet.set", "Put a cabinet into a state", setCabinet),
		marketplace.NewAction("campaign.set", "Switch a store on or off", setCampaign),
		marketplace.NewAction("return.create", "The buyer gives an order back", createReturn),
		marketplace.NewAction("arbitrage.start", "The buyer rejects the decision about a return: a dispute starts", startArbitrage),
		marketplace.NewAction("arbitrage.ask", "The arbiter asks the store", askInArbitrage),
		marketplace.NewAction("arbitrage.finish", "The arbiter decides", finishArbitrage),
		marketplace.NewAction("chat.wait-for-market", "The chat waits for the marketplace", waitForMarket),
		marketplace.NewAction("notifications.connect", "Connect an address as in the cabinet: it is pinged", connect),
		marketplace.NewAction("notifications.ping", "Ping an address that is connected", pingHook),
	}
}

type newKeyInput struct {
	Seller string   `json:"seller,omitempty" jsonschema:"businessId or name; the first by default"`
	Name   string   `json:"name" jsonschema:"1 to 100 characters, unique in the cabinet"`
	Scopes []string `json:"scopes,omitempty" jsonschema:"in lower case, e.g. communication; all-methods by default"`
}

type keyInput struct {
	Seller string `json:"seller,omitempty" jsonschema:"businessId or name; the first by default"`
	Key    string `json:"key,omitempty" jsonschema:"the token"`
	Name   string `json:"name,omitempty" jsonschema:"the key's name; without both the first key"`
}

type cabinetInput struct {
	Seller string `json:"seller,omitempty" jsonschema:"businessId or name; the first by default"`
	State  string `json:"state" jsonschema:"active, disabled, inactive, migrating, no-access or user-disabled"`
}

type campaignInput struct {
	Campaign     marketplace.Ref `json:"campaign" jsonschema:"campaignId"`
	Availability string          `json:"availability" jsonschema:"AVAILABLE, MANUALLY_DISABLED and so on"`
}

type returnInput struct {
	Order marketplace.Ref `json:"order" jsonschema:"number of the order"`
	ID    marketplace.Ref `json:"id,omitempty" jsonschema:"number of the return; the next free one by default"`
}

type disputeInput struct {
	Order  marketplace.Ref `json:"order,omitempty" jsonschema:"number of the order"`
	Return marketplace.Ref `json:"return,omitempty" jsonschema:"number of the return"`
	Chat   marketplace.Ref `json:"chat,omitempty" jsonschema:"a chat about the order or the return"`
}

type chatInput struct {
	Chat marketplace.Ref `json:"chat" jsonschema:"chatId"`
}

type wordInput struct {
	Chat marketplace.Ref `json:"chat" jsonschema:"chatId"`
	Text string          `json:"text,omitempty"`
}

type connectInput struct {
	URL    string   `json:"url" jsonschema:"without /notification"`
	Seller string   `json:"seller,omitempty" jsonschema:"businessId or name; the first by default"`
	Types  []string `json:"types,omitempty" jsonschema:"the four types about chats by default"`
}

type hookInput struct {
	Webhook int64 `json:"webhook" jsonschema:"id of the address"`
}

// changeSeller changes a copy: the old value stays with whoever reads it.
func changeSeller(w *marketplace.World, name string, change func(*sellerExt) error) (marketplace.SellerState[sellerExt], error) {
	return marketplace.ChangeSeller(w, name, func(s *sellerExt) error {
		s.Keys, s.Campaigns = slices.Clone(s.Keys), slices.Clone(s.Campaigns)
		return change(s)
	})
}

// keyState is what actions on keys answer.
type keyState struct {
	Seller string `json:"seller"`
	apiKey
}

// createKey makes a key whose value follows from cabinet and name. Claim
// yandex/key-maximum.
func createKey(w *marketplace.World, in newKeyInput) (any, error) {
	seller, err := w.Seller(in.Seller)
	if err != nil {
		return nil, err
	}
	if n := len([]rune(in.Name)); n < 1 || n > 100 {
		return nil, marketplace.Invalid("name", "must have 1 to 100 characters")
	}
	if len(in.Scopes) == 0 {
		in.Scopes = scopes[:1]
	}
	for _, s := range in.Scopes {
		if !slices.Contains(scopes, s) {
			return nil, marketplace.Invalid("scopes", "%q is none of %s", s, strings.Join(scopes, ", "))
		}
	}
	made := apiKey{Value: madeKey(w.Sandbox, seller.ID, in.Name), Name: in.Name, Scopes: slices.Clone(in.Scopes)}
	_, err = changeSeller(w, seller.ID, func(s *sellerExt) error {
		switch {
		case len(s.Keys) >= maxKeys:
			return marketplace.Invalid("name", "a cabinet has at most %d keys", maxKeys)
		case slices.ContainsFunc(s.Keys, func(k apiKey) bool { return k.Name == in.Name }):
			return marketplace.Invalid("name", "there is a key %q already", in.Name)
		}
		s.Keys = append(s.Keys, made)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return keyState{Seller: seller.ID, apiKey: made}, nil
}

func revokeKey(w *marketplace.World, in keyInput) (any, error) {
	var out keyState
	state, err := changeSeller(w, in.Seller, func(s *sellerExt) error {
		i := 0
		if in.Key != "" || in.Name != "" {
			i = slices.IndexFunc(s.Keys, func(k apiKey) bool {
				return (in.Key == "" || k.Value == in.Key) && (in.Name == "" || k.Name == in.Name)
			})
		}
		if i < 0 || i >= len(s.Keys) {
			return marketplace.Invalid("key", "the cabinet has no such key")
		}
		s.Keys[i].Revoked = true
		out.apiKey = s.Keys[i]
		return nil
	})
	if err != nil {
		return nil, err
	}
	out.Seller = state.Seller
	return out, nil
}

func setCabinet(w *marketplace.World, in cabinetInput) (any, error) {
	if !slices.Contains(cabinetStates, in.State) {
		return nil, marketplace.Invalid("state", "%q is none of %s", in.State, strings.Join(cabinetStates, ", "))
	}
	return changeSeller(w, in.Seller, func(s *sellerExt) error {
		s.State = in.State
		return nil
	})
}

func setCampaign(w *marketplace.World, in campaignInput) (any, error) {
	if !slices.Contains(availabilities, in.Availability) {
		return nil, marketplace.Invalid("availability", "%q is none of %s", in.Availability, strings.Join(availabilities, ", "))
	}
	store := func(s sellerExt) int {
		return slices.IndexFunc(s.Campaigns, func(c campaign) bool { return orderKey(c.ID) == string(in.Campaign) })
	}
	for _, seller := range w.Store.Sellers() {
		if store(extOfSeller(seller)) < 0 {
			continue
		}
		return changeSeller(w, seller.ID, func(s *sellerExt) error {
			if i := store(*s); i >= 0 {
				s.Campaigns[i].Availability = in.Availability
			}
			return nil
		})
	}
	return nil, marketplace.Invalid("campaign", "there is no campaign %q", in.Campaign)
}

// hookState is what actions on addresses answer.
type hookState struct {
	Connected bool   `json:"connected"`
	Code      string `json:"code,omitempty"`
	Detail    string `json:"detail,omitempty"`
	Webhook   int64  `json:"webhook"`
}

func stateAfter(v push.Verdict, id int64) hookState {
	return hookState{Connected: v.OK, Code: v.Code, Detail: v.Detail, Webhook: id}
}

// connect pings an address and saves it anew, on if the answer was good. What
// waited for the address until then is dropped. Claims yandex/push-ping,
// yandex/push-ping-refused.
func connect(w *marketplace.World, in connectInput) (any, error) {
	hook, err := hookFor(w, marketplace.WebhookInput{Seller: in.Seller, URL: in.URL, Types: in.Types})
	if err != nil {
		return nil, err
	}
	verdict := ping(context.Background(), w, hook)
	hook.Enabled = verdict.OK
	now := w.Clock.Now()
	var events []chat.Event
	for _, old := range w.Store.Webhooks(hook.Seller) {
		if old.URL == hook.URL {
			events = append(events, chat.WebhookRemoved{At: now, ID: old.ID})
		}
	}
	applied, err := w.Store.Apply(chat.If{}, append(events, chat.WebhookSaved{At: now, Webhook: hook})...)
	if err != nil {
		return nil, err
	}
	saved, _ := applied[len(applied)-1].Event.(chat.WebhookSaved)
	return stateAfter(verdict, saved.Webhook.ID), nil
}

// pingHook asks and changes nothing: an address that is off is connected anew.
func pingHook(w *marketplace.World, in hookInput) (any, error) {
	hook, found := w.Store.Webhook(in.Webhook)
	if !found {
		return nil, marketplace.Invalid("webhook", "there is no address %d", in.Webhook)
	}
	return stateAfter(ping(context.Background(), w, hook), hook.ID), nil
}
