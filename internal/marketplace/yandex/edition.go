package yandex

import (
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
	dayShortPing   = day(2026, time.April, 3)
)

// Overlays are the spec's older facets, then what switches change on the wire.
func (a *API) Overlays(spec string, s marketplace.Settings) []string {
	return overlays[spec].Of(spec, s)
}

// overlays are what the documents of specs/overlays are for. No default of the
// newest edition has one.
var overlays = map[string]marketplace.Overlays{
	specAPI: {
		Days: []time.Time{
			dayFewerCalls, dayStorePaging, dayPageToken, dayAvailability, dayCampaignID, dayMoreStates, dayStatus,
			dayCustomer, dayLaas, dayStores, dayCreateEnum, dayFileURL, dayFileName, dayDirect, dayLeastLimit,
		},
		Switches: map[string][]string{
			switchOrderID:       {"reject"},
			switchErrorStatus:   {"absent", "ok"},
			switchEmitOrderID:   {"off"},
			switchGetChatsLimit: {"10000"},
			switchOverLimit:     {"allow", "clip"},
			switchPageTokenName: {"pageToken", "page_token"},
		},
	},
	specPush: {
		Days: []time.Time{dayPushBusiness},
	},
}
