// Package push delivers notifications: attempts, schedule, log. It knows no
// vendor: what a reply means and when to try again comes with a Protocol, and
// what a notification says is not read here. Nothing here ever blocks a request.
package push

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"example.com/marketmock/internal/clock"
	"example.com/marketmock/internal/fault"
)

const (
	// MaxReply is how many bytes of a reply's body are read.
	MaxReply = 64 << 10
	// MaxLogged is how many of them are kept in the log.
	MaxLogged = 4 << 10
	// HoldTime is how long a notification that is held back waits for the next one
	// to its webhook, on the sandbox's clock. Then it is sent anyway.
	HoldTime = 30 * time.Second
)

// Defaults of Options and of Protocol.Timeout.
const (
	DefaultQueue   = 10_000
	DefaultPending = 10_000
	DefaultWorkers = 8
	DefaultKeep    = 1_000
	DefaultTimeout = 30 * time.Second
)

// ErrClosed is in the reply of a Probe after Close.
var ErrClosed = errors.New("the outbox is closed")

// Notification is one request that a marketplace sends to a receiver.
type Notification struct {
	Marketplace string
	Seller      string
	Webhook     int64  // 0: the URL stands for the webhook
	Event       string // the vendor's type, e.g. TYPE_NEW_MESSAGE
	Method      string // "": POST
	URL         string
	Header      http.Header // as sent; Host sets the host
	Body        []byte
	// Twice sends it twice, as two deliveries. Hold keeps it back until the next
	// one to its webhook, or for HoldTime; while one is held, the next is not. Both
	// are what the faults duplicate and reorder do, and together with them count
	// once.
	Twice, Hold bool
}

// Reply is what came back. Err is set when nothing did, or not all of it: then
// Status and Header are what came before the connection broke. Timeout says that
// time was the reason. Took is wall time.
type Reply struct {
	Status  int
	Header  http.Header
	Body    []byte // up to MaxReply; in the log up to MaxLogged
	Err     error  // without the URL, which may hold a secret
	Timeout bool
	Took    time.Duration
}

// Verdict is what a vendor makes of a reply. Code is the vendor's word for the failure.
type Verdict struct {
	OK     bool
	Retry  bool
	Code   string
	Detail string
}

// Protocol is a vendor's way to deliver. Its functions are called without locks
// and may be called concurrently for different webhooks; for one webhook (and
// apart from Probe) one at a time. A panic in one of them is a bug: it is logged
// as an error and the delivery is given up with a note, unless it had ended.
type Protocol struct {
	Timeout time.Duration // wall time for one attempt (0: DefaultTimeout)
	// Judge decides on a reply. nil: any 2xx is fine, all else is tried again.
	Judge func(Notification, Reply) Verdict
	// Next is the pause after the n-th failed attempt (1…), false = give up. nil = one attempt only.
	Next func(n int) (time.Duration, bool)
	// Allowed is asked before every attempt; a false with a reason cancels the delivery. nil = always.
	Allowed func(Notification) (bool, string)
	// Refused is told of a delivery that Allowed cancelled, once, as Settled is of
	// attempts. nil = nobody.
	Refused func(Delivery)
	// Settled is told of every finished attempt, the last of the delivery's,
	// before the next one to the same webhook begins. What it is given is not
	// masked and must not be changed. nil = nobody.
	Settled func(Delivery, Attempt)
	// Ordered keeps later notifications to the webhook back until this one is
	// delivered or given up. Otherwise they overtake it between its attempts.
	Ordered bool
	// Insecure takes any certificate of a receiver, unless Options.Client has a
	// transport that is no *http.Transport.
	Insecure bool
}

// State is where a delivery stands.
type State string

// All states but Pending are final.
const (
	Pending   State = "pending"
	Delivered State = "delivered"
	GaveUp    State = "gave-up"
	Cancelled State = "cancelled"
	Lost      State = "lost"    // by a fault
	Dropped   State = "dropped" // too many were waiting or pending
)

// Attempt is one request and its reply.
type Attempt struct {
	At      time.Time     // sandbox time
	Took    time.Duration // wall time
	Reply   Reply
	Verdict Verdict
}

// Delivery is one notification with everything that was tried.
type Delivery struct {
	ID     uint64
	Queued time.Time // sandbox time
	Notification
	Again    bool // the second of a notification that is sent twice
	State    State
	Note     string    // why cancelled, which fault
	Next     time.Time // of the next attempt, zero if it waits for its turn or there is none
	Attempts []Attempt
}

// Options of an outbox. Clock is required.
type Options struct {
	Clock   *clock.Clock
	Faults  *fault.Set   // nil: none
	Client  *http.Client // nil: one of its own, without a proxy. Redirects are never followed.
	Log     *slog.Logger // nil: none
	Queue   int          // notifications waiting for a first attempt (default 10,000)
	Pending int          // notifications not delivered or given up yet, those between attempts included (default 10,000)
	Workers int          // attempts at the same time (default 8)
	Keep    int          // finished deliveries kept (default 1,000)
}

func (o Options) complete() Options {
	for _, d := range []struct {
		value *int
		usual int
	}{{&o.Queue, DefaultQueue}, {&o.Pending, DefaultPending}, {&o.Workers, DefaultWorkers}, {&o.Keep, DefaultKeep}} {
		if *d.value <= 0 {
			*d.value = d.usual
		}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}
