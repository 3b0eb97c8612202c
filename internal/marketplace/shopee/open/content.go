package open

import (
	"strconv"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/plainjson"
)

// appendContent writes what a message says, as readers see it. Claims
// shopee/message-types, shopee/recalled-text, shopee/sticker-content,
// shopee/item-content, shopee/order-echo, shopee/bundle-message,
// shopee/faq-liveagent, shopee/send-voucher.
func appendContent(dst []byte, m *shop.Message, st style, shopID int64) []byte {
	c := &m.Content
	switch {
	case c.Image != nil:
		return appendImage(dst, c.Image, st)
	case c.Video != nil:
		return appendVideo(dst, c.Video, st)
	case c.Sticker != nil:
		dst = plainjson.AppendString(append(dst, `{"sticker_id":`...), c.Sticker.ID)
		dst = plainjson.AppendString(append(dst, `,"sticker_package_id":`...), c.Sticker.Package)
	case c.Item != nil:
		dst = strconv.AppendInt(append(dst, `{"shop_id":`...), c.Item.ShopID, 10)
		dst = strconv.AppendInt(append(dst, `,"item_id":`...), c.Item.ItemID, 10)
	case c.OrderSN != "":
		dst = strconv.AppendInt(append(dst, `{"shop_id":`...), shopID, 10)
		dst = plainjson.AppendString(append(dst, `,"order_sn":`...), c.OrderSN)
	case c.Voucher != nil:
		dst = strconv.AppendInt(append(dst, `{"voucher_id":`...), c.Voucher.ID, 10)
		dst = plainjson.AppendString(append(dst, `,"voucher_code":`...), c.Voucher.Code)
	case c.Notification != nil:
		dst = plainjson.AppendString(append(dst, `{"notification_for_sender":`...), c.Notification.ForSender)
		dst = plainjson.AppendString(append(dst, `,"notification_for_receiver":`...), c.Notification.ForReceiver)
		dst = plainjson.AppendString(append(dst, `,"notification_type":`...), c.Notification.Type)
	case c.FAQ != nil:
		dst = plainjson.AppendString(append(dst, `{"text":`...), c.FAQ.Text)
		dst = plainjson.AppendString(append(dst, `,"pass_through_data":`...), c.FAQ.PassThrough)
	case c.Bundle != nil:
		return appendBundle(dst, c.Bundle, st)
	case c.Other != nil:
		return append(dst, c.Other...)
	case c.Text == "" && m.Type != shop.TypeText:
		return append(dst, "{}"...)
	default:
		dst = plainjson.AppendString(append(dst, `{"text":`...), c.Text)
	}
	return append(dst, '}')
}

// appendImage writes a picture. Claim shopee/image-content.
func appendImage(dst []byte, image *shop.Image, st style) []byte {
	url := shop.Link(st.world, image.URL)
	dst = plainjson.AppendString(append(dst, `{"url":`...), url)
	dst = plainjson.AppendString(append(dst, `,"thumb_url":`...), shop.Link(st.world, image.Thumb))
	dst = strconv.AppendInt(append(dst, `,"thumb_width":`...), int64(image.Width), 10)
	dst = strconv.AppendInt(append(dst, `,"thumb_height":`...), int64(image.Height), 10)
	dst = strconv.AppendInt(append(dst, `,"file_server_id":`...), image.Server, 10)
	dst = plainjson.AppendString(append(dst, `,"image_url":`...), url)
	return append(dst, '}')
}

// appendVideo writes a film. Claim shopee/video-content.
func appendVideo(dst []byte, video *shop.Video, st style) []byte {
	dst = plainjson.AppendString(append(dst, `{"video_url":`...), shop.Link(st.world, video.URL))
	dst = plainjson.AppendString(append(dst, `,"thumb_url":`...), shop.Link(st.world, video.Thumb))
	dst = strconv.AppendInt(append(dst, `,"thumb_width":`...), int64(video.Width), 10)
	dst = strconv.AppendInt(append(dst, `,"thumb_height":`...), int64(video.Height), 10)
	dst = strconv.AppendInt(append(dst, `,"duration_seconds":`...), int64(video.Seconds), 10)
	return append(dst, '}')
}

// appendBundle writes the ids of messages that nobody can fetch. Claim
// shopee/bundle-message.
func appendBundle(dst []byte, ids []uint64, st style) []byte {
	dst = append(dst, `{"messages":[`...)
	for i, id := range ids {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = st.quoted(dst, id)
	}
	return append(dst, "]}"...)
}

// contentOf reads the fields of a type of message; all others are ignored, since
// the official sample fills in every one. What is missing is told after the rules
// of permission. Claims shopee/content-other-keys, shopee/send-content-missing,
// shopee/send-sticker, shopee/send-item, shopee/send-order, shopee/send-voucher.
func contentOf(c *marketplace.Call, kind string, b body) (shop.Content, error) {
	texts := func(name string) string {
		text, _ := b.text(name)
		return text
	}
	var out shop.Content
	missing := ""
	switch kind {
	case shop.TypeText:
		if out.Text = texts("text"); out.Text == "" {
			missing = "text"
		}
	case shop.TypeSticker:
		out.Sticker = &shop.Sticker{ID: texts("sticker_id"), Package: texts("sticker_package_id")}
		if out.Sticker.ID == "" || out.Sticker.Package == "" {
			missing = "sticker_id"
		}
	case shop.TypeImage:
		out.Image = &shop.Image{URL: texts("image_url")}
		if out.Image.URL == "" {
			missing = "image_url"
		}
	case shop.TypeItem:
		id, isID := b.id("item_id")
		if out.Item = (&shop.Item{ShopID: shop.Number(c.Seller.ID), ItemID: id}); !isID {
			missing = "item_id"
		}
	case shop.TypeOrder:
		if out.OrderSN = texts("order_sn"); out.OrderSN == "" {
			missing = "order_sn"
		}
	case shop.TypeVoucher:
		id, isID := b.id("voucher_id")
		if out.Voucher = (&shop.Voucher{ID: id, Code: texts("voucher_code")}); !isID && out.Voucher.Code == "" {
			missing = "voucher_id"
		}
	case shop.TypeVideo:
		if out.Video, missing = videoOf(b, texts), ""; out.Video.VID == "" && out.Video.URL == "" {
			missing = "vid"
		}
	}
	if missing != "" {
		return out, errParam.of("content."+missing+" is required").at("/content/"+missing, "required")
	}
	return out, nil
}

// videoOf is a film as a client tells of it. Claims shopee/send-video,
// shopee/send-video-numbers.
func videoOf(b body, texts func(string) string) *shop.Video {
	size := func(name string) int {
		n, _ := b.number(name)
		return shop.Size(n)
	}
	return &shop.Video{
		VID: texts("vid"), URL: texts("video_url"), Thumb: texts("thumb_url"),
		Width: size("thumb_width"), Height: size("thumb_height"), Seconds: size("duration_seconds"),
	}
}
