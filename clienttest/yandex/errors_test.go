package yandex_test

import (
	"context"
	"net/http"
	"net/textproto"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/mock"
	"example.com/marketmock/clienttest/strictly"
	"example.com/marketmock/clienttest/yandex"
)

// nobody is the id of a chat, an order and a message that no world has.
const nobody = 99999999

// operation is a call with a request that says what must be said.
type operation struct {
	do     func(context.Context, *yandex.Client, int64, ...yandex.RequestEditorFn) (*http.Response, error)
	method string
	writes bool   // a key that may only read does not open it
	body   string // the Content-Type that its body must have, if it has one
	finds  string // the answer's text when a chat or an order is not there
}

const noChat = "Can't find chat by id: '99999999'"

// calls are all operations by operationId.
var calls = map[string]operation{
	"getChats": {
		func(ctx context.Context, c *yandex.Client, business int64, e ...yandex.RequestEditorFn) (*http.Response, error) {
			return c.GetChats(ctx, business, &yandex.GetChatsParams{}, yandex.GetChatsRequest{}, e...)
		}, http.MethodPost, false, "application/json", "",
	},
	"getChat": {
		func(ctx context.Context, c *yandex.Client, business int64, e ...yandex.RequestEditorFn) (*http.Response, error) {
			return c.GetChat(ctx, business, &yandex.GetChatParams{ChatId: nobody}, e...)
		}, http.MethodGet, false, "", noChat,
	},
	"getChatHistory": {
		func(ctx context.Context, c *yandex.Client, business int64, e ...yandex.RequestEditorFn) (*http.Response, error) {
			return c.GetChatHistory(ctx, business, &yandex.GetChatHistoryParams{ChatId: nobody}, yandex.GetChatHistoryRequest{}, e...)
		}, http.MethodPost, false, "application/json", noChat,
	},
	"getChatMessage": {
		func(ctx context.Context, c *yandex.Client, business int64, e ...yandex.RequestEditorFn) (*http.Response, error) {
			return c.GetChatMessage(ctx, business, &yandex.GetChatMessageParams{ChatId: nobody, MessageId: nobody}, e...)
		}, http.MethodGet, false, "", noChat,
	},
	"sendMessageToChat": {
		func(ctx context.Context, c *yandex.Client, business int64, e ...yandex.RequestEditorFn) (*http.Response, error) {
			params := &yandex.SendMessageToChatParams{ChatId: nobody}
			return c.SendMessageToChat(ctx, business, params, yandex.SendMessageToChatRequest{Message: "a"}, e...)
		}, http.MethodPost, true, "application/json", noChat,
	},
	"sendFileToChat": {
		func(ctx context.Context, c *yandex.Client, business int64, e ...yandex.RequestEditorFn) (*http.Response, error) {
			part := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="a.txt"`}}
			return send(ctx, &world{business: business}, c, nobody, part, "a", e...)
		}, http.MethodPost, true, "multipart/form-data", noChat,
	},
	"createChat": {
		func(ctx context.Context, c *yandex.Client, business int64, e ...yandex.RequestEditorFn) (*http.Response, error) {
			order := yandex.ChatContextDTO{Type: yandex.ChatContextIdentifiableTypeORDER, Id: nobody}
			return c.CreateChat(ctx, business, yandex.CreateChatRequest{Context: &order}, e...)
		}, http.MethodPost, true, "application/json", "Order not found: '99999999'",
	},
	"getCampaigns": {
		func(ctx context.Context, c *yandex.Client, _ int64, e ...yandex.RequestEditorFn) (*http.Response, error) {
			return c.GetCampaigns(ctx, &yandex.GetCampaignsParams{}, e...)
		}, http.MethodGet, false, "", "",
	},
	"getAuthTokenInfo": {
		func(ctx context.Context, c *yandex.Client, _ int64, e ...yandex.RequestEditorFn) (*http.Response, error) {
			return c.GetAuthTokenInfo(ctx, e...)
		}, http.MethodPost, false, "", "",
	},
}

// ofCabinet tells the calls whose path names a cabinet.
func ofCabinet(name string) bool { return name != "getCampaigns" && name != "getAuthTokenInfo" }

// declared are the statuses that the specification has for an operation, each
// with the type of its body.
func declared(t *testing.T, name string) map[int]reflect.Type {
	t.Helper()
	method := strings.ToUpper(name[:1]) + name[1:]
	call, found := reflect.TypeFor[*yandex.ClientWithResponses]().MethodByName(method + "WithResponse")
	if !found {
		call, found = reflect.TypeFor[*yandex.ClientWithResponses]().MethodByName(method + "WithBodyWithResponse")
	}
	require.True(t, found, name)
	statuses := make(map[int]reflect.Type)
	for field := range call.Type.Out(0).Elem().Fields() {
		digits, ok := strings.CutPrefix(field.Name, "JSON")
		if status, err := strconv.Atoi(digits); ok && err == nil {
			statuses[status] = field.Type.Elem()
		}
	}
	return statuses
}

// codes are the codes of errors whose status says no more.
var codes = map[int]string{
	400: "BAD_REQUEST", 401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND", 405: "BAD_REQUEST",
	415: "UNSUPPORTED_MEDIA_TYPE", 420: "METHOD_FAILURE", 423: "LOCKED", 500: "INTERNAL_ERROR", 503: "INTERNAL_ERROR",
}

// everyStatus gets each documented error from each operation.
func everyStatus(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-asked", nil)
	for name, call := range calls {
		statuses := declared(t, name)
		require.GreaterOrEqual(t, len(statuses), 8, name)
		for status, body := range statuses {
			if status == http.StatusOK {
				continue
			}
			t.Run(name+" "+strconv.Itoa(status), func(t *testing.T) {
				w.Fault(t, map[string]any{"kind": "status", "status": status, "operation": name})
				r, err := call.do(t.Context(), w.client(t), w.business)
				require.NoError(t, err)
				raw := mock.Body(t, r)
				require.Equal(t, status, r.StatusCode, "%s", raw)
				require.NoError(t, strictly.Decode(raw, reflect.New(body).Interface()), "%s", raw)
				framed(t, r, raw)
				require.Contains(t, string(raw), `"code":"`+codes[status]+`"`)
			})
		}
	}
}

// badCredentials gets each refusal of credentials from each operation.
func badCredentials(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-asked", nil)
	key := w.sellers[0].APIKey
	var gone struct{ Value string }
	w.act(t, "key.create", map[string]any{"name": "gone"}, &gone)
	w.act(t, "key.revoke", map[string]any{"name": "gone"}, nil)
	for name, c := range map[string]struct {
		header, value string
		status        int
		text          string
	}{
		"nothing":             {"", "", 401, "Credentials are not specified"},
		"an empty key":        {"Api-Key", "", 401, "Api-Key token is not specified"},
		"Bearer before a key": {"Api-Key", "Bearer " + key, 401, "Api-Key token prefix invalid"},
		"a key too long":      {"Api-Key", key + "0", 401, "Api-Key token length invalid"},
		"a key out of shape":  {"Api-Key", key[:5] + "-" + key[6:], 401, "Api-Key token format invalid"},
		"an unknown key":      {"Api-Key", "ACMA:" + strings.Repeat("a", 40) + ":0123abcd", 401, "Api-Key token is invalid"},
		"a key that is gone":  {"Api-Key", gone.Value, 401, "Api-Key token is revoked"},
		"an empty header":     {"Authorization", "", 401, "OAuth credentials are not specified"},
		"a scheme alone":      {"Authorization", "OAuth", 401, "OAuth token is not specified"},
		"another scheme":      {"Authorization", "Basic YTph", 401, "Authorization header has invalid syntax"},
		"an unknown token":    {"Authorization", "Bearer nobody", 403, "OAuth token is invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			for operation, call := range calls {
				status, text := c.status, c.text
				if operation == "getAuthTokenInfo" && c.header == "Authorization" {
					status, text = 401, "Api-Key token is not specified"
				}
				r, err := call.do(t.Context(), w.clientWith(t, c.header, c.value), w.business)
				require.Equal(t, text, refused(t, status, codes[status], r, err), operation)
			}
		})
	}
	t.Run("a key that may only read", func(t *testing.T) { readOnly(t, w) })
	t.Run("another cabinet", func(t *testing.T) {
		for operation, call := range calls {
			if ofCabinet(operation) {
				for _, other := range []int64{w.sellers[1].BusinessID, w.sellers[0].CampaignID} {
					r, err := call.do(t.Context(), w.client(t), other)
					require.Equal(t, "Access denied", refused(t, http.StatusForbidden, "FORBIDDEN", r, err), operation)
				}
			}
		}
	})
	t.Run("X-Business-Id", func(t *testing.T) {
		c := w.clientWith(t, "Authorization", "Bearer "+w.sellers[0].OAuth)
		r, err := calls["getChats"].do(t.Context(), c, w.business, with("X-Business-Id", "1"))
		require.Equal(t, "URL businessId ('"+decimal(w.business)+"') does not match businessId in X-Business-Id header ('1')",
			refused(t, http.StatusBadRequest, "BAD_REQUEST", r, err))
		r, err = calls["getChats"].do(t.Context(), c, w.business, with("X-Business-Id", "shop"))
		require.Equal(t, "Incorrect X-Business-Id header value", refused(t, http.StatusBadRequest, "BAD_REQUEST", r, err))
		r, err = calls["getChats"].do(t.Context(), c, w.business, with("X-Business-Id", decimal(w.business)))
		read[yandex.GetChatsResponse](t, http.StatusOK, r, err)
	})
}

func readOnly(t *testing.T, w *world) {
	t.Helper()
	c := w.clientWith(t, "Api-Key", w.sellers[0].ReadOnly)
	for name, call := range calls {
		r, err := call.do(t.Context(), c, w.business)
		if call.writes {
			text := refused(t, http.StatusForbidden, "FORBIDDEN", r, err)
			require.True(t, strings.HasPrefix(text, "Token does not have any of the scopes to access the API method"), text)
			continue
		}
		require.NoError(t, err)
		_ = mock.Body(t, r)
		require.NotEqual(t, http.StatusForbidden, r.StatusCode, name)
	}
}

// badTransport sends another verb, another Content-Type and another path.
func badTransport(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-asked", nil)
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			r, err := call.do(t.Context(), w.client(t), w.business, func(_ context.Context, r *http.Request) error {
				r.Method = http.MethodPut
				return nil
			})
			require.NoError(t, err)
			require.Equal(t, http.StatusMethodNotAllowed, r.StatusCode)
			require.Equal(t, "Request method 'PUT' not supported", unmetered(t, r))
			require.Contains(t, strings.Join(r.Header.Values("Allow"), ","), call.method)
			if call.body == "" {
				return
			}
			r, err = call.do(t.Context(), w.client(t), w.business, with("Content-Type", "text/plain"))
			text := refused(t, http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", r, err)
			require.Equal(t, "Content type 'text/plain' not supported", text)
		})
	}
	r, err := calls["getChats"].do(t.Context(), w.client(t), w.business, func(_ context.Context, r *http.Request) error {
		r.URL.Path += "/unread"
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, http.StatusNotFound, r.StatusCode)
	require.Equal(t, "Resource not found", unmetered(t, r))
}

// unmetered is the text of an error that is counted for no method.
func unmetered(t *testing.T, r *http.Response) string {
	t.Helper()
	var out yandex.ApiErrorResponse
	require.NoError(t, strictly.Decode(mock.Body(t, r), &out))
	require.Equal(t, yandex.ApiResponseStatusTypeERROR, out.Status)
	require.Empty(t, r.Header.Values("X-RateLimit-Resource-Limit"))
	return *(*out.Errors)[0].Message
}

func cabinets(t *testing.T, m *mock.Server) {
	for state, c := range map[string]struct {
		status int
		code   string
		text   string
	}{
		"migrating":     {423, "LOCKED", "Business is in migration"},
		"disabled":      {403, "API_DISABLED", "API for business 'businessId' disabled because it has only disabled partners"},
		"inactive":      {403, "API_DISABLED", "Restrict access for business 'businessId' because it is not active"},
		"user-disabled": {403, "FORBIDDEN", "User account is disabled"},
	} {
		t.Run(state, func(t *testing.T) {
			w := newWorld(t, m, "yandex-asked", nil)
			w.act(t, "cabinet.set", map[string]string{"state": state}, nil)
			text := strings.ReplaceAll(c.text, "businessId", decimal(w.business))
			for name, call := range calls {
				if ofCabinet(name) {
					r, err := call.do(t.Context(), w.client(t), w.business)
					require.Equal(t, text, refused(t, c.status, c.code, r, err), name)
				}
			}
			w.act(t, "cabinet.set", map[string]string{"state": "active"}, nil)
			r, err := calls["getChats"].do(t.Context(), w.client(t), w.business)
			read[yandex.GetChatsResponse](t, http.StatusOK, r, err)
		})
	}
}

// query sets one parameter of the query; "" removes it.
func query(name, value string) yandex.RequestEditorFn {
	return func(_ context.Context, r *http.Request) error {
		q := r.URL.Query()
		if q.Set(name, value); value == "" {
			q.Del(name)
		}
		r.URL.RawQuery = q.Encode()
		return nil
	}
}

// refusals are the errors that depend on the request and on the world.
func refusals(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-asked", nil)
	chat := w.firstChat(t)
	ctx, c := t.Context(), w.client(t)
	for name, call := range calls {
		if call.finds != "" {
			r, err := call.do(ctx, c, w.business)
			require.Equal(t, call.finds, refused(t, http.StatusNotFound, "NOT_FOUND", r, err), name)
		}
		if strings.HasPrefix(call.finds, "Can't find chat") {
			r, err := call.do(ctx, c, w.business, query("chatId", ""))
			require.Equal(t, "Required request parameter 'chatId' is not present", refused(t, 400, "MISSING_PARAM", r, err), name)
			r, err = call.do(ctx, c, w.business, query("chatId", "abc"))
			require.Equal(t, "Type mismatch: 'abc'", refused(t, 400, "BAD_REQUEST", r, err), name)
			r, err = call.do(ctx, c, w.business, query("chatId", "0"))
			require.Equal(t, "'chatId' must be greater than or equal to '1' (rejected value: '0')", refused(t, 400, "BAD_REQUEST", r, err), name)
		}
	}
	chats := func(limit int32, in yandex.GetChatsRequest) (*http.Response, error) {
		return c.GetChats(ctx, w.business, &yandex.GetChatsParams{Limit: &limit}, in)
	}
	history := func(limit int32) (*http.Response, error) {
		return c.GetChatHistory(ctx, w.business, &yandex.GetChatHistoryParams{ChatId: chat, Limit: &limit}, yandex.GetChatHistoryRequest{})
	}
	say := func(text string) (*http.Response, error) {
		params := &yandex.SendMessageToChatParams{ChatId: chat}
		return c.SendMessageToChat(ctx, w.business, params, yandex.SendMessageToChatRequest{Message: text})
	}
	for want, do := range map[string]func() (*http.Response, error){
		"Parameter limit must be less than or equal to '20' (rejected value: '21')":   func() (*http.Response, error) { return chats(21, yandex.GetChatsRequest{}) },
		"Parameter limit must be less than or equal to '100' (rejected value: '101')": func() (*http.Response, error) { return history(101) },
		"'limit' must be greater than or equal to '1' (rejected value: '0')":          func() (*http.Response, error) { return chats(0, yandex.GetChatsRequest{}) },
		"'statuses' must not be empty": func() (*http.Response, error) {
			return chats(1, yandex.GetChatsRequest{Statuses: &[]yandex.ChatStatusType{}})
		},
		"'message' size must be between '1' and '4096' (rejected value: '')": func() (*http.Response, error) { return say("") },
	} {
		r, err := do()
		require.Equal(t, want, refused(t, http.StatusBadRequest, "BAD_REQUEST", r, err))
	}
	r, err := say(strings.Repeat("ё", 4097))
	require.Regexp(t, regexp.QuoteMeta("'message' size must be between '1' and '4096'"), refused(t, 400, "BAD_REQUEST", r, err))
	r, err = say(strings.Repeat("ё", 4096))
	read[yandex.EmptyApiResponse](t, http.StatusOK, r, err)
	r, err = c.GetChatMessage(ctx, w.business, &yandex.GetChatMessageParams{ChatId: chat, MessageId: nobody})
	require.Equal(t, "Can't find message by id: '99999999' for chat '"+decimal(chat)+"'", refused(t, 404, "NOT_FOUND", r, err))

	w.Market(t, http.MethodPost, "/chats/"+decimal(chat)+"/close", map[string]string{}, nil)
	r, err = say("Ещё вопрос?")
	require.Contains(t, refused(t, http.StatusBadRequest, "BAD_REQUEST", r, err), "closed")
	r, err = send(ctx, w, c, chat, textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="a"`}}, "a")
	require.Contains(t, refused(t, http.StatusBadRequest, "BAD_REQUEST", r, err), "closed")
	status(t, w, chat, yandex.ChatStatusTypeFINISHED)
}

// TestNoOperationIsForgotten compares the table of calls with the generated
// client.
func TestNoOperationIsForgotten(t *testing.T) {
	t.Parallel()
	generated := make(map[string]bool)
	for method := range reflect.TypeFor[yandex.ClientInterface]().Methods() {
		name := strings.TrimSuffix(method.Name, "WithBody")
		generated[strings.ToLower(name[:1])+name[1:]] = true
	}
	require.Len(t, generated, len(calls))
	for name := range generated {
		require.Contains(t, calls, name)
	}
}
