package open

import (
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// listConversations is get_conversation_list. Claims shopee/list-older,
// shopee/list-older-cursor, shopee/list-latest, shopee/list-latest-cursor,
// shopee/list-more.
func listConversations(c *marketplace.Call) (marketplace.Response, error) {
	query, nothing, err := listQuery(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	answer := listAnswer{head: headOf(c), style: styleOf(c), chat: noConversation}
	if nothing {
		return answered(answer)
	}
	entries, more := shop.List(c.World.Store, query)
	answer.more, answer.rows = more, make([]row, len(entries))
	for i, e := range entries {
		answer.rows[i] = rowOf(c, e.Chat)
	}
	if len(entries) > 0 {
		last := entries[len(entries)-1].Chat
		answer.cursor = shop.Moment(last)
		if c.Switch(switchCursorChat) == "use" {
			answer.chat = last.ID
		}
	}
	return answered(answer)
}

// noConversation stands in every cursor of the samples. Claim
// shopee/next-cursor-conversation.
const noConversation = "0"

// rowOf is a conversation with its buyer and its last message.
func rowOf(c *marketplace.Call, ch *chat.Chat) row {
	r := row{chat: ch, shop: shop.Number(ch.Seller)}
	r.buyer, _ = c.World.Store.Buyer(ch.Buyer)
	if ch.Last == 0 {
		return r
	}
	r.last, _ = c.World.Store.Message(ch.ID, ch.Last)
	mine, theirs := shop.Side{UserID: shop.ShopOf(c.Seller).UserID}, shop.Side{UserID: shop.Number(ch.Buyer)}
	from, _ := shop.FromTo(r.last, mine, theirs)
	r.from = from.UserID
	return r
}

// getConversation is get_one_conversation. Claim shopee/one-conversation.
func getConversation(c *marketplace.Call) (marketplace.Response, error) {
	ch, err := namedConversation(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	return answered(oneAnswer{head: headOf(c), style: styleOf(c), row: rowOf(c, &ch)})
}

// namedConversation is the conversation that the query must name. Claim
// shopee/unknown-conversation.
func namedConversation(c *marketplace.Call) (chat.Chat, error) {
	id, err := integer(c, paramConversation)
	if err != nil {
		return chat.Chat{}, err
	}
	if id == 0 {
		return chat.Chat{}, errParam.of(paramConversation+" is required").at(paramConversation, "required")
	}
	ch, found := shop.FindChat(c.World, c.Seller, id)
	if !found {
		return chat.Chat{}, errNoConversation.at(paramConversation, "")
	}
	return ch, nil
}

// countUnread is get_unread_conversation_count: conversations, not messages.
// Claim shopee/unread-count.
func countUnread(c *marketplace.Call) (marketplace.Response, error) {
	conversations, _ := shop.Unread(c.World.Store, c.Seller.ID)
	return ok(c, unreadCount{conversations})
}

type unreadCount struct {
	Total int `json:"total_unread_count"`
}

// onConversation makes an operation of a change of the conversation that a body
// names. Claims shopee/change-reply, shopee/post-ids,
// shopee/unknown-conversation.
func onConversation(change func(*marketplace.Call, body, chat.Chat) error) func(*marketplace.Call) (marketplace.Response, error) {
	return withBody(func(c *marketplace.Call, b body) (marketplace.Response, error) {
		id, isID := b.id(paramConversation)
		if !isID {
			return marketplace.Response{}, errParam.of(paramConversation+" is required").at("/conversation_id", "required")
		}
		ch, found := shop.FindChat(c.World, c.Seller, id)
		if !found {
			return marketplace.Response{}, errNoConversation.at("/conversation_id", "")
		}
		if err := change(c, b, ch); err != nil {
			return marketplace.Response{}, err
		}
		return ok(c, none{})
	})
}

// deleteConversation hides a conversation from the shop until somebody writes.
// Claim shopee/delete-conversation.
func deleteConversation(c *marketplace.Call, _ body, ch chat.Chat) error {
	return shop.Delete(c.World, ch.ID)
}

// Claim shopee/pin.
func pinConversation(c *marketplace.Call, _ body, ch chat.Chat) error {
	return shop.Pin(c.World, ch.ID, true)
}

func unpinConversation(c *marketplace.Call, _ body, ch chat.Chat) error {
	return shop.Pin(c.World, ch.ID, false)
}

// Claim shopee/mute.
func muteConversation(c *marketplace.Call, _ body, ch chat.Chat) error {
	return shop.Mute(c.World, ch.ID, true)
}

func unmuteConversation(c *marketplace.Call, _ body, ch chat.Chat) error {
	return shop.Mute(c.World, ch.ID, false)
}

// unreadConversation marks a conversation as unread. Claims shopee/unread,
// shopee/unread-one.
func unreadConversation(c *marketplace.Call, _ body, ch chat.Chat) error {
	return shop.MarkUnread(c.World, ch.ID)
}

// readConversation moves the mark of what was read to a message. Claim
// shopee/read.
func readConversation(c *marketplace.Call, b body, ch chat.Chat) error {
	id, isID := b.message(c, "last_read_message_id")
	if !isID {
		return errParam.of("last_read_message_id is required").at("/last_read_message_id", "required")
	}
	return shop.Read(c.World, ch.ID, id)
}
