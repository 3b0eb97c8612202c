package open

import (
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// What make_offer_status says: "enabled" does not let buyers bargain. Claim
// shopee/offer-toggle.
const (
	offersRefused = "enabled"
	offersTaken   = "disabled"
)

type offers struct {
	ShopID int64  `json:"shop_id"`
	Status string `json:"make_offer_status"`
}

// getOffers is get_offer_toggle_status. Claim shopee/offer-toggle.
func getOffers(c *marketplace.Call) (marketplace.Response, error) {
	its := shop.ShopOf(c.Seller)
	answer := offers{ShopID: its.ID, Status: offersTaken}
	if its.NoOffers {
		answer.Status = offersRefused
	}
	return ok(c, answer)
}

// setOffers is set_offer_toggle_status. Claim shopee/offer-toggle-set.
func setOffers(c *marketplace.Call, b body) (marketplace.Response, error) {
	status, isText := b.text("make_offer_status")
	if !isText || status != offersRefused && status != offersTaken {
		return marketplace.Response{}, errParam.of("make_offer_status is invalid").at("/make_offer_status", "enum")
	}
	_, err := c.World.Store.ChangeSeller(c.Seller.ID, func(now chat.Seller) ([]chat.Event, error) {
		its := shop.ShopOf(now)
		its.NoOffers = status == offersRefused
		return []chat.Event{chat.SellerChanged{At: c.World.Clock.Now(), ID: now.ID, Ext: its}}, nil
	})
	if err != nil {
		return marketplace.Response{}, err
	}
	return ok(c, none{})
}
