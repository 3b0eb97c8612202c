package scenario

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/report"
	"example.com/marketmock/internal/scenario/value"
)

// judge compares answers with a step's expectations; its error is a *stepError
// with every difference.
func (p *play) judge(ctx context.Context, s *Step, answers []*answer) error {
	x := s.Expect
	if x == nil {
		x = &Expect{Node: s.Node}
	}
	if x.Statuses != nil {
		if err := p.judgeCounts(x, answers); err != nil {
			return err
		}
	}
	return p.judgeEach(ctx, s, x, answers)
}

func (p *play) judgeEach(ctx context.Context, s *Step, x *Expect, answers []*answer) error {
	for i, a := range answers {
		j := judgement{play: p, ctx: ctx, step: s, expect: x, answer: a}
		if err := j.all(); err != nil {
			if len(answers) > 1 {
				var f *stepError
				if errors.As(err, &f) {
					f.Message += fmt.Sprintf(" (call %d of %d)", i+1, len(answers))
				}
			}
			return err
		}
	}
	return nil
}

func (p *play) judgeCounts(x *Expect, answers []*answer) error {
	got := map[string]int{}
	for _, a := range answers {
		got[strconv.Itoa(a.status)]++
	}
	var out []report.Difference
	all := maps.Clone(x.Statuses)
	for status := range got {
		if _, listed := all[status]; !listed && status != "0" { // 0: no answer, which expect.error judges
			all[status] = 0
		}
	}
	for _, status := range sortedKeys(all) {
		if want := all[status]; got[status] != want {
			out = append(out, report.Difference{
				Pointer: "status " + status, Want: fmt.Sprintf("%d times", want), Got: fmt.Sprintf("%d times", got[status]),
			})
		}
	}
	if len(out) == 0 {
		return nil
	}
	f := p.fail(x.Node.Field("statuses").Pos, "the answers are not as expected: %s", statuses(answers))
	f.Differences, f.Curl = out, answers[0].curl()
	f.Answer = answers[len(answers)-1].shown()
	return f
}

// judgement compares one answer.
type judgement struct {
	play   *play
	ctx    context.Context //nolint:containedctx // lives as long as one comparison
	step   *Step
	expect *Expect
	answer *answer
	pos    value.Pos // of the first difference
	out    []report.Difference
}

func (j *judgement) differ(pos value.Pos, pointer, want, got string) {
	if len(j.out) == 0 {
		j.pos = pos
	}
	j.out = append(j.out, report.Difference{Pointer: pointer, Want: want, Got: got, Line: pos.Line, Column: pos.Column})
}

func (j *judgement) all() error {
	if err := j.transport(); err == nil && j.answer.err == nil {
		for _, compare := range []func() error{j.status, j.phrase, j.headers, j.body, j.text, j.absent, j.conditions, j.findings} {
			if err := compare(); err != nil {
				return err
			}
		}
	}
	if len(j.out) == 0 {
		return nil
	}
	f := j.play.fail(j.pos, "the answer is not as expected")
	f.Differences, f.Curl, f.Answer = j.out, j.answer.curl(), j.answer.shown()
	return f
}

// transport compares how the answer came.
func (j *judgement) transport() error {
	want, got := j.expect.Error, j.answer.trouble
	if want == got {
		return nil
	}
	pos := j.step.Node.Pos
	if n := j.expect.Node.Field("error"); n != nil && want != "" {
		pos = n.Pos
	}
	j.differ(pos, "error", orNone(want), orNone(got))
	return nil
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func (j *judgement) status() error {
	n := j.expect.Status
	if n == nil {
		if j.expect.Statuses == nil && j.answer.status/100 != 2 {
			j.differ(j.expect.Node.Pos, "status", "2xx", strconv.Itoa(j.answer.status))
		}
		return nil
	}
	v, err := value.Expand(n, j.play.lookup(j.ctx))
	if err != nil {
		return err
	}
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	got := strconv.Itoa(j.answer.status)
	for _, want := range list {
		w := value.Text(want)
		if w == got || (len(w) == 3 && strings.HasSuffix(w, "xx") && w[0] == got[0]) {
			return nil
		}
	}
	j.differ(n.Pos, "status", value.Show(v), got)
	return nil
}

func (j *judgement) phrase() error {
	if j.expect.Phrase == nil {
		return nil
	}
	return j.match("phrase", j.expect.Phrase, j.answer.phrase, true, false)
}

func (j *judgement) now() (time.Time, error) { return j.play.world.now(j.ctx) }

// match compares a value; there is false for one that is not there.
func (j *judgement) match(prefix string, n *value.Node, got any, there, exact bool) error {
	p, err := value.Compile(n, j.play.lookup(j.ctx))
	if err != nil {
		return err
	}
	differences := p.MatchMissing()
	if there {
		differences = p.Match(got, exact, j.now)
	}
	for _, d := range differences {
		j.differ(d.Pos, prefix+d.Pointer, d.Want, d.Got)
	}
	return nil
}

func (j *judgement) headers() error {
	for _, name := range sortedKeys(j.expect.Headers) {
		values := j.answer.header.Values(name)
		err := j.match("header "+name, j.expect.Headers[name], strings.Join(values, ", "), len(values) > 0, false)
		if err != nil {
			return err
		}
	}
	return nil
}

func (j *judgement) body() error {
	for _, form := range []struct {
		n     *value.Node
		exact bool
	}{{j.expect.Body, false}, {j.expect.Exact, true}} {
		if form.n == nil {
			continue
		}
		if !j.answer.isJSON {
			j.differ(form.n.Pos, "body", "JSON", shorten(strconv.Quote(string(j.answer.raw)), 200))
			continue
		}
		if err := j.match("", form.n, j.answer.body, true, form.exact); err != nil {
			return err
		}
	}
	return nil
}

func (j *judgement) text() error {
	if j.expect.Text == nil {
		return nil
	}
	return j.match("text", j.expect.Text, string(j.answer.raw), true, false)
}

func (j *judgement) absent() error {
	for i, text := range j.expect.Absent {
		path, err := value.ParsePath(text)
		if err != nil {
			return err
		}
		if got, err := path.Find(j.answer.body); err == nil {
			j.differ(j.expect.Node.Field("absent").List[i].Pos, path.String(), value.Nothing, value.Show(got))
		}
	}
	return nil
}

func (j *judgement) conditions() error {
	n := j.expect.Condition
	if n == nil {
		return nil
	}
	list := []*value.Node{n}
	if n.Kind == value.List {
		list = n.List
	}
	for _, c := range list {
		j.play.last = j.answer
		yes, err := j.play.truth(j.ctx, c.Text)
		if err != nil {
			j.differ(c.Pos, "condition", c.Text, firstLine(err))
			continue
		}
		if !yes {
			j.differ(c.Pos, "condition", c.Text, "false")
		}
	}
	return nil
}

// findings judges the check of the exchange against the spec.
func (j *judgement) findings() error {
	asked, answered := j.answer.requestFindings, j.answer.responseFindings
	n := j.expect.Findings
	if n == nil {
		j.forbid(j.expect.Node.Pos, "answer", answered)
		if j.refused() {
			return nil
		}
		for _, f := range asked {
			j.play.note(j.step, "the request "+finding(f))
		}
		j.play.result.Unexpected += len(asked)
		return nil
	}
	if n.Kind == value.String {
		if n.Text == "none" {
			j.forbid(n.Pos, "request", asked)
			j.forbid(n.Pos, "answer", answered)
		}
		return nil
	}
	all := slices.Concat(asked, answered)
	var rules []string
	for _, rule := range n.List {
		rules = append(rules, rule.Text)
		if !slices.ContainsFunc(all, func(f openapi.Finding) bool { return f.Rule == rule.Text }) {
			j.differ(rule.Pos, "findings", rule.Text, "no such finding")
		}
	}
	for _, f := range all {
		if !slices.Contains(rules, f.Rule) {
			j.play.result.Unexpected++
			j.differ(n.Pos, "findings", strings.Join(rules, ", "), finding(f))
		}
	}
	return nil
}

// refused says that the scenario wants the request refused: then its findings are
// what it is about.
func (j *judgement) refused() bool {
	return (j.expect.Status != nil || j.expect.Statuses != nil) && j.answer.status/100 == 4
}

func (j *judgement) forbid(pos value.Pos, what string, found []openapi.Finding) {
	j.play.result.Unexpected += len(found)
	for _, f := range found {
		j.differ(pos, what+" against the spec", "no findings", finding(f))
	}
}

func finding(f openapi.Finding) string {
	text := fmt.Sprintf("%s %s: %s (%s)", f.In, f.Pointer, f.Message, f.Rule)
	if f.Spec != "" {
		text += " at " + f.Spec
	}
	return text
}

func (p *play) note(s *Step, text string) {
	note := fmt.Sprintf("%s:%d: %s: %s", p.script.File, s.Node.Pos.Line, s.title(), text)
	if !slices.Contains(p.result.Notes, note) {
		p.result.Notes = append(p.result.Notes, note)
	}
}
