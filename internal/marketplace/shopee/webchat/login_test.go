package webchat_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/marketplace/shopee/webchat"
)

const indonesian = `
sellers:
  - {name: demo, shop_id: 50000007, user_id: 50000123, region: ID, title: Toko Teh}
  - {name: second, account: demo, sub_accounts: [{id: 77, name: dewi}]}
`

func credentials(username, password string) string {
	return `{"username":"` + username + `","password":"` + password + `","device_id":"d"}`
}

// Proves: shopee/webchat-login-v1, shopee/webchat-profile
func TestTheFirstLoginTakesAPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t, indonesian, nil)
	token := w.token
	w.token = ""
	var got struct {
		PToken string `json:"p_token"`
	}
	body := w.post("v1/sessions?_v=2.8.0", credentials("demo_shop", "demo-password")).ok(t, &got).body
	require.Len(t, got.PToken, 32)
	require.Equal(t, `{"status":"verified","p_token":"`+got.PToken+`","token":"`+token+`","user":{"username":"demo_shop",`+
		`"rating":0,"uid":"0-50000123","city":null,"locale":"zh-Hans","gender":"unknown","created_at":"2018-01-24T14:39:30+07:00",`+
		`"distribution_status":null,"updated_at":"2026-10-01T19:00:00+07:00","logined_at":"2026-10-01T19:00:00+07:00","age":49,`+
		`"shop_id":50000007,"status":"normal","avatar":"","country":"ID","is_blocked":false,"type":"seller","id":50000123}}`, body)
}

// Proves: shopee/webchat-login-refused, shopee/webchat-otp
func TestTheFirstLoginIsRefusedInItsWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, body, state string
		status            int
		text, claim       string
	}{
		{"another password", credentials("demo_shop", "x"), "", 401, "Invalid username or password", "webchat-login-refused"},
		{"another name", credentials("nobody", "demo-password"), "", 401, "Invalid username or password", "webchat-login-refused"},
		{"nothing", "", "", 401, "Invalid username or password", "webchat-login-refused"},
		{"a captcha is wanted", credentials("demo_shop", "demo-password"), shop.LoginCaptcha, 401, "Captcha can't be blank", "webchat-login-refused"},
		{"a code is wanted", credentials("demo_shop", "demo-password"), shop.LoginOTP, 481, "vcode is required", "webchat-otp"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, indonesian, nil)
			w.change("", func(s *shop.Shop) { s.Login.State = tt.state })
			w.post("v1/sessions", tt.body).refused(t, tt.status, `{"message":"`+tt.text+`"}`, tt.claim)
		})
	}
	w := newWorld(t, indonesian, nil)
	w.post("v1/sessions", `{"username":1}`).refused(t, 400, invalid, "webchat-invalid")
}

const notFound = `{"message":"token not found"}`

// Proves: shopee/webchat-login-v11, shopee/webchat-login-v12, shopee/webchat-login-cookies, shopee/webchat-login-spc-u
// Proves: shopee/webchat-token-not-found
func TestLaterLoginsTakeTheCookiesOfTheSellerCentre(t *testing.T) {
	t.Parallel()
	w := newWorld(t, indonesian, nil)
	token := w.token
	w.token = ""
	var got struct {
		Token, Version string
		User           struct {
			UID string
			ID  int64
		}
	}
	for _, target := range []string{"v1.1/login?_v=3.9.0", "v1.2/login", "coreapi/v1.2/login?csrf_token="} {
		w.post(target, "", cookie("SPC_EC=x; SPC_U=50000123")).ok(t, &got)
		require.Equal(t, token, got.Token)
		require.Equal(t, "0-50000123", got.User.UID)
		for _, sent := range []string{"", "SPC_EC=x", "SPC_U=", "SPC_U=-", "SPC_U=1", "SPC_U=50000123x"} {
			w.post(target, "", cookie(sent)).refused(t, 401, notFound, "webchat-token-not-found")
		}
	}
	w.post("v1.2/login", "", cookie("SPC_U=50000123")).ok(t, &got)
	require.Equal(t, "3", got.Version)
	for _, state := range []string{shop.LoginExpired, shop.LoginOTP, shop.LoginCaptcha} {
		w.change("", func(s *shop.Shop) { s.Login.State = state })
		w.post("coreapi/v1.2/mini/login", "", cookie("SPC_U=50000123")).refused(t, 401, notFound, "webchat-token-not-found")
	}
}

// Proves: shopee/webchat-core-login, shopee/webchat-core-login-subaccount
func TestTheLoginOfCoreapiTellsShopAndAccountApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, indonesian, nil)
	token, second := w.token, w.shop("second")
	w.token = ""
	for _, target := range []string{"coreapi/v1.2/login", "coreapi/v1.2/mini/login", "coreapi/v1.2/mini/login/sc", "coreapi/v1.2/mini/cbsc/login"} {
		require.Equal(t, `{"token":"`+token+`","user":{"id":50000123,"uid":"0-50000123","name":"demo_shop","type":"seller"},`+
			`"shop":{"id":50000007,"user_id":50000123,"name":"Toko Teh","country":"ID"}}`,
			w.post(target, "", cookie("SPC_U=50000123")).ok(t, nil).body)
	}
	var got struct {
		Token      string
		User, Shop struct {
			ID     int64
			UserID int64 `json:"user_id"`
			UID    string
			Type   string
		}
	}
	w.post("coreapi/v1.2/login", "", cookie("SPC_U="+shop.Key(second.UserID))).ok(t, &got)
	require.Equal(t, token, got.Token, "of one account")
	require.Equal(t, int64(77), got.User.ID)
	require.Equal(t, "1-77", got.User.UID)
	require.Equal(t, "subaccount", got.User.Type)
	require.Equal(t, second.UserID, got.Shop.UserID)
}

// Proves: shopee/webchat-logout, shopee/webchat-login-renews
func TestALoginThatEndedIsGoodAgainAfterThePassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t, indonesian, nil)
	w.get("v1/session?_uid=0-50000123").ok(t, nil)
	w.get("v1.2/conversations").refused(t, 401, unauthorized, "webchat-unauthorized")
	w.post("v1.2/login", "", cookie("SPC_U=50000123")).refused(t, 401, notFound, "webchat-token-not-found")
	w.post("v1/sessions", credentials("demo_shop", "demo-password")).ok(t, nil)
	w.get("v1.2/conversations").ok(t, nil)
	w.post("v1.2/login", "", cookie("SPC_U=50000123")).ok(t, nil)
}

const unauthorized = `{"error_code":"user_is_unauthorized","message":"user_is_unauthorized"}`

// Proves: shopee/webchat-bearer, shopee/webchat-unauthorized
func TestACallWantsATokenThatALoginGave(t *testing.T) {
	t.Parallel()
	w := newWorld(t, indonesian, nil)
	good := w.token
	for _, value := range []string{"", "Bearer", "Bearer ", "Bearer x", "Basic " + good, good} {
		w.get("v1.2/conversations", header("Authorization", value)).refused(t, 401, unauthorized, "webchat-unauthorized")
	}
	w.get("v1.2/conversations", header("Authorization", "bearer "+good)).ok(t, nil)
	w.get("v1.2/conversations", cookie("SPC_U=1")).ok(t, nil)
}

// Proves: shopee/webchat-auth
func TestACookieOfTheAccountMayBeWantedToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, indonesian, map[string]string{"webchat-auth": "bearer-and-cookie"})
	w.get("v1.2/conversations").refused(t, 401, unauthorized, "webchat-auth")
	w.get("v1.2/conversations", cookie("SPC_U=1")).refused(t, 401, unauthorized, "webchat-auth")
	w.get("v1.2/conversations", cookie("SPC_U=50000123")).ok(t, nil)
	w.get("v1.2/conversations", cookie("SPC_U="+shop.Key(w.shop("second").UserID))).ok(t, nil)
}

// Proves: shopee/webchat-forbidden, shopee/webchat-feed-forbidden, shopee/webchat-account-shops
// Proves: shopee/webchat-shop-id, shopee/webchat-foreign-shop
func TestAShopThatTheAccountMayNotSeeIsForbidden(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mixed(9), nil)
	second, stranger := w.shop("second"), w.shop("stranger")
	inSecond := w.rows("v1.2/conversations?shop_id=" + shop.Key(second.ID))
	require.Len(t, inSecond, 3)
	require.Equal(t, second.ID, inSecond[0].ShopID)
	const forbidden = `{"error_code":"user_is_forbidden","message":"User is forbidden for this action"}`
	w.get("v1.2/conversations?shop_id="+shop.Key(stranger.ID)).refused(t, 403, forbidden, "webchat-foreign-shop")
	history := "v1.2/conversations/" + inSecond[0].ID + "/messages"
	require.NotEqual(t, "[]", w.get(history).ok(t, nil).body, "of any shop of the account")

	w.change("second", func(s *shop.Shop) { s.Login.State = shop.LoginForbidden })
	w.get("v1.2/conversations?shop_id="+shop.Key(second.ID)).refused(t, 403, forbidden, "webchat-forbidden")
	w.get(history).refused(t, 400, noConversation, "webchat-invalid")
	require.Equal(t, 200, w.get("v1.2/conversations").status)
	require.Len(t, w.rows("v1.2/mini/subaccount/conversations"), 6)
	require.Equal(t, 200, w.post("coreapi/v1.2/login", "", cookie("SPC_U="+shop.Key(second.UserID))).status, "its login works")
	for _, name := range []string{"first", "third"} {
		w.change(name, func(s *shop.Shop) { s.Login.State = shop.LoginForbidden })
	}
	w.get("v1.2/mini/subaccount/conversations").refused(t, 403, forbidden, "webchat-forbidden")
	w.get("v1/conversations").refused(t, 403, forbidden, "webchat-forbidden")
}

// Proves: shopee/webchat-forbidden, shopee/webchat-companions
func TestAnOrderOfAForbiddenShopIsNotTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked, nil)
	w.get("v1.2/order/260918KJ7XN2PR").ok(t, nil)
	w.change("second", func(s *shop.Shop) { s.Login.State = shop.LoginForbidden })
	w.get("v1.2/order/260918KJ7XN2PR").refused(t, 400, `{"error_code":"invalid_param","message":"order not found"}`, "webchat-invalid")
	w.get("v1.2/order/260918KJ7XN2PQ").ok(t, nil)
}

// Proves: shopee/webchat-shop-id, shopee/webchat-invalid
func TestAShopIDThatCannotBeReadIsRefusedWhereverABodyNamesIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked, nil)
	conversation := "v1.2/conversations/" + pair
	for _, tt := range []struct{ method, target, body string }{
		{"POST", "v1.2/conversations", `{"shop_id":%s}`},
		{"POST", "v1.2/subaccount/serving_mode/conversations", `{"shop_id":%s}`},
		{"POST", "v1.2/conversation/serving/list", `{"shop_id":%s}`},
		{"POST", sendTarget, `{"shop_id":%s,"to_id":231156449,"type":"text","content":{"text":"a"}}`},
		{"PUT", conversation + "/unread", `{"shop_id":%s}`},
		{"PUT", conversation + "/read", `{"shop_id":%s,"last_read_message_id":"1"}`},
		{"PUT", conversation + "/status", `{"shop_id":%s,"status":"closed"}`},
		{"POST", "v1.2/conversation/open", `{"shop_id":%s,"conversation_id":"` + pair + `"}`},
		{"PUT", "workbenchapi/v1.2/sc/auto_reply/shop", `{"shop_id":%s,"status":"enabled"}`},
	} {
		for _, value := range []string{`"abc"`, `[1]`, `1.5`} {
			got := w.call(tt.method, tt.target, fmt.Sprintf(tt.body, value))
			got.refused(t, 400, invalid, "webchat-invalid")
			require.Equal(t, "/shop_id", got.why(t).Pointer, tt.target)
		}
		got := w.call(tt.method, tt.target, fmt.Sprintf(tt.body, "77"))
		require.Equal(t, 403, got.status, tt.target)
		require.Equal(t, "/shop_id", got.why(t).Pointer, tt.target)
	}
	require.Len(t, w.history(""), 3, "nothing was sent")
}

// Proves: shopee/webchat-login-renews
func TestWhatALoginWantsIsNotForgottenByTheEndOfASession(t *testing.T) {
	t.Parallel()
	w := newWorld(t, indonesian, nil)
	w.change("second", func(s *shop.Shop) { s.Login.State = shop.LoginOTP })
	w.get("v1/session").ok(t, nil)
	require.Equal(t, shop.LoginExpired, w.shop("").Login.State)
	require.Equal(t, shop.LoginOTP, w.shop("second").Login.State)
}

// Proves: shopee/webchat-error-status, shopee/webchat-error-shape
func TestRefusalsHaveTheStatusAndTheShapeOfTheSwitches(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		set    map[string]string
		status int
		body   string
		login  string
	}{
		{"as we believe", nil, 401, unauthorized, notFound},
		{"200", map[string]string{"webchat-error-status": "200"}, 200, unauthorized, notFound},
		{"400", map[string]string{"webchat-error-status": "400"}, 400, unauthorized, notFound},
		{"403", map[string]string{"webchat-error-status": "403"}, 403, unauthorized, notFound},
		{"a message only", map[string]string{"webchat-error-shape": "message-only"}, 401, `{"message":"user_is_unauthorized"}`, notFound},
		{"a code always", map[string]string{"webchat-error-shape": "error-code"}, 401, unauthorized, `{"error_code":"token_not_found","message":"token not found"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, indonesian, tt.set)
			w.token = ""
			w.get("v1.2/conversations").refused(t, tt.status, tt.body, "webchat-unauthorized")
			w.post("v1.2/login", "").refused(t, tt.status, tt.login, "webchat-token-not-found")
		})
	}
}

// Proves: shopee/webchat-csrf, shopee/webchat-common-query
func TestACSRFTokenMayBeWanted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, indonesian, nil)
	sync := "v1.1/mini/user/sync?_uid=0-1&_v=1.8.0&SPC_CDS_CHAT=x&x-shop-region=ID&_api_source=sc&uuid=u&_s=4"
	w.post(sync, "{}").ok(t, nil)
	w.set(map[string]string{"webchat-csrf": "require"})
	const refusal = `{"error_code":"error_csrf","message":"csrf_token is missing"}`
	w.post(sync, "{}").refused(t, 403, refusal, "webchat-csrf")
	w.post(sync+"&csrf_token=a", "{}").ok(t, nil)
	w.post(sync+"&csrf_token=a", "{}", cookie("CTOKEN=a")).ok(t, nil)
	w.post(sync+"&csrf_token=a", "{}", cookie("CTOKEN=b")).refused(t, 403, refusal, "webchat-csrf")
	w.get("v1.2/conversations").ok(t, nil)
	w.post("v1.2/login", "", cookie("SPC_U=50000123")).ok(t, nil)
}

// Proves: shopee/credential
func TestARequestSaysWhoseItIs(t *testing.T) {
	t.Parallel()
	made := func(method, path, body string, change ...func(*http.Request)) *http.Request {
		r := httptest.NewRequest(method, "/shopee/webchat/api/"+path, strings.NewReader(body))
		for _, f := range change {
			f(r)
		}
		return r
	}
	require.Equal(t, []string{"webchat:T", "user:5"}, webchat.Credential(made("GET", "v1/conversations", "", header("Authorization", "Bearer T"), cookie("SPC_U=5"))))
	require.Equal(t, []string{"user:5"}, webchat.Credential(made("POST", "v1.2/login", "", cookie("SPC_U=5"))))
	require.Empty(t, webchat.Credential(made("POST", "v1.2/login", credentials("demo_shop", "x"))))
	require.Empty(t, webchat.Credential(made("POST", "v1/sessions", "no JSON")))

	body := credentials("demo_shop", strings.Repeat("x", 3000))
	r := made("POST", "v1/sessions", body)
	for range 2 {
		require.Equal(t, []string{"account:demo_shop"}, webchat.Credential(r))
	}
	left, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	require.Equal(t, body, string(left))

	long := credentials("demo_shop", strings.Repeat("x", 1<<20))
	r = made("POST", "v1/sessions", long)
	webchat.Credential(r)
	left, err = io.ReadAll(r.Body)
	require.NoError(t, err)
	require.True(t, bytes.Equal([]byte(long), left))
	seen := made("POST", "v1/sessions", body)
	webchat.Credential(seen)
	looked := seen.Body
	webchat.Credential(seen)
	require.Same(t, looked, seen.Body, "a second look wraps nothing again")
	require.Implements(t, (*interface{ Unwrap() io.ReadCloser })(nil), looked, "what is beneath is known")
	require.Equal(t, []string{"webchat:T", "user:7", "account:a"}, webchat.Owned(shop.Shop{UserID: 7, Account: "a", Login: shop.Login{Token: "T"}}))
}
