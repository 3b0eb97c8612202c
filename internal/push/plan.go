package push

import (
	"strings"
	"time"

	"example.com/marketmock/internal/fault"
)

// plan is what happens to a notification on its way: it is lost, or any of sent
// late, held back for the next one, sent twice.
type plan struct {
	lose      bool
	delay     time.Duration
	hold      bool
	note      string // which faults
	duplicate string // the note of the second one, "" without
}

// planFor adds what the rules say to what the notification asks for itself.
func planFor(n Notification, rules []fault.Rule) plan {
	var p plan
	var notes []string
	if n.Twice {
		p.duplicate = "duplicate"
	}
	if n.Hold {
		p.hold = true
		notes = append(notes, "held back")
	}
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
