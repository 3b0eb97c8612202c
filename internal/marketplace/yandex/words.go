package yandex

import (
	"reflect"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"example.com/marketmock/internal/marketplace"
)

// worldWords are the words of the section of world files that are of a closed
// list.
var worldWords = map[string][]string{
	"sellers.state":                  cabinetStates,
	"sellers.oauth_state":            tokenStates,
	"sellers.keys.scopes":            scopes,
	"sellers.campaigns.placement":    placements,
	"sellers.campaigns.availability": availabilities,
	"orders.model":                   models,
	"chats.context":                  contextWords,
	"chats.type":                     typeWords,
	"chats.status":                   statusWords,
	"webhooks.types":                 pushTypes,
	"generate.contexts":              contextWords,
	"generate.types":                 typeWords,
	"generate.statuses":              statusWords,
}

// withWords tells in a schema which words its properties may have. A path names
// properties from the outside in; of a list its items are meant, of an object of
// free keys these.
func withWords(schema *jsonschema.Schema, words map[string][]string) *jsonschema.Schema {
	for path, known := range words {
		if at := property(schema, path); at != nil {
			at.Enum = make([]any, len(known))
			for i, word := range known {
				at.Enum[i] = word
			}
		}
	}
	return schema
}

// property is the schema of what a path names, nil for nothing.
func property(at *jsonschema.Schema, path string) *jsonschema.Schema {
	for name := range strings.SplitSeq(path, ".") {
		if at = at.Properties[name]; at == nil {
			return nil
		}
		if at.Items != nil {
			at = at.Items
		}
	}
	if at.AdditionalProperties != nil && at.Properties == nil {
		if at.PropertyNames == nil {
			at.PropertyNames = &jsonschema.Schema{}
		}
		at = at.PropertyNames
	}
	return at
}

// newAction makes an action whose input has words of closed lists. What its schema
// requires and is not told is refused by name.
func newAction[T any](name, summary string, run func(*marketplace.World, T) (any, error), words map[string][]string) marketplace.Action {
	action := marketplace.NewAction(name, summary, func(w *marketplace.World, in T) (any, error) {
		if field := missing(in); field != "" {
			return nil, marketplace.Invalid(field, "is missing")
		}
		return run(w, in)
	})
	withWords(action.Input, words)
	return action
}

// missing is the first field of an input that must be told and is not, "" for
// none. As in the schema these are the fields without omitempty.
func missing(in any) string {
	value := reflect.ValueOf(in)
	for i := range value.NumField() {
		name, options, _ := strings.Cut(value.Type().Field(i).Tag.Get("json"), ",")
		if options == "" && value.Field(i).IsZero() {
			return name
		}
	}
	return ""
}
