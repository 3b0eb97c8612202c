package worldfile_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/worldfile"
)

var noon = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)

func builder() *worldfile.Builder {
	return worldfile.New(marketplace.Env{Now: noon, Rand: rand.New(rand.NewPCG(1, 2))})
}

// at asks for a mistake at a place.
func at(t *testing.T, path string, err error) {
	t.Helper()
	var mistake *marketplace.FixtureError
	require.ErrorAs(t, err, &mistake)
	require.Equal(t, path, mistake.Path)
}

func TestEventsStandInOrderWithMessageIDs(t *testing.T) {
	t.Parallel()
	b := builder()
	require.NoError(t, b.AddSeller("sellers[0]", chat.Seller{ID: "1", Name: "tea"}))
	b.AddBuyer(chat.Buyer{ID: "b"})
	b.AddBuyer(chat.Buyer{ID: "b", Name: "again"})
	b.AddBuyer(chat.Buyer{})
	b.AddOrder(chat.Order{ID: "o"})
	require.NoError(t, b.AddWebhook("webhooks[0]", "", chat.Webhook{URL: "http://x"}, nil, []string{"NEW"}))
	early, late := noon.Add(-2*time.Hour), noon.Add(-time.Hour)
	buyer, seller := chat.Author{Role: chat.RoleBuyer, ID: "b"}, chat.Author{Role: chat.RoleSeller, ID: "1"}
	b.Post(&chat.Message{Chat: "c", At: late, From: buyer, Text: "second"})
	b.Happen(chat.ChatOpened{At: early, Chat: chat.Chat{ID: "c"}})
	first := &chat.Message{Chat: "c", At: early, From: buyer, Text: "first"}
	b.Post(first)
	b.Read(first, seller)
	mint := func(_ time.Time, last uint64) uint64 { return last + 7 }
	hook := chat.Webhook{Seller: "1", URL: "http://x", Types: []string{"NEW"}, Enabled: true, Created: noon}
	require.Equal(t, []chat.Event{
		chat.SellerAdded{At: early, Seller: chat.Seller{ID: "1", Name: "tea"}},
		chat.BuyerAdded{At: early, Buyer: chat.Buyer{ID: "b"}},
		chat.OrderPlaced{At: early, Order: chat.Order{ID: "o"}},
		chat.WebhookSaved{At: early, Webhook: hook},
		chat.ChatOpened{At: early, Chat: chat.Chat{ID: "c"}},
		chat.MessagePosted{At: early, Message: chat.Message{Chat: "c", ID: 7, At: early, From: buyer, Text: "first"}},
		chat.ChatRead{At: early, Chat: "c", By: seller, UpTo: 7},
		chat.MessagePosted{At: late, Message: chat.Message{Chat: "c", ID: 14, At: late, From: buyer, Text: "second"}},
	}, b.Events(mint))
	require.True(t, b.KnowsBuyer("b"))
	_, known := b.Order("p")
	require.False(t, known)
}

func TestAMistakeTellsItsPlace(t *testing.T) {
	t.Parallel()
	b := builder()
	_, err := b.Seller("orders[0].seller", "")
	at(t, "orders[0].seller", err)
	require.NoError(t, b.AddSeller("sellers[0]", chat.Seller{Name: "tea"}))
	at(t, "sellers[1].name", b.AddSeller("sellers[1]", chat.Seller{Name: "tea"}))
	at(t, "sellers[1].name", b.AddSeller("sellers[1]", chat.Seller{}))
	_, err = b.Past("chats[0].opened", "+1h", noon)
	at(t, "chats[0].opened", err)
	_, err = b.Opened("chats[0].opened", "-1h", []*chat.Message{{At: noon.Add(-2 * time.Hour)}})
	at(t, "chats[0].opened", err)
	authors := marketplace.Authors{}
	_, err = b.Message("m", chat.Chat{Buyer: "b"}, authors, "", "")
	at(t, "m.at", err)
	_, err = b.Message("m", chat.Chat{Buyer: "b"}, authors, "bot", "-1h")
	at(t, "m.from", err)
	m, err := b.Message("m", chat.Chat{ID: "c", Buyer: "b"}, authors, "", "-1h")
	require.NoError(t, err)
	require.Equal(t, &chat.Message{Chat: "c", At: noon.Add(-time.Hour), From: chat.Author{Role: chat.RoleBuyer, ID: "b"}}, m)
	at(t, "m.at", worldfile.InOrder("m", []*chat.Message{{At: noon}}, m, "-1h"))
	require.NoError(t, worldfile.InOrder("m", nil, m, "-1h"))
	at(t, "w.url", b.AddWebhook("w", "", chat.Webhook{URL: "x"}, nil, nil))
	at(t, "w.seller", b.AddWebhook("w", "coffee", chat.Webhook{URL: "http://x"}, nil, nil))
	at(t, "w.types[1]", b.AddWebhook("w", "", chat.Webhook{URL: "http://x", Types: []string{"A", "B"}}, []string{"A"}, nil))
	var o chat.Order
	at(t, "o.paid", b.FillOrder("o", &o, worldfile.OrderTimes{Paid: "noon"}, nil))
	at(t, "o.placed", b.FillOrder("o", &o, worldfile.OrderTimes{Placed: "+1h"}, nil))
	o = chat.Order{}
	at(t, "o.paid", b.FillOrder("o", &o, worldfile.OrderTimes{Paid: "+1h"}, nil))
	require.NoError(t, b.FillOrder("o", &o, worldfile.OrderTimes{Paid: "-1d", Delivered: "+1h"}, []worldfile.Item{{SKU: "1"}}))
	require.Equal(t, chat.Order{
		Placed: noon.Add(-24 * time.Hour), Paid: noon.Add(-24 * time.Hour), Delivered: noon.Add(time.Hour), Items: []chat.Item{{SKU: "1"}},
	}, o)
}

func TestBulkDataIsBounded(t *testing.T) {
	t.Parallel()
	for told, want := range map[string][2]int{"": {1, 4}, "3": {3, 3}, "0..6": {0, 6}, "1000": {1000, 1000}} {
		low, high, err := worldfile.MessageRange("m", told)
		require.NoError(t, err)
		require.Equal(t, want, [2]int{low, high})
	}
	for _, told := range []string{"x", "6..1", "-1", "1..1001", "1.."} {
		_, _, err := worldfile.MessageRange("m", told)
		at(t, "m", err)
	}
	at(t, "n", worldfile.Count("n", -1))
	at(t, "n", worldfile.Count("n", 1_000_001))
	require.NoError(t, worldfile.Count("n", 1_000_000))
	known := []string{"A", "B"}
	for path, told := range map[string]map[string]int{"s.C": {"C": 1}, "s.A": {"A": -1}, "s": {"A": 0}} {
		_, err := worldfile.NewShares("s", told, known, "A")
		at(t, path, err)
	}
}

func TestDiceFollowTheSeed(t *testing.T) {
	t.Parallel()
	phrases := worldfile.Phrases{
		Greetings: []string{"Hello!", "Hi!"}, Goods: []string{"tea", "cup"}, Questions: []string{"Where is %s?"},
		Answers: []string{"Here."}, Supports: []string{"Wait."}, Notices: []string{"New: %d."},
	}
	roll := func() (out []string) {
		d := builder().Dice()
		shares, err := worldfile.NewShares("s", map[string]int{"A": 1, "B": 99, "C": 0}, []string{"A", "B", "C"}, "")
		require.NoError(t, err)
		for range 100 {
			out = append(out, d.Draw(shares), d.Sentence(phrases, chat.RoleBuyer), d.Sentence(phrases, chat.RoleMarketplace),
				d.Sentence(phrases, chat.RoleSeller), d.Sentence(phrases, chat.RoleSupport), d.Ago(noon).String())
		}
		return out
	}
	first := roll()
	require.Equal(t, first, roll())
	require.Contains(t, first, "B")
	require.NotContains(t, first, "C")
	require.Contains(t, first, "Hi! Where is cup?")
	require.Contains(t, first, "Hello! Wait.")
	only, err := worldfile.NewShares("s", nil, []string{"A", "B"}, "B")
	require.NoError(t, err)
	require.Equal(t, "B", builder().Dice().Draw(only))
}
