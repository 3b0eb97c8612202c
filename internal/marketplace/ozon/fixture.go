package ozon

import (
	"fmt"
	"slices"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/worldfile"
)

// Fixture is the section ozon of world files.
func (a *API) Fixture() marketplace.FixtureSection {
	return marketplace.FixtureSection{Schema: marketplace.Schema[worldFile], Decode: decodeWorld}
}

func decodeWorld(env marketplace.Env, read func(into any) error) ([]chat.Event, error) {
	var file worldFile
	if err := read(&file); err != nil {
		return nil, err
	}
	b := &worldBuilder{Builder: worldfile.New(env), chatIDs: map[string]bool{}}
	for _, step := range []func(worldFile) error{b.addSellers, b.addOrders, b.addChats, b.generate, b.addWebhooks} {
		if err := step(file); err != nil {
			return nil, err
		}
	}
	return b.Events(mintMessage), nil
}

// worldBuilder makes the events of a world.
type worldBuilder struct {
	*worldfile.Builder
	chatIDs map[string]bool
}

func (b *worldBuilder) addBuyer(id string) { b.AddBuyer(chat.Buyer{ID: id}) }

func (b *worldBuilder) addOrders(file worldFile) error {
	for i, o := range file.Orders {
		order, err := b.order(fmt.Sprintf("orders[%d]", i), o)
		if err != nil {
			return err
		}
		b.addBuyer(order.Buyer)
		b.AddOrder(order)
	}
	return nil
}

func (b *worldBuilder) order(path string, o worldOrder) (chat.Order, error) {
	seller, err := b.Seller(path+".seller", o.Seller)
	if err != nil {
		return chat.Order{}, err
	}
	switch _, twice := b.Order(o.Number); {
	case o.Number == "":
		return chat.Order{}, worldfile.Mistake(path+".number", "is missing")
	case twice:
		return chat.Order{}, worldfile.Mistake(path+".number", "%s stands here twice", o.Number)
	}
	out := chat.Order{ID: o.Number, Seller: seller.ID, Buyer: o.Buyer, Scheme: o.Scheme}
	if out.Scheme == "" {
		out.Scheme = schemeFBS
	}
	if !slices.Contains(schemes, out.Scheme) {
		return out, worldfile.NoneOf(path+".scheme", o.Scheme, schemes)
	}
	return out, b.FillOrder(path, &out, worldfile.OrderTimes{
		Placed: o.Placed, Paid: o.Paid, Delivered: o.Delivered, Returned: o.Returned, Cancelled: o.Cancelled,
	}, o.Items)
}

var schemes = []string{schemeFBO, schemeFBS, schemeRFBS}

func (b *worldBuilder) addWebhooks(file worldFile) error {
	known := make([]string, len(pushTypes))
	for i, t := range pushTypes {
		known[i] = t.name
	}
	for i, h := range file.Webhooks {
		hook := chat.Webhook{URL: h.URL, Types: h.Types, Ext: hookExt{}}
		if err := b.AddWebhook(fmt.Sprintf("webhooks[%d]", i), h.Seller, hook, known, chatEvents); err != nil {
			return err
		}
	}
	return nil
}
