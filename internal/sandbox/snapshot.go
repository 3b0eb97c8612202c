package sandbox

import (
	"fmt"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/clock"
	"example.com/marketmock/internal/fault"
	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/marketplace"
)

// maxSnapshots bounds the snapshots of one sandbox.
const maxSnapshots = 50

// SnapshotInfo tells of a named state.
type SnapshotInfo struct {
	Name  string
	Taken time.Time // sandbox time
}

// snapshot is a sandbox's state: stores, settings, limits, faults and time.
// Journal, files and the log of deliveries are not part of it.
type snapshot struct {
	taken   time.Time
	frozen  bool
	faults  *fault.Snapshot
	stores  []*chat.Snapshot
	limits  []*limit.Snapshot
	configs []*marketplace.Config
}

// SaveSnapshot keeps the present state under a name, over one of that name.
func (s *Sandbox) SaveSnapshot(name string) error {
	if !validName.MatchString(name) {
		return &marketplace.InputError{Field: "name", Reason: nameMessage}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.snapshots[name]; !known {
		if len(s.order) == maxSnapshots {
			return &marketplace.InputError{Field: "name", Reason: fmt.Sprintf("a sandbox keeps at most %d snapshots", maxSnapshots)}
		}
		s.order = append(s.order, name)
	}
	s.snapshots[name] = s.capture()
	return nil
}

func (s *Sandbox) capture() snapshot {
	snap := snapshot{taken: s.Clock.Now(), frozen: s.Clock.Frozen(), faults: s.Faults.Snapshot()}
	for _, p := range s.places {
		snap.stores = append(snap.stores, p.world.Store.Snapshot())
		snap.limits = append(snap.limits, p.world.Limits.Snapshot())
		snap.configs = append(snap.configs, p.config.Load())
	}
	return snap
}

// Snapshots lists the named states, oldest first.
func (s *Sandbox) Snapshots() []SnapshotInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]SnapshotInfo, 0, len(s.order))
	for _, name := range s.order {
		list = append(list, SnapshotInfo{Name: name, Taken: s.snapshots[name].taken})
	}
	return list
}

// RestoreSnapshot puts a named state back, its time included, and with it the
// timers that follow from the state; deliveries, under way or not, are forgotten.
// ErrNoSnapshot.
func (s *Sandbox) RestoreSnapshot(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	snap, ok := s.snapshots[name]
	if !ok {
		return fmt.Errorf("%w: %s", ErrNoSnapshot, name)
	}
	s.Outbox.Reset()
	s.Clock.Reset(snap.taken, snap.frozen)
	s.Faults.Restore(snap.faults)
	for i, p := range s.places {
		p.world.Limits.Restore(snap.limits[i])
		p.config.Store(snap.configs[i])
	}
	s.put(snap.stores)
	s.resume()
	s.index(s)
	return nil
}

// Reset puts the sandbox back to its fixture at the wall's present time, with
// the same credentials, or leaves it alone when the fixture cannot be read any
// more. Switches, limits and named snapshots stay as they were set; faults,
// journal and deliveries are forgotten. So are files sent in chats, unless there
// is a snapshot that may refer to them.
func (s *Sandbox) Reset() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	stores, err := s.build(clock.New(time.Time{}).Now())
	if err != nil {
		return err
	}
	s.Outbox.Reset()
	s.Clock.Reset(time.Time{}, false)
	s.Faults.Clear()
	s.Journal.Clear()
	for _, p := range s.places {
		p.world.Limits.Clear()
	}
	s.put(stores)
	s.resume()
	s.index(s)
	if len(s.snapshots) > 0 {
		return nil
	}
	if err := s.Blobs.Clear(); err != nil {
		return fmt.Errorf("files of the sandbox: %w", err)
	}
	return nil
}
