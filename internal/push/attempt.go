package push

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"time"

	"example.com/marketmock/internal/mask"
)

// try makes one attempt of a delivery that has its turn.
func (o *Outbox) try(l *lane, j *job) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer func() {
		if v := recover(); v != nil {
			o.opt.Log.Error("push: panic in a protocol", "marketplace", j.Marketplace, "event", j.Event,
				"delivery", j.ID, "panic", v, "stack", string(debug.Stack()))
			o.abandon(l, j)
		}
	}()
	if !o.begin(j, cancel) {
		return
	}
	if j.protocol.Allowed != nil {
		if ok, reason := j.protocol.Allowed(j.Notification); !ok {
			if d, ok := o.refuse(j, reason); ok && j.protocol.Refused != nil {
				j.protocol.Refused(d)
			}
			return
		}
	}
	a := o.attempt(ctx, j)
	d, ok := o.settle(l, j, a)
	if ok && j.protocol.Settled != nil {
		j.protocol.Settled(d, a)
	}
}

// abandon gives up a delivery whose protocol panicked; l is nil for a Probe.
func (o *Outbox) abandon(l *lane, j *job) {
	const note = "a bug: the protocol panicked, see the log"
	o.mu.Lock()
	defer o.mu.Unlock()
	if l != nil && l.blocked == j {
		l.blocked = nil
	}
	if j.State != Pending {
		j.annotate(note)
		return
	}
	if j.timer != nil {
		j.timer.Stop()
	}
	o.log.finish(j, GaveUp, note)
}

// begin marks an attempt as on its way. False: it was cancelled meanwhile.
func (o *Outbox) begin(j *job, cancel context.CancelFunc) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if j.State != Pending {
		return false
	}
	if j.waiting {
		j.waiting = false
		o.waiting--
	}
	j.cancel = cancel
	return true
}

// refuse cancels a delivery that may not be made. False: it was cancelled
// meanwhile.
func (o *Outbox) refuse(j *job, reason string) (Delivery, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if j.State != Pending {
		return Delivery{}, false
	}
	o.log.finish(j, Cancelled, reason)
	d := j.Delivery
	d.Attempts = slices.Clone(d.Attempts)
	return d, true
}

// attempt does the I/O and asks the vendor what it means.
func (o *Outbox) attempt(ctx context.Context, j *job) Attempt {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(j.protocol.Timeout, DefaultTimeout))
	defer cancel()
	at := o.opt.Clock.Now()
	start := time.Now() //nolint:forbidigo // how long the receiver takes is wall time
	reply := exchange(ctx, o.clients.of(j.protocol), j.Notification)
	reply.Took = time.Since(start) //nolint:forbidigo // as above
	a := Attempt{At: at, Took: reply.Took, Reply: reply, Verdict: judge(j.protocol, j.Notification, reply)}
	o.opt.Log.Debug("push: attempt", "marketplace", j.Marketplace, "event", j.Event, "delivery", j.ID,
		"url", mask.URL(j.URL), "status", reply.Status, "error", reply.Err, "ok", a.Verdict.OK, "code", a.Verdict.Code)
	return a
}

func judge(p Protocol, n Notification, r Reply) Verdict {
	if p.Judge != nil {
		return p.Judge(n, r)
	}
	ok := r.Err == nil && r.Status/100 == 2
	return Verdict{OK: ok, Retry: !ok}
}

// settle logs an attempt and plans the next. False: the delivery was cancelled
// meanwhile and the attempt does not count.
func (o *Outbox) settle(l *lane, j *job, a Attempt) (Delivery, bool) {
	var pause time.Duration
	again := false
	if !a.Verdict.OK && a.Verdict.Retry && j.protocol.Next != nil {
		pause, again = j.protocol.Next(len(j.Attempts) + 1)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	j.cancel = nil
	if j.State != Pending {
		return Delivery{}, false
	}
	j.Attempts = append(j.Attempts, logged(a))
	switch {
	case a.Verdict.OK:
		o.log.finish(j, Delivered, "")
	case !again:
		o.log.finish(j, GaveUp, "")
		o.opt.Log.Warn("push: gave up", "marketplace", j.Marketplace, "event", j.Event, "delivery", j.ID,
			"url", mask.URL(j.URL), "attempts", len(j.Attempts), "code", a.Verdict.Code)
	default:
		j.Next = o.opt.Clock.Now().Add(pause)
		j.timer = o.opt.Clock.AfterFunc(pause, func() { o.due(j) })
		if j.protocol.Ordered {
			l.blocked = j
		}
	}
	d := j.Delivery
	d.Attempts = slices.Clone(d.Attempts)
	return d, true
}

// logged is an attempt as the log keeps it.
func logged(a Attempt) Attempt {
	if len(a.Reply.Body) > MaxLogged {
		a.Reply.Body = bytes.Clone(a.Reply.Body[:MaxLogged])
	}
	return a
}

// Probe makes one attempt now, on the caller's goroutine, and logs it as a
// delivery. It passes the queue and the faults by, and neither Allowed nor
// Settled is asked: the caller has the outcome, and a panic of Judge as well.
func (o *Outbox) Probe(ctx context.Context, p Protocol, n Notification) (Reply, Verdict) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	n.Header, n.Body = n.Header.Clone(), bytes.Clone(n.Body)
	o.mu.Lock()
	j := o.open(Protocol{Timeout: p.Timeout, Judge: p.Judge, Insecure: p.Insecure}, n, "probe")
	j.cancel = cancel
	closed := o.closed
	if closed {
		o.log.finish(j, Cancelled, ErrClosed.Error())
	}
	o.mu.Unlock()
	if closed {
		reply := Reply{Err: ErrClosed}
		return reply, judge(p, n, reply)
	}
	defer o.tell()
	judged := false
	defer func() {
		if !judged {
			o.abandon(nil, j)
		}
	}()
	a := o.attempt(ctx, j)
	judged = true
	o.settle(nil, j, a)
	return a.Reply, a.Verdict
}

func (o *Outbox) tell() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.log.tell()
}

func exchange(ctx context.Context, client *http.Client, n Notification) Reply {
	req, err := http.NewRequestWithContext(ctx, cmp.Or(n.Method, http.MethodPost), n.URL, bytes.NewReader(n.Body))
	if err != nil {
		return failure(err)
	}
	for name, values := range n.Header {
		req.Header[name] = slices.Clone(values)
	}
	if host := n.Header.Get("Host"); host != "" {
		req.Host = host
	}
	resp, err := client.Do(req)
	if err != nil {
		return failure(err)
	}
	defer resp.Body.Close()
	reply := Reply{Status: resp.StatusCode, Header: resp.Header}
	reply.Body, err = io.ReadAll(io.LimitReader(resp.Body, MaxReply))
	if err != nil {
		broken := failure(err)
		reply.Err, reply.Timeout = broken.Err, broken.Timeout
	}
	return reply
}

// failure is a reply that did not come. The URL is taken out of the error.
func failure(err error) Reply {
	var timeout net.Error
	late := errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return Reply{Err: err, Timeout: late}
}
