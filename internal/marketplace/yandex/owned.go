package yandex

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"example.com/marketmock/internal/chat"
)

const (
	ownedKey      = "yandex:key:"
	ownedOAuth    = "yandex:oauth:"
	ownedBusiness = "yandex:business:"
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

// credentials are what a client needs to be this seller. Keys are all that the
// cabinet has, deleted ones too, by name, if there are more than the two.
type credentials struct {
	BusinessID int64             `json:"business_id"`
	CampaignID int64             `json:"campaign_id,omitempty"`
	APIKey     string            `json:"api_key"`
	ReadOnly   string            `json:"read_only_api_key,omitempty"`
	OAuth      string            `json:"oauth,omitempty"`
	Name       string            `json:"name,omitempty"`
	Keys       map[string]string `json:"keys,omitempty"`
}

// Credentials are the seller's cabinet, first store, keys and first token.
func (a *API) Credentials(s chat.Seller) any { return a.credentials(s) }

func (a *API) credentials(s chat.Seller) credentials {
	ext := extOfSeller(s)
	out := credentials{Name: s.Name}
	byName := make(map[string]string, len(ext.Keys))
	out.BusinessID, _ = strconv.ParseInt(s.ID, 10, 64)
	if len(ext.Campaigns) > 0 {
		out.CampaignID = ext.Campaigns[0].ID
	}
	for _, key := range ext.Keys {
		byName[key.Name] = key.Value
		if slices.Equal(key.Scopes, []string{scopeReadOnly}) {
			if out.ReadOnly == "" {
				out.ReadOnly = key.Value
			}
		} else if out.APIKey == "" {
			out.APIKey = key.Value
		}
	}
	if slices.ContainsFunc(ext.Keys, func(k apiKey) bool { return k.Value != out.APIKey && k.Value != out.ReadOnly }) {
		out.Keys = byName
	}
	if len(ext.OAuth) > 0 {
		out.OAuth = ext.OAuth[0]
	}
	return out
}
