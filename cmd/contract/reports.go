package main

import (
	"errors"
	"io"
	"os"
	"strings"

	"example.com/marketmock/internal/report"
)

// writer takes results.
type writer interface {
	Add(report.Result) error
	Close() error
}

// writers hands results to several writers and closes their files.
type writers struct {
	all   []writer
	files []io.Closer
}

// Add hands a result to all.
func (w *writers) Add(r report.Result) error {
	var err error
	for _, one := range w.all {
		err = errors.Join(err, one.Add(r))
	}
	return err
}

// Close ends all; the console, which is the first, comes last so that its
// summary is the last thing said.
func (w *writers) Close() error {
	var err error
	for i := len(w.all) - 1; i >= 0; i-- {
		err = errors.Join(err, w.all[i].Close())
	}
	for _, f := range w.files {
		err = errors.Join(err, f.Close())
	}
	return err
}

// reports opens what --report asks for, beside the console. The forms were
// checked.
func (c *runCommand) reports(con *console) (*writers, error) {
	out := &writers{all: []writer{report.NewConsole(con.out, report.ConsoleOptions{Color: c.color(con), Verbose: c.Verbose})}}
	for _, spec := range c.Report {
		format, name, _ := strings.Cut(spec, "=")
		f, err := os.Create(name)
		if err != nil {
			for _, opened := range out.files {
				err = errors.Join(err, opened.Close())
			}
			return nil, err
		}
		out.files = append(out.files, f)
		if format == "junit" {
			out.all = append(out.all, report.NewJUnit(f))
		} else {
			out.all = append(out.all, report.NewJSONLines(f))
		}
	}
	return out, nil
}

// color says whether the output is a terminal that wants colours.
func (c *runCommand) color(con *console) bool {
	f, ok := con.out.(*os.File)
	if c.NoColor || !ok || con.getenv("NO_COLOR") != "" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
