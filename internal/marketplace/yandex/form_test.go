package yandex

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace/form"
)

// sendForm sends any body with any Content-Type to a chat.
func (w *testWorld) sendForm(chatID, body, kind string) testReply {
	w.t.Helper()
	return w.call(opSendFile, "chatId="+chatID, body, header("Content-Type", kind))
}

const (
	noFile     = "Required part 'file' is not present."
	brokenForm = "Failed to parse multipart servlet request"
)

func tooBig(kb, mb string) string {
	return fmt.Sprintf("The request is too big: Maximum allowed request size must be less than '%s' KB, but passed '%s' MB", kb, mb)
}

// Nothing is kept of a form that is refused.
// Proves: yandex/file-part-missing, yandex/file-name-missing, yandex/file-types, yandex/guard-order
func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", nil)
	whole, kind := multi(t, file("a.txt", "hello"))
	for name, tt := range map[string]struct{ body, kind, text string }{
		"another field":     {"--B\r\nContent-Disposition: form-data; name=\"fil\"; filename=\"a\"\r\n\r\nx\r\n--B--\r\n", formKind, noFile},
		"no file name":      {"--B\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--B--\r\n", formKind, noFile},
		"a form of nothing": {"--B--\r\n", formKind, noFile},
		"no body":           {"", kind, brokenForm},
		"no boundary":       {whole, "multipart/form-data", brokenForm},
		"another boundary":  {whole, "multipart/form-data; boundary=another", brokenForm},
	} {
		reply := w.sendForm(someChat, tt.body, tt.kind)
		require.Equal(t, asJSON(t, errorBody{Errors: [1]errorItem{{codeBadRequest, tt.text}}, Status: "ERROR"}), reply.body, name)
	}
	// What is wrong with the form is told before the chat is looked at.
	w.sendForm("1", whole[:len(whole)-9], kind).requireError(t, 400, codeBadRequest, brokenForm)
	w.sendForm("1", whole, kind).requireError(t, 404, codeNotFound, "Can't find chat by id: '1'")
	w.sendForm("14604799", whole, kind).requireError(t, 404, codeNotFound, "Can't find chat by id: '14604799'")
	require.Zero(t, w.Blobs.Used())

	w.set(today, map[string]string{switchFileTypes: "images-and-pdf", switchErrorQuotes: "strip"})
	w.upload(someChat, file("a.txt", "x")).requireError(t, 400, codeBadRequest, errFileType.text)
	w.sendForm(someChat, "--B--", formKind).requireError(t, 400, codeBadRequest, "Required part file is not present.")
	require.Equal(t, 200, w.upload(someChat, file("a.png", "x")).status)
	require.Equal(t, 200, w.upload(someChat, file("a.PDF", "x")).status)
	require.Equal(t, 200, w.upload(someChat, part{`form-data; name="file"; filename="photo"`, "image/jpeg", "x"}).status)
	require.EqualValues(t, 3, w.Blobs.Used(), "only what was taken")
}

const (
	formKind = "multipart/form-data; boundary=B"
	goodPart = "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n"
	nextPart = "--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\nabc\r\n"
)

// Proves: yandex/file-form-broken
func TestAFormThatBreaksOffIsNoForm(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", nil)
	whole := nextPart + goodPart + nextPart + "--B--"
	for _, end := range []int{len(nextPart) / 2, len(nextPart), len(nextPart + goodPart), len(whole) - len(nextPart)/2, len(whole) - 1} {
		for _, chatID := range []string{someChat, "1"} {
			w.sendForm(chatID, whole[:end], formKind).requireError(t, 400, codeBadRequest, brokenForm)
		}
	}
	require.Zero(t, w.Blobs.Used())
	require.Equal(t, 1, w.chat(someChat).Messages)
	w.sendForm(someChat, whole, formKind).requireOK(t, `{"status":"OK"}`)
	require.EqualValues(t, 5, w.last(someChat).Files[0].Size)
}

// Proves: yandex/file-too-large, yandex/file-limit
func TestTheSizeOfAFileIsBounded(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", nil)
	large := func(n int) string { return strings.Repeat("x", n) }
	require.Equal(t, 200, w.upload(someChat, file("a.txt", large(5<<20))).status)
	w.upload(someChat, file("a.txt", large(5<<20+1))).requireError(t, 400, codeBadRequest, tooBig("5120", "5.00"))
	w.upload("1", file("a.txt", large(5<<20+1))).requireError(t, 400, codeBadRequest, tooBig("5120", "5.00"))
	w.upload(someChat, file("a.txt", large(7<<20))).requireError(t, 400, codeBadRequest, tooBig("5120", "7.00"))
	w.set(today, map[string]string{switchFileLimit: "5000000"})
	w.upload(someChat, file("a.png", large(5_000_001))).requireError(t, 400, codeBadRequest, tooBig("4882", "4.77"))
	require.EqualValues(t, 5<<20, w.Blobs.Used(), "only what was taken")
}

// What stands beside a file has a bound of its own, wherever it stands.
// Proves: yandex/file-too-large
func TestWhatIsAroundAFileIsBounded(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", nil)
	field := func(n int) part { return part{`form-data; name="note"`, "", strings.Repeat("x", n)} }
	around := func(n int) int { // of a field that fills what is around up to n
		whole, _ := multi(t, field(0), file("a.txt", ""))
		return n - len(whole)
	}
	for name, tt := range map[string]struct {
		parts  []part
		length int64
		text   string
	}{
		"as much as may be":        {[]part{field(around(form.MaxAround)), file("a.txt", strings.Repeat("x", 5<<20))}, -1, ""},
		"as much behind it":        {[]part{file("a.txt", strings.Repeat("x", 5<<20)), field(around(form.MaxAround))}, -1, ""},
		"a field before":           {[]part{field(2 << 20), file("a.txt", "x")}, 0, tooBig("1024", "2.00")},
		"a field behind":           {[]part{file("a.txt", "x"), field(5 << 20)}, 0, tooBig("1024", "5.00")},
		"a field of unknown size":  {[]part{file("a.txt", "x"), field(5 << 20)}, -1, tooBig("1024", "1.00")},
		"a file of another name":   {[]part{file("a.txt", "x"), file("b.txt", strings.Repeat("x", 5<<20))}, 0, tooBig("1024", "5.00")},
		"a header of the file":     {[]part{{`form-data; name="file"; filename="a.txt"`, strings.Repeat("x", 2<<20), "x"}}, 0, tooBig("1024", "2.00")},
		"both sides, each half of": {[]part{field(form.MaxAround/2 + 1), file("a.txt", "x"), field(form.MaxAround / 2)}, -1, tooBig("1024", "1.00")},
	} {
		for _, chatID := range []string{someChat, "1"} {
			used := w.Blobs.Used()
			body, kind := multi(t, tt.parts...)
			reply := w.call(opSendFile, "chatId="+chatID, body, header("Content-Type", kind), func(r *http.Request) {
				if tt.length < 0 {
					r.ContentLength = tt.length
				}
			})
			if tt.text == "" {
				require.NotEqual(t, 400, reply.status, "%s: %s", name, reply.body)
				continue
			}
			reply.requireError(t, 400, codeBadRequest, tt.text)
			require.Equal(t, used, w.Blobs.Used(), name)
		}
	}
}
