package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/oasdiff/oasdiff/diff"
)

// difference is one line of the output.
type difference struct {
	at           string
	ours, theirs string
	reason       string // "" is unexplained
	times        int    // that it was met
}

func (d difference) String() string {
	word, reason := "unexplained", ""
	if d.reason != "" {
		word, reason = "explained", "  ("+d.reason+")"
	}
	at := d.at
	if d.times > 1 {
		at += fmt.Sprintf(" (met %d times)", d.times)
	}
	return fmt.Sprintf("%-11s  %s  ours: %s  theirs: %s%s", word, at, d.ours, d.theirs, reason)
}

// What stands for a side of a difference that is not a value.
const (
	absent = "absent"
	there  = "there"
)

// compare returns the structural differences by place.
func compare(ours, theirs *document) ([]difference, error) {
	our, err := ours.load()
	if err != nil {
		return nil, err
	}
	their, err := theirs.load()
	if err != nil {
		return nil, err
	}
	config := diff.NewConfig(diff.WithExcludeElements([]string{diff.ExcludeEndpointsOption}))
	found, err := diff.Get(config, our, their)
	if err != nil {
		return nil, fmt.Errorf("compare %s with %s: %w", ours.file, theirs.file, err)
	}
	if found == nil {
		return nil, nil
	}
	if found.ComponentsDiff == nil {
		found.ComponentsDiff = &diff.ComponentsDiff{}
	}
	paths, err := tree(found.PathsDiff)
	if err != nil {
		return nil, err
	}
	security, err := tree(found.SecurityDiff)
	if err != nil {
		return nil, err
	}
	schemes, err := tree(found.ComponentsDiff.SecuritySchemesDiff)
	if err != nil {
		return nil, err
	}
	c := &collector{found: map[[3]string]*difference{}}
	c.members(paths, part(ours.root, "paths"), "paths")
	c.keyword("security", security, part(ours.root, "security"))
	c.keyword("securitySchemes", schemes, part(ours.root, "components").child("securitySchemes"))
	return c.sorted(), nil
}

// tree gives a part of what oasdiff found as its JSON has it, which names the
// fields nearly as OpenAPI does.
func tree(part any) (map[string]any, error) {
	data, err := json.Marshal(part)
	if err != nil {
		return nil, fmt.Errorf("what oasdiff found: %w", err)
	}
	var out map[string]any
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, fmt.Errorf("what oasdiff found: %w", err)
	}
	return out, nil
}

// collector walks oasdiff's tree beside our document.
type collector struct {
	found map[[3]string]*difference
}

func (c *collector) sorted() []difference {
	out := make([]difference, 0, len(c.found))
	for _, d := range c.found {
		out = append(out, *d)
	}
	slices.SortFunc(out, func(a, b difference) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.ours, b.ours), cmp.Compare(a.theirs, b.theirs))
	})
	return out
}

func (c *collector) add(p place, ours, theirs string) {
	key := [3]string{p.at, ours, theirs}
	d := c.found[key]
	if d == nil {
		d = &difference{at: p.at, ours: ours, theirs: theirs, reason: p.reason}
		c.found[key] = d
	}
	d.times++
}

// node walks the difference of two objects, whose fields are keywords.
func (c *collector) node(tree map[string]any, p place) {
	for _, key := range slices.Sorted(maps.Keys(tree)) {
		switch key {
		case "listOfTypes", "oneOfWrapping", "nullableWrapping": // the same once more, in other words
		case "added", "schemaAdded":
			c.add(p, absent, there)
		case "deleted", "schemaDeleted":
			c.add(p, there, absent)
		case "operations":
			c.members(object(tree[key]), p, key)
		case "parameters":
			c.parameters(object(tree[key]), p)
		default:
			name := keywordOf(key)
			if _, isObject := tree[key].(map[string]any); !isObject {
				c.add(p.child(name), "another", shown(tree[key]))
				continue
			}
			c.keyword(name, object(tree[key]), p.child(name))
		}
	}
}

// keyword walks the difference of the values that one keyword has on both sides.
func (c *collector) keyword(name string, tree map[string]any, p place) {
	_, from := tree["from"]
	_, to := tree["to"]
	switch {
	case tree == nil:
	case from && to:
		c.add(p, shown(tree["from"]), shown(tree["to"]))
	case isList(name):
		c.list(tree, p)
	case isMembers(name):
		c.members(tree, p, name)
	default:
		c.node(tree, p)
	}
}

// list walks the difference of two lists of values; what both have is not told.
func (c *collector) list(tree map[string]any, p place) {
	ours, theirs := strings.Join(items(tree["deleted"]), ", "), strings.Join(items(tree["added"]), ", ")
	switch {
	case tree["enumAdded"] == true, tree["listAdded"] == true:
		c.add(p, absent, cmp.Or(theirs, "an empty list"))
	case tree["enumDeleted"] == true, tree["listDeleted"] == true:
		c.add(p, cmp.Or(ours, "an empty list"), absent)
	case ours+theirs != "":
		c.add(p, cmp.Or(ours, "no more"), cmp.Or(theirs, "no more"))
	}
	for name, tree := range object(tree["modified"]) {
		c.keyword("", object(tree), p.child(name))
	}
	changed, _ := tree["modified"].([]any)
	for _, v := range changed {
		pair := object(v)
		index := shown(object(pair["base"])["index"])
		if tree := object(pair["diff"]); tree != nil {
			c.node(tree, p.child(index))
		}
		for scheme, tree := range object(pair["scopes"]) {
			c.list(object(tree), p.child(index).here(scheme))
		}
	}
}

// members walks the difference of two mappings from names to objects.
func (c *collector) members(tree map[string]any, p place, kind string) {
	find := func(name string) place {
		switch kind {
		case "paths":
			return p.path(name)
		case "operations":
			return p.child(strings.ToLower(name))
		}
		return p.child(name)
	}
	for _, name := range items(tree["added"]) {
		c.add(p.here(name), absent, there)
	}
	for _, name := range items(tree["deleted"]) {
		if at := p.here(name); kind != "operations" && !isShared(kind) {
			c.add(at, there, absent)
			continue
		}
		c.add(find(name), there, absent)
	}
	changed := object(tree["modified"])
	for _, name := range slices.Sorted(maps.Keys(changed)) {
		c.keyword("", object(changed[name]), find(name))
	}
}

func (c *collector) parameters(tree map[string]any, p place) {
	each := func(v any, do func(in, name string, tree any)) {
		for in, names := range object(v) {
			for _, name := range items(names) {
				do(in, name, nil)
			}
			for name, tree := range object(names) {
				do(in, name, tree)
			}
		}
	}
	each(tree["added"], func(in, name string, _ any) { c.add(p.parameter(in, name), absent, there) })
	each(tree["deleted"], func(in, name string, _ any) { c.add(p.parameter(in, name), there, absent) })
	each(tree["modified"], func(in, name string, tree any) { c.node(object(tree), p.parameter(in, name)) })
}

// keywordOf is the keyword of OpenAPI for a field of oasdiff's tree.
func keywordOf(key string) string {
	switch key {
	case "min", "max":
		return key + "imum"
	case "minProps", "maxProps":
		return key[:3] + "Properties"
	case "exclusiveMin", "exclusiveMax":
		return key + "imum"
	case "additionalPropertiesAllowed":
		return "additionalProperties"
	case "discriminatorDiff", "styleDiff", "allowReservedDiff":
		return strings.TrimSuffix(key, "Diff")
	case "operationID":
		return "operationId"
	case "securityRequirements":
		return "security"
	case "OAuthFlows":
		return "flows"
	case "authorizationURL", "tokenURL":
		return strings.TrimSuffix(key, "URL") + "Url"
	case "refresh":
		return "refreshUrl"
	case "openIDConnectURL":
		return "openIdConnectUrl"
	}
	return key
}

// isList tells which keywords have lists of values.
func isList(keyword string) bool {
	return slices.Contains([]string{"enum", "required", "type", "oneOf", "anyOf", "allOf", "mapping", "scopes", "security"}, keyword)
}

// isMembers tells which keywords have objects by name.
func isMembers(keyword string) bool {
	return slices.Contains([]string{"properties", "patternProperties", "responses", "headers", "content", "encoding", "callbacks", "links", "securitySchemes"}, keyword)
}

func object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// items are the entries of a list in words: names, values, variants, security
// requirements.
func items(v any) []string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, item := range list {
		m := object(item)
		switch {
		case m["schemes"] != nil:
			out = append(out, shown(m["schemes"]))
		case m["component"] != nil:
			out = append(out, shown(m["component"]))
		case m["index"] != nil:
			out = append(out, "variant "+shown(m["index"]))
		default:
			out = append(out, shown(item))
		}
	}
	return out
}

func shown(v any) string {
	switch v := v.(type) {
	case nil:
		return absent
	case string:
		return cmp.Or(v, absent)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}
