package main

import (
	"bytes"
	"fmt"
	"strings"
)

// vendor is how the chats of one marketplace are listed, and what a world to
// measure it in looks like.
type vendor struct {
	name   string // of the marketplace
	path   string // of the list call, a POST
	query  string
	header map[string]string // with the demo seller's credentials
	page   string            // body for a page of 6 to 7 kB
	filter string            // body for a page of the chats that a buyer has written to last
	world  string            // YAML; %d is how many chats, none of them the filter's
	row    string            // stands once in each chat of an answer
	limits []string          // names of those that would refuse
	upload string            // target of a file's upload without the chat's id; "" where none is streamed
}

// vendors are the marketplaces that are measured.
func vendors() []vendor {
	return []vendor{
		{
			name: "ozon", path: "/v3/chat/list",
			header: map[string]string{
				"Client-Id": "1001", "Api-Key": "00000000-0000-4000-8000-000000001001", "Content-Type": "application/json",
			},
			page:   `{"limit":30}`,
			filter: `{"limit":30,"filter":{"unread_only":true}}`,
			world:  "ozon:\n  sellers:\n    - name: demo\n  generate: {chats: %d, messages: 1..2, unread: 0, seller: demo}\n",
			row:    `"chat_id":`,
			limits: []string{"requests-per-second"},
		},
		{
			name: "yandex", path: "/v2/businesses/2001/chats", query: "limit=20",
			header: map[string]string{
				"Api-Key": "ACMA:marketmockdemomarketmockdemomarketmockde:00002001", "Content-Type": "application/json",
			},
			page:   `{}`,
			filter: `{"statuses":["WAITING_FOR_PARTNER"]}`,
			world: "yandex:\n  sellers:\n    - name: demo\n  generate:\n    chats: %d\n    messages: 2..2\n" +
				"    contexts: {ORDER: 6, RETURN: 3, DIRECT: 1}\n    statuses: {WAITING_FOR_CUSTOMER: 1}\n    seller: demo\n",
			row:    `"chatId":`,
			limits: []string{"parallel-requests", "getChats-per-hour", "sendFileToChat-per-hour"},
			upload: "/v2/businesses/2001/chats/file/send?chatId=",
		},
	}
}

// target is the list call's path and query.
func (v vendor) target() string {
	if v.query == "" {
		return v.path
	}
	return v.path + "?" + v.query
}

// fixture is a file of a world with that many chats.
func (v vendor) fixture(chats int) string {
	return "version: 1\ndescription: a world to measure\n" + fmt.Sprintf(v.world, chats)
}

// unlimited is the change of limits that makes them count and never refuse.
func (v vendor) unlimited() map[string]any {
	rules := map[string]any{}
	for _, name := range v.limits {
		rules[name] = map[string]int{"max": -1}
	}
	return map[string]any{v.name: rules}
}

// rows counts the chats of an answer.
func (v vendor) rows(answer []byte) int { return bytes.Count(answer, []byte(v.row)) }

// script tells wrk the request.
func (v vendor) script(body string) string {
	var lua strings.Builder
	fmt.Fprintf(&lua, "wrk.method = \"POST\"\nwrk.body = %q\n", body)
	for name, value := range v.header {
		fmt.Fprintf(&lua, "wrk.headers[%q] = %q\n", name, value)
	}
	return lua.String()
}
