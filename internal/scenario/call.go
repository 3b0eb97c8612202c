package scenario

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/report"
	"example.com/marketmock/internal/scenario/value"
)

// draft is a call before it becomes a request.
type draft struct {
	method      string
	path        *value.Node
	template    string // used if path is nil
	params      *value.Node
	query       *value.Node
	headers     *value.Node
	body        *value.Node
	raw         *value.Node
	contentType string
	timeout     time.Duration
	operation   string
}

// call is the verb that calls an operation.
func (p *play) call(ctx context.Context, s *Step) ([]*answer, error) {
	op, ok := p.vendor.spec.Operation(s.Call)
	if !ok {
		return nil, p.fail(s.Node.Field("call").Pos, "the spec %s has no operation %s", p.vendor.spec.Name(), s.Call)
	}
	d := draft{
		method: op.Method, path: s.URL, template: op.Path, params: s.Path, query: s.Query, headers: s.Headers,
		body: s.Body, raw: s.Raw, contentType: s.ContentType, timeout: time.Duration(s.Timeout), operation: op.ID,
	}
	if s.Method != "" {
		d.method = s.Method
	}
	if s.URL != nil || d.method != op.Method {
		d.operation = "" // the spec does not describe such a call
	}
	return p.calls(ctx, s, d, op)
}

// request is the verb for paths that no operation has.
func (p *play) request(ctx context.Context, s *Step) ([]*answer, error) {
	r := s.Request
	return p.calls(ctx, s, draft{
		method: r.Method, path: r.Path, query: r.Query, headers: r.Headers, body: r.Body, raw: r.Raw,
		contentType: r.ContentType, timeout: time.Duration(r.Timeout),
	}, openapi.Operation{})
}

// calls makes a step's calls: one, several in a row, or several at once.
func (p *play) calls(ctx context.Context, s *Step, d draft, op openapi.Operation) ([]*answer, error) {
	var out []*answer
	if s.Concurrent > 1 {
		all, err := p.atOnce(ctx, s, d)
		if err != nil {
			return nil, err
		}
		out = all
	} else {
		for range max(1, s.Times) {
			a, err := p.one(ctx, s, d)
			if err != nil {
				return out, err
			}
			out = append(out, a)
			if a.err != nil && ctx.Err() != nil {
				break
			}
		}
	}
	for _, a := range out {
		p.count(a, op)
	}
	if err := context.Cause(ctx); err != nil {
		return out, err
	}
	return out, nil
}

func (p *play) one(ctx context.Context, s *Step, d draft) (*answer, error) {
	run, err := p.compose(ctx, s, d)
	if err != nil {
		return nil, err
	}
	return run(), nil
}

func (p *play) atOnce(ctx context.Context, s *Step, d draft) ([]*answer, error) {
	runs := make([]func() *answer, s.Concurrent)
	for i := range runs {
		run, err := p.compose(ctx, s, d)
		if err != nil {
			return nil, err
		}
		runs[i] = run
	}
	out := make([]*answer, len(runs))
	var all sync.WaitGroup
	for i, run := range runs {
		all.Go(func() { out[i] = run() })
	}
	all.Wait()
	return out, nil
}

// compose makes a request ready to be sent.
func (p *play) compose(ctx context.Context, s *Step, d draft) (func() *answer, error) {
	lookup := p.lookup(ctx)
	path, params, err := d.pathText(lookup)
	if err != nil {
		return nil, err
	}
	query, err := d.queryValues(lookup)
	if err != nil {
		return nil, err
	}
	payload, err := d.payload(lookup)
	if err != nil {
		return nil, err
	}
	header, err := p.credentials(ctx, s, query)
	if err != nil {
		return nil, err
	}
	if d.body != nil || d.raw != nil {
		header.Set("Content-Type", "application/json")
	}
	if d.contentType != "" {
		header.Set("Content-Type", d.contentType)
	}
	if err := setHeaders(header, d.headers, lookup); err != nil {
		return nil, err
	}
	target := p.world.base + path
	if len(query) > 0 {
		separator := "?"
		if strings.Contains(path, "?") {
			separator = "&"
		}
		target += separator + query.Encode()
	}
	return func() *answer {
		ctx, cancel := ctx, func() {}
		if d.timeout > 0 {
			ctx, cancel = context.WithTimeout(ctx, d.timeout)
		}
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, d.method, target, bytes.NewReader(payload))
		if err != nil {
			return &answer{request: &http.Request{Method: d.method, URL: &url.URL{Path: path}}, err: err, trouble: noConnection}
		}
		req.Header = header.Clone()
		if host := header.Get("Host"); host != "" {
			req.Host = host
		}
		a := send(p.world.client, req, payload)
		a.operation, a.spec = d.operation, p.vendor.spec
		a.check(params)
		return a
	}, nil
}

// pathText fills the path's parameters.
func (d draft) pathText(lookup value.Lookup) (string, map[string]string, error) {
	params := map[string]string{}
	if d.path != nil {
		v, err := value.Expand(d.path, lookup)
		if err != nil {
			return "", nil, err
		}
		text := value.Text(v)
		if !strings.HasPrefix(text, "/") {
			return "", nil, &value.Error{Pos: d.path.Pos, Message: fmt.Sprintf("the path %q does not begin with /", text)}
		}
		return text, params, nil
	}
	path := d.template
	if d.params == nil {
		return path, params, nil
	}
	for _, f := range d.params.Fields {
		v, err := value.Expand(f.Value, lookup)
		if err != nil {
			return "", nil, err
		}
		params[f.Key] = value.Text(v)
		path = strings.ReplaceAll(path, "{"+f.Key+"}", url.PathEscape(params[f.Key]))
	}
	return path, params, nil
}

func (d draft) queryValues(lookup value.Lookup) (url.Values, error) {
	out := url.Values{}
	if d.query == nil {
		return out, nil
	}
	for _, f := range d.query.Fields {
		v, err := value.Expand(f.Value, lookup)
		if err != nil {
			return nil, err
		}
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		for _, e := range list {
			out.Add(f.Key, value.Text(e))
		}
	}
	return out, nil
}

func (d draft) payload(lookup value.Lookup) ([]byte, error) {
	switch {
	case d.raw != nil:
		return rawBytes(d.raw, lookup)
	case d.body != nil:
		v, err := value.Expand(d.body, lookup)
		if err != nil {
			return nil, err
		}
		return value.Marshal(v)
	}
	return nil, nil
}

// rawBytes reads a string, or {base64: …}.
func rawBytes(n *value.Node, lookup value.Lookup) ([]byte, error) {
	text := n
	if n.Kind == value.Map {
		text = n.Field("base64")
	}
	if text == nil {
		return nil, &value.Error{Pos: n.Pos, Message: "raw is a string, or {base64: …}"}
	}
	v, err := value.Expand(text, lookup)
	if err != nil || text == n {
		return []byte(value.Text(v)), err
	}
	b, err := base64.StdEncoding.DecodeString(value.Text(v))
	if err != nil {
		return nil, &value.Error{Pos: text.Pos, Message: err.Error()}
	}
	return b, nil
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

// credentials are the headers of the step's caller; query parameters are added
// to query.
func (p *play) credentials(ctx context.Context, s *Step, query url.Values) (http.Header, error) {
	h := http.Header{}
	for k, v := range p.world.headers {
		h.Set(k, v)
	}
	as := "0"
	if s.As != nil {
		v, err := value.Expand(s.As, p.lookup(ctx))
		if err != nil {
			return nil, err
		}
		as = value.Text(v)
	} else if len(p.world.sellers) == 0 && p.world.sandbox == "" {
		return h, nil
	}
	w, err := p.world.caller(as, p.vendor.schemes)
	if err != nil {
		return nil, err
	}
	if w.seller == nil {
		return h, nil
	}
	return h, p.vendor.schemes[w.scheme].apply(w.seller, h, query)
}

// count notes what a call has shown.
func (p *play) count(a *answer, op openapi.Operation) {
	p.result.Exchanges++
	p.result.Findings += len(a.requestFindings) + len(a.responseFindings)
	if op.ID == "" || a.status == 0 {
		return
	}
	p.result.Seen = append(p.result.Seen, report.Seen{Operation: op.ID, Status: a.status, Fault: p.byFault(op.ID, a.status)})
}
