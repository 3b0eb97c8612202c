package shop

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/worldfile"
)

// shopStates, appStates and loginStates are what may be asked for. Claims
// shopee/shop-state-errors, shopee/app-state-errors.
var (
	shopStates  = []string{StateNormal, StateBanned, StateUnlinked, StateKYC, StateAffiliate, StateFrozen}
	appStates   = []string{StateNormal, AppNoChat, AppDeleted, AppRestricted, AppSuspended, AppUnapproved, AppKeyExpired}
	loginStates = []string{StateNormal, LoginCaptcha, LoginOTP, LoginForbidden, LoginExpired}
)

// StateNormal is how a test names the state "".
const StateNormal = "normal"

// stateOf is a told state as it is kept.
func stateOf(path, told string, known []string) (string, error) {
	switch {
	case told == "" || told == StateNormal:
		return "", nil
	case !slices.Contains(known, told):
		return "", worldfile.NoneOf(path, told, known)
	}
	return told, nil
}

// addApps makes the demo app if the file names none.
func (b *worldBuilder) addApps(file worldFile) error {
	apps := file.Apps
	if len(apps) == 0 {
		apps = []worldApp{{Name: "main"}}
	}
	if len(apps) > maxApps {
		return worldfile.Mistake("apps", "there are more than %d", maxApps)
	}
	b.first = apps[0].Name
	for i, a := range apps {
		path := fmt.Sprintf("apps[%d]", i)
		state, err := stateOf(path+".state", a.State, appStates)
		if err != nil {
			return err
		}
		switch _, twice := b.apps[a.Name]; {
		case a.Name == "":
			return worldfile.Mistake(path+".name", "is missing")
		case twice:
			return worldfile.Mistake(path+".name", "%s stands here twice", a.Name)
		}
		if err := checkNetworks(a.Networks); err != nil {
			return worldfile.Mistake(path+".networks", "%v", err)
		}
		app := identity{env: b.Env, n: i}.app()
		app.State, app.Networks, app.OwnMessages = state, a.Networks, a.OwnMessages
		b.apps[a.Name] = app
	}
	return nil
}

// addSellers makes the two demo shops if the file names none.
func (b *worldBuilder) addSellers(file worldFile) error {
	sellers := file.Sellers
	if len(sellers) == 0 {
		sellers = []worldSeller{{Name: "demo"}, {Name: "second", Region: secondRegion}}
	}
	if len(sellers) > maxShops {
		return worldfile.Mistake("sellers", "there are more than %d", maxShops)
	}
	for i, s := range sellers {
		path := fmt.Sprintf("sellers[%d]", i)
		its, err := b.newShop(path, i, s)
		if err != nil {
			return err
		}
		if err := b.AddSeller(path, chat.Seller{ID: Key(its.ID), Name: s.Name, Ext: its}); err != nil {
			return err
		}
		b.shops[s.Name] = its
	}
	return nil
}

const (
	firstRegion  = "SG"
	secondRegion = "TW"
)

func (b *worldBuilder) newShop(path string, n int, s worldSeller) (Shop, error) {
	who := identity{env: b.Env, n: n}
	out := who.shop()
	out.Title, out.Distributing = s.Title, s.Distributing
	out.AutoReply, out.Offwork = AutoReply(s.AutoReply), AutoReply(s.Offwork)
	if s.Region != "" {
		out.Region = s.Region
	}
	if !slices.Contains(Regions(), out.Region) {
		return out, worldfile.NoneOf(path+".region", s.Region, Regions())
	}
	for field, reply := range map[string]AutoReply{".auto_reply": out.AutoReply, ".offwork_reply": out.Offwork} {
		if reply.Enabled && reply.Text == "" {
			return out, worldfile.Mistake(path+field, "is enabled, and text is missing")
		}
	}
	for _, step := range []func(string, *Shop, worldSeller) error{b.numbered, b.inStates, b.loggedIn, b.staffed, b.tokens} {
		if err := step(path, &out, s); err != nil {
			return out, err
		}
	}
	return out, nil
}

// numbered gives a shop its ids, which nobody else has.
func (b *worldBuilder) numbered(path string, out *Shop, s worldSeller) error {
	for _, id := range []struct {
		name string
		told int64
		into *int64
	}{{"shop_id", s.ShopID, &out.ID}, {"user_id", s.UserID, &out.UserID}} {
		if id.told != 0 {
			*id.into = id.told
		}
		switch {
		case *id.into < 1 || *id.into > maxUser:
			return worldfile.Mistake(path+"."+id.name, "must be a number from 1 to %d", maxUser)
		case b.ids[*id.into] != "":
			return worldfile.Mistake(path+"."+id.name, "%d is an id of %s", *id.into, b.ids[*id.into])
		}
		b.ids[*id.into] = s.Name
	}
	return nil
}

func (b *worldBuilder) inStates(path string, out *Shop, s worldSeller) error {
	name := s.App
	if name == "" {
		name = b.first
	}
	app, known := b.apps[name]
	if !known {
		return worldfile.Mistake(path+".app", "there is no app %s", s.App)
	}
	out.App = app
	var err error
	if out.State, err = stateOf(path+".state", s.State, shopStates); err != nil {
		return err
	}
	out.Login.State, err = stateOf(path+".login_state", s.LoginState, loginStates)
	return err
}

// loggedIn lets a shop share the login of another one. Claim
// shopee/webchat-account-shops.
func (b *worldBuilder) loggedIn(path string, out *Shop, s worldSeller) error {
	if out.Username = s.Username; out.Username == "" {
		out.Username = out.Account
	}
	if s.Account != "" && s.Account != s.Name {
		other, known := b.shops[s.Account]
		if !known {
			return worldfile.Mistake(path+".account", "there is no shop %s above", s.Account)
		}
		state := out.Login.State
		out.Account, out.Login = other.Account, other.Login
		out.Login.State = state
	}
	return nil
}

func (b *worldBuilder) staffed(path string, out *Shop, s worldSeller) error {
	for i, a := range s.SubAccounts {
		at := fmt.Sprintf("%s.sub_accounts[%d].id", path, i)
		switch {
		case a.ID < 1:
			return worldfile.Mistake(at, "must be a number from 1 on")
		case slices.ContainsFunc(out.SubAccounts, func(o SubAccount) bool { return o.ID == a.ID }):
			return worldfile.Mistake(at, "%d stands here twice", a.ID)
		}
		out.SubAccounts = append(out.SubAccounts, SubAccount(a))
	}
	return nil
}

func (b *worldBuilder) tokens(path string, out *Shop, s worldSeller) error {
	var err error
	t := &out.Tokens[0]
	if t.Until, err = b.Moment(path+".token.expires", s.Token.Expires, t.Until); err != nil {
		return err
	}
	t.RefreshUntil, err = b.Moment(path+".token.refresh_expires", s.Token.RefreshExpires, t.RefreshUntil)
	return err
}

// How many apps and shops a world has at most: the ids of the next sandbox follow.
const (
	maxApps  = 10
	maxShops = 100
)

// The first ids: of the default sandbox, and of the others. Claim
// shopee/id-shapes.
const (
	demoPartner  = 2_000_001
	demoShop     = 210_004_001
	otherPartner = 3_000_001
	otherShop    = 300_000_001
	toUser       = 2 // from a shop's id to its user's
)

// webchatSince is when the webchat tokens that a world begins with were made.
var webchatSince = time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC)

// identity is who the n-th app or shop of a sandbox is: its numbers and its
// secrets, documented ones in the default sandbox.
type identity struct {
	env marketplace.Env
	n   int
}

// nth is a demo word with its number, from the second on.
func (who identity) nth(word, between string) string {
	if who.n == 0 {
		return word
	}
	return word + between + strconv.Itoa(who.n+1)
}

// derived is a secret of 64 digits that follows from the sandbox's number and seed.
func (who identity) derived(what string) string {
	return digest(fmt.Sprintf("%s/%d/%d/%d", what, who.env.Serial, who.env.Seed, who.n))
}

func (who identity) app() App {
	if who.env.Serial == 0 {
		return App{PartnerID: demoPartner + int64(who.n), PartnerKey: who.nth("shopee-demo-partner-key", "-")}
	}
	return App{PartnerID: otherPartner + int64(who.env.Serial)*maxApps + int64(who.n), PartnerKey: who.derived("partner")}
}

func (who identity) shop() Shop {
	out := Shop{Region: firstRegion}
	if who.env.Serial == 0 {
		out.ID = demoShop + int64(who.n%2+who.n/2*10)
		out.Account = who.nth("demo_shop", "_")
		out.Tokens = []Token{{Value: who.nth("shopee-demo-access-token", "-"), Refresh: who.nth("shopee-demo-refresh-token", "-")}}
		out.Login = Login{Token: who.nth("shopee-demo-webchat-token", "-"), Password: "demo-password"}
	} else {
		out.ID = otherShop + (int64(who.env.Serial)*maxShops+int64(who.n))*2*toUser
		out.Account = "shop_" + Key(out.ID)
		out.Tokens = []Token{{Value: who.derived("access")[:32], Refresh: who.derived("refresh")[:32]}}
		out.Login = Login{Token: jwt(webchatSince, who.derived("webchat")), Password: who.derived("password")[:16]}
	}
	out.UserID = out.ID + toUser
	return out
}
