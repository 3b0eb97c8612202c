package yandex

import (
	"errors"
	"strings"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/form"
)

const (
	filePart = "file"
	octets   = "application/octet-stream"
	// fallbackName is for a file whose name is nothing but folders.
	fallbackName = "file"
)

// fileForm says what the form of a file is. Claims yandex/file-part-missing,
// yandex/file-name-missing, yandex/file-name-path, yandex/file-name-utf8,
// yandex/file-second-part, yandex/unknown-fields-ignored, yandex/file-part-type,
// yandex/file-limit, yandex/file-empty.
func fileForm(c *marketplace.Call) form.Options {
	return form.Options{
		Part: filePart, Most: fileLimit(c), Fallback: fallbackName,
		Accept: func(p *form.Part) error { return acceptFile(c, p) },
	}
}

// acceptFile looks at the type of a file that is told. Claim yandex/file-types.
func acceptFile(c *marketplace.Call, p *form.Part) error {
	if c.Switch(switchFileTypes) == "any" {
		return nil
	}
	kind := form.ContentType(p.Name, nil)
	if p.ContentType != "" && kind == octets {
		kind = p.ContentType
	}
	if !strings.HasPrefix(kind, "image/") && kind != "application/pdf" {
		return errFileType.at("file", "type")
	}
	return nil
}

// errForm words what is wrong with a form. Claims yandex/file-not-multipart,
// yandex/file-form-broken, yandex/file-part-missing, yandex/file-too-large.
func errForm(err error) error {
	var over *form.TooLargeError
	switch {
	case errors.As(err, &over):
		r := errTooBig.of(sizes(over.Most, over.Size)...).at("file", "size")
		r.why.Text, r.why.Claim = "the file, or what is around it, is over the limit", "yandex/file-too-large"
		return r
	case errors.Is(err, form.ErrNotMultipart):
		return errFileForm.at("Content-Type", "boundary")
	case errors.Is(err, form.ErrBroken):
		return errFileForm.at("", "multipart")
	case errors.Is(err, form.ErrMissing):
		return errFileMissing.at("file", "required")
	case errors.Is(err, blob.ErrFull):
		return errFilesFull
	}
	return err
}
