package shop

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// upload is a call with a form of one file.
func (d *domain) upload(part, name string, content []byte) *marketplace.Call {
	d.t.Helper()
	return d.uploadAs("application/octet-stream", part, name, content)
}

func (d *domain) uploadAs(kind, part, name string, content []byte) *marketplace.Call {
	d.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	p, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="` + part + `"; filename="` + name + `"`}, "Content-Type": {kind},
	})
	require.NoError(d.t, err)
	_, err = p.Write(content)
	require.NoError(d.t, err)
	require.NoError(d.t, w.Close())
	c := d.call()
	c.Request = httptest.NewRequest("POST", "/x", &body)
	c.Request.Header.Set("Content-Type", w.FormDataContentType())
	return c
}

func (d *domain) download(run func(*marketplace.Call) (marketplace.Response, error), name, value string) (kind, content string) {
	d.t.Helper()
	c := d.call()
	c.Path = map[string]string{name: value}
	answer, err := run(c)
	require.NoError(d.t, err)
	raw, err := io.ReadAll(answer.File)
	require.NoError(d.t, err)
	require.NoError(d.t, answer.File.Close())
	return answer.Header.Get("Content-Type"), string(raw)
}

func pngOf(t testing.TB, width, height int) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, image.NewGray(image.Rect(0, 0, width, height))))
	return out.Bytes()
}

// Proves: shopee/upload-image, shopee/image-types, shopee/thumbnails, shopee/media-urls, shopee/send-image
func TestAPictureIsKeptAndSent(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	content := pngOf(t, 1200, 600)
	kept, err := KeepImage(d.upload("file", "a.bin", content), 10<<20)
	require.NoError(t, err)
	require.Regexp(t, `^/file/[0-9a-f]{32}$`, kept.URL)
	require.Equal(t, kept.URL+"_tn", kept.Thumb)
	require.Equal(t, []string{kept.URL, kept.Thumb}, []string{"/file/" + kept.URLHash, "/file/" + kept.ThumbHash})
	require.Equal(t, []int{400, 200}, []int{kept.Width, kept.Height})
	for _, id := range []string{kept.URLHash, kept.ThumbHash} {
		kind, served := d.download(downloadFile, "file_id", id)
		require.Equal(t, "image/png", kind)
		require.Equal(t, string(content), served)
	}

	d.hears(d.open(aBuyer, Conversation{}), chat.RoleBuyer, "?")
	send := func(url string) (chat.Message, error) {
		return d.send(aBuyer, "", func(draft *Draft) { draft.Type, draft.Content = TypeImage, Content{Image: &Image{URL: url}} })
	}
	m, err := send(Link(d.World, kept.URL))
	require.NoError(t, err)
	require.Equal(t, kept.Image, *MessageOf(m).Content.Image)
	require.Equal(t, []chat.File{{Name: "a.bin", ContentType: "image/png", Size: int64(len(content)), Blob: kept.URLHash}}, m.Files)
	_, err = send(Link(d.World, kept.URL))
	requireCode(t, CodeBusiness, err)
}

// Proves: shopee/image-url-origin
func TestPicturesFromElsewhere(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	d.hears(d.open(aBuyer, Conversation{}), chat.RoleBuyer, "?")
	hash := strings.Repeat("0a", 16)
	for address, own := range map[string]bool{
		d.BaseURL + "/file/" + hash: true, "/file/" + hash: true, d.BaseURL + "/file/" + hash + "_tn": true,
		"https://cf.shopee.sg/file/" + hash: false, d.BaseURL + "/file/x": false, d.BaseURL + "/" + hash: false,
		"http://127.0.0.1:8080/file/" + hash: false, "": false,
	} {
		_, found := ownImage(d.World, Image{URL: address})
		require.Equal(t, own, found, address)
	}
	image := func(draft *Draft) {
		draft.Type, draft.Content = TypeImage, Content{Image: &Image{URL: "https://img.example.com/a.png"}}
	}
	_, err := d.send(aBuyer, "", image)
	require.Equal(t, errForeignImage, err)
	m, err := d.send(aBuyer, "", image, func(draft *Draft) { draft.Via = ViaWebchat })
	require.NoError(t, err)
	require.Equal(t, "https://img.example.com/a.png", MessageOf(m).Content.Image.URL)
	d.set(newest, map[string]string{switchImageOrigin: "any"})
	_, err = d.send(aBuyer, "", image)
	require.NoError(t, err)
}

// Proves: shopee/image-types, shopee/image-refused, shopee/image-max
func TestPicturesThatAreRefused(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	content := pngOf(t, 10, 10)
	keep := func(part string, content []byte, most int64) error {
		_, err := KeepImage(d.upload(part, "a.png", content), most)
		return err
	}
	require.NoError(t, keep("file", content, int64(len(content))))
	var jpg, animation bytes.Buffer
	require.NoError(t, jpeg.Encode(&jpg, image.NewGray(image.Rect(0, 0, 2, 2)), nil))
	require.NoError(t, gif.Encode(&animation, image.NewGray(image.Rect(0, 0, 2, 2)), nil))
	require.NoError(t, keep("file", jpg.Bytes(), 1<<20))
	require.NoError(t, keep("file", animation.Bytes(), 1<<20))
	used := d.Blobs.Used()
	requireCode(t, CodeParam, keep("file", content, int64(len(content)-1)))
	requireCode(t, CodeParam, keep("image", content, 1<<20))
	requireCode(t, CodeParam, keep("file", content[:12], 1<<20))
	requireCode(t, CodeParam, keep("file", nil, 1<<20))
	requireCode(t, CodeParam, keep("file", []byte("%PDF-1.7"), 1<<20))
	broken := d.upload("file", "a.png", content)
	broken.Request.Body = io.NopCloser(io.LimitReader(broken.Request.Body, 100))
	_, err := KeepImage(broken, 1<<20)
	requireCode(t, CodeParam, err)
	noForm := d.upload("file", "a.png", content)
	noForm.Request.Header.Set("Content-Type", "application/json")
	_, err = KeepImage(noForm, 1<<20)
	requireCode(t, CodeParam, err)
	require.Equal(t, used, d.Blobs.Used(), "nothing of them is kept")
}

// box is one of an MP4.
func box(kind string, content ...[]byte) []byte {
	inner := bytes.Join(content, nil)
	return append(binary.BigEndian.AppendUint32(nil, uint32(8+len(inner))), append([]byte(kind), inner...)...)
}

// film64 is an MP4 with its header behind the media, in 64 bits.
func film64(seconds float64) []byte {
	const scale = 90_000
	mvhd := make([]byte, 108)
	mvhd[0] = 1
	binary.BigEndian.PutUint32(mvhd[20:], scale)
	binary.BigEndian.PutUint64(mvhd[24:], uint64(seconds*scale))
	sound, picture := make([]byte, 84), make([]byte, 84)
	binary.BigEndian.PutUint16(picture[76:], 1080)
	binary.BigEndian.PutUint16(picture[80:], 1920)
	return slicesOf(box("ftyp", []byte("isom\x00\x00\x00\x00")), []byte("\x00\x00\x00\x01mdat\x00\x00\x00\x00\x00\x00\x00\x14abcd"),
		box("moov", box("mvhd", mvhd), box("trak", box("tkhd", sound)), box("trak", box("tkhd", picture))))
}

func slicesOf(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// Proves: shopee/upload-video, shopee/video-vid, shopee/video-result, shopee/video-result-time, shopee/send-video
// Proves: shopee/send-video-not-ready
func TestAFilmIsKeptAndSent(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	d.hears(d.open(aBuyer, Conversation{}), chat.RoleBuyer, "?")
	content := film64(12.4)
	vid, err := KeepVideo(d.upload("file", "a.mp4", content))
	require.NoError(t, err)
	require.Regexp(t, `^sg-11110133-[0-9a-z]{8}-[0-9a-f]{32}$`, vid)
	send := func() (chat.Message, error) {
		return d.send(aBuyer, "", func(draft *Draft) { draft.Type, draft.Content = TypeVideo, Content{Video: &Video{VID: vid}} })
	}
	d.advance(5*time.Second - time.Millisecond)
	result, found := VideoResult(d.World, vid)
	require.True(t, found)
	require.Equal(t, VideoStatus{Status: VideoReported}, result)
	_, err = send()
	require.Equal(t, errVideoUnready, err)
	d.advance(time.Millisecond)
	result, _ = VideoResult(d.World, vid)
	require.Equal(t, VideoStatus{
		Status: VideoSuccessful, URL: "/api/v4/11110133/mms/" + vid + ".default.mp4", Thumb: "/file/" + vid[len(vid)-32:] + "_tn",
		Width: 1080, Height: 1920, Length: 12400 * time.Millisecond,
	}, result)
	m, err := send()
	require.NoError(t, err)
	require.Equal(t, Video{VID: vid, URL: result.URL, Thumb: result.Thumb, Width: 225, Height: 400, Seconds: 12}, *MessageOf(m).Content.Video)
	require.Len(t, m.Files, 1)
	_, served := d.download(downloadVideo, "file", vid+".default.mp4")
	require.Equal(t, string(content), served)
	kind, served := d.download(downloadFile, "file_id", vid[len(vid)-32:]+"_tn")
	require.Equal(t, []string{"image/png", marketplace.Pixel}, []string{kind, served})
	for _, unknown := range []string{"", "x", "sg-11110133-mrpkn7hlghzc35", vid[:len(vid)-1] + "x", strings.Replace(vid, "sg-", "sg--", 1)} {
		_, found = VideoResult(d.World, unknown)
		require.False(t, found, unknown)
	}
}

// Proves: shopee/send-video-unknown, shopee/send-video
func TestAFilmThatNobodyUploadedNeedsAnAddress(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	d.hears(d.open(aBuyer, Conversation{}), chat.RoleBuyer, "?")
	send := func(via Via, told Video) (Video, error) {
		m, err := d.send(aBuyer, "", func(draft *Draft) { draft.Via, draft.Type, draft.Content = via, TypeVideo, Content{Video: &told} })
		if err != nil {
			return Video{}, err
		}
		return *MessageOf(m).Content.Video, nil
	}
	for _, vid := range []string{"x", "th-11110133-6v8gu-mrpkn7hlghzc35", videoID("SG", midday, strings.Repeat("0a", 16))} {
		_, err := send(ViaOpen, Video{VID: vid})
		require.Equal(t, errVideoUnknown, err, vid)
		_, err = send(ViaOpen, Video{VID: vid, Thumb: "https://x/y.png", Seconds: 3})
		require.Equal(t, errVideoUnknown, err, vid)
		told := Video{VID: vid, URL: "https://x/" + vid + ".mp4", Seconds: 3}
		got, err := send(ViaOpen, told)
		require.NoError(t, err)
		require.Equal(t, told, got)
	}
	got, err := send(ViaWebchat, Video{VID: "../a?b"})
	require.NoError(t, err)
	require.Equal(t, Video{VID: "../a?b", URL: "/api/v4/11110133/mms/..%2Fa%3Fb.default.mp4"}, got)
}

// Proves: shopee/video-length, shopee/video-result
func TestFilmsThatFail(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	for name, tt := range map[string]struct {
		content []byte
		want    string
	}{
		"a second":           {film64(1), VideoSuccessful},
		"less":               {film64(0.99), VideoFailed},
		"three minutes":      {film64(180), VideoSuccessful},
		"more":               {film64(180.1), VideoFailed},
		"much more":          {film64(1e12), VideoFailed},
		"no film":            {[]byte("no film"), VideoFailed},
		"nothing":            {nil, VideoFailed},
		"no type":            {film64(5)[16:], VideoFailed},
		"the half":           {film64(5)[:60], VideoFailed},
		"without movie":      {film64(5)[:16], VideoFailed},
		"an endless last":    {slicesOf(box("ftyp"), film64(5)[16:36], []byte("\x00\x00\x00\x00"), film64(5)[40:]), VideoSuccessful},
		"what a fixture has": {[]byte(clip), VideoSuccessful},
	} {
		vid, err := KeepVideo(d.upload("file", "a.mp4", tt.content))
		require.NoError(t, err)
		d.advance(processTime)
		result, found := VideoResult(d.World, vid)
		require.True(t, found)
		require.Equal(t, tt.want, result.Status, name)
		require.Equal(t, tt.want == VideoFailed, result.Message != "", name)
	}
	c := d.upload("file", "a.mp4", nil)
	c.Request.ContentLength = 40 << 20
	_, err := KeepVideo(c)
	requireCode(t, CodeParam, err)
}

// Proves: shopee/media-urls, shopee/upload-video
func TestNothingThatIsSentIsServedAsAPage(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	const page = "<html><script>alert(1)</script></html>"
	for _, told := range []string{"text/html", "text/html; charset=utf-8", "image/svg+xml", "application/xhtml+xml", "audio/mpeg"} {
		vid, err := KeepVideo(d.uploadAs(told, "file", "a.html", []byte(page)))
		require.NoError(t, err)
		_, id, ok := readVideoID(vid)
		require.True(t, ok)
		kind, served := d.download(downloadVideo, "file", vid+videoTail)
		require.Equal(t, []string{"video/mp4", page}, []string{kind, served})
		kind, _ = d.download(downloadFile, "file_id", id)
		require.Equal(t, "video/mp4", kind)

		kept, err := d.Blobs.Put(t.Context(), "a.html", told, strings.NewReader(page), 1000) // as the control API keeps one
		require.NoError(t, err)
		kind, _ = d.download(downloadFile, "file_id", kept.ID)
		require.Equal(t, "application/octet-stream", kind)
		kind, served = d.download(downloadFile, "file_id", kept.ID+thumbTail)
		require.Equal(t, []string{"image/png", marketplace.Pixel}, []string{kind, served})
	}
	_, err := KeepImage(d.uploadAs("image/png", "file", "a.png", []byte(page)), 1000)
	requireCode(t, CodeParam, err)
}

// Proves: shopee/media-urls
func TestMediaOfFixturesAreServed(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	id := strings.Repeat("0a", 16)
	kind, served := d.download(downloadFile, "file_id", id)
	require.Equal(t, "image/png", kind)
	_, _, err := image.Decode(strings.NewReader(served))
	require.NoError(t, err)
	kind, served = d.download(downloadVideo, "file", videoID("TH", midday, id)+videoTail)
	require.Equal(t, "video/mp4", kind)
	movie, err := readMovie(strings.NewReader(served))
	require.NoError(t, err)
	require.Equal(t, 15*time.Second, movie.length)
	for _, wrong := range []string{"", "x", id + "x", "../" + id} {
		c := d.call()
		c.Path = map[string]string{"file_id": wrong, "file": wrong}
		_, err := downloadFile(c)
		require.ErrorIs(t, err, marketplace.ErrNoRoute)
		_, err = downloadVideo(c)
		require.ErrorIs(t, err, marketplace.ErrNoRoute)
	}
}

func FuzzReadMovie(f *testing.F) {
	f.Add(film64(5))
	f.Add([]byte(clip))
	f.Fuzz(func(t *testing.T, content []byte) {
		if m, err := readMovie(bytes.NewReader(content)); err == nil {
			require.GreaterOrEqual(t, m.length, time.Duration(0))
		}
	})
}
