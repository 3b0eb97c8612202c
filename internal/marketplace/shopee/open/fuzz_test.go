package open

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// A query is read as net/url reads it, as far as that can read it; whatever it
// holds, the call is refused in the vendor's words.
func FuzzQuery(f *testing.F) {
	f.Add("partner_id=2000001&timestamp=1790856000&sign=x&access_token=y&shop_id=1", "shop_id")
	f.Add("a%5Fb=1&a_b=2&&=&%zz=3", "a_b")
	f.Add("partner_id=99999999999999999999&partner_id=1", "partner_id")
	w := newWorld(f, asked)
	op, _ := w.config.Specs[Spec].Operation(opList)
	f.Fuzz(func(t *testing.T, raw, name string) {
		r := &http.Request{URL: &url.URL{Path: op.Path, RawQuery: raw}, Header: http.Header{}, RemoteAddr: "192.0.2.1:1"}
		c := &marketplace.Call{World: w.World, Config: w.config, Request: r, Operation: op, Target: op.Path, Header: http.Header{}}
		value, found := param(c, name)
		if want, err := url.ParseQuery(raw); err == nil && !strings.Contains(raw, ";") {
			require.Equal(t, want.Has(name) || name == "" && found, found)
			if want.Has(name) && name != "" {
				require.Equal(t, want.Get(name), value)
				require.Equal(t, want[name], params(c, name))
			}
		}
		_, err := run(c)
		require.Error(t, err, "nobody knows the key")
		require.True(t, json.Valid(Error(c, err).Body.(errorBody).json()))
		for _, key := range Credential(r) {
			require.Regexp(t, `^(shop|partner):\d{1,10}$`, key)
		}
	})
}

func (e errorBody) json() []byte {
	raw, _ := json.Marshal(e)
	return raw
}

// Ids in bodies are exact, or none.
func FuzzIDs(f *testing.F) {
	for _, seed := range []string{"1", `"650908968319134433"`, "9007199254740993", "1e3", "1.0", "-1", `"01"`, `"\u0031"`, "null", `""`, "{}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		b := body{}
		if json.Unmarshal([]byte(`{"id":`+raw+`}`), &b) != nil {
			return
		}
		id, isID := b.id("id")
		if !isID {
			return
		}
		require.Positive(t, id)
		text := strings.TrimSpace(string(b["id"]))
		if text[0] == '"' {
			require.NoError(t, json.Unmarshal([]byte(text), &text))
		}
		require.Equal(t, strings.TrimLeft(text, "0"), shop.Key(id))
	})
}
