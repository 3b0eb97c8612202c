package shopee_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace/markettest"
	"example.com/marketmock/internal/marketplace/shopee"
	"example.com/marketmock/internal/marketplace/shopee/webchat"
)

const webchatAPI = "/webchat/api/"

func TestWebchatConformance(t *testing.T) {
	t.Parallel()
	visitor := &webchatVisitor{}
	markettest.Run(t, markettest.Config{
		Emulator: shopee.New(), LimitStatus: http.StatusTooManyRequests,
		Operations: func(id string) bool { return webchat.Operations()[id].Run != nil },
		Sign:       visitor.sign, Calls: visitor.calls, Receiver: func(http.ResponseWriter, *http.Request) {},
		Texts: webchatTexts, Page: webchatPage, Stable: webchatStable,
		Send: func(at markettest.Place, text string) markettest.Call {
			return webchatCall("sendMessage", "POST", "v1.2/messages", `{"to_id":%s,"type":"text","content":{"text":%q}}`, at.Buyer, text)
		},
		History: func(at markettest.Place) markettest.Call {
			return webchatCall("getMessages", "GET", "v1.2/conversations/"+at.Chat+"/messages?limit=100", "")
		},
		List: func(cursor string) markettest.Call {
			return webchatCall("listConversations", "GET", "v1.2/conversations?direction=older&next_timestamp_nano="+cursor, "")
		},
	})
}

// Who logs in by a user name says only there which sandbox is meant.
// Proves: shopee/credential
func TestALoginByUserNameReachesItsSandbox(t *testing.T) {
	t.Parallel()
	h := markettest.Start(t, markettest.Config{Emulator: shopee.New(), Sign: (&webchatVisitor{}).sign})
	for range 2 {
		w := h.World(t, nil)
		keys := keysOf(w.Credentials)
		w.Base = h.URL
		reply, err := w.Try(webchatCall("createSession", "POST", "v1/sessions",
			`{"username":%q,"password":%q,"device_id":"d"}`, keys.Username, keys.Password), nil)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, reply.Status, string(reply.Body))
		var session struct{ Token string }
		require.NoError(t, json.Unmarshal(reply.Body, &session))
		require.Equal(t, keys.Token, session.Token)
	}
}

func webchatCall(operation, method, path, body string, args ...any) markettest.Call {
	call := markettest.Call{Operation: operation, Method: method, Path: webchatAPI + path, Body: body}
	if len(args) > 0 {
		call.Body = fmt.Sprintf(body, args...)
	}
	return call
}

// webchatVisitor is a browser.
type webchatVisitor struct {
	ended sync.Map // tokens, behind the server they belong to, whose session it has ended
}

type webchatKeys struct {
	UserID   int64  `json:"user_id"`
	ShopID   int64  `json:"shop_id"`
	Token    string `json:"webchat_token"`
	Username string `json:"username"`
	Password string `json:"password"`
}

func keysOf(credentials json.RawMessage) webchatKeys {
	var keys webchatKeys
	_ = json.Unmarshal(credentials, &keys) // what is missing is refused by the server
	return keys
}

// sign puts token and cookie on a call. A session is ended once: the calls that
// follow would all be refused for the same reason.
func (v *webchatVisitor) sign(r *http.Request, credentials json.RawMessage, _ time.Time) {
	keys := keysOf(credentials)
	if strings.HasSuffix(r.URL.Path, "v1/session") {
		if _, again := v.ended.LoadOrStore(r.URL.Host+keys.Token, true); again {
			keys.Token = "ended"
		}
	}
	r.Header.Set("Authorization", "Bearer "+keys.Token)
	if r.Header.Get("Cookie") == "" {
		r.Header.Set("Cookie", fmt.Sprintf("SPC_U=%d", keys.UserID))
	}
}

// calls visits every operation.
func (v *webchatVisitor) calls(at markettest.Place, _ string, do func(markettest.Call) markettest.Reply) {
	keys := keysOf(at.Credentials)
	do(webchatCall("endSession", "GET", fmt.Sprintf("v1/session?_uid=0-%d", keys.UserID), ""))
	do(webchatCall("createSession", "POST", "v1/sessions?_v=2.8.0",
		`{"username":%q,"password":%q,"device_id":"d"}`, keys.Username, keys.Password))
	for operation, path := range map[string]string{"loginByCookie": "v1.1/login", "login": "v1.2/login", "coreLogin": "coreapi/v1.2/mini/login/sc"} {
		do(webchatCall(operation, "POST", path, ""))
	}
	v.lists(at, do)
	v.conversation(at, keys, do)
	v.settings(at, keys, do)
	do(webchatUpload(at))
}

// lists asks for conversations in every way.
func (v *webchatVisitor) lists(at markettest.Place, do func(markettest.Call) markettest.Reply) {
	do(webchatCall("listConversationsV1", "GET", "v1/conversations?next_timestamp=-1&direction=older", ""))
	do(webchatCall("listConversations", "GET", "v1.2/conversations?direction=older&unread_only=true&next_timestamp_nano=0", ""))
	do(webchatCall("queryConversations", "POST", "v1.2/conversations", `{"direction":"latest","next_timestamp_nano":"1","unread_only":false}`))
	do(webchatCall("listSubaccountConversations", "GET",
		"v1.2/mini/subaccount/conversations?direction=older&biz_id=2&last_message_region=&last_received_message_id="+at.Message, ""))
	const feed = `{"direction":"latest","biz_id":2,"on_message_received":true,"last_message_region":"SG","last_received_message_id":%q,"next_timestamp_nano":"0","type":"unread"}`
	do(webchatCall("listServingConversations", "POST", "v1.2/mini/subaccount/serving_mode/conversations", feed, at.Message))
	do(webchatCall("listServing", "POST", "v1.2/conversation/serving/list", feed, "1"))
	do(webchatCall("getServingAttributes", "GET", "v1.2/conversation/serving_mode/attr", ""))
	do(webchatCall("getUnreadCount", "GET", "v1/sc/messages/unread-count?SPC_CDS=&SPC_CDS_VER=2", ""))
	do(webchatCall("getMiniUnreadCount", "GET", "v1.1/mini/conversation/unread-count", ""))
	do(webchatCall("syncUser", "POST", "v1.2/user/sync?csrf_token=x", "{}"))
}

// conversation writes and changes one.
func (v *webchatVisitor) conversation(at markettest.Place, keys webchatKeys, do func(markettest.Call) markettest.Reply) {
	path := "v1.2/conversations/" + at.Chat
	for kind, content := range map[string]string{
		"text": `{"text":"Hello 👋","quoted_msg_id":"` + at.Message + `"}`, "image": `{"url":"https://cf.shopee.sg/file/abc"}`,
		"sticker": `{"sticker_id":"0008","sticker_package_id":"cat"}`, "product": `{"product_id":42,"shop_id":7,"product_name":"Tea"}`,
		"order": `{"order_sn":"` + at.Order + `"}`, "video": `{"video_url":"https://cf.shopee.sg/a.mp4"}`, "emoji_message": `{"emoji":["a"]}`,
	} {
		do(webchatCall("sendMessage", "POST", "v1.2/messages?_uid=0-1&_v=4.7.0",
			`{"request_id":"r","to_id":%s,"type":%q,"content":%s,"biz_id":0}`, at.Buyer, kind, content))
	}
	do(webchatCall("getMessages", "GET", path+"/messages?shop_id="+at.Seller+"&offset=0&limit=20&direction=older", ""))
	do(webchatCall("readConversation", "PUT", path+"/read", `{"last_read_message_id":%q,"shop_id":%d}`, at.Message, keys.ShopID))
	do(webchatCall("unreadConversation", "PUT", path+"/unread", `{"shop_id":%d}`, keys.ShopID))
	do(webchatCall("setConversationStatus", "PUT", path+"/status", `{"shop_id":%d,"status":"closed","biz_id":2}`, keys.ShopID))
	do(webchatCall("enterConversation", "POST", "v1.2/conversation/enter", `{"biz_id":0,"conversation_id":%q,"to_id":%s}`, at.Chat, at.Buyer))
	do(webchatCall("openConversation", "POST", "v1.2/conversation/open", `{"biz_id":0,"oppside_user_id":%s,"shop_id":%d,"conversation_id":%q}`,
		at.Buyer, keys.ShopID, at.Chat))
	do(webchatCall("getUser", "GET", "v1.2/users/"+at.Buyer, ""))
	do(webchatCall("getOrder", "GET", "v1.2/order/"+at.Order, ""))
	do(webchatCall("getProduct", "GET", "v1.2/products/42", ""))
}

// settings are the rest.
func (v *webchatVisitor) settings(at markettest.Place, keys webchatKeys, do func(markettest.Call) markettest.Reply) {
	for operation, path := range map[string]string{
		"getSettings": "v1.2/login", "getShortcuts": "v1.2/message_shortcuts/all_groups", "getUserSetting": "v1.2/user/setting",
		"getShopList": "v1.2/shop_list?ids=[" + at.Seller + "]", "getChatSetting": "workbenchapi/v1.2/sc/chat_setting",
		"getOfflineReply": "workbenchapi/v1.2/sc/offline_reply", "getShopSetting": "workbenchapi/v1.2/mini/shop/setting",
	} {
		do(webchatCall(operation, "GET", path, ""))
	}
	do(webchatCall("putChatSetting", "PUT", "workbenchapi/v1.2/sc/chat_setting", `{"autoreply_status":"enabled","autoreply_content":"hi"}`))
	do(webchatCall("putAutoReply", "PUT", "workbenchapi/v1.2/sc/auto_reply/shop?SPC_CDS=x", `{"shop_id":%d,"status":"enabled","content":"hi"}`, keys.ShopID))
}

func webchatUpload(at markettest.Place) markettest.Call {
	var picture bytes.Buffer
	_ = png.Encode(&picture, image.NewGray(image.Rect(0, 0, 2, 2))) // into memory
	call := webchatCall("uploadImage", "POST", "v1.2/images?shop_id="+at.Seller, "")
	call.Body = "--fence\r\n" +
		"Content-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n" + picture.String() + "\r\n--fence--\r\n"
	call.Header = map[string]string{"Content-Type": "multipart/form-data; boundary=fence"}
	return call
}

func webchatTexts(body []byte) ([]string, error) {
	var messages []struct {
		Content struct{ Text string }
	}
	err := json.Unmarshal(body, &messages)
	var list []string
	for _, m := range slices.Backward(messages) {
		list = append(list, m.Content.Text)
	}
	return list, err
}

func webchatPage(body []byte) (ids []string, next string, err error) {
	var rows []struct {
		ID   string
		Nano string `json:"last_message_time_nano"`
	}
	err = json.Unmarshal(body, &rows)
	for _, r := range rows {
		ids = append(ids, r.ID)
		if len(ids) == 50 {
			next = r.Nano
		}
	}
	return ids, next, err
}

// webchatStable is the buyer of a conversation.
func webchatStable(id string, credentials json.RawMessage) string {
	var n int64
	_, _ = fmt.Sscan(id, &n) // digits
	a, b := n>>32, n&(1<<32-1)
	if a == keysOf(credentials).UserID {
		return fmt.Sprint(b)
	}
	return fmt.Sprint(a)
}
