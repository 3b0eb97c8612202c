package open

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/marketplace/shopee/sign"
)

// guardPartnerID wants a number. Claim shopee/missing-parameter-texts.
func guardPartnerID(c *marketplace.Call) error {
	text, found := param(c, paramPartner)
	if !found {
		return errNoPartner.at(paramPartner, "required")
	}
	if text == "" {
		return errPartnerEmpty.at(paramPartner, "type")
	}
	id, isNumber := number32(text)
	switch {
	case !isNumber:
		return errPartnerNumber.at(paramPartner, "type")
	case id == 0:
		return errPartnerZero.at(paramPartner, "minimum")
	}
	return nil
}

// clockSkew is how many seconds a timestamp may be from the sandbox's clock, on
// either side. Claim shopee/timestamp-expired.
const clockSkew = 5 * 60

// guardTimestamp wants seconds that are not long ago. Claims
// shopee/missing-parameter-texts, shopee/timestamp-expired,
// shopee/timestamp-future, shopee/timestamp-window.
func guardTimestamp(c *marketplace.Call) error {
	text, found := param(c, paramTimestamp)
	if !found {
		return errNoTime.at(paramTimestamp, "required")
	}
	if text == "" {
		return errTimeEmpty.at(paramTimestamp, "required")
	}
	at, isNumber := number32(text)
	switch {
	case !isNumber && millis(text):
		return errTimeNumber.at(paramTimestamp, "maximum").because("timestamp is in milliseconds, not in seconds")
	case !isNumber:
		return errTimeNumber.at(paramTimestamp, "type")
	case at == 0:
		return errTimeZero.at(paramTimestamp, "minimum")
	}
	now := c.World.Clock.Now()
	if away := now.Unix() - at; c.Switch(switchWindow) != windowOff && (away > clockSkew || away < -clockSkew) {
		return errTimeExpired.at(paramTimestamp, "").because(apart(away, now))
	}
	return nil
}

// apart tells how far a timestamp is from the sandbox's clock, in seconds behind
// it.
func apart(behind int64, now time.Time) string {
	where := "behind"
	if behind < 0 {
		where, behind = "ahead of", -behind
	}
	return fmt.Sprintf("timestamp is %s %s the sandbox's clock, which shows %d (%s), and 5 minutes are allowed: "+
		"sign with that clock, or set the switch %s to %s",
		span(behind), where, now.Unix(), now.UTC().Format(time.RFC3339), switchWindow, windowOff)
}

// span is a number of seconds as people say it.
func span(seconds int64) string {
	const day = 24 * 60 * 60
	days, rest := seconds/day, time.Duration(seconds%day)*time.Second
	switch {
	case days == 0:
		return rest.String()
	case rest == 0:
		return fmt.Sprintf("%dd", days)
	}
	return fmt.Sprintf("%dd%s", days, rest)
}

// millis recognises a time of this century in milliseconds.
func millis(text string) bool {
	n, err := strconv.ParseUint(text, 10, 64)
	return err == nil && len(text) == 13 && n > 0
}

// guardPresence wants the other parameters that every call, or every call of a
// shop, has. Claim shopee/missing-parameter-texts.
func guardPresence(c *marketplace.Call) error {
	if text, _ := param(c, paramSign); text == "" {
		return errNoSign.at(paramSign, "required")
	}
	if isPublic(c) {
		return nil
	}
	if text, _ := param(c, paramToken); text == "" {
		return errNoToken.at(paramToken, "required")
	}
	text, _ := param(c, paramShop)
	if text == "" {
		return errNoShop.at(paramShop, "required")
	}
	if _, isNumber := number32(text); !isNumber {
		return errShopNumber.at(paramShop, "type")
	}
	return nil
}

// idOf is the number of a parameter that a guard has seen.
func idOf(c *marketplace.Call, name string) int64 {
	text, _ := param(c, name)
	id, _ := number32(text)
	return id
}

// appOf is the app of a call, and its first shop; false for one that nobody
// authorised.
func appOf(c *marketplace.Call) (shop.App, chat.Seller, bool) {
	partner := idOf(c, paramPartner)
	if seller, found := c.World.Store.Seller(shop.Key(idOf(c, paramShop))); found && !isPublic(c) {
		if app := shop.ShopOf(seller).App; app.PartnerID == partner { // nearly always
			return app, seller, true
		}
	}
	for _, seller := range c.World.Store.Sellers() {
		if app := shop.ShopOf(seller).App; app.PartnerID == partner {
			return app, seller, true
		}
	}
	return shop.App{}, chat.Seller{}, false
}

// guardSign compares the signature with the one of the call. An app that nobody
// has is told by the next guard. Claims shopee/sign-error, shopee/sign-shop-base,
// shopee/sign-public-base, shopee/sign-case, shopee/sandbox-host-trap.
func guardSign(c *marketplace.Call) error {
	app, _, known := appOf(c)
	if !known {
		return nil
	}
	shown, _ := param(c, paramSign)
	call := callOf(c)
	switch {
	case trapped(c):
		return wrongSign(c, "this host accepts no signature", "sandbox-host-trap")
	case c.Switch(switchSignCase) == caseLower && strings.ToLower(shown) != shown:
		return wrongSign(c, "the signature is not in lower case", "sign-case")
	case !call.Verify(app.PartnerKey, shown):
		return wrongSign(c, mistake(c, app.PartnerKey, shown), "sign-error")
	}
	return nil
}

// callOf is what the signature of a call covers. Claims shopee/sign-shop-base,
// shopee/sign-public-base.
func callOf(c *marketplace.Call) sign.Call {
	call := sign.Call{Path: c.Target}
	call.PartnerID, _ = param(c, paramPartner)
	call.Timestamp, _ = param(c, paramTimestamp)
	if !isPublic(c) {
		call.AccessToken, _ = param(c, paramToken)
		call.Owner, _ = param(c, paramShop)
	}
	return call
}

func wrongSign(c *marketplace.Call, why, claim string) error {
	r := errSign
	if c.Switch(switchSignError) == codeCommonAuth {
		r = errSignOfPush
	}
	r = r.at(paramSign, "").because(why)
	r.why.Claim = "shopee/" + claim
	return r
}

// trapped reports whether a call went to the sandbox that was there before. Claim
// shopee/sandbox-host-trap.
func trapped(c *marketplace.Call) bool {
	host, _, _ := strings.Cut(c.Request.Host, ":")
	return c.Switch(switchHostTrap) == on && strings.EqualFold(host, hostTrapped)
}

// appStates are what calls of an app are told that is not as it should be. One
// without the permission to chat is told so last. Claim shopee/app-state-errors.
var appStates = map[string]*refusal{
	shop.AppDeleted: errAppDeleted, shop.AppKeyExpired: errKeyExpired, shop.AppUnapproved: errAppUnapproved,
	shop.AppRestricted: errAppRestricted, shop.AppSuspended: errAppSuspended,
}

// guardPartner wants an app that may call from where it does. Claims
// shopee/partner-id-unknown, shopee/app-state-errors, shopee/source-ip.
func guardPartner(c *marketplace.Call) error {
	app, first, known := appOf(c)
	if !known {
		return errPartnerUnknown.at(paramPartner, "")
	}
	if r := appStates[app.State]; r != nil {
		return r.at(paramPartner, "")
	}
	if address, inside := within(c.Request.RemoteAddr, app.Networks); !inside {
		return errAddress.of(address).at("", "address")
	}
	if isPublic(c) {
		c.Seller = first
	}
	return nil
}

// within reports whether a caller is in one of the networks; none lets everybody
// in. Claim shopee/source-ip.
func within(remote string, networks []string) (address string, inside bool) {
	from, err := netip.ParseAddrPort(remote)
	if err != nil {
		return remote, len(networks) == 0
	}
	addr := from.Addr().Unmap()
	return addr.String(), len(networks) == 0 || slices.ContainsFunc(networks, func(network string) bool {
		if prefix, err := netip.ParsePrefix(network); err == nil {
			return prefix.Contains(addr)
		}
		one, err := netip.ParseAddr(network)
		return err == nil && one == addr
	})
}

// guardToken wants an access token of one of the app's shops whose time is not
// over. Claims shopee/token-error, shopee/access-token-life,
// shopee/token-of-another-app.
func guardToken(c *marketplace.Call) error {
	if isPublic(c) {
		return nil
	}
	if _, found := ownerOf(c); !found {
		return wrongToken(c)
	}
	return nil
}

func wrongToken(c *marketplace.Call) error {
	r := errToken
	if c.Switch(switchTokenError) == codeAuth {
		r = errTokenAuth
	}
	return r.at(paramToken, "").because(wrongTokenOf(c))
}

// wrongTokenOf tells what is shown for an access token that is none of the call's
// shop.
func wrongTokenOf(c *marketplace.Call) string {
	shown, _ := param(c, paramToken)
	now := c.World.Clock.Now()
	for _, seller := range c.World.Store.Sellers() {
		its := shop.ShopOf(seller)
		t, known, ended := its.Token(shown, now)
		switch {
		case its.Refreshes(shown):
			return "this is a refresh token, not an access token"
		case its.Login.Token == shown:
			return "this is a token of the webchat"
		case !known:
		case its.App.PartnerID != idOf(c, paramPartner):
			return "the access token was given to another app, " + shop.Key(its.App.PartnerID)
		case ended:
			return "the time of the access token was over at " + t.Until.UTC().Format(time.RFC3339)
		case its.ID != idOf(c, paramShop):
			return "the access token is that of another shop, " + shop.Key(its.ID)
		}
	}
	return "no shop of this sandbox has this access token"
}

// ownerOf is the shop of the call's app that an access token was given for: nearly
// always the one that the call names.
func ownerOf(c *marketplace.Call) (chat.Seller, bool) {
	shown, _ := param(c, paramToken)
	partner, now := idOf(c, paramPartner), c.World.Clock.Now()
	gives := func(seller chat.Seller) (known, good bool) {
		its := shop.ShopOf(seller)
		if its.App.PartnerID != partner {
			return false, false
		}
		_, known, ended := its.Token(shown, now)
		return known, known && !ended
	}
	if named, found := c.World.Store.Seller(shop.Key(idOf(c, paramShop))); found {
		if known, good := gives(named); known {
			return named, good
		}
	}
	for _, seller := range c.World.Store.Sellers() {
		if known, good := gives(seller); known {
			return seller, good
		}
	}
	return chat.Seller{}, false
}

// guardLink finds the shop: one that authorised the app and that the token was
// given for. Claim shopee/shop-link-texts.
func guardLink(c *marketplace.Call) error {
	if isPublic(c) {
		return nil
	}
	seller, found := c.World.Store.Seller(shop.Key(idOf(c, paramShop)))
	if !found {
		return errShopUnknown.at(paramShop, "")
	}
	its := shop.ShopOf(seller)
	switch {
	case its.App.PartnerID != idOf(c, paramPartner):
		return errShopForeign.at(paramShop, "")
	case its.State == shop.StateUnlinked:
		return errShopUnlinked.at(paramShop, "")
	}
	if owner, _ := ownerOf(c); owner.ID != seller.ID {
		return wrongToken(c)
	}
	c.Seller = seller
	return nil
}

// shopStates are what calls of a shop are told. Claim shopee/shop-state-errors.
var shopStates = map[string]*refusal{
	shop.StateBanned: errShopBanned, shop.StateKYC: errShopKYC, shop.StateAffiliate: errShopAffiliate,
}

// guardPermission looks at what the shop and the app may do. Claims
// shopee/shop-state-errors, shopee/no-permission-error.
func guardPermission(c *marketplace.Call) error {
	if isPublic(c) {
		return nil
	}
	its := shop.ShopOf(c.Seller)
	if r := shopStates[its.State]; r != nil {
		return r.at(paramShop, "")
	}
	if its.App.State != shop.AppNoChat || !strings.HasPrefix(c.Operation.Path, prefixSellerChat) {
		return nil
	}
	if c.Switch(switchPermissionError) == codeAuth {
		return errAppTypeAuth.at(paramPartner, "")
	}
	return errAppType.at(paramPartner, "")
}
