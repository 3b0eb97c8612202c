package ozon

import (
	"slices"
	"strconv"
	"time"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/plainjson"
)

// style is how the answers of a world are written: its switches, resolved once
// for an answer.
type style struct {
	settings          marketplace.Settings
	listIDs           idForm
	historyIDs        idForm
	messageID         string // the property's name with its quotes and colon
	customer          string
	lowerUsers        bool
	fiveUsers         bool // neither NotificationUser nor ChatBot
	titleEnums        bool
	systemUnspecified bool
	omitZero          bool
	hasNextText       bool
	dataShape         string
}

// idForm is how message ids are written.
type idForm bool

const (
	idNumber idForm = false
	idString idForm = true
)

// styleOf reads the switches. Claims ozon/id-format, ozon/customer-type,
// ozon/message-id-name, ozon/zero-fields, ozon/has-next-format.
func styleOf(s marketplace.Settings) style {
	st := style{
		settings:          s,
		messageID:         `"message_id":`,
		customer:          "Customer",
		lowerUsers:        s.Switch(switchUserTypeCase) == "lower",
		fiveUsers:         !s.Since(dayNotificationUser),
		titleEnums:        s.Switch(switchEnumCase) == "title",
		systemUnspecified: s.Switch(switchSystemChatType) == "unspecified",
		omitZero:          s.Switch(switchZeroFields) == "omit",
		hasNextText:       s.Switch(switchHasNextFormat) == "string",
		dataShape:         s.Switch(switchDataShape),
	}
	switch s.Switch(switchIDFormat) {
	case "string":
		st.listIDs, st.historyIDs = idString, idString
	case "mixed":
		st.historyIDs = idString
	}
	if s.Switch(switchMessageIDName) == "messageId" {
		st.messageID = `"messageId":`
	}
	if s.Switch(switchCustomerType) == "cyrillic" {
		st.customer = "\u0421ustomer"
	}
	return st
}

// listAnswer is the answer of /v3/chat/list.
type listAnswer struct {
	style       style
	chats       []listRow
	totalUnread int
	cursor      []byte
	hasNext     bool
}

// listRow is chats[] of it.
type listRow struct {
	createdAt   time.Time
	chatID      string
	status      string
	chatType    string
	firstUnread uint64
	last        uint64
	unread      int
}

// AppendJSON writes the answer without reflection: it is the one that clients ask
// for all day.
func (a listAnswer) AppendJSON(dst []byte) []byte {
	st := a.style
	dst = slices.Grow(dst, 128+288*len(a.chats))
	dst = append(dst, `{"chats":[`...)
	for i, row := range a.chats {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = row.append(dst, st)
	}
	dst = append(dst, ']')
	dst = appendInt(dst, `"total_unread_count":`, a.totalUnread, st)
	if len(a.cursor) > 0 || !st.omitZero {
		dst = append(dst, `,"cursor":"`...)
		dst = append(dst, a.cursor...)
		dst = append(dst, '"')
	}
	if st.hasNextText {
		dst = append(dst, `,"has_next":"`...)
		dst = strconv.AppendBool(dst, a.hasNext)
		return append(dst, `"}`...)
	}
	return append(appendBool(dst, `"has_next":`, a.hasNext, st), '}')
}

func (r listRow) append(dst []byte, st style) []byte {
	dst = append(dst, `{"chat":{"created_at":`...)
	dst = appendTime(dst, r.createdAt)
	dst = append(dst, `,"chat_id":"`...)
	dst = append(dst, r.chatID...) // a UUID
	dst = append(dst, `","chat_status":"`...)
	dst = append(dst, r.status...)
	dst = append(dst, `","chat_type":"`...)
	dst = append(dst, r.chatType...)
	dst = append(dst, `"}`...)
	dst = appendID(dst, `"first_unread_message_id":`, r.firstUnread, st.listIDs, st)
	dst = appendID(dst, `"last_message_id":`, r.last, st.listIDs, st)
	return append(appendInt(dst, `"unread_count":`, r.unread, st), '}')
}

// historyAnswer is the answer of /v3/chat/history.
type historyAnswer struct {
	style    style
	hasNext  bool
	messages []historyMessage
}

// historyMessage is messages[] of it.
type historyMessage struct {
	orderNumber string
	sku         string
	createdAt   time.Time
	data        []string
	isImage     bool
	isRead      bool
	id          uint64
	moderation  string
	userID      string
	userType    string
}

// AppendJSON writes the answer without reflection.
func (a historyAnswer) AppendJSON(dst []byte) []byte {
	st := a.style
	dst = slices.Grow(dst, 64+512*len(a.messages))
	dst = append(dst, `{"messages":[`...)
	for i := range a.messages {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = a.messages[i].append(dst, st)
	}
	return append(appendBool(append(dst, ']'), `"has_next":`, a.hasNext, st), '}')
}

func (m *historyMessage) append(dst []byte, st style) []byte {
	dst = append(dst, `{"created_at":`...)
	dst = appendTime(dst, m.createdAt)
	dst = append(dst, `,"context":{`...)
	mark := len(dst)
	dst = appendText(dst, `"order_number":`, m.orderNumber, st)
	dst = appendText(dst, `"sku":`, m.sku, st)
	if len(dst) > mark { // the first field needs no comma
		dst = append(dst[:mark], dst[mark+1:]...)
	}
	dst = append(dst, `},"data":[`...)
	for i, d := range m.data {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = plainjson.AppendString(dst, d)
	}
	dst = append(dst, ']')
	dst = appendBool(dst, `"is_image":`, m.isImage, st)
	dst = appendBool(dst, `"is_read":`, m.isRead, st)
	dst = appendID(dst, st.messageID, m.id, st.historyIDs, st)
	dst = appendText(dst, `"moderate_image_status":`, m.moderation, st)
	dst = append(dst, `,"user":{"id":`...)
	dst = plainjson.AppendString(dst, m.userID)
	dst = append(dst, `,"type":`...)
	dst = plainjson.AppendString(dst, m.userType)
	return append(dst, `}}`...)
}

func appendID(dst []byte, name string, id uint64, form idForm, st style) []byte {
	if id == 0 && st.omitZero {
		return dst
	}
	dst = append(append(dst, ','), name...)
	if form == idString {
		dst = strconv.AppendUint(append(dst, '"'), id, 10)
		return append(dst, '"')
	}
	return strconv.AppendUint(dst, id, 10)
}

func appendInt(dst []byte, name string, n int, st style) []byte {
	if n == 0 && st.omitZero {
		return dst
	}
	return strconv.AppendInt(append(append(dst, ','), name...), int64(n), 10)
}

func appendBool(dst []byte, name string, b bool, st style) []byte {
	if !b && st.omitZero {
		return dst
	}
	return strconv.AppendBool(append(append(dst, ','), name...), b)
}

func appendText(dst []byte, name, s string, st style) []byte {
	if s == "" && st.omitZero {
		return dst
	}
	return plainjson.AppendString(append(append(dst, ','), name...), s)
}

// appendTime writes milliseconds, without a fraction when there are none, as
// the vendor's examples do. Claim ozon/times-utc.
func appendTime(dst []byte, t time.Time) []byte {
	t = t.UTC()
	dst = plainjson.AppendSecond(append(dst, '"'), t)
	if ms := t.Nanosecond() / int(time.Millisecond); ms > 0 {
		dst = plainjson.AppendThree(append(dst, '.'), ms)
	}
	return append(dst, 'Z', '"')
}

// wireTime is the same as a value inside structs.
type wireTime time.Time

// MarshalJSON writes it as appendTime does.
func (t wireTime) MarshalJSON() ([]byte, error) { return appendTime(nil, time.Time(t)), nil }
