package shop

import (
	"iter"
	"reflect"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"example.com/marketmock/internal/chat"
)

// Bounds of the rules. Claims shopee/contact-window, shopee/contact-window-order,
// shopee/five-limit, shopee/duplicate-24h, shopee/text-600.
const (
	contactAfterMessage = 7 * 24 * time.Hour
	contactAfterOrder   = 30 * 24 * time.Hour
	maxUnanswered       = 5
	repeatAfter         = 24 * time.Hour
	maxText             = 600 // code points; claim shopee/text-600-unit
)

// LateAfter is when a message that the platform thinks better of reads so. Claim
// shopee/late-status.
const LateAfter = time.Minute

// attempt is what the rules look at: a message on its way and what stands about
// both users at that moment.
type attempt struct {
	Draft
	now    time.Time
	on     func(name string) string // a switch's value
	region RegionFacts
	shop   Shop
	buyer  Customer
	known  bool // the recipient is a buyer
	exists bool // there is a conversation
	chat   chat.Chat
	its    Conversation
	// orders are those of both.
	orders iter.Seq[chat.Order]
	// ordered says that the shop has the order of an order card, foreign that the
	// picture is not from here.
	ordered, foreign bool
	// film is what is wrong with the film, nil for nothing.
	film error
	// earlier are the shop's own messages to this buyer since a time, the latest
	// first.
	earlier func(since time.Time) iter.Seq[Message]
}

// rule is one check: nil if the message may go on.
type rule struct {
	name  string
	check func(*attempt) error
}

// openRules are those of the Open Platform, in the vendor's order as far as it was
// measured: the user, the content, then whether the shop may write to the user at
// all, then the rest, whose order nobody knows. Claims shopee/send-order-of-checks,
// shopee/autoreply-rules.
var openRules = []rule{
	{"recipient", (*attempt).hasRecipient},
	{"content", (*attempt).hasContent},
	{"type-early", (*attempt).hasTypeEarly},
	{"user", (*attempt).hasUser},
	{"region", (*attempt).inRegion},
	{"frozen", (*attempt).notFrozen},
	{"window", (*attempt).inWindow},
	{"form", (*attempt).hasForm},
	{"business", (*attempt).hasBusiness},
	{"blocked", (*attempt).notBlocked},
	{"first", (*attempt).hasOrderFirst},
	{"sub-account", (*attempt).notAssigned},
	{"five", (*attempt).answered},
	{"length", (*attempt).notTooLong},
	{"media", (*attempt).ownMedia},
	{"order", (*attempt).ownOrder},
	{"duplicate", (*attempt).notRepeated},
	{"censor", (*attempt).notCensored},
}

// webchatRules are those of a person in the seller centre. Claim
// shopee/webchat-send-rules.
var webchatRules = []rule{
	{"recipient", (*attempt).hasRecipient},
	{"user", (*attempt).hasUser},
	{"frozen", (*attempt).notFrozen},
	{"blocked", (*attempt).notBlocked},
	{"closed", (*attempt).notClosed},
}

// refused is what the first rule says that does not let the message pass, nil if
// all do.
func (a *attempt) refused() error {
	rules := openRules
	if a.Via == ViaWebchat {
		rules = webchatRules
	}
	for _, r := range rules {
		if no := r.check(a); no != nil {
			return no
		}
	}
	return nil
}

// when is a refusal if something is so.
func when(so bool, no *Refused) error {
	if so {
		return no
	}
	return nil
}

// Claim shopee/send-to-id.
func (a *attempt) hasRecipient() error { return when(a.To <= 0, errNoRecipient) }

// Claim shopee/send-content-object.
func (a *attempt) hasContent() error { return when(a.NoContent, errNoContent) }

// sendable are the types that a shop can send. Claim shopee/message-type-unknown.
var sendable = []string{TypeText, TypeSticker, TypeImage, TypeItem, TypeOrder, TypeVoucher, TypeVideo}

// Claim shopee/message-type-check.
func (a *attempt) hasTypeEarly() error {
	return when(a.on(switchTypeCheck) == checkEarly && !slices.Contains(sendable, a.Type), errType)
}

// Claim shopee/send-unknown-user.
func (a *attempt) hasUser() error { return when(!a.known, errUnknownUser) }

// Claim shopee/tw-send.
func (a *attempt) inRegion() error {
	return when(!a.region.MaySend && a.on(switchTW) == taiwanRefuse, errRegion)
}

// Claim shopee/frozen-users.
func (a *attempt) notFrozen() error {
	return when(a.buyer.Frozen || a.shop.State == StateFrozen, errFrozen)
}

// Claims shopee/contact-window, shopee/contact-window-order,
// shopee/contact-window-return.
func (a *attempt) inWindow() error {
	if a.on(switchWindow) != on || a.exists && within(a.chat.BuyerLastAt, contactAfterMessage, a.now) {
		return nil
	}
	for o := range a.orders {
		if OrderOf(o).ReturnOpen || within(orderedAt(o), contactAfterOrder, a.now) {
			return nil
		}
	}
	return errWindow
}

func within(at time.Time, life time.Duration, now time.Time) bool {
	return !at.IsZero() && now.Sub(at) <= life
}

// orderedAt is when an order was placed, or paid if only that is known.
func orderedAt(o chat.Order) time.Time {
	if o.Placed.IsZero() {
		return o.Paid
	}
	return o.Placed
}

// hasForm is what the API itself has against the content. Claims
// shopee/message-type-unknown, shopee/send-content-missing.
func (a *attempt) hasForm() error {
	if !slices.Contains(sendable, a.Type) {
		return errType
	}
	return a.Late
}

// Claim shopee/send-affiliate.
func (a *attempt) hasBusiness() error {
	return when(a.Business != BusinessBuyer && a.Conversation != a.conversation(), errNoConversation)
}

// Claims shopee/blocked-by-buyer, shopee/blocked-by-shop.
func (a *attempt) notBlocked() error {
	if a.its.BlockedByBuyer {
		return errBlockedByBuyer
	}
	return when(a.its.BlockedByShop, errBlockedByShop)
}

// Claims shopee/first-chat, shopee/first-chat-ways,
// shopee/first-chat-foreign-order, shopee/first-chat-source-type.
func (a *attempt) hasOrderFirst() error {
	if a.exists {
		return nil
	}
	sn := a.About.OrderSN
	if a.on(switchFirstSource) == sourceRequired && a.SourceType != TypeOrder {
		sn = ""
	}
	if a.Type == TypeOrder {
		sn = a.Content.OrderSN
	}
	for o := range a.orders {
		if o.ID == sn {
			return nil
		}
	}
	return errFirst
}

// Claim shopee/subaccount-lock.
func (a *attempt) notAssigned() error {
	switch {
	case a.on(switchSubAccounts) != on:
		return nil
	case a.its.SubAccount != 0:
		return errAssigned
	}
	return when(a.shop.Distributing, errDistributing)
}

// Claims shopee/five-limit, shopee/five-limit-reply, shopee/five-limit-automatic.
func (a *attempt) answered() error {
	return when(a.on(switchFive) == on && !a.Auto && a.chat.Unanswered >= maxUnanswered, errFive)
}

// Claims shopee/text-600, shopee/text-600-unit.
func (a *attempt) notTooLong() error {
	return when(a.on(switchText) == on && utf8.RuneCountInString(a.Content.Text) > maxText, errTooLong)
}

// Claims shopee/image-url-origin, shopee/send-video-not-ready,
// shopee/send-video-unknown.
func (a *attempt) ownMedia() error {
	if a.foreign && a.on(switchImageOrigin) == imagesOwn {
		return errForeignImage
	}
	return a.film
}

// Claim shopee/send-order-unknown.
func (a *attempt) ownOrder() error { return when(a.Type == TypeOrder && !a.ordered, errForeignOrder) }

// A message that was recalled or censored is none that was sent. Claims
// shopee/duplicate-24h, shopee/duplicate-send-only.
func (a *attempt) notRepeated() error {
	if a.on(switchDuplicates) != on || a.Auto {
		return nil
	}
	for m := range a.earlier(a.now.Add(-repeatAfter)) {
		if m.Source == SourceOpenAPI && m.Status != StatusCensored && m.Type == a.Type && a.Content.same(m.Content) {
			return errRepeated
		}
	}
	return nil
}

// same reports whether two contents of one type say the same.
func (c Content) same(other Content) bool { return c.Text == other.Text && reflect.DeepEqual(c, other) }

// censored are the words of our own list. Claim shopee/censor-words.
var censored = regexp.MustCompile(`(?i)\b(?:whatsapp|telegram|wechat)\b`)

// Claims shopee/censor, shopee/censor-words.
func (a *attempt) notCensored() error {
	return when(a.on(switchCensor) == on && censored.MatchString(a.Content.Text), errCensored)
}

// CensoredWord is the first word of a text that is on the list, "" for none. Claim
// shopee/censor-words.
func CensoredWord(text string) string { return censored.FindString(text) }

// Claim shopee/webchat-closed.
func (a *attempt) notClosed() error {
	return when(!a.chat.Closed.IsZero() && !a.Reopen, errClosed)
}

// StatusOf is the status that a message has at a moment. Claim shopee/late-status.
func StatusOf(m chat.Message, now time.Time) string {
	its := MessageOf(m)
	if its.Late != "" && now.Sub(m.At) >= LateAfter {
		return its.Late
	}
	return its.Status
}

// lateStatus is what a message that is sent now will read as, "" for what it is.
func (a *attempt) lateStatus() string {
	if a.Via != ViaOpen {
		return ""
	}
	switch a.on(switchLate) {
	case lateBlocked:
		return StatusBlocked
	case lateCensored:
		return StatusCensored
	}
	return ""
}
