package yandex

import (
	"net/http"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// Refusals of a file. The docs tell none of them; the words of the first are
// those of the framework that the vendor's other texts come from.
var (
	errFileMissing = errFile("file-part-missing", "Required part {} is not present.", "no part of the form is a file called file").of(filePart)
	errFileForm    = errFile("file-form-broken", "Failed to parse multipart servlet request", "the form cannot be read")
	errFileType    = errFile("file-types", "File type is not supported", "the file is neither an image nor a PDF")
	errFilesFull   = refuse(503, codeInternal, "overload",
		"Service temporarily unavailable. Please, try again later", "the files of this sandbox take all the room they may")
)

const (
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
	return postFile(c, form, ch.ID, file)
}

// postFile posts what was kept once the form has been read to its end. Unless a
// message holds the file then, it is gone, be it that the chat was closed
// meanwhile.
func postFile(c *marketplace.Call, form *form, chatID string, file chat.File) (answer marketplace.Response, err error) {
	held := false
	defer func() {
		if !held {
			form.forget(file.Blob)
		}
	}()
	if err := form.rest(); err != nil {
		return marketplace.Response{}, err
	}
	answer, err = post(c, chatID, chat.Message{Files: []chat.File{file}})
	held = err == nil
	return answer, err
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
