package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

// process is a server under measurement.
type process struct {
	command *exec.Cmd
	url     string
	started time.Time
}

// launch starts a program that prints its URL, and waits for that line.
func launch(ctx context.Context, name string, args ...string) (*process, error) {
	p := &process{command: exec.CommandContext(ctx, name, args...)}
	p.command.Cancel = func() error { return p.command.Process.Signal(os.Interrupt) }
	stdout, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.started = wall()
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(stdout)
	listening := regexp.MustCompile(`listening on (http://\S+)`)
	for lines.Scan() {
		if m := listening.FindStringSubmatch(lines.Text()); m != nil {
			p.url = m[1]
			go func() { _, _ = io.Copy(io.Discard, stdout) }()
			return p, nil
		}
	}
	return nil, errors.Join(fmt.Errorf("%s printed no URL", name), p.command.Wait())
}

func (p *process) stop() {
	_ = p.command.Process.Signal(os.Interrupt) // it may have ended by itself
	_ = p.command.Wait()
}

// address is the host and port.
func (p *process) address() string { return strings.TrimPrefix(p.url, "http://") }

// forgetPeak makes resident start anew from the present size.
func (p *process) forgetPeak() error {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.command.Process.Pid), []byte("5"), 0)
}

// resident is the greatest resident size so far, in MiB.
func (p *process) resident() (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))
	if err != nil {
		return 0, err
	}
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(text)
	if m == nil {
		return 0, errors.New("no VmHWM in /proc")
	}
	kib, err := strconv.ParseFloat(string(m[1]), 64)
	return kib / 1024, err
}

// serveBare answers every GET and POST to a path with a file's bytes and does nothing
// else.
func serveBare(ctx context.Context, file, path string, out io.Writer) error {
	body, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.Match([]string{http.MethodGet, http.MethodPost}, path, func(c *gin.Context) { c.Data(http.StatusOK, "application/json", body) })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "listening on http://%s\n", listener.Addr())
	server := &http.Server{Handler: engine}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// send makes one call and returns the answer's body.
func send(ctx context.Context, method, url string, header map[string]string, in string) ([]byte, error) {
	var body io.Reader
	if in != "" {
		body = strings.NewReader(in)
	}
	request, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return nil, err
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= http.StatusMultipleChoices {
		err = fmt.Errorf("%s %s: %s: %s", method, url, response.Status, answer)
	}
	return answer, err
}

// load runs wrk with 16 connections and returns list calls per second.
func (b *bench) load(ctx context.Context, v vendor, server string, say ask) (float64, error) {
	script := b.dir + "/call.lua"
	if err := os.WriteFile(script, []byte(v.script(say.body)), 0o600); err != nil {
		return 0, err
	}
	out, err := exec.CommandContext(ctx, "wrk", "-t1", "-c16", fmt.Sprintf("-d%ds", int(b.duration.Seconds())), "-s", script, server+v.target(say)).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("wrk: %w: %s", err, out)
	}
	if bytes.Contains(out, []byte("Non-2xx")) {
		return 0, fmt.Errorf("wrk met refusals: %s", out)
	}
	m := regexp.MustCompile(`Requests/sec:\s+([\d.]+)`).FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("wrk printed no rate: %s", out)
	}
	return strconv.ParseFloat(string(m[1]), 64)
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// wall is the reading for durations of whole processes.
func wall() time.Time { return time.Now() }
