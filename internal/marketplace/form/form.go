// Package form streams one file of a multipart form into a world's files. Nothing
// of a form is held but a few kilobytes, a form that breaks off is told from one
// that ends, and what stands beside the file has a bound of its own. It knows no
// vendor: which part is the file, what a file may be and how a refusal is worded
// are for the emulator to say.
package form

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"slices"
	"strings"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
)

// What is wrong with a form. A file for which the world has no room is
// blob.ErrFull, one that Accept does not want is what Accept returned. Anything
// else is a bug or a failure of the file system.
var (
	// ErrNotMultipart is a body that is no form by its Content-Type.
	ErrNotMultipart = errors.New("the body is not a multipart form")
	// ErrBroken is a form that breaks off or cannot be read.
	ErrBroken = errors.New("the form cannot be read")
	// ErrMissing is a form without the file.
	ErrMissing = errors.New("no part of the form is the file")
)

// TooLargeError is a file, or what stands beside it, over its bound.
type TooLargeError struct {
	Most int64 // bytes that it may have
	Size int64 // bytes of the whole request if they are known, else those read
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("the file, or what is around it, is over %d bytes: %d", e.Most, e.Size)
}

// MaxAround bounds in bytes what a form has beside its file.
const MaxAround = 1 << 20

// Options say which part of a form is the file, and what it may be.
type Options struct {
	// Part is the name of the part: file.
	Part string
	// Most is how many bytes the file may have.
	Most int64
	// Beside are other parts that the vendor knows: they are read and not noted.
	Beside []string
	// Nameless takes a part without a file name for the file too. Else it is a
	// field like any other.
	Nameless bool
	// Fallback is the name of a file that has none, or one that is nothing but
	// folders.
	Fallback string
	// Accept looks at the file's part before its content, nil for any.
	Accept func(*Part) error
	// ContentType is the type under which the file is kept, by its part and its
	// first bytes, of which there are up to 512; nil for TypeOf.
	ContentType func(p *Part, head []byte) string
}

// Part is what a form tells of a file before its content.
type Part struct {
	// Name is the file's name without folders, in whatever spelling they are, or
	// the fallback.
	Name string
	// ContentType is what the client told, "" for nothing or for a type that says
	// nothing.
	ContentType string

	raw *multipart.Part
}

// Form is a multipart body on its way. Find is called first, then Keep and Rest,
// or Pass. It is used by one goroutine.
type Form struct {
	call    *marketplace.Call
	options Options
	body    *bounded
	parts   *multipart.Reader
}

// Take keeps the one file of a form that is read to its end. After an error
// nothing is kept.
func Take(c *marketplace.Call, o Options) (file chat.File, err error) {
	f, err := Open(c, o)
	if err != nil {
		return chat.File{}, err
	}
	part, err := f.Find()
	if err != nil {
		return chat.File{}, err
	}
	kept, err := f.Keep(part)
	if err != nil {
		return chat.File{}, err
	}
	ended := false
	defer func() {
		if !ended {
			Forget(c.World, kept)
		}
	}()
	if err := f.Rest(); err != nil {
		return chat.File{}, err
	}
	ended = true
	return kept, nil
}

// Open reads no more than the headers. Its errors are ErrNotMultipart and
// *TooLargeError.
func Open(c *marketplace.Call, o Options) (*Form, error) {
	_, params, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return nil, ErrNotMultipart
	}
	f := &Form{call: c, options: o, body: &bounded{Reader: c.Request.Body, left: MaxAround}}
	if n := c.Request.ContentLength; n > o.Most+MaxAround {
		return nil, f.tooLarge(o.Most, n)
	}
	// The reader of parts takes a body that ends early for one that ends well, but
	// not one whose reading fails. The line break is for a form without its last.
	f.parts = multipart.NewReader(io.MultiReader(f.body, strings.NewReader("\r\n"), cutOff{}), params["boundary"])
	return f, nil
}

// Find reads up to the file's content: ErrMissing, ErrBroken, a *TooLargeError or
// an error of Accept. Other parts pass and are noted among the call's remarks.
func (f *Form) Find() (*Part, error) {
	for {
		raw, err := f.next()
		switch {
		case err != nil:
			return nil, err
		case raw == nil:
			return nil, ErrMissing
		case raw.FormName() == f.options.Part && (f.options.Nameless || hasFileName(raw)):
			f.body.left += f.options.Most + 1 // one byte more tells that the file is too large
			part := f.part(raw)
			if f.options.Accept == nil {
				return part, nil
			}
			return part, f.options.Accept(part)
		}
		f.remark(raw)
	}
}

func (f *Form) part(raw *multipart.Part) *Part {
	_, params, _ := mime.ParseMediaType(raw.Header.Get("Content-Disposition"))
	p := &Part{Name: BaseName(params["filename"]), raw: raw}
	if p.Name == "" {
		p.Name = f.options.Fallback
	}
	told := raw.Header.Get("Content-Type")
	if media, _, err := mime.ParseMediaType(told); err == nil && media != octets {
		p.ContentType = told
	}
	return p
}

func hasFileName(raw *multipart.Part) bool {
	_, params, err := mime.ParseMediaType(raw.Header.Get("Content-Disposition"))
	return err == nil && params["filename"] != ""
}

// Pass reads a form to its end and keeps nothing: for a call that is refused
// whatever the file is, unless something is wrong with the form.
func (f *Form) Pass(p *Part) error {
	n, err := io.Copy(io.Discard, io.LimitReader(p.raw, f.options.Most+1))
	switch {
	case n > f.options.Most:
		return f.tooLarge(f.options.Most, n)
	case err != nil:
		return f.broken()
	}
	f.passed(n)
	return f.Rest()
}

// Rest reads what stands behind the file: ErrBroken or a *TooLargeError.
func (f *Form) Rest() error {
	for {
		raw, err := f.next()
		if err != nil || raw == nil {
			return err
		}
		f.remark(raw)
	}
}

// next is the form's next part, nil behind the last.
func (f *Form) next() (*multipart.Part, error) {
	raw, err := f.parts.NextRawPart()
	switch {
	case err == io.EOF: // wrapped, it would be the end of a form that breaks off
		return nil, nil
	case err != nil:
		return nil, f.broken()
	}
	return raw, nil
}

// passed takes back what a file of this size has not used of its room.
func (f *Form) passed(size int64) { f.body.left -= f.options.Most + 1 - size }

// tooLarge speaks of the whole request when its size is known, else of what was
// read.
func (f *Form) tooLarge(most, size int64) error {
	return &TooLargeError{Most: most, Size: max(size, f.call.Request.ContentLength)}
}

// broken is a form that cannot be read on: it breaks off, has too much beside its
// file, or is none at all.
func (f *Form) broken() error {
	if f.body.left < 0 {
		return f.tooLarge(MaxAround, f.body.read)
	}
	return ErrBroken
}

// remark notes a part that is ignored.
func (f *Form) remark(raw *multipart.Part) {
	name := raw.FormName()
	if slices.Contains(f.options.Beside, name) {
		return
	}
	note := openapi.Finding{
		In: "body", Pointer: "/" + escape.Replace(name), Rule: "unknown", Message: "the method knows no such field",
	}
	if name == f.options.Part {
		note.Message = "only the first part with a file name counts"
		if f.options.Nameless {
			note.Message = "only the first part of this name counts"
		}
	}
	f.call.Remark(note)
}

var escape = strings.NewReplacer("~", "~0", "/", "~1")
