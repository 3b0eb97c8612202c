package shop_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// Proves: shopee/conversation-id
func TestAPairOfUsersHasOneConversation(t *testing.T) {
	t.Parallel()
	cases := []struct{ a, b, want int64 }{
		{151551554, 231156449, 650908968319134433},
		{9018157, 9030508, 38732689394223980},
		{165105353, 947151379, 709122092476686867},
		{9018157, 1200954207, 38732690586147679},
		{679422730, 6343861, 27246676204792586},
		{520298, 9018157, 2234662903192365},
		{9018093, 9018157, 38732414516304685},
		{163219823, 119159078, 511784343194732911},
		{161057467, 213245905, 691736553754845137},
		{172765311, 94311357, 405064194129145983},
		{6648342, 1641468822, 28554413104092054},
		{9018157, 1200862208, 38732690586055680},
	}
	for _, c := range cases {
		t.Run(strconv.FormatInt(c.want, 10), func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, shop.ConversationID(c.a, c.b))
			require.Equal(t, c.want, shop.ConversationID(c.b, c.a))
		})
	}
}

// Proves: shopee/message-id, shopee/id-epoch
func TestAMessageIDTellsItsTime(t *testing.T) {
	t.Parallel()
	for id, ms := range map[uint64]int64{
		2055922584234983609: 1608348739852, 2054655819613847745: 1607744699410, 2302748948493123953: 1726044721954,
	} {
		require.Equal(t, ms, shop.Nano(id)/1e6)
		require.Equal(t, id>>21, shop.MessageID(time.UnixMilli(ms), 0)>>21)
	}
	const inTest, ms = 2065633925008539788, 1615260187344
	require.Equal(t, int64(ms), shop.Nano(shop.Epoch("test").Kept(inTest))/1e6)
	require.Equal(t, uint64(inTest), shop.Epoch("test").Shown(shop.Epoch("test").Kept(inTest)))
	require.Equal(t, uint64(inTest), shop.Epoch("live").Kept(inTest))
}

// Proves: shopee/message-ids-grow, shopee/list-time-nano
func TestIDsAndTheirTimesGrowWhileTheClockStands(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)
	last := uint64(0)
	for range 1000 {
		next := shop.Mint(at, last)
		require.Greater(t, next, last)
		require.Greater(t, shop.Nano(next), shop.Nano(last))
		require.NotEqual(t, shop.Nano(next)+1, int64(float64(shop.Nano(next)+1)), "a double loses digits")
		require.Len(t, strconv.FormatUint(next, 10), 19)
		require.Greater(t, next, uint64(1)<<53)
		last = next
	}
	require.Equal(t, shop.MessageID(at, 0), shop.Mint(at, shop.MessageID(at.Add(-time.Millisecond), 127)))
}

// Proves: shopee/message-id, shopee/id-epoch
func TestIDsOfAnyYearAreRead(t *testing.T) {
	t.Parallel()
	for _, year := range []int{2000, 2026, 2129, 2130, 2199} {
		at := time.Date(year, 12, 31, 23, 59, 59, 0, time.UTC)
		id := shop.MessageID(at, 127)
		require.Equal(t, at.UnixMilli(), shop.Nano(id)/1e6, year)
		for _, epoch := range []shop.Epoch{"live", "test"} {
			read, ok := epoch.Read(epoch.Text(id))
			require.True(t, ok, year)
			require.Equal(t, id, read, year)
		}
	}
}
