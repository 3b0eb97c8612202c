package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/blob"
)

func store(t *testing.T, maxBytes int64) (*blob.Store, string) {
	t.Helper()
	dir := t.TempDir()
	s := blob.New(dir, maxBytes)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s, dir
}

// files counts the files in the store's directory.
func files(t *testing.T, parent string) int {
	t.Helper()
	n := 0
	dirs, err := os.ReadDir(parent)
	require.NoError(t, err)
	for _, d := range dirs {
		entries, err := os.ReadDir(parent + "/" + d.Name())
		require.NoError(t, err)
		n += len(entries)
	}
	return n
}

func TestWhatWasPutCanBeOpened(t *testing.T) {
	t.Parallel()
	s, dir := store(t, 1<<20)
	content := bytes.Repeat([]byte("0123456789"), 10_000)
	sum := sha256.Sum256(content)

	b, err := s.Put(t.Context(), "../../photo.jpg", "image/jpeg", iotest.HalfReader(bytes.NewReader(content)), 0)
	require.NoError(t, err)
	require.Len(t, b.ID, 32)
	require.Equal(t, blob.Blob{
		ID: b.ID, Name: "../../photo.jpg", ContentType: "image/jpeg", Size: 100_000, SHA256: hex.EncodeToString(sum[:]),
	}, b)
	require.Equal(t, int64(100_000), s.Used())
	require.Equal(t, 1, files(t, dir))

	r, got, err := s.Open(b.ID)
	require.NoError(t, err)
	defer r.Close()
	require.Equal(t, b, got)
	_, err = r.Seek(99_990, io.SeekStart)
	require.NoError(t, err)
	tail, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, "0123456789", string(tail))
}

func TestTheDirectoryIsMadeAtTheFirstPut(t *testing.T) {
	t.Parallel()
	s, dir := store(t, 0)
	_, _, err := s.Open("nothing")
	require.ErrorIs(t, err, blob.ErrUnknown)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries)
}

func TestTheSameContentTwiceIsTwoBlobs(t *testing.T) {
	t.Parallel()
	s, _ := store(t, 0)
	a, err := s.Put(t.Context(), "a", "", strings.NewReader("x"), 0)
	require.NoError(t, err)
	b, err := s.Put(t.Context(), "a", "", strings.NewReader("x"), 0)
	require.NoError(t, err)
	require.NotEqual(t, a.ID, b.ID)
}

func TestRefusedFilesLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx  context.Context
		r    io.Reader
		max  int64
		want error
	}{
		"larger than the bound of one file": {r: strings.NewReader("12345"), max: 4, want: blob.ErrTooLarge},
		"larger than the store":             {r: strings.NewReader(strings.Repeat("x", 11)), want: blob.ErrFull},
		"the reader breaks":                 {r: io.MultiReader(strings.NewReader("123"), iotest.ErrReader(broken)), want: broken},
		"the call is cancelled":             {ctx: cancelled, r: strings.NewReader("1"), want: context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.ctx == nil {
				c.ctx = t.Context()
			}
			s, dir := store(t, 10)
			_, err := s.Put(c.ctx, "n", "", c.r, c.max)
			require.ErrorIs(t, err, c.want)
			require.Zero(t, s.Used())
			require.Zero(t, files(t, dir))
			_, err = s.Put(t.Context(), "fits exactly", "", strings.NewReader("0123456789"), 10)
			require.NoError(t, err)
		})
	}
}

func TestAnEmptyFileIsAFile(t *testing.T) {
	t.Parallel()
	s, _ := store(t, 1)
	b, err := s.Put(t.Context(), "", "", strings.NewReader(""), 1)
	require.NoError(t, err)
	require.Zero(t, b.Size)
}

func TestRemoveGivesTheRoomBack(t *testing.T) {
	t.Parallel()
	s, dir := store(t, 10)
	kept, err := s.Put(t.Context(), "a", "", strings.NewReader("0123456789"), 0)
	require.NoError(t, err)
	require.NoError(t, s.Remove(kept.ID))
	require.NoError(t, s.Remove(kept.ID), "once more is harmless")
	require.Zero(t, s.Used())
	require.Zero(t, files(t, dir))
	_, _, err = s.Open(kept.ID)
	require.ErrorIs(t, err, blob.ErrUnknown)
}

func TestClearRemovesFilesAndRepeatsIDs(t *testing.T) {
	t.Parallel()
	s, dir := store(t, 0)
	first, err := s.Put(t.Context(), "a", "", strings.NewReader("x"), 0)
	require.NoError(t, err)
	require.NoError(t, s.Clear())
	require.Zero(t, s.Used())
	require.Zero(t, files(t, dir))
	_, _, err = s.Open(first.ID)
	require.ErrorIs(t, err, blob.ErrUnknown)
	again, err := s.Put(t.Context(), "a", "", strings.NewReader("x"), 0)
	require.NoError(t, err)
	require.Equal(t, first.ID, again.ID)
}

func TestAFailedDirectoryIsAnErrorOnlyWhileItLasts(t *testing.T) {
	t.Parallel()
	parent := t.TempDir() + "/later"
	s := blob.New(parent, 0)
	_, err := s.Put(t.Context(), "a", "", strings.NewReader("x"), 0)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.Mkdir(parent, 0o700))
	_, err = s.Put(t.Context(), "a", "", strings.NewReader("x"), 0)
	require.NoError(t, err)
	require.NoError(t, s.Close())
}

// gate hands out one byte, then waits, then one more.
type gate struct {
	inside chan struct{}
	open   chan struct{}
	reads  int
}

func (g *gate) Read(p []byte) (int, error) {
	g.reads++
	if g.reads == 2 {
		close(g.inside)
		<-g.open
	}
	p[0] = 'x'
	return 1, nil
}

func TestCloseEndsAPutOnItsWayAndRemovesTheDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := blob.New(dir, 0)
	g := &gate{inside: make(chan struct{}), open: make(chan struct{})}
	failed := make(chan error)
	go func() {
		_, err := s.Put(t.Context(), "a", "", g, 0)
		failed <- err
	}()
	<-g.inside
	require.NoError(t, s.Close(), "it does not wait for the reader")
	close(g.open)
	require.ErrorIs(t, <-failed, blob.ErrClosed)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries)
	_, err = s.Put(t.Context(), "a", "", strings.NewReader("x"), 0)
	require.ErrorIs(t, err, blob.ErrClosed)
	require.NoError(t, s.Close())
}

func TestConcurrentPutsNeverExceedTheBound(t *testing.T) {
	t.Parallel()
	const size, room, tries = 100_000, 4, 16
	s, dir := store(t, size*room+size/2)
	var kept, full atomic.Int64
	var wg sync.WaitGroup
	for range tries {
		wg.Go(func() {
			_, err := s.Put(t.Context(), "f", "", bytes.NewReader(make([]byte, size)), size)
			switch {
			case err == nil:
				kept.Add(1)
			case errors.Is(err, blob.ErrFull):
				full.Add(1)
			}
			if s.Used() > size*room+size/2 {
				t.Error("more than the bound")
			}
		})
	}
	wg.Wait()
	require.Equal(t, int64(tries), kept.Load()+full.Load())
	require.LessOrEqual(t, kept.Load(), int64(room))
	require.Equal(t, kept.Load()*size, s.Used())
	require.Equal(t, int(kept.Load()), files(t, dir))
}
