package clienttest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGeneratedCodeIsUpToDate(t *testing.T) {
	t.Parallel()
	for folder, spec := range map[string]string{"ozon": "ozon.yaml", "push": "ozon-push.yaml"} {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			fresh := filepath.Join(t.TempDir(), "fresh.go")
			generate := exec.CommandContext(t.Context(), "go", "tool", "oapi-codegen",
				"-config", "oapi-codegen.yaml", "-o", fresh, "../../specs/"+spec)
			generate.Dir = folder
			out, err := generate.CombinedOutput()
			require.NoError(t, err, string(out))
			want, err := os.ReadFile(fresh)
			require.NoError(t, err)
			got, err := os.ReadFile(filepath.Join(folder, folder+".gen.go"))
			require.NoError(t, err)
			require.True(t, string(want) == string(got), "specs/%s has changed: run go generate ./... in clienttest", spec)
		})
	}
}
