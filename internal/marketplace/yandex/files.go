package yandex

import (
	"strconv"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/form"
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

// sendFile is POST …/chats/file/send. Mistakes in the form are told before the
// chat is looked at, and nothing is stored for a chat that would refuse it.
// Claims yandex/send-file-result, yandex/file-becomes-payload,
// yandex/guard-order, yandex/body-limit-file-exempt.
func sendFile(c *marketplace.Call) (marketplace.Response, error) {
	sent, err := form.Open(c, fileForm(c))
	if err != nil {
		return marketplace.Response{}, errForm(err)
	}
	part, err := sent.Find()
	if err != nil {
		return marketplace.Response{}, errForm(err)
	}
	ch, refused := chatFor(c)
	if refused == nil {
		refused = mayWrite(c, ch)
	}
	if refused != nil {
		if err := sent.Pass(part); err != nil {
			return marketplace.Response{}, errForm(err)
		}
		return marketplace.Response{}, refused
	}
	file, err := sent.Keep(part)
	if err != nil {
		return marketplace.Response{}, errForm(err)
	}
	return postFile(c, sent, ch.ID, file)
}

// postFile posts what was kept once the form has been read to its end. Unless a
// message holds the file then, it is gone, be it that the chat was closed
// meanwhile.
func postFile(c *marketplace.Call, sent *form.Form, chatID string, file chat.File) (answer marketplace.Response, err error) {
	held := false
	defer func() {
		if !held {
			form.Forget(c.World, file)
		}
	}()
	if err := sent.Rest(); err != nil {
		return marketplace.Response{}, errForm(err)
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
