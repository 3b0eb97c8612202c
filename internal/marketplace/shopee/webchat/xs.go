package webchat

import (
	"crypto/md5" //nolint:gosec // the vendor's choice
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strings"

	"example.com/marketmock/internal/marketplace"
)

// Headers of the signature of a call.
const (
	headerSign    = "X-S"
	headerVersion = "X-V"
)

// version12 is the generation of paths whose calls are signed. Claim shopee/x-s-scope.
const version12 = Prefix + "api/v1.2"

// salts are what x-v names. Claim shopee/x-s-salts.
var salts = map[string]string{
	"1": "396c15ad-6d3e-4018-98be-cef58cb45cd0",
	"2": "607c871d-b766-4c6f-ba89-b6c6ca32b156",
	"3": "42990074-9a73-4459-b749-f3110d222a72",
	"4": "5702b6f3-62a3-44d2-abe8-fece100a8bf4",
}

// signature is x-s of what was sent after /webchat/api/v1.2, path and query as they
// stand, with a salt and, in one of the two formulas, the value of Authorization.
// Claims shopee/x-s-path-only, shopee/x-s-with-token.
func signature(sent, salt, authorization string) string {
	sum := md5.Sum([]byte(sent + salt + authorization)) //nolint:gosec // the vendor's choice
	return hex.EncodeToString(sum[:])
}

// guardSign looks at x-s and x-v, as far as the switch says. Claims shopee/x-s,
// shopee/x-s-lenient, shopee/x-s-refusal.
func guardSign(c *marketplace.Call) error {
	mode := c.Switch(switchSign)
	sent, signed := strings.CutPrefix(c.Target, version12+"/")
	if mode == "off" || !signed || logins[c.Operation.ID] {
		return nil
	}
	shown, version := c.Request.Header.Get(headerSign), c.Request.Header.Get(headerVersion)
	if shown == "" && mode == "lenient" {
		return nil
	}
	salt, known := salts[version]
	switch {
	case shown == "":
		return errSign.at("x-s", "required")
	case !known:
		return errSign.at("x-v", "enum")
	case !isMD5(shown):
		return errSign.at("x-s", "pattern")
	case mode == "lenient":
		return nil
	}
	authorization := ""
	if mode == "with-token" {
		authorization = c.Request.Header.Get("Authorization")
	}
	if !same(signature("/"+sent+question(c.Request), salt, authorization), strings.ToLower(shown)) {
		return errSign.at("x-s", "")
	}
	return nil
}

// question is the query with its mark, "" for none.
func question(r *http.Request) string {
	if r.URL.RawQuery == "" {
		return ""
	}
	return "?" + r.URL.RawQuery
}

func isMD5(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == md5.Size
}

// same compares in a time that does not tell where two texts differ.
func same(want, got string) bool {
	return subtle.ConstantTimeCompare([]byte(want), []byte(got)) == 1
}
