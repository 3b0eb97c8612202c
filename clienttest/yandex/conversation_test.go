package yandex_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/mock"
	"example.com/marketmock/clienttest/strictly"
	"example.com/marketmock/clienttest/yandex"
)

// Orders and returns of the fixture yandex-orders.
const (
	orderFBS  = 5001
	orderDBS  = 5003
	returnFBS = 7001
	returnDBS = 7003
)

// about opens a chat, or finds it again.
func about(t *testing.T, w *world, context yandex.ChatContextIdentifiableType, id int64) int64 {
	t.Helper()
	r, err := w.client(t).CreateChat(t.Context(), w.business, yandex.CreateChatRequest{
		Context: &yandex.ChatContextDTO{Type: context, Id: id},
	})
	return read[yandex.CreateChatResponse](t, http.StatusOK, r, err).Result.ChatId
}

func conversation(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-orders", nil)
	c, ctx := w.client(t), t.Context()
	chat := about(t, w, yandex.ChatContextIdentifiableTypeORDER, orderFBS)
	require.Equal(t, chat, about(t, w, yandex.ChatContextIdentifiableTypeORDER, orderFBS), "again")
	r, err := c.CreateChat(ctx, w.business, yandex.CreateChatRequest{OrderId: ptr[int64](orderFBS)})
	require.Equal(t, chat, read[yandex.CreateChatResponse](t, http.StatusOK, r, err).Result.ChatId, "by the old field")
	status(t, w, chat, yandex.ChatStatusTypeNEW)

	sent := func(r *http.Response, err error) {
		t.Helper()
		require.Equal(t, yandex.ApiResponseStatusTypeOK, read[yandex.EmptyApiResponse](t, http.StatusOK, r, err).Status)
	}
	params := &yandex.SendMessageToChatParams{ChatId: chat}
	sent(c.SendMessageToChat(ctx, w.business, params, yandex.SendMessageToChatRequest{Message: "Добрый день!"}))
	status(t, w, chat, yandex.ChatStatusTypeWAITINGFORCUSTOMER)
	w.say(t, chat, "buyer", "Спасибо!")
	status(t, w, chat, yandex.ChatStatusTypeWAITINGFORPARTNER)
	sent(send(ctx, w, c, chat, textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="file"; filename="note.txt"`}, "Content-Type": {"text/plain"},
	}, "hello"))
	w.say(t, chat, "support", "Мы на связи")
	status(t, w, chat, yandex.ChatStatusTypeWAITINGFORCUSTOMER)

	messages := historyAll(t, w, chat, nil, 100)
	require.Len(t, messages, 4)
	for i, want := range []yandex.ChatMessageSenderType{
		yandex.ChatMessageSenderTypeSUPPORT, yandex.ChatMessageSenderTypePARTNER,
		yandex.ChatMessageSenderTypeCUSTOMER, yandex.ChatMessageSenderTypePARTNER,
	} {
		require.Equal(t, want, messages[i].Sender)
	}
	require.Equal(t, "Добрый день!", *messages[3].Message)
	require.Nil(t, messages[1].Message)
	require.Len(t, *messages[1].Payload, 1)
	require.Equal(t, int32(len("hello")), (*messages[1].Payload)[0].Size)
}

// status wants the status of a chat in all three places.
func status(t *testing.T, w *world, chat int64, want yandex.ChatStatusType) {
	t.Helper()
	r, err := w.client(t).GetChat(t.Context(), w.business, &yandex.GetChatParams{ChatId: chat})
	row := read[yandex.GetChatResponse](t, http.StatusOK, r, err).Result
	require.Equal(t, want, row.Status)
	require.Contains(t, listAll(t, w, yandex.GetChatsRequest{Statuses: &[]yandex.ChatStatusType{want}}, 20), *row)
}

func returns(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-orders", nil)
	chat := about(t, w, yandex.ChatContextIdentifiableTypeRETURN, returnFBS)
	require.Equal(t, chat, about(t, w, yandex.ChatContextIdentifiableTypeRETURN, returnFBS))
	require.NotEqual(t, chat, about(t, w, yandex.ChatContextIdentifiableTypeORDER, orderFBS))
	r, err := w.client(t).GetChat(t.Context(), w.business, &yandex.GetChatParams{ChatId: chat})
	row := read[yandex.GetChatResponse](t, http.StatusOK, r, err).Result
	require.Equal(t, yandex.ChatContextTypeRETURN, row.Context.Type)
	require.Equal(t, int64(returnFBS), *row.Context.ReturnId)
	require.Equal(t, int64(orderFBS), *row.Context.OrderId)
	require.NotNil(t, row.Context.CampaignId)
	require.NotEmpty(t, *row.Context.Customer.PublicId)

	r, err = w.client(t).CreateChat(t.Context(), w.business, yandex.CreateChatRequest{
		Context: &yandex.ChatContextDTO{Type: yandex.ChatContextIdentifiableTypeRETURN, Id: returnDBS},
	})
	refused(t, http.StatusBadRequest, "BAD_REQUEST", r, err)
	require.NotZero(t, about(t, w, yandex.ChatContextIdentifiableTypeORDER, orderDBS))
}

// send sends a form of one part through the generated client.
func send(
	ctx context.Context, w *world, c *yandex.Client, chat int64, part textproto.MIMEHeader, content string, edit ...yandex.RequestEditorFn,
) (*http.Response, error) {
	form := new(bytes.Buffer)
	writer := multipart.NewWriter(form)
	file, err := writer.CreatePart(part)
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(file, content); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	params := &yandex.SendFileToChatParams{ChatId: chat}
	return c.SendFileToChatWithBody(ctx, w.business, params, writer.FormDataContentType(), form, edit...)
}

// files are parts as they were recorded from ucoms-dev/yandex-market-go-client,
// h4rd1ns0mn14/yandex-market-retailcrm-chats and
// dontsovcmc/mcp-server-yandex-market-seller.
func files(t *testing.T, m *mock.Server) {
	for name, part := range map[string]struct {
		header textproto.MIMEHeader
		name   string
		media  string
	}{
		"octet-stream": {
			textproto.MIMEHeader{
				"Content-Disposition": {`form-data; name="file"; filename="a.txt"`},
				"Content-Type":        {"application/octet-stream"},
			}, "a.txt", "",
		},
		"a name in plain UTF-8": {
			textproto.MIMEHeader{
				"Content-Disposition": {`form-data; name="file"; filename="фото.jpg"`}, "Content-Type": {"image/jpeg"},
			}, "фото.jpg", "image/jpeg",
		},
		"no Content-Type": {
			textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="a.txt"`}}, "a.txt", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, m, "yandex-asked", nil)
			chat := w.firstChat(t)
			const content = "\x00\r\n--hello\xff"
			r, err := send(t.Context(), w, w.client(t), chat, part.header, content)
			read[yandex.EmptyApiResponse](t, http.StatusOK, r, err)
			message := historyAll(t, w, chat, nil, 100)[0]
			require.Equal(t, yandex.ChatMessageSenderTypePARTNER, message.Sender)
			require.Nil(t, message.Message)
			payload := (*message.Payload)[0]
			require.Equal(t, part.name, payload.Name)
			require.Equal(t, int32(len(content)), payload.Size)
			r = fetch(t, payload.Url, "Authorization", "OAuth "+w.sellers[0].OAuth)
			require.Equal(t, http.StatusOK, r.StatusCode)
			require.Equal(t, content, string(mock.Body(t, r)))
			if part.media != "" {
				require.Equal(t, part.media, r.Header.Get("Content-Type"))
			}
		})
	}
}

// sizes are the greatest bodies that are taken, and one byte more.
func sizes(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-asked", nil)
	c, ctx, chat := w.client(t), t.Context(), w.firstChat(t)
	part := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="a.bin"`}}
	const most = 5 << 20
	r, err := send(ctx, w, c, chat, part, strings.Repeat("a", most))
	read[yandex.EmptyApiResponse](t, http.StatusOK, r, err)
	r, err = send(ctx, w, c, chat, part, strings.Repeat("a", most+1))
	require.Contains(t, refused(t, http.StatusBadRequest, "BAD_REQUEST", r, err), "The request is too big")
	messages := historyAll(t, w, chat, nil, 100)
	require.Equal(t, int32(most), (*messages[0].Payload)[0].Size)
	require.Nil(t, messages[1].Payload)

	params := &yandex.SendMessageToChatParams{ChatId: chat}
	for size, want := range map[int]string{
		512<<10 - len(`{"message":""}`): "'message' size must be between",
		512 << 10:                       "The request is too big: Maximum allowed request size must be less than '512' KB, but passed '",
	} {
		body := strings.NewReader(`{"message":"` + strings.Repeat("a", size) + `"}`)
		r, err := c.SendMessageToChatWithBody(ctx, w.business, params, "application/json", body)
		require.Contains(t, refused(t, http.StatusBadRequest, "BAD_REQUEST", r, err), want)
	}
}

// firstChat is the chat that the list shows first.
func (w *world) firstChat(t *testing.T) int64 {
	t.Helper()
	r, err := w.client(t).GetChats(t.Context(), w.business, &yandex.GetChatsParams{}, yandex.GetChatsRequest{})
	page := read[yandex.GetChatsResponse](t, http.StatusOK, r, err).Result
	require.NotEmpty(t, page.Chats)
	return page.Chats[0].ChatId
}

// fetch gets a URL with a header; without a name, with none.
func fetch(t *testing.T, url, name, value string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	if name != "" {
		request.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	return answer
}

// downloads are tried as the retailCRM bridge does, which begins with the token,
// and as those do who have only a key.
func downloads(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-asked", nil)
	chat := w.firstChat(t)
	r, err := send(t.Context(), w, w.client(t), chat, textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="file"; filename="a.txt"`},
	}, "hello")
	read[yandex.EmptyApiResponse](t, http.StatusOK, r, err)
	url := (*historyAll(t, w, chat, nil, 100)[0].Payload)[0].Url
	for name, c := range map[string]struct {
		header, value string
		status        int
	}{
		"OAuth":             {"Authorization", "OAuth " + w.sellers[0].OAuth, 200},
		"Bearer":            {"Authorization", "Bearer " + w.sellers[0].OAuth, 200},
		"nothing":           {"", "", 401},
		"a key":             {"Api-Key", w.sellers[0].APIKey, 401},
		"an unknown token":  {"Authorization", "OAuth nobody", 403},
		"another cabinet's": {"Authorization", "OAuth " + w.sellers[1].OAuth, 403},
	} {
		r := fetch(t, url, c.header, c.value)
		raw := mock.Body(t, r)
		require.Equal(t, c.status, r.StatusCode, "%s: %s", name, raw)
		if c.status != http.StatusOK {
			require.NoError(t, strictly.Decode(raw, new(yandex.ApiErrorResponse)), "%s: %s", name, raw)
		}
	}
	r = fetch(t, url+"x", "Authorization", "OAuth "+w.sellers[0].OAuth)
	_ = mock.Body(t, r)
	require.Equal(t, http.StatusNotFound, r.StatusCode)
}

// companions are the calls that clients make before all others.
func companions(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-stores", nil)
	ctx := t.Context()
	var all []yandex.CampaignDTO
	for _, c := range []*yandex.Client{w.client(t), w.clientWith(t, "Authorization", "Bearer "+w.sellers[0].OAuth)} {
		r, err := c.GetCampaigns(ctx, &yandex.GetCampaignsParams{})
		all = read[yandex.GetCampaignsResponse](t, http.StatusOK, r, err).Campaigns
		require.Greater(t, len(all), 3)
		for _, store := range all {
			require.Equal(t, w.business, *store.Business.Id)
		}
		require.Equal(t, w.sellers[0].CampaignID, *all[0].Id)
	}
	var paged []yandex.CampaignDTO
	params := yandex.GetCampaignsParams{Limit: ptr[int32](2)}
	for {
		r, err := w.client(t).GetCampaigns(ctx, &params)
		page := read[yandex.GetCampaignsResponse](t, http.StatusOK, r, err)
		paged = append(paged, page.Campaigns...)
		if page.Paging.NextPageToken == nil {
			break
		}
		params.PageToken = page.Paging.NextPageToken
	}
	require.Equal(t, all, paged)
	r, err := w.client(t).GetCampaigns(ctx, &yandex.GetCampaignsParams{Page: ptr[int32](2), PageSize: ptr[int32](1)})
	second := read[yandex.GetCampaignsResponse](t, http.StatusOK, r, err)
	require.Equal(t, all[1:2], second.Campaigns)
	require.Equal(t, int32(2), *second.Pager.CurrentPage)
	require.Equal(t, int32(len(all)), *second.Pager.Total)

	for key, want := range map[string]yandex.ApiKeyScopeType{
		w.sellers[0].APIKey: yandex.ApiKeyScopeTypeALLMETHODS, w.sellers[0].ReadOnly: yandex.ApiKeyScopeTypeALLMETHODSREADONLY,
	} {
		r, err := w.clientWith(t, "Api-Key", key).GetAuthTokenInfo(ctx)
		info := read[yandex.GetTokenInfoResponse](t, http.StatusOK, r, err).Result.ApiKey
		require.NotEmpty(t, info.Name)
		require.Equal(t, []yandex.ApiKeyScopeType{want}, info.AuthScopes)
	}
}
