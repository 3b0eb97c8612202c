package yandex

import "example.com/marketmock/internal/marketplace/worldfile"

// The section of a world file, as it is written. Times are relative (-2h, +1h,
// -2d3h) or RFC 3339.
type worldFile struct {
	Sellers  []worldSeller  `yaml:"sellers" json:"sellers,omitempty" jsonschema:"cabinets; the first is the demo one"`
	Buyers   []worldBuyer   `yaml:"buyers" json:"buyers,omitempty" jsonschema:"names of buyers; others are made up"`
	Orders   []worldOrder   `yaml:"orders" json:"orders,omitempty"`
	Returns  []worldReturn  `yaml:"returns" json:"returns,omitempty" jsonschema:"orders that the buyer gave back"`
	Chats    []worldChat    `yaml:"chats" json:"chats,omitempty"`
	Webhooks []worldWebhook `yaml:"webhooks" json:"webhooks,omitempty" jsonschema:"where notifications go; nobody is pinged"`
	Generate *worldGenerate `yaml:"generate" json:"generate,omitempty" jsonschema:"bulk data from the seed"`
}

type worldSeller struct {
	Name      string          `yaml:"name" json:"name" jsonschema:"the name that the rest of the file uses"`
	Title     string          `yaml:"title" json:"title,omitempty" jsonschema:"the business's name"`
	State     string          `yaml:"state" json:"state,omitempty" jsonschema:"what calls for the cabinet meet; active by default"`
	Token     string          `yaml:"oauth_state" json:"oauth_state,omitempty" jsonschema:"what its OAuth token meets; valid by default"`
	Keys      []worldKey      `yaml:"keys" json:"keys,omitempty" jsonschema:"Api-Keys; by default one that may do all and one that may only read"`
	Campaigns []worldCampaign `yaml:"campaigns" json:"campaigns,omitempty" jsonschema:"stores; by default FBS, FBY, DBS and one for Express, and FBS alone in any but the first cabinet"`
}

type worldKey struct {
	Name    string   `yaml:"name" json:"name"`
	Scopes  []string `yaml:"scopes" json:"scopes,omitempty" jsonschema:"what the key may do; all-methods by default"`
	Revoked bool     `yaml:"revoked" json:"revoked,omitempty" jsonschema:"the key was deleted"`
}

type worldCampaign struct {
	ID           int64  `yaml:"id" json:"id"`
	Domain       string `yaml:"domain" json:"domain,omitempty" jsonschema:"the store's name"`
	Placement    string `yaml:"placement" json:"placement,omitempty" jsonschema:"the model it sells by; a store for Express is FBS; FBS by default"`
	Availability string `yaml:"availability" json:"availability,omitempty" jsonschema:"whether the API may be used for it; AVAILABLE by default"`
}

type worldBuyer struct {
	ID   string `yaml:"id" json:"id" jsonschema:"public id"`
	Name string `yaml:"name" json:"name,omitempty" jsonschema:"public name"`
}

type worldOrder struct {
	ID        int64            `yaml:"id" json:"id" jsonschema:"the number of the order, from 1 on"`
	Seller    string           `yaml:"seller" json:"seller,omitempty" jsonschema:"the first by default"`
	Buyer     string           `yaml:"buyer" json:"buyer,omitempty" jsonschema:"public id"`
	Model     string           `yaml:"model" json:"model,omitempty" jsonschema:"who keeps the goods and who brings them; FBS by default"`
	Campaign  int64            `yaml:"campaign" json:"campaign,omitempty" jsonschema:"the store, of the model's placement; by default the first that fits the model"`
	Placed    string           `yaml:"placed" json:"placed,omitempty" jsonschema:"a time that is past; when it was paid by default"`
	Paid      string           `yaml:"paid" json:"paid,omitempty"`
	Delivered string           `yaml:"delivered" json:"delivered,omitempty"`
	Cancelled string           `yaml:"cancelled" json:"cancelled,omitempty"`
	Items     []worldfile.Item `yaml:"items" json:"items,omitempty"`
}

type worldReturn struct {
	ID    int64  `yaml:"id" json:"id"`
	Order int64  `yaml:"order" json:"order"`
	At    string `yaml:"at" json:"at,omitempty" jsonschema:"now by default"`
}

type worldChat struct {
	Name     string         `yaml:"name" json:"name,omitempty" jsonschema:"for people"`
	ID       int64          `yaml:"id" json:"id,omitempty" jsonschema:"14604709 and so on by default"`
	Seller   string         `yaml:"seller" json:"seller,omitempty" jsonschema:"that of the order, else the first"`
	Context  string         `yaml:"context" json:"context,omitempty" jsonschema:"what it is about; follows from order and return"`
	Order    int64          `yaml:"order" json:"order,omitempty" jsonschema:"the order it is about"`
	Return   int64          `yaml:"return" json:"return,omitempty" jsonschema:"the return it is about"`
	Type     string         `yaml:"type" json:"type,omitempty" jsonschema:"with the buyer (CHAT) or a dispute; CHAT by default"`
	Status   string         `yaml:"status" json:"status,omitempty" jsonschema:"follows from the messages by default; FINISHED closes the chat, WAITING_FOR_ARBITER is for disputes alone"`
	Buyer    string         `yaml:"buyer" json:"buyer,omitempty" jsonschema:"public id; that of the order by default"`
	Opened   string         `yaml:"opened" json:"opened,omitempty" jsonschema:"the time of the first message by default"`
	Closed   string         `yaml:"closed" json:"closed,omitempty" jsonschema:"when it was finished; with status FINISHED the time of the last message by default"`
	Messages []worldMessage `yaml:"messages" json:"messages,omitempty"`
}

type worldMessage struct {
	From string          `yaml:"from" json:"from,omitempty" jsonschema:"buyer by default; seller, marketplace or support"`
	Text string          `yaml:"text" json:"text,omitempty"`
	At   string          `yaml:"at" json:"at"`
	File *worldChatsFile `yaml:"file" json:"file,omitempty"`
}

type worldChatsFile struct {
	Name        string `yaml:"name" json:"name"`
	ContentType string `yaml:"content_type" json:"content_type,omitempty" jsonschema:"follows from the name by default"`
	Size        int64  `yaml:"size" json:"size,omitempty" jsonschema:"bytes; they are made up"`
	Content     string `yaml:"content" json:"content,omitempty" jsonschema:"what the file holds, instead of a size"`
}

type worldWebhook struct {
	Seller string   `yaml:"seller" json:"seller,omitempty" jsonschema:"the first by default"`
	URL    string   `yaml:"url" json:"url" jsonschema:"without /notification, which the marketplace adds"`
	Types  []string `yaml:"types" json:"types,omitempty" jsonschema:"types of notifications; the four about chats by default"`
}

type worldGenerate struct {
	Seller   string         `yaml:"seller" json:"seller,omitempty" jsonschema:"the first by default"`
	Chats    int            `yaml:"chats" json:"chats,omitempty" jsonschema:"how many"`
	Orders   int            `yaml:"orders" json:"orders,omitempty" jsonschema:"how many orders that no chat is about"`
	Messages string         `yaml:"messages" json:"messages,omitempty" jsonschema:"a number or a range like 1..6; 1..4 by default"`
	Contexts map[string]int `yaml:"contexts" json:"contexts,omitempty" jsonschema:"ORDER, RETURN and DIRECT with their shares; ORDER alone by default"`
	Types    map[string]int `yaml:"types" json:"types,omitempty" jsonschema:"CHAT and ARBITRAGE with their shares; CHAT alone by default; a DIRECT chat is never ARBITRAGE"`
	Statuses map[string]int `yaml:"statuses" json:"statuses,omitempty" jsonschema:"statuses with their shares; they follow from the messages by default"`
}
