package yandex

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/fixture"
	"example.com/marketmock/internal/marketplace"
)

// decode fills a file by hand: how YAML is read is not this package's.
func decode(t *testing.T, env marketplace.Env, file worldFile) ([]chat.Event, error) {
	t.Helper()
	return New().Fixture().Decode(env, func(into any) error {
		*into.(*worldFile) = file
		return nil
	})
}

func storeOf(t *testing.T, events []chat.Event) *chat.Store {
	t.Helper()
	store := chat.New(New().Store())
	_, err := store.Apply(chat.If{}, events...)
	require.NoError(t, err)
	return store
}

func TestBundledFixturesMakeWorlds(t *testing.T) {
	t.Parallel()
	for _, name := range fixture.Bundled() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := fixture.Open(name)
			require.NoError(t, err)
			events, err := file.Events(New(), playEnv(3))
			require.NoError(t, err)
			for i := 1; i < len(events); i++ {
				require.False(t, chat.When(events[i]).Before(chat.When(events[i-1])), "sorted by time")
			}
			storeOf(t, events)
		})
	}
}

// The default world tells a story: every context, both types, all four senders.
// Proves: yandex/senders, yandex/chat-types
func TestTheDefaultWorld(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "default", nil)
	contexts, kinds, statuses, models, senders := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	files := 0
	for _, ch := range w.Store.AllChats("", 100) {
		if ch.Seller != "2001" {
			continue
		}
		ext := extOfChat(&ch)
		contexts[ext.Context], kinds[ext.Type], statuses[statusOf(&ch)] = true, true, true
		order, _ := w.Store.Order(ch.Order)
		models[order.Scheme] = true
		messages, _ := w.Store.Messages(ch.ID, chat.Range{Limit: 100})
		for _, m := range messages {
			senders[senderOf(m.From.Role)] = true
			files += len(m.Files)
		}
		buyer, found := w.Store.Buyer(ch.Buyer)
		require.True(t, found)
		require.NotEmpty(t, buyer.Name)
	}
	require.Len(t, contexts, 3)
	require.Len(t, kinds, 2)
	require.GreaterOrEqual(t, len(statuses), 4)
	require.Len(t, models, 5, "every model, and none of a direct chat")
	require.Len(t, senders, 4)
	require.Equal(t, 3, files)
}

func TestAStatusFollowsFromTheMessages(t *testing.T) {
	t.Parallel()
	said := func(from, at string) worldMessage { return worldMessage{From: from, Text: "x", At: at} }
	events, err := decode(t, playEnv(0), worldFile{
		Orders: []worldOrder{{ID: 1}},
		Chats: []worldChat{
			{Opened: "-9h"},
			{Messages: []worldMessage{said("", "-3h")}},
			{Messages: []worldMessage{said("", "-3h"), said("seller", "-2h"), said("support", "-1h")}},
			{Order: 1, Type: typeArbitrage, Opened: "-1h"},
			{Closed: "-1h", Messages: []worldMessage{said("", "-3h")}},
			{Status: statusFinished, Messages: []worldMessage{said("", "-3h"), said("seller", "-2h")}},
			{Status: statusMarket, Opened: "-1h"},
		},
	})
	require.NoError(t, err)
	store := storeOf(t, events)
	var got []string
	chats := store.AllChats("", 10)
	for _, ch := range chats {
		got = append(got, statusOf(&ch))
	}
	require.Equal(t, []string{statusNew, statusPartner, statusCustomer, statusArbiter, statusFinished, statusFinished, statusMarket}, got)
	require.Equal(t, "14604709", chats[0].ID)
	require.Equal(t, "14604715", chats[6].ID)
	require.Equal(t, noon.Add(-time.Hour), chats[4].Closed)
	require.Equal(t, noon.Add(-2*time.Hour), chats[5].Closed)
	require.Equal(t, noon.Add(-3*time.Hour), chats[1].Opened)
}

func TestFixtureMistakesNameTheirPlace(t *testing.T) {
	t.Parallel()
	orders := []worldOrder{{ID: 1}, {ID: 2, Seller: "second"}}
	returns := []worldReturn{{ID: 7, Order: 1}}
	about := func(chats ...worldChat) worldFile { return worldFile{Orders: orders, Returns: returns, Chats: chats} }
	seller := func(s worldSeller) worldFile { s.Name = "a"; return worldFile{Sellers: []worldSeller{s}} }
	key := func(keys ...worldKey) worldFile { return seller(worldSeller{Keys: keys}) }
	store := func(stores ...worldCampaign) worldFile { return seller(worldSeller{Campaigns: stores}) }
	message := func(m worldMessage) worldFile {
		return about(worldChat{Messages: []worldMessage{{Text: "first", At: "-3h"}, m}})
	}
	sent := func(f worldChatsFile) worldFile { return message(worldMessage{At: "-1h", File: &f}) }
	plan := func(g worldGenerate) worldFile { g.Chats = max(g.Chats, -1); return worldFile{Generate: &g} }
	for name, tt := range map[string]struct {
		path string
		file worldFile
	}{
		"a seller without a name":        {"sellers[0].name", worldFile{Sellers: []worldSeller{{}}}},
		"a seller twice":                 {"sellers[1].name", worldFile{Sellers: []worldSeller{{Name: "a"}, {Name: "a"}}}},
		"a state that is none":           {"sellers[0].state", seller(worldSeller{State: "sleepy"})},
		"a token's state that is none":   {"sellers[0].oauth_state", seller(worldSeller{Token: "stale"})},
		"a key without a name":           {"sellers[0].keys[0].name", key(worldKey{})},
		"a key's name twice":             {"sellers[0].keys[1].name", key(worldKey{Name: "k"}, worldKey{Name: "k"})},
		"a scope that is none":           {"sellers[0].keys[0].scopes[1]", key(worldKey{Name: "k", Scopes: []string{"pricing", "ALL_METHODS"}})},
		"too many keys":                  {"sellers[0].keys", key(make([]worldKey, 31)...)},
		"a store without an id":          {"sellers[0].campaigns[0].id", store(worldCampaign{})},
		"a store twice":                  {"sellers[0].campaigns[1].id", store(worldCampaign{ID: 5}, worldCampaign{ID: 5})},
		"a placement that is none":       {"sellers[0].campaigns[0].placement", store(worldCampaign{ID: 5, Placement: modelExpress})},
		"an availability that is none":   {"sellers[0].campaigns[0].availability", store(worldCampaign{ID: 5, Availability: "NO"})},
		"a buyer without an id":          {"buyers[0].id", worldFile{Buyers: []worldBuyer{{Name: "x"}}}},
		"a buyer twice":                  {"buyers[1].id", worldFile{Buyers: []worldBuyer{{ID: "x"}, {ID: "x"}}}},
		"an order without an id":         {"orders[0].id", worldFile{Orders: []worldOrder{{}}}},
		"an order twice":                 {"orders[1].id", worldFile{Orders: []worldOrder{{ID: 1}, {ID: 1}}}},
		"a model that is none":           {"orders[0].model", worldFile{Orders: []worldOrder{{ID: 1, Model: "FBO"}}}},
		"a store of nobody":              {"orders[0].campaign", worldFile{Orders: []worldOrder{{ID: 1, Campaign: 9}}}},
		"a store of another model":       {"orders[0].campaign", worldFile{Orders: []worldOrder{{ID: 1, Model: modelFBY, Campaign: demoCampaign}}}},
		"an order to come":               {"orders[0].placed", worldFile{Orders: []worldOrder{{ID: 1, Placed: "+1h"}}}},
		"an order paid before it is":     {"orders[0].paid", worldFile{Orders: []worldOrder{{ID: 1, Paid: "+1h"}}}},
		"an order's time":                {"orders[0].delivered", worldFile{Orders: []worldOrder{{ID: 1, Delivered: "soon"}}}},
		"an order's seller":              {"orders[0].seller", worldFile{Orders: []worldOrder{{ID: 1, Seller: "nobody"}}}},
		"a return without an id":         {"returns[0].id", worldFile{Orders: orders, Returns: []worldReturn{{Order: 1}}}},
		"a return twice":                 {"returns[1].id", worldFile{Orders: orders, Returns: []worldReturn{{ID: 7, Order: 1}, {ID: 7, Order: 1}}}},
		"a return of nothing":            {"returns[0].order", worldFile{Returns: []worldReturn{{ID: 7, Order: 1}}}},
		"a return to come":               {"returns[0].at", worldFile{Orders: orders, Returns: []worldReturn{{ID: 7, Order: 1, At: "+1h"}}}},
		"a chat's id":                    {"chats[0].id", about(worldChat{ID: -1})},
		"a chat's id twice":              {"chats[1].id", about(worldChat{ID: 5}, worldChat{ID: 5})},
		"a chat's seller":                {"chats[0].seller", about(worldChat{Seller: "nobody"})},
		"a chat of another's order":      {"chats[0].seller", about(worldChat{Seller: "demo", Order: 2})},
		"a chat about no order":          {"chats[0].order", about(worldChat{Order: 9})},
		"a chat about no return":         {"chats[0].return", about(worldChat{Return: 9})},
		"a return of another order":      {"chats[0].order", about(worldChat{Return: 7, Order: 2})},
		"a context that is none":         {"chats[0].context", about(worldChat{Context: "PRODUCT"})},
		"a context that it is not":       {"chats[0].context", about(worldChat{Context: contextReturn, Order: 1})},
		"a type that is none":            {"chats[0].type", about(worldChat{Type: "DISPUTE"})},
		"a direct dispute":               {"chats[0].type", about(worldChat{Type: typeArbitrage})},
		"a status that is none":          {"chats[0].status", about(worldChat{Status: "OPENED"})},
		"no dispute, and an arbiter":     {"chats[0].status", about(worldChat{Order: 1, Status: statusArbiter})},
		"two chats about the same":       {"chats[1]", about(worldChat{Order: 1}, worldChat{Order: 1})},
		"closed, but not finished":       {"chats[0].closed", about(worldChat{Closed: "-1h", Opened: "-2h", Status: statusNew})},
		"closed before the last message": {"chats[0].closed", about(worldChat{Closed: "-2h", Messages: []worldMessage{{Text: "x", At: "-1h"}}})},
		"opened after the first message": {"chats[0].opened", about(worldChat{Opened: "-1h", Messages: []worldMessage{{Text: "x", At: "-2h"}}})},
		"messages out of order":          {"chats[0].messages[1].at", message(worldMessage{Text: "x", At: "-4h"})},
		"a message at no time":           {"chats[0].messages[1].at", message(worldMessage{Text: "x"})},
		"a message of nobody":            {"chats[0].messages[1].from", message(worldMessage{From: "courier", Text: "x", At: "-1h"})},
		"an empty message":               {"chats[0].messages[1]", message(worldMessage{At: "-1h"})},
		"a file without a name":          {"chats[0].messages[1].file.name", sent(worldChatsFile{})},
		"a file in a folder":             {"chats[0].messages[1].file.name", sent(worldChatsFile{Name: "a/b"})},
		"a file of a size below zero":    {"chats[0].messages[1].file.size", sent(worldChatsFile{Name: "a", Size: -1})},
		"a file of two sizes":            {"chats[0].messages[1].file.size", sent(worldChatsFile{Name: "a", Size: 1, Content: "x"})},
		"an address that is none":        {"webhooks[0].url", worldFile{Webhooks: []worldWebhook{{URL: "ftp://x"}}}},
		"a type of notifications":        {"webhooks[0].types[0]", worldFile{Webhooks: []worldWebhook{{URL: "http://x", Types: []string{"TYPE_X"}}}}},
		"a range the wrong way":          {"generate.messages", plan(worldGenerate{Messages: "6..1"})},
		"fewer chats than none":          {"generate.chats", plan(worldGenerate{Chats: -1})},
		"more orders than may be":        {"generate.orders", plan(worldGenerate{Orders: 1_000_001})},
		"a share of what there is not":   {"generate.contexts.PRODUCT", plan(worldGenerate{Contexts: map[string]int{"PRODUCT": 1}})},
		"a share below zero":             {"generate.types.CHAT", plan(worldGenerate{Types: map[string]int{typeChat: -1}})},
		"no share at all":                {"generate.statuses", plan(worldGenerate{Statuses: map[string]int{statusNew: 0}})},
		"the generator's seller":         {"generate.seller", plan(worldGenerate{Seller: "nobody"})},
	} {
		_, err := decode(t, playEnv(0), tt.file)
		var mistake *marketplace.FixtureError
		require.ErrorAs(t, err, &mistake, name)
		require.Equal(t, tt.path, mistake.Path, name)
		require.NotEmpty(t, mistake.Reason, name)
	}
}

// Proves: yandex/key-shape, yandex/key-maximum, yandex/campaigns-express
func TestCredentialsAreTheDemoOnesInDefaultAlone(t *testing.T) {
	t.Parallel()
	world := func(serial int) []chat.Seller {
		events, err := decode(t, playEnv(serial), worldFile{})
		require.NoError(t, err)
		return storeOf(t, events).Sellers()
	}
	demo := world(0)
	require.Equal(t, credentials{
		BusinessID: 2001, CampaignID: 3001, OAuth: "yandex-demo-oauth", Name: "demo",
		APIKey:   "ACMA:marketmockdemomarketmockdemomarketmockde:00002001",
		ReadOnly: "ACMA:marketmockreadmarketmockreadmarketmockre:00002002",
	}, New().credentials(demo[0]))
	require.Equal(t, credentials{
		BusinessID: 2002, CampaignID: 3011, OAuth: "yandex-demo-oauth-2", Name: "second",
		APIKey:   "ACMA:marketmockdemomarketmockdemomarketmockde:00002011",
		ReadOnly: "ACMA:marketmockreadmarketmockreadmarketmockre:00002012",
	}, New().credentials(demo[1]))
	var placements []string
	for _, c := range extOfSeller(demo[0]).Campaigns {
		placements = append(placements, c.Placement)
	}
	require.Equal(t, []string{modelFBS, modelFBY, modelDBS, modelFBS}, placements)

	seen := map[string]bool{}
	for serial := range 5 {
		for _, s := range world(serial) {
			require.Equal(t, serial > 0, len(s.ID) == 9, s.ID)
			for _, owned := range New().Owned(s) {
				require.False(t, seen[owned], owned)
				seen[owned] = true
			}
			for _, k := range extOfSeller(s).Keys {
				require.Nil(t, checkShape(k.Value), k.Value)
			}
		}
	}
}

// A store under LaaS sells by no model of an order.
func TestAStoreUnderLaasHasNoOrders(t *testing.T) {
	t.Parallel()
	stores := []campaign{{ID: 5, Placement: placementLaas}, {ID: 6, Placement: modelFBS}}
	for _, model := range models {
		_, err := orderStore("orders[0].campaign", stores, model, 5)
		var mistake *marketplace.FixtureError
		require.ErrorAs(t, err, &mistake, model)
		require.NotEqual(t, int64(5), storeFor(stores, model), model)
	}
	for _, model := range []string{modelFBS, modelExpress} {
		id, err := orderStore("orders[0].campaign", stores, model, 6)
		require.NoError(t, err)
		require.EqualValues(t, 6, id)
	}
}

// Every key of a fixture can be shown, the deleted one too.
func TestCredentialsTellEveryKey(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-keys", nil)
	for name, want := range map[string]int{"everything": 200, "reading": 200, "chats": 200, "prices": 403, "deleted": 401} {
		key := w.client.Keys[name]
		require.NotEmpty(t, key, name)
		require.Equal(t, want, w.call(opGetChats, "", "{}", header("Api-Key", key)).status, name)
	}
	require.Equal(t, w.client.APIKey, w.client.Keys["everything"])
	require.Equal(t, w.client.ReadOnly, w.client.Keys["reading"])
}

// An order is of the store that sells by its model.
func TestStoresOfOrders(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-orders", nil)
	for id, want := range map[string]int64{"5001": 3001, "5002": 3002, "5003": 3003, "5004": 3004, "5901": 3011, "return-7004": 3004} {
		order, found := w.Store.Order(id)
		require.True(t, found)
		require.Equal(t, want, extOfOrder(order).Campaign, id)
	}
	order, _ := w.Store.Order("5001")
	require.Equal(t, noon.Add(-24*time.Hour), order.Returned)
	require.Zero(t, storeFor(nil, modelFBS))
}

// The same seed gives the same world, ids included.
func TestGenerateIsDeterministic(t *testing.T) {
	t.Parallel()
	plan := worldFile{
		Orders: []worldOrder{{ID: firstGenerated + 1}},
		Chats:  []worldChat{{ID: firstChat + 3}},
		Generate: &worldGenerate{
			Chats: 300, Orders: 20, Messages: "0..6", Contexts: map[string]int{contextOrder: 6, contextReturn: 2, contextDirect: 2},
			Types: map[string]int{typeChat: 9, typeArbitrage: 1}, Statuses: map[string]int{statusPartner: 1, statusFinished: 1, statusArbiter: 1},
		},
	}
	build := func(seed uint64) []chat.Event {
		env := marketplace.Env{Now: noon, Rand: rand.New(rand.NewPCG(seed, seed)), Seed: seed}
		events, err := decode(t, env, plan)
		require.NoError(t, err)
		return events
	}
	require.Equal(t, build(7), build(7))
	require.NotEqual(t, build(7), build(8))
	store := storeOf(t, build(7))
	require.Equal(t, 301, store.Chats())
	require.Len(t, store.Orders("4", 10_000), 21+len(ordersOf(store)))
	for _, ch := range store.AllChats("", 1000) {
		ext := extOfChat(&ch)
		require.Equal(t, ext.Context, contextOf(ch.Order))
		require.False(t, ext.Context == contextDirect && ext.Type == typeArbitrage)
		require.Equal(t, ext.Status == statusFinished, !ch.Closed.IsZero())
		require.False(t, ext.Status == statusArbiter && ext.Type != typeArbitrage)
		require.False(t, ch.LastAt.After(noon))
	}
}

// ordersOf are the orders that chats are about.
func ordersOf(store *chat.Store) map[string]bool {
	out := map[string]bool{}
	for _, ch := range store.AllChats("", 10_000) {
		if ext := extOfChat(&ch); ext.Order != 0 {
			out[orderKey(ext.Order)] = true
		}
		if strings.HasPrefix(ch.Order, returnPrefix) {
			out[ch.Order] = true
		}
	}
	return out
}
