package webchat

import (
	"strconv"

	"example.com/marketmock/internal/marketplace"
)

// param is the first value of the query under a name. Claim
// shopee/repeated-parameter.
func param(c *marketplace.Call, name string) (string, bool) { return c.Query(name) }

// integer is a parameter that is a whole number; an empty one is absent. Claim
// shopee/webchat-invalid.
func integer(c *marketplace.Call, name string) (n int64, given bool, err error) {
	text, found := param(c, name)
	if !found || text == "" {
		return 0, false, nil
	}
	n, parseErr := strconv.ParseInt(text, 10, 64)
	if parseErr != nil {
		return 0, true, wrong(name, "type", "is not a whole number")
	}
	return n, true, nil
}
