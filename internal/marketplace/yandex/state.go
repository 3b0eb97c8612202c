package yandex

import (
	"strconv"
	"strings"

	"example.com/marketmock/internal/chat"
)

// Models of stores and orders: who keeps the goods and who brings them.
const (
	modelFBY     = "FBY"
	modelFBS     = "FBS"
	modelDBS     = "DBS"
	modelExpress = "EXPRESS"
)

// States of a cabinet.
const (
	cabinetActive       = "active"
	cabinetDisabled     = "disabled"      // it has only disabled partners
	cabinetInactive     = "inactive"      // it is not active
	cabinetMigrating    = "migrating"     // 423
	cabinetUnattainable = "no-access"     // the caller may not see it
	cabinetUserDisabled = "user-disabled" // the user's account is switched off
)

// States of a cabinet's OAuth token.
const (
	tokenValid       = "valid"
	tokenWrongScope  = "wrong-scope"  // it was given for another API
	tokenWrongClient = "wrong-client" // it was given to another application
)

// sellerExt is what a seller, here a cabinet (business), is beyond an id and a
// name. Immutable: a change makes a new value.
type sellerExt struct {
	Title     string     `json:"title"` // the business's name
	Keys      []apiKey   `json:"keys"`
	OAuth     []string   `json:"oauth,omitempty"`
	Campaigns []campaign `json:"campaigns"`
	State     string     `json:"state"`
	Token     string     `json:"oauth_state"` // of all of OAuth; "" is valid
}

// apiKey is one Api-Key token of a cabinet.
type apiKey struct {
	Value   string   `json:"value"`
	Name    string   `json:"name"`
	Scopes  []string `json:"scopes"` // in lower case: all-methods:read-only
	Revoked bool     `json:"revoked,omitempty"`
}

// campaign is one store of a cabinet.
type campaign struct {
	ID           int64  `json:"id"`
	Domain       string `json:"domain"`
	Placement    string `json:"placement"`    // FBY, FBS (Express too), DBS, LAAS
	Availability string `json:"availability"` // AVAILABLE, MANUALLY_DISABLED, …
}

// orderExt is what an order has beyond its parties. A return stands beside its
// order under an id of its own; see returnKey.
type orderExt struct {
	Campaign int64 `json:"campaign_id"`
	Return   int64 `json:"return_id,omitempty"` // not 0: this is a return
	Order    int64 `json:"order_id"`            // the number of the order itself
}

// chatExt is what a chat is beyond its parties. Step tells what the latest change
// of it was, for those who notify of it.
type chatExt struct {
	Context  string `json:"context"` // ORDER, RETURN, DIRECT
	Type     string `json:"type"`    // CHAT, ARBITRAGE
	Status   string `json:"status"`
	Campaign int64  `json:"campaign_id,omitempty"`
	Order    int64  `json:"order_id,omitempty"`
	Return   int64  `json:"return_id,omitempty"`
	Step     string `json:"step,omitempty"`
}

// messageExt is what a message has beyond text and files. Content is what a file
// holds that only a fixture tells of.
type messageExt struct {
	Content string `json:"content,omitempty"`
}

// orderKey is the id of an order, and what a chat about it names.
func orderKey(order int64) string { return strconv.FormatInt(order, 10) }

const returnPrefix = "return-"

// returnKey is the id of a return, and what a chat about it names.
func returnKey(id int64) string { return returnPrefix + strconv.FormatInt(id, 10) }

// contextOf is what a chat is about, by the key of its order.
func contextOf(key string) string {
	switch {
	case key == "":
		return contextDirect
	case strings.HasPrefix(key, returnPrefix):
		return contextReturn
	}
	return contextOrder
}

// parseID reads an id; false for what is no positive int64.
func parseID(id string) (int64, bool) {
	n, err := strconv.ParseInt(id, 10, 64)
	return n, err == nil && n > 0
}

func extOfSeller(s chat.Seller) sellerExt {
	ext, _ := s.Ext.(sellerExt)
	return ext
}

func extOfOrder(o chat.Order) orderExt {
	ext, _ := o.Ext.(orderExt)
	return ext
}

func extOfChat(c *chat.Chat) chatExt {
	ext, _ := c.Ext.(chatExt)
	return ext
}

func extOfMessage(m chat.Message) messageExt {
	ext, _ := m.Ext.(messageExt)
	return ext
}
