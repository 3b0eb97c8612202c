package yandex

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/jsonschema-go/jsonschema"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/worldfile"
)

// Fixture is the section yandex of world files.
func (a *API) Fixture() marketplace.FixtureSection {
	return marketplace.FixtureSection{Schema: worldSchema, Decode: decodeWorld}
}

func worldSchema() *jsonschema.Schema {
	return marketplace.WithWords(marketplace.Schema[worldFile](), worldWords)
}

func decodeWorld(env marketplace.Env, read func(into any) error) ([]chat.Event, error) {
	var file worldFile
	if err := read(&file); err != nil {
		return nil, err
	}
	b := &worldBuilder{
		Builder: worldfile.New(env), campaigns: map[int64]bool{}, chats: map[string]bool{}, about: map[string]bool{}, nextChat: firstChat,
	}
	for _, step := range []func(worldFile) error{
		b.addSellers, b.addBuyers, b.addOrders, b.addReturns, b.addChats, b.generate, b.addWebhooks,
	} {
		if err := step(file); err != nil {
			return nil, err
		}
	}
	return b.Events(mintMessage), nil
}

// worldBuilder makes the events of a world. A return is an order of its own.
type worldBuilder struct {
	*worldfile.Builder
	campaigns map[int64]bool
	chats     map[string]bool // ids
	about     map[string]bool // what there is a chat about, with its type
	nextChat  int64
}

func (b *worldBuilder) addBuyers(file worldFile) error {
	for i, buyer := range file.Buyers {
		path := fmt.Sprintf("buyers[%d]", i)
		switch {
		case buyer.ID == "":
			return worldfile.Mistake(path+".id", "is missing")
		case b.KnowsBuyer(buyer.ID):
			return worldfile.Mistake(path+".id", "%s stands here twice", buyer.ID)
		}
		b.addBuyer(buyer.ID, buyer.Name)
	}
	return nil
}

// addBuyer makes a buyer known. Without a name it gets a made-up one, that
// follows from the id.
func (b *worldBuilder) addBuyer(id, name string) {
	if name == "" {
		name = buyerName(id)
	}
	b.AddBuyer(chat.Buyer{ID: id, Name: name})
}

func (b *worldBuilder) addOrders(file worldFile) error {
	for i, o := range file.Orders {
		order, err := b.order(fmt.Sprintf("orders[%d]", i), o)
		if err != nil {
			return err
		}
		b.place(order)
	}
	return nil
}

func (b *worldBuilder) place(order chat.Order) {
	b.addBuyer(order.Buyer, "")
	b.AddOrder(order)
}

func (b *worldBuilder) order(path string, o worldOrder) (chat.Order, error) {
	seller, err := b.Seller(path+".seller", o.Seller)
	if err != nil {
		return chat.Order{}, err
	}
	out := chat.Order{ID: orderKey(o.ID), Seller: seller.ID, Buyer: o.Buyer, Scheme: o.Model}
	switch _, twice := b.Order(out.ID); {
	case o.ID < 1:
		return out, worldfile.Mistake(path+".id", "must be a number from 1 on")
	case twice:
		return out, worldfile.Mistake(path+".id", "%d stands here twice", o.ID)
	}
	if out.Scheme == "" {
		out.Scheme = modelFBS
	}
	if !slices.Contains(models, out.Scheme) {
		return out, worldfile.NoneOf(path+".model", o.Model, models)
	}
	if out.Buyer == "" {
		out.Buyer = fmt.Sprintf("buyer%d", o.ID)
	}
	store, err := orderStore(path+".campaign", extOfSeller(seller).Campaigns, out.Scheme, o.Campaign)
	if err != nil {
		return out, err
	}
	out.Ext = orderExt{Campaign: store, Order: o.ID}
	return out, b.FillOrder(path, &out, worldfile.OrderTimes{
		Placed: o.Placed, Paid: o.Paid, Delivered: o.Delivered, Cancelled: o.Cancelled,
	}, o.Items)
}

// orderStore is the store of an order: the one that is told, if it sells by the
// order's model, else the first that does.
func orderStore(path string, stores []campaign, model string, told int64) (int64, error) {
	if told == 0 {
		return storeFor(stores, model), nil
	}
	i := slices.IndexFunc(stores, func(c campaign) bool { return c.ID == told })
	if i < 0 {
		return 0, worldfile.Mistake(path, "the seller has no campaign %d", told)
	}
	if stores[i].Placement != placementOf(model) {
		return 0, worldfile.Mistake(path, "a store of %s has no orders of %s", stores[i].Placement, model)
	}
	return told, nil
}

func (b *worldBuilder) addReturns(file worldFile) error {
	for i, r := range file.Returns {
		path := fmt.Sprintf("returns[%d]", i)
		order, known := b.Order(orderKey(r.Order))
		switch _, twice := b.Order(returnKey(r.ID)); {
		case r.ID < 1:
			return worldfile.Mistake(path+".id", "must be a number from 1 on")
		case twice:
			return worldfile.Mistake(path+".id", "%d stands here twice", r.ID)
		case !known:
			return worldfile.Mistake(path+".order", "there is no order %d", r.Order)
		}
		at, err := b.Past(path+".at", r.At, b.Env.Now)
		if err != nil {
			return err
		}
		b.giveBack(order, r.ID, at)
	}
	return nil
}

func (b *worldBuilder) giveBack(order chat.Order, id int64, at time.Time) {
	b.place(returnOf(order, id, at))
	b.Happen(chat.OrderReturned{At: at, ID: order.ID})
}

// returnOf is the return of an order.
func returnOf(order chat.Order, id int64, at time.Time) chat.Order {
	ext := extOfOrder(order)
	ext.Return = id
	return chat.Order{
		ID: returnKey(id), Seller: order.Seller, Buyer: order.Buyer, Scheme: order.Scheme,
		Placed: at, Returned: at, Items: order.Items, Ext: ext,
	}
}

func (b *worldBuilder) addWebhooks(file worldFile) error {
	for i, h := range file.Webhooks {
		hook := chat.Webhook{URL: h.URL, Types: h.Types, Ext: hookExt{}}
		if err := b.AddWebhook(fmt.Sprintf("webhooks[%d]", i), h.Seller, hook, pushTypes, chatEvents); err != nil {
			return err
		}
	}
	return nil
}
