package yandex_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/mock"
)

// recorded is a request of a public client as it was recorded or as its source
// says it, and its answer. {business}, {campaign}, {chat} and {message} stand for
// what a world has.
type recorded struct {
	method, path string
	header       map[string]string
	body         string
	status       int
	answer       string // what its body contains
}

// Headers of the clients, beside the key.
var (
	// ucoms is ucoms-dev/yandex-market-go-client, d257bc3.
	ucoms = map[string]string{"User-Agent": "OpenAPI-Generator/1.0.18/go", "Accept": "application/json", "Content-Type": "application/json"}
	// bridge is h4rd1ns0mn14/yandex-market-retailcrm-chats, 0159c60.
	bridge = map[string]string{"User-Agent": "axios/1.13.6", "Accept": "application/json, text/plain, */*", "Content-Type": "application/json", "Connection": "keep-alive"}
	// whatcrm is whatcrm/go-yandex-market, bdeca03.
	whatcrm = map[string]string{"User-Agent": "go-yandex-market-sdk", "Content-Type": "application/json"}
	// mcp is dontsovcmc/mcp-server-yandex-market-seller, 415b012.
	mcp = map[string]string{"User-Agent": "python-requests/2.34.2", "Accept": "*/*", "Content-Type": "application/json", "Connection": "keep-alive"}
	// baks is baks-dev/yandex-support, cbb00e5.
	baks = map[string]string{"Content-Type": "application/json"}
	// gadzama is Ezekiel-Gadzama/Yandex-Market, b91ceac.
	gadzama = map[string]string{"Content-Type": "application/json"}
)

const stored = `{"status":"OK"}`

// form is the headers of a client for a form whose parts begin with --b.
func form(client map[string]string) map[string]string {
	return map[string]string{"User-Agent": client["User-Agent"], "Content-Type": "multipart/form-data; boundary=b"}
}

// TestRecordedRequestsOfPublicClients sends what the clients send that were run
// against a recorder, or whose source says it, and tells what each gets.
func TestRecordedRequestsOfPublicClients(t *testing.T) {
	t.Parallel()
	m := mock.Start(t)
	t.Run("clients", func(t *testing.T) {
		for name, requests := range recordings() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, m, "yandex-asked", nil)
				for _, r := range requests {
					replay(t, w, r)
				}
			})
		}
		for name, test := range map[string]func(*testing.T, *mock.Server){
			"limits over the maximum":          overLimits,
			"paths without a version":          unversioned,
			"a text with the chat in its body": chatInBody,
			"a page token in the body":         tokenInBody,
			"the word that ends an answer":     closed,
			"the field that was announced off": deprecated,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, m)
			})
		}
	})
}

func recordings() map[string][]recorded {
	return map[string][]recorded{
		"ucoms, all seven": {
			{"POST", "/v2/businesses/{business}/chats?limit=10", ucoms, "{}\n", 200, `"chatId":{chat},`},
			{"GET", "/v2/businesses/{business}/chat?chatId={chat}", ucoms, "", 200, `"result":{"chatId":{chat},`},
			{"POST", "/v2/businesses/{business}/chats/history?chatId={chat}&limit=50", ucoms, "{}\n", 200, `"messageId":{message},`},
			{"GET", "/v2/businesses/{business}/chats/message?chatId={chat}&messageId={message}", ucoms, "", 200, `"sender":"CUSTOMER"`},
			{"POST", "/v2/businesses/{business}/chats/message?chatId={chat}", ucoms, `{"message":"Добрый день"}` + "\n", 200, stored},
			{
				"POST", "/v2/businesses/{business}/chats/file/send?chatId={chat}", form(ucoms),
				"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nContent-Type: application/octet-stream\r\n\r\nhello\r\n--b--\r\n", 200, stored,
			},
			{"POST", "/v2/businesses/{business}/chats/new", ucoms, `{"context":{"id":5001,"type":"ORDER"}}` + "\n", 200, `{"status":"OK","result":{"chatId":{chat}}}`},
		},
		"the bridge: filters, history from a message, createChat by orderId": {
			{"POST", "/v2/businesses/{business}/chats?limit=20", bridge, `{"statuses":["WAITING_FOR_PARTNER","NEW","WAITING_FOR_CUSTOMER"]}`, 200, `"chatId":{chat},`},
			{"GET", "/v2/businesses/{business}/chat?chatId={chat}", bridge, "", 200, `"result":{"chatId":{chat},`},
			{"POST", "/v2/businesses/{business}/chats/history?chatId={chat}&limit=50", bridge, `{"messageIdFrom":{message}}`, 200, `"messageId":{message},`},
			{"POST", "/v2/businesses/{business}/chats/new", bridge, `{"orderId":5001}`, 200, `{"status":"OK","result":{"chatId":{chat}}}`},
			{"POST", "/v2/businesses/{business}/chats/new", bridge, `{"orderId":5002}`, 200, `{"status":"OK","result":{"chatId":`},
			{
				"POST", "/v2/businesses/{business}/chats/file/send?chatId={chat}", form(bridge),
				"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"фото.jpg\"\r\nContent-Type: image/jpeg\r\n\r\nhello\r\n--b--\r\n", 200, stored,
			},
			{"POST", "/v2/businesses/{business}/chats/history?chatId={chat}", bridge, "{}", 200, `"name":"фото.jpg"`},
		},
		"whatcrm: a file as JSON": {
			{"POST", "/v2/businesses/{business}/chats", whatcrm, "{}", 200, `"chatId":{chat},`},
			{"POST", "/v2/businesses/{business}/chats/message?chatId={chat}", whatcrm, `{"message":"Добрый день"}`, 200, stored},
			{
				"POST", "/v2/businesses/{business}/chats/file/send?chatId={chat}", whatcrm, `{"file":"aGVsbG8="}`, 415,
				`{"code":"UNSUPPORTED_MEDIA_TYPE","message":"Content type 'application/json' not supported"}`,
			},
		},
		"mcp: limit=50, the chat in the body, a file without Content-Type": {
			{"POST", "/v2/businesses/{business}/chats?limit=50", mcp, "{}", 400, `"message":"Parameter limit must be less than or equal to '20' (rejected value: '50')"`},
			{"POST", "/v2/businesses/{business}/chats/message", mcp, `{"chatId":{chat},"message":"hi"}`, 400, `"message":"Required request parameter 'chatId' is not present"`},
			{"POST", "/v2/businesses/{business}/chats/history?chatId={chat}", mcp, "{}", 200, `"messageId":{message},`},
			{"POST", "/v2/businesses/{business}/chats/new", mcp, `{"context":{"type":"ORDER","id":5001}}`, 200, `"chatId":{chat}`},
			{
				"POST", "/v2/businesses/{business}/chats/file/send?chatId={chat}", form(mcp),
				"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n--b--\r\n", 200, stored,
			},
		},
		"baks: no version but in createChat": {
			{"POST", "/businesses/{business}/chats", baks, `{"types":["CHAT","ARBITRAGE"],"statuses":["NEW","WAITING_FOR_PARTNER"]}`, 200, `"chatId":{chat},`},
			{"POST", "/businesses/{business}/chats/history?chatId={chat}", baks, `{"messageIdFrom":1}`, 200, `"messageId":{message},`},
			{"POST", "/businesses/{business}/chats/message?chatId={chat}", baks, `{"message":"Добрый день"}`, 200, stored},
			{"POST", "/v2/businesses/{business}/chats/new", baks, `{"context":{"type":"ORDER","id":5001}}`, 200, `"chatId":{chat}`},
		},
		"gadzama: chats of an order, and a chat by its order": {
			{"POST", "/v2/businesses/{business}/chats", gadzama, `{"orderIds":[5001]}`, 200, `"chatId":{chat},`},
			{"GET", "/v2/businesses/{business}/chat?orderId=5001", gadzama, "", 400, `"message":"Required request parameter 'chatId' is not present"`},
		},
		"others: nulls, doubles and what is missing": {
			{"POST", "/v2/businesses/{business}/chats", baks, `{"orderIds":null,"contexts":null,"contextTypes":null,"types":null,"statuses":null}`, 200, `"chatId":{chat},`},
			{"POST", "/v2/businesses/{business}/chats", baks, `{"types":["CHAT","CHAT"]}`, 400, "BAD_REQUEST"},
			{"POST", "/v2/businesses/{business}/chats", baks, `{"statuses":["OPEN"]}`, 400, "Illegal input at 'statuses"},
			{"POST", "/v2/businesses/{business}/chats", baks, `{"statuses":[null]}`, 400, "'statuses' elements must be not null"},
			{"POST", "/v2/businesses/{business}/chats", baks, `{"statuses":["NEW"`, 400, "Unexpected end of content"},
			{"POST", "/v2/businesses/{business}/chats", baks, "", 400, "Required request body is missing"},
			{"POST", "/v2/businesses/{business}/chats", nil, "{}", 415, "UNSUPPORTED_MEDIA_TYPE"},
			{"POST", "/v2/businesses/{business}/chats?unknown=1", baks, `{"unknown":1}`, 200, `"chatId":{chat},`},
			{"POST", "/v2/businesses/{business}/chats/message?chatId={chat}", baks, "{}", 400, "'message' must not be null (rejected value: null)"},
			{"POST", "/v2/businesses/{business}/chats/new", baks, "{}", 400, "BAD_REQUEST"},
			{"POST", "/v2/businesses/{business}/chats/new", baks, `{"context":{"type":"DIRECT","id":1}}`, 400, "Illegal input at 'context.type'"},
			{
				"POST", "/v2/businesses/{business}/chats/file/send?chatId={chat}", form(baks),
				"--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.txt\"\r\n\r\nhello\r\n--b--\r\n", 400, "BAD_REQUEST",
			},
		},
		"others: an object for a text, a store for a cabinet": {
			{"POST", "/v2/businesses/{business}/chats/message?chatId={chat}", baks, `{"message":{"text":"Добрый день"}}`, 400, `"message":"Illegal input at 'message'"`},
			{"POST", "/v2/businesses/{campaign}/chats", baks, "{}", 403, `{"code":"FORBIDDEN","message":"Access denied"}`},
		},
	}
}

// replay sends a request with the first cabinet's key and gives its answer.
func replay(t *testing.T, w *world, c recorded) []byte {
	t.Helper()
	message := w.Chats(t)[0].Messages[0].ID
	fill := strings.NewReplacer("{business}", decimal(w.business), "{campaign}", decimal(w.sellers[0].CampaignID),
		"{chat}", asked, "{message}", message).Replace
	request, err := http.NewRequestWithContext(t.Context(), c.method, w.URL+fill(c.path), strings.NewReader(fill(c.body)))
	require.NoError(t, err)
	request.Header.Set("Api-Key", w.sellers[0].APIKey)
	for name, value := range c.header {
		request.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	raw := mock.Body(t, answer)
	require.Equal(t, c.status, answer.StatusCode, "%s %s: %s", c.method, c.path, raw)
	require.Contains(t, string(raw), fill(c.answer), "%s %s", c.method, c.path)
	return raw
}

// asked is the chat of the fixture yandex-asked.
const asked = "14604709"

// messages are how many the chat has.
func messages(t *testing.T, w *world) int {
	t.Helper()
	for _, chat := range w.Chats(t) {
		if chat.ID == asked {
			return len(chat.Messages)
		}
	}
	return 0
}

// overLimits is what becomes of limit=50 where the maximum is not minded.
func overLimits(t *testing.T, m *mock.Server) {
	page := recorded{"POST", "/v2/businesses/{business}/chats?limit=50", mcp, "{}", 200, `"chats":[`}
	for value, chats := range map[string]int{"clip": 20, "allow": 25} {
		w := newWorld(t, m, "yandex-paging", map[string]string{"over-limit": value})
		require.Len(t, chatsOf(t, replay(t, w, page)), chats, value)
	}
}

func chatsOf(t *testing.T, raw []byte) []any {
	t.Helper()
	var page struct{ Result struct{ Chats []any } }
	require.NoError(t, json.Unmarshal(raw, &page))
	return page.Result.Chats
}

// unversioned tells a client that passes from one that will do tomorrow.
func unversioned(t *testing.T, m *mock.Server) {
	old := recorded{"POST", "/businesses/{business}/chats", baks, "{}", 200, `"chatId":{chat},`}
	w := newWorld(t, m, "yandex-asked", nil)
	replay(t, w, old)
	var seen struct {
		Requests []struct {
			RequestFindings []any `json:"request_findings"`
		}
	}
	w.Control(t, http.MethodGet, "/requests?operation=getChats&invalid=true", nil, &seen)
	require.Len(t, seen.Requests, 1)
	require.NotEmpty(t, seen.Requests[0].RequestFindings, "the mock notes the mistake")

	w = newWorld(t, m, "yandex-asked", map[string]string{"unversioned-paths": "404"})
	old.status, old.answer = 404, `{"code":"NOT_FOUND","message":"Resource not found"}`
	replay(t, w, old)
	replay(t, w, recorded{"POST", "/v2/businesses/{business}/chats.json", baks, "{}", 200, `"chatId":{chat},`})
}

// chatInBody leaves nothing behind.
func chatInBody(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-asked", nil)
	before := messages(t, w)
	replay(t, w, recorded{"POST", "/v2/businesses/{business}/chats/message", mcp, `{"chatId":{chat},"message":"hi"}`, 400, "MISSING_PARAM"})
	require.Equal(t, before, messages(t, w))
	replay(t, w, recorded{"POST", "/v2/businesses/{business}/chats/message?chatId={chat}", mcp, `{"message":"hi"}`, 200, stored})
	require.Equal(t, before+1, messages(t, w))
}

// tokenInBody reads the first page for ever, as two Node servers do.
func tokenInBody(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-paging", nil)
	first := replay(t, w, recorded{"POST", "/v2/businesses/{business}/chats", baks, "{}", 200, "nextPageToken"})
	var page struct {
		Result struct {
			Paging struct{ NextPageToken string }
		}
	}
	require.NoError(t, json.Unmarshal(first, &page))
	again := replay(t, w, recorded{
		"POST", "/v2/businesses/{business}/chats", baks,
		`{"pageToken":"` + page.Result.Paging.NextPageToken + `","limit":20}`, 200, "nextPageToken",
	})
	require.Equal(t, chatsOf(t, first), chatsOf(t, again))
	require.Len(t, chatsOf(t, again), 10)
}

// closed is a chat that baks takes for done: any refusal with that word.
func closed(t *testing.T, m *mock.Server) {
	answer := recorded{"POST", "/businesses/{business}/chats/message?chatId={chat}", baks, `{"message":"Добрый день"}`, 400, "closed"}
	for _, switches := range []map[string]string{nil, {"closed-chat-status": "403"}, {"closed-chat-message": "The chat has been closed"}} {
		w := newWorld(t, m, "yandex-asked", switches)
		w.Market(t, http.MethodPost, "/chats/"+asked+"/close", map[string]string{}, nil)
		if answer.status = 400; switches["closed-chat-status"] != "" {
			answer.status = 403
		}
		raw := replay(t, w, answer)
		var out struct{ Errors []struct{ Message string } }
		require.NoError(t, json.Unmarshal(raw, &out))
		require.Contains(t, out.Errors[0].Message, "closed")
	}
}

// deprecated is what the bridge and gadzama get once orderId and orderIds are off.
func deprecated(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-asked", map[string]string{"deprecated-order-id": "reject"})
	replay(t, w, recorded{"POST", "/v2/businesses/{business}/chats/new", bridge, `{"orderId":5001}`, 400, "BAD_REQUEST"})
	replay(t, w, recorded{"POST", "/v2/businesses/{business}/chats", gadzama, `{"orderIds":[5001]}`, 400, "BAD_REQUEST"})
}
