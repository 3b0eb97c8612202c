package scenario

import (
	"context"
	"net/http"

	"example.com/marketmock/internal/scenario/value"
)

// activeFault is what the runner remembers of a fault, to tell in the coverage
// what only a fault has shown.
type activeFault struct {
	operation string
	kind      string
	status    int
	left      int // uses; 0 is no end
}

func (p *play) fault(ctx context.Context, s *Step) ([]*answer, error) {
	v, err := value.Expand(s.Fault.Node, p.lookup(ctx))
	if err != nil {
		return nil, err
	}
	rule, _ := value.Plain(v).(map[string]any)
	if _, ok := rule["marketplace"]; !ok {
		rule["marketplace"] = p.script.Marketplace
	}
	answers, err := p.tell(ctx, http.MethodPost, "/faults", rule)
	if err == nil && answers[0].status/100 == 2 {
		f := s.Fault
		p.faults = append(p.faults, activeFault{f.Operation, string(f.Kind), f.Status, f.Times})
	}
	return answers, err
}

func (p *play) clearFaults(ctx context.Context, _ *Step) ([]*answer, error) {
	p.faults = nil
	return p.tell(ctx, http.MethodDelete, "/faults", nil)
}

// byFault says whether a fault explains a status, and counts its use.
func (p *play) byFault(operation string, status int) bool {
	for i := range p.faults {
		f := &p.faults[i]
		if f.operation != "" && f.operation != operation {
			continue
		}
		limited := f.kind == "rate-limit" && (status == http.StatusTooManyRequests || status == 420)
		if f.status != status && !limited {
			continue
		}
		if f.left > 0 {
			if f.left--; f.left == 0 {
				p.faults = append(p.faults[:i], p.faults[i+1:]...)
			}
		}
		return true
	}
	return false
}
