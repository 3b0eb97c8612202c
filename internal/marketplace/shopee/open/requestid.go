package open

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"

	"github.com/google/uuid"

	"example.com/marketmock/internal/marketplace"
)

// liveID is what request ids of the live API begin with. Claim
// shopee/request-id-form.
const liveID = "e3e3e7f3"

// hashed is how much of a body an id is made from.
const hashed = 4 << 10

// requestID is made from the call and its time, so that a scenario sees the same
// ones each time. Equal calls while the clock stands have the same. Claim
// shopee/request-id.
func requestID(c *marketplace.Call) string {
	of := make([]byte, 0, 512)
	if c != nil && c.World != nil {
		of = append(of, c.World.Sandbox...)
		of = binary.BigEndian.AppendUint64(of, uint64(c.World.Clock.Now().UnixNano()))
	}
	if c != nil && c.Request != nil {
		of = append(append(append(of, c.Target...), '?'), c.Request.URL.RawQuery...)
		of = append(append(of, 0), c.Body[:min(len(c.Body), hashed)]...)
	}
	sum := sha256.Sum256(of)
	id := uuid.UUID(sum[:16])
	if c.Switch(switchRequestID) == formUUID {
		id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // a random one, by its form
		return id.String()
	}
	return liveID + hex.EncodeToString(id[len(liveID)/2:])
}
