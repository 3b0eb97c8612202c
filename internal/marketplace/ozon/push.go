package ozon

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/plainjson"
	"example.com/marketmock/internal/push"
)

// Event types of notifications about chats, and the ping. Claim
// ozon/push-only-chat-events.
const (
	typePing          = "TYPE_PING"
	typeNewMessage    = "TYPE_NEW_MESSAGE"
	typeUpdateMessage = "TYPE_UPDATE_MESSAGE"
	typeMessageRead   = "TYPE_MESSAGE_READ"
	typeChatClosed    = "TYPE_CHAT_CLOSED"
)

// chatEvents are what a webhook without types of its own gets.
var chatEvents = []string{typeNewMessage, typeUpdateMessage, typeMessageRead, typeChatClosed}

type pushPing struct {
	MessageType string   `json:"message_type"`
	Time        wireTime `json:"time"`
}

// pushMessage is TYPE_NEW_MESSAGE, and TYPE_UPDATE_MESSAGE with UpdatedAt.
// Claims ozon/push-new-message, ozon/push-update-message,
// ozon/push-no-context, ozon/push-string-ids.
type pushMessage struct {
	pushHead
	MessageID string     `json:"message_id"`
	CreatedAt wireTime   `json:"created_at"`
	UpdatedAt *wireTime  `json:"updated_at,omitempty"`
	User      pushUser   `json:"user"`
	Data      []string   `json:"data"`
	SellerID  pushSeller `json:"seller_id"`
}

// pushRead is TYPE_MESSAGE_READ. Claim ozon/push-message-read.
type pushRead struct {
	pushHead
	MessageID string     `json:"message_id"`
	CreatedAt wireTime   `json:"created_at"`
	User      pushUser   `json:"user"`
	LastRead  string     `json:"last_read_message_id"`
	SellerID  pushSeller `json:"seller_id"`
}

// pushClosed is TYPE_CHAT_CLOSED. Claim ozon/push-chat-closed.
type pushClosed struct {
	pushHead
	User     pushUser   `json:"user"`
	SellerID pushSeller `json:"seller_id"`
}

type pushHead struct {
	MessageType string `json:"message_type"`
	ChatID      string `json:"chat_id"`
	ChatType    string `json:"chat_type"`
}

type pushUser struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// pushSeller is seller_id in the form of the switch push-seller-id.
type pushSeller struct {
	id     string
	number bool
}

// MarshalJSON writes a string or a number.
func (s pushSeller) MarshalJSON() ([]byte, error) {
	if s.number {
		return []byte(s.id), nil
	}
	return json.Marshal(s.id)
}

// Notified are the types that are about chats.
func (a *API) Notified() []string { return slices.Clone(chatEvents) }

// Notifications turns an event into one notification for each address that
// wants it. The seller's own doings are not told. Claims
// ozon/push-no-own-messages, ozon/push-types-subscribed,
// ozon/push-disabled-silent.
func (a *API) Notifications(w *marketplace.World, e chat.Applied) []push.Notification {
	chatID, by := subject(e.Event)
	if chatID == "" || by.Role == chat.RoleSeller {
		return nil
	}
	ch, found := w.Store.Chat(chatID)
	if !found {
		return nil
	}
	var hooks []chat.Webhook
	for _, hook := range w.Store.Webhooks(ch.Seller) {
		if hook.Enabled {
			hooks = append(hooks, hook)
		}
	}
	if len(hooks) == 0 {
		return nil
	}
	kind, payload := pushBody(w, ch, e.Event)
	if payload == nil {
		return nil
	}
	raw := plainjson.Encode(payload)
	var out []push.Notification
	for _, hook := range hooks {
		if wants(hook, kind) {
			out = append(out, notification(hook.Seller, hook.ID, hook.URL, kind, raw))
		}
	}
	return out
}

// subject is the chat an event is about and who caused it; "" for events that
// no notification tells of. Of an edit the message's author counts.
func subject(e chat.Event) (string, chat.Author) {
	switch e := e.(type) {
	case chat.MessagePosted:
		return e.Message.Chat, e.Message.From
	case chat.MessageEdited:
		return e.Chat, chat.Author{}
	case chat.ChatRead:
		if e.Unread {
			return "", chat.Author{}
		}
		return e.Chat, e.By
	case chat.ChatClosed:
		return e.Chat, e.By
	}
	return "", chat.Author{}
}

// newlyRead is the seller's last message that a reading covers and none before
// it did; the reader's own are none. Claim ozon/push-message-read.
func newlyRead(store *chat.Store, e chat.ChatRead) (chat.Message, bool) {
	for next := e.UpTo; next > e.Before; {
		page, more := store.Messages(e.Chat, chat.Range{From: next, Backward: true, Limit: historyDefault})
		for _, m := range page {
			if m.ID <= e.Before {
				return chat.Message{}, false
			}
			if m.From.Role == chat.RoleSeller {
				return m, true
			}
			next = m.ID - 1
		}
		if !more {
			break
		}
	}
	return chat.Message{}, false
}

// pushBody is the notification's type and body, nil if there is none.
func pushBody(w *marketplace.World, ch chat.Chat, event chat.Event) (string, any) {
	r := newRenderer(w, w.Config().Settings, ch)
	switch e := event.(type) {
	case chat.MessagePosted:
		return typeNewMessage, r.pushMessage(typeNewMessage, e.Message)
	case chat.MessageEdited:
		m, found := w.Store.Message(e.Chat, e.ID)
		if !found || m.From.Role == chat.RoleSeller {
			return "", nil
		}
		body := r.pushMessage(typeUpdateMessage, m)
		at := wireTime(e.At)
		body.UpdatedAt = &at
		return typeUpdateMessage, body
	case chat.ChatRead:
		read, found := newlyRead(w.Store, e)
		if !found {
			return "", nil
		}
		id := strconv.FormatUint(read.ID, 10)
		return typeMessageRead, pushRead{
			pushHead: r.pushHead(typeMessageRead), MessageID: id, CreatedAt: wireTime(read.At),
			User: r.pushUser(e.By), LastRead: id, SellerID: r.pushSeller(),
		}
	case chat.ChatClosed:
		return typeChatClosed, pushClosed{
			pushHead: r.pushHead(typeChatClosed), User: r.pushUser(e.By), SellerID: r.pushSeller(),
		}
	}
	return "", nil
}

func (r renderer) pushMessage(kind string, m chat.Message) pushMessage {
	return pushMessage{
		pushHead: r.pushHead(kind), MessageID: strconv.FormatUint(m.ID, 10), CreatedAt: wireTime(m.At),
		User: r.pushUser(m.From), Data: r.data(m), SellerID: r.pushSeller(),
	}
}

func (r renderer) pushHead(kind string) pushHead {
	return pushHead{MessageType: kind, ChatID: r.chat.ID, ChatType: kindOf(extOfChat(&r.chat).Type).inPush(r.style.settings)}
}

// pushUser knows three types, in title case whatever history has. Claim ozon/push-user-types.
func (r renderer) pushUser(by chat.Author) pushUser {
	role := by.Role
	if role != chat.RoleBuyer && role != chat.RoleMarketplace {
		role = chat.RoleSupport
	}
	if by.ID == "" { // whoever played it named only the role
		by, _ = authorIn(r.chat, by.Role)
	}
	st := r.style
	st.fiveUsers, st.lowerUsers = false, false
	return pushUser{ID: by.ID, Type: st.userType(role)}
}

// Claim ozon/push-seller-id.
func (r renderer) pushSeller() pushSeller {
	return pushSeller{r.chat.Seller, r.style.settings.Switch(switchPushSellerID) == "number"}
}

// notification is a POST without a signature. Claims ozon/push-post-json,
// ozon/push-unsigned, ozon/push-user-agent.
func notification(seller string, hook int64, url, kind string, raw []byte) push.Notification {
	return push.Notification{
		Marketplace: "ozon", Seller: seller, Webhook: hook, Event: kind, Method: http.MethodPost, URL: url,
		Header: http.Header{"Content-Type": {"application/json"}, "User-Agent": {"ozon-push/1.0"}}, Body: raw,
	}
}
