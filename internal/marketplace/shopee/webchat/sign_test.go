package webchat_test

import (
	"crypto/md5"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// taiwan is the pair of users of the recorded calls.
const taiwan = `
sellers: [{name: demo, shop_id: 151549728, user_id: 151551554, region: TW, username: shop_one}]
buyers: [{id: "231156449", name: shop_two, shop_id: 231151763}]
chats: [{buyer: "231156449", messages: [{text: 請問有現貨嗎, at: -1h}]}]
`

const (
	sendTarget    = "v1.2/messages?_uid=0-231156449&_v=4.7.0"
	historyTarget = "v1.2/conversations/650908968319134433/messages?shop_id=151549728&offset=0&limit=20&direction=older&_s=4&_uid=0-151551554&_v=4.7.0"
	hello         = `{"request_id":"46aa9165-cdad-4547-8f84-b553627321ba","to_id":231156449,"type":"text","content":{"text":"Hello"}}`
)

// signedWorld is one whose token is TOKEN.
func signedWorld(t *testing.T, mode string) *testWorld {
	w := newWorld(t, taiwan, map[string]string{"x-s": mode})
	w.change("", func(s *shop.Shop) { s.Login.Token = "TOKEN" })
	w.token = "TOKEN"
	return w
}

func (w *testWorld) signed(version, sum string) []func(*http.Request) {
	return []func(*http.Request){header("x-v", version), header("x-s", sum)}
}

// Proves: shopee/x-s-path-only, shopee/x-s-with-token
func TestACallHasTheSignatureOfOneOfTheFormulas(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, version, pathOnly, withToken string
		call                               func(w *testWorld, change ...func(*http.Request)) reply
	}{
		{
			"a send with the third salt", "3", "96acc123b7e41dcbeeeb3e6a7f4fb95d", "2a1091a7077e15d9d369b8fab917ac7e",
			func(w *testWorld, change ...func(*http.Request)) reply { return w.post(sendTarget, hello, change...) },
		},
		{
			"a send with the fourth salt", "4", "c1bbc6acff21c04ed6c7a403ae50deb8", "ec9875a06475b8b8fc5eea930058c659",
			func(w *testWorld, change ...func(*http.Request)) reply { return w.post(sendTarget, hello, change...) },
		},
		{
			"the recorded read", "3", "00860190bd48ef5001e89e4142b490d5", "eedc4c2a1eafc72d7b42ec2cd039f17a",
			func(w *testWorld, change ...func(*http.Request)) reply { return w.get(historyTarget, change...) },
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path, token := signedWorld(t, "path-only"), signedWorld(t, "with-token")
			require.Equal(t, 200, tt.call(path, path.signed(tt.version, tt.pathOnly)...).status)
			require.Equal(t, 200, tt.call(token, token.signed(tt.version, tt.withToken)...).status)
			require.Equal(t, 200, tt.call(path, path.signed(tt.version, strings.ToUpper(tt.pathOnly))...).status)
			require.Equal(t, 403, tt.call(path, path.signed(tt.version, tt.withToken)...).status)
			require.Equal(t, 403, tt.call(token, token.signed(tt.version, tt.pathOnly)...).status)
			require.Equal(t, 403, tt.call(path, path.signed("1", tt.pathOnly)...).status)
			require.Equal(t, 403, tt.call(path).status)
		})
	}
}

// Proves: shopee/x-s-path-only, shopee/x-s-refusal
func TestASignatureCoversTheQueryInTheOrderSent(t *testing.T) {
	t.Parallel()
	w := signedWorld(t, "path-only")
	turned := "v1.2/messages?_v=4.7.0&_uid=0-231156449"
	w.post(turned, hello, w.signed("3", "96acc123b7e41dcbeeeb3e6a7f4fb95d")...).
		refused(t, 403, `{"error_code":"invalid_x_s","message":"invalid x-s"}`, "x-s-refusal")
}

// Proves: shopee/x-s-refusal
func TestAWrongXSIsToldWhatItIsOf(t *testing.T) {
	t.Parallel()
	path, token := signedWorld(t, "path-only"), signedWorld(t, "with-token")
	sum := md5.Sum([]byte("/shop_list" + "42990074-9a73-4459-b749-f3110d222a72"))
	pathOnly := hex.EncodeToString(sum[:])
	const none = "00000000000000000000000000000000"
	for _, tt := range []struct {
		w    *testWorld
		sign []func(*http.Request)
		why  string
	}{
		{path, nil, "x-s is missing"},
		{path, path.signed("5", pathOnly), "x-v is none of 1, 2, 3 and 4"},
		{path, path.signed("3", "x"), "x-s has not 32 hexadecimal digits"},
		{path, path.signed("3", none), "x-s is not the MD5 of what follows /webchat/api/v1.2 and the salt of x-v"},
		{token, token.signed("3", none), "x-s is not the MD5 of what follows /webchat/api/v1.2, the salt of x-v and the value of Authorization"},
		{token, token.signed("3", pathOnly), "x-s is that of the other formula; the switch x-s wants with-token"},
	} {
		require.Equal(t, tt.why, tt.w.get("v1.2/shop_list", tt.sign...).why(t).Text)
	}
}

// Proves: shopee/x-s-lenient, shopee/x-s, shopee/x-s-scope
func TestAnXSIsLookedAtAsFarAsTheSwitchSays(t *testing.T) {
	t.Parallel()
	const any32 = "5fe45e92bbc183dc1d84b8d68282f170"
	for _, tt := range []struct {
		name, mode, target string
		change             []func(*http.Request)
		status             int
	}{
		{"lenient takes none", "lenient", historyTarget, nil, 200},
		{"lenient takes any 32 digits", "lenient", historyTarget, []func(*http.Request){header("x-v", "3"), header("x-s", any32)}, 200},
		{"lenient wants x-v beside it", "lenient", historyTarget, []func(*http.Request){header("x-s", any32)}, 403},
		{"lenient wants an x-v up to 4", "lenient", historyTarget, []func(*http.Request){header("x-v", "5"), header("x-s", any32)}, 403},
		{"lenient wants 32 digits", "lenient", historyTarget, []func(*http.Request){header("x-v", "3"), header("x-s", any32[1:])}, 403},
		{"lenient wants hexadecimal ones", "lenient", historyTarget, []func(*http.Request){header("x-v", "3"), header("x-s", any32[1:]+"g")}, 403},
		{"lenient lets x-v alone pass", "lenient", historyTarget, []func(*http.Request){header("x-v", "9")}, 200},
		{"off looks at nothing", "off", historyTarget, []func(*http.Request){header("x-v", "9"), header("x-s", "x")}, 200},
		{"v1 was never signed", "path-only", "v1/conversations?direction=older", nil, 200},
		{"the logins of v1.2 have no token to sign with", "path-only", "v1/messages/unread-count", nil, 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := signedWorld(t, tt.mode)
			require.Equal(t, tt.status, w.get(tt.target, tt.change...).status)
		})
	}
	w := signedWorld(t, "with-token")
	w.token = ""
	require.Equal(t, 200, w.post("v1.2/login", "", cookie("SPC_U=151551554")).status)
}

// Proves: shopee/x-s-salts
func TestEachVersionHasItsSalt(t *testing.T) {
	t.Parallel()
	w := signedWorld(t, "path-only")
	for version, salt := range map[string]string{
		"1": "396c15ad-6d3e-4018-98be-cef58cb45cd0", "2": "607c871d-b766-4c6f-ba89-b6c6ca32b156",
		"3": "42990074-9a73-4459-b749-f3110d222a72", "4": "5702b6f3-62a3-44d2-abe8-fece100a8bf4",
	} {
		sum := md5.Sum([]byte("/shop_list" + salt))
		require.Equal(t, 200, w.get("v1.2/shop_list", w.signed(version, hex.EncodeToString(sum[:]))...).status, version)
	}
}

// Proves: shopee/webchat-guard-order
func TestOfSeveralMistakesTheFirstIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, taiwan, map[string]string{
		"webchat-auth": "bearer-and-cookie", "x-s": "path-only", "webchat-csrf": "require", "webchat-anti-fraud": "require",
	})
	good := "v1.2/messages?shop_id=5"
	sum := func(target string) func(*http.Request) {
		digest := md5.Sum([]byte(strings.TrimPrefix(target, "v1.2") + "42990074-9a73-4459-b749-f3110d222a72"))
		return func(r *http.Request) {
			r.Header.Set("x-v", "3")
			r.Header.Set("x-s", hex.EncodeToString(digest[:]))
		}
	}
	fraud := func(r *http.Request) {
		for _, name := range []string{"af-ac-enc-dat", "x-sz-sdk-version", "x-sap-ri", "x-sap-sec", "af-ac-enc-sz-token"} {
			r.Header.Set(name, "x")
		}
	}
	const csrf = "&csrf_token=a"
	own := "v1.2/messages?shop_id=151549728" + csrf
	for _, tt := range []struct {
		claim, target string
		change        []func(*http.Request)
	}{
		{"webchat-unauthorized", good, []func(*http.Request){header("Authorization", "")}},
		{"webchat-auth", good, nil},
		{"x-s-refusal", good, []func(*http.Request){cookie("SPC_U=151551554")}},
		{"webchat-csrf", good, []func(*http.Request){cookie("SPC_U=151551554"), sum(good)}},
		{"webchat-anti-fraud", good + csrf, []func(*http.Request){cookie("SPC_U=151551554"), sum(good + csrf)}},
		{"webchat-foreign-shop", good + csrf, []func(*http.Request){cookie("SPC_U=151551554"), sum(good + csrf), fraud}},
		{"webchat-invalid", own, []func(*http.Request){cookie("SPC_U=151551554"), sum(own), fraud}},
	} {
		var why marketplace.Reasoned
		require.ErrorAs(t, w.post(tt.target, "{", tt.change...).err, &why)
		require.Equal(t, "shopee/"+tt.claim, why.Reason().Claim)
	}
}

// Proves: shopee/webchat-prefix, shopee/webchat-generations, shopee/webchat-hosts
func TestEveryGenerationHasItsPaths(t *testing.T) {
	t.Parallel()
	w := newWorld(t, taiwan, nil)
	for _, target := range []string{
		"v1/conversations", "v1.2/conversations", "v1.2/mini/conversations/" + pair + "/messages", "v1.1/mini/conversation/unread-count",
		"v1/messages/unread-count", "v1/sc/messages/unread-count", "v1.2/mini/shop_list", "workbenchapi/v1.2/sc/chat_setting",
	} {
		w.get(target).ok(t, nil)
	}
	for _, target := range []string{"v1/messages", "v1.1/messages", "v1.1/mini/messages", "v1.2/messages", "v1.2/mini/messages"} {
		w.post(target, hello).ok(t, nil)
	}
	require.Nil(t, w.api.Paths("/api/v2/sellerchat/get_message"))
	for _, host := range []string{"seller.xiapi.shopee.cn", "seller.sg.shopee.cn", "seller.shopee.tw", "banhang.shopee.vn"} {
		require.Contains(t, w.api.Hosts(), host)
	}
}
