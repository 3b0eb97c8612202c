// Package scenarios holds the scenarios that come with the program, one folder
// for each marketplace. It knows nothing of how they are run.
package scenarios

import "embed"

// FS has the files as <marketplace>/<name>.yaml.
//
//go:embed */*.yaml
var FS embed.FS
