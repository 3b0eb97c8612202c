package shopee_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/mock"
	"example.com/marketmock/clienttest/shopee"
)

// Who and what the fixture shopee-asked has.
const (
	asker   = 231156449 // has asked an hour ago
	orderer = 231156450 // has an order and no conversation
	nobody  = 999999999
	orderSN = "260918KJ7XN2PQ"
)

// only is the one conversation of the fixture.
func only(t *testing.T, c *shopee.Client) (shopee.Conversation, int64) {
	t.Helper()
	rows := listAll(t, c, shopee.GetConversationListParamsTypeAll, 25)
	require.Len(t, rows, 1)
	return rows[0], number(t, rows[0].ConversationId)
}

func sendText(to int64, text string) shopee.SendMessageRequest {
	return shopee.SendMessageRequest{
		ToId: post(to), MessageType: shopee.SentTypeText, Content: shopee.SendContent{Text: &text},
	}
}

// send wants a message to be sent, and gives what is told of it.
func send(t *testing.T, c *shopee.Client, in shopee.SendMessageRequest) shopee.SentMessage {
	t.Helper()
	r, err := c.SendMessage(t.Context(), &shopee.SendMessageParams{}, in)
	return read[shopee.SendMessageSuccess](t, r, err).Response
}

// conversation sends a message of every type and reads it again.
func conversation(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "shopee-asked", nil)
	c := w.client(t)
	_, id := only(t, c)
	image := uploadImage(t, c, dot)
	vid := uploadVideo(t, c, movie(15))
	w.advance(t, 6*time.Second)
	video := result(t, c, vid)

	text := variant[shopee.SentText](t, send(t, c, sendText(asker, "Yes, forty boxes 🍵 are left.")))
	require.Equal(t, id, text.ConversationId)
	require.Equal(t, int64(asker), text.ToId)
	sent := map[shopee.SentType]shopee.SendContent{
		shopee.SentTypeSticker: {StickerId: ptr("0008"), StickerPackageId: ptr("teapots_sg")},
		shopee.SentTypeImage:   {ImageUrl: &image.Url},
		shopee.SentTypeItem:    {ItemId: ptr(post(7700000101))},
	}
	for kind, content := range sent {
		in := shopee.SendMessageRequest{ToId: post(asker), MessageType: kind, Content: content}
		told, err := send(t, c, in).ValueByDiscriminator()
		require.NoError(t, err)
		newest := historyAll(t, c, id, 1)[0]
		read, err := newest.ValueByDiscriminator()
		require.NoError(t, err)
		require.Equal(t, field(told, "MessageId"), field(read, "MessageId"))
		require.Equal(t, field(told, "Content"), field(read, "Content"), "told and read the same")
	}
	w.say(t, decimal(id), "Thank you!") // or the five are used up
	film := variant[shopee.SentVideo](t, send(t, c, shopee.SendMessageRequest{
		ToId: postText(decimal(asker)), MessageType: shopee.SentTypeVideo, Content: shopee.SendContent{
			Vid: &vid, VideoUrl: &video.Video, ThumbUrl: &video.Thumbnail, ThumbWidth: &video.Width, ThumbHeight: &video.Height,
			DurationSeconds: ptr(int32(15)),
		},
	}))
	require.Equal(t, video.Video, film.Content.VideoUrl)
	require.Equal(t, int32(15), film.Content.DurationSeconds)
	voucher := shopee.SendContent{VoucherId: ptr(post(665012233)), VoucherCode: ptr("TEA10")}
	send(t, c, shopee.SendMessageRequest{ToId: post(asker), MessageType: shopee.SentTypeVoucher, Content: voucher})

	every := sendText(asker, "Hi, guys!")
	every.Content.StickerId, every.Content.OrderSn, every.Content.ItemId = ptr("-"), ptr("-"), ptr(post(0))
	require.Equal(t, "Hi, guys!", variant[shopee.SentText](t, send(t, c, every)).Content.Text, "of content only what belongs to the type")

	auto := shopee.SendAutoreplyMessageRequest{ToId: post(asker)}
	auto.Content.Text = "We answer within the hour."
	r, err := c.SendAutoreplyMessage(t.Context(), &shopee.SendAutoreplyMessageParams{}, auto)
	require.Equal(t, id, read[shopee.SendAutoreplyMessageSuccess](t, r, err).Response.ConversationId)
}

// field is a field of a variant.
func field(of any, name string) any { return reflected(of).FieldByName(name).Interface() }

// firstMessage begins a conversation, which wants an order.
func firstMessage(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "shopee-asked", nil)
	c := w.client(t)
	r, err := c.SendMessage(t.Context(), &shopee.SendMessageParams{}, sendText(orderer, "Hello!"))
	require.Contains(t, refused(t, http.StatusOK, "first_chat_without_order_info", r, err), "must contain order information")
	about := sendText(orderer, "Your order leaves today.")
	about.SourceContent = &struct {
		OrderSn *string `json:"order_sn,omitempty"`
	}{ptr(orderSN)}
	send(t, c, about)

	w = newWorld(t, m, "shopee-asked", nil)
	card := shopee.SendMessageRequest{
		ToId: post(orderer), MessageType: shopee.SentTypeOrder, Content: shopee.SendContent{OrderSn: ptr(orderSN)},
	}
	order := variant[shopee.SentOrder](t, send(t, w.client(t), card))
	require.Equal(t, shopee.OrderContent{ShopId: w.sellers[0].ShopID, OrderSn: orderSN}, order.Content)
	require.Equal(t, min(orderer, w.sellers[0].UserID)<<32|max(orderer, w.sellers[0].UserID), order.ConversationId)
	newest := variant[shopee.OrderMessage](t, historyAll(t, w.client(t), order.ConversationId, 9)[0])
	require.Equal(t, order.Content, newest.Content)
}

// changes are what a shop may do to a conversation.
func changes(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "shopee-asked", nil)
	c, ctx := w.client(t), t.Context()
	_, id := only(t, c)
	in := shopee.ConversationRequest{ConversationId: post(id)}
	look := func() shopee.Conversation {
		r, err := c.GetOneConversation(ctx, &shopee.GetOneConversationParams{ConversationId: id})
		return read[shopee.GetOneConversationSuccess](t, r, err).Response
	}
	done := func(r *http.Response, err error) {
		t.Helper()
		read[shopee.EmptySuccess](t, r, err)
	}
	done(c.PinConversation(ctx, &shopee.PinConversationParams{}, in))
	done(c.MuteConversation(ctx, &shopee.MuteConversationParams{}, in))
	require.True(t, look().Pinned && look().Mute)
	in.ConversationId = postText(decimal(id))
	done(c.UnpinConversation(ctx, &shopee.UnpinConversationParams{}, in))
	done(c.UnmuteConversation(ctx, &shopee.UnmuteConversationParams{}, in))
	require.False(t, look().Pinned || look().Mute)

	latest := look().LatestMessageId
	done(c.ReadConversation(ctx, &shopee.ReadConversationParams{}, shopee.ReadConversationRequest{
		ConversationId: post(id), LastReadMessageId: postText(latest),
	}))
	require.Zero(t, look().UnreadCount)
	require.Equal(t, latest, look().LastReadMessageId)
	done(c.UnreadConversation(ctx, &shopee.UnreadConversationParams{}, in))
	require.Equal(t, int32(1), look().UnreadCount)

	sent := variant[shopee.SentText](t, send(t, c, sendText(asker, "a slip of the finger")))
	done(c.DeleteMessage(ctx, &shopee.DeleteMessageParams{}, shopee.DeleteMessageRequest{
		MessageId: postText(sent.MessageId), MessageType: shopee.SentTypeText,
	}))
	recalled := variant[shopee.TextMessage](t, historyAll(t, c, id, 9)[0])
	require.Equal(t, "This message was deleted", recalled.Content.Text)

	done(c.DeleteConversation(ctx, &shopee.DeleteConversationParams{}, in))
	require.Empty(t, listAll(t, c, shopee.GetConversationListParamsTypeAll, 25))
	w.say(t, decimal(id), "Are you there?")
	require.Len(t, historyAll(t, c, id, 9), 1, "a new message brings the conversation back, but not what was in it")

	r, err := c.GetOfferToggleStatus(ctx, &shopee.GetOfferToggleStatusParams{})
	require.Equal(t, w.sellers[0].ShopID, read[shopee.GetOfferToggleStatusSuccess](t, r, err).Response.ShopId)
	for _, status := range []shopee.OfferStatus{shopee.OfferStatusEnabled, shopee.OfferStatusDisabled} {
		done(c.SetOfferToggleStatus(ctx, &shopee.SetOfferToggleStatusParams{}, shopee.SetOfferToggleStatusRequest{MakeOfferStatus: status}))
		r, err = c.GetOfferToggleStatus(ctx, &shopee.GetOfferToggleStatusParams{})
		require.Equal(t, status, read[shopee.GetOfferToggleStatusSuccess](t, r, err).Response.MakeOfferStatus)
	}
	done(c.GetCsatMsgDetails(ctx, &shopee.GetCsatMsgDetailsParams{}))
}

// dot is a PNG of one pixel.
const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="

// movie is an MP4 that has a length and no picture.
func movie(seconds uint32) []byte {
	box := func(kind string, content ...[]byte) []byte {
		body := bytes.Join(content, nil)
		return bytes.Join([][]byte{binary.BigEndian.AppendUint32(nil, uint32(8+len(body))), []byte(kind), body}, nil)
	}
	head := make([]byte, 100)
	binary.BigEndian.PutUint32(head[12:], 1000)
	binary.BigEndian.PutUint32(head[16:], seconds*1000)
	return append(box("ftyp", []byte("isom\x00\x00\x02\x00isommp42")), box("moov", box("mvhd", head))...)
}

// form is a body with one file.
func form(t *testing.T, name string, content []byte) (string, io.Reader) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	require.NoError(t, err)
	_, err = part.Write(content)
	require.NoError(t, err)
	require.NoError(t, form.Close())
	return form.FormDataContentType(), &body
}

func uploadImage(t *testing.T, c *shopee.Client, encoded string) shopee.UploadedImage {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(encoded)
	require.NoError(t, err)
	kind, body := form(t, "dot.png", raw)
	r, err := c.UploadImageWithBody(t.Context(), &shopee.UploadImageParams{}, kind, body)
	out := read[shopee.UploadImageSuccess](t, r, err).Response
	for _, address := range []string{out.Url, out.Thumbnail} {
		r, got := fetch(t, address)
		require.Equal(t, http.StatusOK, r.StatusCode)
		require.Equal(t, "image/png", r.Header.Get("Content-Type"))
		require.Equal(t, raw, got)
	}
	require.True(t, strings.HasSuffix(out.Url, "/"+out.UrlHash))
	require.True(t, strings.HasSuffix(out.Thumbnail, "/"+out.ThumbnailHash))
	return out
}

func uploadVideo(t *testing.T, c *shopee.Client, content []byte) string {
	t.Helper()
	kind, body := form(t, "unboxing.mp4", content)
	r, err := c.UploadVideoWithBody(t.Context(), &shopee.UploadVideoParams{}, kind, body)
	return read[shopee.UploadVideoSuccess](t, r, err).Response.Vid
}

// result asks what became of a video.
func result(t *testing.T, c *shopee.Client, vid string) shopee.VideoUploadResult {
	t.Helper()
	r, err := c.GetVideoUploadResult(t.Context(), &shopee.GetVideoUploadResultParams{Vid: vid})
	return read[shopee.GetVideoUploadResultSuccess](t, r, err).Response
}

// uploads are pictures and films, good and bad.
func uploads(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "shopee-asked", nil)
	w.Freeze(t)
	c := w.client(t)
	uploadImage(t, c, dot)
	good := movie(15)
	vid, long, none := uploadVideo(t, c, good), uploadVideo(t, c, movie(181)), uploadVideo(t, c, []byte("no film"))
	for _, vid := range []string{vid, long, none} {
		require.Equal(t, shopee.VideoUploadResultStatusReported, result(t, c, vid).Status)
	}
	w.advance(t, 6*time.Second)
	out := result(t, c, vid)
	require.Equal(t, shopee.VideoUploadResultStatusSuccessful, out.Status, out.Message)
	require.Equal(t, int64(15000), out.Duration)
	r, got := fetch(t, out.Video)
	require.Equal(t, "video/mp4", r.Header.Get("Content-Type"))
	require.Equal(t, good, got)
	for _, vid := range []string{long, none} {
		out := result(t, c, vid)
		require.Equal(t, shopee.VideoUploadResultStatusFailed, out.Status)
		require.NotEmpty(t, out.Message)
	}
	kind, body := form(t, "dot.png", []byte("no image"))
	r, err := c.UploadImageWithBody(t.Context(), &shopee.UploadImageParams{}, kind, body)
	refused(t, http.StatusOK, "param_error", r, err)
	r, err = c.GetVideoUploadResult(t.Context(), &shopee.GetVideoUploadResultParams{Vid: "sg-11110133-0-0"})
	refused(t, http.StatusOK, "error_data", r, err)
	r, raw := fetch(t, w.URL+"/file/nothing")
	require.Equal(t, http.StatusNotFound, r.StatusCode, "%s", raw)
	require.Contains(t, string(raw), "error_not_found")
}

// authorise goes the way of a new shop: the link, the code, tokens, their refresh.
func authorise(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "shopee-asked", nil)
	shop := w.sellers[0]
	once := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	browser, err := shopee.NewClient(w.URL, shopee.WithHTTPClient(once), shopee.WithRequestEditorFn(w.signed(shop)))
	require.NoError(t, err)
	r, err := browser.AuthPartner(t.Context(), &shopee.AuthPartnerParams{Redirect: "https://shop.example.com/authorised?state=7"})
	require.NoError(t, err)
	require.Empty(t, string(mock.Body(t, r)))
	require.Equal(t, http.StatusFound, r.StatusCode)
	back, err := url.Parse(r.Header.Get("Location"))
	require.NoError(t, err)
	require.Equal(t, "/authorised", back.Path)
	require.Equal(t, decimal(shop.ShopID), back.Query().Get("shop_id"))
	require.Equal(t, "7", back.Query().Get("state"))

	c := w.client(t)
	code := shopee.GetAccessTokenRequest{Code: back.Query().Get("code"), ShopId: post(shop.ShopID), PartnerId: post(shop.PartnerID)}
	r, err = c.GetAccessToken(t.Context(), &shopee.GetAccessTokenParams{}, code)
	tokens := read[shopee.TokenSuccess](t, r, err)
	require.Equal(t, int32(14400), tokens.ExpireIn)
	r, err = c.GetAccessToken(t.Context(), &shopee.GetAccessTokenParams{}, code)
	refused(t, http.StatusForbidden, "invalid_code", r, err)

	shop.AccessToken = tokens.AccessToken
	require.Len(t, listAll(t, w.clientOf(t, shop), shopee.GetConversationListParamsTypeAll, 25), 1)
	w.advance(t, 4*time.Hour)
	r, err = w.clientOf(t, shop).GetUnreadConversationCount(t.Context(), &shopee.GetUnreadConversationCountParams{})
	refused(t, http.StatusForbidden, "invalid_acceess_token", r, err)
	again := shopee.RefreshAccessTokenRequest{RefreshToken: tokens.RefreshToken, ShopId: post(shop.ShopID), PartnerId: post(shop.PartnerID)}
	r, err = c.RefreshAccessToken(t.Context(), &shopee.RefreshAccessTokenParams{}, again)
	shop.AccessToken = read[shopee.TokenSuccess](t, r, err).AccessToken
	require.Len(t, listAll(t, w.clientOf(t, shop), shopee.GetConversationListParamsTypeAll, 25), 1)
	r, err = c.RefreshAccessToken(t.Context(), &shopee.RefreshAccessTokenParams{}, again)
	refused(t, http.StatusForbidden, "refresh_token_expired", r, err)
}

// otherWires reads what switches change, with what the base declares and without.
func otherWires(t *testing.T, m *mock.Server) {
	ctx := t.Context()
	list := &shopee.GetConversationListParams{Direction: shopee.GetConversationListParamsDirectionLatest, Type: shopee.GetConversationListParamsTypeAll}

	w := newWorld(t, m, "shopee-asked", map[string]string{"ids-in-reads": "number"})
	r, err := w.client(t).GetConversationList(ctx, list)
	unread[shopee.GetConversationListSuccess](t, r, err, "cannot unmarshal number")
	w = newWorld(t, m, "shopee-asked", map[string]string{"conversation-id-in-send": "string"})
	r, err = w.client(t).SendMessage(ctx, &shopee.SendMessageParams{}, sendText(asker, "Hello!"))
	unread[shopee.SendMessageSuccess](t, r, err, "cannot unmarshal string")

	for _, same := range []map[string]string{
		{"success-message": "success"}, {"request-id-form": "uuid"}, {"next-offset-end": "zero"}, {"next-offset-end": "absent"}, {"id-epoch": "test"},
	} {
		w := newWorld(t, m, "shopee-asked", same)
		r, err := w.client(t).GetConversationList(ctx, list)
		row := read[shopee.GetConversationListSuccess](t, r, err).Response.Conversations[0]
		r, err = w.client(t).GetMessage(ctx, &shopee.GetMessageParams{ConversationId: number(t, row.ConversationId)})
		require.Len(t, read[shopee.GetMessageSuccess](t, r, err).Response.Messages, 1, same)
	}

	w = newWorld(t, m, "shopee-asked", nil)
	w.Fault(t, map[string]any{"kind": "break-spec"})
	r, err = w.client(t).GetConversationList(ctx, list)
	unread[shopee.GetConversationListSuccess](t, r, err, "")
}
