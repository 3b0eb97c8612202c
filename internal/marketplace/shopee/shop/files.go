package shop

import (
	"errors"
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
	answer, err := serve(c.World, id, "image/png", marketplace.Pixel)
	if thumb && err == nil && !strings.HasPrefix(answer.Header.Get("Content-Type"), "image/") {
		err = answer.File.Close()
		answer = marketplace.Download("image/png", marketplace.NopCloser(strings.NewReader(marketplace.Pixel)))
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
		return marketplace.Download(kind, marketplace.NopCloser(strings.NewReader(usual))), nil
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
