package ozon

import (
	"net/url"
	"time"

	"example.com/marketmock/internal/marketplace"
)

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

// Days on which the vendor changed something, by its changelog or by dated
// copies of its document. Claim ozon/editions.
var (
	dayHistoryV3      = day(2025, time.March, 11)
	dayListV3         = day(2025, time.July, 28)
	dayWindows        = day(2025, time.August, 5)
	dayPremiumSection = day(2025, time.August, 15)
	dayPremiumPro     = day(2025, time.October, 7)
	dayFromRequired   = day(2025, time.September, 24)
	dayListHundred    = day(2025, time.October, 16)
	dayOAuth          = day(2025, time.October, 30)
	dayUpperEnums     = day(2026, time.February, 12)
	// dayNotificationUser is when one was first seen; the docs followed a month later.
	dayNotificationUser = day(2026, time.February, 12)
	dayFileRequired     = day(2026, time.February, 12)
	dayHistoryV2Gone    = day(2026, time.February, 20)
	dayKeyExpiry        = day(2026, time.February, 20)
	dayChatTypes        = day(2026, time.March, 11)
	dayUserTypes        = day(2026, time.March, 13)
	dayHistoryFree      = day(2026, time.April, 8)
	dayNotifications    = day(2026, time.April, 8)
	dayPushChatTypes    = day(2026, time.April, 17)
	dayListV2Gone       = day(2026, time.June, 9)
	dayContentChats     = day(2026, time.June, 30)
	dayFilterEnum       = day(2026, time.July, 24)
	dayNoShipped        = day(2026, time.July, 24)
	dayMorePushTypes    = day(2026, time.August, 5)
	dayManagerChats     = day(2026, time.August, 18)
	dayMonitoring       = day(2026, time.August, 27)
	dayKeyQuarter       = day(2026, time.September, 2)
	dayLimitHeaders     = day(2026, time.September, 25)
)

// span is when a method exists; a zero day is open.
type span struct {
	since, until time.Time
	legacy       bool // comes back with removed-methods=legacy
}

// spans are the methods that did not always exist. Claim ozon/removed-methods.
var spans = map[string]span{
	opListV3:        {since: dayListV3},
	opHistoryV3:     {since: dayHistoryV3},
	opListV2:        {until: dayListV2Gone, legacy: true},
	opHistoryV2:     {until: dayHistoryV2Gone, legacy: true},
	opHookSet:       {since: dayNotifications},
	opHookUpdate:    {since: dayNotifications},
	opHookDelete:    {since: dayNotifications},
	opHookCheck:     {since: dayNotifications},
	opHookEnable:    {since: dayNotifications},
	opHookList:      {since: dayNotifications},
	opHookPushTypes: {since: dayNotifications},
}

// exists reports whether an operation is served with these settings.
func exists(operation string, s marketplace.Settings) bool {
	sp, ok := spans[operation]
	return !ok || sp.open(s)
}

// pathGone reports whether the path of a call of which only the verb is wrong
// belongs to a method that is not served with its settings.
func pathGone(c *marketplace.Call) bool {
	if c == nil || c.Config == nil || c.Operation.Spec != specAPI {
		return false
	}
	path, err := url.PathUnescape(c.Target)
	if err != nil {
		return true
	}
	for _, op := range c.Config.Specs[specAPI].Operations() {
		if op.Path == path {
			return !exists(op.ID, c.Config.Settings)
		}
	}
	return true
}

func (sp span) open(s marketplace.Settings) bool {
	if sp.legacy && s.Switch(switchRemoved) == "legacy" {
		return true
	}
	return s.Since(sp.since) && (sp.until.IsZero() || !s.Since(sp.until))
}

// listMax is the greatest limit of /v3/chat/list. Claim ozon/list-limit.
func listMax(s marketplace.Settings) int {
	if s.Since(dayListHundred) {
		return 100
	}
	return 1000
}

// Overlays are the spec's older facets, then what switches change on the wire.
func (a *API) Overlays(spec string, s marketplace.Settings) []string {
	return overlays[spec].Of(spec, s)
}

// overlays are what the documents of specs/overlays are for. No default of the
// newest edition has one.
var overlays = map[string]marketplace.Overlays{
	specAPI: {
		Days: []time.Time{
			dayManagerChats, dayMorePushTypes, dayFilterEnum, dayContentChats, dayHistoryFree, dayUserTypes,
			dayHistoryV2Gone, dayUpperEnums, dayOAuth, dayListHundred, dayFromRequired, dayPremiumSection,
		},
		Switches: map[string][]string{
			switchCustomerType:     {"cyrillic"},
			switchEnumCase:         {"title"},
			switchErrorDetails:     {"absent"},
			switchHasNextFormat:    {"string"},
			switchIDFormat:         {"mixed", "string"},
			switchListLimit:        {"clamp"},
			switchListLimitMissing: {"default-30"},
			switchMessageIDName:    {"messageId"},
			switchRateLimitCode:    {"string"},
			switchRateHeaders:      {"off"},
			switchReadFrom:         {"optional"},
			switchUserTypeCase:     {"lower"},
			switchZeroFields:       {"omit"},
		},
	},
	specPush: {
		Days: []time.Time{dayManagerChats, dayPushChatTypes},
		Switches: map[string][]string{
			switchCustomerType:     {"cyrillic"},
			switchPushChatTypeCase: {"upper"},
			switchPushContentType:  {"lenient"},
			switchPushSellerID:     {"number"},
		},
	},
}
