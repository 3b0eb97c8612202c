package webchat

import (
	"slices"
	"strconv"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// feeds are the lists that may mix the shops of an account.
var feeds = map[string]bool{opListSubaccount: true, opListServingMode: true, opListServing: true}

// listSubaccount is the feed of 2021 to 2023. Claims shopee/webchat-feed,
// shopee/webchat-feed-cursor, shopee/webchat-row-later.
func listSubaccount(c *marketplace.Call) (marketplace.Response, error) {
	asked, err := readAsk(c, &inQuery{call: c})
	if err != nil {
		return marketplace.Response{}, err
	}
	page, _, err := feedOf(c, asked)
	if err != nil {
		return marketplace.Response{}, err
	}
	return answerRows(c, page, true)
}

// listServing is the feed of 2026. Claims shopee/webchat-serving,
// shopee/webchat-serving-list.
func listServing(c *marketplace.Call, b *body) (marketplace.Response, error) {
	asked, err := readAsk(c, b)
	if err != nil {
		return marketplace.Response{}, err
	}
	if id := b.id("shop_id"); id != 0 {
		if err := actFor(c, id); err != nil {
			return marketplace.Response{}, err
		}
	}
	page, shops, err := feedOf(c, asked)
	if err != nil {
		return marketplace.Response{}, err
	}
	return ok(serving{rows: rowsOf(c, page, true), shops: shops})
}

// feedOf reads a page of the feed and the shops that it is of. A shop that the
// account may not see is left out; if that leaves none, the feed is refused.
// Claims shopee/webchat-feed-shops, shopee/webchat-feed-forbidden,
// shopee/webchat-feed-cursor, shopee/webchat-feed-latest, shopee/webchat-forbidden.
func feedOf(c *marketplace.Call, a ask) (page []chat.Entry, shops []string, err error) {
	all := []chat.Seller{c.Seller}
	if c.Switch(switchFeedShops) == "mixed" {
		all = account(c.World, c.Seller)
	}
	for _, seller := range all {
		if !forbidden(seller) {
			shops = append(shops, seller.ID)
		}
	}
	if len(shops) == 0 {
		return nil, nil, errForbidden.at("", "")
	}
	page, _ = shop.Feed(c.World.Store, shops, a.unread, a.latest && a.row != 0, a.row, pageSize(c))
	if a.latest && a.row != 0 {
		slices.Reverse(page)
	}
	return page, shops, nil
}

// serving is the answer of the feed of 2026. What attributions hold was not
// recorded. Claim shopee/webchat-serving.
type serving struct {
	rows  rows
	shops []string
}

// AppendJSON writes the answer without reflection.
func (s serving) AppendJSON(dst []byte) []byte {
	dst = s.rows.AppendJSON(append(dst, `{"conversations":`...))
	dst = append(dst, `,"attributions":{},"ShopIds":[`...)
	for i, id := range s.shops {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = strconv.AppendInt(dst, shop.Number(id), 10)
	}
	return append(dst, ']', '}')
}
