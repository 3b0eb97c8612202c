package yandex

import (
	"bufio"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
)

// Refusals of a file. The docs tell none of them; the words of the first are
// those of the framework that the vendor's other texts come from.
var (
	errFileMissing = errFile("file-part-missing", "Required part 'file' is not present.", "no part of the form is a file called file")
	errFileForm    = errFile("file-form-broken", "Failed to parse multipart servlet request", "the form cannot be read")
	errFileType    = errFile("file-types", "File type is not supported", "the file is neither an image nor a PDF")
	errFilesFull   = refuse(503, codeInternal, "overload",
		"Service temporarily unavailable. Please, try again later", "the files of this sandbox take all the room they may")
)

const (
	filePart = "file"
	// maxAround bounds in bytes what a form has beside its file.
	maxAround = 1 << 20
	// sniffed is how much of a file tells what it is.
	sniffed = 512
	// fallbackName is for a file whose name is nothing but folders.
	fallbackName = "file"
	octets       = "application/octet-stream"
)

// sendFile is POST …/chats/file/send. Mistakes in the form are told before the
// chat is looked at, and nothing is stored for a chat that would refuse it.
// Claims yandex/send-file-result, yandex/file-becomes-payload,
// yandex/guard-order, yandex/body-limit-file-exempt.
func sendFile(c *marketplace.Call) (marketplace.Response, error) {
	form, err := openForm(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	part, err := form.file()
	if err != nil {
		return marketplace.Response{}, err
	}
	ch, refused := chatFor(c)
	if refused == nil {
		refused = mayWrite(c, ch)
	}
	if refused != nil {
		if err := form.pass(part); err != nil {
			return marketplace.Response{}, err
		}
		return marketplace.Response{}, refused
	}
	file, err := form.keep(part)
	if err != nil {
		return marketplace.Response{}, err
	}
	answer, err := post(c, ch.ID, chat.Message{Files: []chat.File{file}})
	if err != nil { // closed meanwhile
		form.forget(file.Blob)
	}
	return answer, err
}

// form is a multipart body on its way. Nothing of it is held but a few kilobytes.
type form struct {
	call  *marketplace.Call
	parts *multipart.Reader
	most  int64 // bytes of the file
}

// openForm reads no more than the Content-Type. Claim yandex/file-not-multipart.
func openForm(c *marketplace.Call) (*form, error) {
	_, params, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return nil, errFileForm.at("Content-Type", "boundary")
	}
	f := &form{call: c, most: fileLimit(c)}
	if n := c.Request.ContentLength; n > f.most+maxAround {
		return nil, f.tooLarge(n)
	}
	around := io.LimitReader(c.Request.Body, f.most+maxAround)
	f.parts = multipart.NewReader(around, params["boundary"])
	return f, nil
}

// fileLimit is the size of the largest file in bytes. Claim yandex/file-limit.
func fileLimit(c *marketplace.Call) int64 {
	most, err := strconv.ParseInt(c.Switch(switchFileLimit), 10, 64)
	if err != nil { // the table of switches has numbers only
		most = 5 << 20
	}
	if c.World.MaxFile > 0 {
		return min(most, c.World.MaxFile)
	}
	return most
}

// tooLarge speaks of the whole request when its size is known, else of what was
// read. Claim yandex/file-too-large.
func (f *form) tooLarge(size int64) error {
	r := errTooBig.of(sizes(f.most, max(size, f.call.Request.ContentLength))...).at("file", "size")
	r.why.Text, r.why.Claim = "the file is over the limit", "yandex/file-too-large"
	return r
}

// broken is a form that cannot be read on: it is cut off, or none at all. Claim
// yandex/file-form-broken.
func (f *form) broken() error { return errFileForm.at("", "multipart") }

// file finds the file. Other fields of the form pass; a part without a file name
// is such a field. Claims yandex/file-part-missing, yandex/file-name-missing,
// yandex/unknown-fields-ignored.
func (f *form) file() (*multipart.Part, error) {
	for {
		part, err := f.parts.NextRawPart()
		switch {
		case errors.Is(err, io.EOF):
			return nil, errFileMissing.at("file", "required")
		case err != nil:
			return nil, f.broken()
		case part.FormName() == filePart && hasFileName(part):
			return part, f.check(part)
		}
		f.remark(part)
	}
}

// remark notes a part that is ignored. Claim yandex/file-second-part.
func (f *form) remark(part *multipart.Part) {
	note := openapi.Finding{In: "body", Pointer: "/" + part.FormName(), Rule: "unknown", Message: "the method knows no such field"}
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
// read before it counts. Claims yandex/file-limit, yandex/file-empty.
func (f *form) keep(part *multipart.Part) (chat.File, error) {
	name := partName(part)
	sent := &sender{Reader: part}
	content := bufio.NewReaderSize(sent, sniffed)
	head, err := content.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
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
		return chat.File{}, f.tooLarge(f.most + 1)
	case errors.Is(err, blob.ErrFull):
		return chat.File{}, errFilesFull
	case sent.failed || err != nil && ctx.Err() != nil:
		return chat.File{}, f.broken()
	case err != nil:
		return chat.File{}, err
	}
	if err := f.rest(); err != nil {
		f.forget(kept.ID)
		return chat.File{}, err
	}
	return chat.File{Name: name, ContentType: kind, Size: kept.Size, Blob: kept.ID}, nil
}

// pass reads a form to its end and keeps nothing.
func (f *form) pass(part *multipart.Part) error {
	n, err := io.Copy(io.Discard, io.LimitReader(part, f.most+1))
	switch {
	case n > f.most:
		return f.tooLarge(n)
	case err != nil:
		return f.broken()
	}
	return f.rest()
}

// rest reads what stands behind the file.
func (f *form) rest() error {
	for {
		part, err := f.parts.NextRawPart()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return f.broken()
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

// baseName is a file's name without folders, of at most 255 bytes, "" for what
// is no name. Claim yandex/file-name-path.
func baseName(name string) string {
	name = strings.ToValidUTF8(name, "\uFFFD")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, name)
	if name == "." || name == ".." {
		return ""
	}
	ext := path.Ext(name)
	if len(name) <= maxName || len(ext) >= maxName {
		return cut(name, maxName)
	}
	return cut(strings.TrimSuffix(name, ext), maxName-len(ext)) + ext
}

// maxName bounds a file's name in bytes, so that its address has fewer than the
// 2000 characters that a payload's may have.
const maxName = 255

// cut is the beginning of a text, of whole characters.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

// contentType follows the name's extension, else the first bytes.
func contentType(name string, head []byte) string {
	if byName := typesByExtension[strings.ToLower(path.Ext(name))]; byName != "" {
		return byName
	}
	if len(head) == 0 {
		return octets
	}
	return http.DetectContentType(head)
}

// typesByExtension is our own, so that no table of the machine decides.
var typesByExtension = map[string]string{
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp",
	".heic": "image/heic", ".mp4": "video/mp4", ".mov": "video/quicktime", ".pdf": "application/pdf",
	".txt": "text/plain; charset=utf-8", ".csv": "text/csv; charset=utf-8", ".zip": "application/zip",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
