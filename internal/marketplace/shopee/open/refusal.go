package open

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/journal"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// kind is what the status of a refusal follows from.
type kind int

const (
	byGateway  kind = iota // authentication, signature, parameters of every call
	path                   // an unknown one
	byChat                 // what a method or a chat's rules refuse
	permission             // the app may not chat
	rate                   // beyond a limit
	byFault                // a status that a test asked for
)

// refusal is an answer with an error: the vendor's code and text, and why in our
// words. {} in the text is value.
type refusal struct {
	kind   kind
	status int // of a fault
	code   string
	text   string
	value  string
	why    journal.Reason
}

func (r *refusal) Error() string { return r.code + ": " + r.message() }

// Reason is why the request is refused.
func (r *refusal) Reason() journal.Reason { return r.why }

func (r *refusal) message() string { return strings.Replace(r.text, "{}", r.value, 1) }

// at is the refusal with the place in the request that caused it.
func (r *refusal) at(pointer, rule string) *refusal {
	next := *r
	next.why.Pointer, next.why.Rule = pointer, rule
	return &next
}

// of is the refusal with the value of its text, which is the reason too of one that
// has none of its own.
func (r *refusal) of(value string) *refusal {
	next := *r
	next.value = value
	if next.why.Text == "" {
		next.why.Text = value
	}
	return &next
}

// because is the refusal with a reason that says more.
func (r *refusal) because(text string) *refusal {
	next := *r
	next.why.Text = text
	return &next
}

func kindOf(k kind, code, claim, text, why string) *refusal {
	return &refusal{kind: k, code: code, text: text, why: journal.Reason{Text: why, Claim: "shopee/" + claim}}
}

func gateway(code, claim, text, why string) *refusal {
	return kindOf(byGateway, code, claim, text, why)
}

func business(code, claim, text, why string) *refusal { return kindOf(byChat, code, claim, text, why) }

// Error turns any error into the vendor's answer.
func Error(c *marketplace.Call, err error) marketplace.Response {
	var (
		r        *refusal
		rule     *shop.Refused
		verb     *marketplace.VerbError
		fault    *marketplace.FaultError
		tooLarge *marketplace.TooLargeError
	)
	switch {
	case errors.Is(err, marketplace.ErrNoRoute), errors.As(err, &verb):
		r = noRoute(c, err)
	case errors.As(err, &fault):
		r = faultRefusal(c, fault)
	case errors.As(err, &tooLarge), errors.Is(err, marketplace.ErrBody):
		r = errParam.of("request body").at("", "json").because(err.Error())
		c.Explain(r.why)
	case errors.As(err, &rule):
		r = &refusal{kind: byChat, code: rule.Code, text: rule.Text}
	case errors.As(err, &r):
	default:
		r = &refusal{kind: byFault, status: http.StatusInternalServerError, code: codeServer, text: textServer}
	}
	return write(c, r)
}

// errorBody is the envelope of a refusal. Claim shopee/error-shape.
type errorBody struct {
	Error     string `json:"error"`
	Message   string `json:"message"`
	RequestID string `json:"request_id"`
	// Response is there in refusals of the push methods. Claim
	// shopee/push-error-response.
	Response *none `json:"response,omitempty"`
}

// write is the one place that writes a refusal.
func write(c *marketplace.Call, r *refusal) marketplace.Response {
	body := errorBody{Error: r.code, Message: r.message(), RequestID: requestID(c)}
	if c != nil && strings.HasPrefix(c.Operation.Path, prefixPush) {
		body.Response = &none{}
	}
	return marketplace.Response{Status: statusOf(c, r), Header: jsonHeader(), Body: body}
}

// statusOf is the status of a refusal; only faults tell theirs. Claims
// shopee/error-status, shopee/gateway-status, shopee/no-permission-status,
// shopee/rate-limit-status.
func statusOf(c *marketplace.Call, r *refusal) int {
	status, name := http.StatusOK, ""
	switch r.kind {
	case byFault:
		return r.status
	case byGateway:
		status = http.StatusForbidden
	case path:
		status = http.StatusNotFound
	case permission:
		status, name = http.StatusForbidden, switchPermissionStatus
	case rate:
		status, name = http.StatusForbidden, switchRateStatus
	}
	if c == nil || c.Config == nil {
		return status
	}
	if c.Switch(switchErrorStatus) == always200 && (name == "" || !c.Config.Settings.Given(name)) {
		return http.StatusOK
	}
	if name != "" {
		return atoi(c.Switch(name))
	}
	return status
}

// noRoute is a path that does not exist, or has other verbs. Claims
// shopee/unknown-path, shopee/wrong-verb, shopee/no-get-message-list.
func noRoute(c *marketplace.Call, err error) *refusal {
	r := errPath
	if c.Switch(switchUnknownPath) == pathOffline {
		r = errPathOffline
	}
	r = r.at("", "route").because(err.Error() + nearby(c))
	var verb *marketplace.VerbError
	if errors.As(err, &verb) {
		r.why.Claim = "shopee/wrong-verb"
	}
	c.Explain(r.why)
	return r
}

// nearby is the path that was probably meant, or "".
func nearby(c *marketplace.Call) string {
	if c == nil || c.Config == nil || c.Config.Specs[Spec] == nil {
		return ""
	}
	last := func(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
	var known []string
	for _, op := range c.Config.Specs[Spec].Operations() {
		if strings.HasSuffix(strings.TrimRight(c.Target, "/"), op.Path) && c.Target != op.Path {
			return ": the path is " + op.Path + ", without anything before or after it"
		}
		known = append(known, op.Path)
	}
	word := last(strings.TrimRight(c.Target, "/"))
	names := make([]string, len(known))
	for i, path := range known {
		names[i] = last(path)
	}
	if i := slices.Index(names, hint.Closest(word, names)); i >= 0 {
		return ", did you mean " + known[i] + "?"
	}
	return ""
}

// faultRefusal words an answer that a test asked for. Claim shopee/fault-texts.
func faultRefusal(c *marketplace.Call, f *marketplace.FaultError) *refusal {
	r := &refusal{kind: byFault, status: f.Status, code: codeServer, text: http.StatusText(f.Status)}
	usual := usualTexts
	if c != nil && strings.HasPrefix(c.Operation.Path, prefixPush) && pushTexts[f.Status] != (usualText{}) {
		usual = pushTexts
	}
	if words, known := usual[f.Status]; known {
		r.code, r.text = words.code, words.text
	}
	if f.RateLimit {
		next := *errRate
		r = &next
	}
	if f.Message != "" {
		r.text = f.Message
	}
	return r
}

type usualText struct{ code, text string }

const textServer = "Something wrong. Please try later."

// usualTexts are the vendor's words for a status that a test asks for. Claim
// shopee/fault-texts.
var usualTexts = map[int]usualText{
	400: {codeParam, "parameter invalid"},
	401: {codeAuth, "System error, please try again later."},
	403: {codeAuth, "System error, please try again later."},
	404: {codeNotFound, errPath.text},
	429: {codeRate, errRate.text},
	491: {codePermission, "No permission"},
	500: {codeServer, textServer},
	502: {codeNetwork, textServer},
	503: {codeBusy, textServer},
	504: {codeInner, textServer},
}

// pushTexts are those of the push methods.
var pushTexts = map[int]usualText{
	400: {codeParam, "request not from gateway"},
	503: {codeServer, "error server"},
}
