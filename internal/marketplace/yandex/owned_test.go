package yandex

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

// Proves: yandex/hosts, yandex/key-of-one-cabinet, yandex/key-shape
func TestWhoseWorldACallIsFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, two, today, nil)
	api, seller := w.api, w.Store.Sellers()[0]
	owned := api.Owned(seller)
	require.Equal(t, []string{
		"yandex:business:2001", "yandex:key:ACMA:marketmockdemomarketmockdemomarketmockde:00002001",
		"yandex:key:ACMA:marketmockreadmarketmockreadmarketmockre:00002002", "yandex:oauth:yandex-demo-oauth",
	}, owned)
	for name, tt := range map[string]struct {
		path string
		set  map[string]string
		want []string
	}{
		"a key wins":            {"/v2/businesses/2001/chats", map[string]string{"Api-Key": "k", "Authorization": "Bearer t"}, []string{"yandex:key:k", "yandex:oauth:t", "yandex:business:2001"}},
		"a token":               {"/v2/campaigns", map[string]string{"Authorization": "oauth t"}, []string{"yandex:oauth:t"}},
		"a cabinet of the path": {"/yandex/businesses/02001/chats.json", nil, []string{"yandex:business:2001"}},
		"a cabinet of a file":   {"/files/2001/1/2/a.txt", nil, []string{"yandex:business:2001"}},
		"no cabinet":            {"/v2/businesses/x/chats", map[string]string{"Authorization": "Bearer"}, nil},
		"nothing":               {"/v2/campaigns", nil, nil},
	} {
		r := httptest.NewRequest(http.MethodGet, tt.path, nil)
		for k, v := range tt.set {
			r.Header.Set(k, v)
		}
		require.Equal(t, tt.want, api.Credential(r), name)
	}
	require.Equal(t, credentials{
		BusinessID: 2001, CampaignID: 3001, APIKey: "ACMA:marketmockdemomarketmockdemomarketmockde:00002001",
		ReadOnly: "ACMA:marketmockreadmarketmockreadmarketmockre:00002002", OAuth: "yandex-demo-oauth", Name: "demo",
	}, api.Credentials(seller))
	require.Equal(t, `curl -sS 'http://h/yandex/v2/businesses/2001/chats?limit=20' `+
		`-H 'Api-Key: ACMA:marketmockdemomarketmockdemomarketmockde:00002001' -H 'Content-Type: application/json' -d '{}'`,
		api.Curl("http://h/yandex/", seller))
	for _, key := range extOfSeller(seller).Keys {
		require.Nil(t, checkShape(key.Value))
	}
}
