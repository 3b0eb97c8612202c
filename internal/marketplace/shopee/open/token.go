package open

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// authorize is auth_partner: what a shop's owner opens in a browser to let an app
// in. Here he always agrees, and is the app's first shop or the one that shop_id
// names. Claims shopee/auth-partner, shopee/auth-partner-shop.
func authorize(c *marketplace.Call) (marketplace.Response, error) {
	back, _ := param(c, "redirect")
	if !marketplace.IsAddress(back) {
		return marketplace.Response{}, errAuthParam.of("redirect is invalid").at("redirect", "format")
	}
	to, err := url.Parse(back)
	if err != nil {
		return marketplace.Response{}, errAuthParam.of("redirect is invalid").at("redirect", "format")
	}
	seller := c.Seller
	if text, given := param(c, paramShop); given {
		if seller, err = shopOfApp(c, text); err != nil {
			return marketplace.Response{}, err
		}
	}
	code, its, err := shop.GiveCode(c.World, seller.ID)
	if err != nil {
		return marketplace.Response{}, err
	}
	query := url.Values{"code": {code}, paramShop: {shop.Key(its.ID)}}.Encode()
	if to.RawQuery != "" {
		query = to.RawQuery + "&" + query
	}
	to.RawQuery = query
	return marketplace.Response{Status: http.StatusFound, Header: http.Header{"Location": {to.String()}}}, nil
}

// shopOfApp is one of the shops of the call's app by its id.
func shopOfApp(c *marketplace.Call, id string) (chat.Seller, error) {
	n, _ := number32(strings.TrimSpace(id))
	seller, found := c.World.Store.Seller(shop.Key(n))
	if !found || shop.ShopOf(seller).App.PartnerID != idOf(c, paramPartner) {
		return chat.Seller{}, errShopUnknown.at(paramShop, "")
	}
	return seller, nil
}

// tokens is the answer of both ways to a token: nothing of it stands in a
// response. Claims shopee/token-get, shopee/token-refresh.
type tokens struct {
	Error        string `json:"error"`
	Message      string `json:"message"`
	RequestID    string `json:"request_id"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	ExpireIn     int    `json:"expire_in"` // seconds
}

func given(c *marketplace.Call, t shop.Token) (marketplace.Response, error) {
	return answered(tokens{
		Message: messageOf(c), RequestID: requestID(c), AccessToken: t.Value, RefreshToken: t.Refresh,
		ExpireIn: int(shop.AccessLife.Seconds()),
	})
}

// getToken gives tokens for a code. Claims shopee/token-get, shopee/invalid-code,
// shopee/auth-code-life, shopee/auth-links-again.
func getToken(c *marketplace.Call, b body) (marketplace.Response, error) {
	code, partner, shopID, err := exchange(c, b, "code")
	if err != nil {
		return marketplace.Response{}, err
	}
	token, err := shop.UseCode(c.World, partner, shopID, code)
	if errors.Is(err, shop.ErrNoCode) {
		return marketplace.Response{}, errCode.at("/code", "")
	}
	if err != nil {
		return marketplace.Response{}, err
	}
	if err := linkAgain(c, shopID); err != nil {
		return marketplace.Response{}, err
	}
	return given(c, token)
}

// linkAgain takes a shop back that took its authorisation back. Claim
// shopee/auth-links-again.
func linkAgain(c *marketplace.Call, shopID int64) error {
	_, err := c.World.Store.ChangeSeller(shop.Key(shopID), func(now chat.Seller) ([]chat.Event, error) {
		its := shop.ShopOf(now)
		if its.State != shop.StateUnlinked {
			return nil, nil
		}
		its.State = ""
		return []chat.Event{chat.SellerChanged{At: c.World.Clock.Now(), ID: now.ID, Ext: its}}, nil
	})
	return err
}

// refreshToken gives tokens for a refresh token. Claims shopee/token-refresh,
// shopee/refresh-token-expired, shopee/refresh-token-unknown,
// shopee/refresh-uses-up, shopee/old-access-token, shopee/refresh-unlinked.
func refreshToken(c *marketplace.Call, b body) (marketplace.Response, error) {
	refresh, partner, shopID, err := exchange(c, b, "refresh_token")
	if err != nil {
		return marketplace.Response{}, err
	}
	token, err := shop.Refresh(c.World, partner, shopID, refresh)
	switch {
	case errors.Is(err, shop.ErrNoRefresh), errors.Is(err, shop.ErrRefreshEnded):
		r := errRefresh.at("/refresh_token", "").because(wrongRefresh(c, refresh, shopID, err))
		if errors.Is(err, shop.ErrNoRefresh) {
			r.why.Claim = "shopee/refresh-token-unknown"
		}
		return marketplace.Response{}, r
	case errors.Is(err, shop.ErrUnlinked):
		r := errShopUnlinked.at("/shop_id", "").because("the shop took its authorisation back: only a code links it again")
		r.why.Claim = "shopee/refresh-unlinked"
		return marketplace.Response{}, r
	case err != nil:
		return marketplace.Response{}, err
	}
	return given(c, token)
}

// wrongRefresh tells what is shown for a refresh token of a shop, if it is known.
func wrongRefresh(c *marketplace.Call, shown string, shopID int64, err error) string {
	for _, seller := range c.World.Store.Sellers() {
		its := shop.ShopOf(seller)
		if _, isAccess, _ := its.Token(shown, c.World.Clock.Now()); isAccess {
			return "this is an access token, not a refresh token"
		}
		if its.ID != shopID && its.Refreshes(shown) {
			return "the refresh token is that of another shop, " + shop.Key(its.ID)
		}
	}
	return err.Error()
}

// exchange reads what is given for a token: it, the app and the shop. The app is
// the one that signed, whatever the body says, as long as that is not another.
// Claims shopee/token-get, shopee/token-refresh.
func exchange(c *marketplace.Call, b body, name string) (secret string, partner, shopID int64, err error) {
	secret, isText := b.text(name)
	if !isText || secret == "" {
		return "", 0, 0, errAuthParam.of(name+" is required").at("/"+name, "required").because(b.lacks(name, "a string"))
	}
	shopID, isID := b.id(paramShop)
	if !isID {
		return "", 0, 0, errAuthParam.of("shop_id is required").at("/shop_id", "required").because(b.lacks(paramShop, wantedID))
	}
	partner = idOf(c, paramPartner)
	if told, isNumber := b.number(paramPartner); !isNumber || told != 0 && told != partner {
		return "", 0, 0, errPartnerEmpty.at("/partner_id", "").because("the body names another app than the one that signed")
	}
	return secret, partner, shopID, nil
}
