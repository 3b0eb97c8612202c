package ozon

import (
	"time"

	"example.com/marketmock/internal/chat"
)

// Subscriptions, in the spelling of /v1/seller/info.
const (
	subscriptionNone  = "UNSPECIFIED"
	subscriptionPlus  = "PREMIUM_PLUS"
	subscriptionPro   = "PREMIUM_PRO"
	subscriptionPlain = "PREMIUM"
	subscriptionLite  = "PREMIUM_LITE"
)

// sellerExt is what a seller is beyond an id and a name. Immutable: a change
// makes a new value.
type sellerExt struct {
	Keys         []apiKey  `json:"keys"`
	OAuth        []string  `json:"oauth,omitempty"`
	Subscription string    `json:"subscription"`
	OfferSigned  bool      `json:"offer_signed"`
	Company      company   `json:"company"`
	Ratings      []rating  `json:"ratings,omitempty"`
	Since        time.Time `json:"since"`
}

// apiKey is one key of a seller. Expires is set when it differs from Created
// plus the lifetime that the switch key-lifetime-days gives.
type apiKey struct {
	Value    string     `json:"value"`
	Created  time.Time  `json:"created"`
	Active   bool       `json:"active"`
	Expires  *time.Time `json:"expires,omitempty"`
	Networks []string   `json:"networks,omitempty"`
	Roles    []role     `json:"roles"`
}

// role is a named list of methods; a method covers the paths below it.
type role struct {
	Name    string   `json:"name"`
	Methods []string `json:"methods"`
}

type company struct {
	Country       string `json:"country"`
	Currency      string `json:"currency"`
	INN           string `json:"inn"`
	LegalName     string `json:"legal_name"`
	Name          string `json:"name"`
	OGRN          string `json:"ogrn"`
	OwnershipForm string `json:"ownership_form"`
	TaxSystem     string `json:"tax_system"`
}

// chatExt is what a chat is beyond its parties: its type in the spelling of the
// list's newest enum, and what stops the seller from writing.
type chatExt struct {
	Type     string `json:"type"`
	Blocked  bool   `json:"blocked,omitempty"`  // by the buyer
	Disabled bool   `json:"disabled,omitempty"` // by the marketplace
}

// messageExt is what a message has beyond text and files. Data replaces what
// data would hold; Moderation replaces what time makes of an image's status;
// Order and SKU replace the context that the chat's posting gives.
type messageExt struct {
	Data       []string `json:"data,omitempty"`
	Moderation string   `json:"moderation,omitempty"`
	Order      string   `json:"order_number,omitempty"`
	SKU        string   `json:"sku,omitempty"`
}

func extOfSeller(s chat.Seller) sellerExt {
	ext, _ := s.Ext.(sellerExt)
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
