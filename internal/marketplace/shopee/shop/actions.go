package shop

import (
	"fmt"
	"net/netip"
	"slices"

	"example.com/marketmock/internal/marketplace"
)

// Actions are what only this vendor has.
func Actions() []marketplace.Action {
	named := func(field string, known []string) map[string][]string { return map[string][]string{field: known} }
	return []marketplace.Action{
		marketplace.NewWordedAction("shop.set", "Put a shop into a state, or into another region", setShop,
			map[string][]string{"state": shopStates, "region": Regions()}),
		marketplace.NewWordedAction("app.set", "Put an app into a state, bind it to networks, or give it the shops' own messages", setApp,
			named("state", appStates)),
		marketplace.NewWordedAction("token.expire", "End a shop's tokens now", expireToken, named("token", tokenKinds)),
		marketplace.NewWordedAction("auth.code", "Make the code of an authorisation, as the seller's consent does", makeCode, nil),
		marketplace.NewWordedAction("login.set", "Put the webchat login of a shop into a state", setLogin, named("state", loginStates)),
		marketplace.NewWordedAction("autoreply.set", "Set what a shop says by itself", setAutoReply, named("kind", replyKinds)),
		marketplace.NewWordedAction("subaccount.assign", "Give a conversation to a sub-account, or to nobody", assign, nil),
		marketplace.NewWordedAction("chatbot.start", "The chatbot takes over a conversation", startChatbot, nil),
		marketplace.NewWordedAction("chatbot.end", "The buyer asks the chatbot for a person", endChatbot, nil),
		marketplace.NewWordedAction("chat.block", "The buyer or the shop blocks the other, or takes it back", block, named("by", blockers)),
		marketplace.NewWordedAction("buyer.set", "Freeze a buyer, or free one", setBuyer, nil),
		messagePlay(),
		marketplace.NewWordedAction("message.moderate", "Change the status of a message", moderate, named("status", statuses)),
		marketplace.NewWordedAction("return.open", "The buyer opens a return of an order", openReturn, nil),
		marketplace.NewWordedAction("return.close", "A return is finished", closeReturn, nil),
		marketplace.NewWordedAction("push.suspend", "Stop the pushes of a shop's app", suspendPush, nil),
		marketplace.NewWordedAction("push.resume", "Let them come again", resumePush, nil),
		marketplace.NewWordedAction("push.test", "Send a test push to the app's address", testPush, nil),
	}
}

type sellerInput struct {
	Seller string `json:"seller,omitempty" jsonschema:"shop_id or name; the first by default"`
}

type shopInput struct {
	sellerInput
	State        string `json:"state,omitempty" jsonschema:"what calls for the shop meet; as it is by default"`
	Region       string `json:"region,omitempty" jsonschema:"as it is by default"`
	Distributing *bool  `json:"distributing,omitempty" jsonschema:"Chat Distribution is on; as it is by default"`
}

type appInput struct {
	sellerInput
	State       string   `json:"state,omitempty" jsonschema:"what the app's calls meet; as it is by default"`
	Networks    []string `json:"networks,omitempty" jsonschema:"addresses or networks like 192.0.2.0/24 that its calls come from; empty for any; as it is by default"`
	OwnMessages *bool    `json:"own_messages,omitempty" jsonschema:"it gets pushes of the shops' own messages too; as it is by default"`
}

type tokenInput struct {
	sellerInput
	Token string `json:"token" jsonschema:"which; a webchat token is replaced by one that a login tells"`
}

type loginInput struct {
	sellerInput
	State string `json:"state" jsonschema:"what who logs in meets"`
}

type replyInput struct {
	sellerInput
	Kind    string  `json:"kind" jsonschema:"the usual one, or the one outside of the shop's hours"`
	Enabled bool    `json:"enabled,omitempty" jsonschema:"off by default; the one outside of hours is only said while it is on"`
	Text    *string `json:"text,omitempty" jsonschema:"as it is by default"`
}

// shopState is what actions on shops answer.
type shopState struct {
	ShopID       string `json:"shop_id"`
	State        string `json:"state"`
	Region       string `json:"region"`
	Distributing bool   `json:"distributing"`
	LoginState   string `json:"login_state"`
}

// appState is what app.set answers.
type appState struct {
	PartnerID   int64    `json:"partner_id"`
	State       string   `json:"state"`
	Networks    []string `json:"networks"`
	OwnMessages bool     `json:"own_messages"`
	Shops       []string `json:"shops"`
}

type codeState struct {
	Code   string `json:"code"`
	ShopID int64  `json:"shop_id"`
}

type tokenState struct {
	ShopID string `json:"shop_id"`
	Token  string `json:"token"`
}

type replyState struct {
	ShopID string `json:"shop_id"`
	Kind   string `json:"kind"`
	AutoReply
}

// Words of inputs.
var (
	tokenKinds = []string{"access", "refresh", "webchat"}
	replyKinds = []string{voiceAuto, voiceOffwork}
	blockers   = []string{voiceBuyer, "shop"}
)

// oneOf refuses words that are none of those known.
func oneOf(field string, told, known []string) error {
	for _, word := range told {
		if !slices.Contains(known, word) {
			return marketplace.Invalid(field, "%s", marketplace.NoneOf(word, known))
		}
	}
	return nil
}

// playedState is a told state as it is kept; as it was if none is told.
func playedState(told, was string) string {
	switch told {
	case "":
		return was
	case StateNormal:
		return ""
	}
	return told
}

// shownState is a state as it is told.
func shownState(kept string) string {
	if kept == "" {
		return StateNormal
	}
	return kept
}

// changed changes a shop and answers how it is.
func changed(w *marketplace.World, seller string, change func(*Shop) error) (any, error) {
	state, err := marketplace.ChangeSeller(w, seller, change)
	if err != nil {
		return nil, err
	}
	return shopState{
		ShopID: state.Seller, State: shownState(state.Ext.State), Region: state.Ext.Region,
		Distributing: state.Ext.Distributing, LoginState: shownState(state.Ext.Login.State),
	}, nil
}

// Claim shopee/shop-state-errors.
func setShop(w *marketplace.World, in shopInput) (any, error) {
	return changed(w, in.Seller, func(s *Shop) error {
		if in.Region != "" {
			s.Region = in.Region
		}
		if in.Distributing != nil {
			s.Distributing = *in.Distributing
		}
		s.State = playedState(in.State, s.State)
		return nil
	})
}

// setApp changes the app of every shop that authorised it, at once. Claim
// shopee/app-state-errors.
func setApp(w *marketplace.World, in appInput) (any, error) {
	seller, err := w.Seller(in.Seller)
	if err != nil {
		return nil, err
	}
	if err := checkNetworks(in.Networks); err != nil {
		return nil, marketplace.Invalid("networks", "%v", err)
	}
	partner := ShopOf(seller).App.PartnerID
	shops, err := changeShops(w, func(s Shop) bool { return s.App.PartnerID == partner }, func(s *Shop) error {
		if in.Networks != nil {
			s.App.Networks = in.Networks
		}
		if in.OwnMessages != nil {
			s.App.OwnMessages = *in.OwnMessages
		}
		s.App.State = playedState(in.State, s.App.State)
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := appState{PartnerID: partner, Shops: []string{}}
	for _, s := range shops {
		out.State, out.Networks, out.OwnMessages = shownState(s.App.State), s.App.Networks, s.App.OwnMessages
		out.Shops = append(out.Shops, Key(s.ID))
	}
	return out, nil
}

// checkNetworks wants addresses and networks. Claim shopee/source-ip.
func checkNetworks(networks []string) error {
	for _, n := range networks {
		if _, err := netip.ParsePrefix(n); err == nil {
			continue
		}
		if _, err := netip.ParseAddr(n); err != nil {
			return fmt.Errorf("%q is neither an address nor a network like 192.0.2.0/24", n)
		}
	}
	return nil
}

// expireToken ends what a shop's clients have. A webchat token is replaced: all
// shops of the login get the next one. Claims shopee/token-error,
// shopee/webchat-token-not-found.
func expireToken(w *marketplace.World, in tokenInput) (any, error) {
	seller, err := w.Seller(in.Seller)
	if err != nil {
		return nil, err
	}
	now, its := w.Clock.Now(), ShopOf(seller)
	picked := func(s Shop) bool { return s.ID == its.ID }
	change := func(s *Shop) error {
		s.Tokens = ended(s.Tokens, in.Token == "refresh", now)
		return nil
	}
	if in.Token == "webchat" {
		picked = func(s Shop) bool { return s.Account == its.Account }
		next := jwt(now, its.Login.Token+"/"+seller.ID)
		change = func(s *Shop) error {
			s.Login.Token = next
			return nil
		}
	}
	if _, err := changeShops(w, picked, change); err != nil {
		return nil, err
	}
	return tokenState{ShopID: seller.ID, Token: in.Token}, nil
}

// Claim shopee/auth-code-life.
func makeCode(w *marketplace.World, in sellerInput) (any, error) {
	code, s, err := GiveCode(w, in.Seller)
	if err != nil {
		return nil, err
	}
	return codeState{Code: code, ShopID: s.ID}, nil
}

// Claims shopee/webchat-otp, shopee/webchat-login-refused, shopee/webchat-forbidden.
func setLogin(w *marketplace.World, in loginInput) (any, error) {
	return changed(w, in.Seller, func(s *Shop) error {
		s.Login.State = playedState(in.State, s.Login.State)
		return nil
	})
}

// Claim shopee/auto-reply.
func setAutoReply(w *marketplace.World, in replyInput) (any, error) {
	out := replyState{Kind: in.Kind}
	state, err := marketplace.ChangeSeller(w, in.Seller, func(s *Shop) error {
		reply := &s.AutoReply
		if in.Kind == voiceOffwork {
			reply = &s.Offwork
		}
		reply.Enabled = in.Enabled
		if in.Text != nil {
			reply.Text = *in.Text
		}
		out.AutoReply = *reply
		if reply.Enabled && reply.Text == "" {
			return marketplace.Invalid("text", "is missing")
		}
		return nil
	})
	out.ShopID = state.Seller
	if err != nil {
		return nil, err
	}
	return out, nil
}
