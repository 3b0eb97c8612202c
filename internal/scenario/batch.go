package scenario

import (
	"context"
	"io/fs"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/report"
)

// Batch runs several scenarios at a time.
type Batch struct {
	Runner   *Runner
	Parallel int  // at a time; 0 is twice the processors
	FailFast bool // start no more after the first failure
}

// Run plays scripts and tells each result, in the order of scripts and from one
// goroutine. After ctx ends the rest is told as skipped.
func (b *Batch) Run(ctx context.Context, scripts []*Script, tell func(report.Result)) {
	workers := b.Parallel
	if workers <= 0 {
		workers = 2 * runtime.NumCPU()
	}
	slots := make([]chan report.Result, len(scripts))
	for i := range slots {
		slots[i] = make(chan report.Result, 1)
	}
	var next atomic.Int64
	var failed atomic.Bool
	var all sync.WaitGroup
	for range min(workers, len(scripts)) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(scripts); i = int(next.Add(1)) - 1 {
				slots[i] <- b.one(ctx, scripts[i], &failed)
			}
		})
	}
	for _, slot := range slots {
		tell(<-slot)
	}
	all.Wait()
}

func (b *Batch) one(ctx context.Context, s *Script, failed *atomic.Bool) report.Result {
	skipped := report.Result{Name: s.Name, File: s.File, Marketplace: s.Marketplace, Claims: s.Claims, Status: report.Skipped}
	switch {
	case ctx.Err() != nil:
		skipped.Reason = "interrupted before it began"
		skipped.Interrupted = true
		return skipped
	case b.FailFast && failed.Load():
		skipped.Reason = "not started after a failure"
		return skipped
	}
	r := b.Runner.Run(ctx, s)
	if r.Status == report.Failed || r.Status == report.Refused {
		failed.Store(true)
	}
	return r
}

// Declared lists the operations of the scripts' marketplaces, of all specs that
// they answer to, with the statuses that are declared.
func Declared(specs fs.FS, scripts []*Script) ([]report.Declared, error) {
	library := openapi.NewLibrary(specs)
	var names []string
	for _, s := range scripts {
		if !slices.Contains(names, s.Marketplace) {
			names = append(names, s.Marketplace)
		}
	}
	slices.Sort(names)
	var out []report.Declared
	for _, name := range names {
		v, err := loadVendor(library, specs, name, func(string) []string { return nil })
		if err != nil {
			return nil, err
		}
		for _, op := range v.operations {
			out = append(out, report.Declared{Marketplace: name, Operation: op.ID, Statuses: op.Statuses})
		}
	}
	return out, nil
}
