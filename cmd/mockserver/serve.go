package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"example.com/marketmock/internal/cli"
	"example.com/marketmock/internal/control"
	"example.com/marketmock/internal/fixture"
	"example.com/marketmock/internal/marketplace/all"
	"example.com/marketmock/internal/server"
	"example.com/marketmock/specs"
)

const (
	headerTimeout   = 10 * time.Second
	idleTimeout     = 2 * time.Minute
	shutdownTimeout = 10 * time.Second
	maxHeader       = 64 << 10 // bytes
)

// serveCommand is `mockserver serve`.
type serveCommand struct {
	Addr      string        `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to listen on; port 0 picks a free one and prints it (${default})."`
	PublicURL string        `name:"public-url" placeholder:"URL" help:"URL under which clients reach the server, for links to sent files (http:// and the address)."`
	Fixture   string        `default:"default" placeholder:"NAME|FILE" help:"World to start from: a bundled name or a YAML file (${default})."`
	Seed      uint64        `default:"1" help:"Seed of everything random in a world (${default})."`
	Edition   string        `placeholder:"YYYY-MM-DD" help:"Day whose behaviour is emulated (the newest known)."`
	Specs     string        `type:"existingdir" placeholder:"DIR" help:"Folder of specs to use instead of the bundled ones."`
	Journal   int           `name:"journal-size" default:"1000" help:"Exchanges kept in each sandbox (${default})."`
	Sandboxes int           `name:"max-sandboxes" default:"100" help:"Sandboxes at once (${default})."`
	MaxBody   int64         `default:"33554432" placeholder:"BYTES" help:"Largest request body that is read whole (${default})."`
	MaxFile   int64         `default:"33554432" placeholder:"BYTES" help:"Largest file in a chat (${default}); a vendor's own limit may be lower."`
	MaxBlobs  int64         `default:"536870912" placeholder:"BYTES" help:"Files kept in each sandbox, together (${default})."`
	Latency   time.Duration `default:"0s" help:"Time added to every answer of a marketplace (${default})."`
	Token     string        `name:"control-token" help:"Token that the control API asks for in X-Mock-Token; required beyond loopback."`
	AllowHost []string      `placeholder:"NAME" help:"Other host names by which the control API may be reached; repeatable."`
	LogFormat string        `enum:"text,json" default:"text" help:"Log format: text or json (${default})."`
	LogLevel  string        `enum:"debug,info,warn,error" default:"info" help:"Least level that is logged: debug, info, warn or error (${default}). A refused request is one line at info."`
}

// Run serves until the context ends, then lets requests finish.
func (c *serveCommand) Run(ctx context.Context, con *console) error {
	if err := c.check(); err != nil {
		return err
	}
	if err := control.NoFixture(c.Fixture, fixture.Bundled()); err != nil {
		return fmt.Errorf("--fixture: %w", err)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return err
	}
	done := make(chan struct{})
	log := c.logger(con)
	options, err := c.options(listener.Addr(), done, log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	handler, err := server.New(options)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer handler.Close()
	if err := greet(con.out, listener.Addr().String(), options, handler.Registry()); err != nil {
		return errors.Join(err, listener.Close())
	}
	return (&service{handler: handler, done: done, grace: shutdownTimeout, log: log}).serve(ctx, listener)
}

// service is a handler at work.
type service struct {
	handler http.Handler
	done    chan struct{} // closed when it begins to stop
	grace   time.Duration // for requests under way when it stops
	log     *slog.Logger
}

// serve serves until the context ends, then lets requests finish for as long as
// grace, and cuts off those that have not.
func (v *service) serve(ctx context.Context, listener net.Listener) error {
	silent := &fresh{conns: map[net.Conn]bool{}}
	s := &http.Server{
		Handler: v.handler, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ConnState: silent.watch,
	}
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	close(v.done)
	silent.close()
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), v.grace)
	defer cancel()
	err := s.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		v.log.WarnContext(ctx, "requests were cut off", "after", v.grace)
		return s.Close()
	}
	return err
}

func (c *serveCommand) options(addr net.Addr, done <-chan struct{}, log *slog.Logger) (server.Options, error) {
	edition := server.Newest
	if c.Edition != "" {
		var err error
		if edition, err = day(c.Edition); err != nil {
			return server.Options{}, err
		}
	}
	var files fs.FS = specs.FS
	if c.Specs != "" {
		files = os.DirFS(c.Specs)
		if err := validate(files); err != nil {
			return server.Options{}, err
		}
	}
	host, _, _ := net.SplitHostPort(c.Addr)
	return server.Options{
		Emulators: all.Emulators(), Specs: files, BaseURL: c.base(addr),
		Fixture: c.Fixture, Seed: c.Seed, Edition: edition,
		Control: control.Options{
			Version: cli.Version(), Token: c.Token, Loopback: loopback(host),
			ListenHost: host, AllowHosts: c.allowHosts(), Fixtures: fixture.Bundled(),
		},
		Sandboxes: c.Sandboxes, Journal: c.Journal,
		MaxBody: c.MaxBody, MaxBlobs: c.MaxBlobs, MaxFile: c.MaxFile,
		Latency: c.Latency, Done: done, Log: log,
	}, nil
}

// allowHosts are the listed names and the one of the public URL.
func (c *serveCommand) allowHosts() []string {
	public, err := url.Parse(c.PublicURL)
	if err != nil || public.Host == "" {
		return c.AllowHost
	}
	return append(slices.Clone(c.AllowHost), public.Host)
}

// base is the public URL: the flag's, else the address that was bound.
func (c *serveCommand) base(addr net.Addr) string {
	if c.PublicURL != "" {
		return strings.TrimSuffix(c.PublicURL, "/")
	}
	bound, err := netip.ParseAddrPort(addr.String())
	if err == nil && bound.Addr().IsUnspecified() {
		return fmt.Sprintf("http://localhost:%d", bound.Port())
	}
	return "http://" + addr.String()
}

func (c *serveCommand) logger(con *console) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(con.err, options))
	}
	return slog.New(slog.NewTextHandler(con.err, options))
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
