package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// place is a place in our document, which need not hold anything.
type place struct {
	root   map[string]any
	at     string // a JSON pointer, behind the last reference
	node   any
	reason string // of the nearest x-differs at the place or above it
}

// part is the paths, the components or the security of a document. Only of the
// last the x-differs of the root speaks.
func part(root map[string]any, token string) place {
	p := place{root: root, at: "#", node: root}
	if token == "security" {
		p = p.told()
	}
	return p.child(token)
}

// told takes the x-differs of the place itself.
func (p place) told() place {
	m, _ := p.node.(map[string]any)
	switch reason := m["x-differs"].(type) {
	case nil, map[string]any:
	default:
		p.reason = fmt.Sprint(reason)
	}
	return p
}

// ofMember is what the x-differs of the place says of its member called token
// alone, else the reason of the place.
func (p place) ofMember(token string) string {
	m, _ := p.node.(map[string]any)
	members, _ := m["x-differs"].(map[string]any)
	if reason, ok := members[token]; ok {
		return fmt.Sprint(reason)
	}
	return p.reason
}

// here is the member called token, without following a reference.
func (p place) here(token string) place {
	child := place{root: p.root, at: p.at + "/" + escape(token), reason: p.ofMember(token)}
	switch node := p.node.(type) {
	case map[string]any:
		child.node = node[token]
	case []any:
		if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(node) {
			child.node = node[i]
		}
	}
	return child.told()
}

// child is the member called token, or what it refers to.
func (p place) child(token string) place {
	return p.here(token).follow()
}

// maxRefs bounds a chain of references.
const maxRefs = 32

func (p place) follow() place {
	for range maxRefs {
		m, _ := p.node.(map[string]any)
		ref, ok := m["$ref"].(string)
		if !ok {
			return p
		}
		rest, local := strings.CutPrefix(ref, "#/")
		if !local {
			return p
		}
		p = place{root: p.root, at: "#", node: p.root}
		for token := range strings.SplitSeq(rest, "/") {
			p = p.here(unescape(token))
		}
	}
	return p
}

// path finds a path whose parameters may be called otherwise.
func (p place) path(path string) place {
	m, _ := p.node.(map[string]any)
	if m[path] != nil {
		return p.child(path)
	}
	shape := regexp.MustCompile(`\{[^}]*\}`)
	for name := range m {
		if shape.ReplaceAllString(name, "{}") == shape.ReplaceAllString(path, "{}") {
			return p.child(name)
		}
	}
	return p.child(path)
}

// parameter finds a parameter of an operation or of a path.
func (p place) parameter(in, name string) place {
	list := p.here("parameters")
	items, _ := list.node.([]any)
	for i := range items {
		parameter := list.child(strconv.Itoa(i))
		m, _ := parameter.node.(map[string]any)
		if m["in"] == in && m["name"] == name {
			return parameter
		}
	}
	return place{root: p.root, at: list.at + "/" + in + ":" + escape(name), reason: list.reason}
}

// isShared tells of which members a reference is the member itself: a header that
// two answers refer to is one header.
func isShared(kind string) bool {
	return slices.Contains([]string{"headers", "responses", "requestBodies", "securitySchemes"}, kind)
}
