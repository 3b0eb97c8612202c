package ozon

import (
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

const (
	ownedClient = "ozon:client:"
	ownedOAuth  = "ozon:oauth:"
)

// Credential names the world by Client-Id, else by the bearer token.
func (a *API) Credential(r *http.Request) []string {
	var out []string
	if id, ok := clientID(r); ok {
		out = append(out, ownedClient+id)
	}
	if token := bearer(r); token != "" {
		out = append(out, ownedOAuth+token)
	}
	return out
}

// Owned are a seller's Client-Id and bearer tokens.
func (a *API) Owned(s chat.Seller) []string {
	out := []string{ownedClient + s.ID}
	for _, token := range extOfSeller(s).OAuth {
		out = append(out, ownedOAuth+token)
	}
	return out
}

// credentials are what a client needs to be this seller.
type credentials struct {
	ClientID string `json:"client_id"`
	APIKey   string `json:"api_key"`
	OAuth    string `json:"oauth,omitempty"`
	Name     string `json:"name,omitempty"`
}

// Credentials are the seller's Client-Id, first key and first token.
func (a *API) Credentials(s chat.Seller) any { return a.credentials(s) }

func (a *API) credentials(s chat.Seller) credentials {
	ext := extOfSeller(s)
	out := credentials{ClientID: s.ID, Name: s.Name}
	if len(ext.Keys) > 0 {
		out.APIKey = ext.Keys[0].Value
	}
	if len(ext.OAuth) > 0 {
		out.OAuth = ext.OAuth[0]
	}
	return out
}

// clientID is the header as a number without a sign or leading zeros; false if
// it is not a positive integer. Of repeated headers the first counts.
func clientID(r *http.Request) (string, bool) {
	n, err := strconv.ParseInt(r.Header.Get("Client-Id"), 10, 64)
	if err != nil || n <= 0 {
		return "", false
	}
	return strconv.FormatInt(n, 10), true
}

// bearer is the token of an Authorization header, "" without one.
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// byToken reports whether the caller shows a bearer token instead of a key. One
// client sends "Bearer None" beside both headers, so the headers win.
func byToken(c *marketplace.Call) bool {
	h := c.Request.Header
	return (h.Get("Client-Id") == "" || h.Get("Api-Key") == "") &&
		bearer(c.Request) != "" && c.Config.Settings.Since(dayOAuth)
}

// open is for operations that need no key. Claim ozon/file-link-open.
func open(c *marketplace.Call) bool { return c.Operation.ID == opFileDownload }

// guardHeaders asks for both headers. Claim ozon/headers-missing.
func guardHeaders(c *marketplace.Call) error {
	if open(c) || byToken(c) {
		return nil
	}
	for _, name := range []string{"Client-Id", "Api-Key"} {
		if c.Request.Header.Get(name) == "" {
			return errHeaders.at(name, "required")
		}
	}
	return nil
}

// guardClientID wants a number. Claim ozon/client-id-not-integer.
func guardClientID(c *marketplace.Call) error {
	if open(c) || byToken(c) {
		return nil
	}
	if _, ok := clientID(c.Request); !ok {
		return errClientID.at("Client-Id", "type")
	}
	return nil
}

// guardKey finds the seller. Claims ozon/wrong-key-404, ozon/oauth-bearer.
func guardKey(c *marketplace.Call) error {
	if open(c) {
		return nil
	}
	if byToken(c) {
		return findByToken(c)
	}
	id, _ := clientID(c.Request)
	seller, found := c.World.Store.Seller(id)
	if !found {
		return errKey.at("Client-Id", "")
	}
	if keyOf(c, seller) == nil {
		return errKey.at("Api-Key", "")
	}
	c.Seller = seller
	return nil
}

func findByToken(c *marketplace.Call) error {
	token := bearer(c.Request)
	for _, seller := range c.World.Store.Sellers() {
		if slices.Contains(extOfSeller(seller).OAuth, token) {
			c.Seller = seller
			return nil
		}
	}
	return errToken.at("Authorization", "")
}

// keyOf is the key that the call shows, nil if the seller has none like it or a
// token is shown instead.
func keyOf(c *marketplace.Call, seller chat.Seller) *apiKey {
	if byToken(c) {
		return nil
	}
	shown := c.Request.Header.Get("Api-Key")
	for _, key := range extOfSeller(seller).Keys {
		if key.Value == shown {
			return &key
		}
	}
	return nil
}

// guardAccess looks at the key's state, address and roles and at the offer.
// Claims ozon/key-deactivated, ozon/key-expired, ozon/key-ip-restricted,
// ozon/key-role-missing, ozon/offer-not-signed.
func guardAccess(c *marketplace.Call) error {
	if open(c) {
		return nil
	}
	if key := keyOf(c, c.Seller); key != nil {
		if err := checkKey(*key, c.Request, c.Operation.Path, c.World.Clock.Now(), keyLifetime(c.Config.Settings, *key)); err != nil {
			return err
		}
	}
	if !extOfSeller(c.Seller).OfferSigned {
		return errOffer
	}
	return nil
}

func checkKey(key apiKey, r *http.Request, path string, now time.Time, lifetime time.Duration) error {
	if !key.Active {
		return errKeyInactive.at("Api-Key", "")
	}
	if end := key.expiry(lifetime); !end.IsZero() && !now.Before(end) {
		return errKeyExpired.at("Api-Key", "")
	}
	if !inNetworks(r.RemoteAddr, key.Networks) {
		return errNetwork.at("Api-Key", "")
	}
	if !covered(path, key.Roles) {
		return errRole.at("Api-Key", "")
	}
	return nil
}

// expiry is when the key ends, zero for never. Claim ozon/key-lifetime-days.
func (k apiKey) expiry(lifetime time.Duration) time.Time {
	switch {
	case k.Expires != nil:
		return *k.Expires
	case lifetime == 0:
		return time.Time{}
	default:
		return k.Created.Add(lifetime)
	}
}

func inNetworks(remote string, networks []string) bool {
	if len(networks) == 0 {
		return true
	}
	addr, err := netip.ParseAddrPort(remote)
	if err != nil {
		return false
	}
	for _, n := range networks {
		if prefix, err := parseNetwork(n); err == nil && prefix.Contains(addr.Addr().Unmap()) {
			return true
		}
	}
	return false
}

// parseNetwork reads 10.0.0.0/8 or a single address.
func parseNetwork(s string) (netip.Prefix, error) {
	if strings.Contains(s, "/") {
		return netip.ParsePrefix(s)
	}
	addr, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, err
	}
	return addr.Prefix(addr.BitLen())
}

// covered reports whether a role has the path itself or one above it.
func covered(path string, roles []role) bool {
	for _, r := range roles {
		for _, m := range r.Methods {
			if rest, ok := strings.CutPrefix(path, m); ok && (rest == "" || m == "/" || strings.HasPrefix(rest, "/")) {
				return true
			}
		}
	}
	return false
}
