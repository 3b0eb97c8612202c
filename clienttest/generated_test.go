package clienttest_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// directive is what go generate runs in a folder: a command that ends with a
// file to write and the specification to read.
var directive = regexp.MustCompile(`(?m)^//go:generate go (tool oapi-codegen .*-o) (\S+\.gen\.go) (\S+\.yaml)$`)

// TestGeneratedCodeIsUpToDate generates again what each folder's doc.go says.
func TestGeneratedCodeIsUpToDate(t *testing.T) {
	t.Parallel()
	read := make(map[string]bool)
	for _, folder := range generated(t) {
		doc, err := os.ReadFile(filepath.Join(folder, "doc.go"))
		require.NoError(t, err)
		found := directive.FindStringSubmatch(string(doc))
		require.NotNil(t, found, "%s/doc.go does not generate", folder)
		command, file, spec := strings.Fields(found[1]), found[2], found[3]
		read[filepath.Base(spec)] = true
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			fresh := filepath.Join(t.TempDir(), "fresh.go")
			generate := exec.CommandContext(t.Context(), "go", append(command, fresh, spec)...)
			generate.Dir = folder
			out, err := generate.CombinedOutput()
			require.NoError(t, err, string(out))
			want, err := os.ReadFile(fresh)
			require.NoError(t, err)
			got, err := os.ReadFile(filepath.Join(folder, file))
			require.NoError(t, err)
			require.True(t, string(want) == string(got), "%s has changed: run go generate ./... in clienttest", spec)
		})
	}
	require.Equal(t, declared(t), read, "every marketplace has a client and a receiver")
}

// generated are the folders that have settings of the generator.
func generated(t *testing.T) []string {
	t.Helper()
	var folders []string
	require.NoError(t, filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.Name() == "node_modules" {
			return fs.SkipDir
		}
		if entry.Name() == "oapi-codegen.yaml" {
			folders = append(folders, filepath.Dir(path))
		}
		return nil
	}))
	return folders
}

// declared are the specifications of marketplaces: of their APIs and of receivers,
// not those of hosts that only serve files.
func declared(t *testing.T) map[string]bool {
	t.Helper()
	claims, err := filepath.Glob("../specs/*.claims.yaml")
	require.NoError(t, err)
	specs := make(map[string]bool)
	for _, file := range claims {
		name := strings.TrimSuffix(filepath.Base(file), ".claims.yaml")
		specs[name+".yaml"] = true
		specs[name+"-push.yaml"] = true
		more, err := filepath.Glob("../specs/" + name + "-*.yaml")
		require.NoError(t, err)
		for _, spec := range more {
			if !strings.HasSuffix(spec, "-files.yaml") {
				specs[filepath.Base(spec)] = true
			}
		}
	}
	require.NotEmpty(t, specs)
	return specs
}
