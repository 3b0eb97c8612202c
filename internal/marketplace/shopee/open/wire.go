package open

import (
	"slices"
	"strconv"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/plainjson"
)

// envelope is around every answer. Claim shopee/envelope.
type envelope struct {
	Error     string `json:"error"`
	Message   string `json:"message"`
	RequestID string `json:"request_id"`
	Warning   string `json:"warning"`
	Response  any    `json:"response,omitempty"`
}

// messageOf is the text of an answer that is none of an error. Claim
// shopee/success-message.
func messageOf(c *marketplace.Call) string {
	if c.Switch(switchSuccess) == textSuccess {
		return "success"
	}
	return ""
}

// head is an envelope up to its response, for answers that write themselves.
type head struct{ message, requestID string }

func headOf(c *marketplace.Call) head { return head{messageOf(c), requestID(c)} }

func (h head) append(dst []byte) []byte {
	dst = append(append(dst, `{"error":"","message":"`...), h.message...)
	dst = append(append(dst, `","request_id":"`...), h.requestID...)
	return append(dst, `","warning":"","response":`...)
}

// style is how the answers of a world are written: its edition and switches,
// resolved once for an answer.
type style struct {
	epoch    shop.Epoch
	bare     bool // ids of conversations and messages as numbers
	opposite bool // what the other side has read
	world    *marketplace.World
	now      time.Time
	region   string
}

// styleOf reads the settings. Claims shopee/ids-in-reads, shopee/opposite-ids.
func styleOf(c *marketplace.Call) style {
	return style{
		epoch: shop.EpochOf(c), bare: c.Switch(switchReadIDs) == idsNumber,
		opposite: c.Config.Settings.Since(dayOpposite), world: c.World, now: c.World.Clock.Now(), region: shop.ShopOf(c.Seller).Region,
	}
}

// message appends a message's id; none is "" or 0.
func (st style) message(dst []byte, id uint64) []byte {
	if st.bare {
		return strconv.AppendUint(dst, st.epoch.Shown(id), 10)
	}
	return st.quoted(dst, id)
}

// quoted appends a message's id as a string whatever the style.
func (st style) quoted(dst []byte, id uint64) []byte {
	dst = append(dst, '"')
	if id != 0 {
		dst = strconv.AppendUint(dst, st.epoch.Shown(id), 10)
	}
	return append(dst, '"')
}

// conversation appends a conversation's id, which is digits.
func (st style) conversation(dst []byte, id string) []byte {
	if st.bare {
		return append(dst, id...)
	}
	return append(append(append(dst, '"'), id...), '"')
}

// row is a conversation as lists show it.
type row struct {
	chat.Summary
	from   int64 // who wrote the last message
	shop   int64
	moment int64 // in nanoseconds
}

// hideTime is the same in every sample. Claim shopee/hide-time.
const hideTime = `"9223372036854775"`

// append writes a conversation. Claims shopee/list-row, shopee/list-mute,
// shopee/opposite-ids, shopee/list-nanoseconds.
func (r *row) append(dst []byte, st style) []byte {
	ext, last := shop.ConversationOf(r.Chat), shop.MessageOf(*r.Last)
	dst = st.conversation(append(dst, `{"conversation_id":`...), r.Chat.ID)
	dst = append(append(dst, `,"to_id":`...), r.Chat.Buyer...)
	dst = plainjson.AppendString(append(dst, `,"to_name":`...), r.Buyer.Name)
	dst = plainjson.AppendString(append(dst, `,"to_avatar":`...), shop.Link(st.world, shop.CustomerOf(*r.Buyer).Avatar))
	dst = strconv.AppendInt(append(dst, `,"shop_id":`...), r.shop, 10)
	dst = strconv.AppendInt(append(dst, `,"unread_count":`...), int64(shop.UnreadOf(r.Chat)), 10)
	dst = strconv.AppendBool(append(dst, `,"pinned":`...), ext.Pinned)
	dst = strconv.AppendBool(append(dst, `,"mute":`...), ext.Muted)
	dst = st.message(append(dst, `,"last_read_message_id":`...), r.Chat.ReadBySeller)
	dst = r.appendLast(dst, st, &last)
	dst = strconv.AppendInt(append(dst, `,"last_message_timestamp":`...), r.moment, 10)
	dst = strconv.AppendInt(append(dst, `,"last_message_option":`...), int64(last.Option), 10)
	dst = append(dst, `,"max_general_option_hide_time":`+hideTime...)
	if st.opposite {
		dst = st.quoted(append(dst, `,"opposite_last_deliver_msg_id":`...), r.Chat.Last)
		dst = st.quoted(append(dst, `,"opposite_last_read_msg_id":`...), r.Chat.ReadByBuyer)
	}
	return append(dst, '}')
}

// appendLast writes what the last message is. Claims shopee/list-content,
// shopee/list-product-type, shopee/recalled-text.
func (r *row) appendLast(dst []byte, st style, its *shop.Message) []byte {
	kind, text := listType(its.Type), its.Content.Text
	dst = st.message(append(dst, `,"latest_message_id":`...), r.Last.ID)
	dst = plainjson.AppendString(append(dst, `,"latest_message_type":`...), kind)
	dst = append(dst, `,"latest_message_content":`...)
	if kind == shop.TypeText {
		dst = append(plainjson.AppendString(append(dst, `{"text":`...), text), '}')
	} else {
		dst = append(dst, "null"...)
	}
	return strconv.AppendInt(append(dst, `,"latest_message_from_id":`...), r.from, 10)
}

// listType is how the list calls a type. Claim shopee/list-product-type.
func listType(kind string) string {
	if kind == shop.TypeItem {
		return "product"
	}
	return kind
}

// listAnswer is the answer of get_conversation_list.
type listAnswer struct {
	head  head
	style style
	rows  []row
	more  bool
	// cursor is the time of the last row, chat its id or "0".
	cursor int64
	chat   string
}

// AppendJSON writes the answer without reflection: it is the one that clients ask
// for all day. Claims shopee/list-cursor, shopee/list-page-size-returned.
func (a listAnswer) AppendJSON(dst []byte) []byte {
	dst = a.head.append(slices.Grow(dst, 320+640*len(a.rows)))
	dst = strconv.AppendInt(append(dst, `{"page_result":{"page_size":`...), int64(len(a.rows)), 10)
	dst = strconv.AppendInt(append(dst, `,"next_cursor":{"next_message_time_nano":"`...), a.cursor, 10)
	dst = append(append(dst, `","conversation_id":"`...), a.chat...)
	dst = strconv.AppendBool(append(dst, `"},"more":`...), a.more)
	dst = append(dst, `},"conversations":[`...)
	for i := range a.rows {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = a.rows[i].append(dst, a.style)
	}
	return append(dst, "]}}"...)
}

// oneAnswer is the answer of get_one_conversation. Claim shopee/one-conversation.
type oneAnswer struct {
	head  head
	style style
	row   row
}

// AppendJSON writes the answer without reflection.
func (a oneAnswer) AppendJSON(dst []byte) []byte {
	return append(a.row.append(a.head.append(dst), a.style), '}')
}

// historyAnswer is the answer of get_message.
type historyAnswer struct {
	head        head
	style       style
	shop, buyer shop.Side
	messages    []chat.Message
	next        string // "" as the end, unless it is absent
	absent      bool
}

// AppendJSON writes the answer without reflection. Claims
// shopee/history-newest-first, shopee/next-offset-end.
func (a historyAnswer) AppendJSON(dst []byte) []byte {
	dst = a.head.append(slices.Grow(dst, 256+512*len(a.messages)))
	dst = append(dst, `{"messages":[`...)
	for i := range a.messages {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = a.appendMessage(dst, &a.messages[i])
	}
	dst = append(dst, `],"page_result":{`...)
	if !a.absent {
		dst = append(append(append(dst, `"next_offset":"`...), a.next...), `",`...)
	}
	dst = strconv.AppendInt(append(dst, `"page_size":`...), int64(len(a.messages)), 10)
	return append(dst, "}}}"...)
}

// appendMessage writes a message. Claims shopee/message-shape,
// shopee/quoted-message, shopee/source-content, shopee/times-in-seconds.
func (a *historyAnswer) appendMessage(dst []byte, m *chat.Message) []byte {
	st, ext := a.style, shop.MessageOf(*m)
	from, to := shop.FromTo(m.From.Role, a.shop, a.buyer)
	dst = st.message(append(dst, `{"message_id":`...), m.ID)
	dst = plainjson.AppendString(append(dst, `,"request_id":`...), ext.RequestID)
	dst = plainjson.AppendString(append(dst, `,"message_type":`...), ext.Type)
	dst = strconv.AppendInt(append(dst, `,"from_id":`...), from.UserID, 10)
	dst = strconv.AppendInt(append(dst, `,"from_shop_id":`...), from.ShopID, 10)
	dst = strconv.AppendInt(append(dst, `,"to_id":`...), to.UserID, 10)
	dst = strconv.AppendInt(append(dst, `,"to_shop_id":`...), to.ShopID, 10)
	dst = st.conversation(append(dst, `,"conversation_id":`...), m.Chat)
	dst = appendSeconds(append(dst, `,"created_timestamp":`...), m.At)
	dst = plainjson.AppendString(append(dst, `,"region":`...), st.region)
	dst = plainjson.AppendString(append(dst, `,"status":`...), shop.StatusOf(*m, st.now))
	dst = plainjson.AppendString(append(dst, `,"source":`...), ext.Source)
	dst = appendContent(append(dst, `,"content":`...), &ext, st, a.shop.ShopID)
	dst = strconv.AppendInt(append(dst, `,"message_option":`...), int64(ext.Option), 10)
	dst = appendAbout(append(dst, `,"source_content":`...), ext.About)
	dst = append(dst, `,"quoted_msg":`...)
	if ext.Quoted == 0 {
		dst = append(dst, "null"...)
	} else {
		dst = append(st.quoted(append(dst, `{"message_id":`...), ext.Quoted), '}')
	}
	dst = strconv.AppendInt(append(dst, `,"business_type":`...), int64(ext.Business), 10)
	return append(dst, '}')
}

func appendSeconds(dst []byte, t time.Time) []byte { return strconv.AppendInt(dst, t.Unix(), 10) }

// appendAbout writes where a message was written from. Claim
// shopee/source-content.
func appendAbout(dst []byte, about shop.About) []byte {
	switch {
	case about.OrderSN != "":
		return append(plainjson.AppendString(append(dst, `{"order_sn":`...), about.OrderSN), '}')
	case about.ItemID != 0:
		return append(strconv.AppendInt(append(dst, `{"item_id":`...), about.ItemID, 10), '}')
	}
	return append(dst, "{}"...)
}
