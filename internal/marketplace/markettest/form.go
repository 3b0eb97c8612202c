package markettest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// field is one part of a form.
type field struct {
	header  textproto.MIMEHeader
	content string
}

// form is a good multipart call taken to pieces.
type form struct {
	call     Call
	boundary string
	fields   []field
	file     int    // which of the fields is one
	name     string // of that field
}

// variant is a call that a form was made into; name says how, and cut that it ends
// before the form does.
type variant struct {
	name string
	cut  bool
	Call
}

// maxEntry bounds in bytes what the journal shows of one form: the beginning of
// its body, and what is wrong with it.
const maxEntry = 256 << 10

// formOf takes a multipart call to pieces; false for any other.
func formOf(t *testing.T, good Call) (form, bool) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(good.Header["Content-Type"])
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		return form{}, false
	}
	f := form{call: good, boundary: params["boundary"], file: -1}
	for parts := multipart.NewReader(strings.NewReader(good.Body), f.boundary); ; {
		part, err := parts.NextRawPart()
		if err == io.EOF { //nolint:errorlint // wrapped, it is the end of a form that breaks off
			break
		}
		require.NoError(t, err, "the good call of %s", good.Operation)
		content, err := io.ReadAll(part)
		require.NoError(t, err)
		if part.FileName() != "" {
			f.file, f.name = len(f.fields), part.FormName()
		}
		f.fields = append(f.fields, field{part.Header, string(content)})
	}
	require.GreaterOrEqual(t, f.file, 0, "the good call of %s has no file", good.Operation)
	return f, true
}

// raw is the call with another content type and body.
func (f form) raw(name, contentType, body string) variant {
	v := variant{name: name, Call: f.call}
	v.Header = maps.Clone(f.call.Header)
	v.Header["Content-Type"], v.Body = contentType, body
	return v
}

// with is the call with other fields.
func (f form) with(name string, fields ...field) variant {
	var b bytes.Buffer
	for _, each := range fields {
		fmt.Fprintf(&b, "--%s\r\n", f.boundary)
		for key, values := range each.header {
			for _, value := range values {
				fmt.Fprintf(&b, "%s: %s\r\n", key, value)
			}
		}
		fmt.Fprintf(&b, "\r\n%s\r\n", each.content)
	}
	fmt.Fprintf(&b, "--%s--\r\n", f.boundary)
	return f.raw(name, f.call.Header["Content-Type"], b.String())
}

// changed is the call with another file, the other fields as they were.
func (f form) changed(name string, change func(*field)) variant {
	fields := append([]field(nil), f.fields...)
	file := &fields[f.file]
	file.header = maps.Clone(file.header)
	change(file)
	return f.with(name, fields...)
}

// frames are forms whose frame is broken: boundary, end, content type.
func (f form) frames() []variant {
	body, kind := f.call.Body, f.call.Header["Content-Type"]
	list := []variant{
		f.raw("no boundary", "multipart/form-data", body),
		f.raw("an empty boundary", `multipart/form-data; boundary=""`, body),
		f.raw("another boundary", "multipart/form-data; boundary=somewhere-else", body),
		f.raw("a boundary that is too long", "multipart/form-data; boundary="+strings.Repeat("b", 5000), body),
		f.raw("a boundary that is none", `multipart/form-data; boundary="\"; x=1`, body),
		f.raw("a form of another kind", strings.Replace(kind, "form-data", "mixed", 1), body),
		f.raw("no content type", "", body),
		f.raw("a form that says it is JSON", "application/json", body),
		f.raw("JSON instead", "application/json", `{"file":"aGVsbG8="}`),
		f.raw("JSON that says it is a form", kind, `{"file":"aGVsbG8="}`),
		f.raw("a URL-encoded form", "application/x-www-form-urlencoded", "file=hello"),
		f.raw("nothing", kind, ""),
		f.raw("text around the parts", kind, "preamble\r\n"+body+"epilogue"),
		f.raw("lines that end in LF", kind, strings.ReplaceAll(body, "\r\n", "\n")),
		f.raw("binary instead", kind, strings.Repeat("\x00\xff", 1000)),
	}
	return list
}

// cuts are forms that break off: of the good one, and of one with a part behind
// its file.
func (f form) cuts() []variant {
	const last = "a comment of some length"
	good := f.call.Body
	more := f.with("", f.fields[f.file], field{disposed(`form-data; name="comment"`), last}).Body
	fence := "--" + f.boundary
	second := strings.LastIndex(strings.TrimSuffix(more, fence+"--\r\n"), fence)
	end := len(more) - len(fence+"--\r\n")
	var list []variant
	for _, body := range []string{
		good[:1], good[:len(good)/4], good[:len(good)/2], good[:len(good)-len(fence)-6], good[:len(good)-3],
		good[:len(good)-len("--\r\n")], good[:len(good)-len(fence+"--\r\n")],
		more[:second], more[:second+1], more[:second+len(fence)], more[:second+len(fence)+1], more[:second+len(fence+"\r\n")],
		more[:second+len(fence)+20], more[:strings.Index(more, last)], more[:end-len(last)/2], more[:end],
		more[:end+1], more[:end+len(fence)], more[:end+len(fence)+1],
	} {
		v := f.raw(fmt.Sprintf("a form that breaks off: …%q", body[max(0, len(body)-30):]), f.call.Header["Content-Type"], body)
		v.cut = true
		list = append(list, v)
	}
	return list
}

// names are file names that are odd, dangerous or none.
func names() []string {
	return []string{
		"", " ", ".", "..", "../../etc/passwd", "/etc/passwd", `C:\x`, `C:\x\y.jpg`, `..\..\x`, "a\x00b.jpg", "\x00", "a\tb.jpg",
		"\xff\xfe.jpg", "фото.jpg", "\u202egpj.exe", "a\\\"b.jpg", "%2e%2e%2fx", "con", "no-extension", strings.Repeat("n", 5000),
		strings.Repeat("ж", 2000) + ".jpg", "a.JPG", ".jpg", "a?b#c&d=e.jpg", "<script>.svg",
	}
}

// parts are forms whose frame is good and whose parts are not.
func (f form) parts() []variant {
	file := f.fields[f.file]
	comment := disposed(`form-data; name="comment"`)
	list := []variant{
		f.with("no parts"),
		f.with("no file", field{comment, "hello"}),
		f.with("a field before and after", field{comment, "hello"}, file, field{comment, "hello"}),
		f.with("the same part twice", append(f.fields, file)...),
		f.with("very many parts", many(20_000, field{comment, "x"}, file)...),
		f.with("very many parts of nothing", many(10_000, field{}, file)...),
		f.with("a part with a long name", field{disposed(`form-data; name="` + strings.Repeat("ж", 500_000) + `"`), "hello"}, file),
		f.changed("a file of no bytes", func(x *field) { x.content = "" }),
		f.changed("huge headers", func(x *field) { x.header.Set("X-Long", strings.Repeat("h", 1<<20)) }),
		f.changed("very many headers", func(x *field) {
			for i := range 20_000 {
				x.header.Set(fmt.Sprintf("X-%d", i), "x")
			}
		}),
		f.changed("no content type of the part", func(x *field) { x.header.Del("Content-Type") }),
		f.changed("a content type that is none", func(x *field) { x.header.Set("Content-Type", ";;;") }),
		f.changed("a part that is a form", func(x *field) { x.header.Set("Content-Type", "multipart/mixed; boundary=inner") }),
		f.changed("no disposition", func(x *field) { x.header.Del("Content-Disposition") }),
		f.changed("no headers", func(x *field) { x.header = nil }),
		f.changed("base64", func(x *field) { x.header.Set("Content-Transfer-Encoding", "base64") }),
		f.changed("quoted-printable", func(x *field) {
			x.header.Set("Content-Transfer-Encoding", "quoted-printable")
			x.content = "=ZZ=\x00"
		}),
	}
	for _, disposition := range f.dispositions() {
		list = append(list, f.changed("disposition "+disposition, func(x *field) { x.header.Set("Content-Disposition", disposition) }))
	}
	for _, name := range names() {
		list = append(list, f.changed("a file named "+short(fmt.Sprintf("%q", name)), func(x *field) {
			x.header.Set("Content-Disposition", fmt.Sprintf(`form-data; name="%s"; filename="%s"`, f.name, name))
		}))
	}
	return list
}

// dispositions are headers that do not say that a part is the file.
func (f form) dispositions() []string {
	named := fmt.Sprintf(`form-data; name="%s"`, f.name)
	return []string{
		"", ";;;", "attachment", `form-data; filename="a.jpg"`, `form-data; name=""; filename="a.jpg"`,
		fmt.Sprintf(`form-data; name="%s"; filename="a.jpg"`, strings.ToUpper(f.name)), `form-data; name="other"; filename="a.jpg"`,
		named, named + "; filename", named + "; " + named + `; filename="a.jpg"`,
		named + "; filename*=UTF-8''%D1%84.jpg", named + "; filename*=x''%ZZ",
	}
}

func disposed(disposition string) textproto.MIMEHeader {
	return textproto.MIMEHeader{"Content-Disposition": {disposition}}
}

// many are n times one field, then another.
func many(n int, one, last field) []field {
	list := make([]field, n, n+1)
	for i := range list {
		list[i] = one
	}
	return append(list, last)
}

// badForms sends every good multipart call broken in every way.
func badForms(t *testing.T, c Config) {
	w := Start(t, c).World(t, everything(c))
	receiver := httptest.NewServer(c.Receiver)
	t.Cleanup(receiver.Close)
	place := w.Open(t)
	var forms []form
	c.Calls(place, receiver.URL, func(call Call) Reply {
		if f, ok := formOf(t, call); ok {
			forms = append(forms, f)
		}
		return w.Do(call)
	})
	for _, f := range forms {
		for _, v := range slices.Concat(f.frames(), f.cuts(), f.parts()) {
			w.sendForm(t, place, v)
		}
	}
}

// sendForm sends a form that may be broken: what was refused is not in the chat,
// and what was taken for good is shown as the spec says.
func (w *World) sendForm(t *testing.T, at Place, v variant) {
	t.Helper()
	before := w.messages(at.Chat)
	w.Play(http.MethodDelete, "requests", nil, nil)
	reply, err := w.Try(v.Call, w.Credentials)
	require.NoError(t, err, v.name)
	require.Less(t, reply.Status, 500, "%s: %s", v.name, reply.Body)
	findings := w.findings(t, v.Operation, reply)
	require.Empty(t, findings, "%s: %d %s", v.name, reply.Status, reply.Body)
	var journal struct{ Requests []json.RawMessage }
	w.Play(http.MethodGet, "requests", nil, &journal)
	require.Len(t, journal.Requests, 1, v.name)
	require.Less(t, len(journal.Requests[0]), maxEntry, "the journal's entry of %s", v.name)
	if v.cut {
		require.True(t, w.config.refused(reply), "%s: %s", v.name, reply.Body)
	}
	if w.config.refused(reply) {
		require.Equal(t, before, w.messages(at.Chat), "%s was refused", v.name)
		return
	}
	history := w.config.History(at)
	shown := w.Do(history)
	require.Equal(t, 200, shown.Status, "after %s", v.name)
	findings = w.findings(t, history.Operation, shown)
	require.Empty(t, findings, "after %s", v.name)
}

// messages is how many messages a chat has.
func (w *World) messages(chat string) int {
	w.t.Helper()
	var shown struct {
		Messages int `json:"messages_total"`
	}
	w.Play(http.MethodGet, "{m}/chats/"+chat, nil, &shown)
	return shown.Messages
}
