package open

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// png is a picture of one pixel.
const png = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x04\x00\x00\x00\xb5\x1c\x0c\x02" +
	"\x00\x00\x00\x0bIDATx\xdacd\xf8\x0f\x00\x01\x05\x01\x01\x27\x18\xe3\x66\x00\x00\x00\x00IEND\xaeB\x60\x82"

// Proves: shopee/upload-image, shopee/image-max, shopee/image-refused, shopee/image-types
func TestUploadedImages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	var up uploadedImage
	w.upload(opUploadImage, "a.png", png).requireOK(t, &up)
	require.True(t, strings.HasPrefix(up.URL, w.BaseURL+"/file/"), up.URL)
	require.Equal(t, up.URL, w.BaseURL+"/file/"+up.URLHash)
	require.Equal(t, up.Thumbnail, w.BaseURL+"/file/"+up.ThumbnailHash)
	w.upload(opUploadImage, "a.txt", "hello").requireError(t, 200, codeChatParam, "")
	w.call(opUploadImage, "").requireError(t, 200, codeChatParam, "")
	large := png + strings.Repeat("x", 3<<20)
	w.upload(opUploadImage, "a.png", large).requireOK(t, nil)
	w.set(today, switchImageMax, "2mb")
	w.upload(opUploadImage, "a.png", large).requireError(t, 200, codeChatParam, "")
}

// Proves: shopee/upload-video, shopee/video-result, shopee/video-result-time, shopee/unknown-video
func TestUploadedVideos(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	var up uploadedVideo
	w.upload(opUploadVideo, "a.mp4", "no film").requireOK(t, &up)
	status := func() videoResult {
		var out videoResult
		w.get(opVideoResult, "vid", up.VID).requireOK(t, &out)
		return out
	}
	require.Equal(t, videoResult{Status: shop.VideoReported}, status())
	w.advance(5 * time.Second)
	require.Equal(t, shop.VideoFailed, status().Status)
	require.NotEmpty(t, status().Message)
	w.get(opVideoResult).requireError(t, 200, codeChatParam, "")
	w.get(opVideoResult, "vid", "th-11110133-6v8gu-mrpkn7hlghzc35").requireError(t, 200, codeData, "data not exist")
}

// Proves: shopee/offer-toggle, shopee/offer-toggle-set
func TestOffers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	status := func() string {
		var out offers
		w.call(opOffers, "").requireOK(t, &out)
		require.Equal(t, w.first().ID, out.ShopID)
		return out.Status
	}
	require.Equal(t, "disabled", status())
	w.post(opSetOffers, `{"make_offer_status":"enabled"}`).requireOK(t, nil)
	require.Equal(t, "enabled", status())
	w.post(opSetOffers, "{\"make_offer_status\\t\":\"disabled\"}").requireError(t, 200, codeChatParam, "")
	w.post(opSetOffers, `{"make_offer_status":"off"}`).requireError(t, 200, codeChatParam, "")
	require.Equal(t, "enabled", status())
}

// Proves: shopee/csat, shopee/csat-empty
func TestSatisfaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	const at = "1790856000"
	w.get(opSatisfaction, "csat_result", "Good", "time_from", "1790000000", "time_to", at, "page_no", "1", "page_size", "10").requireOK(t, &none{})
	w.get(opSatisfaction).requireOK(t, &none{})
	for _, bad := range [][]string{
		{"csat_result", "good"},
		{"page_no", "x"},
		{"time_from", "x"},
		{"time_to", "x"},
		{"time_from", "1760000000", "time_to", "1760000001"},
		{"time_from", "1789000000", "time_to", at},
		{"time_from", at, "time_to", "1790000000"},
	} {
		w.get(opSatisfaction, bad...).requireError(t, 200, codeChatParam, "")
	}
}
