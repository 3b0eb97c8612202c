package webchat_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// message is what tests read of one.
type message struct {
	ID        string
	RequestID string `json:"request_id"`
	FromID    int64  `json:"from_id"`
	ToID      int64  `json:"to_id"`
	Type      string
	Status    string
	Source    string
	Option    int `json:"message_option"`
	Content   map[string]any
}

func (w *testWorld) history(query string) []message {
	w.t.Helper()
	var out []message
	w.get("v1.2/conversations/"+pair+"/messages"+query).ok(w.t, &out)
	return out
}

const options = `"chat_send_option":{"force_send_cancel_order_warning":false,"comply_cancel_order_warning":false}`

// Proves: shopee/webchat-send, shopee/webchat-send-echo, shopee/webchat-source-content, shopee/webchat-send-types
// Proves: shopee/webchat-content-types
func TestASendIsAnsweredAsTheRecordedOnes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, kind, content, echo string }{
		{"a text", "text", `{"text":"Hello <b>"}`, `{"text":"Hello <b>","product_ids":null}`},
		{
			"an image", "image", `{"url":"https://s-cf-tw.shopeesz.com/file/51d5cba8978d89fad19819fcfe781b68"}`,
			`{"url":"https://s-cf-tw.shopeesz.com/file/51d5cba8978d89fad19819fcfe781b68","product_ids":null}`,
		},
		{
			"a sticker", "sticker", `{"sticker_id":"0008","sticker_package_id":"xiaoxiaobian_tw_new"}`,
			`{"sticker_id":"0008","sticker_package_id":"xiaoxiaobian_tw_new","product_ids":null}`,
		},
		{
			"a product", "product", `{ "uid":"u-1", "product_id":9112503530,"shop_id":151549728,"product_name":"Teh" }`,
			`{"uid":"u-1","product_id":9112503530,"shop_id":151549728,"product_name":"Teh","product_ids":null}`,
		},
		{"an order", "order", `{"order_sn":"260918KJ7XN2PQ"}`, `{"order_sn":"260918KJ7XN2PQ","product_ids":null}`},
		{"a video", "video", `{"vid":"th-11110133-6v8gu-mrpkn7hlghzc35"}`, `{"vid":"th-11110133-6v8gu-mrpkn7hlghzc35","product_ids":null}`},
		{"an emoji", "emoji_message", `{"emoji":"x"}`, `{"emoji":"x","product_ids":null}`},
		{"product_ids is null whatever was sent", "text", `{"text":"a","product_ids":[1]}`, `{"text":"a","product_ids":null}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, taiwan, nil)
			got := w.post(sendTarget, `{"request_id":"46aa9165-cdad-4547-8f84-b553627321ba","to_id":231156449,"type":"`+tt.kind+
				`","content":`+tt.content+`,`+options+`}`).ok(t, nil)
			last := w.history("")[0]
			require.Equal(t, `{"id":"`+last.ID+`","request_id":"46aa9165-cdad-4547-8f84-b553627321ba","to_id":231156449,"type":"`+tt.kind+
				`","content":`+tt.echo+`,"conversation_id":"650908968319134433","created_timestamp":1790856000,`+
				`"created_at":"2026-10-01T20:00:00+08:00","source_content":{},"source_type":"","message_option":0}`, got.body)
			require.Equal(t, tt.kind, last.Type)
			require.Equal(t, int64(151551554), last.FromID)
			require.Equal(t, "46aa9165-cdad-4547-8f84-b553627321ba", last.RequestID)
			require.Equal(t, "new_webchat", last.Source)
			require.Equal(t, "normal", last.Status)
		})
	}
}

// Proves: shopee/webchat-content, shopee/webchat-order-content, shopee/webchat-image-fields, shopee/type-names
// Proves: shopee/webchat-types, shopee/webchat-quote
func TestContentIsReadByItsType(t *testing.T) {
	t.Parallel()
	w := newWorld(t, taiwan, nil)
	quoted := w.history("")[0].ID
	for _, tt := range []struct{ kind, sent, read string }{
		{"text", `{"text":"a","uid":"x"}`, `{"text":"a"}`},
		{"text", `{"text":"a","quoted_msg_id":"` + quoted + `"}`, `{"text":"a","quoted_msg_id":"` + quoted + `"}`},
		{
			"image", `{"url":"https://cf.shopee.tw/file/abc","uid":"u","thumb_url":"https://cf.shopee.tw/file/abc_tn","thumb_width":3,"thumb_height":4,"file_server_id":9}`,
			`{"uid":"u","url_hash":"abc","url":"https://cf.shopee.tw/file/abc","thumb_url":"https://cf.shopee.tw/file/abc_tn","thumb_width":3,"thumb_height":4,"file_server_id":9}`,
		},
		{"sticker", `{"sticker_id":"1","sticker_package_id":"p","format":"gif"}`, `{"sticker_id":"1","sticker_package_id":"p","format":"gif"}`},
		{"product", `{"product_id":"42"}`, `{"uid":"","product_id":42,"shop_id":151549728,"product_name":""}`},
		{"order", `{"order_sn":"X"}`, `{"order_sn":"X","shop_id":151549728}`},
		{"video", `{"video_url":"https://x/y.mp4"}`, `{"vid":"","video_url":"https://x/y.mp4"}`},
		{
			"video", `{"vid":"th-11110133-6v8gu-mrpkn7hlghzc35"}`,
			`{"vid":"th-11110133-6v8gu-mrpkn7hlghzc35","video_url":"` + base + `/api/v4/11110133/mms/th-11110133-6v8gu-mrpkn7hlghzc35.default.mp4"}`,
		},
		{"emoji_message", `{"a":{"b":[1]},"c":"é"}`, `{"a":{"b":[1]},"c":"é"}`},
		{"emoji_message", `{}`, `{}`},
	} {
		w.post("v1.1/mini/messages", `{"to_id":"231156449","type":"`+tt.kind+`","content":`+tt.sent+`}`).ok(t, nil)
		var out []struct {
			Type    string
			Content map[string]any
		}
		got := w.get("v1.2/conversations/"+pair+"/messages?limit=1").ok(t, &out)
		require.Equal(t, tt.kind, out[0].Type)
		require.Contains(t, got.body, `"content":`+tt.read+`,"conversation_id"`)
		require.Contains(t, w.get("v1.2/conversations").body, `"latest_message_content":`+tt.read+`,"latest_message_from_id":151551554`)
	}
}

// Proves: shopee/webchat-send-optional, shopee/webchat-send-extras, shopee/webchat-biz-id
func TestWhatLaterClientsAddIsOptional(t *testing.T) {
	t.Parallel()
	w := newWorld(t, taiwan, map[string]string{"webchat-send-extras": "2026"})
	got := w.post("v1.2/mini/messages?uuid=u&SPC_CDS_CHAT=x", `{"shop_id":151549728,"to_shop_id":231151763,"conversation_id":"650908968319134433",`+
		`"device_id":"d","to_id":231156449,"type":"text","content":{"text":"a","uid":"u"},"source":"minichat",`+
		`"entry_point":"direct_chat_entry_point","choice_info":{"real_shop_id":null},"biz_id":2,"source_content":[],"re_policy":{"dfp_access_f":"f"}}`).ok(t, nil)
	require.True(t, strings.HasSuffix(got.body, `"message_option":0,"to_id_status":"normal","msg_tag":0,"waring_tip_types":[]}`), got.body)
	var made message
	got.ok(t, &made)
	require.Len(t, made.RequestID, 36, "a request id of ours where there is none")
	require.Equal(t, "new_webchat", w.history("")[0].Source)
	stored, _ := w.Store.Messages(pair, chat.Range{Backward: true, Limit: 1})
	require.Zero(t, shop.MessageOf(stored[0]).Business)
}

// Proves: shopee/webchat-invalid, shopee/webchat-request-id-length
func TestASendThatCannotBeReadIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, taiwan, nil)
	for _, body := range []string{
		``, `{}`, `[]`, `{"to_id":1}`, `{"to_id":"x","type":"text","content":{"text":"a"}}`, `{"to_id":231156449,"content":{"text":"a"}}`,
		`{"to_id":231156449,"type":"text"}`, `{"to_id":231156449,"type":"text","content":"a"}`, `{"to_id":231156449,"type":"text","content":{}}`,
		`{"to_id":231156449,"type":"text","content":{"text":""}}`, `{"to_id":231156449,"type":"text","content":{"text":7}}`,
		`{"to_id":231156449,"type":"item","content":{"item_id":7}}`, `{"to_id":231156449,"type":"image","content":{"image_url":"x"}}`,
		`{"to_id":231156449,"type":"product","content":{"product_id":"x"}}`, `{"to_id":231156449,"type":"video","content":{}}`,
		`{"to_id":231156449,"type":"sticker","content":{"sticker_id":"1"}}`, `{"to_id":-1,"type":"text","content":{"text":"a"}}`,
		`{"to_id":99999999999999999999,"type":"text","content":{"text":"a"}}`,
		`{"to_id":231156449,"type":"text","content":{"text":"a"},"request_id":"` + strings.Repeat("x", 256) + `"}`,
	} {
		got := w.post(sendTarget, body)
		require.Equal(t, 400, got.status, body)
		require.JSONEq(t, invalid, got.body)
	}
	require.Len(t, w.history(""), 1, "nothing was kept")
}

// Proves: shopee/webchat-send-rules
func TestAPersonInABrowserIsStoppedByFewRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
sellers: [{name: demo, shop_id: 151549728, user_id: 151551554, region: TW}]
buyers: [{id: "231156449"}, {id: "231156450"}, {id: "231156451", frozen: true}]
chats: [{buyer: "231156449", messages: [{text: hi, at: -90d}]}]
`, nil)
	text := func(to, text string) reply {
		return w.post(sendTarget, `{"to_id":`+to+`,"type":"text","content":{"text":"`+text+`"}}`)
	}
	for range 7 {
		text("231156449", strings.Repeat("長", 601)).ok(t, nil)
	}
	text("231156450", "we never spoke, and there is no order").ok(t, nil)
	require.Len(t, w.rows("v1.2/conversations"), 2)
	require.Equal(t, 403, text("231156451", "a").status, "a frozen user")
	require.Equal(t, 403, text("5", "a").status, "nobody")
	for _, block := range []func(*shop.Conversation){
		func(c *shop.Conversation) { c.BlockedByBuyer, c.BlockedByShop = true, false },
		func(c *shop.Conversation) { c.BlockedByBuyer, c.BlockedByShop = false, true },
	} {
		w.conversation(block)
		got := text("231156449", "a")
		require.Equal(t, 403, got.status)
		require.Contains(t, got.body, "block")
	}
}

// conversation changes what the recorded pair's conversation has beyond its
// parties.
func (w *testWorld) conversation(change func(*shop.Conversation)) {
	w.t.Helper()
	_, err := w.Store.Change(pair, func(ch chat.Chat) ([]chat.Event, error) {
		its := shop.ConversationOf(&ch)
		change(&its)
		return []chat.Event{chat.ChatChanged{At: w.Clock.Now(), ID: pair, Ext: its}}, nil
	})
	require.NoError(w.t, err)
}

// Proves: shopee/webchat-request-id-dedupe
func TestARequestIDThatComesAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, taiwan, nil)
	w.post(sendTarget, hello).ok(t, nil)
	w.post(sendTarget, hello).ok(t, nil)
	require.Len(t, w.history(""), 3, "makes another message")

	w.set(map[string]string{"webchat-request-id-dedupe": "on"})
	again := strings.Replace(hello, "46aa9165", "5b2e7d10", 1)
	first := w.post(sendTarget, again).ok(t, nil)
	require.NoError(t, w.Clock.Advance(t.Context(), time.Hour))
	require.Equal(t, first.body, w.post(sendTarget, again).ok(t, nil).body, "or the answer that it had")
	require.Len(t, w.history(""), 4)

	var group sync.WaitGroup
	for range 20 {
		group.Go(func() { w.post(sendTarget, strings.Replace(hello, "46aa9165", "0c11f3aa", 1)) })
	}
	group.Wait()
	require.Len(t, w.history(""), 5, "at the same time too")
}

// Proves: shopee/webchat-anti-fraud
func TestHeadersAgainstFraudMayBeWantedOfASend(t *testing.T) {
	t.Parallel()
	w := newWorld(t, taiwan, map[string]string{"webchat-anti-fraud": "require"})
	all := func(r *http.Request) {
		for _, name := range []string{"af-ac-enc-dat", "x-sz-sdk-version", "x-sap-ri", "x-sap-sec", "af-ac-enc-sz-token"} {
			r.Header.Set(name, "x")
		}
	}
	const refusal = `{"error_code":"error_anti_fraud","message":"request is not trusted"}`
	w.post(sendTarget, hello).refused(t, 403, refusal, "webchat-anti-fraud")
	w.post(sendTarget, hello, all).refused(t, 403, refusal, "webchat-anti-fraud")
	w.post(sendTarget, strings.TrimSuffix(hello, "}")+`,"re_policy":{"dfp_access_f":"x"}}`, all).ok(t, nil)
	w.get(historyTarget).ok(t, nil)
}

// Proves: shopee/webchat-history, shopee/webchat-history-end, shopee/webchat-history-limit-max
// Proves: shopee/webchat-history-limit-default, shopee/webchat-history-direction
func TestAHistoryPagesByOffsetAndLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, taiwan, nil)
	for range 129 {
		w.post(sendTarget, hello).ok(t, nil)
	}
	var all []message
	for offset := range 7 {
		page := w.history("?direction=older&limit=20&offset=" + shop.Key(int64(20*offset)))
		require.Len(t, page, map[bool]int{true: 10, false: 20}[offset == 6])
		all = append(all, page...)
	}
	for i := range all[1:] {
		require.Less(t, all[i+1].ID, all[i].ID)
	}
	require.Len(t, all, 130)
	require.Empty(t, w.history("?offset=130"))
	require.Len(t, w.history(""), 20)
	require.Len(t, w.history("?limit=500"), 100)
	require.Equal(t, w.history("?direction=older&limit=7"), w.history("?direction=latest&limit=7"))
	w.set(map[string]string{"webchat-history-limit-max": "50"})
	require.Len(t, w.history("?limit=100"), 50)
	for _, query := range []string{"limit=0", "limit=-1", "limit=x", "offset=-1", "offset=1.5", "direction=newer", "shop_id=x"} {
		w.get("v1.2/conversations/"+pair+"/messages?"+query).refused(t, 400, invalid, "webchat-invalid")
	}
	for _, id := range []string{"1", "0", "x", "99999999999999999999"} {
		w.get("v1.2/conversations/"+id+"/messages").refused(t, 400, noConversation, "webchat-invalid")
	}
}
