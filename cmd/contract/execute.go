package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"example.com/marketmock/internal/cli"
	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/report"
	"example.com/marketmock/internal/scenario"
	"example.com/marketmock/specs"
)

// runCommand is `contract run`.
type runCommand struct {
	Paths      []string      `arg:"" optional:"" help:"Files, folders or bundled names such as ozon or ozon/list-first-page (all that are bundled)."`
	Target     string        `placeholder:"URL|live" help:"A running mock or a live API; live takes every address from --target-file (a mock in this process)."`
	TargetFile string        `type:"existingfile" placeholder:"FILE" help:"Live accounts by marketplace; $${NAME} in it is an environment variable."`
	AllowWrite []string      `placeholder:"OPERATION" help:"Let an operation write to a live account; repeatable, or all."`
	Parallel   int           `default:"0" placeholder:"N" help:"Scenarios at a time (twice the processors)."`
	Filter     string        `placeholder:"TEXT" help:"Only scenarios whose name or file contains it."`
	Tag        []string      `placeholder:"TAG" help:"Only scenarios with one of these tags; repeatable."`
	FailFast   bool          `help:"Start no more scenarios after the first failure."`
	Report     []string      `placeholder:"FORMAT=FILE" help:"Write results to a file: junit=FILE or json=FILE (JSON Lines); repeatable."`
	Verbose    bool          `short:"v" help:"Show every step."`
	Coverage   bool          `help:"Show which declared statuses of each operation were reached."`
	Timeout    time.Duration `default:"30s" help:"Longest time for one scenario (${default})."`
	Keep       bool          `help:"Leave the sandboxes of a mock behind."`
	Seed       *int64        `placeholder:"N" help:"Seed of sandboxes whose scenario names none."`
	Receiver   string        `default:"127.0.0.1" placeholder:"HOST" help:"Where notifications are received: the address to listen on and the host in its URL (${default})."`
	Token      string        `placeholder:"TOKEN" help:"Token of the mock's control API."`
	NoColor    bool          `help:"No colours, also without a terminal or with NO_COLOR set."`
}

// Run plays the scenarios.
func (c *runCommand) Run(ctx context.Context, con *console) error {
	all, scripts, err := c.scripts()
	if err != nil {
		return err
	}
	if err := c.check(all); err != nil {
		return err
	}
	target, stop, err := c.target(ctx, con, scripts)
	if err != nil {
		return err
	}
	defer stop()
	out, err := c.reports(con)
	if err != nil {
		return err
	}
	if !target.Mock {
		fmt.Fprintf(con.out, "writes allowed: %s\n", cmp.Or(strings.Join(c.AllowWrite, ", "), "none"))
	}
	runner := &scenario.Runner{
		Target: target, Specs: specs.FS, Allow: c.AllowWrite, Seed: c.Seed, Timeout: c.Timeout, Keep: c.Keep, Receiver: c.Receiver,
	}
	defer runner.Close()
	batch := scenario.Batch{Runner: runner, Parallel: c.Parallel, FailFast: c.FailFast}
	var results []report.Result
	var failed error
	batch.Run(ctx, scripts, func(r report.Result) {
		results = append(results, r)
		failed = errors.Join(failed, out.Add(r))
	})
	failed = errors.Join(failed, c.coverage(con, scripts, results), out.Close())
	if con.code = code(ctx, results); con.code == exitHeld && !target.Mock && nothingRan(results) {
		return errors.Join(failed, &cli.UsageError{Text: "nothing could run on this target"})
	}
	return failed
}

// scripts loads, lints and selects.
func (c *runCommand) scripts() (all, selected []*scenario.Script, err error) {
	all, err = checked(c.Paths)
	if err != nil {
		return nil, nil, err
	}
	selected = slices.DeleteFunc(slices.Clone(all), func(s *scenario.Script) bool {
		tagged := len(c.Tag) == 0 || slices.ContainsFunc(c.Tag, func(t string) bool { return slices.Contains(s.Tags, t) })
		return !tagged || !strings.Contains(s.Name+" "+s.File, c.Filter)
	})
	if len(selected) == 0 {
		return nil, nil, &cli.UsageError{Text: fmt.Sprintf("none of %d scenarios is selected", len(all))}
	}
	return all, selected, nil
}

// check looks at the flags that need no target.
func (c *runCommand) check(all []*scenario.Script) error {
	switch {
	case c.Timeout <= 0:
		return &cli.UsageError{Text: fmt.Sprintf("--timeout: %s is not above 0", c.Timeout)}
	case c.Parallel < 0:
		return &cli.UsageError{Text: fmt.Sprintf("--parallel: %d is negative", c.Parallel)}
	}
	for _, spec := range c.Report {
		if format, name, _ := strings.Cut(spec, "="); name == "" || (format != "junit" && format != "json") {
			return &cli.UsageError{Text: fmt.Sprintf("--report: %q is not junit=FILE or json=FILE", spec)}
		}
	}
	known, err := scenario.Writable(specs.FS, all)
	if err != nil {
		return err
	}
	known = append(known, "all")
	for _, name := range c.AllowWrite {
		if !slices.Contains(known, name) {
			return &cli.UsageError{Text: fmt.Sprintf("--allow-write: there is no operation %q%s", name, hint.DidYouMean(name, known))}
		}
	}
	return nil
}

// target finds out what runs there; stop ends what was started.
func (c *runCommand) target(ctx context.Context, con *console, scripts []*scenario.Script) (t scenario.Target, stop func(), err error) {
	stop = func() {}
	if c.TargetFile != "" {
		if t, err = c.accounts(con, scripts); err != nil {
			return t, nil, err
		}
	}
	t.Base, t.Token = strings.TrimSuffix(c.Target, "/"), c.Token
	switch {
	case c.Target == "":
		if c.TargetFile != "" {
			return t, nil, &cli.UsageError{Text: "--target-file needs --target live or a URL"}
		}
		t.Mock, t.Local = true, true
		t.Base, stop, err = startMock(ctx)
		return t, stop, err
	case c.Target == "live":
		if t.Base = ""; c.TargetFile == "" {
			return t, nil, &cli.UsageError{Text: "--target live needs --target-file"}
		}
		return t, stop, nil
	case !strings.HasPrefix(c.Target, "http://") && !strings.HasPrefix(c.Target, "https://"):
		return t, nil, &cli.UsageError{Text: fmt.Sprintf("--target: %q is neither a URL nor live", c.Target)}
	}
	client := scenario.NewClient()
	defer client.CloseIdleConnections()
	limited, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	t.Mock, err = scenario.Detect(limited, client, t.Base, c.Token)
	if err == nil && t.Mock && c.TargetFile != "" {
		err = &cli.UsageError{Text: fmt.Sprintf("%s is a mock, and --target-file is for live accounts", c.Target)}
	}
	return t, stop, err
}

// accounts reads the target file, which must know the marketplace of every
// script.
func (c *runCommand) accounts(con *console, scripts []*scenario.Script) (scenario.Target, error) {
	src, err := os.ReadFile(c.TargetFile)
	if err != nil {
		return scenario.Target{}, err
	}
	t, err := scenario.ParseTargets(specs.FS, c.TargetFile, src, con.getenv)
	if err != nil {
		return t, err
	}
	for _, s := range scripts {
		if _, ok := t.Live[s.Marketplace]; !ok {
			return t, &cli.UsageError{Text: fmt.Sprintf("%s has no account at %s, which %s needs", c.TargetFile, s.Marketplace, s.File)}
		}
	}
	return t, nil
}

// coverage tells which statuses of the specs were seen, if all that are bundled
// were played or it was asked for.
func (c *runCommand) coverage(con *console, scripts []*scenario.Script, results []report.Result) error {
	whole := len(c.Paths) == 0 && c.Filter == "" && len(c.Tag) == 0 &&
		!slices.ContainsFunc(results, func(r report.Result) bool { return r.Status == report.Skipped })
	if !c.Coverage && !whole {
		return nil
	}
	declared, err := scenario.Declared(specs.FS, scripts)
	if err != nil {
		return err
	}
	coverage := report.NewCoverage(declared, results)
	fmt.Fprintln(con.out)
	if c.Coverage {
		return coverage.Table(con.out)
	}
	_, err = fmt.Fprintln(con.out, coverage.Summary())
	return err
}

// nothingRan says that every scenario was skipped.
func nothingRan(results []report.Result) bool {
	return !slices.ContainsFunc(results, func(r report.Result) bool { return r.Status != report.Skipped })
}

// code is the exit code: the gravest of what happened.
func code(ctx context.Context, results []report.Result) int {
	var s report.Summary
	for _, r := range results {
		s.Add(r)
	}
	switch {
	case ctx.Err() != nil || s.Interrupted:
		return exitInterrupted
	case s.Unreachable:
		return exitUnreachable
	case s.Refused > 0:
		return exitRefused
	case s.Failed > 0:
		return exitFailed
	}
	return exitHeld
}
