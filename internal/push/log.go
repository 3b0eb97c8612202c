package push

import (
	"bytes"
	"context"
	"slices"
	"sort"
	"time"

	"example.com/marketmock/internal/mask"
)

// log keeps deliveries: all pending ones and the finished ones that ended last.
// The outbox's lock guards it.
type log struct {
	keep     int
	last     uint64
	open     int    // pending ones
	jobs     []*job // by id, evicted ones among them
	evicted  int
	finished []*job        // in the order of ending
	changed  chan struct{} // closed at the next change; nil while nobody waits
}

func (l *log) add(j *job) {
	l.last++
	l.open++
	j.ID = l.last
	l.jobs = append(l.jobs, j)
}

// finish ends a pending delivery and forgets the oldest finished one if there
// are too many.
func (l *log) finish(j *job, s State, note string) {
	l.open--
	j.State, j.Next, j.timer, j.cancel = s, time.Time{}, nil, nil
	j.annotate(note)
	l.finished = append(l.finished, j)
	if len(l.finished) <= l.keep {
		return
	}
	l.finished[0].evicted = true
	l.finished[0], l.finished = nil, l.finished[1:]
	if l.evicted++; 2*l.evicted > len(l.jobs) {
		l.jobs = slices.DeleteFunc(l.jobs, func(j *job) bool { return j.evicted })
		l.evicted = 0
	}
}

// annotate adds to a delivery's note.
func (j *job) annotate(note string) {
	if j.Note != "" && note != "" {
		note = j.Note + "; " + note
	}
	if note != "" {
		j.Note = note
	}
}

func (l *log) pending() []*job {
	var out []*job
	for _, j := range l.jobs {
		if j.State == Pending {
			out = append(out, j)
		}
	}
	return out
}

func (l *log) forget() { l.jobs, l.finished, l.evicted = nil, nil, 0 }

// tell wakes those who wait for a change.
func (l *log) tell() {
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
}

func (l *log) watch() <-chan struct{} {
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	return l.changed
}

// Filter says which deliveries are meant. A zero field asks for nothing.
type Filter struct {
	Marketplace string
	Event       string
	State       State
	After       uint64 // ids above
	Limit       int    // at most so many, the oldest ones
}

func (f Filter) match(d *Delivery) bool {
	return (f.Marketplace == "" || f.Marketplace == d.Marketplace) &&
		(f.Event == "" || f.Event == d.Event) &&
		(f.State == "" || f.State == d.State)
}

// tried is what Wait waits for: an attempt, or the end that was asked for.
func (f Filter) tried(d *Delivery) bool {
	return f.match(d) && (len(d.Attempts) > 0 || f.State != "" && f.State != Pending)
}

// Deliveries returns what matches by id, masked. They are copies.
func (o *Outbox) Deliveries(f Filter) []Delivery {
	o.mu.Lock()
	found := o.log.find(f, f.match)
	o.mu.Unlock()
	return shown(found)
}

// Wait returns the matches with at least one attempt, as soon as there is one:
// for d of wall time at most, or until ctx ends, then nothing. Asked for a final
// state, it takes deliveries without an attempt as well.
func (o *Outbox) Wait(ctx context.Context, f Filter, d time.Duration) []Delivery {
	ctx, cancel := context.WithTimeout(ctx, max(d, 0))
	defer cancel()
	for {
		o.mu.Lock()
		found := o.log.find(f, f.tried)
		changed := o.log.watch()
		o.mu.Unlock()
		if len(found) > 0 {
			return shown(found)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil
		}
	}
}

// find returns shallow copies; attempts are only ever appended.
func (l *log) find(f Filter, match func(*Delivery) bool) []Delivery {
	from := sort.Search(len(l.jobs), func(i int) bool { return l.jobs[i].ID > f.After })
	var out []Delivery
	for _, j := range l.jobs[from:] {
		if j.evicted || !match(&j.Delivery) {
			continue
		}
		out = append(out, j.Delivery)
		if f.Limit > 0 && len(out) == f.Limit {
			break
		}
	}
	return out
}

// shown makes copies that may leave the package.
func shown(list []Delivery) []Delivery {
	for i := range list {
		d := &list[i]
		d.URL = mask.URL(d.URL)
		d.Header = mask.Header(d.Header)
		d.Body = bytes.Clone(mask.JSON(d.Body))
		d.Attempts = slices.Clone(d.Attempts)
		for k := range d.Attempts {
			r := &d.Attempts[k].Reply
			r.Header = mask.Header(r.Header)
			r.Body = bytes.Clone(mask.JSON(r.Body))
		}
	}
	return list
}
