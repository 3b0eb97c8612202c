package webchat_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// recorded is the published history of two messages, with other names and another
// text.
const recorded = `[{"id":"2055922584234983609","shop_id":0,"request_id":"b371fb6a-9d78-412a-bbbd-264c1b2776f3",` +
	`"from_id":151551554,"to_id":231156449,"from_shop_id":151549728,"to_shop_id":231151763,"from_user_name":"shop_one",` +
	`"to_user_name":"shop_two","seller_uid":0,"type":"notification","custom_preview_text":{"text":"","translated_text":null},` +
	`"content":{"notification_for_sender":"對話已自動關閉。","notification_for_receiver":"您好,沒有收到您的回覆,此對話將自動結束。",` +
	`"notification_type":"join"},"conversation_id":"650908968319134433","source_type":"","source_content":null,` +
	`"created_timestamp":1608348739,"country":"TW","created_at":"2020-12-19T11:32:19+08:00","status":"normal",` +
	`"message_option":448,"source":"new_webchat","crm_activity_id":""},` +
	`{"id":"2054655819613847745","shop_id":0,"request_id":"chat-distribution-YPFxtr7upp","from_id":231156449,"to_id":151551554,` +
	`"from_shop_id":231151763,"to_shop_id":151549728,"from_user_name":"shop_two","to_user_name":"shop_one","seller_uid":0,` +
	`"type":"text","custom_preview_text":{"text":"","translated_text":null},"content":{"text":"歡迎!\n☛ 1-2天 <出貨> & \"好\""},` +
	`"conversation_id":"650908968319134433","source_type":"","source_content":null,"created_timestamp":1607744699,` +
	`"country":"TW","created_at":"2020-12-12T11:44:59+08:00","status":"auto_reply","message_option":129,` +
	`"source":"new_webchat","crm_activity_id":""}]`

// rowOf is the conversation of that history, with the time of its last message.
func rowOf(nano string) string { return strings.ReplaceAll(recordedRow, "NANO", nano) }

const recordedRow = `[{"id":"650908968319134433","to_id":231156449,"to_name":"shop_two","to_avatar":"","shop_id":151549728,` +
	`"to_shop_id":231151763,"status":"activated","unread_count":0,"pinned":false,"last_read_message_id":"2054655819613847745",` +
	`"latest_message_id":"2055922584234983609","latest_message_type":"notification","latest_message_content":{` +
	`"notification_for_sender":"對話已自動關閉。","notification_for_receiver":"您好,沒有收到您的回覆,此對話將自動結束。","notification_type":"join"},` +
	`"latest_message_from_id":151551554,"last_message_time":"2020-12-19T11:32:19+08:00",` +
	`"last_message_time_nano":"NANO","next_timestamp":1608348739,"next_timestamp_nano":NANO,` +
	`"flag":"","auto_translation":false`

const pair = "650908968319134433"

// recordedWorld holds the messages of the published history.
func recordedWorld(t *testing.T, set map[string]string) *testWorld {
	w := newWorld(t, `
sellers: [{name: demo, shop_id: 151549728, user_id: 151551554, region: TW, username: shop_one}]
buyers: [{id: "231156449", name: shop_two, shop_id: 231151763}]
`, set)
	first, second := time.Unix(1607744699, 410e6), time.Unix(1608348739, 852e6)
	w.apply(
		chat.ChatOpened{At: first, Chat: chat.Chat{ID: pair, Seller: "151549728", Buyer: "231156449", Ext: shop.Conversation{}}},
		chat.MessagePosted{At: first, Message: chat.Message{
			Chat: pair, ID: 2054655819613847745, From: chat.Author{Role: chat.RoleBuyer, ID: "231156449"},
			Ext: shop.Message{
				Type: "text", Content: shop.Content{Text: "歡迎!\n☛ 1-2天 <出貨> & \"好\""}, Status: "auto_reply", Source: "new_webchat",
				Option: 129, RequestID: "chat-distribution-YPFxtr7upp", About: shop.About{ItemID: 7},
			},
		}},
		chat.ChatRead{At: first, Chat: pair, By: chat.Author{Role: chat.RoleSeller, ID: "151549728"}, UpTo: 2054655819613847745},
		chat.MessagePosted{At: second, Message: chat.Message{
			Chat: pair, ID: 2055922584234983609, From: chat.Author{Role: chat.RoleMarketplace, ID: "shopee"},
			Ext: shop.Message{
				Type: "notification", Status: "normal", Source: "new_webchat", Option: 448, RequestID: "b371fb6a-9d78-412a-bbbd-264c1b2776f3",
				Content: shop.Content{Notification: &shop.Notification{
					ForSender: "對話已自動關閉。", ForReceiver: "您好,沒有收到您的回覆,此對話將自動結束。", Type: "join",
				}},
			},
		}},
	)
	return w
}

// nano is the time of the recorded pair's conversation in lists.
func (w *testWorld) nano() string {
	w.t.Helper()
	ch, found := w.Store.Chat(pair)
	require.True(w.t, found)
	nano := shop.Key(shop.Moment(&ch))
	require.True(w.t, strings.HasPrefix(nano, "1608348739852"), nano)
	return nano
}

// Proves: shopee/webchat-history, shopee/webchat-message, shopee/webchat-source-content, shopee/webchat-created-at
// Proves: shopee/webchat-preview, shopee/webchat-notification, shopee/webchat-auto-reply, shopee/webchat-bare
func TestAHistoryIsTheRecordedOneByteForByte(t *testing.T) {
	t.Parallel()
	w := recordedWorld(t, nil)
	got := w.get("v1.2/conversations/" + pair + "/messages?shop_id=151549728&offset=0&limit=20&direction=older&_s=4&_uid=0-151551554&_v=4.7.0")
	require.Equal(t, recorded, got.ok(t, nil).body)
	require.Equal(t, recorded, w.get("v1.2/mini/conversations/"+pair+"/messages").body)
	require.Equal(t, "[]", w.get("v1.2/conversations/"+pair+"/messages?offset=2").body)
}

// Proves: shopee/webchat-row, shopee/webchat-row-later, shopee/webchat-statuses, shopee/webchat-bare
func TestAConversationHasIDsAsStringsAndNumbersAsNumbers(t *testing.T) {
	t.Parallel()
	w := recordedWorld(t, nil)
	const later = `,"last_message_region":"TW","biz_id":0,"last_message_option":448}]`
	row := rowOf(w.nano())
	require.Equal(t, row+"}]", w.get("v1.2/conversations?direction=older").ok(t, nil).body)
	require.Equal(t, row+"}]", w.get("v1/conversations?next_timestamp=-1&direction=older").ok(t, nil).body)
	require.Equal(t, row+later, w.post("v1.2/conversations", `{"direction":"older"}`).ok(t, nil).body)
	require.Equal(t, row+later, w.get("v1.2/mini/subaccount/conversations?direction=older&biz_id=2").ok(t, nil).body)
	require.Equal(t, `{"conversations":`+row+later+`,"attributions":{},"ShopIds":[151549728]}`,
		w.post("v1.2/subaccount/serving_mode/conversations", `{"direction":"older","next_timestamp_nano":"0"}`).ok(t, nil).body)
}

// Proves: shopee/id-epoch
func TestIDsOfTheTestEnvironmentAreThoseOfItsEpoch(t *testing.T) {
	t.Parallel()
	w := recordedWorld(t, map[string]string{"id-epoch": "test"})
	shown := strconv.FormatUint(shop.Epoch("test").Shown(2055922584234983609), 10)
	rows := w.rows("v1.2/conversations?direction=older")
	require.Equal(t, shown, rows[0].Latest)
	require.Equal(t, w.nano(), rows[0].Nano)
	var page struct{ Conversations []row }
	w.post("v1.2/subaccount/serving_mode/conversations", `{"last_received_message_id":"`+shown+`"}`).ok(t, &page)
	require.Empty(t, page.Conversations)
	require.Equal(t, 204, w.put("v1.2/conversations/"+pair+"/read", `{"last_read_message_id":"`+shown+`","shop_id":151549728}`).status)
	require.Equal(t, shown, w.rows("v1.2/conversations")[0].ReadUpTo)
}

// Proves: shopee/webchat-row-empty, shopee/empty-conversation-order
func TestAConversationWithoutMessagesSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `
sellers: [{name: demo, region: BR}]
chats: [{buyer: "231156449", opened: -1h}]
`, nil)
	rows := w.rows("v1.2/conversations?direction=older")
	require.Len(t, rows, 1)
	require.Empty(t, rows[0].Latest)
	require.Empty(t, rows[0].Type)
	require.Zero(t, rows[0].From)
	require.JSONEq(t, `{}`, string(rows[0].LatestMsg))
	require.Equal(t, "2026-10-01T08:00:00-03:00", rows[0].LastTime)
	require.Empty(t, w.rows("v1.2/mini/subaccount/conversations?direction=older"))
}

// Proves: shopee/webchat-created-at, shopee/regions
func TestTimesHaveTheOffsetOfTheRegion(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"SG": "2026-10-01T19:00:00+08:00", "ID": "2026-10-01T18:00:00+07:00", "VN": "2026-10-01T18:00:00+07:00", "BR": "2026-10-01T08:00:00-03:00",
	} {
		w := newWorld(t, "sellers: [{name: demo, region: "+region+"}]\nchats: [{buyer: \"231156449\", messages: [{text: hi, at: -1h}]}]\n", nil)
		require.Equal(t, want, w.rows("v1.2/conversations")[0].LastTime)
	}
}
