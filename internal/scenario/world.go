package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/scenario/value"
)

// world is what a scenario runs against: a sandbox of a mock, or an account at
// a live API.
type world struct {
	client  *http.Client
	token   string
	sandbox string            // "" on a live target
	control string            // base of the sandbox's control calls
	base    string            // of the vendor's API
	own     string            // the base as a mock names it
	hosts   map[string]string // bases of other specs on a live target; nil: all at base
	sellers []any             // of map[string]any
	headers map[string]string
	vars    *value.Node
	told    *reading // of the sandbox's clock, nil if it may have been moved
}

// settings asks the mock which edition and switches the sandbox has.
func (w *world) settings(ctx context.Context, marketplace string) (settings, error) {
	address := w.control + "/switches"
	a, err := w.controlCall(ctx, http.MethodGet, address, nil)
	if err != nil {
		return settings{}, err
	}
	var in struct {
		Edition  string `json:"edition"`
		Switches map[string][]struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		} `json:"switches"`
	}
	if err := json.Unmarshal(a.raw, &in); err != nil || a.status != http.StatusOK {
		return settings{}, &controlError{http.MethodGet, address, a.status, a.raw}
	}
	out := settings{edition: in.Edition, switches: map[string]string{}}
	for _, s := range in.Switches[marketplace] {
		out.switches[s.Name] = s.Value
	}
	return out, nil
}

// controlError is a control call that was refused.
type controlError struct {
	Method, URL string
	Status      int
	Body        []byte
}

func (e *controlError) Error() string {
	var p struct{ Title, Detail, Field string }
	if json.Unmarshal(e.Body, &p) != nil || p.Title == "" {
		return fmt.Sprintf("%s %s answered %d", e.Method, e.URL, e.Status)
	}
	text := fmt.Sprintf("%s %s answered %d: %s", e.Method, e.URL, e.Status, p.Title)
	if p.Detail != "" {
		text += ": " + p.Detail
	}
	if p.Field != "" {
		text += " (field " + p.Field + ")"
	}
	return text
}

// controlCall sends JSON to the control API and returns the answer, whatever
// its status. Only a call that got no answer is an error, ErrUnreachable.
func (w *world) controlCall(ctx context.Context, method, address string, body any) (*answer, error) {
	var payload []byte
	if body != nil {
		var err error
		if payload, err = value.Marshal(body); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(payload))
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if w.token != "" {
		req.Header.Set("X-Mock-Token", w.token)
	}
	a := send(w.client, req, payload)
	if a.err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, fmt.Errorf("%w: %w", ErrUnreachable, a.err)
	}
	return a, nil
}

// creationGrace is how long the creation of a sandbox may go on after an
// interruption.
const creationGrace = 2 * time.Second

// outlive is a context that ends after most, or grace after its parent does.
func outlive(parent context.Context, most, grace time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(parent), most)
	stop := context.AfterFunc(parent, func() {
		t := time.NewTimer(grace)
		defer t.Stop()
		select {
		case <-t.C:
			cancel()
		case <-ctx.Done():
		}
	})
	return ctx, func() {
		stop()
		cancel()
	}
}

// createSandbox makes the world of one scenario. An interruption gives it a
// little time: nobody would know the name of the sandbox to delete.
func (r *Runner) createSandbox(ctx context.Context, s *Script) (*world, error) {
	ctx, cancel := outlive(ctx, r.timeout(), creationGrace)
	defer cancel()
	w := &world{client: r.client(), token: r.Target.Token}
	root := r.Target.Base + "/_mock/sandboxes"
	a, err := w.controlCall(ctx, http.MethodPost, root, r.sandboxSpec(s))
	if err != nil {
		return nil, err
	}
	if a.status != http.StatusCreated {
		return nil, &controlError{http.MethodPost, root, a.status, a.raw}
	}
	var box struct {
		Name     string                      `json:"name"`
		BaseURLs map[string]string           `json:"base_urls"`
		Sellers  map[string][]map[string]any `json:"sellers"`
		Creds    map[string]map[string]any   `json:"credentials"`
	}
	dec := json.NewDecoder(bytes.NewReader(a.raw))
	dec.UseNumber()
	if err := dec.Decode(&box); err != nil {
		return nil, fmt.Errorf("the mock's answer to POST %s: %w", root, err)
	}
	w.sandbox, w.control = box.Name, root+"/"+box.Name
	w.own = box.BaseURLs[s.Marketplace]
	if w.base, err = r.Target.at(w.own); err != nil {
		return nil, errors.Join(err, r.deleteSandbox(ctx, w))
	}
	for _, c := range box.Sellers[s.Marketplace] {
		w.sellers = append(w.sellers, map[string]any(c))
	}
	if c := box.Creds[s.Marketplace]; len(w.sellers) == 0 && c != nil {
		w.sellers = []any{c}
	}
	if w.base == "" {
		err := fmt.Errorf("the mock has no marketplace %s", s.Marketplace)
		return nil, errors.Join(err, r.deleteSandbox(ctx, w))
	}
	return w, nil
}

func (r *Runner) sandboxSpec(s *Script) map[string]any {
	ttl := 2*r.timeout() + time.Minute
	spec := map[string]any{"ttl": ttl.String()}
	if r.Keep {
		delete(spec, "ttl")
	}
	if r.Seed != nil {
		spec["seed"] = *r.Seed
	}
	if g := s.Given; g != nil {
		if g.Fixture != "" {
			spec["fixture"] = r.fixture(s)
		}
		if g.Seed != nil {
			spec["seed"] = *g.Seed
		}
		if g.Edition != "" {
			spec["edition"] = string(g.Edition)
		}
		if len(g.Switches) > 0 {
			spec["switches"] = map[string]any{s.Marketplace: g.Switches}
		}
	}
	return spec
}

// at is a mock's own URL as the target is reached: the mock may name an address
// of its public, which is somebody else's as seen from here. "" stays.
func (t Target) at(own string) (string, error) {
	if own == "" {
		return "", nil
	}
	u, err := url.Parse(own)
	if err != nil {
		return "", fmt.Errorf("the mock's base_urls: %w", err)
	}
	base, err := url.Parse(t.Base)
	if err != nil {
		return "", fmt.Errorf("the target: %w", err)
	}
	return base.Scheme + "://" + base.Host + strings.TrimSuffix(u.EscapedPath(), "/"), nil
}

// fixture is the world's name, or the absolute path of its file for a mock that
// reads this machine's files.
func (r *Runner) fixture(s *Script) string {
	name := s.Given.Fixture
	if !r.Target.Local || !isPath(name) {
		return name
	}
	file, err := filepath.Abs(s.beside(name))
	if err != nil {
		return name // no working directory: the mock says that there is no such file
	}
	return file
}

// isPath tells a file from the name of a bundled world.
func isPath(fixture string) bool {
	return strings.HasSuffix(fixture, ".yaml") || strings.HasSuffix(fixture, ".yml") || strings.Contains(fixture, "/")
}

// beside is a path as seen from the script's folder.
func (s *Script) beside(file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(filepath.Dir(s.File), file)
}

// deleteSandbox removes a scenario's world even when ctx is cancelled.
func (r *Runner) deleteSandbox(ctx context.Context, w *world) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	a, err := w.controlCall(ctx, http.MethodDelete, w.control, nil)
	if err == nil && a.status != http.StatusNoContent {
		err = &controlError{http.MethodDelete, w.control, a.status, a.raw}
	}
	if err != nil {
		return fmt.Errorf("delete the sandbox %s: %w", w.sandbox, err)
	}
	return nil
}

func (r *Runner) liveWorld(s *Script) (*world, error) {
	live := r.Target.live(s.Marketplace)
	if live.BaseURL == "" {
		return nil, fmt.Errorf("the target file has no %s", s.Marketplace)
	}
	w := &world{
		client: r.client(), base: strings.TrimSuffix(live.BaseURL, "/"),
		headers: live.Headers, vars: live.Vars, hosts: live.Hosts,
	}
	for _, c := range live.Sellers {
		seller := map[string]any{}
		for k, v := range c {
			seller[k] = v
		}
		w.sellers = append(w.sellers, seller)
	}
	return w, nil
}

// who is a caller: a seller's credentials by a scheme; no seller is nobody.
// Home is the seller whose credentials fill paths: somebody's also for nobody.
type who struct {
	seller map[string]any
	home   map[string]any
	scheme string
}

const (
	// sellerName is the key of a seller that is no credential.
	sellerName = "name"
	// nobody is the caller without credentials.
	nobody = "nobody"
)

// caller reads the step's as.
func (w *world) caller(as string, schemes map[string]scheme) (who, error) {
	if as == nobody {
		var out who
		if len(w.sellers) > 0 {
			out.home, _ = w.sellers[0].(map[string]any)
		}
		return out, nil
	}
	name, by, both := strings.Cut(as, "/")
	if _, ok := schemes[name]; ok && !both {
		name, by = "0", name
	}
	if by == "" {
		by = defaultScheme
	} else if _, ok := schemes[by]; !ok {
		return who{}, fmt.Errorf("the spec has no security scheme %q%s", by, hint.DidYouMean(by, sortedKeys(schemes)))
	}
	index := slices.IndexFunc(w.sellers, func(s any) bool { return s.(map[string]any)[sellerName] == name })
	if index < 0 {
		index = slices.Index([]string{"first", "second", "third"}, name)
	}
	if n, err := strconv.Atoi(name); err == nil && index < 0 {
		index = n
	}
	if index < 0 || index >= len(w.sellers) {
		return who{}, fmt.Errorf("there is no seller %q among %d", name, len(w.sellers))
	}
	seller := w.sellers[index].(map[string]any)
	return who{seller, seller, by}, nil
}
