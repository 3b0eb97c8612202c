// Package chat is the domain: sellers, buyers, orders, chats and messages, the
// events that change them, and the store that applies events and pages through
// chats in the orders an emulator asks for.
//
// It knows no marketplace, no HTTP and no clock: times come with the events,
// and whatever only one vendor has travels in Ext values that it never reads.
package chat

import "time"

// Role says which party of a chat somebody is.
type Role string

// The parties of a marketplace chat.
const (
	RoleSeller      Role = "seller"
	RoleBuyer       Role = "buyer"
	RoleSupport     Role = "support"     // the marketplace's support staff
	RoleMarketplace Role = "marketplace" // the marketplace's own notifications
	RoleCourier     Role = "courier"
	RoleCRM         Role = "crm"
	RoleBot         Role = "bot"
)

// Author is who wrote, read or closed something. ID is the vendor's user id.
type Author struct {
	Role Role
	ID   string
}

// Seller is one account of a marketplace (Ozon Client-Id, Yandex businessId,
// Shopee shop_id).
type Seller struct {
	ID   string
	Name string
	// Ext is the emulator's own immutable value (keys, subscription, …).
	Ext any
	// Revision is given by the store, another one at every change; see If.
	Revision uint64
}

// Buyer is a customer. Name is a public display name.
type Buyer struct {
	ID   string
	Name string
	Ext  any
}

// Item is one position of an order.
type Item struct {
	SKU     string
	OfferID string
	Name    string
}

// Order is what a chat may be about: an Ozon posting, a Yandex order, a Shopee
// order. A zero time means that it has not happened.
type Order struct {
	ID        string
	Seller    string
	Buyer     string
	Scheme    string // how the vendor calls its fulfilment scheme, e.g. FBO
	Placed    time.Time
	Paid      time.Time
	Delivered time.Time
	Returned  time.Time
	Cancelled time.Time
	Items     []Item
	Ext       any
}

// File is an attachment of a message. Blob names its bytes in the sandbox's
// blob store; URL is set when the bytes live elsewhere.
type File struct {
	Name        string
	ContentType string
	Size        int64
	Blob        string
	URL         string
}

// Message is one entry of a chat. IDs grow strictly over the whole store.
type Message struct {
	Chat    string
	ID      uint64
	At      time.Time
	Updated time.Time // zero unless edited
	From    Author
	Text    string
	Files   []File
	Ext     any
}

// Chat is a conversation. The fields from Messages on are kept by the store:
// an event that opens a chat leaves them zero.
type Chat struct {
	ID     string
	Seller string
	Buyer  string // empty for a chat with the marketplace itself
	Order  string // empty for a chat that is about no order
	Opened time.Time
	Closed time.Time // zero while it is open
	Ext    any

	Updated      time.Time // the last message, edit, read, opening or closing
	Messages     int
	Last         uint64    // id of the last message, 0 in an empty chat
	LastAt       time.Time // its time
	BuyerLastAt  time.Time // the buyer's last message; zero if there is none
	SellerLastAt time.Time
	// Unanswered counts the seller's messages since the buyer's last one (since
	// the opening if the buyer never wrote).
	Unanswered   int
	ReadBySeller uint64 // id up to which the seller has read
	ReadByBuyer  uint64 // id up to which the buyer has read
	Unread       int    // messages not from the seller's side above ReadBySeller
	FirstUnread  uint64 // id of the first of them, 0 if there is none
	// Revision is another one after every change of this chat; see If.
	Revision uint64

	last *Message // the one of Last; it never changes
}

// Webhook is one address that notifications of a seller go to.
type Webhook struct {
	ID      int64 // given by the store when 0
	Seller  string
	URL     string
	Types   []string
	Enabled bool
	Created time.Time
	// Revision is given by the store, another one at every change; see If.
	Revision uint64
	// Ext is the emulator's own immutable value (health, pauses, secrets, …).
	Ext any
}
