package yandex

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
)

var update = flag.Bool("update", false, "write the golden files of this package")

// every has a chat of each context, and one in which everybody has written.
const every = `
sellers: [{name: demo, title: Чайная лавка «Листок»}]
buyers: [{id: x1y2z3, name: Анна К.}]
orders: [{id: 5001, buyer: x1y2z3, placed: -9d}]
returns: [{id: 7001, order: 5001, at: -8d}]
chats:
  - {id: 14604711, buyer: x1y2z3, opened: -3h}
  - {id: 14604710, return: 7001, type: ARBITRAGE, status: WAITING_FOR_ARBITER, messages: [{text: Спор, at: -2h}]}
  - id: 14604709
    order: 5001
    opened: -70m
    messages:
      - {text: "<Где> \"заказ\" & \\ ?\n", at: -1h}
      - {from: seller, text: В пути, at: -50m}
      - {from: marketplace, text: Ждём, at: -40m}
      - {from: support, text: Смотрим, at: -30m}
      - {file: {name: фото 1.jpg, content_type: image/jpeg, size: 48213}, at: -20m}
      - {from: seller, text: Смотрите, file: {name: "b?.pdf", content_type: application/pdf, size: 9}, at: -10m}
`

// What travels, for every switch and edition that shows on the wire of lists and
// histories.
// Proves: yandex/list-row, yandex/get-chat, yandex/list-no-counters, yandex/context-order, yandex/context-return
// Proves: yandex/context-direct, yandex/context-customer, yandex/chat-types, yandex/chat-statuses, yandex/updated-at
// Proves: yandex/updated-at-empty, yandex/emit-order-id, yandex/history-shape, yandex/message-shape, yandex/senders
// Proves: yandex/payload-item, yandex/payload-or-message, yandex/get-chat-message, yandex/dates-with-offset
// Proves: yandex/dates-moscow, yandex/envelope, yandex/ids-int64, yandex/last-page-paging, yandex/edition-2025-07-01
// Proves: yandex/edition-2025-09-17, yandex/file-url
func TestWire(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		edition time.Time
		set     map[string]string
	}{
		"defaults":                {today, nil},
		"emit-order-id-off":       {today, map[string]string{switchEmitOrderID: "off"}},
		"last-page-paging-absent": {today, map[string]string{switchLastPaging: "absent"}},
		"edition-2025-09-16":      {day(2025, 9, 16), nil},
		"edition-2025-07-01":      {day(2025, 7, 1), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, every, tt.edition, tt.set)
			ids := w.messageIDs("14604709")
			golden(t, name,
				w.call(opGetChats, "", "{}").body,
				w.call(opGetChat, "chatId=14604710", "").body,
				w.call(opGetHistory, "chatId=14604709", "{}").body,
				w.call(opGetMessage, fmt.Sprintf("chatId=14604709&messageId=%d", ids[4]), "").body)
		})
	}
}

func golden(t *testing.T, name string, bodies ...string) {
	t.Helper()
	file := filepath.Join("testdata", "wire", name+".json")
	got := strings.Join(bodies, "\n") + "\n"
	for _, body := range bodies {
		require.True(t, json.Valid([]byte(body)), body)
	}
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

// Proves: yandex/dates-with-offset, yandex/dates-moscow
func TestTimes(t *testing.T) {
	t.Parallel()
	at := func(nanos int) time.Time { return time.Date(2026, 9, 30, 22, 5, 7, nanos, time.UTC) }
	for nanos, want := range map[int]string{
		0: `"2026-10-01T01:05:07+03:00"`, 999: `"2026-10-01T01:05:07+03:00"`,
		120_000_000: `"2026-10-01T01:05:07.120+03:00"`, 1_000: `"2026-10-01T01:05:07.000001+03:00"`,
		123_456_789: `"2026-10-01T01:05:07.123456+03:00"`, 45_000_000: `"2026-10-01T01:05:07.045+03:00"`,
	} {
		require.Equal(t, want, string(appendTime(nil, at(nanos))))
	}
}

// Proves: yandex/chat-order
func TestKeysOrderChats(t *testing.T) {
	t.Parallel()
	older := chat.Chat{ID: "9", Opened: noon, LastAt: noon.Add(time.Hour)}
	newer := chat.Chat{ID: "10", Opened: noon.Add(-time.Hour), LastAt: noon.Add(2 * time.Hour)}
	require.Less(t, sortKey(indexUpdated, &newer), sortKey(indexUpdated, &older))
	require.Less(t, sortKey(indexCreated, &older), sortKey(indexCreated, &newer))
	require.Less(t, sortKey(indexID, &older), sortKey(indexID, &newer))
	twin := older
	twin.ID = "11"
	require.Less(t, sortKey(indexUpdated, &twin), sortKey(indexUpdated, &older), "of two at once the greater id")
	unread := chat.Chat{ID: "12", Opened: noon.Add(3 * time.Hour)}
	require.Less(t, sortKey(indexUpdated, &unread), sortKey(indexUpdated, &newer), "without a message the opening counts")
}

func FuzzToken(f *testing.F) {
	f.Add("", "")
	f.Add(token(digestStart, "0123456789abcdef"), "x")
	f.Add("eyBuZXh0SWQ6IDIzNDIgfQ==", "x")
	f.Fuzz(func(t *testing.T, text, query string) {
		d := digestStart.text(query)
		if key, known := parseToken(d, text); known && text != "" {
			require.Equal(t, text, token(d, key))
		}
	})
}
