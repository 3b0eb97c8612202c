package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"example.com/marketmock/internal/cli"
	"example.com/marketmock/internal/scenario"
)

// Exit codes.
const (
	exitHeld        = 0
	exitFailed      = 1
	exitUsage       = cli.ExitUsage
	exitUnreachable = 4
	exitRefused     = 5
	exitInterrupted = 130
)

const description = `Runs scenarios against the mock or a live marketplace API, and says where they
do not hold. Without --target it starts the mock in this process.

Every flag can be set by environment: CONTRACT_ and the flag's name in upper
case with underscores (--target-file is CONTRACT_TARGET_FILE). Flags win.

Exit codes: 0 everything held, 1 an expectation failed, 2 wrong usage or a wrong
scenario or nothing that could run, 4 target unreachable, 5 refused for safety, 130 interrupted.`

// grammar is the command line.
type grammar struct {
	Run     runCommand       `cmd:"" help:"Run scenarios."`
	Lint    lintCommand      `cmd:"" help:"Look for mistakes in scenarios, without a network."`
	Schema  schemaCommand    `cmd:"" help:"Print the JSON Schema of a file format."`
	Version kong.VersionFlag `help:"Print the version and exit."`
}

// console is where a command reads and writes, and how it ends.
type console struct {
	out, err io.Writer
	getenv   func(string) string
	code     int
}

// run is the program: everything of the operating system comes as a parameter.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	var g grammar
	program := cli.Program{
		Name: "contract", Description: description, Grammar: &g, Getenv: getenv, Out: stdout, Err: stderr,
	}
	parsed, code := program.Parse(args)
	if parsed == nil {
		return code
	}
	con := &console{out: stdout, err: stderr, getenv: getenv}
	parsed.BindTo(ctx, (*context.Context)(nil))
	if err := parsed.Run(con); err != nil {
		return con.failed(ctx, err)
	}
	return con.code
}

// failed writes an error and chooses the exit code.
func (c *console) failed(ctx context.Context, err error) int {
	var problems scenario.Problems
	var usage *cli.UsageError
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(c.err, "contract: interrupted:", err)
		return exitInterrupted
	case errors.As(err, &problems):
		c.problems(problems)
		return exitUsage
	case errors.As(err, &usage):
		fmt.Fprintln(c.err, "contract:", err)
		return exitUsage
	case errors.Is(err, scenario.ErrUnreachable):
		fmt.Fprintln(c.err, "contract:", err)
		return exitUnreachable
	}
	fmt.Fprintln(c.err, "contract:", err)
	return exitFailed
}

// problems writes each mistake with the line it stands in.
func (c *console) problems(problems scenario.Problems) {
	for _, p := range problems {
		fmt.Fprintln(c.err, p)
		if strings.TrimSpace(p.Line) != "" {
			fmt.Fprintf(c.err, "%5d | %s\n", p.Pos.Line, p.Line)
		}
	}
}
