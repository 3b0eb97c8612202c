package yandex_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.com/marketmock/internal/marketplace/markettest"
	"example.com/marketmock/internal/marketplace/yandex"
)

// own stands in a path for the cabinet of whoever signs the call.
const own = "/v2/businesses/own"

func TestConformance(t *testing.T) {
	t.Parallel()
	markettest.Run(t, markettest.Config{
		Emulator: yandex.New(), Scheme: "FBS",
		Limit: "getChats-per-hour", Flight: "parallel-requests", LimitStatus: 420,
		Sign: sign, Calls: calls, Receiver: receive, Texts: texts, Page: page,
		Send: func(at markettest.Place, text string) markettest.Call {
			return post("sendMessageToChat", own+"/chats/message?chatId="+at.Chat, `{"message":%q}`, text)
		},
		History: func(at markettest.Place) markettest.Call {
			return post("getChatHistory", own+"/chats/history?limit=100&chatId="+at.Chat, `{}`)
		},
		List: func(cursor string) markettest.Call {
			return post("getChats", own+"/chats?limit=10&pageToken="+cursor, `{}`)
		},
	})
}

func post(operation, path, body string, args ...any) markettest.Call {
	return markettest.Call{Operation: operation, Path: path, Body: fmt.Sprintf(body, args...)}
}

func get(operation, path string) markettest.Call {
	return markettest.Call{Operation: operation, Method: http.MethodGet, Path: path}
}

func sign(r *http.Request, credentials json.RawMessage, _ time.Time) {
	var c struct {
		BusinessID int64  `json:"business_id"`
		APIKey     string `json:"api_key"`
	}
	_ = json.Unmarshal(credentials, &c) // what is missing is refused by the server
	r.URL.Path = strings.Replace(r.URL.Path, "/businesses/own", "/businesses/"+strconv.FormatInt(c.BusinessID, 10), 1)
	r.Header.Set("Api-Key", c.APIKey)
}

// calls visits every operation once; a file is sent, found in the history and
// downloaded.
func calls(at markettest.Place, _ string, do func(markettest.Call) markettest.Reply) {
	cabinet, query := "/v2/businesses/"+at.Seller, "?chatId="+at.Chat
	do(post("getChats", cabinet+"/chats?limit=20",
		`{"orderIds":[%s],"contexts":[{"type":"ORDER","id":%s}],"contextTypes":["ORDER"],"types":["CHAT"],"statuses":["WAITING_FOR_PARTNER"]}`,
		at.Order, at.Order))
	do(get("getChat", cabinet+"/chat"+query))
	do(post("getChatHistory", cabinet+"/chats/history"+query+"&limit=50", `{"messageIdFrom":%s}`, at.Message))
	do(get("getChatMessage", cabinet+"/chats/message"+query+"&messageId="+at.Message))
	do(post("sendMessageToChat", cabinet+"/chats/message"+query, `{"message":"Здравствуйте!"}`))
	do(markettest.Call{
		Operation: "sendFileToChat", Path: cabinet + "/chats/file/send" + query,
		Header: map[string]string{"Content-Type": "multipart/form-data; boundary=fence"},
		Body: "--fence\r\nContent-Disposition: form-data; name=\"file\"; filename=\"фото.png\"\r\n" +
			"Content-Type: image/png\r\n\r\nhello\r\n--fence--\r\n",
	})
	history := do(post("getChatHistory", cabinet+"/chats/history"+query, `{}`))
	download := get("downloadFile", regexp.MustCompile(`/files/[^"]+`).FindString(string(history.Body)))
	download.Header = map[string]string{"Authorization": "OAuth " + token(at.Credentials)}
	do(download)
	do(post("createChat", cabinet+"/chats/new", `{"context":{"type":"ORDER","id":%s}}`, at.Order))
	do(get("getCampaigns", "/v2/campaigns?limit=50"))
	do(get("getCampaigns", "/v2/campaigns?page=1&pageSize=50"))
	do(post("getAuthTokenInfo", "/v2/auth/token", ""))
}

func token(credentials json.RawMessage) string {
	var c struct{ OAuth string }
	_ = json.Unmarshal(credentials, &c)
	return c.OAuth
}

func receive(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{"version":"1.0.0","name":"conformance","time":"2026-10-01T00:00:00Z"}`))
}

func texts(body []byte) ([]string, error) {
	var history struct {
		Result struct {
			Messages []struct{ Message string }
		}
	}
	err := json.Unmarshal(body, &history)
	var list []string
	for _, m := range slices.Backward(history.Result.Messages) {
		list = append(list, m.Message)
	}
	return list, err
}

func page(body []byte) (ids []string, next string, err error) {
	var list struct {
		Result struct {
			Chats []struct {
				ID int64 `json:"chatId"`
			}
			Paging struct {
				Next string `json:"nextPageToken"`
			}
		}
	}
	err = json.Unmarshal(body, &list)
	for _, c := range list.Result.Chats {
		ids = append(ids, strconv.FormatInt(c.ID, 10))
	}
	return ids, list.Result.Paging.Next, err
}
