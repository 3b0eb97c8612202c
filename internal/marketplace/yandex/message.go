package yandex

import (
	"net/url"
	"strconv"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// getMessage is getChatMessage. Claims yandex/get-chat-message,
// yandex/message-not-found.
func getMessage(c *marketplace.Call) (marketplace.Response, error) {
	ch, err := chatFor(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	id, _, err := integer(c, paramMessage)
	if err != nil {
		return marketplace.Response{}, err
	}
	m, found := c.World.Store.Message(ch.ID, uint64(id))
	if !found {
		return marketplace.Response{}, errMessageUnknown(strconv.FormatInt(id, 10), ch.ID)
	}
	return ok(messageAnswer{files: filesOf(c.World, ch), message: m})
}

// senderOf is who wrote a message. Claim yandex/senders.
func senderOf(role chat.Role) string {
	switch role {
	case chat.RoleSeller:
		return "PARTNER"
	case chat.RoleBuyer:
		return "CUSTOMER"
	case chat.RoleSupport:
		return "SUPPORT"
	}
	return "MARKET"
}

// filesPath is below which files are fetched. Claim yandex/file-url.
const filesPath = "/files/"

// filesOf is the address of a chat's files.
func filesOf(w *marketplace.World, ch chat.Chat) string {
	return w.BaseURL + filesPath + url.PathEscape(ch.Seller) + "/" + url.PathEscape(ch.ID) + "/"
}

// urlOf is where a file is fetched.
func urlOf(files string, message uint64, f chat.File) string {
	if f.URL != "" {
		return f.URL
	}
	return files + strconv.FormatUint(message, 10) + "/" + url.PathEscape(f.Name)
}
