package ozon

import (
	"encoding/binary"
	"math/big"
	"strconv"
	"time"

	"github.com/google/uuid"

	"example.com/marketmock/internal/chat"
)

const (
	indexList    = "list"
	indexPosting = "posting"
)

// Chat statuses in the spelling of the list's newest enum.
const (
	statusAll    = "ALL"
	statusOpened = "OPENED"
	statusClosed = "CLOSED"
)

// partition names the chats of a seller that pass a filter.
func partition(seller, status string, unread bool) string {
	if unread {
		return seller + "/" + status + "/unread"
	}
	return seller + "/" + status
}

// listRows puts a chat into every filter that it passes. Claims ozon/list-order,
// ozon/filter-unread-only.
func listRows(c chat.Chat) []chat.Row {
	key, status := listKey(c), statusOf(&c)
	rows := make([]chat.Row, 0, 4)
	rows = append(rows,
		chat.Row{Partition: partition(c.Seller, statusAll, false), Key: key},
		chat.Row{Partition: partition(c.Seller, status, false), Key: key})
	if c.Unread > 0 {
		rows = append(rows,
			chat.Row{Partition: partition(c.Seller, statusAll, true), Key: key},
			chat.Row{Partition: partition(c.Seller, status, true), Key: key})
	}
	return rows
}

func statusOf(c *chat.Chat) string {
	if c.Closed.IsZero() {
		return statusOpened
	}
	return statusClosed
}

// postingRows finds the chats about a posting, the oldest first.
func postingRows(c chat.Chat) []chat.Row {
	if c.Order == "" {
		return nil
	}
	key := binary.BigEndian.AppendUint64(nil, uint64(c.Opened.UnixMilli()))
	return []chat.Row{{Partition: c.Order, Key: string(append(key, c.ID...))}}
}

const (
	idKeyLen    = 8
	emptyKeyLen = idKeyLen + 8 + 16 // + opening + the chat's id
)

// listKey sorts by the greatest last message id; chats without messages come
// last, the newest of them first.
func listKey(c chat.Chat) string {
	key := make([]byte, 0, emptyKeyLen)
	key = binary.BigEndian.AppendUint64(key, ^c.Last)
	if c.Last == 0 {
		key = appendEmptyKey(key, c.Opened, c.ID)
	}
	return string(key)
}

func appendEmptyKey(key []byte, opened time.Time, id string) []byte {
	key = binary.BigEndian.AppendUint64(key, ^uint64(opened.UnixMilli()))
	u, err := uuid.Parse(id)
	if err != nil {
		u = uuid.NewSHA1(uuid.Nil, []byte(id))
	}
	return append(key, u[:]...)
}

// appendCursor writes a key as digits, as the vendor's cursors look: the last
// message's id, or a longer number for a chat without one. Claims
// ozon/list-cursor, ozon/cursor-lasts, ozon/cursor-changed-filter.
func appendCursor(dst []byte, key string) []byte {
	last := ^binary.BigEndian.Uint64([]byte(key[:idKeyLen]))
	if len(key) == idKeyLen {
		return strconv.AppendUint(dst, last, 10)
	}
	// The leading 1 keeps zeros of the key.
	n := new(big.Int).SetBytes(append([]byte{1}, key[idKeyLen:]...))
	return n.Append(dst, 10)
}

const maxCursor = 64

// parseCursor gives the key that a cursor stands for, "" for the first page.
// Claim ozon/cursor-invalid.
func parseCursor(cursor string) (string, bool) {
	if cursor == "" {
		return "", true
	}
	if len(cursor) > maxCursor {
		return "", false
	}
	for _, r := range cursor {
		if r < '0' || r > '9' {
			return "", false
		}
	}
	if last, err := strconv.ParseUint(cursor, 10, 64); err == nil {
		return string(binary.BigEndian.AppendUint64(nil, ^last)), true
	}
	n, _ := new(big.Int).SetString(cursor, 10)
	raw := n.Bytes()
	if len(raw) != 1+emptyKeyLen-idKeyLen || raw[0] != 1 {
		return "", false
	}
	return string(binary.BigEndian.AppendUint64(nil, ^uint64(0))) + string(raw[1:]), true
}
