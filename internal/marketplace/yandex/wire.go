package yandex

import (
	"math"
	"slices"
	"strconv"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/plainjson"
)

// style is how the answers of a world are written: its edition and switches,
// resolved once for an answer.
type style struct {
	orderID     bool // the deprecated orderId beside the context
	customer    bool // customer and campaignId in a context
	emptyPaging bool // on the last page
}

// styleOf reads the settings. Claims yandex/emit-order-id,
// yandex/edition-2025-09-17, yandex/last-page-paging.
func styleOf(s marketplace.Settings) style {
	return style{
		orderID:     s.Switch(switchEmitOrderID) == "on",
		customer:    s.Since(dayCustomer),
		emptyPaging: s.Switch(switchLastPaging) == "empty",
	}
}

// chatRow is a chat with the public name of its buyer.
type chatRow struct {
	chat  *chat.Chat
	buyer string
}

// listAnswer is the answer of getChats.
type listAnswer struct {
	style style
	chats []chatRow
	next  string // page token, "" on the last page
}

// AppendJSON writes the answer without reflection: it is the one that clients ask
// for all day. Claim yandex/envelope.
func (a listAnswer) AppendJSON(dst []byte) []byte {
	dst = slices.Grow(dst, 96+448*len(a.chats))
	dst = append(dst, `{"status":"OK","result":{"chats":[`...)
	for i := range a.chats {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = a.chats[i].append(dst, a.style)
	}
	dst = append(dst, ']')
	dst = appendPaging(dst, a.next, a.style)
	return append(dst, '}', '}')
}

// chatAnswer is the answer of getChat.
type chatAnswer struct {
	style style
	row   chatRow
}

// AppendJSON writes the answer without reflection.
func (a chatAnswer) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"status":"OK","result":`...)
	return append(a.row.append(dst, a.style), '}')
}

// historyAnswer is the answer of getChatHistory.
type historyAnswer struct {
	style    style
	row      chatRow
	files    string // where files of the chat are fetched
	messages []chat.Message
	next     string
}

// AppendJSON writes the answer without reflection. Claim yandex/history-shape.
func (a historyAnswer) AppendJSON(dst []byte) []byte {
	dst = slices.Grow(dst, 320+256*len(a.messages))
	dst = append(dst, `{"status":"OK","result":{`...)
	ext := extOfChat(a.row.chat)
	if a.style.orderID && ext.Order != 0 {
		dst = strconv.AppendInt(append(dst, `"orderId":`...), ext.Order, 10)
		dst = append(dst, ',')
	}
	dst = a.row.appendContext(append(dst, `"context":`...), &ext, a.style)
	dst = append(dst, `,"messages":[`...)
	for i := range a.messages {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendMessage(dst, &a.messages[i], a.files)
	}
	dst = append(dst, ']')
	dst = appendPaging(dst, a.next, a.style)
	return append(dst, '}', '}')
}

// messageAnswer is the answer of getChatMessage.
type messageAnswer struct {
	files   string
	message chat.Message
}

// AppendJSON writes the answer without reflection.
func (a messageAnswer) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"status":"OK","result":`...)
	return append(appendMessage(dst, &a.message, a.files), '}')
}

// append writes a chat. Claims yandex/list-row, yandex/ids-int64.
func (r chatRow) append(dst []byte, st style) []byte {
	ext := extOfChat(r.chat)
	dst = append(append(dst, `{"chatId":`...), r.chat.ID...) // digits
	if st.orderID && ext.Order != 0 {
		dst = strconv.AppendInt(append(dst, `,"orderId":`...), ext.Order, 10)
	}
	dst = r.appendContext(append(dst, `,"context":`...), &ext, st)
	dst = append(append(dst, `,"type":"`...), ext.Type...)
	dst = append(append(dst, `","status":"`...), statusOf(r.chat)...)
	dst = appendTime(append(dst, `","createdAt":`...), r.chat.Opened)
	dst = appendTime(append(dst, `,"updatedAt":`...), updatedAt(r.chat))
	return append(dst, '}')
}

// appendContext writes what a chat is about. Claims yandex/context-order,
// yandex/context-return, yandex/context-direct, yandex/context-customer.
func (r chatRow) appendContext(dst []byte, ext *chatExt, st style) []byte {
	dst = append(append(dst, `{"type":"`...), ext.Context...)
	dst = append(dst, '"')
	if st.customer && r.chat.Buyer != "" {
		dst = append(dst, `,"customer":{`...)
		if r.buyer != "" {
			dst = plainjson.AppendString(append(dst, `"name":`...), r.buyer)
			dst = append(dst, ',')
		}
		dst = plainjson.AppendString(append(dst, `"publicId":`...), r.chat.Buyer)
		dst = append(dst, '}')
	}
	if st.customer && ext.Campaign != 0 {
		dst = strconv.AppendInt(append(dst, `,"campaignId":`...), ext.Campaign, 10)
	}
	if ext.Order != 0 {
		dst = strconv.AppendInt(append(dst, `,"orderId":`...), ext.Order, 10)
	}
	if ext.Return != 0 {
		dst = strconv.AppendInt(append(dst, `,"returnId":`...), ext.Return, 10)
	}
	return append(dst, '}')
}

// appendPaging writes the way to the next page. Claims yandex/paging-token,
// yandex/last-page-paging.
func appendPaging(dst []byte, next string, st style) []byte {
	switch {
	case next != "":
		dst = append(append(dst, `,"paging":{"nextPageToken":"`...), next...)
		return append(dst, '"', '}')
	case st.emptyPaging:
		return append(dst, `,"paging":{}`...)
	}
	return dst
}

// appendMessage writes a message. Claims yandex/message-shape,
// yandex/payload-item, yandex/payload-or-message.
func appendMessage(dst []byte, m *chat.Message, files string) []byte {
	dst = strconv.AppendUint(append(dst, `{"messageId":`...), m.ID, 10)
	dst = appendTime(append(dst, `,"createdAt":`...), m.At)
	dst = append(append(dst, `,"sender":"`...), senderOf(m.From.Role)...)
	dst = append(dst, '"')
	if m.Text != "" || len(m.Files) == 0 {
		dst = plainjson.AppendString(append(dst, `,"message":`...), m.Text)
	}
	if len(m.Files) > 0 {
		dst = append(dst, `,"payload":[`...)
		for i, f := range m.Files {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = plainjson.AppendString(append(dst, `{"name":`...), f.Name)
			dst = plainjson.AppendString(append(dst, `,"url":`...), urlOf(files, m.ID, f))
			dst = strconv.AppendInt(append(dst, `,"size":`...), min(f.Size, math.MaxInt32), 10)
			dst = append(dst, '}')
		}
		dst = append(dst, ']')
	}
	return append(dst, '}')
}

const moscow = 3 * time.Hour

// appendTime writes Moscow time to the second, with a fraction of three or six
// digits where there is one, as Java does; what is below a microsecond is cut off.
// Claims yandex/dates-with-offset, yandex/dates-moscow.
func appendTime(dst []byte, t time.Time) []byte {
	t = t.UTC().Add(moscow)
	dst = plainjson.AppendSecond(append(dst, '"'), t)
	if micros := t.Nanosecond() / int(time.Microsecond); micros > 0 {
		ms := micros / 1000
		dst = plainjson.AppendThree(append(dst, '.'), ms)
		if rest := micros % 1000; rest > 0 {
			dst = plainjson.AppendThree(dst, rest)
		}
	}
	return append(dst, `+03:00"`...)
}
