package webchat

import (
	"encoding/json"
	"slices"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// unread is the answer of the counts. Claims shopee/webchat-unread-count,
// shopee/webchat-unread-messages.
type unread struct {
	Total int64 `json:"total_unread_count"`
}

func unreadCount(c *marketplace.Call) (marketplace.Response, error) {
	return ok(unread{Total: unreadMessages(c)})
}

func unreadMessages(c *marketplace.Call) int64 {
	_, messages := shop.Unread(c.World.Store, c.Seller.ID)
	return messages
}

// miniUnread is the answer of the count under mini in v1.1.
type miniUnread struct {
	Total  int64 `json:"total_unread_count"`
	ShopID int64 `json:"shop_id"`
}

func miniUnreadCount(c *marketplace.Call) (marketplace.Response, error) {
	return ok(miniUnread{Total: unreadMessages(c), ShopID: shop.ShopOf(c.Seller).ID})
}

// synced is the answer of user/sync. Claim shopee/webchat-user-sync.
type synced struct {
	Unread int64 `json:"unread_count"`
	New    bool  `json:"have_new_msg"`
}

func syncUser(c *marketplace.Call, _ *body) (marketplace.Response, error) {
	n := unreadMessages(c)
	return ok(synced{Unread: n, New: n > 0})
}

// user is what is known of somebody. Claim shopee/webchat-companions.
type user struct {
	ID       int64  `json:"id"`
	Username string `json:"username"`
	ShopID   int64  `json:"shop_id"`
	Avatar   string `json:"avatar"`
}

func getUser(c *marketplace.Call) (marketplace.Response, error) {
	id := shop.Number(c.Path["user_id"])
	if buyer, found := c.World.Store.Buyer(shop.Key(id)); found {
		its := shop.CustomerOf(buyer)
		return ok(user{ID: id, Username: buyer.Name, ShopID: its.ShopID, Avatar: shop.Link(c.World, its.Avatar)})
	}
	for _, seller := range c.World.Store.Sellers() {
		if its := shop.ShopOf(seller); its.UserID == id && id != 0 {
			return ok(user{ID: id, Username: its.Username, ShopID: its.ID})
		}
	}
	return marketplace.Response{}, errNoUser.at("user_id", "")
}

// order is what is known of one. Claim shopee/webchat-companions.
type order struct {
	ID     string `json:"order_id"`
	SN     string `json:"order_sn"`
	ShopID int64  `json:"shop_id"`
	Buyer  int64  `json:"buyer_user_id"`
}

// getOrder tells an order of a shop that the account may see. Claims
// shopee/webchat-companions, shopee/webchat-forbidden.
func getOrder(c *marketplace.Call) (marketplace.Response, error) {
	found, known := c.World.Store.Order(c.Path["order_id"])
	visible := func(s chat.Seller) bool { return s.ID == found.Seller && !forbidden(s) }
	if !known || !slices.ContainsFunc(account(c.World, c.Seller), visible) {
		return marketplace.Response{}, errNoOrder.at("order_id", "")
	}
	return ok(order{ID: found.ID, SN: found.ID, ShopID: shop.Number(found.Seller), Buyer: shop.Number(found.Buyer)})
}

// product is what is known of any: the mock has none of its own. Claim
// shopee/webchat-companions.
type product struct {
	ID     int64 `json:"id"`
	ShopID int64 `json:"shop_id"`
}

func getProduct(c *marketplace.Call) (marketplace.Response, error) {
	id := shop.Number(c.Path["item_id"])
	if id == 0 {
		return marketplace.Response{}, errNoProduct.at("item_id", "")
	}
	return ok(product{ID: id, ShopID: shop.ShopOf(c.Seller).ID})
}

// shortcuts are none. Claim shopee/webchat-companions.
type shortcuts struct {
	Groups []struct{} `json:"groups"`
}

func getShortcuts(*marketplace.Call) (marketplace.Response, error) {
	return ok(shortcuts{Groups: []struct{}{}})
}

// shops is the answer of shop_list. Claim shopee/webchat-shop-list.
type shops struct {
	Shops []shopName `json:"shops"`
}

type shopName struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// getShopList tells the shops of the account, or those of ids among them. Claim
// shopee/webchat-shop-list.
func getShopList(c *marketplace.Call) (marketplace.Response, error) {
	var ids []int64
	text, _ := param(c, "ids")
	if text != "" && json.Unmarshal([]byte(text), &ids) != nil {
		return marketplace.Response{}, wrong("ids", "type", "is not an array of numbers")
	}
	out := shops{Shops: []shopName{}}
	for _, seller := range account(c.World, c.Seller) {
		its := shop.ShopOf(seller)
		if text == "" || slices.Contains(ids, its.ID) {
			out.Shops = append(out.Shops, shopName{ID: its.ID, Name: titleOf(its)})
		}
	}
	return ok(out)
}

func titleOf(s shop.Shop) string {
	if s.Title != "" {
		return s.Title
	}
	return s.Username
}
