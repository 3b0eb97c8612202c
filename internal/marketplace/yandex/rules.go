package yandex

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"example.com/marketmock/internal/chat"
)

// Contexts of chats: what a chat is about.
const (
	contextOrder  = "ORDER"
	contextReturn = "RETURN"
	contextDirect = "DIRECT"
)

// Types of chats.
const (
	typeChat      = "CHAT"
	typeArbitrage = "ARBITRAGE"
)

// Statuses of chats.
const (
	statusNew      = "NEW"
	statusCustomer = "WAITING_FOR_CUSTOMER"
	statusPartner  = "WAITING_FOR_PARTNER"
	statusArbiter  = "WAITING_FOR_ARBITER"
	statusMarket   = "WAITING_FOR_MARKET"
	statusFinished = "FINISHED"
)

// step is what happens to a chat.
type step string

const (
	stepCreated       step = "created"
	stepBuyerWrote    step = "buyer-wrote"
	stepPartnerWrote  step = "partner-wrote"
	stepMarketWrote   step = "market-wrote" // the marketplace or its support
	stepDispute       step = "dispute"
	stepArbiterAsks   step = "arbiter-asks"
	stepWaitForMarket step = "wait-for-market"
	stepEnded         step = "ended"
)

// after is the status that a chat has after a step. Claim yandex/status-machine.
func after(status string, s step) string {
	switch s {
	case stepCreated:
		return statusNew
	case stepBuyerWrote, stepArbiterAsks:
		return statusPartner
	case stepPartnerWrote:
		return statusCustomer
	case stepDispute:
		return statusArbiter
	case stepWaitForMarket:
		return statusMarket
	case stepEnded:
		return statusFinished
	}
	return status
}

// then is the chat after a step.
func (e chatExt) then(s step) chatExt {
	e.Status, e.Step = after(e.Status, s), string(s)
	return e
}

// stepOf is what a message of somebody does to its chat.
func stepOf(by chat.Role) step {
	switch by {
	case chat.RoleBuyer:
		return stepBuyerWrote
	case chat.RoleSeller:
		return stepPartnerWrote
	}
	return stepMarketWrote
}

// said are the events of a message: the status that follows from it, and the
// message. A buyer's opens a finished chat again, but not a dispute: the verdict is
// final. Anybody else's leaves a chat finished. Claims yandex/status-machine,
// yandex/buyer-reopens, yandex/verdict-final.
func said(ch chat.Chat, m chat.Message) []chat.Event {
	posted := chat.MessagePosted{At: m.At, Message: m}
	ext := extOfChat(&ch)
	var events []chat.Event
	if !ch.Closed.IsZero() {
		if m.From.Role != chat.RoleBuyer || ext.Type == typeArbitrage {
			return []chat.Event{posted}
		}
		events = append(events, chat.ChatReopened{At: m.At, Chat: ch.ID, By: m.From})
	}
	if next := ext.then(stepOf(m.From.Role)); next.Status != ext.Status {
		events = append(events, chat.ChatChanged{At: m.At, ID: ch.ID, Ext: next})
	}
	return append(events, posted)
}

// maxText bounds a message. Claim yandex/text-bounds.
const maxText = 4096

// textLength counts as the switch text-length-unit says. Claim
// yandex/text-length-unit.
func textLength(text, unit string) int {
	if unit == "utf16" {
		n := 0
		for _, r := range text {
			n += utf16.RuneLen(r)
		}
		return n
	}
	return utf8.RuneCountInString(text)
}

func isBlank(text string) bool { return strings.TrimSpace(text) == "" }

// contacts is a telephone number, an e-mail address, a link or a name in a
// messenger.
var contacts = regexp.MustCompile(`(?i)(?:\+7|\b8)[\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}\b` +
	`|[\w.+-]+@[\w-]+\.\w+|https?://|www\.\w|(?:^|\s)@\w{4,}|t\.me/|wa\.me/`)

// hasContacts reports whether a text asks to talk elsewhere. Claim
// yandex/contact-filter.
func hasContacts(text string) bool { return contacts.MatchString(text) }

// warning is what the marketplace writes below such a text. Claim
// yandex/contact-filter.
const warning = "Напоминаем: в чате нельзя обмениваться контактами и давать ссылки на другие сайты. " +
	"Мы видим переписку и можем скрыть товары магазина."

// models of orders.
var models = []string{modelFBS, modelFBY, modelDBS, modelExpress}

// returnChats are the models of orders whose returns may be chatted about. Claim
// yandex/create-return-models.
var returnChats = []string{modelFBS, modelFBY, modelExpress}

// returnSince is when the docs named a model after the first.
var returnSince = map[string]time.Time{modelExpress: day(2025, time.July, 9), modelFBY: day(2025, time.August, 19)}

// aboutReturns reports whether an edition has chats about returns of orders of a
// model. Claims yandex/create-return-models, yandex/return-models-dates.
func aboutReturns(model string, edition time.Time) bool {
	return slices.Contains(returnChats, model) && !edition.Before(returnSince[model])
}
