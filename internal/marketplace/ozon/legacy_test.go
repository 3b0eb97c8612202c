package ozon

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Version 2 of the list as it was in 2024.
// Proves: ozon/v2-list-shape, ozon/v2-list-removed, ozon/removed-methods
func TestLegacyList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "paging", day(2025, 8, 1), nil)
	reply := w.call(opListV2, `{"filter":{"chat_status":"All"},"limit":2,"offset":3}`)
	v3 := w.list(`{"limit":5}`)
	var v2 struct {
		Chats []struct {
			ID     string `json:"chat_id"`
			Status string `json:"chat_status"`
			Type   string `json:"chat_type"`
			Last   uint64 `json:"last_message_id"`
		} `json:"chats"`
		Total  int `json:"total_chats_count"`
		Unread int `json:"total_unread_count"`
	}
	require.NoError(t, json.Unmarshal([]byte(reply.body), &v2), reply.body)
	require.NotContains(t, reply.body, "has_next")
	require.Equal(t, 25, v2.Total)
	require.Equal(t, 10, v2.Unread)
	require.Len(t, v2.Chats, 2)
	for i, row := range v2.Chats {
		require.Equal(t, v3.Chats[3+i].Chat.ChatID, row.ID)
		require.Equal(t, v3.Chats[3+i].Last, row.Last)
		require.Equal(t, "Opened", row.Status)
		require.Equal(t, "Buyer_Seller", row.Type)
	}
	require.Contains(t, w.call(opListV2, `{"limit":1000,"offset":25}`).body, `"chats":[]`)
	require.Equal(t, 400, w.call(opListV2, `{"limit":1001}`).status)
	w.set(today, nil)
	require.Equal(t, "404 page not found\n", w.call(opListV2, `{"limit":1}`).body)
	w.set(today, map[string]string{switchRemoved: "legacy"})
	require.Equal(t, 200, w.call(opListV2, `{"limit":1}`).status)
}

// Version 2 of the history has no context and no pictures.
// Proves: ozon/v2-history-shape, ozon/message-id-name
func TestLegacyHistory(t *testing.T) {
	t.Parallel()
	set := map[string]string{switchRemoved: "legacy"}
	w := newWorld(t, "fbs-asked", today, set)
	ask := func() testReply {
		return w.call(opHistoryV2, fmt.Sprintf(`{"chat_id":%q,"limit":1}`, w.first().ID))
	}
	last := w.first().Last
	require.Contains(t, ask().body, fmt.Sprintf(`{"has_next":false,"messages":[{"message_id":%d,"user":{"id":`, last))
	for _, absent := range []string{"context", "is_image", "moderate_image_status"} {
		require.NotContains(t, ask().body, absent)
	}
	set[switchMessageIDName], set[switchIDFormat] = "messageId", "string"
	w.set(today, set)
	require.Contains(t, ask().body, fmt.Sprintf(`"messageId":"%d"`, last))
	require.NoError(t, w.act("subscription.set", `{"subscription":"PREMIUM"}`))
	require.Equal(t, 403, ask().status)
}

// The switches of the list hold for version 2 as well.
// Proves: ozon/v2-list-shape, ozon/filter-case, ozon/list-limit, ozon/zero-fields
func TestLegacyListSwitches(t *testing.T) {
	t.Parallel()
	set := map[string]string{switchRemoved: "legacy", switchFilterCase: "strict"}
	w := newWorld(t, "empty-chats", today, set)
	for word, want := range map[string]int{"All": 200, "Opened": 200, "Closed": 200, "ALL": 400, "opened": 400} {
		require.Equal(t, want, w.call(opListV2, fmt.Sprintf(`{"limit":1,"filter":{"chat_status":%q}}`, word)).status, word)
	}
	w.call(opListV2, `{"limit":1,"offset":-1}`).requireError(t, 400, 3,
		"Request validation error: invalid ChatListRequest.Offset: value must be greater than or equal to 0")
	w.call(opListV2, `{"limit":1001}`).requireError(t, 400, 3,
		"Request validation error: invalid ChatListRequest.Limit: value must be inside range [1, 1000]")
	set[switchListLimit], set[switchZeroFields] = "clamp", "omit"
	w.set(today, set)
	empty := w.call(opListV2, `{"limit":1001}`)
	require.Equal(t, 200, empty.status)
	require.NotRegexp(t, `":0[,}]`, empty.body)
	require.Equal(t, 200, w.call(opListV2, `{"limit":-5}`).status)
}

// Version 2 of the history has no filter, and 50 messages without a limit.
// Proves: ozon/v2-history-shape, ozon/unknown-fields-ignored
// Proves: ozon/v2-history-limit-missing
func TestLegacyHistoryIgnoresFilter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "long-history", today, map[string]string{switchRemoved: "legacy"})
	for _, filter := range []string{`[]`, `{"message_ids":["1"]}`, `"x"`} {
		reply := w.call(opHistoryV2, fmt.Sprintf(`{"chat_id":%q,"filter":%s}`, w.first().ID, filter))
		require.Equal(t, 200, reply.status, reply.body)
		require.Equal(t, 50, strings.Count(reply.body, `"message_id"`), filter)
	}
}
