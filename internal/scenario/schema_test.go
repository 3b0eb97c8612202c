package scenario_test

import (
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/scenario"
	"example.com/marketmock/internal/scenario/value"
)

var update = flag.Bool("update", false, "write golden files and the published schema")

const published = "../../schemas/scenario.schema.json"

func TestThePublishedSchemaIsUpToDate(t *testing.T) {
	t.Parallel()
	got, err := scenario.Schema()
	require.NoError(t, err)
	got = append(got, '\n')
	if *update {
		require.NoError(t, os.WriteFile(published, got, 0o600))
	}
	want, err := os.ReadFile(published)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), "run go test ./internal/scenario -update")
}

func TestTheSchemaAgreesWithTheParser(t *testing.T) {
	t.Parallel()
	text, err := scenario.Schema()
	require.NoError(t, err)
	var schema jsonschema.Schema
	require.NoError(t, json.Unmarshal(text, &schema))
	resolved, err := schema.Resolve(nil)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		src  string
		good bool
	}{
		"a short one":            {head + "steps: [{call: List}]", true},
		"steps in a repeat":      {head + "steps: [{repeat: {until: 'true', steps: [{call: List}]}}]", true},
		"every kind of key":      {head + "given: {fixture: a, seed: 1, switches: {a: 1, b: c}}\nsteps: [{push: {within: 5s, none: true}}, {faults: clear}, {as: 1, call: List, times: 2}]", true},
		"parts":                  {head + "steps: [{call: List, multipart: {a: b, c: [1, {name: d, content_type: null, size: 5}], e: {text: f}, g: {}}}]", true},
		"parts of a request":     {head + "steps: [{request: {method: GET, path: /, multipart: {a: b}}}, {receiver: {reply: {raw: {base64: YQ==}}}}]", true},
		"two contents":           {head + "steps: [{call: List, multipart: {a: {text: b, base64: YQ==}}}]", false},
		"a part of no such key":  {head + "steps: [{call: List, multipart: {a: {txt: b}}}]", false},
		"a part that is null":    {head + "steps: [{call: List, multipart: {a: null}}]", false},
		"no parts":               {head + "steps: [{call: List, multipart: {}}]", false},
		"raw of nothing":         {head + "steps: [{call: List, raw: {}}]", false},
		"raw that is big":        {head + "steps: [{call: List, raw: {size: 600000}}]", true},
		"calls together":         {head + "steps: [{together: {calls: [{call: List, concurrent: 3}, {request: {method: GET, path: /}}]}, expect: {statuses: {200: 3}}}]", true},
		"a signature by a word":  {head + "steps: [{call: List, sign: shop}, {request: {method: GET, path: /}, sign: public}]", true},
		"a signature in detail":  {head + "steps: [{call: List, sign: {api: shop, at: -6m, unit: ms, case: upper, order: [a, b], instead: {path: /x, shop_id: 1, partner_key: ''}}}]", true},
		"a signature of nobody":  {head + "steps: [{call: List, sign: merchant}]", false},
		"a signature of no key":  {head + "steps: [{call: List, sign: {value: a}}]", false},
		"a time of no unit":      {head + "steps: [{call: List, sign: {at: 5}}]", false},
		"an order of one":        {head + "steps: [{call: List, sign: {order: sign}}]", false},
		"nothing together":       {head + "steps: [{together: {calls: []}}]", false},
		"an unknown key":         {head + "step: []\nsteps: [{call: List}]", false},
		"an unknown key inside":  {head + "steps: [{call: List, expekt: {}}]", false},
		"a step of two verbs":    {head + "steps: [{call: List, set: {a: 1}}]", false},
		"a step without a verb":  {head + "steps: [{name: a}]", false},
		"no steps":               {head + "steps: []", false},
		"another version":        {"version: 2\nname: a\nmarketplace: fake\nsteps: [{call: List}]", false},
		"an unknown fault":       {head + "steps: [{fault: {kind: dropp}}]", false},
		"an unknown party":       {head + "steps: [{close: {chat: a, by: byuer}}]", false},
		"an edition":             {head + "given: {edition: '2025-08-01'}\nsteps: [{call: List, expect: {findings: [enum]}}]", true},
		"an edition of no form":  {head + "given: {edition: last}\nsteps: [{call: List}]", false},
		"a bad step in a repeat": {head + "steps: [{repeat: {until: 'true', steps: [{cal: List}]}}]", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			node, err := value.ParseYAML([]byte(c.src))
			require.NoError(t, err)
			v, err := value.Expand(node, nil)
			require.NoError(t, err)
			data, err := value.Marshal(v)
			require.NoError(t, err)
			var instance any
			require.NoError(t, json.Unmarshal(data, &instance))
			_, parsed := scenario.Parse("a.yaml", []byte(c.src))
			require.Equal(t, c.good, parsed == nil, "parser: %v", parsed)
			err = resolved.Validate(instance)
			require.Equal(t, c.good, err == nil, "schema: %v", err)
		})
	}
}

func TestTheSchemaKnowsWhatSignersSign(t *testing.T) {
	t.Parallel()
	text, err := scenario.Schema()
	require.NoError(t, err)
	var schema jsonschema.Schema
	require.NoError(t, json.Unmarshal(text, &schema))
	names := schema.Defs["sign"].AnyOf[1].Properties["instead"].PropertyNames.Enum
	require.Equal(t, []any{"partner_id", "path", "timestamp", "access_token", "shop_id", "partner_key"}, names)
}
