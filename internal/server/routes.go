package server

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
)

// verbs are the methods that a path answers, with an operation or with the
// vendor's refusal of the verb.
var verbs = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
	http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace,
}

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

// register puts the table into the engine, at the root and under each mount.
func (s *Server) register(t table) {
	for pattern, methods := range t {
		for _, verb := range verbs {
			s.engine.Handle(verb, pattern, s.atRoot(methods, verb))
		}
		for _, site := range owners(methods) {
			own := only(methods, site)
			site.patterns = append(site.patterns, pattern)
			for _, verb := range verbs {
				s.engine.Handle(verb, site.mount+pattern, s.under(own, verb))
			}
		}
	}
}

// atRoot serves a path that stands at the root, for whichever vendor is meant.
func (s *Server) atRoot(methods map[string][]route, verb string) gin.HandlerFunc {
	sites := owners(methods)
	byOwner := make(map[*site]gin.HandlerFunc, len(sites))
	for _, owner := range sites {
		byOwner[owner] = s.under(only(methods, owner), verb)
	}
	if len(sites) == 1 {
		return byOwner[sites[0]]
	}
	return func(c *gin.Context) { byOwner[s.choose(c, sites, sites[0])](c) }
}

// under serves one vendor's path.
func (s *Server) under(methods map[string]route, verb string) gin.HandlerFunc {
	if r, ok := methods[verb]; ok {
		return func(c *gin.Context) { s.serve(c, r) }
	}
	wrong := wrongVerb(methods, verb)
	return func(c *gin.Context) { s.serve(c, wrong) }
}

// wrongVerb is the refusal of a verb on a path that has others. It belongs to
// the spec of those.
func wrongVerb(methods map[string]route, verb string) route {
	allowed := slices.Sorted(maps.Keys(methods))
	one := methods[allowed[0]]
	return route{
		site: one.site, names: one.names, operation: openapi.Operation{Spec: one.operation.Spec},
		run: marketplace.Operation{Run: refuse(&marketplace.VerbError{Method: verb, Allowed: allowed})},
	}
}

func owners(methods map[string][]route) []*site {
	var list []*site
	for _, verb := range verbs {
		for _, r := range methods[verb] {
			if !slices.Contains(list, r.site) {
				list = append(list, r.site)
			}
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

// has reports whether a site has a path, whatever the verb.
func (s *site) has(path string) bool {
	segments := strings.Split(strings.TrimPrefix(path, s.mount), "/")
	return slices.ContainsFunc(s.patterns, func(pattern string) bool {
		parts := strings.Split(pattern, "/")
		return slices.EqualFunc(parts, segments, func(part, segment string) bool {
			return part == segment || strings.HasPrefix(part, ":") && segment != ""
		})
	})
}
