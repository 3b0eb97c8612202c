package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"example.com/marketmock/internal/sandbox"
	"example.com/marketmock/internal/server"
)

// greet prints where the server listens and how to try it: the demo
// credentials and one working command for each marketplace.
func greet(w io.Writer, bound string, o server.Options, registry *sandbox.Registry) error {
	box, err := registry.Sandbox(sandbox.Default)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "mockserver %s: edition %s, fixture %s, seed %d\n",
		o.Control.Version, o.Edition.Format("2006-01-02"), o.Fixture, o.Seed)
	fmt.Fprintf(&b, "listening on http://%s (control API under /_mock)\n", bound)
	if o.BaseURL != "http://"+bound {
		fmt.Fprintf(&b, "reached from outside as %s\n", o.BaseURL)
	}
	for _, name := range box.Marketplaces() {
		em, _ := box.Emulator(name)
		world, _ := box.World(name)
		fmt.Fprintf(&b, "\n%s at %s\n", name, world.BaseURL)
		sellers := world.Store.Sellers()
		if len(sellers) == 0 {
			b.WriteString("  the fixture has no seller of it\n")
			continue
		}
		credentials, err := json.Marshal(em.Credentials(sellers[0]))
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "  credentials: %s\n  try: %s\n", credentials, em.Curl(world.BaseURL, sellers[0]))
	}
	_, err = io.WriteString(w, b.String())
	return err
}
