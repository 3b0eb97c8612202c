package chat

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// What the store may refuse. Match with errors.Is.
var (
	ErrUnknown  = errors.New("unknown")                        // the thing an event names does not exist
	ErrExists   = errors.New("exists already")                 // an event adds what is there
	ErrConflict = errors.New("changed in the meantime")        // Apply's revision did not match
	ErrOrder    = errors.New("message id is not the greatest") // an explicit id went back
)

const (
	defaultWindow = 1000
	maxRetries    = 1000 // of Change, under contention for one thing
)

// Row is where a chat stands in an index: Key orders it (bytewise) inside
// Partition. Weight is summed over the partition.
type Row struct {
	Partition string
	Key       string
	Weight    int64
}

// Index is an order of chats that an emulator declares. Rows tells where a chat
// stands: one row for each filter it passes. It must be a pure function, since
// it is called under the store's lock: it reads its argument and nothing else,
// and does not call the store.
type Index struct {
	Name string
	Rows func(Chat) []Row
}

// Options of a store.
type Options struct {
	Indexes []Index
	// MintMessage makes the next message id from its time and the last one
	// given; the result must be above last. nil counts up. A pure function called
	// under the store's lock, like Index.Rows.
	MintMessage func(at time.Time, last uint64) uint64
	// Beside are roles that write on the seller's side, RoleSeller apart: what they
	// write is never unread for the seller, and answers nothing.
	Beside []Role
	// Window is how many events are kept for Events (default 1000).
	Window int
}

// If makes Apply conditional: the chat, or else the seller, or else the webhook,
// must still have this revision. The zero value asks for nothing. Revisions are
// unique over the store and are not given again after Restore.
type If struct {
	Chat     string
	Seller   string
	Webhook  int64
	Revision uint64

	sellers []Seller // all of them, with their revisions, or nil
	inEra   bool     // also no Restore since
	era     uint64
}

// Store holds the state of one marketplace in one sandbox. It is safe for
// concurrent use; everything it returns is a copy.
type Store struct {
	options Options

	mu        sync.RWMutex
	state     *state
	forgotten uint64 // what the latest Restore returned

	log log
}

// New returns an empty store.
func New(o Options) *Store {
	if o.Window <= 0 {
		o.Window = defaultWindow
	}
	if o.MintMessage == nil {
		o.MintMessage = func(_ time.Time, last uint64) uint64 { return last + 1 }
	}
	return &Store{options: o, state: newState(o), log: log{window: o.Window}}
}

// Apply applies events, all or none, and returns them with the ids that the
// store gave. A condition on what does not exist is ErrUnknown, one that does
// not hold ErrConflict. Subscribers are told after the lock is released; if one
// panics the others are told all the same, then Apply panics, and the events are
// applied.
func (s *Store) Apply(cond If, events ...Event) ([]Applied, error) {
	applied, err := s.apply(cond, events)
	if err != nil {
		return nil, err
	}
	s.log.deliver()
	return applied, nil
}

func (s *Store) apply(cond If, events []Event) ([]Applied, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.state.check(cond); err != nil {
		return nil, err
	}
	next := s.state
	if len(events) > 1 {
		next = s.state.copy()
	}
	applied := make([]Applied, 0, len(events))
	for _, e := range events {
		done, err := next.apply(e)
		if err != nil {
			return nil, err
		}
		applied = append(applied, Applied{At: done.when(), Event: done})
	}
	next.settle()
	s.state = next
	s.log.add(applied)
	return applied, nil
}

// check tells whether a condition holds.
func (s *state) check(cond If) error {
	var revision uint64
	switch {
	case cond.Chat != "":
		c, ok := s.chats.Get(cond.Chat)
		if !ok {
			return fmt.Errorf("chat %s: %w", cond.Chat, ErrUnknown)
		}
		revision = c.Revision
	case cond.Seller != "":
		v, ok := s.sellers.Get(cond.Seller)
		if !ok {
			return fmt.Errorf("seller %s: %w", cond.Seller, ErrUnknown)
		}
		revision = v.Revision
	case cond.Webhook != 0:
		w, ok := s.webhooks.Get(cond.Webhook)
		if !ok {
			return fmt.Errorf("webhook %d: %w", cond.Webhook, ErrUnknown)
		}
		revision = w.Revision
	case cond.sellers != nil:
		if len(cond.sellers) != s.sellers.Len() {
			return ErrConflict
		}
		for _, was := range cond.sellers {
			if v, ok := s.sellers.Get(was.ID); !ok || v.Revision != was.Revision {
				return ErrConflict
			}
		}
	default:
		return nil
	}
	if revision != cond.Revision || cond.inEra && cond.era != s.era {
		return ErrConflict
	}
	return nil
}

// Subscribe registers a reader of events. It is called in order, without the
// store's lock, before Apply returns; when another goroutine is delivering just
// then, that one delivers.
func (s *Store) Subscribe(fn func([]Applied)) { s.log.subscribe(fn) }

// Events returns the kept events after seq; missed says that older ones were
// dropped.
func (s *Store) Events(after uint64) (events []Applied, missed bool) { return s.log.after(after) }

// Changed is closed when the next event is applied.
func (s *Store) Changed() <-chan struct{} { return s.log.changed() }

// Snapshot is a store's state at a moment. It shares what has not changed.
type Snapshot struct{ state *state }

// Snapshot keeps the present state.
func (s *Store) Snapshot() *Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &Snapshot{state: s.state.copy()}
}

// Restore puts a state back. Subscribers are not told, but Changed wakes;
// sequence numbers and revisions go on, message ids go back. It returns the
// number of the last event of the state that is gone: subscribers are not told
// any more of events up to it, except those they are being told of just now.
func (s *Store) Restore(snap *Snapshot) (forgotten uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := snap.state.copy()
	next.revision = max(next.revision, s.state.revision)
	next.era = s.state.era + 1
	s.state = next
	s.forgotten = s.log.forget()
	return s.forgotten
}

// Replaced is how often Restore put a state in place, and the number of the last
// event of the state that the latest one replaced.
func (s *Store) Replaced() (times, forgotten uint64) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.state.era, s.forgotten
}

// log is the bounded window of events and its readers.
type log struct {
	window     int
	delivering atomic.Bool

	mu      sync.Mutex
	seq     uint64
	events  []Applied // the last ones, at most window (twice that while growing)
	pending []Applied // not told to the subscribers yet
	readers []func([]Applied)
	wake    chan struct{}
}

// add numbers the events and keeps them.
func (l *log) add(applied []Applied) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range applied {
		l.seq++
		applied[i].Seq = l.seq
	}
	l.events = append(l.events, applied...)
	if len(l.events) > 2*l.window {
		l.events = append([]Applied(nil), l.events[len(l.events)-l.window:]...)
	}
	if len(l.readers) > 0 {
		l.pending = append(l.pending, applied...)
	}
	if l.wake != nil {
		close(l.wake)
		l.wake = nil
	}
}

// forget drops what the readers have not been told of, wakes those who wait, and
// returns the number of the last event.
func (l *log) forget() uint64 {
	l.add(nil)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending = nil
	return l.seq
}

// deliver tells the readers what is pending, unless somebody is doing so. Once
// everything is told, it panics if one of them did.
func (l *log) deliver() {
	var bug error
	for l.delivering.CompareAndSwap(false, true) {
		bug = errors.Join(bug, l.drain())
		if !l.waiting() {
			break
		}
	}
	if bug != nil {
		panic(bug)
	}
}

func (l *log) drain() (bug error) {
	defer l.delivering.Store(false)
	for {
		batch, readers := l.take()
		if len(batch) == 0 {
			return bug
		}
		for _, read := range readers {
			if err := tell(read, batch); err != nil && bug == nil {
				bug = err
			}
		}
	}
}

// tell calls a reader; the error is a panic of it with its stack.
func tell(read func([]Applied), batch []Applied) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic in a reader of events: %v\n%s", v, debug.Stack())
		}
	}()
	read(batch)
	return nil
}

func (l *log) take() ([]Applied, []func([]Applied)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	batch := l.pending
	l.pending = nil
	return batch, l.readers
}

func (l *log) waiting() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.pending) > 0
}

func (l *log) subscribe(fn func([]Applied)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.readers = append(l.readers[:len(l.readers):len(l.readers)], fn)
}

func (l *log) after(seq uint64) ([]Applied, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	first := l.seq - uint64(len(l.events)) // seq before the first kept one
	if seq < first {
		return append([]Applied(nil), l.events...), true
	}
	if seq >= l.seq {
		return nil, false
	}
	return append([]Applied(nil), l.events[seq-first:]...), false
}

func (l *log) changed() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.wake == nil {
		l.wake = make(chan struct{})
	}
	return l.wake
}
