package ozon

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/worldfile"
	"example.com/marketmock/internal/when"
)

// addSellers makes the two demo sellers if the file names none.
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
	ext := sellerExt{Subscription: s.Subscription, OfferSigned: s.OfferSigned == nil || *s.OfferSigned, Since: b.Env.Now}
	if ext.Subscription == "" {
		ext.Subscription = subscriptionPlus
	}
	if !slices.Contains(subscriptions, ext.Subscription) && ext.Subscription != "UNKNOWN" {
		return chat.Seller{}, worldfile.NoneOf(path+".subscription", s.Subscription, subscriptions)
	}
	key, err := b.key(path, s)
	if err != nil {
		return chat.Seller{}, err
	}
	who := identityOf(b.Env, n)
	key.Value, ext.OAuth = who.APIKey, []string{who.OAuth}
	ext.Keys = []apiKey{key}
	title := s.Title
	if title == "" {
		title = s.Name
	}
	ext.Company = companyOf(title, n)
	ext.Ratings = []rating{chatRating(b.Env.Now)}
	return chat.Seller{ID: who.ClientID, Name: s.Name, Ext: ext}, nil
}

func (b *worldBuilder) key(path string, s worldSeller) (apiKey, error) {
	key := apiKey{Active: true, Created: b.Env.Now.Add(-10 * when.Day)}
	names := s.Roles
	if names == nil {
		names = []string{namedRoles[0].Name}
	}
	for i, name := range names {
		r, ok := roleNamed(name)
		if !ok {
			return key, worldfile.Mistake(fmt.Sprintf("%s.roles[%d]", path, i), "there is no role %s", name)
		}
		key.Roles = append(key.Roles, r)
	}
	if s.Key == nil {
		return key, nil
	}
	var err error
	if key.Created, err = b.Past(path+".key.created", s.Key.Created, key.Created); err != nil {
		return key, err
	}
	key.Active = s.Key.Active == nil || *s.Key.Active
	for i, n := range s.Key.Networks {
		if _, err := parseNetwork(n); err != nil {
			return key, worldfile.Mistake(fmt.Sprintf("%s.key.networks[%d]", path, i), "%s is no network", n)
		}
	}
	key.Networks = s.Key.Networks
	return key, nil
}

var subscriptions = []string{subscriptionNone, subscriptionPlain, subscriptionLite, subscriptionPlus, subscriptionPro}

func companyOf(title string, n int) company {
	return company{
		Country: "Россия", Currency: "RUB", INN: fmt.Sprintf("00000%05d", n+1), LegalName: "ООО «" + strings.NewReplacer("«", "„", "»", "“").Replace(title) + "»",
		Name: title, OGRN: fmt.Sprintf("00000000%05d", n+1), OwnershipForm: "ООО", TaxSystem: "USN",
	}
}

const firstDemoClient = 1001

// identityOf gives the n-th seller of a sandbox its credentials: the documented
// ones in the default sandbox, others elsewhere.
func identityOf(env marketplace.Env, n int) credentials {
	if env.Serial == 0 {
		id := firstDemoClient + n
		token := "ozon-demo-oauth"
		if n > 0 {
			token += "-" + strconv.Itoa(n+1)
		}
		return credentials{
			ClientID: strconv.Itoa(id), OAuth: token, APIKey: fmt.Sprintf("00000000-0000-4000-8000-%012d", id),
		}
	}
	made := func(what string) string {
		return uuid.NewSHA1(chatSpace, fmt.Appendf(nil, "%s/%d/%d/%d", what, env.Serial, env.Seed, n)).String()
	}
	return credentials{
		ClientID: strconv.Itoa(env.Serial*100_000 + n + 1), APIKey: made("key"), OAuth: "ozon-" + made("token"),
	}
}
