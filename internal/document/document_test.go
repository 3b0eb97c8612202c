package document_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/document"
)

type shape struct {
	Name  string            `yaml:"name"`
	Count int               `json:"count"`
	Small uint8             `yaml:"small"`
	Share float64           `yaml:"share"`
	On    *bool             `yaml:"on"`
	Tags  []string          `yaml:"tags"`
	Map   map[string]int    `yaml:"map"`
	Items []item            `yaml:"items"`
	Any   any               `yaml:"any"`
	Text  map[string]string `yaml:"text"`
}

type item struct {
	Order string `yaml:"order"`
	Price int64  `yaml:"price"`
}

func TestDecodeFillsEveryKnownType(t *testing.T) {
	t.Parallel()
	n, err := document.Parse("x.yaml", []byte(`
name: 0047
count: -3
small: 255
share: 1.5
on: true
tags: [a, "b", 3]
map: {one: 1}
items:
  - {order: "47000001-0001-1", price: 10}
  - order: two
any: {list: [1, x, true, 2.5, null]}
text:
  long: |
    first
    second
`))
	require.NoError(t, err)
	var got shape
	require.NoError(t, n.Decode(&got))
	on := true
	require.Equal(t, shape{
		Name: "0047", Count: -3, Small: 255, Share: 1.5, On: &on,
		Tags: []string{"a", "b", "3"}, Map: map[string]int{"one": 1},
		Items: []item{{"47000001-0001-1", 10}, {Order: "two"}},
		Any:   map[string]any{"list": []any{int64(1), "x", true, 2.5, nil}},
		Text:  map[string]string{"long": "first\nsecond\n"},
	}, got)
}

func TestMistakesAreToldWithTheirPlace(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want string }{
		"an unknown key that is near a known one": {
			"name: x\nitems:\n  - ordr: 1\n", `x.yaml:3:5: items[0]: the key "ordr" is not known; did you mean "order"`,
		},
		"an unknown key that is near none": {
			"items: [{zzzzzzz: 1}]", `x.yaml:1:10: items[0]: the key "zzzzzzz" is not known; known are order, price`,
		},
		"a text for a number":      {"count: many", "x.yaml:1:8: count: an integer of 64 bits is expected here, not a text"},
		"a number out of its type": {"small: 256", "x.yaml:1:8: small: an integer from 0 on of 8 bits is expected here, not an integer"},
		"a map for a list":         {"tags: {a: b}", "x.yaml:1:8: tags: a list is expected here, not a map"},
		"a list for a text":        {"name: [x]", "x.yaml:1:7: name: a text is expected here, not a list"},
		"true for a text":          {"name: true", "x.yaml:1:7: name: a text is expected here, not true or false"},
		"a text for a map":         {"name: x\nmap: y", "x.yaml:2:6: map: a map is expected here, not a text"},
		"a scalar for the whole":   {"hello", "x.yaml:1:1: a map is expected here, not a text"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, err := document.Parse("x.yaml", []byte(tt.in))
			require.NoError(t, err)
			require.EqualError(t, n.Decode(new(shape)), tt.want)
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in   string
		line int
	}{
		"a key that stands twice": {"a: 1\na: 2\n", 2},
		"an alias":                {"a: &x 1\nb: *x\n", 1},
		"a tag":                   {"a: !!str 1\n", 1},
		"a second document":       {"a: 1\n---\nb: 1\n", 3},
		"a broken indentation":    {"a:\n  b: 1\n c: 2\n", 3},
		"an open bracket":         {"a: [1, 2\n", 1},
		"a tab":                   {"a:\n\tb: 1\n", 2},
		"deep brackets":           {"a: 1\nb: " + strings.Repeat("[", 100_000), 2},
		"deep lists on one line":  {"a: 1\nb:\n" + strings.Repeat("- ", 100_000) + "x", 3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := document.Parse("x.yaml", []byte(tt.in))
			var mistake *document.Error
			require.ErrorAs(t, err, &mistake)
			require.Equal(t, tt.line, mistake.Line, mistake.Error())
		})
	}
}

func TestAtFindsTheValueOfAPath(t *testing.T) {
	t.Parallel()
	n, err := document.Parse("x.yaml", []byte("ozon:\n  chats:\n    - name: a\n    - name: b\n      order: 47\n"))
	require.NoError(t, err)
	section, ok := n.Field("ozon")
	require.True(t, ok)
	require.EqualError(t, section.At("chats[1].order", "no"), "x.yaml:5:14: ozon.chats[1].order: no")
	require.EqualError(t, section.At("chats[0].order", "no"), "x.yaml:3:7: ozon.chats[0].order: no")
	require.EqualError(t, section.At("chats[7].order", "no"), "x.yaml:3:5: ozon.chats[7].order: no")
}

func TestAnEmptyDocumentDecodesToNothing(t *testing.T) {
	t.Parallel()
	n, err := document.Parse("x.yaml", nil)
	require.NoError(t, err)
	var got shape
	require.NoError(t, n.Decode(&got))
	require.Zero(t, got)
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "a: 1", "a: [1, {b: c}]", "- x\n- y", "a: |\n  text", "a: &x 1\nb: *x", "? a\n: b", "a: !!int 3", "---\n...\n", "\"\\u00e9\"", "[[[[", "a: {b: [c, d}", "<<: {a: 1}",
		"items:\n  - order: 1\n", "count: 0x1F", "share: .inf", "name: 'it''s'",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := document.Parse("x.yaml", []byte(s))
		if err == nil {
			err = n.Decode(new(shape))
		}
		var mistake *document.Error
		if err != nil && (!errors.As(err, &mistake) || mistake.Line < 1 || mistake.Column < 1) {
			t.Fatalf("an error without a place: %v", err)
		}
	})
}
