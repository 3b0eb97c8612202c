package report_test

import (
	"bytes"
	"encoding/xml"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/report"
)

var update = flag.Bool("update", false, "write golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(path, got, 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), "run go test ./internal/report -update")
}

func results() []report.Result {
	return []report.Result{
		{
			Name: "a page of chats", File: "scenarios/shop/list.yaml", Marketplace: "shop", Status: report.Passed,
			Claims: []string{"shop/list"}, Duration: 12345 * time.Microsecond, Exchanges: 2,
			Steps: []report.Step{
				{Line: 5, Title: "call List", Answer: "200", Duration: 3 * time.Millisecond},
				{Line: 9, Title: "call List (again)", Answer: "200×2 429", Duration: 4 * time.Millisecond},
			},
			Seen: []report.Seen{{Operation: "List", Status: 200}, {Operation: "List", Status: 429, Fault: true}},
		},
		{
			Name: "a text <too> long & odd \x01", File: "scenarios/shop/send.yaml", Marketplace: "shop", Status: report.Failed,
			Duration: 1234 * time.Millisecond, Exchanges: 1, Findings: 3, Unexpected: 1,
			Failures: []report.Failure{{
				File: "scenarios/shop/send.yaml", Line: 7, Column: 22, Source: "\texpect: {status: 400, body: {code: 3}}",
				Step: "call Send", Message: "the answer is not as expected",
				Differences: []report.Difference{
					{Pointer: "status", Want: "400", Got: "200", Line: 7, Column: 22},
					{Pointer: "/code", Want: "3", Got: "nothing", Line: 8, Column: 10},
				},
				Curl: "curl -i -X POST 'http://127.0.0.1/send' \\\n  -H 'Api-Key: …0001'", Answer: "200 {\"ok\":true}\nX-Mock-Reason: none",
			}},
			Notes: []string{"scenarios/shop/send.yaml:6: call Send: the request body /text: too long (maxLength)"},
			Seen:  []report.Seen{{Operation: "Send", Status: 503}},
		},
		{Name: "time passes", File: "scenarios/shop/time.yaml", Marketplace: "shop", Status: report.Skipped, Reason: "needs a mock: the step clock in line 6"},
		{Name: "it writes", File: "scenarios/other/write.yaml", Marketplace: "other", Status: report.Refused, Reason: "writes to a live account; allow it with --allow-write Send"},
	}
}

type writer interface {
	Add(report.Result) error
	Close() error
}

func TestReportsAreAsTheyWere(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(*bytes.Buffer) writer{
		"console.txt": func(b *bytes.Buffer) writer { return report.NewConsole(b, report.ConsoleOptions{}) },
		"verbose.txt": func(b *bytes.Buffer) writer {
			return report.NewConsole(b, report.ConsoleOptions{Verbose: true, Color: true})
		},
		"report.jsonl": func(b *bytes.Buffer) writer { return report.NewJSONLines(b) },
		"junit.xml":    func(b *bytes.Buffer) writer { return report.NewJUnit(b) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			w := make(&b)
			for _, r := range results() {
				require.NoError(t, w.Add(r))
			}
			require.NoError(t, w.Close())
			golden(t, name, b.Bytes())
			if filepath.Ext(name) == ".xml" {
				require.NoError(t, xml.Unmarshal(b.Bytes(), new(struct{})))
			}
		})
	}
}

func TestCoverageTellsRulesFromFaults(t *testing.T) {
	t.Parallel()
	c := report.NewCoverage([]report.Declared{
		{Marketplace: "shop", Operation: "List", Statuses: []string{"200", "400", "429"}},
		{Marketplace: "shop", Operation: "Send", Statuses: []string{"200", "5XX", "default"}},
		{Marketplace: "stall", Operation: "List", Statuses: []string{"200"}},
	}, results())
	var b bytes.Buffer
	require.NoError(t, c.Table(&b))
	require.Equal(t, `shop: statuses of 2 operations: 2 reached by a rule, 1 only by a fault, 3 not at all
  List  200 -400 (429)
  Send  -200 5XX -default
stall: statuses of 1 operation: 0 reached by a rule, 0 only by a fault, 1 not at all
  List  -200
`, b.String())
	require.Equal(t, "shop: statuses of 2 operations: 2 reached by a rule, 1 only by a fault, 3 not at all\n"+
		"stall: statuses of 1 operation: 0 reached by a rule, 0 only by a fault, 1 not at all", c.Summary())
}
