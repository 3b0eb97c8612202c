package clienttest_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/clienttest/ozon"
)

var listening = regexp.MustCompile(`listening on (http://\S+)`)

// mock is a mockserver of its own process.
type mock struct{ url string }

// startMock builds the server of this checkout and serves it on a free port
// until the test ends.
func startMock(t *testing.T) *mock {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "mockserver")
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", binary, "./cmd/mockserver")
	build.Dir = ".."
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
		require.NoError(t, serve.Process.Signal(syscall.SIGTERM))
		kill := time.AfterFunc(5*time.Second, func() { _ = serve.Process.Kill() })
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
			return &mock{url: found[1]}
		}
	}
	close(drained)
	require.FailNow(t, "the server ended before it listened", log.String())
	return nil
}

// control calls the control API and reads its answer into out, if not nil.
func (m *mock) control(t *testing.T, method, path string, in, out any) {
	t.Helper()
	body := new(bytes.Buffer)
	if in != nil {
		require.NoError(t, json.NewEncoder(body).Encode(in))
	}
	request, err := http.NewRequestWithContext(t.Context(), method, m.url+"/_mock"+path, body)
	require.NoError(t, err)
	if in != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.Less(t, answer.StatusCode, 300, "%s %s: %s", method, path, raw)
	if out != nil {
		require.NoError(t, json.Unmarshal(raw, out))
	}
}

type credentials struct {
	ClientID string `json:"client_id"`
	APIKey   string `json:"api_key"`
	OAuth    string `json:"oauth"`
}

// world is a sandbox of one test.
type world struct {
	mock        *mock
	Name        string                   `json:"name"`
	BaseURLs    map[string]string        `json:"base_urls"`
	Credentials map[string]credentials   `json:"credentials"`
	Sellers     map[string][]credentials `json:"sellers"`
}

// world makes a sandbox from a fixture, with switches of Ozon set.
func (m *mock) world(t *testing.T, fixture string, switches map[string]string) *world {
	t.Helper()
	w := &world{mock: m}
	in := map[string]any{"fixture": fixture}
	if switches != nil {
		in["switches"] = map[string]any{"ozon": switches}
	}
	m.control(t, http.MethodPost, "/sandboxes", in, w)
	return w
}

// control calls the control API of this sandbox.
func (w *world) control(t *testing.T, method, path string, in, out any) {
	t.Helper()
	w.mock.control(t, method, "/sandboxes/"+w.Name+path, in, out)
}

// limit sets how many calls a second the seller may make.
func (w *world) limit(t *testing.T, calls int) {
	t.Helper()
	rule := map[string]any{"requests-per-second": map[string]any{"max": calls, "per": "1s"}}
	w.control(t, http.MethodPatch, "/limits", map[string]any{"ozon": rule}, nil)
}

// chat is a chat as the control API shows it.
type chat struct {
	ID       string `json:"id"`
	Messages []struct {
		ID   string `json:"id"`
		Text string `json:"text"`
	} `json:"messages"`
}

// chats are the sandbox's chats, with their messages.
func (w *world) chats(t *testing.T) []chat {
	t.Helper()
	var list struct{ Chats []chat }
	w.control(t, http.MethodGet, "/ozon/chats", nil, &list)
	for i, c := range list.Chats {
		w.control(t, http.MethodGet, "/ozon/chats/"+c.ID, nil, &list.Chats[i])
	}
	return list.Chats
}

// client is the generated client as the sandbox's first seller.
func (w *world) client(t *testing.T) *ozon.Client {
	t.Helper()
	return w.clientAs(t, w.Credentials["ozon"])
}

func (w *world) clientAs(t *testing.T, c credentials) *ozon.Client {
	t.Helper()
	return w.clientWith(t, func(_ context.Context, r *http.Request) error {
		r.Header.Set("Client-Id", c.ClientID)
		r.Header.Set("Api-Key", c.APIKey)
		return nil
	})
}

// clientWith is the generated client with credentials of its own.
func (w *world) clientWith(t *testing.T, sign ozon.RequestEditorFn) *ozon.Client {
	t.Helper()
	client, err := ozon.NewClient(w.BaseURLs["ozon"], ozon.WithRequestEditorFn(sign))
	require.NoError(t, err)
	return client
}
