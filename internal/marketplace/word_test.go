package marketplace_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
)

type who struct {
	Name string `json:"name"`
}

type worded struct {
	who
	Colours []string       `json:"colours,omitempty"`
	Shares  map[string]int `json:"shares,omitempty"`
	Size    string         `json:"size"`
}

func TestASchemaTellsWords(t *testing.T) {
	t.Parallel()
	words := map[string][]string{"colours": {"red"}, "shares": {"red", "blue"}, "size": {"s", "m"}, "mood.of": {"x"}}
	action := marketplace.NewWordedAction("paint", "paint", func(_ *marketplace.World, in worded) (any, error) { return in, nil }, words)
	schema := action.Input
	require.Equal(t, []any{"red"}, schema.Properties["colours"].Items.Enum)
	require.Equal(t, []any{"red", "blue"}, schema.Properties["shares"].PropertyNames.Enum)
	require.Equal(t, []any{"s", "m"}, marketplace.Property(schema, "size").Enum)
	require.Nil(t, marketplace.Property(schema, "mood.of"))
	require.ElementsMatch(t, []string{"name", "size"}, schema.Required)

	for raw, field := range map[string]string{`{"size":"s"}`: "name", `{"name":"a"}`: "size", `{"name":"a","size":1}`: "size"} {
		_, err := action.Run(nil, json.RawMessage(raw))
		var wrong *marketplace.InputError
		require.ErrorAs(t, err, &wrong, raw)
		require.Equal(t, field, wrong.Field, raw)
	}
	out, err := action.Run(nil, json.RawMessage(`{"name":"a","size":"s"}`))
	require.NoError(t, err)
	require.Equal(t, worded{who: who{"a"}, Size: "s"}, out)
}
