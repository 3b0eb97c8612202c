// Package sign computes and verifies the signatures of the Shopee Open Platform:
// those of calls, and those of the notifications that it sends. It knows the
// formulas and nothing else; the emulator, the runner and a client may all use it.
package sign

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"
)

// Call is what the signature of a call covers. A public call (authorization,
// push configuration) has neither AccessToken nor Owner.
type Call struct {
	PartnerID string
	// Path is /api/v2/… without host and query.
	Path string
	// Timestamp is in seconds since the Unix epoch, as it stands in the query.
	Timestamp   string
	AccessToken string
	// Owner is the shop_id, or the merchant_id or principal_id of such calls.
	Owner string
}

// Sign is the signature with a partner key: 64 hexadecimal digits in lower case.
func (c Call) Sign(partnerKey string) string {
	return digest(partnerKey, c.PartnerID, c.Path, c.Timestamp, c.AccessToken, c.Owner)
}

// Verify reports whether a signature is that of the call, in lower or upper case.
// The time it takes does not tell where it differs.
func (c Call) Verify(partnerKey, signature string) bool {
	return equal(c.Sign(partnerKey), strings.ToLower(signature))
}

// Push is the value of Authorization of a notification: over the address exactly
// as it was registered and the body's bytes exactly as they are sent.
func Push(partnerKey, callbackURL string, body []byte) string {
	return digest(partnerKey, callbackURL, "|", string(body))
}

// VerifyPush reports whether a notification has the signature of its body.
func VerifyPush(partnerKey, callbackURL string, body []byte, authorization string) bool {
	return equal(Push(partnerKey, callbackURL, body), authorization)
}

func digest(key string, parts ...string) string {
	text := make([]byte, 0, 256)
	for _, part := range parts {
		text = append(text, part...)
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(text[:0]))
}

func equal(want, got string) bool {
	return subtle.ConstantTimeCompare([]byte(want), []byte(got)) == 1
}
