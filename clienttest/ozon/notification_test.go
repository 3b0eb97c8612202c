package ozon_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/mock"
	"example.com/marketmock/clienttest/ozon"
	"example.com/marketmock/clienttest/ozon/push"
	"example.com/marketmock/clienttest/strictly"
)

// nowhere has nobody that listens.
const nowhere = "http://127.0.0.1:9/ozon"

const pingAnswer = `{"version":"1.0","name":"receiver","time":"2026-10-01T00:00:00Z"}`

var everyChatEvent = []ozon.NotificationType{
	ozon.NotificationTypeTYPENEWMESSAGE, ozon.NotificationTypeTYPEUPDATEMESSAGE,
	ozon.NotificationTypeTYPEMESSAGEREAD, ozon.NotificationTypeTYPECHATCLOSED,
}

// receiver answers as Ozon wants and hands on what came.
func receiver(t *testing.T) (url string, events <-chan []byte) {
	t.Helper()
	came := make(chan []byte, 16)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		var head struct {
			Type string `json:"message_type"`
		}
		if err != nil || json.Unmarshal(raw, &head) != nil {
			http.Error(w, "no notification", http.StatusBadRequest)
			return
		}
		came <- raw
		w.Header().Set("Content-Type", "application/json")
		if head.Type == "TYPE_PING" {
			_, _ = io.WriteString(w, pingAnswer)
			return
		}
		_, _ = io.WriteString(w, `{"result":true}`)
	}))
	t.Cleanup(server.Close)
	return server.URL, came
}

// next waits for a notification and reads it strictly.
func next[T any](t *testing.T, events <-chan []byte) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var out T
	select {
	case raw := <-events:
		require.NoError(t, strictly.Decode(raw, &out), "%s", raw)
	case <-ctx.Done():
		require.FailNow(t, "no notification came")
	}
	return out
}

func notifications(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "fbs-asked", nil)
	c, ctx := w.client(t), t.Context()
	url, events := receiver(t)
	empty := func(r *http.Response, err error) {
		t.Helper()
		require.Empty(t, read[ozon.EmptyAnswer](t, http.StatusOK, r, err))
	}
	urls := func() []ozon.NotificationV1NotificationListResponseNotification {
		t.Helper()
		r, err := c.NotificationList(ctx)
		return read[ozon.NotificationV1NotificationListResponse](t, http.StatusOK, r, err).Urls
	}
	require.Empty(t, urls())

	empty(c.SetNotification(ctx, ozon.NotificationV1SetNotificationRequest{Url: url, Types: everyChatEvent}))
	next[push.Ping](t, events)
	set := urls()
	require.Len(t, set, 1)
	require.True(t, set[0].Enable)
	require.Len(t, set[0].Types, len(everyChatEvent))
	pushTypes(t, c, set[0].Id)

	chat := w.Chats(t)[0]
	pushed(t, w, c, chat.ID, events)

	empty(c.EnableNotification(ctx, ozon.NotificationV1EnableNotificationRequest{Id: set[0].Id, Enabled: false}))
	require.False(t, urls()[0].Enable)
	empty(c.EnableNotification(ctx, ozon.NotificationV1EnableNotificationRequest{Id: set[0].Id, Enabled: true}))
	next[push.Ping](t, events)
	moved := url + "/moved"
	empty(c.UpdateNotification(ctx, ozon.NotificationV1UpdateNotificationRequest{Id: set[0].Id, Url: &moved}))
	next[push.Ping](t, events)
	require.Equal(t, moved, urls()[0].Url)
	empty(c.DeleteNotification(ctx, ozon.NotificationV1DeleteNotificationRequest{Id: set[0].Id}))
	require.Empty(t, urls())
}

func pushTypes(t *testing.T, c *ozon.Client, hook int64) {
	t.Helper()
	r, err := c.GetNotificationPushTypeList(t.Context())
	types := read[ozon.NotificationV1GetNotificationPushTypeListResponse](t, http.StatusOK, r, err).Types
	require.Greater(t, len(types), len(everyChatEvent))
	for i, row := range types {
		require.Equal(t, i < len(everyChatEvent), row.SellerEndpoint != nil, row.Type)
		if row.SellerEndpoint != nil {
			require.Equal(t, hook, row.SellerEndpoint.Id)
		}
	}
}

// pushed makes each event of a chat happen and reads its notification.
func pushed(t *testing.T, w *world, c *ozon.Client, id string, events <-chan []byte) {
	t.Helper()
	said := map[string]string{"from": "buyer", "text": "Кто-нибудь есть?"}
	w.Market(t, http.MethodPost, "/chats/"+id+"/messages", said, nil)
	message := next[push.NewMessage](t, events)
	require.Equal(t, id, message.ChatId.String())
	require.Equal(t, []string{"Кто-нибудь есть?"}, message.Data)
	require.Equal(t, w.sellers[0].ClientID, message.SellerId)

	r, err := c.ChatAPIChatSendMessage(t.Context(), ozon.ChatChatSendMessageRequest{ChatId: message.ChatId, Text: "Да!"})
	read[ozon.ChatChatSendMessageResponse](t, http.StatusOK, r, err)
	w.Market(t, http.MethodPost, "/chats/"+id+"/read", map[string]string{"by": "buyer"}, nil)
	require.Equal(t, message.ChatId, next[push.MessageRead](t, events).ChatId)
	w.Market(t, http.MethodPost, "/chats/"+id+"/close", map[string]string{"by": "support"}, nil)
	require.Equal(t, push.UserTypeSupport, next[push.ChatClosed](t, events).User.Type)
}

// receivers checks addresses that answer a ping in wrong ways.
func receivers(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "fbs-asked", nil)
	c := w.client(t)
	answers := map[string]struct {
		status      int
		media, body string
		want        ozon.NotificationV1CheckNotificationResponseErrorTypeEnum
	}{
		"/good":   {200, "application/json", pingAnswer, ""},
		"/status": {502, "application/json", pingAnswer, ozon.NotificationV1CheckNotificationResponseErrorTypeEnumSTATUSCODENOTOK},
		"/error":  {500, "application/json", `{"error":{"code":"ERROR_UNKNOWN","message":"no","details":null}}`, ozon.NotificationV1CheckNotificationResponseErrorTypeEnumSTATUSCODENOTOK},
		"/empty":  {200, "application/json", "", ozon.NotificationV1CheckNotificationResponseErrorTypeEnumEMPTYBODY},
		"/text":   {200, "text/plain", pingAnswer, ozon.NotificationV1CheckNotificationResponseErrorTypeEnumINVALIDBODY},
		"/broken": {200, "application/json", `{"version":`, ozon.NotificationV1CheckNotificationResponseErrorTypeEnumINVALIDJSON},
		"/event":  {200, "application/json", `{"result":true}`, ozon.NotificationV1CheckNotificationResponseErrorTypeEnumWRONGRESULTFIELD},
		"/time":   {200, "application/json", `{"version":"1","name":"a","time":"now"}`, ozon.NotificationV1CheckNotificationResponseErrorTypeEnumWRONGRESULTTIMEFIELD},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := answers[r.URL.Path]
		w.Header().Set("Content-Type", a.media)
		w.WriteHeader(a.status)
		_, _ = io.WriteString(w, a.body)
	}))
	t.Cleanup(server.Close)
	check := func(url string) ozon.NotificationV1CheckNotificationResponse {
		r, err := c.CheckNotification(t.Context(), ozon.NotificationV1CheckNotificationRequest{Url: url})
		return read[ozon.NotificationV1CheckNotificationResponse](t, http.StatusOK, r, err)
	}
	for path, a := range answers {
		verdict := check(server.URL + path)
		require.Equal(t, a.want == "", verdict.IsActive, path)
		require.NotNil(t, verdict.Errors, path)
		if a.want != "" {
			require.Equal(t, a.want, *verdict.Errors[0].Type, path)
		}
	}
	require.Equal(t, ozon.NotificationV1CheckNotificationResponseErrorTypeEnumREQUESTERROR, *check(nowhere).Errors[0].Type)
}
