package webchat

import (
	"errors"
	"net/http"
	"strconv"

	"example.com/marketmock/internal/journal"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// refusal is an answer that is not a success: the vendor's code and text, and why
// in our words.
type refusal struct {
	status int
	code   string // "" for a body that has a message only
	text   string
	// fixed says that the switch about statuses has no say.
	fixed bool
	why   journal.Reason
}

func (r *refusal) Error() string { return r.text }

// Reason is why the request is refused.
func (r *refusal) Reason() journal.Reason { return r.why }

// at is the refusal with the place in the request that caused it.
func (r *refusal) at(pointer, rule string) *refusal {
	next := *r
	next.why.Pointer, next.why.Rule = pointer, rule
	return &next
}

// because is the refusal with another reason.
func (r *refusal) because(why string) *refusal {
	next := *r
	next.why.Text = why
	return &next
}

// always is the refusal with a status that no switch changes.
func (r *refusal) always() *refusal {
	next := *r
	next.fixed = true
	return &next
}

func refuse(status int, code, claim, text, why string) *refusal {
	return &refusal{status: status, code: code, text: text, why: journal.Reason{Text: why, Claim: "shopee/" + claim}}
}

// errorBody is the body of an error. Claim shopee/webchat-error-shape.
type errorBody struct {
	Code    string `json:"error_code,omitempty"`
	Message string `json:"message"`
}

// Error turns any error into the answer of the webchat.
func Error(c *marketplace.Call, err error) marketplace.Response {
	var (
		r        *refusal
		rule     *shop.Refused
		verb     *marketplace.VerbError
		fault    *marketplace.FaultError
		tooLarge *marketplace.TooLargeError
	)
	switch {
	case errors.As(err, &r):
	case errors.As(err, &rule):
		r = refused(rule)
	case errors.Is(err, marketplace.ErrNoRoute):
		r = errNoRoute.because(noPath(c))
		c.Explain(r.why)
	case errors.As(err, &verb):
		r = wrongVerb(verb)
		c.Explain(r.why)
	case errors.As(err, &fault):
		r = faultRefusal(fault)
	case errors.As(err, &tooLarge):
		r = errTooBig.at("", "size")
		c.Explain(r.why)
	case errors.Is(err, marketplace.ErrBody):
		r = errBody.at("", "json")
		c.Explain(r.why)
	default:
		r = refuse(http.StatusInternalServerError, codeServer, "webchat-internal-error", "internal error", "a bug of this emulator").always()
	}
	return write(c, r)
}

// write is the one place that writes a refusal. Claims shopee/webchat-error-shape,
// shopee/webchat-error-status.
func write(c *marketplace.Call, r *refusal) marketplace.Response {
	body := errorBody{Code: r.code, Message: r.text}
	switch c.Switch(switchErrorShape) {
	case shapeMessage:
		body.Code = ""
	case shapeCode:
		if body.Code == "" {
			body.Code = codeOfMessage
		}
	}
	status := r.status
	if set, err := strconv.Atoi(c.Switch(switchErrorStatus)); err == nil && !r.fixed {
		status = set // else it is the vendor's
	}
	return marketplace.Response{Status: status, Header: jsonHeader(), Body: body}
}

// wrongVerb is a path that has other verbs. Claim shopee/webchat-wrong-verb.
func wrongVerb(verb *marketplace.VerbError) *refusal {
	return refuse(http.StatusMethodNotAllowed, codeMethod, "webchat-wrong-verb", "method not allowed", verb.Error()).
		always().at("", "route")
}

// faultRefusal words an answer that a test asked for. Claims
// shopee/webchat-fault-texts.
func faultRefusal(f *marketplace.FaultError) *refusal {
	status := f.Status
	if f.RateLimit {
		status = http.StatusTooManyRequests
	}
	r := refuse(status, codeServer, "webchat-fault-texts", http.StatusText(status), "a fault rule asked for it").always()
	if usual, known := usualTexts[status]; known {
		r.code, r.text = usual.code, usual.text
	}
	if f.Message != "" {
		r.text = f.Message
	}
	return r
}
