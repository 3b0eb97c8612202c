package sandbox

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/clock"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
)

// Default is the name of the sandbox that always exists.
const Default = "default"

const (
	defaultMax  = 100
	seedStream  = 0x6d61726b65746d6f // names the generator's stream, so that another use of a seed differs
	maxTTL      = 30 * 24 * time.Hour
	nameMessage = "must be 1 to 63 lower-case letters, digits and hyphens, starting with a letter or digit"
)

// What a registry refuses. Match with errors.Is.
var (
	ErrUnknown    = errors.New("unknown sandbox")
	ErrExists     = errors.New("sandbox exists already")
	ErrFull       = errors.New("too many sandboxes")
	ErrDefault    = errors.New("the default sandbox cannot be removed")
	ErrNoSnapshot = errors.New("unknown snapshot")
	ErrClosed     = errors.New("the registry is closed")
)

var validName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// Builder makes an emulator's events from a fixture.
type Builder interface {
	Events(emulator marketplace.Emulator, env marketplace.Env) ([]chat.Event, error)
}

// Options of a registry.
type Options struct {
	Emulators []marketplace.Emulator
	Library   *openapi.Library
	// Worlds finds a fixture by its bundled name or path.
	Worlds  func(fixture string) (Builder, error)
	BaseURL string // the server's public URL, without a slash at the end

	Fixture string // of sandboxes that name none
	Seed    uint64
	Edition time.Time
	Oldest  time.Time // the first day that can be an edition; zero = any

	Max     int   // sandboxes at once beside default (default 100)
	Journal int   // exchanges kept in each
	Blobs   int64 // bytes of files in each
	MaxFile int64 // bytes of one file
	BlobDir string
	Client  *http.Client // for pushes; nil = push's own
	Log     *slog.Logger
}

// Spec asks for a sandbox. Zero values: a made-up name, the server's fixture,
// seed and edition, no end.
type Spec struct {
	Name     string
	Fixture  string
	Seed     *uint64
	TTL      time.Duration // wall time
	Edition  time.Time
	Switches map[string]map[string]string // marketplace → switch → value
}

// Registry keeps sandboxes. It is safe for concurrent use.
type Registry struct {
	options Options
	shared  shared
	wall    *clock.Clock

	mu        sync.RWMutex
	closed    bool
	serial    int
	pending   map[string]bool // names being made
	sandboxes map[string]*Sandbox
	// owners are the sandboxes by credential. A credential belongs to the sandbox
	// that had it first until that is removed, also when its seller has it no
	// more: then that emulator refuses it in its own words.
	owners map[string]*Sandbox
}

// NewRegistry returns a registry with its default sandbox.
func NewRegistry(o Options) (*Registry, error) {
	if o.Max <= 0 {
		o.Max = defaultMax
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	wall := clock.New(time.Time{})
	wall.OnPanic(func(v any, stack []byte) { logPanic(o.Log, "the end of a sandbox", v, stack) })
	r := &Registry{
		options: o,
		shared: shared{
			library: o.Library, client: o.Client, log: o.Log,
			journal: o.Journal, blobs: o.Blobs, file: o.MaxFile, dir: o.BlobDir,
		},
		wall:      wall,
		pending:   map[string]bool{},
		sandboxes: map[string]*Sandbox{},
		owners:    map[string]*Sandbox{},
	}
	r.shared.index = r.index
	spec := r.complete(Spec{Name: Default})
	s, err := newSandbox(o, r.shared, spec, 0, r.wall.Now())
	if err != nil {
		r.wall.Close()
		return nil, err
	}
	return r, r.add(s, 0)
}

func (r *Registry) complete(spec Spec) Spec {
	if spec.Fixture == "" {
		spec.Fixture = r.options.Fixture
	}
	if spec.Seed == nil {
		seed := r.options.Seed
		spec.Seed = &seed
	}
	if spec.Edition.IsZero() {
		spec.Edition = r.options.Edition
	}
	return spec
}

// Create makes a sandbox. ErrExists, ErrFull, ErrClosed, a
// *marketplace.InputError, or what the fixture's reader says.
func (r *Registry) Create(spec Spec) (*Sandbox, error) {
	if spec.TTL < 0 || spec.TTL > maxTTL {
		return nil, &marketplace.InputError{Field: "ttl", Reason: fmt.Sprintf("must be between 0 and %s", maxTTL)}
	}
	name, serial, err := r.reserve(spec.Name)
	if err != nil {
		return nil, err
	}
	defer r.release(name)
	spec.Name = name
	s, err := newSandbox(r.options, r.shared, r.complete(spec), serial, r.wall.Now())
	if err != nil {
		return nil, err
	}
	if err := r.add(s, spec.TTL); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// reserve takes a name and a number, so that the work of making a sandbox is
// done without the lock.
func (r *Registry) reserve(name string) (string, int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.sandboxes)-1+len(r.pending) >= r.options.Max {
		return "", 0, fmt.Errorf("%w: %d exist", ErrFull, r.options.Max)
	}
	r.serial++
	if name == "" {
		name = r.madeUp()
	}
	if !validName.MatchString(name) {
		return "", 0, &marketplace.InputError{Field: "name", Reason: nameMessage}
	}
	if r.taken(name) {
		return "", 0, fmt.Errorf("%w: %s", ErrExists, name)
	}
	r.pending[name] = true
	return name, r.serial, nil
}

// madeUp is a name that nobody has, by the number. Needs mu.
func (r *Registry) madeUp() string {
	for {
		name := fmt.Sprintf("sandbox-%d", r.serial)
		if !r.taken(name) {
			return name
		}
		r.serial++
	}
}

// taken needs mu.
func (r *Registry) taken(name string) bool { return r.sandboxes[name] != nil || r.pending[name] }

func (r *Registry) release(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.pending, name)
}

// add makes a sandbox known, for a while if ttl is not 0. The timer is set under
// the lock that its function needs first, so it finds the sandbox there.
func (r *Registry) add(s *Sandbox, ttl time.Duration) error {
	keys := s.owned()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return ErrClosed
	}
	r.sandboxes[s.Name] = s
	r.own(s, keys)
	if ttl > 0 {
		s.Expires = s.Created.Add(ttl)
		s.ttl = r.wall.AfterFunc(ttl, func() { r.expire(s) })
	}
	return nil
}

// index learns the credentials of a sandbox anew, if it is known.
func (r *Registry) index(s *Sandbox) {
	keys := s.owned()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sandboxes[s.Name] == s {
		r.own(s, keys)
	}
}

// own needs mu.
func (r *Registry) own(s *Sandbox, keys []string) {
	for _, key := range keys {
		if r.owners[key] == nil {
			r.owners[key] = s
		}
	}
}

// owned are the credentials that lead to a sandbox.
func (s *Sandbox) owned() []string {
	var keys []string
	for _, p := range s.places {
		for _, seller := range p.world.Store.Sellers() {
			keys = append(keys, p.emulator.Owned(seller)...)
		}
	}
	return keys
}

// Sandbox returns a sandbox by name, or ErrUnknown.
func (r *Registry) Sandbox(name string) (*Sandbox, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if s := r.sandboxes[name]; s != nil {
		return s, nil
	}
	return nil, fmt.Errorf("%w: %s", ErrUnknown, name)
}

// List returns the sandboxes: default, then the others by name.
func (r *Registry) List() []*Sandbox {
	r.mu.RLock()
	defer r.mu.RUnlock()
	list := make([]*Sandbox, 0, len(r.sandboxes))
	for _, s := range r.sandboxes {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b *Sandbox) int {
		switch {
		case a.Name == b.Name:
			return 0
		case a.Name == Default:
			return -1
		case b.Name == Default:
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return list
}

// Delete removes a sandbox: ErrDefault, ErrUnknown.
func (r *Registry) Delete(name string) error {
	if name == Default {
		return ErrDefault
	}
	s, err := r.Sandbox(name)
	if err != nil {
		return err
	}
	if !r.remove(s) {
		return fmt.Errorf("%w: %s", ErrUnknown, name)
	}
	s.close()
	return nil
}

// expire removes a sandbox whose time is over. Another one may have taken its
// name meanwhile.
func (r *Registry) expire(s *Sandbox) {
	if r.remove(s) {
		s.close()
		r.options.Log.Info("sandbox expired", "sandbox", s.Name)
	}
}

func (r *Registry) remove(s *Sandbox) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sandboxes[s.Name] != s {
		return false
	}
	delete(r.sandboxes, s.Name)
	for key, owner := range r.owners {
		if owner == s {
			delete(r.owners, key)
		}
	}
	return true
}

// Find returns the sandbox that owns the first known of some credentials, and
// default when none is known.
func (r *Registry) Find(credentials []string) *Sandbox {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, key := range credentials {
		if s := r.owners[key]; s != nil {
			return s
		}
	}
	return r.sandboxes[Default]
}

// Owns reports whether some sandbox owns one of the credentials.
func (r *Registry) Owns(credentials []string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.ContainsFunc(credentials, func(key string) bool { return r.owners[key] != nil })
}

// Close ends every sandbox; those being made are refused.
func (r *Registry) Close() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	for _, s := range r.List() {
		if r.remove(s) {
			s.close()
		}
	}
	r.wall.Close()
}

// seeded is the generator of one world.
func seeded(seed, world uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, seedStream+world))
}
