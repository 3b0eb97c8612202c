package yandex_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/mock"
	"example.com/marketmock/clienttest/strictly"
	"example.com/marketmock/clienttest/yandex"
)

// TestAStrictClientReadsEveryAnswer drives the mock with the client that is
// generated from the specification, and lets no answer pass that it does not
// declare in full.
func TestAStrictClientReadsEveryAnswer(t *testing.T) {
	t.Parallel()
	m := mock.Start(t)
	t.Run("answers", func(t *testing.T) {
		for name, test := range map[string]func(*testing.T, *mock.Server){
			"every chat of every fixture":            everyChat,
			"the filters of the list":                filters,
			"a page token belongs to its query":      pageTokens,
			"create, send, read and see it":          conversation,
			"a chat about a return":                  returns,
			"files as real clients send them":        files,
			"the greatest bodies":                    sizes,
			"who may fetch a file":                   downloads,
			"stores and the key":                     companions,
			"every documented status, everywhere":    everyStatus,
			"what is wrong with credentials":         badCredentials,
			"another verb or Content-Type":           badTransport,
			"states of a cabinet":                    cabinets,
			"refusals of fields and rules":           refusals,
			"the hour's last call":                   hourly,
			"headers as they are spelled":            metering,
			"six calls at a time":                    parallel,
			"every edition":                          editions,
			"switches that change the wire":          otherWires,
			"each notification":                      notifications,
			"own messages and duplicates":            ownAndTwice,
			"notifications change places":            shuffled,
			"a receiver that fails at first":         retried,
			"a receiver that refuses":                notRetried,
			"an address that answers a ping wrongly": badPings,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, m)
			})
		}
	})
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func enveloped(raw []byte) bool {
	var head struct{ Status *string }
	return json.Unmarshal(raw, &head) == nil && head.Status != nil
}

func ptr[T any](v T) *T { return &v }

// listAll reads every page of the list.
func listAll(t *testing.T, w *world, in yandex.GetChatsRequest, limit int32) []yandex.GetChatInfoDTO {
	t.Helper()
	c := w.client(t)
	var rows []yandex.GetChatInfoDTO
	params := yandex.GetChatsParams{Limit: &limit}
	for {
		r, err := c.GetChats(t.Context(), w.business, &params, in)
		page := read[yandex.GetChatsResponse](t, http.StatusOK, r, err).Result
		rows = append(rows, page.Chats...)
		if page.Paging == nil || page.Paging.NextPageToken == nil {
			return rows
		}
		require.Len(t, page.Chats, int(limit), "only the last page is short")
		params.PageToken = page.Paging.NextPageToken
	}
}

// historyAll reads every page of a chat's messages.
func historyAll(t *testing.T, w *world, chat int64, from *int64, limit int32) []yandex.ChatMessageDTO {
	t.Helper()
	c := w.client(t)
	var messages []yandex.ChatMessageDTO
	params := yandex.GetChatHistoryParams{ChatId: chat, Limit: &limit}
	for {
		r, err := c.GetChatHistory(t.Context(), w.business, &params, yandex.GetChatHistoryRequest{MessageIdFrom: from})
		page := read[yandex.GetChatHistoryResponse](t, http.StatusOK, r, err).Result
		messages = append(messages, page.Messages...)
		if page.Paging == nil || page.Paging.NextPageToken == nil {
			return messages
		}
		require.Len(t, page.Messages, int(limit), "only the last page is short")
		params.PageToken = page.Paging.NextPageToken
	}
}

func everyChat(t *testing.T, m *mock.Server) {
	for _, fixture := range mock.Fixtures(t, "yandex") {
		t.Run(fixture, func(t *testing.T) {
			w := newWorld(t, m, fixture, nil)
			for operation := range calls {
				w.Limit(t, operation+"-per-hour", unlimited, "1h")
			}
			rows := listAll(t, w, yandex.GetChatsRequest{}, 7)
			require.Equal(t, rows, listAll(t, w, yandex.GetChatsRequest{}, 20), "the size of pages changes nothing")
			require.True(t, slices.IsSortedFunc(rows, func(a, b yandex.GetChatInfoDTO) int {
				return b.UpdatedAt.Compare(a.UpdatedAt)
			}), "the latest comes first")
			for _, row := range rows[:min(len(rows), 50)] {
				readInFull(t, w, row)
			}
		})
	}
}

// readInFull wants the same of a chat and its messages from every method.
func readInFull(t *testing.T, w *world, row yandex.GetChatInfoDTO) {
	t.Helper()
	c := w.client(t)
	r, err := c.GetChat(t.Context(), w.business, &yandex.GetChatParams{ChatId: row.ChatId})
	require.Equal(t, row, *read[yandex.GetChatResponse](t, http.StatusOK, r, err).Result)
	require.Equal(t, row.Context.Type == yandex.ChatContextTypeRETURN, row.Context.ReturnId != nil)
	require.Equal(t, row.Context.Type != yandex.ChatContextTypeDIRECT, row.Context.OrderId != nil)
	require.Equal(t, row.Context.OrderId, row.OrderId)

	messages := historyAll(t, w, row.ChatId, nil, 100)
	require.Equal(t, messages, historyAll(t, w, row.ChatId, nil, 3))
	if len(messages) == 0 {
		require.Equal(t, row.CreatedAt, row.UpdatedAt)
		return
	}
	require.Equal(t, row.UpdatedAt, messages[0].CreatedAt)
	for i, message := range messages[:min(len(messages), 30)] {
		require.True(t, i == 0 || message.MessageId < messages[i-1].MessageId, "the newest comes first")
		require.False(t, message.Message == nil && message.Payload == nil)
		params := yandex.GetChatMessageParams{ChatId: row.ChatId, MessageId: message.MessageId}
		r, err := c.GetChatMessage(t.Context(), w.business, &params)
		require.Equal(t, message, *read[yandex.GetChatMessageResponse](t, http.StatusOK, r, err).Result)
	}
	middle := len(messages) / 2
	require.Equal(t, messages[:middle+1], historyAll(t, w, row.ChatId, &messages[middle].MessageId, 2))
}

// filters wants of each filter what the whole list has of it.
func filters(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-chats", nil)
	all := listAll(t, w, yandex.GetChatsRequest{}, 20)
	seen := make(map[any]bool)
	for _, row := range all {
		for word, in := range map[any]yandex.GetChatsRequest{
			row.Status:       {Statuses: &[]yandex.ChatStatusType{row.Status}},
			row.Type:         {Types: &[]yandex.ChatType{row.Type}},
			row.Context.Type: {ContextTypes: &[]yandex.ChatContextType{row.Context.Type}},
		} {
			if seen[word] {
				continue
			}
			seen[word] = true
			want := slices.DeleteFunc(slices.Clone(all), func(r yandex.GetChatInfoDTO) bool {
				return any(r.Status) != word && any(r.Type) != word && any(r.Context.Type) != word
			})
			require.Equal(t, want, listAll(t, w, in, 2), word)
		}
	}
	require.Len(t, seen, 6+2+3, "the fixture has every status, type and context")

	i := slices.IndexFunc(all, func(r yandex.GetChatInfoDTO) bool { return r.Context.Type == yandex.ChatContextTypeRETURN })
	about := []yandex.ChatContextDTO{{Type: yandex.ChatContextIdentifiableTypeRETURN, Id: *all[i].Context.ReturnId}}
	require.Contains(t, listAll(t, w, yandex.GetChatsRequest{Contexts: &about}, 20), all[i])
	byOrder := listAll(t, w, yandex.GetChatsRequest{OrderIds: &[]int64{*all[i].OrderId}}, 20)
	require.Contains(t, byOrder, all[i])
	both := yandex.GetChatsRequest{OrderIds: &[]int64{*all[i].OrderId}, Types: &[]yandex.ChatType{all[i].Type}, Contexts: &about}
	for _, row := range listAll(t, w, both, 20) {
		require.Equal(t, all[i].Type, row.Type)
	}
}

func pageTokens(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-paging", nil)
	c, ctx := w.client(t), t.Context()
	r, err := c.GetChats(ctx, w.business, &yandex.GetChatsParams{}, yandex.GetChatsRequest{})
	first := read[yandex.GetChatsResponse](t, http.StatusOK, r, err).Result
	require.Len(t, first.Chats, 10, "the default")
	token := first.Paging.NextPageToken
	require.NotNil(t, token)
	next := func(token string, in yandex.GetChatsRequest) (*http.Response, error) {
		return c.GetChats(ctx, w.business, &yandex.GetChatsParams{PageToken: &token}, in)
	}
	r, err = next(*token, yandex.GetChatsRequest{})
	second := read[yandex.GetChatsResponse](t, http.StatusOK, r, err).Result
	require.NotEqual(t, first.Chats[0].ChatId, second.Chats[0].ChatId)
	r, err = c.GetChats(ctx, w.business, &yandex.GetChatsParams{}, yandex.GetChatsRequest{}, query("page_token", *token))
	require.Equal(t, second, read[yandex.GetChatsResponse](t, http.StatusOK, r, err).Result, "the old name")
	r, err = next("eyBuZXh0SWQ6IDIzNDIgfQ", yandex.GetChatsRequest{})
	require.Equal(t, "Bad page token", refused(t, http.StatusBadRequest, "BAD_REQUEST", r, err))
	r, err = next(*token, yandex.GetChatsRequest{Types: &[]yandex.ChatType{yandex.ChatTypeCHAT}})
	require.Equal(t, "Bad page token", refused(t, http.StatusBadRequest, "BAD_REQUEST", r, err))
}

// editions reads the first page of everything as of days between changes: what
// came later is optional today, so that nothing of old breaks.
func editions(t *testing.T, m *mock.Server) {
	for _, day := range []string{
		"2025-07-01", "2025-07-28", "2025-08-18", "2025-09-04", "2025-09-17", "2025-10-06", "2025-12-08",
		"2026-02-19", "2026-03-03", "2026-04-01", "2026-10-01",
	} {
		t.Run(day, func(t *testing.T) {
			w := known(t, m.Edition(t, "yandex", "yandex-chats", day))
			c, ctx := w.client(t), t.Context()
			rows := listAll(t, w, yandex.GetChatsRequest{}, 20)
			require.NotEmpty(t, rows)
			direct := func(r yandex.GetChatInfoDTO) bool { return r.Context.Type == yandex.ChatContextTypeDIRECT }
			require.Equal(t, day >= "2025-07-28", slices.ContainsFunc(rows, direct))
			for _, row := range rows {
				require.Equal(t, day >= "2025-09-17", row.Context.Customer != nil, row.Context.Type)
				require.Equal(t, day >= "2025-09-17" && !direct(row), row.Context.CampaignId != nil)
				r, err := c.GetChat(ctx, w.business, &yandex.GetChatParams{ChatId: row.ChatId})
				require.Equal(t, row, *read[yandex.GetChatResponse](t, http.StatusOK, r, err).Result)
				historyAll(t, w, row.ChatId, nil, 100)
			}
			r, err := c.GetCampaigns(ctx, &yandex.GetCampaignsParams{})
			stores := read[yandex.GetCampaignsResponse](t, http.StatusOK, r, err)
			require.Equal(t, day >= "2026-03-03", stores.Paging != nil)
			require.Equal(t, day >= "2025-08-25", stores.Campaigns[0].ApiAvailability != nil)
			r, err = c.GetChats(ctx, w.business, &yandex.GetChatsParams{}, yandex.GetChatsRequest{})
			_ = mock.Body(t, r)
			require.NoError(t, err)
			limit := "5000"
			if day < "2026-04-01" {
				limit = "10000"
			}
			require.Equal(t, limit, r.Header.Get("X-RateLimit-Resource-Limit"))
		})
	}
}

// otherWires shows that the reader sees a change of the wire.
func otherWires(t *testing.T, m *mock.Server) {
	unknown := &yandex.GetChatParams{ChatId: 1}
	w := newWorld(t, m, "yandex-asked", map[string]string{"error-status-field": "absent"})
	r, err := w.client(t).GetChat(t.Context(), w.business, unknown)
	require.NoError(t, err)
	require.ErrorContains(t, strictly.Decode(mock.Body(t, r), new(yandex.ApiErrorResponse)), "/status: is missing")

	w = newWorld(t, m, "yandex-asked", map[string]string{"error-status-field": "ok"})
	r, err = w.client(t).GetChat(t.Context(), w.business, unknown)
	require.NoError(t, err)
	var out yandex.ApiErrorResponse
	require.NoError(t, strictly.Decode(mock.Body(t, r), &out))
	require.Equal(t, yandex.ApiResponseStatusTypeOK, out.Status, "declared, and yet an error")

	w = newWorld(t, m, "yandex-asked", map[string]string{"emit-order-id": "off", "last-page-paging": "absent"})
	r, err = w.client(t).GetChats(t.Context(), w.business, &yandex.GetChatsParams{}, yandex.GetChatsRequest{})
	page := read[yandex.GetChatsResponse](t, http.StatusOK, r, err).Result
	require.Nil(t, page.Paging)
	require.Nil(t, page.Chats[0].OrderId)
	require.NotNil(t, page.Chats[0].Context.OrderId)

	w = newWorld(t, m, "yandex-paging", map[string]string{"page-token-name": "page_token"})
	var first []yandex.GetChatInfoDTO
	params := new(yandex.GetChatsParams)
	for range 2 {
		r, err = w.client(t).GetChats(t.Context(), w.business, params, yandex.GetChatsRequest{})
		page = read[yandex.GetChatsResponse](t, http.StatusOK, r, err).Result
		require.True(t, first == nil || slices.Equal(ids(first), ids(page.Chats)), "pageToken is not read")
		first, params.PageToken = page.Chats, page.Paging.NextPageToken
	}

	w.Fault(t, map[string]any{"kind": "break-spec"})
	r, err = w.client(t).GetChats(t.Context(), w.business, &yandex.GetChatsParams{}, yandex.GetChatsRequest{})
	require.NoError(t, err)
	require.Error(t, strictly.Decode(mock.Body(t, r), new(yandex.GetChatsResponse)))
}

func ids(rows []yandex.GetChatInfoDTO) []int64 {
	out := make([]int64, len(rows))
	for i, row := range rows {
		out[i] = row.ChatId
	}
	return out
}
