package open

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/marketplace/shopee/sign"
)

// asked has two shops of an app, one of another, and a question of a buyer to the
// first.
const asked = `
apps: [{name: main}, {name: other}]
sellers:
  - {name: demo, region: SG}
  - {name: second, region: TW}
  - {name: third, app: other}
buyers: [{id: 231156449, name: buyer_one, shop_id: 231151763}]
orders: [{sn: 260918KJ7XN2PQ, buyer: 231156449, placed: -3d}]
chats:
  - {name: asked, buyer: 231156449, messages: [{text: "Is the green tea in stock?", at: -1h}]}
`

func without(name string) func(*testCall) { return func(c *testCall) { c.query.Del(name) } }

func with(name, value string) func(*testCall) { return func(c *testCall) { c.query.Set(name, value) } }

// Each row has one mistake of a common parameter, in the order of the guards.
// Proves: shopee/partner-id-missing, shopee/partner-id-form, shopee/partner-id-unknown, shopee/missing-parameter-texts
// Proves: shopee/timestamp-missing, shopee/timestamp-form, shopee/timestamp-expired, shopee/timestamp-future
// Proves: shopee/sign-missing, shopee/access-token-missing, shopee/shop-id-missing, shopee/shop-id-form, shopee/gateway-status
func TestCommonParameters(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	const range32 = ", should be an integer between 0 and 4294967295."
	for _, tt := range []struct {
		name   string
		change func(*testCall)
		code   string
		text   string
	}{
		{"no partner_id", without(paramPartner), codeParam, "There is no partner_id in query."},
		{"an empty partner_id", with(paramPartner, ""), codeParam, "Invalid partner_id."},
		{"a word for a partner_id", with(paramPartner, "x"), codeParam, "Partner_id is invalid" + range32},
		{"a partner_id that is too great", with(paramPartner, "4294967296"), codeParam, "Partner_id is invalid" + range32},
		{"partner_id 0", with(paramPartner, "0"), codeAuth, "partner_id is invalid"},
		{"a partner_id that nobody has", with(paramPartner, "4294967295"), "invalid_partner_id", "Invalid partner_id, please have a check."},
		{"no timestamp", without(paramTimestamp), codeParam, "no timestamp"},
		{"an empty timestamp", with(paramTimestamp, ""), codeParam, "no timestamp."},
		{"timestamp 0", with(paramTimestamp, "0"), codeParam, "Invalid timestamp"},
		{"a timestamp in milliseconds", with(paramTimestamp, "1790856000000"), codeParam, "Timestamp is invalid" + range32},
		{"a timestamp with a fraction", with(paramTimestamp, "1790856000.5"), codeParam, "Timestamp is invalid" + range32},
		{"a timestamp of 301 seconds ago", with(paramTimestamp, "1790855699"), codeParam, "Timestamp is expired."},
		{"a timestamp in 301 seconds", with(paramTimestamp, "1790856301"), codeParam, "Timestamp is expired."},
		{"an empty sign", with(paramSign, ""), codeParam, "There is no sign in query."},
		{"no access_token", without(paramToken), codeParam, "There is no access_token in query."},
		{"an empty access_token", with(paramToken, ""), codeParam, "There is no access_token in query."},
		{"no shop_id", without(paramShop), codeParam, "There is no shop_id in query."},
		{"a negative shop_id", with(paramShop, "-1"), codeParam, "shop_id is invalid" + range32},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w.call(opCount, "", tt.change).requireError(t, http.StatusForbidden, tt.code, tt.text)
		})
	}
	for _, at := range []string{"1790855700", "1790856300"} {
		w.call(opCount, "", with(paramTimestamp, at)).requireOK(t, nil)
	}
}

// Proves: shopee/sign-shop-base, shopee/sign-public-base, shopee/sign-case, shopee/sign-error, shopee/sign-path
// Proves: shopee/sign-not-covered, shopee/sign-query-order, shopee/repeated-parameter, shopee/partner-key-of-app
func TestSignature(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	wrong := func(change func(*testCall)) testReply { return w.call(opCount, "", change) }
	signed := func(change func(*sign.Call)) func(*testCall) {
		return func(c *testCall) {
			s := sign.Call{
				PartnerID: c.query.Get(paramPartner), Path: c.path, Timestamp: c.query.Get(paramTimestamp),
				AccessToken: c.query.Get(paramToken), Owner: c.query.Get(paramShop),
			}
			change(&s)
			c.query.Set(paramSign, s.Sign(c.key))
		}
	}
	reason := func(r testReply) string {
		r.requireError(t, http.StatusForbidden, codeSign, "Wrong sign.")
		var why *refusal
		require.ErrorAs(t, r.err, &why)
		return why.Reason().Text
	}
	require.Contains(t, reason(wrong(signed(func(s *sign.Call) { s.AccessToken, s.Owner = "", "" }))), "public")
	require.Contains(t, reason(wrong(signed(func(s *sign.Call) { s.AccessToken = "" }))), "without access_token")
	require.Contains(t, reason(wrong(signed(func(s *sign.Call) { s.Path = strings.TrimPrefix(s.Path, "/api/v2") }))), "without /api/v2")
	require.Contains(t, reason(wrong(func(c *testCall) { c.key = "another key" })), "not that of this call")
	require.Contains(t, reason(wrong(with(paramSign, "x"))), "its 1 characters are not 64 hexadecimal digits")

	upper := func(c *testCall) {
		c.before = func(r *http.Request) {
			before, after, _ := strings.Cut(r.URL.RawQuery, "sign=")
			r.URL.RawQuery = before + "sign=" + strings.ToUpper(after[:64]) + after[64:]
		}
	}
	w.call(opCount, "", upper).requireOK(t, nil)
	w.call(opCount, "", func(c *testCall) {
		c.before = func(r *http.Request) {
			parts := strings.Split(r.URL.RawQuery, "&")
			parts[0], parts[len(parts)-1] = parts[len(parts)-1], parts[0]
			r.URL.RawQuery = strings.Join(parts, "&") + "&unknown=1&shop_id=1&sign=x&access_token=y"
		}
	}).requireOK(t, nil)

	push := func(change func(*testCall)) testReply { return w.call(opLostPush, "", change) }
	push(func(*testCall) {}).requireOK(t, nil)
	ofShop := push(func(c *testCall) {
		c.query.Set(paramToken, c.as.AccessToken().Value)
		c.query.Set(paramShop, shop.Key(c.as.ID))
		signed(func(*sign.Call) {})(c)
	})
	require.Contains(t, reason(ofShop), "public")

	w.set(today, switchSignCase, "lower", switchSignError, codeCommonAuth)
	w.call(opCount, "", upper).requireError(t, http.StatusForbidden, codeCommonAuth, "Invalid sign")
}

// Proves: shopee/sandbox-host-trap
func TestTheOldSandboxHostRefusesEverySignature(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	trapped := func(c *testCall) { c.before = func(r *http.Request) { r.Host = hostTrapped + ":443" } }
	w.call(opCount, "", trapped).requireOK(t, nil)
	w.set(today, switchHostTrap, "on")
	w.call(opCount, "", trapped).requireError(t, http.StatusForbidden, codeSign, "Wrong sign.")
	w.call(opCount, "").requireOK(t, nil)
}

// Proves: shopee/token-error, shopee/access-token-life, shopee/shop-link-texts, shopee/partner-shop-no-link
// Proves: shopee/shop-no-linked, shopee/token-of-a-shop, shopee/token-of-another-app
func TestTokensAndLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	shopOf := func(n int) shop.Shop { return shop.ShopOf(w.Store.Sellers()[n]) }
	badToken := func(r testReply) { r.requireError(t, 403, codeToken, "Invalid access_token, please have a check.") }

	badToken(w.call(opCount, "", with(paramToken, "nobody")))
	badToken(w.call(opCount, "", with(paramToken, shopOf(1).AccessToken().Value)))
	w.call(opCount, "", with(paramShop, "1")).requireError(t, 403, codeAuth, "Invalid partner_id or shopid.")
	foreign := func(c *testCall) {
		c.query.Set(paramShop, shop.Key(shopOf(2).ID))
		c.query.Set(paramToken, shopOf(2).AccessToken().Value)
	}
	badToken(w.call(opCount, "", foreign)) // nobody gave it to this app
	w.call(opCount, "", with(paramShop, shop.Key(shopOf(2).ID))).
		requireError(t, 403, "partner_shop_no_link", "Invalid partner_id or shop_id, please have a check.")
	badToken(w.call(opCount, "", foreign, with(paramShop, "1")))

	w.change(0, func(s *shop.Shop) { s.State = shop.StateUnlinked })
	w.call(opCount, "").requireError(t, 403, "shop_no_linked", "Partner and shop has no linked.")
	w.change(0, func(s *shop.Shop) {
		s.State = ""
		s.Tokens = []shop.Token{{Value: "ends", Until: noon.Add(time.Second)}}
	})
	w.call(opCount, "").requireOK(t, nil)
	w.advance(time.Second)
	badToken(w.call(opCount, ""))
	w.set(today, switchTokenError, codeAuth)
	w.call(opCount, "").requireError(t, 403, codeAuth, "Invalid access_token.")
}

// Proves: shopee/app-state-errors, shopee/app-deleted, shopee/partner-key-expired, shopee/app-unapproved
// Proves: shopee/app-restricted, shopee/api-suspended, shopee/shop-state-errors, shopee/shop-banned, shopee/shop-kyc
// Proves: shopee/shop-affiliate, shopee/no-permission-error, shopee/no-permission-status
func TestStatesOfAppsAndShops(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	for state, want := range map[string]*refusal{
		shop.AppDeleted: errAppDeleted, shop.AppKeyExpired: errKeyExpired, shop.AppUnapproved: errAppUnapproved,
		shop.AppRestricted: errAppRestricted, shop.AppSuspended: errAppSuspended, shop.AppNoChat: errAppType,
	} {
		w.change(0, func(s *shop.Shop) { s.App.State = state })
		w.call(opCount, "").requireError(t, 403, want.code, want.text)
		if state != shop.AppNoChat {
			w.call(opGetPush, "").requireError(t, 403, want.code, want.text)
		}
	}
	w.change(0, func(s *shop.Shop) { s.App.State = shop.AppNoChat })
	w.call(opLostPush, "").requireOK(t, nil)
	w.set(today, switchPermissionError, codeAuth, switchPermissionStatus, "491")
	w.call(opCount, "").requireError(t, 491, codeAuth, "No permission to current api.")

	w.change(0, func(s *shop.Shop) { s.App.State = "" })
	for state, want := range map[string]*refusal{
		shop.StateBanned: errShopBanned, shop.StateKYC: errShopKYC, shop.StateAffiliate: errShopAffiliate,
	} {
		w.change(0, func(s *shop.Shop) { s.State = state })
		w.call(opCount, "").requireError(t, 403, want.code, want.text)
	}
}

// Proves: shopee/source-ip
func TestAddressesOfAnApp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	from := func(address string) func(*testCall) {
		return func(c *testCall) { c.before = func(r *http.Request) { r.RemoteAddr = address } }
	}
	w.change(0, func(s *shop.Shop) { s.App.Networks = []string{"10.0.0.0/8", "192.0.2.7"} })
	for _, inside := range []string{"10.1.2.3:4", "192.0.2.7:1", "[::ffff:10.0.0.1]:5"} {
		w.call(opCount, "", from(inside)).requireOK(t, nil)
	}
	w.call(opCount, "", from("203.0.113.9:99")).requireError(t, 403, "source_ip_undeclared",
		"Request Source IP (203.0.113.9) is undeclared. Please declare all your IP addresses in the Shopee Open Platform Console > App list > IP Address Whitelist")
}

// Each row spoils what the rows below it spoil too, so that an answer tells which
// check came first.
// Proves: shopee/guard-order, shopee/limits-count, shopee/app-calls-per-day, shopee/app-calls-per-minute
func TestGuardOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	for _, rule := range []string{limitDaily, limitBurst} {
		require.NoError(t, w.Limits.Adjust(rule, limit.Change{Max: new(int)}))
	}
	w.change(0, func(s *shop.Shop) { s.State, s.App.State = shop.StateBanned, shop.AppDeleted })
	bad := []struct {
		name, value string
		code, text  string
	}{
		{paramPartner, "x", codeParam, errPartnerNumber.text},
		{paramTimestamp, "1", codeParam, errTimeExpired.text},
		{paramSign, "", codeParam, errNoSign.text},
		{paramToken, "", codeParam, errNoToken.text},
		{paramShop, "x", codeParam, errShopNumber.text},
		{paramSign, "x", codeSign, errSign.text},
	}
	for i, first := range bad {
		w.call(opCount, "", func(c *testCall) {
			for j := len(bad) - 1; j >= i; j-- {
				c.query.Set(bad[j].name, bad[j].value)
			}
		}).requireError(t, 403, first.code, first.text)
	}
	nobody := func(c *testCall) {
		c.query.Set(paramToken, "nobody")
		c.query.Set(paramShop, "1")
	}
	w.call(opCount, "", nobody).requireError(t, 403, codeAuth, errAppDeleted.text)
	w.change(0, func(s *shop.Shop) { s.App.State = shop.AppNoChat })
	w.call(opCount, "", nobody).requireError(t, 403, codeToken, errToken.text)
	w.call(opCount, "", with(paramShop, "1")).requireError(t, 403, codeAuth, errShopUnknown.text)
	w.call(opCount, "").requireError(t, 403, "shop_banned", errShopBanned.text)
	w.change(0, func(s *shop.Shop) { s.State = "" })
	w.call(opCount, "").requireError(t, 403, codeNoPermission, errAppType.text)
	w.change(0, func(s *shop.Shop) { s.App.State = "" })
	w.call(opList, "").requireError(t, 403, codeDaily, errDaily.text)
	most := 1
	require.NoError(t, w.Limits.Adjust(limitDaily, limit.Change{Max: &most}))
	w.call(opList, "").requireError(t, 403, codeRate, errRate.text)
	w.call(opList, "").requireError(t, 403, codeRate, errRate.text)
	require.NoError(t, w.Limits.Adjust(limitBurst, limit.Change{Max: &most}))
	w.call(opList, "").requireError(t, 200, codeParam, "")
	w.call(opList, "").requireError(t, 403, codeDaily, "")
}

// Proves: shopee/unknown-path, shopee/unknown-path-status, shopee/wrong-verb, shopee/error-shape, shopee/error-status
// Proves: shopee/rate-limit-status, shopee/push-error-response, shopee/fault-texts
func TestErrorsOfTheSeam(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	spec := w.config.Specs[Spec]
	list, _ := spec.Operation(opList)
	push, _ := spec.Operation(opGetPush)
	answer := func(path string, err error) (int, string) {
		c := &marketplace.Call{World: w.World, Config: w.config, Operation: list}
		if path == push.Path {
			c.Operation = push
		}
		r := Error(c, err)
		body := r.Body.(errorBody)
		require.Equal(t, path == push.Path, body.Response != nil)
		return r.Status, body.Error + ": " + body.Message
	}
	for _, tt := range []struct {
		path   string
		err    error
		status int
		text   string
	}{
		{list.Path, marketplace.ErrNoRoute, 404, "error_not_found: The API you call is not found."},
		{list.Path, &marketplace.VerbError{Method: "PUT"}, 404, "error_not_found: The API you call is not found."},
		{list.Path, &marketplace.FaultError{RateLimit: true}, 403, "error_rate_limit: " + errRate.text},
		{list.Path, &marketplace.FaultError{Status: 401}, 401, "error_auth: System error, please try again later."},
		{list.Path, &marketplace.FaultError{Status: 503}, 503, "system_busy: Something wrong. Please try later."},
		{list.Path, &marketplace.FaultError{Status: 500, Message: "x"}, 500, "error_server: x"},
		{push.Path, &marketplace.FaultError{Status: 400}, 400, "error_param: request not from gateway"},
		{push.Path, &marketplace.FaultError{Status: 503}, 503, "error_server: error server"},
		{list.Path, marketplace.ErrBody, 200, "param_error: Wrong parameters, detail: request body."},
		{list.Path, http.ErrAbortHandler, 500, "error_server: Something wrong. Please try later."},
	} {
		status, text := answer(tt.path, tt.err)
		require.Equal(t, tt.status, status, tt.text)
		require.Equal(t, tt.text, text)
	}
	require.Equal(t, http.StatusForbidden, Error(nil, errSign).Status, "a failure before the world is known")

	w.set(today, switchErrorStatus, "always-200", switchUnknownPath, "error_param-offline", switchRateStatus, "429")
	status, text := answer(list.Path, marketplace.ErrNoRoute)
	require.Equal(t, 200, status)
	require.Equal(t, "error_param: Permission denied. This API is currently offline or the request path is incorrect.", text)
	status, _ = answer(list.Path, errRate)
	require.Equal(t, 429, status, "a switch that was set rules")
	w.call(opCount, "", with(paramSign, "x")).requireError(t, 200, codeSign, "")
}
