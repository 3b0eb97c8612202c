package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// Exit codes.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
)

const description = `Serves the chat APIs of marketplaces as the vendors' servers behave, for use in
place of the live ones.

Every flag can be set by environment: MOCKSERVER_ and the flag's name in upper
case with underscores (--public-url is MOCKSERVER_PUBLIC_URL). Flags win.`

// grammar is the command line.
type grammar struct {
	Serve   serveCommand     `cmd:"" default:"withargs" help:"Serve (the default command)."`
	Wait    waitCommand      `cmd:"" help:"Wait until a mockserver is ready, then exit 0."`
	Version kong.VersionFlag `help:"Print the version and exit."`
}

// console is where a command reads and writes.
type console struct {
	out, err io.Writer
}

// run is the program: everything of the operating system comes as a parameter.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	var g grammar
	exited, code := false, exitOK
	parser, err := kong.New(&g,
		kong.Name("mockserver"),
		kong.Description(description),
		kong.UsageOnError(),
		kong.Writers(stdout, stderr),
		kong.Exit(func(c int) { exited, code = true, c }),
		kong.Resolvers(environment(getenv)),
		kong.Vars{"version": version()},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	)
	if err != nil {
		fmt.Fprintln(stderr, "mockserver:", err)
		return exitError
	}
	parsed, err := parser.Parse(args)
	if exited {
		return code
	}
	if err != nil {
		fmt.Fprintf(stderr, "mockserver: %v\nmockserver --help lists the flags.\n", err)
		return exitUsage
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	err = parsed.Run(&console{stdout, stderr})
	var usage *usageError
	switch {
	case errors.As(err, &usage):
		fmt.Fprintln(stderr, "mockserver:", err)
		return exitUsage
	case err != nil:
		fmt.Fprintln(stderr, "mockserver:", err)
		return exitError
	}
	return exitOK
}

// usageError is a command line that asks for what cannot be.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

// environment gives flags their value from MOCKSERVER_… variables.
func environment(getenv func(string) string) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		name := "MOCKSERVER_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
		if v := getenv(name); v != "" {
			return v, nil
		}
		return nil, nil
	})
}

// version is the module's, as the toolchain stamped it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "devel"
	}
	return strings.Trim(info.Main.Version, "()")
}

// day reads an edition.
func day(s string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, &usageError{fmt.Sprintf("--edition: %q is not a day like 2026-10-01", s)}
	}
	return t, nil
}
