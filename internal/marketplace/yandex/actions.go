package yandex

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/push"
)

// Actions are what only this vendor has.
func (a *API) Actions() []marketplace.Action {
	return []marketplace.Action{
		action("key.create", "Make an Api-Key", createKey),
		action("key.revoke", "Delete an Api-Key", revokeKey),
		action("cabinet.set", "Put a cabinet into a state", setCabinet),
		action("campaign.set", "Switch a store on or off", setCampaign),
		action("return.create", "The buyer gives an order back", createReturn),
		action("arbitrage.start", "The buyer rejects the decision about a return: a dispute starts", startArbitrage),
		action("arbitrage.ask", "The arbiter asks the store", askInArbitrage),
		action("arbitrage.finish", "The arbiter decides", finishArbitrage),
		action("chat.wait-for-market", "The chat waits for the marketplace", waitForMarket),
		action("notifications.connect", "Connect an address as in the cabinet: it is pinged", connect),
		action("notifications.ping", "Ping an address that is connected", pingHook),
	}
}

// action makes an action with a strict input.
func action[T any](name, summary string, run func(*marketplace.World, T) (any, error)) marketplace.Action {
	schema, err := jsonschema.For[T](&jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[ref](): {Types: []string{"integer", "string"}},
	}})
	if err != nil { // a mistake in our own types
		schema = &jsonschema.Schema{Type: "object"}
	}
	return marketplace.Action{
		Name: name, Summary: summary, Input: schema,
		Run: func(w *marketplace.World, raw json.RawMessage) (any, error) {
			var in T
			if err := decodeStrict(raw, &in); err != nil {
				return nil, err
			}
			return run(w, in)
		},
	}
}

func decodeStrict(raw json.RawMessage, into any) error {
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	var wrong *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrong):
		return invalid(wrong.Field, "must be %s, not %s", wrong.Type, wrong.Value)
	}
	if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return invalid(strings.Trim(field, `"`), "there is no such field")
	}
	return invalid("", "%v", err)
}

// ref is an id, as a number or in a string; "" if it was not given.
type ref string

// UnmarshalJSON reads 5001, "5001" and "return-7001".
func (r *ref) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		var n int64
		if err := json.Unmarshal(raw, &n); err != nil {
			return errors.New("an id is a number or a string")
		}
		text = strconv.FormatInt(n, 10)
	}
	*r = ref(text)
	return nil
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
	Campaign     ref    `json:"campaign" jsonschema:"campaignId"`
	Availability string `json:"availability" jsonschema:"AVAILABLE, MANUALLY_DISABLED and so on"`
}

type returnInput struct {
	Order ref `json:"order" jsonschema:"number of the order"`
	ID    ref `json:"id,omitempty" jsonschema:"number of the return; the next free one by default"`
}

type disputeInput struct {
	Order  ref `json:"order,omitempty" jsonschema:"number of the order"`
	Return ref `json:"return,omitempty" jsonschema:"number of the return"`
	Chat   ref `json:"chat,omitempty" jsonschema:"a chat about the order or the return"`
}

type chatInput struct {
	Chat ref `json:"chat" jsonschema:"chatId"`
}

type wordInput struct {
	Chat ref    `json:"chat" jsonschema:"chatId"`
	Text string `json:"text,omitempty"`
}

type connectInput struct {
	URL    string   `json:"url" jsonschema:"without /notification"`
	Seller string   `json:"seller,omitempty" jsonschema:"businessId or name; the first by default"`
	Types  []string `json:"types,omitempty" jsonschema:"the four types about chats by default"`
}

type hookInput struct {
	Webhook int64 `json:"webhook" jsonschema:"id of the address"`
}

// sellerState is what actions on cabinets answer.
type sellerState struct {
	Seller string    `json:"seller"`
	Ext    sellerExt `json:"ext"`
}

// changeSeller changes a copy: the old value stays with whoever reads it.
func changeSeller(w *marketplace.World, name string, change func(*sellerExt) error) (any, error) {
	seller, err := sellerFor(w, name)
	if err != nil {
		return nil, err
	}
	ext := extOfSeller(seller)
	ext.Keys, ext.Campaigns = slices.Clone(ext.Keys), slices.Clone(ext.Campaigns)
	if err := change(&ext); err != nil {
		return nil, err
	}
	if _, err := w.Store.Apply(chat.If{}, chat.SellerChanged{At: w.Clock.Now(), ID: seller.ID, Ext: ext}); err != nil {
		return nil, err
	}
	return sellerState{Seller: seller.ID, Ext: ext}, nil
}

// keyState is what actions on keys answer.
type keyState struct {
	Seller string `json:"seller"`
	apiKey
}

// createKey makes a key whose value follows from cabinet and name. Claim
// yandex/key-maximum.
func createKey(w *marketplace.World, in newKeyInput) (any, error) {
	seller, err := sellerFor(w, in.Seller)
	if err != nil {
		return nil, err
	}
	if n := len([]rune(in.Name)); n < 1 || n > 100 {
		return nil, invalid("name", "must have 1 to 100 characters")
	}
	if len(in.Scopes) == 0 {
		in.Scopes = scopes[:1]
	}
	for _, s := range in.Scopes {
		if !slices.Contains(scopes, s) {
			return nil, invalid("scopes", "%q is none of %s", s, strings.Join(scopes, ", "))
		}
	}
	made := apiKey{Value: madeKey(w.Sandbox, seller.ID, in.Name), Name: in.Name, Scopes: slices.Clone(in.Scopes)}
	_, err = changeSeller(w, seller.ID, func(s *sellerExt) error {
		switch {
		case len(s.Keys) >= maxKeys:
			return invalid("name", "a cabinet has at most %d keys", maxKeys)
		case slices.ContainsFunc(s.Keys, func(k apiKey) bool { return k.Name == in.Name }):
			return invalid("name", "there is a key %q already", in.Name)
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
			return invalid("key", "the cabinet has no such key")
		}
		s.Keys[i].Revoked = true
		out.apiKey = s.Keys[i]
		return nil
	})
	if err != nil {
		return nil, err
	}
	out.Seller = state.(sellerState).Seller
	return out, nil
}

func setCabinet(w *marketplace.World, in cabinetInput) (any, error) {
	if !slices.Contains(cabinetStates, in.State) {
		return nil, invalid("state", "%q is none of %s", in.State, strings.Join(cabinetStates, ", "))
	}
	return changeSeller(w, in.Seller, func(s *sellerExt) error {
		s.State = in.State
		return nil
	})
}

func setCampaign(w *marketplace.World, in campaignInput) (any, error) {
	if !slices.Contains(availabilities, in.Availability) {
		return nil, invalid("availability", "%q is none of %s", in.Availability, strings.Join(availabilities, ", "))
	}
	for _, seller := range w.Store.Sellers() {
		i := slices.IndexFunc(extOfSeller(seller).Campaigns, func(c campaign) bool { return orderKey(c.ID) == string(in.Campaign) })
		if i < 0 {
			continue
		}
		return changeSeller(w, seller.ID, func(s *sellerExt) error {
			s.Campaigns[i].Availability = in.Availability
			return nil
		})
	}
	return nil, invalid("campaign", "there is no campaign %q", in.Campaign)
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
		return nil, invalid("webhook", "there is no address %d", in.Webhook)
	}
	return stateAfter(ping(context.Background(), w, hook), hook.ID), nil
}
