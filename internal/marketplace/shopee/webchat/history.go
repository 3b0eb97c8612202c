package webchat

import (
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// pathConversation is the path parameter of a conversation.
const pathConversation = "conversation_id"

// getMessages is the history. Claims shopee/webchat-history,
// shopee/webchat-history-end.
func getMessages(c *marketplace.Call) (marketplace.Response, error) {
	skip, size, err := historyPage(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	ch, err := conversationOfPath(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	answer := history{writer: writerOf(c), sides: sidesOf(c.World, &ch), id: ch.ID}
	answer.messages, _ = shop.History(c.World.Store, &ch, 0, skip, size)
	return ok(answer)
}

func conversationOfPath(c *marketplace.Call) (chat.Chat, error) {
	ch, found := conversation(c, shop.Number(c.Path[pathConversation]))
	if !found {
		return chat.Chat{}, errNoConversation.at(pathConversation, "")
	}
	return ch, nil
}

// conversation is one of the shop that a call is about, else of another of the
// account that it may see. That shop is the call's then. Claim
// shopee/webchat-account-shops.
func conversation(c *marketplace.Call, id int64) (chat.Chat, bool) {
	seller, ch, found := find(c, id)
	if found {
		c.Seller = seller
	}
	return ch, found
}

// find looks for a conversation in the shops of the account that it may see.
func find(c *marketplace.Call, id int64) (chat.Seller, chat.Chat, bool) {
	if id == 0 {
		return chat.Seller{}, chat.Chat{}, false
	}
	for _, seller := range account(c.World, c.Seller) {
		if forbidden(seller) {
			continue
		}
		if ch, found := shop.FindChat(c.World, seller, id); found {
			return seller, ch, true
		}
	}
	return chat.Seller{}, chat.Chat{}, false
}
