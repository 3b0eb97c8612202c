package yandex

import (
	"net/http"
	"slices"
	"strings"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

const (
	headerKey      = "Api-Key"
	headerBusiness = "X-Business-Id"
)

// oauthToken is the token of an Authorization header; false if there is none.
func oauthToken(h http.Header) (string, bool) {
	scheme, rest, _ := strings.Cut(h.Get("Authorization"), " ")
	oauth := strings.EqualFold(scheme, "OAuth")
	token := strings.TrimSpace(rest)
	if fields := oauthFields(token); oauth && fields != nil {
		token = fields["oauth_token"]
	}
	return token, token != "" && (oauth || strings.EqualFold(scheme, "Bearer"))
}

// oauthFields reads the older form of what follows OAuth: oauth_token="…",
// oauth_client_id="…"; nil for a bare token. Claim yandex/oauth-old-form.
func oauthFields(text string) map[string]string {
	if !strings.HasPrefix(text, "oauth_token=") && !strings.HasPrefix(text, "oauth_client_id=") {
		return nil
	}
	fields := map[string]string{}
	for field := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		fields[name] = strings.Trim(value, `"`)
	}
	return fields
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

// findByToken wants an OAuth token that somebody has. Claims yandex/oauth-bearer,
// yandex/oauth-scheme, yandex/oauth-syntax, yandex/oauth-missing,
// yandex/oauth-old-form, yandex/oauth-wrong-application.
func findByToken(c *marketplace.Call) error {
	lines := c.Request.Header["Authorization"]
	if len(lines) == 0 {
		return errNoCredentials.at("", "required")
	}
	if lines[0] == "" {
		return errOAuthEmpty.at("Authorization", "required")
	}
	scheme, rest, _ := strings.Cut(lines[0], " ")
	oauth := strings.EqualFold(scheme, "OAuth") && c.Switch(switchOAuthScheme) == "bearer-and-oauth"
	if !oauth && !strings.EqualFold(scheme, "Bearer") {
		return errOAuthSyntax.at("Authorization", "format")
	}
	token, found := oauthToken(c.Request.Header)
	if !found {
		return errOAuthNoToken.at("Authorization", "required")
	}
	if fields := oauthFields(strings.TrimSpace(rest)); oauth && fields != nil && fields["oauth_client_id"] == "" {
		return errOAuthNoClient.at("Authorization", "required")
	}
	if c.Seller, found = ownerOfToken(c.World, token); !found {
		return badToken(c, errOAuthUnknown)
	}
	switch extOfSeller(c.Seller).Token {
	case tokenWrongScope:
		return badToken(c, errOAuthScope)
	case tokenWrongClient:
		return badToken(c, errOAuthClient)
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
