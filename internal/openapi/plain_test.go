package openapi

import (
	"net/http"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// A browser sends text/plain to save itself a preflight.
func TestATextThatIsAnObjectOrAnArrayIsReadAsJSON(t *testing.T) {
	t.Parallel()
	library := NewLibrary(fstest.MapFS{"plain.yaml": {Data: []byte(`openapi: 3.0.3
info: {title: plain, version: "1"}
paths:
  /messages:
    post:
      operationId: send
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: "#/components/schemas/Send"}}
          text/plain: {schema: {$ref: "#/components/schemas/Send"}}
      responses:
        "200":
          description: ok
          content: {text/plain: {schema: {type: array, items: {$ref: "#/components/schemas/Send"}}}}
  /notes:
    post:
      operationId: note
      requestBody: {content: {text/plain: {schema: {type: string}}}}
      responses: {"200": {description: ok, content: {text/plain: {schema: {}}}}}
components:
  schemas:
    Send: {type: object, required: [to_id], properties: {to_id: {type: integer}}}
`)}})
	spec, err := library.Load("plain")
	require.NoError(t, err)
	for _, kind := range []string{"application/json", "text/plain;charset=UTF-8", "text/plain"} {
		h := http.Header{"Content-Type": {kind}}
		require.Empty(t, spec.CheckRequest("send", Request{Header: h, Body: []byte(`{"to_id":1}`)}), kind)
		require.Equal(t, []string{"body /to_id required"}, brief(spec.CheckRequest("send", Request{Header: h, Body: []byte(`{}`)})), kind)
		require.Equal(t, []string{"body json"}, brief(spec.CheckRequest("send", Request{Header: h, Body: []byte(`{`)})), kind)
	}
	text := http.Header{"Content-Type": {"text/plain"}}
	require.Empty(t, spec.CheckResponse("send", Response{Status: 200, Header: text, Body: []byte(`[{"to_id":1}]`)}))
	require.Equal(t, []string{"body /0/to_id required"}, brief(spec.CheckResponse("send", Response{Status: 200, Header: text, Body: []byte(`[{}]`)})))
	require.Equal(t, []string{"body missing"}, brief(spec.CheckResponse("send", Response{Status: 200, Header: text})))
	require.Empty(t, spec.CheckRequest("note", Request{Header: text, Body: []byte(`{`)}), "a text is a text")
	require.Empty(t, spec.CheckResponse("note", Response{Status: 200, Header: text, Body: []byte(`{`)}))
}
