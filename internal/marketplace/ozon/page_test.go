package ozon

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
)

func cursorOf(key string) string { return string(appendCursor(nil, key)) }

// Proves: ozon/list-order, ozon/empty-chat
func TestListOrder(t *testing.T) {
	t.Parallel()
	id := func(n byte) string { return uuid.UUID{15: n}.String() }
	chats := []chat.Chat{
		{ID: id(1), Last: 3_000_000_399_077_800_009, Opened: ago(time.Hour)},
		{ID: id(2), Last: 3_000_000_399_077_800_001, Opened: ago(time.Minute)},
		{ID: id(3), Last: 1, Opened: noon},
		{ID: id(4), Opened: noon},
		{ID: id(5), Opened: ago(time.Hour)},
		{ID: id(6), Opened: ago(time.Hour)},
	}
	keys := make([]string, len(chats))
	for i, c := range chats {
		keys[i] = listKey(c)
	}
	require.True(t, slices.IsSorted(keys))
	for _, key := range keys {
		cursor := cursorOf(key)
		require.Regexp(t, `^[0-9]+$`, cursor)
		back, ok := parseCursor(cursor)
		require.True(t, ok, cursor)
		require.Equal(t, key, back)
	}
	require.Equal(t, "3000000399077800009", cursorOf(keys[0]))
}

// Proves: ozon/cursor-invalid
func TestBrokenCursors(t *testing.T) {
	t.Parallel()
	for _, cursor := range []string{"x", "-1", "+1", " 1", "1 ", "1.0", "99999999999999999999999", string(make([]byte, 100)), "٣"} {
		_, ok := parseCursor(cursor)
		require.False(t, ok, cursor)
	}
	key, ok := parseCursor("")
	require.True(t, ok)
	require.Empty(t, key)
}

// A chat stands in every filter that it passes.
// Proves: ozon/filter-unread-only
func TestListRows(t *testing.T) {
	t.Parallel()
	partitions := func(c chat.Chat) []string {
		var out []string
		for _, row := range listRows(c) {
			out = append(out, row.Partition)
		}
		return out
	}
	require.Equal(t, []string{"7/ALL", "7/OPENED"}, partitions(chat.Chat{Seller: "7"}))
	require.Equal(t, []string{"7/ALL", "7/CLOSED", "7/ALL/unread", "7/CLOSED/unread"},
		partitions(chat.Chat{Seller: "7", Unread: 1, Closed: noon}))
}

func FuzzParseCursor(f *testing.F) {
	f.Add("304000402034")
	f.Add("")
	f.Add(cursorOf(listKey(chat.Chat{ID: uuid.Nil.String(), Opened: noon})))
	f.Fuzz(func(t *testing.T, cursor string) {
		key, ok := parseCursor(cursor)
		if !ok || key == "" {
			return
		}
		again, ok := parseCursor(cursorOf(key))
		if !ok || again != key {
			t.Fatalf("%q gives %x, which comes back as %x", cursor, key, again)
		}
	})
}
