package chat_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
)

func TestAllSellersChangeAsOne(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	for _, id := range []string{"a", "b", "c"} {
		_, err := s.Apply(chat.If{}, chat.SellerAdded{At: t0, Seller: chat.Seller{ID: id, Ext: 0}})
		require.NoError(t, err)
	}
	plus := func(n int) func([]chat.Seller) ([]chat.Event, error) {
		return func(all []chat.Seller) ([]chat.Event, error) {
			var events []chat.Event
			for _, v := range all {
				events = append(events, chat.SellerChanged{At: t0, ID: v.ID, Ext: v.Ext.(int) + n})
			}
			return events, nil
		}
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 25 {
				_, err := s.ChangeSellers(plus(1))
				require.NoError(t, err)
				_, err = s.ChangeSeller("b", func(v chat.Seller) ([]chat.Event, error) { return plus(10)([]chat.Seller{v}) })
				require.NoError(t, err)
			}
		})
	}
	all.Wait()
	for id, want := range map[string]int{"a": 100, "b": 1100, "c": 100} {
		v, _ := s.Seller(id)
		require.Equal(t, want, v.Ext, id)
	}

	added := false
	_, err := s.ChangeSellers(func(now []chat.Seller) ([]chat.Event, error) {
		if !added { // one comes while it is decided
			added = true
			_, err := s.Apply(chat.If{}, chat.SellerAdded{At: t0, Seller: chat.Seller{ID: "d", Ext: 0}})
			require.NoError(t, err)
		}
		return plus(1)(now)
	})
	require.NoError(t, err)
	v, _ := s.Seller("d")
	require.Equal(t, 1, v.Ext)

	broken := errors.New("no")
	_, err = s.ChangeSellers(func([]chat.Seller) ([]chat.Event, error) { return nil, broken })
	require.ErrorIs(t, err, broken)
	applied, err := s.ChangeSellers(func([]chat.Seller) ([]chat.Event, error) { return nil, nil })
	require.NoError(t, err)
	require.Empty(t, applied)
}
