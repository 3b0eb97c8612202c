package yandex

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

const someChat = "14604709" // of yandex-asked

// Proves: yandex/send-file-result, yandex/file-becomes-payload, yandex/file-name-utf8, yandex/file-part-type
// Proves: yandex/file-empty, yandex/file-name-path, yandex/body-limit-file-exempt, yandex/payload-or-message
func TestSentFiles(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", nil)
	for name, tt := range map[string]struct {
		part part
		want chat.File
	}{
		"a type that says nothing": {
			part{`form-data; name="file"; filename="a.txt"`, "application/octet-stream", "hi"},
			chat.File{Name: "a.txt", ContentType: "text/plain; charset=utf-8", Size: 2},
		},
		"a name in plain UTF-8": {
			part{`form-data; name="file"; filename="фото.jpg"`, "image/jpeg", "\xff\xd8\xff"},
			chat.File{Name: "фото.jpg", ContentType: "image/jpeg", Size: 3},
		},
		"a name as RFC 5987 writes it": {
			part{`form-data; name="file"; filename*=UTF-8''%D1%84.png`, "", "x"},
			chat.File{Name: "ф.png", ContentType: "image/png", Size: 1},
		},
		"no type, and a name that tells none": {
			part{`form-data; name="file"; filename=photo`, "", marketplace.Pixel},
			chat.File{Name: "photo", ContentType: "image/png", Size: int64(len(marketplace.Pixel))},
		},
		"nothing in it": {
			part{`form-data; name="file"; filename="empty"`, "", ""},
			chat.File{Name: "empty", ContentType: "application/octet-stream"},
		},
		"folders": {
			part{`form-data; name="file"; filename="/etc/../home/a.pdf"`, "", "x"},
			chat.File{Name: "a.pdf", ContentType: "application/pdf", Size: 1},
		},
		"folders of Windows": {
			part{`form-data; name="file"; filename="C:\dir\a.pdf"`, "", "x"},
			chat.File{Name: "a.pdf", ContentType: "application/pdf", Size: 1},
		},
		"folders alone": {
			part{`form-data; name="file"; filename=".."`, "text/x-odd", "x"},
			chat.File{Name: "file", ContentType: "text/x-odd", Size: 1},
		},
		"more than a body may have": {
			file("big.bin", strings.Repeat("x", 1<<20)),
			chat.File{Name: "big.bin", ContentType: "text/plain; charset=utf-8", Size: 1 << 20},
		},
	} {
		w.upload(someChat, tt.part).requireOK(t, `{"status":"OK"}`)
		m := w.last(someChat)
		require.Empty(t, m.Text, name)
		require.Equal(t, chat.RoleSeller, m.From.Role, name)
		require.Len(t, m.Files, 1, name)
		require.NotEmpty(t, m.Files[0].Blob, name)
		kept, _, err := w.Blobs.Open(m.Files[0].Blob)
		require.NoError(t, err)
		content, err := io.ReadAll(kept)
		require.NoError(t, err)
		require.NoError(t, kept.Close())
		require.Equal(t, tt.part.content, string(content), name)
		m.Files[0].Blob = ""
		require.Equal(t, tt.want, m.Files[0], name)
	}
	require.Equal(t, statusCustomer, w.status(someChat))
}

// Proves: yandex/payload-url
func TestNamesOfFilesAreBounded(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", nil)
	reply := w.upload(someChat, file(strings.Repeat("я", 200), "x"))
	reply.requireOK(t, `{"status":"OK"}`)
	m := w.last(someChat)
	address := urlOf(filesOf(w.World, w.chat(someChat)), m.ID, m.Files[0])
	require.Greater(t, len(address), 3*250)
	require.LessOrEqual(t, len(address), maxAddress)
}

// Proves: yandex/file-second-part, yandex/unknown-fields-ignored
func TestOtherPartsAreNoted(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", nil)
	one := w.upload(someChat, file("a.txt", "x"))
	require.Empty(t, one.call.Remarks())
	reply := w.upload(someChat, part{`form-data; name="chatId"`, "", "1"}, file("a.txt", "first"), file("b.txt", "second"))
	reply.requireOK(t, `{"status":"OK"}`)
	require.Equal(t, "a.txt", w.last(someChat).Files[0].Name)
	var at []string
	for _, f := range reply.call.Remarks() {
		at = append(at, f.Pointer)
	}
	require.Equal(t, []string{"/chatId", "/file"}, at)
	odd := w.upload(someChat, part{`form-data; name="a/b~c"`, "", "1"}, file("a.txt", "x"))
	require.Equal(t, "/a~1b~0c", odd.call.Remarks()[0].Pointer)
}

// watched calls then when so many bytes of a body have been read.
type watched struct {
	io.Reader
	after int
	then  func()
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p[:min(len(p), 512)])
	if w.after -= n; w.after <= 0 && w.then != nil {
		w.then()
		w.then = nil
	}
	return n, err
}

func (w *watched) Close() error { return nil }

func TestAChatThatIsClosedMeanwhileKeepsNoFile(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", nil)
	body, kind := multi(t, file("a.txt", strings.Repeat("x", 64<<10)))
	by, _ := authorIn(w.chat(someChat), chat.RoleSupport)
	reply := w.call(opSendFile, "chatId="+someChat, body, header("Content-Type", kind), func(r *http.Request) {
		r.Body = &watched{strings.NewReader(body), 32 << 10, func() { w.apply(chat.ChatClosed{At: noon, Chat: someChat, By: by}) }}
	})
	reply.requireError(t, 400, codeBadRequest, "Chat is closed")
	require.Zero(t, w.Blobs.Used())
	require.Equal(t, 1, w.chat(someChat).Messages)
}

// A bug behind the file must not leave it behind.
func TestAPanicKeepsNoFile(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", nil)
	body, kind := multi(t, file("a.txt", strings.Repeat("x", 64<<10)))
	require.Panics(t, func() {
		w.call(opSendFile, "chatId="+someChat, body, header("Content-Type", kind), func(r *http.Request) {
			r.Body = &watched{strings.NewReader(body), len(body), func() { w.Clock = nil }}
		})
	})
	require.Zero(t, w.Blobs.Used())
}

// lazy makes a body of any size without holding it.
type lazy struct {
	head, tail io.Reader
	left       int
	read       int
}

func (l *lazy) Read(p []byte) (int, error) {
	n, err := l.head.Read(p)
	if err == io.EOF {
		n, err = min(l.left, len(p)), nil
		clear(p[:n])
		l.left -= n
		if n == 0 {
			n, err = l.tail.Read(p)
		}
	}
	l.read += n
	return n, err
}

func (l *lazy) Close() error { return nil }

func TestAFileThatIsTooLargeIsNotReadToItsEnd(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", nil)
	body, kind := multi(t, file("a.txt", ""))
	split := bytes.Index([]byte(body), []byte("\r\n\r\n")) + 4
	for _, length := range []int64{-1, 1 << 30} {
		l := &lazy{head: strings.NewReader(body[:split]), tail: strings.NewReader(body[split:]), left: 1 << 30}
		reply := w.call(opSendFile, "chatId="+someChat, body, header("Content-Type", kind), func(r *http.Request) {
			r.Body, r.ContentLength = l, length
		})
		require.Equal(t, 400, reply.status, reply.body)
		require.Less(t, l.read, 6<<20)
		require.Zero(t, w.Blobs.Used())
	}
}

// Proves: yandex/file-url, yandex/file-download-token, yandex/file-key-alone, yandex/payload-item
func TestFilesAreFetchedWithAToken(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-two-cabinets", nil)
	w.upload("14604751", part{`form-data; name="file"; filename="a b.html"`, "text/html", "<b>"}).requireOK(t, `{"status":"OK"}`)
	link := fmt.Sprintf("%s/files/2001/14604751/%d/a%%20b.html", w.BaseURL, w.last("14604751").ID)
	require.Contains(t, w.call(opGetHistory, "chatId=14604751", "{}").body, `{"name":"a b.html","url":"`+link+`","size":3}`)

	token := header("Authorization", "OAuth yandex-demo-oauth")
	got, head := w.fetch(link, token)
	require.Equal(t, 200, got.status)
	require.Equal(t, "<b>", got.body)
	require.Equal(t, "application/octet-stream", head.Get("Content-Type"), "no page of this server")
	require.Equal(t, "attachment", head.Get("Content-Disposition"))
	require.Equal(t, "nosniff", head.Get("X-Content-Type-Options"))
	for name, tt := range map[string]struct {
		change []func(*http.Request)
		status int
	}{
		"Bearer":                         {[]func(*http.Request){header("Authorization", "Bearer yandex-demo-oauth")}, 200},
		"a token beside a key":           {[]func(*http.Request){token, header("Api-Key", w.client.APIKey)}, 200},
		"nothing":                        {nil, 401},
		"a key alone":                    {[]func(*http.Request){header("Api-Key", w.client.APIKey)}, 401},
		"a token that nobody has":        {[]func(*http.Request){header("Authorization", "OAuth x")}, 403},
		"a token of the other cabinet":   {[]func(*http.Request){header("Authorization", "OAuth yandex-demo-oauth-2")}, 403},
		"another file's name":            {[]func(*http.Request){token, instead("a b", "c")}, 404},
		"another message":                {[]func(*http.Request){token, instead("14604751/", "14604751/1")}, 404},
		"no message":                     {[]func(*http.Request){token, instead("14604751/", "14604751/x")}, 404},
		"another chat":                   {[]func(*http.Request){token, instead("14604751", "14604752")}, 404},
		"a cabinet that nobody may open": {[]func(*http.Request){token, instead("2001", "2002")}, 403},
	} {
		reply, _ := w.fetch(link, tt.change...)
		require.Equal(t, tt.status, reply.status, name)
		if tt.status == http.StatusNotFound {
			var refused *refusal
			require.ErrorAs(t, reply.err, &refused, name)
			require.Equal(t, "no such file", refused.Reason().Text, name)
			require.Contains(t, reply.body, "Resource not found", name)
		}
	}
}

// What a world file tells of files can be fetched too.
func TestFilesOfAFixture(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-files", nil)
	messages, _ := w.Store.Messages("14604791", chat.Range{Limit: 10})
	token := header("Authorization", "OAuth yandex-demo-oauth")
	var sizes []int
	for _, m := range messages[1:] {
		reply, _ := w.fetch(urlOf(filesOf(w.World, w.chat("14604791")), m.ID, m.Files[0]), token)
		require.Equal(t, 200, reply.status)
		require.EqualValues(t, m.Files[0].Size, len(reply.body), m.Files[0].Name)
		sizes = append(sizes, len(reply.body))
	}
	require.Equal(t, []int{len(marketplace.Pixel), len("Чай улун, 1 шт."), 4_000_000, 0}, sizes)

	m := w.play("14604791", marketplace.MessageInput{File: &marketplace.FileInput{Name: "far.jpg", URL: "https://shop.example.com/far.jpg"}})
	require.Contains(t, w.call(opGetMessage, fmt.Sprintf("chatId=14604791&messageId=%d", m.ID), "").body, `"url":"https://shop.example.com/far.jpg"`)
}
