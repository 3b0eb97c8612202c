package yandex

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// many has chats of every context, type and status. Their ids are 101 and so on;
// the latest changed is the last.
const many = `
sellers: [{name: demo}, {name: second}]
orders:
  - {id: 5001, buyer: a, placed: -9d}
  - {id: 5002, buyer: b, placed: -9d}
  - {id: 5003, buyer: c, placed: -9d}
returns: [{id: 7001, order: 5001, at: -8d}, {id: 7002, order: 5002, at: -8d}]
chats:
  - {id: 101, order: 5001, opened: -100h, messages: [{text: one, at: -90h}]}
  - {id: 102, return: 7001, opened: -101h, messages: [{text: one, at: -89h}, {from: seller, text: two, at: -88h}]}
  - {id: 103, return: 7001, type: ARBITRAGE, status: WAITING_FOR_ARBITER, opened: -102h, messages: [{text: one, at: -80h}]}
  - {id: 104, buyer: d, opened: -103h, messages: [{text: one, at: -70h}]}
  - {id: 105, order: 5002, opened: -104h, closed: -2h, messages: [{text: one, at: -60h}]}
  - {id: 106, order: 5003, opened: -50h}
  - {id: 107, seller: second, buyer: e, messages: [{text: theirs, at: -1h}]}
`

// listed are the ids of a page and its token.
func (w *testWorld) listed(query, body string) (ids, next string) {
	w.t.Helper()
	reply := w.call(opGetChats, query, body)
	require.Equal(w.t, 200, reply.status, reply.body)
	var page struct {
		Result struct {
			Chats []struct {
				ID int64 `json:"chatId"`
			}
			Paging *struct {
				Next string `json:"nextPageToken"`
			}
		}
	}
	require.NoError(w.t, json.Unmarshal([]byte(reply.body), &page))
	var list []string
	for _, c := range page.Result.Chats {
		list = append(list, fmt.Sprint(c.ID-100))
	}
	if page.Result.Paging != nil {
		next = page.Result.Paging.Next
	}
	return strings.Join(list, " "), next
}

// Proves: yandex/filter-body, yandex/filter-null, yandex/filter-order-ids, yandex/filter-order-ids-returns
// Proves: yandex/filter-contexts, yandex/filter-context-types, yandex/filter-types, yandex/filter-statuses
// Proves: yandex/filter-or-within, yandex/filter-mode, yandex/chat-order, yandex/closed-shows-finished
// Proves: yandex/unknown-fields-ignored
func TestFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t, many, today, nil)
	for body, want := range map[string]string{
		`{}`: "6 5 4 3 2 1",
		`{"orderIds":null,"contexts":null,"contextTypes":null,"types":null,"statuses":null}`: "6 5 4 3 2 1",
		`{"unknown":1,"limit":2,"pageToken":"x"}`:                                            "6 5 4 3 2 1",
		`{"orderIds":[5001]}`:                        "3 2 1",
		`{"orderIds":[5002,5003,9]}`:                 "6 5",
		`{"orderIds":[0]}`:                           "",
		`{"contexts":[{"type":"ORDER","id":5001}]}`:  "1",
		`{"contexts":[{"type":"RETURN","id":7001}]}`: "3 2",
		`{"contexts":[{"type":"RETURN","id":5001}]}`: "",
		`{"contexts":[{"type":"RETURN","id":7001},{"type":"ORDER","id":5003},{"id":5001,"type":"ORDER"}]}`: "6 3 2 1",
		`{"contexts":[{"type":"ORDER","id":5001.0}]}`:                                                      "1",
		`{"contextTypes":["DIRECT"]}`:                                                                      "4",
		`{"contextTypes":["DIRECT","RETURN"]}`:                                                             "4 3 2",
		`{"types":["ARBITRAGE"]}`:                                                                          "3",
		`{"statuses":["NEW"]}`:                                                                             "6",
		`{"statuses":["WAITING_FOR_PARTNER","WAITING_FOR_ARBITER"]}`:                                       "4 3 1",
		`{"statuses":["FINISHED"]}`:                                                                        "5",
		`{"statuses":["WAITING_FOR_MARKET"]}`:                                                              "",
		`{"types":["CHAT"],"contextTypes":["RETURN"]}`:                                                     "2",
		`{"orderIds":[5001],"types":["CHAT"],"contextTypes":["RETURN"]}`:                                   "2",
		`{"orderIds":[5001],"contexts":[{"type":"ORDER","id":5002}]}`:                                      "",
		`{"orderIds":[5001],"contexts":[{"type":"RETURN","id":7001}],"statuses":["WAITING_FOR_CUSTOMER"]}`: "2",
	} {
		ids, next := w.listed("limit=20", body)
		require.Equal(t, want, ids, body)
		require.Empty(t, next, body)
	}
}

// Proves: yandex/filter-empty, yandex/filter-duplicates, yandex/filter-unknown-word, yandex/illegal-input
// Proves: yandex/field-empty, yandex/item-null, yandex/items-unique, yandex/field-null, yandex/below-minimum
// Proves: yandex/body-missing, yandex/body-broken, yandex/body-cut, yandex/field-path, yandex/body-unreadable-first
func TestBodiesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, many, today, nil)
	for body, want := range map[string]string{
		"":                                       "Required request body is missing",
		" \n":                                    "Required request body is missing",
		"null":                                   "Required request body is missing",
		"{":                                      "Unexpected end of content",
		`{"types":["CHA`:                         "Unexpected end of content",
		"{}{}":                                   "JSON: has something after the end of its value at byte 2",
		"{'a':1}":                                "JSON: lacks a key in quotes at byte 1",
		"[]":                                     "Illegal input at ''",
		`{"types":"CHAT"}`:                       "Illegal input at 'types'",
		`{"types":["chat"]}`:                     "Illegal input at 'types[0]'",
		`{"types":[]}`:                           "'types' must not be empty",
		`{"types":[null]}`:                       "'types' elements must be not null",
		`{"orderIds":["5001"]}`:                  "Illegal input at 'orderIds[0]'",
		`{"orderIds":[99999999999999999999]}`:    "Illegal input at 'orderIds[0]'",
		`{"orderIds":[1.5]}`:                     "Illegal input at 'orderIds[0]'",
		`{"statuses":["NEW","NEW"]}`:             "'statuses' elements must be unique",
		`{"contexts":[{"type":"ORDER","id":0}]}`: "'contexts[0].id' must be greater than or equal to '1' (rejected value: '0')",
		`{"contexts":[{"type":"ORDER","id":1},{"type":"ORDER"}]}`: "'contexts[1].id' must not be null (rejected value: null)",
		`{"contexts":[{"type":"DIRECT","id":1}]}`:                 "Illegal input at 'contexts[0].type'",
		`{"contexts":[{"type":null,"id":1}]}`:                     "'contexts[0].type' must not be null (rejected value: null)",
		`{"contexts":[{"type":"ORDER","id":0}],"types":["x"]}`:    "Illegal input at 'types[0]'",
		"{\"a\":\"\xff\"}": "JSON: is not UTF-8 at byte 6",
	} {
		w.call(opGetChats, "", body, header("Content-Type", "application/json")).requireError(t, 400, codeBadRequest, want)
	}
}

// Proves: yandex/limit-chats, yandex/limit-default, yandex/over-limit, yandex/over-limit-text, yandex/under-limit
// Proves: yandex/over-limit-before, yandex/limit-default-before
// Proves: yandex/type-mismatch, yandex/missing-param, yandex/missing-param-code, yandex/repeated-parameter
// Proves: yandex/edition-2025-09-04, yandex/edition-2026-02-19
func TestLimitOfAPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "generate: {chats: 30}\n", today, nil)
	size := func(query string) int {
		ids, _ := w.listed(query, "{}")
		return len(strings.Fields(ids))
	}
	refused := func(query, message string) {
		t.Helper()
		w.call(opGetChats, query, "{}").requireError(t, 400, codeBadRequest, message)
	}
	require.Equal(t, 10, size(""))
	require.Equal(t, 10, size("limit="))
	require.Equal(t, 10, size("Limit=3"))
	require.Equal(t, 20, size("limit=20"))
	require.Equal(t, 1, size("limit=1&limit=99"))
	refused("limit=21", "Parameter limit must be less than or equal to '20' (rejected value: '21')")
	refused("limit=0", "'limit' must be greater than or equal to '1' (rejected value: '0')")
	refused("limit=-1", "'limit' must be greater than or equal to '1' (rejected value: '-1')")
	for _, value := range []string{"x", "1.0", "1e1", "1.5", "99999999999", "true"} {
		refused("limit="+value, "Type mismatch: '"+value+"'")
	}
	w.set(today, map[string]string{switchOverLimit: "clip"})
	require.Equal(t, 20, size("limit=50"))
	w.set(today, map[string]string{switchOverLimit: "allow", switchLimitDefault: "all"})
	require.Equal(t, 25, size("limit=25"))
	require.Equal(t, 30, size(""))
	w.set(day(2025, 9, 3), nil)
	require.Equal(t, 30, size("limit=50"))
	w.set(day(2025, 9, 4), nil)
	refused("limit=50", "Parameter limit must be less than or equal to '20' (rejected value: '50')")
	require.Equal(t, 10, size(""), "no default was told")
	w.set(day(2025, 7, 24), nil)
	require.Equal(t, 10, size("limit=0"), "no bound was told")
	w.call(opGetChat, "", "").requireError(t, 400, codeMissingParam, "Required request parameter 'chatId' is not present")
	w.call(opGetChat, "chatId=", "").requireError(t, 400, codeMissingParam, "Required request parameter 'chatId' is not present")
}

// Proves: yandex/paging-token, yandex/page-token-name, yandex/page-token-bad, yandex/page-token-foreign
// Proves: yandex/page-token-empty, yandex/page-token-lasts, yandex/page-token-opaque, yandex/last-page-paging
// Proves: yandex/limit-on-every-page, yandex/pages-under-arrivals
func TestPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, many, today, nil)
	ids, next := w.listed("limit=2&pageToken=", "{}")
	require.Equal(t, "6 5", ids)
	require.Regexp(t, "^[A-Za-z0-9_-]+$", next)
	w.advance(30 * 24 * time.Hour)
	w.says("101", "moved up")
	for _, name := range []string{"pageToken", "page_token"} {
		ids, _ = w.listed("limit=2&"+name+"="+next, "{}")
		require.Equal(t, "4 3", ids)
	}
	for _, both := range []string{"pageToken=&page_token=" + next, "page_token=" + next + "&pageToken="} {
		ids, _ = w.listed("limit=2&"+both, "{}")
		require.Equal(t, "4 3", ids, "an empty one is none")
	}
	rest, last := w.listed("pageToken="+next, "{}")
	require.Equal(t, "4 3 2", rest, "the default size; what moved up is not told again")
	require.Empty(t, last)
	require.Contains(t, w.call(opGetChats, "pageToken="+next, "{}").body, `"paging":{}`)

	bad := func(operation, query, body string) {
		t.Helper()
		w.call(operation, query, body).requireError(t, 400, codeBadRequest, "Bad page token")
	}
	bad(opGetChats, "pageToken=eyBuZXh0SWQ6IDIzNDIgfQ==", "{}")
	bad(opGetChats, "pageToken="+next[1:], "{}")
	bad(opGetChats, "pageToken="+next+"A", "{}")
	bad(opGetChats, "pageToken="+strings.Repeat("A", 1000), "{}")
	bad(opGetChats, "pageToken="+next, `{"types":["CHAT"]}`)
	bad(opGetHistory, "chatId=101&pageToken="+next, "{}")
	bad(opGetCampaigns, "pageToken="+next, "")
	w.call(opGetChats, "pageToken="+next, "{}", header("Api-Key", theirs), instead("2001", "2002")).
		requireError(t, 400, codeBadRequest, "Bad page token")

	w.set(today, map[string]string{switchPageTokenName: "pageToken", switchLastPaging: "absent"})
	ids, _ = w.listed("limit=2&page_token="+next, "{}")
	require.Equal(t, "1 6", ids, "the other name is unknown")
	require.NotContains(t, w.call(opGetChats, "limit=20", "{}").body, "paging")
	w.set(day(2026, 2, 18), nil)
	ids, _ = w.listed("limit=2&pageToken="+next, "{}")
	require.Equal(t, "1 6", ids)
	ids, _ = w.listed("limit=2&page_token="+next, "{}")
	require.Equal(t, "4 3", ids)
}

// Pages of every filter are the whole list cut into pieces.
// Proves: yandex/pages-under-arrivals, yandex/chat-order
func TestPagesOfFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t, many, today, nil)
	for _, order := range []string{"updated-desc", "created-desc", "id-asc"} {
		w.set(today, map[string]string{switchChatOrder: order})
		for _, body := range []string{
			"{}", `{"types":["CHAT"]}`, `{"contextTypes":["ORDER","RETURN"]}`, `{"orderIds":[5001,5002,5003]}`,
			`{"contexts":[{"type":"RETURN","id":7001},{"type":"ORDER","id":5003}]}`,
		} {
			whole, _ := w.listed("limit=20", body)
			var pieces []string
			ids, next := w.listed("limit=1", body)
			for pieces = append(pieces, ids); next != ""; pieces = append(pieces, ids) {
				ids, next = w.listed("limit=1&pageToken="+next, body)
			}
			require.Equal(t, whole, strings.Join(pieces, " "), "%s %s", order, body)
		}
	}
	w.set(today, map[string]string{switchChatOrder: "created-desc"})
	ids, _ := w.listed("", "{}")
	require.Equal(t, "6 1 2 3 4 5", ids)
	w.set(today, map[string]string{switchChatOrder: "id-asc"})
	ids, _ = w.listed("", "{}")
	require.Equal(t, "1 2 3 4 5 6", ids)
}

// Proves: yandex/deprecated-order-id, yandex/filter-mode, yandex/direct-before-edition, yandex/edition-2025-07-28
// Proves: yandex/edition-2025-09-17
func TestFiltersOfSwitchesAndEditions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, many, today, nil)
	ids := func(body string) string {
		list, _ := w.listed("limit=20", body)
		return list
	}
	w.set(today, map[string]string{switchOrderID: "ignore"})
	require.Equal(t, "6 5 4 3 2 1", ids(`{"orderIds":[5001]}`))
	w.set(today, map[string]string{switchOrderID: "reject"})
	w.call(opGetChats, "", `{"orderIds":[5001]}`).requireError(t, 400, codeBadRequest, "'orderIds' is deprecated and is not supported")
	w.set(today, map[string]string{switchFilterMode: "one-of"})
	require.Equal(t, "2", ids(`{"contexts":[{"type":"RETURN","id":7001}],"types":["CHAT"]}`))
	w.call(opGetChats, "", `{"orderIds":[5001],"contextTypes":["ORDER"]}`).
		requireError(t, 400, codeBadRequest, "Only one of 'orderIds', 'contexts', 'contextTypes' must be specified")

	w.set(day(2025, 9, 16), nil)
	require.Equal(t, "6 5 4 3 2 1", ids(`{"contextTypes":["DIRECT"]}`), "an unknown field")
	w.set(day(2025, 7, 27), nil)
	require.Equal(t, "6 5 3 2 1", ids(`{}`))
	require.Equal(t, "1", ids(`{"statuses":["WAITING_FOR_PARTNER"]}`))
	w.call(opGetChat, "chatId=104", "").requireError(t, 404, codeNotFound, "Can't find chat by id: '104'")
	w.set(day(2025, 7, 28), nil)
	require.Equal(t, "6 5 4 3 2 1", ids(`{}`))
	require.Equal(t, 200, w.call(opGetChat, "chatId=104", "").status)
}
