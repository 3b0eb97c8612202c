package control

import (
	"fmt"
	"maps"
	"slices"

	"example.com/marketmock/internal/fault"
	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/sandbox"
)

// knownTarget refuses a rule that could never apply because of a typing
// mistake: the name of an operation, or of a type of notifications.
func knownTarget(s *sandbox.Sandbox, r fault.Rule) error {
	if err := knownMarketplace(s, "/marketplace", r.Marketplace); err != nil {
		return err
	}
	pushed := []fault.Kind{fault.Lose, fault.Late, fault.Duplicate, fault.Reorder}
	if r.Stage != fault.Push && !slices.Contains(pushed, r.Kind) {
		return knownOperation(s, "/operation", r.Marketplace, r.Operation)
	}
	known := words(s, r.Marketplace, func(e marketplace.Emulator) []string { return e.Notified() })
	switch {
	case r.Operation == "" || slices.Contains(known, r.Operation):
		return nil
	case slices.Contains(operations(s, ""), r.Operation):
		return &inputError{Field: "/operation", Reason: fmt.Sprintf(
			"%q is an operation, and this fault is of notifications: name a type of them", r.Operation)}
	}
	return &inputError{Field: "/operation", Reason: fmt.Sprintf(
		"there is no type of notifications %q%s", r.Operation, hint.OrKnown(r.Operation, known))}
}

// knownMarketplace refuses a name in a field that the sandbox does not have; ""
// is any.
func knownMarketplace(s *sandbox.Sandbox, field, name string) error {
	if name == "" || slices.Contains(s.Marketplaces(), name) {
		return nil
	}
	return &inputError{Field: field, Reason: noMarketplace(name, s.Marketplaces())}
}

func noMarketplace(name string, known []string) string {
	return fmt.Sprintf("there is no marketplace %q%s", name, hint.OrKnown(name, known))
}

// knownSwitches refuses switches of marketplaces that a new sandbox would not
// have.
func (a *API) knownSwitches(set map[string]map[string]string) error {
	s, err := a.registry.Sandbox(sandbox.Default)
	if err != nil {
		return err
	}
	return knownSwitched(s, set, "/switches")
}

// knownSwitched refuses switches of marketplaces that are not there. Under is
// where they stand.
func knownSwitched(s *sandbox.Sandbox, set map[string]map[string]string, under string) error {
	for _, name := range slices.Sorted(maps.Keys(set)) {
		if err := knownMarketplace(s, under+"/"+name, name); err != nil {
			return err
		}
	}
	return nil
}

// knownOperation refuses an operationId that no marketplace, or not the given
// one, has; "" is any.
func knownOperation(s *sandbox.Sandbox, field, marketplace, operation string) error {
	known := operations(s, marketplace)
	if operation == "" || slices.Contains(known, operation) {
		return nil
	}
	mean := hint.DidYouMean(operation, known)
	if mean == "" {
		mean = "; operations are named by their operationId"
	}
	return &inputError{Field: field, Reason: fmt.Sprintf("there is no operation %q%s", operation, mean)}
}

// operations are the operationIds of a marketplace, or of all, sorted.
func operations(s *sandbox.Sandbox, of string) []string {
	return words(s, of, func(e marketplace.Emulator) []string { return slices.Collect(maps.Keys(e.Operations())) })
}

// words are what emulators have names for, of one marketplace or of all, sorted.
func words(s *sandbox.Sandbox, of string, list func(marketplace.Emulator) []string) []string {
	var known []string
	for _, name := range s.Marketplaces() {
		if of == "" || of == name {
			e, _ := s.Emulator(name)
			known = append(known, list(e)...)
		}
	}
	slices.Sort(known)
	return known
}

// sellerID is the id of a seller that is given by it or by its name, as given if
// there is no such seller: it may have been there.
func sellerID(s *sandbox.Sandbox, marketplace, seller string) (string, error) {
	if seller == "" {
		return "", nil
	}
	var named []string
	for _, name := range s.Marketplaces() {
		if marketplace != "" && marketplace != name {
			continue
		}
		w, _ := s.World(name)
		for _, known := range w.Store.Sellers() {
			if known.ID == seller {
				return seller, nil
			}
			if known.Name == seller {
				named = append(named, known.ID)
			}
		}
	}
	switch len(named) {
	case 0:
		return seller, nil
	case 1:
		return named[0], nil
	}
	return "", &inputError{Field: "seller", Reason: fmt.Sprintf("several sellers are called %q: say the marketplace, or an id", seller)}
}
