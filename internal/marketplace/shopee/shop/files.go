package shop

import (
	"errors"
	"io"
	"strings"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/marketplace"
)

// SpecFiles is the document of the host of media.
const SpecFiles = "shopee-files"

// Names of the operations of the host of media.
const (
	opDownloadFile  = "downloadFile"
	opDownloadVideo = "downloadVideo"
)

// Hosts are those that serve media. Claim shopee/hosts.
func Hosts() []string {
	out := []string{"down-ws-sg.vod.susercontent.com", "down-tx-sg.vod.susercontent.com", "s-cf-tw.shopeesz.com"}
	for _, code := range Regions() {
		out = append(out, "cf.shopee."+Region(code).TLD)
	}
	return out
}

// Operations serve media, to anybody. Claim shopee/media-urls.
func Operations() map[string]marketplace.Operation {
	return map[string]marketplace.Operation{
		opDownloadFile:  {Run: downloadFile},
		opDownloadVideo: {Run: downloadVideo},
	}
}

// downloadFile serves a picture, or the thumbnail of one, which is the same. What
// only a fixture tells of is a picture of one pixel. Claims shopee/media-urls,
// shopee/thumbnails.
func downloadFile(c *marketplace.Call) (marketplace.Response, error) {
	id, thumb := strings.CutSuffix(c.Path["file_id"], thumbTail)
	if !isFileID(id) {
		return marketplace.Response{}, marketplace.ErrNoRoute
	}
	answer, err := serve(c.World, id, "image/png", pixel)
	if thumb && err == nil && !strings.HasPrefix(answer.Header.Get("Content-Type"), "image/") {
		err = answer.File.Close()
		answer = marketplace.Download("image/png", nopCloser{strings.NewReader(pixel)})
	}
	return answer, err
}

// downloadVideo serves a film. Claims shopee/media-urls, shopee/video-vid.
func downloadVideo(c *marketplace.Call) (marketplace.Response, error) {
	vid, found := strings.CutSuffix(c.Path["file"], videoTail)
	_, id, ok := readVideoID(vid)
	if !found || !ok {
		return marketplace.Response{}, marketplace.ErrNoRoute
	}
	return serve(c.World, id, "video/mp4", clip)
}

// serve is a file that is kept, or what stands for one that only a fixture tells
// of.
func serve(w *marketplace.World, id, kind, usual string) (marketplace.Response, error) {
	file, kept, err := w.Blobs.Open(id)
	switch {
	case errors.Is(err, blob.ErrUnknown):
		return marketplace.Download(kind, nopCloser{strings.NewReader(usual)}), nil
	case err != nil:
		return marketplace.Response{}, err
	}
	return marketplace.Download(kept.ContentType, file), nil
}

// isFileID reports whether a text has the form of a file's id: 32 hexadecimal
// digits.
func isFileID(id string) bool {
	const length = 32
	return len(id) == length && strings.Trim(id, "0123456789abcdef") == ""
}

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }

// pixel is a PNG of one pixel.
const pixel = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x04\x00\x00\x00\xb5\x1c\x0c\x02" +
	"\x00\x00\x00\x0bIDATx\xdacd\xf8\x0f\x00\x01\x05\x01\x01\x27\x18\xe3\x66\x00\x00\x00\x00IEND\xaeB\x60\x82"
