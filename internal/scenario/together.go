package scenario

import "context"

// together is the verb that makes different calls at the same time. Each is
// judged by its own expect; one without is not judged by its status if the
// statuses of all are counted.
func (p *play) together(ctx context.Context, s *Step) ([]*answer, error) {
	var calls []gathered
	var runs []func() *answer
	for _, c := range s.Together.Calls {
		d, err := p.draft(c)
		if err != nil {
			return nil, p.place(c, err)
		}
		made, err := p.composeAll(ctx, c, d)
		if err != nil {
			return nil, p.place(c, err)
		}
		calls = append(calls, gathered{c, d.op, len(made)})
		runs = append(runs, made...)
	}
	all := atOnce(runs)
	rest := all
	for _, c := range calls {
		p.count(rest[:c.count], c.op)
		rest = rest[c.count:]
	}
	if err := context.Cause(ctx); err != nil {
		return all, err
	}
	return all, p.judgeTogether(ctx, s, calls, all)
}

// gathered is a step of together with how many answers are its own.
type gathered struct {
	step  *Step
	op    operation
	count int
}

func (p *play) judgeTogether(ctx context.Context, s *Step, calls []gathered, all []*answer) error {
	counted := s.Expect != nil && s.Expect.Statuses != nil
	if counted {
		if err := p.judgeCounts(s.Expect, all); err != nil {
			return err
		}
	}
	for _, c := range calls {
		its := all[:c.count]
		all = all[c.count:]
		p.last = its[len(its)-1]
		err := p.judge(ctx, c.step, its)
		if c.step.Expect == nil && counted {
			err = p.judgeEach(ctx, c.step, &Expect{Node: c.step.Node, Statuses: s.Expect.Statuses}, its)
		}
		if err == nil {
			err = p.capture(c.step)
		}
		if err != nil {
			return p.place(c.step, err)
		}
	}
	return nil
}

// together checks that only calls are made at the same time, and that what is
// expected of all of them is a count.
func (x *lint) together(s *Step) {
	x.steps(s.Together.Calls)
	for _, c := range s.Together.Calls {
		switch {
		case c.Verb != "call" && c.Verb != "request":
			x.wrong(c.Node.Pos, "together makes calls and requests, not %s", c.Verb)
		case c.Times > 0 || c.When != "":
			x.wrong(c.Node.Pos, "times and when do not go together with others")
		}
	}
	if s.Capture != nil {
		x.wrong(s.Node.Pos, "together has many answers: capture belongs to its calls")
	}
	if s.Expect == nil {
		return
	}
	for _, f := range s.Expect.Node.Fields {
		if f.Key != "statuses" {
			x.wrong(f.Pos, "together expects statuses; %s belongs to its calls", f.Key)
		}
	}
}
