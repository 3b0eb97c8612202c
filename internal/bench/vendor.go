package main

import (
	"bytes"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"example.com/marketmock/internal/marketplace/shopee/sign"
)

// vendor is how the chats of one marketplace are listed by one of its APIs, and
// what a world to measure it in looks like.
type vendor struct {
	name   string // of the marketplace
	api    string // which of its APIs; "" where there is one
	method string // of the list call
	path   string // of the list call
	header map[string]string
	// sign gives a call at a path the query with credentials; nil: the headers
	// have them.
	sign   func(path, query string, at time.Time) string
	page   ask      // a page of 6 to 7 kB, in a world of chats
	chats  int      // as many as the size of a page wants, where the vendor sets it
	filter ask      // a page of the chats that a buyer has written to last
	world  string   // YAML; %d is how many chats, none of them the filter's
	row    string   // stands once in each chat of an answer
	limits []string // names of those that would refuse
	upload string   // target of a file's upload; CHAT stands for a chat's id. "" where none is streamed
}

// ask is what a call of the list says.
type ask struct{ query, body string }

const (
	anyChat     = "CHAT"
	shopeeWorld = "shopee:\n  sellers:\n    - {name: demo, region: SG}\n" +
		"  generate: {chats: %d, messages: 1..2, unread: 0, pinned: 0, seller: demo}\n"
)

// vendors are the marketplaces that are measured.
func vendors() []vendor {
	return []vendor{
		{
			name: "ozon", chats: 1000, method: "POST", path: "/v3/chat/list",
			header: map[string]string{
				"Client-Id": "1001", "Api-Key": "00000000-0000-4000-8000-000000001001", "Content-Type": "application/json",
			},
			page:   ask{body: `{"limit":30}`},
			filter: ask{body: `{"limit":30,"filter":{"unread_only":true}}`},
			world:  "ozon:\n  sellers:\n    - name: demo\n  generate: {chats: %d, messages: 1..2, unread: 0, seller: demo}\n",
			row:    `"chat_id":`,
			limits: []string{"requests-per-second"},
		},
		{
			name: "yandex", chats: 1000, method: "POST", path: "/v2/businesses/2001/chats",
			header: map[string]string{
				"Api-Key": "ACMA:marketmockdemomarketmockdemomarketmockde:00002001", "Content-Type": "application/json",
			},
			page:   ask{query: "limit=20", body: `{}`},
			filter: ask{query: "limit=20", body: `{"statuses":["WAITING_FOR_PARTNER"]}`},
			world: "yandex:\n  sellers:\n    - name: demo\n  generate:\n    chats: %d\n    messages: 2..2\n" +
				"    contexts: {ORDER: 6, RETURN: 3, DIRECT: 1}\n    statuses: {WAITING_FOR_CUSTOMER: 1}\n    seller: demo\n",
			row:    `"chatId":`,
			limits: []string{"parallel-requests", "getChats-per-hour", "sendFileToChat-per-hour"},
			upload: "/v2/businesses/2001/chats/file/send?chatId=" + anyChat,
		},
		{
			name: "shopee", api: "open", chats: 1000, method: "GET", path: "/api/v2/sellerchat/get_conversation_list", sign: signShop,
			page:   ask{query: "direction=older&type=all&page_size=11"},
			filter: ask{query: "direction=older&type=unread&page_size=11"},
			world:  shopeeWorld, row: `"to_id":`,
			limits: []string{"app-calls-per-minute", "app-calls-per-day"},
			upload: "/api/v2/sellerchat/upload_image",
		},
		{
			name: "shopee", api: "webchat", chats: 10, method: "GET", path: "/webchat/api/v1.2/conversations",
			header: map[string]string{"Authorization": "Bearer shopee-demo-webchat-token"},
			page:   ask{query: "direction=older"},
			filter: ask{query: "direction=older&unread_only=true"},
			world:  shopeeWorld, row: `"to_id":`,
		},
	}
}

// signShop signs a call of the demo shop. The signature outlives a round of load:
// it is good for five minutes.
func signShop(path, query string, at time.Time) string {
	const partner, key, token, shop = "2000001", "shopee-demo-partner-key", "shopee-demo-access-token", "210004001"
	now := strconv.FormatInt(at.Unix(), 10)
	signed := sign.Call{PartnerID: partner, Path: path, Timestamp: now, AccessToken: token, Owner: shop}.Sign(key)
	own := url.Values{"partner_id": {partner}, "timestamp": {now}, "access_token": {token}, "shop_id": {shop}, "sign": {signed}}.Encode()
	if query == "" {
		return own
	}
	return own + "&" + query
}

// title is what a measure is called after.
func (v vendor) title() string { return strings.TrimSpace(v.name + " " + v.api) }

// target is the list call's path and query, good for a while.
func (v vendor) target(a ask) string { return v.signed(v.path, a.query) }

// uploadTarget is the path and query of an upload to a chat.
func (v vendor) uploadTarget(chat string) string {
	path, query, _ := strings.Cut(strings.Replace(v.upload, anyChat, chat, 1), "?")
	return v.signed(path, query)
}

func (v vendor) signed(path, query string) string {
	if v.sign != nil {
		query = v.sign(path, query, wall())
	}
	if query == "" {
		return path
	}
	return path + "?" + query
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
	fmt.Fprintf(&lua, "wrk.method = %q\n", v.method)
	if body != "" {
		fmt.Fprintf(&lua, "wrk.body = %q\n", body)
	}
	for name, value := range v.header {
		fmt.Fprintf(&lua, "wrk.headers[%q] = %q\n", name, value)
	}
	return lua.String()
}
