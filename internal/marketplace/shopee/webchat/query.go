package webchat

import (
	"net/url"
	"strconv"
	"strings"

	"example.com/marketmock/internal/marketplace"
)

// param is the first value of the query under a name. Claim
// shopee/repeated-parameter.
func param(c *marketplace.Call, wanted string) (string, bool) {
	raw := c.Request.URL.RawQuery
	for raw != "" {
		var part string
		part, raw, _ = strings.Cut(raw, "&")
		name, value, _ := strings.Cut(part, "=")
		if unescaped(name) == wanted {
			return unescaped(value), true
		}
	}
	return "", false
}

func unescaped(s string) string {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s
	}
	if out, err := url.QueryUnescape(s); err == nil {
		return out
	}
	return s
}

// integer is a parameter that is a whole number; an empty one is absent. Claim
// shopee/webchat-invalid.
func integer(c *marketplace.Call, name string) (n int64, given bool, err error) {
	text, found := param(c, name)
	if !found || text == "" {
		return 0, false, nil
	}
	n, parseErr := strconv.ParseInt(text, 10, 64)
	if parseErr != nil {
		return 0, true, errParam.at(name, "type")
	}
	return n, true, nil
}
