// Package webchat is the chat of the seller centre: a bearer token, bare objects
// and arrays under /webchat/api. It knows what its callers see; what is so in both
// APIs is shop's.
package webchat

import (
	"net/http"

	"example.com/marketmock/internal/marketplace"
)

// Spec is the document of this API.
const Spec = "shopee-webchat"

// Prefix is what its paths begin with.
const Prefix = "/webchat/"

// Hosts are those of seller centres. Claim shopee/webchat-hosts.
func Hosts() []string {
	return []string{
		"seller.xiapi.shopee.cn", "seller.my.shopee.cn", "seller.sg.shopee.cn", "seller.tw.shopee.cn", "seller.id.shopee.cn",
		"seller.th.shopee.cn", "seller.vn.shopee.cn", "seller.ph.shopee.cn", "seller.br.shopee.cn",
		"seller.shopee.tw", "seller.shopee.co.id", "seller.shopee.co.th", "seller.shopee.com.my", "seller.shopee.vn",
		"seller.shopee.cn", "seller.shopee.com.br", "banhang.shopee.vn",
	}
}

// Names of the operations in the spec.
const (
	opCreateSession   = "createSession"
	opEndSession      = "endSession"
	opLoginByCookie   = "loginByCookie"
	opLogin           = "login"
	opCoreLogin       = "coreLogin"
	opGetSettings     = "getSettings"
	opGetMessages     = "getMessages"
	opListV1          = "listConversationsV1"
	opList            = "listConversations"
	opQuery           = "queryConversations"
	opListSubaccount  = "listSubaccountConversations"
	opListServingMode = "listServingConversations"
	opListServing     = "listServing"
	opServingAttr     = "getServingAttributes"
	opUnreadCount     = "getUnreadCount"
	opMiniUnreadCount = "getMiniUnreadCount"
	opSync            = "syncUser"
	opSend            = "sendMessage"
	opRead            = "readConversation"
	opUnread          = "unreadConversation"
	opStatus          = "setConversationStatus"
	opEnter           = "enterConversation"
	opOpen            = "openConversation"
	opGetUser         = "getUser"
	opGetOrder        = "getOrder"
	opGetProduct      = "getProduct"
	opGetShortcuts    = "getShortcuts"
	opGetShopList     = "getShopList"
	opGetUserSetting  = "getUserSetting"
	opUploadImage     = "uploadImage"
	opGetChatSetting  = "getChatSetting"
	opPutChatSetting  = "putChatSetting"
	opGetOfflineReply = "getOfflineReply"
	opPutAutoReply    = "putAutoReply"
	opGetShopSetting  = "getShopSetting"
)

// Operations is every method and what it does.
func Operations() map[string]marketplace.Operation {
	return map[string]marketplace.Operation{
		opCreateSession:   {Run: withBody(createSession)},
		opEndSession:      {Run: endSession},
		opLoginByCookie:   {Run: loginByCookie},
		opLogin:           {Run: login},
		opCoreLogin:       {Run: coreLogin},
		opGetSettings:     {Run: getSettings},
		opGetMessages:     {Run: getMessages},
		opListV1:          {Run: listV1},
		opList:            {Run: list},
		opQuery:           {Run: withBody(query)},
		opListSubaccount:  {Run: listSubaccount},
		opListServingMode: {Run: withBody(listServing)},
		opListServing:     {Run: withBody(listServing)},
		opServingAttr:     {Run: nothing},
		opUnreadCount:     {Run: unreadCount},
		opMiniUnreadCount: {Run: miniUnreadCount},
		opSync:            {Run: withBody(syncUser)},
		opSend:            {Run: withBody(sendMessage)},
		opRead:            {Run: withBody(readConversation)},
		opUnread:          {Run: withBody(unreadConversation)},
		opStatus:          {Run: withBody(setStatus)},
		opEnter:           {Run: withBody(enterConversation)},
		opOpen:            {Run: withBody(openConversation)},
		opGetUser:         {Run: getUser},
		opGetOrder:        {Run: getOrder},
		opGetProduct:      {Run: getProduct},
		opGetShortcuts:    {Run: getShortcuts},
		opGetShopList:     {Run: getShopList},
		opGetUserSetting:  {Run: nothing},
		opUploadImage:     {Run: uploadImage, Stream: true},
		opGetChatSetting:  {Run: getChatSetting},
		opPutChatSetting:  {Run: withBody(putChatSetting)},
		opGetOfflineReply: {Run: getOfflineReply},
		opPutAutoReply:    {Run: withBody(putAutoReply)},
		opGetShopSetting:  {Run: getShopSetting},
	}
}

// Guards look at calls of this API alone, in an order that nobody documents. Claim
// shopee/webchat-guard-order.
func Guards() []marketplace.Guard {
	return []marketplace.Guard{
		{Name: "webchat-token", Check: own(guardToken)},
		{Name: "webchat-cookie", Check: own(guardCookie)},
		{Name: "webchat-x-s", Check: own(guardSign)},
		{Name: "webchat-csrf", Check: own(guardCSRF)},
		{Name: "webchat-anti-fraud", Check: own(guardFraud)},
		{Name: "webchat-method", Check: own(guardMethod)},
		{Name: "webchat-shop", Check: own(guardShop)},
	}
}

// own lets calls of other APIs pass.
func own(check func(*marketplace.Call) error) func(*marketplace.Call) error {
	return func(c *marketplace.Call) error {
		if c.Operation.Spec != Spec {
			return nil
		}
		return check(c)
	}
}

// withBody makes an operation of a function on a JSON body.
func withBody(run func(*marketplace.Call, *body) (marketplace.Response, error)) func(*marketplace.Call) (marketplace.Response, error) {
	return func(c *marketplace.Call) (marketplace.Response, error) {
		b, err := readBody(c)
		if err != nil {
			return marketplace.Response{}, err
		}
		return run(c, b)
	}
}

func ok(answer any) (marketplace.Response, error) {
	return marketplace.Response{Status: http.StatusOK, Header: jsonHeader(), Body: answer}, nil
}

func jsonHeader() http.Header { return http.Header{"Content-Type": {"application/json"}} }

// noContent is an answer without a body.
func noContent() (marketplace.Response, error) {
	return marketplace.Response{Status: http.StatusNoContent}, nil
}

// nothing answers what nobody recorded. Claim shopee/webchat-companions.
func nothing(*marketplace.Call) (marketplace.Response, error) { return ok(struct{}{}) }
