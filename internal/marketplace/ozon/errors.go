package ozon

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"example.com/marketmock/internal/journal"
	"example.com/marketmock/internal/marketplace"
)

// gRPC codes as the vendor puts them into a body beside the HTTP status.
const (
	codeUnknown       = 2
	codeInvalid       = 3
	codeTimeout       = 4
	codeNotFound      = 5
	codeExists        = 6
	codeDenied        = 7
	codeExhausted     = 8
	codeUnimplemented = 12
	codeInternal      = 13
	codeUnavailable   = 14
	codeNoAuth        = 16
)

// refusal is an answer that is not 200: the vendor's text, HTTP status and gRPC
// code, and why in our words.
type refusal struct {
	status  int
	code    int
	message string
	why     journal.Reason
}

func (r *refusal) Error() string { return r.message }

// Reason is why the request is refused.
func (r *refusal) Reason() journal.Reason { return r.why }

// at is the refusal with the place in the request that caused it.
func (r *refusal) at(pointer, rule string) *refusal {
	next := *r
	next.why.Pointer, next.why.Rule = pointer, rule
	return &next
}

func refuse(status, code int, claim, message, why string) *refusal {
	return &refusal{status, code, message, journal.Reason{Text: why, Claim: "ozon/" + claim}}
}

// Everything that the vendor is known to refuse, or has to.
var (
	errHeaders = refuse(401, codeNoAuth, "headers-missing",
		"Client-Id and Api-Key headers are required", "Client-Id or Api-Key is missing, and there is no bearer token")
	errToken = refuse(401, codeNoAuth, "wrong-token",
		"Invalid access token", "no seller has this bearer token")
	errClientID = refuse(400, codeInvalid, "client-id-not-integer",
		"Client-Id header value should be positive integer", "Client-Id is not a positive integer")
	errKey = refuse(404, codeNotFound, "wrong-key-404",
		"Invalid Api-Key, please check the key and try again", "this Client-Id has no such Api-Key")
	errKeyInactive = refuse(403, codeDenied, "key-deactivated",
		"Api-key is deactivated, use another one or generate a new one", "the key is revoked")
	errKeyExpired = refuse(403, codeDenied, "key-expired",
		"Api-key is deactivated, use another one or generate a new one", "the key is older than its lifetime")
	errRole = refuse(403, codeDenied, "key-role-missing",
		"Api-Key is missing a required role for a method", "no role of the key covers this method")
	errNetwork = refuse(403, codeDenied, "key-ip-restricted",
		"Api-Key is restricted to specific IP addresses", "the caller's address is in none of the key's networks")
	errOffer = refuse(403, codeDenied, "offer-not-signed",
		"Offer not signed", "the seller has not signed the offer")
	errRateLimit = refuse(429, codeExhausted, "rate-limit-429",
		"You have reached request rate limit per second", "too many requests of this Client-Id in one second")
	errContentType = refuse(400, codeInvalid, "content-type-check",
		"Content-Type header should be application/json", "Content-Type is not application/json")

	errMalformed = refuse(400, codeInvalid, "bad-json",
		"invalid request body: not a JSON object", "the body is not one JSON object in UTF-8")
	errTooLarge = refuse(400, codeInvalid, "body-too-large",
		"request body is too large", "the body is over the server's limit")
	errWrongType = refuse(400, codeInvalid, "bad-json",
		"invalid request body: wrong type of a field", "a field has a JSON type that cannot be read as its own")
	errTwice = refuse(400, codeInvalid, "bad-json",
		"invalid request body: duplicate field", "a field stands in its object more than once")
	errChatID = refuse(400, codeInvalid, "invalid-chat-guid",
		"invalid chat guid", "chat_id is not a UUID")
	errCursor = refuse(400, codeInvalid, "cursor-invalid",
		"invalid cursor", "the cursor is not one that an answer gave")
	errStatusFilter = refuse(400, codeInvalid, "filter-case",
		"Request validation error: invalid ChatListRequestFilter.ChatStatus: value must be one of the defined enum values",
		"filter.chat_status is not a status")
	errDirection = refuse(400, codeInvalid, "history-direction-case",
		"Request validation error: invalid ChatHistoryRequest.Direction: value must be in list [Forward Backward]",
		"direction is neither Forward nor Backward")
	errHistoryLimit = refuse(400, codeInvalid, "history-limit-max",
		"Request validation error: invalid ChatHistoryRequest.Limit: value must be inside range [1, 1000]",
		"limit is outside 1…1000")
	errForward = refuse(400, codeInvalid, "forward-without-from",
		"Request validation error: invalid ChatHistoryRequest.FromMessageId: value is required",
		"direction Forward needs from_message_id")
	errReadFrom = refuse(400, codeInvalid, "read-from-message",
		"message_id is empty", "from_message_id is missing")
	errText = refuse(400, codeInvalid, "text-length-error",
		"Request validation error: invalid ChatSendMessageRequest.Text: value length must be between 1 and 1000 runes, inclusive",
		"text is empty or over 1000 code points")
	errFileContent = refuse(400, codeInvalid, "send-file-required",
		"Request validation error: invalid ChatSendFileRequest.Base64Content: value is required", "base64_content is missing")
	errFileName = refuse(400, codeInvalid, "send-file-required",
		"Request validation error: invalid ChatSendFileRequest.Name: value is required", "name is missing")
	errBase64 = refuse(400, codeInvalid, "send-file-bad-base64",
		"Request validation error: invalid ChatSendFileRequest.Base64Content: value must be valid base64",
		"base64_content is not base64")
	errFileSize = refuse(400, codeInvalid, "send-file-size",
		"Request validation error: invalid ChatSendFileRequest.Base64Content: file is too large", "the file is over the limit")
	errFilesFull = refuse(500, codeInternal, "send-file-size",
		"Internal error", "the sandbox's room for files is used up")
	errPostingEmpty = refuse(400, codeInvalid, "missing-field",
		"Request validation error: invalid ChatStartRequest.PostingNumber: value length must be at least 1 runes",
		"posting_number is missing")
)

// Refusals by what the world holds.
var (
	errChatUnknown = refuse(404, codeNotFound, "chat-not-found",
		"chat not found", "the seller has no such chat")
	errNotStarted = refuse(403, codeDenied, "one-message",
		denied+"chat not started", "a second message before the buyer has written")
	errWindow = refuse(403, codeDenied, "window-closed-text",
		denied+"not permitted: access period has expired", "the time to write has passed")
	errBlocked = refuse(403, codeDenied, "chat-blocked",
		"chat blocked by user", "the buyer has blocked the chat")
	errDisabled = refuse(403, codeDenied, "chat-disabled",
		denied+"chat is disabled", "the chat is switched off")
	errClosed = refuse(403, codeDenied, "closed-chat-refused",
		denied+"not permitted: chat is closed", "the chat is closed")
	errReadOnlyChat = refuse(403, codeDenied, "notification-chat-read-only",
		denied+"chat is disabled", "nobody can write into a chat of the marketplace's notifications")
	errPostingUnknown = refuse(404, codeNotFound, "posting-not-found",
		"posting not found", "the seller has no such posting")
	errStartFBO = refuse(403, codeDenied, "fbo-buyer-starts",
		denied+"not permitted for FBO postings", "only the buyer opens a chat about an FBO posting")
	errStartLate = refuse(403, codeDenied, "start-window",
		denied+"not permitted: access period has expired", "the time to open a chat about this posting has passed")

	errHookURL = refuse(400, codeInvalid, "missing-field",
		"Request validation error: invalid url", "url is not an http or https address")
	errHookTypes = refuse(400, codeInvalid, "notification-types-edition",
		"Request validation error: invalid types", "types is empty or holds an unknown type")
	errHookID = refuse(400, codeInvalid, "missing-field",
		"Request validation error: invalid id", "id is missing or not positive")
	errHookEnabled = refuse(400, codeInvalid, "missing-field",
		"Request validation error: invalid enabled: value is required", "enabled is missing")
	errHookUnknown = refuse(404, codeNotFound, "notification-unknown-id",
		"notification not found", "the seller has no such notification URL")
)

const denied = "rpc error: code = PermissionDenied desc = "

// errHookCheck is a URL that did not pass its check.
func errHookCheck(code, detail string) *refusal {
	return refuse(400, codeInvalid, "notification-set-checks",
		"url check failed: "+code, "the URL did not answer the ping as it must: "+detail)
}

// errListLimit names the bound of the edition.
func errListLimit(most int) *refusal {
	return refuse(400, codeInvalid, "list-limit", fmt.Sprintf(
		"Request validation error: invalid ChatListRequest.Limit: value must be inside range [1, %d]", most),
		"limit is outside its bounds")
}

// errListOffset is of version 2.
var errListOffset = refuse(400, codeInvalid, "v2-list-shape",
	"Request validation error: invalid ChatListRequest.Offset: value must be greater than or equal to 0",
	"offset is below 0")

// errPremium is worded by the switch premium-text. Claim ozon/premium-text.
func errPremium(c *marketplace.Call, claim string) *refusal {
	text := "method is allowed starting from the premium plus subscription"
	if c.Switch(switchPremiumText) == "prefixed" {
		text = "s.checkPremiumPlus failed: " + text
	}
	return refuse(403, codeDenied, claim, text, "the seller's subscription does not cover this")
}

// statusBody is the vendor's body of an error.
type statusBody struct {
	Code    statusCode   `json:"code"`
	Message string       `json:"message"`
	Details *[]statusAny `json:"details,omitempty"`
}

type statusAny struct {
	TypeURL string `json:"typeUrl"`
	Value   string `json:"value"`
}

// statusCode is the number of a gRPC code, or its name.
type statusCode struct {
	number int
	name   string
}

// MarshalJSON writes the name if there is one.
func (c statusCode) MarshalJSON() ([]byte, error) {
	if c.name != "" {
		return json.Marshal(c.name)
	}
	return strconv.AppendInt(nil, int64(c.number), 10), nil
}

// Error turns any error into the vendor's answer.
func (a *API) Error(c *marketplace.Call, err error) marketplace.Response {
	var (
		r        *refusal
		verb     *marketplace.VerbError
		fault    *marketplace.FaultError
		tooLarge *marketplace.TooLargeError
	)
	switch {
	case errors.Is(err, marketplace.ErrNoRoute):
		return noRoute(c, c != nil && c.Config != nil && !exists(c.Operation.ID, c.Config.Settings))
	case errors.As(err, &verb):
		return wrongVerb(c, verb)
	case errors.As(err, &fault):
		r = faultRefusal(fault)
		if r.status == http.StatusTooManyRequests {
			exhausted(c)
		}
	case errors.As(err, &tooLarge):
		r = errTooLarge
		c.Explain(r.why)
	case errors.Is(err, marketplace.ErrBody):
		r = errMalformed
		c.Explain(r.why)
	case errors.As(err, &r):
	default:
		r = refuse(500, codeInternal, "internal-error", "Internal error", "a bug of this emulator")
	}
	return write(c, r)
}

func write(c *marketplace.Call, r *refusal) marketplace.Response {
	body := statusBody{Code: statusCode{number: r.code}, Message: r.message}
	if r.status == http.StatusTooManyRequests && c.Switch(switchRateLimitCode) == "string" {
		body.Code.name = "RESOURCE_EXHAUSTED"
	}
	if c.Switch(switchErrorDetails) != "absent" {
		body.Details = &[]statusAny{}
	}
	return marketplace.Response{Status: r.status, Header: jsonHeader(), Body: body}
}

// noRoute is what Go's own router answers; gone says that the path is another
// edition's. Claims ozon/unknown-path-404, ozon/removed-methods.
func noRoute(c *marketplace.Call, gone bool) marketplace.Response {
	why := journal.Reason{Text: marketplace.ErrNoRoute.Error(), Rule: "route", Claim: "ozon/unknown-path-404"}
	if gone {
		why.Text, why.Claim = "this method does not exist in the edition", "ozon/removed-methods"
	}
	c.Explain(why)
	h := http.Header{}
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	return marketplace.Response{Status: http.StatusNotFound, Header: h, Raw: []byte("404 page not found\n")}
}

// wrongVerb knows the text; the status is a guess. Claim ozon/wrong-verb-status.
func wrongVerb(c *marketplace.Call, verb *marketplace.VerbError) marketplace.Response {
	if pathGone(c) {
		return noRoute(c, true)
	}
	r := refuse(http.StatusMethodNotAllowed, codeUnimplemented, "wrong-verb-status", "method is not allowed", verb.Error())
	r.why.Rule = "route"
	c.Explain(r.why)
	switch c.Switch(switchWrongVerb) {
	case "403":
		r.status, r.code = http.StatusForbidden, codeDenied
	case "404":
		r.status, r.code = http.StatusNotFound, codeNotFound
	}
	answer := write(c, r)
	if r.status == http.StatusMethodNotAllowed {
		for _, method := range verb.Allowed {
			answer.Header.Add("Allow", method)
		}
	}
	return answer
}

// Broken gives every field of an answer a value of a type that it cannot have.
func (a *API) Broken(_ *marketplace.Call, r marketplace.Response) marketplace.Response {
	return marketplace.Spoilt(r)
}

// faultRefusal words an answer that a test asked for.
func faultRefusal(f *marketplace.FaultError) *refusal {
	if f.RateLimit {
		f = &marketplace.FaultError{Status: http.StatusTooManyRequests, Message: f.Message}
	}
	r := refuse(f.Status, codeUnknown, "fault-texts", http.StatusText(f.Status), "a fault rule asked for it")
	if usual, ok := usualTexts[f.Status]; ok {
		r.code, r.message = usual.code, usual.message
	}
	if f.Message != "" {
		r.message = f.Message
	}
	return r
}

// usualTexts are the vendor's words for a status that a test asks for, invented
// where none are known. Claim ozon/fault-texts.
var usualTexts = map[int]struct {
	code    int
	message string
}{
	400: {codeInvalid, "Request validation error"},
	401: {codeNoAuth, errHeaders.message},
	403: {codeDenied, errRole.message},
	404: {codeNotFound, errChatUnknown.message},
	405: {codeUnimplemented, "method is not allowed"},
	409: {codeExists, "conflict"},
	429: {codeExhausted, errRateLimit.message},
	500: {codeInternal, "Internal error"},
	501: {codeUnimplemented, "method is not implemented"},
	502: {codeUnavailable, "Bad Gateway"},
	503: {codeUnavailable, "Service Unavailable"},
	504: {codeTimeout, "Internal error"},
}
