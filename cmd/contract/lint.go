package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/marketmock/fixtures"
	"example.com/marketmock/internal/scenario"
	"example.com/marketmock/specs"
)

// lintCommand is `contract lint`.
type lintCommand struct {
	Paths []string `arg:"" optional:"" help:"Files, folders or bundled names such as ozon or ozon/list-first-page (all that are bundled)."`
}

// Run reports every mistake.
func (c *lintCommand) Run(con *console) error {
	scripts, err := checked(c.Paths)
	if err != nil {
		return err
	}
	if len(scripts) == 1 {
		fmt.Fprintln(con.out, "1 scenario, no mistakes")
		return nil
	}
	fmt.Fprintf(con.out, "%d scenarios%s, no mistakes\n", len(scripts), perMarketplace(scripts))
	return nil
}

// perMarketplace says of several marketplaces how many scenarios each has.
func perMarketplace(scripts []*scenario.Script) string {
	count := map[string]int{}
	for _, s := range scripts {
		count[s.Marketplace]++
	}
	if len(count) < 2 {
		return ""
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(count)) {
		parts = append(parts, fmt.Sprintf("%d %s", count[name], name))
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// checked loads scenarios and lints them; mistakes are scenario.Problems.
func checked(paths []string) ([]*scenario.Script, error) {
	scripts, err := load(paths)
	var problems scenario.Problems
	if err != nil && !errors.As(err, &problems) {
		return nil, err
	}
	problems = append(problems, scenario.NewLinter(specs.FS, fixtures.FS).Lint(scripts)...)
	if len(problems) > 0 {
		return nil, problems
	}
	return scripts, nil
}
