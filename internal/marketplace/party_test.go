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
