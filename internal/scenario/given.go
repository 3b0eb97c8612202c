package scenario

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"example.com/marketmock/internal/scenario/value"
)

// limits puts the limits that a scenario begins with in force.
func (p *play) limits(ctx context.Context) error {
	given := p.script.Given
	if given == nil || given.Limits == nil || p.world.sandbox == "" {
		return nil
	}
	answers, err := p.patchNamed(ctx, "limits", given.Limits)
	if err != nil {
		return err
	}
	if a := answers[0]; a.status/100 != 2 {
		return p.refused(&controlError{http.MethodPatch, p.world.control + "/limits", a.status, a.raw}, "limits")
	}
	return nil
}

// refused gives what the mock has against the world of a scenario the line of
// given that it is about. Under names the field of given that the call carried,
// none for a call that carried it whole.
func (p *play) refused(err error, under ...string) error {
	var call *controlError
	given := p.script.Node.Field("given")
	if given == nil || !errors.As(err, &call) {
		return err
	}
	var problem struct{ Detail, Field string }
	if json.Unmarshal(call.Body, &problem) != nil || problem.Detail == "" {
		return err
	}
	path := append(under, strings.FieldsFunc(problem.Field, func(r rune) bool { return r == '/' })...)
	if i := slices.Index(path, p.script.Marketplace); i >= 0 {
		path = slices.Delete(path, i, i+1)
	}
	pos, found := deepest(given, path)
	if len(found) == 0 {
		return err
	}
	detail := strings.TrimPrefix(problem.Detail, found[len(found)-1]+": ")
	return p.fail(pos, "given.%s: %s", strings.Join(found, "."), detail)
}

// deepest follows a path for as long as there are fields, and returns the place
// of the last one with the keys that led there.
func deepest(n *value.Node, path []string) (pos value.Pos, found []string) {
	for _, key := range path {
		i := -1
		if n != nil {
			i = slices.IndexFunc(n.Fields, func(f value.Field) bool { return f.Key == key })
		}
		if i < 0 {
			break
		}
		pos, n, found = n.Fields[i].Pos, n.Fields[i].Value, append(found, key)
	}
	return pos, found
}
