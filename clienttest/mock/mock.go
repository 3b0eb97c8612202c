// Package mock builds the mockserver of this checkout, runs it for a test and
// speaks its control API. It knows no marketplace.
package mock

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var listening = regexp.MustCompile(`listening on (http://\S+)`)

// Server is a mockserver of its own process. URL has no slash at its end.
type Server struct{ URL string }

// Start builds the server and serves it on a free port until the test ends,
// which fails if the server logs an error or does not end on SIGTERM.
func Start(t *testing.T) *Server {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "mockserver")
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", binary, "./cmd/mockserver")
	build.Dir = Root(t)
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))

	var log bytes.Buffer
	serve := exec.Command(binary, "--addr", "127.0.0.1:0", "--log-level", "error") //nolint:noctx // Cleanup ends it
	serve.Stderr = &log
	stdout, err := serve.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, serve.Start())
	drained := make(chan struct{})
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		require.NoError(t, serve.Process.Signal(syscall.SIGTERM))
		// A connection that net/http dialled in vain holds the server for 5 s.
		kill := time.AfterFunc(15*time.Second, func() { _ = serve.Process.Kill() })
		<-drained // Wait closes the pipe: nothing may read it any more
		require.NoError(t, serve.Wait(), "the server did not end by itself on SIGTERM")
		kill.Stop()
		require.Empty(t, log.String(), "the server logged errors")
	})
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if found := listening.FindStringSubmatch(lines.Text()); found != nil {
			go func() {
				defer close(drained)
				_, _ = io.Copy(io.Discard, stdout)
			}()
			return &Server{URL: found[1]}
		}
	}
	close(drained)
	require.FailNow(t, "the server ended before it listened", log.String())
	return nil
}

// Root is the folder of the checkout: the one above this module's.
func Root(t *testing.T) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "env", "GOMOD").Output()
	require.NoError(t, err)
	return filepath.Dir(filepath.Dir(strings.TrimSpace(string(out))))
}

// Fixtures are the names of the bundled fixtures that have a section of a
// marketplace.
func Fixtures(t *testing.T, marketplace string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(Root(t), "fixtures", "*.yaml"))
	require.NoError(t, err)
	var names []string
	for _, file := range files {
		if hasSection(t, file, marketplace) {
			names = append(names, strings.TrimSuffix(filepath.Base(file), ".yaml"))
		}
	}
	require.NotEmpty(t, names)
	return names
}

// Control calls the control API and reads its answer into out, if not nil.
func (s *Server) Control(t *testing.T, method, path string, in, out any) {
	t.Helper()
	body := new(bytes.Buffer)
	if in != nil {
		require.NoError(t, json.NewEncoder(body).Encode(in))
	}
	request, err := http.NewRequestWithContext(t.Context(), method, s.URL+"/_mock"+path, body)
	require.NoError(t, err)
	if in != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	raw := Body(t, answer)
	require.Less(t, answer.StatusCode, 300, "%s %s: %s", method, path, raw)
	if out != nil {
		require.NoError(t, json.Unmarshal(raw, out))
	}
}

// Body reads an answer to its end and closes it.
func Body(t *testing.T, r *http.Response) []byte {
	t.Helper()
	defer r.Body.Close()
	raw, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return raw
}
