package ozon

import (
	"time"

	"example.com/marketmock/internal/marketplace"
)

// rolesAnswer is the answer of /v1/roles. Claims ozon/roles-shape,
// ozon/roles-expires-at.
type rolesAnswer struct {
	ExpiresAt *wireTime `json:"expires_at,omitempty"`
	Roles     []role    `json:"roles"`
}

func listRoles(c *marketplace.Call, _ *body) (marketplace.Response, error) {
	answer := rolesAnswer{Roles: []role{}}
	if key := keyOf(c, c.Seller); key != nil {
		answer.Roles = key.Roles
		if end := key.expiry(keyLifetime(c.Config.Settings, *key)); !end.IsZero() && c.Config.Settings.Since(dayKeyExpiry) {
			at := wireTime(end)
			answer.ExpiresAt = &at
		}
		return ok(answer)
	}
	// A token has the roles of its application: all of them. Claim
	// ozon/oauth-roles.
	answer.Roles = []role{namedRoles[0]}
	return ok(answer)
}

// namedRoles are roles that fixtures and actions may name; only the first two
// names are the vendor's own examples. Claim ozon/role-names.
var namedRoles = []role{
	{Name: "Admin", Methods: []string{"/v1", "/v2", "/v3"}},
	{Name: "Posting FBS", Methods: []string{"/v1/posting", "/v2/posting", "/v3/posting"}},
	{Name: "Admin read only", Methods: []string{
		"/v1/roles", "/v1/seller", "/v2/chat/list", "/v2/chat/history", "/v3/chat",
		"/v1/notification/list", "/v1/notification/push-type",
	}},
	{Name: "Chat", Methods: []string{"/v1/roles", "/v1/chat", "/v2/chat", "/v3/chat"}},
}

func roleNamed(name string) (role, bool) {
	for _, r := range namedRoles {
		if r.Name == name {
			return r, true
		}
	}
	return role{}, false
}

// infoAnswer is the answer of /v1/seller/info. Claims
// ozon/seller-info-subscription, ozon/seller-info-company.
type infoAnswer struct {
	Company      company          `json:"company"`
	Ratings      []rating         `json:"ratings"`
	Subscription infoSubscription `json:"subscription"`
}

type infoSubscription struct {
	IsPremium bool   `json:"is_premium"`
	Type      string `json:"type"`
}

// rating is one of a seller's marks.
type rating struct {
	Name      string      `json:"name"`
	Rating    string      `json:"rating"`
	Status    string      `json:"status"`
	ValueType string      `json:"value_type"`
	Current   ratingValue `json:"current_value"`
	Past      ratingValue `json:"past_value"`
}

type ratingValue struct {
	From      wireTime     `json:"date_from"`
	To        wireTime     `json:"date_to"`
	Formatted string       `json:"formatted"`
	Value     float64      `json:"value"`
	Status    ratingStatus `json:"status"`
}

type ratingStatus struct {
	Danger  bool `json:"danger"`
	Premium bool `json:"premium"`
	Warning bool `json:"warning"`
}

func sellerInfo(c *marketplace.Call, _ *body) (marketplace.Response, error) {
	ext := extOfSeller(c.Seller)
	answer := infoAnswer{
		Company: ext.Company, Ratings: ext.Ratings,
		Subscription: infoSubscription{IsPremium: ext.Subscription != subscriptionNone, Type: ext.Subscription},
	}
	if answer.Ratings == nil {
		answer.Ratings = []rating{}
	}
	return ok(answer)
}

// chatRating is a made-up mark that every seller of a fixture has.
func chatRating(now time.Time) rating {
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	value := func(from time.Time, formatted string, v float64) ratingValue {
		return ratingValue{
			From: wireTime(from), To: wireTime(from.AddDate(0, 1, 0)), Formatted: formatted, Value: v,
			Status: ratingStatus{Premium: true},
		}
	}
	return rating{
		Name: "Оценка ответов в чатах", Rating: "rating_chat_response", Status: "OK", ValueType: "INDEX",
		Current: value(month, "4.8", 4.8), Past: value(month.AddDate(0, -1, 0), "4.7", 4.7),
	}
}
