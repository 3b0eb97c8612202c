package shop

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/fixture"
	"example.com/marketmock/internal/marketplace"
)

// section is an emulator of which only the section of world files works.
type section struct{ marketplace.Emulator }

func (section) Name() string                        { return "shopee" }
func (section) Fixture() marketplace.FixtureSection { return Fixture() }

func worldEnv(serial int) marketplace.Env {
	return marketplace.Env{Now: midday, Rand: rand.New(rand.NewPCG(1, 2)), Seed: 1, Serial: serial}
}

// played makes a world of a bundled fixture.
func played(t testing.TB, name string, set map[string]string) *domain {
	t.Helper()
	d := newDomain(t, set)
	file, err := fixture.Open(name)
	require.NoError(t, err)
	events, err := file.Events(section{}, worldEnv(0))
	require.NoError(t, err)
	store := chat.New(Store())
	_, err = store.Apply(chat.If{}, events...)
	require.NoError(t, err)
	d.Store.Restore(store.Snapshot())
	d.seller = d.Store.Sellers()[0]
	return d
}

// decode fills a file by hand: how YAML is read is not this package's.
func decode(t *testing.T, env marketplace.Env, file worldFile) ([]chat.Event, error) {
	t.Helper()
	return Fixture().Decode(env, func(into any) error {
		*into.(*worldFile) = file
		return nil
	})
}

// between is the conversation of a named shop and a buyer.
func (d *domain) between(seller, buyer string) chat.Chat {
	d.t.Helper()
	s, err := d.Seller(seller)
	require.NoError(d.t, err)
	return d.get(Key(ConversationID(ShopOf(s).UserID, Number(buyer))))
}

// all are a conversation's messages, the earliest first.
func (d *domain) all(conversation string) []chat.Message {
	d.t.Helper()
	messages, more := d.Store.Messages(conversation, chat.Range{Limit: 1000})
	require.False(d.t, more)
	return messages
}

func TestBundledFixturesMakeWorlds(t *testing.T) {
	t.Parallel()
	for _, name := range fixture.Bundled() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := fixture.Open(name)
			require.NoError(t, err)
			events, err := file.Events(section{}, worldEnv(3))
			require.NoError(t, err)
			for i := 1; i < len(events); i++ {
				require.False(t, chat.When(events[i]).Before(chat.When(events[i-1])), "sorted by time")
			}
			_, err = chat.New(Store()).Apply(chat.If{}, events...)
			require.NoError(t, err)
			if strings.HasPrefix(name, "shopee-") {
				require.Equal(t, []string{"shopee"}, file.Marketplaces())
			}
		})
	}
}

// The default sandbox has documented credentials.
// Proves: shopee/id-shapes
func TestTheDemoShops(t *testing.T) {
	t.Parallel()
	d := played(t, "default", nil)
	sellers := d.Store.Sellers()
	require.Len(t, sellers, 2)
	first, second := ShopOf(sellers[0]), ShopOf(sellers[1])
	require.Equal(t, App{PartnerID: 2000001, PartnerKey: "shopee-demo-partner-key"}, first.App)
	require.Equal(t, first.App, second.App)
	require.Equal(t, Token{Value: "shopee-demo-access-token", Refresh: "shopee-demo-refresh-token"}, first.AccessToken())
	require.Equal(t, Token{Value: "shopee-demo-access-token-2", Refresh: "shopee-demo-refresh-token-2"}, second.AccessToken())
	require.Equal(t, Login{Token: "shopee-demo-webchat-token", Password: "demo-password"}, first.Login)
	require.Equal(t, Login{Token: "shopee-demo-webchat-token-2", Password: "demo-password"}, second.Login)
	for i, want := range [][]any{
		{int64(210004001), int64(210004003), "demo_shop", "demo_shop", "SG"},
		{int64(210004002), int64(210004004), "demo_shop_2", "demo_shop_2", "TW"},
	} {
		s := ShopOf(sellers[i])
		require.Equal(t, want, []any{s.ID, s.UserID, s.Username, s.Account, s.Region})
		require.Equal(t, Key(s.ID), sellers[i].ID)
	}
	other := ShopOf(played(t, "shopee-two-apps", nil).Store.Sellers()[1])
	require.Equal(t, App{PartnerID: 2000002, PartnerKey: "shopee-demo-partner-key-2"}, other.App)
}

// A world without sellers has the two demo shops.
func TestAnEmptySectionHasTheDemoShops(t *testing.T) {
	t.Parallel()
	events, err := decode(t, worldEnv(0), worldFile{})
	require.NoError(t, err)
	require.Len(t, events, 2)
	require.Equal(t, "TW", ShopOf(events[1].(chat.SellerAdded).Seller).Region)
}

// Sandboxes share no credential, and the same one has the same again.
// Proves: shopee/id-shapes, shopee/webchat-token
func TestCredentialsAreEachSandboxesOwn(t *testing.T) {
	t.Parallel()
	file := worldFile{
		Apps:    []worldApp{{Name: "a"}, {Name: "b"}},
		Sellers: []worldSeller{{Name: "x"}, {Name: "y", App: "b"}, {Name: "z", Account: "x"}},
	}
	seen := map[string]bool{}
	for serial := range 30 {
		events, err := decode(t, worldEnv(serial), file)
		require.NoError(t, err)
		again, err := decode(t, worldEnv(serial), file)
		require.NoError(t, err)
		require.Equal(t, events, again)
		shops := make([]Shop, len(events))
		for i, e := range events {
			shops[i] = ShopOf(e.(chat.SellerAdded).Seller)
		}
		require.Equal(t, shops[0].App, shops[2].App)
		require.Equal(t, []any{shops[0].Account, shops[0].Login}, []any{shops[2].Account, shops[2].Login}, "one login")
		if serial > 0 {
			require.Regexp(t, `^[0-9a-f]{32}$`, shops[0].AccessToken().Value)
			require.Regexp(t, `^[\w-]+\.[\w-]+\.[\w-]+$`, shops[0].Login.Token)
			require.Regexp(t, `^\d{7}$`, Key(shops[0].App.PartnerID))
			require.Regexp(t, `^\d{9}$`, Key(shops[0].ID))
		}
		for i, s := range shops {
			secrets := []string{Key(s.ID), Key(s.UserID), s.AccessToken().Value, s.AccessToken().Refresh}
			if i < 2 {
				secrets = append(secrets, Key(s.App.PartnerID), s.App.PartnerKey, s.Account, s.Login.Token)
			}
			for _, secret := range secrets {
				require.False(t, seen[secret], secret)
				seen[secret] = true
			}
		}
	}
}

// The default world tells a story.
func TestTheDefaultWorld(t *testing.T) {
	t.Parallel()
	d := played(t, "default", nil)
	types, statuses, unread, chats := map[string]bool{}, map[string]bool{}, 0, 0
	for _, ch := range d.Store.AllChats("", 100) {
		if ch.Seller != d.seller.ID {
			continue
		}
		chats++
		unread += min(ch.Unread, 1)
		require.Greater(t, Number(ch.ID), int64(1)<<53)
		for _, m := range d.all(ch.ID) {
			its := MessageOf(m)
			types[its.Type], statuses[its.Status] = true, true
			require.NotEmpty(t, its.RequestID)
			require.Equal(t, m.From.Role == chat.RoleBot || m.From.Role == chat.RoleMarketplace, its.Notice)
		}
		buyer, found := d.Store.Buyer(ch.Buyer)
		require.True(t, found)
		require.NotEmpty(t, buyer.Name)
		require.NotZero(t, CustomerOf(buyer).ShopID)
	}
	require.Equal(t, 12, chats)
	require.Equal(t, 7, unread)
	require.Len(t, types, 7)
	require.Len(t, statuses, 3)
}

// What is told becomes what the APIs read.
// Proves: shopee/message-types, shopee/message-statuses, shopee/message-sources, shopee/both-sides-have-shops
func TestEveryTypeOfMessage(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-types", nil)
	messages := d.all(d.between("demo", "231156449").ID)
	var types []string
	byType := map[string]Message{}
	for _, m := range messages {
		its := MessageOf(m)
		types = append(types, its.Type)
		byType[its.Type] = its
		require.Equal(t, its.Content.Text, m.Text)
	}
	require.Len(t, messages, 19)
	for _, kind := range []string{
		TypeText, TypeImage, TypeVideo, TypeSticker, TypeItem, TypeOrder, TypeVoucher, TypeBundle, TypeLiveAgent, TypeNotification,
	} {
		require.Contains(t, types, kind)
		require.True(t, structured(kind))
		require.Empty(t, byType[kind].Content.Other)
	}
	require.Regexp(t, `^/file/[0-9a-f]{32}$`, byType[TypeImage].Content.Image.URL)
	require.Equal(t, byType[TypeImage].Content.Image.URL+"_tn", byType[TypeImage].Content.Image.Thumb)
	require.Regexp(t, `^/api/v4/11110133/mms/sg-11110133-[0-9a-z]{8}-[0-9a-f]{32}\.default\.mp4$`, byType[TypeVideo].Content.Video.URL)
	require.Equal(t, Item{ShopID: 210004001, ItemID: 7700000101}, *byType[TypeItem].Content.Item)
	require.Equal(t, []uint64{2305843009213694321, 2305843009213694705}, byType[TypeBundle].Content.Bundle)
	require.Equal(t, Voucher{ID: 880001, Code: "KETTLE10"}, *byType[TypeVoucher].Content.Voucher)
	require.JSONEq(t, `{"order_sn":"260918KJ7XN2PQ","text":"How was it?"}`, string(byType["unrated_order_reminder"].Content.Other))
	require.Equal(t, messages[2].ID, MessageOf(messages[13]).Quoted)
	require.Equal(t, messages[16].ID, MessageOf(messages[18]).Quoted)

	auto, off, app := MessageOf(messages[1]), MessageOf(messages[15]), MessageOf(messages[16])
	require.Equal(t, []any{StatusAutoReply, SourceWebchat, 129}, []any{auto.Status, auto.Source, auto.Option})
	require.Regexp(t, `^chat-distribution-\w{10}$`, auto.RequestID)
	require.Equal(t, []any{StatusOffwork, SourceServer, true}, []any{off.Status, off.Source, off.Unpushed})
	require.Equal(t, []any{StatusNormal, SourceApp, true}, []any{app.Status, app.Source, app.Unpushed})
	require.Equal(t, StatusBlocked, MessageOf(messages[14]).Status)
	gone := MessageOf(messages[17])
	require.True(t, gone.Recalled)
	require.Equal(t, Content{Text: "This message was deleted"}, gone.Content)
	require.Equal(t, []any{"This message was deleted", TypeText, 0}, []any{messages[17].Text, gone.Type, len(messages[17].Files)})
	require.Equal(t, 448, byType[TypeNotification].Option)
	buyer, _ := d.Store.Buyer("231156449")
	require.Equal(t, chat.Buyer{ID: "231156449", Name: "buyer_one", Ext: Customer{ShopID: 231151763}}, buyer)
}

// Who answers has read what is above.
func TestWhatIsReadFollowsFromAnswers(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-subaccounts", nil)
	held := d.between("demo", "231156449")
	messages := d.all(held.ID)
	require.Equal(t, 1, held.Unread)
	require.Equal(t, messages[2].ID, held.FirstUnread)
	require.Equal(t, messages[1].ID, held.ReadBySeller)
	require.Equal(t, messages[2].ID, held.ReadByBuyer)
	require.EqualValues(t, 881001, ConversationOf(&held).SubAccount)
	closed := played(t, "shopee-closed", nil).between("demo", "231156449")
	require.Equal(t, midday.Add(-2*time.Hour), closed.Closed)
	require.Zero(t, closed.Unread, "the platform's notification is nobody's question")
}

func TestGeneratedWorldsFollowThePlan(t *testing.T) {
	t.Parallel()
	plan := worldGenerate{
		Chats: 400, Messages: "0..5", Unread: 30, Pinned: 10, Orders: true,
		Types: map[string]int{TypeText: 50, TypeImage: 10, TypeVideo: 10, TypeSticker: 10, TypeItem: 10, TypeOrder: 10},
	}
	for _, region := range Regions() {
		events, err := decode(t, worldEnv(0), worldFile{Sellers: []worldSeller{{Name: "a", Region: region}}, Generate: &plan})
		require.NoError(t, err)
		store := chat.New(Store())
		_, err = store.Apply(chat.If{}, events...)
		require.NoError(t, err)
		types, pinned, unread, texts := map[string]int{}, 0, 0, map[string]bool{}
		for _, ch := range store.AllChats("", 1000) {
			if ConversationOf(&ch).Pinned {
				pinned++
			}
			unread += min(ch.Unread, 1)
			messages, _ := store.Messages(ch.ID, chat.Range{Limit: 10})
			for _, m := range messages {
				types[MessageOf(m).Type]++
				texts[m.Text] = true
				require.NotContains(t, m.Text, "%!")
			}
		}
		require.Len(t, types, 6)
		require.InDelta(t, 40, pinned, 25)
		require.InDelta(t, 100, unread, 40, "a sixth of the chats are empty")
		require.Greater(t, len(texts), 30, region)
		orders := store.Orders("", 1000)
		require.Len(t, orders, 400)
		for _, o := range orders {
			require.Regexp(t, orderSN, o.ID)
			require.True(t, o.Placed.After(midday.Add(-30*24*time.Hour)))
		}
	}
}

func TestFixtureMistakesNameTheirPlace(t *testing.T) {
	t.Parallel()
	seller := func(s worldSeller) worldFile { s.Name = "a"; return worldFile{Sellers: []worldSeller{s}} }
	apps := func(a ...worldApp) worldFile { return worldFile{Apps: a} }
	about := func(chats ...worldChat) worldFile { return worldFile{Chats: chats} }
	message := func(m worldMessage) worldFile {
		return about(worldChat{Buyer: "5", Messages: []worldMessage{{Text: "first", At: "-3h"}, m}})
	}
	plan := func(g worldGenerate) worldFile { return worldFile{Generate: &g} }
	hook := func(h worldWebhook) worldFile { return worldFile{Webhooks: []worldWebhook{h}} }
	const first, last = "chats[0].messages[1]", "-1h"
	for name, tt := range map[string]struct {
		path string
		file worldFile
	}{
		"an app without a name":        {"apps[0].name", apps(worldApp{})},
		"an app twice":                 {"apps[1].name", apps(worldApp{Name: "a"}, worldApp{Name: "a"})},
		"an app's state that is none":  {"apps[0].state", apps(worldApp{Name: "a", State: "tired"})},
		"a network that is none":       {"apps[0].networks", apps(worldApp{Name: "a", Networks: []string{"home"}})},
		"too many apps":                {"apps", apps(make([]worldApp, 11)...)},
		"too many shops":               {"sellers", worldFile{Sellers: make([]worldSeller, 101)}},
		"a shop without a name":        {"sellers[0].name", worldFile{Sellers: []worldSeller{{}}}},
		"a shop twice":                 {"sellers[1].name", worldFile{Sellers: []worldSeller{{Name: "a"}, {Name: "a"}}}},
		"a region that is none":        {"sellers[0].region", seller(worldSeller{Region: "XX"})},
		"a state that is none":         {"sellers[0].state", seller(worldSeller{State: "sad"})},
		"a login's state that is none": {"sellers[0].login_state", seller(worldSeller{LoginState: "sad"})},
		"an app that is not there":     {"sellers[0].app", seller(worldSeller{App: "other"})},
		"a login that is not there":    {"sellers[0].account", seller(worldSeller{Account: "other"})},
		"a shop_id that is none":       {"sellers[0].shop_id", seller(worldSeller{ShopID: -1})},
		"a user_id beyond":             {"sellers[0].user_id", seller(worldSeller{UserID: maxUser + 1})},
		"a user_id that is a shop's":   {"sellers[0].user_id", seller(worldSeller{ShopID: 7, UserID: 7})},
		"a sub-account twice":          {"sellers[0].sub_accounts[1].id", seller(worldSeller{SubAccounts: []worldSubAccount{{ID: 1}, {ID: 1}}})},
		"a sub-account without id":     {"sellers[0].sub_accounts[0].id", seller(worldSeller{SubAccounts: []worldSubAccount{{}}})},
		"a token's end that is none":   {"sellers[0].token.expires", seller(worldSeller{Token: worldToken{Expires: "soon"}})},
		"a refresh's end that is none": {"sellers[0].token.refresh_expires", seller(worldSeller{Token: worldToken{RefreshExpires: "soon"}})},
		"a buyer that is no number":    {"buyers[0].id", worldFile{Buyers: []worldBuyer{{ID: "anna"}}}},
		"a buyer twice":                {"buyers[1].id", worldFile{Buyers: []worldBuyer{{ID: "5"}, {ID: "5"}}}},
		"an order_sn that is none":     {"orders[0].sn", worldFile{Orders: []worldOrder{{SN: "1", Buyer: "5"}}}},
		"an order twice":               {"orders[1].sn", worldFile{Orders: []worldOrder{{SN: "260918KJ7XN2PQ", Buyer: "5"}, {SN: "260918KJ7XN2PQ", Buyer: "5"}}}},
		"an order of nobody":           {"orders[0].buyer", worldFile{Orders: []worldOrder{{SN: "260918KJ7XN2PQ"}}}},
		"an order of no shop":          {"orders[0].seller", worldFile{Orders: []worldOrder{{SN: "260918KJ7XN2PQ", Buyer: "5", Seller: "x"}}}},
		"an order ahead":               {"orders[0].placed", worldFile{Orders: []worldOrder{{SN: "260918KJ7XN2PQ", Buyer: "5", Placed: "+1h"}}}},
		"a chat of no shop":            {"chats[0].seller", about(worldChat{Seller: "x", Buyer: "5"})},
		"a chat without a buyer":       {"chats[0].buyer", about(worldChat{})},
		"a chat of two twice":          {"chats[1].buyer", about(worldChat{Buyer: "5"}, worldChat{Buyer: "5"})},
		"a shop that talks to itself":  {"chats[0].buyer", about(worldChat{Buyer: "210004003"})},
		"a business that is none":      {"chats[0].business_type", about(worldChat{Buyer: "5", Business: 3})},
		"a sub-account of nobody":      {"chats[0].sub_account", about(worldChat{Buyer: "5", SubAccount: 3})},
		"a chat that ended too early":  {"chats[0].closed", about(worldChat{Buyer: "5", Closed: "-4h", Messages: []worldMessage{{Text: "x", At: "-3h"}}})},
		"a chat that began too late":   {"chats[0].opened", about(worldChat{Buyer: "5", Opened: "-1h", Messages: []worldMessage{{Text: "x", At: "-3h"}}})},
		"a message of nobody":          {first + ".from", message(worldMessage{From: "moon", Text: "x", At: last})},
		"a message without time":       {first + ".at", message(worldMessage{Text: "x"})},
		"a message ahead":              {first + ".at", message(worldMessage{Text: "x", At: "+1h"})},
		"a message below a later one":  {first + ".at", message(worldMessage{Text: "x", At: "-4h"})},
		"a message without words":      {first + ".text", message(worldMessage{At: last})},
		"a message of two types":       {first + ".type", message(worldMessage{At: last, Type: TypeImage, Text: "x"})},
		"a message told twice":         {first + ".content", message(worldMessage{At: last, Text: "x", Content: map[string]any{}})},
		"a type that is none":          {first + ".type", message(worldMessage{At: last, Type: "poem", Content: map[string]any{}})},
		"a content without its point":  {first + ".content.item_id", message(worldMessage{At: last, Type: TypeItem, Content: map[string]any{}})},
		"a bundle of no ids":           {first + ".content.messages", message(worldMessage{At: last, Type: TypeBundle, Content: map[string]any{"messages": []any{-1}}})},
		"a status that is none":        {first + ".status", message(worldMessage{At: last, Text: "x", Status: "ok"})},
		"a source that is none":        {first + ".source", message(worldMessage{At: last, Text: "x", Source: "sky"})},
		"a quote of what is below":     {first + ".quotes", message(worldMessage{At: last, Text: "x", Quotes: 2})},
		"a card of no order":           {first + ".order_sn", message(worldMessage{At: last, OrderSN: "260918KJ7XN2PQ"})},
		"words about no order":         {first + ".about.order_sn", message(worldMessage{At: last, Text: "x", About: worldAbout{OrderSN: "260918KJ7XN2PQ"}})},
		"an address that is none":      {"webhooks[0].url", hook(worldWebhook{URL: "x"})},
		"an address of no shop":        {"webhooks[0].seller", hook(worldWebhook{URL: "http://x", Seller: "x"})},
		"two addresses of one app": {"webhooks[1]", worldFile{Webhooks: []worldWebhook{
			{URL: "http://x"}, {Seller: "second", URL: "http://y"},
		}}},
		"an answer without words":              {"sellers[0].auto_reply", seller(worldSeller{AutoReply: worldReply{Enabled: true}})},
		"an answer without words in the night": {"sellers[0].offwork_reply", seller(worldSeller{Offwork: worldReply{Enabled: true}})},
		"a type of messages without content":   {"chats[0].messages[1].type", message(worldMessage{At: "-2h", Type: "stiker"})},
		"an item that is no number": {"chats[0].messages[1].content.item_id", message(worldMessage{
			At: "-2h", Type: TypeItem, Content: map[string]any{"item_id": "x"},
		})},
		"an address without a shop":     {"webhooks[0].blocked[0]", hook(worldWebhook{URL: "http://x", Blocked: []string{"x"}})},
		"a type of pushes that is none": {"webhooks[0].types[0]", hook(worldWebhook{URL: "http://x", Types: []string{"x"}})},
		"bulk data of no shop":          {"generate.seller", plan(worldGenerate{Seller: "x"})},
		"less than nothing":             {"generate.chats", plan(worldGenerate{Chats: -1})},
		"a percentage that is none":     {"generate.unread", plan(worldGenerate{Unread: 101})},
		"a share of pins that is none":  {"generate.pinned", plan(worldGenerate{Pinned: -1})},
		"a range that is none":          {"generate.messages", plan(worldGenerate{Messages: "x"})},
		"a generated type that is none": {"generate.types.poem", plan(worldGenerate{Types: map[string]int{"poem": 1}})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := decode(t, worldEnv(0), tt.file)
			var mistake *marketplace.FixtureError
			require.ErrorAs(t, err, &mistake)
			require.Equal(t, tt.path, mistake.Path)
		})
	}
}

func TestAMisspeltWordOfAWorldIsToldTheRightOne(t *testing.T) {
	t.Parallel()
	for yaml, want := range map[string]string{
		`orders: [{number: 260918KJ7XN2PQ}]`: `the key "number" is not known; known are sn, seller, buyer, `,
		`chats: [{buyer: "5", messages: [{at: -1h, type: stiker, sticker: {id: "1", package: p}}]}]`: `"stiker" is not known here, did you mean "sticker"?`,
		`apps: [{name: a, networks: [home]}]`:                                                        `"home" is neither an address nor a network like 192.0.2.0/24`,
	} {
		file, err := fixture.Load(fstest.MapFS{"w.yaml": {Data: []byte("version: 1\nshopee: {" + yaml + "}")}}, "w")
		require.NoError(t, err)
		_, err = file.Events(section{}, worldEnv(0))
		require.ErrorContains(t, err, want)
	}
}

func TestAnAddressIsKeptWithTheShopThatIsTold(t *testing.T) {
	t.Parallel()
	events, err := decode(t, worldEnv(0), worldFile{
		Apps:     []worldApp{{Name: "a"}, {Name: "b"}},
		Sellers:  []worldSeller{{Name: "x"}, {Name: "y", App: "b"}, {Name: "z", App: "b"}},
		Webhooks: []worldWebhook{{Seller: "z", URL: "http://x", Off: []int{3}, Blocked: []string{"y"}}},
	})
	require.NoError(t, err)
	i := slices.IndexFunc(events, func(e chat.Event) bool { _, ok := e.(chat.WebhookSaved); return ok })
	hook := events[i].(chat.WebhookSaved).Webhook
	require.Equal(t, "210004011", hook.Seller)
	require.True(t, hook.Enabled)
	require.Equal(t, Hook{PartnerID: 2000002, On: []int{10}, Off: []int{3}, Blocked: []int64{210004002}}, HookOf(hook))
}

func TestSchemasTellTheWordsThatTheDecoderKnows(t *testing.T) {
	t.Parallel()
	schema := Fixture().Schema()
	require.Len(t, schema.Properties["sellers"].Items.Properties["region"].Enum, 8)
	require.Len(t, schema.Properties["chats"].Items.Properties["messages"].Items.Properties["type"].Enum, len(Types))
	require.Len(t, schema.Properties["generate"].Properties["types"].PropertyNames.Enum, len(generatedTypes))
	for _, a := range Actions() {
		for name, field := range a.Input.Properties {
			require.NotEmpty(t, field.Description, "%s.%s", a.Name, name)
		}
	}
}
