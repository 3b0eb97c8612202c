package yandex

import (
	"errors"
	"net/http"
	"strings"

	"example.com/marketmock/internal/journal"
	"example.com/marketmock/internal/marketplace"
)

// refusal is an answer that is not 200: the vendor's code and text, and why in
// our words. Each {} in the text is the next of values, in quotes.
type refusal struct {
	status int
	code   string
	text   string
	values []string
	why    journal.Reason
}

func (r *refusal) Error() string { return r.message(true) }

// Reason is why the request is refused.
func (r *refusal) Reason() journal.Reason { return r.why }

// at is the refusal with the place in the request that caused it.
func (r *refusal) at(pointer, rule string) *refusal {
	next := *r
	next.why.Pointer, next.why.Rule = pointer, rule
	return &next
}

// of is the refusal with the values of its text.
func (r *refusal) of(values ...string) *refusal {
	next := *r
	next.values = values
	return &next
}

// message fills in the values. Claim yandex/error-value-quotes.
func (r *refusal) message(quoted bool) string {
	if len(r.values) == 0 {
		return r.text
	}
	var out strings.Builder
	rest := r.text
	for _, v := range r.values {
		before, after, found := strings.Cut(rest, "{}")
		if !found {
			break
		}
		out.WriteString(before)
		if quoted {
			out.WriteByte('\'')
		}
		out.WriteString(v)
		if quoted {
			out.WriteByte('\'')
		}
		rest = after
	}
	out.WriteString(rest)
	return out.String()
}

func refuse(status int, code, claim, text, why string) *refusal {
	return &refusal{status: status, code: code, text: text, why: journal.Reason{Text: why, Claim: "yandex/" + claim}}
}

// errorBody is the vendor's body of an error, in the order of the docs' one
// sample. Claims yandex/error-envelope, yandex/error-first.
type errorBody struct {
	Errors [1]errorItem `json:"errors"`
	Status string       `json:"status,omitempty"`
}

type errorItem struct {
	Code    string `json:"code"`
	Message string `json:"message,omitempty"`
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
		r = noRoute(c, c != nil && c.Operation.ID != "" && unversioned(c))
	case errors.As(err, &verb):
		return wrongVerb(c, verb)
	case errors.As(err, &fault):
		r = faultRefusal(c, fault)
	case errors.As(err, &tooLarge):
		r = errTooBig.of(sizes(bodyLimit(c), tooLarge.Limit+1)...).at("", "size")
		c.Explain(r.why)
	case errors.Is(err, marketplace.ErrBody):
		r = errBodyCut.at("", "json")
		c.Explain(r.why)
	case errors.As(err, &r):
	default:
		r = refuse(500, codeInternal, "internal-error", "", "a bug of this emulator")
	}
	return write(c, r)
}

// write is the one place that writes a refusal. Claims yandex/error-status-field,
// yandex/status-phrase-420.
func write(c *marketplace.Call, r *refusal) marketplace.Response {
	body := errorBody{Errors: [1]errorItem{{
		Code: r.code, Message: r.message(c.Switch(switchErrorQuotes) != "strip"),
	}}}
	switch c.Switch(switchErrorStatus) {
	case "ok":
		body.Status = statusOK
	case "absent":
	default:
		body.Status = "ERROR"
	}
	answer := marketplace.Response{Status: r.status, Header: jsonHeader(), Body: body}
	if r.status == status420 {
		answer.Phrase = "Method Failure"
		if c.Switch(switchPhrase420) == "enhance-your-calm" {
			answer.Phrase = "Enhance Your Calm"
		}
	}
	showLimit(c)
	return answer
}

// noRoute is a path that does not exist; gone says that it did, without a
// version. Claims yandex/unknown-path, yandex/unversioned-paths.
func noRoute(c *marketplace.Call, gone bool) *refusal {
	r := refuse(http.StatusNotFound, codeNotFound, "unknown-path", "Resource not found", marketplace.ErrNoRoute.Error()).at("", "route")
	if gone {
		r.why.Text, r.why.Claim = "paths without a version are switched off", "yandex/unversioned-paths"
	}
	c.Explain(r.why)
	return r
}

// wrongVerb is a path that has other verbs. Claims yandex/wrong-verb,
// yandex/wrong-verb-code.
func wrongVerb(c *marketplace.Call, verb *marketplace.VerbError) marketplace.Response {
	if c != nil && unversioned(c) && c.Switch(switchUnversioned) == "404" {
		return write(c, noRoute(c, true))
	}
	r := refuse(http.StatusMethodNotAllowed, codeBadRequest, "wrong-verb", "Request method {} not supported", verb.Error()).
		of(verb.Method).at("", "route")
	c.Explain(r.why)
	answer := write(c, r)
	for _, method := range verb.Allowed {
		answer.Header.Add("Allow", method)
	}
	return answer
}

// Broken gives every field of an answer a value of a type that it cannot have.
func (a *API) Broken(_ *marketplace.Call, r marketplace.Response) marketplace.Response {
	return marketplace.Spoilt(r)
}

// faultRefusal words an answer that a test asked for.
func faultRefusal(c *marketplace.Call, f *marketplace.FaultError) *refusal {
	if f.RateLimit || f.Status == status420 {
		r := exhausted(c)
		if f.Message != "" {
			r = refuse(r.status, r.code, "fault-texts", f.Message, "a fault rule asked for it")
		}
		return r
	}
	r := refuse(f.Status, "OTHER", "fault-texts", http.StatusText(f.Status), "a fault rule asked for it")
	if usual, ok := usualTexts[f.Status]; ok {
		r.code, r.text = usual.code, usual.text
	}
	if f.Message != "" {
		r.text = f.Message
	}
	return r
}

// usualTexts are the vendor's words for a status that a test asks for, invented
// where none are known; a failure inside has no text in the docs. Claims
// yandex/fault-texts, yandex/internal-error, yandex/overload.
var usualTexts = map[int]struct{ code, text string }{
	400: {codeBadRequest, "Bad request"},
	401: {codeUnauthorized, errKeyUnknown.text},
	403: {codeForbidden, errAccess.text},
	404: {codeNotFound, "Resource not found"},
	405: {codeBadRequest, "Request method not supported"},
	415: {codeMediaType, "Content type not supported"},
	423: {codeLocked, errMigration.text},
	500: {codeInternal, ""},
	502: {codeInternal, ""},
	503: {codeInternal, "Service temporarily unavailable. Please, try again later"},
	504: {codeInternal, ""},
}
