package webchat

import (
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// maxImage is how many bytes an image may have: nobody recorded the webchat's
// bound, so it is the Open Platform's. Claim shopee/webchat-image-max.
const maxImage = 10 << 20

// uploaded is the answer of an upload. Claim shopee/webchat-image.
type uploaded struct {
	URL    string `json:"url"`
	Thumb  string `json:"thumbnail"`
	Width  int    `json:"thumb_width"`
	Height int    `json:"thumb_height"`
	Server int64  `json:"file_server_id"`
}

// uploadImage is POST images of any generation. Claims shopee/webchat-image,
// shopee/webchat-image-max, shopee/image-types, shopee/image-refused.
func uploadImage(c *marketplace.Call) (marketplace.Response, error) {
	kept, err := shop.KeepImage(c, maxImage)
	if err != nil {
		return marketplace.Response{}, err
	}
	return ok(uploaded{
		URL: shop.Link(c.World, kept.URL), Thumb: shop.Link(c.World, kept.Thumb), Width: kept.Width, Height: kept.Height,
		Server: kept.Server,
	})
}
