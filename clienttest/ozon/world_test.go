package ozon_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/mock"
	"example.com/marketmock/clienttest/ozon"
)

type credentials struct {
	ClientID string `json:"client_id"`
	APIKey   string `json:"api_key"`
	OAuth    string `json:"oauth"`
}

// world is a sandbox of one test and its sellers.
type world struct {
	*mock.World
	sellers []credentials
}

func newWorld(t *testing.T, s *mock.Server, fixture string, switches map[string]string) *world {
	t.Helper()
	w := s.World(t, "ozon", fixture, switches)
	return &world{World: w, sellers: mock.Sellers[credentials](t, w)}
}

// limit sets how many calls a second the seller may make.
func (w *world) limit(t *testing.T, calls int) {
	t.Helper()
	w.Limit(t, "requests-per-second", calls, "1s")
}

// client is the generated client as the sandbox's first seller.
func (w *world) client(t *testing.T) *ozon.Client {
	t.Helper()
	return w.clientAs(t, w.sellers[0])
}

func (w *world) clientAs(t *testing.T, c credentials) *ozon.Client {
	t.Helper()
	return w.clientWith(t, func(_ context.Context, r *http.Request) error {
		r.Header.Set("Client-Id", c.ClientID)
		r.Header.Set("Api-Key", c.APIKey)
		return nil
	})
}

// clientWith is the generated client with credentials of its own.
func (w *world) clientWith(t *testing.T, sign ozon.RequestEditorFn) *ozon.Client {
	t.Helper()
	client, err := ozon.NewClient(w.URL, ozon.WithRequestEditorFn(sign))
	require.NoError(t, err)
	return client
}
