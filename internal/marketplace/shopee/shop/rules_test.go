package shop

import (
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
)

const (
	days = 24 * time.Hour
	ms   = time.Millisecond
)

// good is a text that every rule lets pass, and every rule is in force.
func good() *attempt {
	return &attempt{
		Draft: Draft{To: 1, Type: TypeText, Content: Content{Text: "hello"}},
		now:   midday, region: Region("SG"), shop: theShop, known: true, exists: true, ordered: true,
		chat:    chat.Chat{Seller: "210004001", Buyer: "1", BuyerLastAt: midday.Add(-time.Hour)},
		on:      strict(nil),
		orders:  func(func(chat.Order) bool) {},
		earlier: func(time.Time) iter.Seq[Message] { return slices.Values[[]Message](nil) },
	}
}

// strict is every switch at its strictest but those that are told.
func strict(set map[string]string) func(string) string {
	return func(name string) string {
		if value, told := set[name]; told {
			return value
		}
		switch name {
		case switchTW:
			return "refuse"
		case switchImageOrigin:
			return "own-only"
		case switchTypeCheck:
			return "late"
		case switchFirstSource:
			return "optional"
		}
		return on
	}
}

// faulty are changes of a good attempt, each of which meets another rule, in the
// order of the rules.
func faulty() []struct {
	code, claim string
	change      func(*attempt)
} {
	return []struct {
		code, claim string
		change      func(*attempt)
	}{
		{CodeToID, "send-to-id", func(a *attempt) { a.To = 0 }},
		{CodeParam, "send-content-object", func(a *attempt) { a.NoContent = true }},
		{CodeForbidden, "send-unknown-user", func(a *attempt) { a.known = false }},
		{CodeForbidden, "tw-send", func(a *attempt) { a.region = Region("TW") }},
		{CodeForbidden, "frozen-users", func(a *attempt) { a.buyer.Frozen = true }},
		{CodeForbidden, "contact-window", func(a *attempt) { a.chat.BuyerLastAt = time.Time{} }},
		{CodeParam, "message-type-unknown", func(a *attempt) { a.Type = "unknown" }},
		{CodeParam, "send-content-missing", func(a *attempt) { a.Late = refuse(CodeParam, "send-content-missing", "x", "x") }},
		{CodeParam, "send-affiliate", func(a *attempt) { a.Business = BusinessAffiliate }},
		{CodeBlocked, "blocked-by-buyer", func(a *attempt) { a.its.BlockedByBuyer = true }},
		{CodeBlocking, "blocked-by-shop", func(a *attempt) { a.its.BlockedByShop = true }},
		{CodeAssigned, "subaccount-lock", func(a *attempt) { a.its.SubAccount = 7 }},
		{CodeDistributing, "subaccount-lock", func(a *attempt) { a.shop.Distributing = true }},
		{CodeFive, "five-limit", func(a *attempt) { a.chat.Unanswered = 5 }},
		{CodeTooLong, "text-600", func(a *attempt) { a.Content.Text = strings.Repeat("telegram ", 67) }},
		{CodeParam, "image-url-origin", func(a *attempt) { a.foreign = true }},
		{CodeParam, "send-video-not-ready", func(a *attempt) { a.film = errVideoUnready }},
		{CodeBusiness, "duplicate-24h", func(a *attempt) {
			a.earlier = func(time.Time) iter.Seq[Message] {
				return slices.Values([]Message{{Type: a.Type, Content: a.Content, Source: SourceOpenAPI}})
			}
		}},
		{CodeCensored, "censor", func(a *attempt) { a.Content.Text += " telegram" }},
	}
}

// A message with several faults is refused for the first of them.
// Proves: shopee/send-order-of-checks, shopee/send-to-id, shopee/send-content-object, shopee/message-type-unknown
// Proves: shopee/send-content-missing, shopee/send-affiliate, shopee/blocked-by-buyer, shopee/blocked-by-shop
func TestTheOrderOfRules(t *testing.T) {
	t.Parallel()
	require.NoError(t, good().refused())
	all := faulty()
	for i := range all {
		one, rest := good(), good()
		all[i].change(one)
		for _, f := range all[i:] {
			f.change(rest)
		}
		for _, a := range []*attempt{one, rest} {
			err := a.refused()
			requireCode(t, all[i].code, err)
			var no *Refused
			require.ErrorAs(t, err, &no)
			require.Equal(t, "shopee/"+all[i].claim, no.Claim)
		}
	}
}

// Proves: shopee/message-type-check
func TestAnUnknownTypeIsSeenLate(t *testing.T) {
	t.Parallel()
	a := good()
	a.Type, a.known = "unknown", false
	requireCode(t, CodeForbidden, a.refused())
	a.on = strict(map[string]string{switchTypeCheck: "early"})
	require.Equal(t, errType, a.refused())
	a.NoContent = true
	require.Equal(t, errNoContent, a.refused())
}

// Proves: shopee/contact-window, shopee/contact-window-order, shopee/contact-window-return
func TestWhoMayBeWrittenTo(t *testing.T) {
	t.Parallel()
	ago := func(d time.Duration) time.Time { return midday.Add(-d) }
	for name, tt := range map[string]struct {
		wrote  time.Time
		orders []chat.Order
		want   bool
	}{
		"never wrote":                {},
		"wrote 7 days ago":           {wrote: ago(7 * days), want: true},
		"wrote longer ago":           {wrote: ago(7*days + ms)},
		"ordered 30 days ago":        {orders: []chat.Order{{Placed: ago(30 * days)}}, want: true},
		"ordered longer ago":         {orders: []chat.Order{{Placed: ago(30*days + ms)}}},
		"paid 30 days ago":           {orders: []chat.Order{{Paid: ago(30 * days)}}, want: true},
		"placed before it was paid":  {orders: []chat.Order{{Placed: ago(31 * days), Paid: ago(days)}}},
		"the second order is recent": {orders: []chat.Order{{Placed: ago(90 * days)}, {Placed: ago(days)}}, want: true},
		"a return is open":           {orders: []chat.Order{{Placed: ago(90 * days), Ext: Order{ReturnOpen: true}}}, want: true},
		"returned, and done":         {orders: []chat.Order{{Placed: ago(90 * days), Returned: ago(days)}}},
	} {
		a := good()
		a.chat.BuyerLastAt, a.orders = tt.wrote, slices.Values(tt.orders)
		if tt.want {
			require.NoError(t, a.inWindow(), name)
			continue
		}
		require.Equal(t, errWindow, a.inWindow(), name)
		a.on = strict(map[string]string{switchWindow: off})
		require.NoError(t, a.inWindow(), name)
	}
}

// Proves: shopee/first-chat, shopee/first-chat-ways, shopee/first-chat-foreign-order, shopee/first-chat-source-type
func TestTheFirstMessageNamesAnOrder(t *testing.T) {
	t.Parallel()
	first := func(change func(*attempt)) error {
		a := good()
		a.exists, a.orders = false, slices.Values([]chat.Order{{ID: "ABC"}, {ID: "DEF"}})
		change(a)
		return a.hasOrderFirst()
	}
	require.Equal(t, errFirst, first(func(*attempt) {}))
	require.Equal(t, errFirst, first(func(a *attempt) { a.About.OrderSN = "XYZ" }))
	require.Equal(t, errFirst, first(func(a *attempt) { a.About.ItemID = 1 }))
	require.NoError(t, first(func(a *attempt) { a.About.OrderSN = "DEF" }))
	require.NoError(t, first(func(a *attempt) { a.Type, a.Content = TypeOrder, Content{OrderSN: "ABC"} }))
	require.Equal(t, errFirst, first(func(a *attempt) { a.Type, a.Content, a.About.OrderSN = TypeOrder, Content{OrderSN: "XYZ"}, "ABC" }))
	required := strict(map[string]string{switchFirstSource: "required"})
	require.Equal(t, errFirst, first(func(a *attempt) { a.on, a.About.OrderSN = required, "DEF" }))
	require.NoError(t, first(func(a *attempt) { a.on, a.About.OrderSN, a.SourceType = required, "DEF", TypeOrder }))
	require.NoError(t, first(func(a *attempt) { a.on, a.Type, a.Content = required, TypeOrder, Content{OrderSN: "ABC"} }))
	require.NoError(t, first(func(a *attempt) { a.exists = true }))
}

// Proves: shopee/text-600, shopee/text-600-unit
func TestLongTexts(t *testing.T) {
	t.Parallel()
	a := good()
	a.Content.Text = strings.Repeat("🙂", 600)
	require.NoError(t, a.refused())
	a.Content.Text += "é"
	require.Equal(t, errTooLong, a.refused())
	a.on = strict(map[string]string{switchText: off})
	require.NoError(t, a.refused())
}

// Proves: shopee/five-limit, shopee/five-limit-automatic, shopee/autoreply-rules
func TestWhatCountsTowardTheFive(t *testing.T) {
	t.Parallel()
	a := good()
	a.chat.Unanswered = 4
	require.NoError(t, a.refused())
	a.chat.Unanswered = 5
	require.Equal(t, errFive, a.refused())
	a.Auto = true
	require.NoError(t, a.refused())
	a.Auto, a.on = false, strict(map[string]string{switchFive: off})
	require.NoError(t, a.refused())
	for _, f := range faulty() {
		a := good()
		f.change(a)
		a.Auto = true
		if f.code == CodeFive || f.code == CodeBusiness {
			require.NoError(t, a.refused())
			continue
		}
		requireCode(t, f.code, a.refused())
	}
}

// Proves: shopee/subaccount-lock, shopee/tw-send, shopee/image-url-origin, shopee/censor, shopee/duplicate-24h
func TestSwitchesLiftRules(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"subaccount-lock": off, "tw-send": "allow", "image-url-origin": "any", "censor": off, "duplicate-24h": off,
	} {
		met := 0
		for _, f := range faulty() {
			if f.claim != name {
				continue
			}
			a := good()
			f.change(a)
			require.Error(t, a.refused(), name)
			a.on = strict(map[string]string{name: value})
			require.NoError(t, a.refused(), name)
			met++
		}
		require.NotZero(t, met, name)
	}
}

// Proves: shopee/duplicate-24h
func TestWhatIsTheSameMessage(t *testing.T) {
	t.Parallel()
	a := good()
	was := Message{Type: TypeText, Content: Content{Text: "hello"}, Source: SourceOpenAPI}
	a.earlier = func(since time.Time) iter.Seq[Message] {
		require.Equal(t, midday.Add(-24*time.Hour), since)
		return slices.Values([]Message{{Type: TypeText, Content: Content{Text: "other"}, Source: SourceOpenAPI}, was})
	}
	require.Equal(t, errRepeated, a.notRepeated())
	for _, change := range []func(){
		func() { was.Content.Text = "Hello" },
		func() { was.Source = SourceWebchat },
		func() { was.Status = StatusCensored },
		func() { was.Type = TypeItem },
	} {
		before := was
		change()
		require.NoError(t, a.notRepeated())
		was = before
	}
	a.Type, a.Content = TypeItem, Content{Item: &Item{ShopID: 1, ItemID: 2}}
	was = Message{Type: TypeItem, Content: Content{Item: &Item{ShopID: 1, ItemID: 2}}, Source: SourceOpenAPI}
	require.Equal(t, errRepeated, a.notRepeated())
	was.Content.Item.ItemID = 3
	require.NoError(t, a.notRepeated())
}

// Proves: shopee/censor-words
func TestForbiddenWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"write me in WhatsApp": true, "WECHAT: abc": true, "telegram": true, "(Telegram)": true,
		"a telegraph": false, "wechats": false, "what sap": false, "": false,
	} {
		a := good()
		a.Content.Text = text
		if want {
			require.Equal(t, errCensored, a.refused(), text)
		} else {
			require.NoError(t, a.refused(), text)
		}
	}
}

// Proves: shopee/webchat-send-rules, shopee/webchat-closed
func TestAPersonInABrowserHasFewerRules(t *testing.T) {
	t.Parallel()
	for _, f := range faulty() {
		a := good()
		a.Via = ViaWebchat
		f.change(a)
		switch f.claim {
		case "send-to-id", "send-unknown-user", "frozen-users", "blocked-by-buyer", "blocked-by-shop":
			requireCode(t, f.code, a.refused())
		default:
			require.NoError(t, a.refused(), f.claim)
		}
	}
	a := good()
	a.chat.Closed = midday
	require.NoError(t, a.refused(), "the Open Platform writes into a closed conversation")
	a.Via = ViaWebchat
	require.Equal(t, errClosed, a.refused())
	a.Reopen = true
	require.NoError(t, a.refused())
}

// Proves: shopee/edition-2025-07-30, shopee/edition-2025-10-14
func TestRulesCameInTime(t *testing.T) {
	t.Parallel()
	for name, since := range map[string]time.Time{switchWindow: dayWindow, switchFive: dayWindow, switchDuplicates: dayDuplicates} {
		choice := Switches.Named(name)
		require.Equal(t, on, choice.Default(since))
		require.Equal(t, off, choice.Default(since.Add(-time.Second)))
	}
}
