// Package journal keeps what came in and went out of one sandbox, bounded and
// masked, and answers whether it held what a test expected. It refuses to know
// vendors, sandboxes and HTTP servers: it is given exchanges and gives them back.
package journal

import (
	"net/http"
	"sync"
	"time"

	"example.com/marketmock/internal/openapi"
)

// Defaults of Options.
const (
	DefaultSize     = 1000
	DefaultMaxBytes = 64 << 20
)

// Exchange is one request and its answer. Credentials are masked when an
// exchange is read, not when it is recorded (recording must stay cheap); nothing
// unmasked ever leaves the package, except to Options.Check.
type Exchange struct {
	ID             uint64 // given by Record, growing by one
	Sandbox        string
	Marketplace    string
	Operation      string        // "" when no route matched
	Started        time.Time     // sandbox time
	Duration       time.Duration // wall time
	Method         string
	URL            string // path and query
	RequestHeader  http.Header
	Request        Body
	Status         int // 0: the connection was closed without an answer
	ResponseHeader http.Header
	Response       Body
	Seller         string
	Guard          string   // the guard that refused, "" if none
	Reason         *Reason  // why it was refused
	Faults         []string // ids of fault rules that applied
	Early          bool     // retried before it might (limits)
	// Spec is the document that was in force, for Options.Check.
	Spec            *openapi.Spec
	RequestFindings []openapi.Finding
	// Unchecked finds what stands before RequestFindings in a request that nobody
	// has checked yet. It is called once, when the exchange is first read, outside
	// the lock; what it keeps must not be more than what is recorded.
	Unchecked        func() []openapi.Finding
	ResponseFindings []openapi.Finding // computed when read, by Options.Check, unless recorded
}

// Reason is why a request was refused: also the header X-Mock-Reason and the log line.
type Reason struct {
	Text    string // in our words
	Pointer string // JSON pointer or header/query name
	Rule    string
	Claim   string
}

// Options bound a journal.
type Options struct {
	Size     int   // exchanges kept (0 or less: DefaultSize)
	MaxBytes int64 // bytes of bodies, URLs and findings kept, and an estimate for the rest (0 or less: DefaultMaxBytes); the newest exchange is always kept
	// Check returns the findings on an answer. It is called once for an
	// exchange, when it is first read, outside the lock and with credentials
	// unmasked; not for exchanges without an answer. nil finds nothing.
	Check func(Exchange) []openapi.Finding
}

// Journal is safe for concurrent use. It drops the oldest exchanges when it
// holds more than Options.Size of them or more than Options.MaxBytes.
type Journal struct {
	check    func(Exchange) []openapi.Finding
	maxBytes int64

	mu      sync.Mutex
	ring    []*entry // entry n stands at ring[n%len(ring)]
	last    uint64   // id of the newest
	n       int      // entries kept
	bytes   int64
	changed chan struct{} // closed at the next Record; nil while nobody waits
}

// New makes an empty journal.
func New(o Options) *Journal {
	if o.Size <= 0 {
		o.Size = DefaultSize
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	return &Journal{check: o.Check, maxBytes: o.MaxBytes, ring: make([]*entry, o.Size)}
}

// Record keeps e, its maps and its slices: the caller must not change them any
// more. Bodies above MaxBody that did not come from NewBody are cut here. It
// returns the id.
func (j *Journal) Record(e Exchange) uint64 {
	if len(e.Request.Bytes) > MaxBody {
		e.Request = NewBody(e.Request.Bytes)
	}
	if len(e.Response.Bytes) > MaxBody {
		e.Response = NewBody(e.Response.Bytes)
	}
	kept := &entry{exchange: e, weight: weigh(&e)}

	j.mu.Lock()
	defer j.mu.Unlock()
	if j.n == len(j.ring) {
		j.drop()
	}
	j.last++
	kept.exchange.ID = j.last
	j.ring[j.last%uint64(len(j.ring))] = kept
	j.n++
	j.bytes += kept.weight
	for j.bytes > j.maxBytes && j.n > 1 {
		j.drop()
	}
	if j.changed != nil {
		close(j.changed)
		j.changed = nil
	}
	return j.last
}

// drop forgets the oldest. Needs mu and n > 0.
func (j *Journal) drop() {
	at := j.first() % uint64(len(j.ring))
	j.bytes -= j.ring[at].weight
	j.ring[at] = nil
	j.n--
}

// first is the id of the oldest. Needs mu.
func (j *Journal) first() uint64 { return j.last + 1 - uint64(j.n) }

// Clear forgets every exchange. Ids go on, so that a reader's After stays good.
func (j *Journal) Clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	clear(j.ring)
	j.n, j.bytes = 0, 0
}

// Len is how many exchanges are kept.
func (j *Journal) Len() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.n
}

// since returns the entries above an id, oldest first, the last id given, and a
// channel that is closed at the next Record if one is wanted.
func (j *Journal) since(after uint64, watch bool) ([]*entry, uint64, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if watch && j.changed == nil {
		j.changed = make(chan struct{})
	}
	from := max(j.first(), after+1)
	if after >= j.last {
		return nil, j.last, j.changed
	}
	entries := make([]*entry, 0, j.last+1-from)
	for id := from; id <= j.last; id++ {
		entries = append(entries, j.ring[id%uint64(len(j.ring))])
	}
	return entries, j.last, j.changed
}
