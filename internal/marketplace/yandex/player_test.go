package yandex

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

func (w *testWorld) opens(in marketplace.ChatInput) (chat.Chat, error) {
	w.t.Helper()
	events, err := w.api.Player().OpenChat(w.World, in)
	if err != nil {
		return chat.Chat{}, err
	}
	w.apply(events...)
	return w.chat(events[len(events)-1].(chat.ChatOpened).Chat.ID), nil
}

// Proves: yandex/arbitrage-not-direct, yandex/chat-ids-8-digits
func TestABuyerOpensChats(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-orders", nil)
	for name, tt := range map[string]struct {
		in   marketplace.ChatInput
		want chatExt
	}{
		"about an order": {
			marketplace.ChatInput{Order: "5002"}, chatExt{Context: contextOrder, Type: typeChat, Status: statusNew, Campaign: 3002, Order: 5002},
		},
		"about a return": {
			marketplace.ChatInput{Order: "return-7001"},
			chatExt{Context: contextReturn, Type: typeChat, Status: statusNew, Campaign: 3001, Order: 5001, Return: 7001},
		},
		"about nothing":   {marketplace.ChatInput{}, chatExt{Context: contextDirect, Type: typeChat, Status: statusNew}},
		"by name":         {marketplace.ChatInput{Type: contextDirect, Buyer: "x1y2z3"}, chatExt{Context: contextDirect, Type: typeChat, Status: statusNew}},
		"by name again":   {marketplace.ChatInput{Buyer: "x1y2z3"}, chatExt{Context: contextDirect, Type: typeChat, Status: statusNew}},
		"with an id":      {marketplace.ChatInput{ID: "77"}, chatExt{Context: contextDirect, Type: typeChat, Status: statusNew}},
		"a dispute":       {marketplace.ChatInput{Order: "5001", Type: typeArbitrage}, chatExt{Context: contextOrder, Type: typeArbitrage, Status: statusArbiter, Campaign: 3001, Order: 5001}},
		"another cabinet": {marketplace.ChatInput{Seller: "second", Buyer: "n1"}, chatExt{Context: contextDirect, Type: typeChat, Status: statusNew}},
	} {
		ch, err := w.opens(tt.in)
		require.NoError(t, err, name)
		ext := extOfChat(&ch)
		ext.Step = ""
		require.Equal(t, tt.want, ext, name)
		require.Regexp(t, `^(77|[2-9]\d{7})$`, ch.ID)
		buyer, found := w.Store.Buyer(ch.Buyer)
		require.True(t, found, name)
		require.NotEmpty(t, buyer.Name, name)
	}
	for name, in := range map[string]marketplace.ChatInput{
		"an order that is not there":  {Order: "1"},
		"a chat that is there":        {Order: "5002"},
		"a seller that is not there":  {Seller: "third"},
		"another seller's order":      {Seller: "2002", Order: "5003"},
		"a type that is none":         {Order: "5003", Type: "TALK"},
		"a direct dispute":            {Type: typeArbitrage},
		"a direct chat with an order": {Type: contextDirect, Order: "5003"},
		"an id that is no number":     {ID: "x"},
	} {
		_, err := w.opens(in)
		var input *marketplace.InputError
		require.ErrorAs(t, err, &input, name)
		require.NotEmpty(t, input.Field, name)
	}
}

func TestOrdersAndReturns(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "empty", nil)
	place := func(in marketplace.OrderInput) (chat.Order, error) {
		events, err := w.api.Player().PlaceOrder(w.World, in)
		if err != nil {
			return chat.Order{}, err
		}
		w.apply(events...)
		return events[len(events)-1].(chat.OrderPlaced).Order, nil
	}
	paid := noon.Add(-time.Hour)
	order, err := place(marketplace.OrderInput{ID: "5001", Buyer: "x1", Scheme: modelExpress, Paid: &paid})
	require.NoError(t, err)
	require.Equal(t, orderExt{Campaign: 3004, Order: 5001}, extOfOrder(order))
	require.Equal(t, paid, order.Placed)
	minted, err := place(marketplace.OrderInput{Seller: "second"})
	require.NoError(t, err)
	require.Regexp(t, `^[1-9]\d{8}$`, minted.ID)
	require.Equal(t, modelFBS, minted.Scheme)
	require.NotEmpty(t, minted.Buyer)
	for _, in := range []marketplace.OrderInput{{ID: "5001"}, {ID: "x"}, {ID: "-1"}, {Scheme: "FBO"}, {Seller: "third"}} {
		_, err := place(in)
		require.Error(t, err, in)
	}

	for _, want := range []string{"return-7001", "return-7002"} {
		events, err := w.api.Player().ReturnOrder(w.World, order, noon)
		require.NoError(t, err)
		w.apply(events...)
		back, found := w.Store.Order(want)
		require.True(t, found)
		require.Equal(t, "x1", back.Buyer)
		require.EqualValues(t, 5001, extOfOrder(back).Order)
		_, err = w.api.Player().ReturnOrder(w.World, back, noon)
		require.Error(t, err, "a return is not given back")
	}
	order, _ = w.Store.Order("5001")
	require.Equal(t, noon, order.Returned)
	require.JSONEq(t, `{"return":7009,"order":5001,"id":"return-7009"}`, w.mustAct("return.create", `{"order":5001,"id":7009}`))
	require.JSONEq(t, `{"return":7003,"order":5001,"id":"return-7003"}`, w.mustAct("return.create", `{"order":"5001"}`))
	for _, in := range []string{`{"order":5001,"id":7009}`, `{"order":1}`, `{"order":5001,"id":"x"}`, `{"order":"return-7001"}`, `{"order":true}`, `{"orders":1}`} {
		_, err := w.act("return.create", in)
		require.Error(t, err, in)
	}
}

func TestPlayedMessages(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", nil)
	m := w.play(someChat, marketplace.MessageInput{File: &marketplace.FileInput{Name: "a.jpg", Content: []byte("abc")}})
	require.Equal(t, chat.Author{Role: chat.RoleBuyer, ID: "x1y2z3"}, m.From)
	require.EqualValues(t, 3, m.Files[0].Size)
	require.Equal(t, "image/jpeg", m.Files[0].ContentType)
	for name, in := range map[string]marketplace.MessageInput{
		"nothing":               {},
		"nobody":                {From: "courier", Text: "x"},
		"a file without a name": {File: &marketplace.FileInput{}},
		"a file in a folder":    {File: &marketplace.FileInput{Name: "a/b"}},
		"no address":            {File: &marketplace.FileInput{Name: "a", URL: "ftp://x"}},
		"too long an address":   {File: &marketplace.FileInput{Name: "a", URL: "http://x/" + strings.Repeat("a", 2000)}},
	} {
		_, err := w.api.Player().PostMessage(w.World, w.chat(someChat), in)
		var input *marketplace.InputError
		require.ErrorAs(t, err, &input, name)
	}
	for role, known := range map[chat.Role]bool{chat.RoleSeller: true, chat.RoleSupport: true, chat.RoleCourier: false, chat.RoleBot: false} {
		_, ok := w.api.Player().Author(w.chat(someChat), role)
		require.Equal(t, known, ok, role)
	}
}

func TestSetWebhook(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", nil)
	off := false
	for _, tt := range []struct {
		in    marketplace.WebhookInput
		on    bool
		types []string
	}{
		{marketplace.WebhookInput{URL: "http://x"}, true, chatEvents},
		{marketplace.WebhookInput{URL: "http://x", Enabled: &off, Types: []string{pushSent}}, false, []string{pushSent}},
	} {
		events, err := w.api.Player().SetWebhook(w.World, tt.in, nil)
		require.NoError(t, err)
		hook := events[0].(chat.WebhookSaved).Webhook
		require.Equal(t, tt.on, hook.Enabled)
		require.Equal(t, tt.types, hook.Types)
	}
	_, err := w.api.Player().SetWebhook(w.World, marketplace.WebhookInput{URL: "x"}, nil)
	require.Error(t, err)
}

// Proves: yandex/arbitrage-begins, yandex/arbitrage-chat, yandex/arbitrage-ends, yandex/arbitrage-not-direct
// Proves: yandex/status-machine
func TestADispute(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-dispute", nil)
	var started chatState
	require.NoError(t, json.Unmarshal([]byte(w.mustAct("arbitrage.start", `{"return":7003}`)), &started))
	require.True(t, started.New)
	require.Equal(t, statusArbiter, w.status(started.Chat))
	require.Equal(t, statusPartner, w.status("14604724"), "the chat with the buyer stays")
	in := func(text string) string { return fmt.Sprintf(`{"chat":%q,"text":%q}`, started.Chat, text) }

	var asked chatState
	require.NoError(t, json.Unmarshal([]byte(w.mustAct("arbitrage.ask", in("Пришлите фото"))), &asked))
	require.Equal(t, statusPartner, w.status(started.Chat))
	require.Equal(t, chat.RoleSupport, w.last(started.Chat).From.Role)
	require.Equal(t, fmt.Sprint(w.last(started.Chat).ID), asked.Message)
	require.Equal(t, 200, w.call(opSendMessage, "chatId="+started.Chat, `{"message":"x"}`).status)
	w.mustAct("arbitrage.finish", in("Деньги вернутся"))
	require.Equal(t, statusFinished, w.status(started.Chat))
	require.Equal(t, "Деньги вернутся", w.last(started.Chat).Text)
	w.call(opSendMessage, "chatId="+started.Chat, `{"message":"x"}`).requireError(t, 400, codeBadRequest, "Chat is closed")

	for name, inputs := range map[string][]string{
		"arbitrage.start": {
			`{}`, `{"return":7003}`, `{"return":1}`, `{"order":1}`, `{"chat":1}`, `{"chat":14604722}`,
		},
		"arbitrage.ask":        {in("x"), `{"chat":14604724,"text":"x"}`, `{"chat":14604722}`, `{"chat":1,"text":"x"}`},
		"arbitrage.finish":     {in(""), `{"chat":14604724}`},
		"chat.wait-for-market": {`{"chat":14604723}`, `{"chat":1}`},
	} {
		for _, input := range inputs {
			_, err := w.act(name, input)
			var mistake *marketplace.InputError
			require.ErrorAs(t, err, &mistake, "%s %s", name, input)
		}
	}
	w = newPlay(t, "yandex-direct", nil)
	_, err := w.act("arbitrage.start", `{"chat":14604741}`)
	require.Error(t, err)

	w = newPlay(t, "yandex-closed", map[string]string{switchArbitrageChat: "convert"})
	w.mustAct("arbitrage.start", `{"order":5001}`)
	require.Equal(t, statusArbiter, w.status("14604731"), "a finished chat goes on as a dispute")
}

// Proves: yandex/key-maximum, yandex/key-revoked, yandex/key-shape
func TestKeysComeAndGo(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", nil)
	var made keyState
	require.NoError(t, json.Unmarshal([]byte(w.mustAct("key.create", `{"name":"desk","scopes":["communication"]}`)), &made))
	require.Equal(t, "2001", made.Seller)
	require.Nil(t, checkShape(made.Value))
	send := func() testReply {
		return w.call(opSendMessage, "chatId="+someChat, `{"message":"x"}`, header("Api-Key", made.Value))
	}
	require.Equal(t, 200, send().status)
	w.mustAct("key.revoke", `{"name":"desk"}`)
	send().requireError(t, 401, codeUnauthorized, "Api-Key token is revoked")
	require.Contains(t, w.mustAct("key.revoke", `{"seller":"second"}`), `"value":"ACMA:marketmockdemomarketmockdemomarketmockde:00002011"`)
	for i := range maxKeys - 3 {
		w.mustAct("key.create", fmt.Sprintf(`{"name":"key %d"}`, i))
	}
	for name, inputs := range map[string][]string{
		"key.create": {`{"name":"one too many"}`, `{"name":"key 1"}`, `{}`, `{"name":"x","scopes":["ALL_METHODS"]}`, `{"seller":"x","name":"y"}`},
		"key.revoke": {`{"key":"x"}`, `{"name":"x"}`, `{"seller":"x"}`},
	} {
		for _, input := range inputs {
			_, err := w.act(name, input)
			var mistake *marketplace.InputError
			require.ErrorAs(t, err, &mistake, "%s %s", name, input)
		}
	}
}

// Of keys that are made at once none is lost.
func TestKeysAreMadeAtOnce(t *testing.T) {
	t.Parallel()
	for range 5 {
		w := newPlay(t, "yandex-asked", nil)
		begin := make(chan struct{})
		var group sync.WaitGroup
		for i := range maxKeys - 2 {
			group.Go(func() {
				<-begin
				_, err := w.act("key.create", fmt.Sprintf(`{"name":"key %d"}`, i))
				assert.NoError(t, err)
			})
		}
		close(begin)
		group.Wait()
		require.Len(t, extOfSeller(w.Store.Sellers()[0]).Keys, maxKeys)
	}
}

// A mistake names the field that was told, or the one that is missing.
func TestMistakesInActionsNameTheirField(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-dispute", nil)
	for _, tt := range []struct{ action, input, want string }{
		{"key.create", `{}`, "name: is missing"},
		{"key.create", `{"name":"x","scopes":[]}`, "scopes: is empty"},
		{"key.create", `{"name":"x","scopes":["pricing","pricing"]}`, `scopes: "pricing" stands here twice`},
		{"key.revoke", `{"name":"x"}`, "name: the cabinet has no such key"},
		{"key.revoke", `{"key":"x"}`, "key: the cabinet has no such key"},
		{"token.set", `{}`, "state: is missing"},
		{"token.set", `{"state":"x"}`, `state: "x" is none of valid, wrong-scope, wrong-client`},
		{"cabinet.set", `{}`, "state: is missing"},
		{"campaign.set", `{"campaign":3001}`, "availability: is missing"},
		{"campaign.set", `{"availability":"AVAILABLE"}`, "campaign: is missing"},
		{"return.create", ``, "order: is missing"},
		{"arbitrage.start", `{}`, "order: one of order, return, chat is needed"},
		{"arbitrage.start", `{"return":7001}`, "return: the chat 14604722 is the dispute about it already"},
		{"arbitrage.start", `{"chat":14604722}`, "chat: the chat 14604722 is the dispute about it already"},
		{"arbitrage.ask", `{"chat":14604722}`, "text: is missing"},
		{"arbitrage.ask", `{"text":"x"}`, "chat: is missing"},
		{"arbitrage.finish", `{}`, "chat: is missing"},
		{"chat.wait-for-market", `{}`, "chat: is missing"},
		{"notifications.connect", `{}`, "url: is missing"},
		{"notifications.connect", `{"url":"x"}`, `url: "x" is no http or https address`},
		{"notifications.ping", `{}`, "webhook: is missing"},
	} {
		_, err := w.act(tt.action, tt.input)
		var mistake *marketplace.InputError
		require.ErrorAs(t, err, &mistake, "%s %s", tt.action, tt.input)
		require.EqualError(t, err, tt.want, "%s %s", tt.action, tt.input)
	}
	_, err := w.api.Player().SetWebhook(w.World, marketplace.WebhookInput{}, nil)
	require.EqualError(t, err, "url: is missing")
	var started chatState
	require.NoError(t, json.Unmarshal([]byte(w.mustAct("arbitrage.start", `{"order":5001}`)), &started))
	_, err = w.act("arbitrage.start", `{"order":5001}`)
	require.EqualError(t, err, "order: the chat "+started.Chat+" is the dispute about it already")
}

func TestCabinetsAndStoresChange(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", nil)
	before := w.Store.Sellers()[0]
	w.mustAct("cabinet.set", `{"state":"migrating"}`)
	require.Equal(t, 423, w.call(opGetChats, "", "{}").status)
	w.mustAct("cabinet.set", `{"seller":"2001","state":"active"}`)
	w.mustAct("campaign.set", `{"campaign":3002,"availability":"MANUALLY_DISABLED"}`)
	w.mustAct("campaign.set", `{"campaign":"3011","availability":"DISABLED_BY_INACTIVITY"}`)
	require.Contains(t, w.call(opGetCampaigns, "", "").body, `"id":3002,"business":{"id":2001,"name":"Чайная лавка «Листок»"},"placementType":"FBY","apiAvailability":"MANUALLY_DISABLED"`)
	require.Equal(t, availabilityYes, extOfSeller(before).Campaigns[1].Availability, "who read it before keeps it")
	for name, input := range map[string]string{"cabinet.set": `{"state":"x"}`, "campaign.set": `{"campaign":1,"availability":"AVAILABLE"}`} {
		_, err := w.act(name, input)
		require.Error(t, err)
	}
	_, err := w.act("campaign.set", `{"campaign":3001,"availability":"x"}`)
	require.Error(t, err)
	for _, a := range w.api.Actions() {
		require.NotEmpty(t, a.Summary)
		require.NotEmpty(t, a.Input.Properties, a.Name)
	}
}
