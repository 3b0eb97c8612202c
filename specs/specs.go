// Package specs holds the OpenAPI descriptions, the overlays that lead to other
// editions and switch values, and the claims about each vendor. It knows
// nothing of how they are read.
package specs

import "embed"

// FS has the specs and claims at its root and the overlays in overlays/.
//
//go:embed *.yaml overlays/*.yaml
var FS embed.FS
