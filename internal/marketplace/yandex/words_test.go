package yandex

import (
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
)

func TestSchemasTellTheWordsThatTheDecoderKnows(t *testing.T) {
	t.Parallel()
	schema := New().Fixture().Schema()
	for path, known := range worldWords {
		at := marketplace.Property(schema, path)
		require.NotNil(t, at, path)
		requireWords(t, path, known, at)
	}
	require.Nil(t, marketplace.Property(schema, "chats.mood"))
	require.Same(t, schema, marketplace.WithWords(schema, map[string][]string{"chats.mood": {"good"}}))

	inputs := map[string]*jsonschema.Schema{}
	for _, a := range New().Actions() {
		inputs[a.Name] = a.Input
		for name, field := range a.Input.Properties {
			require.NotEmpty(t, field.Description, "%s.%s", a.Name, name)
		}
	}
	requireWords(t, "scopes", scopes, inputs["key.create"].Properties["scopes"].Items)
	requireWords(t, "types", pushTypes, inputs["notifications.connect"].Properties["types"].Items)
	requireWords(t, "cabinet", cabinetStates, inputs["cabinet.set"].Properties["state"])
	requireWords(t, "token", tokenStates, inputs["token.set"].Properties["state"])
	requireWords(t, "availability", availabilities, inputs["campaign.set"].Properties["availability"])
}

func requireWords(t *testing.T, name string, known []string, at *jsonschema.Schema) {
	t.Helper()
	require.Len(t, at.Enum, len(known), name)
	for i, word := range known {
		require.Equal(t, word, at.Enum[i], name)
	}
}
