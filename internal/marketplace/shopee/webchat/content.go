package webchat

import (
	"strconv"
	"strings"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/plainjson"
)

// typeProduct is what the webchat calls the Open Platform's item. Claim
// shopee/type-names.
const typeProduct = "product"

func typeName(kind string) string {
	if kind == shop.TypeItem {
		return typeProduct
	}
	return kind
}

// appendContent writes what a message of a shop's conversation says, and what it
// quotes. Claims
// shopee/webchat-content, shopee/webchat-notification,
// shopee/webchat-order-content, shopee/webchat-image-fields,
// shopee/webchat-quote.
func (w *writer) appendContent(dst []byte, m *shop.Message, shopID int64) []byte {
	start := len(dst)
	dst = w.appendFields(append(dst, '{'), m, shopID)
	if m.Quoted != 0 {
		if len(dst) > start+1 {
			dst = append(dst, ',')
		}
		dst = w.appendID(append(dst, `"quoted_msg_id":`...), m.Quoted)
	}
	return append(dst, '}')
}

// appendFields writes the fields of the type, none for a message that is not
// there.
func (w *writer) appendFields(dst []byte, m *shop.Message, shopID int64) []byte {
	content := &m.Content
	switch {
	case content.Notification != nil:
		dst = plainjson.AppendString(append(dst, `"notification_for_sender":`...), content.Notification.ForSender)
		dst = plainjson.AppendString(append(dst, `,"notification_for_receiver":`...), content.Notification.ForReceiver)
		return plainjson.AppendString(append(dst, `,"notification_type":`...), content.Notification.Type)
	case content.Image != nil:
		return w.appendImage(dst, content.Image)
	case content.Video != nil:
		dst = plainjson.AppendString(append(dst, `"vid":`...), content.Video.VID)
		return plainjson.AppendString(append(dst, `,"video_url":`...), shop.Link(w.world, content.Video.URL))
	case content.Sticker != nil:
		dst = plainjson.AppendString(append(dst, `"sticker_id":`...), content.Sticker.ID)
		dst = plainjson.AppendString(append(dst, `,"sticker_package_id":`...), content.Sticker.Package)
		if content.Sticker.Format != "" {
			dst = plainjson.AppendString(append(dst, `,"format":`...), content.Sticker.Format)
		}
		return dst
	case content.Item != nil:
		dst = plainjson.AppendString(append(dst, `"uid":`...), content.Item.UID)
		dst = strconv.AppendInt(append(dst, `,"product_id":`...), content.Item.ItemID, 10)
		dst = strconv.AppendInt(append(dst, `,"shop_id":`...), content.Item.ShopID, 10)
		return plainjson.AppendString(append(dst, `,"product_name":`...), content.Item.Name)
	}
	return w.appendRare(dst, m, shopID)
}

// appendRare writes the fields of types that are seldom.
func (w *writer) appendRare(dst []byte, m *shop.Message, shopID int64) []byte {
	content := &m.Content
	switch {
	case m.Type == shop.TypeOrder:
		dst = plainjson.AppendString(append(dst, `"order_sn":`...), content.OrderSN)
		return strconv.AppendInt(append(dst, `,"shop_id":`...), shopID, 10)
	case content.Voucher != nil:
		dst = strconv.AppendInt(append(dst, `"voucher_id":`...), content.Voucher.ID, 10)
		return plainjson.AppendString(append(dst, `,"voucher_code":`...), content.Voucher.Code)
	case content.FAQ != nil:
		dst = plainjson.AppendString(append(dst, `"text":`...), content.FAQ.Text)
		return plainjson.AppendString(append(dst, `,"pass_through_data":`...), content.FAQ.PassThrough)
	case content.Bundle != nil:
		dst = append(dst, `"messages":[`...)
		for i, id := range content.Bundle {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = w.appendID(dst, id)
		}
		return append(dst, ']')
	case len(content.Other) > 2: // the object without its braces
		return append(dst, content.Other[1:len(content.Other)-1]...)
	case m.Type == "" || content.Other != nil:
		return dst
	}
	return plainjson.AppendString(append(dst, `"text":`...), content.Text)
}

// appendImage writes a picture as it was seen in 2026; before, there was only its
// url. Claim shopee/webchat-image-fields.
func (w *writer) appendImage(dst []byte, image *shop.Image) []byte {
	url := shop.Link(w.world, image.URL)
	dst = plainjson.AppendString(append(dst, `"uid":`...), image.UID)
	dst = plainjson.AppendString(append(dst, `,"url_hash":`...), url[strings.LastIndexByte(url, '/')+1:])
	dst = plainjson.AppendString(append(dst, `,"url":`...), url)
	dst = plainjson.AppendString(append(dst, `,"thumb_url":`...), shop.Link(w.world, image.Thumb))
	dst = strconv.AppendInt(append(dst, `,"thumb_width":`...), int64(image.Width), 10)
	dst = strconv.AppendInt(append(dst, `,"thumb_height":`...), int64(image.Height), 10)
	return strconv.AppendInt(append(dst, `,"file_server_id":`...), image.Server, 10)
}

// unlinked is an address as it is kept: one of the world's own host of media
// begins with its path.
func unlinked(c *marketplace.Call, address string) string {
	if path, own := strings.CutPrefix(address, c.World.BaseURL); own && strings.HasPrefix(path, "/") {
		return path
	}
	return address
}
