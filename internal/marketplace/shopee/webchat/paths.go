package webchat

import (
	"strings"

	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

const api = Prefix + "api/"

// spellings are other paths of an operation, without what all begin with, by the
// documented one. Claims shopee/webchat-prefix,
// shopee/webchat-generations.
var spellings = map[string][]string{
	"coreapi/v1.2/login": {"coreapi/v1.2/mini/login", "coreapi/v1.2/mini/login/sc", "coreapi/v1.2/mini/cbsc/login"},

	"v1.2/conversations":                            {"v1.2/mini/conversations"},
	"v1.2/conversations/{conversation_id}/messages": {"v1.2/mini/conversations/{conversation_id}/messages"},
	"v1.2/conversations/{conversation_id}/read":     {"v1.2/mini/conversations/{conversation_id}/read"},
	"v1.2/conversations/{conversation_id}/unread":   {"v1.2/mini/conversations/{conversation_id}/unread"},
	"v1.2/conversations/{conversation_id}/status":   {"v1.2/mini/conversations/{conversation_id}/status"},
	"v1.2/subaccount/serving_mode/conversations":    {"v1.2/mini/subaccount/serving_mode/conversations"},
	"v1.2/conversation/enter":                       {"v1.2/mini/conversation/enter"},
	"v1.2/conversation/open":                        {"v1.2/mini/conversation/open"},
	"v1.2/conversation/unread-count":                {"v1/messages/unread-count", "v1/sc/messages/unread-count"},
	"v1.2/messages":                                 {"v1.2/mini/messages", "v1/messages", "v1.1/messages", "v1.1/mini/messages"},
	"v1.2/user/sync":                                {"v1.2/mini/user/sync", "v1.1/mini/user/sync"},
	"v1.2/user/setting":                             {"v1.2/mini/user/setting"},
	"v1.2/shop_list":                                {"v1.2/mini/shop_list"},
	"v1.2/images":                                   {"v1/images", "v1/mini/images", "coreapi/v1.2/images"},
}

// Paths are other spellings of a documented path that are served too; nil for a
// path of another API.
func Paths(documented string) []string {
	path, its := strings.CutPrefix(documented, api)
	if !its {
		return nil
	}
	var out []string
	for _, spelling := range spellings[path] {
		out = append(out, api+spelling)
	}
	return out
}

// noPath says which path was perhaps meant by one that is not there: ids of the
// target stand for any.
func noPath(c *marketplace.Call) string {
	why := errNoRoute.why.Text
	if c == nil || c.Config == nil || c.Config.Specs[Spec] == nil {
		return why
	}
	var known []string
	for _, op := range c.Config.Specs[Spec].Operations() {
		known = append(append(known, op.Path), Paths(op.Path)...)
	}
	parts := strings.Split(c.Target, "/")
	for i, part := range parts {
		if shop.Number(part) != 0 {
			parts[i] = "{conversation_id}"
		}
	}
	return why + hint.DidYouMean(strings.Join(parts, "/"), known)
}
