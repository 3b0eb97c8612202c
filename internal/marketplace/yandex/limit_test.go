package yandex

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/marketplace"
)

// Proves: yandex/limit-hourly, yandex/getchats-limit, yandex/limit-campaigns, yandex/parallel-limit, yandex/rate-window
// Proves: yandex/edition-2026-04-01
func TestLimitsFollowTheSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, two, today, nil)
	most := func() map[string]int {
		out := map[string]int{}
		for _, r := range w.Limits.Rules() {
			out[r.Name] = r.Max
			if r.Kind == limit.Window {
				require.Equal(t, time.Hour, r.Per)
			}
		}
		return out
	}
	newest := map[string]int{
		limitParallel: 4, "getChats-per-hour": 5000, "getChat-per-hour": 1000, "getChatHistory-per-hour": 10000,
		"getChatMessage-per-hour": 1000, "sendMessageToChat-per-hour": 1000, "sendFileToChat-per-hour": 1000,
		"createChat-per-hour": 1000, "getCampaigns-per-hour": 1000, "getAuthTokenInfo-per-hour": 100,
	}
	require.Equal(t, newest, most())
	w.set(day(2026, 3, 31), nil)
	require.Equal(t, 10000, most()["getChats-per-hour"])
	require.Equal(t, 5000, most()["getCampaigns-per-hour"])
	require.Equal(t, 4, most()[limitParallel])
	w.set(day(2025, 12, 31), map[string]string{switchGetChatsLimit: "5000", switchRateWindow: "sliding"})
	require.Equal(t, 5000, most()["getChats-per-hour"])
	require.Equal(t, 2, most()[limitParallel])
	require.True(t, w.Limits.Rules()[1].Slides)
	w.set(today, map[string]string{switchParallelLimit: "0"})
	require.Equal(t, -1, most()[limitParallel])
}

// Proves: yandex/limit-headers, yandex/limit-until, yandex/limit-4xx-counts, yandex/limit-5xx-free, yandex/limit-420-free
// Proves: yandex/limit-420, yandex/limit-key, yandex/limit-text, yandex/rate-message, yandex/status-phrase-420
// Proves: yandex/limit-headers-without-access, yandex/no-429
func TestHourlyLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, two, today, nil)
	tells := func(r testReply, most, left, until string) {
		t.Helper()
		require.Equal(t, []string{most}, r.header["X-RateLimit-Resource-Limit"])
		require.Equal(t, []string{left}, r.header["X-RateLimit-Resource-Remaining"])
		require.Equal(t, []string{until}, r.header["X-RateLimit-Resource-Until"])
	}
	const oneOClock = "Thu, 01 Oct 2026 13:00:00 GMT"
	tells(w.call(opGetChats, "", "{}"), "5000", "4999", oneOClock)
	tells(w.call(opGetChats, "limit=99", "{}"), "5000", "4998", oneOClock)
	tells(w.call(opGetChats, "", "{}", header("Api-Key", "x")), "5000", "4998", oneOClock)
	tells(w.call(opGetChats, "", "{}", header("Api-Key", theirs)), "5000", "4998", oneOClock)
	tells(w.call(opGetChats, "", "{}", header("Api-Key", theirs), instead("2001", "2002")), "5000", "4999", oneOClock)
	tells(w.call(opGetChats, "", "{}", header("Api-Key", w.client.ReadOnly)), "5000", "4997", oneOClock)
	tells(w.call(opGetChat, "chatId=14604709", ""), "1000", "999", oneOClock)

	c := w.newCall(opGetChats, "", "{}")
	for _, guard := range w.api.Guards() {
		require.NoError(t, guard.Check(c))
	}
	require.Equal(t, []string{"4996"}, c.Header["X-RateLimit-Resource-Remaining"])
	h := c.Header.Clone()
	c.End(http.StatusServiceUnavailable, h)
	require.Equal(t, []string{"4997"}, h["X-RateLimit-Resource-Remaining"], "a failure inside is taken back")

	require.NoError(t, w.Limits.Adjust(hourly(opGetChats), limitChange(4)))
	tells(w.call(opGetChats, "", "{}"), "4", "0", oneOClock)
	over := w.call(opGetChats, "", "{}")
	over.requireError(t, 420, codeMethodFailure,
		"Hit rate limit of 4 requests per 1 hour for resource /businesses/{businessId}/chats.json for businessId 2001")
	tells(over, "4", "0", oneOClock)
	require.Empty(t, over.header["Retry-After"])
	require.Equal(t, "Method Failure", over.phrase)
	require.False(t, over.call.Early)
	w.set(today, map[string]string{switchRateMessage: "short", switchPhrase420: "enhance-your-calm"})
	require.NoError(t, w.Limits.Adjust(hourly(opGetChats), limitChange(4)))
	over = w.call(opGetChats, "", "{}", instead(".json", ""))
	over.requireError(t, 420, codeMethodFailure, "Hit rate limit of 4 points per 1 hour")
	require.Equal(t, "Enhance Your Calm", over.phrase)
	require.True(t, over.call.Early)
	w.advance(time.Hour - time.Nanosecond)
	require.Equal(t, 420, w.call(opGetChats, "", "{}").status)
	w.advance(time.Nanosecond)
	tells(w.call(opGetChats, "", "{}"), "4", "3", "Thu, 01 Oct 2026 14:00:00 GMT")
}

// Proves: yandex/limit-key-companions
func TestMethodsWithoutACabinetCountForTheOneOfTheKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, two, today, nil)
	left := func(change ...func(*http.Request)) string {
		return w.call(opGetCampaigns, "", "", change...).header[headerRemaining][0]
	}
	token := []func(*http.Request){without("Api-Key"), header("Authorization", "Bearer yandex-demo-oauth")}
	require.Equal(t, "999", left())
	require.Equal(t, "998", left(header("Api-Key", w.client.ReadOnly)))
	require.Equal(t, "997", left(token...))
	require.Equal(t, "999", left(header("Api-Key", theirs)))
	require.Equal(t, "1000", left(header("Api-Key", "nobody")))
	require.Equal(t, "1000", left(without("Api-Key")))
	require.NoError(t, w.Limits.Adjust(hourly(opGetTokenInfo), limitChange(0)))
	w.call(opGetTokenInfo, "", "").requireError(t, 420, codeMethodFailure,
		"Hit rate limit of 0 requests per 1 hour for resource /auth/token.json for businessId 2001")
}

// Proves: yandex/rate-window
func TestSlidingWindow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, two, today, map[string]string{switchRateWindow: "sliding"})
	require.NoError(t, w.Limits.Adjust(hourly(opGetChats), limitChange(1)))
	w.advance(59 * time.Minute)
	first := w.call(opGetChats, "", "{}")
	require.Equal(t, 200, first.status)
	require.Equal(t, "Thu, 01 Oct 2026 13:59:00 GMT", first.header[headerUntil][0])
	w.advance(2 * time.Minute)
	require.Equal(t, 420, w.call(opGetChats, "", "{}").status, "in the next hour of the clock")
	w.advance(58 * time.Minute)
	require.Equal(t, 200, w.call(opGetChats, "", "{}").status)
	unused := w.call(opGetChat, "chatId=1", "", header("Api-Key", "x"))
	require.Equal(t, "Thu, 01 Oct 2026 14:59:00 GMT", unused.header[headerUntil][0], "an hour from now")
}

// Proves: yandex/parallel-limit, yandex/parallel-text, yandex/parallel-text-2025
func TestCallsAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t, two, today, nil)
	enter := func(operation string, change ...func(*http.Request)) (*marketplace.Call, error) {
		c := w.newCall(operation, "", "", change...)
		return c, guardParallel(c)
	}
	var inside []*marketplace.Call
	for _, operation := range []string{opGetChats, opGetCampaigns, opSendFile, opGetTokenInfo} {
		c, err := enter(operation)
		require.NoError(t, err)
		inside = append(inside, c)
	}
	w.call(opGetChats, "", "{}").requireError(t, 420, codeMethodFailure, "Hit rate limit of 4 parallel requests for businessId 2001")
	require.Equal(t, 200, w.call(opGetChats, "", "{}", header("Api-Key", theirs), instead("2001", "2002")).status)
	inside[0].End(200, http.Header{})
	require.Equal(t, 200, w.call(opGetChats, "", "{}").status, "one has left")
	require.Equal(t, 200, w.call(opGetChats, "", "{}").status, "as did this one")
	w.set(day(2025, 12, 31), nil)
	w.call(opGetChats, "", "{}").requireError(t, 420, codeMethodFailure, "Hit rate limit of 2 parallel requests")
	w.set(today, map[string]string{switchParallelLimit: "0"})
	require.Equal(t, 200, w.call(opGetChats, "", "{}").status)
}

func TestPeriodsAreTellable(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		time.Hour: "1 hour", 2 * time.Minute: "2 minutes", 24 * time.Hour: "1 day", 48 * time.Hour: "2 days",
		90 * time.Minute: "90 minutes", time.Second: "1 second", 1500 * time.Millisecond: "1.5s",
	} {
		require.Equal(t, want, inWords(d))
	}
}
