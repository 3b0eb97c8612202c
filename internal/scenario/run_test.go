package scenario_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/report"
	"example.com/marketmock/internal/scenario"
)

const head = "version: 1\nname: a test\nmarketplace: fake\n"

func parse(t *testing.T, src string) *scenario.Script {
	t.Helper()
	s, err := scenario.Parse("test.yaml", []byte(head+src))
	require.NoError(t, err)
	return s
}

func newRunner(t *testing.T, m *fakeMock) *scenario.Runner {
	t.Helper()
	r := &scenario.Runner{
		Target: scenario.Target{Base: m.URL, Mock: true},
		Specs:  fakeSpecs(), Timeout: 10 * time.Second,
	}
	t.Cleanup(r.Close)
	return r
}

func failures(r report.Result) string {
	var out []string
	for _, f := range r.Failures {
		out = append(out, f.String())
	}
	return strings.Join(out, "\n")
}

func TestScenariosThatHold(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]string{
		"a call sends JSON and its answer is matched as a subset": `
steps:
  - call: List
    body: {limit: 10}
    expect: {status: 200, body: {has_next: false, chats: [{id: a}, {last: 7}]}}
`,
		"a captured 19-digit number stays exact": `
steps:
  - call: List
    capture: {last: "chats[0].last", status: $status, id: "chats[-1].id", kind: "$headers.Content-Type"}
  - call: List
    body: {from: "{{last}}"}
    expect: {findings: any, body: {chats: [{last: "{{last}}"}, {}]}, condition: "vars.last == 3000000000118032001 and vars.status == 200"}
  - control: {path: "x/{{last}}"}
  - {control: {path: ""}, expect: {body: {name: "{{sandbox}}"}}}
`,
		"the second seller, nobody and a scheme send their own credentials": `
steps:
  - {call: List, expect: {headers: {X-Seen: "1||"}}}
  - {call: List, as: other, expect: {headers: {X-Seen: "2||"}}}
  - {call: List, as: second, expect: {headers: {X-Seen: "2||"}}}
  - {call: List, as: 1, expect: {headers: {X-Seen: "2||"}}}
  - {call: List, as: nobody, expect: {headers: {X-Seen: "||"}}}
  - {call: List, as: oauth, expect: {headers: {X-Seen: "|Bearer o1|"}}}
  - {call: List, as: other/oauth, expect: {headers: {X-Seen: "|Bearer o2|"}}}
  - {call: List, headers: {Client-Id: null}, expect: {headers: {X-Seen: "||", Nothing: "<absent>"}}}
`,
		"an unknown path and another verb are requests without a spec": `
steps:
  - {request: {method: POST, path: /nowhere, raw: "{"}, expect: {status: 404, text: "404 page not found"}}
  - {call: List, method: GET, url: /elsewhere, expect: {status: [404, 405]}}
  - {request: {method: GET, path: /nowhere}, expect: {status: 4xx, headers: {Content-Type: "<prefix:text/>"}}}
`,
		"concurrent answers are counted": `
steps:
  - {call: Send, path: {chat: a}, body: {text: hi}, concurrent: 5, expect: {statuses: {200: 3, 429: 2, 500: 0}}}
`,
		"repeat runs until its expression holds": `
steps:
  - repeat:
      until: vars.n == 3
      max: 5
      steps:
        - {call: Send, path: {chat: a}, body: {text: hi}, capture: {n: id}}
`,
		"a dropped connection can be expected": `
steps:
  - {request: {method: POST, path: /drop}, expect: {error: connection}}
`,
		"a notification reaches the receiver once": `
steps:
  - webhook: {types: [NEW]}
  - buyer: {chat: a, text: "hello {{sandbox}}"}
  - push: {body: {type: NEW, text: "<contains:hello box>"}, within: 5s}
    capture: {id: message_id}
  - push: {none: true, within: 10ms, body: {type: NEW}}
  - push: {body: {type: PING}}
  - set: {same: "vars.id == 3000000000118032001", list: [1, "{{id}}"]}
  - {call: List, when: "!vars.same", expect: {status: 500}}
`,
		"set gives variables of any type": `
vars: {word: hello, who: "{{seller.client_id}}"}
steps:
  - set: {n: "1 + 2", text: "'a' + 'b'", list: [1, 2]}
  - {call: List, expect: {condition: ["vars.n == 3", "vars.text == 'ab'", "len(vars.list) == 2", "vars.who == '1'"]}}
`,
		"findings of a fault can be expected": `
steps:
  - {call: List, body: {undeclared: 1}, expect: {findings: [unknown]}}
  - {call: List, body: {undeclared: 1}, expect: {findings: any}}
  - {call: List, body: {limit: 10}, expect: {findings: none}}
`,
		"times close to the clock match after an advance": `
steps:
  - clock: {advance: 48h}
    expect: {body: {now: "<now±2s>", frozen: false}}
  - set: {x: [1]}
`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newFakeMock(t)
			r := newRunner(t, m).Run(t.Context(), parse(t, src))
			require.Equal(t, report.Passed, r.Status, failures(r))
			require.Zero(t, m.left(), "the sandbox was not deleted")
		})
	}
}

func TestScenariosThatFail(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ src, want string }{
		"every difference of a step is told, at its place": {`
steps:
  - call: List
    body: {limit: 10}
    expect:
      status: 404
      body:
        has_next: true
        chats: ["<any>", {last: 8, id: "<uuid>"}]
`, `test.yaml:9:15: call List: the answer is not as expected
    9 |       status: 404
      |               ^
  status: want 404, got 200
  /has_next: want true, got false (line 11)
  /chats/1/last: want 8, got 7 (line 12)
  /chats/1/id: want <uuid>, got "b" (line 12)
  curl -i -X POST '`},
		"a refused status is a failure without expect": {`
steps:
  - {call: List, body: {limit: 1000}}
`, "status: want 2xx, got 400"},
		"a variable that is not there": {`
steps:
  - {call: List, body: {limit: "{{limit}}"}}
`, "test.yaml:6:32: call List: the variable limit is not set"},
		"a path that captures nothing": {`
steps:
  - {call: List, capture: {x: "chats[5].id"}}
`, "capture x: there is no [5] in chats"},
		"an answer that the spec does not allow": {`
steps:
  - {call: List, body: {undeclared: 1}}
`, "answer against the spec: want no findings, got body /undeclared"},
		"a control call that was refused": {`
steps:
  - {control: {path: fake/nothing}}
`, "status: want 2xx, got 404"},
		"a world that does not exist": {`
given: {fixture: no-such-world}
steps:
  - {call: List}
`, "test.yaml:5:9: given.fixture: no-such-world"},
		"a condition": {`
steps:
  - {call: List, expect: {condition: "len(body.chats) > 2"}}
`, "condition: want len(body.chats) > 2, got false"},
		"an expression that cannot be evaluated is one of the differences": {`
steps:
  - {call: List, expect: {body: {has_next: true}, condition: ["body.nothing.at.all == 1", "status == 500"]}}
`, "/has_next: want true, got false\n  condition: want body.nothing.at.all == 1, got cannot"},
		"the condition after it is judged as well": {`
steps:
  - {call: List, expect: {condition: ["body.nothing.at.all == 1", "status == 500"]}}
`, "condition: want status == 500, got false"},
		"a status that is not listed": {`
steps:
  - {call: Send, path: {chat: a}, body: {text: hi}, concurrent: 5, expect: {statuses: {200: 3}}}
`, "status 429: want 0 times, got 2 times"},
		"a notification that does not come": {`
steps:
  - webhook: {}
  - buyer: {chat: a, text: hi}
  - push: {within: 20ms, body: {type: OTHER}}
`, "0 of 1 notifications came within 20ms"},
		"requests that the mock has not seen": {`
steps:
  - verify: {operation: List, count: 1}
`, "the mock has not seen what was expected: count 2; of the nearest query page: expected \"7\", got \"8\""},
		"a repeat that never ends": {`
steps:
  - repeat: {until: "false", max: 2, steps: [{set: {x: 1}}]}
`, "false did not become true in 2 rounds"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newFakeMock(t)
			r := newRunner(t, m).Run(t.Context(), parse(t, c.src))
			require.Equal(t, report.Failed, r.Status)
			require.Contains(t, failures(r), c.want)
			require.NotContains(t, failures(r), "secret-key-number-1")
		})
	}
}
