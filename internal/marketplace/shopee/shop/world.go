package shop

import "example.com/marketmock/internal/marketplace/worldfile"

// The section of a world file, as it is written. Times are relative (-2h, +1h,
// -2d3h) or RFC 3339.
type worldFile struct {
	Sellers  []worldSeller  `yaml:"sellers" json:"sellers,omitempty" jsonschema:"shops; the first is the demo one"`
	Apps     []worldApp     `yaml:"apps" json:"apps,omitempty" jsonschema:"applications of the Open Platform; one by default"`
	Buyers   []worldBuyer   `yaml:"buyers" json:"buyers,omitempty" jsonschema:"names of buyers; others are made up"`
	Orders   []worldOrder   `yaml:"orders" json:"orders,omitempty"`
	Chats    []worldChat    `yaml:"chats" json:"chats,omitempty" jsonschema:"conversations, one of a shop and a buyer"`
	Webhooks []worldWebhook `yaml:"webhooks" json:"webhooks,omitempty" jsonschema:"where an app's pushes go; no test push is sent"`
	Generate *worldGenerate `yaml:"generate" json:"generate,omitempty" jsonschema:"bulk data from the seed"`
}

type worldSeller struct {
	Name         string            `yaml:"name" json:"name" jsonschema:"the name that the rest of the file uses"`
	Title        string            `yaml:"title" json:"title,omitempty" jsonschema:"the shop's name"`
	ShopID       int64             `yaml:"shop_id" json:"shop_id,omitempty" jsonschema:"one of its own in each sandbox by default; must be unique over all sandboxes"`
	UserID       int64             `yaml:"user_id" json:"user_id,omitempty" jsonschema:"who talks in conversations; near the shop_id by default; must be unique over all sandboxes"`
	Region       string            `yaml:"region" json:"region,omitempty" jsonschema:"SG by default, and TW in the second shop if the file names none"`
	Username     string            `yaml:"username" json:"username,omitempty" jsonschema:"the user name that buyers see; that of the login by default"`
	Account      string            `yaml:"account" json:"account,omitempty" jsonschema:"name of a shop above whose login is this one's too: one feed shows both"`
	App          string            `yaml:"app" json:"app,omitempty" jsonschema:"name of the app that it authorised; the first by default"`
	State        string            `yaml:"state" json:"state,omitempty" jsonschema:"what calls for the shop meet; none by default"`
	Distributing bool              `yaml:"distributing" json:"distributing,omitempty" jsonschema:"Chat Distribution is on: chats are given to sub-accounts"`
	SubAccounts  []worldSubAccount `yaml:"sub_accounts" json:"sub_accounts,omitempty"`
	AutoReply    worldReply        `yaml:"auto_reply" json:"auto_reply,omitzero" jsonschema:"what the shop says by itself to a buyer who writes first in a day"`
	Offwork      worldReply        `yaml:"offwork_reply" json:"offwork_reply,omitzero" jsonschema:"the same outside of its hours; while enabled it is outside of them"`
	Token        worldToken        `yaml:"token" json:"token,omitzero" jsonschema:"its access token; one without end by default"`
	LoginState   string            `yaml:"login_state" json:"login_state,omitempty" jsonschema:"what who logs in to the webchat meets; nothing by default"`
}

type worldSubAccount struct {
	ID   int64  `yaml:"id" json:"id"`
	Name string `yaml:"name" json:"name"`
}

type worldReply struct {
	Enabled bool   `yaml:"enabled" json:"enabled,omitempty"`
	Text    string `yaml:"text" json:"text,omitempty"`
}

type worldToken struct {
	Expires        string `yaml:"expires" json:"expires,omitempty" jsonschema:"when the access token ends"`
	RefreshExpires string `yaml:"refresh_expires" json:"refresh_expires,omitempty" jsonschema:"when the refresh token ends"`
}

type worldApp struct {
	Name        string   `yaml:"name" json:"name" jsonschema:"the name that the shops use"`
	State       string   `yaml:"state" json:"state,omitempty" jsonschema:"what the app's calls meet; nothing by default"`
	Networks    []string `yaml:"networks" json:"networks,omitempty" jsonschema:"networks that it declared, as 192.0.2.0/24; any by default"`
	OwnMessages bool     `yaml:"own_messages" json:"own_messages,omitempty" jsonschema:"it gets pushes of the shops' own messages too"`
}

type worldBuyer struct {
	ID     string `yaml:"id" json:"id" jsonschema:"user id, a number"`
	Name   string `yaml:"name" json:"name,omitempty" jsonschema:"user name"`
	ShopID int64  `yaml:"shop_id" json:"shop_id,omitempty" jsonschema:"the buyer's own shop; near the user id by default"`
	Avatar string `yaml:"avatar" json:"avatar,omitempty" jsonschema:"address of a picture"`
	Frozen bool   `yaml:"frozen" json:"frozen,omitempty" jsonschema:"nobody may write to the buyer"`
}

type worldOrder struct {
	SN         string           `yaml:"sn" json:"sn" jsonschema:"order_sn, 14 digits and capital letters"`
	Seller     string           `yaml:"seller" json:"seller,omitempty" jsonschema:"the first by default"`
	Buyer      string           `yaml:"buyer" json:"buyer" jsonschema:"user id"`
	Placed     string           `yaml:"placed" json:"placed,omitempty" jsonschema:"a time that is past; when it was paid by default"`
	Paid       string           `yaml:"paid" json:"paid,omitempty"`
	Delivered  string           `yaml:"delivered" json:"delivered,omitempty"`
	Cancelled  string           `yaml:"cancelled" json:"cancelled,omitempty"`
	Returned   string           `yaml:"returned" json:"returned,omitempty"`
	ReturnOpen bool             `yaml:"return_open" json:"return_open,omitempty" jsonschema:"a return or refund is not finished"`
	Items      []worldfile.Item `yaml:"items" json:"items,omitempty"`
}

type worldChat struct {
	Name           string         `yaml:"name" json:"name,omitempty" jsonschema:"for people"`
	Seller         string         `yaml:"seller" json:"seller,omitempty" jsonschema:"the first by default"`
	Buyer          string         `yaml:"buyer" json:"buyer" jsonschema:"user id"`
	Opened         string         `yaml:"opened" json:"opened,omitempty" jsonschema:"the time of the first message by default"`
	Closed         string         `yaml:"closed" json:"closed,omitempty" jsonschema:"when it ended; it is activated by default"`
	Pinned         bool           `yaml:"pinned" json:"pinned,omitempty"`
	Muted          bool           `yaml:"muted" json:"muted,omitempty"`
	Business       int            `yaml:"business_type" json:"business_type,omitempty" jsonschema:"0 for a buyer, 11 for an affiliate"`
	SubAccount     int64          `yaml:"sub_account" json:"sub_account,omitempty" jsonschema:"id of the sub-account that holds it"`
	Chatbot        bool           `yaml:"chatbot" json:"chatbot,omitempty" jsonschema:"the buyer talks to the chatbot"`
	BlockedByBuyer bool           `yaml:"blocked_by_buyer" json:"blocked_by_buyer,omitempty"`
	BlockedByShop  bool           `yaml:"blocked_by_shop" json:"blocked_by_shop,omitempty"`
	Messages       []worldMessage `yaml:"messages" json:"messages,omitempty"`
}

type worldMessage struct {
	From     string         `yaml:"from" json:"from,omitempty" jsonschema:"buyer by default"`
	At       string         `yaml:"at" json:"at"`
	Type     string         `yaml:"type" json:"type,omitempty" jsonschema:"follows from what is told; text by default"`
	Text     string         `yaml:"text" json:"text,omitempty"`
	Image    string         `yaml:"image" json:"image,omitempty" jsonschema:"name of a picture; any"`
	Video    string         `yaml:"video" json:"video,omitempty" jsonschema:"name of a film; any"`
	Sticker  *worldSticker  `yaml:"sticker" json:"sticker,omitempty"`
	Item     int64          `yaml:"item" json:"item,omitempty" jsonschema:"item_id of a product of the shop"`
	OrderSN  string         `yaml:"order_sn" json:"order_sn,omitempty" jsonschema:"an order card"`
	Content  map[string]any `yaml:"content" json:"content,omitempty" jsonschema:"content of the other types, as get_message tells it"`
	Status   string         `yaml:"status" json:"status,omitempty" jsonschema:"follows from who wrote it by default"`
	Source   string         `yaml:"source" json:"source,omitempty" jsonschema:"follows from who wrote it by default"`
	About    worldAbout     `yaml:"about" json:"about,omitzero" jsonschema:"source_content: what it was written from"`
	Quotes   int            `yaml:"quotes" json:"quotes,omitempty" jsonschema:"which message of the chat it quotes, the first is 1"`
	Read     bool           `yaml:"read" json:"read,omitempty" jsonschema:"the other side has read it, and those above"`
	Recalled bool           `yaml:"recalled" json:"recalled,omitempty"`
}

type worldSticker struct {
	ID      string `yaml:"id" json:"id"`
	Package string `yaml:"package" json:"package"`
}

type worldAbout struct {
	OrderSN string `yaml:"order_sn" json:"order_sn,omitempty"`
	ItemID  int64  `yaml:"item_id" json:"item_id,omitempty"`
}

type worldWebhook struct {
	Seller  string   `yaml:"seller" json:"seller,omitempty" jsonschema:"a shop of the app; the first by default"`
	URL     string   `yaml:"url" json:"url"`
	Types   []string `yaml:"types" json:"types,omitempty" jsonschema:"message and notification; both by default"`
	On      []int    `yaml:"on" json:"on,omitempty" jsonschema:"push codes that are on; 10, webchat, by default"`
	Off     []int    `yaml:"off" json:"off,omitempty" jsonschema:"push codes that are off"`
	Blocked []string `yaml:"blocked" json:"blocked,omitempty" jsonschema:"names of shops whose pushes are not wanted"`
}

type worldGenerate struct {
	Seller   string         `yaml:"seller" json:"seller,omitempty" jsonschema:"the first by default"`
	Chats    int            `yaml:"chats" json:"chats,omitempty" jsonschema:"how many, each of a buyer of its own"`
	Messages string         `yaml:"messages" json:"messages,omitempty" jsonschema:"a number or a range like 1..6; 1..4 by default"`
	Types    map[string]int `yaml:"types" json:"types,omitempty" jsonschema:"types of messages with their shares; text alone by default"`
	Unread   int            `yaml:"unread" json:"unread,omitempty" jsonschema:"percentage of chats in which the buyer's last message is unread"`
	Pinned   int            `yaml:"pinned" json:"pinned,omitempty" jsonschema:"percentage of chats that are pinned"`
	Orders   bool           `yaml:"orders" json:"orders,omitempty" jsonschema:"each buyer has ordered within 30 days"`
}
