// Package blob stores attachments on disk, each store in a temporary directory of
// its own and up to a number of bytes. It knows no vendor, no chat and no media
// type: what a file may be is for the caller to decide.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
)

// What Put and Open return, wrapped. Anything else is a failure of the file
// system, of the reader or the context.
var (
	ErrTooLarge = errors.New("file is too large")
	ErrFull     = errors.New("blob store is full")
	ErrUnknown  = errors.New("unknown blob")
	ErrClosed   = errors.New("blob store is closed")
)

// DefaultMaxBytes bounds a store that is given no bound: 256 MiB.
const DefaultMaxBytes = 256 << 20

const chunk = 32 << 10

// Blob describes one file. It never changes.
type Blob struct {
	ID          string // 32 hex digits, unique in its store
	Name        string // as given, never used as a path
	ContentType string // as given
	Size        int64  // bytes
	SHA256      string // of the content, hex
}

// Store is safe for concurrent use. The directory is made at the first Put.
// Names never reach the file system. Files are immutable and stay until Clear or
// Close, so that a snapshot may refer to them; Remove is for one that nothing
// ever came to refer to.
type Store struct {
	parent string
	max    int64

	mu     sync.Mutex
	dir    string // "" until the first Put
	closed bool
	busy   int   // Puts on their way
	used   int64 // bytes kept and reserved
	seq    uint64
	files  map[string]file
}

type file struct {
	Blob
	path string
}

// New makes a store in a new directory under dir ("": os.TempDir) that keeps up
// to maxBytes (0 or less: DefaultMaxBytes). It does not touch the file system.
func New(dir string, maxBytes int64) *Store {
	if maxBytes <= 0 {
		maxBytes = DefaultMaxBytes
	}
	return &Store{parent: dir, max: maxBytes, files: map[string]file{}}
}

// Put streams r into a new file of at most limit bytes (0 or less: no bound but
// the store's). Every chunk is reserved before it is written, so concurrent Puts
// never exceed the store's bound together. After an error nothing is left
// behind. ctx is asked between reads; it does not interrupt one.
func (s *Store) Put(ctx context.Context, name, contentType string, r io.Reader, limit int64) (Blob, error) {
	if err := s.begin(); err != nil {
		return Blob{}, err
	}
	w := &writer{store: s, max: limit}
	b, err := w.keep(ctx, Blob{Name: name, ContentType: contentType}, r)
	if err != nil {
		w.discard()
	}
	s.end()
	return b, err
}

// Open returns the content and the description of a file. The reader stays
// good after Clear and Close where the operating system allows it.
func (s *Store) Open(id string) (io.ReadSeekCloser, Blob, error) {
	s.mu.Lock()
	f, ok := s.files[id]
	s.mu.Unlock()
	if !ok {
		return nil, Blob{}, fmt.Errorf("%w %q", ErrUnknown, id)
	}
	r, err := os.Open(f.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, Blob{}, fmt.Errorf("%w %q", ErrUnknown, id)
	}
	if err != nil {
		return nil, Blob{}, fmt.Errorf("open blob %s: %w", id, err)
	}
	return r, f.Blob, nil
}

// Remove removes a file that nothing refers to. An unknown one is no error.
func (s *Store) Remove(id string) error {
	s.mu.Lock()
	f, ok := s.files[id]
	if ok {
		delete(s.files, id)
		s.used -= f.Size
	}
	s.mu.Unlock()
	if !ok {
		return nil
	}
	return remove(f.path)
}

// Used is how many bytes are kept and reserved.
func (s *Store) Used() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.used
}

// Clear removes every file. Ids are given out anew from the start; the same
// content after the same number of files has the same id. A Put on its way is
// not disturbed.
func (s *Store) Clear() error {
	s.mu.Lock()
	old := s.files
	s.files = map[string]file{}
	s.seq = 0
	for _, f := range old {
		s.used -= f.Size
	}
	s.mu.Unlock()
	var errs []error
	for _, f := range old {
		errs = append(errs, remove(f.path))
	}
	return errors.Join(errs...)
}

// Close removes the directory. Puts on their way end with ErrClosed at their
// next chunk, and then the last of them removes it. Closing twice is harmless.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closed = true
	s.files = map[string]file{}
	dir := s.abandoned()
	s.mu.Unlock()
	return removeAll(dir)
}

func (s *Store) begin() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	s.busy++
	return nil
}

func (s *Store) end() {
	s.mu.Lock()
	s.busy--
	dir := s.abandoned()
	s.mu.Unlock()
	_ = removeAll(dir) // Close has returned: nobody is left to tell
}

// abandoned is the directory if nobody needs it any more. Needs mu.
func (s *Store) abandoned() string {
	if !s.closed || s.busy > 0 {
		return ""
	}
	dir := s.dir
	s.dir = ""
	return dir
}

// directory makes the directory once. Of two that make one at the same time, the
// second gives way.
func (s *Store) directory() (string, error) {
	s.mu.Lock()
	dir := s.dir
	s.mu.Unlock()
	if dir != "" {
		return dir, nil
	}
	made, err := os.MkdirTemp(s.parent, "marketmock-blob-")
	if err != nil {
		return "", fmt.Errorf("make blob directory: %w", err)
	}
	s.mu.Lock()
	if s.dir == "" {
		s.dir, made = made, ""
	}
	dir = s.dir
	s.mu.Unlock()
	return dir, removeAll(made)
}

// reserve takes n more bytes of the store's bound.
func (s *Store) reserve(n int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return ErrClosed
	case s.used+n > s.max:
		return fmt.Errorf("%w: %d of %d bytes are used", ErrFull, s.used, s.max)
	}
	s.used += n
	return nil
}

func (s *Store) release(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used -= n
}

// register gives the file its id and makes it known.
func (s *Store) register(b Blob, path string) (Blob, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return Blob{}, ErrClosed
	}
	for {
		s.seq++
		sum := sha256.Sum256([]byte(strconv.FormatUint(s.seq, 10) + " " + b.SHA256))
		b.ID = hex.EncodeToString(sum[:16])
		if _, taken := s.files[b.ID]; !taken {
			break
		}
	}
	s.files[b.ID] = file{Blob: b, path: path}
	return b, nil
}
