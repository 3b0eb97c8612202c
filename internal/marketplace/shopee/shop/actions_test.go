package shop

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// Proves: shopee/shop-state-errors, shopee/app-state-errors
func TestShopsAndAppsAreChanged(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-asked", nil)
	require.JSONEq(t, `{"shop_id":"210004002","state":"banned","region":"ID","distributing":true,"login_state":"normal"}`,
		d.mustAct("shop.set", `{"seller":"second","state":"banned","region":"ID","distributing":true}`))
	require.JSONEq(t, `{"shop_id":"210004002","state":"banned","region":"ID","distributing":true,"login_state":"otp"}`,
		d.mustAct("login.set", `{"seller":"second","state":"otp"}`))
	require.JSONEq(t, `{"shop_id":"210004002","state":"normal","region":"ID","distributing":true,"login_state":"otp"}`,
		d.mustAct("shop.set", `{"seller":"210004002","state":"normal"}`))
	require.JSONEq(t, `{"partner_id":2000001,"state":"no-chat","networks":["192.0.2.0/24"],"own_messages":true,"shops":["210004001","210004002"]}`,
		d.mustAct("app.set", `{"state":"no-chat","networks":["192.0.2.0/24"],"own_messages":true}`))
	sellers := d.Store.Sellers()
	require.Equal(t, ShopOf(sellers[0]).App, ShopOf(sellers[1]).App)
	require.Equal(t, AppNoChat, ShopOf(sellers[0]).App.State)
	require.JSONEq(t, `{"partner_id":2000001,"state":"normal","networks":[],"own_messages":true,"shops":["210004001","210004002"]}`,
		d.mustAct("app.set", `{"state":"normal","networks":[]}`))
}

func TestActionsRefuseMistakes(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-asked", nil)
	id := d.between("demo", "231156449").ID
	for name, inputs := range map[string]map[string]string{
		"shop.set":          {`{"state":"sad"}`: "state", `{"region":"XX"}`: "region", `{"seller":"third"}`: "seller", `{"mood":1}`: "mood"},
		"app.set":           {`{"state":"sad"}`: "state", `{"networks":["home"]}`: "networks", `{"seller":"third"}`: "seller"},
		"token.expire":      {`{}`: "token", `{"token":"x"}`: "token", `{"token":"access","seller":"third"}`: "seller"},
		"auth.code":         {`{"seller":"third"}`: "seller"},
		"login.set":         {`{}`: "state", `{"state":"x"}`: "state"},
		"autoreply.set":     {`{}`: "kind", `{"kind":"x"}`: "kind", `{"kind":"auto","enabled":true}`: "text", `{"kind":"auto","enabled":true,"text":""}`: "text"},
		"subaccount.assign": {`{}`: "chat", `{"chat":1}`: "chat", `{"chat":` + id + `,"sub_account":5}`: "sub_account"},
		"chatbot.start":     {`{"chat":1}`: "chat"},
		"chatbot.end":       {`{"chat":` + id + `}`: "chat"},
		"chat.block":        {`{"chat":` + id + `}`: "by", `{"chat":` + id + `,"by":"moon"}`: "by", `{"chat":1,"by":"shop"}`: "chat"},
		"buyer.set":         {`{}`: "buyer", `{"buyer":1}`: "buyer"},
		"message.play": {
			`{"text":"x"}`: "chat", `{"chat":1,"text":"x"}`: "chat", `{"chat":` + id + `}`: "text", `{"chat":` + id + `,"from":"moon"}`: "from",
			`{"chat":` + id + `,"type":"poem"}`: "type", `{"chat":` + id + `,"type":"image"}`: "content", `{"chat":` + id + `,"status":"ok","text":"x"}`: "status",
			`{"chat":` + id + `,"source":"sky","text":"x"}`: "source", `{"chat":` + id + `,"text":"x","content":{}}`: "text",
			`{"chat":` + id + `,"text":"x","quoted":5}`: "quoted", `{"chat":` + id + `,"type":"item","content":{"item_id":"x"}}`: "content.item_id", `{"chat":` + id + `,"text":"x","about":{"order_sn":"x"}}`: "about.order_sn",
		},
		"message.moderate": {
			`{"chat":` + id + `}`: "status", `{"chat":` + id + `,"status":"ok"}`: "status", `{"chat":` + id + `,"status":"blocked"}`: "message",
			`{"chat":` + id + `,"message":5,"status":"blocked"}`: "message",
		},
		"return.open":  {`{}`: "order", `{"order":"x"}`: "order"},
		"return.close": {`{"order":"x"}`: "order"},
		"push.suspend": {``: "seller"},
	} {
		for input, field := range inputs {
			_, err := d.act(name, input)
			var mistake *marketplace.InputError
			require.ErrorAs(t, err, &mistake, "%s %s", name, input)
			require.Equal(t, field, mistake.Field, "%s %s", name, input)
		}
	}
}

// Claim shopee/auto-reply.
func TestAnAnswerOfNoWordsIsNotSaid(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-asked", nil)
	require.JSONEq(t, `{"shop_id":"210004001","kind":"auto","enabled":true,"text":"Back soon"}`,
		d.mustAct("autoreply.set", `{"kind":"auto","enabled":true,"text":"Back soon"}`))
	_, err := d.act("autoreply.set", `{"kind":"auto","enabled":true,"text":""}`)
	require.EqualError(t, err, "text: is missing")
	require.Contains(t, d.mustAct("autoreply.set", `{"kind":"auto"}`), "Back soon")
	require.NotContains(t, d.mustAct("autoreply.set", `{"kind":"auto","text":""}`), "Back soon")
}

func TestTheInputOfAPlayedMessageTellsItsContents(t *testing.T) {
	t.Parallel()
	content := marketplace.Property(messagePlay().Input, "content")
	require.Equal(t, "of item, which needs it", content.Properties["item_id"].Description)
	require.Equal(t, "integer", content.Properties["item_id"].Type)
	require.Nil(t, content.AdditionalProperties, "other types have other fields")
	require.Empty(t, content.Required)
	for name, field := range content.Properties {
		require.NotEmpty(t, field.Description, name)
	}
}

// Proves: shopee/blocked-by-buyer, shopee/blocked-by-shop, shopee/frozen-users, shopee/subaccount-lock
func TestConversationsAreChanged(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-subaccounts", nil)
	id := d.between("demo", "231156450").ID
	state := func(name, more string) (out chatState) {
		require.NoError(t, json.Unmarshal([]byte(d.mustAct(name, `{"chat":`+id+more+`}`)), &out))
		require.Equal(t, id, out.Chat)
		return out
	}
	require.EqualValues(t, 881002, state("subaccount.assign", `,"sub_account":881002`).SubAccount)
	require.Zero(t, state("subaccount.assign", ``).SubAccount)
	require.True(t, state("chat.block", `,"by":"buyer"`).BlockedByBuyer)
	require.True(t, state("chat.block", `,"by":"shop"`).BlockedByShop)
	require.False(t, state("chat.block", `,"by":"shop","blocked":false`).BlockedByShop)
	started := state("chatbot.start", ``)
	require.True(t, started.Chatbot)
	require.Equal(t, chat.RoleBot, d.all(id)[1].From.Role)
	require.Equal(t, Epoch("").Text(d.all(id)[1].ID), started.Message)
	_, err := d.act("chatbot.start", `{"chat":`+id+`}`)
	require.Error(t, err)
	require.False(t, state("chatbot.end", ``).Chatbot)
	require.JSONEq(t, `{"user_id":"231156450","frozen":true}`, d.mustAct("buyer.set", `{"buyer":231156450,"frozen":true}`))
	buyer, _ := d.Store.Buyer("231156450")
	require.Equal(t, Customer{ShopID: 231151764, Frozen: true}, CustomerOf(buyer))
	require.JSONEq(t, `{"user_id":"231156450","frozen":false}`, d.mustAct("buyer.set", `{"buyer":231156450}`))
}

// Proves: shopee/message-statuses, shopee/late-status
func TestAMessageIsModerated(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-types", map[string]string{switchLate: "censored"})
	id := d.between("demo", "231156449").ID
	var out messageState
	require.NoError(t, json.Unmarshal([]byte(d.mustAct("message.moderate", `{"chat":`+id+`,"status":"blocked"}`)), &out))
	require.Equal(t, messageState{Chat: id, Message: Epoch("").Text(d.all(id)[17].ID), Status: StatusBlocked}, out)
	require.Equal(t, StatusBlocked, MessageOf(d.all(id)[17]).Status)
	first := Epoch("").Text(d.all(id)[0].ID)
	d.mustAct("message.moderate", fmt.Sprintf(`{"chat":%q,"message":%q,"status":"censored_whitelist"}`, id, first))
	require.Equal(t, "censored_whitelist", StatusOf(d.all(id)[0], midday.Add(time.Hour)))
}

// Proves: shopee/access-token-life, shopee/refresh-token-life, shopee/refresh-uses-up, shopee/old-access-token
// Proves: shopee/auth-code-life, shopee/token-get, shopee/token-refresh, shopee/endless-fixture-tokens
func TestTokens(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-asked", nil)
	its := func() Shop { s, _ := d.Store.Seller("210004001"); return ShopOf(s) }
	good := func(value string) bool {
		_, known, ended := its().Token(value, d.Clock.Now())
		return known && !ended
	}
	first := its().AccessToken()
	d.advance(300 * 24 * time.Hour)
	require.True(t, good(first.Value), "those of a fixture do not end")

	next, err := Refresh(d.World, 2000001, 210004001, first.Refresh)
	require.NoError(t, err)
	require.Equal(t, next, its().AccessToken())
	require.Regexp(t, `^[0-9a-f]{32}$`, next.Value)
	require.Regexp(t, `^[0-9a-f]{32}$`, next.Refresh)
	require.NotEqual(t, next.Value, next.Refresh)
	require.True(t, good(first.Value), "the old one lives on")
	_, err = Refresh(d.World, 2000001, 210004001, first.Refresh)
	require.ErrorIs(t, err, ErrNoRefresh)
	for _, wrong := range [][2]int64{{2000002, 210004001}, {2000001, 210004002}, {2000001, 5}} {
		_, err = Refresh(d.World, wrong[0], wrong[1], next.Refresh)
		require.ErrorIs(t, err, ErrNoRefresh)
	}
	_, err = Refresh(d.World, 2000001, 210004001, "")
	require.ErrorIs(t, err, ErrNoRefresh)
	d.advance(4*time.Hour - time.Second)
	require.True(t, good(next.Value))
	d.advance(time.Second)
	require.False(t, good(next.Value))
	d.advance(30*24*time.Hour - 4*time.Hour)
	_, err = Refresh(d.World, 2000001, 210004001, next.Refresh)
	require.ErrorIs(t, err, ErrRefreshEnded)

	var code codeState
	for range 2 {
		require.NoError(t, json.Unmarshal([]byte(d.mustAct("auth.code", ``)), &code))
	}
	require.EqualValues(t, 210004001, code.ShopID)
	require.Len(t, its().Codes, 2)
	_, err = UseCode(d.World, 2000001, 210004002, code.Code)
	require.ErrorIs(t, err, ErrNoCode)
	given, err := UseCode(d.World, 2000001, 210004001, code.Code)
	require.NoError(t, err)
	require.True(t, good(given.Value))
	_, err = UseCode(d.World, 2000001, 210004001, code.Code)
	require.ErrorIs(t, err, ErrNoCode, "once")
	late, _, err := GiveCode(d.World, "demo")
	require.NoError(t, err)
	d.advance(10 * time.Minute)
	_, err = UseCode(d.World, 2000001, 210004001, late)
	require.ErrorIs(t, err, ErrNoCode)
	_, _, ended := its().Token("", d.Clock.Now())
	require.False(t, ended)
	require.Zero(t, Shop{}.AccessToken())
}

func TestSecretsOfAShopAreNeverTheSame(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-asked", nil)
	seen := map[string]bool{}
	for range 2 * maxTokens {
		code, _, err := GiveCode(d.World, "")
		require.NoError(t, err)
		given, err := UseCode(d.World, 2000001, 210004001, code)
		require.NoError(t, err)
		for _, secret := range []string{code, given.Value, given.Refresh} {
			require.False(t, seen[secret])
			seen[secret] = true
		}
	}
	s, _ := d.Store.Seller("210004001")
	require.Len(t, ShopOf(s).Tokens, maxTokens)
}

// Proves: shopee/token-error, shopee/webchat-token-not-found, shopee/webchat-token
func TestTokensAreEnded(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-feed", nil)
	its := func(i int) Shop { return ShopOf(d.Store.Sellers()[i]) }
	require.JSONEq(t, `{"shop_id":"210004001","token":"access"}`, d.mustAct("token.expire", `{"token":"access"}`))
	require.Equal(t, midday, its(0).AccessToken().Until)
	require.Zero(t, its(0).AccessToken().RefreshUntil)
	next, err := Refresh(d.World, 2000001, 210004001, its(0).AccessToken().Refresh)
	require.NoError(t, err)
	_, known, ended := its(0).Token(next.Value, midday)
	require.True(t, known && !ended)
	d.mustAct("token.expire", `{"token":"refresh","seller":"second"}`)
	_, err = Refresh(d.World, 2000001, 210004002, its(1).AccessToken().Refresh)
	require.ErrorIs(t, err, ErrRefreshEnded)
	before := its(0).Login.Token
	d.mustAct("token.expire", `{"token":"webchat","seller":"third"}`)
	require.NotEqual(t, before, its(0).Login.Token)
	require.Equal(t, its(0).Login.Token, its(2).Login.Token, "one login, one token")
	again := its(0).Login.Token
	d.mustAct("token.expire", `{"token":"webchat"}`)
	require.NotEqual(t, again, its(0).Login.Token)
}
