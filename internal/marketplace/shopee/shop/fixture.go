package shop

import (
	"fmt"
	"regexp"

	"github.com/google/jsonschema-go/jsonschema"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/worldfile"
)

// Fixture is the section shopee of world files.
func Fixture() marketplace.FixtureSection {
	return marketplace.FixtureSection{Schema: worldSchema, Decode: decodeWorld}
}

func worldSchema() *jsonschema.Schema {
	return marketplace.WithWords(marketplace.Schema[worldFile](), worldWords)
}

// worldWords are the words of the section that are of a closed list.
var worldWords = map[string][]string{
	"sellers.region":        Regions(),
	"sellers.state":         shopStates,
	"sellers.login_state":   loginStates,
	"apps.state":            appStates,
	"chats.messages.from":   writers,
	"chats.messages.type":   Types,
	"chats.messages.status": statuses,
	"chats.messages.source": sources,
	"webhooks.types":        pushEvents,
	"generate.types":        generatedTypes,
}

func decodeWorld(env marketplace.Env, read func(into any) error) ([]chat.Event, error) {
	var file worldFile
	if err := read(&file); err != nil {
		return nil, err
	}
	b := &worldBuilder{
		Builder: worldfile.New(env), apps: map[string]App{}, shops: map[string]Shop{}, ids: map[int64]string{},
		chats: map[string]bool{}, quotes: map[*chat.Message]*chat.Message{},
	}
	for _, step := range []func(worldFile) error{
		b.addApps, b.addSellers, b.addBuyers, b.addOrders, b.addChats, b.generate, b.addWebhooks,
	} {
		if err := step(file); err != nil {
			return nil, err
		}
	}
	return b.quoted(b.Events(Mint)), nil
}

// worldBuilder makes the events of a world.
type worldBuilder struct {
	*worldfile.Builder
	apps  map[string]App // by name
	first string         // name of the first app
	shops map[string]Shop
	ids   map[int64]string // whose shop or user an id is
	chats map[string]bool  // ids
	// quotes are messages and what they quote, which has no id yet.
	quotes map[*chat.Message]*chat.Message
}

// quoted gives messages the ids of those that they quote.
func (b *worldBuilder) quoted(events []chat.Event) []chat.Event {
	if len(b.quotes) == 0 {
		return events
	}
	ids := map[uint64]uint64{}
	for m, of := range b.quotes {
		ids[m.ID] = of.ID
	}
	for i, e := range events {
		posted, ok := e.(chat.MessagePosted)
		if !ok || ids[posted.Message.ID] == 0 {
			continue
		}
		ext := MessageOf(posted.Message)
		ext.Quoted = ids[posted.Message.ID]
		posted.Message.Ext = ext
		events[i] = posted
	}
	return events
}

// maxUser bounds user ids: two of them make a conversation id of 63 bits. Claim
// shopee/conversation-id.
const maxUser = 1<<31 - 1

// userID reads a user id; false for what is none.
func userID(text string) (int64, bool) {
	id := Number(text)
	return id, id > 0 && id <= maxUser && Key(id) == text
}

func (b *worldBuilder) addBuyers(file worldFile) error {
	for i, p := range file.Buyers {
		path := fmt.Sprintf("buyers[%d]", i)
		id, ok := userID(p.ID)
		switch {
		case !ok:
			return worldfile.Mistake(path+".id", "%q is no number from 1 to %d", p.ID, maxUser)
		case b.KnowsBuyer(p.ID):
			return worldfile.Mistake(path+".id", "%s stands here twice", p.ID)
		}
		buyer := newBuyer(id)
		its := CustomerOf(buyer)
		its.Avatar, its.Frozen = p.Avatar, p.Frozen
		if p.ShopID != 0 {
			its.ShopID = p.ShopID
		}
		if p.Name != "" {
			buyer.Name = p.Name
		}
		buyer.Ext = its
		b.AddBuyer(buyer)
	}
	return nil
}

// buyer makes a user known as a buyer.
func (b *worldBuilder) buyer(path, told string) (string, error) {
	id, ok := userID(told)
	if !ok {
		return "", worldfile.Mistake(path, "%q is no number from 1 to %d", told, maxUser)
	}
	if !b.KnowsBuyer(told) {
		b.AddBuyer(newBuyer(id))
	}
	return told, nil
}

func (b *worldBuilder) addOrders(file worldFile) error {
	for i, o := range file.Orders {
		order, err := b.newOrder(fmt.Sprintf("orders[%d]", i), o)
		if err != nil {
			return err
		}
		b.AddOrder(order)
	}
	return nil
}

// orderSN is what an order_sn looks like. Claim shopee/order-sn.
var orderSN = regexp.MustCompile(`^[0-9A-Z]{14}$`)

func (b *worldBuilder) newOrder(path string, o worldOrder) (chat.Order, error) {
	out := chat.Order{ID: o.SN, Ext: Order{ReturnOpen: o.ReturnOpen}}
	switch _, twice := b.Order(o.SN); {
	case !orderSN.MatchString(o.SN):
		return out, worldfile.Mistake(path+".sn", "%q is not 14 digits and capital letters", o.SN)
	case twice:
		return out, worldfile.Mistake(path+".sn", "%s stands here twice", o.SN)
	}
	seller, err := b.Seller(path+".seller", o.Seller)
	if err != nil {
		return out, err
	}
	out.Seller = seller.ID
	if out.Buyer, err = b.buyer(path+".buyer", o.Buyer); err != nil {
		return out, err
	}
	return out, b.FillOrder(path, &out, worldfile.OrderTimes{
		Placed: o.Placed, Paid: o.Paid, Delivered: o.Delivered, Cancelled: o.Cancelled, Returned: o.Returned,
	}, o.Items)
}

func (b *worldBuilder) addWebhooks(file worldFile) error {
	addressed := map[int64]string{} // by app
	for i, h := range file.Webhooks {
		path := fmt.Sprintf("webhooks[%d]", i)
		seller, err := b.Seller(path+".seller", h.Seller)
		if err != nil {
			return err
		}
		app := ShopOf(seller).App
		hook := Hook{PartnerID: app.PartnerID, On: h.On, Off: h.Off}
		if other, twice := addressed[app.PartnerID]; twice {
			return worldfile.Mistake(path, oneAddress, app.PartnerID, other)
		}
		addressed[app.PartnerID] = h.URL
		if hook.On == nil {
			hook.On = []int{PushWebchat}
		}
		for j, name := range h.Blocked {
			blocked, err := b.Seller(fmt.Sprintf("%s.blocked[%d]", path, j), name)
			if err != nil {
				return err
			}
			hook.Blocked = append(hook.Blocked, ShopOf(blocked).ID)
		}
		err = b.AddWebhook(path, h.Seller, chat.Webhook{URL: h.URL, Types: h.Types, Ext: hook}, pushEvents, pushEvents)
		if err != nil {
			return err
		}
	}
	return nil
}
