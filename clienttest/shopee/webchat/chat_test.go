package webchat_test

import (
	"bytes"
	"crypto/md5" //nolint:gosec // the vendor's choice
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/mock"
	"example.com/marketmock/clienttest/shopee/webchat"
	"example.com/marketmock/clienttest/strictly"
)

// asker is the buyer of the fixture shopee-asked who asked an hour ago.
const asker = 231156449

// only is the one conversation of the fixture.
func only(t *testing.T, c *webchat.Client) webchat.Row {
	t.Helper()
	rows := listAll(t, c)
	require.Len(t, rows, 1)
	return rows[0]
}

// logins are those of every generation: each gives the token that opens the chat.
func logins(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "shopee-asked", nil)
	c, ctx, shop := w.clientWith(t), t.Context(), w.sellers[0]
	cookie := ptr(fmt.Sprintf("SPC_U=%d; SPC_EC=invented", shop.UserID))

	r, err := c.CreateSession(ctx, &webchat.CreateSessionParams{}, webchat.CreateSessionRequest{Username: shop.Username, Password: shop.Password})
	session := read[webchat.Session](t, r, err)
	require.Equal(t, shop.UserID, session.User.Id)
	require.Equal(t, shop.ShopID, session.User.ShopId)
	r, err = c.LoginByCookie(ctx, &webchat.LoginByCookieParams{Cookie: cookie}, webchat.AnyObject{})
	require.Equal(t, session.Token, read[webchat.CookieLogin](t, r, err).Token)
	r, err = c.Login(ctx, &webchat.LoginParams{Cookie: cookie}, webchat.AnyObject{})
	login := read[webchat.Login](t, r, err)
	require.Equal(t, "0-"+strconv.FormatInt(shop.UserID, 10), login.User.Uid)
	r, err = c.CoreLoginWithBody(ctx, &webchat.CoreLoginParams{Cookie: cookie}, "application/json", http.NoBody)
	core := read[webchat.CoreLogin](t, r, err)
	require.Equal(t, session.Token, core.Token)
	require.Equal(t, shop.UserID, core.Shop.UserId)

	only(t, w.clientWith(t, header("Authorization", "Bearer "+core.Token)))
	r, err = c.CreateSession(ctx, &webchat.CreateSessionParams{}, webchat.CreateSessionRequest{Username: shop.Username, Password: "another"})
	require.Contains(t, refused(t, http.StatusUnauthorized, "", r, err), "password")
	r, err = c.CoreLogin(ctx, &webchat.CoreLoginParams{}, webchat.AnyObject{})
	require.Equal(t, "token not found", refused(t, http.StatusUnauthorized, "", r, err))
	for state, want := range map[string]int{"otp": 481, "captcha": http.StatusUnauthorized} {
		w.act(t, "login.set", map[string]string{"state": state})
		r, err = c.CreateSession(ctx, &webchat.CreateSessionParams{}, webchat.CreateSessionRequest{Username: shop.Username, Password: shop.Password})
		refused(t, want, "", r, err)
	}
	w.act(t, "login.set", map[string]string{"state": "normal"})
	own := w.client(t)
	r, err = own.EndSession(ctx, &webchat.EndSessionParams{})
	read[webchat.Nothing](t, r, err)
	r, err = own.ListConversations(ctx, &webchat.ListConversationsParams{})
	refused(t, http.StatusUnauthorized, "user_is_unauthorized", r, err)
}

func sendText(words string) webchat.SendMessageRequest {
	return webchat.SendMessageRequest{
		ToId: digits(asker), Type: webchat.SentTypeText, Content: webchat.SendContent{Text: &words},
		RequestId: ptr("46aa9165-cdad-4547-8f84-b553627321ba"),
	}
}

// sends writes a message of each type, and reads it again.
func sends(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "shopee-asked", nil)
	c, ctx := w.client(t), t.Context()
	row := only(t, c)
	image := upload(t, c)
	for _, in := range []webchat.SendMessageRequest{
		{Type: webchat.SentTypeText, Content: webchat.SendContent{Text: ptr("Yes 🍵, forty boxes")}},
		{Type: webchat.SentTypeText, Content: webchat.SendContent{Text: ptr("this"), QuotedMsgId: ptr(text(row.LatestMessageId))}},
		{Type: webchat.SentTypeImage, Content: webchat.SendContent{Url: &image.Url}},
		{Type: webchat.SentTypeSticker, Content: webchat.SendContent{StickerId: ptr("0008"), StickerPackageId: ptr("teapots_sg")}},
		{Type: webchat.SentTypeProduct, Content: webchat.SendContent{ProductId: ptr(digits(7700000101)), ProductName: ptr("Green tea")}},
		{Type: webchat.SentTypeOrder, Content: webchat.SendContent{OrderSn: ptr("260918KJ7XN2PQ")}},
		{Type: webchat.SentTypeVideo, Content: webchat.SendContent{Vid: ptr("sg-11110133-mfx2k4p0-09591ecdc9f1dc7bd507817797d826fe")}},
		{Type: webchat.SentTypeEmojiMessage, Content: webchat.SendContent{AdditionalProperties: map[string]any{"emoji": "🍵"}}},
	} {
		in.ToId, in.RequestId = digits(asker), ptr("46aa9165-cdad-4547-8f84-b553627321ba")
		r, err := c.SendMessage(ctx, &webchat.SendMessageParams{}, in)
		sent := read[webchat.SentMessage](t, r, err)
		require.Equal(t, in.Type, sent.Type)
		require.Equal(t, *in.RequestId, sent.RequestId)
		require.Equal(t, row.Id, sent.ConversationId)
		require.Nil(t, sent.Content.ProductIds)
		require.Equal(t, sent.CreatedTimestamp, sent.CreatedAt.Unix())
		value, err := historyAll(t, c, row.Id, 100)[0].ValueByDiscriminator()
		require.NoError(t, err)
		require.Contains(t, fmt.Sprintf("%+v", value), sent.Id)
	}
	r, err := c.SendMessageWithBody(ctx, &webchat.SendMessageParams{}, "text/plain;charset=UTF-8",
		strings.NewReader(`{"to_id":231156449,"type":"text","content":{"text":"as browsers did"}}`))
	require.Equal(t, map[string]any{"text": "as browsers did"}, read[webchat.SentMessage](t, r, err).Content.AdditionalProperties)
	for _, bad := range []string{`{`, `{"type":"text","content":{"text":"a"}}`, `{"to_id":231156449,"type":"no","content":{}}`} {
		r, err = c.SendMessageWithBody(ctx, &webchat.SendMessageParams{}, "application/json", strings.NewReader(bad))
		refused(t, http.StatusBadRequest, "invalid_param", r, err)
	}
}

func upload(t *testing.T, c *webchat.Client) webchat.UploadedImage {
	t.Helper()
	const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
	raw, err := base64.StdEncoding.DecodeString(dot)
	require.NoError(t, err)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "dot.png")
	require.NoError(t, err)
	_, err = part.Write(raw)
	require.NoError(t, err)
	require.NoError(t, form.Close())
	r, err := c.UploadImageWithBody(t.Context(), &webchat.UploadImageParams{}, form.FormDataContentType(), io.Reader(&body))
	out := read[webchat.UploadedImage](t, r, err)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, out.Url, nil)
	require.NoError(t, err)
	r, err = http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.Equal(t, raw, mock.Body(t, r))
	return out
}

// changes are what can be done to a conversation.
func changes(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "shopee-asked", nil)
	c, ctx := w.client(t), t.Context()
	row := only(t, c)
	shop := ptr(digits(row.ShopId))
	counted := func() int64 {
		r, err := c.GetUnreadCount(ctx, &webchat.GetUnreadCountParams{})
		return read[webchat.UnreadCount](t, r, err).TotalUnreadCount
	}
	require.Equal(t, int64(1), counted())
	r, err := c.SyncUser(ctx, &webchat.SyncUserParams{}, webchat.AnyObject{})
	require.Equal(t, webchat.Synced{UnreadCount: 1, HaveNewMsg: true}, read[webchat.Synced](t, r, err))
	r, err = c.ReadConversation(ctx, row.Id, &webchat.ReadConversationParams{},
		webchat.ReadRequest{LastReadMessageId: text(row.LatestMessageId), ShopId: shop})
	done(t, r, err)
	require.Zero(t, counted())
	r, err = c.UnreadConversation(ctx, row.Id, &webchat.UnreadConversationParams{}, webchat.UnreadRequest{ShopId: shop})
	done(t, r, err)
	require.Equal(t, int32(1), only(t, c).UnreadCount)

	r, err = c.SetConversationStatus(ctx, row.Id, &webchat.SetConversationStatusParams{},
		webchat.StatusRequest{ShopId: shop, Status: webchat.StatusRequestStatusClosed})
	done(t, r, err)
	require.Equal(t, webchat.RowBaseStatusClosed, only(t, c).Status)
	r, err = c.SendMessage(ctx, &webchat.SendMessageParams{}, sendText("too late"))
	refused(t, http.StatusForbidden, "conversation_is_closed", r, err)
	r, err = c.EnterConversation(ctx, &webchat.EnterConversationParams{}, webchat.EnterRequest{ConversationId: ptr(text(row.Id)), ToId: ptr(digits(asker))})
	require.Equal(t, row.Id, read[webchat.Entered](t, r, err).ConversationId)
	r, err = c.OpenConversation(ctx, &webchat.OpenConversationParams{}, webchat.OpenRequest{OppsideUserId: ptr(digits(asker)), ShopId: shop})
	require.False(t, read[webchat.Opened](t, r, err).ConvIsClosed)
	notice := variant[webchat.NotificationMessage](t, historyAll(t, c, row.Id, 9)[0])
	require.Equal(t, "join", notice.Content.NotificationType)
	require.Equal(t, int64(448), notice.MessageOption)
	r, err = c.SendMessage(ctx, &webchat.SendMessageParams{}, sendText("here again"))
	read[webchat.SentMessage](t, r, err)

	w.say(t, row.Id, "And black tea?")
	latest := webchat.ListConversationsParamsDirectionLatest
	r, err = c.ListConversations(ctx, &webchat.ListConversationsParams{Direction: &latest, NextTimestampNano: &row.NextTimestampNano})
	newer := read[webchat.Rows](t, r, err)
	require.Len(t, newer, 1)
	require.Equal(t, map[string]any{"text": "And black tea?"}, newer[0].LatestMessageContent)
}

// companions are what stands beside a conversation, and settings.
func companions(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "shopee-asked", nil)
	c, ctx, shop := w.client(t), t.Context(), w.sellers[0]
	r, err := c.GetUser(ctx, "231156449", &webchat.GetUserParams{})
	require.Equal(t, webchat.User{Id: asker, Username: "buyer_one", ShopId: 231151763}, read[webchat.User](t, r, err))
	r, err = c.GetOrder(ctx, "260918KJ7XN2PQ", &webchat.GetOrderParams{})
	require.Equal(t, shop.ShopID, read[webchat.Order](t, r, err).ShopId)
	r, err = c.GetProduct(ctx, "7700000101", &webchat.GetProductParams{})
	require.Equal(t, int64(7700000101), read[webchat.Product](t, r, err).Id)
	r, err = c.GetShortcuts(ctx, &webchat.GetShortcutsParams{})
	require.Empty(t, read[webchat.Shortcuts](t, r, err).Groups)
	r, err = c.GetShopList(ctx, &webchat.GetShopListParams{Ids: ptr(fmt.Sprintf("[%d]", shop.ShopID))})
	require.Len(t, read[webchat.Shops](t, r, err).Shops, 1)
	r, err = c.GetMiniUnreadCount(ctx, &webchat.GetMiniUnreadCountParams{})
	require.Equal(t, webchat.MiniUnreadCount{TotalUnreadCount: 1, ShopId: shop.ShopID}, read[webchat.MiniUnreadCount](t, r, err))
	r, err = c.GetServingAttributes(ctx, &webchat.GetServingAttributesParams{})
	read[webchat.Nothing](t, r, err)
	r, err = c.GetUserSetting(ctx, &webchat.GetUserSettingParams{})
	read[webchat.Nothing](t, r, err)
	older := webchat.ListSubaccountConversationsParamsDirectionOlder
	r, err = c.ListSubaccountConversations(ctx, &webchat.ListSubaccountConversationsParams{Direction: &older, BizId: ptr(int32(2))})
	require.Len(t, read[webchat.LaterRows](t, r, err), 1)
	r, err = c.ListServing(ctx, &webchat.ListServingParams{}, webchat.FeedRequest{})
	require.Len(t, read[webchat.Feed](t, r, err).Conversations, 1)

	in := webchat.AutoReplyRequest{Status: webchat.OnOffEnabled, Content: ptr("We answer within the hour.")}
	r, err = c.PutAutoReply(ctx, &webchat.PutAutoReplyParams{}, in)
	read[webchat.Nothing](t, r, err)
	r, err = c.GetSettings(ctx, &webchat.GetSettingsParams{})
	settings := read[webchat.Settings](t, r, err)
	require.Equal(t, []any{webchat.OnOffEnabled, *in.Content}, []any{settings.AutoreplyStatus, settings.AutoreplyContent})
	off := webchat.OnOffDisabled
	r, err = c.PutChatSetting(ctx, &webchat.PutChatSettingParams{}, webchat.ChatSettingRequest{AutoreplyStatus: &off})
	read[webchat.Nothing](t, r, err)
	r, err = c.GetChatSetting(ctx, &webchat.GetChatSettingParams{})
	require.Equal(t, off, read[webchat.ChatSetting](t, r, err).AutoreplyStatus)
	r, err = c.GetOfflineReply(ctx, &webchat.GetOfflineReplyParams{})
	require.Equal(t, shop.ShopID, read[webchat.OfflineReply](t, r, err).ShopId)
	r, err = c.GetUser(ctx, "1", &webchat.GetUserParams{})
	refused(t, http.StatusBadRequest, "invalid_param", r, err)
}

// refusals are what a call meets before its conversation is looked for.
func refusals(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "shopee-asked", nil)
	ctx := t.Context()
	row := only(t, w.client(t))
	r, err := w.clientWith(t).GetMessages(ctx, row.Id, &webchat.GetMessagesParams{})
	refused(t, http.StatusUnauthorized, "user_is_unauthorized", r, err)
	r, err = w.client(t).GetMessages(ctx, row.Id, &webchat.GetMessagesParams{ShopId: ptr(int64(1))})
	require.Equal(t, "User is forbidden for this action", refused(t, http.StatusForbidden, "user_is_forbidden", r, err))
	r, err = w.client(t).GetMessages(ctx, "1", &webchat.GetMessagesParams{})
	refused(t, http.StatusBadRequest, "invalid_param", r, err)
	r, err = w.client(t).GetMessages(ctx, row.Id, &webchat.GetMessagesParams{Limit: ptr(int32(0))})
	refused(t, http.StatusBadRequest, "invalid_param", r, err)
	for status, code := range map[int]string{404: "error_not_found", 429: "error_rate_limit", 500: "error_server", 502: "error_server"} {
		w.Fault(t, map[string]any{"operation": "getMessages", "kind": "status", "status": status})
		r, err = w.client(t).GetMessages(ctx, row.Id, &webchat.GetMessagesParams{})
		refused(t, status, code, r, err)
	}
	w = newWorld(t, m, "shopee-asked", map[string]string{"webchat-list-method": "post"})
	r, err = w.client(t).ListConversations(ctx, &webchat.ListConversationsParams{})
	refused(t, http.StatusMethodNotAllowed, "error_method", r, err)
	w = newWorld(t, m, "shopee-asked", map[string]string{"webchat-error-shape": "message-only"})
	r, err = w.clientWith(t).ListConversations(ctx, &webchat.ListConversationsParams{})
	refused(t, http.StatusUnauthorized, "", r, err)
}

// signatures are x-s by both formulas.
func signatures(t *testing.T, m *mock.Server) {
	const salt = "42990074-9a73-4459-b749-f3110d222a72"
	for _, formula := range []string{"path-only", "with-token"} {
		w := newWorld(t, m, "shopee-asked", map[string]string{"x-s": formula})
		shop := w.sellers[0]
		token := "Bearer " + shop.WebchatToken
		ask := func(salted string) (*http.Response, error) {
			path := fmt.Sprintf("/conversations?direction=older&_uid=0-%d&_v=4.7.0", shop.UserID)
			sum := md5.Sum([]byte(path + salted)) //nolint:gosec // the vendor's choice
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+"/webchat/api/v1.2"+path, nil)
			require.NoError(t, err)
			request.Header = http.Header{"Authorization": {token}, "X-S": {hex.EncodeToString(sum[:])}, "X-V": {"3"}}
			return http.DefaultClient.Do(request)
		}
		good, bad := salt, salt+token
		if formula == "with-token" {
			good, bad = bad, good
		}
		r, err := ask(good)
		require.Len(t, read[webchat.Rows](t, r, err), 1, formula)
		r, err = ask(bad)
		refused(t, http.StatusForbidden, "invalid_x_s", r, err)
	}
}

// thePage is the request of a page about the seller centre, header by header.
func thePage(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "shopee-types", nil)
	shop := w.sellers[0]
	row := listAll(t, w.client(t))[0]
	query := url.Values{
		"shop_id": {strconv.FormatInt(shop.ShopID, 10)}, "offset": {"0"}, "limit": {"20"}, "direction": {"older"},
		"_s": {"4"}, "_uid": {fmt.Sprintf("0-%d", shop.UserID)}, "_v": {"4.7.0"},
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
		w.URL+"/webchat/api/v1.2/conversations/"+row.Id+"/messages?"+query.Encode(), nil)
	require.NoError(t, err)
	request.Header = http.Header{
		"Authorization": {"Bearer " + shop.WebchatToken}, "X-S": {"5fe45e92bbc183dc1d84b8d68282f170"}, "X-V": {"3"},
		"User-Agent": {"Mozilla/5.0 (Windows NT 10.0; WOW64)"}, "Cookie": {fmt.Sprintf("SPC_U=%d", shop.UserID)},
	}
	r, err := http.DefaultClient.Do(request)
	require.Len(t, read[webchat.Messages](t, r, err), 19)
	request.URL.Path = strings.Replace(request.URL.Path, "/v1.2/", "/v1.2/mini/", 1)
	r, err = http.DefaultClient.Do(request)
	require.Len(t, read[webchat.Messages](t, r, err), 19, "also under mini")
	var findings struct {
		Requests []struct {
			Findings []any `json:"request_findings"`
		} `json:"requests"`
	}
	w.Control(t, http.MethodGet, "/requests?operation=getMessages&wait=0s", nil, &findings)
	for _, request := range findings.Requests {
		require.Empty(t, request.Findings)
	}
}

// otherWires reads what switches change.
func otherWires(t *testing.T, m *mock.Server) {
	ctx := t.Context()
	w := newWorld(t, m, "shopee-asked", map[string]string{"webchat-send-extras": "2026"})
	r, err := w.client(t).SendMessage(ctx, &webchat.SendMessageParams{}, sendText("Hello"))
	require.NoError(t, err)
	require.ErrorContains(t, strictly.Decode(mock.Body(t, r), new(webchat.SentMessage)), `unknown field "to_id_status"`)

	w = newWorld(t, m, "shopee-asked", map[string]string{"webchat-read-reply": "200-empty-object"})
	row := only(t, w.client(t))
	r, err = w.client(t).UnreadConversation(ctx, row.Id, &webchat.UnreadConversationParams{}, webchat.UnreadRequest{})
	read[webchat.Nothing](t, r, err)

	w = newWorld(t, m, "shopee-asked", map[string]string{"webchat-error-status": "200"})
	r, err = w.clientWith(t).ListConversations(ctx, &webchat.ListConversationsParams{})
	refused(t, http.StatusOK, "user_is_unauthorized", r, err)

	w = newWorld(t, m, "shopee-asked", map[string]string{"webchat-request-id-dedupe": "on"})
	var ids []string
	for range 2 {
		r, err = w.client(t).SendMessage(ctx, &webchat.SendMessageParams{}, sendText("Hello"))
		ids = append(ids, read[webchat.SentMessage](t, r, err).Id)
	}
	require.Equal(t, ids[0], ids[1])
	require.WithinDuration(t, time.Now(), only(t, w.client(t)).LastMessageTime, time.Minute)
}
