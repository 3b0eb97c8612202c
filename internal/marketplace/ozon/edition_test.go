package ozon

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/plainjson"
)

// An older edition behaves as the vendor did then, over the wire.
// Proves: ozon/edition-2025-08, ozon/edition-2026-04
// Proves: ozon/edition-2026-07, ozon/edition-2026-08, ozon/edition-2026-10
func TestEditions(t *testing.T) {
	t.Parallel()
	for on, want := range map[time.Time]struct {
		limit1000, listV2, historyV2, hooks, paidHistory, remaining bool
		opened, lenient                                             string
		types                                                       int
	}{
		day(2025, 8, 1):  {true, true, true, false, true, false, "Opened", "All", 3},
		day(2025, 8, 15): {true, true, true, false, true, false, "Opened", "All", 3},
		day(2026, 4, 8):  {false, true, false, true, false, false, "OPENED", "All", 7},
		day(2026, 7, 24): {false, false, false, true, false, false, "OPENED", "ALL", 8},
		day(2026, 8, 21): {false, false, false, true, false, false, "OPENED", "ALL", 10},
		day(2026, 10, 1): {false, false, false, true, false, true, "OPENED", "ALL", 10},
	} {
		t.Run(on.Format(time.DateOnly), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "support-and-notifications", on, map[string]string{
				switchFilterCase: "strict", switchSystemChatType: "specific",
			})
			status := func(operation, body string) int { return w.call(operation, body).status }
			served := map[bool]int{true: 200, false: 404}
			require.Equal(t, map[bool]int{true: 200, false: 400}[want.limit1000], status(opListV3, `{"limit":1000}`))
			require.Equal(t, served[want.listV2], status(opListV2, `{"limit":1}`))
			require.Equal(t, served[want.hooks], status(opHookList, ``))
			require.Equal(t, 200, status(opListV3, fmt.Sprintf(`{"limit":1,"filter":{"chat_status":%q}}`, want.lenient)))
			list := w.call(opListV3, `{"limit":100}`)
			require.Contains(t, list.body, fmt.Sprintf(`"chat_status":%q`, want.opened))
			require.Equal(t, want.remaining, list.header.Get("Ratelimit-Remaining") != "")
			types := map[string]bool{}
			buyer := ""
			for _, row := range w.list(`{"limit":100}`).Chats {
				types[row.Chat.Type] = true
				if strings.EqualFold(row.Chat.Type, typeBuyer) {
					buyer = row.Chat.ChatID
				}
			}
			require.Len(t, types, want.types)
			past := fmt.Sprintf(`{"chat_id":%q,"limit":1}`, buyer)
			require.Equal(t, served[want.historyV2], status(opHistoryV2, past))
			require.NoError(t, w.act("subscription.set", `{"subscription":"UNSPECIFIED"}`))
			require.Equal(t, map[bool]int{true: 403, false: 200}[want.paidHistory], status(opHistoryV3, past))
			require.Equal(t, 403, w.send(buyer, "hello").status)
		})
	}
}

// What the spec in force declares for the methods of chats and notifications.
// Proves: ozon/declared-statuses
func TestDeclaredStatuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "empty", today, nil)
	for _, op := range w.config.Specs[specAPI].Operations() {
		if !strings.Contains(op.Path, "/chat/") && !strings.Contains(op.Path, "/notification/") {
			continue
		}
		for _, status := range []string{"200", "400", "403", "404", "409", "500"} {
			require.True(t, slices.Contains(op.Statuses, status), "%s %s", op.ID, status)
		}
	}
}

// A question about a product comes as the buyer's text, Markdown and all.
// Proves: ozon/data-product-question
func TestProductQuestion(t *testing.T) {
	t.Parallel()
	const text = `Здравствуйте, вопрос по товару "Чай чёрный", артикул TEA-1. Хватит ли [пачки](https://shop.example.com/tea) на месяц?`
	w := newWorld(t, "no-order", today, nil)
	id := w.first().ID
	w.play(id, marketplace.MessageInput{Text: text})
	require.Contains(t, w.call(opHistoryV3, fmt.Sprintf(`{"chat_id":%q,"limit":1}`, id)).body,
		`"context":{"order_number":"","sku":""},"data":[`+string(plainjson.AppendString(nil, text))+`]`)
}
