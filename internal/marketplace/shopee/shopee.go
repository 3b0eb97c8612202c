// Package shopee emulates the chats of Shopee: the Open Platform's and the seller
// centre's webchat, which look at the same conversations. It puts together its
// rooms: shop is what both look at, open and webchat are the two APIs. It knows no
// other marketplace and no sandbox: everything comes with a world.
package shopee

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/open"
	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/marketplace/shopee/webchat"
	"example.com/marketmock/internal/push"
)

// API is the emulator. It holds no state.
type API struct{}

// New makes the emulator.
func New() *API { return &API{} }

var _ marketplace.Emulator = (*API)(nil)

// Name is the word in paths.
func (a *API) Name() string { return "shopee" }

// Specs are the documents: the Open Platform, the webchat, and the host of media.
func (a *API) Specs() []string { return []string{open.Spec, webchat.Spec, shop.SpecFiles} }

// Hosts are the Open Platform's, those of seller centres, and those that serve
// media. Claim shopee/hosts.
func (a *API) Hosts() []string { return slices.Concat(open.Hosts(), webchat.Hosts(), shop.Hosts()) }

// Operations is every method of both APIs and what it does.
func (a *API) Operations() map[string]marketplace.Operation {
	all := open.Operations()
	maps.Copy(all, webchat.Operations())
	maps.Copy(all, shop.Operations())
	return all
}

// Guards run before every operation: each room's look at its own calls alone.
func (a *API) Guards() []marketplace.Guard { return slices.Concat(open.Guards(), webchat.Guards()) }

// Paths are other spellings of a path that are served too.
func (a *API) Paths(documented string) []string { return webchat.Paths(documented) }

// Error is worded by the API that was called; an unknown path is one of the Open
// Platform unless it is the webchat's.
func (a *API) Error(c *marketplace.Call, err error) marketplace.Response {
	if c != nil && (c.Operation.Spec == webchat.Spec || strings.HasPrefix(c.Target, webchat.Prefix)) {
		return webchat.Error(c, err)
	}
	return open.Error(c, err)
}

// Broken gives every field of an answer a value of a type that it cannot have.
func (a *API) Broken(_ *marketplace.Call, r marketplace.Response) marketplace.Response {
	return marketplace.Spoilt(r)
}

// Store orders conversations by their last message and mints the vendor's ids.
func (a *API) Store() chat.Options { return shop.Store() }

// Limits are those of the Open Platform: nobody published one of the webchat.
func (a *API) Limits(c *marketplace.Config) []limit.Rule { return open.Limits(c) }

// Switches are those of all rooms.
func (a *API) Switches() []marketplace.Switch {
	return slices.Concat(shop.Switches, open.Switches, webchat.Switches).Switches(a.Name())
}

// Overlays are the older facets of a spec, then what switches change on the wire.
func (a *API) Overlays(spec string, s marketplace.Settings) []string {
	return overlays[spec].Of(spec, s)
}

// overlays are what the documents of specs/overlays are for.
var overlays = map[string]marketplace.Overlays{
	open.Spec: open.Overlays, webchat.Spec: webchat.Overlays, shop.SpecPush: shop.PushOverlays,
}

// Fixture is the section shopee of world files.
func (a *API) Fixture() marketplace.FixtureSection { return shop.Fixture() }

// Actions are what only this vendor has.
func (a *API) Actions() []marketplace.Action { return shop.Actions() }

// Player plays the buyer and the platform.
func (a *API) Player() marketplace.Player { return shop.Player{} }

// Notifications turns an event into pushes to the app of its shop.
func (a *API) Notifications(w *marketplace.World, e chat.Applied) []push.Notification {
	return shop.Notifications(w, e)
}

// Notified are the types of pushes about chats.
func (a *API) Notified() []string { return shop.Notified() }

// Protocol is how pushes are delivered and judged.
func (a *API) Protocol(w *marketplace.World) push.Protocol { return shop.Protocol(w) }

// Resume sets the timers that follow from a world's state.
func (a *API) Resume(w *marketplace.World) { shop.Resume(w) }

// Credential is whose world a request is for: the shop, else the app; in the
// webchat the bearer token, else the login's cookie or user name. Claim
// shopee/credential.
func (a *API) Credential(r *http.Request) []string {
	if keys := open.Credential(r); len(keys) > 0 {
		return keys
	}
	return webchat.Credential(r)
}

// Owned are the candidates under which a shop is found.
func (a *API) Owned(s chat.Seller) []string {
	return slices.Concat(open.Owned(shop.ShopOf(s)), webchat.Owned(shop.ShopOf(s)))
}

// credentials is what the control API tells of a shop.
type credentials struct {
	PartnerID    int64  `json:"partner_id"`
	PartnerKey   string `json:"partner_key"`
	ShopID       int64  `json:"shop_id"`
	UserID       int64  `json:"user_id"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	WebchatToken string `json:"webchat_token"`
	Username     string `json:"username"`
	Password     string `json:"password"`
	Region       string `json:"region"`
	Name         string `json:"name"`
}

// Credentials tells the keys of a shop.
func (a *API) Credentials(s chat.Seller) any {
	its := shop.ShopOf(s)
	token := its.AccessToken()
	return credentials{
		PartnerID: its.App.PartnerID, PartnerKey: its.App.PartnerKey, ShopID: its.ID, UserID: its.UserID,
		AccessToken: token.Value, RefreshToken: token.Refresh, WebchatToken: its.Login.Token,
		Username: its.Account, Password: its.Login.Password, Region: its.Region, Name: s.Name,
	}
}

// Curl asks the webchat for the conversations of a shop: it needs no signature.
func (a *API) Curl(base string, s chat.Seller) string {
	return fmt.Sprintf(`curl -sS '%s/webchat/api/v1.2/conversations?direction=older' -H 'Authorization: Bearer %s'`,
		strings.TrimRight(base, "/"), shop.ShopOf(s).Login.Token)
}
