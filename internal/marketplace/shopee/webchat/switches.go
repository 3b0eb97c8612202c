package webchat

import "example.com/marketmock/internal/marketplace"

// Names of the switches.
const (
	switchSign         = "x-s"
	switchAuth         = "webchat-auth"
	switchErrorStatus  = "webchat-error-status"
	switchErrorShape   = "webchat-error-shape"
	switchListMethod   = "webchat-list-method"
	switchListPage     = "webchat-list-page"
	switchHistoryLimit = "webchat-history-limit-max"
	switchFeedShops    = "webchat-feed-shops"
	switchDedupe       = "webchat-request-id-dedupe"
	switchReopen       = "webchat-closed-reopen"
	switchReadReply    = "webchat-read-reply"
	switchSendExtras   = "webchat-send-extras"
	switchCSRF         = "webchat-csrf"
	switchAntiFraud    = "webchat-anti-fraud"
)

// Values that the code asks for, beside those that are numbers.
const (
	off = "off"
	on  = "on"

	signLenient   = "lenient"
	signPathOnly  = "path-only"
	signWithToken = "with-token"

	authBearer = "bearer"
	authCookie = "bearer-and-cookie"

	vendor       = "vendor"
	shapeMessage = "message-only"
	shapeCode    = "error-code"

	methodBoth = "both"
	methodGet  = "get"
	methodPost = "post"

	feedMixed = "mixed"
	feedOwn   = "own"

	reopenOpen   = "open"
	reopenEnter  = "enter"
	reopenSend   = "send"
	reopenStatus = "status-put"

	readNoContent   = "204"
	readEmptyObject = "200-empty-object"

	extras2020 = "2020"
	extras2026 = "2026"

	ignore  = "ignore"
	require = "require"
)

// Switches is the table of this room; a switch's claim has its name.
var Switches = marketplace.Choices{
	marketplace.Choose(switchSign,
		"two formulas are in print and neither was reproduced; clients since 2022 send no x-s. lenient: if it is there it has 32 hexadecimal digits and an x-v of 1 to 4",
		signLenient, off, signPathOnly, signWithToken),
	marketplace.Choose(switchAuth,
		"clients of 2023 send the token alone, the published page of 2020 wants the cookies too",
		authBearer, authCookie),
	marketplace.Choose(switchErrorStatus,
		"only the 403 of a forbidden shop was measured. vendor: 401 without a token, 403 where something is forbidden, 400 for bad input",
		vendor, "200", "400", "401", "403"),
	marketplace.Choose(switchErrorShape,
		"two shapes were seen. vendor: a login's refusal has a message only, any other an error_code too",
		vendor, shapeMessage, shapeCode),
	marketplace.Choose(switchListMethod,
		"the list was asked for with GET until 2023 and with POST in 2026",
		methodBoth, methodGet, methodPost),
	marketplace.Choose(switchListPage,
		"each generation had its own. vendor: 150 rows under v1, 50 later",
		vendor, "50", "150"),
	marketplace.Choose(switchHistoryLimit,
		"not documented; 100 is the largest that a client asks for",
		"100", "50", "20"),
	marketplace.Choose(switchFeedShops,
		"the feeds of 2026 mix the shops of an account",
		feedMixed, feedOwn),
	marketplace.Choose(switchDedupe,
		"whether a request_id that comes again makes a second message is unproven",
		off, on),
	marketplace.Choose(switchReopen,
		"a closed conversation can be answered after it was opened again; which request does that is unknown",
		reopenOpen, reopenEnter, reopenSend, reopenStatus),
	marketplace.Choose(switchReadReply,
		"the reply was not recorded; setting a status answers 204",
		readNoContent, readEmptyObject),
	marketplace.Choose(switchSendExtras,
		"replies of 2026 have three fields more than those of 2020",
		extras2020, extras2026),
	marketplace.Choose(switchCSRF,
		"some clients send csrf_token, some do not; whether it is looked at is unproven",
		ignore, require),
	marketplace.Choose(switchAntiFraud,
		"clients of 2026 send the headers of a script; whether they are looked at is unproven",
		ignore, require),
}
