package journal

import (
	"context"
	"time"

	"example.com/marketmock/internal/openapi"
)

// Filter says which exchanges are meant. A zero field asks for nothing.
type Filter struct {
	Marketplace, Operation, Seller string
	Status                         int
	After                          uint64 // ids above
	Invalid                        bool   // only those with findings on request or answer
	Limit                          int    // at most so many, the oldest ones
}

func (f Filter) match(e *entry, check func(Exchange) []openapi.Finding) bool {
	x := &e.exchange
	switch {
	case f.Marketplace != "" && f.Marketplace != x.Marketplace,
		f.Operation != "" && f.Operation != x.Operation,
		f.Seller != "" && f.Seller != x.Seller,
		f.Status != 0 && f.Status != x.Status:
		return false
	}
	return !f.Invalid || len(e.requestFindings()) > 0 || len(e.answerFindings(check)) > 0
}

// Select returns matching exchanges, oldest first, masked. They are copies.
func (j *Journal) Select(f Filter) []Exchange {
	entries, _, _ := j.since(f.After, false)
	return j.pick(entries, f)
}

// Wait does the same, but waits for a first match: for d of wall time at most,
// or until ctx ends. Then it returns what there is, which is nothing.
func (j *Journal) Wait(ctx context.Context, f Filter, d time.Duration) []Exchange {
	if d > 0 {
		limited, cancel := context.WithTimeout(ctx, d)
		defer cancel()
		ctx = limited
	}
	for {
		entries, last, changed := j.since(f.After, d > 0)
		if found := j.pick(entries, f); len(found) > 0 || d <= 0 {
			return found
		}
		f.After = max(f.After, last)
		select {
		case <-changed:
		case <-ctx.Done():
			return nil
		}
	}
}

func (j *Journal) pick(entries []*entry, f Filter) []Exchange {
	var out []Exchange
	for _, e := range entries {
		if !f.match(e, j.check) {
			continue
		}
		out = append(out, e.shown(j.check))
		if f.Limit > 0 && len(out) == f.Limit {
			break
		}
	}
	return out
}
