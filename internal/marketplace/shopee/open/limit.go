package open

import (
	"fmt"
	"strconv"
	"time"

	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// Names of the limits.
const (
	limitBurst      = "app-calls-per-minute"
	limitDaily      = "app-calls-per-day"
	limitSends      = "sends-per-second"
	limitSendsDaily = "sends-per-day"
)

// How many calls and messages there may be. Only the last is documented. Claims
// shopee/app-calls-per-minute, shopee/app-calls-per-day, shopee/sends-per-second,
// shopee/sends-per-day.
const (
	maxBurst      = 1000
	maxDaily      = 1_000_000
	maxSends      = 10
	maxSendsDaily = 6000
)

// Limits are those of an app's calls and of a shop's messages. The days are those
// of UTC+08:00. Claims shopee/app-calls-per-day, shopee/app-day-reset.
func Limits(*marketplace.Config) []limit.Rule {
	const day = 24 * time.Hour
	return []limit.Rule{
		{
			Name: limitBurst, Kind: limit.Window, Max: maxBurst, Per: time.Minute, Key: paramPartner,
			Description: "calls of one app in a minute",
		},
		{
			Name: limitDaily, Kind: limit.Window, Max: maxDaily, Per: day, Offset: untilMidnight, Key: paramPartner,
			Description: "calls of one app in a day of UTC+08:00",
		},
		{
			Name: limitSends, Kind: limit.Window, Max: maxSends, Per: time.Second, Key: paramShop,
			Description: "messages that one shop sends in a second",
		},
		{
			Name: limitSendsDaily, Kind: limit.Window, Max: maxSendsDaily, Per: day, Offset: untilMidnight, Key: paramShop,
			Description: "messages that one shop of Brazil sends in a day of UTC+08:00",
		},
	}
}

// untilMidnight is when a day of UTC+08:00 begins in UTC. Claim shopee/app-day-reset.
const untilMidnight = 16 * time.Hour

// guardRate counts every call that gets so far for its app: first for the day, so
// that a call beyond it is not told to come back in a minute. Claims
// shopee/app-calls-per-minute, shopee/app-calls-per-day, shopee/limits-count.
func guardRate(c *marketplace.Call) error {
	partner := shop.Key(idOf(c, paramPartner))
	daily := c.World.Limits.Take(limitDaily, partner)
	if !daily.OK {
		c.Early = daily.Early
		return errDaily.because(used("the app", daily))
	}
	burst := c.World.Limits.Take(limitBurst, partner)
	c.Early = burst.Early || daily.Early
	if !burst.OK {
		c.World.Limits.Refund(limitDaily, partner, daily)
		return errRate.because(used("the app", burst))
	}
	return nil
}

// takeSend counts a message of a shop, and gives back what takes it out of the
// count again. Claims shopee/sends-per-second, shopee/sends-per-day.
func takeSend(c *marketplace.Call) (back func(), err error) {
	limits, key := c.World.Limits, c.Seller.ID
	burst := limits.Take(limitSends, key)
	if !burst.OK {
		c.Early = burst.Early
		return nil, errTooFast.because(used("the shop", burst))
	}
	if shop.ShopOf(c.Seller).Region != brazil {
		return func() { limits.Refund(limitSends, key, burst) }, nil
	}
	daily := limits.Take(limitSendsDaily, key)
	if !daily.OK {
		limits.Refund(limitSends, key, burst)
		c.Early = daily.Early
		return nil, errSendsDaily.because(used("the shop", daily))
	}
	return func() {
		limits.Refund(limitSends, key, burst)
		limits.Refund(limitSendsDaily, key, daily)
	}, nil
}

// used tells of a limit that is reached.
func used(who string, g limit.Grant) string {
	return fmt.Sprintf("%s has used its %d of every %s up: again in %s", who, g.Limit, g.Per, g.RetryAfter)
}

// brazil is the one region with a documented limit of messages.
const brazil = "BR"

// atoi reads a value of a switch that is a number.
func atoi(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}
