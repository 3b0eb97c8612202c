package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"net/http"

	"example.com/marketmock/internal/mask"
)

// MaxBody is how many bytes of a body are kept.
const MaxBody = 64 << 10

// slack is how many bytes beside twice its length a kept slice may pin.
const slack = 512

// Body is a body as kept: up to MaxBody bytes (masked when shown), the true
// length, and the SHA-256 of the whole (hex, computed when read if the whole was
// kept; "" if there was no body or nobody knows).
type Body struct {
	Bytes  []byte
	Length int64
	SHA256 string
	Cut    bool
}

// NewBody keeps the slice itself up to MaxBody, or a copy if the memory behind
// it is much larger (a buffer made for a body that did not come whole); of a
// longer body it copies the beginning and hashes the whole. The caller must not
// change b any more. A recorder that never holds the whole body fills in Body
// itself.
func NewBody(b []byte) Body {
	if len(b) <= MaxBody {
		if cap(b) > 2*len(b)+slack {
			b = bytes.Clone(b)
		}
		return Body{Bytes: b, Length: int64(len(b))}
	}
	return Body{Bytes: bytes.Clone(b[:MaxBody]), Length: int64(len(b)), SHA256: digest(b), Cut: true}
}

// shown is the body as it may leave the package.
func (b Body) shown(h http.Header) Body {
	if b.SHA256 == "" && !b.Cut && len(b.Bytes) > 0 {
		b.SHA256 = digest(b.Bytes)
	}
	if kind, _, err := mime.ParseMediaType(h.Get("Content-Type")); err == nil && kind == "application/x-www-form-urlencoded" {
		b.Bytes = []byte(mask.Query(string(b.Bytes)))
		return b
	}
	b.Bytes = bytes.Clone(mask.JSON(b.Bytes))
	return b
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
