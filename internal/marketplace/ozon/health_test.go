package ozon

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/push"
)

func reply(status int, contentType, body string) push.Reply {
	return push.Reply{Status: status, Header: http.Header{"Content-Type": {contentType}}, Body: []byte(body)}
}

// What the check of an address finds.
// Proves: ozon/check-request-error, ozon/check-timeout, ozon/check-status
// Proves: ozon/check-empty-body, ozon/check-invalid-body, ozon/check-invalid-json
// Proves: ozon/check-result-field, ozon/check-time-field, ozon/push-ping
// Proves: ozon/push-content-type
func TestJudgePing(t *testing.T) {
	t.Parallel()
	const good = `{"version":"1.0","name":"desk","time":"2026-10-01T12:00:00Z"}`
	for name, tt := range map[string]struct {
		reply push.Reply
		want  string
	}{
		"the template":            {reply(200, "application/json", good), ""},
		"with a charset":          {reply(200, "application/json; charset=utf-8", good), ""},
		"no connection":           {push.Reply{Err: errors.New("refused")}, checkRequestError},
		"no answer in time":       {push.Reply{Err: errors.New("deadline"), Timeout: true}, checkTimeout},
		"another status":          {reply(201, "application/json", good), checkStatus},
		"a failure":               {reply(500, "application/json", good), checkStatus},
		"no body":                 {reply(200, "application/json", " \n"), checkEmpty},
		"another content type":    {reply(200, "text/plain", good), checkBody},
		"no JSON":                 {reply(200, "application/json", "{"), checkJSON},
		"the answer of an event":  {reply(200, "application/json", `{"result":true}`), checkResult},
		"a field of another type": {reply(200, "application/json", `{"version":1,"name":"x","time":"x"}`), checkResult},
		"no object":               {reply(200, "application/json", `[]`), checkResult},
		"no time":                 {reply(200, "application/json", `{"version":"1","name":"desk"}`), checkTime},
		"a time without a name":   {reply(200, "application/json", `{"version":"1","time":5}`), checkResult},
		"a time as a number":      {reply(200, "application/json", `{"version":"1","name":"desk","time":1767225600}`), checkTime},
		"no time at all: null":    {reply(200, "application/json", `{"version":"1","name":"desk","time":null}`), checkTime},
		"a time that is none":     {reply(200, "application/json", `{"version":"1","name":"desk","time":"noon"}`), checkTime},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := judge(push.Notification{Event: typePing}, tt.reply, true)
			require.Equal(t, tt.want, v.Code)
			require.Equal(t, tt.want == "", v.OK)
		})
	}
	require.True(t, judge(push.Notification{Event: typePing}, reply(200, "text/plain", good), false).OK)
}

// How an event is acknowledged.
// Proves: ozon/push-ack, ozon/push-error-reply
func TestJudgeEvent(t *testing.T) {
	t.Parallel()
	event := push.Notification{Event: typeNewMessage}
	require.True(t, judge(event, reply(200, "application/json", `{"result":true}`), true).OK)
	for _, body := range []string{`{"result":false}`, `{}`, `{"version":"1","name":"desk","time":"2026-10-01T12:00:00Z"}`} {
		v := judge(event, reply(200, "application/json", body), true)
		require.False(t, v.OK, body)
		require.True(t, v.Retry, body)
	}
	v := judge(event, reply(500, "application/json", `{"error":{"code":"ERROR_UNKNOWN","message":"full","details":null}}`), true)
	require.Equal(t, push.Verdict{Retry: true, Code: checkStatus, Detail: "ERROR_UNKNOWN: full"}, v)
}

// Proves: ozon/push-retry, ozon/push-retry-first-intervals
func TestRetrySchedule(t *testing.T) {
	t.Parallel()
	var pauses []time.Duration
	for n := 1; ; n++ {
		pause, again := nextTry(n)
		if !again {
			break
		}
		pauses = append(pauses, pause)
	}
	s, m := time.Second, time.Minute
	require.Equal(t, []time.Duration{5 * s, 10 * s, 30 * s, m, 2 * m, 5 * m, 10 * m, 10 * m, 10 * m, 10 * m, 10 * m}, pauses)
}

func good(took time.Duration) push.Attempt {
	return push.Attempt{Took: took, Reply: push.Reply{Status: 200}, Verdict: push.Verdict{OK: true}}
}

func bad(status int) push.Attempt {
	return push.Attempt{Took: time.Millisecond, Reply: push.Reply{Status: status}, Verdict: push.Verdict{Retry: true}}
}

// What pauses an address.
// Proves: ozon/push-pause-24h, ozon/push-pause-half, ozon/push-pause-slow
// Proves: ozon/push-pause-unavailable
func TestPauses(t *testing.T) {
	t.Parallel()
	gone := push.Attempt{Reply: push.Reply{Err: errors.New("refused")}}
	yesterday := ago(24 * time.Hour)
	for name, tt := range map[string]struct {
		before hookExt
		at     push.Attempt
		gaveUp bool
		want   string
	}{
		"a good answer":                       {hookExt{}, good(time.Millisecond), false, ""},
		"one failure":                         {hookExt{}, bad(500), false, ""},
		"no connection, to be tried again":    {hookExt{}, gone, false, ""},
		"no connection, the last try":         {hookExt{}, gone, true, "unavailable"},
		"five seconds":                        {hookExt{}, good(5 * time.Second), false, ""},
		"more than five seconds":              {hookExt{}, good(5*time.Second + 1), false, "5 seconds"},
		"errors since yesterday":              {hookExt{FailingSince: &yesterday}, bad(500), false, "24 hours"},
		"a good answer after a day of errors": {hookExt{FailingSince: &yesterday}, good(1), false, ""},
		"half of twenty are 200":              {hookExt{Recent: strings.Repeat("+-", 9) + "+"}, bad(500), false, ""},
		"fewer than half are 200":             {hookExt{Recent: strings.Repeat("-+", 9) + "-"}, bad(500), false, "half"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			after, on := tt.before.after(tt.at, noon, tt.gaveUp, false)
			require.True(t, on)
			require.Equal(t, tt.want != "", after.Paused)
			require.Contains(t, after.Reason, tt.want)
		})
	}
}

// Proves: ozon/push-monitoring
func TestMonitoring(t *testing.T) {
	t.Parallel()
	for took, want := range map[time.Duration]string{
		1500 * time.Millisecond: stateAvailable, 1501 * time.Millisecond: stateUnstable,
		2499 * time.Millisecond: stateUnstable, 2500 * time.Millisecond: stateDown,
	} {
		after, on := hookExt{}.after(good(took), noon, false, true)
		require.Equal(t, want, after.State)
		require.True(t, on)
	}
	since := ago(72 * time.Hour)
	_, on := hookExt{DownSince: &since}.after(good(3*time.Second), noon, false, true)
	require.False(t, on, "three days")
	after, on := hookExt{DownSince: &since}.after(good(time.Second), noon, false, true)
	require.True(t, on)
	require.Nil(t, after.DownSince)
}
