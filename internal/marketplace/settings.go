package marketplace

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"example.com/marketmock/internal/hint"
)

// NewSettings resolves every switch: its default in the edition, or the given
// value. An unknown name or value is an *InputError.
func NewSettings(switches []Switch, edition time.Time, set map[string]string) (Settings, error) {
	s := Settings{Edition: edition, switches: make(map[string]string, len(switches)), given: maps.Clone(set)}
	known := make([]string, 0, len(switches))
	for _, sw := range switches {
		known = append(known, sw.Name)
		value, given := set[sw.Name]
		if !given {
			value = sw.Default(edition)
		}
		if !slices.Contains(sw.Values, value) {
			return Settings{}, &InputError{Field: sw.Name, Reason: fmt.Sprintf("%q is not %s", value, hint.Or(sw.Values))}
		}
		s.switches[sw.Name] = value
	}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		if !slices.Contains(known, name) {
			return Settings{}, &InputError{Field: name, Reason: fmt.Sprintf("there is no switch %q%s", name, hint.OrKnown(name, known))}
		}
	}
	return s, nil
}

// Switch is a switch's value; "" for a name that the emulator does not have.
func (s Settings) Switch(name string) string { return s.switches[name] }

// Given reports whether a switch was set, be it to the edition's own default.
func (s Settings) Given(name string) bool {
	_, given := s.given[name]
	return given
}

// Set are the values that were given, by name.
func (s Settings) Set() map[string]string { return maps.Clone(s.given) }

// Since reports whether the edition is on or after a day.
func (s Settings) Since(day time.Time) bool { return !s.Edition.Before(day) }
