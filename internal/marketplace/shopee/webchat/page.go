package webchat

import (
	"strconv"
	"time"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/openapi"
)

// Directions of lists.
const (
	older  = "older"
	latest = "latest"
)

// Rows of a page. Claim shopee/webchat-list-page.
const (
	rowsV1    = 150
	rowsLater = 50
)

// pageSize is how many rows a page of a list has. Claim shopee/webchat-list-page.
func pageSize(c *marketplace.Call) int {
	if n, err := strconv.Atoi(c.Switch(switchListPage)); err == nil {
		return n
	}
	if c.Operation.ID == opListV1 {
		return rowsV1
	}
	return rowsLater
}

// usualMessages is how many messages a history has without limit, as the web asks.
// Claim shopee/webchat-history-limit-default.
const usualMessages = 20

// historyPage is where a page of a history begins and how long it is. Claims
// shopee/webchat-history, shopee/webchat-history-limit-max,
// shopee/webchat-history-limit-default, shopee/webchat-history-direction.
func historyPage(c *marketplace.Call) (skip, size int, err error) {
	offset, _, err := integer(c, "offset")
	if err != nil {
		return 0, 0, err
	}
	limit, given, err := integer(c, "limit")
	if err != nil {
		return 0, 0, err
	}
	if direction, _ := param(c, "direction"); !isDirection(direction) {
		return 0, 0, wrong("direction", "enum", `is neither "older" nor "latest"`)
	}
	if !given {
		limit = usualMessages
	}
	switch {
	case offset < 0 || offset > 1<<31:
		return 0, 0, wrong("offset", "minimum", "is below 0 or above 2147483648")
	case limit < 1:
		return 0, 0, wrong("limit", "minimum", "is below 1")
	}
	most, _ := strconv.ParseInt(c.Switch(switchHistoryLimit), 10, 64)
	return int(offset), int(min(limit, most)), nil
}

// ask is what a list is asked for, by its query or its body.
type ask struct {
	latest bool
	unread bool
	after  int64  // nanoseconds of the last row, 0 for none
	row    uint64 // latest_message_id of the last row, 0 for none
}

// source is where an ask is read from.
type source interface {
	word(name string) string
	number(name string) int64
	messageID(c *marketplace.Call, name string) uint64
	failed() error
	// place tells where a value stands.
	place(name string) (in, pointer string)
}

// readAsk reads the parameters of the lists since v1.2. Claims
// shopee/webchat-list, shopee/webchat-list-latest, shopee/webchat-list-body,
// shopee/webchat-cursor-none, shopee/webchat-region-cursor,
// shopee/webchat-invalid.
func readAsk(c *marketplace.Call, from source) (ask, error) {
	var out ask
	direction := from.word("direction")
	out.latest = direction == latest
	out.unread = from.word("unread_only") == "true" || from.word("type") == "unread"
	out.after = max(from.number("next_timestamp_nano"), 0)
	out.row = from.messageID(c, "last_received_message_id")
	if err := from.failed(); err != nil {
		return ask{}, err
	}
	if !isDirection(direction) {
		_, pointer := from.place("direction")
		return ask{}, wrong(pointer, "enum", `is neither "older" nor "latest"`)
	}
	if out.after > 0 && out.after < leastNano {
		note(c, from, "next_timestamp_nano", "minimum", "is not in nanoseconds, so it is a time long ago")
	}
	return out, nil
}

// leastNano is a moment of 2001: a time of our days in seconds, milliseconds or
// microseconds is below it.
const leastNano = int64(1e18)

// isDirection reports whether a direction is one, or none.
func isDirection(s string) bool { return s == "" || s == older || s == latest }

// note tells the journal of a value that passes but cannot be what is meant.
func note(c *marketplace.Call, from source, name, rule, what string) {
	in, pointer := from.place(name)
	c.Remark(openapi.Finding{In: in, Pointer: pointer, Rule: rule, Message: pointer + " " + what})
}

// inQuery reads from the query, keeping the first mistake.
type inQuery struct {
	call *marketplace.Call
	err  error
}

func (q *inQuery) word(name string) string {
	text, _ := param(q.call, name)
	return text
}

func (q *inQuery) number(name string) int64 {
	n, _, err := integer(q.call, name)
	if q.err == nil {
		q.err = err
	}
	return n
}

func (q *inQuery) messageID(c *marketplace.Call, name string) uint64 {
	id, isID := shop.EpochOf(c).Read(q.word(name))
	if !isID {
		q.number(name) // which notes what is wrong
		return 0
	}
	return id
}

func (q *inQuery) failed() error { return q.err }

func (q *inQuery) place(name string) (in, pointer string) { return "query", name }

// word is a string of a body, or a boolean as one.
func (b *body) word(name string) string {
	switch raw := string(b.value(name)); raw {
	case "true", "false":
		return raw
	}
	return b.text(name)
}

// number is a number of a body, or one in a string.
func (b *body) number(name string) int64 { return b.id(name) }

func (b *body) failed() error { return b.err }

func (b *body) place(name string) (in, pointer string) { return "body", b.within + "/" + name }

// seconds are the nanoseconds of a cursor of v1; one below 1 is none. Claim
// shopee/webchat-list-v1.
func seconds(n int64) int64 {
	if n < 1 {
		return 0
	}
	return min(n, maxSecond) * int64(time.Second)
}

// maxSecond is a second that every world ends before; milliseconds are above it.
const maxSecond = 1 << 33
