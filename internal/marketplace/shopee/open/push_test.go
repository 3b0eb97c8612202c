package open

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/marketplace/shopee/sign"
)

// receiver answers test pushes with a status and keeps them.
func receiver(t *testing.T, status int) (url string, got *[]string) {
	t.Helper()
	got = &[]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*got = append(*got, r.Header.Get("Authorization")+" "+string(body))
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/hook", got
}

// Proves: shopee/push-set, shopee/push-get, shopee/push-get-none, shopee/push-test, shopee/push-test-body, shopee/push-test-when
// Proves: shopee/push-config-merge, shopee/push-per-app, shopee/push-blocked-shops, shopee/push-public, shopee/live-push-status-case
// Proves: shopee/push-suspended, shopee/push-set-first
func TestPushConfiguration(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	w.call(opGetPush, "").requireError(t, 200, codeParam, "The information you queried is not found.")
	w.post(opSetPush, `{"set_push_config_on":[10]}`).requireError(t, 200, codeParam,
		"Your app's callback_url is empty, please input a callback_url before you turn on push config.")
	url, got := receiver(t, http.StatusNoContent)
	var done result
	w.post(opSetPush, `{"callback_url":"`+url+`","set_push_config_on":[10,3]}`).requireOK(t, &done)
	require.Equal(t, "success", done.Result)
	require.Equal(t, []string{sign.Push(w.first().App.PartnerKey, url, nil) + " "}, *got)

	w.post(opSetPush, `{"set_push_config_off":[3,4],"blocked_shop_id_list":[17]}`).requireOK(t, nil)
	require.Len(t, *got, 1, "no address, no test")
	config := func() pushConfig {
		var out pushConfig
		w.call(opGetPush, "").requireOK(t, &out)
		return out
	}
	require.Equal(t, pushConfig{CallbackURL: url, Status: "Normal", Blocked: []int64{17}, On: []int{10}, Off: []int{3, 4}}, config())
	w.post(opSetPush, `{"set_push_config_on":[3],"blocked_shop_id_list":[]}`).requireOK(t, nil)
	require.Equal(t, pushConfig{CallbackURL: url, Status: "Normal", Blocked: []int64{}, On: []int{3, 10}, Off: []int{4}}, config())

	w.suspend()
	require.Equal(t, noon.Unix(), config().Suspended)
	require.Equal(t, "Suspended", config().Status)
	w.set(today, shop.SwitchLivePushStatus, "lower")
	require.Equal(t, "suspended", config().Status)
	w.post(opSetPush, `{"callback_url":"`+url+`"}`).requireOK(t, nil)
	require.Equal(t, "normal", config().Status)
	require.Zero(t, config().Suspended)
}

func (w *testWorld) hook(change func(*shop.Hook)) {
	w.t.Helper()
	require.NoError(w.t, shop.SavePushConfig(w.World, w.first().App.PartnerID, func(_ *chat.Webhook, h *shop.Hook) error {
		change(h)
		return nil
	}))
}

func (w *testWorld) suspend() { w.hook(func(h *shop.Hook) { h.Suspended = noon }) }

// Proves: shopee/push-config-errors, shopee/push-set-codes, shopee/push-set-url, shopee/push-http-allowed
// Proves: shopee/push-test-silent, shopee/push-test-refused, shopee/push-error-response, shopee/push-codes
func TestMistakesOfAPushConfiguration(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	gone := httptest.NewServer(http.NotFoundHandler())
	notFound, _ := receiver(t, http.StatusNotFound)
	gone.Close()
	many := strings.Repeat("1,", 500) + "1"
	for _, tt := range []struct{ body, code, text string }{
		{``, codeData, "parse data failed"},
		{`{"callback_url":`, codeData, "parse data failed"},
		{`[]`, codeData, "parse data failed"},
		{`{"callback_url":7}`, codeParam, "Wrong parameters, detail: callback_url is no string."},
		{`{"set_push_config_on":10}`, codeParam, "Wrong parameters, detail: set_push_config_on is no list of numbers."},
		{`{"set_push_config_off":["x"]}`, codeParam, "Wrong parameters, detail: set_push_config_off is no list of numbers."},
		{`{"set_push_config_on":[14]}`, codeParam, "parameter invalid"},
		{`{"set_push_config_off":[0]}`, codeParam, "parameter invalid"},
		{`{"set_push_config_on":[10],"set_push_config_off":[10]}`, codeParam, "parameter invalid"},
		{`{"blocked_shop_id_list":[` + many + `]}`, codeParam, "parameter invalid"},
		{`{"callback_url":""}`, codeParam, errPushURL.text},
		{`{"callback_url":"example.test/hook"}`, codeParam, errPushURL.text},
		{`{"callback_url":"https://hooks.shopee.io/x"}`, codeParam, errPushIntranet.text},
		{`{"callback_url":"https://partner.shopeemobile.com/x"}`, codeParam, errPushIntranet.text},
		{`{"callback_url":"https://SHOPEE.co.id:8443/x"}`, codeParam, errPushIntranet.text},
		{`{"callback_url":"http://shopee.sg./x"}`, codeParam, errPushIntranet.text},
		{`{"callback_url":"http://x.test","blocked_shop_id_list":[-5]}`, codeParam, errPushValue.text},
		{`{}`, codeParam, errPushNoURL.text},
		{`{"callback_url":"` + gone.URL + `"}`, codeParam, errPushSilent.text},
		{`{"callback_url":"` + notFound + `"}`, codeParam, errPushStatus.text},
	} {
		reply := w.post(opSetPush, tt.body)
		reply.requireError(t, 200, tt.code, tt.text)
		require.True(t, strings.HasSuffix(reply.body, `,"response":{}}`), reply.body)
	}
	require.False(t, ofVendor("https://shopee.example.test/hook"))
	require.True(t, strings.HasSuffix(errPushSilent.text, "service. "))
	require.True(t, strings.HasSuffix(errPushStatus.text, "service. "))
	w.call(opGetPush, "").requireError(t, 200, codeParam, "")
}

// lostBody is a push.
const lostBody = `{"msg_id":"","data":{"type":"notification","region":"PH","content":{"user_id":12252079,"conversation_id":"4670954831706433",` +
	`"type":"mark_as_replied","content":{"conversation_id":"4670954831706433"},"timestamp":1719883961,"msg_id":0,"biz_id":0,"from_id":0}},` +
	`"shop_id":17,"code":10,"timestamp":1719883961}`

// Proves: shopee/lost-push-list, shopee/lost-push-data, shopee/lost-push-confirm, shopee/lost-push-confirm-needs
func TestLostPushes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	type page struct {
		List []struct {
			Shop      int64           `json:"shop_id"`
			Code      int             `json:"code"`
			Timestamp int64           `json:"timestamp"`
			Data      json.RawMessage `json:"data"`
		} `json:"push_message_list"`
		More bool  `json:"has_next_page"`
		Last int64 `json:"last_message_id"`
	}
	lost := func() page {
		var out page
		w.call(opLostPush, "").requireOK(t, &out)
		return out
	}
	require.Empty(t, lost().List)
	w.post(opConfirmLost, `{"last_message_id":1}`).requireError(t, 200, codeData, "data not exist")
	w.hook(func(h *shop.Hook) {
		for range 130 {
			*h = h.Losing(17, []byte(lostBody), noon)
		}
	})
	first := lost()
	require.Len(t, first.List, 100)
	require.True(t, first.More)
	require.Equal(t, int64(100), first.Last)
	var whole string
	require.NoError(t, json.Unmarshal(first.List[0].Data, &whole))
	require.Equal(t, lostBody, whole)
	require.Equal(t, noon.Unix(), first.List[0].Timestamp)
	require.Equal(t, first, lost(), "until they are confirmed")

	reply := w.post(opConfirmLost, `{"last_message_id":100}`)
	reply.requireOK(t, nil)
	require.True(t, strings.HasSuffix(reply.body, `"warning":""}`), reply.body)
	second := lost()
	require.Len(t, second.List, 30)
	require.False(t, second.More)
	for _, bad := range []string{`{}`, `{"last_message_id":"x"}`, `{"last_message_id":-1}`} {
		w.post(opConfirmLost, bad).requireError(t, 200, codeParam, "parameter invalid")
	}
	w.post(opConfirmLost, `{"last_message_id":0}`).requireOK(t, nil)
	require.Len(t, lost().List, 30, "0 confirms nothing")
	w.post(opConfirmLost, `x`).requireError(t, 200, codeData, "parse data failed")
	w.post(opConfirmLost, `{"last_message_id":"110"}`).requireOK(t, nil)
	w.set(today, shop.SwitchLostPushData, "object")
	require.Equal(t, lostBody, string(lost().List[0].Data))
	require.Len(t, lost().List, 20)
}

// The address may go while codes are turned on.
// Proves: shopee/push-set-first
func TestCodesAreNotTurnedOnWithoutAnAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	w.hook(func(h *shop.Hook) { h.Off = []int{10} }) // it has no URL
	w.post(opSetPush, `{"set_push_config_on":[10]}`).requireError(t, 200, codeParam, errPushNoURL.text)
	hook, found := shop.PushConfig(w.Store, w.first().App.PartnerID)
	require.True(t, found)
	require.Empty(t, shop.HookOf(hook).On)
	require.NoError(t, w.removed(hook.ID))
	w.post(opSetPush, `{"set_push_config_on":[10]}`).requireError(t, 200, codeParam, errPushNoURL.text)
	require.Empty(t, w.Store.Webhooks(""))
}

func (w *testWorld) removed(hook int64) error {
	_, err := w.Store.Apply(chat.If{}, chat.WebhookRemoved{At: noon, ID: hook})
	return err
}
