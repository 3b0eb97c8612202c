package ozon

import (
	"slices"
	"time"
	"unicode/utf8"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// Fulfilment schemes of postings.
const (
	schemeFBO  = "FBO"
	schemeFBS  = "FBS"
	schemeRFBS = "rFBS"
)

const (
	answerWindow  = 48 * time.Hour // after the buyer's last message
	postingWindow = 72 * time.Hour // after payment or delivery

	// maxText is in Unicode code points. Claims ozon/send-text-bounds,
	// ozon/text-counts-runes.
	maxText = 1000
	// moderationTime is how long a sent picture waits. Claim ozon/image-moderation.
	moderationTime = 10 * time.Second
)

// Statuses of an image's moderation.
const (
	moderationSuccess = "SUCCESS"
	moderationRunning = "MODERATION"
	moderationFailed  = "FAILED"
)

// rulebook is which of the disputed and dated rules hold.
type rulebook struct {
	oneMessage     bool // switch one-message
	firstMessage   bool // until 5 August 2025: only the first message follows the posting
	startLiteral   bool // switch start-window
	premiumPro     bool // since 7 October 2025
	historyPremium string
	readPremium    string
}

func rulesOf(s marketplace.Settings) rulebook {
	return rulebook{
		oneMessage:     s.Switch(switchOneMessage) == "on",
		firstMessage:   !s.Since(dayWindows),
		startLiteral:   s.Switch(switchStartWindow) == "literal",
		premiumPro:     s.Since(dayPremiumPro),
		historyPremium: s.Switch(switchHistoryPremium),
		readPremium:    s.Switch(switchReadPremium),
	}
}

// textFits reports whether a text may be sent.
func textFits(text string) bool {
	n := utf8.RuneCountInString(text)
	return n >= 1 && n <= maxText
}

// paid reports whether a subscription opens the paid chat methods. Claims
// ozon/premium-send, ozon/premium-pro, ozon/premium-lite.
func (r rulebook) paid(subscription string) bool {
	return subscription == subscriptionPlus || subscription == subscriptionPro && r.premiumPro
}

// needsPremium reads a switch of off, buyer-chats and on. Claims
// ozon/history-premium, ozon/read-premium.
func needsPremium(value string, k kind) bool {
	return value == "on" || value == "buyer-chats" && k.buyer
}

// mayWrite decides whether the seller may send a text or a file now. order is
// nil for a chat that is about no posting. Claims ozon/chat-disabled,
// ozon/chat-blocked, ozon/closed-chat-refused, ozon/notification-chat-read-only,
// ozon/system-chat-writable, ozon/windows-for-files.
func (r rulebook) mayWrite(c chat.Chat, order *chat.Order, now time.Time) error {
	ext := extOfChat(&c)
	k := kindOf(ext.Type)
	switch {
	case ext.Disabled:
		return errDisabled
	case k.system:
		return errReadOnlyChat
	case ext.Blocked:
		return errBlocked
	case !c.Closed.IsZero():
		return errClosed
	case !k.buyer:
		return nil
	case !r.windowOpen(c, order, now):
		return errWindow
	case r.oneMessage && oneMessageSent(c):
		return errNotStarted
	}
	return nil
}

// oneMessageSent holds while the buyer has never written in a chat that the
// seller has written in. Claims ozon/one-message, ozon/one-message-files.
func oneMessageSent(c chat.Chat) bool {
	return c.BuyerLastAt.IsZero() && c.Unanswered > 0
}

// windowOpen is the time in which a seller may write to a buyer. The last moment
// of a window belongs to it: claim ozon/window-edge. Claims
// ozon/reply-window-fbo, ozon/reply-window-fbs, ozon/write-window-fbs,
// ozon/windows-before-aug-2025, ozon/no-order-reply-window.
func (r rulebook) windowOpen(c chat.Chat, order *chat.Order, now time.Time) bool {
	if within(c.BuyerLastAt, answerWindow, now) {
		return true
	}
	if order == nil || order.Scheme == schemeFBO {
		return false
	}
	if r.firstMessage {
		return c.BuyerLastAt.IsZero() && r.nearPayment(*order, now)
	}
	return sincePayment(*order, now)
}

// mayStart decides whether the seller may open a chat about a posting. Claims
// ozon/fbo-buyer-starts, ozon/start-window.
func (r rulebook) mayStart(order chat.Order, now time.Time) error {
	switch {
	case order.Scheme == schemeFBO:
		return errStartFBO
	case r.startLiteral && r.nearPayment(order, now):
		return nil
	case !r.startLiteral && sincePayment(order, now):
		return nil
	}
	return errStartLate
}

// nearPayment is 72 hours after payment, or after delivery.
func (r rulebook) nearPayment(order chat.Order, now time.Time) bool {
	return within(order.Paid, postingWindow, now) || within(order.Delivered, postingWindow, now)
}

// sincePayment is from payment until 72 hours after delivery.
func sincePayment(order chat.Order, now time.Time) bool {
	if order.Paid.IsZero() || now.Before(order.Paid) {
		return false
	}
	return order.Delivered.IsZero() || !now.After(order.Delivered.Add(postingWindow))
}

func within(since time.Time, window time.Duration, now time.Time) bool {
	return !since.IsZero() && !now.Before(since) && !now.After(since.Add(window))
}

// moderation is an image's status: what a test said, else what time makes of
// it; "" for a message without one. Claims ozon/image-moderation,
// ozon/history-no-premium-fields.
func moderation(m chat.Message, now time.Time) string {
	if said := extOfMessage(m).Moderation; said != "" {
		return said
	}
	switch {
	case !isImage(m):
		return ""
	case m.From.Role == chat.RoleSeller && now.Before(m.At.Add(moderationTime)):
		return moderationRunning
	}
	return moderationSuccess
}

func isImage(m chat.Message) bool {
	return slices.ContainsFunc(m.Files, imageFile)
}

// isRead tells whether the other side has read a message. Claim
// ozon/history-is-read.
func isRead(c chat.Chat, m chat.Message) bool {
	if m.From.Role == chat.RoleSeller {
		return m.ID <= c.ReadByBuyer
	}
	return m.ID <= c.ReadBySeller
}
