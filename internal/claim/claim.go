// Package claim reads what we believe about each vendor's behaviour, collects
// which scenarios and tests prove it, and writes both down for people. It knows
// no vendor and serves no request: it is there for tests and documents.
package claim

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"

	"example.com/marketmock/internal/document"
)

// suffix of the files that hold a marketplace's claims.
const suffix = ".claims.yaml"

// Evidence says what a claim rests on.
type Evidence string

// The kinds of evidence.
const (
	Documented Evidence = "documented" // the vendor says so
	Seen       Evidence = "seen"       // in production code or recorded answers
	Measured   Evidence = "measured"   // somebody probed the live system or ran a client, and wrote down what came
	Inferred   Evidence = "inferred"   // our conclusion from the above
	Chosen     Evidence = "chosen"     // nobody knows; our choice
)

// Evidences are all kinds, in the order in which they are counted.
func Evidences() []Evidence { return []Evidence{Documented, Seen, Measured, Inferred, Chosen} }

// Claim is one statement about a vendor's behaviour.
type Claim struct {
	// ID is <marketplace>/<kebab-case>.
	ID string `yaml:"id"`
	// Section is the title it stands under.
	Section string `yaml:"-"`
	// Says is the statement, one sentence.
	Says     string   `yaml:"says"`
	Evidence Evidence `yaml:"evidence"`
	// Source is public; Date is the day on which it said so.
	Source string `yaml:"source"`
	Date   string `yaml:"date"`
	// Switch is the choice that the claim is about, Value its default (or
	// "edition").
	Switch string `yaml:"switch"`
	Value  string `yaml:"value"`
	// NotEmulated is why the mock does not do so; empty if it does.
	NotEmulated string `yaml:"not_emulated"`
	// CheckedLive is the day of the last check against the real API, if any.
	CheckedLive string `yaml:"checked_live"`
}

// Marketplace is the part of the id before the slash.
func (c Claim) Marketplace() string {
	name, _, _ := strings.Cut(c.ID, "/")
	return name
}

// file is a claims file as it is written.
type file struct {
	Version     int       `yaml:"version"`
	Marketplace string    `yaml:"marketplace"`
	Sections    []section `yaml:"sections"`
}

type section struct {
	Title  string  `yaml:"title"`
	Claims []Claim `yaml:"claims"`
}

// Names are the marketplaces that fsys has claims about, sorted.
func Names(fsys fs.FS) ([]string, error) {
	files, err := fs.Glob(fsys, "*"+suffix)
	if err != nil {
		return nil, fmt.Errorf("list claims: %w", err)
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, suffix)
	}
	return files, nil
}

// Load reads the claims about a marketplace, in the order they are written. A
// mistake is a *document.Error.
func Load(fsys fs.FS, name string) ([]Claim, error) {
	data, err := fs.ReadFile(fsys, name+suffix)
	if err != nil {
		return nil, fmt.Errorf("read claims: %w", err)
	}
	root, err := document.Parse(name+suffix, data)
	if err != nil {
		return nil, err
	}
	var f file
	if err := root.Decode(&f); err != nil {
		return nil, err
	}
	if f.Version != 1 {
		return nil, root.At("version", "must be 1")
	}
	if f.Marketplace != name {
		return nil, root.At("marketplace", fmt.Sprintf("must be %s, as the file's name says", name))
	}
	return flatten(root, f)
}

func flatten(root *document.Node, f file) ([]Claim, error) {
	var all []Claim
	seen := map[string]bool{}
	for i, s := range f.Sections {
		if s.Title == "" {
			return nil, root.At(fmt.Sprintf("sections[%d].title", i), "is missing")
		}
		for j, c := range s.Claims {
			at := func(field, reason string) error {
				return root.At(fmt.Sprintf("sections[%d].claims[%d].%s", i, j, field), reason)
			}
			if err := check(c, f.Marketplace, at); err != nil {
				return nil, err
			}
			if seen[c.ID] {
				return nil, at("id", fmt.Sprintf("%s stands here twice", c.ID))
			}
			seen[c.ID] = true
			c.Section = s.Title
			all = append(all, c)
		}
	}
	return all, nil
}

var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// check refuses a claim with something missing; at makes the error.
func check(c Claim, marketplace string, at func(field, reason string) error) error {
	id, ok := strings.CutPrefix(c.ID, marketplace+"/")
	switch {
	case c.ID == "":
		return at("id", "is missing")
	case !ok || !kebab.MatchString(id):
		return at("id", fmt.Sprintf("%q must be %s/ and lower-case words with hyphens", c.ID, marketplace))
	case c.Says == "":
		return at("says", "is missing")
	case c.Source == "":
		return at("source", "is missing")
	case !slices.Contains(Evidences(), c.Evidence):
		return at("evidence", fmt.Sprintf("%q is not one of %v", c.Evidence, Evidences()))
	case !isDay(c.Date):
		return at("date", fmt.Sprintf("%q must be a day like 2026-10-01", c.Date))
	case c.CheckedLive != "" && !isDay(c.CheckedLive):
		return at("checked_live", fmt.Sprintf("%q must be a day like 2026-10-01", c.CheckedLive))
	case (c.Switch == "") != (c.Value == ""):
		return at("switch", "switch and value belong together")
	}
	return nil
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
