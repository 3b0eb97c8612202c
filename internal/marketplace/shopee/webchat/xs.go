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
	if mode == off || !signed || logins[c.Operation.ID] {
		return nil
	}
	shown, version := c.Request.Header.Get(headerSign), c.Request.Header.Get(headerVersion)
	if shown == "" && mode == signLenient {
		return nil
	}
	salt, known := salts[version]
	switch {
	case shown == "":
		return errSign.at("x-s", "required").because("x-s is missing")
	case !known:
		return errSign.at("x-v", "enum").because("x-v is none of 1, 2, 3 and 4")
	case !isMD5(shown):
		return errSign.at("x-s", "pattern").because("x-s has not 32 hexadecimal digits")
	case mode == signLenient:
		return nil
	}
	covered := "/" + sent + question(c.Request)
	formulas := map[string]string{
		signPathOnly:  signature(covered, salt, ""),
		signWithToken: signature(covered, salt, c.Request.Header.Get("Authorization")),
	}
	shown = strings.ToLower(shown)
	switch {
	case same(formulas[mode], shown):
		return nil
	case same(formulas[signPathOnly], shown), same(formulas[signWithToken], shown):
		return errSign.at("x-s", "").because("x-s is that of the other formula; the switch x-s wants " + mode)
	case mode == signWithToken:
		return errSign.at("x-s", "").because("x-s is not the MD5 of what follows " + version12 + ", the salt of x-v and the value of Authorization")
	}
	return errSign.at("x-s", "").because("x-s is not the MD5 of what follows " + version12 + " and the salt of x-v")
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
