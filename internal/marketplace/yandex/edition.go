package yandex

import (
	"slices"
	"time"

	"example.com/marketmock/internal/marketplace"
)

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

// Days on which the vendor changed something, by the history of its document or
// by its changelog. Claim yandex/editions.
var (
	dayLeastLimit   = day(2025, time.July, 25)
	dayDirect       = day(2025, time.July, 28)
	dayFileName     = day(2025, time.July, 29)
	dayFileURL      = day(2025, time.August, 8)
	dayCreateEnum   = day(2025, time.August, 18)
	dayStores       = day(2025, time.August, 25)
	dayLimitNote    = day(2025, time.September, 4)
	dayVersion      = day(2025, time.September, 8)
	dayLaas         = day(2025, time.September, 9)
	dayCustomer     = day(2025, time.September, 17)
	dayStatus       = day(2025, time.October, 6)
	dayMoreStates   = day(2025, time.November, 24)
	dayCampaignID   = day(2025, time.December, 1)
	dayPushBusiness = day(2025, time.December, 5)
	dayAvailability = day(2025, time.December, 8)
	// dayParallel parts the docs of 2025 from those of 2026. The day itself is not
	// known. Claim yandex/parallel-limit.
	dayParallel    = day(2026, time.January, 1)
	dayPageToken   = day(2026, time.February, 19)
	dayStorePaging = day(2026, time.March, 3)
	dayFewerCalls  = day(2026, time.April, 1)
)

// Overlays are the spec's older facets, newest first, then what switches change
// on the wire, by name.
func (a *API) Overlays(spec string, s marketplace.Settings) []string {
	var names []string
	for _, d := range overlayDays[spec] {
		if !s.Since(d) {
			names = append(names, spec+"-before-"+d.Format(time.DateOnly))
		}
	}
	var switched []string
	for _, o := range overlaySwitches[spec] {
		if s.Switch(o.name) == o.value {
			switched = append(switched, spec+"-"+o.name+"-"+o.value)
		}
	}
	slices.Sort(switched)
	return append(names, switched...)
}

// overlayDays are the days of the overlays <spec>-before-<day>, newest first.
var overlayDays = map[string][]time.Time{
	specAPI: {
		dayFewerCalls, dayStorePaging, dayPageToken, dayAvailability, dayCampaignID, dayMoreStates, dayStatus, dayCustomer,
		dayLaas, dayStores, dayCreateEnum, dayFileURL, dayFileName, dayDirect, dayLeastLimit,
	},
	specPush: {dayPushBusiness},
}

// overlaySwitches are the overlays <spec>-<switch>-<value>: what a switch
// changes on the wire. No default of the newest edition has one.
var overlaySwitches = map[string][]struct{ name, value string }{
	specAPI: {
		{switchOrderID, "reject"},
		{switchErrorStatus, "absent"},
		{switchErrorStatus, "ok"},
		{switchEmitOrderID, "off"},
		{switchGetChatsLimit, "10000"},
		{switchOverLimit, "allow"},
		{switchOverLimit, "clip"},
		{switchPageTokenName, "pageToken"},
		{switchPageTokenName, "page_token"},
	},
}
