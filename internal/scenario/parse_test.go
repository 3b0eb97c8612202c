package scenario_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/scenario"
)

func TestMistakesOfTheFormatAreToldWithTheirPlace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ src, want string }{
		"an unknown key":            {head + "step: []\nsteps: [{call: List}]", `a.yaml:4:1: there is no field "step" in the scenario, did you mean "steps"?`},
		"an unknown key of expect":  {head + "steps:\n- call: List\n  expect: {stauts: 200}", `a.yaml:6:12: there is no field "stauts" in expect, did you mean "status"?`},
		"a missing key":             {"version: 1\nname: a\nsteps: [{call: List}]", "a.yaml:1:1: the scenario needs marketplace"},
		"no verb":                   {head + "steps:\n- expect: {status: 200}", "a.yaml:5:3: the step has no verb: one of action, buyer, call,"},
		"two verbs":                 {head + "steps:\n- {call: List, set: {a: 1}}", "the step has the verbs call and set: make two steps of it"},
		"a key of another verb":     {head + "steps:\n- {set: {a: 1}, body: {}}", "a.yaml:5:17: body belongs to a call, not to set"},
		"another version":           {"version: 2\nname: a\nmarketplace: fake\nsteps: [{call: List}]", "a.yaml:1:10: version 2 is not known, only 1"},
		"a bad duration":            {head + "steps:\n- push: {within: soon}", `a.yaml:5:18: within: "soon" is no duration such as 500ms or 48h`},
		"an unknown kind of fault":  {head + "steps:\n- fault: {kind: dropp}", `a.yaml:5:17: kind: "dropp" is not one of "status", "rate-limit"`},
		"an unknown stage":          {head + "steps:\n- fault: {kind: drop, stage: befor}", `did you mean "before"?`},
		"an unknown party":          {head + "steps:\n- read: {chat: a, by: byuer}", `by: "byuer" is not one of "buyer", "seller" or "support", did you mean "buyer"?`},
		"an edition that is no day": {head + "given: {edition: 2025-13-01}\nsteps: [{call: List}]", `edition: "2025-13-01" is no date such as 2025-08-01`},
		"two bodies":                {head + "steps:\n- {call: List, body: {}, multipart: {a: b}}", "body and multipart exclude each other"},
		"two bodies of a request":   {head + "steps:\n- request: {method: GET, path: /, body: {}, raw: a}", "body and raw exclude each other"},
		"no parts":                  {head + "steps:\n- {call: List, multipart: {}}", "multipart is a mapping of names to parts"},
		"an empty list of parts":    {head + "steps:\n- {call: List, multipart: {a: []}}", "a has no parts"},
		"an unknown key of a part":  {head + "steps:\n- {call: List, multipart: {a: {nmae: b}}}", `a.yaml:5:32: there is no field "nmae" in a, did you mean "name"?`},
		"a part of two contents":    {head + "steps:\n- {call: List, multipart: {a: {text: b, size: 1}}}", "text and size of a exclude each other"},
		"a part that is null":       {head + "steps:\n- {call: List, multipart: {a: null}}", "the part a is text, or a mapping"},
		"a part that is too big":    {head + "steps:\n- {call: List, multipart: {a: {size: 67108865}}}", "is no number of bytes up to 67108864"},
		"raw of nothing":            {head + "steps:\n- {call: List, raw: {}}", "raw is a string, {base64: …} or {size: …}"},
		"raw of another key":        {head + "steps:\n- receiver: {reply: {raw: {text: a}}}", `there is no field "text" in raw`},
		"nothing together":          {head + "steps:\n- together: {calls: []}", "together has no steps"},
		"a wrong type":              {head + "tags: words\nsteps: [{call: List}]", "a.yaml:4:7: tags must be a list, not a string"},
		"a key given twice":         {head + "name: b\nsteps: [{call: List}]", "a.yaml:4:1: "},
		"broken YAML":               {head + "steps: [", "a.yaml:4:8: "},
		"an empty file":             {"", "a.yaml:1:1: the file is empty"},
		"two documents":             {head + "steps: [{call: List}]\n---\na: 1", "a file holds one document"},
		"a bomb of aliases":         {bomb(), "too big"},
		"a missing anchor":          {head + "steps: [*a]", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := scenario.Parse("a.yaml", []byte(c.src))
			require.ErrorContains(t, err, c.want)
			var problems scenario.Problems
			require.ErrorAs(t, err, &problems)
		})
	}
}

func bomb() string {
	src := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 9; i++ {
		a, b := string(rune('0'+i-1)), string(rune('0'+i))
		src += "a" + b + ": &a" + b + " [*a" + a + ", *a" + a + ", *a" + a + ", *a" + a + ", *a" + a + ", *a" + a + ", *a" + a + ", *a" + a + "]\n"
	}
	return src
}

func TestAnchorsAndMergesAreWrittenOut(t *testing.T) {
	t.Parallel()
	s := parse(t, "steps:\n- &base {call: List, body: &b {limit: 1}}\n- {<<: *base, as: nobody, headers: {X: *b}}\n")
	require.Len(t, s.Steps, 2)
	require.Equal(t, "List", s.Steps[1].Call)
	require.Equal(t, "1", s.Steps[1].Headers.Field("X").Field("limit").Text)
}

func lintSpecs() fs.FS {
	files := fakeSpecs().(fstest.MapFS)
	files["fake.claims.yaml"] = &fstest.MapFile{Data: []byte("claims: [{id: fake/one}, {id: fake/two}]")}
	return files
}

func TestLintFindsWhatCannotWork(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ src, want string }{
		"an unknown operation":           {"steps: [{call: Lst}]", `a.yaml:4:16: the spec fake has no operation "Lst", did you mean "List"?`},
		"a variable not set":             {"steps: [{call: List, body: {a: '{{cht}}'}, capture: {chat: x}}]", "the variable cht is not set before"},
		"a variable set too late":        {"steps: [{call: List, body: {a: '{{chat}}'}}, {call: List, capture: {chat: x}}]", "the variable chat is not set before"},
		"one in an expression":           {"steps: [{call: List, expect: {condition: vars.x == 1}}]", "the variable x is not set before"},
		"an expression":                  {"steps: [{call: List, when: 'stat == 1'}]", "when: unknown name stat"},
		"a matcher":                      {"steps: [{call: List, expect: {body: {a: <uid>}}}]", "unknown matcher <uid>, did you mean <uuid>?"},
		"a matcher's argument":           {"steps: [{call: List, expect: {body: {a: '<gt:many>'}}}]", `"many" is no number`},
		"a template":                     {"steps: [{call: List, body: {a: '{{'}}]", "{{ without }}"},
		"a claim":                        {"claims: [fake/on]\nsteps: [{call: List}]", `fake.claims.yaml has no claim "fake/on", did you mean "fake/one"?`},
		"a fixture":                      {"given: {fixture: emty}\nsteps: [{call: List}]", `there is no fixture "emty", did you mean "empty"?`},
		"a path parameter":               {"steps: [{call: Send, path: {chta: a}}]", `the path /chats/{chat}/send has no {chta}, did you mean "chat"?`},
		"what is not a call in together": {"steps: [{together: {calls: [{clock: {advance: 1h}}]}}]", "together makes calls and requests, not clock"},
		"times in together":              {"steps: [{together: {calls: [{call: List, times: 2}]}}]", "times and when do not go together"},
		"a body expected of together":    {"steps: [{together: {calls: [{call: List}]}, expect: {body: {}}}]", "together expects statuses; body belongs to its calls"},
		"a capture of together":          {"steps: [{together: {calls: [{call: List}]}, capture: {a: b}}]", "capture belongs to its calls"},
		"a step within together":         {"steps: [{together: {calls: [{call: Lst}]}}]", `no operation "Lst"`},
		"a status":                       {"steps: [{call: List, expect: {status: 2000}}]", `"2000" is no status`},
		"a capture":                      {"steps: [{call: List, capture: {a: 'x[?]'}}]", "capture a: a path such as chats[0].id is needed"},
		"an answer of nothing":           {"steps: [{set: {a: 1}, expect: {status: 200}}]", "set has no answer"},
		"live with a mock's step":        {"live: true\nsteps: [{clock: {advance: 1h}}]", "live is true, but the step clock in line 5 needs a mock"},
		"two moves of the clock":         {"steps: [{clock: {advance: 1h, set: x}}]", "clock needs exactly one of advance, set"},
		"findings":                       {"steps: [{call: List, expect: {findings: some}}]", "findings is none, any or a list of rules"},
		"a rule of findings":             {"steps: [{call: List, expect: {findings: [maxLenght]}}]", `"maxLenght" is no rule of the spec check, did you mean "maxLength"?`},
		"an error":                       {"steps: [{call: List, expect: {error: dropped}}]", "error is connection, truncated or timeout"},
		"a fault's operation":            {"steps: [{fault: {kind: lose, operation: NWE}}]", `no operation "NWE", did you mean "NEW"?`},
		"a type of notifications":        {"steps: [{webhook: {types: [NEW, NWE]}}]", `a.yaml:4:33: the spec fake-push has no notification "NWE", did you mean "NEW"?`},
		"a query that is no mapping":     {"steps: [{verify: {operation: List, query: x}}]", "query must be a mapping, not a string"},
		"a step within a repeat":         {"steps: [{repeat: {until: 'true', steps: [{call: Lst}]}}]", `no operation "Lst"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := scenario.Parse("a.yaml", []byte(head+c.src))
			require.NoError(t, err)
			fixtures := fstest.MapFS{"empty.yaml": {Data: []byte("version: 1")}}
			problems := scenario.NewLinter(lintSpecs(), fixtures).Lint([]*scenario.Script{s})
			require.ErrorContains(t, problems, c.want)
		})
	}
}

func TestLintKnowsTheMarketplaces(t *testing.T) {
	t.Parallel()
	s, err := scenario.Parse("a.yaml", []byte("version: 1\nname: a\nmarketplace: fkae\nsteps: [{clock: {advance: 1h}}]"))
	require.NoError(t, err)
	problems := scenario.NewLinter(lintSpecs(), nil).Lint([]*scenario.Script{s})
	require.ErrorContains(t, problems, `a.yaml:3:14: there is no marketplace "fkae", did you mean "fake"?`)
	s.Marketplace = "elsewhere"
	problems = scenario.NewLinter(lintSpecs(), nil).Lint([]*scenario.Script{s})
	require.ErrorContains(t, problems, `there is no marketplace "elsewhere"; known: "fake"`)
}

func TestLintFindsNothingInWhatWorks(t *testing.T) {
	t.Parallel()
	linter := scenario.NewLinter(lintSpecs(), nil)
	s := parse(t, `
claims: [fake/one, fake/two]
vars: {a: 1}
steps:
  - {call: List, body: {x: "{{a}} {{now}} {{seller.client_id}}"}, capture: {b: "chats[0].id"}}
  - {call: Send, path: {chat: "{{b}}"}, body: {text: '\{{'}, expect: {status: [200, 4xx], body: {id: "<gt:{{a}}>"}}}
  - set: {c: "vars.a + 1"}
  - {fault: {kind: status, operation: Send, status: 500, times: 1}}
  - {push: {body: {type: NEW, text: "<contains:{{c}}>"}}}
`)
	require.Empty(t, linter.Lint([]*scenario.Script{s}))
	require.ErrorContains(t, linter.Lint([]*scenario.Script{s, s}), "test.yaml has the same name")
}

func FuzzParse(f *testing.F) {
	f.Add(head + "steps: [{call: List, body: {a: 3000000000118032001}, capture: {a: 'b[0]'}}]")
	f.Add(head + "steps: [{repeat: {until: 'true', steps: [{set: {a: b}}]}}]")
	f.Add("a: &a [*a]\n<<: *a")
	f.Add("? [a]\n: !!binary x")
	if files, err := filepath.Glob("../../scenarios/*/*.yaml"); err == nil {
		for _, name := range files {
			if src, err := os.ReadFile(name); err == nil {
				f.Add(string(src))
			}
		}
	}
	linter := scenario.NewLinter(lintSpecs(), nil)
	f.Fuzz(func(t *testing.T, src string) {
		s, err := scenario.Parse("a.yaml", []byte(src))
		var problems scenario.Problems
		if err == nil {
			problems = linter.Lint([]*scenario.Script{s})
		} else {
			require.ErrorAs(t, err, &problems)
			require.NotEmpty(t, problems)
		}
		for _, p := range problems {
			require.Positive(t, p.Pos.Line)
			require.Positive(t, p.Pos.Column)
			require.NotEmpty(t, p.Message)
		}
	})
}
