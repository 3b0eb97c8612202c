package strictly_test

import (
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
	Rows []row `json:"rows"`
}

func TestWhatIsNotDeclaredIsRefused(t *testing.T) {
	t.Parallel()
	const at = `"at":"2026-10-01T00:00:00Z"`
	for name, c := range map[string]struct{ raw, mistake string }{
		"a full row":              {`{"rows":[{"id":1,` + at + `,"color":"red","note":"n","tags":["a"]}]}`, ""},
		"without what may be":     {`{"rows":[{"id":1,` + at + `,"color":"red","tags":[]}]}`, ""},
		"an unknown field":        {`{"rows":[],"more":1}`, `unknown field "more"`},
		"another case of a name":  {`{"Rows":[]}`, "/rows: is missing"},
		"a name in both cases":    {`{"rows":[],"Rows":[]}`, "/Rows: is not declared"},
		"a missing field":         {`{"rows":[{"id":1,` + at + `,"tags":[]}]}`, "/rows/0/color: is missing"},
		"null for a list":         {`{"rows":null}`, "/rows: is null"},
		"null for what may be":    {`{"rows":[{"id":1,` + at + `,"color":"red","note":null,"tags":[]}]}`, "/rows/0/note: is null"},
		"a value not in the enum": {`{"rows":[{"id":1,` + at + `,"color":"Red","tags":[]}]}`, `/rows/0/color: "Red" is no value of the enum`},
		"a string for a number":   {`{"rows":[{"id":"1",` + at + `,"color":"red","tags":[]}]}`, "cannot unmarshal string"},
		"two values":              {`{"rows":[]}{}`, "something follows the value"},
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
