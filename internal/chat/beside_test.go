package chat_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
)

func TestRolesBesideTheSellerAreNeverUnread(t *testing.T) {
	t.Parallel()
	o := byLast()
	o.Beside = []chat.Role{chat.RoleBot}
	s := chat.New(o)
	apply(t, s, open("a"), post("a", chat.RoleSeller, "1"), post("a", chat.RoleBot, "2"))
	c, _ := s.Chat("a")
	require.Equal(t, []int{0, 1}, []int{c.Unread, c.Unanswered})
	apply(t, s, post("a", chat.RoleBuyer, "3"), post("a", chat.RoleBot, "4"), post("a", chat.RoleMarketplace, "5"))
	c, _ = s.Chat("a")
	require.Equal(t, []int{2, 0}, []int{c.Unread, c.Unanswered})
	require.Equal(t, uint64(3), c.FirstUnread)
	apply(t, s, chat.ChatRead{At: t0, Chat: "a", By: chat.Author{Role: chat.RoleSeller}, UpTo: 3})
	c, _ = s.Chat("a")
	require.Equal(t, 1, c.Unread)
	require.Equal(t, uint64(5), c.FirstUnread)
}

func TestOrdersOfASellerAndABuyer(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	place := func(id, seller, buyer string) chat.OrderPlaced {
		return chat.OrderPlaced{At: t0, Order: chat.Order{ID: id, Seller: seller, Buyer: buyer, Items: []chat.Item{{SKU: "1"}}}}
	}
	for i := range 30 {
		apply(t, s, place("o"+strconv.Itoa(i), "s", "b"+strconv.Itoa(i%3)))
	}
	apply(t, s, place("zz", "s", "b11"), place("z", "s2", "b1"), place("first", "s", ""))
	orders := func(seller, buyer string, limit int) []string {
		var out []string
		for _, o := range s.OrdersOf(seller, buyer, "", limit) {
			out = append(out, o.ID)
		}
		return out
	}
	require.Equal(t, []string{"o7", "o4", "o28"}, orders("s", "b1", 3))
	require.Len(t, orders("s", "b1", 100), 10)
	require.Equal(t, []string{"z"}, orders("s2", "b1", 3))
	require.Equal(t, []string{"zz"}, orders("s", "b11", 3))
	require.Equal(t, []string{"first"}, orders("s", "", 3))
	require.Empty(t, orders("s", "b", 3))
	require.Empty(t, orders("s", "b1", 0))
	rest := s.OrdersOf("s", "b1", "o28", 100)
	require.Len(t, rest, 7)
	require.Equal(t, "o25", rest[0].ID)
	require.Equal(t, "o7", s.OrdersOf("s", "b1", "o9", 1)[0].ID, "before one that nobody placed")
	require.Empty(t, s.OrdersOf("s", "b1", "o1", 1))

	snap := s.Snapshot()
	apply(t, s, place("o99", "s", "b1"), chat.OrderPaid{At: t0.Add(time.Hour), ID: "o7"})
	require.Equal(t, []string{"o99"}, orders("s", "b1", 1))
	require.Equal(t, t0.Add(time.Hour), s.OrdersOf("s", "b1", "", 2)[1].Paid)
	s.Restore(snap)
	require.Equal(t, []string{"o7"}, orders("s", "b1", 1))
	s.OrdersOf("s", "b1", "", 1)[0].Items[0].SKU = "changed"
	require.Equal(t, "1", s.OrdersOf("s", "b1", "", 1)[0].Items[0].SKU, "a copy")
}

func TestAMessageIsFoundByItsIDAlone(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	apply(t, s, open("a"), open("b"), post("a", chat.RoleBuyer, "1"), post("b", chat.RoleBuyer, "2"))
	snap := s.Snapshot()
	apply(t, s, post("a", chat.RoleBuyer, "3"), chat.MessageEdited{At: t0, Chat: "b", ID: 2, Text: "changed"})
	for id, want := range map[uint64]string{1: "a 1", 2: "b changed", 3: "a 3"} {
		m, found := s.MessageByID(id)
		require.True(t, found)
		require.Equal(t, want, m.Chat+" "+m.Text)
		require.Equal(t, id, m.ID)
	}
	_, found := s.MessageByID(4)
	require.False(t, found)
	s.Restore(snap)
	_, found = s.MessageByID(3)
	require.False(t, found)
	m, _ := s.MessageByID(2)
	require.Equal(t, "2", m.Text)
}
