package main

import (
	"bytes"
	"context"
	"flag"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite golden files")

// transcript collects what a program prints and can wait for a line.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
	wake chan struct{}
}

func newTranscript() *transcript { return &transcript{wake: make(chan struct{}, 1)} }

func (t *transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case t.wake <- struct{}{}:
	default:
	}
	return t.text.Write(p)
}

func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

// find waits for a match and returns its first group.
func (t *transcript) find(ctx context.Context, pattern string) string {
	re := regexp.MustCompile(pattern)
	for {
		if m := re.FindStringSubmatch(t.String()); m != nil {
			return m[1]
		}
		select {
		case <-t.wake:
		case <-ctx.Done():
			return ""
		}
	}
}

// program runs until the test ends; stop ends it and returns its exit code.
type program struct {
	out, err *transcript
	url      string
	stop     func() int
}

func start(t *testing.T, env map[string]string, args ...string) *program {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	p := &program{out: newTranscript(), err: newTranscript()}
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, args, func(name string) string { return env[name] }, p.out, p.err)
	}()
	p.stop = sync.OnceValue(func() int {
		cancel()
		return <-code
	})
	t.Cleanup(func() { p.stop() })
	limit, done := context.WithTimeout(t.Context(), 30*time.Second)
	defer done()
	p.url = p.out.find(limit, `listening on (http://\S+)`)
	require.NotEmpty(t, p.url, "%s%s", p.out, p.err)
	return p
}

func once(t *testing.T, env map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(t.Context(), args, func(name string) string { return env[name] }, &out, &err)
	return code, out.String(), err.String()
}

func TestHelpIsGolden(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"help.txt": {"--help"}, "help-serve.txt": {"serve", "--help"}, "help-wait.txt": {"wait", "--help"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, out, _ := once(t, nil, args...)
			require.Zero(t, code)
			file := filepath.Join("testdata", name)
			if *update {
				require.NoError(t, os.MkdirAll("testdata", 0o750))
				require.NoError(t, os.WriteFile(file, []byte(out), 0o600))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, string(want), out)
		})
	}
}

func TestThePrintedCommandWorks(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "--addr=127.0.0.1:0")
	command := regexp.MustCompile(`(?m)^  try: (curl .*)$`).FindStringSubmatch(p.out.String())
	require.NotNil(t, command, p.out)
	out, err := exec.CommandContext(t.Context(), "sh", "-c", command[1]).Output()
	require.NoError(t, err)
	require.Contains(t, string(out), `"chats":[`)
	require.Zero(t, p.stop())
}

func TestARefusedRequestIsOneLogLineWithTheReason(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "--addr=127.0.0.1:0", "--log-format=json")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+"/v3/chat/list", strings.NewReader(`{"limit":1}`))
	require.NoError(t, err)
	request.Header.Set("Client-Id", "1001")
	request.Header.Set("Api-Key", "not-the-key-at-all")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusNotFound, response.StatusCode)
	require.Zero(t, p.stop())
	require.Equal(t, 1, strings.Count(p.err.String(), `"msg":"refused"`), p.err)
	require.NotContains(t, p.err.String(), "not-the-key-at-all")
	require.Contains(t, response.Header.Get("X-Mock-Reason"), "claim=ozon/")
}

func TestFlagsWinOverTheEnvironment(t *testing.T) {
	t.Parallel()
	env := map[string]string{"MOCKSERVER_ADDR": "127.0.0.1:0", "MOCKSERVER_FIXTURE": "empty", "MOCKSERVER_EDITION": "2025-08-01"}
	p := start(t, env, "--edition=2026-04-08")
	require.Contains(t, p.out.String(), "edition 2026-04-08, fixture empty")
}

// The server asks for the body (100 Continue) when it is at work on a request:
// from then on the request must be finished, although the server stops.
func TestRequestsUnderWayAreFinishedWhenItStops(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "--addr=127.0.0.1:0")
	working := make(chan struct{})
	trace := &httptrace.ClientTrace{Got100Continue: func() { close(working) }}
	body, feed := io.Pipe()
	request, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), http.MethodPost, p.url+"/v3/chat/list", body)
	require.NoError(t, err)
	request.Header.Set("Expect", "100-continue")
	request.Header.Set("Client-Id", "1001")
	request.Header.Set("Api-Key", "00000000-0000-4000-8000-000000001001")
	type result struct {
		status int
		err    error
	}
	answered := make(chan result, 1)
	client := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Minute}}
	go func() {
		response, err := client.Do(request)
		if err != nil {
			answered <- result{err: err}
			return
		}
		answered <- result{response.StatusCode, response.Body.Close()}
	}()
	<-working
	stopped := make(chan int, 1)
	go func() { stopped <- p.stop() }()
	address := strings.TrimPrefix(p.url, "http://")
	require.Eventually(t, func() bool {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	}, 10*time.Second, time.Millisecond, "a stopping server takes no new connections")
	_, err = io.WriteString(feed, `{"limit":1}`)
	require.NoError(t, err)
	require.NoError(t, feed.Close())
	require.Equal(t, result{status: http.StatusOK}, <-answered)
	require.Zero(t, <-stopped)
}

func TestWaitReturnsWhenAServerIsReady(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "--addr=127.0.0.1:0")
	code, out, _ := once(t, nil, "wait", p.url)
	require.Zero(t, code)
	require.Equal(t, p.url+" is ready\n", out)
}

func TestWaitGivesUp(t *testing.T) {
	t.Parallel()
	code, _, err := once(t, nil, "wait", "--timeout=1ms", "http://127.0.0.1:1")
	require.Equal(t, exitError, code)
	require.Contains(t, err, "was not ready within 1ms")
}

func TestWhatCannotBeIsRefusedWithTheFlagsName(t *testing.T) {
	t.Parallel()
	broken := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(broken, "world.yaml"), []byte("version: 1\nozon:\n  selers: []\n"), 0o600))
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"beyond loopback without a token": {[]string{"--addr=0.0.0.0:0"}, exitUsage, "--control-token"},
		"an address without a port":       {[]string{"--addr=localhost"}, exitUsage, "HOST:PORT"},
		"an edition that is no day":       {[]string{"--addr=127.0.0.1:0", "--edition=yesterday"}, exitUsage, "2026-10-01"},
		"an unknown flag":                 {[]string{"--prot=1"}, exitUsage, "unknown flag --prot"},
		"an unknown log level":            {[]string{"--log-level=loud"}, exitUsage, "debug"},
		"a fixture that does not exist":   {[]string{"--addr=127.0.0.1:0", "--fixture=no-such"}, exitError, `--fixture: there is no fixture "no-such"; among others there are "`},
		"a fixture that is misspelt":      {[]string{"--addr=127.0.0.1:0", "--fixture=defualt"}, exitError, `did you mean "default"?`},
		"a file that does not exist":      {[]string{"--addr=127.0.0.1:0", "--fixture=mine/world.yaml"}, exitError, "the mock found no file mine/world.yaml: it looked in its working directory, /"},
		"a fixture with a mistake":        {[]string{"--addr=127.0.0.1:0", "--fixture=" + broken + "/world.yaml"}, exitError, "world.yaml:3:3"},
		"a folder without specs":          {[]string{"--addr=127.0.0.1:0", "--specs=" + broken}, exitUsage, "--specs"},
		"a negative latency":              {[]string{"--latency=-1s"}, exitUsage, "--latency"},
		"a body of nothing":               {[]string{"--max-body=0"}, exitUsage, "--max-body"},
		"a journal of nothing":            {[]string{"--journal-size=0"}, exitUsage, "--journal-size"},
		"a negative journal":              {[]string{"--journal-size=-1"}, exitUsage, "--journal-size"},
		"an absurd journal":               {[]string{"--journal-size=1000001"}, exitUsage, "--journal-size: must be at most 1000000"},
		"no sandboxes":                    {[]string{"--max-sandboxes=0"}, exitUsage, "--max-sandboxes"},
		"a file of nothing":               {[]string{"--max-file=-1"}, exitUsage, "--max-file"},
		"no room for files":               {[]string{"--max-blobs=0"}, exitUsage, "--max-blobs"},
		"a public URL without a scheme":   {[]string{"--public-url=mock.test:8080"}, exitUsage, "--public-url"},
		"a public URL without a host":     {[]string{"--public-url=http://:8080"}, exitUsage, "--public-url"},
		"a public URL of files":           {[]string{"--public-url=file:///x"}, exitUsage, "--public-url"},
		"a public URL with a query":       {[]string{"--public-url=http://mock.test/?a=b"}, exitUsage, "--public-url"},
		"a public URL with credentials":   {[]string{"--public-url=http://a:b@mock.test/"}, exitUsage, "--public-url"},
		"a URL that cannot be waited for": {[]string{"wait", "::"}, exitUsage, "::"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, _, err := once(t, nil, c.args...)
			require.Equal(t, c.code, code, err)
			require.Contains(t, err, c.says)
		})
	}
}

func TestVersionIsPrinted(t *testing.T) {
	t.Parallel()
	code, out, _ := once(t, nil, "--version")
	require.Zero(t, code)
	require.NotEmpty(t, strings.TrimSpace(out))
}
