package webchat_test

import (
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// at is the time of a message's id to the second.
func (w *testWorld) at(id string) string {
	w.t.Helper()
	n, err := strconv.ParseUint(id, 10, 64)
	require.NoError(w.t, err)
	return time.Unix(0, shop.Nano(n)).UTC().Truncate(time.Second).Format(time.RFC3339)
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return string(raw)
}
