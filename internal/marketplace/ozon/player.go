package ozon

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// player plays everybody but the caller of the API.
type player struct{}

// Player plays the buyer, support and the marketplace.
func (a *API) Player() marketplace.Player { return player{} }

// authors are the ids of those who are neither the seller nor the buyer.
var authors = marketplace.Authors{
	chat.RoleSupport: "support", chat.RoleMarketplace: notificationUser, chat.RoleCourier: "courier",
	chat.RoleCRM: "crm", chat.RoleBot: "chat_bot",
}

func authorIn(c chat.Chat, role chat.Role) (chat.Author, bool) { return authors.In(c, role) }

// Author is who acts in a chat.
func (player) Author(c chat.Chat, role chat.Role) (chat.Author, bool) { return authorIn(c, role) }

// OpenChat opens a chat of a type, with a buyer, about an order.
func (player) OpenChat(w *marketplace.World, in marketplace.ChatInput) ([]chat.Event, error) {
	ch := chat.Chat{ID: in.ID, Buyer: in.Buyer, Order: in.Order, Opened: w.Clock.Now()}
	if ch.ID == "" {
		ch.ID = uuid.NewString()
	}
	if checkChatID(ch.ID) != nil {
		return nil, marketplace.Invalid("id", "%q is no UUID", in.ID)
	}
	ch.ID = canonical(ch.ID)
	ext := chatExt{Type: in.Type}
	if ext.Type == "" {
		ext.Type = typeBuyer
	}
	if !slices.Contains(kindNames(), ext.Type) {
		return nil, marketplace.Invalid("type", "%q is none of %s", in.Type, strings.Join(kindNames(), ", "))
	}
	ch.Ext = ext
	name := in.Seller
	if in.Order != "" {
		order, found := w.Store.Order(in.Order)
		if !found {
			return nil, marketplace.Invalid("order", "there is no order %q", in.Order)
		}
		if name == "" {
			name = order.Seller
		}
		if ch.Buyer == "" {
			ch.Buyer = order.Buyer
		}
	}
	seller, err := w.Seller(name)
	if err != nil {
		return nil, err
	}
	ch.Seller = seller.ID
	if ch.Buyer == "" && kindOf(ext.Type).buyer {
		ch.Buyer = fmt.Sprint(uuid.New().ID())
	}
	return append(newBuyer(w, ch.Buyer), chat.ChatOpened{At: ch.Opened, Chat: ch}), nil
}

func newBuyer(w *marketplace.World, id string) []chat.Event {
	if id == "" {
		return nil
	}
	if _, known := w.Store.Buyer(id); known {
		return nil
	}
	return []chat.Event{chat.BuyerAdded{At: w.Clock.Now(), Buyer: chat.Buyer{ID: id}}}
}

// PostMessage writes as anybody; the seller's own words come as from the
// cabinet, whatever the rules. A buyer's message reopens a closed chat. Claim
// ozon/buyer-reopens.
func (player) PostMessage(w *marketplace.World, ch chat.Chat, in marketplace.MessageInput) ([]chat.Event, error) {
	role := chat.Role(in.From)
	if role == "" {
		role = chat.RoleBuyer
		if ch.Buyer == "" {
			role = chat.RoleMarketplace
		}
	}
	from, ok := authorIn(ch, role)
	if !ok {
		return nil, marketplace.Invalid("from", "nobody is %q in this chat", in.From)
	}
	if in.Text == "" && in.File == nil {
		return nil, marketplace.Invalid("text", "neither text nor file is given")
	}
	m := chat.Message{Chat: ch.ID, At: w.Clock.Now(), From: from, Text: in.Text}
	if in.File != nil {
		file, err := playedFile(*in.File)
		if err != nil {
			return nil, err
		}
		m.Files = []chat.File{file}
	}
	var events []chat.Event
	if !ch.Closed.IsZero() && role == chat.RoleBuyer {
		events = append(events, chat.ChatReopened{At: m.At, Chat: ch.ID, By: from})
	}
	return append(events, chat.MessagePosted{At: m.At, Message: m}), nil
}

func playedFile(in marketplace.FileInput) (chat.File, error) {
	switch {
	case in.Name == "":
		return chat.File{}, marketplace.Invalid("file.name", "is missing")
	case in.URL != "" && !marketplace.IsAddress(in.URL):
		return chat.File{}, marketplace.Invalid("file.url", "%q is no http or https address", in.URL)
	}
	return in.As(contentType), nil
}

// PlaceOrder adds a posting, FBS by default.
func (player) PlaceOrder(w *marketplace.World, in marketplace.OrderInput) ([]chat.Event, error) {
	seller, err := w.Seller(in.Seller)
	if err != nil {
		return nil, err
	}
	now := w.Clock.Now()
	order := chat.Order{ID: in.ID, Seller: seller.ID, Buyer: in.Buyer, Scheme: in.Scheme, Placed: now}
	if order.ID == "" {
		n := uuid.New().ID()
		order.ID = fmt.Sprintf("%08d-%04d-1", n%100_000_000, n%10_000)
	}
	if _, known := w.Store.Order(order.ID); known {
		return nil, marketplace.Invalid("id", "there is an order %q already", order.ID)
	}
	if order.Scheme == "" {
		order.Scheme = schemeFBS
	}
	if !slices.Contains(schemes, order.Scheme) {
		return nil, marketplace.Invalid("scheme", "%q is none of %s", in.Scheme, strings.Join(schemes, ", "))
	}
	if order.Buyer == "" {
		order.Buyer = fmt.Sprint(uuid.New().ID())
	}
	if in.Paid != nil {
		order.Paid = in.Paid.UTC()
		order.Placed = earlier(order.Placed, order.Paid)
	}
	for _, item := range in.Items {
		order.Items = append(order.Items, chat.Item{SKU: item.SKU, OfferID: item.OfferID, Name: item.Name})
	}
	return append(newBuyer(w, order.Buyer), chat.OrderPlaced{At: now, Order: order}), nil
}

// ReturnOrder notes the return of a posting; it has no id of its own.
func (player) ReturnOrder(_ *marketplace.World, order chat.Order, at time.Time) ([]chat.Event, error) {
	return []chat.Event{chat.OrderReturned{At: at, ID: order.ID}}, nil
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// SetWebhook adds an address without a check, as from the cabinet.
func (player) SetWebhook(w *marketplace.World, in marketplace.WebhookInput, _ []chat.Webhook) ([]chat.Event, error) {
	seller, err := w.Seller(in.Seller)
	if err != nil {
		return nil, err
	}
	if !marketplace.IsAddress(in.URL) {
		return nil, marketplace.Invalid("url", "%q is no http or https address", in.URL)
	}
	if checkTypes(w.Config().Settings, in.Types) != nil {
		return nil, marketplace.Invalid("types", "%v has a type that does not exist in this edition", in.Types)
	}
	types := in.Types
	if len(types) == 0 {
		types = slices.Clone(chatEvents)
	}
	now := w.Clock.Now()
	return []chat.Event{chat.WebhookSaved{At: now, Webhook: chat.Webhook{
		Seller: seller.ID, URL: in.URL, Types: types, Enabled: in.Enabled == nil || *in.Enabled, Created: now, Ext: hookExt{},
	}}}, nil
}
