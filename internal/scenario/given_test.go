package scenario_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/report"
	"example.com/marketmock/internal/scenario"
)

func TestWhatTheMockHasAgainstTheWorldIsToldAtItsLine(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ src, want string }{
		"a fixture":  {"given:\n  seed: 1\n  fixture: no-such-world\n", "test.yaml:6:3: given.fixture: no-such-world"},
		"an edition": {"given:\n  seed: 1\n  edition: 1999-01-01\n", "test.yaml:6:3: given.edition: not 1999-01-01"},
		"a switch":   {"given:\n  switches:\n    nope: x\n", "test.yaml:6:5: given.switches.nope: not nope"},
		"a limit":    {"given:\n  limits:\n    nope: {max: 1}\n", `test.yaml:6:5: given.limits.nope: there is no limit "nope"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRunner(t, newFakeMock(t)).Run(t.Context(), parse(t, c.src+"steps: [{call: List}]"))
			require.Equal(t, report.Failed, r.Status)
			require.Contains(t, failures(r), c.want)
			require.Empty(t, r.Steps, "nothing may be played")
		})
	}
}

func TestLimitsThatAreThereAreSet(t *testing.T) {
	t.Parallel()
	m := newFakeMock(t)
	r := newRunner(t, m).Run(t.Context(), parse(t, "given: {limits: {calls: {max: 3}}}\nsteps: [{call: List}]"))
	require.Equal(t, report.Passed, r.Status, failures(r))
	require.Contains(t, m.told(), `PATCH /limits {"fake":{"calls":{"max":3}}}`)
}

func TestVerifySendsTheQuery(t *testing.T) {
	t.Parallel()
	m := newFakeMock(t)
	r := newRunner(t, m).Run(t.Context(), parse(t, `
vars: {page: 7}
steps:
  - {verify: {operation: List, query: {page: "{{page}}", size: "30"}}, expect: {body: {count: 2}}}
`))
	require.Equal(t, report.Passed, r.Status, failures(r))
	require.Contains(t, m.told(), `POST /requests/verify {"marketplace":"fake","operation":"List","query":{"page":7,"size":"30"}}`)
}

func TestHostsOfATargetAreSpecsOfItsMarketplace(t *testing.T) {
	t.Parallel()
	read := func(hosts string) error {
		_, err := scenario.ParseTargets(os.DirFS("testdata/bazaar"), "t.yaml", []byte("version: 1\ntargets:\n  bazaar:\n    base_url: http://a\n    hosts: {"+hosts+": http://b}"), noEnv)
		return err
	}
	require.NoError(t, read("bazaar-files"))
	require.EqualError(t, read("bazaar-fils"), `t.yaml:5:13: bazaar has no spec "bazaar-fils", did you mean "bazaar-files"?`)
	require.EqualError(t, read("elsewhere"), `t.yaml:5:13: bazaar has no spec "elsewhere"; known: "bazaar-files"`)
	require.EqualError(t, read("bazaar"), `t.yaml:5:13: the address of bazaar itself is base_url`)
}

func noEnv(string) string { return "" }
