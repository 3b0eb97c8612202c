package main

import (
	"fmt"

	"example.com/marketmock/internal/scenario"
)

// schemaCommand is `contract schema`.
type schemaCommand struct {
	Format string `arg:"" optional:"" enum:"scenario" default:"scenario" help:"The format: scenario."`
}

// Run prints the schema.
func (c *schemaCommand) Run(con *console) error {
	s, err := scenario.Schema()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(con.out, "%s\n", s)
	return err
}
