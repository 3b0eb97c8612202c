package claim_test

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/claim"
	"example.com/marketmock/internal/document"
	"example.com/marketmock/internal/marketplace/all"
)

var update = flag.Bool("update", false, "rewrite FIDELITY.md")

// module is the directory of go.mod, upward from the test's own.
func module(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		require.NotEqual(t, parent, dir, "no go.mod above the test")
		dir = parent
	}
}

// everything is all claims of the module and all proofs.
func everything(t *testing.T) (fs.FS, []claim.Claim, []claim.Proof) {
	t.Helper()
	root := os.DirFS(module(t))
	specs, err := fs.Sub(root, "specs")
	require.NoError(t, err)
	names, err := claim.Names(specs)
	require.NoError(t, err)
	require.NotEmpty(t, names)
	var claims []claim.Claim
	for _, name := range names {
		some, err := claim.Load(specs, name)
		require.NoError(t, err)
		claims = append(claims, some...)
	}
	proofs, err := claim.Proofs(root)
	require.NoError(t, err)
	return root, claims, proofs
}

func ids(claims []claim.Claim) []string {
	found := make([]string, len(claims))
	for i, c := range claims {
		found[i] = c.ID
	}
	return found
}

func TestEveryClaimIsProvedOrNotEmulated(t *testing.T) {
	t.Parallel()
	_, claims, proofs := everything(t)
	proved := map[string]bool{}
	for _, p := range proofs {
		proved[p.Claim] = true
	}
	var missing []string
	for _, c := range claims {
		if c.NotEmulated == "" && !proved[c.ID] {
			missing = append(missing, c.ID+": "+c.Says)
		}
	}
	if len(missing) > 0 {
		t.Fatalf("%d of %d claims are proved by no scenario and no test:\n%s", len(missing), len(claims), strings.Join(missing, "\n"))
	}
}

func TestNoClaimIsBothProvedAndNotEmulated(t *testing.T) {
	t.Parallel()
	_, claims, proofs := everything(t)
	for _, c := range claims {
		for _, p := range proofs {
			if p.Claim == c.ID && c.NotEmulated != "" {
				t.Errorf("%s: %s proves %s, which is said to be not emulated", p.File, p.Name, c.ID)
			}
		}
	}
}

func TestNoProofNamesAnUnknownClaim(t *testing.T) {
	t.Parallel()
	_, claims, proofs := everything(t)
	known := ids(claims)
	for _, p := range proofs {
		if !slices.Contains(known, p.Claim) {
			t.Errorf("%s: %s proves %s, which is no claim%s", p.File, p.Name, p.Claim, document.Hint(p.Claim, known))
		}
	}
}

func TestEveryClaimThatCodeNamesExists(t *testing.T) {
	t.Parallel()
	root, claims, _ := everything(t)
	known := ids(claims)
	for _, c := range marketplaces(claims) {
		if _, err := fs.Stat(root, "internal/marketplace/"+c); err != nil {
			continue
		}
		mentions, err := claim.Mentions(root, c)
		require.NoError(t, err)
		for _, m := range mentions {
			if !slices.Contains(known, m.Claim) {
				t.Errorf("%s names %s, which is no claim%s", m.File, m.Claim, document.Hint(m.Claim, known))
			}
		}
	}
}

func TestEverySwitchHasAClaimThatNamesIt(t *testing.T) {
	t.Parallel()
	_, claims, _ := everything(t)
	bySwitch := map[string]claim.Claim{}
	for _, c := range claims {
		if c.Switch != "" {
			bySwitch[c.Marketplace()+" "+c.Switch] = c
		}
	}
	named := 0
	for _, em := range all.Emulators() {
		for _, s := range em.Switches() {
			c, ok := bySwitch[em.Name()+" "+s.Name]
			require.True(t, ok, "no claim names the switch %s of %s", s.Name, em.Name())
			require.Equal(t, c.ID, s.Claim, s.Name)
			require.Equal(t, c.Value, s.By, "%s: the claim's value is not the switch's default", s.Name)
			named++
		}
	}
	require.Len(t, bySwitch, named, "a claim names a switch that no emulator has")
}

func marketplaces(claims []claim.Claim) []string {
	var names []string
	for _, c := range claims {
		names = append(names, c.Marketplace())
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestFidelityIsUpToDate(t *testing.T) {
	t.Parallel()
	_, claims, proofs := everything(t)
	file := filepath.Join(module(t), "FIDELITY.md")
	want := claim.Fidelity(claims, proofs)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(want), 0o644))
		return
	}
	have, err := os.ReadFile(file)
	require.NoError(t, err)
	if string(have) != want {
		t.Fatalf("%s is not what the claims and proofs say; run: go test ./internal/claim -update", filepath.Base(file))
	}
}
