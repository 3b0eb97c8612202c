package webchat_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/mock"
	"example.com/marketmock/clienttest/shopee/webchat"
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
			"logins of every generation":          logins,
			"a message of every type":             sends,
			"changes of a conversation":           changes,
			"what stands beside a conversation":   companions,
			"refusals":                            refusals,
			"signatures of calls":                 signatures,
			"the published page":                  thePage,
			"switches that change the wire":       otherWires,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, m)
			})
		}
	})
}

// Rows of a page.
const (
	rowsV1    = 150
	rowsLater = 50
)

// listV1 reads the list of 2018, page by page.
func listV1(t *testing.T, c *webchat.Client) []webchat.Row {
	t.Helper()
	var rows []webchat.Row
	params := webchat.ListConversationsV1Params{NextTimestamp: ptr(int64(-1))}
	for {
		r, err := c.ListConversationsV1(t.Context(), &params)
		page := read[webchat.Rows](t, r, err)
		rows = append(rows, page...)
		if len(page) < rowsV1 {
			return rows
		}
		params.NextTimestamp = &page[len(page)-1].NextTimestamp
	}
}

// listAll reads the list of 2020, page by page.
func listAll(t *testing.T, c *webchat.Client) []webchat.Row {
	t.Helper()
	var rows []webchat.Row
	older := webchat.ListConversationsParamsDirectionOlder
	params := webchat.ListConversationsParams{Direction: &older}
	for {
		r, err := c.ListConversations(t.Context(), &params)
		page := read[webchat.Rows](t, r, err)
		rows = append(rows, page...)
		if len(page) < rowsLater {
			return rows
		}
		params.NextTimestampNano = &page[len(page)-1].NextTimestampNano
	}
}

// queryAll reads the list of 2026, page by page, without what only it has.
func queryAll(t *testing.T, c *webchat.Client) []webchat.Row {
	t.Helper()
	var rows []webchat.Row
	older := webchat.ListRequestDirectionOlder
	in := webchat.ListRequest{Direction: &older}
	for {
		r, err := c.QueryConversations(t.Context(), &webchat.QueryConversationsParams{}, in)
		page := read[webchat.LaterRows](t, r, err)
		for _, row := range page {
			rows = append(rows, plain(t, row))
		}
		if len(page) < rowsLater {
			return rows
		}
		in.NextTimestampNano = ptr(text(page[len(page)-1].LastMessageTimeNano))
	}
}

// plain is a row as it was before 2021.
func plain(t *testing.T, row webchat.LaterRow) webchat.Row {
	t.Helper()
	raw, err := json.Marshal(row)
	require.NoError(t, err)
	var out webchat.Row
	require.NoError(t, json.Unmarshal(raw, &out))
	return out
}

// feedAll reads the feed of 2026, page by page.
func feedAll(t *testing.T, c *webchat.Client) (rows []webchat.LaterRow, shops []int64) {
	t.Helper()
	older := webchat.FeedRequestDirectionOlder
	in := webchat.FeedRequest{Direction: &older, BizId: ptr(int32(2)), NextTimestampNano: ptr(text("0"))}
	for {
		r, err := c.ListServingConversations(t.Context(), &webchat.ListServingConversationsParams{}, in)
		page := read[webchat.Feed](t, r, err)
		rows = append(rows, page.Conversations...)
		if len(page.Conversations) < rowsLater {
			return rows, page.ShopIds
		}
		last := page.Conversations[len(page.Conversations)-1]
		in.LastMessageRegion, in.LastReceivedMessageId = &last.LastMessageRegion, ptr(text(last.LatestMessageId))
	}
}

// historyAll reads every page of a conversation's messages.
func historyAll(t *testing.T, c *webchat.Client, conversation string, limit int32) []webchat.Message {
	t.Helper()
	var messages []webchat.Message
	params := webchat.GetMessagesParams{Limit: &limit, Offset: ptr(int32(0))}
	for {
		r, err := c.GetMessages(t.Context(), conversation, &params)
		page := read[webchat.Messages](t, r, err)
		messages = append(messages, page...)
		if len(page) < int(limit) {
			return messages
		}
		*params.Offset += limit
	}
}

// everyConversation reads what each login of each fixture sees. One that sees
// nothing is for another test.
func everyConversation(t *testing.T, m *mock.Server) {
	for _, fixture := range mock.Fixtures(t, "shopee") {
		t.Run(fixture, func(t *testing.T) {
			w := newWorld(t, m, fixture, nil)
			for _, shop := range w.sellers {
				c := w.clientWith(t, header("Authorization", "Bearer "+shop.WebchatToken))
				r, err := c.GetShopSetting(t.Context(), &webchat.GetShopSettingParams{})
				require.NoError(t, err)
				if r.StatusCode != http.StatusOK {
					readAs[webchat.Error](t, r.StatusCode, r, nil)
					continue
				}
				readShop(t, c, read[webchat.ShopSetting](t, r, nil).ShopId)
			}
		})
	}
}

// readShop wants the same conversations of every generation's list.
func readShop(t *testing.T, c *webchat.Client, shop int64) {
	t.Helper()
	rows := listAll(t, c)
	require.Equal(t, rows, listV1(t, c))
	require.Equal(t, rows, queryAll(t, c))
	feed, shops := feedAll(t, c)
	require.Contains(t, shops, shop)
	var own []webchat.Row
	for _, row := range feed {
		require.Contains(t, shops, row.ShopId)
		if row.ShopId == shop {
			own = append(own, plain(t, row))
		}
	}
	spoken := slices.DeleteFunc(slices.Clone(rows), func(r webchat.Row) bool { return r.LatestMessageId == "" })
	require.Equal(t, spoken, own, "feeds have no empty conversations")
	for i, row := range rows[:min(len(rows), 60)] {
		require.Equal(t, shop, row.ShopId)
		require.True(t, i == 0 || row.NextTimestampNano < rows[i-1].NextTimestampNano, "the newest comes first")
		readInFull(t, c, row)
	}
}

func readInFull(t *testing.T, c *webchat.Client, row webchat.Row) {
	t.Helper()
	nano := number(t, row.LastMessageTimeNano)
	require.Equal(t, nano, row.NextTimestampNano)
	require.Equal(t, nano/int64(time.Second), row.NextTimestamp)
	require.Equal(t, row.NextTimestamp, row.LastMessageTime.Unix())
	messages := historyAll(t, c, row.Id, 100)
	if len(messages) == 0 {
		require.Empty(t, row.LatestMessageId)
		return
	}
	require.Equal(t, messages, historyAll(t, c, row.Id, 7), "the size of pages changes nothing")
	for i, union := range messages {
		value, err := union.ValueByDiscriminator()
		require.NoError(t, err)
		message := reflect.ValueOf(value)
		id, at := message.FieldByName("Id").String(), message.FieldByName("CreatedAt").Interface().(time.Time)
		if i == 0 {
			require.Equal(t, row.LatestMessageId, id)
			require.Equal(t, row.LatestMessageFromId, message.FieldByName("FromId").Int())
			require.Equal(t, string(row.LatestMessageType), message.FieldByName("Type").String())
		}
		require.Equal(t, row.Id, message.FieldByName("ConversationId").String())
		require.Equal(t, message.FieldByName("CreatedTimestamp").Int(), at.Unix())
	}
}
