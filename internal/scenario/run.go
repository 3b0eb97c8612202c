package scenario

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/report"
	"example.com/marketmock/internal/scenario/value"
)

// DefaultTimeout is how long a scenario may take.
const DefaultTimeout = 30 * time.Second

// Runner runs scenarios against one target. Its fields are set before the first
// Run and not changed; then it is safe for concurrent use. Close frees it.
type Runner struct {
	Target  Target
	Specs   fs.FS         // specs at the root, overlays in overlays/
	Allow   []string      // operations that may write on a live target; all means all
	Seed    *int64        // of sandboxes whose scenario names none
	Timeout time.Duration // of one scenario; 0 is DefaultTimeout
	Keep    bool          // leave sandboxes behind
	Client  *http.Client  // nil: NewClient
	// Receiver is where notifications are received: the address to listen on and
	// the host in its URL; "" is 127.0.0.1.
	Receiver string

	once    sync.Once
	own     *http.Client
	hub     hub
	secrets *secrets
	library *openapi.Library
	vendors sync.Map // marketplace and overlays → func() (*vendor, error)
}

// NewClient makes a client that keeps connections, follows no redirect and uses
// no proxy for it would be a stranger in between.
func NewClient() *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	return &http.Client{
		Transport: &http.Transport{
			DialContext: dialer.DialContext, MaxIdleConns: 256, MaxIdleConnsPerHost: 128,
			IdleConnTimeout: 30 * time.Second, DisableCompression: true, ForceAttemptHTTP2: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (r *Runner) client() *http.Client {
	r.once.Do(func() {
		if r.own = r.Client; r.own == nil {
			r.own = NewClient()
		}
		r.library, r.secrets, r.hub.host = openapi.NewLibrary(r.Specs), r.Target.secrets(), r.Receiver
	})
	return r.own
}

func (r *Runner) timeout() time.Duration {
	if r.Timeout > 0 {
		return r.Timeout
	}
	return DefaultTimeout
}

// Close stops the receiver and drops idle connections.
func (r *Runner) Close() {
	r.hub.close()
	r.client().CloseIdleConnections()
}

// vendor loads the specs of a marketplace, once for each choice of overlays.
func (r *Runner) vendor(name string, with settings) (*vendor, error) {
	r.client()
	overlays := func(spec string) []string { return with.overlays(r.Specs, spec) }
	key := name
	for _, spec := range append(servedSpecs(r.Specs, name), pushSpec(name)) {
		key += " " + strings.Join(overlays(spec), " ")
	}
	load, _ := r.vendors.LoadOrStore(key, sync.OnceValues(func() (*vendor, error) {
		return loadVendor(r.library, r.Specs, name, overlays)
	}))
	return load.(func() (*vendor, error))()
}

func (r *Runner) openInbox(p *play) (*inbox, error) {
	in := &inbox{replies: p.vendor.replies, arrived: make(chan struct{}, 1)}
	by, sellers := p.vendor.verifier, p.world.sellers
	in.verify = func(n notification) []openapi.Finding { return by.findings(sellers, n) }
	return in, r.hub.open(in)
}

// Run plays one scenario and says what became of it; nothing that it says holds
// a credential of the target.
func (r *Runner) Run(ctx context.Context, s *Script) report.Result {
	start := time.Now()
	result := report.Result{Name: s.Name, File: s.File, Marketplace: s.Marketplace, Claims: s.Claims, Status: report.Passed}
	r.run(ctx, s, &result)
	result.Duration = time.Since(start)
	return result.Map(r.secrets.hide)
}

func (r *Runner) run(ctx context.Context, s *Script, result *report.Result) {
	p := &play{runner: r, script: s, result: result}
	var err error
	if p.vendor, err = r.vendor(s.Marketplace, settings{}); err != nil {
		p.broken(s.Node.Field("marketplace").Pos, err)
		return
	}
	if !r.Target.Mock {
		if result.Status, result.Reason = r.permitted(s, p.vendor); result.Status != report.Passed {
			return
		}
	}
	limited, cancel := context.WithTimeout(ctx, r.timeout())
	defer cancel()
	if err := p.enter(limited); err != nil {
		p.broken(s.Node.Pos, p.reworded(p.refused(err), "began"))
		p.interrupted(ctx)
		return
	}
	defer p.leave(ctx)
	if err = p.prepare(limited); err != nil {
		err = p.reworded(err, "was prepared")
	} else if err = p.steps(limited, s.Steps); err == nil {
		err = p.unverified()
	}
	if err != nil {
		p.broken(s.Node.Pos, err)
	}
	p.interrupted(ctx)
}

func (p *play) enter(ctx context.Context) (err error) {
	if p.runner.Target.Mock {
		p.world, err = p.runner.createSandbox(ctx, p.script)
	} else {
		p.world, err = p.runner.liveWorld(p.script)
	}
	return err
}

func (p *play) leave(ctx context.Context) {
	if p.inbox != nil {
		p.runner.hub.remove(p.inbox)
	}
	if p.world.sandbox == "" {
		return
	}
	if p.runner.Keep {
		p.result.Sandbox = p.world.sandbox
		return
	}
	if err := p.runner.deleteSandbox(ctx, p.world); err != nil {
		p.result.Notes = append(p.result.Notes, err.Error())
	}
}

func (p *play) interrupted(ctx context.Context) {
	if p.result.Status == report.Failed && errors.Is(ctx.Err(), context.Canceled) {
		p.result.Interrupted = true
	}
}

// reworded says for people that the time was over before there was a step.
func (p *play) reworded(err error, done string) error {
	switch {
	case errors.Is(err, ErrUnreachable):
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s were over before the scenario %s", p.runner.timeout(), done)
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("interrupted before the scenario %s", done)
	}
	return err
}

// broken records the failure that ended the scenario.
func (p *play) broken(pos value.Pos, err error) {
	p.result.Status = report.Failed
	p.result.Unreachable = p.result.Unreachable || errors.Is(err, ErrUnreachable)
	var located *stepError
	if !errors.As(err, &located) {
		var in *value.Error
		if errors.As(err, &in) {
			pos, err = in.Pos, errors.New(in.Message)
		}
		located = p.fail(pos, "%v", err)
	}
	p.result.Failures = append(p.result.Failures, located.Failure)
}

// permitted says whether a scenario may run on a live target.
func (r *Runner) permitted(s *Script, v *vendor) (report.Status, string) {
	if mock := s.mockOnly(); mock != nil {
		return report.Skipped, fmt.Sprintf("needs a mock: the step %s in line %d", mock.Verb, mock.Node.Pos.Line)
	}
	if s.Live != nil && !*s.Live {
		return report.Skipped, "needs a mock: live is false"
	}
	if spec := r.unreachable(s, v); spec != "" {
		return report.Skipped, "needs an address of " + spec + ": hosts in the target file"
	}
	if slices.Contains(r.Allow, "all") {
		return report.Passed, ""
	}
	var refused []string
	s.walk(func(step *Step) {
		name := step.writes(v)
		if name != "" && !slices.Contains(r.Allow, name) && !slices.Contains(refused, name) {
			refused = append(refused, name)
		}
	})
	if len(refused) > 0 {
		return report.Refused, "writes to a live account; allow it with --allow-write " + strings.Join(refused, " --allow-write ")
	}
	return report.Passed, ""
}

// unreachable names a spec beside the marketplace's own that a step calls and
// whose address a live target does not know.
func (r *Runner) unreachable(s *Script, v *vendor) (spec string) {
	hosts := r.Target.live(s.Marketplace).Hosts
	s.walk(func(step *Step) {
		op, ok := v.operation(step.Call)
		if ok && op.elsewhere(v) && hosts != nil && hosts[op.spec.Name()] == "" {
			spec = op.spec.Name()
		}
	})
	return spec
}

// writes names what a step may change, "" if nothing. A call that the spec does
// not describe, or that may reach another operation or host, may change anything.
func (s *Step) writes(v *vendor) string {
	switch s.Verb {
	case "request":
		return s.Request.Method + " " + s.Request.Path.Text
	case "call":
		op, ok := v.operation(s.Call)
		if !ok || op.writes() || s.URL != nil || s.Method != "" || s.redirects() {
			return s.Call
		}
	}
	return ""
}

// redirects says whether a header or parameter of a call names another host or
// method than the request has.
func (s *Step) redirects() bool {
	for _, f := range slices.Concat(fieldsIn(s.Headers), fieldsIn(s.Query)) {
		name := strings.ToLower(f.Key)
		if slices.Contains([]string{"host", "x-method-override", "_method", "x-forwarded-host", "x-original-url", "x-rewrite-url"}, name) ||
			strings.HasPrefix(name, "x-http-method") {
			return true
		}
	}
	return false
}

func fieldsIn(n *value.Node) []value.Field {
	if n == nil {
		return nil
	}
	return n.Fields
}

// Writable are the names that Allow knows: the operations of the scripts'
// marketplaces and the requests of the scripts.
func Writable(specs fs.FS, scripts []*Script) ([]string, error) {
	declared, err := Declared(specs, scripts)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, d := range declared {
		out = append(out, d.Operation)
	}
	for _, s := range scripts {
		s.walk(func(step *Step) {
			if step.Verb == "request" {
				out = append(out, step.writes(nil))
			}
		})
	}
	return out, nil
}

// inner are the steps inside a step.
func (s *Step) inner() []*Step {
	switch {
	case s.Repeat != nil:
		return s.Repeat.Steps
	case s.Together != nil:
		return s.Together.Calls
	}
	return nil
}

// walk visits every step, also those inside others.
func (s *Script) walk(visit func(*Step)) { walkSteps(s.Steps, visit) }

func walkSteps(steps []*Step, visit func(*Step)) {
	for _, s := range steps {
		visit(s)
		walkSteps(s.inner(), visit)
	}
}

// mockOnly returns the first step that a live target cannot play.
func (s *Script) mockOnly() (found *Step) {
	s.walk(func(step *Step) {
		if v, ok := verbOf(step.Verb); ok && v.mock && found == nil {
			found = step
		}
	})
	return found
}

// usesReceiver says whether the runner's own receiver takes part.
func (s *Script) usesReceiver() (yes bool) {
	s.walk(func(step *Step) {
		yes = yes || step.Receiver != nil || (step.Webhook != nil && step.Webhook.URL == nil)
	})
	s.Node.Walk(func(n *value.Node) {
		paths, _ := value.Templates(n.Text)
		for _, path := range paths {
			yes = yes || (n.Kind == value.String && path[0].Key == "receiver")
		}
	})
	return yes
}

// T is what a Go test gives a scenario.
type T interface {
	Helper()
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Skip(args ...any)
}

// Check runs a scenario and reports to a test.
func (r *Runner) Check(ctx context.Context, t T, s *Script) report.Result {
	t.Helper()
	result := r.Run(ctx, s)
	switch result.Status {
	case report.Failed:
		for _, f := range result.Failures {
			t.Errorf("%s", f)
		}
	case report.Skipped, report.Refused:
		t.Skip(result.Reason)
	case report.Passed:
		for _, n := range result.Notes {
			t.Logf("%s", n)
		}
	}
	return result
}
