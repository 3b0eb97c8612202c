package yandex

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
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

const goodReply = `{"version":"1.0.0","name":"desk","time":"2026-10-01T12:00:00Z"}`

// receiver is a seller's service; it answers as the vendor wants until answer is
// set.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	answer http.HandlerFunc
	bodies []string
	paths  []string
	wrong  []string // what was sent and should not
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
	r.bodies, r.paths = append(r.bodies, string(body)), append(r.paths, q.Method+" "+q.URL.RequestURI())
	if kind := q.Header.Get("Content-Type"); kind != "application/json" || q.Header.Get("Authorization") != "" {
		r.wrong = append(r.wrong, kind)
	}
	if r.answer != nil {
		r.answer(w, q)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, goodReply)
}

// say lets the receiver answer a status alone; 200 makes it well again.
func (r *receiver) say(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
	if status == http.StatusOK {
		r.answer = nil
	}
}

// taken are the bodies that came since it was last asked.
func (r *receiver) taken() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.bodies
	r.bodies = nil
	return out
}

// withPush lets a world deliver.
func (w *testWorld) withPush() {
	w.t.Helper()
	w.Outbox = push.New(push.Options{Clock: w.Clock, Faults: fault.NewSet(), Log: w.Log})
	w.t.Cleanup(w.Outbox.Close)
	w.Store.Subscribe(func(events []chat.Applied) {
		protocol := w.api.Protocol(w.World)
		for _, e := range events {
			for _, n := range w.api.Notifications(w.World, e) {
				w.Outbox.Send(protocol, n)
			}
		}
	})
}

func (w *testWorld) idle() {
	w.t.Helper()
	require.NoError(w.t, w.Clock.Idle(w.t.Context()))
}

// connect connects an address and forgets the ping.
func (w *testWorld) connect(r *receiver, types ...string) int64 {
	w.t.Helper()
	in, err := json.Marshal(connectInput{URL: r.URL, Types: types})
	require.NoError(w.t, err)
	var state hookState
	require.NoError(w.t, json.Unmarshal([]byte(w.mustAct("notifications.connect", string(in))), &state))
	require.True(w.t, state.Connected)
	r.taken()
	return state.Webhook
}

// What is sent about chats.
// Proves: yandex/push-post, yandex/push-unsigned, yandex/push-ping, yandex/push-chat-created
// Proves: yandex/push-created-by-store, yandex/push-message-sent, yandex/push-arbitrage-started
// Proves: yandex/push-arbitrage-finished, yandex/push-arbitrage-created, yandex/push-message-id-string
// Proves: yandex/push-times-utc, yandex/push-no-content, yandex/push-every-chat-type
func TestNotifications(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-returns", nil)
	w.withPush()
	r := newReceiver(t)
	w.mustAct("notifications.connect", `{"url":"`+r.URL+`"}`)
	require.Equal(t, []string{`{"notificationType":"PING","time":"2026-10-01T12:00:00Z"}`}, r.taken())

	w.advance(213 * time.Millisecond)
	made := w.created(`{"context":{"type":"ORDER","id":5001}}`)
	require.Equal(t, 200, w.call(opSendMessage, "chatId="+made, `{"message":"x"}`).status)
	own := w.last(made).ID
	asked := w.play("14604711", marketplace.MessageInput{Text: "x"}).ID
	events, err := w.api.Player().OpenChat(w.World, marketplace.ChatInput{Buyer: "x4y5z6"})
	require.NoError(t, err)
	w.apply(events...)
	direct := events[len(events)-1].(chat.ChatOpened).Chat.ID
	var dispute chatState
	require.NoError(t, json.Unmarshal([]byte(w.mustAct("arbitrage.start", `{"return":7002}`)), &dispute))
	w.mustAct("arbitrage.finish", `{"chat":"`+dispute.Chat+`"}`)
	w.idle()

	const at = `"2026-10-01T12:00:00.213Z"`
	head := func(kind, id string) string { return fmt.Sprintf(`{"notificationType":%q,"chatId":%s,`, kind, id) }
	require.Equal(t, []string{
		head(pushCreated, made) + `"businessId":2001,"createdAt":` + at + `}`,
		head(pushSent, made) + fmt.Sprintf(`"messageId":"%d","businessId":2001,"sentAt":%s}`, own, at),
		head(pushSent, "14604711") + fmt.Sprintf(`"messageId":"%d","businessId":2001,"sentAt":%s}`, asked, at),
		head(pushCreated, direct) + `"businessId":2001,"createdAt":` + at + `}`,
		head(pushDisputeStarted, dispute.Chat) + `"businessId":2001,"startedAt":` + at + `}`,
		head(pushDisputeFinished, dispute.Chat) + `"businessId":2001,"finishedAt":` + at + `}`,
	}, r.bodies)
	for _, body := range r.taken() {
		require.Empty(t, w.config.Specs[specPush].CheckRequest("sendNotification", openapi.Request{
			Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body),
		}), body)
	}
	require.Equal(t, []string{"POST /notification"}, slices.Compact(r.paths))
	require.Empty(t, r.wrong)

	by, _ := authorIn(w.chat(direct), chat.RoleSupport)
	w.apply(chat.ChatClosed{At: w.Clock.Now(), Chat: direct, By: by})
	w.idle()
	require.Empty(t, r.taken(), "the end of a chat that is no dispute")
}

// A time of a chat is as fine as a message's id, and the same as the API tells.
// Proves: yandex/push-times-utc, yandex/dates-moscow
func TestTimesOfChatsAreCutToMicroseconds(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-returns", nil)
	w.withPush()
	r := newReceiver(t)
	w.advance(759_084_017 * time.Nanosecond)
	w.mustAct("notifications.connect", `{"url":"`+r.URL+`"}`)
	require.Contains(t, r.taken()[0], `"time":"2026-10-01T12:00:00.759084017Z"`, "PING is as fine as it gets")
	made := w.created(`{"context":{"type":"ORDER","id":5001}}`)
	w.says(made, "x")
	var dispute chatState
	require.NoError(t, json.Unmarshal([]byte(w.mustAct("arbitrage.start", `{"return":7002}`)), &dispute))
	w.mustAct("arbitrage.finish", `{"chat":"`+dispute.Chat+`"}`)
	w.idle()
	bodies := r.taken()
	require.Len(t, bodies, 4)
	for _, body := range bodies {
		require.Contains(t, body, `At":"2026-10-01T12:00:00.759084Z"`)
	}
	require.Contains(t, w.call(opGetChat, "chatId="+made, "").body, `"createdAt":"2026-10-01T15:00:00.759084+03:00"`)
	require.Contains(t, w.call(opGetHistory, "chatId="+made, "{}").body, `"createdAt":"2026-10-01T15:00:00.759084+03:00"`)
}

// What an edition does not list it does not tell of.
// Proves: yandex/direct-before-edition
func TestDirectChatsAreNotToldBeforeTheirEdition(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-direct", nil)
	w.withPush()
	r := newReceiver(t)
	w.connect(r)
	for edition, told := range map[time.Time]int{day(2025, time.July, 27): 0, dayDirect: 2} {
		w.set(edition, nil)
		ch, err := w.opens(marketplace.ChatInput{Buyer: "x1y2z3"})
		require.NoError(t, err)
		w.says(ch.ID, "x")
		w.idle()
		require.Len(t, r.taken(), told, edition)
	}
}

// Proves: yandex/push-types-subscribed, yandex/own-messages-push, yandex/arbitrage-chat
func TestWhoIsTold(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-dispute", map[string]string{switchOwnPush: "off", switchArbitrageChat: "convert"})
	w.withPush()
	all, disputes, others := newReceiver(t), newReceiver(t), newReceiver(t)
	w.connect(all)
	w.connect(disputes, pushDisputeStarted, "ORDER_CREATED")
	w.connect(others, "ORDER_CREATED")
	w.apply(chat.WebhookSaved{At: noon, Webhook: chat.Webhook{Seller: "2002", URL: others.URL, Enabled: true}})
	w.apply(chat.WebhookSaved{At: noon, Webhook: chat.Webhook{Seller: "2001", URL: others.URL}})
	require.Equal(t, 200, w.call(opSendMessage, "chatId=14604724", `{"message":"x"}`).status)
	w.play("14604724", marketplace.MessageInput{From: "seller", Text: "x"})
	w.play("14604724", marketplace.MessageInput{From: "marketplace", Text: "x"})
	out := w.mustAct("arbitrage.start", `{"chat":14604724}`)
	require.Contains(t, out, `"chat":"14604724"`)
	require.NotContains(t, out, `"new"`)
	w.play("14604724", marketplace.MessageInput{Text: "x"})
	w.idle()
	kinds := func(r *receiver) (out []string) {
		for _, body := range r.taken() {
			var n pushBody
			require.NoError(t, json.Unmarshal([]byte(strings.ReplaceAll(body, "At", "_")), &n))
			out = append(out, n.Type)
		}
		return out
	}
	require.Equal(t, []string{pushSent, pushDisputeStarted, pushSent}, kinds(all))
	require.Equal(t, []string{pushDisputeStarted}, kinds(disputes))
	require.Empty(t, kinds(others))
}

// Proves: yandex/push-duplicates, yandex/push-shuffle
func TestDuplicatesAndShuffle(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", map[string]string{switchPushDuplicates: "on"})
	w.withPush()
	r := newReceiver(t)
	w.connect(r)
	w.says(someChat, "one")
	w.idle()
	got := r.taken()
	require.Len(t, got, 2)
	require.Equal(t, got[0], got[1])

	w.set(today, map[string]string{switchPushShuffle: "on"})
	first := w.play(someChat, marketplace.MessageInput{Text: "two"}).ID
	second := w.play(someChat, marketplace.MessageInput{Text: "three"}).ID
	w.idle()
	got = r.taken()
	require.Len(t, got, 2)
	require.Contains(t, got[0], fmt.Sprint(second))
	require.Contains(t, got[1], fmt.Sprint(first))
	w.says(someChat, "four")
	w.idle()
	require.Empty(t, r.taken())
	w.advance(push.HoldTime)
	require.Len(t, r.taken(), 1, "without another one it comes a little late")
}

// Proves: yandex/push-times-utc
func TestInstants(t *testing.T) {
	t.Parallel()
	for nanos, want := range map[int]string{
		0: "2026-10-01T12:00:00Z", 213_000_000: "2026-10-01T12:00:00.213Z", 100_000_000: "2026-10-01T12:00:00.100Z",
		1_000: "2026-10-01T12:00:00.000001Z", 759_084_017: "2026-10-01T12:00:00.759084017Z",
	} {
		at := noon.Add(time.Duration(nanos)).In(time.FixedZone("", 3*3600))
		require.Equal(t, want, instant(at).String())
	}
}

// Proves: yandex/push-post, yandex/push-url-query
func TestTargets(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"http://shop.example.com":             "http://shop.example.com/notification",
		"http://shop.example.com/":            "http://shop.example.com/notification",
		"https://shop.example.com/a/b":        "https://shop.example.com/a/b/notification",
		"https://shop.example.com/a/?token=x": "https://shop.example.com/a/notification?token=x",
	} {
		require.True(t, marketplace.IsAddress(address))
		require.Equal(t, want, target(address))
	}
	for _, address := range []string{"", "x", "ftp://shop.example.com", "http://", "://"} {
		require.False(t, marketplace.IsAddress(address), address)
	}
}
