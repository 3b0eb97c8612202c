package form

import (
	"net/http"
	"path"
	"strings"
	"unicode/utf8"
)

const octets = "application/octet-stream"

// MaxName bounds a file's name in bytes, so that an address of which it is a part
// has a bound too.
const MaxName = 255

// BaseName is a file's name without folders, of at most 255 bytes and without
// control characters, "" for what is no name.
func BaseName(name string) string {
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
	if len(name) <= MaxName || len(ext) >= MaxName {
		return cut(name, MaxName)
	}
	return cut(strings.TrimSuffix(name, ext), MaxName-len(ext)) + ext
}

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

// TypeOf is the type that the client told, else the one of the file's name and
// content.
func TypeOf(p *Part, head []byte) string {
	if p.ContentType != "" {
		return p.ContentType
	}
	return ContentType(p.Name, head)
}

// ContentType follows a name's extension, else the first bytes.
func ContentType(name string, head []byte) string {
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
