package scenario

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"example.com/marketmock/internal/scenario/value"
)

// tell makes a control call below the sandbox.
func (p *play) tell(ctx context.Context, method, path string, body any) ([]*answer, error) {
	a, err := p.world.controlCall(ctx, method, p.world.control+path, body)
	if err != nil {
		return nil, err
	}
	return []*answer{a}, nil
}

// market is a path below the sandbox's marketplace.
func (p *play) market(parts ...string) string {
	out := "/" + p.script.Marketplace
	for _, part := range parts {
		out += "/" + url.PathEscape(part)
	}
	return out
}

// text is a filled-in value as text.
func (p *play) text(ctx context.Context, n *value.Node) (string, error) {
	v, err := value.Expand(n, p.lookup(ctx))
	return value.Text(v), err
}

// object fills in the given fields; those without a node are left out.
func (p *play) object(ctx context.Context, fields map[string]*value.Node) (map[string]any, error) {
	out := map[string]any{}
	for k, n := range fields {
		if n == nil {
			continue
		}
		v, err := value.Expand(n, p.lookup(ctx))
		if err != nil {
			return nil, err
		}
		out[k] = v
	}
	return out, nil
}

// named writes ids as text, which is how the control API knows them all: a
// variable may hold the number that the vendor has.
func named(v any) any {
	o, ok := v.(value.Object)
	if !ok {
		return v
	}
	for _, key := range []string{"id", "order", "buyer", "seller"} {
		if id, ok := o.Values[key].(json.Number); ok {
			o.Values[key] = id.String()
		}
	}
	return o
}

func (p *play) buyer(ctx context.Context, s *Step) ([]*answer, error) {
	return p.message(ctx, s.Buyer, "buyer")
}

func (p *play) marketplace(ctx context.Context, s *Step) ([]*answer, error) {
	return p.message(ctx, s.FromMarket, "marketplace")
}

func (p *play) support(ctx context.Context, s *Step) ([]*answer, error) {
	return p.message(ctx, s.Support, "support")
}

func (p *play) message(ctx context.Context, m *Message, from string) ([]*answer, error) {
	chat, err := p.text(ctx, m.Chat)
	if err != nil {
		return nil, err
	}
	body, err := p.object(ctx, map[string]*value.Node{"text": m.Text, "file": m.File})
	if err != nil {
		return nil, err
	}
	body["from"] = from
	return p.tell(ctx, http.MethodPost, p.market("chats", chat, "messages"), body)
}

func (p *play) readChat(ctx context.Context, s *Step) ([]*answer, error) {
	return p.visit(ctx, s.Read, "read")
}

func (p *play) closeChat(ctx context.Context, s *Step) ([]*answer, error) {
	return p.visit(ctx, s.Close, "close")
}

func (p *play) reopen(ctx context.Context, s *Step) ([]*answer, error) {
	return p.visit(ctx, s.Reopen, "reopen")
}

func (p *play) visit(ctx context.Context, v *Visit, what string) ([]*answer, error) {
	chat, err := p.text(ctx, v.Chat)
	if err != nil {
		return nil, err
	}
	body := map[string]any{}
	if v.By != "" {
		body["by"] = v.By
	}
	if v.UpTo != nil {
		if body["up_to"], err = p.text(ctx, v.UpTo); err != nil {
			return nil, err
		}
	}
	return p.tell(ctx, http.MethodPost, p.market("chats", chat, what), body)
}

func (p *play) open(ctx context.Context, s *Step) ([]*answer, error) {
	v, err := value.Expand(s.Open, p.lookup(ctx))
	if err != nil {
		return nil, err
	}
	return p.tell(ctx, http.MethodPost, p.market("chats"), named(v))
}

func (p *play) order(ctx context.Context, s *Step) ([]*answer, error) {
	o := s.Order
	if o.Place != nil {
		v, err := value.Expand(o.Place, p.lookup(ctx))
		if err != nil {
			return nil, err
		}
		return p.tell(ctx, http.MethodPost, p.market("orders"), named(v))
	}
	if o.ID == nil {
		return nil, p.fail(s.Node.Field("order").Pos, "order needs place or id")
	}
	id, err := p.text(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	body, err := p.object(ctx, map[string]*value.Node{
		"paid": o.Paid, "delivered": o.Delivered, "returned": o.Returned, "cancelled": o.Cancelled,
	})
	if err != nil {
		return nil, err
	}
	return p.tell(ctx, http.MethodPatch, p.market("orders", id), body)
}

func (p *play) action(ctx context.Context, s *Step) ([]*answer, error) {
	var input any = map[string]any{}
	if s.Action.Input != nil {
		v, err := value.Expand(s.Action.Input, p.lookup(ctx))
		if err != nil {
			return nil, err
		}
		input = v
	}
	return p.tell(ctx, http.MethodPost, p.market("actions", s.Action.Name), input)
}

func (p *play) clock(ctx context.Context, s *Step) ([]*answer, error) {
	body, err := p.object(ctx, map[string]*value.Node{"advance": s.Clock.Advance, "set": s.Clock.Set})
	if err != nil {
		return nil, err
	}
	if s.Clock.Frozen != nil {
		body["frozen"] = *s.Clock.Frozen
	}
	answers, err := p.tell(ctx, http.MethodPatch, "/clock", body)
	p.world.told = nil
	if err == nil {
		p.world.told = read(answers[0])
	}
	return answers, err
}

func (p *play) limit(ctx context.Context, s *Step) ([]*answer, error) {
	return p.patchNamed(ctx, "limits", s.Limit)
}

// patchNamed changes limits of this marketplace.
func (p *play) patchNamed(ctx context.Context, what string, n *value.Node) ([]*answer, error) {
	v, err := value.Expand(n, p.lookup(ctx))
	if err != nil {
		return nil, err
	}
	return p.tell(ctx, http.MethodPatch, "/"+what, map[string]any{p.script.Marketplace: v})
}

func (p *play) switches(ctx context.Context, s *Step) ([]*answer, error) {
	answers, err := p.tell(ctx, http.MethodPatch, "/switches", map[string]any{p.script.Marketplace: s.Switch})
	if err != nil || answers[0].status/100 != 2 {
		return answers, err
	}
	return answers, p.reload(ctx)
}

func (p *play) snapshot(ctx context.Context, s *Step) ([]*answer, error) {
	p.world.told = nil
	if s.Snapshot.Restore != "" {
		return p.tell(ctx, http.MethodPost, "/snapshots/"+url.PathEscape(s.Snapshot.Restore)+"/restore", nil)
	}
	return p.tell(ctx, http.MethodPost, "/snapshots", map[string]any{"name": s.Snapshot.Save})
}

func (p *play) controlStep(ctx context.Context, s *Step) ([]*answer, error) {
	p.world.told = nil
	path, err := p.text(ctx, s.Control.Path)
	if err != nil {
		return nil, err
	}
	var body any
	if s.Control.Body != nil {
		if body, err = value.Expand(s.Control.Body, p.lookup(ctx)); err != nil {
			return nil, err
		}
	}
	method := s.Control.Method
	if method == "" {
		method = http.MethodGet
	}
	if path = strings.TrimPrefix(path, "/"); path != "" {
		path = "/" + path
	}
	return p.tell(ctx, method, path, body)
}

func (p *play) verify(ctx context.Context, s *Step) ([]*answer, error) {
	v := s.Verify
	body, err := p.object(ctx, map[string]*value.Node{"query": v.Query, "body": v.Body, "count": v.Count})
	if err != nil {
		return nil, err
	}
	if n := v.Count; n != nil && n.Kind != value.Map {
		body["count"] = map[string]any{"min": body["count"], "max": body["count"]}
	}
	body["marketplace"], body["operation"] = p.script.Marketplace, v.Operation
	if v.Status != 0 {
		body["status"] = v.Status
	}
	answers, err := p.tell(ctx, http.MethodPost, "/requests/verify", body)
	if err != nil || s.Expect != nil {
		return answers, err
	}
	if m, ok := answers[0].body.(map[string]any); ok && m["held"] == false {
		f := p.fail(s.Node.Field("verify").Pos, "the mock has not seen what was expected: count %s%s", value.Show(m["count"]), nearestMiss(answers[0].raw))
		f.Answer = answers[0].shown()
		return nil, f
	}
	return answers, nil
}

// nearestMiss says how the request that was most like the expected one differs.
func nearestMiss(verdict []byte) string {
	var v struct {
		Misses []struct{ Differences []string }
	}
	if json.Unmarshal(verdict, &v) != nil || len(v.Misses) == 0 || len(v.Misses[0].Differences) == 0 {
		return ""
	}
	return "; of the nearest " + strings.Join(v.Misses[0].Differences, "; ")
}
