package journal_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/journal"
	"example.com/marketmock/internal/openapi"
)

func exchange(operation, body string) journal.Exchange {
	return journal.Exchange{
		Marketplace: "ozon", Operation: operation, Method: http.MethodPost, URL: "/v3/chat/list", Status: http.StatusOK,
		Request: journal.NewBody([]byte(body)), Response: journal.NewBody([]byte(`{"chats":[]}`)),
	}
}

func ids(list []journal.Exchange) []uint64 {
	var out []uint64
	for _, e := range list {
		out = append(out, e.ID)
	}
	return out
}

func TestTheOldestExchangesAreDroppedAboveTheSize(t *testing.T) {
	t.Parallel()
	j := journal.New(journal.Options{Size: 3})
	for n := range uint64(5) {
		require.Equal(t, n+1, j.Record(exchange("a", "{}")))
	}
	require.Equal(t, 3, j.Len())
	require.Equal(t, []uint64{3, 4, 5}, ids(j.Select(journal.Filter{})))
	require.Equal(t, []uint64{5}, ids(j.Select(journal.Filter{After: 4})))
	require.Empty(t, j.Select(journal.Filter{After: 5}))
	require.Empty(t, j.Select(journal.Filter{After: 1 << 63}))
	j.Clear()
	require.Zero(t, j.Len())
	require.Empty(t, j.Select(journal.Filter{}))
	require.Equal(t, uint64(6), j.Record(exchange("a", "{}")), "ids go on")
	require.Equal(t, []uint64{6}, ids(j.Select(journal.Filter{})))
}

func TestTheOldestExchangesAreDroppedAboveTheBytes(t *testing.T) {
	t.Parallel()
	j := journal.New(journal.Options{MaxBytes: 100_000})
	for range 5 {
		j.Record(exchange("a", strings.Repeat("x", 30_000)))
	}
	require.Equal(t, []uint64{3, 4, 5}, ids(j.Select(journal.Filter{})))
	e := exchange("a", "{}")
	e.URL = "/" + strings.Repeat("x", 200_000)
	require.Equal(t, uint64(6), j.Record(e))
	require.Equal(t, []uint64{6}, ids(j.Select(journal.Filter{})), "the newest is kept, whatever it weighs")
	j.Record(exchange("a", "{}"))
	require.Equal(t, []uint64{7}, ids(j.Select(journal.Filter{})))
}

func TestFindingsWeigh(t *testing.T) {
	t.Parallel()
	long := []openapi.Finding{{Pointer: strings.Repeat("x", 50_000), Message: strings.Repeat("y", 50_000)}}
	many := make([]openapi.Finding, 1000)
	for name, e := range map[string]journal.Exchange{
		"long ones of the request": {RequestFindings: long},
		"long ones of the answer":  {ResponseFindings: long},
		"many of the request":      {RequestFindings: many},
		"many of the answer":       {ResponseFindings: many},
		"a long reason":            {Reason: &journal.Reason{Text: strings.Repeat("x", 50_000), Pointer: strings.Repeat("y", 50_000)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := journal.New(journal.Options{MaxBytes: 150_000})
			j.Record(e)
			j.Record(e)
			require.Equal(t, 1, j.Len())
		})
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	j := journal.New(journal.Options{Check: func(e journal.Exchange) []openapi.Finding {
		if e.Operation == "bad-answer" {
			return []openapi.Finding{{Rule: "type"}}
		}
		return nil
	}})
	for _, e := range []journal.Exchange{
		{Marketplace: "ozon", Operation: "a", Seller: "1001", Status: 200},
		{Marketplace: "ozon", Operation: "b", Seller: "1002", Status: 403},
		{Marketplace: "yandex", Operation: "a", Seller: "1001", Status: 200, RequestFindings: []openapi.Finding{{Rule: "required"}}},
		{Marketplace: "ozon", Operation: "bad-answer", Status: 200},
		{Marketplace: "ozon", Operation: "bad-answer", Status: 0},
		{Marketplace: "ozon", Operation: "c", Status: 200, ResponseFindings: []openapi.Finding{{Rule: "json"}}},
	} {
		j.Record(e)
	}
	for name, c := range map[string]struct {
		filter journal.Filter
		want   []uint64
	}{
		"nothing asked":                   {journal.Filter{}, []uint64{1, 2, 3, 4, 5, 6}},
		"by marketplace":                  {journal.Filter{Marketplace: "yandex"}, []uint64{3}},
		"by operation":                    {journal.Filter{Operation: "a"}, []uint64{1, 3}},
		"by seller":                       {journal.Filter{Seller: "1002"}, []uint64{2}},
		"by status":                       {journal.Filter{Status: 403}, []uint64{2}},
		"invalid on request or answer":    {journal.Filter{Invalid: true}, []uint64{3, 4, 6}},
		"the oldest ones up to the limit": {journal.Filter{After: 1, Limit: 2}, []uint64{2, 3}},
		"all at once":                     {journal.Filter{Marketplace: "ozon", Operation: "a", Seller: "1001", Status: 200, Limit: 1}, []uint64{1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, ids(j.Select(c.filter)))
			require.Equal(t, c.want, ids(j.Wait(t.Context(), c.filter, time.Hour)))
		})
	}
}

func TestReadersSeeMaskedCopies(t *testing.T) {
	t.Parallel()
	const secret = "shopee-demo-access-token"
	j := journal.New(journal.Options{})
	e := exchange("a", `{"refresh_token":"`+secret+`","shop_id":1}`)
	e.URL = "/x?access_token=" + secret
	e.RequestHeader = http.Header{"Api-Key": {secret}, "Client-Id": {"1001"}}
	e.ResponseHeader = http.Header{"Set-Cookie": {"SPC_EC=" + secret}}
	e.Response = journal.NewBody([]byte(`{"access_token":"` + secret + `"`))
	e.Reason = &journal.Reason{Text: "why"}
	e.Faults = []string{"f1"}
	e.RequestFindings = []openapi.Finding{{Rule: "type"}}
	j.Record(e)

	got := j.Select(journal.Filter{})[0]
	require.Equal(t, "/x?access_token=…oken", got.URL)
	require.Equal(t, http.Header{"Api-Key": {"…oken"}, "Client-Id": {"1001"}}, got.RequestHeader)
	require.Equal(t, http.Header{"Set-Cookie": {"SPC_EC=…oken"}}, got.ResponseHeader)
	require.JSONEq(t, `{"refresh_token":"…oken","shop_id":1}`, string(got.Request.Bytes))
	require.Equal(t, `{"access_token":"…oken"`, string(got.Response.Bytes), "also where the JSON is broken")

	got.Request.Bytes[0] = 'X'
	got.RequestHeader["Client-Id"][0] = "X"
	got.Reason.Text = "X"
	got.Faults[0] = "X"
	got.RequestFindings[0].Rule = "X"
	again := j.Select(journal.Filter{})[0]
	require.Equal(t, byte('{'), again.Request.Bytes[0])
	require.Equal(t, "1001", again.RequestHeader.Get("Client-Id"))
	require.Equal(t, "why", again.Reason.Text)
	require.Equal(t, []string{"f1"}, again.Faults)
	require.Equal(t, "type", again.RequestFindings[0].Rule)
}

func TestFormBodiesAreMasked(t *testing.T) {
	t.Parallel()
	j := journal.New(journal.Options{})
	e := exchange("a", "username=demo&password=0123456789abcdef")
	e.RequestHeader = http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}}
	j.Record(e)
	require.Equal(t, "username=demo&password=…cdef", string(j.Select(journal.Filter{})[0].Request.Bytes))
}

func TestABodyDoesNotPinTheMemoryBehindIt(t *testing.T) {
	t.Parallel()
	buffer := make([]byte, 0, 32<<20)
	for name, b := range map[string][]byte{
		"an aborted body": append(buffer, `{"limit":`...),
		"no body at all":  buffer,
	} {
		got := journal.NewBody(b)
		require.Equal(t, string(b), string(got.Bytes), name)
		require.Less(t, cap(got.Bytes), 1<<10, name)
	}
	whole := append(make([]byte, 0, 500), `{"limit":1}`...)
	require.Equal(t, &whole[0], &journal.NewBody(whole).Bytes[0], "a slice that pins little is not copied")
}

func TestBodies(t *testing.T) {
	t.Parallel()
	long := bytes.Repeat([]byte("x"), journal.MaxBody+1)
	sum := func(b []byte) string {
		s := sha256.Sum256(b)
		return hex.EncodeToString(s[:])
	}
	j := journal.New(journal.Options{})
	whole := []byte(`{"token":"abc"}`)
	j.Record(journal.Exchange{Request: journal.NewBody(whole), Response: journal.NewBody(long)})
	j.Record(journal.Exchange{Request: journal.Body{Bytes: long, Length: int64(len(long))}})
	j.Record(journal.Exchange{Request: journal.Body{Bytes: []byte("streamed"), Length: 1 << 30, SHA256: "given", Cut: true}})

	got := j.Select(journal.Filter{})
	require.Equal(t, journal.Body{Bytes: []byte(`{"token":"…"}`), Length: 15, SHA256: sum(whole)}, got[0].Request, "the hash is of what came in")
	cut := journal.Body{Bytes: long[:journal.MaxBody], Length: journal.MaxBody + 1, SHA256: sum(long), Cut: true}
	require.Equal(t, cut, got[0].Response)
	require.Equal(t, cut, got[1].Request, "also when the recorder forgot")
	require.Equal(t, journal.Body{}, got[1].Response, "no body, no hash")
	require.Equal(t, journal.Body{Bytes: []byte("streamed"), Length: 1 << 30, SHA256: "given", Cut: true}, got[2].Request)
	require.Same(t, &whole[0], &journal.NewBody(whole).Bytes[0], "short bodies are not copied")
}

func TestAnAnswerIsCheckedOnceAndOnlyWhenRead(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	var j *journal.Journal
	j = journal.New(journal.Options{Check: func(e journal.Exchange) []openapi.Finding {
		calls.Add(1)
		j.Len() // a lock held here would hang
		return []openapi.Finding{{Message: e.RequestHeader.Get("Api-Key")}}
	}})
	e := exchange("a", "{}")
	e.RequestHeader = http.Header{"Api-Key": {"unmasked for the check"}}
	j.Record(e)
	require.Zero(t, calls.Load())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { j.Select(journal.Filter{Invalid: true}) })
	}
	wg.Wait()
	require.Equal(t, int64(1), calls.Load())
	require.Equal(t, "unmasked for the check", j.Select(journal.Filter{})[0].ResponseFindings[0].Message)
}

func TestARequestThatNobodyCheckedIsCheckedOnceAndOnlyWhenRead(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	j := journal.New(journal.Options{})
	e := exchange("a", "{}")
	e.RequestFindings = []openapi.Finding{{Rule: "remark"}}
	e.Unchecked = func() []openapi.Finding {
		calls.Add(1)
		j.Len() // a lock held here would hang
		return []openapi.Finding{{Rule: "type"}}
	}
	j.Record(e)
	require.Zero(t, calls.Load())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { j.Select(journal.Filter{Invalid: true}) })
	}
	wg.Wait()
	got := j.Select(journal.Filter{})[0]
	require.Equal(t, int64(1), calls.Load())
	require.Equal(t, []openapi.Finding{{Rule: "type"}, {Rule: "remark"}}, got.RequestFindings)
	require.Nil(t, got.Unchecked)
}

func TestWaitReturnsAtTheFirstMatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := journal.New(journal.Options{})
		j.Record(exchange("other", "{}"))
		found := make(chan []uint64)
		for range 3 {
			go func() { found <- ids(j.Wait(t.Context(), journal.Filter{Operation: "wanted"}, time.Minute)) }()
		}
		synctest.Wait()
		j.Record(exchange("other", "{}"))
		synctest.Wait()
		start := time.Now()
		j.Record(exchange("wanted", "{}"))
		for range 3 {
			require.Equal(t, []uint64{3}, <-found)
		}
		require.Equal(t, start, time.Now(), "it does not wait on")
	})
}

func TestWaitEndsWithItsTimeItsContextOrAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := journal.New(journal.Options{})
		start := time.Now()
		require.Empty(t, j.Wait(t.Context(), journal.Filter{}, time.Minute))
		require.Equal(t, time.Minute, time.Since(start))
		require.Empty(t, j.Wait(t.Context(), journal.Filter{}, 0))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		require.Empty(t, j.Wait(ctx, journal.Filter{}, time.Hour))
		require.Equal(t, time.Minute+time.Second, time.Since(start))
	})
}

func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	j := journal.New(journal.Options{Size: 50, Check: func(journal.Exchange) []openapi.Finding { return nil }})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				j.Record(exchange("a", `{"n":1}`))
			}
		})
		wg.Go(func() {
			for range 20 {
				got := ids(j.Select(journal.Filter{Limit: 10}))
				for i := 1; i < len(got); i++ {
					if got[i] != got[i-1]+1 {
						t.Errorf("not in order: %v", got)
					}
				}
				j.Wait(t.Context(), journal.Filter{}, time.Millisecond)
				j.Verify(journal.Expectation{Operation: "a", Body: map[string]any{"n": 2}})
			}
		})
	}
	wg.Go(j.Clear)
	wg.Wait()
	require.LessOrEqual(t, j.Len(), 50)
}

func BenchmarkRecord(b *testing.B) {
	j := journal.New(journal.Options{})
	e := exchange("ChatAPI_ChatListV3", `{"limit":30}`)
	e.RequestHeader = http.Header{
		"Client-Id": {"1001"}, "Api-Key": {"00000000-0000-4000-8000-000000001001"}, "Content-Type": {"application/json"},
		"User-Agent": {"test"}, "Accept": {"*/*"}, "Content-Length": {"12"},
	}
	e.ResponseHeader = http.Header{"Content-Type": {"application/json"}, "Content-Length": {"7000"}, "Date": {"now"}}
	b.ReportAllocs()
	for b.Loop() {
		j.Record(e)
	}
}
