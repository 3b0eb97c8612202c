//go:build unix

package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// asProgram makes the test binary be the program.
const asProgram = "MOCKSERVER_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	m.Run()
}

// The first signal lets the request under way go on; one of the next ends the
// program, since the first has given signals back their usual meaning.
func TestASecondSignalEndsTheProgramAtOnce(t *testing.T) {
	t.Parallel()
	out := newTranscript()
	program := exec.CommandContext(t.Context(), os.Args[0], "--addr=127.0.0.1:0")
	program.Env = append(os.Environ(), asProgram+"=1")
	program.Stdout = out
	require.NoError(t, program.Start())
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		_ = program.Wait()
	}()
	limit, done := context.WithTimeout(t.Context(), 30*time.Second)
	defer done()
	address := out.find(limit, `listening on (http://\S+)`)
	require.NotEmpty(t, address)

	working := make(chan struct{})
	trace := &httptrace.ClientTrace{Got100Continue: func() { close(working) }}
	body, feed := io.Pipe()
	defer func() { _ = feed.Close() }()
	request, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), http.MethodPost, address+"/v3/chat/list", body)
	require.NoError(t, err)
	request.Header.Set("Expect", "100-continue")
	client := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Minute}}
	go func() {
		if response, err := client.Do(request); err == nil {
			_ = response.Body.Close()
		}
	}()
	<-working

	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for running := true; running; {
		select {
		case <-exited:
			running = false
		case <-again.C:
			_ = program.Process.Signal(os.Interrupt)
		case <-limit.Done():
			require.Fail(t, "the program goes on")
		}
	}
	status, ok := program.ProcessState.Sys().(syscall.WaitStatus)
	require.True(t, ok)
	require.True(t, status.Signaled(), program.ProcessState.String())
	require.Equal(t, syscall.SIGINT, status.Signal())
}
