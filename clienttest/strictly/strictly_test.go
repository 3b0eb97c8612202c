package strictly_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/strictly"
)

type color string

func (c color) Valid() bool { return c == "red" }

type row struct {
	ID    uint64    `json:"id"`
	At    time.Time `json:"at"`
	Color color     `json:"color"`
	Note  *string   `json:"note,omitempty"`
	Tags  []string  `json:"tags"`
}

type table struct {
	Rows []row   `json:"rows"`
	Told *string `json:"told"`
	Some []shape `json:"some,omitempty"`
}

// shape is what oapi-codegen makes of oneOf with a discriminator.
type shape struct{ union json.RawMessage }

func (s *shape) UnmarshalJSON(raw []byte) error {
	s.union = bytes.Clone(raw)
	return nil
}

func (s shape) ValueByDiscriminator() (any, error) {
	var head struct{ Kind string }
	if err := json.Unmarshal(s.union, &head); err != nil || head.Kind != "round" {
		return nil, errors.New("unknown discriminator value: " + head.Kind)
	}
	var out round
	return out, json.Unmarshal(s.union, &out)
}

type round struct {
	Kind   string `json:"kind"`
	Radius int    `json:"radius"`
}

func TestWhatIsNotDeclaredIsRefused(t *testing.T) {
	t.Parallel()
	const at = `"at":"2026-10-01T00:00:00Z"`
	for name, c := range map[string]struct{ raw, mistake string }{
		"a full row":              {`{"rows":[{"id":1,` + at + `,"color":"red","note":"n","tags":["a"]}],"told":"t"}`, ""},
		"without what may be":     {`{"rows":[{"id":1,` + at + `,"color":"red","tags":[]}],"told":"t"}`, ""},
		"an unknown field":        {`{"rows":[],"more":1}`, `unknown field "more"`},
		"another case of a name":  {`{"Rows":[]}`, "/rows: is missing"},
		"a name in both cases":    {`{"rows":[],"Rows":[],"told":null}`, "/Rows: is not declared"},
		"a missing field":         {`{"rows":[{"id":1,` + at + `,"tags":[]}]}`, "/rows/0/color: is missing"},
		"null for a list":         {`{"rows":null}`, "/rows: is null"},
		"null for what may be":    {`{"rows":[{"id":1,` + at + `,"color":"red","note":null,"tags":[]}]}`, "/rows/0/note: is null"},
		"a value not in the enum": {`{"rows":[{"id":1,` + at + `,"color":"Red","tags":[]}]}`, `/rows/0/color: "Red" is no value of the enum`},
		"a string for a number":   {`{"rows":[{"id":"1",` + at + `,"color":"red","tags":[]}]}`, "cannot unmarshal string"},
		"null for a pointer":      {`{"rows":[],"told":null}`, ""},
		"nothing for a pointer":   {`{"rows":[]}`, "/told: is missing"},
		"a variant":               {`{"rows":[],"told":null,"some":[{"kind":"round","radius":1}]}`, ""},
		"a variant without all":   {`{"rows":[],"told":null,"some":[{"kind":"round"}]}`, "/some/0/radius: is missing"},
		"a variant with more":     {`{"rows":[],"told":null,"some":[{"kind":"round","radius":1,"x":1}]}`, "/some/0/x: is not declared"},
		"an unknown variant":      {`{"rows":[],"told":null,"some":[{"kind":"flat"}]}`, "/some/0: unknown discriminator value: flat"},
		"two values":              {`{"rows":[],"told":null}{}`, "something follows the value"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := strictly.Decode([]byte(c.raw), new(table))
			if c.mistake == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, c.mistake)
			}
		})
	}
}
