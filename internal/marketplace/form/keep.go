package form

import (
	"bufio"
	"errors"
	"io"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// sniffed is how much of a file tells what it is.
const sniffed = 512

// Keep streams the file into the world's files: ErrBroken, a *TooLargeError or
// blob.ErrFull. What follows it in the form is left to be read.
func (f *Form) Keep(p *Part) (chat.File, error) {
	sent := &sender{Reader: p.raw}
	content := bufio.NewReaderSize(sent, sniffed)
	head, err := content.Peek(sniffed)
	if err != nil && sent.failed {
		return chat.File{}, f.broken()
	}
	typeOf := f.options.ContentType
	if typeOf == nil {
		typeOf = TypeOf
	}
	kind := typeOf(p, head)
	ctx := f.call.Request.Context()
	kept, err := f.call.World.Blobs.Put(ctx, p.Name, kind, content, f.options.Most)
	switch {
	case errors.Is(err, blob.ErrTooLarge):
		return chat.File{}, f.tooLarge(f.options.Most, f.options.Most+1)
	case errors.Is(err, blob.ErrFull):
		return chat.File{}, err
	case sent.failed || err != nil && ctx.Err() != nil:
		return chat.File{}, f.broken()
	case err != nil:
		return chat.File{}, err
	}
	f.passed(kept.Size)
	return chat.File{Name: p.Name, ContentType: kind, Size: kept.Size, Blob: kept.ID}, nil
}

// Forget removes a file that nothing came to hold.
func Forget(w *marketplace.World, file chat.File) {
	if err := w.Blobs.Remove(file.Blob); err != nil {
		w.Log.Warn("a file could not be removed", "marketplace", w.Marketplace, "error", err)
	}
}

// bounded reads up to left bytes. One more is errOver.
type bounded struct {
	io.Reader
	left, read int64
}

var errOver = errors.New("the form has too much beside its file")

func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errOver
	}
	n, err := b.Reader.Read(p[:min(int64(len(p)), b.left+1)])
	b.left -= int64(n)
	b.read += int64(n)
	if b.left < 0 {
		return n, errOver
	}
	return n, err
}

// cutOff stands behind a body: who reads on has not seen the form's end.
type cutOff struct{}

func (cutOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// sender knows whether the reading failed, be it before the end of the part.
type sender struct {
	io.Reader
	failed bool
}

func (s *sender) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	s.failed = s.failed || err != nil && err != io.EOF
	return n, err
}
