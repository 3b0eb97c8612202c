package scenario

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"strconv"
	"strings"

	"example.com/marketmock/internal/scenario/value"
)

const (
	// maxGenerated is how much one body may have of size.
	maxGenerated = 64 << 20
	// filler is what generated content repeats: text, so that it can be compared.
	filler = "0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXY\n"
	// fileType is of a part that has a name and tells no other.
	fileType = "application/octet-stream"
	// boundary stands between parts, lengthened if a part holds it.
	boundary = "marketmock-part"
)

// multipartBody writes the parts in the order of their node, and says which
// media type they make.
func multipartBody(n *value.Node, lookup value.Lookup) (body []byte, contentType string, err error) {
	var parts []part
	size := 0
	for _, f := range n.Fields {
		list := []*value.Node{f.Value}
		if f.Value.Kind == value.List {
			list = f.Value.List
		}
		for _, e := range list {
			p, err := readPart(f.Key, e, lookup)
			if err != nil {
				return nil, "", err
			}
			if size += len(p.content); size > maxGenerated {
				return nil, "", &value.Error{Pos: e.Pos, Message: fmt.Sprintf("the parts have more than %d bytes", maxGenerated)}
			}
			parts = append(parts, p)
		}
	}
	var b bytes.Buffer
	b.Grow(size + len(parts)*256 + 256)
	w := multipart.NewWriter(&b)
	if err := w.SetBoundary(between(parts)); err != nil {
		return nil, "", err
	}
	for _, p := range parts {
		to, err := w.CreatePart(p.header)
		if err != nil {
			return nil, "", err
		}
		if _, err := to.Write(p.content); err != nil {
			return nil, "", err
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return b.Bytes(), w.FormDataContentType(), nil
}

// part is one of a multipart body.
type part struct {
	header  textproto.MIMEHeader
	content []byte
}

// between is a boundary that stands in no part; the same parts have the same.
func between(parts []part) string {
	out := boundary
	for i := 0; i < len(parts); i++ {
		if bytes.Contains(parts[i].content, []byte(out)) {
			out += "-"
			i = -1
		}
	}
	return out
}

// readPart reads a plain value, or a mapping of name, content_type and one of
// text, base64 and size.
func readPart(field string, n *value.Node, lookup value.Lookup) (part, error) {
	disposition := `form-data; name="` + quoted(field) + `"`
	out := part{header: textproto.MIMEHeader{}}
	if n.Kind != value.Map {
		v, err := value.Expand(n, lookup)
		out.header.Set("Content-Disposition", disposition)
		out.content = []byte(value.Text(v))
		return out, err
	}
	kind := ""
	if name := n.Field("name"); name != nil {
		v, err := value.Expand(name, lookup)
		if err != nil {
			return out, err
		}
		disposition += `; filename="` + quoted(value.Text(v)) + `"`
		kind = fileType
	}
	if given := n.Field("content_type"); given != nil {
		v, err := value.Expand(given, lookup)
		if err != nil {
			return out, err
		}
		if kind = ""; v != nil {
			kind = value.Text(v)
		}
	}
	out.header.Set("Content-Disposition", disposition)
	if kind != "" {
		out.header.Set("Content-Type", kind)
	}
	var err error
	out.content, err = content(n, lookup)
	return out, err
}

// quoted escapes what may not stand in a quoted parameter, as browsers do.
func quoted(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "%0D", "\n", "%0A").Replace(s)
}

// contentKeys are where a mapping has its content; it has one of them.
func contentKeys() []string { return []string{"text", "base64", "size"} }

// content is a plain value as text, or what a mapping says.
func content(n *value.Node, lookup value.Lookup) ([]byte, error) {
	if n.Kind != value.Map {
		v, err := value.Expand(n, lookup)
		return []byte(value.Text(v)), err
	}
	for _, key := range contentKeys() {
		given := n.Field(key)
		if given == nil {
			continue
		}
		v, err := value.Expand(given, lookup)
		if err != nil {
			return nil, err
		}
		var out []byte
		switch key {
		case "base64":
			out, err = base64.StdEncoding.DecodeString(value.Text(v))
		case "size":
			out, err = generated(value.Text(v))
		default:
			out = []byte(value.Text(v))
		}
		if err != nil {
			return nil, &value.Error{Pos: given.Pos, Message: err.Error()}
		}
		return out, nil
	}
	return nil, nil
}

// generated is so many bytes, the same every time.
func generated(size string) ([]byte, error) {
	n, err := strconv.Atoi(size)
	if err != nil || n < 0 || n > maxGenerated {
		return nil, fmt.Errorf("size %s is no number of bytes up to %d", size, maxGenerated)
	}
	return bytes.Repeat([]byte(filler), n/len(filler)+1)[:n], nil
}
