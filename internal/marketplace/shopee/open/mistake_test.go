package open

import (
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/marketplace/shopee/sign"
)

// reason is why a call was refused.
func (r testReply) reason(t testing.TB) string {
	t.Helper()
	var why marketplace.Reasoned
	require.ErrorAs(t, r.err, &why, r.body)
	return why.Reason().Text
}

// Every row is what a client signed by mistake, or sent of what it signed.
// Proves: shopee/sign-error
func TestWhatAWrongSignatureIsOf(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	op, _ := w.config.Specs[Spec].Operation(opCount)
	const host = "127.0.0.1:8080"
	signed := func(change func(*sign.Call)) func(*testCall) {
		return func(c *testCall) {
			s := sign.Call{
				PartnerID: c.query.Get(paramPartner), Path: c.path, Timestamp: c.query.Get(paramTimestamp),
				AccessToken: c.query.Get(paramToken), Owner: c.query.Get(paramShop),
			}
			change(&s)
			c.query.Set(paramSign, s.Sign(c.key))
			c.target = c.path
			c.before = func(r *http.Request) { // as it comes to a named sandbox
				r.Host, r.RequestURI = host, "/~box/shopee"+r.URL.RequestURI()
				r.URL.Path = "/shopee" + r.URL.Path
			}
		}
	}
	over := func(path string) func(*testCall) { return signed(func(s *sign.Call) { s.Path = path }) }
	shown := func(change func(string) string) func(*testCall) {
		return func(c *testCall) {
			signed(func(*sign.Call) {})(c)
			c.query.Set(paramSign, change(c.query.Get(paramSign)))
		}
	}
	raw := func(s string) []byte {
		out, err := hex.DecodeString(s)
		require.NoError(t, err)
		return out
	}
	query := func(c *testCall) { over(op.Path + "?" + c.query.Encode())(c) }
	for name, tt := range map[string]struct {
		change func(*testCall)
		why    string
	}{
		"the mount":                   {over("/shopee" + op.Path), "over /shopee/api/v2/"},
		"the mount of a sandbox":      {over("/~box/shopee" + op.Path), "over /~box/shopee/api/v2/"},
		"the sandbox without a mount": {over("/~box" + op.Path), "over /~box/api/v2/"},
		"the whole address":           {over("http://" + host + "/~box/shopee" + op.Path), "over http://127.0.0.1:8080/~box/shopee/api/v2/"},
		"the vendor's address":        {over("https://partner.shopeemobile.com" + op.Path), "over https://partner.shopeemobile.com/api/v2/"},
		"the vendor's host":           {over("partner.shopeemobile.com" + op.Path), "over partner.shopeemobile.com/api/v2/"},
		"the query":                   {query, "with the query, the path is " + op.Path},
		"a slash at the end":          {over(op.Path + "/"), "over " + op.Path + "/, the path is " + op.Path},
		"no /api/v2":                  {over(strings.TrimPrefix(op.Path, "/api/v2")), "without /api/v2"},
		"no slash":                    {over(op.Path[1:]), "without / before the path"},
		"another second":              {signed(func(s *sign.Call) { s.Timestamp = "1790856003" }), "with the timestamp 1790856003, the call has 1790856000"},
		"milliseconds":                {signed(func(s *sign.Call) { s.Timestamp += "000" }), "in milliseconds"},
		"another app's key":           {func(c *testCall) { c.key = shop.ShopOf(w.Store.Sellers()[2]).App.PartnerKey }, "the partner key of another app"},
		"base64":                      {shown(func(s string) string { return base64.StdEncoding.EncodeToString(raw(s)) }), "the right one in base64"},
		"base64 of another":           {shown(func(s string) string { return base64.StdEncoding.EncodeToString(raw(s[2:] + "00")) }), "it is in base64"},
		"a digit less":                {shown(func(s string) string { return s[:63] }), "cut after 63 of 64 digits"},
		"no digits":                   {with(paramSign, "abc"), "its 3 characters are not 64 hexadecimal digits"},
		"nothing that is recognised":  {func(c *testCall) { c.key = "another key" }, "not that of this call"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reply := w.call(opCount, "", tt.change)
			reply.requireError(t, http.StatusForbidden, codeSign, "Wrong sign.")
			why := reply.reason(t)
			require.Contains(t, why, tt.why)
			require.NotContains(t, why, w.first().AccessToken().Value)
			require.NotContains(t, why, w.first().App.PartnerKey)
		})
	}
	why := w.call(opCount, "", func(c *testCall) { c.key = "another key" }).reason(t)
	require.Contains(t, why, "of partner_id, "+op.Path+", timestamp, access_token and shop_id, one right after the other")
	why = w.call(opLostPush, "", func(c *testCall) { c.key = "another key" }).reason(t)
	require.Contains(t, why, "/api/v2/push/get_lost_push_message and timestamp, one right after the other")
}

// Proves: shopee/timestamp-window, shopee/timestamp-expired, shopee/timestamp-future
func TestAClientWithItsOwnClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	stale := func(by string) func(*testCall) { return with(paramTimestamp, by) }
	w.advance(8 * 24 * time.Hour)
	reply := w.call(opCount, "", stale("1790856000"))
	reply.requireError(t, 403, codeParam, "Timestamp is expired.")
	require.Contains(t, reply.reason(t), "timestamp is 8d behind the sandbox's clock, which shows 1791547200 (2026-10-09T12:00:00Z)")
	require.Contains(t, reply.reason(t), "timestamp-window")
	require.Contains(t, w.call(opCount, "", stale("1791550861")).reason(t), "timestamp is 1h1m1s ahead of the sandbox's clock")
	w.set(today, switchWindow, windowOff)
	w.call(opCount, "", stale("1790856000")).requireOK(t, nil)
	w.call(opCount, "", stale("1")).requireOK(t, nil)
	w.call(opCount, "", stale("0")).requireError(t, 403, codeParam, "Invalid timestamp")
}
