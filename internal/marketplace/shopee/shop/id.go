package shop

import (
	"strconv"
	"time"
)

// ConversationID is that of two users: the smaller id in the upper half. One pair
// has one conversation, whoever begins it. Claim shopee/conversation-id.
func ConversationID(a, b int64) int64 { return min(a, b)<<32 | max(a, b) }

// Parts of a message id: milliseconds, a sequence, a node. Claim shopee/message-id.
const (
	nodeBits = 14
	seqBits  = 7
	timeBits = nodeBits + seqBits
	// node is one that was seen on live ids.
	node = 369
	// epochLive and epochTest are the milliseconds of the Unix epoch that an id's
	// time begins at. Claim shopee/id-epoch.
	epochLive = 628008457300
	epochTest = 630289176655
)

// MessageID is that of a moment; seq is below 128.
func MessageID(at time.Time, seq uint64) uint64 {
	return uint64(max(at.UnixMilli()-epochLive, 1))<<timeBits | seq<<nodeBits | node
}

// Mint is the id of a message of this time, or the next one after last. Claim
// shopee/message-ids-grow.
func Mint(at time.Time, last uint64) uint64 {
	id := MessageID(at, 0)
	if id > last {
		return id
	}
	return (last>>nodeBits+1)<<nodeBits | node
}

// Epoch is the environment whose ids a client sees, by the switch id-epoch. Ids
// are kept as the live one has them.
type Epoch string

// Shown is a message id as the client sees it. 0 stays 0.
func (e Epoch) Shown(id uint64) uint64 {
	if id == 0 || e != epochOfTest {
		return id
	}
	return id - uint64(epochTest-epochLive)<<timeBits
}

// Kept is a message id that the client tells. 0 stays 0.
func (e Epoch) Kept(shown uint64) uint64 {
	if shown == 0 || e != epochOfTest {
		return shown
	}
	return shown + uint64(epochTest-epochLive)<<timeBits
}

const (
	epochOfLive Epoch = "live"
	epochOfTest Epoch = "test"
)

// Text is a shown message id in decimal, "" for none.
func (e Epoch) Text(id uint64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatUint(e.Shown(id), 10)
}

// Read reads a message id that a client tells; false for what is none.
func (e Epoch) Read(text string) (uint64, bool) {
	n, err := strconv.ParseUint(text, 10, 64)
	return e.Kept(n), err == nil && n > 0
}

// Key is an id as the store has it: shops, users and conversations in decimal.
func Key(id int64) string { return strconv.FormatInt(id, 10) }

// Number is the id of a key; 0 for what is none.
func Number(key string) int64 {
	n, err := strconv.ParseInt(key, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
