package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"example.com/marketmock/internal/cli"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/all"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/server"
)

// maxJournal bounds --journal-size: the room for it is taken at once.
const maxJournal = 1_000_000

// check refuses what would be unsafe or could not work.
func (c *serveCommand) check() error {
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return &cli.UsageError{Text: fmt.Sprintf("--addr: %q is not HOST:PORT", c.Addr)}
	}
	if !loopback(host) && c.Token == "" {
		return &cli.UsageError{Text: fmt.Sprintf("--addr %s is reached from other machines: set --control-token", c.Addr)}
	}
	if c.Latency < 0 {
		return &cli.UsageError{Text: "--latency: must not be negative"}
	}
	for _, flag := range []struct {
		name  string
		value int64
	}{
		{"--journal-size", int64(c.Journal)},
		{"--max-sandboxes", int64(c.Sandboxes)},
		{"--max-body", c.MaxBody},
		{"--max-file", c.MaxFile},
		{"--max-blobs", c.MaxBlobs},
	} {
		if flag.value <= 0 {
			return &cli.UsageError{Text: fmt.Sprintf("%s: must be greater than 0, not %d", flag.name, flag.value)}
		}
	}
	if c.Journal > maxJournal {
		return &cli.UsageError{Text: fmt.Sprintf("--journal-size: must be at most %d, not %d", maxJournal, c.Journal)}
	}
	return checkPublic(c.PublicURL)
}

// checkPublic refuses what links cannot begin with; "" is none.
func checkPublic(raw string) error {
	if raw == "" {
		return nil
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return &cli.UsageError{Text: fmt.Sprintf("--public-url: %q is not a URL like http://mock.test:8080", raw)}
	case u.User != nil, u.RawQuery != "", u.ForceQuery, strings.Contains(raw, "#"):
		return &cli.UsageError{Text: fmt.Sprintf("--public-url: %q must have no credentials, query or fragment", u.Redacted())}
	}
	return nil
}

// validate holds foreign specs to what the bundled ones are tested for: each
// spec, each overlay alone, each switch's value alone in the newest edition, and
// each edition with the switches of its time.
func validate(files fs.FS) error {
	library := openapi.NewLibrary(files)
	sets, err := alone(files)
	if err != nil {
		return &cli.UsageError{Text: fmt.Sprintf("--specs: %v", err)}
	}
	sets = append(sets, []string{"control"})
	for _, em := range all.Emulators() {
		more, err := selected(em)
		if err != nil {
			return err
		}
		sets = append(sets, more...)
	}
	slices.SortFunc(sets, func(a, b []string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return slices.Compare(a, b)
	})
	for _, set := range slices.CompactFunc(sets, slices.Equal) {
		err := library.Validate(set[0], set[1:]...)
		switch {
		case err == nil:
		case len(set) > 1:
			return &cli.UsageError{Text: fmt.Sprintf("--specs: %s with %s: %v", set[0], strings.Join(set[1:], ", "), err)}
		default:
			return &cli.UsageError{Text: fmt.Sprintf("--specs: %v", err)}
		}
	}
	return nil
}

// alone is every spec, and every overlay with its spec: the longest name that it
// begins with. A file NAME.claims.yaml is no spec.
func alone(files fs.FS) ([][]string, error) {
	specs, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, err
	}
	overlays, err := fs.Glob(files, "overlays/*.yaml")
	if err != nil {
		return nil, err
	}
	var sets [][]string
	var names []string
	for _, file := range specs {
		if name := strings.TrimSuffix(file, ".yaml"); !strings.Contains(name, ".") {
			names = append(names, name)
			sets = append(sets, []string{name})
		}
	}
	for _, file := range overlays {
		overlay := strings.TrimSuffix(path.Base(file), ".yaml")
		base := ""
		for _, name := range names {
			if strings.HasPrefix(overlay, name+"-") && len(name) > len(base) {
				base = name
			}
		}
		if base == "" {
			return nil, errors.New(file + ": begins with the name of no spec")
		}
		sets = append(sets, []string{base, overlay})
	}
	return sets, nil
}

// selected are the specs of an emulator with the overlays that it asks for, for
// each switch's value alone and for each edition.
func selected(em marketplace.Emulator) ([][]string, error) {
	var sets [][]string
	add := func(edition time.Time, set map[string]string) error {
		settings, err := marketplace.NewSettings(em.Switches(), edition, set)
		if err != nil {
			return fmt.Errorf("%s: %w", em.Name(), err)
		}
		for _, name := range em.Specs() {
			sets = append(sets, append([]string{name}, em.Overlays(name, settings)...))
		}
		return nil
	}
	if err := add(server.Newest, nil); err != nil {
		return nil, err
	}
	for _, sw := range em.Switches() {
		for _, value := range sw.Values {
			if err := add(server.Newest, map[string]string{sw.Name: value}); err != nil {
				return nil, err
			}
		}
	}
	for edition := server.Newest; !edition.Before(server.Oldest); edition = edition.AddDate(0, 0, -1) {
		if err := add(edition, nil); err != nil {
			return nil, err
		}
	}
	return sets, nil
}
