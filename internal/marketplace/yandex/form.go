package yandex

import (
	"bufio"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
)

const (
	filePart = "file"
	// maxAround bounds in bytes what a form has beside its file.
	maxAround = 1 << 20
	// sniffed is how much of a file tells what it is.
	sniffed = 512
)

// form is a multipart body on its way. Nothing of it is held but a few kilobytes.
type form struct {
	call  *marketplace.Call
	body  *bounded
	parts *multipart.Reader
	most  int64 // bytes of the file
}

// openForm reads no more than the Content-Type. Claim yandex/file-not-multipart.
func openForm(c *marketplace.Call) (*form, error) {
	_, params, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return nil, errFileForm.at("Content-Type", "boundary")
	}
	f := &form{call: c, most: fileLimit(c), body: &bounded{Reader: c.Request.Body, left: maxAround}}
	if n := c.Request.ContentLength; n > f.most+maxAround {
		return nil, f.tooLarge(f.most, n)
	}
	// The reader of parts takes a body that ends early for one that ends well, but
	// not one whose reading fails. The line break is for a form without its last.
	f.parts = multipart.NewReader(io.MultiReader(f.body, strings.NewReader("\r\n"), cutOff{}), params["boundary"])
	return f, nil
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

// tooLarge speaks of the whole request when its size is known, else of what was
// read. Claim yandex/file-too-large.
func (f *form) tooLarge(most, size int64) error {
	r := errTooBig.of(sizes(most, max(size, f.call.Request.ContentLength))...).at("file", "size")
	r.why.Text, r.why.Claim = "the file, or what is around it, is over the limit", "yandex/file-too-large"
	return r
}

// broken is a form that cannot be read on: it breaks off, has too much beside its
// file, or is none at all. Claim yandex/file-form-broken.
func (f *form) broken() error {
	if f.body.left < 0 {
		return f.tooLarge(maxAround, f.body.read)
	}
	return errFileForm.at("", "multipart")
}

// next is the form's next part, nil behind the last.
func (f *form) next() (*multipart.Part, error) {
	part, err := f.parts.NextRawPart()
	switch {
	case err == io.EOF: // wrapped, it would be the end of a form that breaks off
		return nil, nil
	case err != nil:
		return nil, f.broken()
	}
	return part, nil
}

// file finds the file. Other fields of the form pass; a part without a file name
// is such a field. Claims yandex/file-part-missing, yandex/file-name-missing,
// yandex/unknown-fields-ignored.
func (f *form) file() (*multipart.Part, error) {
	for {
		part, err := f.next()
		switch {
		case err != nil:
			return nil, err
		case part == nil:
			return nil, errFileMissing.at("file", "required")
		case part.FormName() == filePart && hasFileName(part):
			f.body.left += f.most + 1 // one byte more tells that the file is too large
			return part, f.check(part)
		}
		f.remark(part)
	}
}

// remark notes a part that is ignored. Claim yandex/file-second-part.
func (f *form) remark(part *multipart.Part) {
	note := openapi.Finding{
		In: "body", Pointer: "/" + escapeToken.Replace(part.FormName()), Rule: "unknown", Message: "the method knows no such field",
	}
	if part.FormName() == filePart {
		note.Message = "only the first part with a file name counts"
	}
	f.call.Remark(note)
}

func hasFileName(part *multipart.Part) bool {
	_, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	return err == nil && params["filename"] != ""
}

// check looks at the type of a file that is told. Claim yandex/file-types.
func (f *form) check(part *multipart.Part) error {
	if f.call.Switch(switchFileTypes) == "any" {
		return nil
	}
	kind := contentType(partName(part), nil)
	if told := partType(part); told != "" && kind == octets {
		kind = told
	}
	if !strings.HasPrefix(kind, "image/") && kind != "application/pdf" {
		return errFileType.at("file", "type")
	}
	return nil
}

// partName is the file's name without folders, in whatever spelling they are.
// Claims yandex/file-name-path, yandex/file-name-utf8.
func partName(part *multipart.Part) string {
	_, params, _ := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if name := baseName(params["filename"]); name != "" {
		return name
	}
	return fallbackName
}

// partType is the type that the client told, "" for none or one that says
// nothing. Claim yandex/file-part-type.
func partType(part *multipart.Part) string {
	told := part.Header.Get("Content-Type")
	if media, _, err := mime.ParseMediaType(told); err != nil || media == octets {
		return ""
	}
	return told
}

// keep streams the file into the sandbox's files. What follows it in the form is
// left to be read. Claims yandex/file-limit, yandex/file-empty.
func (f *form) keep(part *multipart.Part) (chat.File, error) {
	name := partName(part)
	sent := &sender{Reader: part}
	content := bufio.NewReaderSize(sent, sniffed)
	head, err := content.Peek(sniffed)
	if err != nil && sent.failed {
		return chat.File{}, f.broken()
	}
	kind := partType(part)
	if kind == "" {
		kind = contentType(name, head)
	}
	ctx := f.call.Request.Context()
	kept, err := f.call.World.Blobs.Put(ctx, name, kind, content, f.most)
	switch {
	case errors.Is(err, blob.ErrTooLarge):
		return chat.File{}, f.tooLarge(f.most, f.most+1)
	case errors.Is(err, blob.ErrFull):
		return chat.File{}, errFilesFull
	case sent.failed || err != nil && ctx.Err() != nil:
		return chat.File{}, f.broken()
	case err != nil:
		return chat.File{}, err
	}
	f.passed(kept.Size)
	return chat.File{Name: name, ContentType: kind, Size: kept.Size, Blob: kept.ID}, nil
}

// pass reads a form to its end and keeps nothing.
func (f *form) pass(part *multipart.Part) error {
	n, err := io.Copy(io.Discard, io.LimitReader(part, f.most+1))
	switch {
	case n > f.most:
		return f.tooLarge(f.most, n)
	case err != nil:
		return f.broken()
	}
	f.passed(n)
	return f.rest()
}

// passed takes back what a file of this size has not used of its room.
func (f *form) passed(size int64) { f.body.left -= f.most + 1 - size }

// rest reads what stands behind the file.
func (f *form) rest() error {
	for {
		part, err := f.next()
		if err != nil || part == nil {
			return err
		}
		f.remark(part)
	}
}

// forget removes a file that no message came to hold.
func (f *form) forget(id string) {
	if err := f.call.World.Blobs.Remove(id); err != nil {
		f.call.World.Log.Warn("yandex: a file could not be removed", "error", err)
	}
}

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
