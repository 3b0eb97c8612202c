package server

import (
	"net/http"
	"strings"
	"time"

	"example.com/marketmock/internal/fault"
	"example.com/marketmock/internal/marketplace"
)

// spoil carries out fault rules in the order they were added. It reports
// whether the answer is decided.
func (x *exchange) spoil(rules []fault.Rule) (decided bool) {
	for _, rule := range rules {
		x.record.Faults = append(x.record.Faults, rule.ID)
		switch rule.Kind {
		case fault.Delay:
			x.pause(rule.Delay)
		case fault.Status, fault.RateLimit:
			x.answerFault(rule)
			decided = true
		case fault.Drop:
			x.broken, decided = fault.Drop, true
		case fault.Truncate:
			x.broken, x.bytes = fault.Truncate, rule.Bytes
		case fault.BreakSpec:
			x.breakSpec(rule)
		}
	}
	return decided
}

func (x *exchange) answerFault(rule fault.Rule) {
	x.fail(&marketplace.FaultError{
		Status: rule.Status, RateLimit: rule.Kind == fault.RateLimit, Message: rule.Message,
	})
	if rule.Body != "" {
		x.answer.setBody([]byte(rule.Body))
	}
	for name, value := range rule.Header {
		put(x.answer.header, name, value)
	}
}

// put sets a header in place of the one of that name, however that is spelled.
func put(h http.Header, name, value string) {
	for spelled := range h {
		if strings.EqualFold(spelled, name) {
			h[spelled] = []string{value}
			return
		}
	}
	h.Set(name, value)
}

// breakSpec replaces the body by the rule's, or by what the emulator makes of
// it to break the spec.
func (x *exchange) breakSpec(rule fault.Rule) {
	if rule.Body != "" {
		x.answer.setBody([]byte(rule.Body))
		return
	}
	x.encode(x.site.Broken(x.call, marketplace.Response{
		Status: x.answer.status, Phrase: x.answer.phrase, Header: x.answer.header, Raw: x.answer.body,
	}))
}

// pause waits in wall time, until the client goes away or the server stops.
func (x *exchange) pause(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-x.call.Request.Context().Done():
	case <-x.server.options.Done:
	}
}
