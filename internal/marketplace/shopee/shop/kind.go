package shop

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/google/jsonschema-go/jsonschema"

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
	Text        string        `json:"text,omitempty" jsonschema:"of text, which needs it, and faq_liveagent"`
	URL         string        `json:"url,omitempty" jsonschema:"of image, which needs it"`
	ImageURL    string        `json:"image_url,omitempty" jsonschema:"of image, instead of url"`
	ThumbURL    string        `json:"thumb_url,omitempty" jsonschema:"of image and video"`
	Width       int           `json:"thumb_width,omitempty" jsonschema:"of image and video"`
	Height      int           `json:"thumb_height,omitempty" jsonschema:"of image and video"`
	Server      int64         `json:"file_server_id,omitempty" jsonschema:"of image"`
	VID         string        `json:"vid,omitempty" jsonschema:"of video"`
	VideoURL    string        `json:"video_url,omitempty" jsonschema:"of video, which needs it"`
	Seconds     int           `json:"duration_seconds,omitempty" jsonschema:"of video"`
	StickerID   string        `json:"sticker_id,omitempty" jsonschema:"of sticker, which needs it"`
	Package     string        `json:"sticker_package_id,omitempty" jsonschema:"of sticker"`
	ItemID      int64         `json:"item_id,omitempty" jsonschema:"of item, which needs it"`
	ShopID      int64         `json:"shop_id,omitempty" jsonschema:"of item; the chat's shop by default"`
	OrderSN     string        `json:"order_sn,omitempty" jsonschema:"of order, which needs it"`
	VoucherID   int64         `json:"voucher_id,omitempty" jsonschema:"of voucher"`
	VoucherCode string        `json:"voucher_code,omitempty" jsonschema:"of voucher"`
	Messages    []json.Number `json:"messages,omitempty" jsonschema:"of bundle_message: ids"`
	PassThrough string        `json:"pass_through_data,omitempty" jsonschema:"of faq_liveagent"`
	ForSender   string        `json:"notification_for_sender,omitempty" jsonschema:"of notification"`
	ForReceiver string        `json:"notification_for_receiver,omitempty" jsonschema:"of notification"`
	Kind        string        `json:"notification_type,omitempty" jsonschema:"of notification"`
}

// toldFields are a content whose numbers are kept as they were written: ids may be
// above 2^53.
type toldFields map[string]any

// UnmarshalJSON reads an object.
func (f *toldFields) UnmarshalJSON(raw []byte) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	return dec.Decode((*map[string]any)(f))
}

// contentSchema tells the fields of contents; there may be any others.
func contentSchema() *jsonschema.Schema {
	schema := marketplace.Schema[toldContent]()
	schema.AdditionalProperties = nil
	schema.Description = "as get_message tells it, instead of text: the fields of its type; any of a type that none is told for"
	return schema
}

// contentOf reads the content of a type as get_message tells it. shopID stands
// for a product's shop that is not told; ids of messages are as a client of the
// epoch sees them. A mistake is an *marketplace.InputError of the field content, or
// of one within it.
func contentOf(kind string, raw json.RawMessage, shopID int64, epoch Epoch) (Content, error) {
	var told toldContent
	if raw = bytes.TrimSpace(raw); len(raw) == 0 || raw[0] != '{' {
		return Content{}, marketplace.Invalid("content", "is no object")
	}
	if !structured(kind) {
		return Content{Other: bytes.Clone(raw)}, nil
	}
	err := json.Unmarshal(raw, &told)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return Content{}, marketplace.Invalid("content."+wrong.Field, "a JSON %s does not fit here", wrong.Value)
	}
	if err != nil {
		return Content{}, marketplace.Invalid("content", "%v", err)
	}
	if told.ShopID == 0 {
		told.ShopID = shopID
	}
	if err := told.fits(); err != nil {
		return Content{}, err
	}
	return told.as(kind, epoch)
}

// structured reports whether the fields of a type are known.
func structured(kind string) bool {
	switch kind {
	case TypeText, TypeImage, TypeSticker, TypeItem, TypeOrder, TypeVideo, TypeVoucher, TypeNotification, TypeBundle, TypeLiveAgent:
		return true
	}
	return false
}

// fits refuses numbers that no answer can hold.
func (t toldContent) fits() error {
	for _, size := range []struct {
		field string
		told  int64
	}{{"thumb_width", int64(t.Width)}, {"thumb_height", int64(t.Height)}, {"duration_seconds", int64(t.Seconds)}} {
		if int64(Size(size.told)) != size.told {
			return marketplace.Invalid("content."+size.field, "%d is not from 0 to %d", size.told, maxSize)
		}
	}
	for _, id := range []struct {
		field string
		told  int64
	}{{"file_server_id", t.Server}, {"item_id", t.ItemID}, {"shop_id", t.ShopID}, {"voucher_id", t.VoucherID}} {
		if id.told < 0 {
			return marketplace.Invalid("content."+id.field, "%d is below 0", id.told)
		}
	}
	return nil
}

func (t toldContent) as(kind string, epoch Epoch) (Content, error) {
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
	return t.bundle(epoch)
}

func (t toldContent) bundle(epoch Epoch) (Content, error) {
	out := Content{Bundle: make([]uint64, 0, len(t.Messages))}
	for _, told := range t.Messages {
		id, ok := epoch.Read(told.String())
		if !ok {
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
