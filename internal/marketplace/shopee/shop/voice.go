package shop

import (
	"crypto/sha1"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// authors are the ids of those in a chat who are neither its shop nor its buyer.
var authors = marketplace.Authors{chat.RoleMarketplace: "shopee", chat.RoleBot: "chatbot"}

// Author is who acts in a chat; false for a role that nobody has.
func Author(c chat.Chat, role chat.Role) (chat.Author, bool) { return authors.In(c, role) }

// voice is how the messages of somebody look who does not write through one of the
// APIs. Claims shopee/message-statuses, shopee/message-sources, shopee/options.
type voice struct {
	role           chat.Role
	status, source string
	option         int
	unpushed       bool // claims shopee/push-app-answers, shopee/push-offwork
	notice         bool
}

// Names of voices.
const (
	voiceBuyer    = "buyer"
	voiceSeller   = "seller"   // a person in the seller centre
	voiceShopApp  = "shop-app" // a person in the marketplace's app
	voiceChatbot  = "chatbot"
	voiceAuto     = "auto"
	voiceOffwork  = "offwork"
	voicePlatform = "platform"
)

// writers are the names that a test may use; the platform has two.
var writers = []string{
	voiceBuyer, voiceSeller, voiceShopApp, voiceChatbot, voiceAuto, voiceOffwork, voicePlatform, TypeNotification,
}

var voices = map[string]voice{
	voiceBuyer:   {role: chat.RoleBuyer, status: StatusNormal, source: SourceApp},
	voiceSeller:  {role: chat.RoleSeller, status: StatusNormal, source: SourceWebchat},
	voiceShopApp: {role: chat.RoleSeller, status: StatusNormal, source: SourceApp, unpushed: true},
	voiceChatbot: {role: chat.RoleBot, status: StatusNormal, source: SourceChatbot, notice: true},
	voiceAuto:    {role: chat.RoleBot, status: StatusAutoReply, source: SourceWebchat, option: optionAuto, notice: true},
	voiceOffwork: {role: chat.RoleBot, status: StatusOffwork, source: SourceServer, option: optionAuto, notice: true, unpushed: true},
	voicePlatform: {
		role: chat.RoleMarketplace, status: StatusNormal, source: SourceWebchat, option: optionNotification, notice: true,
		unpushed: true,
	},
	TypeNotification: {
		role: chat.RoleMarketplace, status: StatusNormal, source: SourceWebchat, option: optionNotification, notice: true,
		unpushed: true,
	},
}

// says is a message in a chat. request is the id that its client would have made.
func (v voice) says(ch chat.Chat, at time.Time, kind string, content Content, request string) *chat.Message {
	from, _ := Author(ch, v.role)
	return &chat.Message{Chat: ch.ID, At: at, From: from, Text: content.Text, Ext: Message{
		Type: kind, Content: content, Status: v.status, Source: v.source, Option: v.option, RequestID: request,
		Business: ConversationOf(&ch).Business, Unpushed: v.unpushed, Notice: v.notice,
	}}
}

// requestID is the id of a voice's n-th message in a chat of a world. Claims
// shopee/webchat-auto-reply, shopee/message-shape.
func (v voice) requestID(world, chatID string, n int) string {
	if v.status == StatusAutoReply {
		return "chat-distribution-" + digest(world + "/" + chatID + "/" + strconv.Itoa(n))[:10]
	}
	return RequestID(world, chatID, n)
}

// RequestID is a uuid that follows from a world's name or seed, a chat and a
// message's number there.
func RequestID(world, chatID string, n int) string {
	return uuid.NewHash(sha1.New(), uuid.NameSpaceOID, []byte(world+"/"+chatID+"/"+strconv.Itoa(n)), 4).String()
}

// Paths of media on the host that has them. Claim shopee/media-urls.
const (
	filePath  = "/file/"
	thumbTail = "_tn"
	videoPath = "/api/v4/11110133/mms/"
	videoTail = ".default.mp4"
)

// Sizes in pixels of a thumbnail whose picture nobody has looked at.
const (
	usualWidth  = 400
	usualHeight = 711
)

// picture is the content of an image that the host of media has.
func picture(id string) Content {
	return Content{Image: &Image{URL: filePath + id, Thumb: filePath + id + thumbTail, Width: usualWidth, Height: usualHeight}}
}

// film is the content of a video that the host of media has, told at a moment.
// Claim shopee/video-vid.
func film(region string, at time.Time, id string, seconds int) Content {
	vid := videoID(region, at, id)
	return Content{Video: &Video{
		VID: vid, URL: videoPath + vid + videoTail, Thumb: filePath + id + thumbTail, Width: usualWidth, Height: usualHeight,
		Seconds: seconds,
	}}
}

func videoID(region string, at time.Time, id string) string {
	return strings.ToLower(region) + "-11110133-" + strconv.FormatInt(at.UnixMilli(), 36) + "-" + id
}

// Link is an address as clients see it: what begins with a slash is on the host of
// media, which is the world's own.
func Link(w *marketplace.World, address string) string {
	if len(address) > 0 && address[0] == '/' {
		return w.BaseURL + address
	}
	return address
}
