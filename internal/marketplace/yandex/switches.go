package yandex

import "example.com/marketmock/internal/marketplace"

// Names of the switches.
const (
	switchGetChatsLimit     = "getchats-limit"
	switchParallelLimit     = "parallel-limit"
	switchRateWindow        = "rate-window"
	switchRateMessage       = "rate-message"
	switchPhrase420         = "status-phrase-420"
	switchErrorStatus       = "error-status-field"
	switchErrorQuotes       = "error-value-quotes"
	switchBadKeyStatus      = "bad-key-status"
	switchBadOAuthStatus    = "bad-oauth-status"
	switchOAuthScheme       = "oauth-scheme"
	switchKeyShape          = "api-key-shape"
	switchContentTypeStatus = "wrong-content-type-status"
	switchClosedStatus      = "closed-chat-status"
	switchClosedMessage     = "closed-chat-message"
	switchPageTokenName     = "page-token-name"
	switchLastPaging        = "last-page-paging"
	switchOverLimit         = "over-limit"
	switchLimitDefault      = "limit-default"
	switchMessageOrder      = "message-order"
	switchChatOrder         = "chat-order"
	switchMessageIDFrom     = "message-id-from"
	switchFilterMode        = "filter-mode"
	switchOrderID           = "deprecated-order-id"
	switchEmitOrderID       = "emit-order-id"
	switchCreateBoth        = "create-both-fields"
	switchCreateWithout     = "create-without-context"
	switchCreateExisting    = "create-existing"
	switchOrderStatusGuard  = "order-status-guard"
	switchArbitrageChat     = "arbitrage-chat"
	switchOwnPush           = "own-messages-push"
	switchPingTimeout       = "push-ping-timeout"
	switchPushInsecure      = "push-insecure"
	switchPushDuplicates    = "push-duplicates"
	switchPushShuffle       = "push-shuffle"
	switchUnversioned       = "unversioned-paths"
	switchTextUnit          = "text-length-unit"
	switchBlankMessage      = "blank-message"
	switchFileLimit         = "file-limit"
	switchFileTypes         = "file-types"
	switchBodyLimit         = "body-limit"
	switchContactFilter     = "contact-filter"
)

// Switches is the table as the house reads it; a switch's claim has its name.
func (a *API) Switches() []marketplace.Switch { return choices.Switches("yandex") }

var choices = marketplace.Choices{
	marketplace.Choose(switchGetChatsLimit,
		"getChats calls an hour: 10000 in the docs of 2025, 5000 in the document since April 2026",
		"5000", "10000").Before(dayFewerCalls, "10000"),
	marketplace.Choose(switchParallelLimit,
		"calls at a time: 2 in the docs of 2025, 4 in those of 2026; 0 = not limited",
		"4", "2", "0").Before(dayParallel, "2"),
	marketplace.Choose(switchRateWindow,
		"not documented; a moment at which the count begins anew suggests fixed hours",
		"fixed", "sliding"),
	marketplace.Choose(switchRateMessage,
		"the docs name the method and the cabinet, fixtures of real clients only the limit",
		"long", "short"),
	marketplace.Choose(switchPhrase420,
		"two pages of the docs differ; HTTP/2 has no phrase",
		"method-failure", "enhance-your-calm"),
	marketplace.Choose(switchErrorStatus,
		"the status of a refusal is ERROR in the one full sample, OK in generated ones, absent in fixtures of clients",
		"error", "ok", "absent"),
	marketplace.Choose(switchErrorQuotes,
		"placeholders stand in quotes in the docs; whether values do on the wire is unknown",
		"keep", "strip"),
	marketplace.Choose(switchBadKeyStatus,
		"401 on the page of error codes, 403 in the reference and in a body of 2018",
		"401", "403"),
	marketplace.Choose(switchBadOAuthStatus,
		"403 on the page of error codes, where one expects 401",
		"403", "401"),
	marketplace.Choose(switchOAuthScheme,
		"the docs show Bearer, clients in use send OAuth too",
		"bearer-and-oauth", "bearer"),
	marketplace.Choose(switchKeyShape,
		"refusals of a prefix, a length and a format are documented, yet the docs' own sample of a wrong length is told as invalid; a known key is never looked at",
		"strict", "loose"),
	marketplace.Choose(switchContentTypeStatus,
		"the same text is listed under both",
		"415", "400"),
	marketplace.Choose(switchClosedStatus,
		"only the word closed in the text is known",
		"400", "403"),
	marketplace.Choose(switchClosedMessage,
		"one client looks for the word closed",
		"Chat is closed", "The chat has been closed"),
	marketplace.Choose(switchPageTokenName,
		"page_token in the docs until February 2026, since then pageToken with the old name as an alias",
		"both", "page_token", "pageToken").Before(dayPageToken, "page_token"),
	marketplace.Choose(switchLastPaging,
		"the schema allows an empty paging and none on the last page",
		"empty", "absent"),
	marketplace.Choose(switchOverLimit,
		"the bound is in prose since September 2025 and in the schema since February 2026",
		"reject", "clip", "allow").Before(dayLimitNote, "allow"),
	marketplace.Choose(switchLimitDefault,
		"10 chats and 50 messages in the document since February 2026, nothing before",
		"spec", "all"),
	marketplace.Choose(switchMessageOrder,
		"not documented; clients sort again, one takes the first for the newest, one the last",
		"newest-first", "oldest-first"),
	marketplace.Choose(switchChatOrder,
		"not documented",
		"updated-desc", "created-desc", "id-asc"),
	marketplace.Choose(switchMessageIDFrom,
		"the wording includes the message itself; nobody has told what happens",
		"inclusive", "exclusive"),
	marketplace.Choose(switchFilterMode,
		"the document allows any mix; a comment of one integrator says that only one of orderIds, contexts and contextTypes may be there",
		"and", "one-of"),
	marketplace.Choose(switchOrderID,
		"the end of orderId in requests is announced for 19 October 2026 and not verified",
		"accept", "ignore", "reject"),
	marketplace.Choose(switchEmitOrderID,
		"the end of orderId in answers is announced for 19 October 2026 and not verified",
		"on", "off"),
	marketplace.Choose(switchCreateBoth,
		"context and orderId together are not documented",
		"context-wins", "reject"),
	marketplace.Choose(switchCreateWithout,
		"no field is required by the document, but without one there is nothing to write about",
		"reject", "accept"),
	marketplace.Choose(switchCreateExisting,
		"that an earlier chat is answered is stated since September 2025",
		"same-chat", "reject"),
	marketplace.Choose(switchOrderStatusGuard,
		"whether orders of any status allow a chat is unknown; on = not cancelled ones",
		"off", "on"),
	marketplace.Choose(switchArbitrageChat,
		"a chat appears when a dispute starts: a new one, or the one about the return",
		"new", "convert"),
	marketplace.Choose(switchOwnPush,
		"a new message is announced, whoever wrote it; receivers in use drop their own",
		"on", "off"),
	marketplace.Choose(switchPingTimeout,
		"1 second in the document since April 2026, 10 seconds before and still on the page about notifications",
		"1s", "10s").Before(dayShortPing, "10s"),
	marketplace.Choose(switchPushInsecure,
		"the vendor wants HTTPS with a valid certificate, which a local receiver has not",
		"allow", "refuse"),
	marketplace.Choose(switchPushDuplicates,
		"documented as possible",
		"off", "on"),
	marketplace.Choose(switchPushShuffle,
		"documented as possible",
		"off", "on"),
	marketplace.Choose(switchUnversioned,
		"their end was announced in October 2025, a client of 2026 still uses them; the journal notes each",
		"accept", "404"),
	marketplace.Choose(switchTextUnit,
		"the unit of 4096 is not documented",
		"utf16", "code-point"),
	marketplace.Choose(switchBlankMessage,
		"only a least length of 1 is known",
		"accept", "reject"),
	marketplace.Choose(switchFileLimit,
		"5 MB may be either",
		"5242880", "5000000"),
	marketplace.Choose(switchFileTypes,
		"not documented",
		"any", "images-and-pdf"),
	marketplace.Choose(switchBodyLimit,
		"512 KB may be either; a sent file is not counted, since it may have 5 MB",
		"524288", "512000"),
	marketplace.Choose(switchContactFilter,
		"a page of the docs ends with a sample of a warning against giving contacts; no refusal is tied to it",
		"off", "market-message"),
}
