package scenario_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/report"
	"example.com/marketmock/internal/scenario"
)

func numbered(t *testing.T, n int, src func(int) string) []*scenario.Script {
	t.Helper()
	var out []*scenario.Script
	for i := range n {
		s, err := scenario.Parse(fmt.Sprintf("%03d.yaml", i), []byte(head+src(i)))
		require.NoError(t, err)
		out = append(out, s)
	}
	return out
}

func always(src string) func(int) string { return func(int) string { return src } }

func TestABatchTellsResultsInOrderAndLeavesNoSandbox(t *testing.T) {
	t.Parallel()
	m := newFakeMock(t)
	b := scenario.Batch{Runner: newRunner(t, m), Parallel: 8}
	var told []string
	b.Run(t.Context(), numbered(t, 60, always("steps: [{webhook: {}}, {buyer: {chat: a, text: hi}}, {push: {body: {type: NEW}}}]")),
		func(r report.Result) {
			require.Equal(t, report.Passed, r.Status, failures(r))
			told = append(told, r.File)
		})
	require.Len(t, told, 60)
	require.IsNonDecreasing(t, told)
	require.Zero(t, m.left())
}

func TestABatchStopsAfterAFailureIfAsked(t *testing.T) {
	t.Parallel()
	m := newFakeMock(t)
	b := scenario.Batch{Runner: newRunner(t, m), Parallel: 1, FailFast: true}
	var s report.Summary
	b.Run(t.Context(), numbered(t, 5, func(i int) string {
		return fmt.Sprintf("steps: [{call: List, expect: {status: %d}}]", 200+i)
	}), s.Add)
	require.Equal(t, report.Summary{Passed: 1, Failed: 1, Skipped: 3, Exchanges: 2}, s)
}

func TestAnInterruptedBatchDeletesItsSandboxes(t *testing.T) {
	t.Parallel()
	m := newFakeMock(t)
	ctx, cancel := context.WithCancel(t.Context())
	b := scenario.Batch{Runner: newRunner(t, m), Parallel: 2}
	var s report.Summary
	b.Run(ctx, numbered(t, 6, always("steps: [{push: {none: true, within: 50ms, body: {type: OTHER}}}, {call: List}]")), func(r report.Result) {
		cancel()
		s.Add(r)
	})
	require.True(t, s.Interrupted)
	require.Positive(t, s.Skipped)
	require.Zero(t, m.left())
}

func TestAKeptSandboxIsNamed(t *testing.T) {
	t.Parallel()
	m := newFakeMock(t)
	r := newRunner(t, m)
	r.Keep = true
	seed := int64(7)
	r.Seed = &seed
	result := r.Run(t.Context(), parse(t, "given: {fixture: a, edition: '2025-08-01', switches: {x: y}}\nsteps: [{call: List}]"))
	require.Equal(t, "box1", result.Sandbox)
	require.Equal(t, 1, m.left())
	require.Equal(t, `POST / {"edition":"2025-08-01","fixture":"a","seed":7,"switches":{"fake":{"x":"y"}}}`, m.told()[0])
}

func TestTheSpecOfTheSandboxsEditionAndSwitchesIsUsed(t *testing.T) {
	t.Parallel()
	m := newFakeMock(t)
	r := newRunner(t, m)
	src := "steps: [{call: List, body: {undeclared: 1}, expect: {findings: %s}}]"
	result := r.Run(t.Context(), parse(t, fmt.Sprintf("given: {edition: '2026-01-01'}\n"+src, "none")))
	require.Equal(t, report.Passed, result.Status, failures(result))
	result = r.Run(t.Context(), parse(t, "steps: [{switch: {more: fields}}, {call: List, body: {undeclared: 1}, expect: {findings: none}}]"))
	require.Equal(t, report.Passed, result.Status, failures(result))
	result = r.Run(t.Context(), parse(t, fmt.Sprintf(src, "[unknown]")))
	require.Equal(t, report.Passed, result.Status, failures(result))
}

func TestTheReceiverAnswersAsTheVendorWantsOrAsScripted(t *testing.T) {
	t.Parallel()
	m := newFakeMock(t)
	r := newRunner(t, m)
	r.Keep = true
	result := r.Run(t.Context(), parse(t, `
steps:
  - webhook: {url: "{{receiver}}/hook"}
  - buyer: {chat: a, text: one}
  - receiver: {reply: {status: 503, raw: busy}, times: 3}
  - buyer: {chat: a, text: two}
  - buyer: {chat: a, text: three}
  - receiver: {reply: {body: {error: 1}, headers: {X-A: b}}}
  - buyer: {chat: a, text: four}
  - receiver: {reset: true}
  - receiver: {reply: {delay: 1ms}, times: 2}
  - buyer: {chat: a, text: late}
  - buyer: {chat: a, text: five}
  - push: {count: 6, body: {type: NEW}, headers: {Content-Type: application/json, X-None: <absent>}}
    expect: {body: {text: five}}
  - push: {count: 6, body: {type: PING}}
  - push: {none: true}
`))
	require.Equal(t, report.Passed, result.Status, failures(result))
	require.Equal(t, []string{
		`200 {"pong":true}`, `200 {"result":true}`, "503 busy", "503 busy", "503 busy", `200 {"result":true}`,
		`200 {"error":1}`, `200 {"error":1}`, `200 {"pong":true}`, `200 {"result":true}`, `200 {"pong":true}`, `200 {"result":true}`,
	}, m.boxes["box1"].replies)
}

func TestWithoutAReceiverTheMocksListOfDeliveriesIsRead(t *testing.T) {
	t.Parallel()
	m := newFakeMock(t)
	result := newRunner(t, m).Run(t.Context(), parse(t, `
steps:
  - webhook: {url: "http://127.0.0.1:9/elsewhere"}
  - push: {body: {type: NEW, text: first}}
  - push: {body: {type: NEW, text: second}}
  - push: {none: true, within: 30ms, body: {type: NEW}}
`))
	require.Equal(t, report.Passed, result.Status, failures(result))
}

func TestWhatOnlyAFaultHasShownIsMarked(t *testing.T) {
	t.Parallel()
	result := newRunner(t, newFakeMock(t)).Run(t.Context(), parse(t, `
steps:
  - fault: {kind: status, operation: List, status: 500, times: 1}
  - {call: List, expect: {status: 500}}
  - {call: List}
`))
	require.Equal(t, report.Passed, result.Status, failures(result))
	require.Equal(t, []report.Seen{{Operation: "List", Status: 500, Fault: true}, {Operation: "List", Status: 200}}, result.Seen)
}

func TestAnIDThatIsANumberIsToldAsText(t *testing.T) {
	t.Parallel()
	m := newFakeMock(t)
	result := newRunner(t, m).Run(t.Context(), parse(t, `
vars: {number: 5001}
steps:
  - order: {place: {id: "{{number}}", buyer: 7, items: [{sku: "1"}]}}
  - open: {order: "{{number}}", seller: "2"}
  - order: {id: "{{number}}", delivered: true}
  - webhook: {seller: "{{number}}", url: "http://127.0.0.1:9/x"}
`))
	require.Equal(t, report.Passed, result.Status, failures(result))
	require.Equal(t, []string{
		`POST /fake/orders {"id":"5001","buyer":"7","items":[{"sku":"1"}]}`, `POST /fake/chats {"order":"5001","seller":"2"}`,
		`PATCH /fake/orders/5001 {"delivered":true}`, `PUT /fake/webhooks {"webhooks":[{"seller":"5001","url":"http://127.0.0.1:9/x"}]}`,
	}, m.told()[1:])
}
