package scenario_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/report"
	"example.com/marketmock/internal/scenario"
)

func TestCallsGoToTheTargetWhateverAddressTheMockSaysOfItself(t *testing.T) {
	t.Parallel()
	var foreign atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { foreign.Add(1) }))
	defer other.Close()
	m := newFakeMock(t)
	m.public = other.URL
	r := newRunner(t, m).Run(t.Context(), parse(t, "steps: [{call: Send, path: {chat: a}, body: {text: hi}}]"))
	require.Equal(t, report.Passed, r.Status, failures(r))
	require.Zero(t, foreign.Load())
}

func TestOnALiveTargetWhatMayReachAnotherOperationIsAWrite(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	live := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("{}"))
	}))
	defer live.Close()
	for name, c := range map[string]struct {
		step    string
		refused bool
	}{
		"a reading call":          {"{call: List}", false},
		"a harmless header":       {"{call: List, headers: {X-Request-Id: a}}", false},
		"another host":            {"{call: List, headers: {host: example.org}}", true},
		"another method":          {"{call: List, headers: {X-HTTP-Method-Override: DELETE}}", true},
		"the short form":          {"{call: List, headers: {x-http-method: DELETE}}", true},
		"the other form":          {"{call: List, headers: {X-Method-Override: DELETE}}", true},
		"a method in a parameter": {"{call: List, query: {_method: DELETE}}", true},
	} {
		t.Run(name, func(t *testing.T) {
			before := calls.Load()
			r := &scenario.Runner{Target: scenario.Target{Base: live.URL}, Specs: fakeSpecs()}
			defer r.Close()
			result := r.Run(t.Context(), parse(t, "steps: ["+c.step+"]"))
			if !c.refused {
				require.Equal(t, report.Passed, result.Status, failures(result))
				return
			}
			require.Equal(t, report.Refused, result.Status)
			require.Equal(t, before, calls.Load(), "nothing may be sent")
		})
	}
}

func TestTheTimeThatIsOverBeforeTheFirstStepIsSaidSo(t *testing.T) {
	t.Parallel()
	m := newFakeMock(t)
	r := newRunner(t, m)
	r.Timeout = time.Nanosecond
	result := r.Run(t.Context(), parse(t, "steps: [{call: List}]"))
	require.Equal(t, report.Failed, result.Status)
	require.Contains(t, failures(result), "were over before the scenario")
	require.NotContains(t, failures(result), "context deadline exceeded")
	require.False(t, result.Interrupted)
}

func TestAnInterruptionBeforeTheFirstStepIsSaidSo(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	result := newRunner(t, newFakeMock(t)).Run(ctx, parse(t, "given: {edition: 2026-01-01}\nsteps: [{call: List}]"))
	require.True(t, result.Interrupted)
	require.Contains(t, failures(result), "interrupted")
	require.NotContains(t, failures(result), "context canceled")
}

func TestAFixturesPathIsSeenFromTheScenariosFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "worlds"), 0o750))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "worlds", "mine.yaml"), []byte("version: 1\n"), 0o600))
	read := func(fixture string) *scenario.Script {
		s, err := scenario.Parse(filepath.Join(dir, "a.yaml"), []byte(head+"given: {fixture: "+fixture+"}\nsteps: [{call: List}]"))
		require.NoError(t, err)
		return s
	}
	for local, want := range map[bool]string{true: filepath.Join(dir, "worlds", "mine.yaml"), false: "worlds/mine.yaml"} {
		m := newFakeMock(t)
		r := newRunner(t, m)
		r.Target.Local = local
		result := r.Run(t.Context(), read("worlds/mine.yaml"))
		require.Equal(t, report.Passed, result.Status, failures(result))
		require.Contains(t, m.told()[0], `"fixture":"`+want+`"`)
	}
	linter := scenario.NewLinter(lintSpecs(), fstest.MapFS{})
	require.Empty(t, linter.Lint([]*scenario.Script{read("worlds/mine.yaml")}))
	require.ErrorContains(t, linter.Lint([]*scenario.Script{read("worlds/yours.yaml")}), "there is no file "+filepath.Join(dir, "worlds", "yours.yaml"))
}

func TestTheReceiverListensWhereItIsTold(t *testing.T) {
	t.Parallel()
	m := newFakeMock(t)
	r := newRunner(t, m)
	r.Receiver = "localhost"
	result := r.Run(t.Context(), parse(t, `
steps:
  - webhook: {}
  - buyer: {chat: a, text: hi}
  - push: {body: {type: NEW}}
  - push: {within: 10ms, body: {type: OTHER}}
`))
	require.Equal(t, report.Failed, result.Status)
	require.Len(t, result.Steps, 4, failures(result))
	require.Contains(t, failures(result), "the receiver is http://localhost:")
	require.Contains(t, failures(result), "--receiver HOST")
}

func TestTargetFilesTakeOnlyNamedVariables(t *testing.T) {
	t.Parallel()
	env := map[string]string{"KEY": "value-of-key"}
	target, err := scenario.ParseTargets("t.yaml", []byte(`
version: 1
targets:
  fake: {base_url: "http://x", headers: {A: "$KEY ${KEY} $ ${-} $5", B: plain}}
`), func(k string) string { return env[k] })
	require.NoError(t, err)
	require.Equal(t, "$KEY value-of-key $ ${-} $5", target.Live["fake"].Headers["A"])
	require.Equal(t, []string{"value-of-key"}, target.Secrets)
	_, err = scenario.ParseTargets("t.yaml", []byte("version: 1\ntargets: {fake: {base_url: x, sellers: [{api_key: plain-secret, x: '${NONE}'}]}}"),
		func(string) string { return "" })
	require.ErrorContains(t, err, "the environment variable NONE is not set")
	var problems scenario.Problems
	require.ErrorAs(t, err, &problems)
	require.False(t, strings.Contains(problems[0].Line, "plain-secret"))
}
