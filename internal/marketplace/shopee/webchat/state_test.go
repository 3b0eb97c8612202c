package webchat_test

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

const asked = `
sellers: [{name: demo, shop_id: 151549728, user_id: 151551554, region: TW, title: Tea, auto_reply: {enabled: true, text: hello}, offwork_reply: {text: later}}, {name: second, account: demo}]
buyers: [{id: "231156449", name: shop_two, shop_id: 231151763}]
orders: [{sn: 260918KJ7XN2PQ, buyer: "231156449", placed: -3d}, {sn: 260918KJ7XN2PR, seller: second, buyer: "231156449", placed: -3d}]
chats: [{buyer: "231156449", messages: [{text: a, at: -3h}, {text: b, at: -2h}, {text: c, at: -1h}]}]
`

// Proves: shopee/webchat-read, shopee/webchat-read-reply, shopee/webchat-unread-count, shopee/webchat-unread-messages
// Proves: shopee/webchat-user-sync
func TestReadingMovesTheMarkAndTheCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked, nil)
	counts := func(n string) {
		t.Helper()
		for _, target := range []string{"v1.2/conversation/unread-count?type_channel=1", "v1/messages/unread-count", "v1/sc/messages/unread-count?SPC_CDS=&SPC_CDS_VER=2"} {
			require.Equal(t, `{"total_unread_count":`+n+`}`, w.get(target).ok(t, nil).body)
		}
		require.Equal(t, `{"total_unread_count":`+n+`,"shop_id":151549728}`, w.get("v1.1/mini/conversation/unread-count").ok(t, nil).body)
		require.Equal(t, `{"unread_count":`+n+`,"have_new_msg":`+map[bool]string{true: "true", false: "false"}[n != "0"]+`}`,
			w.post("v1.2/user/sync", "").ok(t, nil).body)
	}
	counts("3")
	page := w.history("")
	read := func(id string) reply {
		return w.put("v1.2/conversations/"+pair+"/read", `{"last_read_message_id":"`+id+`","shop_id":151549728}`)
	}
	require.Equal(t, 204, read(page[1].ID).status)
	counts("1")
	require.Equal(t, page[1].ID, w.rows("v1.2/conversations")[0].ReadUpTo)
	require.Equal(t, 204, read(page[0].ID).status)
	require.Equal(t, 204, read(page[2].ID).status)
	counts("0")
	require.Empty(t, w.rows("v1.2/conversations?unread_only=true"))
	require.Equal(t, 204, w.put("v1.2/mini/conversations/"+pair+"/unread", `{"shop_id":151549728}`).status)
	require.Len(t, w.rows("v1.2/conversations?unread_only=true"), 1)

	w.set(map[string]string{"webchat-read-reply": "200-empty-object"})
	require.Equal(t, "{}", read(page[0].ID).ok(t, nil).body)
	require.Equal(t, "{}", w.put("v1.2/conversations/"+pair+"/unread", `{}`).ok(t, nil).body)
	for _, body := range []string{``, `{}`, `{"last_read_message_id":"x"}`, `{"last_read_message_id":{}}`} {
		w.put("v1.2/conversations/"+pair+"/read", body).refused(t, 400, invalid, "webchat-invalid")
	}
	w.put("v1.2/conversations/1/unread", `{}`).refused(t, 400, noConversation, "webchat-invalid")
}

// Proves: shopee/webchat-read
func TestTheMarkStandsAtAMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked, nil)
	page := w.history("")
	for _, tt := range []struct{ sent, mark string }{
		{"1", ""},
		{page[2].ID, page[2].ID},
		{page[0].ID[:18] + "0", page[1].ID},
		{"9223372036854775807", page[0].ID},
	} {
		require.Equal(t, 204, w.put("v1.2/conversations/"+pair+"/read", `{"last_read_message_id":"`+tt.sent+`"}`).status)
		require.Equal(t, tt.mark, w.rows("v1.2/conversations")[0].ReadUpTo, tt.sent)
	}
}

const (
	isOpen   = `{"is_chat_availiable":true,"conv_is_closed":false,"conv_closed_reason":"","show_close_conv_btn":true}`
	isClosed = `{"is_chat_availiable":true,"conv_is_closed":true,"conv_closed_reason":"closed","show_close_conv_btn":false}`
)

// requests are those that may open a closed conversation again, by the value of
// the switch.
func (w *testWorld) requests() map[string]func() reply {
	return map[string]func() reply{
		"enter": func() reply {
			return w.post("v1.2/conversation/enter", `{"biz_id":0,"conversation_id":"`+pair+`","to_id":231156449}`)
		},
		"open": func() reply {
			return w.post("v1.2/mini/conversation/open", `{"biz_id":0,"oppside_user_id":231156449,"shop_id":151549728}`)
		},
		"send": func() reply { return w.post(sendTarget, hello) },
		"status-put": func() reply {
			return w.put("v1.2/mini/conversations/"+pair+"/status", `{"status":"activated","biz_id":2}`)
		},
	}
}

// Proves: shopee/webchat-closed, shopee/webchat-closed-reopen, shopee/webchat-status, shopee/webchat-statuses
// Proves: shopee/webchat-open, shopee/webchat-enter, shopee/webchat-send-rules
func TestOnlyOneRequestOpensAClosedConversationAgain(t *testing.T) {
	t.Parallel()
	for _, opens := range []string{"open", "enter", "send", "status-put"} {
		t.Run(opens, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, asked, map[string]string{"webchat-closed-reopen": opens})
			require.Equal(t, 204, w.put("v1.2/conversations/"+pair+"/status", `{"shop_id":151549728,"status":"closed"}`).status)
			require.Equal(t, "closed", w.rows("v1.2/conversations")[0].Status)
			for name, request := range w.requests() {
				if name == opens {
					continue
				}
				got := request()
				if name == "send" {
					require.Equal(t, 403, got.status)
					require.JSONEq(t, `{"error_code":"conversation_is_closed","message":"Conversation is closed"}`, got.body)
				}
				require.Equal(t, "closed", w.rows("v1.2/conversations")[0].Status, name)
			}
			require.Len(t, w.history(""), 3)

			require.Less(t, w.requests()[opens]().status, 300)
			require.Equal(t, "activated", w.rows("v1.2/conversations")[0].Status)
			notice := w.history("")[map[bool]int{true: 1, false: 0}[opens == "send"]]
			require.Equal(t, "notification", notice.Type)
			require.Equal(t, 448, notice.Option)
			require.Equal(t, map[string]any{
				"notification_for_sender": "agent joined", "notification_for_receiver": "agent joined", "notification_type": "join",
			}, notice.Content)
			require.Equal(t, isOpen, w.requests()["open"]().ok(t, nil).body)
			w.post(sendTarget, hello).ok(t, nil)
		})
	}
}

// Proves: shopee/webchat-open, shopee/webchat-enter
func TestOpenAndEnterTellHowAConversationStands(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked, map[string]string{"webchat-closed-reopen": "send"})
	open := func(body string) string { return w.post("v1.2/conversation/open", body).ok(t, nil).body }
	require.Equal(t, isOpen, open(`{"conversation_id":"`+pair+`"}`))
	require.NoError(t, shop.SetStatus(w.World, pair, false))
	require.Equal(t, isClosed, open(`{"conversation_id":650908968319134433}`))
	require.Equal(t, `{"is_chat_availiable":true,"conv_is_closed":false,"conv_closed_reason":"","show_close_conv_btn":false}`,
		open(`{"oppside_user_id":5}`), "one that begins with the first message")
	require.Equal(t, `{"conversation_id":"`+pair+`","is_in_chatbot_session":false}`, w.requests()["enter"]().ok(t, nil).body)
	w.conversation(func(c *shop.Conversation) { c.Chatbot = true })
	require.Equal(t, `{"conversation_id":"`+pair+`","is_in_chatbot_session":true}`, w.requests()["enter"]().ok(t, nil).body)
	for _, body := range []string{``, `{}`, `{"conversation_id":"x"}`, `{"oppside_user_id":-1}`} {
		w.post("v1.2/conversation/open", body).refused(t, 400, invalid, "webchat-invalid")
	}
	w.put("v1.2/conversations/"+pair+"/status", `{"status":"open"}`).refused(t, 400, invalid, "webchat-invalid")
}

// Proves: shopee/webchat-settings, shopee/webchat-auto-reply-set, shopee/webchat-workbench
func TestTheAutomaticReplyIsTheShopsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked, nil)
	require.Equal(t, `{"message_shortcuts_status":"enabled","legacy_message_shortcuts_count":0,"message_shortcuts_newbie":true,`+
		`"feedback_newbie":true,"auto_translation_status":"no_permission","voice_notice":"enabled","flash_notice":"disabled",`+
		`"show_msg_time":"enabled","distribution_account_status":"working","autoreply_status":"enabled","autoreply_content":"hello"}`,
		w.get("v1.2/login?_uid=0-1&_v=4.7.0").ok(t, nil).body)
	setting := func() string { return w.get("workbenchapi/v1.2/sc/chat_setting").ok(t, nil).body }
	require.Equal(t, `{"shop_id":151549728,"autoreply_status":"enabled","autoreply_content":"hello"}`, setting())
	reply := "workbenchapi/v1.2/sc/auto_reply/shop?SPC_CDS="
	w.put(reply, `{"shop_id":151549728,"status":"disabled","content":"bye"}`).ok(t, nil)
	require.Equal(t, `{"shop_id":151549728,"autoreply_status":"disabled","autoreply_content":"bye"}`, setting())
	require.Equal(t, shop.AutoReply{Text: "bye"}, w.shop("").AutoReply)
	w.put(reply, `{"status":"enabled"}`).ok(t, nil)
	require.Equal(t, shop.AutoReply{Enabled: true, Text: "bye"}, w.shop("").AutoReply)
	w.put("workbenchapi/v1.2/sc/chat_setting", `{"autoreply_content":"again","voice_notice":"enabled"}`).ok(t, nil)
	require.Equal(t, shop.AutoReply{Enabled: true, Text: "again"}, w.shop("").AutoReply)
	second := w.shop("second")
	w.put(reply, `{"shop_id":`+shop.Key(second.ID)+`,"status":"enabled","content":"second"}`).ok(t, nil)
	require.Equal(t, shop.AutoReply{Enabled: true, Text: "second"}, w.shop("second").AutoReply)
	for _, body := range []string{``, `{"status":"on"}`, `{"content":"x"}`, `{"status":"enabled","content":7}`} {
		w.put(reply, body).refused(t, 400, invalid, "webchat-invalid")
	}
	require.Equal(t, 403, w.put(reply, `{"shop_id":5,"status":"enabled"}`).status)
	require.Equal(t, `{"shop_id":151549728,"status":"disabled","content":"later"}`, w.get("workbenchapi/v1.2/sc/offline_reply").ok(t, nil).body)
	require.Equal(t, `{"shop_id":151549728,"name":"Tea","country":"TW"}`, w.get("workbenchapi/v1.2/mini/shop/setting").ok(t, nil).body)
}

// Proves: shopee/webchat-shop-list, shopee/webchat-companions
func TestLittleIsKnownOfPeopleOrdersAndProducts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked, nil)
	second := shop.Key(w.shop("second").ID)
	require.Equal(t, `{"id":231156449,"username":"shop_two","shop_id":231151763,"avatar":""}`, w.get("v1.2/users/231156449").ok(t, nil).body)
	require.Contains(t, w.get("v1.2/users/151551554").ok(t, nil).body, `"shop_id":151549728`)
	require.Equal(t, `{"order_id":"260918KJ7XN2PQ","order_sn":"260918KJ7XN2PQ","shop_id":151549728,"buyer_user_id":231156449}`,
		w.get("v1.2/order/260918KJ7XN2PQ").ok(t, nil).body)
	require.Contains(t, w.get("v1.2/order/260918KJ7XN2PR").ok(t, nil).body, `"shop_id":`+second)
	require.Equal(t, `{"id":42,"shop_id":151549728}`, w.get("v1.2/products/42").ok(t, nil).body)
	require.Equal(t, `{"groups":[]}`, w.get("v1.2/message_shortcuts/all_groups").ok(t, nil).body)
	require.Equal(t, `{}`, w.get("v1.2/mini/user/setting").ok(t, nil).body)
	require.Contains(t, w.get("v1.2/mini/shop_list").ok(t, nil).body, `{"shops":[{"id":151549728,"name":"Tea"},{"id":`+second)
	require.Equal(t, `{"shops":[{"id":151549728,"name":"Tea"}]}`, w.get("v1.2/shop_list?ids=[151549728,5]").ok(t, nil).body)
	for _, target := range []string{"v1.2/users/5", "v1.2/users/x", "v1.2/order/5", "v1.2/products/x", "v1.2/shop_list?ids=x"} {
		require.Equal(t, 400, w.get(target).status, target)
	}
}

// picture is a PNG of a size.
func picture(t *testing.T, width, height int) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))))
	return b.String()
}

func (w *testWorld) upload(target, content string) reply {
	w.t.Helper()
	body := "--fence\r\nContent-Disposition: form-data; name=\"conversation_id\"\r\n\r\n" + pair +
		"\r\n--fence\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n" + content + "\r\n--fence--\r\n"
	return w.post(target, body, header("Content-Type", "multipart/form-data; boundary=fence"))
}

// Proves: shopee/webchat-image, shopee/webchat-image-max, shopee/image-types
func TestAnImageIsUploadedAndSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked, nil)
	var got struct {
		URL, Thumbnail string
		Width          int    `json:"thumb_width"`
		Height         int    `json:"thumb_height"`
		Server         *int64 `json:"file_server_id"`
	}
	for _, target := range []string{"v1/images?_uid=&_v=2.9.0", "v1/mini/images", "v1.2/images?shop_id=151549728&biz_id=0", "coreapi/v1.2/images"} {
		w.upload(target, picture(t, 40, 20)).ok(t, &got)
		require.True(t, strings.HasPrefix(got.URL, base+"/file/"), got.URL)
		require.Equal(t, got.URL+"_tn", got.Thumbnail)
		require.Equal(t, []int{40, 20}, []int{got.Width, got.Height})
		require.NotNil(t, got.Server)
	}
	w.post(sendTarget, `{"to_id":231156449,"type":"image","content":{"url":"`+got.URL+`"}}`).ok(t, nil)
	content := w.history("")[0].Content
	require.Equal(t, got.URL, content["url"])
	require.Equal(t, got.Thumbnail, content["thumb_url"])
	require.InDelta(t, 40, content["thumb_width"], 0)

	w.upload("v1.2/images", "no picture").refused(t, 400, invalid, "image-types")
	w.post("v1.2/images", `{}`).refused(t, 400, invalid, "image-refused")
	w.upload("v1.2/images", picture(t, 1, 1)+strings.Repeat("x", 10<<20)).
		refused(t, 400, `{"error_code":"error_too_large","message":"file is too large"}`, "image-refused")
}

// Proves: shopee/webchat-fault-texts, shopee/webchat-wrong-verb, shopee/webchat-too-large, shopee/webchat-internal-error
// Proves: shopee/webchat-error-codes, shopee/webchat-unknown-path
func TestErrorsOfTheHouseAreWordedToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked, nil)
	c := w.get("v1.2/conversations").call
	for _, tt := range []struct {
		err    error
		status int
		body   string
	}{
		{marketplace.ErrNoRoute, 404, `{"error_code":"error_not_found","message":"not found"}`},
		{&marketplace.VerbError{Method: "PATCH"}, 405, `{"error_code":"error_method","message":"method not allowed"}`},
		{&marketplace.TooLargeError{Limit: 1}, 413, `{"error_code":"error_too_large","message":"request is too large"}`},
		{marketplace.ErrBody, 400, invalid},
		{&marketplace.FaultError{RateLimit: true}, 429, `{"error_code":"error_rate_limit","message":"Too many requests"}`},
		{&marketplace.FaultError{Status: 503}, 503, `{"error_code":"error_server","message":"Service Unavailable"}`},
		{&marketplace.FaultError{Status: 403, Message: "no"}, 403, `{"error_code":"user_is_forbidden","message":"no"}`},
		{image.ErrFormat, 500, `{"error_code":"error_server","message":"internal error"}`},
	} {
		answer := w.api.Error(c, tt.err)
		require.Equal(t, tt.status, answer.Status)
		require.JSONEq(t, tt.body, asJSON(t, answer.Body))
	}
}
