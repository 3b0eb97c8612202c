package scenario

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/scenario/value"
)

// hub is the server that all scenarios of a run receive notifications
// on, each under a path of its own. It starts with the first inbox.
type hub struct {
	mu      sync.Mutex
	server  *http.Server
	host    string // to listen on; "" is 127.0.0.1
	base    string
	inboxes map[string]*inbox
	count   int
}

func (h *hub) open(in *inbox) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.server == nil {
		host := cmp.Or(h.host, "127.0.0.1")
		listener, err := net.Listen("tcp", net.JoinHostPort(host, "0")) //nolint:noctx // closed by close
		if err != nil {
			return fmt.Errorf("receiver at %s: %w", host, err)
		}
		_, port, err := net.SplitHostPort(listener.Addr().String())
		if err != nil {
			return fmt.Errorf("receiver at %s: %w", host, err)
		}
		h.base, h.inboxes = "http://"+net.JoinHostPort(host, port), map[string]*inbox{}
		h.server = &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
		go func(s *http.Server) { _ = s.Serve(listener) }(h.server)
	}
	h.count++
	in.path = "/" + strconv.Itoa(h.count)
	in.url = h.base + in.path
	h.inboxes[in.path] = in
	return nil
}

func (h *hub) remove(in *inbox) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.inboxes, in.path)
}

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.server != nil {
		_ = h.server.Close()
		h.server = nil
	}
}

// ServeHTTP hands a notification to the inbox of its path.
func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	h.mu.Lock()
	in := h.inboxes["/"+name]
	h.mu.Unlock()
	if in == nil {
		http.Error(w, "no scenario receives here", http.StatusGone)
		return
	}
	in.ServeHTTP(w, r)
}

// notification is one that came, to the receiver or in the mock's own list.
type notification struct {
	url      string // as it was called, "" in the mock's list
	header   http.Header
	raw      []byte
	body     any
	findings []openapi.Finding // of its signature
}

// scripted is a reply that a receiver step asked for; left 0 means for ever.
type scripted struct {
	status int
	header map[string]string
	body   []byte
	good   bool // body is what the vendor wants
	delay  time.Duration
	left   int
}

// inbox keeps the notifications of one scenario and answers them.
type inbox struct {
	path    string
	url     string
	replies replies
	verify  func(notification) []openapi.Finding

	arrived  chan struct{} // holds one entry when something came since the last wait
	mu       sync.Mutex
	waiting  []notification
	scripted []scripted
}

// ServeHTTP keeps a notification and answers it.
func (in *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return
	}
	n := notification{url: "http://" + r.Host + r.RequestURI, header: r.Header.Clone(), raw: raw}
	n.body, _ = value.Decode(raw)
	n.findings = in.verify(n)
	answer := in.accept(n)
	if answer.delay > 0 {
		t := time.NewTimer(answer.delay)
		defer t.Stop()
		select {
		case <-t.C:
		case <-r.Context().Done():
			return
		}
	}
	w.Header().Set("Content-Type", "application/json")
	for k, v := range answer.header {
		w.Header().Set(k, v)
	}
	w.WriteHeader(answer.status)
	_, _ = w.Write(answer.body)
}

// accept stores a notification and chooses its answer.
func (in *inbox) accept(n notification) scripted {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.waiting = append(in.waiting, n)
	select {
	case in.arrived <- struct{}{}:
	default:
	}
	if len(in.scripted) == 0 {
		return scripted{status: http.StatusOK, body: in.replies.of(n.body)}
	}
	now := in.scripted[0]
	if now.good {
		now.body = in.replies.of(n.body)
	}
	if now.left > 0 {
		if in.scripted[0].left--; in.scripted[0].left == 0 {
			in.scripted = in.scripted[1:]
		}
	}
	return now
}

// take removes the first notification that matches.
func (in *inbox) take(match func(notification) bool) (notification, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	i := slices.IndexFunc(in.waiting, match)
	if i < 0 {
		return notification{}, false
	}
	n := in.waiting[i]
	in.waiting = slices.Delete(in.waiting, i, i+1)
	return n, true
}

func (in *inbox) wait(ctx context.Context) error {
	select {
	case <-in.arrived:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// script adds a reply. One for ever replaces what was there.
func (in *inbox) script(s scripted) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if s.left == 0 {
		in.scripted = nil
	}
	in.scripted = append(in.scripted, s)
}

func (in *inbox) reset() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.scripted = nil
}

// receiver is the verb that scripts the inbox.
func (p *play) receiver(ctx context.Context, s *Step) ([]*answer, error) {
	r := s.Receiver
	if r.Reset {
		p.inbox.reset()
		return nil, nil
	}
	if r.Reply == nil {
		return nil, errors.New("receiver needs reply or reset")
	}
	out := scripted{status: http.StatusOK, header: r.Reply.Headers, delay: time.Duration(r.Reply.Delay), left: r.Times}
	if r.Reply.Status != 0 {
		out.status = r.Reply.Status
	}
	out.good = r.Reply.Status == 0 && r.Reply.Body == nil && r.Reply.Raw == nil
	var err error
	d := draft{body: r.Reply.Body, raw: r.Reply.Raw}
	if out.body, _, err = d.payload(p.lookup(ctx)); err != nil {
		return nil, err
	}
	p.inbox.script(out)
	return nil, nil
}

func (p *play) webhook(ctx context.Context, s *Step) ([]*answer, error) {
	hook, err := p.object(ctx, map[string]*value.Node{"url": s.Webhook.URL, "seller": s.Webhook.Seller})
	if err != nil {
		return nil, err
	}
	if s.Webhook.URL == nil {
		hook["url"] = p.inbox.url
	}
	if s.Webhook.Seller != nil {
		hook["seller"] = value.Text(hook["seller"])
	}
	if s.Webhook.Types != nil {
		hook["types"] = s.Webhook.Types
	}
	return p.tell(ctx, http.MethodPut, p.market("webhooks"), map[string]any{"webhooks": []any{hook}})
}

func (p *play) clearWebhooks(ctx context.Context, _ *Step) ([]*answer, error) {
	return p.tell(ctx, http.MethodPut, p.market("webhooks"), map[string]any{"webhooks": []any{}})
}
