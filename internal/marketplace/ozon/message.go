package ozon

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// notificationUser is the author of the marketplace's notifications. Claim
// ozon/notification-user.
const notificationUser = "o3_notification_user_sc"

// label stands before a seller's text in the shape label-first; it is no error.
// Claim ozon/data-shape.
const label = "errorText"

// renderer writes messages of one chat.
type renderer struct {
	style style
	chat  chat.Chat
	order *chat.Order
	base  string
	now   time.Time
}

func newRenderer(w *marketplace.World, s marketplace.Settings, c chat.Chat) renderer {
	return renderer{style: styleOf(s), chat: c, order: orderOf(w, c), base: w.BaseURL, now: w.Clock.Now()}
}

func orderOf(w *marketplace.World, c chat.Chat) *chat.Order {
	if c.Order == "" {
		return nil
	}
	if order, found := w.Store.Order(c.Order); found {
		return &order
	}
	return nil
}

func (r renderer) message(m chat.Message) historyMessage {
	out := historyMessage{
		createdAt: m.At, data: r.data(m), isImage: isImage(m), isRead: isRead(r.chat, m), id: m.ID,
		moderation: moderation(m, r.now), userID: m.From.ID, userType: r.style.userType(m.From.Role),
	}
	out.orderNumber, out.sku = r.context(m)
	return out
}

// context is filled where the chat is about a posting. Claim ozon/context-order.
func (r renderer) context(m chat.Message) (orderNumber, sku string) {
	if r.order != nil {
		orderNumber = orderNumberOf(r.order.ID)
		if len(r.order.Items) > 0 {
			sku = r.order.Items[0].SKU
		}
	}
	ext := extOfMessage(m)
	if ext.Order != "" {
		orderNumber = ext.Order
	}
	if ext.SKU != "" {
		sku = ext.SKU
	}
	return orderNumber, sku
}

// orderNumberOf cuts the last part of a posting number.
func orderNumberOf(posting string) string {
	if i := strings.LastIndexByte(posting, '-'); i > 0 {
		return posting[:i]
	}
	return posting
}

// data is the content in Markdown: the text, then a link for each file, behind
// whatever the switch puts first. Claims ozon/data-shape, ozon/data-image-link.
func (r renderer) data(m chat.Message) []string {
	if said := extOfMessage(m).Data; said != nil {
		return said
	}
	out := make([]string, 0, 2+len(m.Files))
	switch {
	case r.style.dataShape == "label-first" && m.From.Role == chat.RoleSeller:
		out = append(out, label)
	case r.style.dataShape == "posting-first" && r.chat.Order != "":
		out = append(out, r.chat.Order)
	}
	if m.Text != "" || len(m.Files) == 0 {
		out = append(out, m.Text)
	}
	for _, f := range m.Files {
		link := f.URL
		if link == "" {
			link = fileLink(r.base, r.chat, m.ID, f)
		}
		if imageFile(f) {
			out = append(out, "![]("+link+")")
		} else {
			out = append(out, "["+linkText.Replace(f.Name)+"]("+link+")")
		}
	}
	return out
}

// linkText keeps a file's name from ending its Markdown link.
var linkText = strings.NewReplacer("[", "(", "]", ")", "\n", " ", "\r", " ")

// fileLink is where a file is fetched. Claim ozon/file-link.
func fileLink(base string, c chat.Chat, message uint64, f chat.File) string {
	return base + "/api/chat/v2/file/download/" + url.PathEscape(c.Seller) + "/" + url.PathEscape(c.ID) + "/" +
		strconv.FormatUint(message, 10) + "/" + url.PathEscape(f.Name)
}

func imageFile(f chat.File) bool { return strings.HasPrefix(f.ContentType, "image/") }

// userType is user.type in history. Claims ozon/user-type-case,
// ozon/user-types-edition, ozon/customer-type, ozon/chat-bot.
func (s style) userType(role chat.Role) string {
	if s.fiveUsers && (role == chat.RoleMarketplace || role == chat.RoleBot) {
		role = chat.RoleSupport
	}
	switch role {
	case chat.RoleMarketplace:
		return "NotificationUser"
	case chat.RoleBot:
		return "ChatBot"
	case chat.RoleBuyer:
		if s.lowerUsers {
			return "customer"
		}
		return s.customer
	}
	if s.lowerUsers {
		return string(role)
	}
	switch role {
	case chat.RoleSeller:
		return "Seller"
	case chat.RoleCRM:
		return "Crm"
	case chat.RoleCourier:
		return "Courier"
	}
	return "Support"
}
