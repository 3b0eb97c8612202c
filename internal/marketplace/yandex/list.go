package yandex

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// filter is which chats are asked for; an empty list lets every chat pass.
type filter struct {
	orders       []int64
	contexts     []contextID
	contextTypes []string
	types        []string
	statuses     []string
}

// contextID names an order or a return.
type contextID struct {
	kind string
	id   int64
}

// getChats is the list. Claims yandex/chat-order, yandex/list-no-counters.
func getChats(c *marketplace.Call, b *body) (marketplace.Response, error) {
	f, err := readFilter(c, b)
	if err != nil {
		return marketplace.Response{}, err
	}
	limit, err := pageLimit(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	index := orders[c.Switch(switchChatOrder)]
	query := f.digest(digestStart.text(c.Operation.ID).text(c.Seller.ID).text(index))
	after, err := afterKey(c, query)
	if err != nil {
		return marketplace.Response{}, err
	}
	entries, more := selectChats(c, f, index, after, limit)
	answer := listAnswer{style: styleOf(c.Config.Settings), chats: make([]chatRow, len(entries))}
	for i, e := range entries {
		answer.chats[i] = rowOf(c.World, e.Chat)
	}
	if more {
		answer.next = token(query, entries[len(entries)-1].Key)
	}
	return ok(answer)
}

// orders are the values of chat-order and their indexes.
var orders = map[string]string{"updated-desc": indexUpdated, "created-desc": indexCreated, "id-asc": indexID}

// readFilter reads a request's filters. Claims yandex/filter-null,
// yandex/filter-mode, yandex/deprecated-order-id.
func readFilter(c *marketplace.Call, b *body) (filter, error) {
	f := filter{types: b.texts("types"), statuses: b.texts("statuses")}
	if c.Config.Settings.Since(dayCustomer) { // an unknown field before
		f.contextTypes = b.texts("contextTypes")
	}
	for _, context := range b.objects("contexts") {
		f.contexts = append(f.contexts, contextID{context.text("type"), context.integer("id")})
	}
	if b.has("orderIds") {
		switch c.Switch(switchOrderID) {
		case "accept":
			f.orders = b.integers("orderIds")
		case "reject":
			return f, errDeprecated.of("orderIds").at("/orderIds", "")
		}
	}
	if c.Switch(switchFilterMode) == "one-of" && f.exclusive() > 1 {
		return f, errOneFilter.of("orderIds", "contexts", "contextTypes").at("", "")
	}
	return f, nil
}

// exclusive counts the filters of which there may be only one, where that is so.
func (f filter) exclusive() int {
	n := 0
	for _, given := range []bool{f.orders != nil, f.contexts != nil, f.contextTypes != nil} {
		if given {
			n++
		}
	}
	return n
}

// digest goes on with a hash of the filters.
func (f filter) digest(d digest) digest {
	for _, id := range f.orders {
		d = d.number(id)
	}
	d = d.number(int64(len(f.orders)))
	for _, context := range f.contexts {
		d = d.text(context.kind).number(context.id)
	}
	return d.number(int64(len(f.contexts))).texts(f.contextTypes).texts(f.types).texts(f.statuses)
}

// selectChats reads a page. Filters that name orders find few chats, which are
// sorted here; any other is a choice of leaves of the index.
func selectChats(c *marketplace.Call, f filter, index, after string, limit int) ([]chat.Entry, bool) {
	direct := c.Config.Settings.Since(dayDirect)
	switch {
	case f.contexts != nil || f.orders != nil:
		return f.few(c, index, after, limit)
	case direct && f.contextTypes == nil && f.types == nil && f.statuses == nil:
		return c.World.Store.Page(index, c.Seller.ID, after, limit)
	}
	return c.World.Store.Union(index, f.leaves(c.Seller.ID, direct), after, limit)
}

var (
	contextWords = []string{contextOrder, contextReturn, contextDirect}
	typeWords    = []string{typeChat, typeArbitrage}
	statusWords  = []string{statusNew, statusCustomer, statusPartner, statusArbiter, statusMarket, statusFinished}
)

// leaves are the partitions of an index that a filter names. Claims
// yandex/filter-context-types, yandex/filter-types, yandex/filter-statuses,
// yandex/filter-or-within, yandex/direct-before-edition.
func (f filter) leaves(seller string, direct bool) []string {
	var out []string
	for _, context := range anyOf(f.contextTypes, contextWords) {
		if context == contextDirect && !direct {
			continue
		}
		for _, kind := range anyOf(f.types, typeWords) {
			for _, status := range anyOf(f.statuses, statusWords) {
				out = append(out, leaf(seller, context, kind, status))
			}
		}
	}
	return out
}

func anyOf(given, all []string) []string {
	if given == nil {
		return all
	}
	return given
}

// few finds the chats of the orders and returns that a filter names. Claims
// yandex/filter-contexts, yandex/filter-order-ids.
func (f filter) few(c *marketplace.Call, index, after string, limit int) ([]chat.Entry, bool) {
	var found []chat.Entry
	collect := func(partition string) {
		entries, _ := c.World.Store.Page(indexOrder, partition, "", math.MaxInt32)
		for _, e := range entries {
			if key := sortKey(index, e.Chat); key > after && f.passes(c, e.Chat) {
				found = append(found, chat.Entry{Key: key, Chat: e.Chat})
			}
		}
	}
	for _, context := range f.contexts {
		collect(context.partition())
	}
	if f.contexts == nil {
		for _, id := range f.orders {
			collect(orderKey(id))
		}
	}
	slices.SortFunc(found, func(a, b chat.Entry) int { return cmp.Compare(a.Key, b.Key) })
	found = slices.CompactFunc(found, func(a, b chat.Entry) bool { return strings.Compare(a.Key, b.Key) == 0 })
	if len(found) > limit {
		return found[:limit], true
	}
	return found, false
}

func (id contextID) partition() string {
	if id.kind == contextReturn {
		return returnKey(id.id)
	}
	return orderKey(id.id)
}

// passes asks every filter. Claims yandex/filter-mode,
// yandex/filter-order-ids-returns.
func (f filter) passes(c *marketplace.Call, ch *chat.Chat) bool {
	ext := extOfChat(ch)
	return ch.Seller == c.Seller.ID && !hidden(c.Config.Settings, ch) &&
		(f.contexts == nil || slices.ContainsFunc(f.contexts, func(id contextID) bool { return id.names(ext) })) &&
		(f.orders == nil || slices.Contains(f.orders, ext.Order)) &&
		(f.contextTypes == nil || slices.Contains(f.contextTypes, ext.Context)) &&
		(f.types == nil || slices.Contains(f.types, ext.Type)) &&
		(f.statuses == nil || slices.Contains(f.statuses, statusOf(ch)))
}

func (id contextID) names(ext chatExt) bool {
	switch {
	case id.kind != ext.Context:
		return false
	case id.kind == contextReturn:
		return id.id == ext.Return
	}
	return id.id == ext.Order
}
