// Package cli is what the two programs share of a command line: parsing with
// kong, flags from the environment, the version. It knows no command.
package cli

import (
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/alecthomas/kong"
)

// ExitUsage is the exit code of a command line that asks for what cannot be.
const ExitUsage = 2

// UsageError is a command line that parses but asks for what cannot be.
type UsageError struct{ Text string }

func (e *UsageError) Error() string { return e.Text }

// Program is a command line.
type Program struct {
	Name        string
	Description string
	Grammar     any // a pointer to kong's struct
	Getenv      func(string) string
	Out, Err    io.Writer
}

// Parse reads args. It returns no context when there is nothing left to run:
// the text that was asked for, or what is wrong, has been written, and code is
// the exit code.
func (p Program) Parse(args []string) (parsed *kong.Context, code int) {
	exited := false
	parser, err := kong.New(p.Grammar,
		kong.Name(p.Name),
		kong.Description(p.Description),
		kong.UsageOnError(),
		kong.Help(help),
		kong.Writers(p.Out, p.Err),
		kong.Exit(func(c int) { exited, code = true, c }),
		kong.Resolvers(p.environment()),
		kong.Vars{"version": Version()},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	)
	if err == nil {
		parsed, err = parser.Parse(args)
	}
	switch {
	case exited:
		return nil, code
	case err != nil:
		fmt.Fprintf(p.Err, "%s: %v\n%s --help lists the commands and flags.\n", p.Name, err, p.Name)
		return nil, ExitUsage
	}
	return parsed, 0
}

// environment gives flags their value from NAME_… variables; help and version
// are only ever asked for.
func (p Program) environment() kong.Resolver {
	prefix := strings.ToUpper(p.Name) + "_"
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if flag.Name == "help" || flag.Name == "version" {
			return nil, nil
		}
		if v := p.Getenv(prefix + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))); v != "" {
			return v, nil
		}
		return nil, nil
	})
}

// Version is the module's, as the toolchain stamped it.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "devel"
	}
	return strings.Trim(info.Main.Version, "()")
}
