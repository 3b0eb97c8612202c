package yandex

import (
	"cmp"
	"math"
	"strconv"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
)

// guardQuery looks at the parameters that a method takes: those that the spec
// check has something against, then limits that are told in prose alone. Claim
// yandex/chat-id-in-query.
func guardQuery(c *marketplace.Call) error {
	if open(c) {
		return nil
	}
	for _, f := range c.Findings() {
		if f.In != "query" {
			continue
		}
		if r := refuseParameter(c, f); r != nil {
			return r.at(f.Pointer, f.Rule)
		}
	}
	for _, name := range []string{paramChat, paramMessage} {
		if _, _, err := integer(c, name); err != nil {
			return err
		}
	}
	_, err := pageLimit(c)
	return err
}

const (
	paramChat    = "chatId"
	paramMessage = "messageId"
	paramLimit   = "limit"
)

// refuseParameter turns a finding about a parameter into the vendor's refusal, or
// lets it pass: unknown parameters and repeated ones do. An empty number is an
// absent one. Claims yandex/missing-param, yandex/type-mismatch,
// yandex/below-minimum, yandex/above-maximum, yandex/over-limit-text,
// yandex/unknown-fields-ignored, yandex/repeated-parameter.
func refuseParameter(c *marketplace.Call, f openapi.Finding) *refusal {
	value, given := param(c, f.Pointer)
	switch f.Rule {
	case "required":
		return errParamMissing.of(f.Pointer)
	case "type", "format":
		switch {
		case !given:
			return nil
		case value != "":
			return errTypeMismatch.of(value)
		case f.Pointer == paramChat || f.Pointer == paramMessage:
			return errParamMissing.of(f.Pointer)
		}
	case "minimum":
		return errBelow.of(f.Pointer, f.Limit, value)
	case "maximum":
		switch {
		case f.Pointer != paramLimit:
			return errAbove.of(f.Pointer, f.Limit, value)
		case limitBounded(c):
			return errLimit.of(f.Limit, value)
		}
	}
	return nil
}

// param is the first value of the query under one of the names. Claim
// yandex/repeated-parameter.
func param(c *marketplace.Call, names ...string) (string, bool) { return c.Query(names...) }

// integer is a parameter as Java reads a long: digits alone. The spec check takes
// 1.0 and 1e3 for whole numbers too.
func integer(c *marketplace.Call, name string) (n int64, given bool, err error) {
	text, found := param(c, name)
	if !found || text == "" {
		return 0, false, nil
	}
	n, parseErr := strconv.ParseInt(text, 10, 64)
	if parseErr != nil {
		return 0, true, errTypeMismatch.of(text).at(name, "type")
	}
	return n, true, nil
}

// pageSize is how many rows a method gives without limit and at most.
type pageSize struct{ usual, most int }

// Claims yandex/limit-chats, yandex/limit-history, yandex/campaigns-paging,
// yandex/campaigns-without-limit.
var pageSizes = map[string]pageSize{
	opGetChats:     {usual: 10, most: 20},
	opGetHistory:   {usual: 50, most: 100},
	opGetCampaigns: {usual: 100, most: 100},
}

// everything is the limit of those who ask for no page.
const everything = math.MaxInt32

// pageLimit is how many rows a page has. A limit below 1 can only come in
// editions that had no least one, and is none. Claims yandex/over-limit,
// yandex/over-limit-before, yandex/limit-default, yandex/limit-default-before,
// yandex/under-limit, yandex/limit-on-every-page.
func pageLimit(c *marketplace.Call) (int, error) {
	size, paged := pageSizes[c.Operation.ID]
	if !paged {
		return 0, nil
	}
	n, given, err := integer(c, paramLimit)
	if err != nil {
		return 0, err
	}
	if !given || n < 1 {
		if c.Switch(switchLimitDefault) == "all" && c.Operation.ID != opGetCampaigns {
			return everything, nil
		}
		return size.usual, nil
	}
	if n <= int64(size.most) {
		return int(n), nil
	}
	switch {
	case c.Switch(switchOverLimit) == "clip":
		return size.most, nil
	case c.Operation.ID == opGetCampaigns && !c.Config.Settings.Since(dayStorePaging):
		return size.usual, nil // a parameter that it does not know
	case !limitBounded(c):
		return int(min(n, everything)), nil
	}
	return 0, errLimit.of(strconv.Itoa(size.most), strconv.FormatInt(n, 10)).at(paramLimit, "maximum")
}

// limitBounded reports whether a limit above the greatest is refused: of a history
// only since the document has its bound, unless the switch was set. Claims
// yandex/over-limit, yandex/over-limit-history.
func limitBounded(c *marketplace.Call) bool {
	if c.Switch(switchOverLimit) != "reject" {
		return false
	}
	s := c.Config.Settings
	return c.Operation.ID != opGetHistory || s.Since(dayPageToken) || s.Given(switchOverLimit)
}

// pageToken is the token of a call, under a name that is taken; "" for none.
// Claims yandex/page-token-name, yandex/page-token-empty.
func pageToken(c *marketplace.Call) string {
	var text string
	switch c.Switch(switchPageTokenName) {
	case "pageToken":
		text, _ = param(c, "pageToken")
	case "page_token":
		text, _ = param(c, "page_token")
	default:
		if text, _ = param(c, "pageToken", "page_token"); text == "" { // the other may be none
			first, _ := param(c, "pageToken")
			second, _ := param(c, "page_token")
			text = cmp.Or(first, second)
		}
	}
	return text
}

// afterKey is the key that a call's token stands for.
func afterKey(c *marketplace.Call, query digest) (string, error) {
	key, known := parseToken(query, pageToken(c))
	if !known {
		return "", errPageToken.at("pageToken", "")
	}
	return key, nil
}
