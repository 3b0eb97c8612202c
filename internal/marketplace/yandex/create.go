package yandex

import (
	"cmp"
	"errors"
	"hash/fnv"
	"strconv"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// createAnswer is the answer of createChat. Claim yandex/create-result.
type createAnswer struct {
	Status string       `json:"status"`
	Result createResult `json:"result"`
}

type createResult struct {
	ChatID int64 `json:"chatId"`
}

// createChat is POST …/chats/new. Claims yandex/create-result,
// yandex/create-foreign-order, yandex/order-status-guard.
func createChat(c *marketplace.Call, b *body) (marketplace.Response, error) {
	order, err := wanted(c, b)
	if err != nil {
		return marketplace.Response{}, err
	}
	if order.ID != "" && c.Switch(switchOrderStatusGuard) == "on" && !order.Cancelled.IsZero() {
		return marketplace.Response{}, errCancelled
	}
	ch, existed, err := chatOf(c, order)
	if err != nil {
		return marketplace.Response{}, err
	}
	if existed && c.Switch(switchCreateExisting) == "reject" {
		return marketplace.Response{}, errChatExists.at("/context", "")
	}
	id, _ := parseID(ch.ID)
	return ok(createAnswer{Status: statusOK, Result: createResult{ChatID: id}})
}

// Refusals of createChat that the docs do not tell. Their texts are ours.
var (
	errContextMissing = refuse(400, codeBadRequest, "create-without-context",
		"Either context or orderId must be specified", "there is neither a context nor an orderId")
	errContextTwice = refuse(400, codeBadRequest, "create-both-fields",
		"Only one of context and orderId must be specified", "there are a context and an orderId")
	errChatExists = refuse(400, codeBadRequest, "create-existing",
		"Chat already exists", "there is a chat about it already")
	errReturnModel = refuse(400, codeBadRequest, "create-return-dbs",
		"Chat for the return is not available for the placement model of the order", "returns of DBS orders have no chats")
	errCancelled = refuse(400, codeBadRequest, "order-status-guard",
		"Chat is not available for the status of the order", "the order is cancelled")
)

// wanted is the order or return that a chat is asked for, zero for none. An
// orderId of 0 is one that nobody has. Claims yandex/create-both-fields,
// yandex/create-without-context, yandex/deprecated-order-id.
func wanted(c *marketplace.Call, b *body) (chat.Order, error) {
	context := b.object("context")
	older := b.has("orderId")
	if older {
		switch c.Switch(switchOrderID) {
		case "reject":
			return chat.Order{}, errDeprecated.of("orderId").at("/orderId", "")
		case "ignore":
			older = false
		}
	}
	switch {
	case context != nil && older && c.Switch(switchCreateBoth) == "reject":
		return chat.Order{}, errContextTwice.at("/orderId", "")
	case context != nil:
		return inContext(c, context.text("type"), context.integer("id"), "/context/id")
	case older:
		return inContext(c, contextOrder, b.integer("orderId"), "/orderId")
	case c.Switch(switchCreateWithout) == "reject":
		return chat.Order{}, errContextMissing.at("/context", "required")
	}
	return chat.Order{}, nil
}

// inContext finds the cabinet's order or return, which stands in the body at a
// pointer. Claims yandex/create-direct,
// yandex/create-unknown-order, yandex/create-unknown-return,
// yandex/create-return-models.
func inContext(c *marketplace.Call, context string, id int64, pointer string) (chat.Order, error) {
	var key string
	var unknown *refusal
	switch context {
	case contextOrder:
		key, unknown = orderKey(id), errOrderUnknown(id)
	case contextReturn:
		key, unknown = returnKey(id), errReturnUnknown(id)
	default: // until 18 August 2025 the document let DIRECT pass
		return chat.Order{}, errIllegal.of("context.type").at("/context/type", "enum")
	}
	order, found := c.World.Store.Order(key)
	if !found || order.Seller != c.Seller.ID {
		return order, unknown.at(pointer, "")
	}
	if context == contextReturn && !aboutReturns(order.Scheme, c.Config.Settings.Edition) {
		return order, errReturnModel.at(pointer, "")
	}
	return order, nil
}

// chatOf gives the chat about an order or a return, or opens one. The new chat's
// id follows from what it is about, so that of two calls at once only one opens
// it. Claims yandex/create-existing, yandex/create-twice-at-once.
func chatOf(c *marketplace.Call, order chat.Order) (ch chat.Chat, existed bool, err error) {
	store := c.World.Store
	ch = chat.Chat{Seller: c.Seller.ID, Buyer: order.Buyer, Order: order.ID, Ext: aboutOrder(order, typeChat)}
	if ch.Buyer == "" {
		ch.Buyer = mintBuyer()
	}
	about := cmp.Or(order.ID, ch.Buyer)
	for try := 0; ; try++ {
		if known, found := theirChat(c, order.ID); found {
			return known, true, nil
		}
		ch.ID, ch.Opened = chatIDFor(c.Seller.ID, about, typeChat, try), c.World.Clock.Now()
		_, err := store.Apply(chat.If{}, append(newBuyer(c.World, ch.Buyer), opening(ch))...)
		if !errors.Is(err, chat.ErrExists) {
			return ch, false, err
		}
	}
}

// theirChat is the chat with the buyer about an order or a return: not the one of
// a dispute, unless a dispute takes the chat itself. Claim
// yandex/create-beside-dispute.
func theirChat(c *marketplace.Call, key string) (chat.Chat, bool) {
	ch, found := chatAbout(c.World.Store, key, typeChat)
	if !found && c.Switch(switchArbitrageChat) == "convert" {
		ch, found = chatAbout(c.World.Store, key, typeArbitrage)
	}
	return ch, found
}

// chatAbout is the chat of a type about an order or a return; "" finds none.
func chatAbout(store *chat.Store, key, kind string) (chat.Chat, bool) {
	if key == "" {
		return chat.Chat{}, false
	}
	after := ""
	for {
		page, more := store.Page(indexOrder, key, after, aboutPage)
		for _, e := range page {
			if e.Chat.Order == key && extOfChat(e.Chat).Type == kind {
				return *e.Chat, true
			}
		}
		if !more {
			return chat.Chat{}, false
		}
		after = page[len(page)-1].Key
	}
}

// aboutPage is how many chats about one order are looked at in one go.
const aboutPage = 20

const (
	leastMadeChat = 20_000_000
	madeChats     = 80_000_000
)

// chatIDFor is the id of a chat that is opened at run time: it follows from whose
// it is and what it is about, and has 8 digits. try counts those that are taken.
// Claim yandex/chat-ids-8-digits.
func chatIDFor(seller, about, kind string, try int) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(seller + "/" + about + "/" + kind)) // a hash never fails
	return strconv.FormatUint(leastMadeChat+(h.Sum64()+uint64(try))%madeChats, 10)
}
