package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
)

// writer is one Put: a temporary file that grows within the bounds.
type writer struct {
	store *Store
	max   int64
	size  int64
	file  *os.File
	hash  hash.Hash
}

func (w *writer) keep(ctx context.Context, b Blob, r io.Reader) (Blob, error) {
	dir, err := w.store.directory()
	if err != nil {
		return Blob{}, err
	}
	if w.file, err = os.CreateTemp(dir, ""); err != nil {
		return Blob{}, fmt.Errorf("create blob: %w", err)
	}
	w.hash = sha256.New()
	if err := w.copy(ctx, r); err != nil {
		return Blob{}, err
	}
	if err := w.file.Close(); err != nil {
		return Blob{}, fmt.Errorf("close blob: %w", err)
	}
	b.Size, b.SHA256 = w.size, hex.EncodeToString(w.hash.Sum(nil))
	return w.store.register(b, w.file.Name())
}

func (w *writer) copy(ctx context.Context, r io.Reader) error {
	buf := make([]byte, chunk)
	for {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		n, err := r.Read(buf)
		if werr := w.write(buf[:n]); werr != nil {
			return werr
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read file: %w", err)
		}
	}
}

func (w *writer) write(p []byte) error {
	n := int64(len(p))
	if w.max > 0 && w.size+n > w.max {
		return fmt.Errorf("%w: over %d bytes", ErrTooLarge, w.max)
	}
	if err := w.store.reserve(n); err != nil {
		return err
	}
	w.size += n
	w.hash.Write(p)
	if _, err := w.file.Write(p); err != nil {
		return fmt.Errorf("write blob: %w", err)
	}
	return nil
}

// discard removes what was written and gives its bytes back.
func (w *writer) discard() {
	if w.file != nil {
		_ = w.file.Close()
		_ = remove(w.file.Name())
	}
	w.store.release(w.size)
}

func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove blob: %w", err)
	}
	return nil
}

func removeAll(dir string) error {
	if dir == "" {
		return nil
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("remove blob directory: %w", err)
	}
	return nil
}
