package yandex

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/push"
)

// Actions are what only this vendor has.
func (a *API) Actions() []marketplace.Action {
	return []marketplace.Action{
		marketplace.NewWordedAction("key.create", "Make an Api-Key", createKey, map[string][]string{"scopes": scopes}),
		marketplace.NewWordedAction("key.revoke", "Delete an Api-Key", revokeKey, nil),
		marketplace.NewWordedAction("token.set", "Put a cabinet's OAuth token into a state", setToken, map[string][]string{"state": tokenStates}),
		marketplace.NewWordedAction("cabinet.set", "Put a cabinet into a state", setCabinet, map[string][]string{"state": cabinetStates}),
		marketplace.NewWordedAction("campaign.set", "Switch a store on or off", setCampaign, map[string][]string{"availability": availabilities}),
		marketplace.NewWordedAction("return.create", "The buyer gives an order back", createReturn, nil),
		marketplace.NewWordedAction("arbitrage.start", "The buyer rejects the decision about a return: a dispute starts", startArbitrage, nil),
		marketplace.NewWordedAction("arbitrage.ask", "The arbiter asks the store", askInArbitrage, nil),
		marketplace.NewWordedAction("arbitrage.finish", "The arbiter decides", finishArbitrage, nil),
		marketplace.NewWordedAction("chat.wait-for-market", "The chat waits for the marketplace", waitForMarket, nil),
		marketplace.NewWordedAction("notifications.connect", "Connect an address as in the cabinet: it is pinged", connect, map[string][]string{"types": pushTypes}),
		marketplace.NewWordedAction("notifications.ping", "Ping an address that is connected", pingHook, nil),
	}
}

type newKeyInput struct {
	Seller string   `json:"seller,omitempty" jsonschema:"businessId or name; the first by default"`
	Name   string   `json:"name" jsonschema:"1 to 100 characters, unique in the cabinet"`
	Scopes []string `json:"scopes,omitempty" jsonschema:"what the key may do; all-methods by default"`
}

type keyInput struct {
	Seller string `json:"seller,omitempty" jsonschema:"businessId or name; the first by default"`
	Key    string `json:"key,omitempty" jsonschema:"the token"`
	Name   string `json:"name,omitempty" jsonschema:"the key's name; without both the first key"`
}

type cabinetInput struct {
	Seller string `json:"seller,omitempty" jsonschema:"businessId or name; the first by default"`
	State  string `json:"state" jsonschema:"what calls for the cabinet meet"`
}

type tokenInput struct {
	Seller string `json:"seller,omitempty" jsonschema:"businessId or name; the first by default"`
	State  string `json:"state" jsonschema:"what calls with the token meet; a wrong scope or client is that of another application"`
}

type campaignInput struct {
	Campaign     marketplace.Ref `json:"campaign" jsonschema:"campaignId"`
	Availability string          `json:"availability" jsonschema:"whether the API may be used for the store"`
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

type questionInput struct {
	Chat marketplace.Ref `json:"chat" jsonschema:"chatId of the dispute"`
	Text string          `json:"text" jsonschema:"what the arbiter asks"`
}

type verdictInput struct {
	Chat marketplace.Ref `json:"chat" jsonschema:"chatId of the dispute"`
	Text string          `json:"text,omitempty" jsonschema:"the arbiter's last word; none by default"`
}

type connectInput struct {
	URL    string   `json:"url" jsonschema:"without /notification, which the marketplace adds"`
	Seller string   `json:"seller,omitempty" jsonschema:"businessId or name; the first by default"`
	Types  []string `json:"types,omitempty" jsonschema:"types of notifications; the four about chats by default"`
}

type hookInput struct {
	Webhook int64 `json:"webhook" jsonschema:"id of the address, as notifications.connect tells it"`
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
	if in.Scopes == nil {
		in.Scopes = scopes[:1]
	}
	if err := checkScopes(in.Scopes); err != nil {
		return nil, err
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

// checkScopes wants scopes that a key may have, each once.
func checkScopes(told []string) error {
	if len(told) == 0 {
		return marketplace.Invalid("scopes", "is empty")
	}
	for i, s := range told {
		switch {
		case !slices.Contains(scopes, s):
			return marketplace.Invalid("scopes", "%q is none of %s", s, strings.Join(scopes, ", "))
		case slices.Contains(told[:i], s):
			return marketplace.Invalid("scopes", "%q stands here twice", s)
		}
	}
	return nil
}

// revokeKey deletes the key of a value or a name, else the first.
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
			field := "key"
			if in.Key == "" && in.Name != "" {
				field = "name"
			}
			return marketplace.Invalid(field, "the cabinet has no such key")
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

// setToken changes what a cabinet's tokens are good for. Claim
// yandex/oauth-states.
func setToken(w *marketplace.World, in tokenInput) (any, error) {
	if !slices.Contains(tokenStates, in.State) {
		return nil, marketplace.Invalid("state", "%q is none of %s", in.State, strings.Join(tokenStates, ", "))
	}
	return changeSeller(w, in.Seller, func(s *sellerExt) error {
		s.Token = in.State
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

// hookState is what actions on addresses answer. Note is what looks like a
// mistake in the address.
type hookState struct {
	Connected bool   `json:"connected"`
	Code      string `json:"code,omitempty"`
	Detail    string `json:"detail,omitempty"`
	Note      string `json:"note,omitempty"`
	Webhook   int64  `json:"webhook"`
}

func stateAfter(v push.Verdict, hook chat.Webhook) hookState {
	return hookState{Connected: v.OK, Code: v.Code, Detail: v.Detail, Note: noteOn(hook.URL), Webhook: hook.ID}
}

// noteOn tells of an address that has what the marketplace adds. Claim
// yandex/push-post.
func noteOn(address string) string {
	u, err := url.Parse(address)
	if err != nil || !strings.HasSuffix(strings.TrimRight(u.Path, "/"), notificationPath) {
		return ""
	}
	return "the address ends in " + notificationPath + ", which the marketplace adds: it was called at " + target(address)
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
	return stateAfter(verdict, saved.Webhook), nil
}

// pingHook asks and changes nothing: an address that is off is connected anew.
func pingHook(w *marketplace.World, in hookInput) (any, error) {
	hook, found := w.Store.Webhook(in.Webhook)
	if !found {
		return nil, marketplace.Invalid("webhook", "there is no address %d", in.Webhook)
	}
	return stateAfter(ping(context.Background(), w, hook), hook), nil
}
