package ozon

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
	"example.com/marketmock/internal/marketplace"
)

var update = flag.Bool("update", false, "write the golden files of this package")

// What travels, for every switch that shows on the wire: list and history of a
// chat with a posting, a seller's message and a picture.
// Proves: ozon/id-format, ozon/customer-type, ozon/user-type-case
// Proves: ozon/enum-case, ozon/has-next-format, ozon/message-id-name, ozon/data-shape
// Proves: ozon/zero-fields, ozon/system-chat-type, ozon/list-row, ozon/history-message
// Proves: ozon/context-order, ozon/chat-bot, ozon/notification-user, ozon/times-utc
// Proves: ozon/list-no-order-in-row, ozon/no-buyer-name, ozon/list-chats-array
func TestWire(t *testing.T) {
	t.Parallel()
	sets := map[string]map[string]string{"defaults": nil}
	for _, name := range []string{
		switchIDFormat, switchCustomerType, switchUserTypeCase, switchEnumCase, switchHasNextFormat,
		switchMessageIDName, switchDataShape, switchZeroFields, switchSystemChatType,
	} {
		for _, c := range choices {
			for _, v := range c.Values {
				if c.Name == name && v != c.Values[0] {
					sets[name+"-"+v] = map[string]string{name: v}
				}
			}
		}
	}
	for name, set := range sets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := wireWorld(t, set)
			id := w.first().ID
			golden(t, name, w.call(opListV3, `{"limit":2}`).body, w.call(opHistoryV3, fmt.Sprintf(`{"chat_id":%q}`, id)).body)
		})
	}
}

// wireWorld has a chat in which everybody has written, and one of notifications.
func wireWorld(t *testing.T, set map[string]string) *testWorld {
	w := newWorld(t, "fbs-asked", today, set)
	id := w.first().ID
	player := w.api.Player()
	events, err := player.OpenChat(w.World, marketplace.ChatInput{
		ID: "00000000-0000-4000-8000-000000000001", Type: "SELLER_NOTIFICATION_LOGISTICS",
	})
	require.NoError(t, err)
	_, err = w.Store.Apply(chatIf(), events...)
	require.NoError(t, err)
	w.play("00000000-0000-4000-8000-000000000001", marketplace.MessageInput{Text: "Принято отправлений: 2."})
	for _, role := range []chat.Role{chat.RoleSeller, chat.RoleSupport, chat.RoleCourier, chat.RoleCRM, chat.RoleBot, chat.RoleMarketplace} {
		w.advance(time.Second)
		w.play(id, marketplace.MessageInput{From: string(role), Text: "<" + string(role) + ">\n\"&\""})
	}
	w.advance(time.Second)
	w.play(id, marketplace.MessageInput{File: &marketplace.FileInput{Name: "photo.jpg", URL: "https://files.example.com/photo.jpg"}})
	return w
}

func golden(t *testing.T, name string, bodies ...string) {
	t.Helper()
	path := filepath.Join("testdata", "wire", name+".json")
	got := strings.Join(bodies, "\n") + "\n"
	for _, body := range bodies {
		require.True(t, json.Valid([]byte(body)), body)
	}
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

// A message's data may be said by a fixture, and is then the same everywhere.
// Proves: ozon/data-shape
func TestDataSaidByFixture(t *testing.T) {
	t.Parallel()
	for _, shape := range []string{"plain", "label-first", "posting-first"} {
		r := renderer{style: styleOf(settings(t, today, map[string]string{switchDataShape: shape})), chat: chat.Chat{Order: "1-1"}}
		m := chat.Message{Text: "x", Ext: messageExt{Data: []string{"1-1", "y"}}}
		require.Equal(t, []string{"1-1", "y"}, r.data(m))
	}
}

func TestTimesHaveMillisecondsOrNone(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 10, 1, 15, 0, 0, 0, time.FixedZone("MSK", 3*3600))
	require.Equal(t, `"2026-10-01T12:00:00Z"`, string(appendTime(nil, at)))
	require.Equal(t, `"2026-10-01T12:00:00.5Z"`, strings.Replace(string(appendTime(nil, at.Add(500*time.Millisecond))), ".500", ".5", 1))
	require.Equal(t, `"2026-10-01T12:00:00.007Z"`, string(appendTime(nil, at.Add(7*time.Millisecond+999))))
}
