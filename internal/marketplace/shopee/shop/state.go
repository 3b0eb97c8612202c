package shop

import (
	"encoding/json"
	"time"

	"example.com/marketmock/internal/chat"
)

// Shop is what a seller, here a shop that authorised an app, is beyond an id and a
// name. Immutable: a change makes a new value.
type Shop struct {
	ID       int64  `json:"shop_id"`
	UserID   int64  `json:"user_id"` // who talks in conversations
	Username string `json:"username"`
	Title    string `json:"title"`
	Region   string `json:"region"` // SG, TW, …
	// Account is what logs in to the webchat. Shops that share one stand in one
	// feed.
	Account string `json:"account"`
	// App is the application that the shop authorised. Shops of one app have the
	// same value.
	App App `json:"app"`
	// Tokens of the Open Platform, the latest last.
	Tokens []Token `json:"tokens"`
	Codes  []Token `json:"codes,omitempty"` // of an authorisation that was not finished yet
	// Login is the webchat's side.
	Login Login  `json:"login"`
	State string `json:"state,omitempty"` // "" is normal; see the States
	// Distributing says that Chat Distribution is on: chats are given to
	// sub-accounts.
	Distributing bool         `json:"distributing,omitempty"`
	SubAccounts  []SubAccount `json:"sub_accounts,omitempty"`
	AutoReply    AutoReply    `json:"auto_reply"`
	Offwork      AutoReply    `json:"offwork_reply"` // outside the shop's hours
	NoOffers     bool         `json:"no_offers,omitempty"`
}

// States of a shop, and of its link to the app.
const (
	StateBanned    = "banned"
	StateUnlinked  = "unlinked"  // the authorisation was taken back
	StateKYC       = "kyc"       // the seller has to register first
	StateAffiliate = "affiliate" // affiliate shops may not call
	StateFrozen    = "frozen"    // the shop's user is frozen
)

// App is an application of the Open Platform.
type App struct {
	PartnerID  int64    `json:"partner_id"`
	PartnerKey string   `json:"partner_key"`
	State      string   `json:"state,omitempty"` // "" is normal; see the App states
	Networks   []string `json:"networks,omitempty"`
	// OwnMessages says that notifications of the shop's own messages are sent too.
	OwnMessages bool `json:"own_messages,omitempty"`
}

// States of an app.
const (
	AppNoChat     = "no-chat"     // its type may not chat
	AppDeleted    = "deleted"     // it is gone
	AppRestricted = "restricted"  // its calls are restricted
	AppSuspended  = "suspended"   // the API is offline for it
	AppUnapproved = "unapproved"  // its authorisations are restricted
	AppKeyExpired = "key-expired" // the partner key is too old
)

// Token is an access token with its refresh token, or a code.
type Token struct {
	Value   string    `json:"value"`
	Until   time.Time `json:"until,omitzero"` // zero: without end
	Refresh string    `json:"refresh,omitempty"`
	// RefreshUntil is the end of Refresh, zero for none.
	RefreshUntil time.Time `json:"refresh_until,omitzero"`
}

// Login is how somebody of the shop gets into the webchat.
type Login struct {
	Token    string `json:"token"`
	Password string `json:"password"`
	State    string `json:"state,omitempty"` // "" is normal
}

// States of a login.
const (
	LoginCaptcha   = "captcha"   // a captcha is wanted
	LoginOTP       = "otp"       // a code is wanted
	LoginForbidden = "forbidden" // the sub-account may not see this shop
	LoginExpired   = "expired"   // cookies and token are too old
)

// SubAccount is somebody who works for a shop.
type SubAccount struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// AutoReply is what the shop's side says by itself.
type AutoReply struct {
	Enabled bool   `json:"enabled"`
	Text    string `json:"text,omitempty"`
}

// Customer is what a buyer has beyond an id, the user id, and a name. Buyers have
// shops too.
type Customer struct {
	ShopID int64  `json:"shop_id"`
	Avatar string `json:"avatar,omitempty"`
	Frozen bool   `json:"frozen,omitempty"`
}

// Conversation is what a chat has beyond its parties.
type Conversation struct {
	Pinned bool `json:"pinned,omitempty"`
	Muted  bool `json:"muted,omitempty"`
	// Marked says that it was marked as unread.
	Marked bool `json:"marked,omitempty"`
	// Deleted is the last message when the shop deleted the conversation: it and
	// those before are not shown any more.
	Deleted uint64 `json:"deleted,omitempty"`
	// Business is 0 for a buyer, 11 for an affiliate.
	Business   int   `json:"business_type,omitempty"`
	SubAccount int64 `json:"sub_account_id,omitempty"` // who holds it, 0 for nobody
	Chatbot    bool  `json:"chatbot,omitempty"`        // the buyer talks to the chatbot
	// BlockedByBuyer and BlockedByShop end a conversation until they are taken back.
	BlockedByBuyer bool `json:"blocked_by_buyer,omitempty"`
	BlockedByShop  bool `json:"blocked_by_shop,omitempty"`
}

// Message is what a message has beyond its text.
type Message struct {
	Type    string  `json:"type"` // as the Open Platform has it: item, not product
	Content Content `json:"content"`
	Status  string  `json:"status"`
	// Late is the status that it has LateAfter its time, "" for always the same.
	Late   string `json:"late_status,omitempty"`
	Source string `json:"source"`
	// RequestID is the client's, or made up.
	RequestID string     `json:"request_id"`
	About     About      `json:"about,omitzero"`
	Quoted    uint64     `json:"quoted,omitempty"`
	Business  int        `json:"business_type,omitempty"`
	Option    int        `json:"message_option,omitempty"`
	By        SubAccount `json:"sub_account,omitzero"`
	Recalled  bool       `json:"recalled,omitempty"`
	// Unpushed says that no notification tells of it.
	Unpushed bool `json:"unpushed,omitempty"`
	// Notice says that it was written by the shop's side without a person:
	// it counts neither as an answer nor toward the five.
	Notice bool `json:"notice,omitempty"`
}

// About is source_content: where a message was written from.
type About struct {
	OrderSN string `json:"order_sn,omitempty"`
	ItemID  int64  `json:"item_id,omitempty"`
}

// Order is what an order has beyond its parties. Its id is the order_sn.
type Order struct {
	// ReturnOpen says that a return or refund is not finished.
	ReturnOpen bool `json:"return_open,omitempty"`
}

// Content is what a message says, by its type: exactly the field of the type is
// set.
type Content struct {
	Text         string        `json:"text,omitempty"`
	Image        *Image        `json:"image,omitempty"`
	Video        *Video        `json:"video,omitempty"`
	Sticker      *Sticker      `json:"sticker,omitempty"`
	Item         *Item         `json:"item,omitempty"`
	OrderSN      string        `json:"order_sn,omitempty"`
	Voucher      *Voucher      `json:"voucher,omitempty"`
	Notification *Notification `json:"notification,omitempty"`
	Bundle       []uint64      `json:"bundle,omitempty"` // ids of messages
	FAQ          *FAQ          `json:"faq,omitempty"`
	// Other is the content, as it travels, of types whose fields nobody recorded.
	Other json.RawMessage `json:"other,omitempty"`
}

// Image is a picture that this server has, or another.
type Image struct {
	URL    string `json:"url"`
	Thumb  string `json:"thumb_url"`
	Width  int    `json:"thumb_width"` // of the thumbnail
	Height int    `json:"thumb_height"`
	Server int64  `json:"file_server_id"`
	UID    string `json:"uid,omitempty"` // the webchat client's
}

// Video is a film.
type Video struct {
	VID     string `json:"vid"`
	URL     string `json:"video_url"`
	Thumb   string `json:"thumb_url"`
	Width   int    `json:"thumb_width"`
	Height  int    `json:"thumb_height"`
	Seconds int    `json:"duration_seconds"`
}

// Sticker is one of a package.
type Sticker struct {
	ID      string `json:"sticker_id"`
	Package string `json:"sticker_package_id"`
	Format  string `json:"format,omitempty"`
}

// Item is a product card.
type Item struct {
	ShopID int64  `json:"shop_id"`
	ItemID int64  `json:"item_id"`
	Name   string `json:"name,omitempty"`
	UID    string `json:"uid,omitempty"`
}

// Voucher is a card of a voucher.
type Voucher struct {
	ID   int64  `json:"voucher_id"`
	Code string `json:"voucher_code"`
}

// Notification is what the platform writes to both sides.
type Notification struct {
	ForSender   string `json:"notification_for_sender"`
	ForReceiver string `json:"notification_for_receiver"`
	Type        string `json:"notification_type"`
}

// FAQ is a step of the assistant.
type FAQ struct {
	Text        string `json:"text"`
	PassThrough string `json:"pass_through_data"`
}

// Hook is what an app's push configuration has beyond its address. The address
// belongs to the app; it is kept with a shop that was told, or the app's first.
type Hook struct {
	PartnerID int64   `json:"partner_id"`
	On        []int   `json:"push_config_on_list"`
	Off       []int   `json:"push_config_off_list"`
	Blocked   []int64 `json:"blocked_shop_id"`
	// Suspended is when the platform stopped sending, zero while it sends.
	Suspended time.Time `json:"suspended,omitzero"`
	Failed    int       `json:"failed"` // of the latest pushes
	Sent      int       `json:"sent"`
	// Lost is how many lost pushes were kept when one was lost or confirmed last;
	// LostSince tells them.
	Lost      int   `json:"lost"`
	LastLost  int64 `json:"last_lost"` // the number of the latest of them
	Confirmed int64 `json:"confirmed"` // up to which they were fetched
	lost      *losses
}

// LostPush is a notification that never reached its receiver.
type LostPush struct {
	ID   int64           `json:"id"`
	At   time.Time       `json:"at"`
	Shop int64           `json:"shop_id"`
	Code int             `json:"code"`
	Body json.RawMessage `json:"body"` // the whole push
}

// ShopOf is the shop of a seller.
func ShopOf(s chat.Seller) Shop { return as[Shop](s.Ext) }

// CustomerOf is the customer of a buyer.
func CustomerOf(b chat.Buyer) Customer { return as[Customer](b.Ext) }

// OrderOf is the rest of an order.
func OrderOf(o chat.Order) Order { return as[Order](o.Ext) }

// ConversationOf is the rest of a chat.
func ConversationOf(c *chat.Chat) Conversation { return as[Conversation](c.Ext) }

// MessageOf is the rest of a message.
func MessageOf(m chat.Message) Message { return as[Message](m.Ext) }

// HookOf is the rest of a webhook.
func HookOf(h chat.Webhook) Hook { return as[Hook](h.Ext) }

func as[T any](ext any) T {
	out, _ := ext.(T)
	return out
}
