package marketplace_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/clock"
	"example.com/marketmock/internal/marketplace"
)

func worldOf(t *testing.T, events ...chat.Event) *marketplace.World {
	t.Helper()
	w := &marketplace.World{Clock: clock.New(noon), Store: chat.New(chat.Options{})}
	t.Cleanup(w.Clock.Close)
	w.Clock.Reset(noon, true)
	_, err := w.Store.Apply(chat.If{}, events...)
	require.NoError(t, err)
	return w
}

func TestASellerIsFoundByIDAndName(t *testing.T) {
	t.Parallel()
	w := worldOf(t,
		chat.SellerAdded{Seller: chat.Seller{ID: "7", Name: "first"}}, chat.SellerAdded{Seller: chat.Seller{ID: "1", Name: "second"}})
	for name, want := range map[string]string{"": "7", "7": "7", "first": "7", "second": "1"} {
		s, err := w.Seller(name)
		require.NoError(t, err)
		require.Equal(t, want, s.ID)
	}
	_, err := w.Seller("third")
	require.Equal(t, marketplace.Invalid("seller", `there is no seller "third"`), err)
	_, err = worldOf(t).Seller("")
	require.Error(t, err)
}

func TestAChatIsAboutAnOrderOfItsSeller(t *testing.T) {
	t.Parallel()
	order := chat.Order{ID: "o", Seller: "2", Buyer: "b"}
	w := worldOf(t,
		chat.SellerAdded{Seller: chat.Seller{ID: "1", Name: "first"}}, chat.SellerAdded{Seller: chat.Seller{ID: "2", Name: "second"}},
		chat.OrderPlaced{At: noon, Order: order})
	for _, tt := range []struct {
		name, seller, order string
		wantOrder, wantFrom string
		err                 error
	}{
		{name: "nothing is told", wantFrom: "1"},
		{name: "a seller alone", seller: "second", wantFrom: "2"},
		{name: "an order tells its seller", order: "o", wantOrder: "o", wantFrom: "2"},
		{name: "both", seller: "second", order: "o", wantOrder: "o", wantFrom: "2"},
		{name: "an order of another seller", seller: "first", order: "o", err: marketplace.Invalid("seller", "the order o is another seller's")},
		{name: "an unknown order", order: "x", err: marketplace.Invalid("order", `there is no order "x"`)},
		{name: "an unknown seller", seller: "x", order: "o", err: marketplace.Invalid("seller", `there is no seller "x"`)},
	} {
		got, seller, err := w.Subject(marketplace.ChatInput{Seller: tt.seller, Order: tt.order})
		require.Equal(t, tt.err, err, tt.name)
		if tt.err == nil {
			require.Equal(t, []string{tt.wantOrder, tt.wantFrom}, []string{got.ID, seller.ID}, tt.name)
		}
	}
}

func TestASellerIsChangedAsItStands(t *testing.T) {
	t.Parallel()
	w := worldOf(t, chat.SellerAdded{Seller: chat.Seller{ID: "1", Ext: "a"}})
	times := 0
	state, err := marketplace.ChangeSeller(w, "", func(ext *string) error {
		if times++; times == 1 {
			_, err := w.Store.Apply(chat.If{}, chat.SellerChanged{ID: "1", Ext: "ab"})
			require.NoError(t, err)
		}
		*ext += "c"
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, marketplace.SellerState[string]{Seller: "1", Ext: "abc"}, state)
	s, _ := w.Store.Seller("1")
	require.Equal(t, "abc", s.Ext)
	boom := errors.New("boom")
	_, err = marketplace.ChangeSeller(w, "1", func(*string) error { return boom })
	require.ErrorIs(t, err, boom)
	_, err = marketplace.ChangeSeller(w, "2", func(*string) error { return nil })
	require.Error(t, err)
}

func TestAnAuthorHasAnIDInAChat(t *testing.T) {
	t.Parallel()
	authors := marketplace.Authors{chat.RoleSupport: "support"}
	c := chat.Chat{Seller: "1", Buyer: "b"}
	for role, id := range map[chat.Role]string{chat.RoleSeller: "1", chat.RoleBuyer: "b", chat.RoleSupport: "support"} {
		by, ok := authors.In(c, role)
		require.True(t, ok)
		require.Equal(t, chat.Author{Role: role, ID: id}, by)
	}
	_, ok := authors.In(c, chat.RoleCourier)
	require.False(t, ok)
	_, ok = authors.In(chat.Chat{}, chat.RoleBuyer)
	require.False(t, ok, "a chat without a buyer")
}
