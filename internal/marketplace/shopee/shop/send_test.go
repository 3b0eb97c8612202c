package shop

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
)

const aBuyer = 231156449

// order places an order of a buyer.
func (d *domain) order(sn string, buyer int64, placed time.Time, ext Order) {
	d.t.Helper()
	d.apply(chat.OrderPlaced{At: placed, Order: chat.Order{ID: sn, Seller: d.seller.ID, Buyer: Key(buyer), Placed: placed, Ext: ext}})
}

// Proves: shopee/first-chat, shopee/first-chat-ways, shopee/send-unknown-user, shopee/five-limit, shopee/five-limit-reply
func TestAShopWritesFirst(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	_, err := d.send(aBuyer, "hello")
	requireCode(t, CodeForbidden, err)
	id := d.buyer(aBuyer)
	_, err = d.send(aBuyer, "hello")
	requireCode(t, CodeForbidden, err)
	d.order("260918KJ7XN2PQ", aBuyer, midday.Add(-3*days), Order{})
	_, err = d.send(aBuyer, "hello")
	requireCode(t, CodeFirstChat, err)
	require.Zero(t, d.Store.Chats())

	m, err := d.send(aBuyer, "hello", func(draft *Draft) { draft.About.OrderSN = "260918KJ7XN2PQ" })
	require.NoError(t, err)
	require.Equal(t, id, m.Chat)
	require.Equal(t, MessageID(midday, 0), m.ID)
	require.Equal(t, chat.Author{Role: chat.RoleSeller, ID: d.seller.ID}, m.From)
	ext := MessageOf(m)
	require.Equal(t, []string{TypeText, StatusNormal, SourceOpenAPI}, []string{ext.Type, ext.Status, ext.Source})
	require.Regexp(t, `^[0-9a-f-]{36}$`, ext.RequestID)
	for i := range 4 {
		_, err = d.send(aBuyer, strconv.Itoa(i))
		require.NoError(t, err)
	}
	_, err = d.send(aBuyer, "sixth")
	requireCode(t, CodeFive, err)
	d.hears(id, chat.RoleMarketplace, "closed soon")
	d.hears(id, chat.RoleBot, "hi")
	_, err = d.send(aBuyer, "sixth")
	requireCode(t, CodeFive, err)
	d.hears(id, chat.RoleBuyer, "yes?")
	for i := range 5 {
		_, err = d.send(aBuyer, "again "+strconv.Itoa(i))
		require.NoError(t, err)
	}
	_, err = d.send(aBuyer, "eleventh")
	requireCode(t, CodeFive, err)
}

// Proves: shopee/first-chat-ways, shopee/send-order-unknown, shopee/order-echo
func TestAnOrderCardOpensAConversation(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	card := func(sn string) func(*Draft) {
		return func(draft *Draft) { draft.Type, draft.Content = TypeOrder, Content{OrderSN: sn} }
	}
	d.buyer(aBuyer)
	d.order("260918KJ7XN2PQ", aBuyer, midday.Add(-3*days), Order{})
	d.apply(chat.OrderPlaced{At: midday, Order: chat.Order{ID: "260918KJ7XN2PZ", Seller: "1", Buyer: Key(aBuyer), Placed: midday}})
	_, err := d.send(aBuyer, "", card("260918KJ7XN2PZ"))
	requireCode(t, CodeFirstChat, err)
	m, err := d.send(aBuyer, "", card("260918KJ7XN2PQ"))
	require.NoError(t, err)
	require.Equal(t, "260918KJ7XN2PQ", MessageOf(m).Content.OrderSN)
	_, err = d.send(aBuyer, "", card("260918KJ7XN2PZ"))
	require.Equal(t, errForeignOrder, err)
	_, err = d.send(aBuyer, "", card("260918KJ7XN2P0"))
	require.Equal(t, errForeignOrder, err)
}

// Many who write first at once make one conversation, and no more than five get
// through.
// Proves: shopee/five-limit, shopee/conversation-id
func TestManyWriteFirstAtOnce(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	id := d.buyer(aBuyer)
	d.order("260918KJ7XN2PQ", aBuyer, midday, Order{})
	var sent atomic.Int32
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			_, err := d.send(aBuyer, strconv.Itoa(i), func(draft *Draft) { draft.About.OrderSN = "260918KJ7XN2PQ" })
			if err == nil {
				sent.Add(1)
				return
			}
			requireCode(t, CodeFive, err)
		})
	}
	all.Wait()
	require.Equal(t, int32(5), sent.Load())
	require.Equal(t, 1, d.Store.Chats())
	require.Equal(t, 5, d.get(id).Messages)
}

// Proves: shopee/duplicate-24h, shopee/duplicate-send-only
func TestTheSameAgain(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	id := d.open(aBuyer, Conversation{})
	other := d.open(aBuyer+1, Conversation{})
	d.hears(id, chat.RoleBuyer, "?")
	d.hears(other, chat.RoleBuyer, "?")
	_, err := d.send(aBuyer, "hello")
	require.NoError(t, err)
	_, err = d.send(aBuyer, "hello")
	requireCode(t, CodeBusiness, err)
	_, err = d.send(aBuyer+1, "hello")
	require.NoError(t, err)
	for range 2 {
		_, err = d.send(aBuyer, "hello", func(draft *Draft) { draft.Auto = true })
		require.NoError(t, err)
	}
	for range 30 {
		d.hears(id, chat.RoleBuyer, "hello")
	}
	d.advance(24*time.Hour - time.Millisecond)
	_, err = d.send(aBuyer, "hello")
	requireCode(t, CodeBusiness, err)
	d.advance(time.Millisecond)
	m, err := d.send(aBuyer, "hello")
	require.NoError(t, err)
	require.NoError(t, Recall(d.call(), m.ID))
	_, err = d.send(aBuyer, "hello")
	require.NoError(t, err, "what was recalled is gone")
}

// Proves: shopee/censor, shopee/late-status
func TestStatusesThatComeLater(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	id := d.open(aBuyer, Conversation{})
	d.hears(id, chat.RoleBuyer, "?")
	m, err := d.send(aBuyer, "write to telegram")
	requireCode(t, CodeCensored, err)
	require.NotZero(t, m.ID)
	require.Equal(t, d.get(id).Last, m.ID)
	require.Equal(t, StatusCensored, StatusOf(m, d.Clock.Now()))
	for value, want := range map[string]string{"normal": StatusNormal, "blocked": StatusBlocked, "censored": StatusCensored} {
		d.set(newest, map[string]string{switchLate: value})
		m, err := d.send(aBuyer, value)
		require.NoError(t, err)
		require.Equal(t, StatusNormal, StatusOf(m, d.Clock.Now().Add(LateAfter-1)))
		require.Equal(t, want, StatusOf(m, d.Clock.Now().Add(LateAfter)))
	}
}

// Proves: shopee/autoreply, shopee/five-limit-automatic, shopee/autoreply-rules
func TestAutomaticReplies(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	id := d.open(aBuyer, Conversation{})
	d.hears(id, chat.RoleBuyer, "?")
	for range 7 {
		m, err := d.send(aBuyer, "back on Monday", func(draft *Draft) { draft.Auto = true })
		require.NoError(t, err)
		require.Equal(t, StatusAutoReply, MessageOf(m).Status)
		require.Equal(t, chat.RoleBot, m.From.Role)
	}
	ch := d.get(id)
	require.Zero(t, ch.Unanswered)
	require.Equal(t, 1, ch.Unread, "the shop's own words are not unread")
	d.region("TW")
	_, err := d.send(aBuyer, "x", func(draft *Draft) { draft.Auto = true })
	requireCode(t, CodeForbidden, err)
}

// Proves: shopee/webchat-closed, shopee/webchat-send-rules
func TestTheWebchatWritesIntoAClosedConversation(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	id := d.open(aBuyer, Conversation{})
	require.NoError(t, SetStatus(d.World, id, false))
	ch := d.get(id)
	require.Equal(t, Closed, ConversationStatus(&ch))
	webchat := func(draft *Draft) { draft.Via, draft.Source, draft.RequestID = ViaWebchat, SourceWebchat, "abc" }
	_, err := d.send(aBuyer, "hello", webchat)
	requireCode(t, CodeClosed, err)
	m, err := d.send(aBuyer, "hello", webchat, func(draft *Draft) { draft.Reopen = true })
	require.NoError(t, err)
	require.Equal(t, "hello", m.Text)
	require.Equal(t, "abc", MessageOf(m).RequestID)
	require.Equal(t, []string{"hello", ""}, d.texts(id))
	ch = d.get(id)
	require.Equal(t, Activated, ConversationStatus(&ch))
	require.Equal(t, 1, ch.Unanswered)
	for range 7 {
		_, err = d.send(aBuyer, "hello", webchat)
		require.NoError(t, err)
	}
	require.NoError(t, SetStatus(d.World, id, true))
	require.Equal(t, 9, d.get(id).Messages, "it was open")
	require.NoError(t, SetStatus(d.World, id, false))
	require.NoError(t, SetStatus(d.World, id, true))
	last, _ := d.Store.Message(id, d.get(id).Last)
	require.Equal(t, textJoined, MessageOf(last).Content.Notification.ForSender)
	require.Equal(t, optionNotification, MessageOf(last).Option)
}

// A question about the conversation is answered with the message's own look at it:
// of many that ask for none before them one gets through.
func TestACheckSeesTheConversationAsItStands(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	id := d.open(aBuyer, Conversation{})
	errThere := errors.New("it is there")
	var all sync.WaitGroup
	var sent atomic.Int32
	for range 20 {
		all.Go(func() {
			_, err := d.send(aBuyer, "once", func(draft *Draft) {
				draft.Via = ViaWebchat
				draft.Check = func(ch chat.Chat) error {
					if ch.Messages > 0 {
						return errThere
					}
					return nil
				}
			})
			if err == nil {
				sent.Add(1)
			} else {
				require.ErrorIs(t, err, errThere)
			}
		})
	}
	all.Wait()
	require.Equal(t, int32(1), sent.Load())
	require.Equal(t, 1, d.get(id).Messages)
}

// Proves: shopee/contact-window-order, shopee/contact-window-return
func TestOrdersOfBothAreFound(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	id := d.open(aBuyer, Conversation{})
	d.order("260918KJ7XN2P0", aBuyer, midday.Add(-40*days), Order{})
	d.order("260918KJ7XN2P1", aBuyer+1, midday, Order{ReturnOpen: true})
	_, err := d.send(aBuyer, "hello")
	requireCode(t, CodeForbidden, err)
	d.apply(chat.OrderChanged{At: midday, ID: "260918KJ7XN2P0", Ext: Order{ReturnOpen: true}})
	_, err = d.send(aBuyer, "hello")
	require.NoError(t, err)
	require.Equal(t, 1, d.get(id).Messages)
}

// Proves: shopee/contact-window-order, shopee/first-chat-ways
func TestAnyOrderOfBothCounts(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	d.order("160928KJ7XN2PQ", aBuyer, midday.Add(-days), Order{})
	for i := range 250 {
		d.order("9"+strconv.Itoa(1e12+i), aBuyer, midday.Add(-60*days), Order{})
	}
	d.buyer(aBuyer)
	_, err := d.send(aBuyer, "", func(draft *Draft) { draft.Type, draft.Content = TypeOrder, Content{OrderSN: "160928KJ7XN2PQ"} })
	require.NoError(t, err)
}

// Proves: shopee/item-content, shopee/send-affiliate, shopee/affiliate-conversations
func TestWhatAMessageIsGiven(t *testing.T) {
	t.Parallel()
	d := newDomain(t, map[string]string{switchWindow: off})
	id := d.open(aBuyer, Conversation{Business: BusinessAffiliate})
	m, err := d.send(aBuyer, "", func(draft *Draft) {
		draft.Type, draft.Content, draft.Business, draft.Conversation = TypeItem, Content{Item: &Item{ItemID: 9}}, BusinessAffiliate, Number(id)
	})
	require.NoError(t, err)
	require.Equal(t, Item{ShopID: theShop.ID, ItemID: 9}, *MessageOf(m).Content.Item)
	require.Equal(t, BusinessAffiliate, MessageOf(m).Business)
	_, err = d.send(aBuyer, "x", func(draft *Draft) { draft.Business, draft.Conversation = BusinessAffiliate, 5 })
	require.Equal(t, errNoConversation, err)
}

func BenchmarkSend(b *testing.B) {
	d := newDomain(b, map[string]string{switchFive: off})
	id := d.open(aBuyer, Conversation{})
	for range 1000 {
		d.hears(id, chat.RoleBuyer, "?")
	}
	n := 0
	for b.Loop() {
		n++
		if _, err := d.send(aBuyer, strconv.Itoa(n)); err != nil {
			b.Fatal(err)
		}
	}
}
