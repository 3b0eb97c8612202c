package push

import (
	"bytes"
	"context"
	"sync"
	"time"

	"example.com/marketmock/internal/clock"
	"example.com/marketmock/internal/fault"
)

// Outbox delivers for one sandbox; safe for concurrent use. To one webhook one
// attempt is made at a time, first attempts in the order of Send; different
// webhooks do not wait for each other while workers are free. Retries stand on
// the clock's timers; when one is due it queues behind what waits already, and
// between them later notifications pass (see Protocol.Ordered). All work runs
// through clock.Go and clock.AfterFunc, so clock.Advance waits for it. No
// goroutine stays when there is nothing to do.
type Outbox struct {
	opt     Options
	clients clients

	mu      sync.Mutex
	closed  bool
	waiting int // notifications without a first attempt
	workers int // goroutines that make attempts
	lanes   map[laneKey]*lane
	ready   []*lane // with work, and nobody at it
	log     log
}

// laneKey is one webhook.
type laneKey struct {
	marketplace string
	webhook     int64
	url         string // if webhook is 0
}

func keyOf(n Notification) laneKey {
	if n.Webhook != 0 {
		return laneKey{marketplace: n.Marketplace, webhook: n.Webhook}
	}
	return laneKey{marketplace: n.Marketplace, url: n.URL}
}

// lane is the way to one webhook. It exists while something is on it.
type lane struct {
	key     laneKey
	queue   []*job
	active  bool         // in ready, or an attempt is on its way
	blocked *job         // what Protocol.Ordered keeps the queue back for
	held    []*job       // what is kept back for the next Send
	release *clock.Timer // of held
}

// job is a delivery on its way. The outbox's lock guards it.
type job struct {
	Delivery
	protocol Protocol
	timer    *clock.Timer       // of the next attempt
	cancel   context.CancelFunc // of the attempt on its way
	waiting  bool               // counted in Outbox.waiting
	evicted  bool               // from the log
}

// New returns an outbox with nothing to do.
func New(o Options) *Outbox {
	out := &Outbox{opt: o.complete(), lanes: map[laneKey]*lane{}}
	out.clients = newClients(o.Client, out.opt.Workers)
	out.log.keep = out.opt.Keep
	return out
}

// Send queues a notification and returns. It is copied. When too many are
// waiting or pending it is dropped, after Close it is cancelled; both stand in
// the log.
func (o *Outbox) Send(p Protocol, n Notification) {
	n.Header, n.Body = n.Header.Clone(), bytes.Clone(n.Body)
	var rules []fault.Rule
	if o.opt.Faults != nil {
		rules = o.opt.Faults.Match(fault.Push, n.Marketplace, n.Event)
	}
	todo := planFor(n, rules)
	o.mu.Lock()
	defer o.mu.Unlock()
	defer o.log.tell()
	group := o.admit(p, n, todo)
	if len(group) == 0 {
		return
	}
	if todo.delay <= 0 {
		o.arrive(group, todo.hold)
		return
	}
	due := o.opt.Clock.Now().Add(todo.delay)
	timer := o.opt.Clock.AfterFunc(todo.delay, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.arrive(group, todo.hold)
	})
	for _, j := range group {
		j.Next, j.timer = due, timer
	}
}

// admit opens the deliveries of a notification and returns those that are to be
// made. Needs mu.
func (o *Outbox) admit(p Protocol, n Notification, todo plan) []*job {
	notes := []string{todo.note}
	if todo.duplicate != "" {
		notes = append(notes, todo.duplicate)
	}
	var group []*job
	for i, note := range notes {
		j := o.open(p, n, note)
		j.Again = i > 0
		switch {
		case o.closed:
			o.log.finish(j, Cancelled, ErrClosed.Error())
		case todo.lose:
			o.log.finish(j, Lost, "")
		case o.waiting >= o.opt.Queue:
			o.drop(j, "the queue is full")
		case o.log.open > o.opt.Pending:
			o.drop(j, "too many deliveries are pending")
		default:
			j.waiting = true
			o.waiting++
			group = append(group, j)
		}
		if todo.lose {
			break
		}
	}
	return group
}

// drop needs mu.
func (o *Outbox) drop(j *job, reason string) {
	o.log.finish(j, Dropped, reason)
	o.opt.Log.Warn("push: dropped a notification", "reason", reason,
		"marketplace", j.Marketplace, "event", j.Event, "webhook", j.Webhook)
}

// open logs a new delivery. Needs mu.
func (o *Outbox) open(p Protocol, n Notification, note string) *job {
	j := &job{protocol: p, Delivery: Delivery{Queued: o.opt.Clock.Now(), Notification: n, State: Pending, Note: note}}
	o.log.add(j)
	return j
}

// arrive puts deliveries on their lane, and behind them those that waited for
// it. With hold they wait themselves, unless others do already. Needs mu.
func (o *Outbox) arrive(group []*job, hold bool) {
	if group[0].State != Pending { // a group is cancelled as one
		return
	}
	l := o.lane(keyOf(group[0].Notification))
	if hold && len(l.held) == 0 {
		l.held = group
		for _, j := range group {
			j.Next, j.timer = o.opt.Clock.Now().Add(HoldTime), nil
		}
		l.release = o.opt.Clock.AfterFunc(HoldTime, func() {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.letGo(l)
			o.activate(l)
		})
		return
	}
	o.enqueue(l, group)
	if len(l.held) > 0 {
		l.release.Stop()
		o.letGo(l)
	}
	o.activate(l)
}

// letGo queues what was held back. Needs mu.
func (o *Outbox) letGo(l *lane) {
	o.enqueue(l, l.held)
	l.held, l.release = nil, nil
}

// enqueue needs mu.
func (o *Outbox) enqueue(l *lane, group []*job) {
	for _, j := range group {
		j.Next, j.timer = time.Time{}, nil
	}
	l.queue = append(l.queue, group...)
}

// due queues a delivery for its next attempt.
func (o *Outbox) due(j *job) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if j.State != Pending {
		return
	}
	l := o.lane(keyOf(j.Notification))
	o.enqueue(l, []*job{j})
	if l.blocked == j {
		l.blocked = nil
		copy(l.queue[1:], l.queue)
		l.queue[0] = j
	}
	o.activate(l)
}

// lane finds or makes a webhook's lane. Needs mu.
func (o *Outbox) lane(key laneKey) *lane {
	l, ok := o.lanes[key]
	if !ok {
		l = &lane{key: key}
		o.lanes[key] = l
	}
	return l
}

// activate gives a lane with work to the workers, and forgets one that has
// nothing on it. Needs mu.
func (o *Outbox) activate(l *lane) {
	switch {
	case l.active || l.blocked != nil:
		return
	case len(l.queue) > 0:
		l.active = true
		o.ready = append(o.ready, l)
		if o.workers < o.opt.Workers {
			o.workers++
			o.opt.Clock.Go(o.work)
		}
	case len(l.held) == 0 && o.lanes[l.key] == l:
		delete(o.lanes, l.key)
	}
}

// work makes attempts until there are none to make.
func (o *Outbox) work() {
	for {
		l, j := o.take()
		if j == nil {
			return
		}
		o.try(l, j)
		o.leave(l)
	}
}

// take is the next lane and the delivery at its head, nil if there is none.
func (o *Outbox) take() (*lane, *job) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.ready) == 0 {
		o.workers--
		return nil, nil
	}
	l := o.ready[0]
	o.ready[0], o.ready = nil, o.ready[1:]
	j := l.queue[0]
	l.queue[0], l.queue = nil, l.queue[1:]
	return l, j
}

// leave ends the work on a lane for this turn and tells who waits.
func (o *Outbox) leave(l *lane) {
	o.mu.Lock()
	defer o.mu.Unlock()
	l.active = false
	o.activate(l)
	o.log.tell()
}

// Reset cancels what is pending and forgets the log. Ids go on. An attempt on
// its way is broken off, and its outcome is neither logged nor settled; Reset
// does not wait for it.
func (o *Outbox) Reset() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.stop("reset")
	o.log.forget()
}

// Close cancels what is pending, as Reset does, and keeps the log. Later
// notifications are logged as cancelled. Closing twice is harmless.
func (o *Outbox) Close() {
	o.mu.Lock()
	o.closed = true
	o.stop(ErrClosed.Error())
	o.log.tell()
	o.mu.Unlock()
	o.clients.close()
}

// stop cancels all pending deliveries and clears the lanes. Needs mu.
func (o *Outbox) stop(reason string) {
	for _, j := range o.log.pending() {
		if j.timer != nil {
			j.timer.Stop()
		}
		if j.cancel != nil {
			j.cancel()
		}
		o.log.finish(j, Cancelled, reason)
	}
	for _, l := range o.lanes {
		if l.release != nil {
			l.release.Stop()
		}
		l.queue, l.held, l.release, l.blocked = nil, nil, nil, nil
	}
	clear(o.lanes)
	o.ready, o.waiting = nil, 0
}
