package shop

import (
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/clock"
	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/marketplace"
)

var (
	newest  = time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC)
	midday  = time.Date(2026, time.October, 5, 12, 0, 0, 0, time.UTC)
	theShop = Shop{ID: 210004001, UserID: 210004003, Username: "demo_shop", Region: "SG"}
)

// domain is a world with a shop and no server, under a frozen clock.
type domain struct {
	*marketplace.World
	t      testing.TB
	seller chat.Seller
	config *marketplace.Config
}

func newDomain(t testing.TB, set map[string]string) *domain {
	t.Helper()
	c := clock.New(midday)
	c.Reset(midday, true)
	blobs := blob.New(t.TempDir(), 64<<20)
	t.Cleanup(func() { require.NoError(t, blobs.Close()) })
	d := &domain{t: t, seller: chat.Seller{ID: Key(theShop.ID), Name: "demo", Ext: theShop}}
	d.World = &marketplace.World{
		Marketplace: "shopee", Sandbox: "default", Clock: c, Store: chat.New(Store()), Limits: limit.NewSet(c.Now, nil),
		Blobs: blobs, Log: slog.New(slog.DiscardHandler), BaseURL: "http://127.0.0.1:8080/shopee",
		Config: func() *marketplace.Config { return d.config },
	}
	d.set(newest, set)
	d.apply(chat.SellerAdded{At: midday, Seller: d.seller})
	return d
}

func (d *domain) set(edition time.Time, set map[string]string) {
	d.t.Helper()
	settings, err := marketplace.NewSettings(Switches.Switches("shopee"), edition, set)
	require.NoError(d.t, err)
	d.config = &marketplace.Config{Settings: settings}
}

func (d *domain) apply(events ...chat.Event) []chat.Applied {
	d.t.Helper()
	applied, err := d.Store.Apply(chat.If{}, events...)
	require.NoError(d.t, err)
	return applied
}

func (d *domain) advance(by time.Duration) {
	d.t.Helper()
	require.NoError(d.t, d.Clock.Advance(d.t.Context(), by))
}

func (d *domain) call() *marketplace.Call {
	return &marketplace.Call{World: d.World, Config: d.config, Seller: d.seller, Header: http.Header{}}
}

// region moves the shop.
func (d *domain) region(code string) {
	its := theShop
	its.Region = code
	d.seller.Ext = its
	d.apply(chat.SellerChanged{At: d.Clock.Now(), ID: d.seller.ID, Ext: its})
}

// buyer adds one, and answers the id of the conversation with the shop.
func (d *domain) buyer(id int64) string {
	d.apply(chat.BuyerAdded{At: midday, Buyer: chat.Buyer{ID: Key(id), Name: "buyer_" + Key(id), Ext: Customer{ShopID: id - 4}}})
	return Key(ConversationID(theShop.UserID, id))
}

// open opens a conversation with a new buyer.
func (d *domain) open(id int64, its Conversation) string {
	d.t.Helper()
	conversation := d.buyer(id)
	d.apply(opened(id, d.Clock.Now(), its))
	return conversation
}

func opened(buyer int64, at time.Time, its Conversation) chat.Event {
	return chat.ChatOpened{At: at, Chat: chat.Chat{
		ID: Key(ConversationID(theShop.UserID, buyer)), Seller: Key(theShop.ID), Buyer: Key(buyer), Opened: at, Ext: its,
	}}
}

// hears posts a text of somebody.
func (d *domain) hears(conversation string, role chat.Role, text string) uint64 {
	d.t.Helper()
	applied := d.apply(wrote(d.get(conversation), role, d.Clock.Now(), text))
	return applied[0].Event.(chat.MessagePosted).Message.ID
}

func wrote(ch chat.Chat, role chat.Role, at time.Time, text string) chat.Event {
	by, _ := Author(ch, role)
	return chat.MessagePosted{At: at, Message: chat.Message{
		Chat: ch.ID, At: at, From: by, Text: text, Ext: Message{Type: TypeText, Content: Content{Text: text}, Status: StatusNormal},
	}}
}

func (d *domain) get(conversation string) chat.Chat {
	d.t.Helper()
	ch, found := d.Store.Chat(conversation)
	require.True(d.t, found, conversation)
	return ch
}

func (d *domain) send(to int64, text string, change ...func(*Draft)) (chat.Message, error) {
	draft := Draft{To: to, Type: TypeText, Content: Content{Text: text}}
	for _, f := range change {
		f(&draft)
	}
	_, m, err := Send(d.call(), draft)
	return m, err
}

// texts are a conversation's messages as the shop sees them, the latest first.
func (d *domain) texts(conversation string) []string {
	d.t.Helper()
	ch := d.get(conversation)
	messages, more := History(d.Store, &ch, 0, 0, 100)
	require.False(d.t, more)
	var out []string
	for _, m := range messages {
		out = append(out, m.Text)
	}
	return out
}

func requireCode(t testing.TB, code string, err error) {
	t.Helper()
	var no *Refused
	require.ErrorAs(t, err, &no)
	require.Equal(t, code, no.Code)
	require.NotEmpty(t, no.Text)
	require.Regexp(t, `^shopee/[a-z0-9-]+$`, no.Reason().Claim)
}
