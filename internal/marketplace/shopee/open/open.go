// Package open is the chat API of the Open Platform: signed calls under /api/v2,
// answers in an envelope. It knows what its callers see; what is so in both APIs
// is shop's.
package open

import (
	"net/http"

	"example.com/marketmock/internal/marketplace"
)

// Spec is the document of this API.
const Spec = "shopee"

// hostTrapped accepts partners and answers every signature with an error. Claim
// shopee/sandbox-host-trap.
const hostTrapped = "partner.test-stable.shopeemobile.com"

// Hosts are those of the live API, of its sandboxes, and of the sandbox that was
// there before. Claim shopee/hosts.
func Hosts() []string {
	return []string{
		"partner.shopeemobile.com", "openplatform.shopee.cn", "openplatform.shopee.com.br",
		"openplatform.sandbox.test-stable.shopee.sg", "openplatform.sandbox.test-stable.shopee.cn", hostTrapped,
	}
}

// Names of the operations in the spec.
const (
	opList           = "get_conversation_list"
	opOne            = "get_one_conversation"
	opHistory        = "get_message"
	opSend           = "send_message"
	opAutoReply      = "send_autoreply_message"
	opRecall         = "delete_message"
	opDelete         = "delete_conversation"
	opPin            = "pin_conversation"
	opUnpin          = "unpin_conversation"
	opUnread         = "unread_conversation"
	opMute           = "mute_conversation"
	opUnmute         = "unmute_conversation"
	opRead           = "read_conversation"
	opCount          = "get_unread_conversation_count"
	opOffers         = "get_offer_toggle_status"
	opSetOffers      = "set_offer_toggle_status"
	opUploadImage    = "upload_image"
	opUploadVideo    = "upload_video"
	opVideoResult    = "get_video_upload_result"
	opSatisfaction   = "get_csat_msg_details"
	opSetPush        = "set_app_push_config"
	opGetPush        = "get_app_push_config"
	opLostPush       = "get_lost_push_message"
	opConfirmLost    = "confirm_consumed_lost_push_message"
	opAuthorize      = "auth_partner"
	opGetToken       = "get_access_token"
	opRefreshToken   = "refresh_access_token"
	prefixSellerChat = "/api/v2/sellerchat/"
	prefixPush       = "/api/v2/push/"
)

// Operations is every method and what it does.
func Operations() map[string]marketplace.Operation {
	return map[string]marketplace.Operation{
		opList:         {Run: listConversations},
		opOne:          {Run: getConversation},
		opHistory:      {Run: getMessages},
		opSend:         {Run: withBody(sendMessage)},
		opAutoReply:    {Run: withBody(sendAutoReply)},
		opRecall:       {Run: withBody(recallMessage)},
		opDelete:       {Run: onConversation(deleteConversation)},
		opPin:          {Run: onConversation(pinConversation)},
		opUnpin:        {Run: onConversation(unpinConversation)},
		opUnread:       {Run: onConversation(unreadConversation)},
		opMute:         {Run: onConversation(muteConversation)},
		opUnmute:       {Run: onConversation(unmuteConversation)},
		opRead:         {Run: onConversation(readConversation)},
		opCount:        {Run: countUnread},
		opOffers:       {Run: getOffers},
		opSetOffers:    {Run: withBody(setOffers)},
		opUploadImage:  {Run: uploadImage, Stream: true},
		opUploadVideo:  {Run: uploadVideo, Stream: true},
		opVideoResult:  {Run: getVideoResult},
		opSatisfaction: {Run: getSatisfaction},
		opSetPush:      {Run: setPushConfig},
		opGetPush:      {Run: getPushConfig},
		opLostPush:     {Run: getLostPushes},
		opConfirmLost:  {Run: confirmLostPushes},
		opAuthorize:    {Run: authorize},
		opGetToken:     {Run: withBody(getToken)},
		opRefreshToken: {Run: withBody(refreshToken)},
	}
}

// Guards run before every operation of this API, in the order that we believe to
// be the vendor's: nothing documents it. Path and verb are looked at before them;
// what a method asks for and the rules of chats after them. Claim
// shopee/guard-order.
func Guards() []marketplace.Guard {
	return []marketplace.Guard{
		{Name: "partner-id", Check: only(guardPartnerID)},
		{Name: "timestamp", Check: only(guardTimestamp)},
		{Name: "presence", Check: only(guardPresence)},
		{Name: "sign", Check: only(guardSign)},
		{Name: "partner", Check: only(guardPartner)},
		{Name: "token", Check: only(guardToken)},
		{Name: "link", Check: only(guardLink)},
		{Name: "permission", Check: only(guardPermission)},
		{Name: "rate-limit", Check: only(guardRate)},
	}
}

// only is a guard that looks at calls of this API.
func only(check func(*marketplace.Call) error) func(*marketplace.Call) error {
	return func(c *marketplace.Call) error {
		if c.Operation.Spec != Spec {
			return nil
		}
		return check(c)
	}
}

// isPublic tells calls that belong to an app from those that belong to a shop.
// Claim shopee/sign-shop-base, shopee/sign-public-base.
func isPublic(c *marketplace.Call) bool { return c.Operation.Extensions["x-api"] == "public" }

// none is the response of methods that have nothing to tell. Claim
// shopee/change-reply.
type none struct{}

// ok is an answer in its envelope.
func ok(c *marketplace.Call, response any) (marketplace.Response, error) {
	return answered(envelope{Message: messageOf(c), RequestID: requestID(c), Response: response})
}

func answered(body any) (marketplace.Response, error) {
	return marketplace.Response{Status: http.StatusOK, Header: jsonHeader(), Body: body}, nil
}

func jsonHeader() http.Header { return http.Header{"Content-Type": {"application/json"}} }
