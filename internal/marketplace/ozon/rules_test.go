package ozon

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
)

// noon is the time of all tests of rules.
var noon = time.Date(2026, time.October, 1, 12, 0, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return noon.Add(-d) }

// newest are the rules of the newest edition.
func newest() rulebook {
	return rulebook{oneMessage: true, startLiteral: true, premiumPro: true, historyPremium: "off", readPremium: "buyer-chats"}
}

func order(scheme string, paid, delivered time.Duration) *chat.Order {
	o := &chat.Order{ID: "47000001-0001-1", Scheme: scheme}
	if paid > 0 {
		o.Paid = ago(paid)
	}
	if delivered > 0 {
		o.Delivered = ago(delivered)
	}
	return o
}

// buyerWrote is a buyer's chat whose buyer wrote some time ago; 0 = never.
func buyerWrote(since time.Duration) chat.Chat {
	c := chat.Chat{Ext: chatExt{Type: typeBuyer}, Buyer: "115001"}
	if since > 0 {
		c.BuyerLastAt = ago(since)
	}
	return c
}

// A seller may write to a buyer in windows that depend on the scheme.
// Proves: ozon/reply-window-fbo, ozon/reply-window-fbs, ozon/write-window-fbs
// Proves: ozon/window-edge, ozon/no-order-reply-window, ozon/window-closed-text
func TestReplyWindows(t *testing.T) {
	t.Parallel()
	const h = time.Hour
	for name, tt := range map[string]struct {
		order *chat.Order
		wrote time.Duration
		want  error
	}{
		"FBO, the buyer wrote an hour ago":                        {order("FBO", 100*h, 90*h), h, nil},
		"FBO, the buyer wrote exactly 48 hours ago":               {order("FBO", 100*h, 90*h), 48 * h, nil},
		"FBO, the buyer wrote a moment more than 48 hours ago":    {order("FBO", 100*h, 90*h), 48*h + 1, errWindow},
		"FBO, the buyer never wrote":                              {order("FBO", h, 0), 0, errWindow},
		"FBS, not paid, the buyer never wrote":                    {order("FBS", 0, 0), 0, errWindow},
		"FBS, not paid, the buyer wrote an hour ago":              {order("FBS", 0, 0), h, nil},
		"FBS, paid a moment ago":                                  {order("FBS", 1, 0), 0, nil},
		"FBS, paid 30 days ago and not delivered":                 {order("FBS", 720*h, 0), 0, nil},
		"FBS, delivered exactly 72 hours ago":                     {order("FBS", 100*h, 72*h), 0, nil},
		"FBS, delivered a moment more than 72 hours ago":          {order("FBS", 100*h, 72*h+1), 0, errWindow},
		"rFBS, delivered 73 hours ago, the buyer wrote yesterday": {order("rFBS", 100*h, 73*h), 24 * h, nil},
		"rFBS, delivered 73 hours ago, the buyer wrote long ago":  {order("rFBS", 100*h, 73*h), 49 * h, errWindow},
		"no posting, the buyer wrote yesterday":                   {nil, 24 * h, nil},
		"no posting, the buyer wrote three days ago":              {nil, 72 * h, errWindow},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ErrorIs(t, newest().mayWrite(buyerWrote(tt.wrote), tt.order, noon), tt.want)
		})
	}
}

// Until 5 August 2025 only the first message followed the posting.
// Proves: ozon/windows-before-aug-2025
func TestWindowsBeforeAugust2025(t *testing.T) {
	t.Parallel()
	const h = time.Hour
	r := newest()
	r.firstMessage = true
	for name, tt := range map[string]struct {
		order *chat.Order
		wrote time.Duration
		want  error
	}{
		"first message within 72 hours of payment":             {order("FBS", 71*h, 0), 0, nil},
		"first message five days after payment, not delivered": {order("FBS", 120*h, 0), 0, errWindow},
		"first message within 72 hours of delivery":            {order("rFBS", 120*h, 71*h), 0, nil},
		"an answer within 48 hours":                            {order("FBS", 120*h, 100*h), 47 * h, nil},
		"an answer after 49 hours, paid yesterday":             {order("FBS", 24*h, 0), 49 * h, errWindow},
		"FBO only in answer":                                   {order("FBO", h, 0), 0, errWindow},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ErrorIs(t, r.mayWrite(buyerWrote(tt.wrote), tt.order, noon), tt.want)
		})
	}
}

// What stops a seller beside the windows.
// Proves: ozon/one-message, ozon/chat-not-started-text, ozon/chat-blocked
// Proves: ozon/chat-disabled, ozon/closed-chat-refused, ozon/notification-chat-read-only
// Proves: ozon/system-chat-writable
func TestChatRules(t *testing.T) {
	t.Parallel()
	paid := order("FBS", time.Hour, 0)
	with := func(change func(*chat.Chat, *chatExt)) chat.Chat {
		c := buyerWrote(0)
		ext := extOfChat(&c)
		change(&c, &ext)
		c.Ext = ext
		return c
	}
	off := newest()
	off.oneMessage = false
	for name, tt := range map[string]struct {
		rules rulebook
		chat  chat.Chat
		want  error
	}{
		"the first message":                      {newest(), with(func(*chat.Chat, *chatExt) {}), nil},
		"a second message before the buyer's":    {newest(), with(func(c *chat.Chat, _ *chatExt) { c.Unanswered = 1 }), errNotStarted},
		"a second message, rule switched off":    {off, with(func(c *chat.Chat, _ *chatExt) { c.Unanswered = 1 }), nil},
		"a second message after the buyer wrote": {newest(), with(func(c *chat.Chat, _ *chatExt) { c.Unanswered, c.BuyerLastAt = 1, ago(time.Hour) }), nil},
		"a blocked chat":                         {newest(), with(func(_ *chat.Chat, e *chatExt) { e.Blocked = true }), errBlocked},
		"a chat that is switched off":            {newest(), with(func(_ *chat.Chat, e *chatExt) { e.Disabled = true }), errDisabled},
		"a closed chat":                          {newest(), with(func(c *chat.Chat, _ *chatExt) { c.Closed = ago(time.Hour) }), errClosed},
		"a chat of notifications":                {newest(), with(func(_ *chat.Chat, e *chatExt) { e.Type = "SELLER_API_UPDATES" }), errReadOnlyChat},
		"support, many messages, no posting": {newest(), with(func(c *chat.Chat, e *chatExt) {
			e.Type, c.Unanswered = typeSupport, 9
		}), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ErrorIs(t, tt.rules.mayWrite(tt.chat, paid, noon), tt.want)
		})
	}
}

// When a seller may open a chat.
// Proves: ozon/start-window, ozon/fbo-buyer-starts
func TestStartWindow(t *testing.T) {
	t.Parallel()
	const h = time.Hour
	until := newest()
	until.startLiteral = false
	for name, tt := range map[string]struct {
		rules rulebook
		order *chat.Order
		want  error
	}{
		"FBO":               {newest(), order("FBO", h, 0), errStartFBO},
		"paid 71 hours ago": {newest(), order("FBS", 71*h, 0), nil},
		"not paid":          {newest(), order("FBS", 0, 0), errStartLate},
		"literal: paid 5 days ago, not delivered":    {newest(), order("FBS", 120*h, 0), errStartLate},
		"literal: delivered 71 hours ago":            {newest(), order("rFBS", 120*h, 71*h), nil},
		"until delivered: paid 5 days ago":           {until, order("FBS", 120*h, 0), nil},
		"until delivered: delivered 73 hours ago":    {until, order("FBS", 120*h, 73*h), errStartLate},
		"literal: delivered 73 hours ago, paid long": {newest(), order("FBS", 120*h, 73*h), errStartLate},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ErrorIs(t, tt.rules.mayStart(*tt.order, noon), tt.want)
		})
	}
}

// Which subscriptions open the paid methods.
// Proves: ozon/premium-pro, ozon/premium-lite
func TestSubscriptions(t *testing.T) {
	t.Parallel()
	old := newest()
	old.premiumPro = false
	require.True(t, newest().paid(subscriptionPlus))
	require.True(t, newest().paid(subscriptionPro))
	require.False(t, old.paid(subscriptionPro))
	for _, s := range []string{"", subscriptionNone, subscriptionPlain, subscriptionLite, "UNKNOWN"} {
		require.False(t, newest().paid(s), s)
	}
}

// Proves: ozon/send-text-bounds, ozon/text-counts-runes
func TestTextLength(t *testing.T) {
	t.Parallel()
	require.False(t, textFits(""))
	require.True(t, textFits("a"))
	require.True(t, textFits(strings.Repeat("ж", 1000)), "2000 bytes")
	require.True(t, textFits(strings.Repeat("😀", 1000)), "2000 units of UTF-16")
	require.False(t, textFits(strings.Repeat("ж", 1001)))
}

// A sent picture waits for a while; others and texts do not.
// Proves: ozon/image-moderation, ozon/history-no-premium-fields
func TestModeration(t *testing.T) {
	t.Parallel()
	seller, buyer := chat.Author{Role: chat.RoleSeller}, chat.Author{Role: chat.RoleBuyer}
	picture := []chat.File{{ContentType: "image/png"}}
	require.Empty(t, moderation(chat.Message{At: noon, From: seller, Text: "x"}, noon))
	require.Empty(t, moderation(chat.Message{At: noon, From: seller, Files: []chat.File{{ContentType: "text/plain"}}}, noon))
	require.Equal(t, moderationRunning, moderation(chat.Message{At: noon, From: seller, Files: picture}, noon))
	require.Equal(t, moderationSuccess, moderation(chat.Message{At: noon, From: seller, Files: picture}, noon.Add(moderationTime)))
	require.Equal(t, moderationSuccess, moderation(chat.Message{At: noon, From: buyer, Files: picture}, noon))
	said := chat.Message{At: noon, From: buyer, Files: picture, Ext: messageExt{Moderation: moderationFailed}}
	require.Equal(t, moderationFailed, moderation(said, noon))
}

// Ids look like the vendor's of the same day and grow under a frozen clock.
// Proves: ozon/message-ids-19-digits, ozon/message-ids-grow
func TestMintMessage(t *testing.T) {
	t.Parallel()
	id := mintMessage(time.Date(2026, time.February, 12, 0, 0, 0, 0, time.UTC), 0)
	require.Equal(t, uint64(3_000_000_399_077_800_001), id)
	require.Equal(t, id+1, mintMessage(time.Date(2026, time.February, 12, 0, 0, 0, 0, time.UTC), id))
	require.Greater(t, mintMessage(noon, id), id)
	require.GreaterOrEqual(t, mintMessage(time.Unix(0, 0), 0), uint64(idBase))
	require.Less(t, mintMessage(noon.AddDate(50, 0, 0), 0), uint64(1)<<63)
}
