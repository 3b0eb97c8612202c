package yandex_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/mock"
	"example.com/marketmock/clienttest/strictly"
	"example.com/marketmock/clienttest/yandex"
)

// unlimited is more calls an hour than a test makes.
const unlimited = 1_000_000

type credentials struct {
	BusinessID int64  `json:"business_id"`
	CampaignID int64  `json:"campaign_id"`
	APIKey     string `json:"api_key"`
	ReadOnly   string `json:"read_only_api_key"`
	OAuth      string `json:"oauth"`
}

// world is a sandbox of one test and its cabinets.
type world struct {
	*mock.World
	sellers  []credentials
	business int64 // the first cabinet
}

func newWorld(t *testing.T, s *mock.Server, fixture string, switches map[string]string) *world {
	t.Helper()
	return known(t, s.World(t, "yandex", fixture, switches))
}

func known(t *testing.T, w *mock.World) *world {
	t.Helper()
	sellers := mock.Sellers[credentials](t, w)
	return &world{World: w, sellers: sellers, business: sellers[0].BusinessID}
}

// client is the generated client with the first cabinet's key.
func (w *world) client(t *testing.T) *yandex.Client {
	t.Helper()
	return w.clientWith(t, "Api-Key", w.sellers[0].APIKey)
}

// clientWith is the generated client with a header of its own; without a name,
// with none.
func (w *world) clientWith(t *testing.T, name, value string) *yandex.Client {
	t.Helper()
	client, err := yandex.NewClient(w.URL, yandex.WithRequestEditorFn(with(name, value)))
	require.NoError(t, err)
	return client
}

// with adds a header to a request.
func with(name, value string) yandex.RequestEditorFn {
	return func(_ context.Context, r *http.Request) error {
		if name != "" {
			r.Header.Set(name, value)
		}
		return nil
	}
}

// act runs an action of the control API and reads its answer into out, if not
// nil.
func (w *world) act(t *testing.T, action string, in, out any) {
	t.Helper()
	w.Market(t, http.MethodPost, "/actions/"+action, in, out)
}

// say lets the buyer or the seller write to a chat through the control API.
func (w *world) say(t *testing.T, chat int64, from, text string) {
	t.Helper()
	w.Market(t, http.MethodPost, "/chats/"+decimal(chat)+"/messages", map[string]string{"from": from, "text": text}, nil)
}

// read wants a status and an answer that T declares in full. An answer with an
// envelope tells there what its status told.
func read[T any](t *testing.T, status int, r *http.Response, err error) T {
	t.Helper()
	require.NoError(t, err)
	raw := mock.Body(t, r)
	require.Equal(t, status, r.StatusCode, "%s", raw)
	var out T
	require.NoError(t, strictly.Decode(raw, &out), "%s", raw)
	framed(t, r, raw)
	return out
}

// framed wants the headers of every answer, and an envelope that fits its status.
func framed(t *testing.T, r *http.Response, raw []byte) {
	t.Helper()
	require.Equal(t, "application/json", r.Header.Get("Content-Type"))
	require.Regexp(t, `^\d+$`, r.Header.Get("X-RateLimit-Resource-Limit"), "%s", raw)
	require.Regexp(t, `^\d+$`, r.Header.Get("X-RateLimit-Resource-Remaining"))
	_, err := http.ParseTime(r.Header.Get("X-RateLimit-Resource-Until"))
	require.NoError(t, err)
	require.Empty(t, r.Header.Get("Retry-After"))
	if r.StatusCode != http.StatusOK {
		require.Contains(t, string(raw), `"status":"ERROR"`)
	} else if enveloped(raw) {
		require.Contains(t, string(raw), `"status":"OK"`)
	}
}

// refused wants a status and an error in the vendor's shape, and gives its text.
func refused(t *testing.T, status int, code string, r *http.Response, err error) string {
	t.Helper()
	out := read[yandex.ApiErrorResponse](t, status, r, err)
	require.Equal(t, yandex.ApiResponseStatusTypeERROR, out.Status)
	require.NotNil(t, out.Errors)
	require.Len(t, *out.Errors, 1)
	require.Equal(t, code, (*out.Errors)[0].Code)
	if (*out.Errors)[0].Message == nil {
		return ""
	}
	return *(*out.Errors)[0].Message
}
