package yandex

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/push"
)

func reply(status int, contentType, body string) push.Reply {
	return push.Reply{Status: status, Header: http.Header{"Content-Type": {contentType}}, Body: []byte(body)}
}

// Proves: yandex/push-ack, yandex/push-ack-fields, yandex/push-bad-request, yandex/push-server-error
// Proves: yandex/push-any-other-answer, yandex/push-log, yandex/push-log-words
func TestJudge(t *testing.T) {
	t.Parallel()
	const mime = "application/json"
	fields := func(version, name, at string) push.Reply {
		return reply(200, mime, fmt.Sprintf(`{"version":%s,"name":%s,"time":%s}`, version, name, at))
	}
	at := `"2026-10-01T12:00:00.5Z"`
	text := func(n int) string { return `"` + strings.Repeat("я", n) + `"` }
	for name, tt := range map[string]struct {
		reply  push.Reply
		ok     bool
		again  bool
		code   string
		detail string
	}{
		"all three fields":       {fields(`"1.0"`, `"desk"`, at), true, false, "", ""},
		"a charset":              {reply(200, mime+"; charset=utf-8", goodReply), true, false, "", ""},
		"more fields":            {reply(200, mime, `{"version":"1","name":"n","time":`+at+`,"ok":true}`), true, false, "", ""},
		"UTC as an offset":       {fields(`"1"`, `"n"`, `"2026-10-01T12:00:00+00:00"`), true, false, "", ""},
		"one and a hundred":      {fields(text(1), text(100), at), true, false, "", ""},
		"no version":             {reply(200, mime, `{"name":"n","time":`+at+`}`), false, true, failedResponse, "INVALID_DATA: version is missing"},
		"nothing of it":          {reply(200, mime, `{"result":true}`), false, true, failedResponse, "INVALID_DATA: version is missing, name is missing, time is missing"},
		"an empty name":          {fields(`"1"`, `""`, at), false, true, failedResponse, "INVALID_DATA: name has not 1 to 100 characters"},
		"a name too long":        {fields(`"1"`, text(101), at), false, true, failedResponse, "INVALID_DATA: name has not 1 to 100 characters"},
		"a version that is none": {fields(`1`, `"n"`, at), false, true, failedResponse, "INVALID_DATA: version is no text"},
		"no time":                {fields(`"1"`, `"n"`, `null`), false, true, failedResponse, "INVALID_DATA: time is missing"},
		"a date alone":           {fields(`"1"`, `"n"`, `"2026-10-01"`), false, true, failedResponse, "INVALID_DATA: time is no time in UTC"},
		"another zone":           {fields(`"1"`, `"n"`, `"2026-10-01T15:00:00+03:00"`), false, true, failedResponse, "INVALID_DATA: time is no time in UTC"},
		"a list":                 {reply(200, mime, `[]`), false, true, failedResponse, "INVALID_DATA: the answer is no object"},
		"no JSON":                {reply(200, mime, `ok`), false, true, failedResponse, detailParse},
		"nothing":                {reply(200, mime, ``), false, true, failedResponse, detailParse},
		"another type":           {reply(200, "text/plain", goodReply), false, true, failedNoResponse, detailMediaType},
		"no type":                {reply(200, "", goodReply), false, true, failedNoResponse, detailMediaType},
		"201":                    {reply(201, mime, goodReply), false, true, failedNoResponse, detailStatus},
		"a redirect":             {reply(302, mime, goodReply), false, true, failedNoResponse, detailStatus},
		"500":                    {reply(500, mime, `{"error":{"type":"UNKNOWN"}}`), false, true, failedNoResponse, detailStatus},
		"400":                    {reply(400, mime, `{"error":{"type":"WRONG_EVENT_FORMAT"}}`), false, false, failedNoResponse, detailStatus},
		"a refused connection":   {push.Reply{Err: &net.OpError{Op: "dial", Err: errors.New("refused")}}, false, true, failedNoResponse, detailRefused},
		"a connection too late":  {push.Reply{Err: &net.OpError{Op: "dial", Err: errors.New("late")}, Timeout: true}, false, true, failedNoResponse, detailConnectTime},
		"no answer in time":      {push.Reply{Err: errors.New("deadline"), Timeout: true}, false, true, failedNoResponse, detailReadTime},
		"half an answer":         {push.Reply{Status: 200, Err: errors.New("unexpected EOF")}, false, true, failedResponse, detailParse},
		"half an answer, late":   {push.Reply{Status: 200, Err: errors.New("late"), Timeout: true}, false, true, failedNoResponse, detailReadTime},
	} {
		v := judge(push.Notification{}, tt.reply)
		require.Equal(t, push.Verdict{OK: tt.ok, Retry: tt.again, Code: tt.code, Detail: tt.detail}, v, name)
	}
}

// Proves: yandex/push-retry, yandex/push-fourteen-days, yandex/push-timeout
func TestSchedule(t *testing.T) {
	t.Parallel()
	require.Equal(t, 10*time.Second, New().Protocol(newPlay(t, "empty", nil).World).Timeout)
	_, again := nextTry(0)
	require.False(t, again)
	var at time.Duration
	perHour := map[int]int{}
	n := 1
	for ; ; n++ {
		pause, again := nextTry(n)
		if !again {
			break
		}
		at += pause
		perHour[int((at-1)/time.Hour)]++
	}
	require.Equal(t, offAfter, at)
	require.Equal(t, 60, perHour[0])
	require.Equal(t, 4, perHour[1])
	require.Equal(t, 4, perHour[23])
	require.Equal(t, 1, perHour[24])
	require.Equal(t, 1, perHour[14*24-1])
}

// Proves: yandex/push-ping, yandex/push-ping-refused, yandex/webhooks-without-ping
func TestPing(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", nil)
	w.withPush()
	r := newReceiver(t)
	connect := func() (state hookState) {
		require.NoError(t, json.Unmarshal([]byte(w.mustAct("notifications.connect", `{"url":"`+r.URL+`","types":["CHAT_MESSAGE_SENT"]}`)), &state))
		hook, found := w.Store.Webhook(state.Webhook)
		require.True(t, found)
		require.Equal(t, state.Connected, hook.Enabled)
		require.Len(t, w.Store.Webhooks("2001"), 1, "the address stands there once")
		return state
	}
	good := connect()
	require.True(t, good.Connected)
	r.say(500)
	bad := connect()
	require.Equal(t, hookState{Code: failedNoResponse, Detail: detailStatus, Webhook: bad.Webhook}, bad)
	require.NotEqual(t, good.Webhook, bad.Webhook)
	w.says(someChat, "nobody is told")
	w.idle()
	require.NotContains(t, strings.Join(r.taken(), ""), pushSent)
	require.Contains(t, w.mustAct("notifications.ping", fmt.Sprintf(`{"webhook":%d}`, bad.Webhook)), detailStatus)
	r.say(200)
	require.Contains(t, w.mustAct("notifications.ping", fmt.Sprintf(`{"webhook":%d}`, bad.Webhook)), `"connected":true`)
	hook, _ := w.Store.Webhook(bad.Webhook)
	require.False(t, hook.Enabled, "asking changes nothing")

	_, err := w.act("notifications.ping", `{"webhook":99}`)
	require.Error(t, err)
	for _, in := range []string{`{"url":"x"}`, `{"url":"http://x","types":["CHAT"]}`, `{"url":"http://x","seller":"nobody"}`} {
		_, err := w.act("notifications.connect", in)
		require.Error(t, err, in)
	}
}

// Proves: yandex/push-ping-timeout
func TestAPingWaitsAsLongAsTheSwitchSays(t *testing.T) {
	t.Parallel()
	long, short := map[string]string{switchPingTimeout: "10s"}, map[string]string{switchPingTimeout: "1s"}
	for name, tt := range map[string]struct {
		edition time.Time
		set     map[string]string
		want    time.Duration
	}{
		"today":                     {today, nil, time.Second},
		"today, told to be patient": {today, long, 10 * time.Second},
		"since it is short":         {day(2026, 4, 3), nil, time.Second},
		"the day before":            {day(2026, 4, 2), nil, 10 * time.Second},
		"before, told to be short":  {day(2026, 4, 2), short, time.Second},
	} {
		w := newPlay(t, "empty", nil)
		w.set(tt.edition, tt.set)
		require.Equal(t, tt.want, pingProtocol(w.World).Timeout, name)
		require.Equal(t, pushTimeout, w.api.Protocol(w.World).Timeout, "other notifications")
	}
}

// An address that has already what is added is connected where that leads, and
// told of.
// Proves: yandex/push-post
func TestAnAddressThatEndsInNotificationIsNoted(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", nil)
	w.withPush()
	r := newReceiver(t)
	for path, noted := range map[string]bool{"": false, "/notifications": false, "/notification": true, "/a/notification/": true} {
		var state hookState
		require.NoError(t, json.Unmarshal([]byte(w.mustAct("notifications.connect", `{"url":"`+r.URL+path+`"}`)), &state))
		require.True(t, state.Connected)
		require.Equal(t, noted, strings.Contains(state.Note, "/notification/notification"), "%s: %s", path, state.Note)
	}
}

// Proves: yandex/push-insecure
func TestCertificates(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", nil)
	w.withPush()
	secured := httptest.NewTLSServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "application/json")
		_, _ = rw.Write([]byte(goodReply))
	}))
	secured.Config.ErrorLog = nil
	t.Cleanup(secured.Close)
	connect := func(url string) string { return w.mustAct("notifications.connect", `{"url":"`+url+`"}`) }
	require.Contains(t, connect(secured.URL), `"connected":true`)
	plain := newReceiver(t)
	id := w.connect(plain)
	w.set(today, map[string]string{switchPushInsecure: "refuse"})
	require.Contains(t, connect(secured.URL), detailTLS)
	w.says(someChat, "x")
	w.idle()
	require.Empty(t, plain.taken())
	require.Contains(t, connect(plain.URL), detailTLS)
	_, found := w.Store.Webhook(id)
	require.False(t, found)
}

// Proves: yandex/push-retry, yandex/push-fourteen-days, yandex/push-bad-request, yandex/push-bad-request-health
func TestAnAddressThatFails(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", nil)
	w.withPush()
	r := newReceiver(t)
	id := w.connect(r)
	hook := func() (on bool, ext hookExt) {
		h, found := w.Store.Webhook(id)
		require.True(t, found)
		return h.Enabled, extOfHook(h)
	}
	r.say(400)
	w.says(someChat, "refused for good")
	w.advance(time.Hour)
	require.Len(t, r.taken(), 1)
	_, ext := hook()
	require.Nil(t, ext.FailingSince)

	r.say(500)
	w.says(someChat, "one")
	w.advance(3*time.Minute + time.Second)
	require.Len(t, r.taken(), 4)
	_, ext = hook()
	require.Equal(t, noon.Add(time.Hour), *ext.FailingSince)
	r.say(200)
	w.advance(time.Minute)
	require.Len(t, r.taken(), 1)
	_, ext = hook()
	require.Nil(t, ext.FailingSince, "well again")

	r.say(500)
	w.says(someChat, "two")
	w.idle()
	began := w.Clock.Now()
	w.advance(offAfter - time.Minute)
	on, ext := hook()
	require.True(t, on)
	require.Equal(t, began, *ext.FailingSince)
	tries := len(r.taken())
	require.Equal(t, 1+60+23*4+13*24-1, tries)
	w.says(someChat, "three")
	w.advance(2 * time.Minute)
	on, ext = hook()
	require.False(t, on)
	require.NotEmpty(t, ext.Off)
	r.taken()

	r.say(200)
	w.advance(24 * time.Hour)
	require.Empty(t, r.taken(), "what waited is dropped")
	id = w.connect(r)
	w.says(someChat, "four")
	w.advance(2 * time.Hour)
	require.Len(t, r.taken(), 1, "and does not come when the address is connected again")
}
