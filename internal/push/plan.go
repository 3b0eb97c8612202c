package push

import (
	"strings"
	"time"

	"example.com/marketmock/internal/fault"
)

// plan is what faults do to a notification: lose it, or any of send it late,
// hold it back for the next one, send it twice.
type plan struct {
	lose      bool
	delay     time.Duration
	hold      bool
	note      string // which faults
	duplicate string // the note of the second one, "" without
}

func planFor(rules []fault.Rule) plan {
	var p plan
	var notes []string
	for _, r := range rules {
		switch r.Kind {
		case fault.Lose:
			p.lose = true
			notes = append(notes, "lost by fault "+r.ID)
		case fault.Late:
			p.delay += r.Delay
			notes = append(notes, "late by fault "+r.ID)
		case fault.Duplicate:
			p.duplicate = "duplicate by fault " + r.ID
		case fault.Reorder:
			p.hold = true
			notes = append(notes, "reordered by fault "+r.ID)
		}
	}
	p.note = strings.Join(notes, "; ")
	return p
}
