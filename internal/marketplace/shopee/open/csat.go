package open

import (
	"slices"
	"time"

	"example.com/marketmock/internal/marketplace"
)

// How far back marks of satisfaction go, and how long a time may be asked for.
// Claim shopee/csat.
const (
	satisfactionBack   = 180 * 24 * time.Hour
	satisfactionWindow = 15 * 24 * time.Hour
)

// getSatisfaction is get_csat_msg_details. Nobody marks anything here, and the
// fields of an answer are not known. Claims shopee/csat, shopee/csat-empty.
func getSatisfaction(c *marketplace.Call) (marketplace.Response, error) {
	result, _ := param(c, "csat_result")
	if result != "" && !slices.Contains([]string{"Good", "Bad", "Average"}, result) {
		return marketplace.Response{}, errParam.of("csat_result is invalid").at("csat_result", "enum")
	}
	for _, name := range []string{"page_no", paramPageSize} {
		if _, err := integer(c, name); err != nil {
			return marketplace.Response{}, err
		}
	}
	from, err := integer(c, "time_from")
	if err != nil {
		return marketplace.Response{}, err
	}
	to, err := integer(c, "time_to")
	if err != nil {
		return marketplace.Response{}, err
	}
	now := c.World.Clock.Now()
	switch {
	case from != 0 && time.Unix(from, 0).Before(now.Add(-satisfactionBack)):
		return marketplace.Response{}, errParam.of("time_from is more than 180 days ago").at("time_from", "minimum")
	case to < from || time.Duration(to-from) > satisfactionWindow/time.Second:
		return marketplace.Response{}, errParam.of("time_from and time_to are more than 15 days apart").at("time_to", "maximum")
	}
	return ok(c, none{})
}
