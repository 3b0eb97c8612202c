package marketplace

import (
	"slices"
	"time"
)

// Choices is an emulator's table of switches.
type Choices []Choice

// Choice is a switch whose default follows from the edition alone: the first of
// Values is the newest edition's.
type Choice struct {
	Name   string
	Values []string
	Why    string
	older  []older // oldest first
}

// older is the default of editions before a day.
type older struct {
	day   time.Time
	value string
}

// Choose makes a choice of values, the newest edition's first.
func Choose(name, why string, values ...string) Choice {
	return Choice{Name: name, Values: values, Why: why}
}

// Before is the choice with another default before a day. Of several the oldest
// day is told first.
func (c Choice) Before(day time.Time, value string) Choice {
	c.older = append(slices.Clip(c.older), older{day, value})
	return c
}

// Default is its value in an edition.
func (c Choice) Default(edition time.Time) string {
	for _, o := range c.older {
		if edition.Before(o.day) {
			return o.value
		}
	}
	return c.Values[0]
}

// Named is the choice of a name, zero if there is none.
func (cs Choices) Named(name string) Choice {
	for _, c := range cs {
		if c.Name == name {
			return c
		}
	}
	return Choice{}
}

// Switches is the table as the house reads it: a switch's claim is
// <emulator>/<switch>.
func (cs Choices) Switches(emulator string) []Switch {
	out := make([]Switch, 0, len(cs))
	for _, c := range cs {
		by := c.Values[0]
		if len(c.older) > 0 {
			by = "edition"
		}
		out = append(out, Switch{
			Name: c.Name, Values: slices.Clone(c.Values), Default: c.Default, By: by, Why: c.Why, Claim: emulator + "/" + c.Name,
		})
	}
	return out
}
