package shop

import "example.com/marketmock/internal/journal"

// Refused is an error of the rules of chats. Each API words it in its own way;
// the Open Platform sends Code and Text as they stand.
type Refused struct {
	Code string // the vendor's
	Text string // the vendor's, ours where nobody recorded one
	// Why, Claim, Pointer and Rule are the reason in our words.
	Why     string
	Claim   string
	Pointer string
	Rule    string
}

func (r *Refused) Error() string { return r.Code + ": " + r.Text }

// Reason is why a call is refused.
func (r *Refused) Reason() journal.Reason {
	return journal.Reason{Text: r.Why, Claim: r.Claim, Pointer: r.Pointer, Rule: r.Rule}
}

// At is the refusal with the place in the request that caused it.
func (r *Refused) At(pointer, rule string) *Refused {
	next := *r
	next.Pointer, next.Rule = pointer, rule
	return &next
}

func refuse(code, claim, text, why string) *Refused {
	return &Refused{Code: code, Text: text, Why: why, Claim: "shopee/" + claim}
}

// Codes of refusals.
const (
	CodeToID         = "invalid_to_id"
	CodeParam        = "param_error" // of chats; calls have error_param
	CodeForbidden    = "user_is_forbidden"
	CodeFirstChat    = "first_chat_without_order_info"
	CodeDistributing = "shop_bound_subaccount"
	CodeAssigned     = "assigned_to_subaccount"
	CodeFive         = "reach_5_message_limit"
	CodeTooLong      = "message_too_long"
	CodeBusiness     = "error_business"
	CodeCensored     = "message_is_censored"
	CodeBlocked      = "error_blocked"
	CodeBlocking     = "error_sender_block_receiver"
	CodeClosed       = "conversation_is_closed" // of the webchat alone
)

const textForbidden = "User is forbidden for this action"

// Refusals of messages. Apart from that of a first message and of a forbidden
// user the texts are ours. Claim shopee/chat-error-texts.
var (
	errNoRecipient = refuse(CodeToID, "send-to-id", "to_id is invalid.", "there is no to_id").At("/to_id", "required")
	errNoContent   = refuse(CodeParam, "send-content-object", "content is invalid.",
		"the content is no object").At("/content", "type")
	errType = refuse(CodeParam, "message-type-unknown", "message_type is invalid.",
		"nobody can send a message of this type").At("/message_type", "enum")
	errUnknownUser = refuse(CodeForbidden, "send-unknown-user", textForbidden,
		"no buyer has this user id").At("/to_id", "exists")
	errRegion = refuse(CodeForbidden, "tw-send", textForbidden, "shops of this region may not send")
	errFrozen = refuse(CodeForbidden, "frozen-users", textForbidden, "one of both users is frozen")
	errWindow = refuse(CodeForbidden, "contact-window", textForbidden,
		"the buyer has not written for 7 days, nor ordered for 30, and has no return open")
	errBlockedByBuyer = refuse(CodeBlocked, "blocked-by-buyer", "You are blocked by the receiver.", "the buyer blocked the shop")
	errBlockedByShop  = refuse(CodeBlocking, "blocked-by-shop", "You have blocked the receiver.", "the shop blocked the buyer")
	errFirst          = refuse(CodeFirstChat, "first-chat",
		"If user send message from Open API, must satisfy the following conditions: If 2 users have no existing conversation, "+
			"the message must contain order information between 2 users.",
		"there is no conversation yet, and the message names no order of both")
	errAssigned = refuse(CodeAssigned, "subaccount-lock", "The conversation is assigned to a sub-account.",
		"a sub-account holds the conversation")
	errDistributing = refuse(CodeDistributing, "subaccount-lock", "Chat Distribution of the shop is on.",
		"the shop gives its chats to sub-accounts")
	errFive = refuse(CodeFive, "five-limit", "You can send at most 5 messages before the buyer replies.",
		"there are 5 messages without a reply already")
	errTooLong  = refuse(CodeTooLong, "text-600", "The message is too long.", "the text has more than 600 characters").At("/content/text", "maxLength")
	errRepeated = refuse(CodeBusiness, "duplicate-24h", "The same message was sent within 24 hours.",
		"the shop sent this buyer the same within 24 hours")
	errCensored = refuse(CodeCensored, "censor", "The message contains forbidden words.",
		"one of the words is on the list").At("/content/text", "censor")
	errForeignOrder = refuse(CodeParam, "send-order-unknown", "order_sn is invalid.",
		"the shop has no such order").At("/content/order_sn", "exists")
	errForeignImage = refuse(CodeParam, "image-url-origin", "image_url is invalid.",
		"the image was not uploaded here").At("/content/image_url", "origin")
	errVideoUnready = refuse(CodeParam, "send-video-not-ready", "vid is invalid.",
		"the film is not ready, or never will be").At("/content/vid", "state")
	errVideoUnknown = refuse(CodeParam, "send-video-unknown", "vid is invalid.",
		"nobody uploaded the film, and video_url is missing").At("/content/vid", "exists")
	errNoConversation = refuse(CodeParam, "send-affiliate", "conversation_id is invalid.",
		"a business other than the buyers' needs the conversation's id").At("/conversation_id", "required")
	errClosed = refuse(CodeClosed, "webchat-closed", "Conversation is closed", "the conversation is closed")
)

// Refusals of a recall. Nobody recorded one. Claim shopee/recall-refused.
var (
	errUnknownMessage = refuse(CodeParam, "recall-refused", "message_id is invalid.", "the shop has no such message").At("/message_id", "exists")
	errNotOwn         = refuse(CodeBusiness, "recall-refused", textNoRecall, "nobody of the shop wrote the message").At("/message_id", "author")
	errRecallOver     = refuse(CodeBusiness, "recall-window", textNoRecall, "the time for recalls is over").At("/message_id", "time")
	errRecallOff      = refuse(CodeBusiness, "recall-regions-off", textNoRecall, "no message of this region is recalled").At("/message_id", "region")
)

const textNoRecall = "The message can not be recalled."
