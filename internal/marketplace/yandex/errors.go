package yandex

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/marketplace"
)

// Codes of refusals. UNAUTHORIZED is documented, METHOD_FAILURE and FORBIDDEN were
// seen, the others are of the vendor's list of codes. Claim yandex/error-codes.
const (
	codeUnauthorized    = "UNAUTHORIZED"
	codeForbidden       = "FORBIDDEN"
	codeActionForbidden = "ACTION_FORBIDDEN"
	codeDisabled        = "API_DISABLED"
	codeBadRequest      = "BAD_REQUEST"
	codeMissingParam    = "MISSING_PARAM"
	codeNotFound        = "NOT_FOUND"
	codeMediaType       = "UNSUPPORTED_MEDIA_TYPE"
	codeMethodFailure   = "METHOD_FAILURE"
	codeLocked          = "LOCKED"
	codeInternal        = "INTERNAL_ERROR"
)

// status420 is beyond a limit: net/http has no name for it. Claims
// yandex/limit-420, yandex/no-429.
const status420 = 420

// Refusals of credentials.
var (
	errNoCredentials = refuse(401, codeUnauthorized, "key-missing",
		"Credentials are not specified", "there is neither Api-Key nor Authorization")
	errKeyEmpty = refuse(401, codeUnauthorized, "key-empty",
		"Api-Key token is not specified", "Api-Key is empty")
	errKeyNeeded = refuse(401, codeUnauthorized, "token-info-oauth-answer",
		"Api-Key token is not specified", "only an Api-Key opens this method")
	errKeyPrefix = refuse(401, codeUnauthorized, "key-prefix",
		"Api-Key token prefix invalid", "Api-Key does not begin with "+keyPrefix)
	errKeyLength = refuse(401, codeUnauthorized, "key-length",
		"Api-Key token length invalid", "Api-Key has not the length of a token")
	errKeyFormat = refuse(401, codeUnauthorized, "key-format",
		"Api-Key token format invalid", "Api-Key is not "+keyPrefix+", 40 letters and digits, a colon and 8 hexadecimal digits")
	errKeyUnknown = refuse(401, codeUnauthorized, "key-unknown",
		"Api-Key token is invalid", "no cabinet has this Api-Key")
	errKeyRevoked = refuse(401, codeUnauthorized, "key-revoked",
		"Api-Key token is revoked", "the Api-Key was deleted")
	errOAuthSyntax = refuse(401, codeUnauthorized, "oauth-syntax",
		"Authorization header has invalid syntax", "Authorization has none of the schemes that are taken")
	errOAuthEmpty = refuse(401, codeUnauthorized, "oauth-missing",
		"OAuth credentials are not specified", "Authorization is empty")
	errOAuthNoToken = refuse(401, codeUnauthorized, "oauth-missing",
		"OAuth token is not specified", "Authorization has a scheme and no token")
	errOAuthNoClient = refuse(401, codeUnauthorized, "oauth-old-form",
		"OAuth client id is not specified", "Authorization has oauth_token and no oauth_client_id")
	errOAuthUnknown = refuse(403, codeForbidden, "oauth-unknown",
		"OAuth token is invalid", "no cabinet has this OAuth token")
	errOAuthScope = refuse(403, codeForbidden, "oauth-wrong-application",
		"Scope is invalid", "the OAuth token was given for another API")
	errOAuthClient = refuse(403, codeForbidden, "oauth-wrong-application",
		"Client id is invalid", "the OAuth token was given to another application")
)

// Refusals of access.
var (
	errAccess = refuse(403, codeForbidden, "foreign-cabinet",
		"Access denied", "the credentials are not of this cabinet")
	errUserDisabled = refuse(403, codeForbidden, "user-disabled",
		"User account is disabled", "the user's account is switched off")
	errCabinetDisabled = refuse(403, codeDisabled, "cabinet-disabled",
		"API for business {} disabled because it has only disabled partners", "all partners of the cabinet are switched off")
	errCabinetInactive = refuse(403, codeDisabled, "cabinet-inactive",
		"Restrict access for business {} because it is not active", "the cabinet is not active")
	errMigration = refuse(423, codeLocked, "cabinet-migration",
		"Business is in migration", "the cabinet is being moved")
	errBusinessHeader = refuse(400, codeBadRequest, "business-header-unreadable",
		"Incorrect X-Business-Id header value", "X-Business-Id is no number from 1 on")
	errBusinessMismatch = refuse(400, codeBadRequest, "business-header-mismatch",
		"URL businessId ({}) does not match businessId in X-Business-Id header ({})",
		"X-Business-Id names another cabinet than the path")
)

// Refusals of what is asked.
var (
	errParamMissing = refuse(400, codeMissingParam, "missing-param",
		"Required request parameter {} is not present", "a parameter of the query is missing")
	errTypeMismatch = refuse(400, codeBadRequest, "type-mismatch",
		"Type mismatch: {}", "a parameter is not a whole number of 64 bits")
	errBelow = refuse(400, codeBadRequest, "below-minimum",
		"{} must be greater than or equal to {} (rejected value: {})", "a number is below its minimum")
	errAbove = refuse(400, codeBadRequest, "above-maximum",
		"{} must be less than or equal to {} (rejected value: {})", "a number is above its maximum")
	errLimit = refuse(400, codeBadRequest, "over-limit-text",
		"Parameter limit must be less than or equal to {} (rejected value: {})", "limit is above its maximum")
	errPageToken = refuse(400, codeBadRequest, "page-token-bad",
		"Bad page token", "no answer to a call with these filters gave this token")
	errBodyMissing = refuse(400, codeBadRequest, "body-missing",
		"Required request body is missing", "there is no body")
	errBodyCut = refuse(400, codeBadRequest, "body-cut",
		"Unexpected end of content", "the JSON ends before its value does")
	errIllegal = refuse(400, codeBadRequest, "illegal-input",
		"Illegal input at {}", "a value is of the wrong type, or a word is none that is known")
	errNull = refuse(400, codeBadRequest, "field-null",
		"{} must not be null (rejected value: null)", "a field is missing or null")
	errEmpty = refuse(400, codeBadRequest, "field-empty",
		"{} must not be empty", "a list is empty")
	errNullItem = refuse(400, codeBadRequest, "item-null",
		"{} elements must be not null", "an item of a list is null")
	errSize = refuse(400, codeBadRequest, "size-between",
		"{} size must be between {} and {} (rejected value: {})", "a text or a list is not of the size that it must have")
	errTwice = refuse(400, codeBadRequest, "items-unique",
		"{} elements must be unique", "an item stands in a list more than once")
	errOneFilter = refuse(400, codeBadRequest, "filter-mode",
		"Only one of {}, {}, {} must be specified", "more than one of the filters that exclude each other is there")
	errDeprecated = refuse(400, codeBadRequest, "deprecated-order-id",
		"{} is deprecated and is not supported", "the field is switched off")
	errTooBig = refuse(400, codeBadRequest, "body-limit-text",
		"The request is too big: Maximum allowed request size must be less than {} KB, but passed {} MB", "the body is over the limit")
	errMediaType = refuse(415, codeMediaType, "wrong-content-type-status",
		"Content type {} not supported", "the method takes another Content-Type")
	errMediaUnknown = refuse(415, codeMediaType, "wrong-content-type-status",
		"Unknown content-type: {}", "Content-Type is no media type")
)

// Refusals by what the world holds.
var (
	errNoChat = refuse(404, codeNotFound, "chat-not-found",
		"Can't find chat by id: {}", "the cabinet has no such chat")
	errNoMessage = refuse(404, codeNotFound, "message-not-found",
		"Can't find message by id: {} for chat {}", "the chat has no such message")
	errNoOrder = refuse(404, codeNotFound, "create-unknown-order",
		"Order not found: {}", "the cabinet has no such order")
	errNoFile = refuse(404, codeNotFound, "unknown-path",
		"Resource not found", "no such file").at("", "route")
	errNoReturn = refuse(404, codeNotFound, "create-unknown-return",
		"Return not found: {}", "the cabinet has no such return")
)

func errChatUnknown(id string) *refusal { return errNoChat.of(id).at("chatId", "") }

func errMessageUnknown(message, chat string) *refusal {
	return errNoMessage.of(message, chat).at("messageId", "")
}

func errOrderUnknown(id int64) *refusal  { return errNoOrder.of(strconv.FormatInt(id, 10)) }
func errReturnUnknown(id int64) *refusal { return errNoReturn.of(strconv.FormatInt(id, 10)) }

// errText is a text that is not 1 to 4096 long.
func errText(text string) *refusal {
	return errSize.of("message", "1", strconv.Itoa(maxText), text).at("/message", "length")
}

// errClosed refuses to write into a closed chat. Claims yandex/closed-chat,
// yandex/closed-chat-status, yandex/closed-chat-message, yandex/closed-chat-code.
func errClosed(c *marketplace.Call) *refusal {
	r := refuse(400, codeBadRequest, "closed-chat", c.Switch(switchClosedMessage), "the chat is closed")
	if c.Switch(switchClosedStatus) == "403" {
		r.status, r.code = 403, codeActionForbidden
	}
	return r.at("chatId", "")
}

// errFile refuses a file in words of ours.
func errFile(claim, text, why string) *refusal {
	return refuse(400, codeBadRequest, claim, text, why).at("file", "")
}

// errBodyBroken says what is wrong with a JSON text. Claim yandex/body-broken.
func errBodyBroken(what string) *refusal {
	return refuse(400, codeBadRequest, "body-broken", "JSON: "+what, "the body is not JSON: "+what)
}

// errHourly is beyond an hourly limit. Claims yandex/limit-text,
// yandex/rate-message.
func errHourly(c *marketplace.Call, most int, per time.Duration) *refusal {
	text := fmt.Sprintf("Hit rate limit of %d requests per %s for resource %s for businessId %s",
		most, inWords(per), resource(c.Operation.Path), limitKey(c))
	if c.Switch(switchRateMessage) == "short" {
		text = fmt.Sprintf("Hit rate limit of %d points per %s", most, inWords(per))
	}
	return refuse(status420, codeMethodFailure, "limit-420", text, "the cabinet has no call of this method left in this hour")
}

// errParallel is one call too many at a time. Claims yandex/parallel-text,
// yandex/parallel-text-2025.
func errParallel(c *marketplace.Call, grant limit.Grant, business string) *refusal {
	text := fmt.Sprintf("Hit rate limit of %d parallel requests", grant.Limit)
	if c.Config.Settings.Since(dayParallel) {
		text += " for businessId " + business
	}
	return refuse(status420, codeMethodFailure, "parallel-limit", text, "the cabinet has too many calls in flight")
}

// badKey and badToken give a refusal of credentials the status that a switch
// says. Claims yandex/bad-key-status, yandex/bad-oauth-status.
func badKey(c *marketplace.Call, r *refusal) *refusal {
	r = r.at("Api-Key", "")
	if c.Switch(switchBadKeyStatus) == "403" {
		r.status, r.code = http.StatusForbidden, codeForbidden
	}
	return r
}

func badToken(c *marketplace.Call, r *refusal) *refusal {
	r = r.at("Authorization", "")
	if c.Switch(switchBadOAuthStatus) == "401" {
		r.status, r.code = http.StatusUnauthorized, codeUnauthorized
	}
	return r
}

// badMedia is a refusal of a Content-Type. Claim
// yandex/wrong-content-type-status.
func badMedia(c *marketplace.Call, r *refusal, kind string) *refusal {
	r = r.of(kind).at("Content-Type", "media-type")
	if c.Switch(switchContentTypeStatus) == "400" {
		r.status, r.code = http.StatusBadRequest, codeBadRequest
	}
	return r
}

// errScope names the scopes that would do. Claims yandex/scope-missing,
// yandex/scope-missing-tail.
func errScope(wanted []any) *refusal {
	text := "Token does not have any of the scopes to access the API method"
	for i, scope := range wanted {
		separator := ", "
		if i == 0 {
			separator = ": "
		}
		text += separator + fmt.Sprint(scope)
	}
	return refuse(403, codeForbidden, "scope-missing", text, "the key has none of the scopes that open this method")
}
