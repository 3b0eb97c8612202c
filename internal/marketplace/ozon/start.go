package ozon

import (
	"errors"
	"strconv"

	"github.com/google/uuid"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// startAnswer is the answer of /v1/chat/start.
type startAnswer struct {
	Result startResult `json:"result"`
}

type startResult struct {
	ChatID string `json:"chat_id"`
}

// startChat is /v1/chat/start. Claims ozon/start-result, ozon/premium-start,
// ozon/posting-not-found.
func startChat(c *marketplace.Call, b *body) (marketplace.Response, error) {
	number := b.text("posting_number")
	if err := b.err(); err != nil {
		return marketplace.Response{}, err
	}
	if number == "" {
		return marketplace.Response{}, errPostingEmpty.at("/posting_number", "required")
	}
	rules := rulesOf(c.Config.Settings)
	if !rules.paid(extOfSeller(c.Seller).Subscription) {
		return marketplace.Response{}, errPremium(c, "premium-start")
	}
	order, found := c.World.Store.Order(number)
	if !found || order.Seller != c.Seller.ID {
		return marketplace.Response{}, errPostingUnknown.at("/posting_number", "")
	}
	if err := rules.mayStart(order, c.World.Clock.Now()); err != nil {
		return marketplace.Response{}, err
	}
	id, err := openChat(c, order)
	if err != nil {
		return marketplace.Response{}, err
	}
	return ok(startAnswer{Result: startResult{ChatID: id}})
}

// openChat gives the posting's chat, or opens one. The new chat's id follows
// from the posting and how many chats it has, so that of two calls at once only
// one opens it. Claim ozon/start-again.
func openChat(c *marketplace.Call, order chat.Order) (string, error) {
	again := c.Switch(switchStartAgain) == "new-chat"
	for {
		n, _ := c.World.Store.Sum(indexPosting, order.ID)
		if n > 0 && !again {
			if entries, _ := c.World.Store.Page(indexPosting, order.ID, "", 1); len(entries) > 0 {
				return entries[0].Chat.ID, nil
			}
		}
		id := uuid.NewSHA1(chatSpace, []byte(order.Seller+"/"+order.ID+"/"+strconv.Itoa(n))).String()
		now := c.World.Clock.Now()
		_, err := c.World.Store.Apply(chat.If{}, chat.ChatOpened{At: now, Chat: chat.Chat{
			ID: id, Seller: order.Seller, Buyer: order.Buyer, Order: order.ID, Opened: now, Ext: chatExt{Type: typeBuyer},
		}})
		if !errors.Is(err, chat.ErrExists) {
			return id, err
		}
	}
}

// chatSpace is the name space of ids of chats that a posting gives.
var chatSpace = uuid.MustParse("0e3f4f0c-9d0a-4f4e-8a53-6f7a0c5d4b21")
