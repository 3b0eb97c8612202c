package report

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Console writes results for people, one line each, failures in full.
type Console struct {
	w       io.Writer
	color   bool
	verbose bool
	summary Summary
	names   []string            // marketplaces, as they came
	by      map[string]*Summary // marketplace → its own
}

// ConsoleOptions choose how much a Console says. Verbose adds every step.
type ConsoleOptions struct {
	Color   bool
	Verbose bool
}

// NewConsole makes a writer of results to w.
func NewConsole(w io.Writer, o ConsoleOptions) *Console {
	return &Console{w: w, color: o.Color, verbose: o.Verbose, by: map[string]*Summary{}}
}

const (
	red    = "31"
	green  = "32"
	yellow = "33"
)

func (c *Console) paint(color, text string) string {
	if !c.color {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// add counts a result, also for its marketplace.
func (c *Console) add(r Result) {
	c.summary.Add(r)
	if c.by[r.Marketplace] == nil {
		c.by[r.Marketplace] = &Summary{}
		c.names = append(c.names, r.Marketplace)
	}
	c.by[r.Marketplace].Add(r)
}

// Add writes one result.
func (c *Console) Add(r Result) error {
	c.add(r)
	var b strings.Builder
	switch r.Status {
	case Passed:
		fmt.Fprintf(&b, "%s %s: %s (%s)\n", c.paint(green, "PASS"), r.File, r.Name, took(r.Duration))
	case Failed:
		fmt.Fprintf(&b, "%s %s: %s (%s)\n", c.paint(red, "FAIL"), r.File, r.Name, took(r.Duration))
	case Skipped:
		fmt.Fprintf(&b, "%s %s: %s: %s\n", c.paint(yellow, "SKIP"), r.File, r.Name, r.Reason)
	case Refused:
		fmt.Fprintf(&b, "%s %s: %s: %s\n", c.paint(red, "REFUSED"), r.File, r.Name, r.Reason)
	}
	if c.verbose {
		for _, s := range r.Steps {
			fmt.Fprintf(&b, "  line %-4d %-60s %s (%s)\n", s.Line, s.Title, s.Answer, took(s.Duration))
		}
	}
	for _, f := range r.Failures {
		b.WriteString(indent(f.String(), "  ") + "\n")
	}
	if c.verbose || r.Status == Failed {
		for _, n := range r.Notes {
			b.WriteString("  note: " + n + "\n")
		}
	}
	if r.Sandbox != "" {
		b.WriteString("  sandbox kept: " + r.Sandbox + "\n")
	}
	_, err := io.WriteString(c.w, b.String())
	return err
}

// Close writes the summary; its last line is "N passed, N failed, N skipped".
// Before it the same is told of each marketplace if there are several, and of
// refused scenarios.
func (c *Console) Close() error {
	s := c.summary
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s, %s%s\n", plural(s.Exchanges, "exchange"), plural(s.Findings, "finding"), expected(s))
	if s.Refused > 0 {
		fmt.Fprintf(&b, "%d refused: they would write to a live account\n", s.Refused)
	}
	if s.Interrupted {
		b.WriteString("interrupted\n")
	}
	if len(c.names) > 1 {
		for _, name := range c.names {
			fmt.Fprintf(&b, "%s: %s%s\n", name, c.by[name].outcome(), refused(c.by[name].Refused))
		}
	}
	b.WriteString(s.outcome() + "\n")
	_, err := io.WriteString(c.w, b.String())
	return err
}

func (s Summary) outcome() string {
	return fmt.Sprintf("%d passed, %d failed, %d skipped", s.Passed, s.Failed, s.Skipped)
}

func refused(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %d refused", n)
}

// expected says how many findings the scenarios ask for.
func expected(s Summary) string {
	switch {
	case s.Findings == 0:
		return ""
	case s.Unexpected == 0:
		return " against the spec, all expected"
	}
	return fmt.Sprintf(" against the spec: %d expected, %d not (--verbose shows them)", s.Findings-s.Unexpected, s.Unexpected)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// took rounds a duration to what matters.
func took(d time.Duration) string {
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(10 * time.Millisecond).String()
}
