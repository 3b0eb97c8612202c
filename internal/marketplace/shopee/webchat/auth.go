package webchat

import (
	"encoding/json"
	"net/http"
	"strings"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// logins are the operations that need no token: they give one.
var logins = map[string]bool{opCreateSession: true, opLoginByCookie: true, opLogin: true, opCoreLogin: true}

// Kinds of what a request shows to say whose it is.
const (
	byToken   = "webchat:"
	byUser    = "user:"
	byAccount = "account:"
)

// Credential is whose world a request is for: the token, else the cookie of the
// seller centre, else the user name of the first login. Claim
// shopee/credential.
func Credential(r *http.Request) []string {
	var out []string
	if token := bearer(r.Header); token != "" {
		out = append(out, byToken+token)
	}
	if user := cookieUser(r); user != 0 {
		out = append(out, byUser+shop.Key(user))
	}
	if len(out) == 0 && r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, api+"v1/sessions") {
		if name := peekName(r); name != "" {
			out = append(out, byAccount+name)
		}
	}
	return out
}

// Owned are the candidates under which a shop is found.
func Owned(s shop.Shop) []string {
	var out []string
	if s.Login.Token != "" {
		out = append(out, byToken+s.Login.Token)
	}
	if s.UserID != 0 {
		out = append(out, byUser+shop.Key(s.UserID))
	}
	if s.Account != "" {
		out = append(out, byAccount+s.Account)
	}
	return out
}

// peeked is how many bytes of a login are looked at before its world is known.
const peeked = 4 << 10

// peekName is the user name in the body of a login, which is left as it was.
func peekName(r *http.Request) string {
	var login struct {
		Username string `json:"username"`
	}
	_ = json.Unmarshal(marketplace.Peek(r, peeked), &login) // of what is no login there is no name
	return login.Username
}

// bearer is the token of Authorization, "" for none. Claim
// shopee/webchat-bearer.
func bearer(h http.Header) string {
	scheme, token, _ := strings.Cut(h.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// cookieUser is the user id of SPC_U, 0 for none: the other cookies of the seller
// centre are not looked at. Claim shopee/webchat-login-spc-u.
func cookieUser(r *http.Request) int64 {
	cookie, err := r.Cookie("SPC_U")
	if err != nil {
		return 0
	}
	return shop.Number(cookie.Value)
}

// guardToken finds the shop that a token was given to. Claims
// shopee/webchat-bearer, shopee/webchat-unauthorized.
func guardToken(c *marketplace.Call) error {
	if logins[c.Operation.ID] {
		return nil
	}
	token := bearer(c.Request.Header)
	if token == "" {
		return noBearer(c.Request.Header)
	}
	seller, found := owner(c.World, func(s shop.Shop) bool { return s.Login.Token == token })
	switch {
	case !found:
		return unknownToken(c.World, token)
	case shop.ShopOf(seller).Login.State == shop.LoginExpired:
		return errUnauthorized.at("Authorization", "expired").
			because("the login of this token has ended: log in again with the password (POST v1/sessions)")
	}
	c.Seller = seller
	return nil
}

// noBearer says what a call without a token should send.
func noBearer(h http.Header) error {
	if h.Get("Authorization") != "" {
		return errUnauthorized.at("Authorization", "pattern").because("Authorization is not the word Bearer and the token that a login gave")
	}
	return errUnauthorized.at("Authorization", "required").because("there is no Authorization: send Bearer and the token that a login gave")
}

// unknownToken tells a token of the other API from one that nobody has.
func unknownToken(w *marketplace.World, token string) error {
	_, foreign := owner(w, func(s shop.Shop) bool {
		_, known, _ := s.Token(token, w.Clock.Now())
		return known
	})
	if foreign {
		return errUnauthorized.at("Authorization", "").because("this is an access_token of the Open Platform: send the token that a login of the webchat gave")
	}
	return errUnauthorized.at("Authorization", "").because("no shop has this token: send the one that a login gave")
}

// owner is the shop whose login it is: the first of those that share one, for the
// others come after it.
func owner(w *marketplace.World, its func(shop.Shop) bool) (chat.Seller, bool) {
	for _, seller := range w.Store.Sellers() {
		if its(shop.ShopOf(seller)) {
			return seller, true
		}
	}
	return chat.Seller{}, false
}

// account are the shops that share a login with a shop, itself the first. Claim
// shopee/webchat-account-shops.
func account(w *marketplace.World, of chat.Seller) []chat.Seller {
	out := []chat.Seller{of}
	name := shop.ShopOf(of).Account
	for _, seller := range w.Store.Sellers() {
		if seller.ID != of.ID && shop.ShopOf(seller).Account == name {
			out = append(out, seller)
		}
	}
	return out
}

// guardCookie wants a cookie of the token's account, where the switch says so.
// Claim shopee/webchat-auth.
func guardCookie(c *marketplace.Call) error {
	if logins[c.Operation.ID] || c.Switch(switchAuth) != authCookie {
		return nil
	}
	user := cookieUser(c.Request)
	for _, seller := range account(c.World, c.Seller) {
		if user != 0 && shop.ShopOf(seller).UserID == user {
			return nil
		}
	}
	return errCookie.at("SPC_U", "required")
}

// guardCSRF wants csrf_token of calls that change something, where the switch says
// so; with a cookie CTOKEN, the same. Claim shopee/webchat-csrf.
func guardCSRF(c *marketplace.Call) error {
	if logins[c.Operation.ID] || c.Switch(switchCSRF) != require || c.Operation.Method == http.MethodGet {
		return nil
	}
	token, _ := param(c, "csrf_token")
	if token == "" {
		return errCSRF.at("csrf_token", "required").because("csrf_token is missing in the query")
	}
	if cookie, err := c.Request.Cookie("CTOKEN"); err == nil && !same(cookie.Value, token) {
		return errCSRF.at("csrf_token", "")
	}
	return nil
}

// fraudHeaders are those of the anti-fraud script. Claim shopee/webchat-anti-fraud.
var fraudHeaders = []string{"Af-Ac-Enc-Dat", "X-Sz-Sdk-Version", "X-Sap-Ri", "X-Sap-Sec", "Af-Ac-Enc-Sz-Token"}

// guardFraud wants the headers of the script of sends, where the switch says so;
// what they say is not looked at. Claim shopee/webchat-anti-fraud.
func guardFraud(c *marketplace.Call) error {
	if c.Operation.ID != opSend || c.Switch(switchAntiFraud) != require {
		return nil
	}
	for _, name := range fraudHeaders {
		if c.Request.Header.Get(name) == "" {
			return errFraud.at(strings.ToLower(name), "required").because("the header " + strings.ToLower(name) + " is missing")
		}
	}
	return nil
}

// guardMethod lets only one verb of the list pass, where the switch says so. Claim
// shopee/webchat-list-method.
func guardMethod(c *marketplace.Call) error {
	set := c.Switch(switchListMethod)
	if c.Operation.ID == opList && set == methodPost || c.Operation.ID == opQuery && set == methodGet {
		return errListMethod
	}
	return nil
}

// guardShop finds the shop that a call names in its query among those of the
// account, and refuses one that the account may not see. Feeds look themselves.
func guardShop(c *marketplace.Call) error {
	if logins[c.Operation.ID] || c.Operation.ID == opEndSession {
		return nil
	}
	asked, _, err := integer(c, "shop_id")
	if err != nil {
		return err
	}
	if asked == 0 && feeds[c.Operation.ID] {
		return nil
	}
	return actFor(c, "shop_id", asked)
}

// actForBody is actFor with the shop that a body names. It returns the first
// mistake of the body if there is one.
func actForBody(c *marketplace.Call, b *body) error {
	asked := b.id("shop_id")
	if b.err != nil {
		return b.err
	}
	return actFor(c, "/shop_id", asked)
}

// actFor makes a shop of the account the one that the call is about, 0 leaves it
// as it is. Claims shopee/webchat-shop-id, shopee/webchat-foreign-shop,
// shopee/webchat-forbidden.
func actFor(c *marketplace.Call, pointer string, shopID int64) error {
	if shopID != 0 && shopID != shop.ShopOf(c.Seller).ID {
		found := false
		for _, seller := range account(c.World, c.Seller) {
			if shop.ShopOf(seller).ID == shopID {
				c.Seller, found = seller, true
			}
		}
		if !found {
			return errNoShop.at(pointer, "")
		}
	}
	if forbidden(c.Seller) {
		return errForbidden.at(pointer, "")
	}
	return nil
}

// forbidden reports whether the account may not see a shop's chats.
func forbidden(s chat.Seller) bool { return shop.ShopOf(s).Login.State == shop.LoginForbidden }
