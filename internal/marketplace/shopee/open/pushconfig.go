package open

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// Bounds of a push configuration. Claims shopee/push-codes,
// shopee/push-blocked-shops.
const (
	firstCode  = 1
	lastCode   = 13
	maxBlocked = 500
)

// pushChange is what an app wants to change; nil leaves it as it is.
type pushChange struct {
	url     *string
	on, off []int
	blocked []int64
}

type result struct {
	Result string `json:"result"`
}

// setPushConfig is set_app_push_config. A test push goes to an address that is
// given before anything is kept. Claims shopee/push-set, shopee/push-set-first,
// shopee/push-test-when, shopee/push-config-merge.
func setPushConfig(c *marketplace.Call) (marketplace.Response, error) {
	change, err := readPushChange(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	partner := idOf(c, paramPartner)
	if change.url != nil {
		if err := tryAddress(c, *change.url); err != nil {
			return marketplace.Response{}, err
		}
	}
	err = shop.SavePushConfig(c.World, partner, func(w *chat.Webhook, h *shop.Hook) error {
		switch {
		case change.url != nil:
			w.URL, *h = *change.url, h.Resumed()
		case w.URL == "": // it was taken away meanwhile
			return errPushNoURL.at("/callback_url", "required")
		}
		change.merge(h)
		return nil
	})
	if err != nil {
		return marketplace.Response{}, err
	}
	return ok(c, result{"success"})
}

// readPushChange reads the body: first its form, then its fields, then their
// values. Claims shopee/push-config-errors, shopee/push-set-codes.
func readPushChange(c *marketplace.Call) (pushChange, error) {
	var change pushChange
	b, err := readBody(c)
	if err != nil {
		return change, errPushParse.at("", "json").because(err.Error())
	}
	if b.has("callback_url") {
		text, isText := b.text("callback_url")
		if !isText {
			return change, errPushField.of("callback_url is no string").at("/callback_url", "type")
		}
		change.url = &text
	}
	for _, list := range []struct {
		name string
		into any
	}{
		{"set_push_config_on", &change.on}, {"set_push_config_off", &change.off}, {"blocked_shop_id_list", &change.blocked},
	} {
		if b.has(list.name) && json.Unmarshal(b[list.name], list.into) != nil {
			return change, errPushField.of(list.name+" is no list of numbers").at("/"+list.name, "type")
		}
	}
	return change, change.check()
}

// check looks at the values. Claims shopee/push-set-codes,
// shopee/push-blocked-shops, shopee/push-set-url, shopee/push-http-allowed.
func (p pushChange) check() error {
	none := func(code int) bool { return code < firstCode || code > lastCode }
	both := func(code int) bool { return slices.Contains(p.off, code) }
	const codes = "a push code is none of %d to %d"
	switch {
	case slices.ContainsFunc(p.on, none):
		return errPushValue.at("/set_push_config_on", "enum").because(fmt.Sprintf(codes, firstCode, lastCode))
	case slices.ContainsFunc(p.on, both):
		return errPushValue.at("/set_push_config_on", "enum").because("a push code is to be turned both on and off")
	case slices.ContainsFunc(p.off, none):
		return errPushValue.at("/set_push_config_off", "enum").because(fmt.Sprintf(codes, firstCode, lastCode))
	case len(p.blocked) > maxBlocked:
		return errPushValue.at("/blocked_shop_id_list", "maxItems").
			because(fmt.Sprintf("%d shops are more than %d", len(p.blocked), maxBlocked))
	case slices.ContainsFunc(p.blocked, func(id int64) bool { return id < 1 }):
		return errPushValue.at("/blocked_shop_id_list", "minimum").because("a shop_id is a number from 1 on")
	case p.url == nil:
		return nil
	case !marketplace.IsAddress(*p.url):
		return errPushURL.at("/callback_url", "format")
	case ofVendor(*p.url):
		return errPushIntranet.at("/callback_url", "")
	}
	return nil
}

// ofVendor reports whether an address is one of the vendor's. Claim
// shopee/push-http-allowed.
func ofVendor(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host := "." + strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	inside := func(domain string) bool { return strings.HasSuffix(host, "."+domain) }
	return slices.ContainsFunc(domains, inside) ||
		slices.ContainsFunc(shop.Regions(), func(region string) bool { return inside("shopee." + shop.Region(region).TLD) })
}

// domains are the vendor's own beside those of its countries.
var domains = []string{"shopee.io", "shopee.com", "shopee.cn", "shopeemobile.com"}

// tryAddress sends a test push. Claims shopee/push-test, shopee/push-test-silent,
// shopee/push-test-refused.
func tryAddress(c *marketplace.Call, address string) error {
	app, _, _ := appOf(c)
	switch shop.Probe(c.Request.Context(), c.World, app, address) {
	case shop.ProbeNoAnswer:
		return errPushSilent.at("/callback_url", "")
	case shop.ProbeNot2xx:
		return errPushStatus.at("/callback_url", "")
	}
	return nil
}

// merge turns codes on and off; the shops that are blocked are replaced. Claim
// shopee/push-config-merge.
func (p pushChange) merge(h *shop.Hook) {
	h.On = turned(h.On, p.on, p.off)
	h.Off = turned(h.Off, p.off, p.on)
	if p.blocked != nil {
		h.Blocked = p.blocked
	}
}

// turned is a list with some codes more and others less, in order.
func turned(list, more, less []int) []int {
	out := slices.DeleteFunc(slices.Concat(list, more), func(code int) bool { return slices.Contains(less, code) })
	slices.Sort(out)
	return slices.Compact(out)
}

// pushConfig is what get_app_push_config tells. Claims shopee/push-get,
// shopee/push-suspended.
type pushConfig struct {
	CallbackURL string  `json:"callback_url"`
	Status      string  `json:"live_push_status"`
	Suspended   int64   `json:"suspended_time,omitempty"`
	Blocked     []int64 `json:"blocked_shop_id"`
	On          []int   `json:"push_config_on_list"`
	Off         []int   `json:"push_config_off_list"`
}

// getPushConfig is get_app_push_config. Claims shopee/push-get-none,
// shopee/live-push-status-case.
func getPushConfig(c *marketplace.Call) (marketplace.Response, error) {
	hook, found := shop.PushConfig(c.World.Store, idOf(c, paramPartner))
	if !found {
		return marketplace.Response{}, errPushNone
	}
	h := shop.HookOf(hook)
	answer := pushConfig{
		CallbackURL: hook.URL, Status: string(h.Status()), Blocked: orEmpty(h.Blocked), On: orEmpty(h.On), Off: orEmpty(h.Off),
		Suspended: seconds(h.Suspended),
	}
	if c.Switch(shop.SwitchLivePushStatus) == caseLower {
		answer.Status = strings.ToLower(answer.Status)
	}
	return ok(c, answer)
}

// seconds is a time since the epoch, 0 for none.
func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// orEmpty is a list that JSON writes as one.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
