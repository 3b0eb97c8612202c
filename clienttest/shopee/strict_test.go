package shopee_test

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/mock"
	"example.com/marketmock/clienttest/shopee"
	"example.com/marketmock/clienttest/strictly"
)

// TestAStrictClientReadsEveryAnswer drives the mock with the client that is
// generated from the specification, and lets no answer pass that it does not
// declare in full.
func TestAStrictClientReadsEveryAnswer(t *testing.T) {
	t.Parallel()
	m := mock.Start(t)
	t.Run("answers", func(t *testing.T) {
		for name, test := range map[string]func(*testing.T, *mock.Server){
			"every conversation of every fixture": everyConversation,
			"a message of every type":             conversation,
			"the first message":                   firstMessage,
			"changes of a conversation":           changes,
			"images and videos":                   uploads,
			"authorisation":                       authorise,
			"every status, everywhere":            everyStatus,
			"what all calls may have wrong":       gateway,
			"calls that never were":               unknownPaths,
			"rules of the chat":                   chatRules,
			"statuses by switches":                statuses,
			"each push":                           pushes,
			"pushes that never arrive":            lostPushes,
			"pushes by switches":                  pushWires,
			"addresses that are not taken":        badReceivers,
			"every edition":                       editions,
			"switches that change the wire":       otherWires,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, m)
			})
		}
	})
}

// listAll reads every page of the list, the newest conversation first after those
// that are pinned.
func listAll(t *testing.T, c *shopee.Client, kind shopee.GetConversationListParamsType, size int32) []shopee.Conversation {
	t.Helper()
	var rows []shopee.Conversation
	params := shopee.GetConversationListParams{
		Direction: shopee.GetConversationListParamsDirectionOlder, Type: kind, PageSize: &size,
	}
	for {
		r, err := c.GetConversationList(t.Context(), &params)
		page := read[shopee.GetConversationListSuccess](t, r, err).Response
		require.Len(t, page.Conversations, int(page.PageResult.PageSize))
		rows = append(rows, page.Conversations...)
		if !page.PageResult.More {
			return rows
		}
		require.Len(t, page.Conversations, int(size), "only the last page is short")
		last := number(t, page.PageResult.NextCursor.NextMessageTimeNano)
		require.Equal(t, rows[len(rows)-1].LastMessageTimestamp, last)
		params.NextTimestampNano = &last
	}
}

// historyAll reads every page of a conversation's messages.
func historyAll(t *testing.T, c *shopee.Client, conversation int64, size int32) []shopee.Message {
	t.Helper()
	var messages []shopee.Message
	params := shopee.GetMessageParams{ConversationId: conversation, PageSize: &size}
	for {
		r, err := c.GetMessage(t.Context(), &params)
		page := read[shopee.GetMessageSuccess](t, r, err).Response
		require.Len(t, page.Messages, int(page.PageResult.PageSize))
		messages = append(messages, page.Messages...)
		if page.PageResult.NextOffset == nil || *page.PageResult.NextOffset == "" {
			return messages
		}
		params.Offset = page.PageResult.NextOffset
	}
}

// everyConversation reads what each shop of each fixture has. Those whose calls are
// refused are for another test.
func everyConversation(t *testing.T, m *mock.Server) {
	for _, fixture := range mock.Fixtures(t, "shopee") {
		t.Run(fixture, func(t *testing.T) {
			w := newWorld(t, m, fixture, nil)
			w.Limit(t, "app-calls-per-minute", 1_000_000, "1m")
			for _, shop := range w.sellers {
				c := w.clientOf(t, shop)
				if callable(t, c) {
					readShop(t, c, shop)
				}
			}
		})
	}
}

func callable(t *testing.T, c *shopee.Client) bool {
	t.Helper()
	r, err := c.GetUnreadConversationCount(t.Context(), &shopee.GetUnreadConversationCountParams{})
	require.NoError(t, err)
	if r.StatusCode == http.StatusForbidden {
		readAs[shopee.Refusal](t, http.StatusForbidden, r, nil)
		return false
	}
	_ = mock.Body(t, r)
	return true
}

// readShop wants the same of a shop's conversations from every method and with
// every size of pages.
func readShop(t *testing.T, c *shopee.Client, shop credentials) {
	t.Helper()
	rows := listAll(t, c, shopee.GetConversationListParamsTypeAll, 25)
	require.Equal(t, rows, listAll(t, c, shopee.GetConversationListParamsTypeAll, 7), "the size of pages changes nothing")
	pinned := slices.DeleteFunc(slices.Clone(rows), func(r shopee.Conversation) bool { return !r.Pinned })
	require.ElementsMatch(t, pinned, listAll(t, c, shopee.GetConversationListParamsTypePinned, 7))
	unread := slices.DeleteFunc(slices.Clone(rows), func(r shopee.Conversation) bool { return r.UnreadCount == 0 })
	require.ElementsMatch(t, unread, listAll(t, c, shopee.GetConversationListParamsTypeUnread, 7))
	r, err := c.GetUnreadConversationCount(t.Context(), &shopee.GetUnreadConversationCountParams{})
	require.Len(t, unread, int(read[shopee.GetUnreadConversationCountSuccess](t, r, err).Response.TotalUnreadCount))
	for i, row := range rows {
		require.Equal(t, shop.ShopID, row.ShopId)
		require.Equal(t, min(shop.UserID, row.ToId)<<32|max(shop.UserID, row.ToId), number(t, row.ConversationId))
		if i > 0 && row.Pinned == rows[i-1].Pinned {
			require.Less(t, row.LastMessageTimestamp, rows[i-1].LastMessageTimestamp, "the newest comes first")
		}
	}
	for _, row := range rows[:min(len(rows), 40)] {
		readInFull(t, c, shop, row)
	}
}

func readInFull(t *testing.T, c *shopee.Client, shop credentials, row shopee.Conversation) {
	t.Helper()
	conversation := number(t, row.ConversationId)
	r, err := c.GetOneConversation(t.Context(), &shopee.GetOneConversationParams{ConversationId: conversation})
	require.Equal(t, row, read[shopee.GetOneConversationSuccess](t, r, err).Response)
	messages := historyAll(t, c, conversation, 50)
	if len(messages) == 0 {
		require.Empty(t, row.LatestMessageId)
		return
	}
	require.Equal(t, messages, historyAll(t, c, conversation, 9))
	for i, union := range messages {
		message := head(t, union)
		if i == 0 {
			require.Equal(t, row.LatestMessageId, message.id)
			require.Equal(t, row.LatestMessageFromId, message.from)
			require.Equal(t, row.LastMessageTimestamp/1_000_000_000, message.created)
			require.Equal(t, string(row.LatestMessageType), listed(message.kind))
		} else {
			require.Less(t, number(t, message.id), number(t, head(t, messages[i-1]).id), "the newest comes first")
		}
		require.Equal(t, row.ConversationId, message.conversation)
		require.ElementsMatch(t, []int64{shop.UserID, row.ToId}, []int64{message.from, message.to})
	}
}

// facts are what every message has, whatever its type.
type facts struct {
	id, kind, conversation string
	from, to, created      int64
}

// head reads them of whatever a union holds.
func head(t *testing.T, union shopee.Message) facts {
	t.Helper()
	value, err := union.ValueByDiscriminator()
	require.NoError(t, err)
	v := reflected(value)
	text := func(name string) string { return v.FieldByName(name).String() }
	number := func(name string) int64 { return v.FieldByName(name).Int() }
	return facts{
		text("MessageId"), text("MessageType"), text("ConversationId"),
		number("FromId"), number("ToId"), number("CreatedTimestamp"),
	}
}

// reflected is a variant, whose fields many variants share.
func reflected(of any) reflect.Value { return reflect.ValueOf(of) }

// listed is how the list calls a type.
func listed(kind string) string {
	if kind == "item" {
		return "product"
	}
	return kind
}

// editions reads everything as of days between changes: only what the newest one
// wants is missing before 2026.
func editions(t *testing.T, m *mock.Server) {
	for _, day := range []string{"2025-07-01", "2025-07-30", "2025-10-14", "2025-12-31", "2026-01-01", "2026-10-01"} {
		t.Run(day, func(t *testing.T) {
			w := known(t, m.Edition(t, "shopee", "shopee-types", day))
			c := w.client(t)
			if day >= "2026-01-01" {
				readShop(t, c, w.sellers[0])
				return
			}
			r, err := c.GetConversationList(t.Context(), &shopee.GetConversationListParams{
				Direction: shopee.GetConversationListParamsDirectionOlder, Type: shopee.GetConversationListParamsTypeAll,
			})
			require.NoError(t, err)
			raw := mock.Body(t, r)
			err = strictly.Decode(raw, new(shopee.GetConversationListSuccess))
			require.ErrorContains(t, err, "/opposite_last_deliver_msg_id: is missing")
			require.NotContains(t, string(raw), "opposite")
			require.True(t, strings.HasPrefix(string(raw), `{"error":"","message":"","request_id":"`))
		})
	}
}
