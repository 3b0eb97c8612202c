package yandex_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace/markettest"
	"example.com/marketmock/internal/marketplace/yandex"
)

// A state that is put back goes on counting the days that an address fails.
// Proves: yandex/push-fourteen-days
func TestTheFourteenDaysSurviveARestore(t *testing.T) {
	t.Parallel()
	ill := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
	}))
	t.Cleanup(ill.Close)
	w := markettest.Start(t, markettest.Config{Emulator: yandex.New(), Scheme: "FBS", Sign: sign}).World(t, nil)
	advance := func(by string) { w.Play(http.MethodPatch, "clock", map[string]any{"advance": by}, nil) }
	on := func() bool {
		var list struct{ Webhooks []struct{ Enabled bool } }
		w.Play(http.MethodGet, "{m}/webhooks", nil, &list)
		require.Len(t, list.Webhooks, 1)
		return list.Webhooks[0].Enabled
	}
	w.Play(http.MethodPatch, "clock", map[string]any{"frozen": true}, nil)
	w.Play(http.MethodPut, "{m}/webhooks", map[string]any{"webhooks": []any{map[string]any{"url": ill.URL}}}, nil)
	w.Open(t)
	advance("10d")
	w.Play(http.MethodPost, "snapshots", map[string]any{"name": "ill"}, nil)
	for range 2 {
		advance("95h59m59s")
		require.True(t, on())
		advance("1s")
		require.False(t, on())
		w.Play(http.MethodPost, "snapshots/ill/restore", nil, nil)
	}
}
