package journal

import (
	"slices"
	"sync"

	"example.com/marketmock/internal/mask"
	"example.com/marketmock/internal/openapi"
)

// What an exchange weighs besides its URL, bodies and texts: the structs and maps,
// each header and each finding. Headers are estimated by their number, since
// walking them would cost more than the rest of Record; their size is for the
// server to bound. Findings that Options.Check makes are for it to bound.
const (
	overhead      = 1 << 10
	headerWeight  = 64
	findingWeight = 128
)

// entry is an exchange as kept. It does not change, but for findings, which the
// first reader computes.
type entry struct {
	exchange Exchange
	weight   int64

	once     sync.Once
	findings []openapi.Finding // on the answer

	requestOnce sync.Once
	request     []openapi.Finding // on the request, if it was Unchecked
}

func weigh(e *Exchange) int64 {
	return int64(overhead + headerWeight*(len(e.RequestHeader)+len(e.ResponseHeader)) +
		len(e.URL) + len(e.Request.Bytes) + len(e.Response.Bytes) +
		weighFindings(e.RequestFindings) + weighFindings(e.ResponseFindings) + weighReason(e.Reason))
}

func weighFindings(list []openapi.Finding) int {
	weight := findingWeight * len(list)
	for _, f := range list {
		weight += len(f.Pointer) + len(f.Message)
	}
	return weight
}

func weighReason(r *Reason) int {
	if r == nil {
		return 0
	}
	return len(r.Text) + len(r.Pointer)
}

// answerFindings are the findings on the answer, computed once.
func (e *entry) answerFindings(check func(Exchange) []openapi.Finding) []openapi.Finding {
	if e.exchange.ResponseFindings != nil {
		return e.exchange.ResponseFindings
	}
	e.once.Do(func() {
		if check != nil && e.exchange.Status != 0 {
			e.findings = check(e.exchange)
		}
	})
	return e.findings
}

// requestFindings are the findings on the request, computed once.
func (e *entry) requestFindings() []openapi.Finding {
	if e.exchange.Unchecked == nil {
		return e.exchange.RequestFindings
	}
	e.requestOnce.Do(func() {
		e.request = append(slices.Clip(e.exchange.Unchecked()), e.exchange.RequestFindings...)
	})
	return e.request
}

// shown is a masked copy that shares nothing with the entry.
func (e *entry) shown(check func(Exchange) []openapi.Finding) Exchange {
	x := e.exchange
	x.URL = mask.URL(x.URL)
	x.Request = x.Request.shown(x.RequestHeader)
	x.Response = x.Response.shown(x.ResponseHeader)
	x.RequestHeader = mask.Header(x.RequestHeader)
	x.ResponseHeader = mask.Header(x.ResponseHeader)
	x.Faults = slices.Clone(x.Faults)
	x.RequestFindings, x.Unchecked = slices.Clone(e.requestFindings()), nil
	x.ResponseFindings = slices.Clone(e.answerFindings(check))
	if x.Reason != nil {
		reason := *x.Reason
		x.Reason = &reason
	}
	return x
}
