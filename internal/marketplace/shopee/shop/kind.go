package shop

import (
	"bytes"
	"encoding/json"
	"strconv"

	"example.com/marketmock/internal/marketplace"
)

// Types of messages whose content is known; there are more, see Types.
const (
	TypeText         = "text"
	TypeImage        = "image"
	TypeSticker      = "sticker"
	TypeItem         = "item"
	TypeOrder        = "order"
	TypeVideo        = "video"
	TypeVoucher      = "voucher"
	TypeNotification = "notification"
	TypeBundle       = "bundle_message"
	TypeLiveAgent    = "faq_liveagent"
)

// Types are every type that a message may have when it is read. Claim
// shopee/message-types.
var Types = []string{
	TypeText, TypeImage, "image_with_text", TypeSticker, TypeItem, "item_list", TypeOrder, TypeVideo, TypeVoucher, "offer",
	TypeNotification, "webview", "shopping_cart", "add_on_deal", "bundle_deal", TypeBundle, "unrated_order_reminder",
	"general_option_pack", "selected_general_option", "faq", "faq_feedback", TypeLiveAgent, "faq_liveagent_prompt",
	"faq_question", "faq_unsupported", "faq_sale", "new_faq", "faq_type_choice", "faq_bot_request_text",
	"faq_bot_request_order", "faq_bot_response",
}

// Statuses of messages. Claim shopee/message-statuses.
const (
	StatusNormal    = "normal"
	StatusAutoReply = "auto_reply"
	StatusBlocked   = "blocked"
	StatusCensored  = "censored_blacklist"
	StatusOffwork   = "offwork_autoreply"
)

var statuses = []string{
	StatusNormal, StatusAutoReply, StatusBlocked, "user_chat", "web_chat", "censored_whitelist", StatusCensored, StatusOffwork,
}

// Sources of messages. Claim shopee/message-sources.
const (
	SourceWebchat = "new_webchat"
	SourceApp     = "android"
	SourceOpenAPI = "openapi"
	SourceChatbot = "chatbot"
	SourceServer  = "server"
)

var sources = []string{
	"old_webchat", SourceWebchat, "ios", SourceApp, "push", "crm", SourceOpenAPI, SourceChatbot, SourceServer,
}

// Options of messages, which look like sets of bits. Claim shopee/options.
const (
	optionAuto         = 129
	optionNotification = 448
)

// Businesses of conversations. Claim shopee/business-types.
const (
	BusinessBuyer     = 0
	BusinessAffiliate = 11
)

// toldContent is what a test says of a message's content: the fields of
// get_message, whichever the type has.
type toldContent struct {
	Text        string        `json:"text"`
	URL         string        `json:"url"`
	ImageURL    string        `json:"image_url"`
	ThumbURL    string        `json:"thumb_url"`
	Width       int           `json:"thumb_width"`
	Height      int           `json:"thumb_height"`
	Server      int64         `json:"file_server_id"`
	VID         string        `json:"vid"`
	VideoURL    string        `json:"video_url"`
	Seconds     int           `json:"duration_seconds"`
	StickerID   string        `json:"sticker_id"`
	Package     string        `json:"sticker_package_id"`
	ItemID      int64         `json:"item_id"`
	ShopID      int64         `json:"shop_id"`
	OrderSN     string        `json:"order_sn"`
	VoucherID   int64         `json:"voucher_id"`
	VoucherCode string        `json:"voucher_code"`
	Messages    []json.Number `json:"messages"`
	PassThrough string        `json:"pass_through_data"`
	ForSender   string        `json:"notification_for_sender"`
	ForReceiver string        `json:"notification_for_receiver"`
	Kind        string        `json:"notification_type"`
}

// contentOf reads the content of a type as get_message tells it. shopID stands
// for a product's shop that is not told. A mistake is an *marketplace.InputError
// of the field content.
func contentOf(kind string, raw json.RawMessage, shopID int64) (Content, error) {
	var told toldContent
	if raw = bytes.TrimSpace(raw); len(raw) == 0 || raw[0] != '{' {
		return Content{}, marketplace.Invalid("content", "is no object")
	}
	if !structured(kind) {
		return Content{Other: bytes.Clone(raw)}, nil
	}
	if err := json.Unmarshal(raw, &told); err != nil {
		return Content{}, marketplace.Invalid("content", "%v", err)
	}
	if told.ShopID == 0 {
		told.ShopID = shopID
	}
	return told.as(kind)
}

// structured reports whether the fields of a type are known.
func structured(kind string) bool {
	switch kind {
	case TypeText, TypeImage, TypeSticker, TypeItem, TypeOrder, TypeVideo, TypeVoucher, TypeNotification, TypeBundle, TypeLiveAgent:
		return true
	}
	return false
}

func (t toldContent) as(kind string) (Content, error) {
	switch kind {
	case TypeText:
		return Content{Text: t.Text}, wanted("content.text", t.Text)
	case TypeImage:
		if t.URL == "" {
			t.URL = t.ImageURL
		}
		return Content{Image: &Image{URL: t.URL, Thumb: t.ThumbURL, Width: t.Width, Height: t.Height, Server: t.Server}}, wanted("content.url", t.URL)
	case TypeSticker:
		return Content{Sticker: &Sticker{ID: t.StickerID, Package: t.Package}}, wanted("content.sticker_id", t.StickerID)
	case TypeItem:
		return Content{Item: &Item{ShopID: t.ShopID, ItemID: t.ItemID}}, wanted("content.item_id", Key(t.ItemID))
	case TypeOrder:
		return Content{OrderSN: t.OrderSN}, wanted("content.order_sn", t.OrderSN)
	case TypeVideo:
		return Content{Video: &Video{
			VID: t.VID, URL: t.VideoURL, Thumb: t.ThumbURL, Width: t.Width, Height: t.Height, Seconds: t.Seconds,
		}}, wanted("content.video_url", t.VideoURL)
	case TypeVoucher:
		return Content{Voucher: &Voucher{ID: t.VoucherID, Code: t.VoucherCode}}, nil
	case TypeNotification:
		return Content{Notification: &Notification{ForSender: t.ForSender, ForReceiver: t.ForReceiver, Type: t.Kind}}, nil
	case TypeLiveAgent:
		return Content{FAQ: &FAQ{Text: t.Text, PassThrough: t.PassThrough}}, nil
	}
	return t.bundle()
}

func (t toldContent) bundle() (Content, error) {
	out := Content{Bundle: make([]uint64, 0, len(t.Messages))}
	for _, told := range t.Messages {
		id, err := strconv.ParseUint(told.String(), 10, 63)
		if err != nil {
			return out, marketplace.Invalid("content.messages", "%s is no message id", told)
		}
		out.Bundle = append(out.Bundle, id)
	}
	return out, nil
}

// wanted refuses a content without what it is about.
func wanted(field, value string) error {
	if value == "" || value == "0" {
		return marketplace.Invalid(field, "is missing")
	}
	return nil
}
