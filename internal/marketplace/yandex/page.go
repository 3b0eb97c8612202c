package yandex

import (
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"time"

	"example.com/marketmock/internal/chat"
)

// Indexes of the store. The first three are orders of the list; in each a chat
// stands among all of its seller and in one leaf; see leaf.
const (
	indexUpdated = "updated" // the last changed first
	indexCreated = "created" // the last opened first
	indexID      = "id"      // by id
	// indexOrder has a partition for each key of an order or a return (Chat.Order)
	// and one for each order that a return belongs to: the chats about it, of any
	// type, the last opened first.
	indexOrder = "order"
)

// leaf names the chats of a seller of one context, type and status.
func leaf(seller, context, kind, status string) string {
	return seller + "/" + context + "/" + kind + "/" + status
}

func updatedRows(c chat.Chat) []chat.Row { return rows(&c, sortKey(indexUpdated, &c)) }
func createdRows(c chat.Chat) []chat.Row { return rows(&c, sortKey(indexCreated, &c)) }
func idRows(c chat.Chat) []chat.Row      { return rows(&c, sortKey(indexID, &c)) }

func rows(c *chat.Chat, key string) []chat.Row {
	ext := extOfChat(c)
	return []chat.Row{
		{Partition: c.Seller, Key: key},
		{Partition: leaf(c.Seller, ext.Context, ext.Type, statusOf(c)), Key: key},
	}
}

func orderRows(c chat.Chat) []chat.Row {
	if c.Order == "" {
		return nil
	}
	key := sortKey(indexCreated, &c)
	out := []chat.Row{{Partition: c.Order, Key: key}}
	if ext := extOfChat(&c); ext.Return != 0 && ext.Order != 0 {
		out = append(out, chat.Row{Partition: strconv.FormatInt(ext.Order, 10), Key: key})
	}
	return out
}

// sortKey orders chats within an index. Claim yandex/chat-order.
func sortKey(index string, c *chat.Chat) string {
	id, _ := strconv.ParseInt(c.ID, 10, 64)
	key := make([]byte, 0, 16)
	switch index {
	case indexUpdated:
		key = binary.BigEndian.AppendUint64(key, ^uint64(updatedAt(c).UnixNano()))
		key = binary.BigEndian.AppendUint64(key, ^uint64(id))
	case indexCreated:
		key = binary.BigEndian.AppendUint64(key, ^uint64(c.Opened.UnixNano()))
		key = binary.BigEndian.AppendUint64(key, ^uint64(id))
	default:
		key = binary.BigEndian.AppendUint64(key, uint64(id))
	}
	return string(key)
}

// updatedAt is when a chat's last message came. Claims yandex/updated-at,
// yandex/updated-at-empty.
func updatedAt(c *chat.Chat) time.Time {
	if c.LastAt.IsZero() {
		return c.Opened
	}
	return c.LastAt
}

// statusOf is the status that a chat shows. Claim yandex/closed-shows-finished.
func statusOf(c *chat.Chat) string {
	if !c.Closed.IsZero() {
		return statusFinished
	}
	return extOfChat(c).Status
}

// digest is a running FNV-1a hash of what a page token belongs to.
type digest uint64

const (
	digestStart digest = 14695981039346656037
	digestPrime digest = 1099511628211
)

func (d digest) text(s string) digest {
	for i := range len(s) {
		d = (d ^ digest(s[i])) * digestPrime
	}
	return (d ^ 0xff) * digestPrime // no text has this byte
}

func (d digest) texts(list []string) digest {
	for _, s := range list {
		d = d.text(s)
	}
	return d.number(int64(len(list)))
}

func (d digest) number(n int64) digest {
	for range 8 {
		d = (d ^ digest(n&0xff)) * digestPrime
		n >>= 8
	}
	return d
}

const (
	digestLen = 8
	maxKey    = 16
)

// token continues a query after a key. It belongs to the query: limit apart, the
// next call must ask for the same. Claims yandex/page-token-opaque,
// yandex/page-token-foreign.
func token(query digest, key string) string {
	raw := make([]byte, 0, digestLen+maxKey)
	raw = binary.BigEndian.AppendUint64(raw, uint64(query.text(key)))
	return base64.RawURLEncoding.EncodeToString(append(raw, key...))
}

// parseToken gives the key of a token, "" for the first page; false for a token
// that no answer to this query gave. Claims yandex/page-token-bad,
// yandex/page-token-empty, yandex/page-token-lasts.
func parseToken(query digest, token string) (string, bool) {
	if token == "" {
		return "", true
	}
	if len(token) > base64.RawURLEncoding.EncodedLen(digestLen+maxKey) {
		return "", false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) <= digestLen {
		return "", false
	}
	key := string(raw[digestLen:])
	if binary.BigEndian.Uint64(raw) != uint64(query.text(key)) {
		return "", false
	}
	return key, true
}
