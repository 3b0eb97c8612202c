package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/alecthomas/kong"

	"example.com/marketmock/internal/cli"
)

// Exit codes.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = cli.ExitUsage
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
	program := cli.Program{
		Name: "mockserver", Description: description, Grammar: &g, Getenv: getenv, Out: stdout, Err: stderr,
	}
	parsed, code := program.Parse(args)
	if parsed == nil {
		return code
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	err := parsed.Run(&console{stdout, stderr})
	var usage *cli.UsageError
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

// day reads an edition.
func day(s string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, &cli.UsageError{Text: fmt.Sprintf("--edition: %q is not a day like 2026-10-01", s)}
	}
	return t, nil
}
