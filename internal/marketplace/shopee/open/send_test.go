package open

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

const buyer = 231156449

type sent struct {
	ID           string          `json:"message_id"`
	To           int64           `json:"to_id"`
	Type         string          `json:"message_type"`
	Content      json.RawMessage `json:"content"`
	Conversation json.Number     `json:"conversation_id"`
	Created      int64           `json:"created_timestamp"`
	Option       int             `json:"message_option"`
	About        json.RawMessage `json:"source_content"`
}

// send1 sends a text to the buyer that must be taken.
func (w *testWorld) send1(text string) sent {
	w.t.Helper()
	var out sent
	w.post(opSend, fmt.Sprintf(`{"to_id":%d,"message_type":"text","content":{"text":%q}}`, buyer, text)).requireOK(w.t, &out)
	return out
}

// Proves: shopee/send-reply, shopee/send-echo, shopee/content-other-keys, shopee/conversation-id-in-send, shopee/send-text
// Proves: shopee/json-under-any-type, shopee/unknown-parameters
func TestTheOfficialSampleIsSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, talk(1))
	const sample = `{"partner_id":7,"to_id":231156449,"message_type":"text","content":{"text":"Hi, guys!","sticker_id":"-",` +
		`"sticker_package_id":"-","image_url":"-","item_id":0,"order_sn":"-"}}`
	reply := w.post(opSend, sample, func(c *testCall) {
		c.before = func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }
	})
	newest := w.history().Messages[0]
	want := fmt.Sprintf(`{"message_id":"%s","to_id":231156449,"message_type":"text","content":{"text":"Hi, guys!"},"conversation_id":%s,`+
		`"created_timestamp":1790856000,"message_option":0}`, newest.ID, w.only().ID)
	require.Equal(t, want, string(reply.told(t).Response))
	require.Equal(t, "normal", newest.Status)
	require.Equal(t, "openapi", newest.Source)
	require.NotContains(t, reply.body, newest.RequestID, "a message has its own")

	w.set(today, "duplicate-24h", "off")
	again := w.post(opSend, sample)
	require.Equal(t, reply.body[:71], again.body[:71], "equal calls while the clock stands")
	require.NotEqual(t, newest.RequestID, w.history().Messages[0].RequestID)

	w.set(today, switchSendID, "string")
	reply = w.post(opSend, `{"to_id":"231156449","message_type":"text","content":{"text":"again"}}`)
	require.Contains(t, reply.body, `"conversation_id":"`+w.only().ID+`"`)
}

// Each body spoils what the ones below it spoil too.
// Proves: shopee/send-order-of-checks, shopee/send-to-id, shopee/send-content-object, shopee/send-unknown-user
// Proves: shopee/send-to-id-name, shopee/message-type-check, shopee/message-type-unknown, shopee/send-content-missing
// Proves: shopee/body-not-json, shopee/send-affiliate, shopee/chat-error-texts
func TestOrderOfTheChecksOfASend(t *testing.T) {
	t.Parallel()
	w := newWorld(t, talk(1))
	for _, tt := range []struct{ body, code string }{
		{``, codeChatParam},
		{`{"to_id":231156449`, codeChatParam},
		{`[]`, codeChatParam},
		{`null`, codeChatParam},
		{"{\"to_id\":\"\xff\"}", codeChatParam},
		{`{}`, codeNoRecipient},
		{`{"toId":231156449,"content":[]}`, codeNoRecipient},
		{`{"to_id":null,"content":[]}`, codeNoRecipient},
		{`{"to_id":0,"content":[]}`, codeNoRecipient},
		{`{"to_id":1.5,"content":[]}`, codeNoRecipient},
		{`{"to_id":{},"content":[]}`, codeNoRecipient},
		{`{"to_id":17,"message_type":"x"}`, codeChatParam},
		{`{"to_id":17,"message_type":"x","content":null}`, codeChatParam},
		{`{"to_id":17,"message_type":"x","content":"hello"}`, codeChatParam},
		{`{"to_id":17,"message_type":"x","content":{}}`, shop.CodeForbidden},
		{`{"to_id":9223372036854775807,"message_type":"text","content":{}}`, shop.CodeForbidden},
		{`{"to_id":231156449,"message_type":"x","content":{}}`, shop.CodeParam},
		{`{"to_id":231156449,"message_type":7,"content":{}}`, shop.CodeParam},
		{`{"to_id":231156449,"message_type":"text","content":{"text":""}}`, codeChatParam},
		{`{"to_id":231156449,"message_type":"text","content":{"text":7}}`, codeChatParam},
		{`{"to_id":231156449,"message_type":"item","content":{"item_id":0}}`, codeChatParam},
		{`{"to_id":231156449,"message_type":"image","content":{"image_url":""}}`, codeChatParam},
		{`{"to_id":231156449,"message_type":"image","content":{"image_url":"https://example.test/a.png"}}`, codeChatParam},
		{`{"to_id":231156449,"message_type":"sticker","content":{"sticker_id":"1"}}`, codeChatParam},
		{`{"to_id":231156449,"message_type":"order","content":{"order_sn":"nobody"}}`, codeChatParam},
		{`{"to_id":231156449,"message_type":"voucher","content":{}}`, codeChatParam},
		{`{"to_id":231156449,"message_type":"video","content":{}}`, codeChatParam},
		{`{"to_id":231156449,"message_type":"text","content":{"text":"x"},"business_type":11}`, codeChatParam},
		{`{"to_id":231156449,"message_type":"text","content":{"text":"x"},"business_type":5}`, codeChatParam},
	} {
		reply := w.post(opSend, tt.body)
		require.Equal(t, http.StatusOK, reply.status, tt.body)
		require.Equal(t, tt.code, reply.told(t).Error, tt.body)
	}
	require.Equal(t, 1, w.only().Messages, "nothing was sent")
}

// Proves: shopee/send-sticker, shopee/send-item, shopee/send-order, shopee/send-voucher, shopee/order-echo, shopee/post-ids
// Proves: shopee/send-image, shopee/upload-image, shopee/image-url-origin
func TestTypesThatAreSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	var up uploadedImage
	w.upload(opUploadImage, "a.png", png).requireOK(t, &up)
	its := strconv.FormatInt(w.first().ID, 10)
	for _, tt := range []struct{ kind, content, echo string }{
		{"sticker", `{"text":"-","sticker_id":"0008","sticker_package_id":"p"}`, `{"sticker_id":"0008","sticker_package_id":"p"}`},
		{"item", `{"item_id":"9007199254740993"}`, `{"shop_id":` + its + `,"item_id":9007199254740993}`},
		{"order", `{"order_sn":"260918KJ7XN2PQ"}`, `{"shop_id":` + its + `,"order_sn":"260918KJ7XN2PQ"}`},
		{"voucher", `{"voucher_id":5,"voucher_code":"TEA"}`, `{"voucher_id":5,"voucher_code":"TEA"}`},
		{
			"image", `{"image_url":"` + up.URL + `"}`,
			fmt.Sprintf(`{"url":%q,"thumb_url":%q,"thumb_width":1,"thumb_height":1,"file_server_id":0,"image_url":%q}`, up.URL, up.Thumbnail, up.URL),
		},
	} {
		var out sent
		w.post(opSend, fmt.Sprintf(`{"to_id":%d,"message_type":%q,"content":%s}`, buyer, tt.kind, tt.content)).requireOK(t, &out)
		require.Equal(t, tt.echo, string(out.Content))
		require.Equal(t, tt.kind, out.Type)
		require.Equal(t, tt.echo, w.history().texts()[0], "it reads as it was echoed")
	}
}

// Proves: shopee/autoreply, shopee/five-limit-automatic
func TestAutomaticReplies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, talk(1))
	for i := range 7 {
		var out sent
		w.post(opAutoReply, fmt.Sprintf(`{"to_id":%d,"content":{"text":"We are closed %d"}}`, buyer, i)).requireOK(t, &out)
		require.JSONEq(t, `{}`, string(out.About))
		require.Equal(t, "text", out.Type)
	}
	require.Equal(t, "auto_reply", w.history().Messages[0].Status)
	w.post(opAutoReply, `{"to_id":231156449}`).requireError(t, 200, codeChatParam, "")
	w.post(opAutoReply, `{"content":{}}`).requireError(t, 200, codeNoRecipient, "")
	w.post(opAutoReply, `{"to_id":231156449,"content":{"sticker_id":"1"}}`).requireError(t, 200, codeChatParam, "")
}

// Proves: shopee/first-chat, shopee/first-chat-ways
func TestAFirstMessageNamesAnOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, strings.Split(asked, "chats:")[0])
	text := fmt.Sprintf(`{"to_id":%d,"message_type":"text","content":{"text":"hello"}`, buyer)
	w.post(opSend, text+`}`).requireError(t, 200, "first_chat_without_order_info",
		"If user send message from Open API, must satisfy the following conditions: If 2 users have no existing conversation, "+
			"the message must contain order information between 2 users.")
	w.post(opSend, text+`,"source_content":{"order_sn":"260918KJ7XN2PQ"}}`).requireOK(t, nil)
	require.JSONEq(t, `{"order_sn":"260918KJ7XN2PQ"}`, string(w.history().Messages[0].About))
}

// Proves: shopee/five-limit, shopee/duplicate-24h, shopee/text-600, shopee/censor, shopee/errors-inside-200
func TestRulesSpeakThroughTheEnvelope(t *testing.T) {
	t.Parallel()
	w := newWorld(t, talk(1))
	refused := func(text, code string) {
		t.Helper()
		w.post(opSend, fmt.Sprintf(`{"to_id":%d,"message_type":"text","content":{"text":%q}}`, buyer, text)).requireError(t, 200, code, "")
	}
	refused(strings.Repeat("ы", 601), shop.CodeTooLong)
	refused("write to my WhatsApp", shop.CodeCensored)
	w.send1("same")
	refused("same", shop.CodeBusiness)
	for range 3 {
		w.send1(strconv.Itoa(w.only().Messages))
	}
	w.post(opSend, `{"to_id":231156449,"message_type":"text","content":{"text":"one more, to be sure"}}`)
	refused("a sixth", shop.CodeFive)
}

// Proves: shopee/sends-per-second, shopee/sends-per-day
func TestLimitsOfSends(t *testing.T) {
	t.Parallel()
	w := newWorld(t, strings.Replace(talk(1), "region: ID", "region: BR", 1), "five-limit", "off")
	two := 2
	require.NoError(t, w.Limits.Adjust(limitSends, limit.Change{Max: &two}))
	w.send1("1")
	w.post(opSend, `{"to_id":17,"message_type":"text","content":{"text":"x"}}`).requireError(t, 200, shop.CodeForbidden, "")
	w.send1("2")
	send := func(text string) testReply {
		return w.post(opSend, `{"to_id":231156449,"message_type":"text","content":{"text":"`+text+`"}}`)
	}
	send("3").requireError(t, 200, "exceed_send_limitaion", "")
	w.advance(1e9)
	require.NoError(t, w.Limits.Adjust(limitSendsDaily, limit.Change{Max: &two}))
	send("3").requireError(t, 403, "error_limit", "")
	seller := w.Store.Sellers()[0]
	its := shop.ShopOf(seller)
	its.Region = "ID"
	_, err := w.Store.Apply(chat.If{}, chat.SellerChanged{At: noon, ID: seller.ID, Ext: its})
	require.NoError(t, err)
	w.send1("3")
}
