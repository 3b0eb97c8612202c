package ozon

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/google/uuid"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/when"
)

// Fixture is the section ozon of world files.
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
	b := &worldBuilder{env: env, sellers: map[string]chat.Seller{}, orders: map[string]chat.Order{}, buyers: map[string]bool{}}
	for _, step := range []func(worldFile) error{b.addSellers, b.addOrders, b.addChats, b.generate, b.addWebhooks} {
		if err := step(file); err != nil {
			return nil, err
		}
	}
	return b.events(), nil
}

// worldBuilder collects the events of a world. Message ids are given when all
// messages are known and sorted.
type worldBuilder struct {
	env     marketplace.Env
	first   string // name of the first seller
	sellers map[string]chat.Seller
	orders  map[string]chat.Order
	buyers  map[string]bool
	chatIDs map[string]bool
	setup   []chat.Event // with a zero At: as old as the oldest step
	steps   []worldStep
}

// worldStep is an event whose message ids are still to come: message is posted,
// or, with by, read.
type worldStep struct {
	at      time.Time
	event   chat.Event
	message *chat.Message
	by      *chat.Author
}

func mistake(path, format string, args ...any) error {
	return &marketplace.FixtureError{Path: path, Reason: fmt.Sprintf(format, args...)}
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
		switch {
		case s.message == nil:
			out = append(out, s.event)
		case s.by == nil:
			last = mintMessage(s.at, last)
			s.message.ID = last
			out = append(out, chat.MessagePosted{At: s.at, Message: *s.message})
		default:
			out = append(out, chat.ChatRead{At: s.at, Chat: s.message.Chat, By: *s.by, UpTo: s.message.ID})
		}
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

func (b *worldBuilder) addBuyer(id string) {
	if id != "" && !b.buyers[id] {
		b.buyers[id] = true
		b.setup = append(b.setup, chat.BuyerAdded{Buyer: chat.Buyer{ID: id}})
	}
}

func (b *worldBuilder) addOrders(file worldFile) error {
	for i, o := range file.Orders {
		path := fmt.Sprintf("orders[%d]", i)
		order, err := b.order(path, o)
		if err != nil {
			return err
		}
		b.addBuyer(order.Buyer)
		b.orders[order.ID] = order
		b.setup = append(b.setup, chat.OrderPlaced{Order: order})
	}
	return nil
}

func (b *worldBuilder) order(path string, o worldOrder) (chat.Order, error) {
	seller, err := b.seller(path+".seller", o.Seller)
	if err != nil {
		return chat.Order{}, err
	}
	switch {
	case o.Number == "":
		return chat.Order{}, mistake(path+".number", "is missing")
	case b.orders[o.Number].ID != "":
		return chat.Order{}, mistake(path+".number", "%s stands here twice", o.Number)
	}
	out := chat.Order{ID: o.Number, Seller: seller.ID, Buyer: o.Buyer, Scheme: o.Scheme}
	if out.Scheme == "" {
		out.Scheme = schemeFBS
	}
	if !slices.Contains(schemes, out.Scheme) {
		return out, mistake(path+".scheme", "%s is none of %s", o.Scheme, strings.Join(schemes, ", "))
	}
	for _, t := range []struct {
		name, value string
		into        *time.Time
	}{
		{"paid", o.Paid, &out.Paid},
		{"delivered", o.Delivered, &out.Delivered},
		{"returned", o.Returned, &out.Returned},
		{"cancelled", o.Cancelled, &out.Cancelled},
		{"placed", o.Placed, &out.Placed},
	} {
		if *t.into, err = b.moment(path+"."+t.name, t.value, time.Time{}); err != nil {
			return out, err
		}
	}
	if out.Placed.IsZero() {
		out.Placed = out.Paid
	}
	for _, item := range o.Items {
		out.Items = append(out.Items, chat.Item{SKU: item.SKU, OfferID: item.OfferID, Name: item.Name})
	}
	return out, nil
}

var schemes = []string{schemeFBO, schemeFBS, schemeRFBS}

// addSellers makes the two demo sellers if the file names none.
func (b *worldBuilder) addSellers(file worldFile) error {
	sellers := file.Sellers
	if len(sellers) == 0 {
		sellers = []worldSeller{{Name: "demo"}, {Name: "second"}}
	}
	b.first = sellers[0].Name
	for i, s := range sellers {
		path := fmt.Sprintf("sellers[%d]", i)
		if s.Name == "" {
			return mistake(path+".name", "is missing")
		}
		if _, twice := b.sellers[s.Name]; twice {
			return mistake(path+".name", "%s stands here twice", s.Name)
		}
		seller, err := b.newSeller(path, i, s)
		if err != nil {
			return err
		}
		b.sellers[s.Name] = seller
		b.setup = append(b.setup, chat.SellerAdded{Seller: seller})
	}
	return nil
}

func (b *worldBuilder) newSeller(path string, n int, s worldSeller) (chat.Seller, error) {
	ext := sellerExt{Subscription: s.Subscription, OfferSigned: s.OfferSigned == nil || *s.OfferSigned, Since: b.env.Now}
	if ext.Subscription == "" {
		ext.Subscription = subscriptionPlus
	}
	if !slices.Contains(subscriptions, ext.Subscription) && ext.Subscription != "UNKNOWN" {
		return chat.Seller{}, mistake(path+".subscription", "%s is none of %s", s.Subscription, strings.Join(subscriptions, ", "))
	}
	key, err := b.key(path, s)
	if err != nil {
		return chat.Seller{}, err
	}
	who := identityOf(b.env, n)
	key.Value, ext.OAuth = who.APIKey, []string{who.OAuth}
	ext.Keys = []apiKey{key}
	title := s.Title
	if title == "" {
		title = s.Name
	}
	ext.Company = companyOf(title, n)
	ext.Ratings = []rating{chatRating(b.env.Now)}
	return chat.Seller{ID: who.ClientID, Name: s.Name, Ext: ext}, nil
}

func (b *worldBuilder) key(path string, s worldSeller) (apiKey, error) {
	key := apiKey{Active: true, Created: b.env.Now.Add(-10 * when.Day)}
	names := s.Roles
	if names == nil {
		names = []string{namedRoles[0].Name}
	}
	for i, name := range names {
		r, ok := roleNamed(name)
		if !ok {
			return key, mistake(fmt.Sprintf("%s.roles[%d]", path, i), "there is no role %s", name)
		}
		key.Roles = append(key.Roles, r)
	}
	if s.Key == nil {
		return key, nil
	}
	var err error
	if key.Created, err = b.past(path+".key.created", s.Key.Created, key.Created); err != nil {
		return key, err
	}
	key.Active = s.Key.Active == nil || *s.Key.Active
	for i, n := range s.Key.Networks {
		if _, err := parseNetwork(n); err != nil {
			return key, mistake(fmt.Sprintf("%s.key.networks[%d]", path, i), "%s is no network", n)
		}
	}
	key.Networks = s.Key.Networks
	return key, nil
}

var subscriptions = []string{subscriptionNone, subscriptionPlain, subscriptionLite, subscriptionPlus, subscriptionPro}

func companyOf(title string, n int) company {
	return company{
		Country: "Россия", Currency: "RUB", INN: fmt.Sprintf("00000%05d", n+1), LegalName: "ООО «" + strings.NewReplacer("«", "„", "»", "“").Replace(title) + "»",
		Name: title, OGRN: fmt.Sprintf("00000000%05d", n+1), OwnershipForm: "ООО", TaxSystem: "USN",
	}
}

const firstDemoClient = 1001

// identityOf gives the n-th seller of a sandbox its credentials: the documented
// ones in the default sandbox, others elsewhere.
func identityOf(env marketplace.Env, n int) credentials {
	if env.Serial == 0 {
		id := firstDemoClient + n
		token := "ozon-demo-oauth"
		if n > 0 {
			token += "-" + strconv.Itoa(n+1)
		}
		return credentials{
			ClientID: strconv.Itoa(id), OAuth: token, APIKey: fmt.Sprintf("00000000-0000-4000-8000-%012d", id),
		}
	}
	made := func(what string) string {
		return uuid.NewSHA1(chatSpace, fmt.Appendf(nil, "%s/%d/%d/%d", what, env.Serial, env.Seed, n)).String()
	}
	return credentials{
		ClientID: strconv.Itoa(env.Serial*100_000 + n + 1), APIKey: made("key"), OAuth: "ozon-" + made("token"),
	}
}

func (b *worldBuilder) addWebhooks(file worldFile) error {
	for i, h := range file.Webhooks {
		path := fmt.Sprintf("webhooks[%d]", i)
		seller, err := b.seller(path+".seller", h.Seller)
		if err != nil {
			return err
		}
		if checkURL(h.URL) != nil {
			return mistake(path+".url", "%s is no http or https address", h.URL)
		}
		for j, t := range h.Types {
			if !slices.ContainsFunc(pushTypes, func(p pushType) bool { return p.name == t }) {
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
