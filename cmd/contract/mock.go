package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"example.com/marketmock/internal/cli"
	"example.com/marketmock/internal/control"
	"example.com/marketmock/internal/fixture"
	"example.com/marketmock/internal/marketplace/all"
	"example.com/marketmock/internal/server"
	"example.com/marketmock/specs"
)

// mockSandboxes bounds the sandboxes of the mock in this process; --keep leaves
// one for each scenario.
const mockSandboxes = 10_000

// startMock serves the mock on a free loopback port until stop is called.
func startMock(ctx context.Context) (baseURL string, stop func(), err error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	base := "http://" + listener.Addr().String()
	done := make(chan struct{})
	handler, err := server.New(server.Options{
		Emulators: all.Emulators(), Specs: specs.FS, BaseURL: base,
		Control:   control.Options{Version: cli.Version(), Fixtures: fixture.Bundled(), Loopback: true, ListenHost: "127.0.0.1"},
		Done:      done,
		Sandboxes: mockSandboxes,
		Log:       slog.New(slog.DiscardHandler),
	})
	if err != nil {
		_ = listener.Close()
		return "", nil, err
	}
	s := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.Serve(listener) }()
	return base, func() {
		close(done)
		_ = s.Close()
		handler.Close()
	}, nil
}
