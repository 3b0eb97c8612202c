package open

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

type wireMessage struct {
	ID           string          `json:"message_id"`
	RequestID    string          `json:"request_id"`
	Type         string          `json:"message_type"`
	From         int64           `json:"from_id"`
	FromShop     int64           `json:"from_shop_id"`
	To           int64           `json:"to_id"`
	ToShop       int64           `json:"to_shop_id"`
	Conversation string          `json:"conversation_id"`
	Created      int64           `json:"created_timestamp"`
	Region       string          `json:"region"`
	Status       string          `json:"status"`
	Source       string          `json:"source"`
	Content      json.RawMessage `json:"content"`
	Option       int             `json:"message_option"`
	About        json.RawMessage `json:"source_content"`
	Quoted       json.RawMessage `json:"quoted_msg"`
	Business     int             `json:"business_type"`
}

type wireHistory struct {
	Messages []wireMessage `json:"messages"`
	Page     struct {
		Next *string `json:"next_offset"`
		Size int     `json:"page_size"`
	} `json:"page_result"`
}

// texts are what the messages say, as JSON.
func (h wireHistory) texts() []string {
	var out []string
	for _, m := range h.Messages {
		out = append(out, string(m.Content))
	}
	return out
}

// only is the one conversation of a world.
func (w *testWorld) only() chat.Chat {
	w.t.Helper()
	chats := w.Store.AllChats("", 2)
	require.Len(w.t, chats, 1)
	return chats[0]
}

func (w *testWorld) history(pairs ...string) wireHistory {
	w.t.Helper()
	var out wireHistory
	w.get(opHistory, append([]string{"conversation_id", w.Store.AllChats("", 1)[0].ID}, pairs...)...).requireOK(w.t, &out)
	require.Equal(w.t, len(out.Messages), out.Page.Size)
	return out
}

// talk is a conversation with n messages of the buyer, a minute apart.
func talk(n int) string {
	var out strings.Builder
	out.WriteString("sellers: [{name: demo, region: ID}]\nbuyers: [{id: 231156449, name: buyer_one, shop_id: 231151763}]\n" +
		"chats:\n  - buyer: 231156449\n    messages:\n")
	for i := range n {
		fmt.Fprintf(&out, "    - {text: \"%d\", at: -%dm}\n", i, n-i)
	}
	return out.String()
}

// Proves: shopee/history-newest-first, shopee/history-page-size, shopee/history-page-size-max, shopee/history-offset
// Proves: shopee/next-offset, shopee/next-offset-end, shopee/history-offset-bad
func TestPagesOfAHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t, talk(130))
	require.Len(t, w.history().Messages, 25)
	require.Len(t, w.history("page_size", "0", "offset", "0").Messages, 25)
	require.Len(t, w.history("page_size", "1000").Messages, 100)

	var seen []string
	offset := ""
	for range 3 {
		page := w.history("page_size", "50", "offset", offset)
		for _, m := range page.Messages {
			seen = append(seen, strings.Trim(string(m.Content), `{}":etx`))
		}
		offset = *page.Page.Next
		if offset != "" {
			require.Equal(t, page.Messages[len(page.Messages)-1].ID, offset)
		}
	}
	require.Empty(t, offset)
	require.Len(t, seen, 130)
	slices.Reverse(seen)
	for i, text := range seen {
		require.Equal(t, strconv.Itoa(i), text)
	}
	require.Empty(t, w.history("offset", "1").Messages, "a number of a page is an offset that nothing is before")
	w.get(opHistory, "conversation_id", w.only().ID, "offset", "x").requireError(t, 200, codeChatParam, "")

	w.set(today, switchOffsetEnd, "zero")
	require.Equal(t, "0", *w.history("page_size", "60", "offset", "1").Page.Next)
	w.set(today, switchOffsetEnd, "absent")
	require.Nil(t, w.history("offset", "1").Page.Next)
	require.NotNil(t, w.history().Page.Next)
}

// Proves: shopee/message-id-list
func TestMessagesByTheirIDs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, talk(5))
	id := w.only().ID
	all := w.history()
	w.get(opHistory, "conversation_id", id, "message_id_list", all.Messages[0].ID).requireError(t, 200, codeChatParam, "")
	w.set(today, switchIDList, "batch")
	got := w.history("message_id_list", all.Messages[3].ID, "message_id_list", all.Messages[1].ID,
		"message_id_list", all.Messages[1].ID, "message_id_list", "x", "message_id_list", "17")
	require.Equal(t, []string{`{"text":"3"}`, `{"text":"1"}`}, got.texts())
}

// Proves: shopee/unknown-conversation, shopee/param-error-or-error-param
func TestConversationsThatAShopDoesNotHave(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked+"  - {seller: second, buyer: 231156449, messages: [{text: hi, at: -1h}]}\n")
	foreign := shop.ConversationID(shop.ShopOf(w.Store.Sellers()[1]).UserID, 231156449)
	for _, operation := range []string{opHistory, opOne} {
		w.get(operation, "conversation_id", strconv.FormatInt(foreign, 10)).requireError(t, 200, codeData, "data not exist")
		w.get(operation, "conversation_id", "17").requireError(t, 200, codeData, "data not exist")
		for _, bad := range []string{"", "0", "x", "-1"} {
			w.get(operation, "conversation_id", bad).requireError(t, 200, codeChatParam, "")
		}
	}
	for _, operation := range []string{opDelete, opPin, opUnpin, opUnread, opMute, opUnmute} {
		w.post(operation, fmt.Sprintf(`{"conversation_id":%d}`, foreign)).requireError(t, 200, codeData, "data not exist")
		w.post(operation, `{}`).requireError(t, 200, codeChatParam, "Wrong parameters, detail: conversation_id is required.")
	}
}

// Proves: shopee/message-shape, shopee/times-in-seconds, shopee/quoted-message, shopee/source-content, shopee/both-sides-have-shops
func TestAMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, talk(1))
	its, ch := w.first(), w.only()
	id := strconv.FormatUint(ch.Last, 10)
	want := fmt.Sprintf(`{"messages":[{"message_id":"%s","request_id":"%s","message_type":"text","from_id":231156449,"from_shop_id":231151763,`+
		`"to_id":%d,"to_shop_id":%d,"conversation_id":"%s","created_timestamp":1790855940,"region":"ID","status":"normal","source":"android",`+
		`"content":{"text":"0"},"message_option":0,"source_content":{},"quoted_msg":null,"business_type":0}],`+
		`"page_result":{"next_offset":"","page_size":1}}`,
		id, w.history().Messages[0].RequestID, its.UserID, its.ID, ch.ID)
	reply := w.get(opHistory, "conversation_id", ch.ID)
	require.Equal(t, want, string(reply.told(t).Response))

	_, err := w.Store.Apply(chat.If{}, chat.MessagePosted{At: noon, Message: chat.Message{
		Chat: ch.ID, At: noon, From: chat.Author{Role: chat.RoleSeller, ID: ch.Seller},
		Ext: shop.Message{
			Type: shop.TypeItem, Content: shop.Content{Item: &shop.Item{ShopID: 1, ItemID: 2}}, Quoted: ch.Last,
			About: shop.About{OrderSN: "260918KJ7XN2PQ"}, Status: shop.StatusNormal, Source: shop.SourceOpenAPI, RequestID: "x",
		},
	}})
	require.NoError(t, err)
	newest := w.history().Messages[0]
	require.Equal(t, its.UserID, newest.From)
	require.Equal(t, int64(231151763), newest.ToShop)
	require.JSONEq(t, `{"message_id":"`+id+`"}`, string(newest.Quoted))
	require.JSONEq(t, `{"order_sn":"260918KJ7XN2PQ"}`, string(newest.About))

	w.set(today, switchReadIDs, "number")
	require.Contains(t, w.get(opHistory, "conversation_id", ch.ID).body, `{"message_id":`+newest.ID+`,`)
	require.Contains(t, w.get(opHistory, "conversation_id", ch.ID).body, `"conversation_id":`+ch.ID+`,`)
}

// Proves: shopee/message-types, shopee/image-content, shopee/sticker-content, shopee/item-content, shopee/video-content
// Proves: shopee/order-echo, shopee/bundle-message, shopee/faq-liveagent, shopee/send-voucher
func TestContentsOfMessages(t *testing.T) {
	t.Parallel()
	st := style{world: newWorld(t, talk(1)).World}
	for _, tt := range []struct {
		kind    string
		content shop.Content
		want    string
	}{
		{shop.TypeText, shop.Content{Text: "a\"b"}, `{"text":"a\"b"}`},
		{shop.TypeText, shop.Content{}, `{"text":""}`},
		{shop.TypeSticker, shop.Content{Sticker: &shop.Sticker{ID: "0008", Package: "p"}}, `{"sticker_id":"0008","sticker_package_id":"p"}`},
		{shop.TypeItem, shop.Content{Item: &shop.Item{ShopID: 9, ItemID: 8}}, `{"shop_id":9,"item_id":8}`},
		{shop.TypeOrder, shop.Content{OrderSN: "S"}, `{"shop_id":7,"order_sn":"S"}`},
		{shop.TypeVoucher, shop.Content{Voucher: &shop.Voucher{ID: 1, Code: "C"}}, `{"voucher_id":1,"voucher_code":"C"}`},
		{
			shop.TypeImage,
			shop.Content{Image: &shop.Image{URL: "/file/a", Thumb: "/file/a_tn", Width: 1, Height: 2}},
			`{"url":"http://127.0.0.1:8080/shopee/file/a","thumb_url":"http://127.0.0.1:8080/shopee/file/a_tn","thumb_width":1,"thumb_height":2,` +
				`"file_server_id":0,"image_url":"http://127.0.0.1:8080/shopee/file/a"}`,
		},
		{
			shop.TypeVideo,
			shop.Content{Video: &shop.Video{URL: "https://x/v", Thumb: "t", Width: 3, Height: 4, Seconds: 15}},
			`{"video_url":"https://x/v","thumb_url":"t","thumb_width":3,"thumb_height":4,"duration_seconds":15}`,
		},
		{shop.TypeBundle, shop.Content{Bundle: []uint64{2302748948493123953, 2}}, `{"messages":["2302748948493123953","2"]}`},
		{shop.TypeLiveAgent, shop.Content{FAQ: &shop.FAQ{Text: "x"}}, `{"text":"x","pass_through_data":""}`},
		{
			shop.TypeNotification,
			shop.Content{Notification: &shop.Notification{ForSender: "s", ForReceiver: "r", Type: "join"}},
			`{"notification_for_sender":"s","notification_for_receiver":"r","notification_type":"join"}`,
		},
		{"webview", shop.Content{Other: json.RawMessage(`{"a":1}`)}, `{"a":1}`},
		{"webview", shop.Content{}, `{}`},
	} {
		got := appendContent(nil, &shop.Message{Type: tt.kind, Content: tt.content}, st, 7)
		require.Equal(t, tt.want, string(got))
	}
}

// Proves: shopee/pin, shopee/mute, shopee/read, shopee/unread, shopee/unread-one, shopee/delete-conversation
// Proves: shopee/change-reply, shopee/post-ids
func TestChangesOfAConversation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, talk(3))
	id := w.only().ID
	messages := w.history().Messages
	change := func(operation, more string) {
		t.Helper()
		reply := w.post(operation, `{"conversation_id":`+id+more+`}`)
		reply.requireOK(t, nil)
		require.JSONEq(t, `{}`, string(reply.told(t).Response))
	}
	row := func() wireRow { return w.list().Rows[0] }
	require.Equal(t, 3, row().Unread)
	change(opPin, "")
	require.True(t, row().Pinned)
	change(opUnpin, "")
	require.False(t, row().Pinned)
	change(opMute, "")
	require.True(t, row().Mute)
	change(opUnmute, "")
	require.False(t, row().Mute)
	change(opRead, `,"last_read_message_id":"`+messages[1].ID+`"`)
	require.Equal(t, 1, row().Unread)
	require.Equal(t, messages[1].ID, row().LastRead)
	change(opRead, `,"last_read_message_id":`+messages[0].ID)
	require.Zero(t, row().Unread)
	change(opUnread, "")
	require.Equal(t, 1, row().Unread)
	w.post(opRead, `{"conversation_id":"`+id+`"}`).requireError(t, 200, codeChatParam, "")
	change(opDelete, "")
	require.Empty(t, w.list().Rows)
	w.get(opHistory, "conversation_id", id).requireError(t, 200, codeData, "")
}

// Proves: shopee/recall, shopee/recall-reply, shopee/recall-window, shopee/recall-refused, shopee/recalled-text
func TestRecall(t *testing.T) {
	t.Parallel()
	w := newWorld(t, talk(1))
	w.send1("first")
	w.send1("second")
	messages := w.history().Messages
	recall := func(i int) testReply {
		return w.post(opRecall, `{"message_id":"`+messages[i].ID+`","message_type":"text"}`)
	}
	recall(0).requireOK(t, nil)
	require.JSONEq(t, `{"text":"This message was deleted"}`, w.history().texts()[0])
	require.Equal(t, "This message was deleted", w.list().Rows[0].Content.Text)
	w.advance(11 * time.Minute)
	recall(1).requireError(t, 200, shop.CodeBusiness, "")
	recall(2).requireError(t, 200, shop.CodeBusiness, "")
	w.post(opRecall, `{"message_id":17}`).requireError(t, 200, codeChatParam, "")
	w.post(opRecall, `{"message_type":"text"}`).requireError(t, 200, codeChatParam, "")
}
