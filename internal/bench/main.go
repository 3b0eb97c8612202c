// Bench measures the server's budgets and prints each as a ratio or next to
// its bound; it exits with 1 when one is broken. It builds mockserver, runs it as
// a process of its own beside a bare Gin handler that answers the same bytes, and
// loads both in turn with wrk, for each marketplace with its own call and world.
// It needs wrk and a quiet machine; see DEVELOPMENT.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// settings of a run.
type settings struct {
	rounds   int
	duration time.Duration
	chats    int
	bare     string // serve this file and nothing else
	path     string // there
	only     string // measure this marketplace alone
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var s settings
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&s.rounds, "rounds", 5, "rounds of each measurement; the median counts")
	flags.DurationVar(&s.duration, "duration", 3*time.Second, "load in each round, whole seconds")
	flags.IntVar(&s.chats, "chats", 300_000, "chats of the large world")
	flags.StringVar(&s.only, "only", "", "measure this marketplace alone")
	flags.StringVar(&s.bare, "bare", "", "serve this file from a bare Gin handler (used by bench itself)")
	flags.StringVar(&s.path, "path", "/", "the path that the bare handler serves (used by bench itself)")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if s.rounds < 1 || s.duration < time.Second || s.duration%time.Second != 0 {
		fmt.Fprintln(stderr, "bench: -rounds must be at least 1, -duration whole seconds: wrk knows no less")
		return 2
	}
	var err error
	if s.bare != "" {
		err = serveBare(ctx, s.bare, s.path, stdout)
	} else {
		err = measure(ctx, s, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return 1
	}
	return 0
}

// measure runs every benchmark in turn.
func measure(ctx context.Context, s settings, out io.Writer) error {
	if _, err := exec.LookPath("wrk"); err != nil {
		return fmt.Errorf("wrk is needed (Debian: apt-get install wrk): %w", err)
	}
	dir, err := os.MkdirTemp("", "marketmock-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // the system cleans its temporary folder as well
	b := &bench{settings: s, dir: dir, out: out, server: filepath.Join(dir, "mockserver"), self: filepath.Join(dir, "bench")}
	for target, pkg := range map[string]string{b.server: "./cmd/mockserver", b.self: "./internal/bench"} {
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", target, pkg)
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return fmt.Errorf("build %s: %w", pkg, err)
		}
	}
	for _, v := range vendors() {
		if s.only == "" || s.only == v.name {
			b.vendors = append(b.vendors, v)
		}
	}
	if len(b.vendors) == 0 {
		return fmt.Errorf("there is no marketplace %s", s.only)
	}
	fmt.Fprintf(out, "| measure | result | budget |\n| --- | --- | --- |\n")
	if err := b.all(ctx); err != nil {
		return err
	}
	if b.broken > 0 {
		return fmt.Errorf("%d of the budgets are broken", b.broken)
	}
	return nil
}

func (b *bench) all(ctx context.Context) error {
	for _, step := range []func(context.Context) error{b.start, b.sandboxes} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	for _, v := range b.vendors {
		steps := []func(context.Context, vendor) error{b.throughput, b.pages}
		if v.upload != "" {
			steps = append(steps, b.uploads)
		}
		for _, step := range steps {
			if err := step(ctx, v); err != nil {
				return fmt.Errorf("%s: %w", v.name, err)
			}
		}
	}
	return nil
}

// bench is one run.
type bench struct {
	settings
	dir     string
	server  string // built programs
	self    string
	out     io.Writer
	vendors []vendor
	broken  int // budgets
}

// row prints a measure; one that is not held counts as broken.
func (b *bench) row(measure, budget string, held bool, result string, args ...any) {
	text := fmt.Sprintf(result, args...)
	if !held {
		b.broken++
		text += " **broken**"
	}
	fmt.Fprintf(b.out, "| %s | %s | %s |\n", measure, text, budget)
}
