package shopee_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/mock"
	"example.com/marketmock/clienttest/shopee"
	"example.com/marketmock/clienttest/shopee/push"
	"example.com/marketmock/clienttest/strictly"
)

const patience = 20 * time.Second

// arrival is a request that came to a receiver.
type arrival struct {
	raw    []byte
	signed string
}

// receiver takes pushes at one address. It answers the next of replies, which are
// statuses, while there are any, and 200 without a body then.
type receiver struct {
	url     string
	came    chan arrival
	replies chan int
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	d := &receiver{came: make(chan arrival, 64), replies: make(chan int, 64)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		status := http.StatusOK
		select {
		case status = <-d.replies:
		default:
		}
		w.WriteHeader(status)
		d.came <- arrival{raw, r.Header.Get("Authorization")}
	}))
	t.Cleanup(server.Close)
	d.url = server.URL + "/shops/shopee?app=1"
	return d
}

// next waits for a request and wants it to be signed over its address and its
// bytes.
func (d *receiver) next(t *testing.T, w *world) []byte {
	t.Helper()
	select {
	case got := <-d.came:
		require.Equal(t, hmacOf(w.sellers[0].PartnerKey, d.url+"|"+string(got.raw)), got.signed)
		return got.raw
	case <-time.After(patience):
		require.FailNow(t, "no push came")
		panic("unreachable")
	}
}

// pushOf reads a push strictly.
func pushOf(t *testing.T, raw []byte) push.Push {
	t.Helper()
	var out push.Push
	require.NoError(t, strictly.Decode(raw, &out), "%s", raw)
	return out
}

// message is a push of a message of a type that a test expects.
func message[T any](t *testing.T, w *world, d *receiver) T {
	t.Helper()
	p := pushOf(t, d.next(t, w))
	require.Equal(t, w.sellers[0].ShopID, p.ShopId)
	return variant[T](t, variant[push.MessageData](t, p.Data).Content)
}

// register sets the app's address, which is tried at once.
func register(t *testing.T, w *world, d *receiver) {
	t.Helper()
	in := shopee.SetAppPushConfigRequest{CallbackUrl: &d.url, SetPushConfigOn: &shopee.PushCodes{10}}
	r, err := w.client(t).SetAppPushConfig(t.Context(), &shopee.SetAppPushConfigParams{}, in)
	require.Equal(t, shopee.PushConfigResultResultSuccess, read[shopee.SetAppPushConfigSuccess](t, r, err).Response.Result)
	require.Empty(t, string(d.next(t, w)), "the test push has no body")
}

// config is where pushes go.
func config(t *testing.T, w *world) shopee.PushConfig {
	t.Helper()
	r, err := w.client(t).GetAppPushConfig(t.Context(), &shopee.GetAppPushConfigParams{})
	return read[shopee.GetAppPushConfigSuccess](t, r, err).Response
}

// pushes makes a message of each type happen and reads its push.
func pushes(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "shopee-asked", nil)
	d := newReceiver(t)
	register(t, w, d)
	require.Equal(t, shopee.PushConfig{
		CallbackUrl: d.url, LivePushStatus: shopee.LivePushStatusNormal, BlockedShopId: []int64{},
		PushConfigOnList: shopee.PushCodes{10}, PushConfigOffList: shopee.PushCodes{},
	}, config(t, w))
	c := w.client(t)
	row, id := only(t, c)

	w.say(t, row.ConversationId, "Is it <fresh> & \"green\"? 🍵\u2028")
	text := message[push.TextMessage](t, w, d)
	require.Equal(t, "Is it <fresh> & \"green\"? 🍵\u2028", text.Content.Text)
	require.Equal(t, row.ConversationId, text.ConversationId)
	require.Equal(t, int64(asker), text.FromId)
	require.Equal(t, w.sellers[0].UserID, text.ToId)
	newest := variant[shopee.TextMessage](t, historyAll(t, c, id, 1)[0])
	require.Equal(t, newest.MessageId, text.MessageId)
	require.Equal(t, newest.RequestId, text.RequestId)

	play := func(kind string, content map[string]any) {
		t.Helper()
		w.act(t, "message.play", map[string]any{"chat": row.ConversationId, "type": kind, "content": content}, nil)
	}
	play("sticker", map[string]any{"sticker_id": "0008", "sticker_package_id": "teapots_sg"})
	require.Equal(t, "0008", message[push.StickerMessage](t, w, d).Content.StickerId)
	play("item", map[string]any{"item_id": 7700000101})
	require.Equal(t, int64(7700000101), message[push.ItemMessage](t, w, d).Content.ItemId)
	play("order", map[string]any{"order_sn": orderSN})
	require.Equal(t, orderSN, message[push.OrderMessage](t, w, d).Content.OrderSn)
	play("voucher", map[string]any{"voucher_id": 7, "voucher_code": "TEA10"})
	message[push.VoucherMessage](t, w, d)
	play("bundle_message", map[string]any{"messages": []string{newest.MessageId}})
	require.Equal(t, []string{newest.MessageId}, message[push.BundleMessage](t, w, d).Content.Messages)
	play("faq_liveagent", map[string]any{"text": "Chat with the seller", "pass_through_data": ""})
	message[push.LiveAgentMessage](t, w, d)
	play("faq_question", map[string]any{"question": "When?"})
	require.Equal(t, map[string]any{"question": "When?"}, message[push.OtherMessage](t, w, d).Content)
	play("image", map[string]any{"url": "/file/09591ecdc9f1dc7bd507817797d826fe"})
	message[push.ImageMessage](t, w, d)
	play("video", map[string]any{"video_url": "/api/v4/11110133/mms/sg-11110133-mfx2k4p0-09591ecdc9f1dc7bd507817797d826fe.default.mp4"})
	message[push.VideoMessage](t, w, d)

	send(t, c, sendText(asker, "own messages are not pushed"))
	w.act(t, "message.play", map[string]any{"chat": row.ConversationId, "from": "shop-app", "text": "from the phone"}, nil)
	p := pushOf(t, d.next(t, w))
	replied := variant[push.NotificationData](t, p.Data).Content
	require.Equal(t, row.ConversationId, replied.ConversationId)
	require.Equal(t, row.ConversationId, replied.Content.ConversationId)
}

// lostPushes are what a receiver fails to take four times.
func lostPushes(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "shopee-asked", nil)
	w.Freeze(t)
	d := newReceiver(t)
	register(t, w, d)
	row, _ := only(t, w.client(t))
	for range 4 {
		d.replies <- http.StatusInternalServerError
	}
	w.say(t, row.ConversationId, "Hello?")
	raw := d.next(t, w)
	for _, pause := range []time.Duration{time.Second, 2 * time.Second, 3 * time.Second} {
		w.advance(t, pause)
		require.Equal(t, raw, d.next(t, w), "byte by byte the same")
	}
	var lost shopee.LostPushes
	require.Eventually(t, func() bool {
		r, err := w.client(t).GetLostPushMessage(t.Context(), &shopee.GetLostPushMessageParams{})
		lost = read[shopee.GetLostPushMessageSuccess](t, r, err).Response
		return len(lost.PushMessageList) == 1
	}, patience, 20*time.Millisecond)
	require.Equal(t, string(raw), lost.PushMessageList[0].Data, "JSON in a string")
	require.False(t, lost.HasNextPage)
	r, err := w.client(t).ConfirmConsumedLostPushMessage(t.Context(), &shopee.ConfirmConsumedLostPushMessageParams{},
		shopee.ConfirmConsumedLostPushMessageRequest{LastMessageId: post(lost.LastMessageId)})
	read[shopee.ConfirmConsumedLostPushMessageSuccess](t, r, err)
	r, err = w.client(t).GetLostPushMessage(t.Context(), &shopee.GetLostPushMessageParams{})
	require.Empty(t, read[shopee.GetLostPushMessageSuccess](t, r, err).Response.PushMessageList)
}

// pushWires are pushes as switches change them.
func pushWires(t *testing.T, m *mock.Server) {
	for _, c := range []struct {
		switches map[string]string
		mistake  string // "" when it is read strictly
	}{
		{map[string]string{"push-msg-id": "null"}, "/msg_id: is null"},
		{map[string]string{"push-msg-id": "absent"}, "/msg_id: is missing"},
		{map[string]string{"push-sub-account-name": "string"}, ""},
		{map[string]string{"id-epoch": "test"}, ""},
	} {
		w := newWorld(t, m, "shopee-asked", c.switches)
		d := newReceiver(t)
		register(t, w, d)
		row, _ := only(t, w.client(t))
		w.say(t, row.ConversationId, "Hello?")
		err := strictly.Decode(d.next(t, w), new(push.Push))
		if c.mistake == "" {
			require.NoError(t, err, c.switches)
		} else {
			require.ErrorContains(t, err, c.mistake)
		}
	}
	w := newWorld(t, m, "shopee-asked", map[string]string{"push-repeat": "on", "push-own-messages": "on"})
	d := newReceiver(t)
	register(t, w, d)
	send(t, w.client(t), sendText(asker, "own"))
	require.Equal(t, "own", message[push.TextMessage](t, w, d).Content.Text)
	require.Equal(t, "own", message[push.TextMessage](t, w, d).Content.Text, "it comes twice")
}

// badReceivers are addresses that are not taken.
func badReceivers(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "shopee-asked", nil)
	set := func(in shopee.SetAppPushConfigRequest) string {
		t.Helper()
		r, err := w.client(t).SetAppPushConfig(t.Context(), &shopee.SetAppPushConfigParams{}, in)
		return readAs[shopee.PushRefusal](t, http.StatusOK, r, err).Message
	}
	require.Equal(t, "Your app's callback_url is empty, please input a callback_url before you turn on push config.",
		set(shopee.SetAppPushConfigRequest{SetPushConfigOn: &shopee.PushCodes{10}}))
	require.Equal(t, "this callback_url is invalid, please check your callback_url.",
		set(shopee.SetAppPushConfigRequest{CallbackUrl: ptr("shop.example.com")}))
	d := newReceiver(t)
	d.replies <- http.StatusMovedPermanently
	require.Contains(t, set(shopee.SetAppPushConfigRequest{CallbackUrl: &d.url}), "is not 2xx code")
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	require.Contains(t, set(shopee.SetAppPushConfigRequest{CallbackUrl: &closed.URL}), "we didn't get any response in 3 seconds")
	r, err := w.client(t).GetAppPushConfig(t.Context(), &shopee.GetAppPushConfigParams{})
	require.Equal(t, "The information you queried is not found.", readAs[shopee.PushRefusal](t, http.StatusOK, r, err).Message)
}
