package scenario

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/marketmock/internal/report"
	"example.com/marketmock/internal/scenario/value"
)

// play is one run of one scenario.
type play struct {
	runner     *Runner
	script     *Script
	vendor     *vendor
	world      *world
	inbox      *inbox // nil until the scenario needs it
	vars       map[string]any
	last       *answer // of the latest call
	faults     []activeFault
	deliveries *deliveries // nil until a push step looks there
	result     *report.Result
}

// stepError is a failure with its place already known.
type stepError struct{ report.Failure }

func (e *stepError) Error() string { return e.Message }

// fail is an error at a position of the file.
func (p *play) fail(pos value.Pos, format string, args ...any) *stepError {
	return &stepError{report.Failure{
		File: p.script.File, Line: pos.Line, Column: pos.Column, Source: p.script.line(pos),
		Message: fmt.Sprintf(format, args...),
	}}
}

// prepare sets the variables that are there from the beginning.
func (p *play) prepare(ctx context.Context) error {
	if g := p.script.Given; g != nil && (g.Edition != "" || len(g.Switches) > 0) {
		if err := p.reload(ctx); err != nil {
			return err
		}
	}
	p.vars = map[string]any{"sellers": p.world.sellers, "sandbox": p.world.sandbox, "base_url": p.world.base}
	if len(p.world.sellers) > 0 {
		p.vars["seller"] = p.world.sellers[0]
	}
	if p.script.usesReceiver() {
		in, err := p.runner.openInbox(p)
		if err != nil {
			return err
		}
		p.inbox, p.vars["receiver"] = in, in.url
	}
	for _, vars := range []*value.Node{p.script.Vars, p.world.vars} {
		if vars == nil {
			continue
		}
		for _, f := range vars.Fields {
			v, err := value.Expand(f.Value, p.lookup(ctx))
			if err != nil {
				return err
			}
			p.vars[f.Key] = value.Plain(v)
		}
	}
	if err := p.limits(ctx); err != nil {
		return err
	}
	return p.unfilled()
}

// reload takes the specs of the sandbox's edition and switches.
func (p *play) reload(ctx context.Context) error {
	if p.world.sandbox == "" {
		return nil
	}
	with, err := p.world.settings(ctx, p.script.Marketplace)
	if err != nil {
		return err
	}
	p.vendor, err = p.runner.vendor(p.script.Marketplace, with)
	return err
}

func (p *play) lookup(ctx context.Context) value.Lookup {
	return func(path value.Path) (any, error) {
		if name := path[0].Key; len(path) == 1 && slices.Contains(timeNames(), name) {
			return p.time(ctx, name)
		}
		if _, ok := p.vars[path[0].Key]; !ok {
			return nil, fmt.Errorf("the variable %s is not set", path[0].Key)
		}
		return path.Find(p.vars)
	}
}

// timeNames are the variables that tell the target's time.
func timeNames() []string { return []string{"now", "unix"} }

// time is such a variable's value by now.
func (p *play) time(ctx context.Context, name string) (any, error) {
	t, err := p.world.now(ctx)
	if name == "unix" {
		return json.Number(strconv.FormatInt(t.Unix(), 10)), err
	}
	return t.UTC().Format(time.RFC3339Nano), err
}

// steps runs steps until one fails.
func (p *play) steps(ctx context.Context, steps []*Step) error {
	for _, s := range steps {
		if err := p.step(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (p *play) step(ctx context.Context, s *Step) error {
	if err := context.Cause(ctx); err != nil {
		return p.place(s, err)
	}
	if s.When != "" {
		yes, err := p.truth(ctx, s.When)
		if err != nil {
			return p.place(s, fmt.Errorf("when: %w", err))
		}
		if !yes {
			return nil
		}
	}
	start := time.Now()
	v, _ := verbOf(s.Verb)
	record := len(p.result.Steps)
	p.result.Steps = append(p.result.Steps, report.Step{Line: s.Node.Pos.Line, Title: s.title()})
	answers, err := v.run(p, ctx, s)
	if err == nil && s.Together == nil {
		err = p.conclude(ctx, s, answers)
	}
	p.result.Steps[record].Duration = time.Since(start)
	p.result.Steps[record].Answer = statuses(answers)
	return p.place(s, err)
}

// place gives an error the position of its step unless it has a better one.
func (p *play) place(s *Step, err error) error {
	if err == nil {
		return nil
	}
	var located *stepError
	if errors.As(err, &located) {
		if located.Step == "" {
			located.Step = s.title()
		}
		return err
	}
	pos := s.Node.Pos
	var in *value.Error
	text := err.Error()
	if errors.As(err, &in) {
		pos, text = in.Pos, in.Message
	}
	if errors.Is(err, ErrUnreachable) {
		p.result.Unreachable = true
	}
	if errors.Is(err, context.DeadlineExceeded) {
		text = fmt.Sprintf("the scenario took longer than %s", p.runner.timeout())
	} else if errors.Is(err, context.Canceled) {
		text = "interrupted"
	}
	f := p.fail(pos, "%s", text)
	f.Step = s.title()
	return f
}

// conclude judges the answers of a step and captures from the last one.
func (p *play) conclude(ctx context.Context, s *Step, answers []*answer) error {
	if len(answers) == 0 {
		return nil
	}
	p.last = answers[len(answers)-1]
	if err := p.judge(ctx, s, answers); err != nil {
		return err
	}
	return p.capture(s)
}

// capture takes variables from the last answer.
func (p *play) capture(s *Step) error {
	view := p.last.view()
	for _, name := range sortedKeys(s.Capture) {
		n := s.Capture[name]
		path, optional, err := capturePath(n.Text)
		if err != nil {
			return p.fail(n.Pos, "capture %s: %v", name, err)
		}
		v, err := captured(path, view)
		if err != nil && optional {
			v, err = nil, nil
		}
		if err != nil {
			f := p.fail(n.Pos, "capture %s: %v", name, err)
			f.Curl, f.Answer = p.last.curl(), p.last.shown()
			return f
		}
		p.vars[name] = v
	}
	return nil
}

// capturePath reads a path; one that ends in ? may find nothing.
func capturePath(text string) (path value.Path, optional bool, err error) {
	text, optional = strings.CutSuffix(text, "?")
	path, err = value.ParsePath(text)
	return path, optional, err
}

// captured walks the body, or with a first $name the rest of the answer.
func captured(path value.Path, view map[string]any) (any, error) {
	first := path[0].Key
	switch {
	case first == "$":
		return path[1:].Find(view["body"])
	case !strings.HasPrefix(first, "$"):
		return path.Find(view["body"])
	}
	name := strings.TrimPrefix(first, "$")
	if name == "headers" && len(path) == 2 {
		path = value.Path{path[0], {Key: strings.ToLower(path[1].Key)}}
	}
	v, err := append(value.Path{{Key: name}}, path[1:]...).Find(view)
	return fromExpression(v), err
}

func statuses(answers []*answer) string {
	var parts []string
	counts := map[string]int{}
	for _, a := range answers {
		k := fmt.Sprint(a.status)
		if a.err != nil {
			k = a.trouble
		}
		if counts[k]++; counts[k] == 1 {
			parts = append(parts, k)
		}
	}
	slices.Sort(parts)
	for i, k := range parts {
		if counts[k] > 1 {
			parts[i] = fmt.Sprintf("%s×%d", k, counts[k])
		}
	}
	return strings.Join(parts, " ")
}

// title says in a few words what a step does.
func (s *Step) title() string {
	text := s.Verb
	switch {
	case s.Call != "":
		text += " " + s.Call
	case s.Action != nil:
		text += " " + s.Action.Name
	case s.Fault != nil:
		text += " " + string(s.Fault.Kind)
	}
	if s.Name != "" {
		text += " (" + s.Name + ")"
	}
	return text
}
