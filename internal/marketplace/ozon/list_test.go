package ozon

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
)

// listed is an answer of the list, as a client reads it.
type listed struct {
	Chats []struct {
		Chat struct {
			ChatID string `json:"chat_id"`
			Status string `json:"chat_status"`
			Type   string `json:"chat_type"`
		} `json:"chat"`
		First  uint64 `json:"first_unread_message_id"`
		Last   uint64 `json:"last_message_id"`
		Unread int    `json:"unread_count"`
	} `json:"chats"`
	Total   int    `json:"total_unread_count"`
	Cursor  string `json:"cursor"`
	HasNext bool   `json:"has_next"`
}

func (w *testWorld) list(body string) listed {
	w.t.Helper()
	reply := w.call(opListV3, body)
	require.Equal(w.t, 200, reply.status, reply.body)
	var out listed
	require.NoError(w.t, json.Unmarshal([]byte(reply.body), &out))
	return out
}

// Every chat comes once, the greatest last message first, empty ones last.
// Proves: ozon/list-cursor, ozon/list-order, ozon/cursor-last-page
// Proves: ozon/cursor-changed-filter, ozon/unknown-fields-ignored
// Proves: ozon/empty-chat
func TestListPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "paging", today, nil)
	for i := range 3 {
		events, err := w.api.Player().OpenChat(w.World, marketplace.ChatInput{
			Buyer: "900", ID: fmt.Sprintf("00000000-0000-4000-8000-00000000000%d", i),
		})
		require.NoError(t, err)
		_, err = w.Store.Apply(chatIf(), events...)
		require.NoError(t, err)
	}
	cursor, pages := "", 0
	var lasts []uint64
	seen := map[string]bool{}
	for {
		page := w.list(fmt.Sprintf(`{"limit":5,"cursor":%q,"offset":10}`, cursor))
		pages++
		for _, row := range page.Chats {
			require.False(t, seen[row.Chat.ChatID])
			seen[row.Chat.ChatID] = true
			lasts = append(lasts, row.Last)
		}
		if !page.HasNext {
			require.Empty(t, page.Cursor)
			break
		}
		cursor = page.Cursor
	}
	require.Len(t, seen, 28)
	require.Equal(t, 6, pages)
	for i := 1; i < len(lasts); i++ {
		require.LessOrEqual(t, lasts[i], lasts[i-1])
	}
	require.Equal(t, []uint64{0, 0, 0}, lasts[25:])
	require.NotEmpty(t, w.list(fmt.Sprintf(`{"limit":5,"cursor":%q,"filter":{"unread_only":true}}`, w.list(`{"limit":5}`).Cursor)).Chats)
}

// Proves: ozon/filter-unread-only, ozon/unread-total, ozon/filter-status-default
// Proves: ozon/status-filter, ozon/chat-statuses
func TestListFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "paging", today, nil)
	unread := w.list(`{"limit":100,"filter":{"unread_only":true}}`)
	require.Len(t, unread.Chats, 10)
	require.Equal(t, 10, unread.Total)
	for _, row := range unread.Chats {
		require.Positive(t, row.Unread)
		require.NotZero(t, row.First)
	}
	require.Equal(t, 10, w.list(`{"limit":1}`).Total, "whatever the filter and the page")
	require.Empty(t, w.list(`{"limit":1,"filter":{"chat_status":"CLOSED"}}`).Chats)
	w.set(today, map[string]string{switchStatusFilter: "ignored"})
	require.NotEmpty(t, w.list(`{"limit":1,"filter":{"chat_status":"CLOSED"}}`).Chats)
	w.set(today, map[string]string{switchUnreadTotal: "stale"})
	for _, row := range unread.Chats {
		w.call(opReadV2, fmt.Sprintf(`{"chat_id":%q,"from_message_id":%d}`, row.Chat.ChatID, row.Last))
	}
	require.Equal(t, 1, w.list(`{"limit":1}`).Total)
	w.set(today, nil)
	require.Zero(t, w.list(`{"limit":1}`).Total)
}

// Proves: ozon/filter-case, ozon/filter-status-edition
func TestStatusFilterSpelling(t *testing.T) {
	t.Parallel()
	strict := map[string]string{switchFilterCase: "strict"}
	for _, tt := range []struct {
		word    string
		lenient bool
		enum    bool // strict, since July 2026
		title   bool // strict, before
	}{
		{"OPENED", true, true, false},
		{"Opened", true, false, true},
		{"All", true, false, true},
		{"ALL", true, true, false},
		{"opened", true, false, false},
		{"", true, true, true},
		{"OPEN", false, false, false},
		{"UNSPECIFIED", false, false, false},
	} {
		_, ok := statusFilter(settings(t, today, nil), tt.word, false)
		require.Equal(t, tt.lenient, ok, tt.word)
		_, ok = statusFilter(settings(t, today, strict), tt.word, false)
		require.Equal(t, tt.enum, ok, tt.word)
		_, ok = statusFilter(settings(t, today, strict), tt.word, true)
		require.Equal(t, tt.title, ok, tt.word)
	}
}

// Proves: ozon/list-limit, ozon/list-limit-missing
// Proves: ozon/list-limit-max-edition
func TestListLimit(t *testing.T) {
	t.Parallel()
	clamp := map[string]string{switchListLimit: "clamp"}
	optional := map[string]string{switchListLimitMissing: "default-30"}
	old := day(2025, 10, 15)
	for _, tt := range []struct {
		name string
		in   marketplace.Settings
		n    int64
		want int // 0: refused
	}{
		{"1", settings(t, today, nil), 1, 1},
		{"100", settings(t, today, nil), 100, 100},
		{"101", settings(t, today, nil), 101, 0},
		{"missing", settings(t, today, nil), 0, 0},
		{"-1", settings(t, today, nil), -1, 0},
		{"missing, with a default", settings(t, today, optional), 0, 30},
		{"-1, with a default", settings(t, today, optional), -1, 0},
		{"1000, brought into range", settings(t, today, clamp), 1000, 100},
		{"-1, brought into range", settings(t, today, clamp), -1, 1},
		{"1000 before October 2025", settings(t, old, nil), 1000, 1000},
		{"1001 before October 2025", settings(t, old, nil), 1001, 0},
	} {
		got, err := listLimit(tt.in, tt.n)
		require.Equal(t, tt.want, got, tt.name)
		require.Equal(t, tt.want == 0, err != nil, tt.name)
	}
	w := newWorld(t, "empty", today, nil)
	w.call(opListV3, `{"limit":1000}`).requireError(t, 400, 3,
		"Request validation error: invalid ChatListRequest.Limit: value must be inside range [1, 100]")
}

// Proves: ozon/list-counts-notifications, ozon/filter-no-chat-type
// Proves: ozon/system-chat-type, ozon/list-no-premium
func TestListShowsEveryType(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "support-and-notifications", today, nil)
	types := func() map[string]int {
		out := map[string]int{}
		for _, row := range w.list(`{"limit":100,"filter":{"chat_type":"BUYER_SELLER"}}`).Chats {
			out[row.Chat.Type]++
		}
		return out
	}
	require.Len(t, types(), len(kinds))
	w.set(today, map[string]string{switchSystemChatType: "unspecified"})
	require.Len(t, types(), len(kinds)-4)
	require.Greater(t, w.list(`{"limit":1}`).Total, 1)
}

// history reads the ids of an answer.
func (w *testWorld) ids(body string, args ...any) (ids []uint64, more bool) {
	w.t.Helper()
	reply := w.call(opHistoryV3, fmt.Sprintf(body, args...))
	require.Equal(w.t, 200, reply.status, reply.body)
	var out struct {
		HasNext  bool `json:"has_next"`
		Messages []struct {
			ID uint64 `json:"message_id"`
		} `json:"messages"`
	}
	require.NoError(w.t, json.Unmarshal([]byte(reply.body), &out))
	for _, m := range out.Messages {
		ids = append(ids, m.ID)
	}
	return ids, out.HasNext
}

// Proves: ozon/history-backward, ozon/history-forward, ozon/history-from-default
// Proves: ozon/from-message, ozon/history-has-next, ozon/history-unknown-from
// Proves: ozon/history-limit-default, ozon/history-limit-zero, ozon/history-limit-max
// Proves: ozon/forward-without-from, ozon/history-direction-case
// Proves: ozon/ids-accepted-both-ways, ozon/history-message-ids
// Proves: ozon/history-message-ids-with-from
func TestHistoryRanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "long-history", today, nil)
	chatID := w.first().ID
	all, more := w.ids(`{"chat_id":%q,"limit":1000}`, chatID)
	require.Len(t, all, 120)
	require.False(t, more)
	require.Greater(t, all[0], all[1], "newest first")

	page, more := w.ids(`{"chat_id":%q}`, chatID)
	require.Equal(t, all[:50], page)
	require.True(t, more)
	page, _ = w.ids(`{"chat_id":%q,"direction":"","filter":{"message_ids":null},"from_message_id":0,"limit":0}`, chatID)
	require.Equal(t, all[:50], page)
	page, _ = w.ids(`{"chat_id":%q,"from_message_id":%d,"limit":3}`, chatID, all[10])
	require.Equal(t, all[10:13], page, "the message itself comes first")
	page, more = w.ids(`{"chat_id":%q,"from_message_id":"%d","limit":3,"direction":"Forward"}`, chatID, all[2])
	require.Equal(t, []uint64{all[2], all[1], all[0]}, page)
	require.False(t, more)
	page, _ = w.ids(`{"chat_id":%q,"from_message_id":%d,"limit":1}`, chatID, all[10]+1)
	require.Equal(t, all[10:11], page, "a position between two messages")
	page, more = w.ids(`{"chat_id":%q,"direction":"Forward"}`, chatID)
	require.Empty(t, page)
	require.False(t, more)
	page, more = w.ids(`{"chat_id":%q,"filter":{"message_ids":["%d",%d,"%d","7"]},"from_message_id":%d,"limit":1}`,
		chatID, all[1], all[30], all[20], all[10])
	require.Equal(t, all[20:21], page)
	require.True(t, more)

	w.set(today, map[string]string{switchFromMessage: "exclusive"})
	page, _ = w.ids(`{"chat_id":%q,"from_message_id":%d,"limit":2}`, chatID, all[10])
	require.Equal(t, all[11:13], page)

	for body, message := range map[string]string{
		`{"chat_id":%q,"direction":"backward"}`: errDirection.message,
		`{"chat_id":%q,"limit":1001}`:           errHistoryLimit.message,
		`{"chat_id":%q,"limit":-1}`:             errHistoryLimit.message,
	} {
		w.call(opHistoryV3, fmt.Sprintf(body, chatID)).requireError(t, 400, 3, message)
	}
	w.set(today, map[string]string{switchForwardFrom: "error", switchHistoryZero: "error"})
	w.call(opHistoryV3, fmt.Sprintf(`{"chat_id":%q,"direction":"Forward","limit":1}`, chatID)).requireError(t, 400, 3, errForward.message)
	w.call(opHistoryV3, fmt.Sprintf(`{"chat_id":%q}`, chatID)).requireError(t, 400, 3, errHistoryLimit.message)
}
