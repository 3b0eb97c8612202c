package shopee_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/mock"
	"example.com/marketmock/clienttest/shopee"
	"example.com/marketmock/clienttest/strictly"
)

type credentials struct {
	PartnerID    int64  `json:"partner_id"`
	PartnerKey   string `json:"partner_key"`
	ShopID       int64  `json:"shop_id"`
	UserID       int64  `json:"user_id"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
}

// world is a sandbox of one test and its shops. ahead is how far a test has moved
// its clock.
type world struct {
	*mock.World
	sellers []credentials
	ahead   time.Duration
}

func newWorld(t *testing.T, s *mock.Server, fixture string, switches map[string]string) *world {
	t.Helper()
	return known(t, s.World(t, "shopee", fixture, switches))
}

func known(t *testing.T, w *mock.World) *world {
	t.Helper()
	return &world{World: w, sellers: mock.Sellers[credentials](t, w)}
}

// client is the generated client for the first shop.
func (w *world) client(t *testing.T) *shopee.Client {
	t.Helper()
	return w.clientOf(t, w.sellers[0])
}

// clientOf is the generated client for a shop: every call is signed.
func (w *world) clientOf(t *testing.T, shop credentials) *shopee.Client {
	t.Helper()
	client, err := shopee.NewClient(w.URL, shopee.WithRequestEditorFn(w.signed(shop)))
	require.NoError(t, err)
	return client
}

// signed fills in what all calls have: the generated client knows their names, but
// not how to sign.
func (w *world) signed(shop credentials) shopee.RequestEditorFn {
	return func(_ context.Context, r *http.Request) error {
		query := r.URL.Query()
		query.Set("partner_id", decimal(shop.PartnerID))
		query.Set("timestamp", decimal(time.Now().Add(w.ahead).Unix()))
		_, path, _ := strings.Cut(r.URL.Path, "/api/v2/")
		base := query.Get("partner_id") + "/api/v2/" + path + query.Get("timestamp")
		if strings.HasPrefix(path, "sellerchat/") {
			query.Set("access_token", shop.AccessToken)
			query.Set("shop_id", decimal(shop.ShopID))
			base += query.Get("access_token") + query.Get("shop_id")
		}
		query.Set("sign", hmacOf(shop.PartnerKey, base))
		r.URL.RawQuery = query.Encode()
		return nil
	}
}

func hmacOf(key, text string) string {
	sum := hmac.New(sha256.New, []byte(key))
	_, _ = sum.Write([]byte(text))
	return hex.EncodeToString(sum.Sum(nil))
}

// query changes a call after it was signed; "" takes a parameter out.
func query(name, value string) shopee.RequestEditorFn {
	return func(_ context.Context, r *http.Request) error {
		values := r.URL.Query()
		values.Set(name, value)
		if value == "" {
			values.Del(name)
		}
		r.URL.RawQuery = values.Encode()
		return nil
	}
}

// act runs an action of the control API and reads its answer into out, if not
// nil.
func (w *world) act(t *testing.T, action string, in, out any) {
	t.Helper()
	w.Market(t, http.MethodPost, "/actions/"+action, in, out)
}

// advance moves the sandbox's clock and that of the client.
func (w *world) advance(t *testing.T, by time.Duration) {
	t.Helper()
	w.Advance(t, by.String())
	w.ahead += by
}

// say lets the buyer write to a conversation through the control API.
func (w *world) say(t *testing.T, conversation, text string) {
	t.Helper()
	w.Market(t, http.MethodPost, "/chats/"+conversation+"/messages", map[string]string{"from": "buyer", "text": text}, nil)
}

// read wants a success that T declares in full.
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

// unread wants a success that T does not declare.
func unread[T any](t *testing.T, r *http.Response, err error, mistake string) {
	t.Helper()
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, r.StatusCode)
	raw := mock.Body(t, r)
	require.ErrorContains(t, strictly.Decode(raw, new(T)), mistake, "%s", raw)
}

// refused wants a status and a refusal, and gives its text.
func refused(t *testing.T, status int, code string, r *http.Response, err error) string {
	t.Helper()
	out := readAs[shopee.Refusal](t, status, r, err)
	require.Equal(t, code, out.Error, "%s", out.Message)
	require.Regexp(t, `^[0-9a-f]{32}$`, out.RequestId)
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

// number is an id of an answer as a request takes it.
func number(t *testing.T, id string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(id, 10, 64)
	require.NoError(t, err)
	return n
}

// post is an id in the body of a request.
func post(id int64) shopee.PostId {
	var out shopee.PostId
	_ = out.FromPostId0(id) // numbers marshal
	return out
}

// postText is an id in the body of a request, as a string.
func postText(id string) shopee.PostId {
	var out shopee.PostId
	_ = out.FromPostId1(id) // strings marshal
	return out
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func ptr[T any](v T) *T { return &v }

// fetch gets a file with no credentials.
func fetch(t *testing.T, address string) (*http.Response, []byte) {
	t.Helper()
	_, err := url.ParseRequestURI(address)
	require.NoError(t, err)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	r, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	return r, mock.Body(t, r)
}
