package ozon

import (
	"bufio"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// maxFile bounds a sent file in bytes, after decoding. Claim ozon/send-file-size.
const maxFile = 20 << 20

// fallbackName is for a file without a name, before names were required.
const fallbackName = "file"

// sendFile is /v1/chat/send/file. Claims ozon/send-file-required,
// ozon/premium-file, ozon/send-file-any-extension, ozon/sent-file-is-message.
func sendFile(c *marketplace.Call, b *body) (marketplace.Response, error) {
	chatID, content, name := b.text("chat_id"), b.text("base64_content"), b.text("name")
	if err := b.err(); err != nil {
		return marketplace.Response{}, err
	}
	if err := checkFile(c, chatID, content, name); err != nil {
		return marketplace.Response{}, err
	}
	ch, err := chatFor(c, chatID, "buyer-chats", "premium-file")
	if err != nil {
		return marketplace.Response{}, err
	}
	// Nothing is stored for a chat that would refuse it; post asks again.
	rules := rulesOf(c.Config.Settings)
	if err := rules.mayWrite(ch, orderOf(c.World, ch), c.World.Clock.Now()); err != nil {
		return marketplace.Response{}, err
	}
	file, err := keepFile(c, content, name)
	if err != nil {
		return marketplace.Response{}, err
	}
	return post(c, ch.ID, func(chat.Chat) chat.Message { return chat.Message{Files: []chat.File{file}} })
}

func checkFile(c *marketplace.Call, chatID, content, name string) error {
	if err := checkChatID(chatID); err != nil {
		return err
	}
	if c.Config.Settings.Since(dayFileRequired) {
		if content == "" {
			return errFileContent.at("/base64_content", "required")
		}
		if name == "" {
			return errFileName.at("/name", "required")
		}
	}
	return checkContent(c, content)
}

// checkContent decodes the content to nowhere: a mistake in it is told before
// the subscription and the chat. Claims ozon/send-file-bad-base64,
// ozon/send-file-size.
func checkContent(c *marketplace.Call, content string) error {
	most := sizeLimit(c)
	n, err := io.Copy(io.Discard, io.LimitReader(decoder(content), most+1))
	switch {
	case n > most:
		return errFileSize.at("/base64_content", "size")
	case err != nil:
		return errBase64.at("/base64_content", "format")
	}
	return nil
}

func sizeLimit(c *marketplace.Call) int64 {
	if c.World.MaxFile > 0 {
		return min(maxFile, c.World.MaxFile)
	}
	return maxFile
}

// keepFile decodes the checked content into the sandbox's files.
func keepFile(c *marketplace.Call, content, name string) (chat.File, error) {
	if name == "" {
		name = fallbackName
	}
	decoded := bufio.NewReader(decoder(content))
	head, err := decoded.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return chat.File{}, err
	}
	kept, err := c.World.Blobs.Put(c.Request.Context(), name, contentType(name, head), decoded, sizeLimit(c))
	if errors.Is(err, blob.ErrFull) {
		return chat.File{}, errFilesFull
	}
	if err != nil {
		return chat.File{}, err
	}
	return chat.File{Name: name, ContentType: kept.ContentType, Size: kept.Size, Blob: kept.ID}, nil
}

// decoder takes what proto3 JSON takes for bytes: both alphabets, padded or not.
func decoder(content string) io.Reader {
	encoding := base64.RawStdEncoding
	if strings.ContainsAny(content, "-_") {
		encoding = base64.RawURLEncoding
	}
	return base64.NewDecoder(encoding, strings.NewReader(strings.TrimRight(content, "=")))
}

// contentType follows the name's extension, else the first bytes.
func contentType(name string, head []byte) string {
	if byName := typesByExtension[strings.ToLower(path.Ext(name))]; byName != "" {
		return byName
	}
	return http.DetectContentType(head)
}

// typesByExtension is our own, so that no table of the machine decides.
var typesByExtension = map[string]string{
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp",
	".bmp": "image/bmp", ".heic": "image/heic", ".mp4": "video/mp4", ".mov": "video/quicktime",
	".pdf": "application/pdf", ".txt": "text/plain; charset=utf-8", ".zip": "application/zip",
}

// downloadFile serves a link that a message's data holds, to anybody who has
// it. Claims ozon/file-link, ozon/file-link-open.
func downloadFile(c *marketplace.Call) (marketplace.Response, error) {
	ch, found := c.World.Store.Chat(canonical(c.Path["chat_id"]))
	if !found || ch.Seller != c.Path["client_id"] {
		return marketplace.Response{}, marketplace.ErrNoRoute
	}
	id, err := strconv.ParseUint(c.Path["message_id"], 10, 64)
	if err != nil {
		return marketplace.Response{}, marketplace.ErrNoRoute
	}
	m, found := c.World.Store.Message(ch.ID, id)
	if !found {
		return marketplace.Response{}, marketplace.ErrNoRoute
	}
	for _, f := range m.Files {
		if f.Name == c.Path["file"] && f.URL == "" {
			return openFile(c.World, f)
		}
	}
	return marketplace.Response{}, marketplace.ErrNoRoute
}

// openFile serves what was sent, or a picture of one pixel for one that only a
// fixture tells of.
func openFile(w *marketplace.World, f chat.File) (marketplace.Response, error) {
	if f.Blob == "" && imageFile(f) {
		return marketplace.Download("image/png", marketplace.NopCloser(strings.NewReader(marketplace.Pixel))), nil
	}
	content, _, err := w.Blobs.Open(f.Blob)
	if errors.Is(err, blob.ErrUnknown) {
		return marketplace.Response{}, marketplace.ErrNoRoute
	}
	if err != nil {
		return marketplace.Response{}, err
	}
	return marketplace.Download(f.ContentType, content), nil
}
