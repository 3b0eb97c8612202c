package open

import (
	"errors"
	"net/http"
	"strconv"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// Parameters that every call has, and those of a shop's.
const (
	paramPartner   = "partner_id"
	paramTimestamp = "timestamp"
	paramSign      = "sign"
	paramToken     = "access_token"
	paramShop      = "shop_id"
)

// param is the first value of a query parameter: of repeated ones it counts, and
// it is what is signed. Claim shopee/repeated-parameter.
func param(c *marketplace.Call, name string) (string, bool) { return c.Query(name) }

// params are all values of a query parameter.
func params(c *marketplace.Call, name string) []string { return c.Queries(name) }

// number32 reads what must be an integer between 0 and 4294967295: digits alone.
func number32(text string) (int64, bool) {
	n, err := strconv.ParseUint(text, 10, 32)
	return int64(n), err == nil
}

// integer is a parameter that is a number from 0 on, 0 if it is absent or empty.
// Claim shopee/empty-parameter.
func integer(c *marketplace.Call, name string) (int64, error) {
	text, _ := param(c, name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 63)
	if err == nil {
		return int64(n), nil
	}
	if _, negative := strconv.ParseInt(text, 10, 64); negative == nil {
		return 0, errParam.of(name+" is negative").at(name, "minimum")
	}
	return 0, errParam.of(name+" is no number").at(name, "type")
}

// listInteger is integer of the conversation list, which has another code.
func listInteger(c *marketplace.Call, name string) (int64, error) {
	n, err := integer(c, name)
	var r *refusal
	if errors.As(err, &r) {
		return 0, errListParam.of(r.value).at(r.why.Pointer, r.why.Rule)
	}
	return n, err
}

// Credential names the world by the shop, else by the app. Calls of the other API
// have no partner_id. Claim shopee/credential.
func Credential(r *http.Request) []string {
	partner, found := marketplace.InQuery(r, paramPartner)
	if !found {
		return nil
	}
	out := make([]string, 0, 2)
	text, _ := marketplace.InQuery(r, paramShop)
	if id, ok := number32(text); ok {
		out = append(out, ownedShop+shop.Key(id))
	}
	if id, ok := number32(partner); ok {
		out = append(out, ownedPartner+shop.Key(id))
	}
	return out
}

const (
	ownedShop    = "shop:"
	ownedPartner = "partner:"
)

// Owned are a shop and the app that it authorised.
func Owned(s shop.Shop) []string {
	return []string{ownedShop + shop.Key(s.ID), ownedPartner + shop.Key(s.App.PartnerID)}
}
