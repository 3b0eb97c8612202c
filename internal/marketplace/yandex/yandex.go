// Package yandex emulates the chats of the Yandex Market Partner API: its
// methods, its refusals, its notifications, and what is disputed about them as
// switches. It knows no other marketplace and no sandbox: everything comes with a
// world.
package yandex

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
func (a *API) Name() string { return "yandex" }

// Specs are the documents: the API and the links to files of chats.
func (a *API) Specs() []string { return []string{specAPI, specFiles} }

// Hosts are the API's host, the one for sellers of Market Yandex Go, and the one
// that serves files of chats. Claim yandex/hosts.
func (a *API) Hosts() []string {
	return []string{"api.partner.market.yandex.ru", "api.partner.market.yandex.net", "files.messenger.yandex.net"}
}

const (
	specAPI   = "yandex"
	specFiles = "yandex-files"
	specPush  = "yandex-push"
)

// Names of the operations in the specs.
const (
	opGetChats     = "getChats"
	opGetChat      = "getChat"
	opGetHistory   = "getChatHistory"
	opGetMessage   = "getChatMessage"
	opSendMessage  = "sendMessageToChat"
	opSendFile     = "sendFileToChat"
	opCreateChat   = "createChat"
	opGetCampaigns = "getCampaigns"
	opGetTokenInfo = "getAuthTokenInfo"
	opDownloadFile = "downloadFile"
)

// Operations is every method and what it does.
func (a *API) Operations() map[string]marketplace.Operation {
	return map[string]marketplace.Operation{
		opGetChats:     {Run: withBody(getChats)},
		opGetChat:      {Run: getChat},
		opGetHistory:   {Run: withBody(getHistory)},
		opGetMessage:   {Run: getMessage},
		opSendMessage:  {Run: withBody(sendMessage)},
		opSendFile:     {Run: sendFile, Stream: true},
		opCreateChat:   {Run: withBody(createChat)},
		opGetCampaigns: {Run: getCampaigns},
		opGetTokenInfo: {Run: getTokenInfo},
		opDownloadFile: {Run: downloadFile},
	}
}

// Guards run before every operation, in the order that we believe to be the
// vendor's: nothing documents it. Route and verb are looked at before them; the
// chat and its rules after them. Claim yandex/guard-order.
func (a *API) Guards() []marketplace.Guard {
	return []marketplace.Guard{
		{Name: "path", Check: guardPath},
		{Name: "parallel-limit", Check: guardParallel},
		{Name: "credentials", Check: guardCredentials},
		{Name: "scope", Check: guardScope},
		{Name: "cabinet", Check: guardCabinet},
		{Name: "rate-limit", Check: guardRate},
		{Name: "body-size", Check: guardSize},
		{Name: "content-type", Check: guardContentType},
		{Name: "query", Check: guardQuery},
		{Name: "body", Check: guardBody},
	}
}

// open is for operations that look at credentials themselves and that no limit
// counts. Claim yandex/file-download-token.
func open(c *marketplace.Call) bool { return c.Operation.Spec == specFiles }

// withBody makes an operation of a function on a body that the guards have seen.
func withBody(run func(*marketplace.Call, *body) (marketplace.Response, error)) func(*marketplace.Call) (marketplace.Response, error) {
	return func(c *marketplace.Call) (marketplace.Response, error) {
		b, err := readBody(c)
		if err != nil {
			return marketplace.Response{}, err
		}
		return run(c, b)
	}
}

// done is what methods answer that have nothing to tell. Claim
// yandex/send-result.
type done struct {
	Status string `json:"status"`
}

var empty = done{Status: statusOK}

const statusOK = "OK"

func ok(answer any) (marketplace.Response, error) {
	return marketplace.Response{Status: http.StatusOK, Header: jsonHeader(), Body: answer}, nil
}

func jsonHeader() http.Header { return http.Header{"Content-Type": {"application/json"}} }

// Store orders chats in the three ways that the list may show them, finds those
// of an order, and mints ids that look like the vendor's.
func (a *API) Store() chat.Options {
	return chat.Options{
		Indexes: []chat.Index{
			{Name: indexUpdated, Rows: updatedRows},
			{Name: indexCreated, Rows: createdRows},
			{Name: indexID, Rows: idRows},
			{Name: indexOrder, Rows: orderRows},
		},
		MintMessage: mintMessage,
	}
}

// mintMessage is microseconds since the epoch, or the next number. Claims
// yandex/message-ids-microseconds, yandex/message-ids-grow.
func mintMessage(at time.Time, last uint64) uint64 {
	return max(uint64(max(at.UnixMicro(), 1)), last+1)
}

const versioned = "/v2/"

// Paths are those of a documented path that are served too: with .json behind
// it, and without the version. Claims yandex/json-suffix,
// yandex/unversioned-paths.
func (a *API) Paths(documented string) []string {
	bare, found := strings.CutPrefix(documented, strings.TrimSuffix(versioned, "/"))
	if !found {
		return nil
	}
	return []string{documented + jsonSuffix, bare, bare + jsonSuffix}
}

const jsonSuffix = ".json"

// Curl asks for the first chats of a seller.
func (a *API) Curl(base string, s chat.Seller) string {
	keys := a.credentials(s)
	return fmt.Sprintf(`curl -sS '%s/v2/businesses/%s/chats?limit=20' -H 'Api-Key: %s' -H 'Content-Type: application/json' -d '{}'`,
		strings.TrimRight(base, "/"), s.ID, keys.APIKey)
}
