package form_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/form"
)

const (
	kindB    = "multipart/form-data; boundary=B"
	goodPart = "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n"
	nextPart = "--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\nabc\r\n"
	bare     = "--B\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhello\r\n"
)

// wanted is a form whose file is called file and has up to 100 bytes.
func wanted() form.Options { return form.Options{Part: "file", Most: 100, Fallback: "none"} }

func newWorld(t testing.TB, room int64) *marketplace.World {
	t.Helper()
	w := &marketplace.World{Blobs: blob.New(t.TempDir(), room), Log: slog.New(slog.DiscardHandler)}
	t.Cleanup(func() { require.NoError(t, w.Blobs.Close()) })
	return w
}

func newCall(w *marketplace.World, body, kind string) *marketplace.Call {
	r := httptest.NewRequest(http.MethodPost, "/upload", strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	return &marketplace.Call{World: w, Request: r, Header: http.Header{}, Streamed: true}
}

// pass reads a form as a call does that is refused whatever the file is.
func pass(c *marketplace.Call, o form.Options) error {
	f, err := form.Open(c, o)
	if err != nil {
		return err
	}
	p, err := f.Find()
	if err != nil {
		return err
	}
	return f.Pass(p)
}

// part is one part of a form.
type part struct{ disposition, kind, content string }

func file(name, content string) part {
	return part{disposition: `form-data; name="file"; filename="` + name + `"`, content: content}
}

func multi(t testing.TB, parts ...part) (body, contentType string) {
	t.Helper()
	var out strings.Builder
	w := multipart.NewWriter(&out)
	for _, p := range parts {
		head := textproto.MIMEHeader{"Content-Disposition": {p.disposition}}
		if p.kind != "" {
			head.Set("Content-Type", p.kind)
		}
		into, err := w.CreatePart(head)
		require.NoError(t, err)
		_, err = io.WriteString(into, p.content)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.String(), w.FormDataContentType()
}

func TestTheFileOfAFormIsKept(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		part part
		want chat.File
	}{
		"a type that is told":      {part{`form-data; name="file"; filename="a.txt"`, "text/x-odd", "hi"}, chat.File{Name: "a.txt", ContentType: "text/x-odd", Size: 2}},
		"a type that says nothing": {part{`form-data; name="file"; filename="a.PNG"`, "application/octet-stream", "hi"}, chat.File{Name: "a.PNG", ContentType: "image/png", Size: 2}},
		"no type and no extension": {part{`form-data; name="file"; filename="a"`, "", "\xff\xd8\xff"}, chat.File{Name: "a", ContentType: "image/jpeg", Size: 3}},
		"nothing in it":            {file("a", ""), chat.File{Name: "a", ContentType: "application/octet-stream"}},
		"folders":                  {file("/etc/../a.pdf", "x"), chat.File{Name: "a.pdf", ContentType: "application/pdf", Size: 1}},
		"folders alone":            {file("..", "x"), chat.File{Name: "none", ContentType: "text/plain; charset=utf-8", Size: 1}},
		"as much as may be":        {file("a.txt", strings.Repeat("x", 100)), chat.File{Name: "a.txt", ContentType: "text/plain; charset=utf-8", Size: 100}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 0)
			body, kind := multi(t, tt.part)
			got, err := form.Take(newCall(w, body, kind), wanted())
			require.NoError(t, err)
			kept, _, err := w.Blobs.Open(got.Blob)
			require.NoError(t, err)
			content, err := io.ReadAll(kept)
			require.NoError(t, err)
			require.NoError(t, kept.Close())
			require.Equal(t, tt.part.content, string(content))
			got.Blob = ""
			require.Equal(t, tt.want, got)
		})
	}
}

func TestOptionsSayWhatTheFileIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	_, err := form.Take(newCall(w, bare+"--B--", kindB), wanted())
	require.ErrorIs(t, err, form.ErrMissing, "a part without a file name is a field")

	o := wanted()
	o.Nameless = true
	got, err := form.Take(newCall(w, bare+"--B--", kindB), o)
	require.NoError(t, err)
	require.Equal(t, "none", got.Name)

	o.ContentType = func(p *form.Part, head []byte) string { return fmt.Sprintf("%s %q", p.Name, head) }
	got, err = form.Take(newCall(w, goodPart+"--B--", kindB), o)
	require.NoError(t, err)
	require.Equal(t, `a.txt "hello"`, got.ContentType)

	o.Part = "picture"
	_, err = form.Take(newCall(w, goodPart+"--B--", kindB), o)
	require.ErrorIs(t, err, form.ErrMissing)

	unwanted := errors.New("no text files")
	o.Part, o.Accept = "file", func(*form.Part) error { return unwanted }
	used := w.Blobs.Used()
	_, err = form.Take(newCall(w, goodPart+"--B--", kindB), o)
	require.Equal(t, unwanted, err)
	require.Equal(t, used, w.Blobs.Used())
}

func TestOtherPartsAreNoted(t *testing.T) {
	t.Parallel()
	odd := strings.Replace(nextPart, `"x"`, `"a/b~c"`, 1)
	for name, tt := range map[string]struct {
		body    string
		options func(*form.Options)
		want    []string
	}{
		"a file alone":             {goodPart, func(*form.Options) {}, nil},
		"fields around it":         {odd + goodPart + nextPart, func(*form.Options) {}, []string{"/a~1b~0c unknown the method knows no such field", "/x unknown the method knows no such field"}},
		"a field that is known":    {nextPart + goodPart, func(o *form.Options) { o.Beside = []string{"x"} }, nil},
		"a second file":            {goodPart + goodPart, func(*form.Options) {}, []string{"/file unknown only the first part with a file name counts"}},
		"a file without a name":    {bare + goodPart, func(*form.Options) {}, []string{"/file unknown only the first part with a file name counts"}},
		"a second part of a name":  {bare + goodPart, func(o *form.Options) { o.Nameless = true }, []string{"/file unknown only the first part of this name counts"}},
		"a form that is passed by": {nextPart + goodPart, func(o *form.Options) { o.Fallback = "pass" }, []string{"/x unknown the method knows no such field"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, o := newCall(newWorld(t, 0), tt.body+"--B--", kindB), wanted()
			tt.options(&o)
			if o.Fallback == "pass" {
				require.NoError(t, pass(c, o))
			} else {
				_, err := form.Take(c, o)
				require.NoError(t, err)
			}
			var got []string
			for _, r := range c.Remarks() {
				got = append(got, r.Pointer+" "+r.Rule+" "+r.Message)
			}
			require.Equal(t, tt.want, got)
		})
	}
}

func TestWhatIsNoFormIsTold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body, kind string
		want       error
	}{
		"no boundary":       {goodPart + "--B--", "multipart/form-data", form.ErrNotMultipart},
		"no Content-Type":   {goodPart + "--B--", "", form.ErrNotMultipart},
		"JSON":              {"{}", "application/json", form.ErrNotMultipart},
		"another boundary":  {goodPart + "--B--", "multipart/form-data; boundary=C", form.ErrBroken},
		"no body":           {"", kindB, form.ErrBroken},
		"a form of nothing": {"--B--\r\n", kindB, form.ErrMissing},
		"another field":     {nextPart + "--B--", kindB, form.ErrMissing},
	} {
		w := newWorld(t, 0)
		_, err := form.Take(newCall(w, tt.body, tt.kind), wanted())
		require.ErrorIs(t, err, tt.want, name)
		require.ErrorIs(t, pass(newCall(w, tt.body, tt.kind), wanted()), tt.want, name)
	}
}

func TestAFormThatBreaksOffIsNoForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	for name, whole := range map[string]string{
		"a file":                    goodPart + "--B--",
		"a field behind the file":   goodPart + nextPart + "--B--",
		"a field before the file":   nextPart + goodPart + "--B--",
		"a file and another":        goodPart + goodPart + "--B--",
		"words before the form":     "words\r\n" + goodPart + "--B--",
		"line breaks of one byte":   strings.ReplaceAll(goodPart, "\r", "") + "--B--\n",
		"a name in several tongues": strings.Replace(goodPart, "a.txt", "фото.txt", 1) + "--B--",
	} {
		for cut := range len(strings.TrimRight(whole, "\n")) {
			_, err := form.Take(newCall(w, whole[:cut], kindB), wanted())
			require.ErrorIs(t, err, form.ErrBroken, "%s, cut after %q", name, whole[:cut])
			require.ErrorIs(t, pass(newCall(w, whole[:cut], kindB), wanted()), form.ErrBroken, "%s, cut after %q", name, whole[:cut])
		}
		require.Zero(t, w.Blobs.Used(), name)
	}
	for i, whole := range []string{
		goodPart + "--B--", goodPart + "--B--\r\n", goodPart + "--B-- \t\r\nwords behind the form", goodPart + nextPart + "--B--",
		strings.ReplaceAll(goodPart, "\r", "") + "--B--\n",
	} {
		require.NoError(t, pass(newCall(w, whole, kindB), wanted()))
		got, err := form.Take(newCall(w, whole, kindB), wanted())
		require.NoError(t, err)
		require.EqualValues(t, 5, got.Size)
		require.EqualValues(t, 5*(i+1), w.Blobs.Used())
	}
}

// What stands beside a file has a bound of its own, wherever it stands.
func TestBothAFileAndWhatIsAroundItAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	field := func(n int) part { return part{`form-data; name="note"`, "", strings.Repeat("x", n)} }
	empty, _ := multi(t, field(0), file("a.txt", ""))
	around := form.MaxAround - len(empty) // of a field that fills what is around
	hundred := strings.Repeat("x", 100)
	for name, tt := range map[string]struct {
		parts  []part
		length int64 // -1: the client tells none
		most   int64 // 0: it is taken
	}{
		"as much as may be":        {[]part{field(around), file("a.txt", hundred)}, -1, 0},
		"as much behind it":        {[]part{file("a.txt", hundred), field(around)}, 0, 0},
		"a file over its bound":    {[]part{file("a.txt", hundred+"x")}, 0, 100},
		"the same, size untold":    {[]part{file("a.txt", hundred+"x")}, -1, 100},
		"a request that tells it":  {[]part{file("a.txt", strings.Repeat("x", 2<<20))}, 0, 100},
		"more around than may be":  {[]part{field(around + 5<<10), file("a.txt", hundred)}, -1, form.MaxAround},
		"a file of another name":   {[]part{file("a.txt", "x"), file("b.txt", strings.Repeat("x", form.MaxAround))}, -1, form.MaxAround},
		"a header of the file":     {[]part{{`form-data; name="file"; filename="a.txt"`, strings.Repeat("x", 2<<20), "x"}}, -1, form.MaxAround},
		"both sides, each half of": {[]part{field(form.MaxAround/2 + 1), file("a.txt", "x"), field(form.MaxAround / 2)}, -1, form.MaxAround},
	} {
		for _, read := range []func(*marketplace.Call, form.Options) error{pass, func(c *marketplace.Call, o form.Options) error {
			_, err := form.Take(c, o)
			return err
		}} {
			used := w.Blobs.Used()
			body, kind := multi(t, tt.parts...)
			c := newCall(w, body, kind)
			if tt.length < 0 {
				c.Request.ContentLength = -1
			}
			err := read(c, wanted())
			if tt.most == 0 {
				require.NoError(t, err, name)
				continue
			}
			var over *form.TooLargeError
			require.ErrorAs(t, err, &over, name)
			require.Equal(t, tt.most, over.Most, name)
			require.Greater(t, over.Size, over.Most, name)
			if tt.length == 0 {
				require.EqualValues(t, len(body), over.Size, name)
			}
			require.Equal(t, used, w.Blobs.Used(), name)
		}
	}
}

func TestAWorldWithoutRoomSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	_, err := form.Take(newCall(w, goodPart+"--B--", kindB), wanted())
	require.ErrorIs(t, err, blob.ErrFull)
	require.Zero(t, w.Blobs.Used())
}

// torn is a body whose reading fails behind what it has, in one of two ways.
type torn struct {
	io.Reader
	panics bool
}

func (b torn) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if errors.Is(err, io.EOF) && b.panics {
		panic("the reader has a bug")
	}
	if errors.Is(err, io.EOF) {
		err = errors.New("the connection is gone")
	}
	return n, err
}

func (torn) Close() error { return nil }

func TestAFailureBehindAFileLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	begun := goodPart + strings.Replace(nextPart, "abc", strings.Repeat("x", 64<<10), 1)
	c := newCall(w, "", kindB)
	c.Request.Body = torn{Reader: strings.NewReader(begun)}
	_, err := form.Take(c, wanted())
	require.ErrorIs(t, err, form.ErrBroken)
	c.Request.Body = torn{strings.NewReader(begun), true}
	require.Panics(t, func() { _, _ = form.Take(c, wanted()) })
	require.Zero(t, w.Blobs.Used())
}

// endless is a body that goes on as long as it is read.
type endless struct {
	head io.Reader
	read int
}

func (e *endless) Read(p []byte) (int, error) {
	n, err := e.head.Read(p)
	if err == io.EOF {
		n, err = len(p), nil
		clear(p)
	}
	e.read += n
	return n, err
}

func (*endless) Close() error { return nil }

func TestAFileThatIsTooLargeIsNotReadToItsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	body := &endless{head: strings.NewReader(goodPart[:len(goodPart)-7])}
	c := newCall(w, "", kindB)
	c.Request.Body, c.Request.ContentLength = body, -1
	_, err := form.Take(c, wanted())
	var over *form.TooLargeError
	require.ErrorAs(t, err, &over)
	require.Less(t, body.read, 64<<10)

	c.Request.ContentLength = 100 + form.MaxAround + 1
	_, err = form.Open(c, wanted())
	require.Equal(t, &form.TooLargeError{Most: 100, Size: 100 + form.MaxAround + 1}, err)
}

func TestNamesOfFilesAreBounded(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", ".": "", "..": "", "a/": "", "a/b": "b", `a\b`: "b", "a\x00b\nc": "abc", "\xff.txt": "\uFFFD.txt",
		strings.Repeat("я", 200) + ".jpeg": strings.Repeat("я", 125) + ".jpeg",
		strings.Repeat("a", 300):           strings.Repeat("a", 255),
		"." + strings.Repeat("a", 300):     "." + strings.Repeat("a", 254),
	} {
		require.Equal(t, want, form.BaseName(in), "%q", in)
	}
}

// whole is what a form holds as mime/multipart reads it, without a way to mistake
// its end: how many files it has, and whether it is one from beginning to end.
func whole(body, boundary string) (files int, ended bool) {
	if !regexp.MustCompile(`(?m)^--` + boundary + `--[ \t]*\r?$`).MatchString(body) {
		return 0, false
	}
	parts := multipart.NewReader(strings.NewReader(body), boundary)
	for {
		p, err := parts.NextRawPart()
		if err != nil {
			return files, err == io.EOF // wrapped, it is no end
		}
		if _, err := io.Copy(io.Discard, p); err != nil {
			return files, false
		}
		if p.FormName() == "file" {
			files++
		}
	}
}

func FuzzForm(f *testing.F) {
	body, kind := multi(f, part{`form-data; name="note"`, "", "x"}, file("a.txt", "hello"))
	_, boundary, _ := strings.Cut(kind, "boundary=")
	for _, seed := range []string{
		body, body[:len(body)/2], body[:len(body)-4], body + "words", "", "--x", "--x--", strings.ReplaceAll(body, "a.txt", "../\x00"),
		strings.ReplaceAll(goodPart, "--B", "--x") + "--x\r\n", strings.ReplaceAll(bare, "--B", "--x") + "--x--", strings.ReplaceAll(body, "\r", ""),
	} {
		f.Add(strings.ReplaceAll(seed, boundary, "x"), true)
		f.Add(strings.ReplaceAll(seed, boundary, "x"), false)
	}
	w := newWorld(f, 0)
	f.Fuzz(func(t *testing.T, body string, nameless bool) {
		o := wanted()
		o.Most, o.Nameless = 1<<20, nameless
		used := w.Blobs.Used()
		passed := pass(newCall(w, body, "multipart/form-data; boundary=x"), o)
		require.Equal(t, used, w.Blobs.Used())
		kept, err := form.Take(newCall(w, body, "multipart/form-data; boundary=x"), o)
		require.Equal(t, err, passed, "both ways to read a form tell the same")
		if err != nil {
			require.Equal(t, used, w.Blobs.Used())
			return
		}
		files, ended := whole(body, "x")
		require.True(t, ended, "%q", body)
		require.Positive(t, files, "%q", body)
		require.Equal(t, used+kept.Size, w.Blobs.Used())
		if kept.Name != "none" {
			require.Equal(t, kept.Name, form.BaseName(kept.Name))
		}
		require.NoError(t, w.Blobs.Remove(kept.Blob))
	})
}
