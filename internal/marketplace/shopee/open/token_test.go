package open

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace/shopee/shop"
)

func (r testReply) tokens(t *testing.T) tokens {
	t.Helper()
	var out tokens
	require.Equal(t, http.StatusOK, r.status, r.body)
	require.NoError(t, json.Unmarshal([]byte(r.body), &out))
	require.Equal(t, 14400, out.ExpireIn)
	return out
}

// Proves: shopee/auth-partner, shopee/auth-partner-shop, shopee/token-get, shopee/invalid-code, shopee/auth-code-life
// Proves: shopee/auth-links-again
func TestAShopAuthorisesAnApp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	w.change(0, func(s *shop.Shop) { s.State = shop.StateUnlinked })
	open := func(pairs ...string) url.Values {
		t.Helper()
		reply := w.get(opAuthorize, append([]string{"redirect", "https://example.test/back?x=1"}, pairs...)...)
		require.Equal(t, http.StatusFound, reply.status, reply.body)
		require.Empty(t, reply.body)
		to, err := url.Parse(reply.header.Get("Location"))
		require.NoError(t, err)
		require.Equal(t, "example.test", to.Host)
		require.Equal(t, "1", to.Query().Get("x"))
		return to.Query()
	}
	its := w.first()
	back := open()
	require.Equal(t, shop.Key(its.ID), back.Get("shop_id"))
	exchange := func(code string) testReply {
		return w.post(opGetToken, fmt.Sprintf(`{"code":%q,"shop_id":%d,"partner_id":%d}`, code, its.ID, its.App.PartnerID))
	}
	got := exchange(back.Get("code")).tokens(t)
	w.call(opCount, "", with(paramToken, got.AccessToken)).requireOK(t, nil)
	exchange(back.Get("code")).requireError(t, 403, "invalid_code", "")
	exchange("nobody").requireError(t, 403, "invalid_code", "")
	late := open().Get("code")
	w.advance(10 * time.Minute)
	exchange(late).requireError(t, 403, "invalid_code", "")

	other := shop.ShopOf(w.Store.Sellers()[1])
	require.Equal(t, shop.Key(other.ID), open("shop_id", shop.Key(other.ID)).Get("shop_id"))
	foreign := shop.ShopOf(w.Store.Sellers()[2])
	w.get(opAuthorize, "redirect", "https://example.test", "shop_id", shop.Key(foreign.ID)).requireError(t, 403, codeAuth, errShopUnknown.text)
	w.get(opAuthorize).requireError(t, 403, codeParam, "Wrong parameters, detail: redirect is invalid.")
	w.get(opAuthorize, "redirect", "javascript:alert(1)").requireError(t, 403, codeParam, "")
}

// Proves: shopee/token-refresh, shopee/refresh-token-expired, shopee/refresh-token-unknown, shopee/refresh-uses-up
// Proves: shopee/old-access-token, shopee/refresh-token-life, shopee/access-token-life
func TestTokensAreRefreshed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	its := w.first()
	refresh := func(token string) testReply {
		return w.post(opRefreshToken, fmt.Sprintf(`{"refresh_token":%q,"shop_id":"%d"}`, token, its.ID))
	}
	old := its.AccessToken()
	first := refresh(old.Refresh).tokens(t)
	w.call(opCount, "", with(paramToken, first.AccessToken)).requireOK(t, nil)
	w.call(opCount, "", with(paramToken, old.Value)).requireOK(t, nil)
	refresh(old.Refresh).requireError(t, 403, "refresh_token_expired", "")
	refresh("nobody").requireError(t, 403, "refresh_token_expired", "")
	w.advance(4 * time.Hour)
	w.call(opCount, "", with(paramToken, first.AccessToken)).requireError(t, 403, codeToken, "")
	second := refresh(first.RefreshToken).tokens(t)
	w.advance(30 * 24 * time.Hour)
	refresh(second.RefreshToken).requireError(t, 403, "refresh_token_expired", "")
}

func TestMistakesOfAnExchange(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	for body, code := range map[string]string{
		`{}`:                         codeParam,
		`{"code":7,"shop_id":1}`:     codeParam,
		`{"code":"x"}`:               codeParam,
		`{"code":"x","shop_id":"x"}`: codeParam,
		`{"code":"x","shop_id":1,"partner_id":1}`: codeParam,
		`{"code":"x","shop_id":1}`:                "invalid_code",
	} {
		w.post(opGetToken, body).requireError(t, 403, code, "")
	}
	w.post(opGetToken, `x`).requireError(t, 200, codeChatParam, "")
}
