package shop

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
	"example.com/marketmock/internal/marketplace/shopee/sign"
	"example.com/marketmock/internal/plainjson"
	"example.com/marketmock/internal/push"
)

// receiver is an app's service; it answers 200 until status is set.
type receiver struct {
	*httptest.Server
	mu       sync.Mutex
	status   int
	bodies   []string
	unsigned int
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{status: http.StatusOK}
	r.Server = httptest.NewServer(http.HandlerFunc(r.serve))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) serve(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bodies = append(r.bodies, string(body))
	if !sign.VerifyPush("shopee-demo-partner-key", r.URL+q.URL.RequestURI(), body, q.Header.Get("Authorization")) {
		r.unsigned++
	}
	w.WriteHeader(r.status)
}

func (r *receiver) say(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

// taken are the bodies that came since it was last asked.
func (r *receiver) taken() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.bodies
	r.bodies = nil
	return out
}

// pushing lets a world deliver to a receiver.
func (d *domain) pushing(r *receiver) {
	d.t.Helper()
	d.Outbox = push.New(push.Options{Clock: d.Clock, Faults: fault.NewSet(), Log: d.Log})
	d.t.Cleanup(d.Outbox.Close)
	events, err := Player{}.SetWebhook(d.World, marketplace.WebhookInput{URL: r.URL + "/cb"}, nil)
	require.NoError(d.t, err)
	d.apply(events...)
	d.Store.Subscribe(func(events []chat.Applied) {
		protocol := Protocol(d.World)
		for _, e := range events {
			for _, n := range Notifications(d.World, e) {
				d.Outbox.Send(protocol, n)
			}
		}
	})
}

func (d *domain) idle() {
	d.t.Helper()
	require.NoError(d.t, d.Clock.Idle(d.t.Context()))
}

// act runs an action and gives its answer as JSON.
func (d *domain) act(name, input string) (string, error) {
	d.t.Helper()
	i := slices.IndexFunc(Actions(), func(a marketplace.Action) bool { return a.Name == name })
	require.GreaterOrEqual(d.t, i, 0, name)
	out, err := Actions()[i].Run(d.World, json.RawMessage(input))
	if err != nil {
		return "", err
	}
	return string(plainjson.Encode(out)), nil
}

func (d *domain) mustAct(name, input string) string {
	d.t.Helper()
	out, err := d.act(name, input)
	require.NoError(d.t, err)
	return out
}

// plays writes by message.play and gives the message's id.
func (d *domain) plays(conversation, more string) string {
	d.t.Helper()
	var out messageState
	require.NoError(d.t, json.Unmarshal([]byte(d.mustAct("message.play", `{"chat":"`+conversation+`",`+more+`}`)), &out))
	return out.Message
}

// asked is a world with one conversation and its pushes.
func asked(t *testing.T, set map[string]string) (*domain, *receiver, string) {
	d, r := played(t, "shopee-asked", set), newReceiver(t)
	d.pushing(r)
	return d, r, d.between("demo", "231156449").ID
}

// Bodies are compared as bytes: the order of keys, bare ids, emoji.
// Proves: shopee/push-envelope, shopee/push-message, shopee/push-shop-id, shopee/push-region, shopee/push-text
// Proves: shopee/push-media, shopee/push-item, shopee/push-faq, shopee/push-bundle, shopee/push-quoted, shopee/push-codes
// Proves: shopee/push-signature, shopee/push-msg-id, shopee/push-sub-account-name
func TestWhatAPushTells(t *testing.T) {
	t.Parallel()
	d, r, conversation := asked(t, nil)
	const hex = "0123456789abcdef0123456789abcdef"
	for _, tt := range []struct{ play, kind, content, source string }{
		{`"text":"Baik kak .. 🤗 <&>"`, TypeText, `{"text":"Baik kak .. 🤗 <&>"}`, `{}`},
		{
			`"type":"image","content":{"url":"/file/` + hex + `","thumb_url":"/file/` + hex + `_tn","thumb_width":400,"thumb_height":711}`,
			TypeImage, `{"url":"http://127.0.0.1:8080/shopee/file/` + hex + `","thumb_url":"` + hex + `_tn","thumb_height":711,"thumb_width":400,"file_server_id":0}`, `{}`,
		},
		{
			`"type":"video","content":{"vid":"sg-11110133-6v8gu-` + hex + `","video_url":"/x.mp4","thumb_url":"/file/y_tn","thumb_width":399,"thumb_height":713,"duration_seconds":15}`,
			TypeVideo, `{"video_url":"` + hex + `","thumb_url":"y_tn","thumb_width":399,"thumb_height":713,"duration_seconds":15}`, `{}`,
		},
		{
			`"type":"item","content":{"shop_id":109157255,"item_id":9112503530},"about":{"item_id":4112503530}`,
			TypeItem, `{"shop_id":109157255,"item_id":9112503530}`, `{"item_id":4112503530}`,
		},
		{
			`"type":"faq_liveagent","content":{"text":"Chat with Seller"},"about":{"order_sn":"260918KJ7XN2PQ"}`,
			TypeLiveAgent, `{"text":"Chat with Seller","pass_through_data":""}`, `{"order_sn":"260918KJ7XN2PQ"}`,
		},
		{
			`"type":"bundle_message","content":{"messages":["2305843009213694321"]}`,
			TypeBundle, `{"messages":["2305843009213694321"],"shopee_chatbot_replied":true}`, `{}`,
		},
		{`"type":"sticker","content":{"sticker_id":"0008","sticker_package_id":"p"}`, TypeSticker, `{"sticker_id":"0008","sticker_package_id":"p"}`, `{}`},
		{`"type":"order","content":{"order_sn":"260918KJ7XN2PQ"}`, TypeOrder, `{"shop_id":210004001,"order_sn":"260918KJ7XN2PQ"}`, `{}`},
		{`"type":"voucher","content":{"voucher_id":1,"voucher_code":"A"}`, TypeVoucher, `{"voucher_id":1,"voucher_code":"A"}`, `{}`},
		{`"type":"webview","content":{"a":"b"}`, "webview", `{"a":"b"}`, `{}`},
	} {
		id := d.plays(conversation, tt.play)
		d.idle()
		m := d.all(conversation)
		its := MessageOf(m[len(m)-1])
		require.Equal(t, []string{fmt.Sprintf(`{"msg_id":"","data":{"type":"message","region":"SG","content":{"message_id":"%s",`+
			`"shop_id":210004001,"request_id":"%s","from_id":231156449,"from_user_name":"buyer_one","to_id":210004003,"to_user_name":"demo_shop",`+
			`"message_type":"%s","content":%s,"conversation_id":"%s","created_timestamp":%d,"region":"SG","is_in_chatbot_session":false,`+
			`"source_content":%s,"quoted_msg":{"message_id":""},"sub_account_id":0,"sub_account_name":0}},"shop_id":210004001,"code":10,"timestamp":%d}`,
			id, its.RequestID, tt.kind, tt.content, conversation, midday.Unix(), tt.source, midday.Unix())}, r.taken())
		require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, its.RequestID)
	}
	require.Zero(t, r.unsigned)
	quoted := d.plays(conversation, `"text":"this","quoted":"`+Epoch("").Text(d.all(conversation)[0].ID)+`"`)
	d.idle()
	require.Contains(t, r.taken()[0], `"quoted_msg":{"message_id":"`+Epoch("").Text(d.all(conversation)[0].ID)+`"}`)
	require.NotEmpty(t, quoted)
}

// Proves: shopee/push-msg-id, shopee/push-sub-account-name, shopee/push-repeat, shopee/id-epoch, shopee/push-fields
func TestSwitchesOfPushes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		set    map[string]string
		begins string
		has    string
		times  int
	}{
		"empty":  {nil, `{"msg_id":"","data"`, `"sub_account_name":0`, 1},
		"null":   {map[string]string{switchPushMsgID: "null"}, `{"msg_id":null,"data"`, ``, 1},
		"absent": {map[string]string{switchPushMsgID: "absent"}, `{"data"`, ``, 1},
		"string": {map[string]string{switchPushSubAccountName: "string"}, `{`, `"sub_account_name":""`, 1},
		"fields": {
			map[string]string{switchPushFields: fieldsDocumented},
			`{`,
			`"sub_account_name":0,"business_type":0,"to_shop_id":210004001,"from_shop_id":231151763,"status":"normal"}}`, 1,
		},
		"repeat": {map[string]string{switchPushRepeat: on}, `{`, ``, 2},
		"test":   {map[string]string{SwitchIDEpoch: "test"}, `{`, `"message_id":"37`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, r, conversation := asked(t, tt.set)
			id := d.plays(conversation, `"text":"x"`)
			d.idle()
			got := r.taken()
			require.Len(t, got, tt.times)
			require.True(t, strings.HasPrefix(got[0], tt.begins), got[0])
			require.Contains(t, got[0], `"message_id":"`+id+`"`)
			if name != "test" {
				require.Contains(t, got[0], tt.has)
			}
			require.Equal(t, got[0], got[len(got)-1])
		})
	}
}

// What is told to whom.
// Proves: shopee/push-app-answers, shopee/push-offwork, shopee/push-automatic, shopee/push-own-messages
// Proves: shopee/push-own-messages-app, shopee/push-mark-as-replied, shopee/push-notification, shopee/push-chatbot
func TestWhoseMessagesArePushed(t *testing.T) {
	t.Parallel()
	const message, replied = `"type":"message"`, `"type":"mark_as_replied"`
	cases := map[string]struct{ play, plain, own []string }{}
	for voice, c := range map[string]struct{ plain, own []string }{
		voiceBuyer: {[]string{message}, []string{message}}, voiceSeller: {[]string{replied}, []string{replied, message}},
		voiceShopApp: {[]string{replied}, []string{replied}}, voiceChatbot: {nil, []string{message}}, voiceAuto: {nil, []string{message}},
		voiceOffwork: {nil, nil}, voicePlatform: {nil, nil},
	} {
		cases[voice] = struct{ play, plain, own []string }{[]string{`"from":"` + voice + `","text":"x"`}, c.plain, c.own}
	}
	cases["open platform"] = struct{ play, plain, own []string }{[]string{`"from":"seller","source":"openapi","text":"x"`}, nil, []string{message}}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check := func(d *domain, r *receiver, conversation string, want []string) {
				d.plays(conversation, tt.play[0])
				d.idle()
				got := r.taken()
				require.Len(t, got, len(want))
				for i, part := range want {
					require.Contains(t, got[i], part)
				}
			}
			d, r, conversation := asked(t, nil)
			check(d, r, conversation, tt.plain)
			d.plays(conversation, `"text":"asks again"`)
			d.idle()
			r.taken()
			d.mustAct("app.set", `{"own_messages":true}`)
			check(d, r, conversation, tt.own)
			d, r, conversation = asked(t, map[string]string{switchPushOwnMessages: on})
			check(d, r, conversation, tt.own)
		})
	}
	d, r, conversation := asked(t, nil)
	d.plays(conversation, `"from":"shop-app","text":"x"`)
	d.idle()
	require.Equal(t, []string{fmt.Sprintf(`{"msg_id":"","data":{"type":"notification","region":"SG","content":{"user_id":210004003,"conversation_id":"%s",`+
		`"type":"mark_as_replied","content":{"conversation_id":"%[1]s"},"timestamp":%d,"msg_id":0,"biz_id":0,"from_id":0}},"shop_id":210004001,"code":10,`+
		`"timestamp":%[2]d}`, conversation, midday.Unix())}, r.taken())
	d.plays(conversation, `"from":"shop-app","text":"x"`)
	d.idle()
	require.Empty(t, r.taken(), "it was marked before")
	d.mustAct("chatbot.start", `{"chat":"`+conversation+`"}`)
	d.plays(conversation, `"text":"x"`)
	d.mustAct("chatbot.end", `{"chat":"`+conversation+`"}`)
	d.idle()
	got := r.taken()
	require.Len(t, got, 2)
	require.Contains(t, got[0], `"is_in_chatbot_session":true`)
	require.Contains(t, got[1], `"message_type":"faq_liveagent"`)
	require.Contains(t, got[1], `"is_in_chatbot_session":false`)
}

// Proves: shopee/push-per-app, shopee/push-on, shopee/push-blocked-shops, shopee/push-who
func TestAnAppHasOneAddressForItsShops(t *testing.T) {
	t.Parallel()
	d, r := played(t, "shopee-two-apps", nil), newReceiver(t)
	d.pushing(r)
	first, second := d.between("demo", "231156449").ID, d.between("second", "231156450").ID
	heard := func(conversation string) int {
		d.plays(conversation, `"text":"x"`)
		d.idle()
		return len(r.taken())
	}
	require.Equal(t, 1, heard(first))
	require.Zero(t, heard(second), "another app's shop")

	d, r, first = asked(t, nil)
	events, err := Player{}.OpenChat(d.World, marketplace.ChatInput{Seller: "second", Buyer: "231156450"})
	require.NoError(t, err)
	d.apply(events...)
	second = d.between("second", "231156450").ID
	require.Equal(t, []int{1, 1}, []int{heard(first), heard(second)}, "both shops of the app")
	change := func(change func(*chat.Webhook, *Hook)) {
		require.NoError(t, SavePushConfig(d.World, 2000001, func(hook *chat.Webhook, its *Hook) error {
			change(hook, its)
			return nil
		}))
	}
	change(func(_ *chat.Webhook, its *Hook) { its.Blocked = []int64{210004002} })
	require.Equal(t, []int{1, 0}, []int{heard(first), heard(second)})
	change(func(_ *chat.Webhook, its *Hook) { its.Blocked, its.On = nil, []int{3} })
	require.Equal(t, []int{0, 0}, []int{heard(first), heard(second)})
	change(func(hook *chat.Webhook, its *Hook) { its.On, hook.Types = []int{3, 10}, []string{pushNotification} })
	require.Zero(t, heard(first))
	change(func(hook *chat.Webhook, _ *Hook) { hook.Types = nil })
	require.Equal(t, 1, heard(first))
	for state, times := range map[string]int{AppDeleted: 0, AppNoChat: 0, AppSuspended: 1, StateNormal: 1} {
		d.mustAct("app.set", `{"state":"`+state+`"}`)
		require.Equal(t, times, heard(first), state)
	}
	d.mustAct("app.set", `{"state":"normal"}`)
	d.mustAct("shop.set", `{"state":"unlinked"}`)
	require.Equal(t, []int{0, 1}, []int{heard(first), heard(second)})
}

// What comes after a failure waits for it, and what never arrives is kept.
// Proves: shopee/push-ordered, shopee/push-retries, shopee/push-2xx, shopee/lost-push, shopee/lost-push-list
// Proves: shopee/lost-push-confirm
func TestPushesComeInOrderAndAreLostAfterThreeRetries(t *testing.T) {
	t.Parallel()
	d, r, conversation := asked(t, nil)
	r.say(http.StatusFound)
	first := d.plays(conversation, `"text":"one"`)
	second := d.plays(conversation, `"text":"two"`)
	d.idle()
	require.Len(t, r.taken(), 1)
	for i, pause := range []time.Duration{time.Second, 2 * time.Second} {
		d.advance(pause - time.Millisecond)
		require.Empty(t, r.taken(), i)
		d.advance(time.Millisecond)
		require.Len(t, r.taken(), 1)
	}
	d.advance(3 * time.Second)
	got := r.taken()
	require.Len(t, got, 2, "the last attempt, and the next push")
	require.Contains(t, got[0], first)
	require.Contains(t, got[1], second)
	r.say(http.StatusNoContent)
	d.advance(time.Second)
	require.Len(t, r.taken(), 1)

	hook, _ := PushConfig(d.Store, 2000001)
	lost := HookOf(hook).LostSince(d.Clock.Now())
	require.Len(t, lost, 1)
	require.Equal(t, LostPush{ID: 1, At: midday.Add(6 * time.Second), Shop: 210004001, Code: 10, Body: json.RawMessage(got[0])}, lost[0])
	require.Equal(t, [2]int{2, 1}, [2]int{HookOf(hook).Sent, HookOf(hook).Failed})
	require.Empty(t, HookOf(hook).LostSince(d.Clock.Now().Add(72*time.Hour+time.Second)))
	require.NoError(t, ConfirmLost(d.World, 2000001, 1))
	require.NoError(t, ConfirmLost(d.World, 7, 1))
	hook, _ = PushConfig(d.Store, 2000001)
	require.Empty(t, HookOf(hook).LostSince(d.Clock.Now()))
	require.Zero(t, HookOf(hook).Lost)

	d, r, conversation = asked(t, map[string]string{switchPushRetries: "none"})
	r.say(http.StatusInternalServerError)
	d.plays(conversation, `"text":"one"`)
	d.advance(time.Minute)
	require.Len(t, r.taken(), 1)
}

// Proves: shopee/push-suspended, shopee/push-suspended-when, shopee/lost-push
func TestAnAddressThatFailsIsSuspended(t *testing.T) {
	t.Parallel()
	d, r, conversation := asked(t, map[string]string{switchPushRetries: "none"})
	r.say(http.StatusInternalServerError)
	status := func() PushStatus {
		hook, _ := PushConfig(d.Store, 2000001)
		return HookOf(hook).Status()
	}
	for i := range 10 {
		require.Equal(t, map[bool]PushStatus{false: PushNormal, true: PushWarning}[i >= 5], status(), i)
		d.plays(conversation, `"text":"x"`)
		d.idle()
	}
	require.Equal(t, PushSuspended, status())
	require.Len(t, r.taken(), 10)
	r.say(http.StatusOK)
	d.plays(conversation, `"text":"while suspended"`)
	d.idle()
	require.Empty(t, r.taken())
	hook, _ := PushConfig(d.Store, 2000001)
	lost := HookOf(hook).LostSince(midday)
	require.Len(t, lost, 11)
	require.Contains(t, string(lost[10].Body), "while suspended")
	require.Equal(t, `{"callback_url":"`+r.URL+`/cb","live_push_status":"Normal","lost":11}`, d.mustAct("push.resume", ``))
	d.plays(conversation, `"text":"again"`)
	d.idle()
	require.Len(t, r.taken(), 1)
	require.Contains(t, d.mustAct("push.suspend", ``), `"live_push_status":"Suspended","suspended_time":"2026-10-05T12:00:00Z"`)
	d.plays(conversation, `"text":"and again"`)
	d.idle()
	require.Empty(t, r.taken())
}

// The health of an address is a rule of numbers.
// Proves: shopee/push-suspended-when
func TestHealthForgets(t *testing.T) {
	t.Parallel()
	h := Hook{}
	for range 4 {
		h = h.counted(false, midday)
	}
	require.Equal(t, PushNormal, h.Status(), "too few to tell")
	for range 6 {
		h = h.counted(true, midday)
	}
	require.Equal(t, PushNormal, h.Status())
	for range 3 {
		h = h.counted(false, midday)
	}
	require.Equal(t, PushWarning, h.Status())
	for range 200 {
		h = h.counted(true, midday)
	}
	require.Equal(t, PushNormal, h.Status())
	require.LessOrEqual(t, h.Sent, healthWindow)
	for i := 0; h.Suspended.IsZero(); i++ {
		require.Less(t, i, 60)
		h = h.counted(false, midday)
	}
	require.Equal(t, Hook{}, h.Resumed())
}

// Proves: shopee/push-test, shopee/push-test-body, shopee/push-test-refused
func TestATestPush(t *testing.T) {
	t.Parallel()
	d, r, _ := asked(t, nil)
	app := ShopOf(d.seller).App
	probe := func(address string) Probed { return Probe(t.Context(), d.World, app, address) }
	require.Equal(t, ProbeOK, probe(r.URL+"/cb"))
	require.Equal(t, []string{""}, r.taken(), "an empty body")
	for status, want := range map[int]Probed{204: ProbeOK, 301: ProbeNot2xx, 404: ProbeNot2xx, 500: ProbeNot2xx} {
		r.say(status)
		require.Equal(t, want, probe(r.URL+"/cb"), status)
	}
	gone := httptest.NewServer(nil)
	gone.Close()
	require.Equal(t, ProbeNoAnswer, probe(gone.URL))
	r.taken()
	r.say(http.StatusOK)
	d.set(newest, map[string]string{switchPushTestBody: "sample"})
	require.Contains(t, d.mustAct("push.test", ``), `"outcome":"ok"`)
	got := r.taken()
	require.Len(t, got, 1)
	require.Contains(t, got[0], `"message_type":"text","content":{"text":"Hello 👋"}`)
	require.Contains(t, got[0], `"code":10`)
	require.Zero(t, r.unsigned)
	hook, _ := PushConfig(d.Store, app.PartnerID)
	require.Zero(t, HookOf(hook).Sent, "a test push does not count")
}

// Proves: shopee/push-timeout
func TestTheTimeoutOfPushes(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	require.Equal(t, 2*time.Second, Protocol(d.World).Timeout)
	require.True(t, Protocol(d.World).Ordered)
	d.set(newest, map[string]string{switchPushTimeout: "3s"})
	require.Equal(t, 3*time.Second, Protocol(d.World).Timeout)
}

// Proves: shopee/push-per-app
func TestTwoWhoMakeAnAddressMakeOne(t *testing.T) {
	t.Parallel()
	d := played(t, "shopee-asked", nil)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			_ = SavePushConfig(d.World, 2000001, func(hook *chat.Webhook, its *Hook) error {
				hook.URL = "http://x"
				its.On = append(slices.Clone(its.On), i)
				return nil
			})
		})
	}
	all.Wait()
	require.Len(t, d.Store.Webhooks(""), 1)
	hook, found := PushConfig(d.Store, 2000001)
	require.True(t, found)
	require.Len(t, HookOf(hook).On, 8)
	require.ErrorIs(t, SavePushConfig(d.World, 7, nil), ErrNoApp)
	_, err := d.act("push.test", `{"seller":"third"}`)
	require.Error(t, err)
	_, err = played(t, "shopee-asked", nil).act("push.suspend", ``)
	require.Error(t, err, "there is no address")
}
