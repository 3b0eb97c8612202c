package ozon

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/fault"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/push"
)

// receiver is a seller's service; it answers as the vendor wants until answer
// is set.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	answer http.HandlerFunc
	bodies []string
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(r.serve))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) serve(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bodies = append(r.bodies, string(body))
	if r.answer != nil {
		r.answer(w, q)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	var event struct {
		Type string `json:"message_type"`
	}
	if err := json.Unmarshal(body, &event); err == nil && event.Type == typePing {
		_, _ = io.WriteString(w, `{"version":"1.0","name":"desk","time":"2026-10-01T12:00:00Z"}`)
		return
	}
	_, _ = io.WriteString(w, `{"result":true}`)
}

func (r *receiver) say(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
	if status == http.StatusOK {
		r.answer = nil
	}
}

func (r *receiver) taken() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.bodies)
}

// withPush lets a world deliver.
func (w *testWorld) withPush() {
	w.t.Helper()
	w.Clock.Reset(noon, true)
	w.Outbox = push.New(push.Options{Clock: w.Clock, Faults: fault.NewSet(), Log: w.Log})
	w.t.Cleanup(w.Outbox.Close)
	w.Store.Subscribe(func(events []chat.Applied) {
		for _, e := range events {
			for _, n := range w.api.Notifications(w.World, e) {
				w.Outbox.Send(w.api.Protocol(w.World), n)
			}
		}
	})
}

func (w *testWorld) idle() {
	w.t.Helper()
	require.NoError(w.t, w.Clock.Idle(w.t.Context()))
}

func (w *testWorld) apply(events ...chat.Event) {
	w.t.Helper()
	_, err := w.Store.Apply(chat.If{}, events...)
	require.NoError(w.t, err)
}

func (w *testWorld) subscribe(url string, types ...string) {
	w.t.Helper()
	body, err := json.Marshal(struct {
		URL   string   `json:"url"`
		Types []string `json:"types"`
	}{url, types})
	require.NoError(w.t, err)
	reply := w.call(opHookSet, string(body))
	require.Equal(w.t, 200, reply.status, reply.body)
	require.Equal(w.t, `{}`, reply.body)
}

// What is sent about a chat.
// Proves: ozon/push-ping, ozon/push-new-message, ozon/push-update-message
// Proves: ozon/push-message-read, ozon/push-chat-closed, ozon/push-no-own-messages
// Proves: ozon/push-no-context, ozon/push-string-ids, ozon/push-seller-id
// Proves: ozon/push-chat-type-case, ozon/push-user-types, ozon/push-only-chat-events
func TestNotifications(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "fbs-asked", today, nil)
	w.withPush()
	r := newReceiver(t)
	w.subscribe(r.URL, chatEvents...)
	ch := w.first()
	asked := w.play(ch.ID, marketplace.MessageInput{Text: "Где заказ?"})
	require.Equal(t, 200, w.send(ch.ID, "В пути").status)
	w.advance(time.Second)
	require.NoError(t, w.act("message.edit", fmt.Sprintf(`{"chat":%q,"message":"%d","text":"Где мой заказ?"}`, ch.ID, asked.ID)))
	buyer := chat.Author{Role: chat.RoleBuyer, ID: ch.Buyer}
	last := w.first().Last
	w.apply(chat.ChatRead{At: w.Clock.Now(), Chat: ch.ID, By: buyer, UpTo: last})
	w.apply(chat.ChatRead{At: w.Clock.Now(), Chat: ch.ID, By: chat.Author{Role: chat.RoleSeller, ID: "1001"}, UpTo: last})
	w.apply(chat.ChatClosed{At: w.Clock.Now(), Chat: ch.ID, By: chat.Author{Role: chat.RoleSupport, ID: "support"}})
	w.idle()

	head := func(kind string) string {
		return fmt.Sprintf(`{"message_type":%q,"chat_id":%q,"chat_type":"Buyer_Seller",`, kind, ch.ID)
	}
	user := fmt.Sprintf(`"user":{"id":%q,"type":"Customer"},`, ch.Buyer)
	require.Equal(t, []string{
		`{"message_type":"TYPE_PING","time":"2026-10-01T12:00:00Z"}`,
		head(typeNewMessage) + fmt.Sprintf(`"message_id":"%d","created_at":"2026-10-01T12:00:00Z",`, asked.ID) + user + `"data":["Где заказ?"],"seller_id":"1001"}`,
		head(typeUpdateMessage) + fmt.Sprintf(`"message_id":"%d","created_at":"2026-10-01T12:00:00Z","updated_at":"2026-10-01T12:00:01Z",`, asked.ID) +
			user + `"data":["Где мой заказ?"],"seller_id":"1001"}`,
		head(typeMessageRead) + fmt.Sprintf(`"message_id":"%d","created_at":"2026-10-01T12:00:00Z",`, last) + user +
			fmt.Sprintf(`"last_read_message_id":"%d","seller_id":"1001"}`, last),
		head(typeChatClosed) + `"user":{"id":"support","type":"Support"},"seller_id":"1001"}`,
	}, r.taken())
	for _, body := range r.taken() {
		require.Empty(t, w.config.Specs[specPush].CheckRequest("ReceiveNotification", openapi.Request{
			Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body),
		}), body)
	}
}

// TYPE_MESSAGE_READ names the seller's message, and each reading tells of a new
// one.
// Proves: ozon/push-message-read
func TestOnlyTheSellersMessagesAreToldAsRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "fbs-asked", today, nil)
	w.withPush()
	r := newReceiver(t)
	w.subscribe(r.URL, typeMessageRead)
	ch := w.first()
	read := func(upTo uint64) []string {
		w.apply(chat.ChatRead{At: w.Clock.Now(), Chat: ch.ID, By: chat.Author{Role: chat.RoleBuyer, ID: ch.Buyer}, UpTo: upTo})
		w.idle()
		return r.taken()[1:]
	}
	require.Empty(t, read(ch.Last), "there is only the buyer's own message")
	require.Equal(t, 200, w.send(ch.ID, "one").status)
	answer := w.first().Last
	asked := w.play(ch.ID, marketplace.MessageInput{Text: "and?"})
	taken := read(asked.ID)
	require.Len(t, taken, 1)
	require.Contains(t, taken[0], fmt.Sprintf(`"message_id":"%d"`, answer))
	require.Contains(t, taken[0], fmt.Sprintf(`"last_read_message_id":"%d"`, answer))
	again := w.play(ch.ID, marketplace.MessageInput{Text: "hello?"})
	require.Len(t, read(again.ID), 1, "the answer was read before")
	require.Equal(t, 200, w.send(ch.ID, "two").status)
	require.Len(t, read(w.first().Last), 2)
}

// The spelling of user.type in history is none of the notifications'.
// Proves: ozon/push-user-types
func TestNotificationUsersInAnOlderEdition(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "fbs-asked", day(2025, 8, 1), nil)
	require.Equal(t, "lower", w.config.Settings.Switch(switchUserTypeCase))
	r := newRenderer(w.World, w.config.Settings, w.first())
	for role, want := range map[chat.Role]string{
		chat.RoleBuyer: "Customer", chat.RoleSupport: "Support", chat.RoleMarketplace: "NotificationUser",
	} {
		require.Equal(t, want, r.pushUser(chat.Author{Role: role}).Type)
	}
}

// The form of notifications follows switches.
// Proves: ozon/push-seller-id, ozon/push-chat-type-case, ozon/customer-type
func TestNotificationSwitches(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "fbs-asked", today, map[string]string{
		switchPushSellerID: "number", switchPushChatTypeCase: "upper", switchCustomerType: "cyrillic",
	})
	w.withPush()
	r := newReceiver(t)
	w.subscribe(r.URL, typeNewMessage)
	w.play(w.first().ID, marketplace.MessageInput{Text: "x"})
	w.idle()
	body := r.taken()[1]
	require.Contains(t, body, `"seller_id":1001`)
	require.Contains(t, body, `"chat_type":"BUYER_SELLER"`)
	require.Contains(t, body, `"type":"Сustomer"`)
	require.Empty(t, w.config.Specs[specPush].CheckRequest("ReceiveNotification", openapi.Request{
		Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body),
	}))
}

// Addresses are kept, changed and removed.
// Proves: ozon/notification-set, ozon/notification-set-again
// Proves: ozon/notification-list, ozon/notification-update, ozon/notification-enable
// Proves: ozon/notification-delete, ozon/notification-push-types
// Proves: ozon/notification-unknown-id, ozon/notification-empty-answers
// Proves: ozon/notification-url-shared-type, ozon/push-types-subscribed
// Proves: ozon/push-disabled-silent, ozon/notification-types-edition
func TestNotificationMethods(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "fbs-asked", today, nil)
	w.withPush()
	a, b := newReceiver(t), newReceiver(t)
	require.Equal(t, `{"urls":[]}`, w.call(opHookList, "").body)
	w.subscribe(a.URL, typeNewMessage)
	w.subscribe(b.URL, typeNewMessage)
	w.subscribe(a.URL, typeChatClosed)
	require.Equal(t, fmt.Sprintf(`{"urls":[{"id":1,"url":%q,"enable":true,"types":[{"type":"TYPE_CHAT_CLOSED","description":"Чат закрыт"}],`+
		`"created_at":"2026-10-01T12:00:00Z"},{"id":2,"url":%q,"enable":true,"types":[{"type":"TYPE_NEW_MESSAGE",`+
		`"description":"Новое сообщение в чате"}],"created_at":"2026-10-01T12:00:00Z"}]}`, a.URL, b.URL), w.call(opHookList, "").body)
	require.Contains(t, w.call(opHookPushTypes, "").body,
		fmt.Sprintf(`{"type":"TYPE_CHAT_CLOSED","description":"Чат закрыт","seller_endpoint":{"id":1,"url":%q}}`, a.URL))

	w.play(w.first().ID, marketplace.MessageInput{Text: "one"})
	w.idle()
	require.Len(t, a.taken(), 2, "two pings: it is not subscribed to messages")
	require.Len(t, b.taken(), 2, "a ping and a message")
	require.Equal(t, `{}`, w.call(opHookEnable, `{"id":2,"enabled":false}`).body)
	w.play(w.first().ID, marketplace.MessageInput{Text: "two"})
	w.idle()
	require.Len(t, b.taken(), 2)
	require.Equal(t, `{}`, w.call(opHookUpdate, `{"id":1,"types":["TYPE_NEW_MESSAGE"]}`).body)
	require.Equal(t, `{}`, w.call(opHookDelete, `{"id":"2"}`).body)
	require.NotContains(t, w.call(opHookList, "").body, b.URL)

	w.call(opHookDelete, `{"id":2}`).requireError(t, 404, 5, "notification not found")
	w.call(opHookUpdate, `{"id":7}`).requireError(t, 404, 5, "notification not found")
	w.call(opHookEnable, `{"id":1}`).requireError(t, 400, 3, "Request validation error: invalid enabled: value is required")
	w.call(opHookEnable, `{"id":7}`).requireError(t, 400, 3, "Request validation error: invalid enabled: value is required")
	w.call(opHookEnable, `{"id":7,"enabled":true}`).requireError(t, 404, 5, "notification not found")
	w.call(opHookDelete, `{}`).requireError(t, 400, 3, "Request validation error: invalid id")
	w.call(opHookSet, `{"types":["TYPE_NEW_MESSAGE"]}`).requireError(t, 400, 3, "Request validation error: invalid url")
	w.call(opHookSet, fmt.Sprintf(`{"url":%q}`, a.URL)).requireError(t, 400, 3, "Request validation error: invalid types")
	w.call(opHookSet, fmt.Sprintf(`{"url":%q,"types":["TYPE_POSTING_SHIPPED"]}`, a.URL)).
		requireError(t, 400, 3, "Request validation error: invalid types")
}

// The check tells what is wrong with an address.
// Proves: ozon/notification-check, ozon/notification-set-checks, ozon/check-status
func TestNotificationCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "empty", today, nil)
	w.withPush()
	r := newReceiver(t)
	check := func() testReply { return w.call(opHookCheck, fmt.Sprintf(`{"url":%q}`, r.URL)) }
	require.Equal(t, `{"is_active":true,"errors":[]}`, check().body)
	r.say(http.StatusTeapot)
	require.Equal(t, `{"is_active":false,"errors":[{"type":"STATUS_CODE_NOT_OK","description":"I'm a teapot"}]}`, check().body)
	w.call(opHookSet, fmt.Sprintf(`{"url":%q,"types":["TYPE_NEW_MESSAGE"]}`, r.URL)).
		requireError(t, 400, 3, "url check failed: STATUS_CODE_NOT_OK")
	r.Close()
	require.Contains(t, check().body, `"type":"REQUEST_ERROR"`)
}

// An address that fails is tried again for an hour, then paused until it is
// confirmed.
// Proves: ozon/push-retry, ozon/push-retry-first-intervals
// Proves: ozon/push-pause-unavailable, ozon/push-resume
func TestRetriesPauseAndResume(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "fbs-asked", today, nil)
	w.withPush()
	r := newReceiver(t)
	w.subscribe(r.URL, typeNewMessage)
	id := w.first().ID

	r.say(http.StatusInternalServerError)
	w.play(id, marketplace.MessageInput{Text: "tried thrice"})
	w.idle()
	w.advance(14 * time.Second)
	require.Len(t, r.taken(), 3, "a ping and two attempts")
	r.say(http.StatusOK)
	w.advance(time.Second)
	require.Len(t, r.taken(), 4)
	w.advance(2 * time.Hour)
	require.Len(t, r.taken(), 4, "it was taken")

	r.say(http.StatusInternalServerError)
	w.play(id, marketplace.MessageInput{Text: "given up"})
	w.advance(2 * time.Hour)
	require.Len(t, r.taken(), 4+1+len(retryPauses))
	d := w.Outbox.Deliveries(push.Filter{Event: typeNewMessage})
	require.Equal(t, push.GaveUp, d[len(d)-1].State)

	require.NoError(t, w.act("webhook.pause", `{"webhook":1}`))
	w.play(id, marketplace.MessageInput{Text: "not sent"})
	w.idle()
	d = w.Outbox.Deliveries(push.Filter{Event: typeNewMessage})
	require.Equal(t, push.Cancelled, d[len(d)-1].State)
	r.say(http.StatusOK)
	require.Contains(t, w.call(opHookCheck, fmt.Sprintf(`{"url":%q}`, r.URL)).body, `"is_active":true`)
	before := len(r.taken())
	w.play(id, marketplace.MessageInput{Text: "sent again"})
	w.idle()
	require.Len(t, r.taken(), before+1)
	hook, _ := w.Store.Webhook(1)
	require.False(t, extOfHook(hook).Paused)
}

// Notifications come in the order of what happened, each once.
// Proves: ozon/push-order, ozon/push-timeout, ozon/push-post-json, ozon/push-unsigned, ozon/push-user-agent
func TestNotificationsComeInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "fbs-asked", today, nil)
	w.withPush()
	r := newReceiver(t)
	w.subscribe(r.URL, typeNewMessage)
	id := w.first().ID
	for i := range 50 {
		w.play(id, marketplace.MessageInput{Text: fmt.Sprintf("text %d", i)})
	}
	w.idle()
	taken := r.taken()[1:]
	require.Len(t, taken, 50)
	for i, body := range taken {
		require.Contains(t, body, fmt.Sprintf(`"data":["text %d"]`, i))
	}
	require.Equal(t, 10*time.Second, w.api.Protocol(w.World).Timeout)
	d := w.Outbox.Deliveries(push.Filter{Event: typeNewMessage})[0]
	require.Equal(t, http.MethodPost, d.Method)
	require.Equal(t, http.Header{"Content-Type": {"application/json"}, "User-Agent": {"ozon-push/1.0"}}, d.Header)
}

// Three days without a connection switch an address off, though it is paused.
// Proves: ozon/push-monitoring
func TestUnavailableForThreeDays(t *testing.T) {
	t.Parallel()
	for edition, off := range map[time.Time]bool{today: true, day(2026, 8, 26): false} {
		w := newWorld(t, "fbs-asked", edition, nil)
		w.withPush()
		r := newReceiver(t)
		w.subscribe(r.URL, typeNewMessage)
		r.Close()
		w.play(w.first().ID, marketplace.MessageInput{Text: "x"})
		w.idle()
		w.advance(72*time.Hour - time.Second)
		require.Contains(t, w.call(opHookList, "").body, `"enable":true`)
		w.advance(time.Second)
		require.Contains(t, w.call(opHookList, "").body, fmt.Sprintf(`"enable":%v`, !off))
	}
}
