// Specdiff compares one of our specs with the vendor's own document. Both are
// stripped of what is said in words, oasdiff finds what differs in structure,
// and every difference is printed on a line of its own. One is explained when our
// spec has an x-differs at that place or above it; any other fails the run.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

const usage = `specdiff compares one of our specs with a vendor's document.

Usage:
  specdiff OURS THEIRS...

OURS is a spec of this project, THEIRS one or more files of the vendor, YAML or
JSON, which are taken together: their paths and components become one document.

Compared is what calls and answers may hold, as far as operations reach it, and
the security. Descriptions, titles, summaries, examples, tags, servers, external
docs, extensions and everything about the document itself are not.

Each difference is a line:

  explained    PLACE  ours: …  theirs: …  (REASON)
  unexplained  PLACE  ours: …  theirs: …

PLACE is a pointer into OURS. What a reference leads to has the place where it is
written, and is printed once. A difference is explained by the nearest x-differs
at PLACE or above it; the one at the root of OURS speaks of the security alone.

The status is 0 when nothing is unexplained, 1 when something is, 2 when a file
cannot be read.
`

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("specdiff", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil:
		return 2
	case flags.NArg() < 2:
		fmt.Fprintln(stderr, "specdiff: one of our specs and at least one file of the vendor are needed; see specdiff -h")
		return 2
	}
	differences, notes, err := compareFiles(flags.Arg(0), flags.Args()[1:])
	for _, note := range notes {
		fmt.Fprintln(stderr, "note:", note)
	}
	if err != nil {
		fmt.Fprintln(stderr, "specdiff:", err)
		return 2
	}
	unexplained := 0
	for _, d := range differences {
		fmt.Fprintln(stdout, d)
		if d.reason == "" {
			unexplained++
		}
	}
	fmt.Fprintf(stdout, "%d explained, %d unexplained\n", len(differences)-unexplained, unexplained)
	if unexplained > 0 {
		return 1
	}
	return 0
}

// compareFiles reads the files and compares. The notes tell what was odd about
// them.
func compareFiles(ours string, theirs []string) (differences []difference, notes []string, err error) {
	our, err := read(ours)
	if err != nil {
		return nil, nil, err
	}
	notes = our.oddities()
	var their *document
	for _, file := range theirs {
		next, err := read(file)
		if err != nil {
			return nil, notes, err
		}
		notes = append(notes, next.oddities()...)
		if their == nil {
			their = next
			continue
		}
		notes = append(notes, their.take(next)...)
	}
	differences, err = compare(our, their)
	return differences, notes, err
}
