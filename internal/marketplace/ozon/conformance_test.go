package ozon_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"testing"
	"time"

	"example.com/marketmock/internal/marketplace/markettest"
	"example.com/marketmock/internal/marketplace/ozon"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	markettest.Run(t, markettest.Config{
		Emulator: ozon.New(), Scheme: "FBS", Limit: "requests-per-second", LimitStatus: http.StatusTooManyRequests,
		Switches: map[string]string{"removed-methods": "legacy"},
		Sign:     sign, Calls: calls, Receiver: receive, Texts: texts, Page: page,
		Send: func(at markettest.Place, text string) markettest.Call {
			return call("ChatAPI_ChatSendMessage", "/v1/chat/send/message", `{"chat_id":%q,"text":%q}`, at.Chat, text)
		},
		History: func(at markettest.Place) markettest.Call {
			return call("ChatAPI_ChatHistoryV3", "/v3/chat/history", `{"chat_id":%q,"limit":1000}`, at.Chat)
		},
		List: func(cursor string) markettest.Call {
			return call("ChatAPI_ChatListV3", "/v3/chat/list", `{"limit":10,"cursor":%q}`, cursor)
		},
	})
}

func call(operation, path, body string, args ...any) markettest.Call {
	return markettest.Call{Operation: operation, Path: path, Body: fmt.Sprintf(body, args...)}
}

func sign(r *http.Request, credentials json.RawMessage, _ time.Time) {
	var c struct {
		ClientID string `json:"client_id"`
		APIKey   string `json:"api_key"`
	}
	_ = json.Unmarshal(credentials, &c) // what is missing is refused by the server
	r.Header.Set("Client-Id", c.ClientID)
	r.Header.Set("Api-Key", c.APIKey)
}

// calls visits every operation once; a file is sent, found in the history and
// downloaded.
func calls(at markettest.Place, receiver string, do func(markettest.Call) markettest.Reply) {
	do(call("ChatAPI_ChatListV3", "/v3/chat/list", `{"filter":{"chat_status":"ALL","unread_only":false},"limit":30,"cursor":""}`))
	do(call("ChatAPI_ChatHistoryV3", "/v3/chat/history", `{"chat_id":%q,"direction":"Backward","from_message_id":%s,"limit":50}`, at.Chat, at.Message))
	do(call("ChatAPI_ChatReadV2", "/v2/chat/read", `{"chat_id":%q,"from_message_id":%s}`, at.Chat, at.Message))
	do(call("ChatAPI_ChatSendMessage", "/v1/chat/send/message", `{"chat_id":%q,"text":"Здравствуйте!"}`, at.Chat))
	do(call("ChatAPI_ChatSendFile", "/v1/chat/send/file", `{"chat_id":%q,"base64_content":"aGVsbG8=","name":"note.txt"}`, at.Chat))
	history := do(call("ChatAPI_ChatHistoryV2", "/v2/chat/history", `{"chat_id":%q,"limit":1}`, at.Chat))
	link := regexp.MustCompile(`/api/chat/v2/file/download/[^)"]+`).FindString(string(history.Body))
	do(markettest.Call{Operation: "ChatFileDownload", Method: http.MethodGet, Path: link})
	do(call("ChatAPI_ChatStart", "/v1/chat/start", `{"posting_number":%q}`, at.Order))
	do(call("ChatAPI_ChatListV2", "/v2/chat/list", `{"filter":{"chat_status":"All"},"limit":30,"offset":0}`))
	do(call("GetNotificationPushTypeList", "/v1/notification/push-type/list", `{}`))
	do(call("CheckNotification", "/v1/notification/check", `{"url":%q}`, receiver))
	do(call("SetNotification", "/v1/notification/set", `{"url":%q,"types":["TYPE_NEW_MESSAGE"]}`, receiver))
	do(call("NotificationList", "/v1/notification/list", `{}`))
	do(call("UpdateNotification", "/v1/notification/update", `{"id":1,"url":%q,"types":["TYPE_NEW_MESSAGE","TYPE_CHAT_CLOSED"]}`, receiver))
	do(call("EnableNotification", "/v1/notification/enable", `{"id":1,"enabled":false}`))
	do(call("DeleteNotification", "/v1/notification/delete", `{"id":1}`))
	do(call("AccessAPI_RolesByToken", "/v1/roles", `{}`))
	do(call("SellerAPI_SellerInfo", "/v1/seller/info", `{}`))
}

func receive(w http.ResponseWriter, r *http.Request) {
	var event struct {
		Type string `json:"message_type"`
	}
	answer := `{"result":true}`
	if err := json.NewDecoder(r.Body).Decode(&event); err != nil || event.Type == "TYPE_PING" {
		answer = `{"version":"1.0.0","name":"conformance","time":"2026-10-01T00:00:00Z"}`
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(answer))
}

func texts(body []byte) ([]string, error) {
	var history struct {
		Messages []struct{ Data []string }
	}
	err := json.Unmarshal(body, &history)
	var list []string
	for _, m := range slices.Backward(history.Messages) {
		list = append(list, m.Data[len(m.Data)-1])
	}
	return list, err
}

func page(body []byte) (ids []string, next string, err error) {
	var list struct {
		Chats []struct {
			Chat struct {
				ID string `json:"chat_id"`
			}
		}
		Cursor  string
		HasNext bool `json:"has_next"`
	}
	err = json.Unmarshal(body, &list)
	for _, c := range list.Chats {
		ids = append(ids, c.Chat.ID)
	}
	if !list.HasNext {
		list.Cursor = ""
	}
	return ids, list.Cursor, err
}
