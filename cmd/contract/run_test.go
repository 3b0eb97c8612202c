package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write golden files")

// contract runs the program as main does.
func contract(ctx context.Context, env map[string]string, args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = run(ctx, args, func(k string) string { return env[k] }, &out, &err)
	return code, out.String(), err.String()
}

func TestHelp(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"help.txt": {"-h"}, "help-run.txt": {"run", "-h"}, "help-lint.txt": {"lint", "-h"}, "help-schema.txt": {"schema", "-h"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, out, _ := contract(t.Context(), nil, args...)
			require.Equal(t, exitHeld, code)
			path := filepath.Join("testdata", name)
			if *update {
				require.NoError(t, os.MkdirAll("testdata", 0o750))
				require.NoError(t, os.WriteFile(path, []byte(out), 0o600))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, string(want), out, "run go test ./cmd/contract -update")
		})
	}
}

const reading = `version: 1
name: a page of chats
marketplace: ozon
steps:
  - {call: ChatAPI_ChatListV3, body: {limit: 30}, expect: {status: 404, text: "404 page not found\n", findings: any}}
`

const writing = `version: 1
name: a text is sent
marketplace: ozon
steps:
  - {call: ChatAPI_ChatSendMessage, body: {chat_id: x, text: hello}, expect: {status: 404, findings: any}}
`

const mocking = `version: 1
name: time passes
marketplace: ozon
steps:
  - clock: {advance: 1h}
`

func write(t *testing.T, src string) string {
	t.Helper()
	return save(t, src)
}

func save(t *testing.T, src string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "scenario.yaml")
	require.NoError(t, os.WriteFile(path, []byte(src), 0o600))
	return path
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}

func TestWrongUsageExitsWith2(t *testing.T) {
	t.Parallel()
	good := write(t, reading)
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"an unknown flag":           {[]string{"run", "--nothing"}, "unknown flag --nothing"},
		"no command":                {nil, "expected one of"},
		"a path that is not there":  {[]string{"run", "ozon/nothing-at-all"}, "no file, folder or bundled scenario is called"},
		"a target that is no URL":   {[]string{"run", "--target", "here", good}, `--target: "here" is neither a URL nor live`},
		"live without a file":       {[]string{"run", "--target", "live", good}, "--target live needs --target-file"},
		"a report of unknown form":  {[]string{"run", "--report", "pdf=x", good}, `"pdf=x" is not junit=FILE or json=FILE`},
		"no time":                   {[]string{"run", "--timeout", "0s", good}, "--timeout: 0s is not above 0"},
		"a negative number":         {[]string{"run", "--parallel=-1", good}, "--parallel: -1 is negative"},
		"an unknown operation":      {[]string{"run", "--allow-write", "ChatAPI_ChatSendMesage", good}, `there is no operation "ChatAPI_ChatSendMesage", did you mean "ChatAPI_ChatSendMessage"?`},
		"a folder of nothing":       {[]string{"lint", t.TempDir()}, "there are no scenarios"},
		"an unknown marketplace":    {[]string{"lint", write(t, strings.Replace(reading, "ozon", "ozone", 1))}, `there is no marketplace "ozone", did you mean "ozon"?`},
		"an account elsewhere":      {[]string{"run", "--target", "live", "--target-file", save(t, "targets: {other: {base_url: x}}\nversion: 1"), good}, "has no account at ozon"},
		"a host that is no spec":    {[]string{"run", "--target", "live", "--target-file", save(t, "version: 1\ntargets: {ozon: {base_url: x, hosts: {ozon-fils: y}}}"), good}, `ozon has no spec "ozon-fils", did you mean "ozon-files"?`},
		"nothing selected":          {[]string{"run", "--filter", "no such scenario", good}, "scenarios is selected"},
		"a scenario with a mistake": {[]string{"lint", write(t, strings.Replace(reading, "ListV3", "ListsV3", 1))}, `no operation "ChatAPI_ChatListsV3", did you mean "ChatAPI_ChatListV3"?`},
		"and running it":            {[]string{"run", write(t, strings.Replace(reading, "steps", "step", 1))}, `there is no field "step" in the scenario, did you mean "steps"?`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, _, err := contract(t.Context(), nil, c.args...)
			require.Equal(t, exitUsage, code, err)
			require.Contains(t, err, c.want)
		})
	}
}

func TestATargetThatDoesNotAnswerExitsWith4(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	junit := filepath.Join(t.TempDir(), "junit.xml")
	code, out, err := contract(t.Context(), nil, "run", "--target", s.URL, "--report", "junit="+junit, write(t, reading))
	require.Equal(t, exitUnreachable, code)
	require.Contains(t, err, "target unreachable")
	require.Empty(t, out, "there is nothing to sum up")
	require.NoFileExists(t, junit)
}

func TestOnALiveTarget(t *testing.T) {
	t.Parallel()
	var seen http.Header
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header.Clone()
		http.NotFound(w, r)
	}))
	defer s.Close()
	targets := filepath.Join(t.TempDir(), "targets.yaml")
	require.NoError(t, os.WriteFile(targets, []byte("version: 1\ntargets:\n  ozon:\n    base_url: "+s.URL+
		"\n    sellers: [{client_id: \"7\", api_key: \"${KEY}\"}]\n    vars: {x: 1}\n"), 0o600))
	env := map[string]string{"KEY": "a-live-key-of-ozon", "CONTRACT_TARGET_FILE": targets, "CONTRACT_TARGET": "live"}

	code, out, err := contract(t.Context(), env, "run", write(t, reading))
	require.Equal(t, exitHeld, code, out+err)
	require.Equal(t, "1 passed, 0 failed, 0 skipped", lastLine(out))
	require.Equal(t, []string{"7", "a-live-key-of-ozon"}, []string{seen.Get("Client-Id"), seen.Get("Api-Key")})

	seen = nil
	code, out, _ = contract(t.Context(), env, "run", write(t, writing))
	require.Equal(t, exitRefused, code)
	require.Contains(t, out, "allow it with --allow-write ChatAPI_ChatSendMessage")
	require.Nil(t, seen, "nothing may be sent")
	require.Contains(t, out, "1 refused")
	require.Contains(t, out, "writes allowed: none")
	require.Equal(t, "0 passed, 0 failed, 0 skipped", lastLine(out))

	code, out, _ = contract(t.Context(), env, "run", "--allow-write", "ChatAPI_ChatSendMessage", write(t, writing))
	require.Equal(t, exitHeld, code, out)
	require.Contains(t, out, "writes allowed: ChatAPI_ChatSendMessage\n")

	code, out, err = contract(t.Context(), env, "run", write(t, mocking))
	require.Equal(t, exitUsage, code)
	require.Contains(t, err, "nothing could run on this target")
	require.Contains(t, out, "needs a mock: the step clock in line 5")
	require.Equal(t, "0 passed, 0 failed, 1 skipped", lastLine(out))

	delete(env, "KEY")
	code, _, err = contract(t.Context(), env, "run", write(t, reading))
	require.Equal(t, exitUsage, code)
	require.Contains(t, err, "the environment variable KEY is not set")
}

func TestAFailureExitsWith1AndIsReported(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	dir := t.TempDir()
	junit, jsonl := filepath.Join(dir, "junit.xml"), filepath.Join(dir, "results.jsonl")
	path := write(t, strings.Replace(reading, "status: 404", "status: 200", 1))
	code, out, err := contract(t.Context(), nil, "run", "--target", s.URL, "--report", "junit="+junit, "--report", "json="+jsonl, path)
	require.Equal(t, exitFailed, code, err)
	require.Contains(t, out, path+":5:68: call ChatAPI_ChatListV3: the answer is not as expected")
	require.Equal(t, "0 passed, 1 failed, 0 skipped", lastLine(out))
	for _, file := range []string{junit, jsonl} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Contains(t, string(text), "the answer is not as expected")
	}
}

func TestWithoutATargetTheMockRunsInThisProcess(t *testing.T) {
	t.Parallel()
	path := write(t, strings.Replace(reading, `status: 404, text: "404 page not found\n", findings: any`, "status: 200, findings: none", 1))
	code, out, err := contract(t.Context(), nil, "run", "--coverage", path, write(t, strings.Replace(mocking, "name: ", "name: how ", 1)))
	require.Equal(t, exitHeld, code, out+err)
	require.Equal(t, "2 passed, 0 failed, 0 skipped", lastLine(out))
	require.Contains(t, out, "1 reached by a rule, 0 only by a fault")
	require.Regexp(t, `ChatAPI_ChatListV3 +200 -400`, out)
}

func TestSeveralMarketplacesAreToldApart(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	const other = `version: 1
name: a page of chats
marketplace: yandex
steps:
  - {call: getChats, path: {businessId: 1}, body: {}, expect: {status: 404, findings: any}}
  - {call: downloadFile, path: {business_id: 1, chat_id: 2, message_id: 3, file: a}, expect: {status: 404, findings: any}}
`
	paths := []string{write(t, reading), write(t, strings.Replace(reading, "a page", "the same page", 1)), write(t, other)}
	code, out, err := contract(t.Context(), nil, append([]string{"lint"}, paths...)...)
	require.Equal(t, exitHeld, code, err)
	require.Equal(t, "3 scenarios (2 ozon, 1 yandex), no mistakes\n", out)

	targets := save(t, "version: 1\ntargets: {ozon: {base_url: "+s.URL+"}, yandex: {base_url: "+s.URL+", hosts: {yandex-files: "+s.URL+"}}}")
	code, out, err = contract(t.Context(), nil, append([]string{"run", "--target", "live", "--target-file", targets, "--coverage"}, paths...)...)
	require.Equal(t, exitHeld, code, out+err)
	require.Contains(t, out, "\nozon: 2 passed, 0 failed, 0 skipped\nyandex: 1 passed, 0 failed, 0 skipped\n3 passed, 0 failed, 0 skipped\n")
	require.Regexp(t, `ozon: statuses of \d+ operations: 1 reached by a rule`, out)
	require.Regexp(t, `yandex: statuses of \d+ operations: 2 reached by a rule`, out)
	require.Regexp(t, `downloadFile +-200 .* 404`, out)
}

func TestAnInterruptedRunSaysWhatIsDone(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/_mock/health" {
			http.NotFound(w, r)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body) // else the server does not see that the client is gone
		cancel()
		<-r.Context().Done()
	}))
	defer s.Close()
	code, out, _ := contract(ctx, nil, "run", "--target", s.URL, write(t, reading))
	require.Equal(t, exitInterrupted, code)
	require.Contains(t, out, "interrupted")
	require.Equal(t, "0 passed, 1 failed, 0 skipped", lastLine(out))
}

func TestAnInterruptionWhileLookingForTheTargetExitsWith130(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	defer s.Close()
	code, out, err := contract(ctx, nil, "run", "--target", s.URL, write(t, reading))
	require.Equal(t, exitInterrupted, code, err)
	require.Empty(t, out)
}

func TestNothingToldHoldsACredentialThatTheAPIEchoes(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/_mock/health" {
			http.NotFound(w, r)
			return
		}
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Mock-Reason", r.Header.Get("Api-Key"))
		w.WriteHeader(http.StatusTeapot)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"message": r.Header, "body": string(body), "padding": strings.Repeat("x", 700) + r.Header.Get("X-Gate") + r.Header.Get("Api-Key"),
		})
	}))
	defer s.Close()
	dir := t.TempDir()
	junit, jsonl := filepath.Join(dir, "junit.xml"), filepath.Join(dir, "results.jsonl")
	targets := save(t, "version: 1\ntargets:\n  ozon:\n    base_url: "+s.URL+`
    sellers: [{client_id: "${ID}", api_key: "${KEY}"}]
    headers: {X-Gate: plain-gate-pass}
    vars: {word: "${WORD}"}
`)
	env := map[string]string{"ID": "7700042", "KEY": "a-live-key<of>&ozon", "WORD": "a-word-of-mine"}
	src := strings.Replace(reading, "body: {limit: 30}", `headers: {X-Custom: "{{seller.api_key}}"}, body: {limit: 30, word: "{{word}}"}`, 1)
	src = strings.Replace(src, "marketplace: ozon", "marketplace: ozon\nvars: {word: none}", 1)
	src = strings.Replace(src, "findings: any}", `findings: any, body: {message: x, body: y}, condition: "body.message == vars.word"}`, 1)
	code, out, err := contract(t.Context(), env, "run", "-v", "--target", s.URL, "--target-file", targets,
		"--report", "junit="+junit, "--report", "json="+jsonl, write(t, src))
	require.Equal(t, exitFailed, code, out+err)
	require.Contains(t, out, "curl -i -X POST")
	told := map[string]string{"console": out + err}
	for _, name := range []string{junit, jsonl} {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.Contains(t, string(text), "curl -i -X POST")
		told[name] = string(text)
	}
	for name, text := range told {
		for _, secret := range []string{"7700042", "a-live-key", "plain-gate-pass", "a-word-of-mine"} {
			require.NotContains(t, text, secret, name)
		}
	}
}

func TestATargetFileIsNotForAMock(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"status":"ok"}`)
	}))
	defer s.Close()
	targets := save(t, "version: 1\ntargets: {ozon: {base_url: "+s.URL+"}}")
	code, out, err := contract(t.Context(), nil, "run", "--target", s.URL, "--target-file", targets, write(t, reading))
	require.Equal(t, exitUsage, code)
	require.Contains(t, err, "is a mock, and --target-file is for live accounts")
	require.Empty(t, out)
}

func TestAFolderIsNotWhatIsBundled(t *testing.T) {
	t.Chdir(t.TempDir())
	code, _, err := contract(t.Context(), nil, "lint", ".")
	require.Equal(t, exitUsage, code)
	require.Contains(t, err, "there are no scenarios")
	require.NoError(t, os.WriteFile("mine.yaml", []byte(reading), 0o600))
	code, out, err := contract(t.Context(), nil, "lint", ".")
	require.Equal(t, exitHeld, code, err)
	require.Equal(t, "1 scenario, no mistakes\n", out)
}

func TestSchemaAndVersion(t *testing.T) {
	t.Parallel()
	code, out, _ := contract(t.Context(), nil, "schema")
	require.Equal(t, exitHeld, code)
	require.Contains(t, out, `"title": "A scenario of marketmock"`)
	code, out, _ = contract(t.Context(), map[string]string{"CONTRACT_VERSION": "1.2.3", "CONTRACT_HELP": "yes"}, "lint", "ozon/list-first-page")
	require.Equal(t, exitHeld, code)
	require.Equal(t, "1 scenario, no mistakes\n", out)
	code, out, _ = contract(t.Context(), nil, "--version")
	require.Equal(t, exitHeld, code)
	require.NotEmpty(t, out)
}

func TestAMistakeInTheGivenWorldFailsAtItsLine(t *testing.T) {
	t.Parallel()
	base, stop, err := startMock(t.Context())
	require.NoError(t, err)
	t.Cleanup(stop)
	for name, c := range map[string]struct{ given, want string }{
		"an unknown limit":        {"{limits: {nope: {max: 1}}}", `:4:18: given.limits.nope: there is no limit "nope"`},
		"a misspelt limit":        {"{limits: {requests-per-secnd: {max: 1}}}", `:4:18: given.limits.requests-per-secnd: there is no limit "requests-per-secnd", did you mean "requests-per-second"?`},
		"a window of nothing":     {"{limits: {requests-per-second: {per: 0s}}}", ":4:40: given.limits.requests-per-second.per: a window is longer than nothing"},
		"an unknown switch":       {"{switches: {nope: x}}", `:4:20: given.switches.nope: there is no switch "nope"`},
		"an unknown value":        {"{switches: {id-format: roman}}", `:4:20: given.switches.id-format: "roman" is not "`},
		"an edition too long ago": {"{edition: 2001-01-01}", ":4:9: given.edition: 2001-01-01 is before"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := write(t, strings.Replace(reading, "marketplace: ozon", "marketplace: ozon\ngiven: "+c.given, 1))
			for _, args := range [][]string{{"run", path}, {"run", "--target", base, path}} {
				code, out, err := contract(t.Context(), nil, args...)
				require.Equal(t, exitFailed, code, out+err)
				require.Contains(t, out, path+c.want)
			}
		})
	}
}
