package control

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/marketplace"
)

// NoFixture says of a fixture that is neither bundled nor a file where it was
// looked for; nil if there is one.
func NoFixture(name string, bundled []string) error {
	if slices.Contains(bundled, name) {
		return nil
	}
	if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	isPath := strings.Contains(name, "/") || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
	folder, err := os.Getwd()
	switch {
	case !isPath:
		return fmt.Errorf("there is no fixture %q%s", name, hint.OrKnown(name, bundled))
	case filepath.IsAbs(name) || err != nil:
		return fmt.Errorf("the mock found no file %s", name)
	}
	return fmt.Errorf("the mock found no file %s: it looked in its working directory, %s", name, folder)
}

// refusedFixture says it of the fixture that a sandbox could not be made of.
func (a *API) refusedFixture(name string, err error) error {
	var input *marketplace.InputError
	if name == "" || !errors.As(err, &input) || input.Field != "fixture" {
		return err
	}
	if missing := NoFixture(name, a.fixtures); missing != nil {
		return &inputError{Field: "/fixture", Reason: missing.Error()}
	}
	return err
}
