package shop

import "strings"

type pushedText struct {
	Text string `json:"text"`
}

// pushedImage has a whole address and the bare id of a thumbnail. Claim
// shopee/push-media.
type pushedImage struct {
	URL    string `json:"url"`
	Thumb  string `json:"thumb_url"`
	Height int    `json:"thumb_height"`
	Width  int    `json:"thumb_width"`
	Server int64  `json:"file_server_id"`
}

// pushedVideo has bare ids alone. Claim shopee/push-media.
type pushedVideo struct {
	URL     string `json:"video_url"`
	Thumb   string `json:"thumb_url"`
	Width   int    `json:"thumb_width"`
	Height  int    `json:"thumb_height"`
	Seconds int    `json:"duration_seconds"`
}

type pushedSticker struct {
	ID      string `json:"sticker_id"`
	Package string `json:"sticker_package_id"`
}

// pushedItem is a product. Claim shopee/push-item.
type pushedItem struct {
	ShopID int64 `json:"shop_id"`
	ItemID int64 `json:"item_id"`
}

type pushedOrder struct {
	ShopID  int64  `json:"shop_id"`
	OrderSN string `json:"order_sn"`
}

// pushedBundle names messages that cannot be fetched. Claim shopee/push-bundle.
type pushedBundle struct {
	Messages []string `json:"messages"`
	Replied  bool     `json:"shopee_chatbot_replied"`
}

// pushed is the content of a message by its type; one whose fields nobody recorded
// goes as it was told. Claims shopee/push-text, shopee/push-faq.
func (p pusher) pushed(its Message) any {
	c := its.Content
	switch {
	case its.Type == TypeText:
		return pushedText{c.Text}
	case c.Image != nil:
		return pushedImage{Link(p.world, c.Image.URL), bare(c.Image.Thumb), c.Image.Height, c.Image.Width, c.Image.Server}
	case c.Video != nil:
		return pushedVideo{bareVideo(*c.Video), bare(c.Video.Thumb), c.Video.Width, c.Video.Height, c.Video.Seconds}
	case c.Sticker != nil:
		return pushedSticker{c.Sticker.ID, c.Sticker.Package}
	case c.Item != nil:
		return pushedItem{c.Item.ShopID, c.Item.ItemID}
	case its.Type == TypeOrder:
		return pushedOrder{p.shop.ID, c.OrderSN}
	case c.Voucher != nil:
		return *c.Voucher
	case c.FAQ != nil:
		return *c.FAQ
	case its.Type == TypeBundle:
		return p.bundle(c)
	case len(c.Other) > 0:
		return c.Other
	}
	return struct{}{}
}

func (p pusher) bundle(c Content) pushedBundle {
	epoch := Epoch(p.settings.Switch(SwitchIDEpoch))
	out := pushedBundle{Messages: make([]string, 0, len(c.Bundle)), Replied: true}
	for _, id := range c.Bundle {
		out.Messages = append(out.Messages, epoch.Text(id))
	}
	return out
}

// bare is the last part of a file's address.
func bare(address string) string { return address[strings.LastIndexByte(address, '/')+1:] }

// bareVideo is the id of a film's file, the last part of its vid.
func bareVideo(v Video) string {
	if v.VID == "" {
		return bare(v.URL)
	}
	return v.VID[strings.LastIndexByte(v.VID, '-')+1:]
}
