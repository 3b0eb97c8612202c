package shop

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
)

// Proves: shopee/old-access-token, shopee/endless-fixture-tokens
func TestATokenWithoutEndOutlivesARefreshes(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-asked", nil)
	app, first := ShopOf(d.Store.Sellers()[0]).App, ShopOf(d.Store.Sellers()[0]).AccessToken()
	require.True(t, first.Until.IsZero())
	refresh := first.Refresh
	for range 2 * maxTokens {
		next, err := Refresh(d.World, app.PartnerID, theShop.ID, refresh)
		require.NoError(t, err)
		refresh = next.Refresh
	}
	its := ShopOf(d.Store.Sellers()[0])
	_, known, over := its.Token(first.Value, d.Clock.Now())
	require.True(t, known)
	require.False(t, over)
	require.Len(t, its.Tokens, maxTokens)
}

func TestOfTooManyTokensThoseGoFirstWhoseTimeIsOver(t *testing.T) {
	t.Parallel()
	var list []Token
	for i := range maxTokens {
		token := Token{Value: fmt.Sprint(i), Until: midday.Add(AccessLife), Refresh: "r", RefreshUntil: midday.Add(RefreshLife)}
		switch i {
		case 3:
			token.Until = token.Until.Add(-AccessLife) // its refresh token lives
		case 5:
			token.Until, token.RefreshUntil = midday, midday
		case 7:
			token.Until, token.Refresh = midday, ""
		}
		list = append(list, token)
	}
	gone := func(value string) {
		t.Helper()
		list = appended(list, Token{Value: "new", Until: midday.Add(AccessLife)}, midday)
		require.Len(t, list, maxTokens)
		for _, token := range list {
			require.NotEqual(t, value, token.Value)
		}
		require.Equal(t, "new", list[maxTokens-1].Value)
	}
	for _, value := range []string{"5", "7", "0", "1"} {
		gone(value)
	}
}

// Proves: shopee/refresh-unlinked
func TestARefreshDoesNotLinkAShopAgain(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-asked", nil)
	its := ShopOf(d.Store.Sellers()[0])
	refresh := its.AccessToken().Refresh
	d.mustAct("shop.set", `{"state":"unlinked"}`)
	_, err := Refresh(d.World, its.App.PartnerID, its.ID, refresh)
	require.ErrorIs(t, err, ErrUnlinked)
	d.mustAct("shop.set", `{"state":"normal"}`)
	_, err = Refresh(d.World, its.App.PartnerID, its.ID, refresh)
	require.NoError(t, err, "it was not used up")
}

// Proves: shopee/app-state-errors
func TestShopsOfAnAppAreAlwaysInOneState(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-asked", nil)
	first := d.Store.Sellers()[0]
	for i := range 20 {
		its := ShopOf(first)
		its.ID += int64(1000 + i)
		first.ID = Key(its.ID)
		first.Name, first.Ext = "more-"+first.ID, its
		d.apply(chat.SellerAdded{At: midday, Seller: first})
	}
	for range 30 {
		var all sync.WaitGroup
		for _, state := range []string{AppDeleted, AppSuspended, AppRestricted} {
			all.Go(func() { _, _ = d.act("app.set", `{"state":"`+state+`"}`) })
		}
		all.Go(func() { _, _ = d.act("token.expire", `{"token":"access"}`) })
		all.Wait()
		shops := ofApp(d.Store, ShopOf(first).App.PartnerID)
		require.Greater(t, len(shops), 20)
		for _, s := range shops {
			require.Equal(t, ShopOf(shops[0]).App, ShopOf(s).App)
		}
	}
}
