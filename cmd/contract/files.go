package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"example.com/marketmock/internal/cli"
	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/scenario"
	"example.com/marketmock/scenarios"
)

// bundled is what bundled scenarios are shown under.
const bundled = "scenarios"

// everything stands for all that are bundled; it is no path.
const everything = ""

// load reads scenarios from files, folders and bundled names; no paths are all
// that are bundled. Mistakes come as scenario.Problems beside what could be read.
func load(paths []string) ([]*scenario.Script, error) {
	if len(paths) == 0 {
		paths = []string{everything}
	}
	var scripts []*scenario.Script
	var problems scenario.Problems
	seen := map[string]bool{}
	for _, p := range paths {
		files, err := find(p)
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			return nil, &cli.UsageError{Text: fmt.Sprintf("there are no scenarios (.yaml, .yml) in %s", p)}
		}
		for _, f := range files {
			if seen[f.name] {
				continue
			}
			seen[f.name] = true
			s, err := f.parse()
			var found scenario.Problems
			switch {
			case errors.As(err, &found):
				problems = append(problems, found...)
			case err != nil:
				return nil, err
			default:
				scripts = append(scripts, s)
			}
		}
	}
	if len(problems) > 0 {
		return scripts, problems
	}
	return scripts, nil
}

type file struct {
	name string // shown to people
	fsys fs.FS
	path string
}

func (f file) parse() (*scenario.Script, error) {
	src, err := fs.ReadFile(f.fsys, f.path)
	if err != nil {
		return nil, err
	}
	return scenario.Parse(f.name, src)
}

// find resolves one path: on disk, else bundled.
func find(p string) ([]file, error) {
	if p == everything {
		return folder(scenarios.FS, ".", bundled)
	}
	info, err := os.Stat(p)
	switch {
	case err == nil && info.IsDir():
		return folder(os.DirFS(p), ".", p)
	case err == nil:
		return []file{{p, os.DirFS(filepath.Dir(p)), filepath.Base(p)}}, nil
	}
	name := strings.TrimSuffix(path.Clean(strings.TrimPrefix(p, bundled+"/")), ".yaml")
	if info, err := fs.Stat(scenarios.FS, name); err == nil && info.IsDir() {
		return folder(scenarios.FS, name, bundled)
	}
	if _, err := fs.Stat(scenarios.FS, name+".yaml"); err == nil {
		return []file{{path.Join(bundled, name+".yaml"), scenarios.FS, name + ".yaml"}}, nil
	}
	return nil, &cli.UsageError{Text: fmt.Sprintf("no file, folder or bundled scenario is called %q%s", p, similar(p))}
}

func similar(p string) string {
	all, err := folder(scenarios.FS, ".", "")
	if err != nil {
		return ""
	}
	var names []string
	for _, f := range all {
		names = append(names, strings.TrimSuffix(f.path, ".yaml"))
	}
	return hint.DidYouMean(p, names)
}

// folder lists the YAML files below a folder, by name.
func folder(fsys fs.FS, root, shown string) ([]file, error) {
	var out []file
	err := fs.WalkDir(fsys, root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if ext := path.Ext(p); !d.IsDir() && (ext == ".yaml" || ext == ".yml") {
			out = append(out, file{path.Join(filepath.ToSlash(shown), p), fsys, p})
		}
		return nil
	})
	slices.SortFunc(out, func(a, b file) int { return strings.Compare(a.name, b.name) })
	return out, err
}
