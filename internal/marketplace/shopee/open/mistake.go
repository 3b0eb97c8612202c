package open

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/marketplace/shopee/sign"
)

// mistake tells what a wrong signature is of, if it is of something that clients
// often sign, or else what should have been signed: the journal and X-Mock-Reason
// have it. No secret stands in it. Claim shopee/sign-error.
func mistake(c *marketplace.Call, key, shown string) string {
	call := callOf(c)
	if why := misspelt(call.Sign(key), shown); why != "" {
		return "the signature is wrong: " + why + recipe(c)
	}
	for why, other := range misread(c, call) {
		if other != call && other.Verify(key, shown) {
			return "the signature is wrong: " + why
		}
	}
	for _, seller := range c.World.Store.Sellers() {
		if app := shop.ShopOf(seller).App; app.PartnerKey != key && call.Verify(app.PartnerKey, shown) {
			return fmt.Sprintf("the signature is wrong: it was made with the partner key of another app, %d", app.PartnerID)
		}
	}
	return "the signature is not that of this call" + recipe(c)
}

// recipe is what is signed, in words.
func recipe(c *marketplace.Call) string {
	what := "partner_id, " + c.Target + " and timestamp"
	if !isPublic(c) {
		what = "partner_id, " + c.Target + ", timestamp, access_token and shop_id"
	}
	return ": it is HMAC-SHA256 with the app's partner key of " + what + ", one right after the other, as 64 hexadecimal digits"
}

// misspelt tells what is wrong with the form of a signature, "" for nothing.
func misspelt(right, shown string) string {
	const digits, enough = 64, 32
	if raw, err := hex.DecodeString(shown); err == nil && len(raw) == digits/2 {
		return ""
	}
	lower := strings.ToLower(shown)
	if len(lower) >= enough && len(lower) < digits && strings.HasPrefix(right, lower) {
		return fmt.Sprintf("it is cut after %d of %d digits", len(lower), digits)
	}
	if strings.TrimSpace(lower) == right {
		return "there is space around it"
	}
	for _, coding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		// A plus in a query is a space.
		raw, err := coding.DecodeString(strings.ReplaceAll(shown, " ", "+"))
		switch {
		case err != nil || len(raw) != digits/2:
		case hex.EncodeToString(raw) == right:
			return "it is the right one in base64"
		default:
			return "it is in base64"
		}
	}
	return fmt.Sprintf("its %d characters are not %d hexadecimal digits", len(shown), digits)
}

// misread are calls that clients sign instead of the one they make, and why each is
// wrong.
func misread(c *marketplace.Call, call sign.Call) iter.Seq2[string, sign.Call] {
	return func(yield func(string, sign.Call) bool) {
		token, _ := param(c, paramToken)
		owner, _ := param(c, paramShop)
		with := func(change func(*sign.Call)) sign.Call {
			other := call
			change(&other)
			return other
		}
		_ = yield("it was made without access_token and shop_id, as if the call were a public one",
			with(func(s *sign.Call) { s.AccessToken, s.Owner = "", "" })) &&
			yield("it was made with access_token and shop_id, but the call is a public one",
				with(func(s *sign.Call) { s.AccessToken, s.Owner = token, owner })) &&
			yield("it was made without access_token", with(func(s *sign.Call) { s.AccessToken = "" })) &&
			yield("it was made without shop_id", with(func(s *sign.Call) { s.Owner = "" })) &&
			yield("shop_id stands before access_token in what was signed",
				with(func(s *sign.Call) { s.AccessToken, s.Owner = s.Owner, s.AccessToken })) &&
			otherTimes(call, yield) && otherPaths(c, call, yield)
	}
}

// otherTimes yields a call of some seconds before or after, as of a client that
// reads its clock twice, and one in milliseconds.
func otherTimes(call sign.Call, yield func(string, sign.Call) bool) bool {
	const twice = 10
	at, err := strconv.ParseInt(call.Timestamp, 10, 64)
	if err != nil {
		return true
	}
	for n := at - twice; n <= at+twice; n++ {
		other := call
		other.Timestamp = strconv.FormatInt(n, 10)
		if !yield("it was made with the timestamp "+other.Timestamp+", the call has "+call.Timestamp, other) {
			return false
		}
	}
	other := call
	other.Timestamp += "000"
	return yield("it was made with the timestamp in milliseconds", other)
}

// otherPaths yields a call of paths that are taken for the vendor's: as the call
// came here, with a host, with the query, cut.
func otherPaths(c *marketplace.Call, call sign.Call, yield func(string, sign.Call) bool) bool {
	of := func(path, why string) bool {
		other := call
		other.Path = path
		return yield(why+", the path is "+call.Path, other)
	}
	for _, cut := range []string{"/api/v2", "/api", "/"} {
		if !of(strings.TrimPrefix(call.Path, cut), "it was made without "+cut+" before the path") {
			return false
		}
	}
	query := withoutSign(c.Request.URL.RawQuery)
	for _, before := range befores(c, call.Path) {
		for _, host := range append(Hosts(), c.Request.Host, "") {
			schemes := []string{"https://", "http://", ""}
			if host == "" {
				schemes = schemes[2:]
			}
			for _, scheme := range schemes {
				whole := scheme + host + before + call.Path
				if !of(whole, "it was made over "+whole) || !of(whole+"/", "it was made over "+whole+"/") ||
					!of(whole+"?"+query, "it was made over "+whole+" with the query") {
					return false
				}
			}
		}
	}
	return true
}

// befores are what stands before the vendor's path in an address of this server: the
// sandbox and the mount, each of them, nothing.
func befores(c *marketplace.Call, path string) []string {
	out := []string{"", "/" + c.World.Marketplace}
	came, _, _ := strings.Cut(c.Request.RequestURI, "?")
	before, _ := strings.CutSuffix(came, path)
	if at := strings.Index(before, "/~"); at >= 0 {
		box, _, _ := strings.Cut(before[at+1:], "/")
		out = append(out, "/"+box, "/"+box+"/"+c.World.Marketplace)
	}
	return out
}

// withoutSign is a query as it was before it was signed.
func withoutSign(query string) string {
	parts := strings.Split(query, "&")
	kept := parts[:0]
	for _, part := range parts {
		if !strings.HasPrefix(part, paramSign+"=") {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "&")
}
