package shop

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// plain posts a message through the control API.
func (d *domain) plain(conversation string, in marketplace.MessageInput) []chat.Message {
	d.t.Helper()
	applied, err := d.Store.Change(conversation, func(ch chat.Chat) ([]chat.Event, error) {
		return Player{}.PostMessage(d.World, ch, in)
	})
	require.NoError(d.t, err)
	var out []chat.Message
	for _, a := range applied {
		if e, ok := a.Event.(chat.MessagePosted); ok {
			out = append(out, e.Message)
		}
	}
	return out
}

func (d *domain) opens(in marketplace.ChatInput) (chat.Chat, error) {
	d.t.Helper()
	events, err := Player{}.OpenChat(d.World, in)
	if err != nil {
		return chat.Chat{}, err
	}
	d.apply(events...)
	return d.get(events[len(events)-1].(chat.ChatOpened).Chat.ID), nil
}

func (d *domain) buys(in marketplace.OrderInput) (chat.Order, error) {
	d.t.Helper()
	events, err := Player{}.PlaceOrder(d.World, in)
	if err != nil {
		return chat.Order{}, err
	}
	d.apply(events...)
	return events[len(events)-1].(chat.OrderPlaced).Order, nil
}

// Proves: shopee/conversation-id, shopee/business-types
func TestAConversationIsOfAShopAndABuyer(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-asked", nil)
	for name, tt := range map[string]struct {
		in       marketplace.ChatInput
		buyer    string
		business int
	}{
		"with a known buyer":         {marketplace.ChatInput{Buyer: "231156450"}, "231156450", 0},
		"with a new buyer":           {marketplace.ChatInput{Buyer: "5", Type: "buyer"}, "5", 0},
		"with an affiliate":          {marketplace.ChatInput{Buyer: "6", Type: "affiliate"}, "6", 11},
		"about an order":             {marketplace.ChatInput{Order: "260918KJ7XN2PR"}, "231156452", 0},
		"of another shop":            {marketplace.ChatInput{Seller: "second", Buyer: "231156449"}, "231156449", 0},
		"with another shop's user":   {marketplace.ChatInput{Buyer: "210004004"}, "210004004", 0},
		"with an id that is its own": {marketplace.ChatInput{ID: Key(ConversationID(210004003, 7)), Buyer: "7"}, "7", 0},
		"with somebody":              {marketplace.ChatInput{}, "", 0},
	} {
		ch, err := d.opens(tt.in)
		require.NoError(t, err, name)
		if tt.buyer != "" {
			require.Equal(t, tt.buyer, ch.Buyer, name)
		}
		seller, _ := d.Store.Seller(ch.Seller)
		require.Equal(t, Key(ConversationID(ShopOf(seller).UserID, Number(ch.Buyer))), ch.ID, name)
		require.Equal(t, tt.business, ConversationOf(&ch).Business, name)
		buyer, found := d.Store.Buyer(ch.Buyer)
		require.True(t, found, name)
		require.NotEmpty(t, buyer.Name, name)
		require.NotEqual(t, Number(buyer.ID), CustomerOf(buyer).ShopID, name)
	}
	for name, in := range map[string]marketplace.ChatInput{
		"one that is there":          {Buyer: "231156449"},
		"an order that is not there": {Order: "260918KJ7XN2PZ"},
		"another shop's order":       {Seller: "demo", Order: "260918KJ7XN2PR"},
		"another buyer's order":      {Buyer: "5", Order: "260918KJ7XN2PQ"},
		"a buyer who is no number":   {Buyer: "anna"},
		"a buyer beyond":             {Buyer: "2147483648"},
		"the shop itself":            {Buyer: "210004003"},
		"a type that is none":        {Buyer: "8", Type: "FBS"},
		"an id that is another's":    {Buyer: "8", ID: "9"},
		"a shop that is not there":   {Buyer: "8", Seller: "third"},
	} {
		_, err := d.opens(in)
		var input *marketplace.InputError
		require.ErrorAs(t, err, &input, name)
		require.NotEmpty(t, input.Field, name)
	}
}

// Proves: shopee/order-sn
func TestOrdersOfTheControlAPI(t *testing.T) {
	t.Parallel()
	d := played(t, "empty", nil)
	paid := midday.Add(-time.Hour)
	order, err := d.buys(marketplace.OrderInput{ID: "260918KJ7XN2PQ", Buyer: "5", Paid: &paid})
	require.NoError(t, err)
	require.Equal(t, []any{"5", paid, ""}, []any{order.Buyer, order.Placed, order.Scheme})
	minted, err := d.buys(marketplace.OrderInput{Seller: "second"})
	require.NoError(t, err)
	require.Regexp(t, `^261005[0-9A-Z]{8}$`, minted.ID)
	require.Regexp(t, `^\d{9}$`, minted.Buyer)
	require.Equal(t, "210004002", minted.Seller)
	for _, in := range []marketplace.OrderInput{{ID: "260918KJ7XN2PQ"}, {ID: "x"}, {Seller: "third"}, {Buyer: "anna"}, {Scheme: "FBS"}} {
		_, err := d.buys(in)
		require.Error(t, err, in)
	}
	events, err := Player{}.ReturnOrder(d.World, order, midday)
	require.NoError(t, err)
	d.apply(events...)
	order, _ = d.Store.Order(order.ID)
	require.Equal(t, midday, order.Returned)
	require.True(t, OrderOf(order).ReturnOpen)
	require.JSONEq(t, `{"order_sn":"260918KJ7XN2PQ","return_open":false}`, d.mustAct("return.close", `{"order":"260918KJ7XN2PQ"}`))
	order, _ = d.Store.Order(order.ID)
	require.False(t, OrderOf(order).ReturnOpen)
	require.JSONEq(t, `{"order_sn":"260918KJ7XN2PQ","return_open":true}`, d.mustAct("return.open", `{"order":"260918KJ7XN2PQ"}`))
}

// Proves: shopee/message-shape, shopee/media-urls
func TestPlayedMessages(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-asked", nil)
	conversation := d.between("demo", "231156449").ID
	for name, tt := range map[string]struct {
		in     marketplace.MessageInput
		role   chat.Role
		kind   string
		source string
	}{
		"the buyer":        {marketplace.MessageInput{Text: "x"}, chat.RoleBuyer, TypeText, SourceApp},
		"the shop":         {marketplace.MessageInput{From: "seller", Text: "x"}, chat.RoleSeller, TypeText, SourceWebchat},
		"the chatbot":      {marketplace.MessageInput{From: "bot", Text: "x"}, chat.RoleBot, TypeText, SourceChatbot},
		"the platform":     {marketplace.MessageInput{From: "marketplace", Text: "x"}, chat.RoleMarketplace, TypeNotification, SourceWebchat},
		"a picture":        {marketplace.MessageInput{File: &marketplace.FileInput{Name: "a.jpg", Blob: "b1"}}, chat.RoleBuyer, TypeImage, SourceApp},
		"a film":           {marketplace.MessageInput{File: &marketplace.FileInput{Name: "a.mp4", Blob: "b1"}}, chat.RoleBuyer, TypeVideo, SourceApp},
		"a far picture":    {marketplace.MessageInput{File: &marketplace.FileInput{Name: "a.png", URL: "https://x/a.png"}}, chat.RoleBuyer, TypeImage, SourceApp},
		"a film elsewhere": {marketplace.MessageInput{File: &marketplace.FileInput{Name: "a.mp4", URL: "https://x/a.mp4"}}, chat.RoleBuyer, TypeVideo, SourceApp},
	} {
		m := d.plain(conversation, tt.in)
		require.Len(t, m, 1, name)
		its := MessageOf(m[0])
		require.Equal(t, []any{tt.role, tt.kind, tt.source, StatusNormal}, []any{m[0].From.Role, its.Type, its.Source, its.Status}, name)
		switch {
		case tt.in.File == nil:
			require.Empty(t, m[0].Files)
		case its.Type == TypeImage:
			require.Equal(t, Link(d.World, its.Content.Image.URL), strings.Replace(its.Content.Image.URL, "/file/", d.BaseURL+"/file/", 1))
		default:
			require.NotEmpty(t, its.Content.Video.URL)
		}
	}
	seen := map[string]bool{}
	for _, m := range d.all(conversation) {
		require.False(t, seen[MessageOf(m).RequestID])
		seen[MessageOf(m).RequestID] = true
	}
	for name, in := range map[string]marketplace.MessageInput{
		"nothing":               {},
		"nobody":                {From: "courier", Text: "x"},
		"a text and a file":     {Text: "x", File: &marketplace.FileInput{Name: "a.jpg"}},
		"a file without a name": {File: &marketplace.FileInput{}},
		"a file in a folder":    {File: &marketplace.FileInput{Name: "a/b.jpg"}},
		"a file of no kind":     {File: &marketplace.FileInput{Name: "a.pdf"}},
		"no address":            {File: &marketplace.FileInput{Name: "a.jpg", URL: "ftp://x"}},
	} {
		_, err := Player{}.PostMessage(d.World, d.get(conversation), in)
		var input *marketplace.InputError
		require.ErrorAs(t, err, &input, name)
	}
}

// Proves: shopee/auto-reply, shopee/autoreply-rules, shopee/unread-count
func TestTheShopAnswersByItselfOnceADay(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-chatbot", nil)
	says := func(seller, buyer string) (out []string) {
		for _, m := range d.plain(d.between(seller, buyer).ID, marketplace.MessageInput{Text: "x"})[1:] {
			out = append(out, MessageOf(m).Status+" "+m.Text)
		}
		return out
	}
	const auto = "auto_reply Welcome to Kettle & Leaf! We answer from 9 to 18 😊"
	require.Equal(t, []string{auto}, says("demo", "231156449"))
	require.Equal(t, 1, d.between("demo", "231156449").Unread, "what the shop says is nothing to read")
	require.Empty(t, says("demo", "231156449"))
	d.advance(24*time.Hour - time.Second)
	require.Empty(t, says("demo", "231156449"))
	d.advance(time.Second)
	require.Equal(t, []string{auto}, says("demo", "231156449"))
	d.advance(23 * time.Hour)
	d.plays(d.between("demo", "231156449").ID, `"from":"shop-app","text":"x"`)
	d.advance(2 * time.Hour)
	require.Empty(t, says("demo", "231156449"), "a person has answered")

	require.Equal(t, []string{"offwork_autoreply We are out of office until 9."}, says("offwork", "231156450"))
	require.Empty(t, says("offwork", "231156450"))
	require.Equal(t, []string{"normal " + chatbotAnswer}, says("bot", "231156451"))
	require.Equal(t, []string{"normal " + chatbotAnswer}, says("bot", "231156451"), "to everything")
	d.mustAct("chatbot.end", `{"chat":"`+d.between("bot", "231156451").ID+`"}`)
	require.Empty(t, says("bot", "231156451"))
	d.mustAct("autoreply.set", `{"seller":"bot","kind":"auto","enabled":true,"text":"Halo!"}`)
	d.advance(25 * time.Hour)
	require.Equal(t, []string{"auto_reply Halo!"}, says("bot", "231156451"))
	require.Empty(t, d.plain(d.between("bot", "231156451").ID, marketplace.MessageInput{From: "seller", Text: "x"})[1:])
}

// Proves: shopee/webchat-closed
func TestWhoWritesIntoAClosedConversationOpensIt(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-closed", nil)
	conversation := d.between("demo", "231156449").ID
	require.False(t, d.get(conversation).Closed.IsZero())
	d.plain(conversation, marketplace.MessageInput{Text: "One more question"})
	require.True(t, d.get(conversation).Closed.IsZero())
}

// Proves: shopee/push-test-silent, shopee/push-per-app
func TestAnAddressIsSavedAsTold(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-asked", nil)
	no := false
	for _, tt := range []struct {
		in    marketplace.WebhookInput
		on    bool
		types []string
		told  string
	}{
		{marketplace.WebhookInput{Seller: "second", URL: "http://127.0.0.1:9/x"}, true, pushEvents, "210004002"},
		{marketplace.WebhookInput{URL: "https://x", Enabled: &no, Types: []string{pushMessage}}, false, []string{pushMessage}, "210004001"},
	} {
		events, err := Player{}.SetWebhook(d.World, tt.in, nil)
		require.NoError(t, err)
		hook := events[0].(chat.WebhookSaved).Webhook
		require.Equal(t, []any{tt.on, tt.types, tt.told}, []any{hook.Enabled, hook.Types, hook.Seller})
		require.Equal(t, Hook{PartnerID: 2000001, On: []int{10}}, HookOf(hook))
		_, err = Player{}.SetWebhook(d.World, marketplace.WebhookInput{URL: "http://y"}, []chat.Webhook{hook})
		require.EqualError(t, err, "the app 2000001 has the address "+hook.URL+" already: an app has one, for all its shops")
		hook.Ext = Hook{PartnerID: 2000002}
		_, err = Player{}.SetWebhook(d.World, marketplace.WebhookInput{URL: "http://y"}, []chat.Webhook{hook})
		require.NoError(t, err, "another app's")
	}
	for _, in := range []marketplace.WebhookInput{{URL: "x"}, {URL: "http://x", Types: []string{"TYPE_PING"}}, {URL: "http://x", Seller: "third"}} {
		_, err := Player{}.SetWebhook(d.World, in, nil)
		require.Error(t, err)
	}
	for role, known := range map[chat.Role]bool{
		chat.RoleSeller: true, chat.RoleBuyer: true, chat.RoleMarketplace: true, chat.RoleBot: true, chat.RoleSupport: false,
	} {
		_, ok := Player{}.Author(d.between("demo", "231156449"), role)
		require.Equal(t, known, ok, role)
	}
}
