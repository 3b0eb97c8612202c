package ozon

import (
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

// Switches is the table as the house reads it; a switch's claim has its name.
func (a *API) Switches() []marketplace.Switch { return choices.Switches("ozon") }

var choices = marketplace.Choices{
	marketplace.Choose(switchIDFormat,
		"ids in lists are numbers on the wire; history ids are told of as numbers and as strings; mixed = list number, history string",
		"number", "string", "mixed"),
	marketplace.Choose(switchCustomerType,
		"production code compares Latin letters; the vendor's examples begin with Cyrillic U+0421",
		"latin", "cyrillic"),
	marketplace.Choose(switchUserTypeCase,
		"the vendor's docs changed the spelling of user.type on 13 March 2026",
		"title", "lower").Before(dayUserTypes, "lower"),
	marketplace.Choose(switchEnumCase,
		"chat_status and chat_type in the list were upper case on the wire in February 2026",
		"upper", "title").Before(dayUpperEnums, "title"),
	marketplace.Choose(switchPushChatTypeCase,
		"docs of every date show title case in notifications; no real one has been seen",
		"title", "upper"),
	marketplace.Choose(switchSystemChatType,
		"the marketplace's own chats were UNSPECIFIED before the types of March 2026",
		"specific", "unspecified").Before(dayChatTypes, "unspecified"),
	marketplace.Choose(switchFilterCase,
		"several spellings are accepted in production; strict takes only the edition's enum",
		"lenient", "strict"),
	marketplace.Choose(switchStatusFilter,
		"the status filter had no effect on one account in February 2026",
		"applied", "ignored"),
	marketplace.Choose(switchHasNextFormat,
		"schema and wire have a boolean, the example of the list a string",
		"boolean", "string"),
	marketplace.Choose(switchMessageIDName,
		"the Chinese schema and the old one name it messageId, examples and wire message_id",
		"message_id", "messageId"),
	marketplace.Choose(switchDataShape,
		"a label and a posting number have been seen in the first place of data",
		"plain", "label-first", "posting-first"),
	marketplace.Choose(switchEmptyValues,
		"two Go clients send an empty string for unset numbers; strict refuses it",
		"absent", "strict"),
	marketplace.Choose(switchZeroFields,
		"zero and empty values are seen on the wire; moderate_image_status both ways",
		"emit", "omit"),
	marketplace.Choose(switchErrorDetails,
		"details is seen as an empty list and not at all",
		"empty", "absent"),
	marketplace.Choose(switchContentType,
		"the text of a refusal was seen once, but a client without the header works",
		"off", "on"),
	marketplace.Choose(switchWrongVerb,
		"only the text is known",
		"405", "403", "404"),
	marketplace.Choose(switchHistoryPremium,
		"the docs asked for a subscription in 2025, the wire for buyer chats in February 2026, neither since April",
		"off", "buyer-chats", "on").Before(dayPremiumSection, "buyer-chats").Before(dayUpperEnums, "on").Before(dayHistoryFree, "buyer-chats"),
	marketplace.Choose(switchReadPremium,
		"docs say the whole method, the wire refuses in buyer chats only",
		"buyer-chats", "on", "off"),
	marketplace.Choose(switchPremiumText,
		"the refusal is quoted with and without its prefix",
		"prefixed", "plain"),
	marketplace.Choose(switchReadFrom,
		"optional in the docs, refused without it on the wire",
		"required", "optional"),
	marketplace.Choose(switchForwardFrom,
		"docs call from_message_id required; one integrator got an empty page",
		"empty", "error"),
	marketplace.Choose(switchFromMessage,
		"the docs say that history begins with this message",
		"inclusive", "exclusive"),
	marketplace.Choose(switchListLimit,
		"a limit out of bounds was refused on the wire",
		"error", "clamp"),
	marketplace.Choose(switchListLimitMissing,
		"limit is documented as required and as 30 by default",
		"error", "default-30"),
	marketplace.Choose(switchHistoryZero,
		"a client sends 0 always",
		"default-50", "error"),
	marketplace.Choose(switchStartWindow,
		"literal = 72 hours after payment or after delivery; the other = from payment until 72 hours after delivery",
		"literal", "until-delivered"),
	marketplace.Choose(switchOneMessage,
		"seen in production, not documented",
		"on", "off"),
	marketplace.Choose(switchStartAgain,
		"what a second start for a posting returns is unknown",
		"same-chat", "new-chat"),
	marketplace.Choose(switchUnreadTotal,
		"a total that stays 1 with every chat read was seen repeatedly",
		"exact", "stale"),
	marketplace.Choose(switchRateHeaders,
		"documented since 25 September 2026",
		"on", "off").Before(dayLimitHeaders, "off"),
	marketplace.Choose(switchRateLimitCode,
		"8 on the wire, a name in examples of other methods",
		"number", "string"),
	marketplace.Choose(switchRemoved,
		"legacy serves version 2 of list and history after their removal",
		"404", "legacy"),
	marketplace.Choose(switchKeyLifetime,
		"six months since February 2026, three since September 2026; 0 = never",
		"90", "180", "0").Before(dayKeyExpiry, "0").Before(dayKeyQuarter, "180"),
	marketplace.Choose(switchPushSellerID,
		"a string in the chat examples, a number in the table",
		"string", "number"),
	marketplace.Choose(switchPushContentType,
		"a check error for it is documented; one receiver in use answers text/plain",
		"strict", "lenient"),
}

// keyLifetime is 0 for keys that never expire. The edition's value is for keys
// that are made in it: an older key keeps the lifetime that it was made with.
// A value that was set is for all keys. Claim ozon/key-lifetime-days.
func keyLifetime(s marketplace.Settings, key apiKey) time.Duration {
	value := s.Switch(switchKeyLifetime)
	if !s.Given(switchKeyLifetime) && key.Created.Before(s.Edition) {
		value = choices.Named(switchKeyLifetime).Default(key.Created)
	}
	days, _ := strconv.Atoi(value)
	return time.Duration(days) * 24 * time.Hour
}
