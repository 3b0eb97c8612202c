package shop

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
)

// Proves: shopee/history-newest-first, shopee/history-offset, shopee/webchat-history
func TestHistoryIsReadInPages(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	id := d.open(aBuyer, Conversation{})
	var want []uint64
	for i := range 2500 {
		want = append([]uint64{d.hears(id, chat.RoleBuyer, strconv.Itoa(i))}, want...)
	}
	d.open(aBuyer+1, Conversation{})
	ch := d.get(id)
	for _, deleted := range []int{2500, 1300, 0} { // how many are left
		ch.Ext = Conversation{}
		if deleted < len(want) {
			ch.Ext = Conversation{Deleted: want[deleted]}
		}
		for _, size := range []int{1, 7, 25, 1000, 3000} {
			if size == 1 && deleted > 0 {
				continue
			}
			var byOffset, byID []uint64
			for more := true; more; {
				var page []chat.Message
				page, more = History(d.Store, &ch, 0, len(byOffset), size)
				byOffset = append(byOffset, idsOf(page)...)
			}
			for more, before := true, uint64(0); more; {
				var page []chat.Message
				page, more = History(d.Store, &ch, before, 0, size)
				byID = append(byID, idsOf(page)...)
				if more {
					require.Len(t, page, size)
					before = page[size-1].ID
				}
			}
			require.Equal(t, want[:deleted], append([]uint64{}, byOffset...), "%d left, by %d", deleted, size)
			require.Equal(t, want[:deleted], append([]uint64{}, byID...), "%d left, by %d", deleted, size)
		}
		for _, skip := range []int{deleted, deleted + 1, 9999} {
			page, more := History(d.Store, &ch, 0, skip, 25)
			require.Empty(t, page)
			require.False(t, more)
		}
	}
}

func idsOf(messages []chat.Message) []uint64 {
	var out []uint64
	for _, m := range messages {
		out = append(out, m.ID)
	}
	return out
}

// Proves: shopee/delete-conversation
func TestADeletedConversationComesBack(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	id := d.open(aBuyer, Conversation{Muted: true})
	listed := func() int {
		rows, _ := List(d.Store, ListQuery{Shop: d.seller.ID, PinnedFirst: true, Size: 5})
		return len(rows)
	}
	require.Equal(t, 1, listed())
	require.NoError(t, Delete(d.World, id))
	require.Zero(t, listed(), "an empty one too")
	first := d.hears(id, chat.RoleBuyer, "first")
	require.Equal(t, []string{"first"}, d.texts(id))
	require.NoError(t, Pin(d.World, id, true))
	require.NoError(t, MarkUnread(d.World, id))
	require.NoError(t, Delete(d.World, id))
	require.Zero(t, listed())
	_, found := FindChat(d.World, d.seller, Number(id))
	require.False(t, found)
	_, _, found = FindMessage(d.World, d.seller, first)
	require.False(t, found)
	_, err := d.send(aBuyer, "second")
	require.NoError(t, err, "it is there for the buyer")
	require.Equal(t, []string{"second"}, d.texts(id))
	ch, found := FindChat(d.World, d.seller, Number(id))
	require.True(t, found)
	require.Equal(t, Conversation{Muted: true, Deleted: first}, ConversationOf(&ch))
	require.Zero(t, UnreadOf(&ch))
	_, _, found = FindMessage(d.World, d.seller, first)
	require.False(t, found, "what was deleted stays away")
}

func TestOnlyTheShopFindsItsConversations(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	id := d.open(aBuyer, Conversation{})
	message := d.hears(id, chat.RoleBuyer, "x")
	for range 250 {
		d.advance(time.Second)
		d.hears(d.open(300_000_000+d.Clock.Now().Unix(), Conversation{}), chat.RoleBuyer, "later")
	}
	other := chat.Seller{ID: "210004002", Ext: Shop{ID: 210004002}}
	_, found := FindChat(d.World, other, Number(id))
	require.False(t, found)
	_, _, found = FindMessage(d.World, other, message)
	require.False(t, found)
	ch, m, found := FindMessage(d.World, d.seller, message)
	require.True(t, found)
	require.Equal(t, []any{id, "x"}, []any{ch.ID, m.Text})
	for _, id := range []uint64{0, 1, message - 1, message + 1, ^uint64(0) >> 1} {
		_, _, found = FindMessage(d.World, d.seller, id)
		require.False(t, found)
	}
}

// It is not parallel: allocations are counted.
func TestAMessageIsFoundWithoutASearch(t *testing.T) {
	d := manyChats(t, 20_000)
	first := d.Store.AllChats("", 2)[1].Last
	require.NotZero(t, first)
	for _, id := range []uint64{first, 1, first + 1} {
		require.Less(t, testing.AllocsPerRun(10, func() { FindMessage(d.World, d.seller, id) }), 20.0)
	}
}

// Proves: shopee/both-sides-have-shops, shopee/user-not-shop
func TestBothSidesHaveShops(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	id := d.open(aBuyer, Conversation{})
	ch := d.get(id)
	shop, buyer := SidesOf(d.World, &ch)
	require.Equal(t, Side{UserID: theShop.UserID, ShopID: theShop.ID, Name: "demo_shop"}, shop)
	require.Equal(t, Side{UserID: aBuyer, ShopID: aBuyer - 4, Name: "buyer_231156449"}, buyer)
	for role, want := range map[chat.Role]Side{
		chat.RoleBuyer: buyer, chat.RoleSeller: shop, chat.RoleBot: shop, chat.RoleMarketplace: shop,
	} {
		from, to := FromTo(role, shop, buyer)
		require.Equal(t, want, from)
		require.NotEqual(t, from, to)
	}
}
