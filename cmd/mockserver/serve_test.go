package main

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/specs"
)

func TestRequestsThatDoNotEndAreCutOffWhenItStops(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	working, ended := make(chan struct{}), make(chan struct{})
	var log bytes.Buffer
	v := &service{
		handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			close(working)
			<-r.Context().Done()
			close(ended)
		}),
		done: make(chan struct{}), grace: time.Millisecond, log: slog.New(slog.NewTextHandler(&log, nil)),
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stopped := make(chan error, 1)
	go func() { stopped <- v.serve(ctx, listener) }()
	answered := make(chan error, 1)
	go func() {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+listener.Addr().String(), nil)
		if err != nil {
			answered <- err
			return
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			_ = response.Body.Close()
		}
		answered <- err
	}()
	<-working
	cancel()
	<-v.done
	require.NoError(t, <-stopped)
	require.Error(t, <-answered)
	<-ended
	require.Contains(t, log.String(), `level=WARN msg="requests were cut off"`)
}

func TestThePublicNameIsAllowedForTheControlAPI(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "--addr=127.0.0.1:0", "--public-url=https://mock.test:8443/base/")
	for host, want := range map[string]int{"mock.test": http.StatusOK, "mock.test:8443": http.StatusOK, "other.test": http.StatusForbidden} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+"/_mock/health", nil)
		require.NoError(t, err)
		request.Host = host
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, want, response.StatusCode, host)
	}
}

// copied is a folder with the bundled specs.
func copied(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, specs.FS))
	return folder
}

func TestForeignSpecsThatAreTheBundledOnesAreServed(t *testing.T) {
	t.Parallel()
	require.Zero(t, start(t, nil, "--addr=127.0.0.1:0", "--specs="+copied(t)).stop())
}

func TestForeignOverlaysAreHeldToWhatTheBundledOnesAre(t *testing.T) {
	t.Parallel()
	overlay := func(action string) string {
		return "overlay: 1.0.0\ninfo: {title: x, version: \"1\"}\nactions:\n  - " + action + "\n"
	}
	for name, c := range map[string]struct {
		spoil func(folder string) error
		says  string
	}{
		"an overlay whose target selects nothing": {func(folder string) error {
			return os.WriteFile(filepath.Join(folder, "ozon-extra.yaml"), []byte(overlay(`{target: "$.paths['/nowhere']", remove: true}`)), 0o600)
		}, "ozon-extra"},
		"an overlay of the longer of two names": {func(folder string) error {
			return os.WriteFile(filepath.Join(folder, "ozon-push-extra.yaml"), []byte(overlay(`{target: "$.paths['/nowhere']", remove: true}`)), 0o600)
		}, "ozon-push with ozon-push-extra"},
		"an overlay of no spec": {func(folder string) error {
			return os.WriteFile(filepath.Join(folder, "bazaar-x.yaml"), []byte(overlay(`{target: "$.info", update: {}}`)), 0o600)
		}, "bazaar-x.yaml: begins with the name of no spec"},
		"a switch without its overlay": {func(folder string) error {
			return os.Remove(filepath.Join(folder, "ozon-id-format-mixed.yaml"))
		}, "ozon with ozon-id-format-mixed: "},
		"an edition without its overlay": {func(folder string) error {
			return os.Remove(filepath.Join(folder, "ozon-before-2025-08-15.yaml"))
		}, "ozon-before-2025-08-15"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := copied(t)
			require.NoError(t, c.spoil(filepath.Join(folder, "overlays")))
			code, _, err := once(t, nil, "--addr=127.0.0.1:0", "--specs="+folder)
			require.Equal(t, exitUsage, code, err)
			require.Contains(t, err, "--specs: ")
			require.Contains(t, err, c.says)
			require.LessOrEqual(t, strings.Count(err, "\n"), 3, err)
		})
	}
}

func BenchmarkValidate(b *testing.B) {
	var files fs.FS = specs.FS
	for b.Loop() {
		require.NoError(b, validate(files))
	}
}

func TestAConnectionOnWhichNothingWasSentDelaysNoStop(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var log bytes.Buffer
	v := &service{
		handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}),
		done:    make(chan struct{}), grace: 2 * time.Second, log: slog.New(slog.NewTextHandler(&log, nil)),
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stopped := make(chan error, 1)
	go func() { stopped <- v.serve(ctx, listener) }()
	silent, err := new(net.Dialer).DialContext(t.Context(), "tcp", listener.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = silent.Close() })
	// Connections are taken in order: after an answer on a second one, the first
	// has been taken as well.
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+listener.Addr().String(), nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	cancel()
	require.NoError(t, <-stopped)
	require.Empty(t, log.String(), "nothing was cut off")
}
