package open

import (
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// imageSizes are the values of image-max in bytes. Claim shopee/image-max.
var imageSizes = map[string]int64{sizeTen: 10 << 20, sizeTwo: 2 << 20}

// uploadedImage is the response of upload_image. Claim shopee/upload-image.
type uploadedImage struct {
	URL           string `json:"url"`
	Thumbnail     string `json:"thumbnail"`
	ThumbWidth    int    `json:"thumb_width"`
	ThumbHeight   int    `json:"thumb_height"`
	URLHash       string `json:"url_hash"`
	ThumbnailHash string `json:"thumbnail_hash"`
	FileServerID  int64  `json:"file_server_id"`
}

// uploadImage is upload_image. Claims shopee/upload-image, shopee/image-types,
// shopee/image-max, shopee/image-refused.
func uploadImage(c *marketplace.Call) (marketplace.Response, error) {
	kept, err := shop.KeepImage(c, imageSizes[c.Switch(switchImageMax)])
	if err != nil {
		return marketplace.Response{}, err
	}
	return ok(c, uploadedImage{
		URL: shop.Link(c.World, kept.URL), Thumbnail: shop.Link(c.World, kept.Thumb), ThumbWidth: kept.Width, ThumbHeight: kept.Height,
		URLHash: kept.URLHash, ThumbnailHash: kept.ThumbHash, FileServerID: kept.Server,
	})
}

type uploadedVideo struct {
	VID string `json:"vid"`
}

// uploadVideo is upload_video. Claims shopee/upload-video, shopee/video-vid.
func uploadVideo(c *marketplace.Call) (marketplace.Response, error) {
	vid, err := shop.KeepVideo(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	return ok(c, uploadedVideo{vid})
}

// videoResult is the response of get_video_upload_result. Claim
// shopee/video-result.
type videoResult struct {
	Status    string `json:"status"`
	Video     string `json:"video"`
	Thumbnail string `json:"thumbnail"`
	Width     int    `json:"width"`
	Height    int    `json:"height"`
	Duration  int64  `json:"duration"` // milliseconds
	Message   string `json:"message"`
}

// getVideoResult is get_video_upload_result. Claims shopee/video-result,
// shopee/unknown-video.
func getVideoResult(c *marketplace.Call) (marketplace.Response, error) {
	vid, _ := param(c, "vid")
	if vid == "" {
		return marketplace.Response{}, errParam.of("vid is required").at("vid", "required")
	}
	result, found := shop.VideoResult(c.World, vid)
	if !found {
		return marketplace.Response{}, errNoVideo.at("vid", "")
	}
	answer := videoResult{
		Status: result.Status, Width: result.Width, Height: result.Height, Duration: result.Length.Milliseconds(), Message: result.Message,
	}
	if result.Status == shop.VideoSuccessful {
		answer.Video, answer.Thumbnail = shop.Link(c.World, result.URL), shop.Link(c.World, result.Thumb)
	}
	return ok(c, answer)
}
