package scenario_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/report"
	"example.com/marketmock/internal/scenario"
)

func TestNotificationsAreVerified(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]string{
		"with the key of the seller whose shop they are about": `
steps:
  - {call: register, body: {url: "{{receiver}}"}}
  - {push: {text: ""}}
  - {buyer: {chat: a, text: '{"shop_id":210004001,"n":1}'}}
  - {buyer: {chat: a, text: '{"shop_id":210004002,"n":2}'}}
  - {push: {body: {n: 1}, headers: {Authorization: "<regex:^[0-9a-f]{64}$>"}}}
  - {push: {body: {n: 2}}, expect: {findings: none, headers: {Content-Type: application/json}}}
`,
		"over the address as it was registered": `
steps:
  - {call: register, body: {url: "{{receiver}}/hook/?a=%7E&b"}}
  - {buyer: {chat: a, text: '{"shop_id":210004001,"n":1}'}}
  - {push: {body: {n: 1}}}
`,
		"over the bytes as they came": `
steps:
  - {call: register, body: {url: "{{receiver}}"}}
  - {buyer: {chat: a, text: "{\"shop_id\": 210004001,\n\"text\":\"\\ud83e\\udd17 🤗\"}"}}
  - push: {body: {shop_id: 210004001}}
    expect: {text: "{\"shop_id\": 210004001,\n\"text\":\"\\ud83e\\udd17 🤗\"}", exact: {shop_id: 210004001, text: "🤗 🤗"}}
`,
		"and a push step without a pattern takes them in order": `
steps:
  - {call: register, body: {url: "{{receiver}}"}}
  - {push: {}, expect: {text: ""}}
  - {buyer: {chat: a, text: '{"n":709122092476686867}'}}
  - {buyer: {chat: a, text: '{"n":2}'}}
  - {push: {}, expect: {body: {n: 709122092476686867}}, capture: {n: n}}
  - {push: {text: "<contains:2>"}, expect: {condition: vars.n == 709122092476686867}}
  - {push: {none: true, within: 1ms}}
`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newFair(t)
			r := fairRunner(t, scenario.Target{Base: m.URL, Mock: true}, fairSpecs()).Run(t.Context(), fairScript(t, src))
			require.Equal(t, report.Passed, r.Status, failures(r))
		})
	}
}

func TestAWrongSignatureOfANotificationFailsTheScenario(t *testing.T) {
	t.Parallel()
	const register = "{call: register, body: {url: '{{receiver}}'}}\n- {buyer: {chat: a, text: '{\"shop_id\":210004001,\"n\":1}'}}\n"
	spoiled := func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(`,`), []byte(`, `)) }
	const message = "header Authorization: it is not signed with the seller's key over the address that was called and these bytes (sign)"
	for name, c := range map[string]struct{ src, want string }{
		"that a step consumes":  {register + "- {push: {body: {n: 1}}}", "answer against the spec: want no findings, got " + message},
		"that no step consumes": {register + "- {push: {text: ''}}", "a notification that no push step has consumed: " + message},
		"unless it is expected": {register + "- {push: {body: {n: 1}}, expect: {findings: [sign]}}", ""},
		"or does not matter":    {register + "- {push: {body: {n: 1}}, expect: {findings: any}}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newFair(t)
			m.spoil = spoiled
			r := fairRunner(t, scenario.Target{Base: m.URL, Mock: true}, fairSpecs()).Run(t.Context(), fairScript(t, "steps:\n- "+c.src+"\n"))
			if c.want == "" {
				require.Equal(t, report.Passed, r.Status, failures(r))
				return
			}
			require.Equal(t, report.Failed, r.Status)
			require.Contains(t, failures(r), c.want)
			require.Equal(t, 1, r.Findings)
		})
	}
}

func TestAnswersThatAreNoObjects(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]string{
		"a bare array": `
steps:
  - call: rows
    expect:
      body: [{id: 709122092476686867}, {id: "<gt:709122092476686867>"}]
      absent: ["[2]", "[0].name"]
      condition: [len(body) == 2, "body[1].id - body[0].id == 1"]
    capture: {first: "[0].id", last: "[-1].id", all: $}
  - {call: rows, expect: {exact: [{id: "{{first}}", by: <string>}, {id: "{{last}}"}], body: "{{all}}"}}
  - {call: rows, expect: {body: {"<each>": {id: <int>}, "[-1]": {id: 709122092476686868}}}}
`,
		"nothing": `
steps:
  - {call: rows, method: PUT, expect: {status: 204, text: ""}}
  - {call: mark, expect: {status: 204, text: "", findings: none}}
`,
		"a redirect, which is not followed": `
steps:
  - call: authorize
    query: {redirect: "https://client.example/back"}
    expect: {status: 302, headers: {Location: "<prefix:https://client.example/back?code=>"}, findings: none}
    capture: {back: $headers.location}
  - set: {code: "split(split(vars.back, 'code=')[1], '&')[0]"}
  - {call: send, body: {code: "{{code}}"}, expect: {body: {sent: '{"code":"c0de"}'}}}
`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newFair(t)
			r := fairRunner(t, scenario.Target{Base: m.URL, Mock: true}, fairSpecs()).Run(t.Context(), fairScript(t, src))
			require.Equal(t, report.Passed, r.Status, failures(r))
		})
	}
}

func TestNumbersBeyond53BitsStayExact(t *testing.T) {
	t.Parallel()
	m := newFair(t)
	r := fairRunner(t, scenario.Target{Base: m.URL, Mock: true}, fairSpecs()).Run(t.Context(), fairScript(t, `
vars: {user: 709122092476686869, at: "{{unix}}"}
steps:
  - call: send
    body: {}
    expect: {body: {id: 709122092476686867, text_id: "709122092476686867"}}
    capture: {id: id, text: text_id}
  - call: send
    body: {a: "{{id}}", b: "{{text}}", c: "{{id|string}}", d: "{{ text | number }}", e: "x{{id}}", f: "{{user}}", g: "{{at}}"}
    expect:
      body:
        id: "{{text|number}}"
        text_id: "{{id|string}}"
        sent: '{"a":709122092476686867,"b":"709122092476686867","c":"709122092476686867","d":709122092476686867,"e":"x709122092476686867","f":709122092476686869,"g":1790856000}'
  - set: {next: "vars.id + 1", high: "bitshr(vars.id, 32)", low: "bitand(vars.id, 4294967295)", same: "int(vars.text) == vars.id and string(vars.id) == vars.text"}
  - call: send
    body: {next: "{{next}}", high: "{{high}}", low: "{{low}}"}
    expect:
      body: {id: "<lt:{{next}}>", sent: '{"next":709122092476686868,"high":165105353,"low":947151379}'}
      condition: [vars.same, body.id == vars.id, body.id != vars.next, 'body.text_id == string(vars.id)']
  - call: send
    body: {n: 709122092476686867, list: [1, 1.5]}
    expect:
      body: {id: "<one:{{text}}>"}
      condition: ["fromJSON(body.sent).n == vars.id", "fromJSON(body.sent) == {n: vars.id, list: [1, 1.5]}"]
  - set: {day: "vars.unix - 86400"}
    when: vars.now startsWith "2026-10-01T12:00:00"
  - {call: send, body: {day: "{{day}}"}, expect: {body: {sent: '{"day":1790769600}'}}}
`))
	require.Equal(t, report.Passed, r.Status, failures(r))
	for src, want := range map[string]string{
		"{id: 709122092476686868}":             "/id: want 709122092476686868, got 709122092476686867",
		"{id: '{{text}}'}":                     `/id: want "709122092476686867", got 709122092476686867`,
		"{text_id: '{{text|number}}'}":         `/text_id: want 709122092476686867, got "709122092476686867"`,
		"{id: '{{seller.chat_token|number}}'}": `{{seller.chat_token|number}}: "fair-chat-token-1" is no number`,
	} {
		r := fairRunner(t, scenario.Target{Base: m.URL, Mock: true}, fairSpecs()).Run(t.Context(), fairScript(t,
			"vars: {text: '709122092476686867'}\nsteps: [{call: send, body: {}, expect: {body: "+src+"}}]\n"))
		require.Contains(t, failures(r), want)
	}
}
