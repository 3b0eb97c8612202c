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
	ownedKey      = "yandex:key:"
	ownedOAuth    = "yandex:oauth:"
	ownedBusiness = "yandex:business:"
)

const (
	headerKey      = "Api-Key"
	headerBusiness = "X-Business-Id"
)

// Credential names the world by Api-Key, else by the OAuth token, else by the
// cabinet of the path.
func (a *API) Credential(r *http.Request) []string {
	var out []string
	if key := r.Header.Get(headerKey); key != "" {
		out = append(out, ownedKey+key)
	}
	if token, found := oauthToken(r.Header); found {
		out = append(out, ownedOAuth+token)
	}
	if id, found := businessOf(r.URL.Path); found {
		out = append(out, ownedBusiness+id)
	}
	return out
}

// businessOf reads the cabinet of a path of the API or of a file.
func businessOf(path string) (string, bool) {
	for _, before := range []string{"/businesses/", filesPath} {
		if _, rest, found := strings.Cut(path, before); found {
			id, _, _ := strings.Cut(rest, "/")
			return businessID(id)
		}
	}
	return "", false
}

// businessID is a number without a sign or leading zeros, from 1 on.
func businessID(text string) (string, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return "", false
	}
	return strconv.FormatInt(n, 10), true
}

// Owned are a seller's keys, tokens and cabinet. Claim yandex/key-of-one-cabinet.
func (a *API) Owned(s chat.Seller) []string {
	ext := extOfSeller(s)
	out := []string{ownedBusiness + s.ID}
	for _, key := range ext.Keys {
		out = append(out, ownedKey+key.Value)
	}
	for _, token := range ext.OAuth {
		out = append(out, ownedOAuth+token)
	}
	return out
}

// credentials are what a client needs to be this seller.
type credentials struct {
	BusinessID int64  `json:"business_id"`
	CampaignID int64  `json:"campaign_id,omitempty"`
	APIKey     string `json:"api_key"`
	ReadOnly   string `json:"read_only_api_key,omitempty"`
	OAuth      string `json:"oauth,omitempty"`
	Name       string `json:"name,omitempty"`
}

// Credentials are the seller's cabinet, first store, keys and first token.
func (a *API) Credentials(s chat.Seller) any { return a.credentials(s) }

func (a *API) credentials(s chat.Seller) credentials {
	ext := extOfSeller(s)
	out := credentials{Name: s.Name}
	out.BusinessID, _ = strconv.ParseInt(s.ID, 10, 64)
	if len(ext.Campaigns) > 0 {
		out.CampaignID = ext.Campaigns[0].ID
	}
	for _, key := range ext.Keys {
		if slices.Equal(key.Scopes, []string{scopeReadOnly}) {
			if out.ReadOnly == "" {
				out.ReadOnly = key.Value
			}
		} else if out.APIKey == "" {
			out.APIKey = key.Value
		}
	}
	if len(ext.OAuth) > 0 {
		out.OAuth = ext.OAuth[0]
	}
	return out
}

const (
	scopeAll      = "all-methods"
	scopeReadOnly = "all-methods:read-only"
)

// oauthToken is the token of an Authorization header; false if there is none.
func oauthToken(h http.Header) (string, bool) {
	scheme, token, _ := strings.Cut(h.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	return token, token != "" && (strings.EqualFold(scheme, "Bearer") || strings.EqualFold(scheme, "OAuth"))
}

// keyBeforeToken says which of Api-Key and Authorization counts when both are
// sent. Claim yandex/both-credentials.
const keyBeforeToken = true

// byKey reports whether the call shows an Api-Key, be it an empty one.
func byKey(c *marketplace.Call) bool {
	_, key := c.Request.Header[headerKey]
	_, token := c.Request.Header["Authorization"]
	return key && (keyBeforeToken || !token)
}

// guardCredentials finds the seller. Claim yandex/unauthorized-code.
func guardCredentials(c *marketplace.Call) error {
	if open(c) {
		return nil
	}
	if byKey(c) {
		return findByKey(c)
	}
	if c.Operation.ID == opGetTokenInfo && c.Request.Header["Authorization"] != nil {
		return errKeyNeeded.at(headerKey, "required")
	}
	return findByToken(c)
}

// findByKey wants a key that somebody has. The shape of any other is told first.
// Claims yandex/key-header, yandex/key-registered-shape.
func findByKey(c *marketplace.Call) error {
	shown := c.Request.Header.Get(headerKey)
	if shown == "" {
		return errKeyEmpty.at(headerKey, "required")
	}
	seller, key := ownerOfKey(c, shown)
	if key == nil {
		if c.Switch(switchKeyShape) == "strict" {
			if r := checkShape(shown); r != nil {
				return badKey(c, r)
			}
		}
		return badKey(c, errKeyUnknown)
	}
	if key.Revoked {
		return badKey(c, errKeyRevoked)
	}
	c.Seller = seller
	return nil
}

// ownerOfKey looks into the cabinet of the path first, since it is nearly always
// the one; nil if nobody has the key.
func ownerOfKey(c *marketplace.Call, shown string) (chat.Seller, *apiKey) {
	if id, ok := businessID(c.Path[pathBusiness]); ok {
		if seller, found := c.World.Store.Seller(id); found {
			if key := keyOfSeller(seller, shown); key != nil {
				return seller, key
			}
		}
	}
	for _, seller := range c.World.Store.Sellers() {
		if key := keyOfSeller(seller, shown); key != nil {
			return seller, key
		}
	}
	return chat.Seller{}, nil
}

func keyOfSeller(seller chat.Seller, shown string) *apiKey {
	keys := extOfSeller(seller).Keys
	for i := range keys {
		if keys[i].Value == shown {
			return &keys[i]
		}
	}
	return nil
}

const (
	keyPrefix = "ACMA:"
	keyLength = len(keyPrefix) + 40 + 1 + 8
)

// checkShape tells what is wrong with the form of a key, nil for nothing. Claims
// yandex/key-shape, yandex/api-key-shape.
func checkShape(key string) *refusal {
	body, prefixed := strings.CutPrefix(key, keyPrefix)
	switch {
	case !prefixed:
		return errKeyPrefix
	case len(key) != keyLength:
		return errKeyLength
	}
	name, tail, _ := strings.Cut(body, ":")
	if len(name) != 40 || !onlyOf(name, isAlnum) || !onlyOf(tail, isHex) {
		return errKeyFormat
	}
	return nil
}

func onlyOf(s string, allowed func(byte) bool) bool {
	for i := range len(s) {
		if !allowed(s[i]) {
			return false
		}
	}
	return true
}

func isAlnum(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

func isHex(b byte) bool { return b >= '0' && b <= '9' || b >= 'a' && b <= 'f' }

// findByToken wants an OAuth token that somebody has. Claims yandex/oauth-bearer,
// yandex/oauth-scheme, yandex/oauth-syntax, yandex/oauth-missing.
func findByToken(c *marketplace.Call) error {
	lines := c.Request.Header["Authorization"]
	if len(lines) == 0 {
		return errNoCredentials.at("", "required")
	}
	if lines[0] == "" {
		return errOAuthEmpty.at("Authorization", "required")
	}
	scheme, _, _ := strings.Cut(lines[0], " ")
	bare := strings.EqualFold(scheme, "OAuth") && c.Switch(switchOAuthScheme) == "bearer-and-oauth"
	if !bare && !strings.EqualFold(scheme, "Bearer") {
		return errOAuthSyntax.at("Authorization", "format")
	}
	token, found := oauthToken(c.Request.Header)
	if !found {
		return errOAuthNoToken.at("Authorization", "required")
	}
	if c.Seller, found = ownerOfToken(c.World, token); !found {
		return badToken(c)
	}
	return nil
}

// ownerOfToken is the cabinet that a token reaches. Claim
// yandex/oauth-of-one-cabinet.
func ownerOfToken(w *marketplace.World, token string) (chat.Seller, bool) {
	for _, seller := range w.Store.Sellers() {
		if slices.Contains(extOfSeller(seller).OAuth, token) {
			return seller, true
		}
	}
	return chat.Seller{}, false
}

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
// yandex/cabinet-disabled, yandex/cabinet-migration.
func checkState(seller chat.Seller) error {
	switch extOfSeller(seller).State {
	case cabinetUserDisabled:
		return errUserDisabled
	case cabinetDisabled, cabinetInactive:
		return errCabinetDisabled.of(seller.ID)
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
	switch {
	case !readable:
		return errBusinessHeader.at(headerBusiness, "type")
	case asked != "" && strings.TrimLeft(asked, "0+") != id:
		return errBusinessMismatch.of(asked, id).at(headerBusiness, "")
	}
	return nil
}
