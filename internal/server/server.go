// Package server assembles sandboxes, emulators and the control API into one
// http.Handler: one Gin engine in which each operation stands at the root and
// under its marketplace's mount. It knows no vendor.
package server

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"example.com/marketmock/internal/control"
	"example.com/marketmock/internal/fixture"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/sandbox"
)

// Defaults of Options; sizes in bytes.
const (
	defaultMaxBody  = 32 << 20
	defaultMaxBlobs = 512 << 20
	defaultMaxFile  = 32 << 20
	defaultFixture  = "default"
)

// specControl is the control API's document.
const specControl = "control"

// Newest is the edition that is emulated unless another is asked for; of the
// days before Oldest too little is known.
var (
	Newest = time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC)
	Oldest = time.Date(2025, time.July, 1, 0, 0, 0, 0, time.UTC)
)

// Options of a server. Zero values give what the flags of mockserver default to.
type Options struct {
	Emulators []marketplace.Emulator
	Specs     fs.FS // specs and their overlays
	// BaseURL is where the server is reached from outside, without a slash at
	// the end: links to sent files start with it.
	BaseURL string

	Fixture string // of sandboxes that name none
	Seed    uint64
	Edition time.Time

	Control   control.Options // Registry, Spec, MaxFile, Done and Log are filled in
	Sandboxes int             // at once
	Journal   int             // exchanges kept in each sandbox
	MaxBody   int64           // bytes of a request body that is read whole
	MaxBlobs  int64           // bytes of sent files in each sandbox
	MaxFile   int64           // bytes of one sent file
	BlobDir   string          // where temporary folders are made, "" = the system's
	Latency   time.Duration   // wall time added to every answer of a marketplace
	Client    *http.Client    // for pushes, nil = push's own
	// Done is closed when the server begins to stop: long polls, streams and
	// delays end.
	Done <-chan struct{}
	Log  *slog.Logger
}

// Server is the handler of everything.
type Server struct {
	options  Options
	library  *openapi.Library
	registry *sandbox.Registry
	control  *control.API
	engine   *gin.Engine
	sites    []*site
}

// site is an emulator as the server uses it: everything asked for once.
type site struct {
	marketplace.Emulator
	name       string
	mount      string // /ozon
	guards     []marketplace.Guard
	operations map[string]marketplace.Operation
	crossings  []crossing
}

// route is one operation of one site.
type route struct {
	site      *site
	operation openapi.Operation // only its Spec is set for a refusal of the server
	run       marketplace.Operation
	names     []string // of the path parameters, by position
	spelled   bool     // its path is another spelling of the operation's
}

// New assembles a server with its default sandbox. It fails when a spec or the
// fixture does not load, or an operation of a spec has no behaviour. Close it.
func New(o Options) (*Server, error) {
	s := &Server{options: o.complete(), library: openapi.NewLibrary(o.Specs)}
	for _, em := range o.Emulators {
		s.sites = append(s.sites, &site{
			Emulator: em, name: em.Name(), mount: "/" + em.Name(),
			guards: em.Guards(), operations: em.Operations(),
		})
	}
	wait := s.readAhead()
	defer wait()
	if err := s.load(); err != nil {
		return nil, err
	}
	table, err := s.table()
	if err != nil {
		s.Close()
		return nil, err
	}
	s.engine = newEngine()
	s.register(table)
	s.control.Register(s.engine)
	s.engine.NoRoute(s.noRoute)
	return s, nil
}

func (o Options) complete() Options {
	if o.MaxBody <= 0 {
		o.MaxBody = defaultMaxBody
	}
	if o.MaxBlobs <= 0 {
		o.MaxBlobs = defaultMaxBlobs
	}
	if o.MaxFile <= 0 {
		o.MaxFile = defaultMaxFile
	}
	if o.Fixture == "" {
		o.Fixture = defaultFixture
	}
	if o.Edition.IsZero() {
		o.Edition = Newest
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// readAhead begins to read every spec, on all processors: whoever needs one waits
// for that one. The caller waits for the rest.
func (s *Server) readAhead() (wait func()) {
	var group sync.WaitGroup
	names := []string{specControl}
	for _, site := range s.sites {
		names = append(names, site.Specs()...)
	}
	for _, name := range names {
		group.Go(func() { _, _ = s.library.Load(name) }) // whoever needs it meets the error
	}
	return group.Wait
}

// load makes the registry with its default sandbox, and the control API.
func (s *Server) load() error {
	o := s.options
	names := make([]string, 0, len(s.sites))
	for _, site := range s.sites {
		names = append(names, site.name)
	}
	worlds := fixture.NewLibrary(names...)
	registry, err := sandbox.NewRegistry(sandbox.Options{
		Emulators: o.Emulators, Library: s.library, BaseURL: o.BaseURL,
		Worlds:  func(name string) (sandbox.Builder, error) { return worlds.Open(name) },
		Fixture: o.Fixture, Seed: o.Seed, Edition: o.Edition, Oldest: Oldest,
		Max: o.Sandboxes, Journal: o.Journal, Blobs: o.MaxBlobs, MaxFile: o.MaxFile,
		BlobDir: o.BlobDir, Client: o.Client, Log: o.Log,
	})
	if err != nil {
		return err
	}
	s.registry = registry
	spec, err := s.library.Load(specControl)
	if err != nil {
		s.Close()
		return err
	}
	c := o.Control
	c.Registry, c.Spec, c.Log, c.MaxFile, c.Done = s.registry, spec, o.Log, o.MaxFile, o.Done
	s.control = control.New(c)
	return nil
}

func newEngine() *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.RedirectTrailingSlash = false
	engine.RedirectFixedPath = false
	engine.HandleMethodNotAllowed = false
	engine.UseRawPath = true
	return engine
}

// Registry is the server's sandboxes.
func (s *Server) Registry() *sandbox.Registry { return s.registry }

// Close ends every sandbox.
func (s *Server) Close() { s.registry.Close() }

// ServeHTTP takes the sandbox out of the path and routes the rest.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rest, named := strings.CutPrefix(r.URL.EscapedPath(), "/~")
	if !named {
		s.engine.ServeHTTP(w, r)
		return
	}
	name, rest, _ := strings.Cut(rest, "/")
	found, err := s.registry.Sandbox(name)
	if err != nil {
		s.problem(w, r, http.StatusNotFound, "there is no sandbox "+name+"; GET /_mock/sandboxes lists them")
		return
	}
	path, err := url.PathUnescape("/" + rest)
	if err != nil {
		s.problem(w, r, http.StatusBadRequest, "the path is badly escaped")
		return
	}
	inner := r.WithContext(context.WithValue(r.Context(), sandboxKey{}, found))
	u := *r.URL
	u.Path, u.RawPath = path, "/"+rest
	inner.URL = &u
	s.engine.ServeHTTP(w, inner)
}

// sandboxKey is the context key of the sandbox that a path names.
type sandboxKey struct{}

// locate finds the world a request is for: the path's sandbox, else the one
// that owns its credentials, else default.
func (s *Server) locate(r *http.Request, site *site) *sandbox.Sandbox {
	if named, ok := r.Context().Value(sandboxKey{}).(*sandbox.Sandbox); ok {
		return named
	}
	return s.registry.Find(site.Credential(r))
}

// noRoute answers a path that no spec has, or a verb that a path has not: the
// mount's vendor, else the one that has the path, else the host's, else the one
// whose credentials the request carries, else the mock itself.
func (s *Server) noRoute(c *gin.Context) {
	if c.Request.URL.Path == control.Prefix || strings.HasPrefix(c.Request.URL.Path, control.Prefix+"/") {
		s.control.Unknown(c)
		return
	}
	body := c.Request.Body
	if site := s.speaker(c); site != nil {
		s.serve(c, site.unknown(c.Request))
		return
	}
	c.Request.Body = body // net/http looks at it again
	s.problem(c.Writer, c.Request, http.StatusNotFound, "no marketplace has the path "+c.Request.URL.Path+
		"; vendor APIs stand under "+strings.Join(s.mounts(), ", ")+", the control API under "+control.Prefix)
}

// unknown is the refusal of a path that the site does not have, or of a verb.
func (s *site) unknown(r *http.Request) route {
	if p, ok := s.crossing(r.URL.EscapedPath()); ok {
		return p.at(r.Method)
	}
	return route{
		site: s, operation: openapi.Operation{Spec: s.Specs()[0]},
		run: marketplace.Operation{Run: refuse(marketplace.ErrNoRoute)},
	}
}

// speaker is the vendor that answers a request that no route takes.
func (s *Server) speaker(c *gin.Context) *site {
	path := c.Request.URL.Path
	for _, site := range s.sites {
		if path == site.mount || strings.HasPrefix(path, site.mount+"/") {
			return site
		}
	}
	owners := s.having(c.Request.URL.EscapedPath())
	switch len(owners) {
	case 0:
		return s.choose(c, s.sites, nil)
	case 1:
		return owners[0]
	}
	return s.choose(c, owners, owners[0])
}

// choose picks among sites for a request at the root: by host, by a known
// credential, by any credential; else otherwise.
func (s *Server) choose(c *gin.Context, sites []*site, otherwise *site) *site {
	r := c.Request
	host, _, _ := strings.Cut(r.Host, ":")
	for _, site := range sites {
		if slices.Contains(site.Hosts(), host) {
			return site
		}
	}
	watch(r, c.Writer)
	for _, site := range sites {
		if s.registry.Owns(site.Credential(r)) {
			return site
		}
	}
	for _, site := range sites {
		if len(site.Credential(r)) > 0 {
			return site
		}
	}
	return otherwise
}

func (s *Server) mounts() []string {
	list := make([]string, 0, len(s.sites))
	for _, site := range s.sites {
		list = append(list, site.mount)
	}
	return list
}

// refuse is a behaviour that fails with err.
func refuse(err error) func(*marketplace.Call) (marketplace.Response, error) {
	return func(*marketplace.Call) (marketplace.Response, error) { return marketplace.Response{}, err }
}
