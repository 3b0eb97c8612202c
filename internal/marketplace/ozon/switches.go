package ozon

import (
	"slices"
	"strconv"
	"time"

	"example.com/marketmock/internal/marketplace"
)

// Names of the switches.
const (
	switchIDFormat         = "id-format"
	switchCustomerType     = "customer-type"
	switchUserTypeCase     = "user-type-case"
	switchEnumCase         = "enum-case"
	switchPushChatTypeCase = "push-chat-type-case"
	switchSystemChatType   = "system-chat-type"
	switchFilterCase       = "filter-case"
	switchStatusFilter     = "status-filter"
	switchHasNextFormat    = "has-next-format"
	switchMessageIDName    = "message-id-name"
	switchDataShape        = "data-shape"
	switchEmptyValues      = "empty-values"
	switchZeroFields       = "zero-fields"
	switchErrorDetails     = "error-details"
	switchContentType      = "content-type-check"
	switchWrongVerb        = "wrong-verb-status"
	switchHistoryPremium   = "history-premium"
	switchReadPremium      = "read-premium"
	switchPremiumText      = "premium-text"
	switchReadFrom         = "read-from-message"
	switchForwardFrom      = "forward-without-from"
	switchFromMessage      = "from-message"
	switchListLimit        = "list-limit"
	switchListLimitMissing = "list-limit-missing"
	switchHistoryZero      = "history-limit-zero"
	switchStartWindow      = "start-window"
	switchOneMessage       = "one-message"
	switchStartAgain       = "start-again"
	switchUnreadTotal      = "unread-total"
	switchRateHeaders      = "ratelimit-headers"
	switchRateLimitCode    = "rate-limit-code"
	switchRemoved          = "removed-methods"
	switchKeyLifetime      = "key-lifetime-days"
	switchPushSellerID     = "push-seller-id"
	switchPushContentType  = "push-content-type"
)

// choice is one row of the table of switches. until lists the defaults of older
// editions, oldest first: value holds before the day.
type choice struct {
	name   string
	values []string
	value  string
	until  []dated
	why    string
}

type dated struct {
	day   time.Time
	value string
}

func (c choice) byEdition(edition time.Time) string {
	for _, d := range c.until {
		if edition.Before(d.day) {
			return d.value
		}
	}
	return c.value
}

// Switches is the table as the house reads it; a switch's claim has its name.
func (a *API) Switches() []marketplace.Switch {
	out := make([]marketplace.Switch, 0, len(choices))
	for _, c := range choices {
		by := c.value
		if len(c.until) > 0 {
			by = "edition"
		}
		out = append(out, marketplace.Switch{
			Name: c.name, Values: c.values, Default: c.byEdition, By: by, Why: c.why, Claim: "ozon/" + c.name,
		})
	}
	return out
}

func or(values ...string) []string { return values }

func before(day time.Time, value string) dated { return dated{day, value} }

var choices = []choice{
	{
		switchIDFormat, or("number", "string", "mixed"), "number", nil,
		"ids in lists are numbers on the wire; history ids are told of as numbers and as strings; mixed = list number, history string",
	},
	{
		switchCustomerType, or("latin", "cyrillic"), "latin", nil,
		"production code compares Latin letters; the vendor's examples begin with Cyrillic U+0421",
	},
	{
		switchUserTypeCase, or("title", "lower"), "title",
		[]dated{before(dayUserTypes, "lower")},
		"the vendor's docs changed the spelling of user.type on 13 March 2026",
	},
	{
		switchEnumCase, or("upper", "title"), "upper",
		[]dated{before(dayUpperEnums, "title")},
		"chat_status and chat_type in the list were upper case on the wire in February 2026",
	},
	{
		switchPushChatTypeCase, or("title", "upper"), "title", nil,
		"docs of every date show title case in notifications; no real one has been seen",
	},
	{
		switchSystemChatType, or("specific", "unspecified"), "specific",
		[]dated{before(dayChatTypes, "unspecified")},
		"the marketplace's own chats were UNSPECIFIED before the types of March 2026",
	},
	{
		switchFilterCase, or("lenient", "strict"), "lenient", nil,
		"several spellings are accepted in production; strict takes only the edition's enum",
	},
	{
		switchStatusFilter, or("applied", "ignored"), "applied", nil,
		"the status filter had no effect on one account in February 2026",
	},
	{
		switchHasNextFormat, or("boolean", "string"), "boolean", nil,
		"schema and wire have a boolean, the example of the list a string",
	},
	{
		switchMessageIDName, or("message_id", "messageId"), "message_id", nil,
		"the Chinese schema and the old one name it messageId, examples and wire message_id",
	},
	{
		switchDataShape, or("plain", "label-first", "posting-first"), "plain", nil,
		"a label and a posting number have been seen in the first place of data",
	},
	{
		switchEmptyValues, or("absent", "strict"), "absent", nil,
		"two Go clients send an empty string for unset numbers; strict refuses it",
	},
	{
		switchZeroFields, or("emit", "omit"), "emit", nil,
		"zero and empty values are seen on the wire; moderate_image_status both ways",
	},
	{
		switchErrorDetails, or("empty", "absent"), "empty", nil,
		"details is seen as an empty list and not at all",
	},
	{
		switchContentType, or("off", "on"), "off", nil,
		"the text of a refusal was seen once, but a client without the header works",
	},
	{
		switchWrongVerb, or("405", "403", "404"), "405", nil,
		"only the text is known",
	},
	{switchHistoryPremium, or("off", "buyer-chats", "on"), "off", []dated{
		before(dayPremiumSection, "buyer-chats"), before(dayUpperEnums, "on"), before(dayHistoryFree, "buyer-chats"),
	}, "the docs asked for a subscription in 2025, the wire for buyer chats in February 2026, neither since April"},
	{
		switchReadPremium, or("buyer-chats", "on", "off"), "buyer-chats", nil,
		"docs say the whole method, the wire refuses in buyer chats only",
	},
	{
		switchPremiumText, or("prefixed", "plain"), "prefixed", nil,
		"the refusal is quoted with and without its prefix",
	},
	{
		switchReadFrom, or("required", "optional"), "required", nil,
		"optional in the docs, refused without it on the wire",
	},
	{
		switchForwardFrom, or("empty", "error"), "empty", nil,
		"docs call from_message_id required; one integrator got an empty page",
	},
	{
		switchFromMessage, or("inclusive", "exclusive"), "inclusive", nil,
		"the docs say that history begins with this message",
	},
	{
		switchListLimit, or("error", "clamp"), "error", nil,
		"a limit out of bounds was refused on the wire",
	},
	{
		switchListLimitMissing, or("error", "default-30"), "error", nil,
		"limit is documented as required and as 30 by default",
	},
	{
		switchHistoryZero, or("default-50", "error"), "default-50", nil,
		"a client sends 0 always",
	},
	{
		switchStartWindow, or("literal", "until-delivered"), "literal", nil,
		"literal = 72 hours after payment or after delivery; the other = from payment until 72 hours after delivery",
	},
	{
		switchOneMessage, or("on", "off"), "on", nil,
		"seen in production, not documented",
	},
	{
		switchStartAgain, or("same-chat", "new-chat"), "same-chat", nil,
		"what a second start for a posting returns is unknown",
	},
	{
		switchUnreadTotal, or("exact", "stale"), "exact", nil,
		"a total that stays 1 with every chat read was seen repeatedly",
	},
	{
		switchRateHeaders, or("on", "off"), "on",
		[]dated{before(dayLimitHeaders, "off")},
		"documented since 25 September 2026",
	},
	{
		switchRateLimitCode, or("number", "string"), "number", nil,
		"8 on the wire, a name in examples of other methods",
	},
	{
		switchRemoved, or("404", "legacy"), "404", nil,
		"legacy serves version 2 of list and history after their removal",
	},
	{
		switchKeyLifetime, or("90", "180", "0"), "90",
		[]dated{before(dayKeyExpiry, "0"), before(dayKeyQuarter, "180")},
		"six months since February 2026, three since September 2026; 0 = never",
	},
	{
		switchPushSellerID, or("string", "number"), "string", nil,
		"a string in the chat examples, a number in the table",
	},
	{
		switchPushContentType, or("strict", "lenient"), "strict", nil,
		"a check error for it is documented; one receiver in use answers text/plain",
	},
}

// keyLifetime is 0 for keys that never expire. The edition's value is for keys
// that are made in it: an older key keeps the lifetime that it was made with.
// Any other value of the switch is for all keys. Claim ozon/key-lifetime-days.
func keyLifetime(s marketplace.Settings, key apiKey) time.Duration {
	value := s.Switch(switchKeyLifetime)
	i := slices.IndexFunc(choices, func(c choice) bool { return c.name == switchKeyLifetime })
	if rule := choices[i]; value == rule.byEdition(s.Edition) && key.Created.Before(s.Edition) {
		value = rule.byEdition(key.Created)
	}
	days, _ := strconv.Atoi(value)
	return time.Duration(days) * 24 * time.Hour
}
