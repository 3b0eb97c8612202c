package yandex

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/jsonschema-go/jsonschema"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/when"
)

// Fixture is the section yandex of world files.
func (a *API) Fixture() marketplace.FixtureSection {
	return marketplace.FixtureSection{Schema: worldSchema(), Decode: decodeWorld}
}

func worldSchema() *jsonschema.Schema {
	schema, err := jsonschema.For[worldFile](nil)
	if err != nil { // a mistake in our own types
		return &jsonschema.Schema{Type: "object"}
	}
	return schema
}

func decodeWorld(env marketplace.Env, read func(into any) error) ([]chat.Event, error) {
	var file worldFile
	if err := read(&file); err != nil {
		return nil, err
	}
	b := &worldBuilder{
		env: env, sellers: map[string]chat.Seller{}, campaigns: map[int64]bool{}, orders: map[string]chat.Order{},
		buyers: map[string]bool{}, chats: map[string]bool{}, about: map[string]bool{}, nextChat: firstChat,
	}
	for _, step := range []func(worldFile) error{
		b.addSellers, b.addBuyers, b.addOrders, b.addReturns, b.addChats, b.generate, b.addWebhooks,
	} {
		if err := step(file); err != nil {
			return nil, err
		}
	}
	return b.events(), nil
}

// worldBuilder collects the events of a world. Message ids are given when all
// messages are known and sorted.
type worldBuilder struct {
	env       marketplace.Env
	first     string // name of the first seller
	sellers   map[string]chat.Seller
	campaigns map[int64]bool
	orders    map[string]chat.Order // returns too
	buyers    map[string]bool
	chats     map[string]bool // ids
	about     map[string]bool // what there is a chat about, with its type
	nextChat  int64
	setup     []chat.Event // with a zero At: as old as the oldest step
	steps     []worldStep
}

// worldStep is an event, or a message whose id is still to come.
type worldStep struct {
	at      time.Time
	event   chat.Event
	message *chat.Message
}

func mistake(path, format string, args ...any) error {
	return &marketplace.FixtureError{Path: path, Reason: fmt.Sprintf(format, args...)}
}

// noneOf is a mistake in a word.
func noneOf(path, word string, known []string) error {
	return mistake(path, "%s is none of %s", word, strings.Join(known, ", "))
}

// events sorts, mints message ids and dates the sellers and orders before
// everything else.
func (b *worldBuilder) events() []chat.Event {
	slices.SortStableFunc(b.steps, func(x, y worldStep) int { return x.at.Compare(y.at) })
	start := b.env.Now
	if len(b.steps) > 0 && b.steps[0].at.Before(start) {
		start = b.steps[0].at
	}
	out := make([]chat.Event, 0, len(b.setup)+len(b.steps))
	for _, e := range b.setup {
		out = append(out, datedAt(e, start))
	}
	var last uint64
	for _, s := range b.steps {
		if s.message == nil {
			out = append(out, s.event)
			continue
		}
		last = mintMessage(s.at, last)
		s.message.ID = last
		out = append(out, chat.MessagePosted{At: s.at, Message: *s.message})
	}
	return out
}

func datedAt(e chat.Event, at time.Time) chat.Event {
	switch e := e.(type) {
	case chat.SellerAdded:
		e.At = at
		return e
	case chat.BuyerAdded:
		e.At = at
		return e
	case chat.OrderPlaced:
		e.At = at
		return e
	case chat.WebhookSaved:
		e.At = at
		return e
	}
	return e
}

// moment reads a time; fallback stands for an empty one.
func (b *worldBuilder) moment(path, s string, fallback time.Time) (time.Time, error) {
	if s == "" {
		return fallback, nil
	}
	t, err := when.Parse(s, b.env.Now)
	if err != nil {
		return time.Time{}, mistake(path, "%v", err)
	}
	return t, nil
}

// past is moment for what cannot lie ahead.
func (b *worldBuilder) past(path, s string, fallback time.Time) (time.Time, error) {
	t, err := b.moment(path, s, fallback)
	if err == nil && t.After(b.env.Now) {
		return t, mistake(path, "%s is in the future", s)
	}
	return t, err
}

func (b *worldBuilder) seller(path, name string) (chat.Seller, error) {
	if name == "" {
		name = b.first
	}
	s, ok := b.sellers[name]
	if !ok {
		return s, mistake(path, "there is no seller %s", name)
	}
	return s, nil
}

func (b *worldBuilder) addBuyers(file worldFile) error {
	for i, buyer := range file.Buyers {
		path := fmt.Sprintf("buyers[%d]", i)
		switch {
		case buyer.ID == "":
			return mistake(path+".id", "is missing")
		case b.buyers[buyer.ID]:
			return mistake(path+".id", "%s stands here twice", buyer.ID)
		}
		b.addBuyer(buyer.ID, buyer.Name)
	}
	return nil
}

// addBuyer makes a buyer known. Without a name it gets a made-up one, that
// follows from the id.
func (b *worldBuilder) addBuyer(id, name string) {
	if id == "" || b.buyers[id] {
		return
	}
	if name == "" {
		name = buyerName(id)
	}
	b.buyers[id] = true
	b.setup = append(b.setup, chat.BuyerAdded{Buyer: chat.Buyer{ID: id, Name: name}})
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
	b.orders[order.ID] = order
	b.setup = append(b.setup, chat.OrderPlaced{Order: order})
}

func (b *worldBuilder) order(path string, o worldOrder) (chat.Order, error) {
	seller, err := b.seller(path+".seller", o.Seller)
	if err != nil {
		return chat.Order{}, err
	}
	out := chat.Order{ID: orderKey(o.ID), Seller: seller.ID, Buyer: o.Buyer, Scheme: o.Model}
	switch _, twice := b.orders[out.ID]; {
	case o.ID < 1:
		return out, mistake(path+".id", "must be a number from 1 on")
	case twice:
		return out, mistake(path+".id", "%d stands here twice", o.ID)
	}
	if out.Scheme == "" {
		out.Scheme = modelFBS
	}
	if !slices.Contains(models, out.Scheme) {
		return out, noneOf(path+".model", o.Model, models)
	}
	if out.Buyer == "" {
		out.Buyer = fmt.Sprintf("buyer%d", o.ID)
	}
	stores := extOfSeller(seller).Campaigns
	ext := orderExt{Campaign: o.Campaign, Order: o.ID}
	if ext.Campaign == 0 {
		ext.Campaign = storeFor(stores, out.Scheme)
	} else if !slices.ContainsFunc(stores, func(c campaign) bool { return c.ID == o.Campaign }) {
		return out, mistake(path+".campaign", "the seller has no campaign %d", o.Campaign)
	}
	out.Ext = ext
	for _, item := range o.Items {
		out.Items = append(out.Items, chat.Item{SKU: item.SKU, OfferID: item.OfferID, Name: item.Name})
	}
	return out, b.orderTimes(path, o, &out)
}

func (b *worldBuilder) orderTimes(path string, o worldOrder, out *chat.Order) error {
	for _, t := range []struct {
		name, value string
		into        *time.Time
	}{
		{"placed", o.Placed, &out.Placed},
		{"paid", o.Paid, &out.Paid},
		{"delivered", o.Delivered, &out.Delivered},
		{"cancelled", o.Cancelled, &out.Cancelled},
	} {
		at, err := b.moment(path+"."+t.name, t.value, time.Time{})
		if err != nil {
			return err
		}
		*t.into = at
	}
	if out.Placed.IsZero() {
		out.Placed = out.Paid
	}
	return nil
}

func (b *worldBuilder) addReturns(file worldFile) error {
	for i, r := range file.Returns {
		path := fmt.Sprintf("returns[%d]", i)
		order, known := b.orders[orderKey(r.Order)]
		switch _, twice := b.orders[returnKey(r.ID)]; {
		case r.ID < 1:
			return mistake(path+".id", "must be a number from 1 on")
		case twice:
			return mistake(path+".id", "%d stands here twice", r.ID)
		case !known:
			return mistake(path+".order", "there is no order %d", r.Order)
		}
		at, err := b.past(path+".at", r.At, b.env.Now)
		if err != nil {
			return err
		}
		b.giveBack(order, r.ID, at)
	}
	return nil
}

func (b *worldBuilder) giveBack(order chat.Order, id int64, at time.Time) {
	b.place(returnOf(order, id, at))
	b.steps = append(b.steps, worldStep{at: at, event: chat.OrderReturned{At: at, ID: order.ID}})
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
		path := fmt.Sprintf("webhooks[%d]", i)
		seller, err := b.seller(path+".seller", h.Seller)
		if err != nil {
			return err
		}
		if !isAddress(h.URL) {
			return mistake(path+".url", "%s is no http or https address", h.URL)
		}
		for j, t := range h.Types {
			if !slices.Contains(pushTypes, t) {
				return mistake(fmt.Sprintf("%s.types[%d]", path, j), "there is no type %s", t)
			}
		}
		types := h.Types
		if len(types) == 0 {
			types = slices.Clone(chatEvents)
		}
		b.setup = append(b.setup, chat.WebhookSaved{Webhook: chat.Webhook{
			Seller: seller.ID, URL: h.URL, Types: types, Enabled: true, Created: b.env.Now, Ext: hookExt{},
		}})
	}
	return nil
}
