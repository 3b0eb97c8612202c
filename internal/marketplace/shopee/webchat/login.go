package webchat

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// Values of a profile that no test could want otherwise, as they stand in the one
// sample. Claim shopee/webchat-profile.
const (
	profileLocale = "zh-Hans"
	profileAge    = 49
	profileSince  = 1516779570 // seconds
)

// version is what the login of v1.2 tells, for x-v. Claim shopee/webchat-login-v12.
const version = "3"

// profile is the user of the logins of v1 and v1.1, in the order of the sample.
// Claim shopee/webchat-login-v1.
type profile struct {
	Username     string  `json:"username"`
	Rating       int     `json:"rating"`
	UID          string  `json:"uid"`
	City         *string `json:"city"`
	Locale       string  `json:"locale"`
	Gender       string  `json:"gender"`
	Created      string  `json:"created_at"`
	Distribution *string `json:"distribution_status"`
	Updated      string  `json:"updated_at"`
	Logined      string  `json:"logined_at"`
	Age          int     `json:"age"`
	ShopID       int64   `json:"shop_id"`
	Status       string  `json:"status"`
	Avatar       string  `json:"avatar"`
	Country      string  `json:"country"`
	Blocked      bool    `json:"is_blocked"`
	Type         string  `json:"type"`
	ID           int64   `json:"id"`
}

func profileOf(c *marketplace.Call, s shop.Shop) profile {
	zone := shop.Region(s.Region).Offset
	now := c.World.Clock.Now().In(zone).Format(time.RFC3339)
	return profile{
		Username: s.Username, UID: uidSeller + shop.Key(s.UserID), Locale: profileLocale, Gender: "unknown",
		Created: time.Unix(profileSince, 0).In(zone).Format(time.RFC3339), Updated: now, Logined: now, Age: profileAge,
		ShopID: s.ID, Status: "normal", Country: s.Region, Type: typeSeller, ID: s.UserID,
	}
}

// Beginnings of a uid, and types of who logs in. Claim shopee/webchat-common-query.
const (
	uidSeller      = "0-"
	uidSubaccount  = "1-"
	typeSeller     = "seller"
	typeSubaccount = "subaccount"
)

// session is the answer of v1.
type session struct {
	Status string  `json:"status"`
	PToken string  `json:"p_token"`
	Token  string  `json:"token"`
	User   profile `json:"user"`
}

// createSession is the login of v1, by user name and password. It makes a login
// good again that has ended. Claims shopee/webchat-login-v1,
// shopee/webchat-login-refused, shopee/webchat-otp, shopee/webchat-login-renews.
func createSession(c *marketplace.Call, b *body) (marketplace.Response, error) {
	name, password := b.text("username"), b.text("password")
	if b.err != nil {
		return marketplace.Response{}, b.err
	}
	seller, found := owner(c.World, func(s shop.Shop) bool { return s.Account == name && name != "" })
	its := shop.ShopOf(seller)
	switch {
	case !found:
		return marketplace.Response{}, errPassword.at("/username", "").because("no shop has this user name")
	case !same(its.Login.Password, password):
		return marketplace.Response{}, errPassword.at("/password", "").because("the password is not the one of this user name")
	case its.Login.State == shop.LoginCaptcha:
		return marketplace.Response{}, errCaptcha.at("", "")
	case its.Login.State == shop.LoginOTP:
		return marketplace.Response{}, errOTP.at("", "")
	}
	c.Seller = seller
	if err := setExpired(c, false); err != nil {
		return marketplace.Response{}, err
	}
	sum := sha256.Sum256([]byte(its.Login.Token))
	return ok(session{Status: "verified", PToken: hex.EncodeToString(sum[:16]), Token: its.Login.Token, User: profileOf(c, its)})
}

// endSession ends the login of v1: token and cookies are good for nothing until
// somebody logs in with the password. Claims shopee/webchat-logout,
// shopee/webchat-login-renews.
func endSession(c *marketplace.Call) (marketplace.Response, error) {
	if err := setExpired(c, true); err != nil {
		return marketplace.Response{}, err
	}
	return ok(struct{}{})
}

// setExpired ends the logins of an account's shops, or makes those good again that
// have ended.
func setExpired(c *marketplace.Call, expired bool) error {
	from, to := shop.LoginExpired, ""
	if expired {
		from, to = to, from
	}
	for _, seller := range account(c.World, c.Seller) {
		_, err := c.World.Store.ChangeSeller(seller.ID, func(now chat.Seller) ([]chat.Event, error) {
			its := shop.ShopOf(now)
			if its.Login.State != from {
				return nil, nil
			}
			its.Login.State = to
			return []chat.Event{chat.SellerChanged{At: c.World.Clock.Now(), ID: now.ID, Ext: its}}, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// byCookie finds the shop whose cookies come with a login. Claims
// shopee/webchat-login-cookies, shopee/webchat-login-spc-u,
// shopee/webchat-token-not-found.
func byCookie(c *marketplace.Call) (shop.Shop, error) {
	user := cookieUser(c.Request)
	if user == 0 {
		return shop.Shop{}, errNoToken.at("SPC_U", "required").
			because("there is no cookie SPC_U with a user id: send the cookies of the seller centre, SPC_U=<user_id> at least")
	}
	seller, found := owner(c.World, func(s shop.Shop) bool { return s.UserID == user })
	its := shop.ShopOf(seller)
	switch {
	case !found:
		return shop.Shop{}, errNoToken.at("SPC_U", "").because("no shop has the user id of the cookie SPC_U; a shop's id is another one")
	case its.Login.State != "" && its.Login.State != shop.LoginForbidden:
		return shop.Shop{}, errNoToken.at("SPC_U", "expired").
			because("the login of these cookies has ended, or wants a captcha or a code: log in with the password (POST v1/sessions)")
	}
	c.Seller = seller
	return its, nil
}

// cookieLogin is the answer of v1.1.
type cookieLogin struct {
	Token string  `json:"token"`
	User  profile `json:"user"`
}

// loginByCookie is the login of v1.1. Claim shopee/webchat-login-v11.
func loginByCookie(c *marketplace.Call) (marketplace.Response, error) {
	its, err := byCookie(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	return ok(cookieLogin{Token: its.Login.Token, User: profileOf(c, its)})
}

// versionLogin is the answer of v1.2.
type versionLogin struct {
	Token   string  `json:"token"`
	User    profile `json:"user"`
	Version string  `json:"version"`
}

// login is the login of v1.2. Claim shopee/webchat-login-v12.
func login(c *marketplace.Call) (marketplace.Response, error) {
	its, err := byCookie(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	return ok(versionLogin{Token: its.Login.Token, User: profileOf(c, its), Version: version})
}

// coreAnswer is the answer of coreapi.
type coreAnswer struct {
	Token string   `json:"token"`
	User  coreUser `json:"user"`
	Shop  coreShop `json:"shop"`
}

type coreUser struct {
	ID   int64  `json:"id"`
	UID  string `json:"uid"`
	Name string `json:"name"`
	Type string `json:"type"`
}

type coreShop struct {
	ID      int64  `json:"id"`
	UserID  int64  `json:"user_id"`
	Name    string `json:"name"`
	Country string `json:"country"`
}

// coreLogin is the login of coreapi. Where a shop has sub-accounts it is the first
// of them who logs in: its id is not the user of conversations. Claims
// shopee/webchat-core-login, shopee/webchat-core-login-subaccount.
func coreLogin(c *marketplace.Call) (marketplace.Response, error) {
	its, err := byCookie(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	who := coreUser{ID: its.UserID, UID: uidSeller + shop.Key(its.UserID), Name: its.Username, Type: typeSeller}
	if len(its.SubAccounts) > 0 {
		sub := its.SubAccounts[0]
		who = coreUser{ID: sub.ID, UID: uidSubaccount + strconv.FormatInt(sub.ID, 10), Name: sub.Name, Type: typeSubaccount}
	}
	return ok(coreAnswer{
		Token: its.Login.Token, User: who, Shop: coreShop{ID: its.ID, UserID: its.UserID, Name: titleOf(its), Country: its.Region},
	})
}
