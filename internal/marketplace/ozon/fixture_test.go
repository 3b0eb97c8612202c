package ozon

import (
	"math/rand/v2"
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

func applied(t *testing.T, events []chat.Event) *chat.Store {
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
			events, err := file.Events(New(), testEnv(3))
			require.NoError(t, err)
			for i := 1; i < len(events); i++ {
				require.False(t, chat.When(events[i]).Before(chat.When(events[i-1])), "sorted by time")
			}
			applied(t, events)
		})
	}
}

func truth(b bool) *bool { return &b }

// What a fixture calls read is read.
func TestReadFlagsLeadToUnreadCounts(t *testing.T) {
	t.Parallel()
	events, err := decode(t, testEnv(0), worldFile{Chats: []worldChat{{
		Buyer: "1", Messages: []worldMessage{
			{Text: "read because the next one is", At: "-5h"},
			{Text: "read", At: "-4h", Read: truth(true)},
			{From: "seller", Text: "read by the buyer", At: "-3h", Read: truth(true)},
			{Text: "unread", At: "-2h"},
			{From: "seller", Text: "not read by the buyer", At: "-1h"},
			{Text: "unread too", At: "-30m", Read: truth(false)},
		},
	}}})
	require.NoError(t, err)
	store := applied(t, events)
	ch := store.AllChats("", 1)[0]
	messages, _ := store.Messages(ch.ID, chat.Range{Limit: 10})
	require.Equal(t, 2, ch.Unread)
	require.Equal(t, messages[3].ID, ch.FirstUnread)
	require.Equal(t, messages[1].ID, ch.ReadBySeller)
	require.Equal(t, messages[2].ID, ch.ReadByBuyer)
	require.Equal(t, noon.Add(-5*time.Hour), ch.Opened)
}

func TestFixtureMistakesNameTheirPlace(t *testing.T) {
	t.Parallel()
	message := func(m worldMessage) worldFile {
		return worldFile{Chats: []worldChat{{Messages: []worldMessage{{Text: "first", At: "-3h", Read: truth(false)}, m}}}}
	}
	for path, file := range map[string]worldFile{
		"sellers[1].name":                       {Sellers: []worldSeller{{Name: "a"}, {Name: "a"}}},
		"sellers[0].subscription":               {Sellers: []worldSeller{{Name: "a", Subscription: "GOLD"}}},
		"sellers[0].roles[0]":                   {Sellers: []worldSeller{{Name: "a", Roles: []string{"King"}}}},
		"sellers[0].key.networks[0]":            {Sellers: []worldSeller{{Name: "a", Key: &worldKey{Networks: []string{"x"}}}}},
		"sellers[0].key.created":                {Sellers: []worldSeller{{Name: "a", Key: &worldKey{Created: "+1h"}}}},
		"orders[0].number":                      {Orders: []worldOrder{{}}},
		"orders[0].scheme":                      {Orders: []worldOrder{{Number: "1-1", Scheme: "DBS"}}},
		"orders[0].paid":                        {Orders: []worldOrder{{Number: "1-1", Paid: "soon"}}},
		"chats[0].seller":                       {Chats: []worldChat{{Seller: "nobody"}}},
		"chats[0].order":                        {Chats: []worldChat{{Order: "1-1"}}},
		"chats[0].type":                         {Chats: []worldChat{{Type: "FRIENDS"}}},
		"chats[0].status":                       {Chats: []worldChat{{Status: "Opened"}}},
		"chats[0].id":                           {Chats: []worldChat{{ID: "7"}}},
		"chats[0].messages[1].at":               message(worldMessage{Text: "x", At: "-4h"}),
		"chats[0].messages[1].from":             message(worldMessage{From: "cat", Text: "x", At: "-1h"}),
		"chats[0].messages[1].read":             message(worldMessage{Text: "x", At: "-1h", Read: truth(true)}),
		"chats[0].messages[1]":                  message(worldMessage{At: "-1h"}),
		"chats[0].opened":                       {Chats: []worldChat{{Opened: "-1h", Messages: []worldMessage{{Text: "x", At: "-2h"}}}}},
		"webhooks[0].url":                       {Webhooks: []worldWebhook{{URL: "ftp://x"}}},
		"webhooks[0].types[0]":                  {Webhooks: []worldWebhook{{URL: "http://x", Types: []string{"TYPE_X"}}}},
		"generate.messages":                     {Generate: &worldGenerate{Chats: 1, Messages: "6..1"}},
		"generate.types.FRIENDS":                {Generate: &worldGenerate{Chats: 1, Types: map[string]int{"FRIENDS": 1}}},
		"generate.chats":                        {Generate: &worldGenerate{Chats: -1}},
		"chats[0].messages[1].image.moderation": message(worldMessage{At: "-1h", Image: &worldImage{Name: "a", Moderation: "OK"}}),
	} {
		_, err := decode(t, testEnv(0), file)
		var mistake *marketplace.FixtureError
		require.ErrorAs(t, err, &mistake, path)
		require.Equal(t, path, mistake.Path)
	}
}

func TestCredentialsAreTheDemoOnesInDefaultAlone(t *testing.T) {
	t.Parallel()
	require.Equal(t, credentials{ClientID: "1001", APIKey: "00000000-0000-4000-8000-000000001001", OAuth: "ozon-demo-oauth"}, identityOf(testEnv(0), 0))
	require.Equal(t, credentials{ClientID: "1002", APIKey: "00000000-0000-4000-8000-000000001002", OAuth: "ozon-demo-oauth-2"}, identityOf(testEnv(0), 1))
	seen := map[string]bool{}
	for serial := range 5 {
		for n := range 5 {
			c := identityOf(testEnv(serial), n)
			for _, v := range []string{c.ClientID, c.APIKey, c.OAuth} {
				require.False(t, seen[v], v)
				seen[v] = true
			}
		}
	}
}

// The same seed gives the same world, ids included.
func TestGenerateIsDeterministic(t *testing.T) {
	t.Parallel()
	plan := worldFile{Generate: &worldGenerate{
		Chats: 200, Messages: "0..6", Unread: 20, Orders: true, Types: map[string]int{typeBuyer: 3, typeSupport: 1, typeUnspecified: 1},
	}}
	build := func(seed uint64) []chat.Event {
		env := marketplace.Env{Now: noon, Rand: rand.New(rand.NewPCG(seed, seed)), Seed: seed}
		events, err := decode(t, env, plan)
		require.NoError(t, err)
		return events
	}
	require.Equal(t, build(7), build(7))
	require.NotEqual(t, build(7), build(8))
	store := applied(t, build(7))
	require.Equal(t, 200, store.Chats())
	unread, _ := store.Sum(indexList, partition("1001", statusAll, true))
	require.InDelta(t, 40, unread, 20)
}
