package worldfile

import (
	"fmt"
	"slices"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// AddSeller adds a seller under its name; the first is the one that is meant
// where a file names none.
func (b *Builder) AddSeller(path string, s chat.Seller) error {
	if s.Name == "" {
		return Mistake(path+".name", "is missing")
	}
	if _, twice := b.sellers[s.Name]; twice {
		return Mistake(path+".name", "%s stands here twice", s.Name)
	}
	if b.first == "" {
		b.first = s.Name
	}
	b.sellers[s.Name] = s
	b.setup = append(b.setup, chat.SellerAdded{Seller: s})
	return nil
}

// Seller is the one of a name, the first by default.
func (b *Builder) Seller(path, name string) (chat.Seller, error) {
	if name == "" {
		name = b.first
	}
	s, ok := b.sellers[name]
	if !ok {
		return s, Mistake(path, "there is no seller %s", name)
	}
	return s, nil
}

// AddBuyer adds a buyer that is not known yet.
func (b *Builder) AddBuyer(buyer chat.Buyer) {
	if buyer.ID != "" && !b.buyers[buyer.ID] {
		b.buyers[buyer.ID] = true
		b.setup = append(b.setup, chat.BuyerAdded{Buyer: buyer})
	}
}

// KnowsBuyer reports whether a buyer was added.
func (b *Builder) KnowsBuyer(id string) bool { return b.buyers[id] }

// AddOrder adds an order whose id is free.
func (b *Builder) AddOrder(o chat.Order) {
	b.orders[o.ID] = o
	b.setup = append(b.setup, chat.OrderPlaced{Order: o})
}

// Order is one that was added.
func (b *Builder) Order(id string) (chat.Order, bool) {
	o, ok := b.orders[id]
	return o, ok
}

// Item is a position of an order.
type Item struct {
	SKU     string `yaml:"sku" json:"sku"`
	OfferID string `yaml:"offer_id" json:"offer_id,omitempty"`
	Name    string `yaml:"name" json:"name,omitempty"`
}

// OrderTimes are what an order's section tells; empty for what has not happened.
type OrderTimes struct{ Placed, Paid, Delivered, Returned, Cancelled string }

// FillOrder sets an order's times and items. It is placed when it is paid, unless
// the time is told, and that is not ahead.
func (b *Builder) FillOrder(path string, o *chat.Order, told OrderTimes, items []Item) error {
	placed, err := b.Past(path+".placed", told.Placed, time.Time{})
	if err != nil {
		return err
	}
	o.Placed = placed
	for _, t := range []struct {
		name, value string
		into        *time.Time
	}{
		{"paid", told.Paid, &o.Paid},
		{"delivered", told.Delivered, &o.Delivered},
		{"returned", told.Returned, &o.Returned},
		{"cancelled", told.Cancelled, &o.Cancelled},
	} {
		at, err := b.Moment(path+"."+t.name, t.value, time.Time{})
		if err != nil {
			return err
		}
		*t.into = at
	}
	if o.Placed.IsZero() {
		if o.Placed = o.Paid; o.Placed.After(b.Env.Now) {
			return Mistake(path+".paid", "%s is in the future, and so is the order", told.Paid)
		}
	}
	for _, item := range items {
		o.Items = append(o.Items, chat.Item(item))
	}
	return nil
}

// AddWebhook adds an address of a named seller, switched on. Without types it gets
// the usual ones of all that are known.
func (b *Builder) AddWebhook(path, seller string, hook chat.Webhook, known, usual []string) error {
	owner, err := b.Seller(path+".seller", seller)
	if err != nil {
		return err
	}
	if !marketplace.IsAddress(hook.URL) {
		return Mistake(path+".url", "%s is no http or https address", hook.URL)
	}
	for i, t := range hook.Types {
		if !slices.Contains(known, t) {
			return Mistake(fmt.Sprintf("%s.types[%d]", path, i), "there is no type %s", t)
		}
	}
	if len(hook.Types) == 0 {
		hook.Types = slices.Clone(usual)
	}
	hook.Seller, hook.Enabled, hook.Created = owner.ID, true, b.Env.Now
	b.setup = append(b.setup, chat.WebhookSaved{Webhook: hook})
	return nil
}
