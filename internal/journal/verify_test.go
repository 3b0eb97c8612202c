package journal_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/journal"
)

func send(body string) journal.Exchange { return exchange("send", body) }

func at(n int) *int { return &n }

func TestVerifyCounts(t *testing.T) {
	t.Parallel()
	j := journal.New(journal.Options{})
	for _, e := range []journal.Exchange{send(`{"text":"a"}`), send(`{"text":"a"}`), exchange("read", `{}`)} {
		j.Record(e)
	}
	body := map[string]any{"text": "a"}
	for name, c := range map[string]struct {
		x     journal.Expectation
		held  bool
		count int
	}{
		"once is enough without bounds": {journal.Expectation{Operation: "send", Body: body}, true, 2},
		"everything without conditions": {journal.Expectation{}, true, 3},
		"never by default is too few":   {journal.Expectation{Operation: "close"}, false, 0},
		"never, as expected":            {journal.Expectation{Operation: "close", Max: at(0)}, true, 0},
		"never, but it was":             {journal.Expectation{Operation: "send", Max: at(0)}, false, 2},
		"at least":                      {journal.Expectation{Operation: "send", Min: at(3)}, false, 2},
		"at most":                       {journal.Expectation{Operation: "send", Max: at(1)}, false, 2},
		"exactly":                       {journal.Expectation{Operation: "send", Min: at(2), Max: at(2)}, true, 2},
		"any number":                    {journal.Expectation{Operation: "close", Min: at(0)}, true, 0},
		"by status":                     {journal.Expectation{Operation: "send", Status: 403}, false, 0},
		"by marketplace":                {journal.Expectation{Marketplace: "yandex"}, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := j.Verify(c.x)
			require.Equal(t, c.held, v.Held)
			require.Equal(t, c.count, v.Count)
		})
	}
}

func TestQueriesAreComparedAsSubsets(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		want map[string]string
		url  string
		diff []string
	}{
		"fewer parameters":         {map[string]string{"chatId": "7"}, "/chat?limit=1&chatId=7", nil},
		"one value of several":     {map[string]string{"a": "2"}, "/chat?a=1&a=2", nil},
		"an escaped value":         {map[string]string{"a": "б в"}, "/chat?a=%D0%B1+%D0%B2", nil},
		"another value":            {map[string]string{"chatId": "7"}, "/chat?chatId=8", []string{`query chatId: expected "7", got "8"`}},
		"an absent one, and a URL": {map[string]string{"b": "1", "a": "1"}, "/chat", []string{`query a: expected "1", got nothing`, `query b: expected "1", got nothing`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := journal.New(journal.Options{})
			e := exchange("getChat", "")
			e.URL = c.url
			j.Record(e)
			v := j.Verify(journal.Expectation{Operation: "getChat", Query: c.want})
			require.Equal(t, c.diff == nil, v.Held)
			if c.diff != nil {
				require.Equal(t, c.diff, v.Misses[0].Differences)
			}
		})
	}
}

func TestBodiesAreComparedAsSubsets(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ы", 100)
	for name, c := range map[string]struct {
		expected any
		body     string
		want     []string
	}{
		"fewer fields":                   {map[string]any{"a": 1}, `{"a":1,"b":2}`, nil},
		"nested":                         {map[string]any{"a": map[string]any{"b": []any{map[string]any{"c": true}}}}, `{"a":{"b":[{"c":true,"d":1}],"e":null}}`, nil},
		"an int is a decimal":            {map[string]any{"a": 1}, `{"a":1.0}`, nil},
		"a float is an exponent":         {map[string]any{"a": 1500.0}, `{"a":15e+2}`, nil},
		"minus zero":                     {[]any{0}, `[-0.0e7]`, nil},
		"large ids are exact":            {map[string]any{"id": uint64(math.MaxUint64)}, `{"id":18446744073709551614}`, []string{"/id: expected 18446744073709551615, got 18446744073709551614"}},
		"huge exponents cost nothing":    {[]any{1}, `[1e999999999]`, []string{"/0: expected 1, got 1e999999999"}},
		"larger exponents are only text": {[]any{1}, `[1e99999999999999999999]`, []string{"/0: expected 1, got 1e99999999999999999999"}},
		"a string is not a number":       {map[string]any{"a": "1"}, `{"a":1}`, []string{`/a: expected "1", got 1`}},
		"a missing field":                {map[string]any{"a": nil, "b": map[string]any{"c": 1}}, `{}`, []string{"/a: expected null, got nothing", `/b: expected {"c":1}, got nothing`}},
		"arrays have the same length":    {map[string]any{"a": []any{1}}, `{"a":[1,2]}`, []string{"/a: expected 1 element, got 2 elements"}},
		"arrays keep their order":        {[]any{1, 2}, `[2,1]`, []string{"/0: expected 1, got 2", "/1: expected 2, got 1"}},
		"pointers are escaped":           {map[string]any{"a/b~c": 1}, `{"a/b~c":2}`, []string{"/a~1b~0c: expected 1, got 2"}},
		"another kind at the top":        {[]any{}, `{"a":"<b>"}`, []string{`body: expected [], got {"a":"<b>"}`}},
		"long values are shortened":      {map[string]any{"a": 1}, `{"a":"` + long + `"}`, []string{`/a: expected 1, got "` + long[:79*2] + "…"}},
		"secrets are masked":             {map[string]any{"token": "abcdefghijklmnop", "secret": 5}, `{"token":"qrstuvwxyzabcdef","secret":{"a":"b"}}`, []string{`/secret: expected …, got …`, `/token: expected "…mnop", got "…cdef"`}},
		"a secret that is as expected":   {map[string]any{"token": "abcdefghijklmnop"}, `{"token":"abcdefghijklmnop"}`, nil},
		"secrets inside what is missing": {map[string]any{"a": map[string]any{"token": "abcdefghijklmnop"}}, `{}`, []string{`/a: expected {"token":"…mnop"}, got nothing`}},
		"no body":                        {map[string]any{}, ``, []string{"body: expected JSON, got nothing"}},
		"not JSON":                       {map[string]any{}, `a=b`, []string{"body: expected JSON, got something else"}},
		"two values":                     {map[string]any{}, `{} {}`, []string{"body: expected JSON, got something else"}},
		"a body of which a part is kept": {map[string]any{}, `{"a":"` + strings.Repeat("x", journal.MaxBody) + `"}`, []string{"body: only the first 65536 of 65544 bytes are kept"}},
		"an expectation that is no JSON": {math.Inf(1), `{}`, []string{"body: expected null, got {}", "body: the expectation is not JSON: json: unsupported value: +Inf"}},
		"a struct of the caller's":       {struct{ A []int }{[]int{1}}, `{"A":[1],"B":2}`, nil},
		"null is expected to be there":   {map[string]any{"a": nil}, `{"a":null}`, nil},
		"null is not false":              {map[string]any{"a": nil}, `{"a":false}`, []string{"/a: expected null, got false"}},
		"differences beyond 20 are counted": {map[string]any{"a": make([]int, 25)}, `{"a":[` + strings.Repeat("1,", 24) + `1]}`, func() []string {
			var d []string
			for i := range 20 {
				d = append(d, "/a/"+string("0123456789"[i/10])[:min(i/10, 1)]+string("0123456789"[i%10])+": expected 0, got 1")
			}
			return append(d, "and 5 more")
		}()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := journal.New(journal.Options{})
			j.Record(send(c.body))
			v := j.Verify(journal.Expectation{Operation: "send", Body: c.expected})
			if c.want == nil {
				require.Equal(t, journal.Verdict{Held: true, Count: 1}, v)
				return
			}
			require.False(t, v.Held)
			require.Len(t, v.Misses, 1)
			require.Equal(t, c.want, v.Misses[0].Differences)
		})
	}
}

func TestTheNearestMissesComeFirst(t *testing.T) {
	t.Parallel()
	j := journal.New(journal.Options{})
	for _, e := range []journal.Exchange{
		send(`{"a":0,"b":0}`),
		exchange("read", `{"a":1,"b":1}`),
		send(`{"a":1,"b":0}`),
		send(`{"a":0,"b":1}`),
		exchange("", `{}`),
	} {
		j.Record(e)
	}
	v := j.Verify(journal.Expectation{Marketplace: "ozon", Operation: "send", Body: map[string]any{"a": 1, "b": 1}})
	require.False(t, v.Held)
	var got []uint64
	for _, m := range v.Misses {
		got = append(got, m.Exchange.ID)
	}
	require.Equal(t, []uint64{4, 3, 1}, got)

	v = j.Verify(journal.Expectation{Marketplace: "yandex", Operation: "close"})
	require.Equal(t, []string{"marketplace: expected yandex, got ozon", "operation: expected close, got nothing"}, v.Misses[0].Differences)

	v = j.Verify(journal.Expectation{Operation: "send", Max: at(1)})
	require.False(t, v.Held)
	require.Empty(t, v.Misses, "too many is no miss")
}

func FuzzVerify(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b":1.50e-3}]}`))
	f.Add([]byte(`-0`))
	f.Fuzz(func(_ *testing.T, body []byte) {
		j := journal.New(journal.Options{})
		j.Record(send(string(body)))
		j.Verify(journal.Expectation{Body: []any{1, map[string]any{"a": "b"}}})
		j.Verify(journal.Expectation{Body: map[string]any{"a": []any{1, 2}}})
	})
}
