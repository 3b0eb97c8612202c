package scenarios_test

import (
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/fixtures"
	"example.com/marketmock/internal/control"
	"example.com/marketmock/internal/marketplace/all"
	"example.com/marketmock/internal/scenario"
	"example.com/marketmock/internal/server"
	"example.com/marketmock/scenarios"
	"example.com/marketmock/specs"
)

func bundled(t *testing.T) []*scenario.Script {
	t.Helper()
	files, err := fs.Glob(scenarios.FS, "*/*.yaml")
	require.NoError(t, err)
	var out []*scenario.Script
	for _, name := range files {
		src, err := fs.ReadFile(scenarios.FS, name)
		require.NoError(t, err)
		s, err := scenario.Parse("scenarios/"+name, src)
		require.NoError(t, err)
		out = append(out, s)
	}
	return out
}

func TestBundledScenariosHaveNoMistakes(t *testing.T) {
	t.Parallel()
	require.Empty(t, scenario.NewLinter(specs.FS, fixtures.FS).Lint(bundled(t)))
}

func TestBundledScenariosHoldOnTheMock(t *testing.T) {
	t.Parallel()
	mock := httptest.NewUnstartedServer(http.NotFoundHandler())
	base := "http://" + mock.Listener.Addr().String()
	done := make(chan struct{})
	handler, err := server.New(server.Options{
		Emulators: all.Emulators(), Specs: specs.FS, BaseURL: base,
		Control: control.Options{Loopback: true, ListenHost: "127.0.0.1", Done: done},
		Log:     slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	mock.Config.Handler = handler
	mock.Start()
	runner := &scenario.Runner{
		Target: scenario.Target{Base: base, Mock: true, Local: true}, Specs: specs.FS,
		Timeout: 2 * time.Minute, // files of 20 MiB under the race detector, beside everything else
	}
	t.Cleanup(func() {
		runner.Close()
		close(done)
		mock.Close()
		handler.Close()
	})
	for _, s := range bundled(t) {
		t.Run(s.File, func(t *testing.T) {
			t.Parallel()
			runner.Check(t.Context(), t, s)
		})
	}
}
