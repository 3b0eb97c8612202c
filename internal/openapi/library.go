package openapi

import (
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

// Library loads each spec once per process and compiles each distinct
// combination of overlays once; different specs load in parallel. Safe for
// concurrent use.
type Library struct {
	fsys   fs.FS
	strict bool

	mu        sync.Mutex
	documents map[string]func() (map[string]any, error) // by path in fsys
	specs     map[string]func() (*Spec, error)          // by name and overlays
}

// Option changes how a library loads.
type Option func(*Library)

// Strict makes Load refuse what Validate refuses. It is for specs that come
// from outside; tests prove the embedded ones valid.
func Strict() Option {
	return func(l *Library) { l.strict = true }
}

// NewLibrary reads specs and overlays from fsys (specs at the root, overlays in
// overlays/), each when it is first asked for.
func NewLibrary(fsys fs.FS, options ...Option) *Library {
	l := &Library{
		fsys:      fsys,
		documents: map[string]func() (map[string]any, error){},
		specs:     map[string]func() (*Spec, error){},
	}
	for _, option := range options {
		option(l)
	}
	return l
}

// Load returns the spec with overlays (names without .yaml) applied in the
// given order. Parsed and compiled once. An overlay's target that selects
// nothing is passed over, as the Overlay specification wants; Validate refuses
// it. A missing file is fs.ErrNotExist.
func (l *Library) Load(name string, overlays ...string) (*Spec, error) {
	key := strings.Join(append([]string{name}, overlays...), "\x00")
	l.mu.Lock()
	load, ok := l.specs[key]
	if !ok {
		overlays := append([]string(nil), overlays...)
		load = sync.OnceValues(func() (*Spec, error) { return l.load(name, overlays) })
		l.specs[key] = load
	}
	l.mu.Unlock()
	return load()
}

// Validate is the strict load: every example and default (of schemas, media
// types, parameters and headers) is valid, no schema has a keyword that does not
// exist, and every overlay action selects something.
func (l *Library) Validate(name string, overlays ...string) error {
	spec, err := l.compile(name, overlays, true)
	if err != nil {
		return err
	}
	return spec.validate()
}

func (l *Library) load(name string, overlays []string) (*Spec, error) {
	spec, err := l.compile(name, overlays, l.strict)
	if err != nil {
		return nil, err
	}
	if l.strict {
		if err := spec.validate(); err != nil {
			return nil, err
		}
	}
	return spec, nil
}

func (l *Library) compile(name string, overlays []string, strict bool) (*Spec, error) {
	document, err := l.document(name + ".yaml")
	if err != nil {
		return nil, err
	}
	if len(overlays) > 0 {
		document, _ = clone(document).(map[string]any)
	}
	for _, overlay := range overlays {
		file := "overlays/" + overlay + ".yaml"
		changes, err := l.document(file)
		if err != nil {
			return nil, err
		}
		if document, err = applyOverlay(document, changes, strict); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	spec, err := compile(name, document, strict)
	if err != nil {
		return nil, fmt.Errorf("%s.yaml: %w", name, err)
	}
	return spec, nil
}

// document decodes one file once. What it returns is shared and not changed.
func (l *Library) document(file string) (map[string]any, error) {
	l.mu.Lock()
	read, ok := l.documents[file]
	if !ok {
		read = sync.OnceValues(func() (map[string]any, error) {
			data, err := fs.ReadFile(l.fsys, file)
			if err != nil {
				return nil, err
			}
			document, err := decodeYAML(data)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			return document, nil
		})
		l.documents[file] = read
	}
	l.mu.Unlock()
	return read()
}
