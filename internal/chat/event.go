package chat

import (
	"fmt"
	"strings"
	"time"
)

// Event is one change of a store's state. The concrete types below are the
// only ones; emulators put what only they know into Ext.
type Event interface{ when() time.Time }

// Applied is an event as the store applied it: with its number, and with ids
// that the store gave filled in.
type Applied struct {
	Seq   uint64
	At    time.Time
	Event Event
}

// The events. At is the sandbox's time of the change.
type (
	// SellerAdded adds or replaces a seller.
	SellerAdded struct {
		At     time.Time
		Seller Seller
	}
	// SellerChanged replaces a seller's Ext.
	SellerChanged struct {
		At  time.Time
		ID  string
		Ext any
	}
	// BuyerAdded adds or replaces a buyer.
	BuyerAdded struct {
		At    time.Time
		Buyer Buyer
	}
	// OrderPlaced adds an order, with whatever times it already has.
	OrderPlaced struct {
		At    time.Time
		Order Order
	}
	// OrderPaid sets the time of payment.
	OrderPaid struct {
		At time.Time
		ID string
	}
	// OrderDelivered sets the time of delivery.
	OrderDelivered struct {
		At time.Time
		ID string
	}
	// OrderReturned sets the time of return.
	OrderReturned struct {
		At time.Time
		ID string
	}
	// OrderCancelled sets the time of cancellation.
	OrderCancelled struct {
		At time.Time
		ID string
	}
	// OrderChanged replaces an order's Ext.
	OrderChanged struct {
		At  time.Time
		ID  string
		Ext any
	}
	// ChatOpened adds a chat.
	ChatOpened struct {
		At   time.Time
		Chat Chat
	}
	// MessagePosted appends a message. An ID of 0 is minted by the store; a
	// given one must be above every id the store has given.
	MessagePosted struct {
		At      time.Time
		Message Message
	}
	// MessageEdited replaces a message's text, files and Ext.
	MessageEdited struct {
		At    time.Time
		Chat  string
		ID    uint64
		By    Author
		Text  string
		Files []File
		Ext   any
	}
	// ChatRead moves the reader's mark to UpTo (never back, unless Unread).
	ChatRead struct {
		At   time.Time
		Chat string
		By   Author
		UpTo uint64
		// Before is the mark until then; the store fills it in.
		Before uint64
		// Unread moves the mark back to UpTo: messages above it are unread again.
		Unread bool
	}
	// ChatClosed ends a chat.
	ChatClosed struct {
		At   time.Time
		Chat string
		By   Author
	}
	// ChatReopened resumes a closed chat.
	ChatReopened struct {
		At   time.Time
		Chat string
		By   Author
	}
	// ChatChanged replaces a chat's Ext.
	ChatChanged struct {
		At  time.Time
		ID  string
		Ext any
	}
	// WebhookSaved adds a webhook, or with an ID replaces the one that has it.
	WebhookSaved struct {
		At      time.Time
		Webhook Webhook
	}
	// WebhookRemoved removes one.
	WebhookRemoved struct {
		At time.Time
		ID int64
	}
)

func (e SellerAdded) when() time.Time    { return e.At }
func (e SellerChanged) when() time.Time  { return e.At }
func (e BuyerAdded) when() time.Time     { return e.At }
func (e OrderPlaced) when() time.Time    { return e.At }
func (e OrderPaid) when() time.Time      { return e.At }
func (e OrderDelivered) when() time.Time { return e.At }
func (e OrderReturned) when() time.Time  { return e.At }
func (e OrderCancelled) when() time.Time { return e.At }
func (e OrderChanged) when() time.Time   { return e.At }
func (e ChatOpened) when() time.Time     { return e.At }
func (e MessagePosted) when() time.Time  { return e.At }
func (e MessageEdited) when() time.Time  { return e.At }
func (e ChatRead) when() time.Time       { return e.At }
func (e ChatClosed) when() time.Time     { return e.At }
func (e ChatReopened) when() time.Time   { return e.At }
func (e ChatChanged) when() time.Time    { return e.At }
func (e WebhookSaved) when() time.Time   { return e.At }
func (e WebhookRemoved) when() time.Time { return e.At }

// Name is the event's name as the control API shows it, e.g. MessagePosted.
func Name(e Event) string {
	full := fmt.Sprintf("%T", e)
	return full[strings.LastIndexByte(full, '.')+1:]
}

// When is the event's At.
func When(e Event) time.Time { return e.when() }
