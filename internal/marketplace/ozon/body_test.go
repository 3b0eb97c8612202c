package ozon

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
)

func parse(t testing.TB, set map[string]string, text string) (*body, error) {
	t.Helper()
	config := &marketplace.Config{Settings: settings(t, today, set)}
	return readBody(&marketplace.Call{Config: config, Body: []byte(text)})
}

// Proves: ozon/bad-json
func TestMalformedBodies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "empty", today, nil)
	for _, text := range []string{
		"null", "true", "1", `"x"`, "[]", "{", "}", `{"limit":}`, `{"limit":1,}`, `{"limit":1}x`, "\xff", "{\"limit\":1,\"a\":\"\xff\"}",
		strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000), "limit=1", `{"limit":1,"limit":2}`,
	} {
		reply := w.call(opListV3, text)
		require.Equal(t, 400, reply.status, text)
		require.Contains(t, reply.body, `"code":3`)
	}
	for _, text := range []string{"", " \n"} {
		require.Contains(t, w.call(opListV3, text).body, "ChatListRequest.Limit", "no body is an empty object")
		require.Equal(t, 200, w.call(opRoles, text).status)
	}
}

// Numbers may be strings, and what is empty is absent.
// Proves: ozon/empty-values, ozon/ids-accepted-both-ways
func TestLenientValues(t *testing.T) {
	t.Parallel()
	strict := map[string]string{switchEmptyValues: "strict"}
	for _, tt := range []struct {
		value  string
		want   int64
		lax    bool
		strict bool
	}{
		{`5`, 5, true, true},
		{`"5"`, 5, true, true},
		{`-5`, -5, true, true},
		{`null`, 0, true, true},
		{`0`, 0, true, true},
		{`""`, 0, true, false},
		{`5.0`, 5, true, true},
		{`5e1`, 50, true, true},
		{`9223372036854775807`, 1<<63 - 1, true, true},
		{`9223372036854775808`, 0, false, false},
		{`5.5`, 0, false, false},
		{`1e400`, 0, false, false},
		{`"0x5"`, 0, false, false},
		{`" 5"`, 0, false, false},
		{`true`, 0, false, false},
		{`[]`, 0, false, false},
		{`{}`, 0, false, false},
	} {
		for set, wanted := range map[*map[string]string]bool{nil: tt.lax, &strict: tt.strict} {
			var chosen map[string]string
			if set != nil {
				chosen = *set
			}
			b, err := parse(t, chosen, `{"limit":`+tt.value+`}`)
			require.NoError(t, err)
			got := b.integer("limit")
			require.Equal(t, wanted, b.err() == nil, "%s with %v", tt.value, chosen)
			if wanted {
				require.Equal(t, tt.want, got, tt.value)
			}
		}
	}
}

// Proves: ozon/ids-accepted-both-ways
func TestIDs(t *testing.T) {
	t.Parallel()
	b, err := parse(t, nil, `{"a":18446744073709551615,"b":"18446744073709551615","c":-1,"d":["1",2],"e":[null],"f":"x"}`)
	require.NoError(t, err)
	require.Equal(t, ^uint64(0), b.id("a"))
	require.Equal(t, ^uint64(0), b.id("b"))
	require.Equal(t, []uint64{1, 2}, b.ids("d"))
	require.NoError(t, b.err())
	for _, name := range []string{"c", "f"} {
		b, _ := parse(t, nil, `{"c":-1,"f":"x"}`)
		b.id(name)
		require.Error(t, b.err(), name)
	}
	b.ids("e")
	var reasoned marketplace.Reasoned
	require.ErrorAs(t, b.err(), &reasoned)
	require.Equal(t, "/e/0", reasoned.Reason().Pointer)
}

// Proves: ozon/invalid-chat-guid
func TestChatIDs(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"", "0", "5e767w03-b400-4y1b-a841-75319ca8a5c8", "{99feb3fc-a474-469f-95d5-268b470cc607}", "99feb3fca474469f95d5268b470cc607"} {
		require.ErrorContains(t, checkChatID(id), "invalid chat guid", id)
	}
	require.NoError(t, checkChatID("99feb3fc-a474-469f-95d5-268b470cc607"))
	require.NoError(t, checkChatID("99FEB3FC-A474-469F-95D5-268B470CC607"))
}

func FuzzBody(f *testing.F) {
	for _, seed := range []string{`{"limit":1}`, `{"filter":{"message_ids":["1",2]}}`, `{"a":"1e3"}`, `[`, `{"limit":-0}`, `{"limit":1e-3}`} {
		f.Add(seed)
	}
	api := New()
	s, err := marketplace.NewSettings(api.Switches(), today, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		c := &marketplace.Call{Config: &marketplace.Config{Settings: s}, Body: []byte(text)}
		b, err := readBody(c)
		if err != nil {
			return
		}
		for _, name := range []string{"limit", "filter", "a"} {
			b.integer(name)
			b.id(name)
			b.ids(name)
			b.texts(name)
			b.text(name)
			b.flag(name)
			b.object(name).ids("message_ids")
		}
	})
}
