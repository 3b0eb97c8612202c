package shopee_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/mock"
	"example.com/marketmock/clienttest/shopee"
)

// operation is a call with what its signature wants and nothing more than its
// parameters' names.
type operation func(context.Context, *shopee.Client, ...shopee.RequestEditorFn) (*http.Response, error)

// onConversation is an operation that wants a conversation alone.
func onConversation[P any](
	call func(*shopee.Client, context.Context, *P, shopee.ConversationRequest, ...shopee.RequestEditorFn) (*http.Response, error),
) operation {
	return func(ctx context.Context, c *shopee.Client, e ...shopee.RequestEditorFn) (*http.Response, error) {
		return call(c, ctx, new(P), shopee.ConversationRequest{ConversationId: post(1)}, e...)
	}
}

// plain is an operation without a body.
func plain[P any](call func(*shopee.Client, context.Context, *P, ...shopee.RequestEditorFn) (*http.Response, error)) operation {
	return func(ctx context.Context, c *shopee.Client, e ...shopee.RequestEditorFn) (*http.Response, error) {
		return call(c, ctx, new(P), e...)
	}
}

// bodied is an operation with a JSON body.
func bodied[P, B any](call func(*shopee.Client, context.Context, *P, B, ...shopee.RequestEditorFn) (*http.Response, error), body B) operation {
	return func(ctx context.Context, c *shopee.Client, e ...shopee.RequestEditorFn) (*http.Response, error) {
		return call(c, ctx, new(P), body, e...)
	}
}

// shopCalls are the operations of a shop, by operationId.
func shopCalls() map[string]operation {
	return map[string]operation{
		"get_conversation_list":         plain((*shopee.Client).GetConversationList),
		"get_one_conversation":          plain((*shopee.Client).GetOneConversation),
		"get_message":                   plain((*shopee.Client).GetMessage),
		"send_message":                  bodied((*shopee.Client).SendMessage, shopee.SendMessageRequest{ToId: post(0)}),
		"send_autoreply_message":        bodied((*shopee.Client).SendAutoreplyMessage, shopee.SendAutoreplyMessageRequest{ToId: post(0)}),
		"delete_message":                bodied((*shopee.Client).DeleteMessage, shopee.DeleteMessageRequest{MessageId: post(1)}),
		"delete_conversation":           onConversation((*shopee.Client).DeleteConversation),
		"pin_conversation":              onConversation((*shopee.Client).PinConversation),
		"unpin_conversation":            onConversation((*shopee.Client).UnpinConversation),
		"unread_conversation":           onConversation((*shopee.Client).UnreadConversation),
		"mute_conversation":             onConversation((*shopee.Client).MuteConversation),
		"unmute_conversation":           onConversation((*shopee.Client).UnmuteConversation),
		"read_conversation":             bodied((*shopee.Client).ReadConversation, shopee.ReadConversationRequest{ConversationId: post(1), LastReadMessageId: post(1)}),
		"get_unread_conversation_count": plain((*shopee.Client).GetUnreadConversationCount),
		"get_offer_toggle_status":       plain((*shopee.Client).GetOfferToggleStatus),
		"set_offer_toggle_status":       bodied((*shopee.Client).SetOfferToggleStatus, shopee.SetOfferToggleStatusRequest{}),
		"get_video_upload_result":       plain((*shopee.Client).GetVideoUploadResult),
		"get_csat_msg_details":          plain((*shopee.Client).GetCsatMsgDetails),
		"upload_image":                  upload((*shopee.Client).UploadImageWithBody),
		"upload_video":                  upload((*shopee.Client).UploadVideoWithBody),
	}
}

func authCalls() map[string]operation {
	return map[string]operation{
		"auth_partner":         plain((*shopee.Client).AuthPartner),
		"get_access_token":     bodied((*shopee.Client).GetAccessToken, shopee.GetAccessTokenRequest{ShopId: post(1), PartnerId: post(1)}),
		"refresh_access_token": bodied((*shopee.Client).RefreshAccessToken, shopee.RefreshAccessTokenRequest{ShopId: post(1), PartnerId: post(1)}),
	}
}

func pushCalls() map[string]operation {
	return map[string]operation{
		"set_app_push_config":                bodied((*shopee.Client).SetAppPushConfig, shopee.SetAppPushConfigRequest{}),
		"get_app_push_config":                plain((*shopee.Client).GetAppPushConfig),
		"get_lost_push_message":              plain((*shopee.Client).GetLostPushMessage),
		"confirm_consumed_lost_push_message": bodied((*shopee.Client).ConfirmConsumedLostPushMessage, shopee.ConfirmConsumedLostPushMessageRequest{LastMessageId: post(1)}),
	}
}

func upload[P any](
	call func(*shopee.Client, context.Context, *P, string, io.Reader, ...shopee.RequestEditorFn) (*http.Response, error),
) operation {
	return func(ctx context.Context, c *shopee.Client, e ...shopee.RequestEditorFn) (*http.Response, error) {
		const boundary = "--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\n1\r\n--b--\r\n"
		return call(c, ctx, new(P), "multipart/form-data; boundary=b", strings.NewReader(boundary), e...)
	}
}

// everyStatus gets each documented error from each operation.
func everyStatus(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "shopee-asked", nil)
	c := w.client(t)
	for _, calls := range []map[string]operation{shopCalls(), authCalls()} {
		for name, call := range calls {
			everyError(t, w, c, name, call, func(status int, code string, r *http.Response, err error) {
				t.Helper()
				refused(t, status, code, r, err)
			})
		}
	}
	for name, call := range pushCalls() {
		everyError(t, w, c, name, call, func(status int, code string, r *http.Response, err error) {
			t.Helper()
			require.Equal(t, code, readAs[shopee.PushRefusal](t, status, r, err).Error)
		})
	}
}

func everyError(
	t *testing.T, w *world, c *shopee.Client, name string, call operation,
	refused func(status int, code string, r *http.Response, err error),
) {
	t.Helper()
	ctx := t.Context()
	r, err := call(ctx, c, query("sign", strings.Repeat("0", 64)))
	refused(http.StatusForbidden, "error_sign", r, err)
	r, err = call(ctx, c, query("timestamp", ""))
	refused(http.StatusForbidden, "error_param", r, err)
	r, err = call(ctx, c, query("partner_id", "9999999"))
	refused(http.StatusForbidden, "invalid_partner_id", r, err)
	for status, code := range map[int]string{
		400: "error_param", 401: "error_auth", 404: "error_not_found", 429: "error_rate_limit", 491: "error_permission",
		500: "error_server", 502: "error_network", 504: "error_inner",
	} {
		w.Fault(t, map[string]any{"operation": name, "kind": "status", "status": status})
		r, err = call(ctx, c)
		refused(status, code, r, err)
	}
}

// gateway wants the text of each mistake that all calls may have.
func gateway(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "shopee-asked", nil)
	c := w.client(t)
	later := decimal(time.Now().Add(6 * time.Minute).Unix())
	for _, wrong := range []struct{ name, value, code, text string }{
		{"partner_id", "", "error_param", "There is no partner_id in query."},
		{"partner_id", "abc", "error_param", "Partner_id is invalid, should be an integer between 0 and 4294967295."},
		{"timestamp", "", "error_param", "no timestamp"},
		{"timestamp", "abc", "error_param", "Timestamp is invalid, should be an integer between 0 and 4294967295."},
		{"timestamp", "1", "error_param", "Timestamp is expired."},
		{"timestamp", later, "error_param", "Timestamp is expired."},
		{"sign", "", "error_param", "There is no sign in query."},
		{"access_token", "", "error_param", "There is no access_token in query."},
		{"shop_id", "", "error_param", "There is no shop_id in query."},
		{"sign", "abc", "error_sign", "Wrong sign."},
	} {
		r, err := c.GetUnreadConversationCount(t.Context(), &shopee.GetUnreadConversationCountParams{}, query(wrong.name, wrong.value))
		require.Equal(t, wrong.text, refused(t, http.StatusForbidden, wrong.code, r, err), wrong)
	}
	stranger := w.sellers[0]
	stranger.AccessToken = "0123456789abcdef0123456789abcdef"
	r, err := w.clientOf(t, stranger).GetUnreadConversationCount(t.Context(), &shopee.GetUnreadConversationCountParams{})
	require.Equal(t, "Invalid access_token, please have a check.", refused(t, http.StatusForbidden, "invalid_acceess_token", r, err))
	stranger.PartnerKey = "another"
	r, err = w.clientOf(t, stranger).GetUnreadConversationCount(t.Context(), &shopee.GetUnreadConversationCountParams{})
	refused(t, http.StatusForbidden, "error_sign", r, err)

	w.Limit(t, "app-calls-per-minute", 1, "1m")
	for range 2 {
		r, err = c.GetUnreadConversationCount(t.Context(), &shopee.GetUnreadConversationCountParams{})
		if r.StatusCode == http.StatusOK {
			_ = mock.Body(t, r)
		}
	}
	refused(t, http.StatusForbidden, "error_rate_limit", r, err)
}

// unknownPaths are what clients call that was never there.
func unknownPaths(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "shopee-asked", nil)
	for _, name := range []string{"get_message_list", "manage_offer", "get_offer_detail", "reply_offer"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+"/api/v2/sellerchat/"+name, nil)
		require.NoError(t, err)
		require.NoError(t, w.signed(w.sellers[0])(t.Context(), request))
		r, err := http.DefaultClient.Do(request)
		refused(t, http.StatusNotFound, "error_not_found", r, err)
	}
}

// chatRules are refusals of a message, in 200.
func chatRules(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "shopee-asked", nil)
	c, ctx := w.client(t), t.Context()
	_, id := only(t, c)
	try := func(in shopee.SendMessageRequest) (*http.Response, error) {
		return c.SendMessage(ctx, &shopee.SendMessageParams{}, in)
	}
	for code, in := range map[string]shopee.SendMessageRequest{
		"invalid_to_id":     sendText(0, "Hello!"),
		"message_too_long":  sendText(asker, strings.Repeat("я", 601)),
		"user_is_forbidden": sendText(nobody, "Hello!"),
	} {
		r, err := try(in)
		refused(t, http.StatusOK, code, r, err)
	}
	r, err := c.SendMessageWithBody(ctx, &shopee.SendMessageParams{}, "application/json", strings.NewReader(`{"to_id":231156449,"message_type":"text"}`))
	refused(t, http.StatusOK, "param_error", r, err)
	r, err = c.SendMessageWithBody(ctx, &shopee.SendMessageParams{}, "application/json", strings.NewReader(`{`))
	refused(t, http.StatusOK, "param_error", r, err)
	unlimited(t, w)
	for i := range 5 {
		send(t, c, sendText(asker, fmt.Sprintf("%d: %s", i, strings.Repeat("я", 597))))
	}
	r, err = try(sendText(asker, "a sixth"))
	refused(t, http.StatusOK, "reach_5_message_limit", r, err)
	w.say(t, decimal(id), "So?")
	send(t, c, sendText(asker, "the same"))
	r, err = try(sendText(asker, "the same"))
	refused(t, http.StatusOK, "error_business", r, err)
	w.advance(t, 25*time.Hour)
	send(t, c, sendText(asker, "the same"))
	w.advance(t, 7*24*time.Hour)
	r, err = try(sendText(asker, "too late"))
	refused(t, http.StatusOK, "user_is_forbidden", r, err)

	r, err = c.GetConversationList(ctx, &shopee.GetConversationListParams{Type: shopee.GetConversationListParamsTypeAll})
	refused(t, http.StatusOK, "error_param", r, err)
	r, err = c.GetMessage(ctx, &shopee.GetMessageParams{ConversationId: id, MessageIdList: &[]int64{1}})
	refused(t, http.StatusOK, "param_error", r, err)
	r, err = c.GetMessage(ctx, &shopee.GetMessageParams{ConversationId: 1})
	refused(t, http.StatusOK, "error_data", r, err)
}

func unlimited(t *testing.T, w *world) {
	t.Helper()
	w.Limit(t, "sends-per-second", 1_000_000, "1s")
}

// statuses are what switches make of them.
func statuses(t *testing.T, m *mock.Server) {
	for _, c := range []struct {
		switches map[string]string
		state    string
		status   int
		code     string
	}{
		{map[string]string{"no-permission-status": "491"}, "no-chat", 491, "error_api_permission"},
		{map[string]string{"no-permission-error": "error_auth"}, "no-chat", 403, "error_auth"},
		{map[string]string{"error-status": "always-200"}, "deleted", 200, "error_auth"},
		{nil, "suspended", 403, "api_suspended"},
	} {
		w := newWorld(t, m, "shopee-asked", c.switches)
		w.act(t, "app.set", map[string]string{"state": c.state}, nil)
		r, err := w.client(t).GetUnreadConversationCount(t.Context(), &shopee.GetUnreadConversationCountParams{})
		refused(t, c.status, c.code, r, err)
	}
}
