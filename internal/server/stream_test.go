package server_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/server"
)

// keep puts the first part of a form into a blob.
func keep(c *marketplace.Call) (marketplace.Response, error) {
	form, err := c.Request.MultipartReader()
	if err != nil {
		return marketplace.Response{}, err
	}
	part, err := form.NextPart()
	if err != nil {
		return marketplace.Response{}, err
	}
	b, err := c.World.Blobs.Put(c.Request.Context(), part.FileName(), "", part, 0)
	if err != nil {
		return marketplace.Response{}, err
	}
	if _, err := form.NextPart(); err != io.EOF { // wrapped, it is the end of a form that breaks off
		return marketplace.Response{}, err
	}
	return marketplace.Response{Body: said{By: "red", Bytes: b.Size}}, nil
}

// form is a file of n bytes as multipart/form-data.
func form(t testing.TB, n int) (body []byte, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", "a.bin")
	require.NoError(t, err)
	_, err = part.Write(make([]byte, n))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes(), w.FormDataContentType()
}

func keeping(t testing.TB) *server.Server {
	return startWith(t, server.Options{}, toy{name: "red", runs: map[string]marketplace.Operation{"redUpload": {Stream: true, Run: keep}}})
}

// It is not parallel: it counts what the process allocates.
func TestAStreamedUploadTakesNoMemoryForItsLength(t *testing.T) {
	const size, times = 5 << 20, 4
	s := keeping(t)
	body, kind := form(t, size)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range times {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://mock/red/red/upload", bytes.NewReader(body))
		r.Header.Set("Content-Type", kind)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		require.Equal(t, http.StatusOK, w.Code, w.Body)
	}
	runtime.ReadMemStats(&after)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(times*size/10))
}

// BenchmarkStream is an upload of 5 MB over loopback into a file.
func BenchmarkStream(b *testing.B) {
	s := keeping(b)
	tcp := httptest.NewServer(s)
	b.Cleanup(tcp.Close)
	body, kind := form(b, 5<<20)
	world, err := s.Registry().Sandbox("default")
	require.NoError(b, err)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, tcp.URL+"/red/red/upload", bytes.NewReader(body))
		require.NoError(b, err)
		request.Header.Set("Content-Type", kind)
		reply, err := tcp.Client().Do(request)
		require.NoError(b, err)
		_, err = io.Copy(io.Discard, reply.Body)
		require.NoError(b, err)
		require.NoError(b, reply.Body.Close())
		require.Equal(b, http.StatusOK, reply.StatusCode)
		b.StopTimer()
		require.NoError(b, world.Blobs.Clear())
		b.StartTimer()
	}
}
