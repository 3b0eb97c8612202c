package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/document"
)

func TestAnUploadIsOneFileInAForm(t *testing.T) {
	t.Parallel()
	raw, err := uploadRequest("mock.example", "/files?chat=1", map[string]string{"Api-Key": "k", "Content-Type": "application/json"})
	require.NoError(t, err)
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	require.NoError(t, err)
	require.Equal(t, "/files?chat=1", r.RequestURI)
	require.Equal(t, "mock.example", r.Host)
	require.Equal(t, "k", r.Header.Get("Api-Key"))
	require.Len(t, r.Header["Content-Type"], 1)
	file, head, err := r.FormFile("file")
	require.NoError(t, err)
	require.Equal(t, "photo.jpg", head.Filename)
	size, err := io.Copy(io.Discard, file)
	require.NoError(t, err)
	require.Equal(t, int64(fileSize), size)
	rest, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	require.Empty(t, rest)
}

func TestUploadsAreAllSentAndARefusalIsAnError(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil || n != r.ContentLength {
			t.Errorf("%d of %d bytes: %v", n, r.ContentLength, err)
		}
		if calls.Add(1) > 6 {
			http.Error(w, "enough", http.StatusTeapot)
		}
	}))
	t.Cleanup(s.Close)
	address := strings.TrimPrefix(s.URL, "http://")
	request := []byte("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
	require.NoError(t, sendAll(t.Context(), address, request, 2, 3))
	require.Equal(t, int64(6), calls.Load())
	require.ErrorContains(t, sendAll(t.Context(), address, request, 1, 1), "418 I'm a teapot: enough")
}

func TestEveryVendorSaysHowItIsMeasured(t *testing.T) {
	t.Parallel()
	for _, v := range vendors() {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			file, err := document.Parse("world.yaml", []byte(v.fixture(300_000)))
			require.NoError(t, err)
			require.ElementsMatch(t, []string{"version", "description", v.name}, file.Keys())
			require.Contains(t, v.fixture(300_000), "chats: 300000")
			require.Len(t, v.unlimited()[v.name], len(v.limits))
			require.Equal(t, 2, v.rows([]byte(`[{`+v.row+`1},{`+v.row+`2}]`)))
			require.Contains(t, v.script(v.filter), "wrk.headers[\"Api-Key\"] = ")
			require.Equal(t, v.path, strings.Split(v.target(), "?")[0])
		})
	}
}

func TestBenchRefusesSettingsItCannotKeep(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"-rounds=0": "-rounds must be at least 1", "-duration=1500ms": "whole seconds", "-x": "not defined",
	} {
		var stderr bytes.Buffer
		require.Equal(t, 2, run(t.Context(), []string{args}, io.Discard, &stderr))
		require.Contains(t, stderr.String(), want)
	}
}

func TestAProcessTellsItsPeakAnew(t *testing.T) {
	t.Parallel()
	command := exec.CommandContext(t.Context(), "sleep", "60")
	require.NoError(t, command.Start())
	p := &process{command: command, url: "http://127.0.0.1:1"}
	t.Cleanup(p.stop)
	require.NoError(t, p.forgetPeak())
	size, err := p.resident()
	require.NoError(t, err)
	require.Positive(t, size)
	require.Equal(t, "127.0.0.1:1", p.address())
}
