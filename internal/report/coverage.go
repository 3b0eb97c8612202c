package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// Declared is an operation of a spec with the statuses it declares.
type Declared struct {
	Operation string
	Statuses  []string // "200", "4XX", "default"
}

// Coverage tells which declared statuses were seen.
type Coverage struct {
	rows []Declared
	rule map[string]map[string]bool // operation → status → seen by a rule; false: by a fault only
}

// NewCoverage compares what was declared with what the results have seen. A
// status that is not declared by itself counts for its class or for default.
func NewCoverage(declared []Declared, results []Result) *Coverage {
	c := &Coverage{rows: declared, rule: map[string]map[string]bool{}}
	by := map[string][]string{}
	for _, d := range declared {
		by[d.Operation], c.rule[d.Operation] = d.Statuses, map[string]bool{}
	}
	for _, r := range results {
		for _, s := range r.Seen {
			if status := covers(by[s.Operation], s.Status); status != "" {
				c.rule[s.Operation][status] = c.rule[s.Operation][status] || !s.Fault
			}
		}
	}
	return c
}

func covers(declared []string, status int) string {
	exact := strconv.Itoa(status)
	for _, candidate := range []string{exact, exact[:1] + "XX", "default"} {
		if slices.Contains(declared, candidate) {
			return candidate
		}
	}
	return ""
}

// Summary is one line: how many statuses were reached by a rule, by a fault
// only, and not at all.
func (c *Coverage) Summary() string {
	var rule, fault, none int
	for _, d := range c.rows {
		for _, s := range d.Statuses {
			switch byRule, seen := c.rule[d.Operation][s]; {
			case byRule:
				rule++
			case seen:
				fault++
			default:
				none++
			}
		}
	}
	return fmt.Sprintf("statuses of %s: %d reached by a rule, %d only by a fault, %d not at all",
		plural(len(c.rows), "operation"), rule, fault, none)
}

// Table writes one line for each operation: a status reached by a rule is
// plain, one only by a fault is in (), one not reached has a - before it.
func (c *Coverage) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, d := range c.rows {
		var cells []string
		for _, s := range d.Statuses {
			switch byRule, seen := c.rule[d.Operation][s]; {
			case byRule:
				cells = append(cells, s)
			case seen:
				cells = append(cells, "("+s+")")
			default:
				cells = append(cells, "-"+s)
			}
		}
		if _, err := fmt.Fprintf(t, "  %s\t%s\n", d.Operation, strings.Join(cells, " ")); err != nil {
			return err
		}
	}
	return t.Flush()
}
