package open

import (
	"strings"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/sign"
)

// mistake tells what a wrong signature is of, if it is of something that clients
// often sign: the journal and X-Mock-Reason have it. Claim shopee/sign-error.
func mistake(c *marketplace.Call, key, shown string) string {
	base := callOf(c)
	token, _ := param(c, paramToken)
	owner, _ := param(c, paramShop)
	for _, try := range []struct {
		why    string
		change func(*sign.Call)
	}{
		{"it was made without access_token and shop_id, as if the call were a public one", func(s *sign.Call) { s.AccessToken, s.Owner = "", "" }},
		{"it was made with access_token and shop_id, but the call is a public one", func(s *sign.Call) { s.AccessToken, s.Owner = token, owner }},
		{"it was made without access_token", func(s *sign.Call) { s.AccessToken = "" }},
		{"it was made without shop_id", func(s *sign.Call) { s.Owner = "" }},
		{"shop_id stands before access_token in what was signed", func(s *sign.Call) { s.AccessToken, s.Owner = s.Owner, s.AccessToken }},
		{"it was made without /api/v2 in the path", func(s *sign.Call) { s.Path = strings.TrimPrefix(s.Path, "/api/v2") }},
		{"it was made without /api in the path", func(s *sign.Call) { s.Path = strings.TrimPrefix(s.Path, "/api") }},
		{"it was made without the slash that the path begins with", func(s *sign.Call) { s.Path = strings.TrimPrefix(s.Path, "/") }},
		{"the path of this server's address was signed, not the vendor's", func(s *sign.Call) { s.Path = c.Request.URL.EscapedPath() }},
		{"the host was signed", func(s *sign.Call) { s.Path = c.Request.Host + c.Request.URL.EscapedPath() }},
		{"the host was signed", func(s *sign.Call) { s.Path = "http://" + c.Request.Host + c.Request.URL.EscapedPath() }},
	} {
		call := base
		try.change(&call)
		if call != base && call.Verify(key, shown) {
			return "the signature is wrong: " + try.why
		}
	}
	return errSign.why.Text
}
