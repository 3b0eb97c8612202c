package scenario

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/openapi"
)

// vendor is what the specs tell the runner about a marketplace, in one edition
// and with one choice of switches.
type vendor struct {
	name       string
	operations []operation   // of its own spec, then of the others that it serves
	push       *openapi.Spec // nil if it sends no notifications
	usual      scheme        // of calls that no operation describes
	schemes    map[string]scheme
	replies    replies
	verifier   *verifier // nil if its notifications are not signed
}

// operation is one of the specs of a marketplace.
type operation struct {
	openapi.Operation
	spec   *openapi.Spec
	scheme scheme // how it carries credentials unless a step says
}

// pushSpec is the spec of what a marketplace sends to others.
func pushSpec(marketplace string) string { return marketplace + "-push" }

// servedSpecs names what a marketplace answers to: its own spec first, then
// every <marketplace>-*.yaml but that of its notifications. One with a file of
// claims is another marketplace.
func servedSpecs(files fs.FS, marketplace string) []string {
	out := []string{marketplace}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return out
	}
	for _, e := range entries {
		name, isYAML := strings.CutSuffix(e.Name(), ".yaml")
		if !isYAML || !strings.HasPrefix(name, marketplace+"-") || strings.Contains(name, ".") || name == pushSpec(marketplace) {
			continue
		}
		if _, err := fs.Stat(files, name+".claims.yaml"); err != nil {
			out = append(out, name)
		}
	}
	return out
}

// loadVendor reads the specs of a marketplace.
func loadVendor(lib *openapi.Library, files fs.FS, marketplace string, overlays func(spec string) []string) (*vendor, error) {
	v := &vendor{name: marketplace, schemes: map[string]scheme{}}
	for _, name := range servedSpecs(files, marketplace) {
		spec, err := lib.Load(name, overlays(name)...)
		if name == marketplace && errors.Is(err, fs.ErrNotExist) {
			return nil, unknownMarketplace(files, marketplace)
		}
		if err != nil {
			return nil, fmt.Errorf("marketplace %s: %w", marketplace, err)
		}
		if err := v.serve(spec); err != nil {
			return nil, err
		}
	}
	push := pushSpec(marketplace)
	var err error
	if v.push, err = lib.Load(push, overlays(push)...); errors.Is(err, fs.ErrNotExist) {
		v.push = nil
		return v, nil
	} else if err != nil {
		return nil, fmt.Errorf("marketplace %s: %w", marketplace, err)
	}
	if v.verifier, err = readVerifier(v.push); err != nil {
		return nil, err
	}
	v.replies, err = readReplies(v.push)
	return v, err
}

// unknownMarketplace is a name without a spec. Known are those that have a file
// of claims beside it.
func unknownMarketplace(files fs.FS, name string) error {
	var known []string
	claims, _ := fs.Glob(files, "*.claims.yaml")
	for _, f := range claims {
		known = append(known, strings.TrimSuffix(f, ".claims.yaml"))
	}
	return fmt.Errorf("there is no marketplace %q%s", name, hint.OrKnown(name, known))
}

// serve adds a spec; what is there already wins.
func (v *vendor) serve(spec *openapi.Spec) error {
	credentials, err := readSecurity(spec)
	if err != nil {
		return err
	}
	if spec.Name() == v.name {
		v.usual = credentials.usual()
	}
	schemes := credentials.schemes()
	maps.Copy(schemes, v.schemes)
	v.schemes = schemes
	for _, op := range spec.Operations() {
		v.operations = append(v.operations, operation{op, spec, credentials.of(op)})
	}
	return nil
}

// operation finds one by its operationId.
func (v *vendor) operation(id string) (operation, bool) {
	i := slices.IndexFunc(v.operations, func(op operation) bool { return op.ID == id })
	if i < 0 {
		return operation{}, false
	}
	return v.operations[i], true
}

func (v *vendor) operationNames() []string {
	out := make([]string, len(v.operations))
	for i, op := range v.operations {
		out[i] = op.ID
	}
	return out
}

// writes says whether an operation may change something.
func (o operation) writes() bool { return o.Extensions["x-effect"] != "read" }

// elsewhere says that an operation is of a spec that has a host of its own on a
// live target.
func (o operation) elsewhere(v *vendor) bool { return o.spec.Name() != v.name }

// parameters are the names in the operation's path.
func (o operation) parameters() []string {
	var out []string
	for _, m := range pathParam.FindAllStringSubmatch(o.Path, -1) {
		out = append(out, m[1])
	}
	return out
}
