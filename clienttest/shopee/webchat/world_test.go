package webchat_test

import (
	"context"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/mock"
	"example.com/marketmock/clienttest/shopee/webchat"
	"example.com/marketmock/clienttest/strictly"
)

type credentials struct {
	ShopID       int64  `json:"shop_id"`
	UserID       int64  `json:"user_id"`
	WebchatToken string `json:"webchat_token"`
	Username     string `json:"username"`
	Password     string `json:"password"`
	Region       string `json:"region"`
}

// world is a sandbox of one test and its shops.
type world struct {
	*mock.World
	sellers []credentials
}

func newWorld(t *testing.T, s *mock.Server, fixture string, switches map[string]string) *world {
	t.Helper()
	w := s.World(t, "shopee", fixture, switches)
	return &world{World: w, sellers: mock.Sellers[credentials](t, w)}
}

// client is the generated client with the token of the first shop.
func (w *world) client(t *testing.T) *webchat.Client {
	t.Helper()
	return w.clientWith(t, header("Authorization", "Bearer "+w.sellers[0].WebchatToken))
}

// clientWith is the generated client with what editors add.
func (w *world) clientWith(t *testing.T, editors ...webchat.RequestEditorFn) *webchat.Client {
	t.Helper()
	options := make([]webchat.ClientOption, len(editors))
	for i, editor := range editors {
		options[i] = webchat.WithRequestEditorFn(editor)
	}
	client, err := webchat.NewClient(w.URL, options...)
	require.NoError(t, err)
	return client
}

func header(name, value string) webchat.RequestEditorFn {
	return func(_ context.Context, r *http.Request) error {
		r.Header.Set(name, value)
		return nil
	}
}

// act runs an action of the control API.
func (w *world) act(t *testing.T, action string, in any) {
	t.Helper()
	w.Market(t, http.MethodPost, "/actions/"+action, in, nil)
}

// say lets the buyer write to a conversation through the control API.
func (w *world) say(t *testing.T, conversation, text string) {
	t.Helper()
	w.Market(t, http.MethodPost, "/chats/"+conversation+"/messages", map[string]string{"from": "buyer", "text": text}, nil)
}

// read wants an answer that T declares in full.
func read[T any](t *testing.T, r *http.Response, err error) T {
	t.Helper()
	return readAs[T](t, http.StatusOK, r, err)
}

func readAs[T any](t *testing.T, status int, r *http.Response, err error) T {
	t.Helper()
	require.NoError(t, err)
	raw := mock.Body(t, r)
	require.Equal(t, status, r.StatusCode, "%s", raw)
	require.Equal(t, "application/json", r.Header.Get("Content-Type"))
	var out T
	require.NoError(t, strictly.Decode(raw, &out), "%s", raw)
	return out
}

// done wants an answer without a body.
func done(t *testing.T, r *http.Response, err error) {
	t.Helper()
	require.NoError(t, err)
	require.Empty(t, string(mock.Body(t, r)))
	require.Equal(t, http.StatusNoContent, r.StatusCode)
}

// refused wants a status and an error, and gives its text.
func refused(t *testing.T, status int, code string, r *http.Response, err error) string {
	t.Helper()
	out := readAs[webchat.Error](t, status, r, err)
	if code == "" {
		require.Nil(t, out.ErrorCode)
		return out.Message
	}
	require.NotNil(t, out.ErrorCode, out.Message)
	require.Equal(t, code, *out.ErrorCode, out.Message)
	return out.Message
}

// variant is what a union holds, of a type that a test expects.
func variant[T any](t *testing.T, union interface{ ValueByDiscriminator() (any, error) }) T {
	t.Helper()
	value, err := union.ValueByDiscriminator()
	require.NoError(t, err)
	require.IsType(t, *new(T), value)
	return value.(T)
}

func number(t *testing.T, id string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(id, 10, 64)
	require.NoError(t, err)
	return n
}

// digits is a number in the body of a request.
func digits(n int64) webchat.NumberOrDigits {
	var out webchat.NumberOrDigits
	_ = out.FromNumberOrDigits0(n) // numbers marshal
	return out
}

// text is a number in the body of a request, as a string.
func text(id string) webchat.NumberOrDigits {
	var out webchat.NumberOrDigits
	_ = out.FromNumberOrDigits1(id) // strings marshal
	return out
}

func ptr[T any](v T) *T { return &v }
