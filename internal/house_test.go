package internal_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const maxLines = 400

// sources calls fn for every hand-written Go file of the module.
func sources(t *testing.T, fn func(path string, text []byte)) {
	t.Helper()
	count := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git" || entry.Name() == "testdata"):
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if !bytes.Contains(text, []byte("DO NOT EDIT.")) {
			count++
			fn(path, text)
		}
		return nil
	})
	require.NoError(t, err)
	require.Greater(t, count, 50, "the walk did not reach the module")
}

func TestNoSourceFileIsLongerThanFourHundredLines(t *testing.T) {
	t.Parallel()
	sources(t, func(path string, text []byte) {
		if lines := bytes.Count(text, []byte("\n")); lines > maxLines && !strings.HasSuffix(path, "_test.go") {
			t.Errorf("%s has %d lines, more than %d: split it by what a reader looks for", path, lines, maxLines)
		}
	})
}

func TestNothingRunsBeforeMain(t *testing.T) {
	t.Parallel()
	sources(t, func(path string, text []byte) {
		if bytes.Contains(text, []byte("\nfunc init() {")) {
			t.Errorf("%s has an init function: wire it in cmd", path)
		}
	})
}
