package shop

import (
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // sizes of pictures
	_ "image/jpeg" // sizes of pictures
	_ "image/png"  // sizes of pictures
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/form"
)

// What an uploaded video may be. Claims shopee/upload-video, shopee/video-length,
// shopee/video-result-time.
const (
	maxVideo    = 30 << 20 // bytes
	minLength   = time.Second
	maxLength   = 180 * time.Second
	processTime = 5 * time.Second
)

// thumbSide bounds in pixels what a thumbnail is said to have. Claim
// shopee/thumbnails.
const thumbSide = 400

// Uploaded is a picture that is kept. Its addresses are without a host; see Link.
type Uploaded struct {
	Image
	URLHash   string // the last part of URL
	ThumbHash string
}

// KeepImage keeps the picture of a form: jpg, png or gif of up to most bytes. A
// mistake in the form is a *Refused. Claims shopee/upload-image,
// shopee/image-types, shopee/image-refused.
func KeepImage(c *marketplace.Call, most int64) (Uploaded, error) {
	file, err := take(c, most, "image-refused", func(_ *form.Part, head []byte) string { return http.DetectContentType(head) })
	if err != nil {
		return Uploaded{}, err
	}
	width, height, err := sizeOf(c.World, file)
	if err != nil {
		form.Forget(c.World, file)
		return Uploaded{}, refuse(CodeParam, "image-types", "The type of file is not supported.", err.Error()).At("file", "type")
	}
	kept := *picture(file.Blob).Image
	kept.Width, kept.Height = thumbSize(width, height)
	return Uploaded{Image: kept, URLHash: path.Base(kept.URL), ThumbHash: path.Base(kept.Thumb)}, nil
}

// sizeOf reads a picture's head.
func sizeOf(w *marketplace.World, file chat.File) (width, height int, err error) {
	r, _, err := w.Blobs.Open(file.Blob)
	if err != nil {
		return 0, 0, err
	}
	config, _, err := image.DecodeConfig(r)
	if err := errors.Join(err, r.Close()); err != nil {
		return 0, 0, fmt.Errorf("neither jpg, png nor gif: %w", err)
	}
	return config.Width, config.Height, nil
}

// maxSize is the greatest number of pixels or seconds that is taken from a client.
// Claim shopee/send-video-numbers.
const maxSize = 1 << 20

// Size is how wide, high or long a client says that something is, within what an
// answer can hold.
func Size(told int64) int { return int(min(max(told, 0), maxSize)) }

// thumbSize is a size that fits into a square and has the same shape.
func thumbSize(width, height int) (int, int) {
	longest := max(width, height)
	if longest <= thumbSide {
		return width, height
	}
	return max(width*thumbSide/longest, 1), max(height*thumbSide/longest, 1)
}

// KeepVideo keeps the film of a form and answers its vid. What it is shows when it
// is processed; see VideoResult. A mistake in the form is a *Refused. Claims
// shopee/upload-video, shopee/video-vid.
func KeepVideo(c *marketplace.Call) (vid string, err error) {
	file, err := take(c, maxVideo, "upload-video", func(*form.Part, []byte) string { return "video/mp4" })
	if err != nil {
		return "", err
	}
	return videoID(ShopOf(c.Seller).Region, c.World.Clock.Now(), file.Blob), nil
}

// take keeps the part file of a form that is read to its end.
func take(c *marketplace.Call, most int64, claim string, typeOf func(*form.Part, []byte) string) (chat.File, error) {
	if c.World.MaxFile > 0 {
		most = min(most, c.World.MaxFile)
	}
	const part, fallback = "file", "file"
	file, err := form.Take(c, form.Options{
		Part: part, Most: most, Beside: []string{"conversation_id"}, Nameless: true, Fallback: fallback, ContentType: typeOf,
	})
	tooLarge := (*form.TooLargeError)(nil)
	switch {
	case err == nil:
		return file, nil
	case errors.As(err, &tooLarge):
		return chat.File{}, refuse(CodeParam, claim, "The file is too large.", err.Error()).At(part, "size")
	case errors.Is(err, form.ErrMissing), errors.Is(err, form.ErrNotMultipart), errors.Is(err, form.ErrBroken):
		return chat.File{}, refuse(CodeParam, claim, "The file is missing or broken.", err.Error()).At(part, "required")
	case errors.Is(err, blob.ErrFull):
		return chat.File{}, refuse(CodeBusy, claim, "System busy, please try again later.", err.Error())
	}
	return chat.File{}, err
}

// CodeBusy is that of a file for which the sandbox has no room.
const CodeBusy = "system_busy"

// VideoStatus is what became of an uploaded film. Its addresses are without a
// host; see Link.
type VideoStatus struct {
	Status        string // VideoReported, VideoSuccessful or VideoFailed
	URL, Thumb    string // of a successful one, as all that follows
	Width, Height int
	Length        time.Duration
	Message       string // of a failed one
}

// Statuses of uploaded films. Claim shopee/video-result.
const (
	VideoReported   = "reported"
	VideoSuccessful = "successful"
	VideoFailed     = "failed"
)

// VideoResult is what became of a film; false for a vid that nobody has. It
// follows from the vid, the clock and the file. Claims shopee/video-result,
// shopee/video-result-time, shopee/video-length.
func VideoResult(w *marketplace.World, vid string) (VideoStatus, bool) {
	at, id, ok := readVideoID(vid)
	if !ok {
		return VideoStatus{}, false
	}
	r, _, err := w.Blobs.Open(id)
	if err != nil {
		return VideoStatus{}, false
	}
	defer r.Close()
	if w.Clock.Now().Sub(at) < processTime {
		return VideoStatus{Status: VideoReported}, true
	}
	facts, err := readMovie(r)
	switch {
	case err != nil:
		return VideoStatus{Status: VideoFailed, Message: "The file is no MP4."}, true
	case facts.length < minLength || facts.length > maxLength:
		return VideoStatus{Status: VideoFailed, Message: "The video must last from 1 to 180 seconds."}, true
	}
	return VideoStatus{
		Status: VideoSuccessful, URL: videoPath + vid + videoTail, Thumb: filePath + id + thumbTail,
		Width: facts.width, Height: facts.height, Length: facts.length,
	}, true
}

// readVideoID reads the parts of a vid: when its film was uploaded and what holds
// it. Claim shopee/video-vid.
func readVideoID(vid string) (at time.Time, id string, ok bool) {
	parts := strings.Split(vid, "-")
	if len(parts) != 4 || !isFileID(parts[3]) {
		return time.Time{}, "", false
	}
	const base = 36
	ms, err := strconv.ParseInt(parts[2], base, 64)
	return time.UnixMilli(ms), parts[3], err == nil
}

// ownImage is a picture that is sent: one from here with all that is known of it,
// else as the client tells it. Claims shopee/image-url-origin,
// shopee/image-content.
func ownImage(w *marketplace.World, told Image) (Image, bool) {
	rest, own := isPath(w, told.URL, filePath)
	id := strings.TrimSuffix(rest, thumbTail)
	if !own || !isFileID(id) {
		return told, false
	}
	known := *picture(id).Image
	known.UID = told.UID
	if width, height, err := sizeOf(w, chat.File{Blob: id}); err == nil {
		known.Width, known.Height = thumbSize(width, height)
	}
	return known, true
}

// ownVideo is a film that is sent: one from here with all that is known of it; one
// that was not uploaded here as the client tells it. A vid alone plays where the
// vid says. The error is what the Open Platform has against it. Claims
// shopee/send-video, shopee/send-video-not-ready, shopee/send-video-unknown,
// shopee/video-vid.
func ownVideo(w *marketplace.World, told Video) (Video, error) {
	result, found := VideoResult(w, told.VID)
	if found && result.Status == VideoSuccessful {
		v := Video{VID: told.VID, URL: result.URL, Thumb: result.Thumb, Seconds: int(result.Length.Round(time.Second) / time.Second)}
		v.Width, v.Height = thumbSize(result.Width, result.Height)
		return v, nil
	}
	var err error
	switch {
	case found:
		err = errVideoUnready
	case told.URL == "":
		err = errVideoUnknown
	}
	if told.URL == "" {
		told.URL = videoPath + url.PathEscape(told.VID) + videoTail
	}
	return told, err
}

// filesOf are the files that a content refers to and that are kept here.
func filesOf(w *marketplace.World, content Content) []chat.File {
	id := ""
	switch {
	case content.Image != nil:
		id, _ = isPath(w, content.Image.URL, filePath)
	case content.Video != nil:
		_, id, _ = readVideoID(content.Video.VID)
	}
	if id == "" {
		return nil
	}
	r, kept, err := w.Blobs.Open(id)
	if err != nil {
		return nil
	}
	_ = r.Close() // nothing was read
	return []chat.File{{Name: kept.Name, ContentType: kept.ContentType, Size: kept.Size, Blob: kept.ID}}
}
