package yandex

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const stores = `
sellers:
  - name: demo
    title: Листок
    keys: [{name: desk, scopes: [communication, "all-methods:read-only"]}]
    campaigns:
      - {id: 11, domain: один, placement: FBS}
      - {id: 12, domain: два, placement: FBY, availability: DISABLED_BY_NO_PLACEMENT_TYPE}
      - {id: 13, domain: три, placement: LAAS, availability: MANUALLY_DISABLED}
`

func store(id int, domain, placement, availability string) string {
	if availability != "" {
		availability = `,"apiAvailability":"` + availability + `"`
	}
	return fmt.Sprintf(`{"domain":%q,"id":%d,"business":{"id":2001,"name":"Листок"},"placementType":%q%s}`, domain, id, placement, availability)
}

// Proves: yandex/campaigns-no-envelope, yandex/campaign-row, yandex/campaigns-of-key, yandex/campaigns-flipping
// Proves: yandex/campaigns-paging, yandex/campaigns-without-limit, yandex/campaigns-token-before-page
// Proves: yandex/edition-2025-12-08, yandex/edition-2026-03-03, yandex/above-maximum, yandex/campaigns-page-bounds
// Proves: yandex/campaigns-unknown-state
func TestCampaigns(t *testing.T) {
	t.Parallel()
	w := newWorld(t, stores, today, nil)
	one, two := store(11, "один", "FBS", "AVAILABLE"), store(12, "два", "FBY", "DISABLED_BY_NO_PLACEMENT_TYPE")
	three := store(13, "три", "LAAS", "MANUALLY_DISABLED")
	get := func(query string) testReply { return w.call(opGetCampaigns, query, "") }
	all := fmt.Sprintf(`{"campaigns":[%s,%s,%s],`, one, two, three)
	get("").requireOK(t, all+`"pager":{"total":3,"from":1,"to":3,"currentPage":1,"pagesCount":1,"pageSize":100},"paging":{}}`)
	get("limit=100").requireOK(t, all+`"paging":{}}`)
	first := get("limit=2").body
	_, next, found := strings.Cut(first, `"nextPageToken":"`)
	require.True(t, found)
	next = strings.TrimSuffix(next, `"}}`)
	get("limit=2&pageToken="+next+"&page=1&pageSize=1").requireOK(t, fmt.Sprintf(`{"campaigns":[%s],"paging":{}}`, three))
	get("pageToken="+next).requireOK(t, fmt.Sprintf(`{"campaigns":[%s],"paging":{}}`, three))
	flipped := get("page=2&pageSize=2").body
	require.Equal(t, fmt.Sprintf(`{"campaigns":[%s],"pager":{"total":3,"from":3,"to":3,"currentPage":2,"pagesCount":2,"pageSize":2},"paging":{}}`, three), flipped)
	get("page=9").requireOK(t, `{"campaigns":[],"pager":{"total":3,"from":0,"to":0,"currentPage":9,"pagesCount":1,"pageSize":100},"paging":{}}`)
	get("page=10001").requireError(t, 400, codeBadRequest, "'page' must be less than or equal to '10000' (rejected value: '10001')")
	get("limit=101").requireError(t, 400, codeBadRequest, "Parameter limit must be less than or equal to '100' (rejected value: '101')")
	get("limit=0").requireError(t, 400, codeBadRequest, "'limit' must be greater than or equal to '1' (rejected value: '0')")
	get("page=x").requireError(t, 400, codeBadRequest, "Type mismatch: 'x'")

	pager := `"pager":{"total":3,"from":1,"to":3,"currentPage":1,"pagesCount":1,"pageSize":100}}`
	for edition, want := range map[time.Time]string{
		day(2026, 3, 2):   all + pager,
		day(2025, 12, 7):  fmt.Sprintf(`{"campaigns":[%s,%s,%s],`, one, store(12, "два", "FBY", "DISABLED_BY_INACTIVITY"), three) + pager,
		day(2025, 11, 23): fmt.Sprintf(`{"campaigns":[%s,%s,%s],`, one, store(12, "два", "FBY", "DISABLED_BY_INACTIVITY"), store(13, "три", "LAAS", "DISABLED_BY_INACTIVITY")) + pager,
		day(2025, 8, 24):  fmt.Sprintf(`{"campaigns":[%s,%s],`, store(11, "один", "FBS", ""), store(12, "два", "FBY", "")) + strings.ReplaceAll(pager, "3", "2"),
	} {
		w.set(edition, nil)
		get("limit=1").requireOK(t, want)
	}
}

// A token can be forged: its hash is no secret.
// Proves: yandex/page-token-bad
func TestATokenThatBeginsNowhereIsBad(t *testing.T) {
	t.Parallel()
	w := newWorld(t, stores, today, nil)
	query := digestStart.text(opGetCampaigns).text("2001")
	at := func(start uint64) string {
		return "limit=2&pageToken=" + token(query, string(binary.BigEndian.AppendUint64(nil, start)))
	}
	require.Equal(t, 200, w.call(opGetCampaigns, at(2), "").status)
	w.call(opGetCampaigns, at(3), "").requireOK(t, `{"campaigns":[],"paging":{}}`)
	for _, query := range []string{
		at(0), at(4), at(math.MaxInt64), at(math.MaxInt64 + 1), at(math.MaxUint64), "pageToken=" + token(query, "x"),
	} {
		w.call(opGetCampaigns, query, "").requireError(t, 400, codeBadRequest, "Bad page token")
	}
}
