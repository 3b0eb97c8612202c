package internal_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "example.com/marketmock/"

// core are the rooms that know no marketplace, no HTTP framework and nothing
// above them.
var core = []string{
	"internal/chat", "internal/clock", "internal/limit", "internal/fault", "internal/journal",
	"internal/push", "internal/blob", "internal/mask", "internal/openapi", "internal/when", "internal/document", "internal/hint",
	"internal/plainjson",
}

// shared are what emulators have in common beside the seam.
var shared = []string{"internal/marketplace/worldfile", "internal/marketplace/health", "internal/marketplace/form"}

// rule is one direction: packages that start with from must not import those
// that start with any of the others, except the allowed.
type rule struct {
	name    string
	why     string
	from    func(pkg string) bool
	forbids func(pkg, imported string) bool
}

var rules = []rule{
	{
		name: "the core imports nothing of the module but the core",
		why:  "a room of the core is understood alone, and serves any marketplace",
		from: func(pkg string) bool { return in(pkg, core) },
		forbids: func(_, imported string) bool {
			return strings.HasPrefix(imported, module) && !in(imported, core)
		},
	},
	{
		name: "Gin is known to server and control alone",
		why:  "behaviour must not depend on the HTTP framework (bench serves the bare handler to compare with)",
		from: func(pkg string) bool {
			return !in(pkg, []string{"internal/server", "internal/control", "internal/bench"})
		},
		forbids: func(_, imported string) bool {
			return strings.HasPrefix(imported, "github.com/gin-gonic/gin")
		},
	},
	{
		name: "an emulator imports no other emulator and nothing above the seam",
		why:  "a marketplace is one folder: what two of them share belongs in the seam or the core",
		from: emulator,
		forbids: func(pkg, imported string) bool {
			own := strings.Join(strings.Split(pkg, "/")[:3], "/")
			return strings.HasPrefix(imported, module) && !exact(imported, []string{"internal/marketplace"}) &&
				!in(imported, []string{own}) && !in(imported, shared) && !in(imported, core)
		},
	},
	{
		name: "what emulators share imports only the seam and the core",
		why:  "it serves any marketplace, and the seam does not know of it",
		from: func(pkg string) bool { return in(pkg, shared) },
		forbids: func(_, imported string) bool {
			return strings.HasPrefix(imported, module) && !exact(imported, []string{"internal/marketplace"}) && !in(imported, core)
		},
	},
	{
		name: "the seam imports only the core",
		why:  "the seam is what emulators and the house agree on: it names neither",
		from: func(pkg string) bool { return pkg == "internal/marketplace" },
		forbids: func(_, imported string) bool {
			return strings.HasPrefix(imported, module) && !in(imported, core)
		},
	},
	{
		name: "only all imports emulators",
		why:  "a new marketplace is one line in all",
		from: func(pkg string) bool { return pkg != "internal/marketplace/all" && !emulator(pkg) },
		forbids: func(_, imported string) bool {
			pkg := strings.TrimPrefix(imported, module)
			return emulator(pkg) && !strings.HasSuffix(pkg, "/sign")
		},
	},
	{
		name: "the runner knows the world only over HTTP",
		why:  "what it proves on the mock it must be able to ask of the real thing",
		from: func(pkg string) bool { return in(pkg, []string{"internal/scenario", "internal/report"}) },
		forbids: func(_, imported string) bool {
			return in(imported, []string{
				"internal/server", "internal/sandbox", "internal/control", "internal/fixture", "internal/marketplace",
			}) && !strings.HasSuffix(imported, "/sign")
		},
	},
	{
		name: "nothing below imports server",
		why:  "the server assembles everything; only programs and the conformance suite start it",
		from: func(pkg string) bool {
			return strings.HasPrefix(pkg, "internal/") && !in(pkg, []string{"internal/server", "internal/marketplace/markettest"})
		},
		forbids: func(_, imported string) bool {
			return exact(imported, []string{"internal/server"})
		},
	},
}

// emulator reports whether a package belongs to one marketplace.
func emulator(pkg string) bool {
	rest, ok := strings.CutPrefix(pkg, "internal/marketplace/")
	return ok && rest != "all" && rest != "markettest" && !in(pkg, shared)
}

func in(pkg string, rooms []string) bool {
	pkg = strings.TrimPrefix(pkg, module)
	for _, room := range rooms {
		if pkg == room || strings.HasPrefix(pkg, room+"/") {
			return true
		}
	}
	return false
}

func exact(pkg string, rooms []string) bool {
	pkg = strings.TrimPrefix(pkg, module)
	for _, room := range rooms {
		if pkg == room {
			return true
		}
	}
	return false
}

// imports are the direct imports of every package outside its tests.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", module+"...").Output()
	require.NoError(t, err)
	packages := map[string][]string{}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p struct {
			ImportPath string
			Imports    []string
		}
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		require.NoError(t, err)
		packages[strings.TrimPrefix(p.ImportPath, module)] = p.Imports
	}
}

func TestImportsGoOneWay(t *testing.T) {
	t.Parallel()
	packages := imports(t)
	require.Contains(t, packages, "internal/chat")
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			for pkg, imported := range packages {
				if !r.from(pkg) {
					continue
				}
				for _, i := range imported {
					if r.forbids(pkg, i) {
						t.Errorf("%s imports %s, but %s: %s", pkg, i, r.name, r.why)
					}
				}
			}
		})
	}
}

func TestRulesCatchWhatTheyForbid(t *testing.T) {
	t.Parallel()
	cases := []struct{ rule, pkg, imported string }{
		{rules[0].name, "internal/chat", module + "internal/marketplace"},
		{rules[1].name, "internal/scenario", "github.com/gin-gonic/gin"},
		{rules[2].name, "internal/marketplace/ozon", module + "internal/marketplace/yandex"},
		{rules[2].name, "internal/marketplace/ozon", module + "internal/server"},
		{rules[3].name, "internal/marketplace/health", module + "internal/marketplace/ozon"},
		{rules[4].name, "internal/marketplace", module + "internal/sandbox"},
		{rules[4].name, "internal/marketplace", module + "internal/marketplace/worldfile"},
		{rules[5].name, "internal/control", module + "internal/marketplace/ozon"},
		{rules[6].name, "internal/scenario", module + "internal/server"},
		{rules[7].name, "internal/control", module + "internal/server"},
	}
	for _, c := range cases {
		t.Run(c.pkg+" to "+c.imported, func(t *testing.T) {
			t.Parallel()
			for _, r := range rules {
				if r.name == c.rule {
					require.True(t, r.from(c.pkg) && r.forbids(c.pkg, c.imported))
				}
			}
		})
	}
}
