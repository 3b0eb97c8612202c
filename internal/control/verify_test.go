package control_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/journal"
)

type verdictShape struct {
	Held   bool `json:"held"`
	Count  int  `json:"count"`
	Misses []struct {
		Request     struct{ ID, URL string } `json:"request"`
		Differences []string                 `json:"differences"`
	} `json:"misses"`
}

// seen is a mock whose journal has a call for each query, with a body.
func seen(t *testing.T, calls ...string) *mock {
	t.Helper()
	m := newMock(t)
	box, err := m.registry.Sandbox("default")
	require.NoError(t, err)
	for _, c := range calls {
		query, body, _ := strings.Cut(c, " ")
		box.Journal.Record(journal.Exchange{
			Marketplace: "ozon", Operation: "ChatAPI_ChatListV3", Method: "POST", URL: "/v3/chat/list" + query, Status: 200, Seller: "1001",
			Request: journal.NewBody([]byte(body)),
		})
	}
	return m
}

func TestVerifyComparesTheQueryAsText(t *testing.T) {
	t.Parallel()
	m := seen(t, `?chatId=1 {"limit":30}`, `?chatId=2&x=true {"limit":30}`, `?chatId=2&chatId=3 {"limit":31}`, ` {"limit":30}`)
	for name, c := range map[string]struct {
		body  string
		held  bool
		count int
	}{
		"a number":                      {`"query":{"chatId":1}`, true, 1},
		"a text":                        {`"query":{"chatId":"2"}`, true, 2},
		"one of several values":         {`"query":{"chatId":3}`, true, 1},
		"several parameters":            {`"query":{"chatId":2,"x":true}`, true, 1},
		"another text of that number":   {`"query":{"chatId":"01"}`, false, 0},
		"with the body":                 {`"query":{"chatId":2},"body":{"limit":31}`, true, 1},
		"another body":                  {`"query":{"chatId":1},"body":{"limit":31}`, false, 0},
		"exactly as often":              {`"query":{"chatId":2},"count":{"min":2,"max":2}`, true, 2},
		"too often":                     {`"query":{"chatId":2},"count":{"max":1}`, false, 2},
		"never":                         {`"query":{"chatId":9},"count":{"max":0}`, true, 0},
		"another status":                {`"query":{"chatId":1},"status":403`, false, 0},
		"no parameters are any query":   {`"query":{}`, true, 4},
		"a parameter that was not sent": {`"query":{"page":1}`, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := get[verdictShape](t, m.ok(200, "POST", base+"/requests/verify", `{"operation":"ChatAPI_ChatListV3",`+c.body+`}`))
			require.Equal(t, c.held, v.Held)
			require.Equal(t, c.count, v.Count)
		})
	}
}

func TestMissesShowHowTheQueryDiffers(t *testing.T) {
	t.Parallel()
	m := seen(t, `?chatId=1 {"limit":30}`, ` {"limit":30}`, `?chatId=7 {"limit":29}`)
	verify := func(body string) verdictShape {
		return get[verdictShape](t, m.ok(200, "POST", base+"/requests/verify", body))
	}
	v := verify(`{"operation":"ChatAPI_ChatListV3","query":{"chatId":7},"body":{"limit":30}}`)
	require.Len(t, v.Misses, 3)
	require.Equal(t, "3", v.Misses[0].Request.ID, "the one with the query comes first")
	require.Equal(t, "/v3/chat/list?chatId=7", v.Misses[0].Request.URL)
	require.Equal(t, []string{"/limit: expected 30, got 29"}, v.Misses[0].Differences)
	require.Equal(t, []string{`query chatId: expected "7", got nothing`}, v.Misses[1].Differences)
	require.Equal(t, []string{`query chatId: expected "7", got "1"`}, v.Misses[2].Differences)
	require.Empty(t, verify(`{"operation":"ChatAPI_ChatListV3","query":{"chatId":7},"count":{"max":0}}`).Misses)
}

func TestRequestsOfASellerAreFoundByItsName(t *testing.T) {
	t.Parallel()
	m := seen(t, "?a=1 {}")
	require.Contains(t, string(m.ok(200, "GET", base+"/requests?seller=Northern%20tea", "")), "/v3/chat/list?a=1")
	require.Contains(t, string(m.ok(200, "GET", base+"/requests?seller=1001", "")), "/v3/chat/list?a=1")
	require.JSONEq(t, `{"requests":[]}`, string(m.ok(200, "GET", base+"/requests?seller=Southern%20tea", "")))
}
