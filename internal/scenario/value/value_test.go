package value_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/scenario/value"
)

func node(t testing.TB, src string) *value.Node {
	t.Helper()
	n, err := value.ParseYAML([]byte(src))
	require.NoError(t, err)
	return n
}

func lookup(vars map[string]any) value.Lookup {
	return func(p value.Path) (any, error) { return p.Find(vars) }
}

func noon() (time.Time, error) { return time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC), nil }

func TestMatch(t *testing.T) {
	t.Parallel()
	const chats = `{"chats":[{"id":"a","n":1},{"id":"b","n":2}],"more":false,"note":null}`
	for name, c := range map[string]struct {
		pattern string
		got     string
		exact   bool
		holds   bool
	}{
		"a subset of fields":                  {`{more: false}`, chats, false, true},
		"exactly forbids others":              {`{more: false}`, chats, true, false},
		"exactly the same":                    {`{chats: [{id: a, n: 1}, {id: b, n: 2}], more: false, note: null}`, chats, true, true},
		"null is not nothing":                 {`{note: null, other: <absent>}`, chats, false, true},
		"a list needs all elements":           {`{chats: [{id: a}]}`, chats, false, false},
		"a list's elements are subsets":       {`{chats: [{id: a}, {n: 2}]}`, chats, false, true},
		"an element by its index":             {`{chats: {"[1]": {id: b}, "[-2]": {id: a}}}`, chats, false, true},
		"an index beyond the end":             {`{chats: {"[2]": {id: b}}}`, chats, false, false},
		"all elements":                        {`{chats: {"<each>": {n: <gt:0>}}}`, chats, false, true},
		"not all elements":                    {`{chats: {"<each>": {n: <gt:1>}}}`, chats, false, false},
		"at least one element":                {`{chats: {"<has>": {id: b}}}`, chats, false, true},
		"no such element":                     {`{chats: {"<has>": {id: c}}}`, chats, false, false},
		"a big number to the last digit":      {`{id: 3000000000118032001}`, `{"id":3000000000118032002}`, false, false},
		"a number is not a text":              {`{id: "1"}`, `{"id":1}`, false, false},
		"1 is 1.0":                            {`{id: 1}`, `{"id":1.0}`, false, true},
		"a huge exponent does no harm":        {`{id: 1}`, `{"id":1e999999999}`, false, false},
		"an empty list":                       {`{a: []}`, `{"a":[]}`, false, true},
		"an empty mapping is any object":      {`{a: {}}`, `{"a":{"b":1}}`, false, true},
		"uuid":                                {`<uuid>`, `"99feb3fc-a474-469f-95d5-268b470cc607"`, false, true},
		"not a uuid":                          {`<uuid>`, `"0"`, false, false},
		"datetime":                            {`<datetime>`, `"2026-10-01T12:00:00.123Z"`, false, true},
		"digits":                              {`<digits>`, `"3000000000118032001"`, false, true},
		"digits are text":                     {`<digits>`, `3`, false, false},
		"int":                                 {`<int>`, `3000000000118032001`, false, true},
		"not an int":                          {`<int>`, `1.5`, false, false},
		"nonempty":                            {`<nonempty>`, `""`, false, false},
		"length in runes":                     {`<len:6>`, `"привет"`, false, true},
		"length between":                      {`<len:1..2>`, `[1,2,3]`, false, false},
		"gt compares digits in text exactly":  {`<gt:3000000000118032001>`, `"3000000000118032002"`, false, true},
		"lt":                                  {`<lt:5>`, `5`, false, false},
		"contains in a text":                  {`"<contains: b>"`, `"a b"`, false, true},
		"contains in a list":                  {`<contains:b>`, `["a","b"]`, false, true},
		"one of":                              {`<one:a|1>`, `1`, false, true},
		"not a text":                          {`<not:a>`, `"a"`, false, false},
		"not a matcher":                       {`<not:<uuid>>`, `"a"`, false, true},
		"regex":                               {`'<regex:^a+$>'`, `"aaa"`, false, true},
		"near now":                            {`<now±5s>`, `"2026-10-01T12:00:04Z"`, false, true},
		"near now in seconds":                 {`<unix±5s>`, `1790856004`, false, true},
		"seconds are no milliseconds":         {`<unix_ms±5s>`, `1790856004`, false, false},
		"near a time in milliseconds":         {`<unix_ms-1h±1s>`, `"1790852400500"`, false, true},
		"near now in nanoseconds":             {`<unix_ns~1ms>`, `1790856000000000001`, false, true},
		"a number that is no time":            {`<unix±5s>`, `1790856004.5`, false, false},
		"a time that is no number":            {`<unix±5s>`, `"2026-10-01T12:00:04Z"`, false, false},
		"not so near":                         {`<now~5s>`, `"2026-10-01T12:00:06Z"`, false, false},
		"near a shifted now":                  {`<now-48h±1m>`, `"2026-09-29T12:00:30Z"`, false, true},
		"an escaped matcher is that text":     {`'\<b>'`, `"<b>"`, false, true},
		"two backslashes are one":             {`'\\<b>'`, `"\\<b>"`, false, true},
		"a variable in a matcher":             {`"<gt:{{n}}>"`, `8`, false, true},
		"a variable keeps its type":           {`"{{n}}"`, `"7"`, false, false},
		"a variable's text is no matcher":     {`"{{odd}}"`, `"<any>"`, false, true},
		"a variable's object is not a subset": {`"{{object}}"`, `{"a":1,"b":2}`, false, false},
		"any is anything that is there":       {`{a: <any>}`, `{"a":null}`, false, true},
		"any must be there":                   {`{a: <any>}`, `{}`, false, false},
		"absent must not be there":            {`{a: <absent>}`, `{"a":null}`, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			vars := map[string]any{"n": json.Number("7"), "odd": "<any>", "object": map[string]any{"a": json.Number("1")}}
			p, err := value.Compile(node(t, c.pattern), lookup(vars))
			require.NoError(t, err)
			got, err := value.Decode([]byte(c.got))
			require.NoError(t, err)
			differences := p.Match(got, c.exact, noon)
			require.Equal(t, c.holds, len(differences) == 0, "%v", differences)
		})
	}
}

func TestDifferencesNameTheirPlace(t *testing.T) {
	t.Parallel()
	p, err := value.Compile(node(t, "a:\n  b/c: [1, <uuid>]\n  d: 2\n"), nil)
	require.NoError(t, err)
	got, err := value.Decode([]byte(`{"a":{"b/c":[1,"x"]}}`))
	require.NoError(t, err)
	require.Equal(t, []value.Mismatch{
		{Pos: value.Pos{Line: 2, Column: 12}, Pointer: "/a/b~1c/1", Want: "<uuid>", Got: `"x"`},
		{Pos: value.Pos{Line: 3, Column: 6}, Pointer: "/a/d", Want: "2", Got: value.Nothing},
	}, p.Match(got, false, nil))
}

func TestExpand(t *testing.T) {
	t.Parallel()
	vars := map[string]any{
		"id": json.Number("3000000000118032001"), "text": "a<b", "list": []any{json.Number("1"), "x"},
		"chat": map[string]any{"odd key": "y", "a|b": "z"}, "digits": "3000000000118032002",
	}
	for src, want := range map[string]string{
		`"{{id}}"`:                           `3000000000118032001`,
		`"id {{id}}, {{ text }}"`:            `"id 3000000000118032001, a<b"`,
		`{z: "{{list[-1]}}", a: 1.50}`:       `{"z":"x","a":1.50}`,
		`"{{chat[\"odd key\"]}}"`:            `"y"`,
		`"{{chat[\"a|b\"]}}"`:                `"z"`,
		`["{{id|string}}", "{{id|number}}"]`: `["3000000000118032001",3000000000118032001]`,
		`"{{ digits | number }}"`:            `3000000000118032002`,
		`"{{list|string}}"`:                  `"[1,\"x\"]"`,
		`["{{list}}", ~, yes, 0x10, 1.5e3]`:  `[[1,"x"],null,"yes",16,1.5e3]`,
		`'\{{id}}'`:                          `"{{id}}"`,
		`"list: {{list}}"`:                   `"list: [1,\"x\"]"`,
		`18446744073709551615`:               `18446744073709551615`,
		`<any>`:                              `"<any>"`,
	} {
		t.Run(src, func(t *testing.T) {
			t.Parallel()
			v, err := value.Expand(node(t, src), lookup(vars))
			require.NoError(t, err)
			got, err := value.Marshal(v)
			require.NoError(t, err)
			require.Equal(t, want, string(got))
		})
	}
	_, err := value.Expand(node(t, "a:\n  - '{{none}}'"), lookup(vars))
	require.EqualError(t, err, "2:5: there is no none")
	_, err = value.Expand(node(t, "'{{text|number}}'"), lookup(vars))
	require.EqualError(t, err, `1:1: {{text|number}}: "a<b" is no number`)
	_, err = value.Expand(node(t, "'{{text|int}}'"), lookup(vars))
	require.EqualError(t, err, `1:1: {{text|int}}: a variable is written as string or number, not "int"`)
}

func TestMatchersThatAreWrong(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"<uid>": "did you mean <uuid>?", "<>": "unknown matcher", "<uuid:x>": "takes no argument", "<gt>": "needs an argument",
		"<gt:x>": "no number", "<len:a>": "no length", "<now>": "how near", "<now5s±1s>": "no offset", "<regex:(>": "missing closing",
		"<not:<foo>>": "unknown matcher", "<now±x>": "no duration",
		"<unix>": "<unix±5s>", "<unixns±5s>": "no offset", "<unix_s±1s>": "no offset", "<unxi±1s>": "unknown matcher",
	} {
		_, err := value.ParseMatcher(src)
		require.ErrorContains(t, err, want, src)
	}
}

func FuzzParseYAML(f *testing.F) {
	f.Add("a: [1, {b: c}]\n? x\n: |\n  y")
	f.Add("a: &x {<<: *x}")
	f.Add("!!str 1")
	f.Fuzz(func(t *testing.T, src string) {
		n, err := value.ParseYAML([]byte(src))
		if err != nil {
			var in *value.Error
			require.True(t, errors.As(err, &in))
			require.Positive(t, in.Line)
			return
		}
		n.Walk(func(n *value.Node) {
			require.Positive(t, n.Pos.Line)
			require.Positive(t, n.Pos.Column)
			if n.Kind == value.Number {
				require.True(t, value.IsNumber(n.Text), n.Text)
			}
		})
	})
}

func FuzzPath(f *testing.F) {
	f.Add(`chats[0].chat["a.b"][-1]`)
	f.Fuzz(func(t *testing.T, s string) {
		p, err := value.ParsePath(s)
		if err != nil {
			return
		}
		again, err := value.ParsePath(p.String())
		require.NoError(t, err, p.String())
		require.Equal(t, p, again)
		_, _ = p.Find(map[string]any{"chats": []any{"x"}})
	})
}

func FuzzTemplate(f *testing.F) {
	f.Add(`a {{b.c[0]}} \{{ {{ d }}`)
	f.Fuzz(func(t *testing.T, s string) {
		paths, err := value.Templates(s)
		v, expandErr := value.ExpandText(s, func(value.Path) (any, error) { return "x", nil })
		if err == nil {
			require.NoError(t, expandErr)
			if len(paths) == 0 {
				require.LessOrEqual(t, len(v.(string)), len(s))
			}
		}
	})
}

func FuzzMatcher(f *testing.F) {
	f.Add("<now-48h±1m>", `"2026-10-01T12:00:00Z"`)
	f.Add("<one:a|b>", `"a"`)
	f.Add("<not:<len:1..2>>", `[1]`)
	f.Add("{a: <gt:1>}", `{"a":1e99999}`)
	f.Fuzz(func(_ *testing.T, pattern, got string) {
		v, err := value.Decode([]byte(got))
		if err != nil {
			return
		}
		n := &value.Node{Kind: value.String, Text: pattern, Pos: value.Pos{Line: 1, Column: 1}}
		if p, err := value.Compile(n, lookup(nil)); err == nil {
			_ = p.Match(v, false, noon)
		}
	})
}

func TestEachNeedsAnElement(t *testing.T) {
	t.Parallel()
	n, err := value.ParseYAML([]byte(`{"<each>": {n: 1}}`))
	require.NoError(t, err)
	p, err := value.Compile(n, nil)
	require.NoError(t, err)
	differences := p.Match([]any{}, false, nil)
	require.Len(t, differences, 1)
	require.Equal(t, "at least one element", differences[0].Want)
}
