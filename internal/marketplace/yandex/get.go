package yandex

import (
	"strconv"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// getChat is the method of this name. Claim yandex/get-chat.
func getChat(c *marketplace.Call) (marketplace.Response, error) {
	ch, err := chatFor(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	return ok(chatAnswer{style: styleOf(c.Config.Settings), row: rowOf(c.World, &ch)})
}

// chatFor finds the seller's chat that the query names. Claims
// yandex/chat-not-found, yandex/foreign-chat, yandex/direct-before-edition.
func chatFor(c *marketplace.Call) (chat.Chat, error) {
	n, given, err := integer(c, paramChat)
	switch {
	case err != nil:
		return chat.Chat{}, err
	case !given:
		return chat.Chat{}, errParamMissing.of(paramChat).at(paramChat, "required")
	}
	id := strconv.FormatInt(n, 10)
	ch, found := c.World.Store.Chat(id)
	if !found || ch.Seller != c.Seller.ID || hidden(c.Config.Settings, &ch) {
		return chat.Chat{}, errChatUnknown(id)
	}
	return ch, nil
}

// hidden reports whether an edition has no word for what a chat is about.
func hidden(s marketplace.Settings, ch *chat.Chat) bool {
	return extOfChat(ch).Context == contextDirect && !s.Since(dayDirect)
}

// rowOf is a chat with the public name of its buyer.
func rowOf(w *marketplace.World, ch *chat.Chat) chatRow {
	buyer, _ := w.Store.Buyer(ch.Buyer)
	return chatRow{chat: ch, buyer: buyer.Name}
}
