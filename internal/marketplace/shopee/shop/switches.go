package shop

import (
	"time"

	"example.com/marketmock/internal/marketplace"
)

// Names of the switches that the APIs read too.
const (
	SwitchIDEpoch        = "id-epoch"
	SwitchLostPushData   = "lost-push-data"
	SwitchLivePushStatus = "live-push-status-case"
)

// Names of the switches.
const (
	switchWindow             = "contact-window"
	switchFive               = "five-limit"
	switchDuplicates         = "duplicate-24h"
	switchText               = "text-600"
	switchCensor             = "censor"
	switchRecall             = "recall-window"
	switchSubAccounts        = "subaccount-lock"
	switchTW                 = "tw-send"
	switchFirstSource        = "first-chat-source-type"
	switchTypeCheck          = "message-type-check"
	switchImageOrigin        = "image-url-origin"
	switchLate               = "late-status"
	switchPushTimeout        = "push-timeout"
	switchPushTestBody       = "push-test-body"
	switchPushRetries        = "push-retries"
	switchPushMsgID          = "push-msg-id"
	switchPushRepeat         = "push-repeat"
	switchPushOwnMessages    = "push-own-messages"
	switchPushSubAccountName = "push-sub-account-name"
	switchPushFields         = "push-fields"
)

// LostAsObject is a value of lost-push-data that open asks for too.
const LostAsObject = "object"

// Values that are asked for.
const (
	on  = "on"
	off = "off"

	taiwanRefuse     = "refuse"
	sourceRequired   = "required"
	checkEarly       = "early"
	imagesOwn        = "own-only"
	lateBlocked      = "blocked"
	lateCensored     = "censored"
	testSample       = "sample"
	retriesNone      = "none"
	msgIDNull        = "null"
	msgIDAbsent      = "absent"
	nameNumber       = "number-0"
	fieldsDocumented = "documented"
)

// EpochOf is what a call sees message ids in.
func EpochOf(c *marketplace.Call) Epoch { return Epoch(c.Switch(SwitchIDEpoch)) }

// Days on which the vendor changed rules. Claims shopee/edition-2025-07-30,
// shopee/edition-2025-10-14.
var (
	dayWindow     = time.Date(2025, time.July, 30, 0, 0, 0, 0, time.UTC)
	dayDuplicates = time.Date(2025, time.October, 14, 0, 0, 0, 0, time.UTC)
)

// Switches are what is disputed or unknown of chats; a switch's claim has its
// name.
var Switches = marketplace.Choices{
	marketplace.Choose(switchWindow,
		"announced for 30 July 2025: the buyer wrote within 7 days, ordered within 30, or has a return open",
		on, off).Before(dayWindow, off),
	marketplace.Choose(switchFive,
		"announced for 30 July 2025: no more than 5 messages without a reply",
		on, off).Before(dayWindow, off),
	marketplace.Choose(switchDuplicates,
		"announced for 14 October 2025; the code was seen in a client",
		on, off).Before(dayDuplicates, off),
	marketplace.Choose(switchText,
		"600 characters by integrators' notes and a client",
		on, off),
	marketplace.Choose(switchCensor,
		"announced; which words is not published, so the list is ours",
		on, off),
	marketplace.Choose(switchRecall,
		"minutes by region in one integrator's notes; off = any message can be recalled at any time, in every region",
		on, off),
	marketplace.Choose(switchSubAccounts,
		"announced for 29 January 2026; it needs Chat Distribution, which few shops have",
		off, on),
	marketplace.Choose(switchTW,
		"documented, but with which code is not",
		taiwanRefuse, "allow"),
	marketplace.Choose(switchFirstSource,
		"one of two teams that write first also send source_type order, perhaps because it is needed",
		"optional", sourceRequired),
	marketplace.Choose(switchTypeCheck,
		"when it was measured, a type that does not exist fell through to the rules about users",
		"late", checkEarly),
	marketplace.Choose(switchImageOrigin,
		"one client was refused links to images that were not uploaded",
		imagesOwn, "any"),
	marketplace.Choose(switchLate,
		"messages that were accepted read blocked or censored later; nobody told which ones",
		"normal", lateBlocked, lateCensored),
	marketplace.Choose(switchPushTimeout,
		"the page says 2 seconds, the text of an error 3; the test push always has 3",
		"2s", "3s"),
	marketplace.Choose(switchPushTestBody,
		"empty by a blog, not documented",
		"empty", testSample),
	marketplace.Choose(switchPushRetries,
		"documented",
		"1s-2s-3s", retriesNone),
	marketplace.Choose(switchPushMsgID,
		"all three stand in samples",
		"empty", msgIDNull, msgIDAbsent),
	marketplace.Choose(switchPushRepeat,
		"documented as possible",
		off, on),
	marketplace.Choose(switchPushOwnMessages,
		"documented for apps that were admitted to it; on = every app",
		off, on),
	marketplace.Choose(switchPushSubAccountName,
		"the number 0 in samples, a string in the table of fields",
		nameNumber, "string"),
	marketplace.Choose(switchPushFields,
		"business_type, to_shop_id, from_shop_id and status are in the table of fields and in no sample",
		"samples", fieldsDocumented),
	marketplace.Choose(SwitchLostPushData,
		"a JSON string in the table of fields, an object in the sample",
		"string", LostAsObject),
	marketplace.Choose(SwitchLivePushStatus,
		"title case in the text, lower case in the sample",
		"title", "lower"),
	marketplace.Choose(SwitchIDEpoch,
		"ids of the documents' samples count from another moment than live ones",
		string(epochOfLive), string(epochOfTest)),
}
