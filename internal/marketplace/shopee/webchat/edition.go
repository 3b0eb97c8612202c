package webchat

import "example.com/marketmock/internal/marketplace"

// Overlays are what switches change on the wire. Every edition that a sandbox may
// have is younger than what changed here by date: claim
// shopee/webchat-generations.
var Overlays = marketplace.Overlays{
	Switches: map[string][]string{
		switchSendExtras:  {extras2026},
		switchReadReply:   {readEmptyObject},
		switchErrorStatus: {"200"},
	},
}
