package yandex

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/plainjson"
	"example.com/marketmock/internal/push"
)

// Types of notifications about chats, and the ping.
const (
	pushPing            = "PING"
	pushCreated         = "CHAT_CREATED"
	pushSent            = "CHAT_MESSAGE_SENT"
	pushDisputeStarted  = "CHAT_ARBITRAGE_STARTED"
	pushDisputeFinished = "CHAT_ARBITRAGE_FINISHED"
)

// chatEvents are what an address without types of its own gets.
var chatEvents = []string{pushCreated, pushSent, pushDisputeStarted, pushDisputeFinished}

// pushTypes is every type that may be asked for. Only those about chats are ever
// sent. Claim yandex/push-other-types.
var pushTypes = append([]string{
	pushPing, "ORDER_CREATED", "ORDER_CANCELLED", "ORDER_STATUS_UPDATED", "ORDER_CANCELLATION_REQUEST", "ORDER_UPDATED",
	"ORDER_RETURN_CREATED", "ORDER_RETURN_STATUS_UPDATED", "ORDER_LINE_SERVICE_STATUS_UPDATED", "GOODS_FEEDBACK_CREATED",
	"GOODS_FEEDBACK_COMMENT_CREATED", "QUESTION_CREATED", "QUESTION_ANSWER_CREATED", "QUESTION_COMMENT_CREATED",
}, chatEvents...)

// disputeIsCreated says whether the chat of a dispute sends CHAT_CREATED beside
// CHAT_ARBITRAGE_STARTED. Claim yandex/push-arbitrage-created.
const disputeIsCreated = false

// notificationPath is what is added to an address. Claim yandex/push-post.
const notificationPath = "/notification"

// instant is a time as notifications tell it: in UTC, with as many digits of the
// second in groups of three as it needs. Claim yandex/push-times-utc.
type instant time.Time

// MarshalJSON writes 2026-10-01T12:00:00.213Z.
func (t instant) MarshalJSON() ([]byte, error) { return strconv.AppendQuote(nil, t.String()), nil }

func (t instant) String() string {
	at := time.Time(t).UTC()
	layout := "2006-01-02T15:04:05"
	switch n := at.Nanosecond(); {
	case n == 0:
	case n%1_000_000 == 0:
		layout += ".000"
	case n%1000 == 0:
		layout += ".000000"
	default:
		layout += ".000000000"
	}
	return at.Format(layout + "Z")
}

// moment is a time of a chat or a message: no finer than a message's id. Claim
// yandex/push-times-utc.
func moment(t time.Time) *instant {
	at := instant(t.Truncate(time.Microsecond))
	return &at
}

// pingBody is PING. Claim yandex/push-ping.
type pingBody struct {
	Type string  `json:"notificationType"`
	Time instant `json:"time"`
}

// pushBody is a notification about a chat. Claims yandex/push-chat-created,
// yandex/push-message-sent, yandex/push-arbitrage-started,
// yandex/push-arbitrage-finished, yandex/push-no-content,
// yandex/push-message-id-string.
type pushBody struct {
	Type       string   `json:"notificationType"`
	ChatID     int64    `json:"chatId"`
	MessageID  string   `json:"messageId,omitempty"`
	BusinessID int64    `json:"businessId"`
	CreatedAt  *instant `json:"createdAt,omitempty"`
	SentAt     *instant `json:"sentAt,omitempty"`
	StartedAt  *instant `json:"startedAt,omitempty"`
	FinishedAt *instant `json:"finishedAt,omitempty"`
}

// Notified are the types that are about chats.
func (a *API) Notified() []string { return slices.Clone(chatEvents) }

// Notifications turns an event into notifications for each address that wants
// them. Claims yandex/push-types-subscribed, yandex/push-every-chat-type,
// yandex/push-duplicates, yandex/push-shuffle.
func (a *API) Notifications(w *marketplace.World, e chat.Applied) []push.Notification {
	bodies := pushBodies(w, e.Event)
	if len(bodies) == 0 {
		return nil
	}
	settings := w.Config().Settings
	var out []push.Notification
	for _, hook := range w.Store.Webhooks(strconv.FormatInt(bodies[0].BusinessID, 10)) {
		for _, body := range bodies {
			if !hook.Enabled || !wants(hook, body.Type) {
				continue
			}
			n := notification(hook.Seller, hook.ID, hook.URL, body.Type, plainjson.Encode(body))
			n.Twice = settings.Switch(switchPushDuplicates) == "on"
			n.Hold = settings.Switch(switchPushShuffle) == "on"
			out = append(out, n)
		}
	}
	return out
}

// wants reports whether an address gets a type; without types it gets all about
// chats.
func wants(hook chat.Webhook, name string) bool {
	return len(hook.Types) == 0 || slices.Contains(hook.Types, name)
}

// pushBodies are what an event is told as.
func pushBodies(w *marketplace.World, event chat.Event) []pushBody {
	switch e := event.(type) {
	case chat.ChatOpened:
		return openedBodies(w, e)
	case chat.MessagePosted:
		return sentBodies(w, e)
	case chat.ChatChanged:
		if ext, _ := e.Ext.(chatExt); ext.Type == typeArbitrage && ext.Step == string(stepDispute) {
			return disputeBodies(w, e.ID, pushDisputeStarted, e.At)
		}
	case chat.ChatClosed:
		return disputeBodies(w, e.Chat, pushDisputeFinished, e.At)
	}
	return nil
}

// openedBodies tell of a new chat, whoever opened it, and of a dispute. Claims
// yandex/push-created-by-store, yandex/push-arbitrage-created,
// yandex/direct-before-edition.
func openedBodies(w *marketplace.World, e chat.ChatOpened) []pushBody {
	if hidden(w.Config().Settings, &e.Chat) {
		return nil
	}
	at := moment(e.Chat.Opened)
	dispute := extOfChat(&e.Chat).Type == typeArbitrage
	var out []pushBody
	if !dispute || disputeIsCreated {
		body := bodyOf(pushCreated, e.Chat)
		body.CreatedAt = at
		out = append(out, body)
	}
	if dispute {
		body := bodyOf(pushDisputeStarted, e.Chat)
		body.StartedAt = at
		out = append(out, body)
	}
	return out
}

// sentBodies tell of a message. Claims yandex/own-messages-push,
// yandex/direct-before-edition.
func sentBodies(w *marketplace.World, e chat.MessagePosted) []pushBody {
	settings := w.Config().Settings
	if e.Message.From.Role == chat.RoleSeller && settings.Switch(switchOwnPush) == "off" {
		return nil
	}
	ch, found := w.Store.Chat(e.Message.Chat)
	if !found || hidden(settings, &ch) {
		return nil
	}
	body := bodyOf(pushSent, ch)
	body.MessageID, body.SentAt = strconv.FormatUint(e.Message.ID, 10), moment(e.Message.At)
	return []pushBody{body}
}

// disputeBodies tell of a turn of a dispute; other chats have none. Claim
// yandex/arbitrage-not-direct.
func disputeBodies(w *marketplace.World, id, kind string, when time.Time) []pushBody {
	ch, found := w.Store.Chat(id)
	if !found || extOfChat(&ch).Type != typeArbitrage {
		return nil
	}
	body := bodyOf(kind, ch)
	if kind == pushDisputeStarted {
		body.StartedAt = moment(when)
	} else {
		body.FinishedAt = moment(when)
	}
	return []pushBody{body}
}

func bodyOf(kind string, ch chat.Chat) pushBody {
	id, _ := parseID(ch.ID)
	business, _ := parseID(ch.Seller)
	return pushBody{Type: kind, ChatID: id, BusinessID: business}
}

// notification is a POST without a signature. Claims yandex/push-post,
// yandex/push-unsigned.
func notification(seller string, hook int64, address, kind string, raw []byte) push.Notification {
	return push.Notification{
		Marketplace: "yandex", Seller: seller, Webhook: hook, Event: kind, Method: http.MethodPost, URL: target(address),
		Header: http.Header{"Content-Type": {"application/json"}}, Body: raw,
	}
}

// target is where notifications for an address go. Claim yandex/push-url-query.
func target(address string) string {
	u, err := url.Parse(address)
	if err != nil { // checked when it was saved
		return address
	}
	u = u.JoinPath(strings.TrimPrefix(notificationPath, "/"))
	return u.String()
}
