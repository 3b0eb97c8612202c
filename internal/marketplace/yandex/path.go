package yandex

import (
	"strings"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
)

// unversioned reports whether a method of the API was called without its version.
func unversioned(c *marketplace.Call) bool {
	return c.Operation.Spec == specAPI && !strings.HasPrefix(c.Target, versioned)
}

// guardPath refuses paths without a version or notes them. Such were the
// documented ones until 8 September 2025. Claims yandex/unversioned-paths,
// yandex/path-versions-edition.
func guardPath(c *marketplace.Call) error {
	if !unversioned(c) {
		return nil
	}
	if c.Switch(switchUnversioned) == "404" {
		return marketplace.ErrNoRoute
	}
	if c.Config.Settings.Since(dayVersion) {
		c.Remark(openapi.Finding{In: "path", Rule: "version", Message: "the path has no version; the documented one is " + c.Operation.Path})
	}
	return nil
}
