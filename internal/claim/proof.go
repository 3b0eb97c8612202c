package claim

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Proof is a scenario or a test that proves a claim.
type Proof struct {
	Claim string
	// Name is the scenario file without its suffix, or the test function.
	Name string
	// File is relative to the module root.
	File string
}

// marker begins the line of a test's doc comment that lists what it proves.
const marker = "Proves:"

// Proofs collects every proof of a module: the claims lists of
// scenarios/*/*.yaml, and the doc comments of Test and Fuzz functions with a
// line "Proves: ozon/a, ozon/b". They come sorted by claim, file and name.
func Proofs(module fs.FS) ([]Proof, error) {
	fromScenarios, err := scenarios(module)
	if err != nil {
		return nil, err
	}
	fromTests, err := tests(module)
	if err != nil {
		return nil, err
	}
	all := slices.Concat(fromScenarios, fromTests)
	slices.SortFunc(all, func(a, b Proof) int {
		return strings.Compare(a.Claim+" "+a.File+" "+a.Name, b.Claim+" "+b.File+" "+b.Name)
	})
	return slices.Compact(all), nil
}

func scenarios(module fs.FS) ([]Proof, error) {
	files, err := fs.Glob(module, "scenarios/*/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list scenarios: %w", err)
	}
	var all []Proof
	for _, file := range files {
		data, err := fs.ReadFile(module, file)
		if err != nil {
			return nil, fmt.Errorf("read scenario: %w", err)
		}
		var head struct {
			Claims []string `yaml:"claims"`
		}
		if err := yaml.Unmarshal(data, &head); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, id := range head.Claims {
			all = append(all, Proof{Claim: id, Name: strings.TrimSuffix(path.Base(file), ".yaml"), File: file})
		}
	}
	return all, nil
}

func tests(module fs.FS) ([]Proof, error) {
	var all []Proof
	err := walkGo(module, ".", func(file string, parsed *ast.File) {
		if !strings.HasSuffix(file, "_test.go") {
			return
		}
		for _, decl := range parsed.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || !isTest(fn.Name.Name) {
				continue
			}
			for _, id := range proved(fn.Doc.Text()) {
				all = append(all, Proof{Claim: id, Name: fn.Name.Name, File: file})
			}
		}
	})
	return all, err
}

func isTest(name string) bool {
	return strings.HasPrefix(name, "Test") || strings.HasPrefix(name, "Fuzz")
}

// proved are the ids of a doc comment's marked lines.
func proved(doc string) []string {
	var ids []string
	for line := range strings.Lines(doc) {
		list, ok := strings.CutPrefix(strings.TrimSpace(line), marker)
		if !ok {
			continue
		}
		for id := range strings.SplitSeq(list, ",") {
			if id = strings.TrimSpace(id); id != "" {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// walkGo parses every Go file below a directory, in lexical order.
func walkGo(module fs.FS, dir string, visit func(file string, parsed *ast.File)) error {
	return fs.WalkDir(module, dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("walk %s: %w", file, err)
		}
		if d.IsDir() {
			if skipped(d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(file) != ".go" {
			return nil
		}
		data, err := fs.ReadFile(module, file)
		if err != nil {
			return fmt.Errorf("read %s: %w", file, err)
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, data, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("parse: %w", err)
		}
		visit(file, parsed)
		return nil
	})
}

func skipped(dir string) bool {
	return dir != "." && (strings.HasPrefix(dir, ".") || dir == "testdata" || dir == "vendor" || dir == "tools")
}
