package open

import (
	"fmt"
	"math/bits"
	"strconv"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// listConversations is get_conversation_list. Claims shopee/list-older,
// shopee/list-older-cursor, shopee/list-latest, shopee/list-latest-cursor,
// shopee/list-pinned-pages, shopee/list-more.
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
	answer.more, answer.rows = more, rowsOf(c, entries)
	if query.Mixed(c.World.Store) {
		for i := range answer.rows {
			answer.rows[i].moment = shop.Unmarked(answer.rows[i].moment)
		}
	}
	if n := len(answer.rows); n > 0 {
		last := answer.rows[n-1]
		answer.cursor = last.moment
		if c.Switch(switchCursorChat) == cursorUse {
			answer.chat = last.Chat.ID
		}
	}
	return answered(answer)
}

// noConversation stands in every cursor of the samples. Claim
// shopee/next-cursor-conversation.
const noConversation = "0"

// rowsOf are conversations of a call's shop with their buyers and last messages.
func rowsOf(c *marketplace.Call, page []chat.Entry) []row {
	its := shop.ShopOf(c.Seller)
	rows := make([]row, len(page))
	for i, s := range c.World.Store.Summaries(page) {
		rows[i] = row{Summary: s, shop: its.ID, moment: shop.Moment(s.Chat)}
		if s.Last.ID != 0 {
			from, _ := shop.FromTo(s.Last.From.Role, shop.Side{UserID: its.UserID}, shop.Side{UserID: shop.Number(s.Chat.Buyer)})
			rows[i].from = from.UserID
		}
	}
	return rows
}

// getConversation is get_one_conversation. Claim shopee/one-conversation.
func getConversation(c *marketplace.Call) (marketplace.Response, error) {
	ch, err := namedConversation(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	return answered(oneAnswer{head: headOf(c), style: styleOf(c), row: rowsOf(c, []chat.Entry{{Chat: &ch}})[0]})
}

// namedConversation is the conversation that the query must name; one of another
// business than it names is none. Claims shopee/unknown-conversation,
// shopee/business-type-filter.
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
		return chat.Chat{}, unknownConversation(c, id, paramConversation)
	}
	text, _ := param(c, paramBusiness)
	if of := shop.ConversationOf(&ch).Business; text != "" && text != strconv.Itoa(of) {
		r := errNoConversation.at(paramBusiness, "").because(fmt.Sprintf("the conversation is of business_type %d", of))
		r.why.Claim = "shopee/business-type-filter"
		return chat.Chat{}, r
	}
	return ch, nil
}

// unknownConversation says what an id is that no conversation of the shop has.
func unknownConversation(c *marketplace.Call, id int64, pointer string) error {
	r := errNoConversation.at(pointer, "")
	its := shop.ShopOf(c.Seller)
	exists := func(id int64) bool {
		_, found := shop.FindChat(c.World, c.Seller, id)
		return found
	}
	_, isBuyer := c.World.Store.Buyer(shop.Key(id))
	switch meant, rounded := unrounded(id, exists); {
	case rounded:
		return r.because(fmt.Sprintf("this is conversation %d, rounded as a double: keep ids as text", meant))
	case isBuyer:
		return r.because("this is a buyer's user id, not a conversation's")
	case id == its.ID:
		return r.because("this is the shop_id, not a conversation's id")
	case id == its.UserID:
		return r.because("this is the shop's own user id, not a conversation's")
	}
	if other, found := c.World.Store.Chat(shop.Key(id)); found && other.Seller != c.Seller.ID {
		return r.because("this is a conversation of another shop, " + other.Seller)
	}
	return r
}

// unrounded is an id that reads as another when both are doubles: the one that
// exists. false if there is none.
func unrounded(id int64, exists func(int64) bool) (int64, bool) {
	const exact = 53 // bits of a double's whole numbers
	if bits.Len64(uint64(id)) <= exact {
		return 0, false
	}
	step := int64(1) << (bits.Len64(uint64(id)) - exact)
	for near := id - step; near <= id+step; near++ {
		if near != id && float64(near) == float64(id) && exists(near) {
			return near, true
		}
	}
	return 0, false
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
			return marketplace.Response{}, errParam.of(paramConversation+" is required").at("/conversation_id", "required").
				because(b.lacks(paramConversation, wantedID))
		}
		ch, found := shop.FindChat(c.World, c.Seller, id)
		if !found {
			return marketplace.Response{}, unknownConversation(c, id, "/conversation_id")
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
		return errParam.of("last_read_message_id is required").at("/last_read_message_id", "required").
			because(b.lacks("last_read_message_id", wantedID))
	}
	return shop.Read(c.World, ch.ID, id)
}
