package strict_test

import (
	"os"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/openapi/strict"
)

func TestBothReadersAreAsked(t *testing.T) {
	t.Parallel()
	library := openapi.NewLibrary(os.DirFS("../testdata"))
	for _, overlays := range [][]string{nil, {"edition"}, {"edition", "again"}} {
		require.NoError(t, strict.Validate(t.Context(), library, "parcels", overlays...))
	}
	require.NoError(t, strict.Validate(t.Context(), library, "pages"), "x-aliases disturbs neither")
	require.ErrorContains(t, strict.Validate(t.Context(), library, "parcels", "typo"), "selects nothing")
	require.Error(t, strict.Validate(t.Context(), library, "nothing"))

	const head = "openapi: 3.0.3\ninfo: {title: x, version: '1'}\n"
	library = openapi.NewLibrary(fstest.MapFS{
		"ours.yaml":   {Data: []byte(head + `paths: {/x: {get: {operationId: x, responses: {default: {description: x, content: {application/json: {schema: {type: string, format: uuid, example: x}}}}}}}}`)},
		"theirs.yaml": {Data: []byte(head + `paths: {/x: {get: {operationId: x, response: {}, responses: {default: {}}}}}`)},
	})
	require.ErrorContains(t, strict.Validate(t.Context(), library, "ours"), "format uuid")
	require.NoError(t, library.Validate("theirs"))
	require.ErrorContains(t, strict.Validate(t.Context(), library, "theirs"), "theirs.yaml: invalid paths")
}
