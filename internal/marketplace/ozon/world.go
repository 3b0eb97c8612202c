package ozon

import "example.com/marketmock/internal/marketplace/worldfile"

// The section of a world file, as it is written. Times are relative (-2h, +1h,
// -2d3h) or RFC 3339.
type worldFile struct {
	Sellers  []worldSeller  `yaml:"sellers" json:"sellers,omitempty" jsonschema:"the first is the demo seller"`
	Orders   []worldOrder   `yaml:"orders" json:"orders,omitempty" jsonschema:"postings"`
	Chats    []worldChat    `yaml:"chats" json:"chats,omitempty"`
	Webhooks []worldWebhook `yaml:"webhooks" json:"webhooks,omitempty" jsonschema:"where notifications go"`
	Generate *worldGenerate `yaml:"generate" json:"generate,omitempty" jsonschema:"bulk data from the seed"`
}

type worldSeller struct {
	Name         string    `yaml:"name" json:"name" jsonschema:"the name that the rest of the file uses"`
	Title        string    `yaml:"title" json:"title,omitempty" jsonschema:"the company's name"`
	Subscription string    `yaml:"subscription" json:"subscription,omitempty" jsonschema:"PREMIUM_PLUS by default"`
	Roles        []string  `yaml:"roles" json:"roles,omitempty" jsonschema:"roles of the key, Admin by default"`
	Key          *worldKey `yaml:"key" json:"key,omitempty"`
	OfferSigned  *bool     `yaml:"offer_signed" json:"offer_signed,omitempty" jsonschema:"true by default"`
}

type worldKey struct {
	Created  string   `yaml:"created" json:"created,omitempty" jsonschema:"-10d by default"`
	Active   *bool    `yaml:"active" json:"active,omitempty" jsonschema:"true by default"`
	Networks []string `yaml:"networks" json:"networks,omitempty" jsonschema:"addresses or networks that may use the key"`
}

type worldOrder struct {
	Number    string           `yaml:"number" json:"number" jsonschema:"posting number; without its last part it is the order's"`
	Seller    string           `yaml:"seller" json:"seller,omitempty" jsonschema:"the first by default"`
	Buyer     string           `yaml:"buyer" json:"buyer,omitempty"`
	Scheme    string           `yaml:"scheme" json:"scheme,omitempty" jsonschema:"FBS by default"`
	Placed    string           `yaml:"placed" json:"placed,omitempty" jsonschema:"the time of payment by default"`
	Paid      string           `yaml:"paid" json:"paid,omitempty"`
	Delivered string           `yaml:"delivered" json:"delivered,omitempty"`
	Returned  string           `yaml:"returned" json:"returned,omitempty"`
	Cancelled string           `yaml:"cancelled" json:"cancelled,omitempty"`
	Items     []worldfile.Item `yaml:"items" json:"items,omitempty"`
}

type worldChat struct {
	Name     string         `yaml:"name" json:"name,omitempty" jsonschema:"for people"`
	ID       string         `yaml:"id" json:"id,omitempty" jsonschema:"a UUID; follows from seed and position by default"`
	Seller   string         `yaml:"seller" json:"seller,omitempty" jsonschema:"the first by default"`
	Type     string         `yaml:"type" json:"type,omitempty" jsonschema:"BUYER_SELLER by default"`
	Status   string         `yaml:"status" json:"status,omitempty" jsonschema:"OPENED by default"`
	Buyer    string         `yaml:"buyer" json:"buyer,omitempty"`
	Order    string         `yaml:"order" json:"order,omitempty" jsonschema:"posting number"`
	Opened   string         `yaml:"opened" json:"opened,omitempty" jsonschema:"the time of the first message by default"`
	Blocked  bool           `yaml:"blocked" json:"blocked,omitempty" jsonschema:"by the buyer"`
	Disabled bool           `yaml:"disabled" json:"disabled,omitempty" jsonschema:"by the marketplace"`
	Messages []worldMessage `yaml:"messages" json:"messages,omitempty"`
}

type worldMessage struct {
	From    string        `yaml:"from" json:"from,omitempty" jsonschema:"buyer by default"`
	Text    string        `yaml:"text" json:"text,omitempty"`
	At      string        `yaml:"at" json:"at"`
	Read    *bool         `yaml:"read" json:"read,omitempty" jsonschema:"by the other side; what is before a read message is read"`
	Image   *worldImage   `yaml:"image" json:"image,omitempty"`
	File    *worldImage   `yaml:"file" json:"file,omitempty" jsonschema:"a file that is no image"`
	Data    []string      `yaml:"data" json:"data,omitempty" jsonschema:"what data holds, whatever the switches"`
	Context *worldContext `yaml:"context" json:"context,omitempty"`
}

type worldImage struct {
	Name       string `yaml:"name" json:"name"`
	URL        string `yaml:"url" json:"url,omitempty" jsonschema:"where it lies; an address that leads nowhere by default"`
	Moderation string `yaml:"moderation" json:"moderation,omitempty" jsonschema:"SUCCESS, MODERATION or FAILED"`
}

type worldContext struct {
	OrderNumber string `yaml:"order_number" json:"order_number,omitempty"`
	SKU         string `yaml:"sku" json:"sku,omitempty"`
}

type worldWebhook struct {
	Seller string   `yaml:"seller" json:"seller,omitempty" jsonschema:"the first by default"`
	URL    string   `yaml:"url" json:"url"`
	Types  []string `yaml:"types" json:"types,omitempty" jsonschema:"the four types about chats by default"`
}

type worldGenerate struct {
	Seller   string         `yaml:"seller" json:"seller,omitempty" jsonschema:"the first by default"`
	Chats    int            `yaml:"chats" json:"chats" jsonschema:"how many"`
	Messages string         `yaml:"messages" json:"messages,omitempty" jsonschema:"a number or a range like 1..6; 1..4 by default"`
	Types    map[string]int `yaml:"types" json:"types,omitempty" jsonschema:"chat types with their shares; BUYER_SELLER alone by default"`
	Unread   int            `yaml:"unread" json:"unread,omitempty" jsonschema:"percent of chats with unread messages"`
	Orders   bool           `yaml:"orders" json:"orders,omitempty" jsonschema:"whether chats with buyers are about postings"`
}
