package webchat

import (
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// standing is the latest message of a conversation up to an id, 0 for none: a mark
// stands at a message. Claim shopee/webchat-read.
func standing(w *marketplace.World, id string, upTo uint64) uint64 {
	if upTo == 0 {
		return 0
	}
	found, _ := w.Store.Messages(id, chat.Range{From: upTo, Backward: true, Limit: 1})
	if len(found) == 0 {
		return 0
	}
	return found[0].ID
}

// readConversation is PUT read. Claim shopee/webchat-read.
func readConversation(c *marketplace.Call, b *body) (marketplace.Response, error) {
	b.need("last_read_message_id")
	upTo := b.messageID(c, "last_read_message_id")
	ch, err := target(c, b)
	if err != nil {
		return marketplace.Response{}, err
	}
	if err := shop.Read(c.World, ch, standing(c.World, ch, upTo)); err != nil {
		return marketplace.Response{}, err
	}
	return readReply(c)
}

// unreadConversation is PUT unread. Claim shopee/webchat-read.
func unreadConversation(c *marketplace.Call, b *body) (marketplace.Response, error) {
	ch, err := target(c, b)
	if err != nil {
		return marketplace.Response{}, err
	}
	if err := shop.MarkUnread(c.World, ch); err != nil {
		return marketplace.Response{}, err
	}
	return readReply(c)
}

// readReply is the answer of both. Claim shopee/webchat-read-reply.
func readReply(c *marketplace.Call) (marketplace.Response, error) {
	if c.Switch(switchReadReply) == readNoContent {
		return noContent()
	}
	return ok(struct{}{})
}

// setStatus is PUT status: it closes, and opens again where the switch says that
// this call does. Claims shopee/webchat-status, shopee/webchat-statuses,
// shopee/webchat-closed-reopen.
func setStatus(c *marketplace.Call, b *body) (marketplace.Response, error) {
	b.need("status")
	status := b.text("status")
	ch, err := target(c, b)
	switch {
	case err != nil:
		return marketplace.Response{}, err
	case status == shop.Closed:
		err = shop.SetStatus(c.World, ch, false)
	case status != shop.Activated:
		err = wrong("/status", "enum", `is neither "activated" nor "closed"`)
	default:
		err = reopen(c, ch, reopenStatus)
	}
	if err != nil {
		return marketplace.Response{}, err
	}
	return noContent()
}

// target is the conversation of the path, once the body was read; it is the
// conversation's id.
func target(c *marketplace.Call, b *body) (string, error) {
	if err := actForBody(c, b); err != nil {
		return "", err
	}
	ch, err := conversationOfPath(c)
	return ch.ID, err
}

// reopen opens a closed conversation again if that is what this kind of request
// does. Claims shopee/webchat-closed-reopen, shopee/webchat-closed.
func reopen(c *marketplace.Call, id, request string) error {
	if c.Switch(switchReopen) != request {
		return nil
	}
	return shop.SetStatus(c.World, id, true)
}

// entered is the answer of enter. Claim shopee/webchat-enter.
type entered struct {
	Conversation string `json:"conversation_id"`
	Chatbot      bool   `json:"is_in_chatbot_session"`
}

// enterConversation is POST conversation/enter. Claims shopee/webchat-enter,
// shopee/webchat-closed-reopen.
func enterConversation(c *marketplace.Call, b *body) (marketplace.Response, error) {
	id, err := named(c, b, "to_id")
	if err != nil {
		return marketplace.Response{}, err
	}
	ch, found := conversation(c, id)
	if !found {
		return ok(entered{Conversation: shop.Key(id)})
	}
	if err := reopen(c, ch.ID, reopenEnter); err != nil {
		return marketplace.Response{}, err
	}
	return ok(entered{Conversation: ch.ID, Chatbot: shop.ConversationOf(&ch).Chatbot})
}

// opened is the answer of open, spelled as the vendor does.
type opened struct {
	Available bool   `json:"is_chat_availiable"`
	Closed    bool   `json:"conv_is_closed"`
	Reason    string `json:"conv_closed_reason"`
	Button    bool   `json:"show_close_conv_btn"`
}

// closedReason is that of a conversation that somebody closed. Claim
// shopee/webchat-open.
const closedReason = "closed"

// openConversation is POST conversation/open. One that does not exist yet is
// available: it begins with the first message. Claims shopee/webchat-open,
// shopee/webchat-closed-reopen.
func openConversation(c *marketplace.Call, b *body) (marketplace.Response, error) {
	id, err := named(c, b, "oppside_user_id")
	if err != nil {
		return marketplace.Response{}, err
	}
	ch, found := conversation(c, id)
	if !found {
		return ok(opened{Available: true})
	}
	if err := reopen(c, ch.ID, reopenOpen); err != nil {
		return marketplace.Response{}, err
	}
	ch, _ = c.World.Store.Chat(ch.ID)
	out := opened{Available: true, Closed: !ch.Closed.IsZero(), Button: ch.Closed.IsZero()}
	if out.Closed {
		out.Reason = closedReason
	}
	return ok(out)
}

// named is the conversation that a body names, by its id or by the user on the
// other side.
func named(c *marketplace.Call, b *body, user string) (int64, error) {
	id, other := b.id("conversation_id"), b.id(user)
	if id == 0 && other == 0 {
		b.need("conversation_id")
	}
	if b.err == nil && (id < 0 || other < 0) {
		b.wrong("conversation_id", "minimum", "or "+user+" is below 0")
	}
	if err := actForBody(c, b); err != nil {
		return 0, err
	}
	if id == 0 {
		id = shop.ConversationID(shop.ShopOf(c.Seller).UserID, other)
	}
	return id, nil
}
