package webchat

import (
	"slices"
	"strconv"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/plainjson"
)

// sides are who talks in a conversation, and whose it is.
type sides struct {
	shop, buyer shop.Side
	avatar      string // of the buyer
	country     string
	zone        *time.Location
}

func sidesOf(w *marketplace.World, ch *chat.Chat) sides {
	buyer, _ := w.Store.Buyer(ch.Buyer)
	return sidesOfShop(w, ch.Seller).with(ch.Buyer, &buyer)
}

// sidesOfShop are those of a seller's conversations, without a buyer.
func sidesOfShop(w *marketplace.World, seller string) sides {
	found, _ := w.Store.Seller(seller)
	its := shop.ShopOf(found)
	return sides{shop: shop.SideOf(its), country: its.Region, zone: shop.Region(its.Region).Offset}
}

// with has a buyer of an id, zero for one that nobody knows.
func (s sides) with(id string, buyer *chat.Buyer) sides {
	its := shop.CustomerOf(*buyer)
	s.buyer, s.avatar = shop.Side{UserID: shop.Number(id), ShopID: its.ShopID, Name: buyer.Name}, its.Avatar
	return s
}

// history is an answer of messages, the newest first.
type history struct {
	writer
	sides    sides
	id       string // of the conversation
	messages []chat.Message
}

// AppendJSON writes the answer without reflection: clients ask for it all day.
// Claim shopee/webchat-bare.
func (h history) AppendJSON(dst []byte) []byte {
	dst = slices.Grow(dst, 2+800*len(h.messages))
	dst = append(dst, '[')
	for i := range h.messages {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = h.appendMessage(dst, &h.messages[i])
	}
	return append(dst, ']')
}

// appendMessage writes a message with all the fields of the recorded history, in
// its order. Claims shopee/webchat-message, shopee/webchat-preview,
// shopee/webchat-source-content, shopee/webchat-auto-reply.
func (h *history) appendMessage(dst []byte, m *chat.Message) []byte {
	ext := shop.MessageOf(*m)
	from, to := shop.FromTo(m.From.Role, h.sides.shop, h.sides.buyer)
	dst = append(h.appendID(append(dst, `{"id":`...), m.ID), `,"shop_id":0`...)
	dst = plainjson.AppendString(append(dst, `,"request_id":`...), ext.RequestID)
	dst = strconv.AppendInt(append(dst, `,"from_id":`...), from.UserID, 10)
	dst = strconv.AppendInt(append(dst, `,"to_id":`...), to.UserID, 10)
	dst = strconv.AppendInt(append(dst, `,"from_shop_id":`...), from.ShopID, 10)
	dst = strconv.AppendInt(append(dst, `,"to_shop_id":`...), to.ShopID, 10)
	dst = plainjson.AppendString(append(dst, `,"from_user_name":`...), from.Name)
	dst = plainjson.AppendString(append(dst, `,"to_user_name":`...), to.Name)
	dst = plainjson.AppendString(append(dst, `,"seller_uid":0,"type":`...), typeName(ext.Type))
	dst = append(dst, `,"custom_preview_text":{"text":"","translated_text":null},"content":`...)
	dst = h.appendContent(dst, &ext, h.sides.shop.ShopID)
	dst = plainjson.AppendString(append(dst, `,"conversation_id":`...), h.id)
	dst = strconv.AppendInt(append(dst, `,"source_type":"","source_content":null,"created_timestamp":`...), m.At.Unix(), 10)
	dst = plainjson.AppendString(append(dst, `,"country":`...), h.sides.country)
	dst = appendTime(append(dst, `,"created_at":`...), m.At, h.sides.zone)
	dst = plainjson.AppendString(append(dst, `,"status":`...), shop.StatusOf(*m, h.now))
	dst = strconv.AppendInt(append(dst, `,"message_option":`...), int64(ext.Option), 10)
	dst = plainjson.AppendString(append(dst, `,"source":`...), ext.Source)
	return append(dst, `,"crm_activity_id":""}`...)
}

// rows is a bare array of conversations.
type rows struct {
	writer
	rows  []row
	later bool // with what later rows have
}

// row is a conversation with its last message.
type row struct {
	chat  *chat.Chat
	sides sides
	last  *chat.Message
}

// AppendJSON writes the answer without reflection. Claim shopee/webchat-bare.
func (r rows) AppendJSON(dst []byte) []byte {
	dst = slices.Grow(dst, 2+800*len(r.rows))
	dst = append(dst, '[')
	for i := range r.rows {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = r.appendRow(dst, &r.rows[i])
	}
	return append(dst, ']')
}

// appendRow writes a conversation. Claims shopee/webchat-row,
// shopee/webchat-row-later, shopee/webchat-row-empty, shopee/list-time-nano,
// shopee/webchat-statuses.
func (r *rows) appendRow(dst []byte, one *row) []byte {
	ch, its := one.chat, shop.ConversationOf(one.chat)
	nano, last := shop.Moment(ch), shop.MessageOf(*one.last)
	dst = plainjson.AppendString(append(dst, `{"id":`...), ch.ID)
	dst = strconv.AppendInt(append(dst, `,"to_id":`...), one.sides.buyer.UserID, 10)
	dst = plainjson.AppendString(append(dst, `,"to_name":`...), one.sides.buyer.Name)
	dst = plainjson.AppendString(append(dst, `,"to_avatar":`...), shop.Link(r.world, one.sides.avatar))
	dst = strconv.AppendInt(append(dst, `,"shop_id":`...), one.sides.shop.ShopID, 10)
	dst = strconv.AppendInt(append(dst, `,"to_shop_id":`...), one.sides.buyer.ShopID, 10)
	dst = append(append(dst, `,"status":"`...), shop.ConversationStatus(ch)...)
	dst = strconv.AppendInt(append(dst, `","unread_count":`...), int64(shop.UnreadOf(ch)), 10)
	dst = strconv.AppendBool(append(dst, `,"pinned":`...), its.Pinned)
	dst = r.appendID(append(dst, `,"last_read_message_id":`...), ch.ReadBySeller)
	dst = r.appendID(append(dst, `,"latest_message_id":`...), one.last.ID)
	dst = plainjson.AppendString(append(dst, `,"latest_message_type":`...), typeName(last.Type))
	dst = r.appendContent(append(dst, `,"latest_message_content":`...), &last, one.sides.shop.ShopID)
	from := int64(0)
	if one.last.ID != 0 {
		author, _ := shop.FromTo(one.last.From.Role, one.sides.shop, one.sides.buyer)
		from = author.UserID
	}
	dst = strconv.AppendInt(append(dst, `,"latest_message_from_id":`...), from, 10)
	dst = appendTime(append(dst, `,"last_message_time":`...), time.Unix(0, nano), one.sides.zone)
	dst = strconv.AppendInt(append(dst, `,"last_message_time_nano":"`...), nano, 10)
	dst = strconv.AppendInt(append(dst, `","next_timestamp":`...), nano/int64(time.Second), 10)
	dst = strconv.AppendInt(append(dst, `,"next_timestamp_nano":`...), nano, 10)
	dst = append(dst, `,"flag":"","auto_translation":false`...)
	if r.later {
		dst = plainjson.AppendString(append(dst, `,"last_message_region":`...), one.sides.country)
		dst = strconv.AppendInt(append(dst, `,"biz_id":`...), int64(its.Business), 10)
		dst = strconv.AppendInt(append(dst, `,"last_message_option":`...), int64(last.Option), 10)
	}
	return append(dst, '}')
}

// writer is what all rows of an answer need.
type writer struct {
	world *marketplace.World
	epoch shop.Epoch
	now   time.Time
}

func writerOf(c *marketplace.Call) writer {
	return writer{world: c.World, epoch: shop.EpochOf(c), now: c.World.Clock.Now()}
}

// appendID writes a message's id, "" for none.
func (w *writer) appendID(dst []byte, id uint64) []byte {
	dst = append(dst, '"')
	if id != 0 {
		dst = strconv.AppendUint(dst, w.epoch.Shown(id), 10)
	}
	return append(dst, '"')
}

// appendTime writes a time to the second with the offset of its region. Claim
// shopee/webchat-created-at.
func appendTime(dst []byte, t time.Time, zone *time.Location) []byte {
	t = t.In(zone)
	dst = plainjson.AppendSecond(append(dst, '"'), t)
	_, offset := t.Zone()
	if offset == 0 {
		return append(dst, 'Z', '"')
	}
	sign := byte('+')
	if offset < 0 {
		sign, offset = '-', -offset
	}
	minutes := offset / 60
	return append(dst, sign, digit(minutes/600), digit(minutes/60), ':', digit(minutes%60/10), digit(minutes%60), '"')
}

func digit(n int) byte { return byte('0' + n%10) }
