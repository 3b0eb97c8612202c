package openapi

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ohler55/ojg/jp"
)

// applyOverlay applies the actions of an OpenAPI Overlay 1.0 document in order
// and returns the changed document; it changes maps in place. Strict also
// refuses an action whose target selects nothing.
func applyOverlay(document, overlay map[string]any, strict bool) (map[string]any, error) {
	if version, _ := overlay["overlay"].(string); !strings.HasPrefix(version, "1.0.") {
		return nil, fmt.Errorf("overlay: %v is not a 1.0 version", overlay["overlay"])
	}
	if err := onlyKeys(overlay, "overlay", "info", "extends", "actions"); err != nil {
		return nil, err
	}
	actions, _ := overlay["actions"].([]any)
	if len(actions) == 0 {
		return nil, errors.New("actions: at least one is needed")
	}
	var root any = document
	for i, action := range actions {
		changed, err := applyAction(root, action, strict)
		if err != nil {
			return nil, fmt.Errorf("actions[%d]: %w", i, err)
		}
		root = changed
	}
	document, ok := root.(map[string]any)
	if !ok {
		return nil, errors.New("the root is not an object any more")
	}
	return document, nil
}

func applyAction(root, action any, strict bool) (any, error) {
	fields, ok := action.(map[string]any)
	if !ok {
		return nil, errors.New("is not an object")
	}
	if err := onlyKeys(fields, "target", "description", "update", "remove"); err != nil {
		return nil, err
	}
	target, _ := fields["target"].(string)
	if !strings.HasPrefix(target, "$") {
		return nil, fmt.Errorf("target %q does not start with $", target)
	}
	path, err := jp.ParseString(target)
	if err != nil {
		return nil, fmt.Errorf("target %q: %w", target, err)
	}
	update, updates := fields["update"]
	remove, _ := fields["remove"].(bool)
	if !updates && !remove {
		return nil, errors.New("has neither update nor remove")
	}
	places := path.Locate(root, 0)
	if len(steps(path)) == 0 {
		places = []jp.Expr{path}
	}
	if len(places) == 0 && strict {
		return nil, fmt.Errorf("target %s selects nothing", target)
	}
	if remove {
		return removeAll(root, places)
	}
	for _, place := range places {
		if root, err = edit(root, place, func(v any) (any, bool, error) {
			merged, err := overlaid(v, update)
			return merged, true, err
		}); err != nil {
			return nil, fmt.Errorf("target %s: %w", target, err)
		}
	}
	return root, nil
}

// removeAll removes from the back, so that the index of an item still holds
// when its turn comes.
func removeAll(root any, places []jp.Expr) (any, error) {
	slices.SortStableFunc(places, comparePlaces)
	var err error
	for _, place := range slices.Backward(places) {
		if len(steps(place)) == 0 {
			return nil, errors.New("the root cannot be removed")
		}
		if root, err = edit(root, place, func(any) (any, bool, error) { return nil, false, nil }); err != nil {
			return nil, err
		}
	}
	return root, nil
}

func comparePlaces(a, b jp.Expr) int {
	return slices.CompareFunc(steps(a), steps(b), func(x, y jp.Frag) int {
		i, iok := x.(jp.Nth)
		j, jok := y.(jp.Nth)
		if iok && jok {
			return int(i) - int(j)
		}
		return strings.Compare(fmt.Sprint(x), fmt.Sprint(y))
	})
}

// steps drops the root sign of a normalized path.
func steps(place jp.Expr) jp.Expr {
	if len(place) > 0 {
		if _, ok := place[0].(jp.Root); ok {
			return place[1:]
		}
	}
	return place
}

// edit replaces the value at a normalized path by what change returns, or
// removes it when change does not keep it.
func edit(v any, place jp.Expr, change func(any) (value any, keep bool, err error)) (any, error) {
	place = steps(place)
	if len(place) == 0 {
		changed, _, err := change(v)
		return changed, err
	}
	last := len(place) == 1
	switch step := place[0].(type) {
	case jp.Child:
		m, ok := v.(map[string]any)
		if !ok {
			return v, nil
		}
		if last {
			changed, keep, err := change(m[string(step)])
			if err != nil {
				return nil, err
			}
			if keep {
				m[string(step)] = changed
			} else {
				delete(m, string(step))
			}
			return m, nil
		}
		changed, err := edit(m[string(step)], place[1:], change)
		m[string(step)] = changed
		return m, err
	case jp.Nth:
		return editItem(v, int(step), place, change)
	}
	return nil, fmt.Errorf("cannot follow %v", place[0])
}

func editItem(v any, i int, place jp.Expr, change func(any) (any, bool, error)) (any, error) {
	list, ok := v.([]any)
	if !ok || i >= len(list) {
		return v, nil
	}
	if i < 0 {
		i += len(list)
	}
	if len(place) > 1 {
		changed, err := edit(list[i], place[1:], change)
		list[i] = changed
		return list, err
	}
	changed, keep, err := change(list[i])
	if err != nil {
		return nil, err
	}
	if !keep {
		return slices.Delete(list, i, i+1), nil
	}
	list[i] = changed
	return list, nil
}

// overlaid applies an update to one selected node: an object is merged, an
// array gets the update appended (its items, when it is an array itself). A
// node that is neither cannot be selected.
func overlaid(node, update any) (any, error) {
	switch node := node.(type) {
	case map[string]any:
		changes, ok := update.(map[string]any)
		if !ok {
			return nil, errors.New("selects an object, but the update is none")
		}
		return merge(node, changes), nil
	case []any:
		if items, ok := update.([]any); ok {
			return append(node, clone(items).([]any)...), nil
		}
		return append(node, clone(update)), nil
	}
	return nil, errors.New("selects neither an object nor an array; select what holds it")
}

// merge merges objects recursively, concatenates arrays and replaces the rest.
func merge(node, update map[string]any) map[string]any {
	for key, value := range update {
		switch value := value.(type) {
		case map[string]any:
			if old, ok := node[key].(map[string]any); ok {
				node[key] = merge(old, value)
				continue
			}
		case []any:
			if old, ok := node[key].([]any); ok {
				node[key] = append(old, clone(value).([]any)...)
				continue
			}
		}
		node[key] = clone(value)
	}
	return node
}

// onlyKeys refuses a field that is neither named nor an extension.
func onlyKeys(m map[string]any, names ...string) error {
	for key := range m {
		if !slices.Contains(names, key) && !strings.HasPrefix(key, "x-") {
			return fmt.Errorf("%s: unknown field", key)
		}
	}
	return nil
}
