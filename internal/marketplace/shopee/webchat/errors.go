package webchat

import (
	"net/http"
	"strings"

	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// Codes of refusals. The two of credentials were seen; nobody recorded any other,
// so they are named as the Open Platform names its own. Claim
// shopee/webchat-error-codes.
const (
	codeUnauthorized = "user_is_unauthorized"
	codeForbidden    = "user_is_forbidden"
	codeParam        = "invalid_param"
	codeNotFound     = "error_not_found"
	codeMethod       = "error_method"
	codeServer       = "error_server"
	codeRate         = "error_rate_limit"
	codeSign         = "invalid_x_s"
	codeCSRF         = "error_csrf"
	codeFraud        = "error_anti_fraud"
	codeTooLarge     = "error_too_large"
	// codeOfMessage is that of an error that has a message only, where the switch
	// wants a code.
	codeOfMessage = "token_not_found"
)

// statusOTP is answered by a login that wants a code: net/http has no name for it.
// Claim shopee/webchat-otp.
const statusOTP = 481

// Refusals of logins.
var (
	errNoToken = refuse(http.StatusUnauthorized, "", "webchat-token-not-found",
		"token not found", "the cookies are those of nobody")
	errPassword = refuse(http.StatusUnauthorized, "", "webchat-login-refused",
		"Invalid username or password", "no shop has this user name with this password")
	errCaptcha = refuse(http.StatusUnauthorized, "", "webchat-login-refused",
		"Captcha can't be blank", "the login wants a captcha")
	errOTP = refuse(statusOTP, "", "webchat-otp",
		"vcode is required", "the login wants a code").always()
)

// Refusals of credentials.
var (
	errUnauthorized = refuse(http.StatusUnauthorized, codeUnauthorized, "webchat-unauthorized",
		codeUnauthorized, "there is no token that a login gave")
	errCookie = refuse(http.StatusUnauthorized, codeUnauthorized, "webchat-auth",
		codeUnauthorized, "the cookies are not those of the token's account")
	errForbidden = refuse(http.StatusForbidden, codeForbidden, "webchat-forbidden",
		"User is forbidden for this action", "the sub-account may not see this shop")
	errSign = refuse(http.StatusForbidden, codeSign, "x-s-refusal",
		"invalid x-s", "x-s is not what x-v and the path make it")
	errCSRF = refuse(http.StatusForbidden, codeCSRF, "webchat-csrf",
		"csrf_token is missing", "csrf_token is not the cookie CTOKEN")
	errFraud = refuse(http.StatusForbidden, codeFraud, "webchat-anti-fraud",
		"request is not trusted", "a header of the anti-fraud script is missing")
)

// Refusals of what is asked.
var (
	errParam = refuse(http.StatusBadRequest, codeParam, "webchat-invalid",
		"invalid params", "a value cannot be taken")
	errBody = refuse(http.StatusBadRequest, codeParam, "webchat-invalid",
		"invalid params", "the body cannot be read as JSON")
	errTooBig = refuse(http.StatusRequestEntityTooLarge, codeTooLarge, "webchat-too-large",
		"request is too large", "the body is over the limit").always()
	errNoRoute = refuse(http.StatusNotFound, codeNotFound, "webchat-unknown-path",
		"not found", "no such path").always().at("", "route")
	errListMethod = refuse(http.StatusMethodNotAllowed, codeMethod, "webchat-list-method",
		"method not allowed", "the list is asked for with the other verb").always().at("", "route")
	errImageSize = refuse(http.StatusBadRequest, codeTooLarge, "webchat-image-max",
		"file is too large", "the image is over the limit")
)

// wrong refuses a value of the query, the path or the body: what says it of the
// value. Claim shopee/webchat-invalid.
func wrong(pointer, rule, what string) *refusal {
	name := strings.ReplaceAll(strings.TrimPrefix(pointer, "/"), "/", ".")
	return errParam.at(pointer, rule).because(name + " " + what)
}

// Refusals by what the world holds.
var (
	errNoConversation = refuse(http.StatusBadRequest, codeParam, "webchat-invalid",
		"conversation not found", "the account has no such conversation")
	errNoUser = refuse(http.StatusBadRequest, codeParam, "webchat-invalid",
		"user not found", "there is no such user")
	errNoOrder = refuse(http.StatusBadRequest, codeParam, "webchat-invalid",
		"order not found", "the account has no such order")
	errNoProduct = refuse(http.StatusBadRequest, codeParam, "webchat-invalid",
		"product not found", "the path has no id of a product")
	errNoShop = refuse(http.StatusForbidden, codeForbidden, "webchat-foreign-shop",
		"User is forbidden for this action", "the account has no such shop")
)

// refused words a rule of the shop: what is wrong with a request as any such
// mistake, the rest under its own code. Claims shopee/webchat-send-rules,
// shopee/webchat-invalid.
func refused(rule *shop.Refused) *refusal {
	r := *refuse(http.StatusForbidden, rule.Code, "", rule.Text, "")
	switch {
	case rule.Code == shop.CodeBusy:
		r.status, r.fixed = http.StatusServiceUnavailable, true
	case rule.Code == shop.CodeParam && rule.Rule == "size":
		r = *errImageSize
	case rule.Code == shop.CodeParam || rule.Code == shop.CodeToID:
		r = *errParam
	}
	r.why = rule.Reason()
	return &r
}

// usualTexts are words for a status that a test asks for, invented where none are
// known. Claim shopee/webchat-fault-texts.
var usualTexts = map[int]struct{ code, text string }{
	400: {codeParam, errParam.text},
	401: {codeUnauthorized, errUnauthorized.text},
	403: {codeForbidden, errForbidden.text},
	404: {codeNotFound, errNoRoute.text},
	405: {codeMethod, "method not allowed"},
	413: {codeTooLarge, errTooBig.text},
	429: {codeRate, "Too many requests"},
	481: {"", errOTP.text},
	500: {codeServer, "internal error"},
}
