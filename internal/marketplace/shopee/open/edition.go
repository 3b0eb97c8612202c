package open

import (
	"time"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

// dayOpposite is when conversations began to tell what the other side has read.
// Only the year is known. Claim shopee/opposite-ids.
var dayOpposite = day(2026, time.January, 1)

// Overlays are what the documents of specs/overlays are for.
var Overlays = marketplace.Overlays{
	Days: []time.Time{dayOpposite},
	Switches: map[string][]string{
		switchSendID:              {idsString},
		switchReadIDs:             {idsNumber},
		shop.SwitchLostPushData:   {shop.LostAsObject},
		shop.SwitchLivePushStatus: {"lower"},
	},
}
