// Package strict asks kin-openapi too: whether the structure of a document, its
// references, defaults and examples are what OpenAPI 3.0 wants. It stands apart
// because importing kin-openapi alone costs a program 5 to 7 ms and 1.7 MB at
// its start (a JSON Schema library below it compiles its meta schemas in init),
// which the server does not have. Tests and linters call it.
package strict

import (
	"context"
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"

	"example.com/marketmock/internal/openapi"
)

// Validate is openapi's own Validate and kin-openapi's verdict.
func Validate(ctx context.Context, library *openapi.Library, name string, overlays ...string) error {
	if err := library.Validate(name, overlays...); err != nil {
		return err
	}
	spec, err := library.Load(name, overlays...)
	if err != nil {
		return err
	}
	document, err := openapi3.NewLoader().LoadFromData(spec.JSON())
	if err != nil {
		return fmt.Errorf("%s.yaml: %w", name, err)
	}
	if err := document.Validate(ctx, openapi3.EnableMultiError()); err != nil {
		return fmt.Errorf("%s.yaml: %w", name, err)
	}
	return nil
}
