package webchat

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/plainjson"
)

// draft is a message as it was sent.
type draft struct {
	to        int64
	kind      string // in the webchat's words
	requestID string
	content   json.RawMessage // compact, without product_ids
	parsed    shop.Content
	quoted    uint64
	business  int
}

// sendMessage is POST messages of any generation. Claims shopee/webchat-send,
// shopee/webchat-send-optional, shopee/webchat-send-rules.
func sendMessage(c *marketplace.Call, b *body) (marketplace.Response, error) {
	d, err := readDraft(c, b)
	if err != nil {
		return marketplace.Response{}, err
	}
	if err := actForBody(c, b); err != nil {
		return marketplace.Response{}, err
	}
	if err := guardRePolicy(c, b); err != nil {
		return marketplace.Response{}, err
	}
	ch, m, err := shop.Send(c, shop.Draft{
		Via: shop.ViaWebchat, To: d.to, Type: openName(d.kind), Content: d.parsed, Quoted: d.quoted,
		Business: d.business, RequestID: d.requestID, Source: shop.SourceWebchat,
		Reopen: c.Switch(switchReopen) == reopenSend, Check: notRepeated(c, d.requestID),
	})
	var again *repeatedError
	if errors.As(err, &again) {
		ch, m, err = again.chat, again.message, nil
	}
	if err != nil {
		return marketplace.Response{}, err
	}
	return ok(sent(c, d, &ch, m))
}

// readDraft reads a send. What later clients add is let pass. Claims
// shopee/webchat-send-types, shopee/webchat-send-optional, shopee/webchat-quote,
// shopee/webchat-invalid.
func readDraft(c *marketplace.Call, b *body) (draft, error) {
	b.need("to_id", "type", "content")
	d := draft{to: b.id("to_id"), kind: b.text("type"), requestID: b.text("request_id"), business: businessOf(b.id("biz_id"))}
	content := b.object("content")
	switch {
	case b.err != nil:
		return d, b.err
	case content.err != nil:
		return d, content.err
	case len(d.requestID) > maxRequestID:
		return d, wrong("/request_id", "maxLength", "has more than 255 bytes")
	}
	d.quoted = content.messageID(c, "quoted_msg_id")
	d.content = echo(b.value("content"), "product_ids")
	err := d.parse(c, content)
	return d, err
}

// businessOf is the business of a biz_id: the webchat has more of them than the
// Open Platform has business types. Claim shopee/webchat-biz-id.
func businessOf(biz int64) int {
	if biz == shop.BusinessAffiliate {
		return shop.BusinessAffiliate
	}
	return shop.BusinessBuyer
}

// maxRequestID bounds what is kept of a client's request id. Claim
// shopee/webchat-request-id-length.
const maxRequestID = 255

// parse reads the fields of the type. Claims shopee/webchat-send-types,
// shopee/webchat-content, shopee/webchat-order-content.
func (d *draft) parse(c *marketplace.Call, b *body) error {
	switch d.kind {
	case shop.TypeText:
		d.parsed.Text = b.filled("text")
	case shop.TypeImage:
		b.filled("url")
		d.parsed.Image = &shop.Image{
			URL: b.address(c, "url"), Thumb: b.address(c, "thumb_url"), UID: b.text("uid"),
			Width: b.size("thumb_width"), Height: b.size("thumb_height"), Server: b.unsigned("file_server_id"),
		}
	case shop.TypeSticker:
		d.parsed.Sticker = &shop.Sticker{ID: b.filled("sticker_id"), Package: b.filled("sticker_package_id"), Format: b.text("format")}
	case typeProduct:
		d.parsed.Item = &shop.Item{ItemID: b.positive("product_id"), ShopID: b.unsigned("shop_id"), Name: b.text("product_name"), UID: b.text("uid")}
	case shop.TypeOrder:
		d.parsed.OrderSN = b.filled("order_sn")
	case shop.TypeVideo:
		d.parsed.Video = &shop.Video{VID: b.text("vid"), URL: b.address(c, "video_url")}
		if d.parsed.Video.VID == "" && d.parsed.Video.URL == "" {
			b.wrong("vid", "required", "is missing, and so is video_url")
		}
	case typeEmoji:
		d.parsed.Other = echo(d.content, "quoted_msg_id") // which is written for every type
	default:
		return wrong("/type", "enum", "is none that a browser sends: "+hint.Or(sentTypes))
	}
	return b.err
}

// sentTypes are those that parse knows. Claim shopee/webchat-send-types.
var sentTypes = []string{shop.TypeText, shop.TypeImage, shop.TypeSticker, typeProduct, shop.TypeOrder, shop.TypeVideo, typeEmoji}

// typeEmoji has fields that nobody recorded: they come back as they were sent.
// Claim shopee/webchat-types.
const typeEmoji = "emoji_message"

// openName is a type in the Open Platform's words, which messages are kept in.
func openName(kind string) string {
	if kind == typeProduct {
		return shop.TypeItem
	}
	return kind
}

// size is a number of pixels.
func (b *body) size(name string) int { return shop.Size(b.id(name)) }

// guardRePolicy wants the script's field of a send, where the switch says so.
// Claim shopee/webchat-anti-fraud.
func guardRePolicy(c *marketplace.Call, b *body) error {
	if c.Switch(switchAntiFraud) != require {
		return nil
	}
	policy := b.object("re_policy")
	if policy == nil || policy.value("dfp_access_f") == nil {
		return errFraud.at("/re_policy/dfp_access_f", "required").because("re_policy.dfp_access_f is missing")
	}
	return nil
}

// repeatable is how many of a conversation's newest messages a request id is
// looked for in. Claim shopee/webchat-request-id-dedupe.
const repeatable = 50

// repeatedError is a send whose request id already made a message.
type repeatedError struct {
	chat    chat.Chat
	message chat.Message
}

func (*repeatedError) Error() string { return "the request id made a message before" }

// notRepeated looks for the message that a request id already made, where the
// switch says so. Claim shopee/webchat-request-id-dedupe.
func notRepeated(c *marketplace.Call, requestID string) func(chat.Chat) error {
	if requestID == "" || c.Switch(switchDedupe) != on {
		return nil
	}
	return func(ch chat.Chat) error {
		messages, _ := shop.History(c.World.Store, &ch, 0, 0, repeatable)
		for _, m := range messages {
			if m.From.Role == chat.RoleSeller && shop.MessageOf(m).RequestID == requestID {
				return &repeatedError{chat: ch, message: m}
			}
		}
		return nil
	}
}

// sentAnswer is the answer to a send: there is no from_id in it. Claims
// shopee/webchat-send, shopee/webchat-send-echo, shopee/webchat-source-content.
type sentAnswer struct {
	writer
	draft          draft
	requestID      string
	conversation   string
	message        chat.Message
	sides          sides
	option         int
	with2026Extras bool
}

func sent(c *marketplace.Call, d draft, ch *chat.Chat, m chat.Message) sentAnswer {
	ext := shop.MessageOf(m)
	return sentAnswer{
		writer: writerOf(c), draft: d, requestID: ext.RequestID, conversation: ch.ID, message: m, sides: sidesOf(c.World, ch),
		option: ext.Option, with2026Extras: c.Switch(switchSendExtras) == extras2026,
	}
}

// Values of the fields that replies of 2026 have; what else they may be was not
// recorded. Claim shopee/webchat-send-extras.
const extras = `,"to_id_status":"normal","msg_tag":0,"waring_tip_types":[]`

// AppendJSON writes the answer in the recorded order.
func (a sentAnswer) AppendJSON(dst []byte) []byte {
	dst = slices.Grow(dst, 512+len(a.draft.content))
	dst = a.appendID(append(dst, `{"id":`...), a.message.ID)
	dst = plainjson.AppendString(append(dst, `,"request_id":`...), a.requestID)
	dst = strconv.AppendInt(append(dst, `,"to_id":`...), a.draft.to, 10)
	dst = plainjson.AppendString(append(dst, `,"type":`...), a.draft.kind)
	dst = append(append(dst, `,"content":`...), a.draft.content[:len(a.draft.content)-1]...)
	if len(a.draft.content) > len("{}") {
		dst = append(dst, ',')
	}
	dst = plainjson.AppendString(append(dst, `"product_ids":null},"conversation_id":`...), a.conversation)
	dst = strconv.AppendInt(append(dst, `,"created_timestamp":`...), a.message.At.Unix(), 10)
	dst = appendTime(append(dst, `,"created_at":`...), a.message.At, a.sides.zone)
	dst = strconv.AppendInt(append(dst, `,"source_content":{},"source_type":"","message_option":`...), int64(a.option), 10)
	if a.with2026Extras {
		dst = append(dst, extras...)
	}
	return append(dst, '}')
}
