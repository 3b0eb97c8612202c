package scenario

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/scenario/value"
)

const (
	pushWithin = 5 * time.Second
	noneWithin = 300 * time.Millisecond
)

// notifications is where a push step looks.
type notifications interface {
	take(match func(notification) bool) (notification, bool)
	// wait returns when there may be more, or when ctx ends.
	wait(ctx context.Context) error
	rest() []notification
}

// push is the verb that waits for notifications.
func (p *play) push(ctx context.Context, s *Step) ([]*answer, error) {
	want := s.Push
	within := time.Duration(want.Within)
	if within == 0 {
		if within = pushWithin; want.None {
			within = noneWithin
		}
	}
	source := p.source()
	match, err := p.matching(ctx, want)
	if err != nil {
		return nil, err
	}
	count := max(1, want.Count)
	limited, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	var found []notification
	for {
		for n, ok := source.take(match); ok; n, ok = source.take(match) {
			if found = append(found, n); len(found) == count || want.None {
				break
			}
		}
		if (want.None && len(found) > 0) || (!want.None && len(found) == count) {
			break
		}
		if err := source.wait(limited); err != nil {
			if limited.Err() == nil {
				return nil, err
			}
			if err := context.Cause(ctx); err != nil {
				return nil, err
			}
			return p.missed(s, source, want, found, within)
		}
	}
	last := found[len(found)-1].answer()
	if !want.None {
		p.checkPush(found, last)
	}
	if want.None {
		f := p.fail(s.Node.Field("push").Pos, "a notification came that must not")
		f.Answer = last.shown()
		return nil, f
	}
	return []*answer{last}, nil
}

// checkPush compares notifications with the spec of the push.
func (p *play) checkPush(found []notification, last *answer) {
	if p.vendor.push == nil || len(p.vendor.push.Operations()) == 0 {
		return
	}
	op := p.vendor.push.Operations()[0].ID
	for _, n := range found {
		last.responseFindings = append(last.responseFindings, n.findings...)
		last.responseFindings = append(last.responseFindings,
			p.vendor.push.CheckRequest(op, openapi.Request{Header: n.header, Body: n.raw})...)
	}
	p.result.Findings += len(last.responseFindings)
}

// missed ends a push step whose time is over.
func (p *play) missed(s *Step, source notifications, want *Push, found []notification, within time.Duration) ([]*answer, error) {
	if want.None {
		return nil, nil
	}
	f := p.fail(s.Node.Field("push").Pos, "%d of %d notifications came within %s", len(found), max(1, want.Count), within)
	rest := source.rest()
	var lines []string
	if p.inbox != nil {
		lines = append(lines, fmt.Sprintf("the receiver is %s: the mock must reach it (--receiver HOST)", p.inbox.url))
	}
	lines = append(lines, fmt.Sprintf("%d others came that no push step has consumed", len(rest)))
	for _, n := range rest[:min(len(rest), 5)] {
		lines = append(lines, n.answer().shown())
	}
	f.Answer = strings.Join(lines, "\n")
	return nil, f
}

// matching makes the test that a push step wants of a notification.
func (p *play) matching(ctx context.Context, want *Push) (func(notification) bool, error) {
	var body, text *value.Pattern
	headers := map[string]*value.Pattern{}
	var err error
	if want.Body != nil {
		if body, err = value.Compile(want.Body, p.lookup(ctx)); err != nil {
			return nil, err
		}
	}
	if want.Text != nil {
		if text, err = value.Compile(want.Text, p.lookup(ctx)); err != nil {
			return nil, err
		}
	}
	for name, n := range want.Headers {
		if headers[name], err = value.Compile(n, p.lookup(ctx)); err != nil {
			return nil, err
		}
	}
	now := func() (time.Time, error) { return p.world.now(ctx) }
	return func(n notification) bool {
		if body != nil && len(body.Match(n.body, false, now)) > 0 {
			return false
		}
		if text != nil && len(text.Match(string(n.raw), false, now)) > 0 {
			return false
		}
		for name, pattern := range headers {
			values := n.header.Values(name)
			if len(values) == 0 && len(pattern.MatchMissing()) > 0 {
				return false
			}
			if len(values) > 0 && len(pattern.Match(strings.Join(values, ", "), false, now)) > 0 {
				return false
			}
		}
		return true
	}, nil
}

// answer makes a notification visible to expect and capture.
func (n notification) answer() *answer {
	return &answer{
		request: &http.Request{Method: http.MethodPost, URL: &url.URL{Path: "/"}, Header: n.header}, sent: n.raw,
		status: http.StatusOK, header: n.header, raw: n.raw, body: n.body, isJSON: n.body != nil,
	}
}

func (p *play) source() notifications {
	if p.inbox != nil {
		return p.inbox
	}
	if p.deliveries == nil {
		p.deliveries = &deliveries{play: p}
	}
	return p.deliveries
}

func (in *inbox) rest() []notification {
	in.mu.Lock()
	defer in.mu.Unlock()
	return slices.Clone(in.waiting)
}

// deliveries are the mock's own list, for scenarios whose webhooks lead
// elsewhere.
type deliveries struct {
	play    *play
	after   uint64
	waiting []notification
}

func (d *deliveries) rest() []notification { return d.waiting }

func (d *deliveries) take(match func(notification) bool) (notification, bool) {
	i := slices.IndexFunc(d.waiting, match)
	if i < 0 {
		return notification{}, false
	}
	n := d.waiting[i]
	d.waiting = slices.Delete(d.waiting, i, i+1)
	return n, true
}

func (d *deliveries) wait(ctx context.Context) error {
	w := d.play.world
	u := fmt.Sprintf("%s/deliveries?marketplace=%s&after=%d&wait=1s", w.control, url.QueryEscape(d.play.script.Marketplace), d.after)
	a, err := w.controlCall(ctx, http.MethodGet, u, nil)
	if err != nil {
		return err
	}
	var page struct {
		Deliveries []struct {
			ID      json.Number     `json:"id"`
			Headers http.Header     `json:"headers"`
			Body    json.RawMessage `json:"body"`
		} `json:"deliveries"`
	}
	if err := json.Unmarshal(a.raw, &page); err != nil || a.status != http.StatusOK {
		return &controlError{http.MethodGet, u, a.status, a.raw}
	}
	for _, e := range page.Deliveries {
		n := notification{header: e.Headers, raw: e.Body}
		n.body, _ = value.Decode(e.Body)
		d.waiting = append(d.waiting, n)
		if id, err := strconv.ParseUint(e.ID.String(), 10, 64); err == nil {
			d.after = max(d.after, id)
		}
	}
	return nil
}
