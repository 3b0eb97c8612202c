package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/document"
	"example.com/marketmock/internal/marketplace/shopee/sign"
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
	require.Equal(t, "photo.png", head.Filename)
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
		t.Run(v.title(), func(t *testing.T) {
			t.Parallel()
			file, err := document.Parse("world.yaml", []byte(v.fixture(300_000)))
			require.NoError(t, err)
			require.ElementsMatch(t, []string{"version", "description", v.name}, file.Keys())
			require.Contains(t, v.fixture(300_000), "chats: 300000")
			require.Len(t, v.unlimited()[v.name], len(v.limits))
			require.Equal(t, 2, v.rows([]byte(`[{`+v.row+`1},{`+v.row+`2}]`)))
			script := v.script(v.filter.body)
			require.Contains(t, script, "wrk.method = \""+v.method+"\"")
			require.Equal(t, v.sign == nil, strings.Contains(script, "wrk.headers"), "credentials are sent in one way")
			require.NotEqual(t, v.page, v.filter)
			require.Equal(t, v.path, strings.Split(v.target(v.page), "?")[0])
			require.NotContains(t, v.uploadTarget("7"), anyChat)
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

func TestASignedTargetIsGoodNow(t *testing.T) {
	t.Parallel()
	i := slices.IndexFunc(vendors(), func(v vendor) bool { return v.sign != nil })
	v := vendors()[i]
	for target, path := range map[string]string{v.target(v.page): v.path, v.uploadTarget("7"): v.upload} {
		u, err := url.Parse(target)
		require.NoError(t, err)
		q := u.Query()
		at, err := strconv.ParseInt(q.Get("timestamp"), 10, 64)
		require.NoError(t, err)
		require.WithinDuration(t, time.Now(), time.Unix(at, 0), time.Minute)
		call := sign.Call{PartnerID: q.Get("partner_id"), Path: path, Timestamp: q.Get("timestamp"), AccessToken: q.Get("access_token"), Owner: q.Get("shop_id")}
		require.True(t, call.Verify("shopee-demo-partner-key", q.Get("sign")))
	}
	require.Contains(t, v.target(v.page), v.page.query)
}
