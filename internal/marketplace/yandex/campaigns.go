package yandex

import (
	"encoding/binary"
	"slices"
	"strconv"
	"time"

	"example.com/marketmock/internal/marketplace"
)

// campaignsAnswer is the answer of getCampaigns, which has no envelope. Claim
// yandex/campaigns-no-envelope.
type campaignsAnswer struct {
	Campaigns []campaignRow `json:"campaigns"`
	Pager     *pager        `json:"pager,omitempty"`
	Paging    *paging       `json:"paging,omitempty"`
}

// campaignRow is a store. Claims yandex/campaign-row, yandex/campaigns-express.
type campaignRow struct {
	Domain       string   `json:"domain"`
	ID           int64    `json:"id"`
	Business     business `json:"business"`
	Placement    string   `json:"placementType"`
	Availability string   `json:"apiAvailability,omitempty"`
}

type business struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// pager tells where a page is that page and pageSize asked for. Claim
// yandex/campaigns-flipping.
type pager struct {
	Total       int `json:"total"`
	From        int `json:"from"`
	To          int `json:"to"`
	CurrentPage int `json:"currentPage"`
	PagesCount  int `json:"pagesCount"`
	PageSize    int `json:"pageSize"`
}

type paging struct {
	Next string `json:"nextPageToken,omitempty"`
}

// getCampaigns lists the stores of the caller's cabinet. Claim
// yandex/campaigns-of-key.
func getCampaigns(c *marketplace.Call) (marketplace.Response, error) {
	ext := extOfSeller(c.Seller)
	stores := storesOn(c.Config.Settings.Edition, ext.Campaigns)
	p, err := storePageOf(c, len(stores))
	if err != nil {
		return marketplace.Response{}, err
	}
	page := stores[min(p.start, len(stores)):min(p.start+p.size, len(stores))]
	answer := campaignsAnswer{Campaigns: make([]campaignRow, len(page))}
	owner := business{Name: ext.Title}
	owner.ID, _ = strconv.ParseInt(c.Seller.ID, 10, 64)
	for i, store := range page {
		answer.Campaigns[i] = campaignRow{
			Domain: store.Domain, ID: store.ID, Business: owner, Placement: store.Placement,
			Availability: availabilityOn(c.Config.Settings.Edition, store.Availability),
		}
	}
	if p.number > 0 {
		answer.Pager = &pager{
			Total: len(stores), CurrentPage: p.number, PagesCount: (len(stores) + p.size - 1) / p.size, PageSize: p.size,
		}
		if len(page) > 0 {
			answer.Pager.From, answer.Pager.To = p.start+1, p.start+len(page)
		}
	}
	if c.Config.Settings.Since(dayStorePaging) {
		answer.Paging = nextStores(c, len(stores), p)
	}
	return ok(answer)
}

// storesOn are the stores that an edition has a word for. Claim yandex/editions.
func storesOn(edition time.Time, stores []campaign) []campaign {
	if !edition.Before(dayLaas) {
		return stores
	}
	return slices.DeleteFunc(slices.Clone(stores), func(s campaign) bool { return s.Placement == "LAAS" })
}

// storePage is a page of stores; number is 0 where a token or limit asked.
type storePage struct {
	start, size, number int
	query               digest
}

// storePageOf reads both ways of paging, of so many stores. Claims
// yandex/campaigns-paging, yandex/campaigns-token-before-page,
// yandex/campaigns-without-limit, yandex/campaigns-page-bounds.
func storePageOf(c *marketplace.Call, total int) (storePage, error) {
	p := storePage{query: digestStart.text(c.Operation.ID).text(c.Seller.ID)}
	if c.Config.Settings.Since(dayStorePaging) {
		key, err := afterKey(c, p.query)
		if err != nil {
			return p, err
		}
		_, limited := param(c, paramLimit)
		if limited || key != "" {
			start := position(key)
			if key != "" && (start == 0 || start > uint64(total)) {
				return p, errPageToken.at("pageToken", "")
			}
			p.start = int(start)
			p.size, err = pageLimit(c)
			return p, err
		}
	}
	number, _, err := integer(c, "page")
	if err != nil {
		return p, err
	}
	size, given, err := integer(c, "pageSize")
	if err != nil {
		return p, err
	}
	most := pageSizes[opGetCampaigns]
	p.size, p.number = most.usual, int(max(number, 1))
	if given && size > 0 {
		p.size = int(min(size, int64(most.most)))
	}
	p.start = (p.number - 1) * p.size
	return p, nil
}

// nextStores is where the stores behind a page are.
func nextStores(c *marketplace.Call, total int, p storePage) *paging {
	switch {
	case p.start+p.size < total:
		return &paging{Next: token(p.query, string(binary.BigEndian.AppendUint64(nil, uint64(p.start+p.size))))}
	case c.Switch(switchLastPaging) == "empty":
		return &paging{}
	}
	return nil
}

// availabilityDays are since when a store may be called so. Claim
// yandex/edition-2025-12-08.
var availabilityDays = map[string]time.Time{
	"AVAILABLE":                      dayStores,
	"DISABLED_BY_INACTIVITY":         dayStores,
	"DISABLED_BY_NO_ACTIVE_CONTRACT": dayMoreStates,
	"MANUALLY_DISABLED":              dayMoreStates,
	"DISABLED_BY_NO_PLACEMENT_TYPE":  dayAvailability,
}

// availabilityOn is what an edition says of a store: a word that it knows, or
// nothing. Claim yandex/campaigns-unknown-state.
func availabilityOn(edition time.Time, state string) string {
	switch {
	case edition.Before(dayStores):
		return ""
	case edition.Before(availabilityDays[state]):
		return "DISABLED_BY_INACTIVITY"
	}
	return state
}
