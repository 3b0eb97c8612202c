package yandex

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
)

// long has a chat of six messages, whose texts are their numbers.
const long = `
sellers: [{name: demo}, {name: second}]
chats:
  - id: 101
    buyer: a
    messages:
      - {text: "1", at: -60m}
      - {text: "2", at: -50m, from: seller}
      - {text: "3", at: -40m}
      - {text: "4", at: -30m, from: marketplace}
      - {text: "5", at: -20m, from: support}
      - {text: "6", at: -10m}
  - {id: 102, buyer: b, opened: -1h}
  - {id: 103, seller: second, buyer: c, messages: [{text: theirs, at: -1h}]}
`

// told are the texts of a page of messages and its token.
func (w *testWorld) told(query, body string) (texts, next string) {
	w.t.Helper()
	reply := w.call(opGetHistory, query, body)
	require.Equal(w.t, 200, reply.status, reply.body)
	var page struct {
		Result struct {
			Messages []struct{ Message string }
			Paging   struct {
				Next string `json:"nextPageToken"`
			}
		}
	}
	require.NoError(w.t, json.Unmarshal([]byte(reply.body), &page))
	var list []string
	for _, m := range page.Result.Messages {
		list = append(list, m.Message)
	}
	return strings.Join(list, " "), page.Result.Paging.Next
}

func (w *testWorld) messageIDs(chatID string) []uint64 {
	w.t.Helper()
	messages, _ := w.Store.Messages(chatID, chat.Range{Limit: 1000})
	var ids []uint64
	for _, m := range messages {
		ids = append(ids, m.ID)
	}
	return ids
}

// Proves: yandex/message-order, yandex/message-id-from, yandex/message-id-from-one, yandex/message-id-from-unknown
// Proves: yandex/history-body, yandex/paging-token, yandex/limit-history, yandex/limit-default, yandex/page-token-foreign
// Proves: yandex/message-ids-microseconds, yandex/read-has-no-effect
func TestHistory(t *testing.T) {
	t.Parallel()
	for order, all := range map[string]string{"newest-first": "6 5 4 3 2 1", "oldest-first": "1 2 3 4 5 6"} {
		for _, from := range []string{"inclusive", "exclusive"} {
			t.Run(order+" "+from, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, long, today, map[string]string{switchMessageOrder: order, switchMessageIDFrom: from})
				before, _ := w.Store.Chat("101")
				ids := w.messageIDs("101")
				require.Equal(t, uint64(noon.UnixMicro())-3_600_000_000, ids[0])
				body := func(id uint64) string { return fmt.Sprintf(`{"messageIdFrom":%d}`, id) }
				first := func(n int) string { // the numbers from n on, in this order
					var out []string
					for s := range strings.FieldsSeq(all) {
						if s >= fmt.Sprint(n) {
							out = append(out, s)
						}
					}
					return strings.Join(out, " ")
				}
				at := 3
				if from == "exclusive" {
					at = 4
				}
				for text, want := range map[string]string{
					"{}": all, `{"messageIdFrom":1}`: all, body(ids[2]): first(at), body(ids[2] + 1): first(4),
					body(ids[5] + 9): "",
				} {
					whole, next := w.told("chatId=101", text)
					require.Equal(t, want, whole, text)
					require.Empty(t, next)
					require.Equal(t, want, pieces(w, text), text)
				}
				_, next := w.told("chatId=101&limit=2", "{}")
				w.call(opGetHistory, "chatId=101&limit=2&pageToken="+next, body(1)).requireError(t, 400, codeBadRequest, "Bad page token")
				w.call(opGetHistory, "chatId=102&limit=2&pageToken="+next, "{}").requireError(t, 400, codeBadRequest, "Bad page token")
				none, _ := w.told("chatId=102", "{}")
				require.Empty(t, none)
				left, _ := w.Store.Chat("101")
				require.Equal(t, before, left, "nothing is marked as read")
			})
		}
	}
}

// pieces is a history of chat 101 in pages of two.
func pieces(w *testWorld, body string) string {
	w.t.Helper()
	var out []string
	for next := "start"; next != ""; {
		query := "chatId=101&limit=2"
		if next != "start" {
			query += "&pageToken=" + next
		}
		var texts string
		if texts, next = w.told(query, body); texts != "" {
			out = append(out, texts)
		}
	}
	return strings.Join(out, " ")
}

// Proves: yandex/limit-history, yandex/limit-default, yandex/over-limit-text, yandex/history-body
// Proves: yandex/over-limit-history
func TestLimitOfAHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t, long, today, nil)
	for i := range 200 {
		w.says("102", fmt.Sprint(i))
	}
	size := func(query string) int {
		texts, _ := w.told("chatId=102"+query, "{}")
		return len(strings.Fields(texts))
	}
	require.Equal(t, 50, size(""))
	require.Equal(t, 100, size("&limit=100"))
	w.call(opGetHistory, "chatId=102&limit=101", "{}").requireError(t, 400, codeBadRequest,
		"Parameter limit must be less than or equal to '100' (rejected value: '101')")
	w.call(opGetHistory, "chatId=102", "").requireError(t, 400, codeBadRequest, "Required request body is missing")
	w.call(opGetHistory, "chatId=102", `{"messageIdFrom":0}`).requireError(t, 400, codeBadRequest,
		"'messageIdFrom' must be greater than or equal to '1' (rejected value: '0')")
	w.set(today, map[string]string{switchLimitDefault: "all"})
	require.Equal(t, 200, size(""))

	w.set(day(2025, 9, 4), nil)
	require.Equal(t, 150, size("&limit=150"), "only the list had a bound")
	w.set(day(2025, 9, 4), map[string]string{switchOverLimit: "clip"})
	require.Equal(t, 100, size("&limit=150"))
	w.set(day(2025, 9, 3), map[string]string{switchOverLimit: "reject"})
	require.Equal(t, 400, w.call(opGetHistory, "chatId=102&limit=101", "{}").status, "as it was set")
	w.set(day(2026, 2, 19), nil)
	require.Equal(t, 400, w.call(opGetHistory, "chatId=102&limit=101", "{}").status)
	w.set(day(2026, 2, 19), map[string]string{switchOverLimit: "allow"})
	require.Equal(t, 150, size("&limit=150"))
}

// Proves: yandex/chat-not-found, yandex/foreign-chat, yandex/message-not-found, yandex/get-chat-message
// Proves: yandex/chat-id-in-query, yandex/missing-param, yandex/below-minimum
func TestChatsAndMessagesThatAreNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, long, today, nil)
	ids := w.messageIDs("101")
	for _, id := range []string{"1", "103"} {
		want := "Can't find chat by id: '" + id + "'"
		w.call(opGetChat, "chatId="+id, "").requireError(t, 404, codeNotFound, want)
		w.call(opGetHistory, "chatId="+id, "{}").requireError(t, 404, codeNotFound, want)
		w.call(opGetMessage, "chatId="+id+"&messageId=1", "").requireError(t, 404, codeNotFound, want)
		w.call(opSendMessage, "chatId="+id, `{"message":"x"}`).requireError(t, 404, codeNotFound, want)
	}
	w.call(opGetMessage, "chatId=101&messageId=7", "").requireError(t, 404, codeNotFound, "Can't find message by id: '7' for chat '101'")
	other := fmt.Sprintf("chatId=102&messageId=%d", ids[0])
	w.call(opGetMessage, other, "").requireError(t, 404, codeNotFound, fmt.Sprintf("Can't find message by id: '%d' for chat '102'", ids[0]))
	w.call(opGetMessage, "chatId=101", "").requireError(t, 400, codeMissingParam, "Required request parameter 'messageId' is not present")
	w.call(opGetMessage, "chatId=0&messageId=1", "").requireError(t, 400, codeBadRequest,
		"'chatId' must be greater than or equal to '1' (rejected value: '0')")
	w.call(opSendMessage, "", `{"chatId":101,"message":"hi"}`).requireError(t, 400, codeMissingParam,
		"Required request parameter 'chatId' is not present")
	w.call(opSendMessage, "chatId=101", `{"message":{"text":"hi"}}`).requireError(t, 400, codeBadRequest, "Illegal input at 'message'")
	long := strings.Repeat("ж", 4097)
	w.call(opSendMessage, "chatId=101", `{"message":"`+long+`"}`).requireError(t, 400, codeBadRequest,
		"'message' size must be between '1' and '4096' (rejected value: '"+long+"')")
	w.call(opSendMessage, "chatId=101", `{"message":""}`).requireError(t, 400, codeBadRequest,
		"'message' size must be between '1' and '4096' (rejected value: '')")
}
