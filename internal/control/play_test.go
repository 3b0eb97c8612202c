package control_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/journal"
)

// get decodes a part of an answer.
func get[T any](t *testing.T, body []byte) T {
	t.Helper()
	var v T
	require.NoError(t, json.Unmarshal(body, &v), "%s", body)
	return v
}

type chatShape struct {
	ID           string  `json:"id"`
	Closed       *string `json:"closed"`
	Unread       int     `json:"unread"`
	ReadBySeller string  `json:"read_by_seller"`
	ReadByBuyer  string  `json:"read_by_buyer"`
	Messages     []struct {
		ID   string `json:"id"`
		Text string `json:"text"`
	} `json:"messages"`
}

func TestASandboxTellsHowItIsReached(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	body := m.ok(http.StatusCreated, "POST", "/_mock/sandboxes", `{"name":"billing","seed":18446744073709551615,"ttl":"1h","edition":"2025-08-01","switches":{"ozon":{"id-format":"string"}}}`)
	require.Contains(t, string(body), `"seed":18446744073709551615`)
	got := get[struct {
		BaseURLs    map[string]string              `json:"base_urls"`
		Credentials map[string]map[string]string   `json:"credentials"`
		Sellers     map[string][]map[string]string `json:"sellers"`
		Edition     string                         `json:"edition"`
		Created     time.Time                      `json:"created"`
		Expires     time.Time                      `json:"expires"`
	}](t, body)
	require.Equal(t, "http://127.0.0.1:8080/~billing/ozon", got.BaseURLs["ozon"])
	require.Equal(t, map[string]string{"client_id": "1011"}, got.Credentials["ozon"])
	require.Len(t, got.Sellers["ozon"], 2)
	require.Equal(t, "2025-08-01", got.Edition)
	require.Equal(t, time.Hour, got.Expires.Sub(got.Created))
	require.Contains(t, string(m.ok(200, "GET", "/_mock/sandboxes/billing/switches", "")), `"value":"string"`)
	require.Contains(t, string(m.ok(200, "GET", base, "")), `"http://127.0.0.1:8080/ozon"`)
	m.ok(http.StatusNoContent, "DELETE", "/_mock/sandboxes/billing", "")
	require.NotContains(t, string(m.ok(200, "GET", "/_mock/sandboxes", "")), "billing")
}

func TestTheClockMovesWhileItIsFrozen(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	type clock struct {
		Now    time.Time `json:"now"`
		Frozen bool      `json:"frozen"`
	}
	start := get[clock](t, m.ok(200, "PATCH", base+"/clock", `{"frozen":true}`))
	require.True(t, start.Frozen)
	moved := get[clock](t, m.ok(200, "PATCH", base+"/clock", `{"advance":"2d1h"}`))
	require.Equal(t, 49*time.Hour, moved.Now.Sub(start.Now))
	set := get[clock](t, m.ok(200, "PATCH", base+"/clock", `{"set":"2150-01-01T00:00:00+03:00"}`))
	require.Equal(t, time.Date(2149, time.December, 31, 21, 0, 0, 0, time.UTC), set.Now)
	require.False(t, get[clock](t, m.ok(200, "PATCH", base+"/clock", `{"frozen":false,"advance":"1s"}`)).Frozen)
}

func TestTheBuyerReadsUpToTheLastMessageOfTheSeller(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	path := base + "/ozon/chats/" + toyChat
	shown := get[chatShape](t, m.ok(200, "GET", path, ""))
	require.Len(t, shown.Messages, 2)
	require.Equal(t, "900719925474099301", shown.Messages[0].ID)
	require.Equal(t, shown.Messages[0].ID, get[chatShape](t, m.ok(200, "POST", path+"/read", "")).ReadByBuyer)
	require.Equal(t, shown.Messages[1].ID, get[chatShape](t, m.ok(200, "POST", path+"/read", `{"by":"seller"}`)).ReadBySeller)
	require.Equal(t, shown.Messages[1].ID, get[chatShape](t, m.ok(200, "POST", path+"/read", `{"up_to":"`+shown.Messages[1].ID+`"}`)).ReadByBuyer)
}

func TestReadingAgainOrClosingAClosedChatIsNoEvent(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	path := base + "/ozon/chats/" + toyChat
	box, err := m.registry.Sandbox("default")
	require.NoError(t, err)
	w, _ := box.World("ozon")
	for _, call := range []string{"/read", "/close", "/reopen"} {
		first := m.ok(200, "POST", path+call, "")
		before, _ := w.Store.Events(0)
		require.JSONEq(t, string(first), string(m.ok(200, "POST", path+call, "")))
		after, _ := w.Store.Events(0)
		require.Len(t, after, len(before), call)
	}
}

func TestAChatIsClosedAndOpenedAgain(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	path := base + "/ozon/chats/" + toyChat
	require.NotNil(t, get[chatShape](t, m.ok(200, "POST", path+"/close", `{"by":"buyer"}`)).Closed)
	require.Nil(t, get[chatShape](t, m.ok(200, "POST", path+"/reopen", "")).Closed)
}

func TestAChatWithoutSupportIsClosedByTheMarketplace(t *testing.T) {
	t.Parallel()
	path := base + "/ozon/chats/" + toyChat
	closedBy := func(absent ...chat.Role) (answer, chat.Author) {
		m := newMockOf(t, toy{toyPlayer{absent: absent}})
		a := m.call("POST", path+"/close", `{}`)
		box, err := m.registry.Sandbox("default")
		require.NoError(t, err)
		w, _ := box.World("ozon")
		events, _ := w.Store.Events(0)
		if len(events) == 0 {
			return a, chat.Author{}
		}
		return a, events[len(events)-1].Event.(chat.ChatClosed).By
	}
	_, by := closedBy()
	require.Equal(t, chat.RoleSupport, by.Role)
	_, by = closedBy(chat.RoleSupport)
	require.Equal(t, chat.RoleMarketplace, by.Role)
	a, _ := closedBy(chat.RoleSupport, chat.RoleMarketplace)
	require.Equal(t, http.StatusBadRequest, a.status)
	p := problem(t, a)
	require.Empty(t, p.Field, "by was not sent")
	require.Equal(t, `say who: by is "seller", "buyer", "courier", "crm" or "bot"`, p.Detail)

	m := newMockOf(t, toy{toyPlayer{absent: []chat.Role{chat.RoleSupport, chat.RoleCourier, chat.RoleCRM}}})
	p = problem(t, m.call("POST", path+"/reopen", `{"by":"support"}`))
	require.Equal(t, "/by", p.Field)
	require.Equal(t, `nobody is "support" in this chat: by is "seller", "buyer", "marketplace" or "bot"`, p.Detail)
}

func TestAnOrderIsPaidNowOrThen(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	m.ok(200, "PATCH", base+"/clock", `{"frozen":true,"set":"2150-01-01T00:00:00Z"}`)
	for told, want := range map[string]time.Time{
		"true":                        time.Date(2150, time.January, 1, 0, 0, 0, 0, time.UTC),
		`"2026-10-01T12:00:00+03:00"`: time.Date(2026, time.October, 1, 9, 0, 0, 0, time.UTC),
	} {
		body := m.ok(http.StatusCreated, "POST", base+"/ozon/orders", fmt.Sprintf(`{"id":"%d","paid":%s}`, want.Year(), told))
		require.Equal(t, want, get[struct {
			Paid time.Time `json:"paid"`
		}](t, body).Paid)
	}
}

func TestASwitchTakesANumber(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	require.Contains(t, string(m.ok(200, "PATCH", base+"/switches", `{"ozon":{"id-format":19}}`)), `"value":"19"`)
	m.ok(http.StatusCreated, "POST", "/_mock/sandboxes", `{"name":"numbers","switches":{"ozon":{"id-format":19}}}`)
	require.Contains(t, string(m.ok(200, "GET", "/_mock/sandboxes/numbers/switches", "")), `"value":"19"`)
}

func TestAMarketplaceSeesTheAddressesBesideOne(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	p := problem(t, m.call("PUT", base+"/ozon/webhooks", `{"webhooks":[{"url":"http://a"},{"url":"http://b"},{"url":"http://a"}]}`))
	require.Equal(t, "/webhooks/2", p.Field)
	require.Equal(t, "there is this one already", p.Detail)
	m.ok(200, "PUT", base+"/ozon/webhooks", `{"webhooks":[{"url":"http://a"}]}`)
	m.ok(200, "PUT", base+"/ozon/webhooks", `{"webhooks":[{"url":"http://a"}]}`)
}

func TestChatsComeInPages(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	for _, id := range []string{"a", "b", "c"} {
		m.ok(http.StatusCreated, "POST", base+"/ozon/chats", `{"id":"`+id+`"}`)
	}
	type page struct {
		Chats []chatShape `json:"chats"`
		Next  string      `json:"next"`
	}
	var seen []string
	after := ""
	for {
		p := get[page](t, m.ok(200, "GET", base+"/ozon/chats?limit=2&after="+after, ""))
		for _, c := range p.Chats {
			seen = append(seen, c.ID)
		}
		if after = p.Next; after == "" {
			break
		}
	}
	require.Equal(t, []string{toyChat, "a", "b", "c"}, seen)
}

func TestAnOrderIsDeliveredAtAGivenTime(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	body := m.ok(200, "PATCH", base+"/ozon/orders/"+toyOrder, `{"delivered":"2026-11-01T10:00:00+03:00"}`)
	require.Contains(t, string(body), `"delivered":"2026-11-01T07:00:00Z"`)
	require.NotContains(t, string(body), `"paid"`)
}

func TestASnapshotBringsTheStateBack(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	m.ok(http.StatusCreated, "POST", base+"/snapshots", `{"name":"clean"}`)
	m.ok(http.StatusCreated, "POST", base+"/ozon/chats", `{"id":"a"}`)
	m.ok(200, "POST", base+"/snapshots/clean/restore", "")
	require.Equal(t, 404, m.call("GET", base+"/ozon/chats/a", "").status)
	m.ok(http.StatusCreated, "POST", base+"/ozon/chats", `{"id":"a"}`)
	m.ok(200, "POST", base+"/reset", "")
	require.Equal(t, 404, m.call("GET", base+"/ozon/chats/a", "").status)
}

func TestTheJournalIsShownAndVerified(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	box, err := m.registry.Sandbox("default")
	require.NoError(t, err)
	box.Journal.Record(journal.Exchange{
		Sandbox: "default", Marketplace: "ozon", Operation: "ChatAPI_ChatListV3", Method: "POST", URL: "/v3/chat/list",
		Started: box.Clock.Now(), Request: journal.NewBody([]byte(`{"limit":30}`)), Status: 403,
		Response: journal.NewBody([]byte{0xff, 0xfe}), Reason: &journal.Reason{Text: "the window is over", Claim: "toy/window"},
	})
	list := string(m.ok(200, "GET", base+"/requests?marketplace=ozon&status=403&wait=5s", ""))
	require.Contains(t, list, `"json":{"limit":30}`)
	require.Contains(t, list, `"base64":"//4="`)
	require.Contains(t, list, `"reason":{"text":"the window is over","claim":"toy/window"}`)
	require.JSONEq(t, `{"requests":[]}`, string(m.ok(200, "GET", base+"/requests?after=1&wait=1ms", "")))
	verify := func(body string) (held bool, misses int) {
		v := get[struct {
			Held   bool  `json:"held"`
			Misses []any `json:"misses"`
		}](t, m.ok(200, "POST", base+"/requests/verify", body))
		return v.Held, len(v.Misses)
	}
	held, _ := verify(`{"operation":"ChatAPI_ChatListV3","body":{"limit":30}}`)
	require.True(t, held)
	held, misses := verify(`{"operation":"ChatAPI_ChatListV3","body":{"limit":31}}`)
	require.False(t, held)
	require.Equal(t, 1, misses)
	m.ok(http.StatusNoContent, "DELETE", base+"/requests", "")
	require.JSONEq(t, `{"requests":[]}`, string(m.ok(200, "GET", base+"/requests", "")))
}

func TestFaultsAreAddedAndRemoved(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	body := m.ok(http.StatusCreated, "POST", base+"/faults", `{"kind":"late","delay":"1d","seed":3,"share":0.5}`)
	require.Contains(t, string(body), `"stage":"push","kind":"late","delay":"24h0m0s"`)
	id := get[struct{ ID string }](t, body).ID
	m.ok(http.StatusNoContent, "DELETE", base+"/faults/"+id, "")
	require.JSONEq(t, `{"faults":[]}`, string(m.ok(200, "GET", base+"/faults", "")))
}

func TestADeliveryIsShownWithItsAttempt(t *testing.T) {
	t.Parallel()
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("taken"))
	}))
	t.Cleanup(receiver.Close)
	m := newMock(t)
	m.ok(200, "PUT", base+"/ozon/webhooks", `{"webhooks":[{"url":"http://127.0.0.1:9/old"}]}`)
	hooks := m.ok(200, "PUT", base+"/ozon/webhooks", `{"webhooks":[{"url":"`+receiver.URL+`"}]}`)
	require.Len(t, get[struct{ Webhooks []any }](t, hooks).Webhooks, 1)
	m.ok(http.StatusCreated, "POST", base+"/ozon/chats/"+toyChat+"/messages", `{"text":"are you there?"}`)
	list := string(m.ok(200, "GET", base+"/deliveries?event=TYPE_NEW_MESSAGE&wait=20s", ""))
	require.Contains(t, list, `"body":{"text":"are you there?"}`)
	require.Contains(t, list, `"reply":"taken"`)
}

func TestTheSecretsOfAWebhooksAddressAreNotShown(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	stream := m.listen(ctx, "")
	require.Equal(t, ": events of default", stream())
	const address, shown = "http://me:open-sesame@127.0.0.1:9/push?token=open-sesame&x=1", `"url":"http://…@127.0.0.1:9/push?token=…&x=1"`
	put := string(m.ok(200, "PUT", base+"/ozon/webhooks", `{"webhooks":[{"url":"`+address+`"}]}`))
	require.Contains(t, put, shown)
	require.Contains(t, string(m.ok(200, "GET", base+"/ozon/webhooks", "")), shown)
	require.Equal(t, "id: ozon-1", stream())
	require.Equal(t, "event: WebhookSaved", stream())
	require.Contains(t, stream(), shown)
	box, err := m.registry.Sandbox("default")
	require.NoError(t, err)
	w, _ := box.World("ozon")
	require.Equal(t, address, w.Store.Webhooks("")[0].URL, "it is kept whole")
}

func TestEventsAreStreamedAndResumed(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	stream := m.listen(ctx, "")
	require.Equal(t, ": events of default", stream())
	m.ok(http.StatusCreated, "POST", base+"/ozon/chats/"+toyChat+"/messages", `{"text":"one\ntwo"}`)
	require.Equal(t, "id: ozon-1", stream())
	require.Equal(t, "event: MessagePosted", stream())
	data := stream()
	require.Contains(t, data, `data: {"marketplace":"ozon","seq":"1","at":"`)
	require.Contains(t, data, `"text":"one\ntwo"`)
	m.ok(200, "POST", base+"/ozon/chats/"+toyChat+"/close", "")
	require.Equal(t, "id: ozon-2", stream())

	resumed := m.listen(ctx, "ozon-1")
	require.Equal(t, ": events of default", resumed())
	require.Equal(t, "id: ozon-2", resumed())
	require.Equal(t, "event: ChatClosed", resumed())
	require.Contains(t, resumed(), `"by":{"role":"support","id":""}`)
}

func TestAStreamTellsThatTheStateWasReplaced(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	stream := m.listen(ctx, "")
	require.Equal(t, ": events of default", stream())
	message := func() {
		m.ok(http.StatusCreated, "POST", base+"/ozon/chats/"+toyChat+"/messages", `{"text":"x"}`)
	}
	lines := func(next func() string, want ...string) {
		t.Helper()
		for _, w := range want {
			if line := next(); !strings.HasPrefix(line, w) {
				require.Equal(t, w, line)
			}
		}
	}
	m.ok(http.StatusCreated, "POST", base+"/snapshots", `{"name":"clean"}`)
	message()
	lines(stream, "id: ozon-1", "event: MessagePosted", "data: ")
	m.ok(200, "POST", base+"/reset", "")
	lines(stream, "id: ozon-1", "event: StateReplaced", `data: {"marketplace":"ozon","after":"1"}`)
	message()
	lines(stream, "id: ozon-2", "event: MessagePosted", "data: ")
	m.ok(200, "POST", base+"/snapshots/clean/restore", "")
	lines(stream, "id: ozon-2", "event: StateReplaced", `data: {"marketplace":"ozon","after":"2"}`)
	message()
	lines(stream, "id: ozon-3", "event: MessagePosted", "data: ")

	resumed := m.listen(ctx, "ozon-1")
	lines(resumed, ": events", "id: ozon-2", "event: MessagePosted", "data: ", "id: ozon-2", "event: StateReplaced", "data: ",
		"id: ozon-3", "event: MessagePosted", "data: ")
	later := m.listen(ctx, "ozon-3")
	lines(later, ": events")
	message()
	lines(later, "id: ozon-4", "event: MessagePosted")
}

func TestAStreamEndsWithItsSandbox(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	m.ok(http.StatusCreated, "POST", "/_mock/sandboxes", `{"name":"short"}`)
	r, err := http.NewRequestWithContext(t.Context(), "GET", m.server.URL+"/_mock/sandboxes/short/events", nil)
	require.NoError(t, err)
	res, err := m.server.Client().Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	m.ok(http.StatusNoContent, "DELETE", "/_mock/sandboxes/short", "")
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		require.False(t, strings.HasPrefix(lines.Text(), "id:"))
	}
	require.NoError(t, lines.Err())
}

// listen opens the stream of events and returns what reads its next line that
// is not empty.
func (m *mock) listen(ctx context.Context, lastID string) func() string {
	m.t.Helper()
	r, err := http.NewRequestWithContext(ctx, "GET", m.server.URL+base+"/events", nil)
	require.NoError(m.t, err)
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	res, err := m.server.Client().Do(r)
	require.NoError(m.t, err)
	m.t.Cleanup(func() { res.Body.Close() })
	require.Equal(m.t, http.StatusOK, res.StatusCode)
	require.Equal(m.t, "text/event-stream; charset=utf-8", res.Header.Get("Content-Type"))
	lines := bufio.NewScanner(res.Body)
	return func() string {
		for lines.Scan() {
			if lines.Text() != "" {
				return lines.Text()
			}
		}
		require.NoError(m.t, lines.Err())
		return ""
	}
}

func TestLimitsTellHowWindowsLie(t *testing.T) {
	t.Parallel()
	m := newMock(t)
	var list struct {
		Limits map[string][]map[string]any
	}
	require.NoError(t, json.Unmarshal(m.ok(http.StatusOK, "GET", base+"/limits", ""), &list))
	require.Len(t, list.Limits["ozon"], 4)
	require.Equal(t, map[string]any{
		"name": "lists-per-hour", "kind": "window", "max": 500.0, "per": "1h0m0s", "slides": true,
		"key": "Client-Id", "description": "one operation",
	}, list.Limits["ozon"][1])
	require.NotContains(t, list.Limits["ozon"][0], "slides")
	require.NotContains(t, list.Limits["ozon"][2], "slides")
	require.NotContains(t, list.Limits["ozon"][0], "offset")
	day := map[string]any{
		"name": "calls-per-day", "kind": "window", "max": 9000.0, "per": "24h0m0s", "offset": "-8h0m0s",
		"key": "Client-Id", "description": "a day of UTC+08:00",
	}
	require.Equal(t, day, list.Limits["ozon"][3])
	changed := m.ok(http.StatusOK, "PATCH", base+"/limits", `{"ozon":{"calls-per-day":{"max":5}}}`)
	require.NoError(t, json.Unmarshal(changed, &list))
	day["max"] = 5.0
	require.Equal(t, day, list.Limits["ozon"][3], "it still begins when it did")
}
