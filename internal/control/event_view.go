package control

import (
	"strconv"

	"example.com/marketmock/internal/chat"
)

type (
	// thingEvent is an event of which only the thing's id is told.
	thingEvent struct {
		ID  string `json:"id"`
		Ext any    `json:"ext,omitempty"`
	}
	partyEvent struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	editedEvent struct {
		Chat  string     `json:"chat"`
		ID    string     `json:"id"`
		By    authorView `json:"by"`
		Text  string     `json:"text,omitempty"`
		Files []fileView `json:"files,omitempty"`
		Ext   any        `json:"ext,omitempty"`
	}
	readEvent struct {
		Chat   string     `json:"chat"`
		By     authorView `json:"by"`
		UpTo   string     `json:"up_to"`
		Unread bool       `json:"unread,omitempty"`
	}
	chatEvent struct {
		Chat string     `json:"chat"`
		By   authorView `json:"by"`
	}
)

// viewEvent is an event as it travels. What a seller carries beside its name may
// be a credential and is left out.
func viewEvent(e chat.Event) any {
	switch e := e.(type) {
	case chat.SellerAdded:
		return partyEvent{ID: e.Seller.ID, Name: e.Seller.Name}
	case chat.SellerChanged:
		return thingEvent{ID: e.ID}
	case chat.BuyerAdded:
		return partyEvent{ID: e.Buyer.ID, Name: e.Buyer.Name}
	case chat.OrderPlaced:
		return viewOrder(e.Order)
	case chat.OrderPaid:
		return thingEvent{ID: e.ID}
	case chat.OrderDelivered:
		return thingEvent{ID: e.ID}
	case chat.OrderReturned:
		return thingEvent{ID: e.ID}
	case chat.OrderCancelled:
		return thingEvent{ID: e.ID}
	case chat.OrderChanged:
		return thingEvent{ID: e.ID, Ext: e.Ext}
	case chat.ChatOpened:
		return viewChat(e.Chat)
	case chat.MessagePosted:
		return viewMessage(e.Message)
	case chat.MessageEdited:
		return editedEvent{Chat: e.Chat, ID: viewID(e.ID), By: viewAuthor(e.By), Text: e.Text, Files: viewFiles(e.Files), Ext: e.Ext}
	case chat.ChatRead:
		return readEvent{Chat: e.Chat, By: viewAuthor(e.By), UpTo: viewID(e.UpTo), Unread: e.Unread}
	case chat.ChatClosed:
		return chatEvent{Chat: e.Chat, By: viewAuthor(e.By)}
	case chat.ChatReopened:
		return chatEvent{Chat: e.Chat, By: viewAuthor(e.By)}
	case chat.ChatChanged:
		return thingEvent{ID: e.ID, Ext: e.Ext}
	case chat.WebhookSaved:
		return viewWebhook(e.Webhook)
	case chat.WebhookRemoved:
		return thingEvent{ID: strconv.FormatInt(e.ID, 10)}
	}
	return struct{}{}
}
