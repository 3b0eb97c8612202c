package scenario

import (
	"io/fs"
	"slices"
	"strings"
)

// settings are what selects overlays: the edition and the switches' values.
type settings struct {
	edition  string // a day, "" is the newest
	switches map[string]string
}

// overlays returns those that a spec needs: <spec>-before-<day> of every day
// after the edition, newest first, then <spec>-<switch>-<value> in alphabetical
// order.
func (s settings) overlays(files fs.FS, spec string) []string {
	entries, err := fs.ReadDir(files, "overlays")
	if err != nil {
		return nil
	}
	var days, values []string
	for _, e := range entries {
		name, isYAML := strings.CutSuffix(e.Name(), ".yaml")
		rest, ours := strings.CutPrefix(name, spec+"-")
		if !isYAML || !ours {
			continue
		}
		if day, ok := strings.CutPrefix(rest, "before-"); ok {
			if s.edition != "" && s.edition < day {
				days = append(days, name)
			}
			continue
		}
		for k, v := range s.switches {
			if rest == k+"-"+v {
				values = append(values, name)
			}
		}
	}
	slices.Sort(days)
	slices.Reverse(days)
	slices.Sort(values)
	return append(days, values...)
}
