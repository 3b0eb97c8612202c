package marketplace

import (
	"slices"
	"time"
)

// Overlays are the overlays that a spec has.
type Overlays struct {
	// Days are those of <spec>-before-<day>, newest first.
	Days []time.Time
	// Switches are those of <spec>-<switch>-<value>: the values of a switch that
	// change the wire.
	Switches map[string][]string
}

// Of names the overlays of a spec for settings: its older facets, newest first,
// then what switches change, by name.
func (o Overlays) Of(spec string, s Settings) []string {
	var names, switched []string
	for _, day := range o.Days {
		if !s.Since(day) {
			names = append(names, spec+"-before-"+day.Format(time.DateOnly))
		}
	}
	for name, values := range o.Switches {
		if value := s.Switch(name); slices.Contains(values, value) {
			switched = append(switched, spec+"-"+name+"-"+value)
		}
	}
	slices.Sort(switched)
	return append(names, switched...)
}
