package yandex

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
)

const limitParallel = "parallel-requests"

// hourly is the name of the limit of an operation.
func hourly(operation string) string { return operation + "-per-hour" }

// Limits are one of calls at a time and one of each method, as the spec has it.
// Claims yandex/parallel-limit, yandex/limit-hourly, yandex/getchats-limit,
// yandex/limit-campaigns, yandex/rate-window.
func (a *API) Limits(c *marketplace.Config) []limit.Rule {
	atOnce := atoi(c.Settings.Switch(switchParallelLimit))
	if atOnce == 0 {
		atOnce = -1 // counted, not limited
	}
	rules := []limit.Rule{{
		Name: limitParallel, Kind: limit.InFlight, Max: atOnce, Key: "businessId",
		Description: "calls of one cabinet at the same time, over all methods together",
	}}
	spec := c.Specs[specAPI]
	if spec == nil {
		return rules
	}
	for _, op := range spec.Operations() {
		most, per, found := rateOf(op)
		if !found {
			continue
		}
		rules = append(rules, limit.Rule{
			Name: hourly(op.ID), Kind: limit.Window, Max: most, Per: per, Key: "businessId",
			Slides:      c.Settings.Switch(switchRateWindow) == "sliding",
			Description: fmt.Sprintf("calls of %s of one cabinet in an hour", op.ID),
		})
	}
	return rules
}

// rateOf reads x-rate-limit: {requests: 1000, per: 1h}.
func rateOf(op openapi.Operation) (most int, per time.Duration, found bool) {
	rate, _ := op.Extensions["x-rate-limit"].(map[string]any)
	most = atoi(fmt.Sprint(rate["requests"]))
	per, err := time.ParseDuration(fmt.Sprint(rate["per"]))
	return most, per, err == nil && most > 0 && per > 0
}

// atoi reads a value of a switch that is one.
func atoi(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// limitKey is whom a call counts for: the cabinet of the path, else that of the
// credentials; "" for nobody. Claims yandex/limit-key,
// yandex/limit-key-companions.
func limitKey(c *marketplace.Call) string {
	if asked, named := c.Path[pathBusiness]; named {
		if id, ok := businessID(asked); ok {
			return id
		}
		return asked
	}
	if c.Seller.ID != "" {
		return c.Seller.ID
	}
	if byKey(c) {
		seller, _ := ownerOfKey(c, c.Request.Header.Get(headerKey))
		return seller.ID
	}
	token, _ := oauthToken(c.Request.Header)
	seller, _ := ownerOfToken(c.World, token)
	return seller.ID
}

// guardParallel counts calls in flight, also of those who are refused later.
func guardParallel(c *marketplace.Call) error {
	if open(c) {
		return nil
	}
	key := limitKey(c)
	if key == "" {
		return nil
	}
	leave, grant := c.World.Limits.Enter(limitParallel, key)
	if !grant.OK {
		return errParallel(c, grant, key)
	}
	c.Defer(func(int, http.Header) { leave() })
	return nil
}

// guardRate counts every call that gets so far, and takes back what ended in a
// failure inside. Claims yandex/limit-4xx-counts, yandex/limit-5xx-free,
// yandex/limit-420-free.
func guardRate(c *marketplace.Call) error {
	if open(c) {
		return nil
	}
	rule, key := hourly(c.Operation.ID), limitKey(c)
	grant := c.World.Limits.Take(rule, key)
	c.Early = grant.Early
	setLimit(c.Header, grant)
	if !grant.OK {
		return errHourly(c, grant.Limit, grant.Per)
	}
	c.Defer(func(status int, h http.Header) {
		if status >= http.StatusInternalServerError {
			c.World.Limits.Refund(rule, key, grant)
			setLimit(h, c.World.Limits.Peek(rule, key))
		}
	})
	return nil
}

// exhausted is the refusal of a call beyond its hourly limit that a test asked
// for, headers included.
func exhausted(c *marketplace.Call) *refusal {
	if c == nil || c.Config == nil || c.Operation.ID == "" || open(c) {
		return refuse(status420, codeMethodFailure, "fault-texts", "Hit rate limit", "a fault rule asked for it")
	}
	grant := c.World.Limits.Peek(hourly(c.Operation.ID), limitKey(c))
	grant.Remaining = 0
	setLimit(c.Header, grant)
	r := errHourly(c, grant.Limit, cmp.Or(grant.Per, time.Hour)) // the docs know no method without a limit
	r.why.Text, r.why.Claim = "a fault rule asked for it", "yandex/fault-texts"
	return r
}

// showLimit puts the headers on a refusal that came before the count. Claims
// yandex/limit-headers-without-access, yandex/limit-headers-unknown-path.
func showLimit(c *marketplace.Call) {
	if c == nil || c.Config == nil || c.Header == nil || c.Operation.ID == "" || open(c) {
		return
	}
	if _, shown := c.Header[headerLimit]; shown {
		return
	}
	setLimit(c.Header, c.World.Limits.Peek(hourly(c.Operation.ID), limitKey(c)))
}

// Names of headers as the docs spell them; net/http would write Ratelimit.
const (
	headerLimit     = "X-RateLimit-Resource-Limit"
	headerRemaining = "X-RateLimit-Resource-Remaining"
	headerUntil     = "X-RateLimit-Resource-Until"
)

// setLimit tells a limit and what is left of it; a method without one, which only
// a spec of somebody else has, tells nothing. Claims yandex/limit-headers,
// yandex/limit-until.
func setLimit(h http.Header, g limit.Grant) {
	if g.Reset.IsZero() {
		return
	}
	most := g.Limit
	if most < 0 {
		most = limit.Unlimited
	}
	h[headerLimit] = []string{strconv.Itoa(most)}
	h[headerRemaining] = []string{strconv.Itoa(max(g.Remaining, 0))}
	h[headerUntil] = []string{g.Reset.UTC().Format(http.TimeFormat)}
}

// resource is how texts call a method: its path without the version.
func resource(path string) string {
	return "/" + strings.TrimPrefix(path, versioned) + jsonSuffix
}

// inWords is a period as the texts have it: 1 hour, 2 minutes.
func inWords(d time.Duration) string {
	for _, unit := range []struct {
		name string
		long time.Duration
	}{
		{"day", 24 * time.Hour},
		{"hour", time.Hour},
		{"minute", time.Minute},
		{"second", time.Second},
	} {
		if n := d / unit.long; n > 0 && d%unit.long == 0 {
			if n == 1 {
				return "1 " + unit.name
			}
			return fmt.Sprintf("%d %ss", n, unit.name)
		}
	}
	return d.String()
}
