package ozon_test

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/mock"
	"example.com/marketmock/clienttest/ozon"
	"example.com/marketmock/clienttest/strictly"
)

const unlimited = 1_000_000 // calls a second

// posting is the first posting of the small fixtures.
const posting = "47000001-0001-1"

// TestAStrictClientReadsEveryAnswer drives the mock with the client that is
// generated from the specification, and lets no answer pass that it does not
// declare in full.
func TestAStrictClientReadsEveryAnswer(t *testing.T) {
	t.Parallel()
	m := mock.Start(t)
	t.Run("answers", func(t *testing.T) {
		for name, test := range map[string]func(*testing.T, *mock.Server){
			"every chat of every fixture":        everyChat,
			"the filters of the list":            filters,
			"history by message ids":             namedMessages,
			"start, send, read and see it":       conversation,
			"roles and seller info":              companions,
			"notification calls":                 notifications,
			"what is wrong with a receiver":      receivers,
			"version 2 where it is served":       legacy,
			"an error of every kind, everywhere": everyError,
			"refusals of fields and rules":       refusals,
			"switches that change the wire":      otherWires,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, m)
			})
		}
	})
}

// read wants a status and an answer that T declares in full.
func read[T any](t *testing.T, status int, r *http.Response, err error) T {
	t.Helper()
	require.NoError(t, err)
	raw := mock.Body(t, r)
	require.Equal(t, status, r.StatusCode, "%s", raw)
	require.Equal(t, "application/json", r.Header.Get("Content-Type"))
	if status == http.StatusOK {
		require.Regexp(t, `^\d+$`, r.Header.Get("Ratelimit-Remaining"))
	}
	var out T
	require.NoError(t, strictly.Decode(raw, &out), "%s", raw)
	return out
}

// refused wants a status and an error in the vendor's shape.
func refused(t *testing.T, status int, code int32, r *http.Response, err error) ozon.RpcStatus {
	t.Helper()
	out := read[ozon.RpcStatus](t, status, r, err)
	require.Equal(t, code, out.Code)
	require.NotEmpty(t, out.Message)
	return out
}

func listAll(t *testing.T, c *ozon.Client, limit int64) []ozon.V3ChatInfo {
	t.Helper()
	var rows []ozon.V3ChatInfo
	in := ozon.V3ChatList{Limit: limit}
	for {
		r, err := c.ChatAPIChatListV3(t.Context(), in)
		page := read[ozon.V3ChatListResponse](t, http.StatusOK, r, err)
		rows = append(rows, page.Chats...)
		if !page.HasNext {
			return rows
		}
		require.NotEmpty(t, page.Chats)
		in.Cursor = &page.Cursor
	}
}

// historyAll reads a chat from a message on, page by page; pages begin with the
// message they are asked for.
func historyAll(t *testing.T, c *ozon.Client, chat ozon.ChatID, direction ozon.V3ChatHistoryRequestDirection, from *uint64, limit int64) []ozon.V3ChatMessage {
	t.Helper()
	var messages []ozon.V3ChatMessage
	for {
		r, err := c.ChatAPIChatHistoryV3(t.Context(), ozon.V3ChatHistoryRequest{
			ChatId: chat, Direction: &direction, FromMessageId: from, Limit: &limit,
		})
		page := read[ozon.V3ChatHistoryResponse](t, http.StatusOK, r, err)
		if len(messages) > 0 {
			require.Equal(t, messages[len(messages)-1], page.Messages[0])
			page.Messages = page.Messages[1:]
		}
		messages = append(messages, page.Messages...)
		if !page.HasNext {
			return messages
		}
		from = &messages[len(messages)-1].MessageId
	}
}

func everyChat(t *testing.T, m *mock.Server) {
	locked := []string{"key-expired", "key-networks", "key-revoked", "key-roles", "offer-unsigned"}
	for _, fixture := range mock.Fixtures(t, "ozon") {
		t.Run(fixture, func(t *testing.T) {
			w := newWorld(t, m, fixture, nil)
			w.limit(t, unlimited)
			c := w.client(t)
			if slices.Contains(locked, fixture) {
				r, err := c.ChatAPIChatListV3(t.Context(), ozon.V3ChatList{Limit: 1})
				refused(t, http.StatusForbidden, 7, r, err)
				return
			}
			rows := listAll(t, c, 7)
			require.Equal(t, rows, listAll(t, c, 100), "the size of pages changes nothing")
			for _, row := range rows[:min(len(rows), 50)] {
				readBothWays(t, c, row)
			}
		})
	}
}

// readBothWays wants the same messages from the last backward and from the
// oldest forward.
func readBothWays(t *testing.T, c *ozon.Client, row ozon.V3ChatInfo) {
	t.Helper()
	back := historyAll(t, c, row.Chat.ChatId, ozon.V3ChatHistoryRequestDirectionBackward, nil, 4)
	if row.LastMessageId == 0 {
		require.Empty(t, back)
		return
	}
	require.Equal(t, row.LastMessageId, back[0].MessageId)
	oldest := back[len(back)-1].MessageId
	forth := historyAll(t, c, row.Chat.ChatId, ozon.V3ChatHistoryRequestDirectionForward, &oldest, 5)
	slices.Reverse(forth)
	require.Equal(t, back, forth)
}

func filters(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "default", nil)
	c := w.client(t)
	for status, want := range map[ozon.V3ChatListRequestFilterChatStatus]ozon.ChatInfoChatStatusEnum{
		ozon.V3ChatListRequestFilterChatStatusOPENED: ozon.ChatInfoChatStatusEnumOPENED,
		ozon.V3ChatListRequestFilterChatStatusCLOSED: ozon.ChatInfoChatStatusEnumCLOSED,
	} {
		r, err := c.ChatAPIChatListV3(t.Context(), ozon.V3ChatList{Limit: 100, Filter: &ozon.V3ChatListRequestFilter{ChatStatus: &status}})
		page := read[ozon.V3ChatListResponse](t, http.StatusOK, r, err)
		require.NotEmpty(t, page.Chats)
		for _, row := range page.Chats {
			require.Equal(t, want, row.Chat.ChatStatus)
		}
	}
	yes := true
	r, err := c.ChatAPIChatListV3(t.Context(), ozon.V3ChatList{Limit: 100, Filter: &ozon.V3ChatListRequestFilter{UnreadOnly: &yes}})
	page := read[ozon.V3ChatListResponse](t, http.StatusOK, r, err)
	require.NotEmpty(t, page.Chats)
	for _, row := range page.Chats {
		require.Positive(t, row.UnreadCount)
	}
}

func namedMessages(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "images", nil)
	chat := w.Chats(t)[0]
	ids := []string{chat.Messages[1].ID, chat.Messages[3].ID}
	r, err := w.client(t).ChatAPIChatHistoryV3(t.Context(), ozon.V3ChatHistoryRequest{
		ChatId: uuid.MustParse(chat.ID), Filter: &ozon.ChatHistoryRequestFilter{MessageIds: &ids},
	})
	page := read[ozon.V3ChatHistoryResponse](t, http.StatusOK, r, err)
	require.Len(t, page.Messages, 2)
	require.Equal(t, ids[1], strconv.FormatUint(page.Messages[0].MessageId, 10))
	require.Equal(t, ozon.ChatMessageModerateImageStatusFAILED, page.Messages[0].ModerateImageStatus)
	require.Equal(t, ozon.ChatMessageModerateImageStatusSUCCESS, page.Messages[1].ModerateImageStatus)
}

func conversation(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "fbs-paid", nil)
	c, ctx := w.client(t), t.Context()
	r, err := c.ChatAPIChatStart(ctx, ozon.ChatChatStartRequest{PostingNumber: posting})
	chat := read[ozon.ChatChatStartResponse](t, http.StatusOK, r, err).Result.ChatId
	r, err = c.ChatAPIChatSendMessage(ctx, ozon.ChatChatSendMessageRequest{ChatId: chat, Text: "Добрый день!"})
	require.Equal(t, "success", read[ozon.ChatChatSendMessageResponse](t, http.StatusOK, r, err).Result)
	answered := map[string]string{"from": "buyer", "text": "Спасибо!"}
	w.Market(t, http.MethodPost, "/chats/"+chat.String()+"/messages", answered, nil)
	r, err = c.ChatAPIChatSendFile(ctx, ozon.ChatChatSendFileRequest{ChatId: chat, Name: "note.txt", Base64Content: []byte("hello")})
	require.Equal(t, "success", read[ozon.ChatChatSendFileResponse](t, http.StatusOK, r, err).Result)

	messages := historyAll(t, c, chat, ozon.V3ChatHistoryRequestDirectionBackward, nil, 50)
	require.Len(t, messages, 3)
	require.Contains(t, messages[0].Data[0], "note.txt")
	require.Equal(t, []string{"Спасибо!"}, messages[1].Data)
	require.Equal(t, ozon.UserTypeCustomer, messages[1].User.Type)
	require.Equal(t, ozon.UserTypeSeller, messages[2].User.Type)
	require.Equal(t, int64(1), listAll(t, c, 1)[0].UnreadCount)

	r, err = c.ChatAPIChatReadV2(ctx, ozon.ChatRead{ChatId: chat, FromMessageId: messages[1].MessageId})
	require.Zero(t, read[ozon.V2ChatReadResponse](t, http.StatusOK, r, err).UnreadCount)
	require.Zero(t, listAll(t, c, 1)[0].UnreadCount)
}

func companions(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "default", nil)
	token := w.clientWith(t, func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+w.sellers[0].OAuth)
		return nil
	})
	for name, c := range map[string]*ozon.Client{"by key": w.client(t), "by token": token} {
		r, err := c.AccessAPIRolesByToken(t.Context())
		roles := read[ozon.V1RolesByTokenResponse](t, http.StatusOK, r, err)
		require.NotEmpty(t, roles.Roles, name)
		require.Equal(t, name == "by key", roles.ExpiresAt != nil, "a token has no end")
		r, err = c.SellerAPISellerInfo(t.Context())
		info := read[ozon.V1SellerInfoResponse](t, http.StatusOK, r, err)
		require.True(t, info.Subscription.IsPremium, name)
		require.NotEmpty(t, info.Ratings, name)
	}
}

func legacy(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "default", map[string]string{"removed-methods": "legacy"})
	c, ctx := w.client(t), t.Context()
	r, err := c.ChatAPIChatListV2(ctx, ozon.ChatList{Limit: 1000})
	list := read[ozon.V2ChatListResponse](t, http.StatusOK, r, err)
	require.Len(t, list.Chats, int(list.TotalChatsCount))
	for _, row := range list.Chats {
		r, err := c.ChatAPIChatHistoryV2(ctx, ozon.ChatHistory{ChatId: row.ChatId, Limit: 50})
		page := read[ozon.V2ChatHistoryResponse](t, http.StatusOK, r, err)
		require.Equal(t, row.LastMessageId == 0, len(page.Messages) == 0)
	}
}

// otherWires shows that the reader sees a change of the wire.
func otherWires(t *testing.T, m *mock.Server) {
	for _, c := range []struct{ name, value, mistake string }{
		{"id-format", "string", "cannot unmarshal string"},
		{"enum-case", "title", "is no value of the enum"},
		{"has-next-format", "string", "cannot unmarshal string"},
		{"zero-fields", "omit", "is missing"},
	} {
		w := newWorld(t, m, "default", map[string]string{c.name: c.value})
		r, err := w.client(t).ChatAPIChatListV3(t.Context(), ozon.V3ChatList{Limit: 100})
		require.NoError(t, err)
		raw := mock.Body(t, r)
		require.ErrorContains(t, strictly.Decode(raw, new(ozon.V3ChatListResponse)), c.mistake, c.name)
	}
}

// TestNoOperationIsForgotten compares the table of calls with the generated
// client.
func TestNoOperationIsForgotten(t *testing.T) {
	t.Parallel()
	var generated []string
	for method := range reflect.TypeFor[ozon.ClientInterface]().Methods() {
		if !strings.HasSuffix(method.Name, "WithBody") {
			generated = append(generated, method.Name)
		}
	}
	require.Len(t, generated, len(calls))
	for _, name := range generated {
		require.Contains(t, calls, name)
	}
}
