package control

import (
	"strconv"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/mask"
)

// Ids travel as strings: a vendor's message id does not fit a JavaScript number.

type chatView struct {
	ID            string     `json:"id"`
	Seller        string     `json:"seller"`
	Buyer         string     `json:"buyer,omitempty"`
	Order         string     `json:"order,omitempty"`
	Opened        time.Time  `json:"opened"`
	Closed        *time.Time `json:"closed,omitempty"`
	Updated       time.Time  `json:"updated"`
	MessagesTotal int        `json:"messages_total"`
	LastMessageID string     `json:"last_message_id"`
	Unread        int        `json:"unread"`
	ReadBySeller  string     `json:"read_by_seller"`
	ReadByBuyer   string     `json:"read_by_buyer"`
	Unanswered    int        `json:"unanswered"`
	Ext           any        `json:"ext,omitempty"`
}

type chatDetail struct {
	chatView
	Messages []messageView `json:"messages"`
}

type chatList struct {
	Chats []chatView `json:"chats"`
	Next  string     `json:"next,omitempty"`
}

type authorView struct {
	Role string `json:"role"`
	ID   string `json:"id"`
}

type fileView struct {
	Name        string `json:"name"`
	ContentType string `json:"content_type,omitempty"`
	Size        int64  `json:"size"`
	Blob        string `json:"blob,omitempty"`
	URL         string `json:"url,omitempty"`
}

type messageView struct {
	ID      string     `json:"id"`
	Chat    string     `json:"chat"`
	At      time.Time  `json:"at"`
	Updated *time.Time `json:"updated,omitempty"`
	From    authorView `json:"from"`
	Text    string     `json:"text,omitempty"`
	Files   []fileView `json:"files,omitempty"`
	Ext     any        `json:"ext,omitempty"`
}

type itemView struct {
	SKU     string `json:"sku"`
	OfferID string `json:"offer_id,omitempty"`
	Name    string `json:"name,omitempty"`
}

type orderView struct {
	ID        string     `json:"id"`
	Seller    string     `json:"seller"`
	Buyer     string     `json:"buyer"`
	Scheme    string     `json:"scheme"`
	Placed    *time.Time `json:"placed,omitempty"`
	Paid      *time.Time `json:"paid,omitempty"`
	Delivered *time.Time `json:"delivered,omitempty"`
	Returned  *time.Time `json:"returned,omitempty"`
	Cancelled *time.Time `json:"cancelled,omitempty"`
	Items     []itemView `json:"items"`
	Ext       any        `json:"ext,omitempty"`
}

type orderList struct {
	Orders []orderView `json:"orders"`
	Next   string      `json:"next,omitempty"`
}

type webhookView struct {
	ID      string    `json:"id"`
	Seller  string    `json:"seller"`
	URL     string    `json:"url"`
	Types   []string  `json:"types"`
	Enabled bool      `json:"enabled"`
	Created time.Time `json:"created"`
	Ext     any       `json:"ext,omitempty"`
}

type webhookList struct {
	Webhooks []webhookView `json:"webhooks"`
}

func viewID(id uint64) string { return strconv.FormatUint(id, 10) }

func viewChat(c chat.Chat) chatView {
	return chatView{
		ID: c.ID, Seller: c.Seller, Buyer: c.Buyer, Order: c.Order,
		Opened: c.Opened.UTC(), Closed: timeOrNil(c.Closed), Updated: c.Updated.UTC(),
		MessagesTotal: c.Messages, LastMessageID: viewID(c.Last), Unread: c.Unread,
		ReadBySeller: viewID(c.ReadBySeller), ReadByBuyer: viewID(c.ReadByBuyer),
		Unanswered: c.Unanswered, Ext: c.Ext,
	}
}

func viewAuthor(a chat.Author) authorView { return authorView{Role: string(a.Role), ID: a.ID} }

func viewFiles(files []chat.File) []fileView {
	var out []fileView
	for _, f := range files {
		out = append(out, fileView(f))
	}
	return out
}

func viewMessage(m chat.Message) messageView {
	return messageView{
		ID: viewID(m.ID), Chat: m.Chat, At: m.At.UTC(), Updated: timeOrNil(m.Updated),
		From: viewAuthor(m.From), Text: m.Text, Files: viewFiles(m.Files), Ext: m.Ext,
	}
}

func viewOrder(o chat.Order) orderView {
	items := make([]itemView, 0, len(o.Items))
	for _, i := range o.Items {
		items = append(items, itemView(i))
	}
	return orderView{
		ID: o.ID, Seller: o.Seller, Buyer: o.Buyer, Scheme: o.Scheme,
		Placed: timeOrNil(o.Placed), Paid: timeOrNil(o.Paid), Delivered: timeOrNil(o.Delivered),
		Returned: timeOrNil(o.Returned), Cancelled: timeOrNil(o.Cancelled),
		Items: items, Ext: o.Ext,
	}
}

// viewWebhook shows the address without its secrets.
func viewWebhook(w chat.Webhook) webhookView {
	types := w.Types
	if types == nil {
		types = []string{}
	}
	return webhookView{
		ID: strconv.FormatInt(w.ID, 10), Seller: w.Seller, URL: mask.URL(w.URL),
		Types: types, Enabled: w.Enabled, Created: w.Created.UTC(), Ext: w.Ext,
	}
}
