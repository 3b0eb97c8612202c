package server

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
)

// table is every operation by path template and method. Two vendors may have
// the same path at the root; they may name its parameters as they like.
type table map[string]map[string][]route

// table reads the operations from the specs and finds their behaviour.
func (s *Server) table() (table, error) {
	t := table{}
	for _, site := range s.sites {
		for _, name := range site.Specs() {
			spec, err := s.library.Load(name)
			if err != nil {
				return nil, err
			}
			for _, op := range spec.Operations() {
				if err := t.add(site, op); err != nil {
					return nil, fmt.Errorf("spec %s: %w", name, err)
				}
			}
		}
	}
	return t, nil
}

// add enters an operation under its documented path and under the other
// spellings of it. It refuses one that nobody would ever reach.
func (t table) add(owner *site, op openapi.Operation) error {
	run, ok := owner.operations[op.ID]
	if !ok {
		return fmt.Errorf("operation %s has no behaviour", op.ID)
	}
	names, err := t.enter(op.Path, route{site: owner, operation: op, run: run})
	if err != nil {
		return fmt.Errorf("operation %s: %w", op.ID, err)
	}
	for _, spelling := range owner.Paths(op.Path) {
		own, err := t.enter(spelling, route{site: owner, operation: op, run: run, spelled: true})
		if err != nil {
			return fmt.Errorf("operation %s: %w", op.ID, err)
		}
		if slices.Sort(names); !slices.Equal(names, slices.Sorted(slices.Values(own))) {
			return fmt.Errorf("operation %s: path %s has parameters %v, its spelling %s has %v", op.ID, op.Path, names, spelling, own)
		}
	}
	return nil
}

// enter puts a route at a path and returns the names of the path's parameters.
func (t table) enter(path string, r route) ([]string, error) {
	pattern, names, err := ginPath(path)
	if err != nil {
		return nil, err
	}
	if t[pattern] == nil {
		t[pattern] = map[string][]route{}
	}
	for verb, routes := range t[pattern] {
		for _, other := range routes {
			if other.site == r.site && (verb == r.operation.Method || r.stranger(other)) {
				return nil, fmt.Errorf("path %s is taken by operation %s", path, other.operation.ID)
			}
		}
	}
	r.names = names
	t[pattern][r.operation.Method] = append(t[pattern][r.operation.Method], r)
	return slices.Clone(names), nil
}

// stranger reports whether two routes share a path that only one of them is
// documented under.
func (r route) stranger(other route) bool {
	return (r.spelled || other.spelled) && r.operation.Path != other.operation.Path
}

// crossing is a path template with what a site does there.
type crossing struct {
	segments []string // those of parameters begin with a colon
	methods  map[string]route
}

// at is the operation of a verb, or the vendor's refusal of it, which belongs to
// the spec of the others.
func (p crossing) at(verb string) route {
	if r, ok := p.methods[verb]; ok {
		return r
	}
	allowed := slices.Sorted(maps.Keys(p.methods))
	one := p.methods[allowed[0]]
	return route{
		site: one.site, operation: openapi.Operation{Spec: one.operation.Spec},
		run: marketplace.Operation{Run: refuse(&marketplace.VerbError{Method: verb, Allowed: allowed})},
	}
}

// register puts the table into the engine, at the root and under each mount. Verbs
// that nothing there has are left to noRoute: each one known to Gin costs a tree.
func (s *Server) register(t table) {
	split := make(map[string][]string, len(t))
	for pattern := range t {
		split[pattern] = strings.Split(pattern, "/")
	}
	for pattern, methods := range t {
		verbs := t.verbs(split, pattern)
		byOwner := map[*site]gin.HandlerFunc{}
		sites := s.owners(methods)
		for _, owner := range sites {
			p := crossing{segments: split[pattern], methods: only(methods, owner)}
			owner.crossings = append(owner.crossings, p)
			byOwner[owner] = func(c *gin.Context) { s.serve(c, p.at(c.Request.Method)) }
			s.engine.Match(verbs, owner.mount+pattern, byOwner[owner])
		}
		if len(sites) == 1 {
			s.engine.Match(verbs, pattern, byOwner[sites[0]])
			continue
		}
		s.engine.Match(verbs, pattern, func(c *gin.Context) { byOwner[s.choose(c, sites, sites[0])](c) })
	}
}

// verbs are those of a pattern, and of the patterns that share paths with it: Gin
// would take such a path for theirs, where this one stands before them.
func (t table) verbs(split map[string][]string, pattern string) []string {
	all := map[string]bool{}
	for other, methods := range t {
		if slices.EqualFunc(split[other], split[pattern], meet) {
			for verb := range methods {
				all[verb] = true
			}
		}
	}
	return slices.Collect(maps.Keys(all))
}

// meet reports whether a segment of a path can be both.
func meet(a, b string) bool { return a == b || strings.HasPrefix(a, ":") || strings.HasPrefix(b, ":") }

// owners are the sites that have a path, in their order.
func (s *Server) owners(methods map[string][]route) []*site {
	var list []*site
	for _, site := range s.sites {
		if len(only(methods, site)) > 0 {
			list = append(list, site)
		}
	}
	return list
}

func only(methods map[string][]route, owner *site) map[string]route {
	own := map[string]route{}
	for verb, routes := range methods {
		for _, r := range routes {
			if r.site == owner {
				own[verb] = r
			}
		}
	}
	return own
}

// ginPath turns /a/{b}/c into /a/:1/c and the names of its parameters: by
// position, so that two vendors may name the same place differently.
func ginPath(template string) (pattern string, names []string, err error) {
	parts := strings.Split(template, "/")
	for i, part := range parts {
		name, braced := strings.CutPrefix(part, "{")
		name, closed := strings.CutSuffix(name, "}")
		switch {
		case braced && closed && !strings.ContainsAny(name, "{}"):
			names = append(names, name)
			parts[i] = fmt.Sprintf(":%d", len(names))
		case strings.ContainsAny(part, "{}:*"):
			return "", nil, fmt.Errorf("path %s: a parameter must be a whole segment", template)
		}
	}
	return strings.Join(parts, "/"), names, nil
}

// crossing finds a path, whatever the verb. Of several the one is meant that says
// more of the path from its left, as Gin takes it.
func (s *site) crossing(path string) (found crossing, ok bool) {
	segments := strings.Split(strings.TrimPrefix(path, s.mount), "/")
	for _, p := range s.crossings {
		if slices.EqualFunc(p.segments, segments, fits) && (!ok || slices.CompareFunc(p.segments, found.segments, plainFirst) < 0) {
			found, ok = p, true
		}
	}
	return found, ok
}

// having are the sites that have a path, and none that says less of it, as Gin takes
// it at the root.
func (s *Server) having(path string) []*site {
	var list []*site
	var best []string
	for _, site := range s.sites {
		p, ok := site.crossing(path)
		if !ok {
			continue
		}
		order := slices.CompareFunc(p.segments, best, plainFirst)
		if len(list) == 0 || order < 0 {
			list, best = nil, p.segments
		}
		if len(list) == 0 || order == 0 {
			list = append(list, site)
		}
	}
	return list
}

func fits(part, segment string) bool {
	return part == segment || strings.HasPrefix(part, ":") && segment != ""
}

func plainFirst(a, b string) int {
	switch {
	case a == b:
		return 0
	case strings.HasPrefix(b, ":"):
		return -1
	}
	return 1
}
