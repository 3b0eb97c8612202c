package ozon

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/marketplace"
)

const limitSecond = "requests-per-second"

// Limits is the one limit of the API. No chat method has another. Claims
// ozon/limit-50-per-second, ozon/no-chat-method-limit.
func (a *API) Limits(*marketplace.Config) []limit.Rule {
	return []limit.Rule{{
		Name: limitSecond, Kind: limit.Window, Max: 50, Per: time.Second, Key: "Client-Id",
		Description: "requests a second of one Client-Id over all methods together",
	}}
}

// guardRate counts every call whose key is known, also one refused later.
// Claims ozon/guard-limit-after-key, ozon/refused-calls-count.
func guardRate(c *marketplace.Call) error {
	if open(c) {
		return nil
	}
	grant := c.World.Limits.Take(limitSecond, c.Seller.ID)
	c.Early = grant.Early
	setRemaining(c, grant.Remaining)
	if grant.OK {
		return nil
	}
	setRetryAfter(c, grant.RetryAfter)
	return errRateLimit
}

// exhausted puts the headers of a real 429 on one that a test asked for.
func exhausted(c *marketplace.Call) {
	if c == nil || c.Header == nil || c.Config == nil {
		return
	}
	setRemaining(c, 0)
	setRetryAfter(c, time.Second)
}

// Claim ozon/ratelimit-headers.
func setRemaining(c *marketplace.Call, n int) {
	if c.Switch(switchRateHeaders) == "on" {
		c.Header["Ratelimit-Remaining"] = []string{strconv.Itoa(max(n, 0))}
	}
}

// setRetryAfter tells whole seconds, at least one.
func setRetryAfter(c *marketplace.Call, d time.Duration) {
	if c.Switch(switchRateHeaders) == "on" {
		seconds := max(1, int((d+time.Second-1)/time.Second))
		c.Header["Retry-After"] = []string{strconv.Itoa(seconds)}
	}
}

// guardContentType is off by default. Claim ozon/content-type-check.
func guardContentType(c *marketplace.Call) error {
	if open(c) || c.Switch(switchContentType) != "on" || isJSON(c.Request.Header) {
		return nil
	}
	return errContentType.at("Content-Type", "media-type")
}

func isJSON(h http.Header) bool {
	media, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return strings.EqualFold(strings.TrimSpace(media), "application/json")
}
