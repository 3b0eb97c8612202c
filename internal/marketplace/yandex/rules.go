package yandex

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
