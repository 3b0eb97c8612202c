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
	Marketplace string
	Operation   string
	Statuses    []string // "200", "4XX", "default"
}

// named is an operation of a marketplace.
type named struct{ marketplace, operation string }

func (d Declared) named() named { return named{d.Marketplace, d.Operation} }

// Coverage tells which declared statuses were seen, marketplace by marketplace.
type Coverage struct {
	rows []Declared
	rule map[named]map[string]bool // operation → status → seen by a rule; false: by a fault only
}

// NewCoverage compares what was declared with what the results have seen. A
// status that is not declared by itself counts for its class or for default.
func NewCoverage(declared []Declared, results []Result) *Coverage {
	c := &Coverage{rows: declared, rule: map[named]map[string]bool{}}
	by := map[named][]string{}
	for _, d := range declared {
		by[d.named()], c.rule[d.named()] = d.Statuses, map[string]bool{}
	}
	for _, r := range results {
		for _, s := range r.Seen {
			op := named{r.Marketplace, s.Operation}
			if status := covers(by[op], s.Status); status != "" {
				c.rule[op][status] = c.rule[op][status] || !s.Fault
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

// marketplaces are those of the rows, in their order.
func (c *Coverage) marketplaces() []string {
	var out []string
	for _, d := range c.rows {
		if !slices.Contains(out, d.Marketplace) {
			out = append(out, d.Marketplace)
		}
	}
	return out
}

// Summary is one line for each marketplace: how many statuses were reached by a
// rule, by a fault only, and not at all.
func (c *Coverage) Summary() string {
	var lines []string
	for _, name := range c.marketplaces() {
		lines = append(lines, c.summary(name))
	}
	return strings.Join(lines, "\n")
}

func (c *Coverage) summary(marketplace string) string {
	var operations, rule, fault, none int
	for _, d := range c.rows {
		if d.Marketplace != marketplace {
			continue
		}
		operations++
		for _, s := range d.Statuses {
			switch byRule, seen := c.rule[d.named()][s]; {
			case byRule:
				rule++
			case seen:
				fault++
			default:
				none++
			}
		}
	}
	return fmt.Sprintf("%s: statuses of %s: %d reached by a rule, %d only by a fault, %d not at all",
		marketplace, plural(operations, "operation"), rule, fault, none)
}

// Table writes each marketplace's summary and one line for each of its
// operations: a status reached by a rule is plain, one only by a fault is in (),
// one not reached has a - before it.
func (c *Coverage) Table(w io.Writer) error {
	for _, name := range c.marketplaces() {
		if _, err := fmt.Fprintln(w, c.summary(name)); err != nil {
			return err
		}
		if err := c.table(w, name); err != nil {
			return err
		}
	}
	return nil
}

func (c *Coverage) table(w io.Writer, marketplace string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, d := range c.rows {
		if d.Marketplace != marketplace {
			continue
		}
		var cells []string
		for _, s := range d.Statuses {
			switch byRule, seen := c.rule[d.named()][s]; {
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
