// Package sandbox keeps isolated worlds and knows which credentials belong to
// which. It knows emulators only through the seam, and no HTTP.
package sandbox

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/clock"
	"example.com/marketmock/internal/fault"
	"example.com/marketmock/internal/journal"
	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/push"
)

// Sandbox is an isolated world: its own clock, sellers, chats, limits, faults,
// webhooks, switches and journal.
type Sandbox struct {
	Name    string
	Fixture string
	Seed    uint64
	Serial  int       // 0 = default
	Created time.Time // wall time
	Expires time.Time // wall time; zero = never
	Clock   *clock.Clock
	Journal *journal.Journal
	Faults  *fault.Set
	Outbox  *push.Outbox
	Blobs   *blob.Store

	builder Builder
	library *openapi.Library
	places  []place // in the order of the emulators
	ttl     *clock.Timer
	done    chan struct{}
	index   func(*Sandbox) // tells the registry that sellers have changed

	// gate is read-locked while an emulator makes notifications of events, and
	// locked while the state is put back: none is made of a mixture of both.
	gate      sync.RWMutex
	forgotten []uint64 // for each place, the last event of the state that is gone

	mu        sync.Mutex // guards edition changes, snapshots, reset and restore
	edition   time.Time
	snapshots map[string]snapshot
	order     []string // names of snapshots, oldest first
}

// place is one marketplace in a sandbox.
type place struct {
	emulator marketplace.Emulator
	world    *marketplace.World
	config   *atomic.Pointer[marketplace.Config]
}

// shared is what sandboxes of one registry have in common.
type shared struct {
	library *openapi.Library
	client  *http.Client
	log     *slog.Logger
	journal int
	blobs   int64
	file    int64
	dir     string
	index   func(*Sandbox)
}

func newSandbox(o Options, sh shared, spec Spec, serial int, created time.Time) (*Sandbox, error) {
	if spec.Edition.Before(o.Oldest) {
		return nil, &marketplace.InputError{Field: "edition", Reason: fmt.Sprintf(
			"%s is before %s, the oldest day that is emulated", spec.Edition.Format(time.DateOnly), o.Oldest.Format(time.DateOnly))}
	}
	builder, err := o.Worlds(spec.Fixture)
	if err != nil {
		return nil, &marketplace.InputError{Field: "fixture", Reason: err.Error()}
	}
	s := &Sandbox{
		Name: spec.Name, Fixture: spec.Fixture, Seed: *spec.Seed, Serial: serial, Created: created,
		Clock:  clock.New(time.Time{}),
		Faults: fault.NewSet(),
		Blobs:  blob.New(sh.dir, sh.blobs),

		builder: builder, library: sh.library, index: sh.index,
		edition:   spec.Edition,
		snapshots: map[string]snapshot{},
		done:      make(chan struct{}),
		forgotten: make([]uint64, len(o.Emulators)),
	}
	log := sh.log.With("sandbox", s.Name)
	s.Clock.OnPanic(func(v any, stack []byte) { logPanic(log, "a timer", v, stack) })
	s.Journal = journal.New(journal.Options{Size: sh.journal, Check: checkAnswer})
	s.Outbox = push.New(push.Options{Clock: s.Clock, Faults: s.Faults, Client: sh.client, Log: log})
	for _, em := range o.Emulators {
		p := place{emulator: em, config: new(atomic.Pointer[marketplace.Config])}
		p.world = &marketplace.World{
			Marketplace: em.Name(), Sandbox: s.Name,
			Clock: s.Clock, Store: chat.New(em.Store()), Limits: limit.NewSet(s.Clock.Now, nil),
			Blobs: s.Blobs, Outbox: s.Outbox, Log: log.With("marketplace", em.Name()),
			BaseURL: s.BaseURL(o.BaseURL, em.Name()), Config: p.config.Load, MaxFile: sh.file,
		}
		s.places = append(s.places, p)
	}
	if err := s.start(spec); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// start sets the switches, loads the fixture and connects push to the events.
func (s *Sandbox) start(spec Spec) error {
	if err := s.configure(spec.Switches, spec.Switches); err != nil {
		return err
	}
	stores, err := s.build(s.Clock.Now())
	if err != nil {
		return err
	}
	s.put(stores)
	s.resume()
	for i, p := range s.places {
		p.world.Store.Subscribe(func(applied []chat.Applied) { s.told(i, applied) })
	}
	return nil
}

// build makes every world's state of the fixture.
func (s *Sandbox) build(now time.Time) ([]*chat.Snapshot, error) {
	var stores []*chat.Snapshot
	for i, p := range s.places {
		env := marketplace.Env{Now: now, Rand: seeded(s.Seed, uint64(i)), Seed: s.Seed, Serial: s.Serial}
		events, err := s.builder.Events(p.emulator, env)
		if err != nil {
			return nil, &marketplace.InputError{Field: "fixture", Reason: err.Error()}
		}
		fresh := chat.New(p.emulator.Store())
		if _, err := fresh.Apply(chat.If{}, events...); err != nil {
			return nil, &marketplace.InputError{Field: "fixture", Reason: fmt.Sprintf("%s: %v", s.Fixture, err)}
		}
		stores = append(stores, fresh.Snapshot())
	}
	return stores, nil
}

// put replaces every world's state. Events of the one before make no
// notifications after it, and those that were made are forgotten.
func (s *Sandbox) put(stores []*chat.Snapshot) {
	s.gate.Lock()
	defer s.gate.Unlock()
	for i, p := range s.places {
		s.forgotten[i] = p.world.Store.Restore(stores[i])
	}
	s.Outbox.Reset()
}

// resume sets the timers that follow from the state.
func (s *Sandbox) resume() {
	for _, p := range s.places {
		p.emulator.Resume(p.world)
	}
}

// told hears the events of a world.
func (s *Sandbox) told(place int, applied []chat.Applied) {
	s.notify(place, applied)
	if slices.ContainsFunc(applied, func(e chat.Applied) bool { return ofSeller(e.Event) }) {
		s.index(s)
	}
}

func ofSeller(e chat.Event) bool {
	switch e.(type) {
	case chat.SellerAdded, chat.SellerChanged:
		return true
	}
	return false
}

// notify sends out what an emulator makes of new events.
func (s *Sandbox) notify(place int, applied []chat.Applied) {
	s.gate.RLock()
	defer s.gate.RUnlock()
	p := s.places[place]
	protocol := p.emulator.Protocol(p.world)
	for _, e := range applied {
		if e.Seq > s.forgotten[place] {
			p.notify(protocol, e)
		}
	}
}

// notify sends out what an emulator makes of an event. A panic of it is a bug of
// ours, and not the fault of the call that made the event.
func (p place) notify(protocol push.Protocol, e chat.Applied) {
	defer func() {
		if v := recover(); v != nil {
			logPanic(p.world.Log.With("event", chat.Name(e.Event)), "notifications", v, debug.Stack())
		}
	}()
	for _, n := range p.emulator.Notifications(p.world, e) {
		p.world.Outbox.Send(protocol, n)
	}
}

func logPanic(log *slog.Logger, where string, v any, stack []byte) {
	log.Error("panic", "where", where, "panic", v, "stack", string(stack))
}

// checkAnswer is the journal's check of an answer against the spec that was in
// force when it was given. Answers that a fault spoilt on purpose are checked
// too: that is how a test sees that its client met one. Of a body that was not
// kept whole, whoever recorded it has checked what there is to check.
func checkAnswer(e journal.Exchange) []openapi.Finding {
	if e.Spec == nil || e.Operation == "" || e.Response.Cut {
		return nil
	}
	return e.Spec.CheckResponse(e.Operation, openapi.Response{
		Status: e.Status, Header: e.ResponseHeader, Body: e.Response.Bytes,
	})
}

// Marketplaces are the names of the worlds, in the order of the emulators.
func (s *Sandbox) Marketplaces() []string {
	names := make([]string, 0, len(s.places))
	for _, p := range s.places {
		names = append(names, p.emulator.Name())
	}
	return names
}

// World is the world of a marketplace.
func (s *Sandbox) World(name string) (*marketplace.World, bool) {
	p, ok := s.place(name)
	return p.world, ok
}

// Emulator is the behaviour of a marketplace.
func (s *Sandbox) Emulator(name string) (marketplace.Emulator, bool) {
	p, ok := s.place(name)
	return p.emulator, ok
}

func (s *Sandbox) place(name string) (place, bool) {
	for _, p := range s.places {
		if p.emulator.Name() == name {
			return p, true
		}
	}
	return place{}, false
}

// BaseURL is where a marketplace of this sandbox is reached below a server.
func (s *Sandbox) BaseURL(server, marketplace string) string {
	if s.Name == Default {
		return server + "/" + marketplace
	}
	return server + "/~" + s.Name + "/" + marketplace
}

// Edition is the day whose behaviour the sandbox has.
func (s *Sandbox) Edition() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.edition
}

// SetSwitches changes switches (marketplace → switch → value), all or none.
// An unknown name or value is a *marketplace.InputError.
func (s *Sandbox) SetSwitches(set map[string]map[string]string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	merged := make(map[string]map[string]string, len(s.places))
	for _, p := range s.places {
		name := p.emulator.Name()
		merged[name] = map[string]string{}
		maps.Copy(merged[name], p.config.Load().Settings.Set())
		maps.Copy(merged[name], set[name])
	}
	return s.configure(merged, set)
}

// configure resolves every world's settings and specs, then puts all in force.
// named are the marketplaces that the caller spoke of.
func (s *Sandbox) configure(set, named map[string]map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(named)) {
		if _, ok := s.place(name); !ok {
			return &marketplace.InputError{Field: name, Reason: fmt.Sprintf("there is no such marketplace, only %v", s.Marketplaces())}
		}
	}
	configs := make([]*marketplace.Config, 0, len(s.places))
	for _, p := range s.places {
		config, err := s.config(p.emulator, set[p.emulator.Name()])
		if err != nil {
			return err
		}
		configs = append(configs, config)
	}
	for i, p := range s.places {
		p.config.Store(configs[i])
		p.world.Limits.Follow(p.emulator.Limits(configs[i]))
	}
	return nil
}

func (s *Sandbox) config(em marketplace.Emulator, set map[string]string) (*marketplace.Config, error) {
	settings, err := marketplace.NewSettings(em.Switches(), s.edition, set)
	if err != nil {
		var input *marketplace.InputError
		if errors.As(err, &input) {
			input.Field = em.Name() + "." + input.Field
		}
		return nil, err
	}
	config := &marketplace.Config{Settings: settings, Specs: map[string]*openapi.Spec{}}
	for _, name := range em.Specs() {
		spec, err := s.library.Load(name, em.Overlays(name, settings)...)
		if err != nil {
			return nil, err
		}
		config.Specs[name] = spec
	}
	return config, nil
}

// Done is closed when the sandbox is removed or expires.
func (s *Sandbox) Done() <-chan struct{} { return s.done }

func (s *Sandbox) close() {
	close(s.done)
	if s.ttl != nil {
		s.ttl.Stop()
	}
	s.Outbox.Close()
	s.Clock.Close()
	if err := s.Blobs.Close(); err != nil {
		s.places[0].world.Log.Warn("files of a sandbox could not be removed", "error", err)
	}
}
