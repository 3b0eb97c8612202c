package open

import (
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
	state := uint64(offset64)
	if c != nil && c.World != nil {
		state = mix(state, c.World.Sandbox)
		state ^= uint64(c.World.Clock.Now().UnixNano())
	}
	if c != nil && c.Request != nil {
		state = mix(mix(state, c.Target), c.Request.URL.RawQuery)
		state = mix(state, string(c.Body[:min(len(c.Body), hashed)]))
	}
	var id [16]byte
	binary.BigEndian.PutUint64(id[:], scattered(state))
	binary.BigEndian.PutUint64(id[8:], scattered(state+increment))
	if c.Switch(switchRequestID) == "uuid" {
		id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // a random one, by its form
		return uuid.UUID(id).String()
	}
	return liveID + hex.EncodeToString(id[len(liveID)/2:])
}

// FNV-1a, and the finalizer of SplitMix64.
const (
	offset64  = 14695981039346656037
	prime64   = 1099511628211
	increment = 0x9e3779b97f4a7c15
)

func mix(state uint64, text string) uint64 {
	for i := range len(text) {
		state = (state ^ uint64(text[i])) * prime64
	}
	return state
}

func scattered(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
