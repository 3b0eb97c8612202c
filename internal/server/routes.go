package server

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"example.com/marketmock/internal/marketplace"
)

// verbs are the methods that a path answers, with an operation or with the
// vendor's refusal of the verb.
var verbs = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
	http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace,
}

// table is every operation by path and method. Two vendors may have the same
// path at the root.
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
				run, ok := site.operations[op.ID]
				if !ok {
					return nil, fmt.Errorf("operation %s of %s has no behaviour", op.ID, name)
				}
				if t[op.Path] == nil {
					t[op.Path] = map[string][]route{}
				}
				t[op.Path][op.Method] = append(t[op.Path][op.Method], route{site, op, run})
			}
		}
	}
	return t, nil
}

// register puts the table into the engine, at the root and under each mount.
func (s *Server) register(t table) {
	for path, methods := range t {
		gp := ginPath(path)
		for _, verb := range verbs {
			s.engine.Handle(verb, gp, s.atRoot(methods, verb))
		}
		for _, site := range owners(methods) {
			own := only(methods, site)
			for _, verb := range verbs {
				s.engine.Handle(verb, site.mount+gp, s.under(own, verb))
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
	return func(c *gin.Context) { byOwner[s.choose(c.Request, sites, sites[0])](c) }
}

// under serves one vendor's path.
func (s *Server) under(methods map[string]route, verb string) gin.HandlerFunc {
	if r, ok := methods[verb]; ok {
		return func(c *gin.Context) { s.serve(c, r) }
	}
	allowed := make([]string, 0, len(methods))
	var one route
	for method, r := range methods {
		allowed = append(allowed, method)
		one = r
	}
	slices.Sort(allowed)
	wrong := route{site: one.site, run: marketplace.Operation{
		Run: refuse(&marketplace.VerbError{Method: verb, Allowed: allowed}),
	}}
	return func(c *gin.Context) { s.serve(c, wrong) }
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

// ginPath turns /a/{b} into /a/:b.
func ginPath(template string) string {
	parts := strings.Split(template, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, "{") && strings.HasSuffix(part, "}") {
			parts[i] = ":" + part[1:len(part)-1]
		}
	}
	return strings.Join(parts, "/")
}
