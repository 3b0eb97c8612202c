package yandex_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/mock"
	"example.com/marketmock/clienttest/strictly"
	"example.com/marketmock/clienttest/yandex"
	"example.com/marketmock/clienttest/yandex/push"
)

const patience = 20 * time.Second

// receiver takes notifications below an address of its own. It answers the next
// of replies, which are statuses, while there are any, and 200 then.
type receiver struct {
	url     string
	came    chan any // a pointer to what a notification's discriminator names
	replies chan int
}

func newReceiver(t *testing.T, replies ...int) *receiver {
	t.Helper()
	d := &receiver{came: make(chan any, 64), replies: make(chan int, len(replies))}
	for _, status := range replies {
		d.replies <- status
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /market/notification", d.take)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	d.url = server.URL + "/market"
	return d
}

// take answers as the specification of a receiver has it; pings always well.
func (d *receiver) take(w http.ResponseWriter, r *http.Request) {
	began := time.Now().UTC()
	got, err := parse(r)
	if err != nil {
		wrong := push.NotificationApiErrorTypeWRONGEVENTFORMAT
		text := err.Error()
		respond(w, http.StatusBadRequest, push.SendNotificationErrorResponse{
			Error: &push.NotificationApiErrorDTO{Type: &wrong, Message: &text},
		})
		d.came <- err
		return
	}
	status := http.StatusOK
	if _, ping := got.(*push.PingNotificationDTO); !ping {
		select {
		case status = <-d.replies:
		default:
		}
	}
	d.came <- got
	if status != http.StatusOK {
		respond(w, status, push.SendNotificationErrorResponse{Error: &push.NotificationApiErrorDTO{}})
		return
	}
	respond(w, status, push.SendNotificationResponse{Version: "1.4.0", Name: "help desk", Time: began})
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the marketplace may be gone
}

// parse reads a notification strictly into what its discriminator names.
func parse(r *http.Request) (any, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if media := r.Header.Get("Content-Type"); !strings.HasPrefix(media, "application/json") {
		return nil, errors.New("no JSON: " + media)
	}
	var head push.SendNotificationRequest
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, err
	}
	kind, err := head.Discriminator()
	if err != nil {
		return nil, err
	}
	bodies := map[string]any{
		"PING": new(push.PingNotificationDTO), "CHAT_CREATED": new(push.ChatCreatedNotificationDTO),
		"CHAT_MESSAGE_SENT":       new(push.ChatMessageSentNotificationDTO),
		"CHAT_ARBITRAGE_STARTED":  new(push.ChatArbitrageStartedNotificationDTO),
		"CHAT_ARBITRAGE_FINISHED": new(push.ChatArbitrageFinishedNotificationDTO),
	}
	body, known := bodies[kind]
	if !known {
		return nil, errors.New("no such type: " + kind)
	}
	return body, strictly.Decode(raw, body)
}

// next waits for a notification of a type.
func next[T any](t *testing.T, d *receiver) T {
	t.Helper()
	select {
	case got := <-d.came:
		require.IsType(t, new(T), got)
		return *got.(*T)
	case <-time.After(patience):
		require.FailNow(t, "no notification came")
		panic("unreachable")
	}
}

// connection is what the action notifications.connect answers.
type connection struct {
	Connected bool
	Code      string
	Detail    string
	Webhook   int64
}

// connect subscribes a receiver as the cabinet does, with a ping.
func connect(t *testing.T, w *world, d *receiver) connection {
	t.Helper()
	var out connection
	w.act(t, "notifications.connect", map[string]string{"url": d.url}, &out)
	require.True(t, out.Connected, "%s %s", out.Code, out.Detail)
	ping := next[push.PingNotificationDTO](t, d)
	require.NotNil(t, ping.Time)
	return out
}

// notifications makes each event of a chat happen and reads its notification.
func notifications(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-orders", nil)
	d := newReceiver(t)
	connect(t, w, d)

	chat := about(t, w, yandex.ChatContextIdentifiableTypeORDER, orderFBS)
	created := next[push.ChatCreatedNotificationDTO](t, d)
	require.Equal(t, chat, created.ChatId)
	require.Equal(t, w.business, created.BusinessId)
	require.Equal(t, time.UTC, created.CreatedAt.Location())

	w.say(t, chat, "buyer", "Кто-нибудь есть?")
	sent := next[push.ChatMessageSentNotificationDTO](t, d)
	require.Equal(t, w.business, sent.BusinessId)
	message := look(t, w, sent)
	require.Equal(t, yandex.ChatMessageSenderTypeCUSTOMER, message.Sender)
	require.Equal(t, "Кто-нибудь есть?", *message.Message)
	require.Equal(t, sent.SentAt.Truncate(time.Second), message.CreatedAt.UTC().Truncate(time.Second))

	w.act(t, "arbitrage.start", map[string]int64{"return": returnFBS}, nil)
	started := next[push.ChatArbitrageStartedNotificationDTO](t, d)
	r, err := w.client(t).GetChat(t.Context(), w.business, &yandex.GetChatParams{ChatId: started.ChatId})
	row := read[yandex.GetChatResponse](t, http.StatusOK, r, err).Result
	require.Equal(t, yandex.ChatTypeARBITRAGE, row.Type)
	require.Equal(t, yandex.ChatStatusTypeWAITINGFORARBITER, row.Status)
	w.act(t, "arbitrage.finish", map[string]int64{"chat": started.ChatId}, nil)
	for { // the verdict may be told as a message first
		if got := anyNext(t, d); got != nil {
			finished, ok := got.(*push.ChatArbitrageFinishedNotificationDTO)
			if ok {
				require.Equal(t, started.ChatId, finished.ChatId)
				require.False(t, finished.FinishedAt.Before(started.StartedAt))
				return
			}
			require.IsType(t, new(push.ChatMessageSentNotificationDTO), got)
		}
	}
}

func anyNext(t *testing.T, d *receiver) any {
	t.Helper()
	select {
	case got := <-d.came:
		return got
	case <-time.After(patience):
		require.FailNow(t, "no notification came")
		return nil
	}
}

// look fetches the message that a notification tells of: the id is a string
// there, and a number in the API.
func look(t *testing.T, w *world, n push.ChatMessageSentNotificationDTO) yandex.ChatMessageDTO {
	t.Helper()
	id, err := strconv.ParseInt(n.MessageId, 10, 64)
	require.NoError(t, err)
	params := &yandex.GetChatMessageParams{ChatId: n.ChatId, MessageId: id}
	r, err := w.client(t).GetChatMessage(t.Context(), w.business, params)
	message := read[yandex.GetChatMessageResponse](t, http.StatusOK, r, err).Result
	require.Equal(t, id, message.MessageId)
	return *message
}

// ownAndTwice is a desk that keeps what buyers write: it drops what the store
// wrote itself, and what it has seen already.
func ownAndTwice(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-asked", map[string]string{"push-duplicates": "on"})
	d := newReceiver(t)
	connect(t, w, d)
	chat := w.firstChat(t)
	params := &yandex.SendMessageToChatParams{ChatId: chat}
	r, err := w.client(t).SendMessageToChat(t.Context(), w.business, params, yandex.SendMessageToChatRequest{Message: "Слушаю вас"})
	read[yandex.EmptyApiResponse](t, http.StatusOK, r, err)
	w.say(t, chat, "buyer", "Где заказ?")

	var kept []string
	seen := make(map[string]int)
	for range 4 {
		sent := next[push.ChatMessageSentNotificationDTO](t, d)
		if seen[sent.MessageId]++; seen[sent.MessageId] > 1 {
			continue
		}
		if message := look(t, w, sent); message.Sender != yandex.ChatMessageSenderTypePARTNER {
			kept = append(kept, *message.Message)
		}
	}
	require.Equal(t, []string{"Где заказ?"}, kept)
	require.Len(t, seen, 2)
	for id, times := range seen {
		require.Equal(t, 2, times, id)
	}

	quiet := newWorld(t, m, "yandex-asked", map[string]string{"own-messages-push": "off"})
	d = newReceiver(t)
	connect(t, quiet, d)
	params = &yandex.SendMessageToChatParams{ChatId: quiet.firstChat(t)}
	r, err = quiet.client(t).SendMessageToChat(t.Context(), quiet.business, params, yandex.SendMessageToChatRequest{Message: "Слушаю вас"})
	read[yandex.EmptyApiResponse](t, http.StatusOK, r, err)
	quiet.say(t, params.ChatId, "buyer", "Где заказ?")
	require.Equal(t, yandex.ChatMessageSenderTypeCUSTOMER, look(t, quiet, next[push.ChatMessageSentNotificationDTO](t, d)).Sender)
}

// shuffled reads neighbours that changed places in the order of their times.
func shuffled(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-asked", map[string]string{"push-shuffle": "on"})
	w.Freeze(t)
	d := newReceiver(t)
	connect(t, w, d)
	chat := w.firstChat(t)
	for _, text := range []string{"раз", "два"} {
		w.Advance(t, "1s")
		w.say(t, chat, "buyer", text)
	}
	came := []push.ChatMessageSentNotificationDTO{
		next[push.ChatMessageSentNotificationDTO](t, d), next[push.ChatMessageSentNotificationDTO](t, d),
	}
	require.True(t, came[0].SentAt.After(came[1].SentAt))
	slices.SortFunc(came, func(a, b push.ChatMessageSentNotificationDTO) int { return a.SentAt.Compare(b.SentAt) })
	require.Equal(t, "раз", *look(t, w, came[0]).Message)
	require.Equal(t, "два", *look(t, w, came[1]).Message)
}

// delivery is a notification with what was tried, as the control API shows it.
type delivery struct {
	State    string
	Queued   time.Time
	Next     time.Time
	Attempts []struct {
		At     time.Time
		Status int
		Code   string
		Detail string
	}
}

// attempted waits until so many attempts of the only message were made.
func attempted(t *testing.T, w *world, attempts int) delivery {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for ctx.Err() == nil {
		var out struct{ Deliveries []delivery }
		w.Control(t, http.MethodGet, "/deliveries?marketplace=yandex&event=CHAT_MESSAGE_SENT&wait=1s", nil, &out)
		if len(out.Deliveries) == 1 && len(out.Deliveries[0].Attempts) >= attempts {
			return out.Deliveries[0]
		}
	}
	require.FailNow(t, "too few attempts were made")
	return delivery{}
}

func retried(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-asked", nil)
	w.Freeze(t)
	d := newReceiver(t, http.StatusInternalServerError, http.StatusBadGateway)
	connect(t, w, d)
	w.say(t, w.firstChat(t), "buyer", "Где заказ?")
	first := next[push.ChatMessageSentNotificationDTO](t, d)
	for i, status := range []int{500, 502} {
		tried := attempted(t, w, i+1)
		require.Len(t, tried.Attempts, i+1)
		last := tried.Attempts[i]
		require.Equal(t, "pending", tried.State)
		require.Equal(t, status, last.Status)
		require.Equal(t, "CANT_GET_RESPONSE HTTP", last.Code+" "+last.Detail)
		require.Equal(t, last.At.Add(time.Minute), tried.Next)
		w.Advance(t, "59s")
		require.Len(t, attempted(t, w, i+1).Attempts, i+1, "a second too early")
		w.Advance(t, "1s")
		require.Equal(t, first, next[push.ChatMessageSentNotificationDTO](t, d))
	}
	done := attempted(t, w, 3)
	require.Equal(t, "delivered", done.State)
	require.Equal(t, done.Queued.Add(2*time.Minute), done.Attempts[2].At)
}

func notRetried(t *testing.T, m *mock.Server) {
	w := newWorld(t, m, "yandex-asked", nil)
	w.Freeze(t)
	d := newReceiver(t, http.StatusBadRequest)
	connect(t, w, d)
	w.say(t, w.firstChat(t), "buyer", "Где заказ?")
	next[push.ChatMessageSentNotificationDTO](t, d)
	require.Equal(t, "gave-up", attempted(t, w, 1).State)
	w.Advance(t, "24h")
	require.Len(t, attempted(t, w, 1).Attempts, 1)
	w.say(t, w.firstChat(t), "buyer", "Ау!")
	require.NotEmpty(t, next[push.ChatMessageSentNotificationDTO](t, d).MessageId, "the address is still on")
}

// badPings are answers that leave an address off.
func badPings(t *testing.T, m *mock.Server) {
	const good = `{"version":"1.0.0","name":"my-shop","time":"2026-10-01T00:00:00.000Z"}`
	for name, c := range map[string]struct {
		status        int
		media, body   string
		code, problem string
	}{
		"another status":     {201, "application/json", good, "CANT_GET_RESPONSE", "HTTP"},
		"a refusal":          {400, "application/json", `{"error":{"type":"UNKNOWN"}}`, "CANT_GET_RESPONSE", "HTTP"},
		"a failure":          {500, "application/json", good, "CANT_GET_RESPONSE", "HTTP"},
		"no JSON type":       {200, "text/plain", good, "CANT_GET_RESPONSE", "UNSUPPORTED_MEDIA_TYPE"},
		"no JSON":            {200, "application/json", `{"version":`, "INVALID_RESPONSE", "CANT_PARSE_RESPONSE"},
		"nothing":            {200, "application/json", ``, "INVALID_RESPONSE", "CANT_PARSE_RESPONSE"},
		"no name":            {200, "application/json", `{"version":"1","time":"2026-10-01T00:00:00Z"}`, "INVALID_RESPONSE", "INVALID_DATA: name is missing"},
		"an empty version":   {200, "application/json", `{"version":"","name":"a","time":"2026-10-01T00:00:00Z"}`, "INVALID_RESPONSE", "INVALID_DATA: version has not 1 to 100 characters"},
		"a name of 101":      {200, "application/json", `{"version":"1","name":"` + strings.Repeat("a", 101) + `","time":"2026-10-01T00:00:00Z"}`, "INVALID_RESPONSE", "INVALID_DATA: name has not 1 to 100 characters"},
		"a time that is now": {200, "application/json", `{"version":"1","name":"a","time":"now"}`, "INVALID_RESPONSE", "INVALID_DATA: time is no time in UTC"},
		"no second":          {0, "", "", "CANT_GET_RESPONSE", "READ_TIMED_OUT"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, m, "yandex-asked", nil)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				if c.status == 0 {
					<-r.Context().Done() // until the marketplace has no more patience
					return
				}
				w.Header().Set("Content-Type", c.media)
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			}))
			t.Cleanup(server.Close)
			var out connection
			w.act(t, "notifications.connect", map[string]string{"url": server.URL}, &out)
			require.Equal(t, connection{Code: c.code, Detail: c.problem, Webhook: out.Webhook}, out)
			w.say(t, w.firstChat(t), "buyer", "Где заказ?")
			var sent struct{ Deliveries []delivery }
			w.Control(t, http.MethodGet, "/deliveries?marketplace=yandex&event=CHAT_MESSAGE_SENT", nil, &sent)
			require.Empty(t, sent.Deliveries, "an address that is off gets nothing")
		})
	}
	t.Run("nobody", func(t *testing.T) {
		w := newWorld(t, m, "yandex-asked", nil)
		var out connection
		w.act(t, "notifications.connect", map[string]string{"url": "http://127.0.0.1:9/market"}, &out)
		require.Equal(t, "CANT_GET_RESPONSE CONNECTION_REFUSED", out.Code+" "+out.Detail)
		require.False(t, out.Connected)
	})
}
