package scenario

import (
	"context"

	"example.com/marketmock/internal/scenario/value"
)

// maxRounds bounds a repeat that says no max.
const maxRounds = 50

func (p *play) repeat(ctx context.Context, s *Step) ([]*answer, error) {
	most := s.Repeat.Max
	if most == 0 {
		most = maxRounds
	}
	until := s.Repeat.Until
	for range most {
		if err := p.steps(ctx, s.Repeat.Steps); err != nil {
			return nil, err
		}
		done, err := p.truth(ctx, until)
		if err != nil {
			return nil, p.fail(s.Node.Field("repeat").Pos, "until: %v", err)
		}
		if done {
			return nil, nil
		}
	}
	f := p.fail(s.Node.Field("repeat").Pos, "%s did not become true in %d rounds", until, most)
	if p.last != nil {
		f.Answer = p.last.shown()
	}
	return nil, f
}

func (p *play) set(ctx context.Context, s *Step) ([]*answer, error) {
	values := map[string]any{}
	for _, name := range sortedKeys(s.Set) {
		n := s.Set[name]
		if n.Kind == value.String {
			v, err := p.evaluate(ctx, n.Text)
			if err != nil {
				return nil, p.fail(n.Pos, "set %s: %v", name, err)
			}
			values[name] = v
			continue
		}
		v, err := value.Expand(n, p.lookup(ctx))
		if err != nil {
			return nil, err
		}
		values[name] = value.Plain(v)
	}
	for k, v := range values {
		p.vars[k] = v
	}
	return nil, nil
}
