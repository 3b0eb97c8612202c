package open

import (
	"fmt"
	"strconv"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// sendMessage is send_message. What is wrong is told in the order that was
// measured: the recipient, the content's form, then the rules. Claims
// shopee/send-order-of-checks, shopee/no-idempotency.
func sendMessage(c *marketplace.Call, b body) (marketplace.Response, error) {
	draft, err := draftOf(b)
	if err != nil {
		return marketplace.Response{}, err
	}
	content, _ := b.object("content")
	draft.Type, _ = b.text("message_type")
	draft.Content, draft.Late = contentOf(c, draft.Type, content)
	draft.Late = lacking(content, draft.Late)
	if late := draft.about(b); draft.Late == nil {
		draft.Late = late
	}
	return send(c, draft.Draft, false)
}

// sendAutoReply is send_autoreply_message: text alone. Claims shopee/autoreply,
// shopee/autoreply-rules.
func sendAutoReply(c *marketplace.Call, b body) (marketplace.Response, error) {
	draft, err := draftOf(b)
	if err != nil {
		return marketplace.Response{}, err
	}
	content, _ := b.object("content")
	draft.Type, draft.Auto = shop.TypeText, true
	draft.Content, draft.Late = contentOf(c, draft.Type, content)
	draft.Late = lacking(content, draft.Late)
	return send(c, draft.Draft, true)
}

// draft is a message on its way to the rules.
type draft struct{ shop.Draft }

// draftOf looks at what is looked at first. Claims shopee/send-to-id,
// shopee/send-content-object.
func draftOf(b body) (draft, error) {
	to, isID := b.id("to_id")
	if !isID {
		return draft{}, errNoRecipient.at("/to_id", "required").because(b.lacks("to_id", wantedID))
	}
	if content, isObject := b.object("content"); !isObject || content == nil {
		return draft{}, errParam.of("content is required").at("/content", "type").because(b.lacks("content", "an object"))
	}
	return draft{shop.Draft{Via: shop.ViaOpen, To: to, Source: shop.SourceOpenAPI}}, nil
}

// about reads what a message is about besides its content: where it was written
// from and the kind of business. Claims shopee/send-affiliate,
// shopee/first-chat-ways, shopee/business-types.
func (d *draft) about(b body) error {
	source, isObject := b.object("source_content")
	if isObject {
		d.About.OrderSN, _ = source.text("order_sn")
		d.About.ItemID, _ = source.number("item_id")
	}
	d.SourceType, _ = b.text("source_type")
	business, isNumber := b.number("business_type")
	if !isNumber || business != shop.BusinessBuyer && business != shop.BusinessAffiliate {
		return errParam.of("business_type is invalid").at("/business_type", "enum").
			because(fmt.Sprintf("business_type is %d for buyers or %d for affiliates", shop.BusinessBuyer, shop.BusinessAffiliate))
	}
	d.Business = int(business)
	conversation, isID := b.number(paramConversation)
	if d.Conversation = conversation; !isID || d.Business != shop.BusinessBuyer && conversation == 0 {
		return errParam.of("conversation_id is required").at("/conversation_id", "required").
			because(b.lacks(paramConversation, wantedID))
	}
	return nil
}

// send counts a message, lets the rules decide and tells what was sent. A refused
// one is not counted. Claims shopee/sends-per-second, shopee/send-reply.
func send(c *marketplace.Call, d shop.Draft, auto bool) (marketplace.Response, error) {
	back, err := takeSend(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	ch, m, err := shop.Send(c, d)
	if err != nil {
		back()
		return marketplace.Response{}, explained(c, d, err)
	}
	return answered(sentAnswer{
		head: headOf(c), style: styleOf(c), chat: ch, message: m, to: d.To,
		text: c.Switch(switchSendID) == idsString, auto: auto,
	})
}

// sentAnswer is the answer of both ways to send.
type sentAnswer struct {
	head    head
	style   style
	chat    chat.Chat
	message chat.Message
	to      int64
	text    bool // the conversation's id is a string
	auto    bool
}

// AppendJSON writes the answer. Claims shopee/send-reply, shopee/send-echo,
// shopee/conversation-id-in-send, shopee/autoreply.
func (a sentAnswer) AppendJSON(dst []byte) []byte {
	ext := shop.MessageOf(a.message)
	dst = a.style.quoted(append(a.head.append(dst), `{"message_id":`...), a.message.ID)
	dst = strconv.AppendInt(append(dst, `,"to_id":`...), a.to, 10)
	dst = append(append(append(dst, `,"message_type":"`...), ext.Type...), '"')
	dst = appendContent(append(dst, `,"content":`...), &ext, a.style, shop.Number(a.chat.Seller))
	dst = append(dst, `,"conversation_id":`...)
	if a.text {
		dst = append(append(append(dst, '"'), a.chat.ID...), '"')
	} else {
		dst = append(dst, a.chat.ID...)
	}
	dst = appendSeconds(append(dst, `,"created_timestamp":`...), a.message.At)
	dst = strconv.AppendInt(append(dst, `,"message_option":`...), int64(ext.Option), 10)
	if a.auto {
		dst = append(dst, `,"source_content":{}`...)
	}
	return append(dst, "}}"...)
}
