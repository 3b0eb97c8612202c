package scenario

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/scenario/value"
)

// Linter finds mistakes without a network: names that do not exist, variables
// that are not set, matchers and expressions that cannot be read.
type Linter struct {
	Specs    fs.FS // specs and claims at the root
	Fixtures fs.FS // nil: names of fixtures are not checked

	library *openapi.Library
	vendors map[string]*vendor
	ids     map[string][]string // claims by marketplace, nil if it has no file of them
}

// NewLinter makes a linter. It is not for concurrent use.
func NewLinter(specs, fixtures fs.FS) *Linter {
	return &Linter{
		Specs: specs, Fixtures: fixtures, library: openapi.NewLibrary(specs),
		vendors: map[string]*vendor{}, ids: map[string][]string{},
	}
}

func (l *Linter) vendor(marketplace string) (*vendor, error) {
	if v := l.vendors[marketplace]; v != nil {
		return v, nil
	}
	v, err := loadVendor(l.library, l.Specs, marketplace, func(string) []string { return nil })
	if err == nil {
		l.vendors[marketplace] = v
	}
	return v, err
}

// claims are the ids in the marketplace's file of claims, nil without one.
func (l *Linter) claims(marketplace string) []string {
	if ids, ok := l.ids[marketplace]; ok {
		return ids
	}
	var ids []string
	if src, err := fs.ReadFile(l.Specs, path.Base(marketplace)+".claims.yaml"); err == nil {
		if root, err := value.ParseYAML(src); err == nil {
			ids = []string{}
			root.Walk(func(n *value.Node) {
				if id := n.Field("id"); id != nil {
					ids = append(ids, id.Text)
				}
			})
		}
	}
	l.ids[marketplace] = ids
	return ids
}

// Lint returns the mistakes of all scripts, file by file.
func (l *Linter) Lint(scripts []*Script) Problems {
	var out Problems
	type title struct{ marketplace, name string }
	names := map[title]*Script{}
	for _, s := range scripts {
		x := &lint{decoder: &decoder{}, linter: l, script: s}
		x.all()
		called := title{s.Marketplace, s.Name}
		if first := names[called]; first != nil {
			x.wrong(s.Node.Field("name").Pos, "%s has the same name", first.File)
		}
		names[called] = s
		var found Problems
		for i := range x.problems {
			found = append(found, s.problem(&x.problems[i]))
		}
		out = append(out, found.sorted()...)
	}
	return out
}

// lint is the state of one script's check.
type lint struct {
	*decoder
	linter *Linter
	script *Script
	vendor *vendor // nil if the marketplace is not known
	known  map[string]bool
}

func (x *lint) all() {
	s := x.script
	var err error
	x.vendor, err = x.linter.vendor(s.Marketplace)
	if err != nil {
		x.wrong(s.Node.Field("marketplace").Pos, "%v", err)
	}
	x.claims()
	x.given()
	x.known = map[string]bool{"seller": true, "sellers": true, "receiver": true, "now": true, "unix": true, "sandbox": true, "base_url": true}
	if s.Vars != nil {
		for _, f := range s.Vars.Fields {
			x.plain(f.Value)
			x.known[f.Key] = true
		}
	}
	x.steps(s.Steps)
	if mock := s.mockOnly(); mock != nil && s.Live != nil && *s.Live {
		x.wrong(s.Node.Field("live").Pos, "live is true, but the step %s in line %d needs a mock", mock.Verb, mock.Node.Pos.Line)
	}
}

// claims checks the ids against the marketplace's file of claims, if any.
func (x *lint) claims() {
	ids := x.linter.claims(x.script.Marketplace)
	if ids == nil {
		return
	}
	for i, claim := range x.script.Claims {
		if !slices.Contains(ids, claim) {
			x.wrong(x.script.Node.Field("claims").List[i].Pos, "%s.claims.yaml has no claim %q%s",
				x.script.Marketplace, claim, hint.DidYouMean(claim, ids))
		}
	}
}

func (x *lint) given() {
	g := x.script.Given
	if g == nil {
		return
	}
	if g.Limits != nil {
		x.plain(g.Limits)
	}
	if isPath(g.Fixture) {
		if _, err := os.Stat(x.script.beside(g.Fixture)); err != nil && !filepath.IsAbs(g.Fixture) {
			x.wrong(x.script.Node.Field("given").Field("fixture").Pos, "there is no file %s", x.script.beside(g.Fixture))
		}
		return
	}
	if g.Fixture == "" || x.linter.Fixtures == nil {
		return
	}
	files, _ := fs.Glob(x.linter.Fixtures, "*.yaml")
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f, ".yaml"))
	}
	if !slices.Contains(names, g.Fixture) {
		x.wrong(x.script.Node.Field("given").Field("fixture").Pos, "there is no fixture %q%s", g.Fixture, hint.DidYouMean(g.Fixture, names))
	}
}

func (x *lint) add(problems []value.Error) { x.problems = append(x.problems, problems...) }

// plain checks a value that is filled in and sent.
func (x *lint) plain(n *value.Node) {
	x.add(value.CheckTemplates(n))
	x.variables(n)
}

// pattern checks a value that is compared with.
func (x *lint) pattern(n *value.Node) {
	x.add(value.CheckPattern(n))
	x.variables(n)
}

// variables checks that every template's variable was set before.
func (x *lint) variables(n *value.Node) {
	n.Walk(func(n *value.Node) {
		if n.Kind != value.String {
			return
		}
		paths, _ := value.Templates(n.Text)
		for _, p := range paths {
			x.variable(n.Pos, p[0].Key)
		}
	})
}

func (x *lint) variable(pos value.Pos, name string) {
	if x.known[name] {
		return
	}
	x.wrong(pos, "the variable %s is not set before%s", name, hint.DidYouMean(name, sortedKeys(x.known)))
}

// expression checks one, and the variables it names.
func (x *lint) expression(pos value.Pos, what, text string) {
	if err := checkExpression(text, func(name string) { x.variable(pos, name) }); err != nil {
		x.wrong(pos, "%s: %v", what, firstLine(err))
	}
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// operation checks that an operation exists. Others are more names that will do.
func (x *lint) operation(n *value.Node, others ...string) {
	if x.vendor == nil || n == nil {
		return
	}
	known := append(x.vendor.operationNames(), others...)
	if !slices.Contains(known, n.Text) {
		x.wrong(n.Pos, "the spec %s has no operation %q%s", x.vendor.name, n.Text, hint.DidYouMean(n.Text, known))
	}
}

// exactly complains unless just one of the keys is there.
func (x *lint) exactly(n *value.Node, what string, keys ...string) {
	count := 0
	for _, k := range keys {
		if n.Field(k) != nil {
			count++
		}
	}
	if count != 1 {
		x.wrong(n.Pos, "%s needs exactly one of %s", what, strings.Join(keys, ", "))
	}
}
