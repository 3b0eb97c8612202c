package marketplace_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
)

type played struct {
	State    string          `json:"state,omitempty"`
	On       *bool           `json:"on,omitempty"`
	Order    marketplace.Ref `json:"order,omitempty"`
	Share    float64         `json:"share,omitempty"`
	Networks []string        `json:"networks,omitempty"`
	About    *struct {
		OrderSN string `json:"order_sn,omitempty"`
	} `json:"about,omitempty"`
	Content map[string]any `json:"content,omitempty"`
}

func TestAnActionSaysWhatIsWrongInItsInput(t *testing.T) {
	t.Parallel()
	action := marketplace.NewWordedAction("shop.set", "set", func(_ *marketplace.World, in played) (any, error) { return in, nil },
		map[string][]string{"state": {"normal", "banned"}, "networks": {"home", "work"}})
	for raw, want := range map[string]string{
		`{"stat":"normal"}`:              `stat: there is no field "stat", did you mean "state"?`,
		`{"mood":1}`:                     `mood: there is no field "mood"; known: "about", "content", "networks", "on", "order", "share", "state"`,
		`{"about":{"ordersn":"x"}}`:      `about.ordersn: there is no field "ordersn", did you mean "order_sn"?`,
		`{"about":{"order_sn":5}}`:       "about.order_sn: must be a text, not a whole number",
		`{"state":"baned"}`:              `state: "baned" is not known here, did you mean "banned"?`,
		`{"state":"sad"}`:                `state: "sad" is none of normal, banned`,
		`{"on":"yes"}`:                   "on: must be true or false, not a text",
		`{"order":true}`:                 "order: must be a whole number or a text, not true or false",
		`{"order":1.5}`:                  "order: must be a whole number or a text, not a number",
		`{"share":"x"}`:                  "share: must be a number, not a text",
		`{"networks":"home"}`:            "networks: must be a list, not a text",
		`{"networks":["home",{}]}`:       "networks[1]: must be a text, not an object",
		`{"networks":["home","wrk"]}`:    `networks[1]: "wrk" is not known here, did you mean "work"?`,
		`{"content":[]}`:                 "content: must be an object, not a list",
		`{"order":99999999999999999999}`: "an id is a number or a string",
		`[]`:                             "must be an object, not a list",
	} {
		_, err := action.Run(nil, json.RawMessage(raw))
		require.EqualError(t, err, want, raw)
	}
	for _, raw := range []string{
		`null`, `{"state":"","on":null,"share":1,"networks":[]}`, `{"order":"x","share":1.5,"content":{"any":[{"a":1}]}}`,
	} {
		_, err := action.Run(nil, json.RawMessage(raw))
		require.NoError(t, err, raw)
	}
}
