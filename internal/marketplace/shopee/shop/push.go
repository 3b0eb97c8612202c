package shop

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/sign"
	"example.com/marketmock/internal/plainjson"
	"example.com/marketmock/internal/push"
)

// SpecPush is the document of pushes.
const SpecPush = "shopee-push"

// PushOverlays are what changes it.
var PushOverlays = marketplace.Overlays{Switches: map[string][]string{
	switchPushSubAccountName: {"string"},
	switchPushMsgID:          {msgIDNull, msgIDAbsent},
}}

// PushWebchat is the code of pushes about chats. Claim shopee/push-codes.
const PushWebchat = 10

// Types of pushes about chats, as data tells them; and the test push.
const (
	pushMessage      = "message"
	pushNotification = "notification"
	pushTest         = "test"
)

var pushEvents = []string{pushMessage, pushNotification}

// Notified are the types of pushes about chats.
func Notified() []string { return slices.Clone(pushEvents) }

// pushBody is a push. Claims shopee/push-envelope, shopee/push-shop-id.
type pushBody struct {
	MsgID     json.RawMessage `json:"msg_id,omitempty"` // claim shopee/push-msg-id
	Data      pushData        `json:"data"`
	ShopID    int64           `json:"shop_id"`
	Code      int             `json:"code"`
	Timestamp int64           `json:"timestamp"`
}

type pushData struct {
	Type    string `json:"type"`
	Region  string `json:"region"` // claim shopee/push-region
	Content any    `json:"content"`
}

// pushedMessage is what a push tells of a message. Claims shopee/push-message,
// shopee/push-quoted, shopee/push-chatbot.
type pushedMessage struct {
	MessageID      string          `json:"message_id"`
	ShopID         int64           `json:"shop_id"`
	RequestID      string          `json:"request_id"`
	FromID         int64           `json:"from_id"`
	FromUserName   string          `json:"from_user_name"`
	ToID           int64           `json:"to_id"`
	ToUserName     string          `json:"to_user_name"`
	Type           string          `json:"message_type"`
	Content        any             `json:"content"`
	ConversationID string          `json:"conversation_id"`
	Created        int64           `json:"created_timestamp"`
	Region         string          `json:"region"`
	InChatbot      bool            `json:"is_in_chatbot_session"`
	Source         About           `json:"source_content"`
	Quoted         pushedQuote     `json:"quoted_msg"`
	SubAccountID   int64           `json:"sub_account_id"`
	SubAccountName json.RawMessage `json:"sub_account_name"` // claim shopee/push-sub-account-name
	*pushedMore
}

// pushedMore are fields that are documented and stand in no sample. Claim
// shopee/push-fields.
type pushedMore struct {
	Business   int    `json:"business_type"`
	ToShopID   int64  `json:"to_shop_id"`
	FromShopID int64  `json:"from_shop_id"`
	Status     string `json:"status"`
}

type pushedQuote struct {
	MessageID string `json:"message_id"`
}

// pushedReply is mark_as_replied. Claims shopee/push-notification,
// shopee/push-mark-as-replied.
type pushedReply struct {
	UserID         int64            `json:"user_id"`
	ConversationID string           `json:"conversation_id"`
	Type           string           `json:"type"`
	Content        pushedReplyAbout `json:"content"`
	Timestamp      int64            `json:"timestamp"`
	MsgID          int64            `json:"msg_id"`
	BizID          int              `json:"biz_id"`
	FromID         int64            `json:"from_id"`
}

type pushedReplyAbout struct {
	ConversationID string `json:"conversation_id"`
}

// Notifications turns a message into pushes to the app of its shop. Claims
// shopee/push-per-app, shopee/push-own-messages, shopee/push-own-messages-app,
// shopee/push-app-answers, shopee/push-offwork, shopee/push-automatic.
func Notifications(w *marketplace.World, e chat.Applied) []push.Notification {
	posted, ok := e.Event.(chat.MessagePosted)
	if !ok {
		return nil
	}
	ch, found := w.Store.Chat(posted.Message.Chat)
	if !found {
		return nil
	}
	seller, _ := w.Store.Seller(ch.Seller)
	p := pusher{world: w, settings: w.Config().Settings, chat: ch, shop: ShopOf(seller), message: posted.Message}
	hooks := p.hooks()
	if len(hooks) == 0 {
		return nil
	}
	var out []push.Notification
	if p.replied() {
		out = append(out, p.to(hooks, pushNotification, p.reply())...)
	}
	if p.told() {
		out = append(out, p.to(hooks, pushMessage, p.content())...)
	}
	return out
}

// pusher tells of one message.
type pusher struct {
	world    *marketplace.World
	settings marketplace.Settings
	chat     chat.Chat
	shop     Shop
	message  chat.Message
}

// hooks are the addresses of the app that want pushes about the shop's chats.
// Claims shopee/push-on, shopee/push-blocked-shops, shopee/push-who.
func (p pusher) hooks() []chat.Webhook {
	if p.shop.App.State == AppDeleted || p.shop.App.State == AppNoChat || p.shop.State == StateUnlinked {
		return nil
	}
	var out []chat.Webhook
	for _, hook := range p.world.Store.Webhooks("") {
		its := HookOf(hook)
		if its.PartnerID == p.shop.App.PartnerID && hook.Enabled && slices.Contains(its.On, PushWebchat) &&
			!slices.Contains(its.Blocked, p.shop.ID) {
			out = append(out, hook)
		}
	}
	return out
}

// told reports whether a push tells of the message itself.
func (p pusher) told() bool {
	its := MessageOf(p.message)
	switch {
	case its.Unpushed || p.message.From.Role == chat.RoleMarketplace:
		return false
	case p.message.From.Role == chat.RoleBuyer:
		return true
	}
	return p.shop.App.OwnMessages || p.settings.Switch(switchPushOwnMessages) == on
}

// replied reports whether a person answered elsewhere, for the first time since the
// buyer wrote. Claim shopee/push-mark-as-replied.
func (p pusher) replied() bool {
	if !elsewhere(p.message) {
		return false
	}
	before := lastOf(p.world.Store, p.chat.ID, p.message.ID, func(m chat.Message) bool {
		return m.From.Role == chat.RoleBuyer || elsewhere(m)
	})
	return before.From.Role == chat.RoleBuyer
}

// elsewhere reports whether a person of the shop wrote without the Open Platform.
func elsewhere(m chat.Message) bool {
	return m.From.Role == chat.RoleSeller && MessageOf(m).Source != SourceOpenAPI
}

// reply is about the conversation alone.
func (p pusher) reply() pushedReply {
	return pushedReply{
		UserID: p.shop.UserID, ConversationID: p.chat.ID, Type: "mark_as_replied",
		Content: pushedReplyAbout{p.chat.ID}, Timestamp: p.message.At.Unix(), BizID: ConversationOf(&p.chat).Business,
	}
}

func (p pusher) content() pushedMessage {
	its := MessageOf(p.message)
	shop, buyer := SidesOf(p.world, &p.chat)
	from, to := FromTo(p.message.From.Role, shop, buyer)
	epoch := Epoch(p.settings.Switch(SwitchIDEpoch))
	return pushedMessage{
		MessageID: epoch.Text(p.message.ID), ShopID: p.shop.ID, RequestID: its.RequestID,
		FromID: from.UserID, FromUserName: from.Name, ToID: to.UserID, ToUserName: to.Name,
		Type: its.Type, Content: p.pushed(its), ConversationID: p.chat.ID, Created: p.message.At.Unix(), Region: p.shop.Region,
		InChatbot: ConversationOf(&p.chat).Chatbot, Source: its.About, Quoted: pushedQuote{epoch.Text(its.Quoted)},
		SubAccountID: its.By.ID, SubAccountName: p.subAccountName(its.By),
		pushedMore: p.more(pushedMore{its.Business, to.ShopID, from.ShopID, its.Status}),
	}
}

// subAccountName is the number 0 for nobody, though the table of fields says that
// it is a string. Claim shopee/push-sub-account-name.
func (p pusher) subAccountName(by SubAccount) json.RawMessage {
	if by.Name == "" && p.settings.Switch(switchPushSubAccountName) == nameNumber {
		return json.RawMessage("0")
	}
	return plainjson.Encode(by.Name)
}

// to makes the pushes to addresses that want the type. Claim shopee/push-repeat.
func (p pusher) to(hooks []chat.Webhook, kind string, content any) []push.Notification {
	raw := plainjson.Encode(pushBody{
		MsgID: msgID(p.settings), Data: pushData{kind, p.shop.Region, content}, ShopID: p.shop.ID, Code: PushWebchat,
		Timestamp: p.message.At.Unix(),
	})
	var out []push.Notification
	for _, hook := range hooks {
		if len(hook.Types) > 0 && !slices.Contains(hook.Types, kind) {
			continue
		}
		n := signed(p.shop, hook.ID, hook.URL, kind, raw)
		n.Twice = p.settings.Switch(switchPushRepeat) == on
		out = append(out, n)
	}
	return out
}

// Claim shopee/push-fields.
func (p pusher) more(fields pushedMore) *pushedMore {
	if p.settings.Switch(switchPushFields) != fieldsDocumented {
		return nil
	}
	return &fields
}

// Claim shopee/push-msg-id.
func msgID(settings marketplace.Settings) json.RawMessage {
	switch settings.Switch(switchPushMsgID) {
	case msgIDNull:
		return json.RawMessage("null")
	case msgIDAbsent:
		return nil
	}
	return json.RawMessage(`""`)
}

// signed is a signed POST about a shop. Claim shopee/push-signature.
func signed(s Shop, hook int64, address, kind string, raw []byte) push.Notification {
	return push.Notification{
		Marketplace: "shopee", Seller: strconv.FormatInt(s.ID, 10), Webhook: hook, Event: kind, Method: http.MethodPost, URL: address,
		Header: http.Header{
			"Content-Type": {"application/json"}, "Authorization": {sign.Push(s.App.PartnerKey, address, raw)},
		},
		Body: raw,
	}
}
