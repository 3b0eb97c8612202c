package yandex

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/worldfile"
)

// cabinetStates are what a cabinet may be.
var cabinetStates = []string{
	cabinetActive, cabinetDisabled, cabinetInactive, cabinetMigrating, cabinetUnattainable, cabinetUserDisabled,
}

// tokenStates are what a cabinet's OAuth token may be. Claims
// yandex/oauth-wrong-application, yandex/oauth-states.
var tokenStates = []string{tokenValid, tokenWrongScope, tokenWrongClient}

// placements are the models of stores as the API calls them.
var placements = []string{modelFBS, modelFBY, modelDBS, placementLaas}

const placementLaas = "LAAS"

const availabilityYes = "AVAILABLE"

// availabilities are whether a store may be worked with through the API.
var availabilities = []string{
	availabilityYes, "DISABLED_BY_INACTIVITY", "DISABLED_BY_NO_ACTIVE_CONTRACT", "MANUALLY_DISABLED", "DISABLED_BY_NO_PLACEMENT_TYPE",
}

// scopes are what an Api-Key may be good for. Claim yandex/scopes-companions.
var scopes = []string{
	"all-methods", "all-methods:read-only", "inventory-and-order-processing", "inventory-and-order-processing:read-only",
	"pricing", "pricing:read-only", "offers-and-cards-management", "offers-and-cards-management:read-only", "promotion",
	"promotion:read-only", "finance-and-accounting", "communication", "settings-management", "supplies-management:read-only",
}

// maxKeys is how many keys a cabinet has at most. Claim yandex/key-maximum.
const maxKeys = 30

// addSellers makes the two demo cabinets if the file names none.
func (b *worldBuilder) addSellers(file worldFile) error {
	sellers := file.Sellers
	if len(sellers) == 0 {
		sellers = []worldSeller{{Name: "demo"}, {Name: "second"}}
	}
	for i, s := range sellers {
		path := fmt.Sprintf("sellers[%d]", i)
		seller, err := b.newSeller(path, i, s)
		if err != nil {
			return err
		}
		if err := b.AddSeller(path, seller); err != nil {
			return err
		}
	}
	return nil
}

func (b *worldBuilder) newSeller(path string, n int, s worldSeller) (chat.Seller, error) {
	who := identityOf(b.Env, n)
	ext := sellerExt{Title: s.Title, OAuth: []string{who.oauth}, State: s.State, Token: s.Token}
	if ext.Title == "" {
		ext.Title = s.Name
	}
	if ext.State == "" {
		ext.State = cabinetActive
	}
	if !slices.Contains(cabinetStates, ext.State) {
		return chat.Seller{}, worldfile.NoneOf(path+".state", s.State, cabinetStates)
	}
	if ext.Token == "" {
		ext.Token = tokenValid
	}
	if !slices.Contains(tokenStates, ext.Token) {
		return chat.Seller{}, worldfile.NoneOf(path+".oauth_state", s.Token, tokenStates)
	}
	var err error
	if ext.Keys, err = keysOf(path, who, s.Keys); err != nil {
		return chat.Seller{}, err
	}
	if ext.Campaigns, err = b.stores(path, n, who, s); err != nil {
		return chat.Seller{}, err
	}
	return chat.Seller{ID: strconv.FormatInt(who.business, 10), Name: s.Name, Ext: ext}, nil
}

func keysOf(path string, who identity, keys []worldKey) ([]apiKey, error) {
	if len(keys) == 0 {
		keys = []worldKey{
			{Name: "marketmock"},
			{Name: "marketmock read-only", Scopes: []string{"all-methods:read-only"}},
		}
	}
	if len(keys) > maxKeys {
		return nil, worldfile.Mistake(path+".keys", "a cabinet has at most %d keys", maxKeys)
	}
	var out []apiKey
	for i, k := range keys {
		at := fmt.Sprintf("%s.keys[%d]", path, i)
		if k.Name == "" || len([]rune(k.Name)) > 100 {
			return nil, worldfile.Mistake(at+".name", "must have 1 to 100 characters")
		}
		if slices.ContainsFunc(out, func(o apiKey) bool { return o.Name == k.Name }) {
			return nil, worldfile.Mistake(at+".name", "%s stands here twice", k.Name)
		}
		if len(k.Scopes) == 0 {
			k.Scopes = []string{scopes[0]}
		}
		for j, s := range k.Scopes {
			if !slices.Contains(scopes, s) {
				return nil, worldfile.NoneOf(fmt.Sprintf("%s.scopes[%d]", at, j), s, scopes)
			}
		}
		out = append(out, apiKey{Value: who.key(i), Name: k.Name, Scopes: k.Scopes, Revoked: k.Revoked})
	}
	return out, nil
}

func (b *worldBuilder) stores(path string, n int, who identity, s worldSeller) ([]campaign, error) {
	stores := s.Campaigns
	if stores == nil {
		stores = usualStores(n, who)
	}
	var out []campaign
	for i, c := range stores {
		at := fmt.Sprintf("%s.campaigns[%d]", path, i)
		if c.Domain == "" {
			c.Domain = strings.TrimSpace(s.Title + " " + c.Placement)
		}
		if c.Placement == "" {
			c.Placement = modelFBS
		}
		if c.Availability == "" {
			c.Availability = availabilityYes
		}
		switch {
		case c.ID < 1:
			return nil, worldfile.Mistake(at+".id", "must be a number from 1 on")
		case b.campaigns[c.ID]:
			return nil, worldfile.Mistake(at+".id", "%d stands here twice", c.ID)
		case !slices.Contains(placements, c.Placement):
			return nil, worldfile.NoneOf(at+".placement", c.Placement, placements)
		case !slices.Contains(availabilities, c.Availability):
			return nil, worldfile.NoneOf(at+".availability", c.Availability, availabilities)
		}
		b.campaigns[c.ID] = true
		out = append(out, campaign(c))
	}
	return out, nil
}

// usualStores are one for each model in the first cabinet, and one in any other.
func usualStores(n int, who identity) []worldCampaign {
	stores := []worldCampaign{{ID: who.campaign}}
	if n > 0 {
		return stores
	}
	return append(stores,
		worldCampaign{ID: who.campaign + 1, Placement: modelFBY},
		worldCampaign{ID: who.campaign + 2, Placement: modelDBS},
		worldCampaign{ID: who.campaign + 3, Domain: expressStore},
	)
}

const expressStore = "Express"

// placementOf is the placement of stores that sell by a model. Claim
// yandex/campaigns-express.
func placementOf(model string) string {
	if model == modelExpress {
		return modelFBS
	}
	return model
}

// storeFor is the first store that sells by a model, 0 for none. Express stores
// are FBS to the API: an order by Express is the last one's.
func storeFor(stores []campaign, model string) int64 {
	placement := placementOf(model)
	var id int64
	for _, s := range stores {
		if s.Placement == placement && (id == 0 || model == modelExpress) {
			id = s.ID
		}
	}
	return id
}

const (
	demoBusiness  = 2001
	demoCampaign  = 3001
	otherBusiness = 200_000_000
	otherCampaign = 400_000_000
	demoToken     = "yandex-demo-oauth"
)

// identity is who a cabinet is: its numbers and its secrets.
type identity struct {
	env      marketplace.Env
	n        int
	business int64
	campaign int64 // of the first store
	oauth    string
}

// identityOf gives the n-th cabinet of a sandbox its identity: the documented one
// in the default sandbox, others elsewhere.
func identityOf(env marketplace.Env, n int) identity {
	who := identity{env: env, n: n}
	if env.Serial == 0 {
		who.business, who.campaign, who.oauth = demoBusiness+int64(n), demoCampaign+10*int64(n), demoToken
		if n > 0 {
			who.oauth += "-" + strconv.Itoa(n+1)
		}
		return who
	}
	place := int64(env.Serial)*100 + int64(n)
	who.business, who.campaign = otherBusiness+place, otherCampaign+place*10+1
	who.oauth = "y0_" + who.derived("oauth", 0)[:32]
	return who
}

// key is the cabinet's i-th Api-Key. Claim yandex/key-shape.
func (who identity) key(i int) string {
	if who.env.Serial == 0 && i < 2 {
		return fmt.Sprintf("%s%s:%08d", keyPrefix, demoKeys[i], demoBusiness+10*who.n+i)
	}
	return keyFrom(who.derived("key", i))
}

// keyFrom is a token of at least 40 letters and digits.
func keyFrom(made string) string {
	sum := sha256.Sum256([]byte(made))
	return keyPrefix + made[:40] + ":" + hex.EncodeToString(sum[:4])
}

// madeKey is the token of a key made at run time.
func madeKey(sandbox, seller, name string) string {
	return keyFrom(secret(fmt.Sprintf("made/%s/%s/%s", sandbox, seller, name)))
}

var demoKeys = [2]string{"marketmockdemomarketmockdemomarketmockde", "marketmockreadmarketmockreadmarketmockre"}

// derived is a secret of 40 letters and digits or more, that follows from the
// sandbox's number and seed.
func (who identity) derived(what string, i int) string {
	return secret(fmt.Sprintf("%s/%d/%d/%d/%d", what, who.env.Serial, who.env.Seed, who.n, i))
}

// secret is 40 letters and digits or more that follow from a text.
func secret(from string) string {
	sum := sha256.Sum256([]byte("yandex/" + from))
	text := new(big.Int).SetBytes(sum[:]).Text(62)
	return strings.Repeat("0", max(0, 40-len(text))) + text
}
