package scenario

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"

	"example.com/marketmock/internal/report"
	"example.com/marketmock/internal/scenario/value"
)

// draft is a call before it becomes a request.
type draft struct {
	op          operation // none of a request
	method      string
	url         *value.Node // nil: the operation's path
	params      *value.Node
	query       *value.Node
	headers     *value.Node
	body        *value.Node
	raw         *value.Node
	multipart   *value.Node
	contentType string
	timeout     time.Duration
}

// draft reads a call or a request.
func (p *play) draft(s *Step) (draft, error) {
	if r := s.Request; r != nil {
		return draft{
			op: operation{scheme: p.vendor.usual}, method: r.Method, url: r.Path, query: r.Query, headers: r.Headers, body: r.Body,
			raw: r.Raw, multipart: r.Multipart, contentType: r.ContentType, timeout: time.Duration(r.Timeout),
		}, nil
	}
	op, ok := p.vendor.operation(s.Call)
	if !ok {
		return draft{}, p.fail(s.Node.Field("call").Pos, "the specs of %s have no operation %s", p.vendor.name, s.Call)
	}
	return draft{
		op: op, method: cmp.Or(s.Method, op.Method), url: s.URL, params: s.Path, query: s.Query, headers: s.Headers, body: s.Body,
		raw: s.Raw, multipart: s.Multipart, contentType: s.ContentType, timeout: time.Duration(s.Timeout),
	}, nil
}

// call is the verb that calls an operation, or a path that none has: once,
// several times in a row, or several times at once.
func (p *play) call(ctx context.Context, s *Step) ([]*answer, error) {
	d, err := p.draft(s)
	if err != nil {
		return nil, err
	}
	var out []*answer
	if s.Concurrent > 1 {
		runs, err := p.composeAll(ctx, s, d)
		if err != nil {
			return nil, err
		}
		out = atOnce(runs)
	} else {
		for range max(1, s.Times) {
			run, err := p.compose(ctx, s, d)
			if err != nil {
				return out, err
			}
			a := run()
			out = append(out, a)
			if a.err != nil && ctx.Err() != nil {
				break
			}
		}
	}
	p.count(out, d.op)
	if err := context.Cause(ctx); err != nil {
		return out, err
	}
	return out, nil
}

// composeAll makes as many requests as a step makes at once.
func (p *play) composeAll(ctx context.Context, s *Step, d draft) ([]func() *answer, error) {
	runs := make([]func() *answer, max(1, s.Concurrent))
	for i := range runs {
		run, err := p.compose(ctx, s, d)
		if err != nil {
			return nil, err
		}
		runs[i] = run
	}
	return runs, nil
}

func atOnce(runs []func() *answer) []*answer {
	out := make([]*answer, len(runs))
	var all sync.WaitGroup
	for i, run := range runs {
		all.Go(func() { out[i] = run() })
	}
	all.Wait()
	return out
}

// compose makes a request ready to be sent.
func (p *play) compose(ctx context.Context, s *Step, d draft) (func() *answer, error) {
	lookup := p.lookup(ctx)
	by, err := p.caller(ctx, s)
	if err != nil {
		return nil, err
	}
	to, err := p.address(d, lookup, by.home)
	if err != nil {
		return nil, err
	}
	query, err := d.values(lookup, to.url)
	if err != nil {
		return nil, err
	}
	payload, contentType, err := d.payload(lookup)
	if err != nil {
		return nil, err
	}
	header, err := p.credentials(ctx, s, d, by, to, query)
	if err != nil {
		return nil, err
	}
	if contentType = cmp.Or(d.contentType, contentType); contentType != "" {
		header.Set("Content-Type", contentType)
	}
	if err := setHeaders(header, d.headers, lookup); err != nil {
		return nil, err
	}
	target := query.onto(to.url)
	return func() *answer {
		ctx, cancel := ctx, func() {}
		if d.timeout > 0 {
			ctx, cancel = context.WithTimeout(ctx, d.timeout)
		}
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, d.method, target, bytes.NewReader(payload))
		if err != nil {
			return &answer{request: &http.Request{Method: d.method, URL: &url.URL{Path: to.url}}, err: err, trouble: noConnection}
		}
		req.Header = header.Clone()
		if host := header.Get("Host"); host != "" {
			req.Host = host
		}
		a := send(p.world.client, req, payload)
		a.operation, a.spec, a.streamed = to.operation, d.op.spec, d.multipart != nil
		a.check(to.params)
		return a
	}, nil
}

// payload is the body with the media type that it has by itself.
func (d draft) payload(lookup value.Lookup) (body []byte, contentType string, err error) {
	switch {
	case d.multipart != nil:
		return multipartBody(d.multipart, lookup)
	case d.raw != nil:
		body, err = content(d.raw, lookup)
		return body, "application/json", err
	case d.body != nil:
		v, err := value.Expand(d.body, lookup)
		if err != nil {
			return nil, "", err
		}
		body, err = value.Marshal(v)
		return body, "application/json", err
	}
	return nil, "", nil
}

func setHeaders(h http.Header, n *value.Node, lookup value.Lookup) error {
	if n == nil {
		return nil
	}
	for _, f := range n.Fields {
		v, err := value.Expand(f.Value, lookup)
		if err != nil {
			return err
		}
		if v == nil {
			h.Del(f.Key)
			continue
		}
		h.Set(f.Key, value.Text(v))
	}
	return nil
}

// caller reads who makes the step's call. Without sellers a live target is
// called by nobody.
func (p *play) caller(ctx context.Context, s *Step) (who, error) {
	as := "0"
	if s.As != nil {
		v, err := value.Expand(s.As, p.lookup(ctx))
		if err != nil {
			return who{}, err
		}
		as = value.Text(v)
	} else if len(p.world.sellers) == 0 && p.world.sandbox == "" {
		return who{}, nil
	}
	return p.world.caller(as, p.vendor.schemes)
}

// credentials are the headers of a caller; query parameters are added to query,
// the signature last.
func (p *play) credentials(ctx context.Context, s *Step, d draft, by who, to address, q *query) (http.Header, error) {
	h := http.Header{}
	for k, v := range p.world.headers {
		h.Set(k, v)
	}
	if by.seller == nil {
		return h, nil
	}
	with := d.op.scheme
	if by.scheme != defaultScheme {
		with = p.vendor.schemes[by.scheme]
	}
	with, err := p.vendor.resigned(with, s.Signing, s.called())
	if err != nil {
		return nil, p.fail(s.Sign.Pos, "%v", err)
	}
	if err := with.apply(by.seller, h, q); err != nil {
		return nil, err
	}
	return h, signedCall{p, with, by.seller, s.Signing, to, q}.sign(ctx)
}

// count notes what calls have shown.
func (p *play) count(answers []*answer, op operation) {
	for _, a := range answers {
		p.result.Exchanges++
		p.result.Findings += len(a.requestFindings) + len(a.responseFindings)
		if op.ID != "" && a.status != 0 {
			p.result.Seen = append(p.result.Seen, report.Seen{Operation: op.ID, Status: a.status, Fault: p.byFault(op.ID, a.status)})
		}
	}
}
