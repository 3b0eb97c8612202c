package yandex

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

const (
	scopeAll      = "all-methods"
	scopeReadOnly = "all-methods:read-only"
)

// keyOf is the key that a call shows whose seller is known; nil with a token.
func keyOf(c *marketplace.Call) *apiKey {
	if !byKey(c) {
		return nil
	}
	return keyOfSeller(c.Seller, c.Request.Header.Get(headerKey))
}

// guardScope wants one of the scopes that open the method. A token has them all.
// Claims yandex/scopes-read, yandex/scopes-write, yandex/scopes-companions,
// yandex/scope-missing, yandex/oauth-rights.
func guardScope(c *marketplace.Call) error {
	if open(c) {
		return nil
	}
	key := keyOf(c)
	if key == nil {
		return nil
	}
	wanted, _ := c.Operation.Extensions["x-scopes"].([]any)
	if len(wanted) == 0 {
		return nil
	}
	for _, scope := range wanted {
		if name, _ := scope.(string); slices.Contains(key.Scopes, name) {
			return nil
		}
	}
	return errScope(wanted).at(headerKey, "")
}

const pathBusiness = "businessId"

// guardCabinet wants the path's cabinet to be the caller's, and in order. Claims
// yandex/business-path, yandex/foreign-cabinet, yandex/unknown-cabinet,
// yandex/campaign-id-is-no-business, yandex/cabinet-disabled-code,
// yandex/business-not-number.
func guardCabinet(c *marketplace.Call) error {
	if open(c) {
		return nil
	}
	asked, named := c.Path[pathBusiness]
	if named {
		if _, err := strconv.ParseInt(asked, 10, 64); err != nil {
			return errTypeMismatch.of(asked).at(pathBusiness, "type") // no cabinet to be denied
		}
		if id, _ := businessID(asked); id != c.Seller.ID {
			return errAccess.at(pathBusiness, "")
		}
	}
	if err := checkState(c.Seller); err != nil {
		return err
	}
	if byKey(c) { // Claim yandex/business-header-key.
		return nil
	}
	return checkBusinessHeader(c.Request.Header, asked)
}

// checkState looks at what a cabinet may be. Claims yandex/user-disabled,
// yandex/cabinet-disabled, yandex/cabinet-inactive, yandex/cabinet-migration.
func checkState(seller chat.Seller) error {
	switch extOfSeller(seller).State {
	case cabinetUserDisabled:
		return errUserDisabled
	case cabinetDisabled:
		return errCabinetDisabled.of(seller.ID)
	case cabinetInactive:
		return errCabinetInactive.of(seller.ID)
	case cabinetUnattainable:
		return errAccess
	case cabinetMigrating:
		return errMigration
	}
	return nil
}

// checkBusinessHeader compares X-Business-Id with the path's cabinet, "" for a
// path without one. Claims yandex/business-header-mismatch,
// yandex/business-header-unreadable.
func checkBusinessHeader(h http.Header, asked string) error {
	lines := h[headerBusiness]
	if len(lines) == 0 {
		return nil
	}
	id, readable := businessID(strings.TrimSpace(lines[0]))
	named, _ := businessID(asked)
	switch {
	case !readable:
		return errBusinessHeader.at(headerBusiness, "type")
	case asked != "" && named != id:
		return errBusinessMismatch.of(asked, id).at(headerBusiness, "")
	}
	return nil
}
