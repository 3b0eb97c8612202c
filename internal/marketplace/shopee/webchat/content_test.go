package webchat_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// Proves: shopee/webchat-send-echo, shopee/webchat-quote, shopee/webchat-types
func TestOfAFieldThatStandsTwiceTheLastCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, taiwan, nil)
	quoted := w.history("")[0].ID
	for _, tt := range []struct{ name, kind, sent, echo, read string }{
		{"a text", "text", `{"text":"y","text":"z"}`, `{"text":"z","product_ids":null}`, `{"text":"z"}`},
		{"deep inside", "emoji_message", `{"a":{"b":1,"c":[{"d":1,"d":2}],"b":3}}`, `{"a":{"b":3,"c":[{"d":2}]},"product_ids":null}`, `{"a":{"b":3,"c":[{"d":2}]}}`},
		{
			"a quote of a type that is kept whole", "emoji_message", `{"quoted_msg_id":"` + quoted + `","a":1}`,
			`{"quoted_msg_id":"` + quoted + `","a":1,"product_ids":null}`, `{"a":1,"quoted_msg_id":"` + quoted + `"}`,
		},
		{"a quote alone", "emoji_message", `{"quoted_msg_id":` + quoted + `}`, `{"quoted_msg_id":` + quoted + `,"product_ids":null}`, `{"quoted_msg_id":"` + quoted + `"}`},
		{
			"values of every kind, in their order", "emoji_message", `{"z":null,"product_ids":[1],"b":[true, false,-1.50e+3],"a":"\u00e9\n","n":9223372036854775808}`,
			`{"z":null,"b":[true,false,-1.50e+3],"a":"é\n","n":9223372036854775808,"product_ids":null}`,
			`{"z":null,"b":[true,false,-1.50e+3],"a":"é\n","n":9223372036854775808}`,
		},
	} {
		got := w.post(sendTarget, `{"to_id":231156449,"type":"`+tt.kind+`","content":`+tt.sent+`}`).ok(t, nil)
		require.Contains(t, got.body, `"content":`+tt.echo+`,"conversation_id"`, tt.name)
		require.Contains(t, w.get("v1.2/conversations/"+pair+"/messages?limit=1").ok(t, nil).body, `"content":`+tt.read+`,"conversation_id"`, tt.name)
	}
}

// Proves: shopee/webchat-shop-id, shopee/webchat-content
func TestAProductOfAnotherShopOfTheAccountIsThatShops(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked, nil)
	second := shop.Key(w.shop("second").ID)
	w.post(sendTarget, `{"to_id":231156449,"type":"product","content":{"product_id":7},"shop_id":`+second+`}`).ok(t, nil)
	rows := w.rows("v1.2/conversations?shop_id=" + second)
	require.Len(t, rows, 1)
	got := w.get("v1.2/conversations/"+rows[0].ID+"/messages").ok(t, nil)
	require.Contains(t, got.body, `"from_shop_id":`+second)
	require.Contains(t, got.body, `"content":{"uid":"","product_id":7,"shop_id":`+second+`,"product_name":""}`)
}

// Proves: shopee/webchat-invalid, shopee/webchat-send-types
func TestAContentThatSaysNothingIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, taiwan, nil)
	for _, tt := range []struct{ kind, content, pointer, why string }{
		{"text", `{}`, "/content/text", "content.text is missing"},
		{"text", `{"text":""}`, "/content/text", "content.text is empty"},
		{"text", `{"text":5}`, "/content/text", "content.text is not a text"},
		{"text", `"hi"`, "/content", "content is a text, not an object: was it encoded twice?"},
		{"text", `[]`, "/content", "content is not an object"},
		{"sticker", `{"sticker_id":"","sticker_package_id":"p"}`, "/content/sticker_id", "content.sticker_id is empty"},
		{"sticker", `{"sticker_id":"1","sticker_package_id":""}`, "/content/sticker_package_id", "content.sticker_package_id is empty"},
		{"image", `{"url":""}`, "/content/url", "content.url is empty"},
		{"image", `{"url":"javascript:alert(1)"}`, "/content/url", "content.url is not a link that begins with http:// or https://"},
		{"image", `{"url":"https://cf.shopee.tw/file/a","thumb_url":"a"}`, "/content/thumb_url", "content.thumb_url is not a link that begins with http:// or https://"},
		{"image", `{"url":"https://cf.shopee.tw/file/a","file_server_id":-1}`, "/content/file_server_id", "content.file_server_id is below 0"},
		{"image", `{"url":"https://cf.shopee.tw/file/a","file_server_id":"-9223372036854775808"}`, "/content/file_server_id", "content.file_server_id is below 0"},
		{"product", `{"product_id":7,"shop_id":-1}`, "/content/shop_id", "content.shop_id is below 0"},
		{"video", `{"video_url":"file:///etc"}`, "/content/video_url", "content.video_url is not a link that begins with http:// or https://"},
		{"video", `{"vid":"","video_url":""}`, "/content/vid", "content.vid is missing, and so is video_url"},
		{"order", `{"order_sn":""}`, "/content/order_sn", "content.order_sn is empty"},
		{"product", `{"product_id":0}`, "/content/product_id", "content.product_id is not above 0"},
		{"product", `{"product_id":"-7"}`, "/content/product_id", "content.product_id is not above 0"},
		{"product", `{"product_id":"x"}`, "/content/product_id", "content.product_id is not a whole number"},
		{"item", `{"item_id":7}`, "/type", `type is none that a browser sends: "text", "image", "sticker", "product", "order", "video" or "emoji_message"`},
	} {
		got := w.post(sendTarget, `{"to_id":231156449,"type":"`+tt.kind+`","content":`+tt.content+`}`)
		got.refused(t, 400, invalid, "webchat-invalid")
		require.Equal(t, tt.why, got.why(t).Text)
		require.Equal(t, tt.pointer, got.why(t).Pointer)
	}
	require.Len(t, w.history(""), 1, "nothing was kept")
	w.post(sendTarget, `{"to_id":231156449,"type":"image","content":{"url":"`+base+`/file/`+strings.Repeat("a", 32)+`"}}`).ok(t, nil)
}
