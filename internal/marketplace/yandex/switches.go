package yandex

import (
	"slices"
	"time"

	"example.com/marketmock/internal/marketplace"
)

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
			Name: c.name, Values: slices.Clone(c.values), Default: c.byEdition, By: by, Why: c.why, Claim: "yandex/" + c.name,
		})
	}
	return out
}

func or(values ...string) []string { return values }

func before(day time.Time, value string) dated { return dated{day, value} }

var choices = []choice{
	{
		switchGetChatsLimit, or("5000", "10000"), "5000",
		[]dated{before(dayFewerCalls, "10000")},
		"getChats calls an hour: 10000 in the docs of 2025, 5000 in the document since April 2026",
	},
	{
		switchParallelLimit, or("4", "2", "0"), "4",
		[]dated{before(dayParallel, "2")},
		"calls at a time: 2 in the docs of 2025, 4 in those of 2026; 0 = not limited",
	},
	{
		switchRateWindow, or("fixed", "sliding"), "fixed", nil,
		"not documented; a moment at which the count begins anew suggests fixed hours",
	},
	{
		switchRateMessage, or("long", "short"), "long", nil,
		"the docs name the method and the cabinet, fixtures of real clients only the limit",
	},
	{
		switchPhrase420, or("method-failure", "enhance-your-calm"), "method-failure", nil,
		"two pages of the docs differ; HTTP/2 has no phrase",
	},
	{
		switchErrorStatus, or("error", "ok", "absent"), "error", nil,
		"the status of a refusal is ERROR in the one full sample, OK in generated ones, absent in fixtures of clients",
	},
	{
		switchErrorQuotes, or("keep", "strip"), "keep", nil,
		"placeholders stand in quotes in the docs; whether values do on the wire is unknown",
	},
	{
		switchBadKeyStatus, or("401", "403"), "401", nil,
		"401 on the page of error codes, 403 in the reference and in a body of 2018",
	},
	{
		switchBadOAuthStatus, or("403", "401"), "403", nil,
		"403 on the page of error codes, where one expects 401",
	},
	{
		switchOAuthScheme, or("bearer-and-oauth", "bearer"), "bearer-and-oauth", nil,
		"the docs show Bearer, clients in use send OAuth too",
	},
	{
		switchKeyShape, or("strict", "loose"), "strict", nil,
		"refusals of a prefix, a length and a format are documented, yet the docs' own sample of a wrong length is told as invalid; a known key is never looked at",
	},
	{
		switchContentTypeStatus, or("415", "400"), "415", nil,
		"the same text is listed under both",
	},
	{
		switchClosedStatus, or("400", "403"), "400", nil,
		"only the word closed in the text is known",
	},
	{
		switchClosedMessage, or("Chat is closed", "The chat has been closed"), "Chat is closed", nil,
		"one client looks for the word closed",
	},
	{
		switchPageTokenName, or("both", "page_token", "pageToken"), "both",
		[]dated{before(dayPageToken, "page_token")},
		"page_token in the docs until February 2026, since then pageToken with the old name as an alias",
	},
	{
		switchLastPaging, or("empty", "absent"), "empty", nil,
		"the schema allows an empty paging and none on the last page",
	},
	{
		switchOverLimit, or("reject", "clip", "allow"), "reject",
		[]dated{before(dayLimitNote, "allow")},
		"the bound is in prose since September 2025 and in the schema since February 2026",
	},
	{
		switchLimitDefault, or("spec", "all"), "spec", nil,
		"10 chats and 50 messages in the document since February 2026, nothing before",
	},
	{
		switchMessageOrder, or("newest-first", "oldest-first"), "newest-first", nil,
		"not documented; clients sort again, one takes the first for the newest, one the last",
	},
	{
		switchChatOrder, or("updated-desc", "created-desc", "id-asc"), "updated-desc", nil,
		"not documented",
	},
	{
		switchMessageIDFrom, or("inclusive", "exclusive"), "inclusive", nil,
		"the wording includes the message itself; nobody has told what happens",
	},
	{
		switchFilterMode, or("and", "one-of"), "and", nil,
		"the document allows any mix; a comment of one integrator says that only one of orderIds, contexts and contextTypes may be there",
	},
	{
		switchOrderID, or("accept", "ignore", "reject"), "accept", nil,
		"the end of orderId in requests is announced for 19 October 2026 and not verified",
	},
	{
		switchEmitOrderID, or("on", "off"), "on", nil,
		"the end of orderId in answers is announced for 19 October 2026 and not verified",
	},
	{
		switchCreateBoth, or("context-wins", "reject"), "context-wins", nil,
		"context and orderId together are not documented",
	},
	{
		switchCreateWithout, or("reject", "accept"), "reject", nil,
		"no field is required by the document, but without one there is nothing to write about",
	},
	{
		switchCreateExisting, or("same-chat", "reject"), "same-chat", nil,
		"that an earlier chat is answered is stated since September 2025",
	},
	{
		switchOrderStatusGuard, or("off", "on"), "off", nil,
		"whether orders of any status allow a chat is unknown; on = not cancelled ones",
	},
	{
		switchArbitrageChat, or("new", "convert"), "new", nil,
		"a chat appears when a dispute starts: a new one, or the one about the return",
	},
	{
		switchOwnPush, or("on", "off"), "on", nil,
		"a new message is announced, whoever wrote it; receivers in use drop their own",
	},
	{
		switchPingTimeout, or("1s", "10s"), "1s", nil,
		"1 second in the document, 10 seconds on the page about notifications",
	},
	{
		switchPushInsecure, or("allow", "refuse"), "allow", nil,
		"the vendor wants HTTPS with a valid certificate, which a local receiver has not",
	},
	{
		switchPushDuplicates, or("off", "on"), "off", nil,
		"documented as possible",
	},
	{
		switchPushShuffle, or("off", "on"), "off", nil,
		"documented as possible",
	},
	{
		switchUnversioned, or("accept", "404"), "accept", nil,
		"their end was announced in October 2025, a client of 2026 still uses them; the journal notes each",
	},
	{
		switchTextUnit, or("utf16", "code-point"), "utf16", nil,
		"the unit of 4096 is not documented",
	},
	{
		switchBlankMessage, or("accept", "reject"), "accept", nil,
		"only a least length of 1 is known",
	},
	{
		switchFileLimit, or("5242880", "5000000"), "5242880", nil,
		"5 MB may be either",
	},
	{
		switchFileTypes, or("any", "images-and-pdf"), "any", nil,
		"not documented",
	},
	{
		switchBodyLimit, or("524288", "512000"), "524288", nil,
		"512 KB may be either; a sent file is not counted, since it may have 5 MB",
	},
	{
		switchContactFilter, or("off", "market-message"), "off", nil,
		"a page of the docs ends with a sample of a warning against giving contacts; no refusal is tied to it",
	},
}
