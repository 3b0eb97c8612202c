package ozon_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/mock"
	"example.com/marketmock/clienttest/ozon"
)

// nobody is the id of a chat that no world has.
const nobody = "00000000-0000-4000-8000-000000000000"

// removed are calls that answer only where a switch serves them.
var removed = []string{"ChatAPIChatListV2", "ChatAPIChatHistoryV2"}

type call func(context.Context, *ozon.Client, ...ozon.RequestEditorFn) (*http.Response, error)

// calls are all operations, each with a request that says what must be said.
var calls = map[string]call{
	"AccessAPIRolesByToken": func(ctx context.Context, c *ozon.Client, e ...ozon.RequestEditorFn) (*http.Response, error) {
		return c.AccessAPIRolesByToken(ctx, e...)
	},
	"SellerAPISellerInfo": func(ctx context.Context, c *ozon.Client, e ...ozon.RequestEditorFn) (*http.Response, error) {
		return c.SellerAPISellerInfo(ctx, e...)
	},
	"ChatAPIChatStart": func(ctx context.Context, c *ozon.Client, e ...ozon.RequestEditorFn) (*http.Response, error) {
		return c.ChatAPIChatStart(ctx, ozon.ChatChatStartRequest{PostingNumber: posting}, e...)
	},
	"ChatAPIChatSendMessage": func(ctx context.Context, c *ozon.Client, e ...ozon.RequestEditorFn) (*http.Response, error) {
		return c.ChatAPIChatSendMessage(ctx, ozon.ChatChatSendMessageRequest{ChatId: uuid.MustParse(nobody), Text: "a"}, e...)
	},
	"ChatAPIChatSendFile": func(ctx context.Context, c *ozon.Client, e ...ozon.RequestEditorFn) (*http.Response, error) {
		return c.ChatAPIChatSendFile(ctx, ozon.ChatChatSendFileRequest{ChatId: uuid.MustParse(nobody), Name: "a.txt", Base64Content: []byte("a")}, e...)
	},
	"ChatAPIChatListV3": func(ctx context.Context, c *ozon.Client, e ...ozon.RequestEditorFn) (*http.Response, error) {
		return c.ChatAPIChatListV3(ctx, ozon.V3ChatList{Limit: 1}, e...)
	},
	"ChatAPIChatHistoryV3": func(ctx context.Context, c *ozon.Client, e ...ozon.RequestEditorFn) (*http.Response, error) {
		return c.ChatAPIChatHistoryV3(ctx, ozon.V3ChatHistoryRequest{ChatId: uuid.MustParse(nobody)}, e...)
	},
	"ChatAPIChatReadV2": func(ctx context.Context, c *ozon.Client, e ...ozon.RequestEditorFn) (*http.Response, error) {
		return c.ChatAPIChatReadV2(ctx, ozon.ChatRead{ChatId: uuid.MustParse(nobody), FromMessageId: 1}, e...)
	},
	"ChatAPIChatListV2": func(ctx context.Context, c *ozon.Client, e ...ozon.RequestEditorFn) (*http.Response, error) {
		return c.ChatAPIChatListV2(ctx, ozon.ChatList{Limit: 1}, e...)
	},
	"ChatAPIChatHistoryV2": func(ctx context.Context, c *ozon.Client, e ...ozon.RequestEditorFn) (*http.Response, error) {
		return c.ChatAPIChatHistoryV2(ctx, ozon.ChatHistory{ChatId: uuid.MustParse(nobody), Limit: 1}, e...)
	},
	"SetNotification": func(ctx context.Context, c *ozon.Client, e ...ozon.RequestEditorFn) (*http.Response, error) {
		return c.SetNotification(ctx, ozon.NotificationV1SetNotificationRequest{Url: nowhere, Types: everyChatEvent}, e...)
	},
	"UpdateNotification": func(ctx context.Context, c *ozon.Client, e ...ozon.RequestEditorFn) (*http.Response, error) {
		return c.UpdateNotification(ctx, ozon.NotificationV1UpdateNotificationRequest{Id: 1}, e...)
	},
	"DeleteNotification": func(ctx context.Context, c *ozon.Client, e ...ozon.RequestEditorFn) (*http.Response, error) {
		return c.DeleteNotification(ctx, ozon.NotificationV1DeleteNotificationRequest{Id: 1}, e...)
	},
	"EnableNotification": func(ctx context.Context, c *ozon.Client, e ...ozon.RequestEditorFn) (*http.Response, error) {
		return c.EnableNotification(ctx, ozon.NotificationV1EnableNotificationRequest{Id: 1}, e...)
	},
	"CheckNotification": func(ctx context.Context, c *ozon.Client, e ...ozon.RequestEditorFn) (*http.Response, error) {
		return c.CheckNotification(ctx, ozon.NotificationV1CheckNotificationRequest{Url: nowhere}, e...)
	},
	"NotificationList": func(ctx context.Context, c *ozon.Client, e ...ozon.RequestEditorFn) (*http.Response, error) {
		return c.NotificationList(ctx, e...)
	},
	"GetNotificationPushTypeList": func(ctx context.Context, c *ozon.Client, e ...ozon.RequestEditorFn) (*http.Response, error) {
		return c.GetNotificationPushTypeList(ctx, e...)
	},
}

// everyError gets each general refusal from each operation.
func everyError(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "fbs-asked", map[string]string{"removed-methods": "legacy"})
	w.limit(t, unlimited)
	roleless := newWorld(t, m, "key-roles", map[string]string{"removed-methods": "legacy"})
	spent := newWorld(t, m, "fbs-asked", map[string]string{"removed-methods": "legacy"})
	spent.Freeze(t)
	spent.limit(t, 1)
	r, err := calls["NotificationList"](t.Context(), spent.client(t))
	read[ozon.NotificationV1NotificationListResponse](t, http.StatusOK, r, err)
	keys := w.sellers[0]
	wrong := credentials{ClientID: keys.ClientID, APIKey: nobody}

	for name, do := range calls {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			r, err := do(ctx, w.clientAs(t, credentials{}))
			require.Equal(t, "Client-Id and Api-Key headers are required", refused(t, http.StatusUnauthorized, 16, r, err).Message)
			r, err = do(ctx, w.clientAs(t, credentials{ClientID: "shop", APIKey: keys.APIKey}))
			refused(t, http.StatusBadRequest, 3, r, err)
			r, err = do(ctx, w.clientAs(t, wrong))
			require.Contains(t, refused(t, http.StatusNotFound, 5, r, err).Message, "Invalid Api-Key")
			r, err = do(ctx, roleless.client(t))
			refused(t, http.StatusForbidden, 7, r, err)
			r, err = do(ctx, w.client(t), func(_ context.Context, r *http.Request) error {
				r.Method = http.MethodPut
				return nil
			})
			refused(t, http.StatusMethodNotAllowed, 12, r, err)
			limited(t, spent, do)
			w.Fault(t, map[string]any{"kind": "status", "status": 500})
			r, err = do(ctx, w.client(t))
			refused(t, http.StatusInternalServerError, 13, r, err)
		})
	}
}

func limited(t *testing.T, w *world, do call) {
	t.Helper()
	r, err := do(t.Context(), w.client(t))
	out := read[ozon.RateLimitStatus](t, http.StatusTooManyRequests, r, err)
	require.Equal(t, ozon.RateLimitCode(8), out.Code)
	require.Equal(t, "0", r.Header.Get("Ratelimit-Remaining"))
	require.Equal(t, "1", r.Header.Get("Retry-After"))
}

// refusals are the errors that depend on the request and on the chat.
func refusals(t *testing.T, m *mock.Server) {
	for name, c := range map[string]struct {
		fixture string
		status  int
		code    int32
		message string
		do      func(context.Context, *ozon.Client, *world) (*http.Response, error)
	}{
		"a page of 101 chats": {"paging", 400, 3, "invalid ChatListRequest.Limit", list(101)},
		"a page of no chats":  {"paging", 400, 3, "invalid ChatListRequest.Limit", list(0)},
		"a chat id of 0":      {"fbs-asked", 400, 3, "invalid chat guid", raw("/v3/chat/history", `{"chat_id":"0"}`)},
		"a direction in the wrong case": {
			"fbs-asked", 400, 3, "", raw("/v3/chat/history", `{"chat_id":"`+nobody+`","direction":"backward"}`),
		},
		"read without a message": {"unread", 400, 3, "message_id is empty", raw("/v2/chat/read", `{"chat_id":"`+nobody+`"}`)},
		"a text of 1001":         {"fbs-asked", 400, 3, "ChatSendMessageRequest.Text", say(strings.Repeat("ё", 1001))},
		"no JSON":                {"fbs-asked", 400, 3, "", raw("/v3/chat/list", `{"limit":`)},
		"an unknown chat":        {"fbs-asked", 404, 5, "chat not found", raw("/v3/chat/history", `{"chat_id":"`+nobody+`"}`)},
		"an unknown posting":     {"fbs-asked", 404, 5, "", raw("/v1/chat/start", `{"posting_number":"1-1-1"}`)},
		"a blocked chat":         {"blocked-chat", 403, 7, "chat blocked by user", say("a")},
		"a disabled chat":        {"disabled-chat", 403, 7, "disabled", say("a")},
		"a closed chat":          {"closed-chat", 403, 7, "", say("a")},
		"a window that is over":  {"fbo-expired", 403, 7, "access period has expired", say("a")},
		"a second message":       {"fbs-one-message", 403, 7, "chat not started", say("a")},
		"no subscription":        {"no-premium", 403, 7, "premium plus subscription", say("a")},
		"an unknown address":     {"fbs-asked", 400, 3, "", raw("/v1/notification/set", `{"url":"`+nowhere+`","types":["TYPE_NEW_MESSAGE"]}`)},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, m, c.fixture, nil)
			r, err := c.do(t.Context(), w.client(t), w)
			require.Contains(t, refused(t, c.status, c.code, r, err).Message, c.message)
		})
	}
	t.Run("a removed method", func(t *testing.T) {
		w := newWorld(t, m, "paging", nil)
		for _, name := range removed {
			r, err := calls[name](t.Context(), w.client(t))
			require.NoError(t, err)
			require.Equal(t, "404 page not found\n", string(mock.Body(t, r)))
			require.Equal(t, http.StatusNotFound, r.StatusCode)
			require.Contains(t, r.Header.Get("Content-Type"), "text/plain")
		}
	})
}

func list(limit int64) func(context.Context, *ozon.Client, *world) (*http.Response, error) {
	return func(ctx context.Context, c *ozon.Client, _ *world) (*http.Response, error) {
		return c.ChatAPIChatListV3(ctx, ozon.V3ChatList{Limit: limit})
	}
}

// say writes to the first buyer's chat that the list shows.
func say(text string) func(context.Context, *ozon.Client, *world) (*http.Response, error) {
	return func(ctx context.Context, c *ozon.Client, _ *world) (*http.Response, error) {
		r, err := c.ChatAPIChatListV3(ctx, ozon.V3ChatList{Limit: 100})
		if err != nil {
			return nil, err
		}
		page, err := ozon.ParseChatAPIChatListV3Response(r)
		if err != nil {
			return nil, err
		}
		for _, row := range page.JSON200.Chats {
			if row.Chat.ChatType == ozon.ChatInfoChatTypeEnumBUYERSELLER {
				return c.ChatAPIChatSendMessage(ctx, ozon.ChatChatSendMessageRequest{ChatId: row.Chat.ChatId, Text: text})
			}
		}
		return nil, http.ErrMissingFile
	}
}

// raw posts what the generated types could not say.
func raw(path, text string) func(context.Context, *ozon.Client, *world) (*http.Response, error) {
	return func(ctx context.Context, _ *ozon.Client, w *world) (*http.Response, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL+path, strings.NewReader(text))
		if err != nil {
			return nil, err
		}
		r.Header.Set("Client-Id", w.sellers[0].ClientID)
		r.Header.Set("Api-Key", w.sellers[0].APIKey)
		return http.DefaultClient.Do(r)
	}
}
