package shopee_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.com/marketmock/internal/marketplace/markettest"
	"example.com/marketmock/internal/marketplace/shopee"
	"example.com/marketmock/internal/marketplace/shopee/open"
	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/marketplace/shopee/sign"
)

const chatAPI = "/api/v2/sellerchat/"

func TestOpenPlatformConformance(t *testing.T) {
	t.Parallel()
	markettest.Run(t, markettest.Config{
		Emulator: shopee.New(), Pinned: true,
		Limit: "app-calls-per-minute", LimitStatus: http.StatusForbidden, Limited: limitedByApp, Elsewhere: []string{"sends-per-day"},
		Operations: func(id string) bool { return open.Operations()[id].Run != nil || shop.Operations()[id].Run != nil },
		Sign:       signOpen, Calls: openCalls, Receiver: func(http.ResponseWriter, *http.Request) {}, Refused: refusedByOpen,
		Texts: openTexts, Page: openPage, Stable: webchatStable,
		Send: func(at markettest.Place, text string) markettest.Call {
			return chatPost("send_message", `{"to_id":%s,"message_type":"text","content":{"text":%q}}`, at.Buyer, text)
		},
		History: func(at markettest.Place) markettest.Call {
			return chatGet("get_message", "conversation_id=%s&page_size=100", at.Chat)
		},
		List: func(cursor string) markettest.Call {
			return chatGet("get_conversation_list", "direction=older&type=all&page_size=25&next_timestamp_nano=%s", cursor)
		},
	})
}

func chatPost(name, body string, args ...any) markettest.Call {
	return markettest.Call{Operation: name, Path: chatAPI + name, Body: fmt.Sprintf(body, args...)}
}

func chatGet(name, query string, args ...any) markettest.Call {
	return markettest.Call{Operation: name, Method: http.MethodGet, Path: chatAPI + name + "?" + fmt.Sprintf(query, args...)}
}

func pushCall(name, method, body string) markettest.Call {
	return markettest.Call{Operation: name, Method: method, Path: "/api/v2/push/" + name, Body: body}
}

type openKeys struct {
	PartnerID    int64  `json:"partner_id"`
	PartnerKey   string `json:"partner_key"`
	ShopID       int64  `json:"shop_id"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
}

func openKeysOf(credentials json.RawMessage) openKeys {
	var keys openKeys
	_ = json.Unmarshal(credentials, &keys) // what is missing is refused by the server
	return keys
}

// signOpen signs a call as its path wants it: a shop's, an app's, or none.
func signOpen(r *http.Request, credentials json.RawMessage, now time.Time) {
	const root = "/api/v2/"
	_, rest, signed := strings.Cut(r.URL.EscapedPath(), root)
	if !signed {
		return
	}
	keys := openKeysOf(credentials)
	call := sign.Call{
		PartnerID: strconv.FormatInt(keys.PartnerID, 10), Path: root + rest, Timestamp: strconv.FormatInt(now.Unix(), 10),
	}
	added := "partner_id=" + call.PartnerID + "&timestamp=" + call.Timestamp
	if strings.HasPrefix(rest, "sellerchat/") {
		call.AccessToken, call.Owner = keys.AccessToken, strconv.FormatInt(keys.ShopID, 10)
		added += "&access_token=" + call.AccessToken + "&shop_id=" + call.Owner
	}
	if r.URL.RawQuery != "" {
		added = "&" + added
	}
	r.URL.RawQuery += added + "&sign=" + call.Sign(keys.PartnerKey)
}

// openEnvelope is what is read of an answer.
type openEnvelope struct {
	Error    string
	Response json.RawMessage
}

func envelopeOf(reply markettest.Reply) openEnvelope {
	var out openEnvelope
	_ = json.Unmarshal(reply.Body, &out) // a picture has no envelope
	return out
}

func refusedByOpen(reply markettest.Reply) bool {
	return reply.Status >= http.StatusBadRequest || envelopeOf(reply).Error != ""
}

func limitedByApp(reply markettest.Reply) bool {
	return slices.Contains([]string{"error_limit", "error_rate_limit", "exceed_send_limitaion"}, envelopeOf(reply).Error)
}

// openCalls visits every operation of the Open Platform and of the host of media.
func openCalls(at markettest.Place, receiver string, do func(markettest.Call) markettest.Reply) {
	keys := openKeysOf(at.Credentials)
	do(chatGet("get_conversation_list", "direction=latest&type=unread&page_size=10&next_timestamp_nano=0&business_type=0"))
	do(chatGet("get_one_conversation", "conversation_id=%s&business_type=0", at.Chat))
	do(chatGet("get_message", "conversation_id=%s&page_size=10&offset=", at.Chat))
	do(chatGet("get_unread_conversation_count", ""))
	do(chatGet("get_offer_toggle_status", ""))
	do(chatPost("set_offer_toggle_status", `{"make_offer_status":"enabled"}`))
	do(chatGet("get_csat_msg_details", "csat_result=Good&page_no=1&page_size=10"))
	openSends(at, do)
	for _, name := range []string{"pin", "unpin", "unread", "mute", "unmute"} {
		do(chatPost(name+"_conversation", `{"conversation_id":%s}`, at.Chat))
	}
	do(chatPost("read_conversation", `{"conversation_id":%q,"last_read_message_id":%q}`, at.Chat, at.Message))
	do(chatPost("delete_conversation", `{"conversation_id":%s}`, at.Chat))

	do(pushCall("set_app_push_config", "POST", fmt.Sprintf(
		`{"callback_url":%q,"set_push_config_on":[10],"set_push_config_off":[3],"blocked_shop_id_list":[1]}`, receiver)))
	do(pushCall("get_app_push_config", "GET", ""))
	do(pushCall("get_lost_push_message", "GET", ""))
	do(pushCall("confirm_consumed_lost_push_message", "POST", `{"last_message_id":1}`))

	back := do(markettest.Call{
		Operation: "auth_partner", Method: http.MethodGet, Path: "/api/v2/shop/auth_partner?redirect=https%3A%2F%2Fexample.test%2Fback",
	})
	to, _ := url.Parse(back.Header.Get("Location")) // of a refusal there is none
	do(markettest.Call{Operation: "get_access_token", Path: "/api/v2/auth/token/get", Body: fmt.Sprintf(
		`{"code":%q,"shop_id":%d,"partner_id":%d}`, to.Query().Get("code"), keys.ShopID, keys.PartnerID)})
	do(markettest.Call{Operation: "refresh_access_token", Path: "/api/v2/auth/access_token/get", Body: fmt.Sprintf(
		`{"refresh_token":%q,"shop_id":%d,"partner_id":%d}`, keys.RefreshToken, keys.ShopID, keys.PartnerID)})
}

// openSends uploads, sends and takes back.
func openSends(at markettest.Place, do func(markettest.Call) markettest.Reply) {
	var uploaded struct{ URL, VID string }
	form := webchatUpload(at)
	form.Operation, form.Path = "upload_image", chatAPI+"upload_image"
	_ = json.Unmarshal(envelopeOf(do(form)).Response, &uploaded) // of a refusal there is none
	if i := strings.Index(uploaded.URL, "/file/"); i >= 0 {
		do(markettest.Call{Operation: "downloadFile", Method: http.MethodGet, Path: uploaded.URL[i:]})
	}
	form.Operation, form.Path = "upload_video", chatAPI+"upload_video"
	_ = json.Unmarshal(envelopeOf(do(form)).Response, &uploaded)
	do(chatGet("get_video_upload_result", "vid=%s", uploaded.VID))
	do(markettest.Call{
		Operation: "downloadVideo", Method: http.MethodGet, Path: "/api/v4/11110133/mms/" + uploaded.VID + ".default.mp4",
	})

	for kind, content := range map[string]string{
		"text":  `{"text":"Hi, guys!","sticker_id":"-","sticker_package_id":"-","image_url":"-","item_id":0,"order_sn":"-"}`,
		"image": `{"image_url":"` + uploaded.URL + `"}`, "item": `{"item_id":9112503530}`, "order": `{"order_sn":"` + at.Order + `"}`,
	} {
		do(chatPost("send_message", `{"to_id":%s,"message_type":%q,"content":`+content+`,"business_type":0,"source_content":{"order_sn":%q}}`,
			at.Buyer, kind, at.Order))
	}
	do(chatPost("send_autoreply_message", `{"to_id":%s,"content":{"text":"We will be back soon"}}`, at.Buyer))
	var sent struct {
		ID string `json:"message_id"`
	}
	last := do(chatPost("send_message", `{"to_id":%s,"message_type":"text","content":{"text":"to be taken back"}}`, at.Buyer))
	_ = json.Unmarshal(envelopeOf(last).Response, &sent)
	do(chatPost("delete_message", `{"message_id":%q,"message_type":"text"}`, sent.ID))
}

func openTexts(body []byte) ([]string, error) {
	var history struct {
		Response struct {
			Messages []struct {
				Content struct{ Text string }
			}
		}
	}
	err := json.Unmarshal(body, &history)
	var list []string
	for _, m := range slices.Backward(history.Response.Messages) {
		list = append(list, m.Content.Text)
	}
	return list, err
}

func openPage(body []byte) (ids []string, next string, err error) {
	var list struct {
		Response struct {
			Page struct {
				More   bool
				Cursor struct {
					Nano string `json:"next_message_time_nano"`
				} `json:"next_cursor"`
			} `json:"page_result"`
			Conversations []struct {
				ID string `json:"conversation_id"`
			}
		}
	}
	err = json.Unmarshal(body, &list)
	for _, c := range list.Response.Conversations {
		ids = append(ids, c.ID)
	}
	if list.Response.Page.More {
		next = list.Response.Page.Cursor.Nano
	}
	return ids, next, err
}
