// Package ozon emulates the chat part of the Ozon Seller API: its methods, its
// refusals, its notifications, and what is disputed about them as switches. It
// knows no other marketplace and no sandbox: everything comes with a world.
package ozon

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// API is the emulator. It holds no state.
type API struct{}

// New makes the emulator.
func New() *API { return &API{} }

var _ marketplace.Emulator = (*API)(nil)

// Name is the word in paths.
func (a *API) Name() string { return "ozon" }

// Specs are the documents: the API and the links to files of chats.
func (a *API) Specs() []string { return []string{specAPI, specFiles} }

// Hosts are the API's host and the one that serves files of chats.
func (a *API) Hosts() []string { return []string{"api-seller.ozon.ru", "seller.ozon.ru"} }

const (
	specAPI   = "ozon"
	specFiles = "ozon-files"
	specPush  = "ozon-push"
)

// Names of the operations in the specs.
const (
	opStart         = "ChatAPI_ChatStart"
	opSendMessage   = "ChatAPI_ChatSendMessage"
	opSendFile      = "ChatAPI_ChatSendFile"
	opListV3        = "ChatAPI_ChatListV3"
	opHistoryV3     = "ChatAPI_ChatHistoryV3"
	opReadV2        = "ChatAPI_ChatReadV2"
	opListV2        = "ChatAPI_ChatListV2"
	opHistoryV2     = "ChatAPI_ChatHistoryV2"
	opHookSet       = "SetNotification"
	opHookUpdate    = "UpdateNotification"
	opHookDelete    = "DeleteNotification"
	opHookCheck     = "CheckNotification"
	opHookEnable    = "EnableNotification"
	opHookList      = "NotificationList"
	opHookPushTypes = "GetNotificationPushTypeList"
	opRoles         = "AccessAPI_RolesByToken"
	opSellerInfo    = "SellerAPI_SellerInfo"
	opFileDownload  = "ChatFileDownload"
)

// Operations is every method and what it does. Version 2 of list and history
// exists in older editions only; see exists.
func (a *API) Operations() map[string]marketplace.Operation {
	return map[string]marketplace.Operation{
		opStart:         method(startChat),
		opSendMessage:   method(sendMessage),
		opSendFile:      method(sendFile),
		opListV3:        method(listChats),
		opHistoryV3:     method(history),
		opReadV2:        method(readChat),
		opListV2:        method(legacyList),
		opHistoryV2:     method(legacyHistory),
		opHookSet:       method(setHook),
		opHookUpdate:    method(updateHook),
		opHookDelete:    method(deleteHook),
		opHookCheck:     method(checkHook),
		opHookEnable:    method(enableHook),
		opHookList:      method(listHooks),
		opHookPushTypes: method(listPushTypes),
		opRoles:         method(listRoles),
		opSellerInfo:    method(sellerInfo),
		opFileDownload:  {Run: downloadFile},
	}
}

// Guards run before every operation, in the vendor's order: the method exists,
// who calls, what the key may, how often, and whether the body can be read.
// Route and verb are looked at before them; the subscription, the chat and its
// rules after them.
func (a *API) Guards() []marketplace.Guard {
	return []marketplace.Guard{
		{Name: "operation", Check: guardOperation},
		{Name: "headers", Check: guardHeaders},
		{Name: "client-id", Check: guardClientID},
		{Name: "key", Check: guardKey},
		{Name: "access", Check: guardAccess},
		{Name: "rate-limit", Check: guardRate},
		{Name: "content-type", Check: guardContentType},
		{Name: "body", Check: guardBody},
	}
}

func guardOperation(c *marketplace.Call) error {
	if !exists(c.Operation.ID, c.Config.Settings) {
		return marketplace.ErrNoRoute
	}
	return nil
}

// Paths are none: every method has one path.
func (a *API) Paths(string) []string { return nil }

// method makes an operation of a function on a readable body.
func method(run func(*marketplace.Call, *body) (marketplace.Response, error)) marketplace.Operation {
	return marketplace.Operation{Run: func(c *marketplace.Call) (marketplace.Response, error) {
		b, err := readBody(c)
		if err != nil {
			return marketplace.Response{}, err
		}
		return run(c, b)
	}}
}

func ok(answer any) (marketplace.Response, error) {
	return marketplace.Response{Status: http.StatusOK, Header: jsonHeader(), Body: answer}, nil
}

func jsonHeader() http.Header { return http.Header{"Content-Type": {"application/json"}} }

// Store orders chats as the list shows them and mints ids that look like the
// vendor's.
func (a *API) Store() chat.Options {
	return chat.Options{
		Indexes: []chat.Index{
			{Name: indexList, Rows: listRows},
			{Name: indexPosting, Rows: postingRows},
		},
		MintMessage: mintMessage,
	}
}

const (
	idBase      = 3_000_000_000_000_000_000
	idPerMilli  = 5
	idAtAnchor  = 399_077_800_000
	idAnchorDay = 1_770_854_400_000 // 12 February 2026 in milliseconds
)

// mintMessage follows the ids seen on 12 February 2026 and the pace at which
// they had grown until then. Claims ozon/message-ids-19-digits,
// ozon/message-ids-grow. An odd id is never a float64, so that clients that read
// numbers as JavaScript does always lose digits.
func mintMessage(at time.Time, last uint64) uint64 {
	id := int64(idBase + idAtAnchor + (at.UnixMilli()-idAnchorDay)*idPerMilli)
	return max(uint64(max(id, idBase))|1, last+1)
}

// Curl asks for the first chats of a seller.
func (a *API) Curl(base string, s chat.Seller) string {
	keys := a.credentials(s)
	return fmt.Sprintf(`curl -sS %s/v3/chat/list -H 'Client-Id: %s' -H 'Api-Key: %s' -H 'Content-Type: application/json' -d '{"limit":30}'`,
		strings.TrimRight(base, "/"), keys.ClientID, keys.APIKey)
}
