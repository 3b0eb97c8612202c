package yandex

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/form"
)

// player plays everybody but the caller of the API.
type player struct{}

// Player plays the buyer, support and the marketplace.
func (a *API) Player() marketplace.Player { return player{} }

// authors are the ids of those who are neither the store nor the buyer.
var authors = marketplace.Authors{chat.RoleSupport: "support", chat.RoleMarketplace: "market"}

func authorIn(c chat.Chat, role chat.Role) (chat.Author, bool) { return authors.In(c, role) }

// Author is who acts in a chat.
func (player) Author(c chat.Chat, role chat.Role) (chat.Author, bool) { return authorIn(c, role) }

// OpenChat opens a chat: the buyer's about an order or a return, a direct one
// without, or the chat of a dispute.
func (player) OpenChat(w *marketplace.World, in marketplace.ChatInput) ([]chat.Event, error) {
	order, seller, err := w.Subject(in)
	if err != nil {
		return nil, err
	}
	kind := in.Type
	switch {
	case kind == "":
		kind = typeChat
	case kind == contextDirect && order.ID != "":
		return nil, marketplace.Invalid("type", "a chat about %s is not %s", order.ID, contextDirect)
	case kind == contextDirect:
		kind = typeChat
	case !slices.Contains(typeWords, kind):
		return nil, marketplace.Invalid("type", "%q is none of %s, %s", in.Type, strings.Join(typeWords, ", "), contextDirect)
	case kind == typeArbitrage && order.ID == "":
		return nil, marketplace.Invalid("type", "a direct chat is never %s", typeArbitrage)
	}
	if known, found := chatAbout(w.Store, order.ID, kind); found {
		return nil, marketplace.Invalid("order", "the chat %s is about it already", known.ID)
	}
	ch := chat.Chat{Seller: seller.ID, Buyer: order.Buyer, Order: order.ID, Opened: w.Clock.Now(), Ext: aboutOrder(order, kind)}
	if in.Buyer != "" {
		ch.Buyer = in.Buyer
	}
	if ch.Buyer == "" {
		ch.Buyer = mintBuyer()
	}
	if ch.ID, err = idFor(w.Store, ch, in.ID); err != nil {
		return nil, err
	}
	return append(newBuyer(w, ch.Buyer), opening(ch)), nil
}

// opening is the event that opens a chat, in its first status.
func opening(ch chat.Chat) chat.Event {
	ext := extOfChat(&ch)
	first := stepCreated
	if ext.Type == typeArbitrage {
		first = stepDispute
	}
	ch.Ext = ext.then(first)
	return chat.ChatOpened{At: ch.Opened, Chat: ch}
}

// idFor is the told id of a chat, else one that follows from what it is about,
// the next free one for a second of the kind.
func idFor(store *chat.Store, ch chat.Chat, told string) (string, error) {
	if told != "" {
		n, ok := parseID(told)
		if !ok {
			return "", marketplace.Invalid("id", "%q is no number from 1 on", told)
		}
		return orderKey(n), nil
	}
	about := ch.Order
	if about == "" {
		about = ch.Buyer
	}
	for try := 0; ; try++ {
		id := chatIDFor(ch.Seller, about, extOfChat(&ch).Type, try)
		if _, taken := store.Chat(id); !taken {
			return id, nil
		}
	}
}

// mintBuyer is a public id like the vendor's: letters and digits.
func mintBuyer() string { return strings.ReplaceAll(uuid.NewString(), "-", "")[:20] }

func newBuyer(w *marketplace.World, id string) []chat.Event {
	if _, known := w.Store.Buyer(id); known {
		return nil
	}
	return []chat.Event{chat.BuyerAdded{At: w.Clock.Now(), Buyer: chat.Buyer{ID: id, Name: buyerName(id)}}}
}

// PostMessage writes as anybody; the seller's own words come as from the
// cabinet, whatever the rules.
func (player) PostMessage(w *marketplace.World, ch chat.Chat, in marketplace.MessageInput) ([]chat.Event, error) {
	role := chat.Role(in.From)
	if role == "" {
		role = chat.RoleBuyer
	}
	from, ok := authorIn(ch, role)
	if !ok {
		return nil, marketplace.Invalid("from", "nobody is %q in this chat", in.From)
	}
	if in.Text == "" && in.File == nil {
		return nil, marketplace.Invalid("text", "neither text nor file is given")
	}
	m := chat.Message{Chat: ch.ID, At: w.Clock.Now(), From: from, Text: in.Text, Ext: messageExt{}}
	if in.File != nil {
		file, err := playedFile(*in.File)
		if err != nil {
			return nil, err
		}
		m.Files = []chat.File{file}
	}
	return said(ch, m), nil
}

func playedFile(in marketplace.FileInput) (chat.File, error) {
	switch {
	case in.Name == "" || in.Name != form.BaseName(in.Name):
		return chat.File{}, marketplace.Invalid("file.name", "%q is no name of a file", in.Name)
	case in.URL != "" && (!marketplace.IsAddress(in.URL) || len(in.URL) > maxAddress):
		return chat.File{}, marketplace.Invalid("file.url", "%q is no http or https address of up to %d bytes", in.URL, maxAddress)
	}
	return in.As(form.ContentType), nil
}

// maxAddress bounds the address of a payload. Claim yandex/payload-item.
const maxAddress = 2000

// PlaceOrder adds an order, FBS by default.
func (player) PlaceOrder(w *marketplace.World, in marketplace.OrderInput) ([]chat.Event, error) {
	seller, err := w.Seller(in.Seller)
	if err != nil {
		return nil, err
	}
	now := w.Clock.Now()
	if in.ID == "" {
		in.ID = orderKey(100_000_000 + int64(uuid.New().ID()%900_000_000))
	}
	id, ok := parseID(in.ID)
	if !ok {
		return nil, marketplace.Invalid("id", "%q is no number from 1 on", in.ID)
	}
	order := chat.Order{ID: orderKey(id), Seller: seller.ID, Buyer: in.Buyer, Scheme: in.Scheme, Placed: now}
	if _, known := w.Store.Order(order.ID); known {
		return nil, marketplace.Invalid("id", "there is an order %s already", order.ID)
	}
	if order.Scheme == "" {
		order.Scheme = modelFBS
	}
	if !slices.Contains(models, order.Scheme) {
		return nil, marketplace.Invalid("scheme", "%q is none of %s", in.Scheme, strings.Join(models, ", "))
	}
	order.Ext = orderExt{Campaign: storeFor(extOfSeller(seller).Campaigns, order.Scheme), Order: id}
	if order.Buyer == "" {
		order.Buyer = mintBuyer()
	}
	if in.Paid != nil {
		order.Paid = in.Paid.UTC()
		if order.Paid.Before(order.Placed) {
			order.Placed = order.Paid
		}
	}
	for _, item := range in.Items {
		order.Items = append(order.Items, chat.Item{SKU: item.SKU, OfferID: item.OfferID, Name: item.Name})
	}
	return append(newBuyer(w, order.Buyer), chat.OrderPlaced{At: now, Order: order}), nil
}

// ReturnOrder makes a return with the next free number. An order may have
// several: the buyer gives back one thing after the other.
func (player) ReturnOrder(w *marketplace.World, order chat.Order, at time.Time) ([]chat.Event, error) {
	return giveBack(w, order, 0, at)
}

// usualReturn is the first number of a return that is told none.
const usualReturn = 7001

func giveBack(w *marketplace.World, order chat.Order, id int64, at time.Time) ([]chat.Event, error) {
	if extOfOrder(order).Return != 0 {
		return nil, marketplace.Invalid("order", "%s is a return itself", order.ID)
	}
	for free := int64(usualReturn); id == 0; free++ {
		if _, taken := w.Store.Order(returnKey(free)); !taken {
			id = free
		}
	}
	if _, taken := w.Store.Order(returnKey(id)); taken || id < 1 {
		return nil, marketplace.Invalid("id", "%d is no number or there is such a return already", id)
	}
	return []chat.Event{
		chat.OrderReturned{At: at, ID: order.ID},
		chat.OrderPlaced{At: at, Order: returnOf(order, id, at)},
	}, nil
}

// SetWebhook adds an address without a ping. Claim yandex/webhooks-without-ping.
func (player) SetWebhook(w *marketplace.World, in marketplace.WebhookInput, _ []chat.Webhook) ([]chat.Event, error) {
	hook, err := hookFor(w, in)
	if err != nil {
		return nil, err
	}
	hook.Enabled = in.Enabled == nil || *in.Enabled
	return []chat.Event{chat.WebhookSaved{At: hook.Created, Webhook: hook}}, nil
}

// hookFor is an address as it was asked for, switched off.
func hookFor(w *marketplace.World, in marketplace.WebhookInput) (chat.Webhook, error) {
	seller, err := w.Seller(in.Seller)
	if err != nil {
		return chat.Webhook{}, err
	}
	if in.URL == "" {
		return chat.Webhook{}, marketplace.Invalid("url", "is missing")
	}
	if !marketplace.IsAddress(in.URL) {
		return chat.Webhook{}, marketplace.Invalid("url", "%q is no http or https address", in.URL)
	}
	for _, t := range in.Types {
		if !slices.Contains(pushTypes, t) {
			return chat.Webhook{}, marketplace.Invalid("types", "there is no type %q", t)
		}
	}
	types := in.Types
	if len(types) == 0 {
		types = slices.Clone(chatEvents)
	}
	return chat.Webhook{Seller: seller.ID, URL: in.URL, Types: types, Created: w.Clock.Now(), Ext: hookExt{}}, nil
}
