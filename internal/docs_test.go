package internal_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/fixtures"
	"example.com/marketmock/internal/fault"
	"example.com/marketmock/internal/fixture"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/all"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/server"
	"example.com/marketmock/specs"
)

var update = flag.Bool("update", false, "rewrite the generated tables of README.md")

const readme = "../README.md"

func text(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(data)
}

// rows are the cells of the table below a marker, without its two head lines.
func rows(t *testing.T, document, marker string) [][]string {
	t.Helper()
	_, rest, found := strings.Cut(document, "<!-- "+marker+" -->\n")
	require.True(t, found, "README.md has no marker %q", marker)
	var out [][]string
	for line := range strings.Lines(rest) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			break
		}
		var cells []string
		for cell := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
			cells = append(cells, strings.TrimSpace(cell))
		}
		out = append(out, cells)
	}
	require.Greater(t, len(out), 2, "no table follows the marker %q", marker)
	return out[2:]
}

// quoted are the texts in backticks.
func quoted(cell string) []string {
	var out []string
	for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cell, -1) {
		out = append(out, m[1])
	}
	return out
}

// flagsOf reads a golden help text: flag → its sentence, with line breaks gone.
func flagsOf(t *testing.T, golden string) map[string]string {
	t.Helper()
	start := regexp.MustCompile(`^ {2,6}(?:-\w, {1,2})?--([a-z-]+)\S*\s*(.*)$`)
	flags, last := map[string]string{}, ""
	for line := range strings.Lines(text(t, golden)) {
		line = strings.TrimRight(line, "\n")
		if m := start.FindStringSubmatch(line); m != nil {
			last = m[1]
			flags[last] = m[2]
		} else if last != "" {
			flags[last] += " " + strings.TrimSpace(line)
		}
	}
	delete(flags, "help")
	delete(flags, "version")
	require.NotEmpty(t, flags)
	return flags
}

func TestReadmeNamesEveryFlagOfMockserver(t *testing.T) {
	t.Parallel()
	flags := flagsOf(t, "../cmd/mockserver/testdata/help-serve.txt")
	inBrackets := regexp.MustCompile(`\(([^)]*)\)`)
	want := [][]string{}
	for name, help := range flags {
		fallback := ""
		if m := inBrackets.FindStringSubmatch(help); m != nil {
			fallback = m[1]
		}
		want = append(want, []string{name, "MOCKSERVER_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_")), fallback})
	}
	got := [][]string{}
	for _, row := range rows(t, text(t, readme), "checked: flags of mockserver serve") {
		got = append(got, []string{strings.TrimPrefix(quoted(row[0])[0], "--"), quoted(row[1])[0], row[2]})
	}
	require.ElementsMatch(t, want, got)
}

func TestReadmeNamesEveryFlagOfContractRun(t *testing.T) {
	t.Parallel()
	var want, got []string
	for name := range flagsOf(t, "../cmd/contract/testdata/help-run.txt") {
		want = append(want, "--"+name)
	}
	for _, row := range rows(t, text(t, readme), "checked: flags of contract run") {
		got = append(got, quoted(row[0])...)
	}
	require.ElementsMatch(t, want, got)
}

func TestReadmeNamesEveryCallOfTheControlAPI(t *testing.T) {
	t.Parallel()
	spec, err := openapi.NewLibrary(specs.FS).Load("control")
	require.NoError(t, err)
	var want, got []string
	for _, op := range spec.Operations() {
		want = append(want, op.Method+" "+op.Path)
	}
	for _, row := range rows(t, text(t, readme), "checked: endpoints of specs/control.yaml") {
		call := strings.ReplaceAll(quoted(row[0])[0], "…", "/_mock/sandboxes/{sandbox}")
		methods, path, _ := strings.Cut(call, " /")
		for method := range strings.SplitSeq(methods, ", ") {
			got = append(got, method+" /"+path)
		}
	}
	require.ElementsMatch(t, want, got)
}

func TestReadmeNamesEveryKindOfFault(t *testing.T) {
	t.Parallel()
	want := []string{
		string(fault.Status), string(fault.RateLimit), string(fault.Delay), string(fault.Drop), string(fault.Truncate),
		string(fault.BreakSpec), string(fault.Lose), string(fault.Late), string(fault.Duplicate), string(fault.Reorder),
	}
	enum := regexp.MustCompile(`enum: \[(status, rate-limit, [^\]]*)\]`).FindStringSubmatch(text(t, "../specs/control.yaml"))
	require.NotNil(t, enum)
	require.ElementsMatch(t, want, strings.Split(enum[1], ", "))
	var got []string
	for _, row := range rows(t, text(t, readme), "checked: kinds of faults in specs/control.yaml") {
		got = append(got, quoted(row[0])[0])
	}
	require.ElementsMatch(t, want, got)
}

// switchTable is every switch of a marketplace with its values and default.
func switchTable(em marketplace.Emulator) string {
	var b strings.Builder
	b.WriteString("| switch | values | default | why |\n| --- | --- | --- | --- |\n")
	for _, s := range em.Switches() {
		fallback := s.Default(server.Newest)
		if s.By != fallback {
			fallback = s.By + ", now " + fallback
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", s.Name, strings.Join(s.Values, ", "), fallback, s.Why)
	}
	return b.String()
}

// fixtureTable is every bundled world with its description.
func fixtureTable(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("| fixture | world |\n| --- | --- |\n")
	for _, name := range fixture.Bundled() {
		world, err := fixture.Load(fixtures.FS, name)
		require.NoError(t, err)
		fmt.Fprintf(&b, "| `%s` | %s |\n", name, world.Description)
	}
	return b.String()
}

func TestGeneratedTablesOfTheReadmeAreUpToDate(t *testing.T) {
	document := text(t, readme)
	tables := map[string]string{"fixtures": fixtureTable(t)}
	for _, em := range all.Emulators() {
		tables["switches of "+em.Name()] = switchTable(em)
	}
	for marker, table := range tables {
		before, rest, found := strings.Cut(document, "<!-- generated: "+marker+" -->\n")
		require.True(t, found, marker)
		old, after, found := strings.Cut(rest, "<!-- end -->")
		require.True(t, found, marker)
		if *update {
			document = before + "<!-- generated: " + marker + " -->\n" + table + "<!-- end -->" + after
			continue
		}
		require.Equal(t, table, old, "go test ./internal -update rewrites it")
	}
	if *update {
		require.NoError(t, os.WriteFile(readme, []byte(document), 0o600))
	}
}

// Every `ozon/…` in the documents is a scenario or a claim.
func TestScenariosAndClaimsInDocumentsExist(t *testing.T) {
	t.Parallel()
	for _, em := range all.Emulators() {
		claims := text(t, "../specs/"+em.Name()+".claims.yaml")
		named := regexp.MustCompile("`(" + em.Name() + `/[a-z0-9-]+)` + "`")
		for _, document := range documents(t) {
			for _, m := range named.FindAllStringSubmatch(text(t, document), -1) {
				_, err := os.Stat("../scenarios/" + m[1] + ".yaml")
				require.True(t, err == nil || regexp.MustCompile(`id: `+m[1]+`\b`).MatchString(claims),
					"%s names %s, which is neither a scenario nor a claim", document, m[1])
			}
		}
	}
}

// documents are the Markdown files of the module.
func documents(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git"):
			return filepath.SkipDir
		case !entry.IsDir() && strings.HasSuffix(path, ".md"):
			found = append(found, path)
		}
		return nil
	})
	require.NoError(t, err)
	require.Contains(t, found, readme)
	return found
}

func TestRelativeLinksInDocumentsLeadSomewhere(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	for _, document := range documents(t) {
		body := text(t, document)
		for _, m := range link.FindAllStringSubmatch(body, -1) {
			if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
				continue
			}
			path, anchor, _ := strings.Cut(m[1], "#")
			target, of := document, body
			if path != "" {
				target = filepath.Join(filepath.Dir(document), filepath.FromSlash(path))
				info, err := os.Stat(target)
				require.NoError(t, err, "%s links to %s", document, m[1])
				if of = ""; !info.IsDir() {
					of = text(t, target)
				}
			}
			if anchor != "" {
				require.Contains(t, anchors(of), anchor, "%s links to %s", document, m[1])
			}
		}
	}
}

// anchors are what headings are linked by.
func anchors(document string) []string {
	var out []string
	odd := regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	for _, m := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(document, -1) {
		slug := odd.ReplaceAllString(strings.ToLower(m[1]), "")
		out = append(out, strings.ReplaceAll(slug, " ", "-"))
	}
	return out
}

func TestDevelopmentNamesEveryPackage(t *testing.T) {
	t.Parallel()
	var got []string
	for _, row := range rows(t, text(t, "../DEVELOPMENT.md"), "checked: packages") {
		got = append(got, quoted(row[0])...)
	}
	var want []string
	for pkg := range imports(t) {
		if strings.Contains(pkg, "/") || pkg == "fixtures" || pkg == "scenarios" || pkg == "specs" {
			want = append(want, pkg)
		}
	}
	slices.Sort(want)
	require.ElementsMatch(t, want, got)
}

func TestTheNewestEditionInTheReadmeIsTheServers(t *testing.T) {
	t.Parallel()
	require.Contains(t, text(t, readme), "The newest is "+server.Newest.Format(time.DateOnly)+".")
}
