package control_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/push"
	"example.com/marketmock/specs"
)

const (
	toyChat  = "00000000-0000-4000-8000-00000000c001"
	toyOrder = "47000001-0001-1"
	toySpec  = `
openapi: 3.0.3
info: {title: toy, version: "1"}
paths:
  /v3/chat/list:
    post:
      operationId: ChatAPI_ChatListV3
      requestBody: {content: {application/json: {schema: {type: object, properties: {limit: {type: integer}}}}}}
      responses: {"200": {description: chats}}
`
)

// toy is a marketplace with one operation. It has the name, switch, limit and
// action that the examples of the control API speak of.
type toy struct{ player toyPlayer }

type toyCredentials struct {
	ClientID string `json:"client_id"`
}

func (toy) Name() string                                   { return "ozon" }
func (toy) Specs() []string                                { return []string{"toy"} }
func (toy) Hosts() []string                                { return nil }
func (toy) Credential(r *http.Request) []string            { return []string{r.Header.Get("Client-Id")} }
func (toy) Owned(s chat.Seller) []string                   { return []string{s.ID} }
func (toy) Credentials(s chat.Seller) any                  { return toyCredentials{ClientID: s.ID} }
func (toy) Curl(base string, _ chat.Seller) string         { return "curl " + base }
func (toy) Guards() []marketplace.Guard                    { return nil }
func (toy) Store() chat.Options                            { return chat.Options{} }
func (toy) Overlays(string, marketplace.Settings) []string { return nil }
func (toy) Fixture() marketplace.FixtureSection            { return marketplace.FixtureSection{} }
func (t toy) Player() marketplace.Player                   { return t.player }
func (toy) Error(*marketplace.Call, error) marketplace.Response {
	return marketplace.Response{Status: 500}
}
func (toy) Broken(_ *marketplace.Call, r marketplace.Response) marketplace.Response { return r }

func (toy) Operations() map[string]marketplace.Operation {
	return map[string]marketplace.Operation{"ChatAPI_ChatListV3": {Run: func(*marketplace.Call) (marketplace.Response, error) {
		return marketplace.Response{Status: 200}, nil
	}}}
}

func (toy) Paths(string) []string { return nil }

func (toy) Limits(*marketplace.Config) []limit.Rule {
	return []limit.Rule{
		{Name: "requests-per-second", Kind: limit.Window, Max: 50, Per: time.Second, Key: "Client-Id", Description: "all calls"},
		{Name: "lists-per-hour", Kind: limit.Window, Max: 500, Per: time.Hour, Slides: true, Key: "Client-Id", Description: "one operation"},
		{Name: "at-once", Kind: limit.InFlight, Max: 4, Key: "Client-Id", Description: "all calls"},
		{Name: "calls-per-day", Kind: limit.Window, Max: 9000, Per: 24 * time.Hour, Offset: -8 * time.Hour, Key: "Client-Id", Description: "a day of UTC+08:00"},
	}
}

func (toy) Switches() []marketplace.Switch {
	return []marketplace.Switch{{
		Name: "id-format", Values: []string{"number", "string", "19"},
		Default: func(time.Time) string { return "number" }, By: "a value", Why: "disputed", Claim: "toy/id-format",
	}}
}

func (toy) Actions() []marketplace.Action {
	return []marketplace.Action{{
		Name: "subscription.set", Summary: "set it", Input: &jsonschema.Schema{Type: "object"},
		Run: func(_ *marketplace.World, input json.RawMessage) (any, error) {
			var in struct {
				Subscription string `json:"subscription"`
			}
			if err := json.Unmarshal(input, &in); err != nil || in.Subscription == "" {
				return nil, &marketplace.InputError{Field: "subscription", Reason: "say which"}
			}
			return in, nil
		},
	}, {
		Name: "bug", Summary: "fails with a secret",
		Run: func(*marketplace.World, json.RawMessage) (any, error) { return nil, errors.New("secret of the inside") },
	}}
}

func (toy) Notified() []string { return []string{"TYPE_NEW_MESSAGE"} }

func (toy) Notifications(w *marketplace.World, e chat.Applied) []push.Notification {
	posted, ok := e.Event.(chat.MessagePosted)
	if !ok {
		return nil
	}
	var out []push.Notification
	for _, hook := range w.Store.Webhooks("") {
		body, _ := json.Marshal(map[string]string{"text": posted.Message.Text})
		out = append(out, push.Notification{
			Marketplace: w.Marketplace, Seller: hook.Seller, Webhook: hook.ID, Event: "TYPE_NEW_MESSAGE",
			Method: http.MethodPost, URL: hook.URL, Header: http.Header{"Content-Type": {"application/json"}}, Body: body,
		})
	}
	return out
}

func (toy) Protocol(*marketplace.World) push.Protocol {
	return push.Protocol{
		Timeout: 10 * time.Second,
		Judge: func(_ push.Notification, r push.Reply) push.Verdict {
			return push.Verdict{OK: r.Status == http.StatusOK}
		},
		Next: func(int) (time.Duration, bool) { return 0, false },
	}
}

func (toy) Resume(*marketplace.World) {}

// toyPlayer adds the text of a message to the chat's Ext if something happens
// while it decides: meanwhile is called each time.
type toyPlayer struct {
	meanwhile func(*marketplace.World)
	absent    []chat.Role
}

func (p toyPlayer) Author(c chat.Chat, role chat.Role) (chat.Author, bool) {
	if role == chat.RoleBuyer {
		return chat.Author{Role: role, ID: c.Buyer}, true
	}
	return chat.Author{Role: role}, !slices.Contains(p.absent, role)
}

func (toyPlayer) OpenChat(w *marketplace.World, in marketplace.ChatInput) ([]chat.Event, error) {
	if in.Order != "" {
		if _, ok := w.Store.Order(in.Order); !ok {
			return nil, &marketplace.InputError{Field: "order", Reason: "there is no such order"}
		}
	}
	id := in.ID
	if id == "" {
		id = "chat-" + strconv.Itoa(w.Store.Chats())
	}
	return []chat.Event{chat.ChatOpened{At: w.Clock.Now(), Chat: chat.Chat{ID: id, Seller: "1001", Buyer: in.Buyer}}}, nil
}

func (p toyPlayer) PostMessage(w *marketplace.World, c chat.Chat, in marketplace.MessageInput) ([]chat.Event, error) {
	if in.From == "courier" {
		return nil, &marketplace.InputError{Field: "from", Reason: "there is no courier"}
	}
	m := chat.Message{Chat: c.ID, From: chat.Author{Role: chat.RoleBuyer, ID: "115001"}, Text: in.Text}
	if in.From != "" {
		m.From = chat.Author{Role: chat.Role(in.From)}
	}
	if in.File != nil {
		m.Files = []chat.File{{Name: in.File.Name, ContentType: in.File.ContentType, Size: int64(len(in.File.Content)), URL: in.File.URL, Blob: in.File.Blob}}
	}
	if p.meanwhile != nil {
		p.meanwhile(w)
		ext, _ := c.Ext.(string)
		changed := chat.ChatChanged{At: w.Clock.Now(), ID: c.ID, Ext: ext + in.Text}
		return []chat.Event{changed, chat.MessagePosted{At: w.Clock.Now(), Message: m}}, nil
	}
	return []chat.Event{chat.MessagePosted{At: w.Clock.Now(), Message: m}}, nil
}

func (toyPlayer) ReturnOrder(_ *marketplace.World, order chat.Order, at time.Time) ([]chat.Event, error) {
	return []chat.Event{chat.OrderReturned{At: at, ID: order.ID}}, nil
}

func (toyPlayer) PlaceOrder(w *marketplace.World, in marketplace.OrderInput) ([]chat.Event, error) {
	o := chat.Order{ID: in.ID, Seller: "1001", Buyer: in.Buyer, Scheme: in.Scheme, Placed: w.Clock.Now()}
	if in.Paid != nil {
		o.Paid = *in.Paid
	}
	for _, i := range in.Items {
		o.Items = append(o.Items, chat.Item{SKU: i.SKU, OfferID: i.OfferID, Name: i.Name})
	}
	return []chat.Event{chat.OrderPlaced{At: w.Clock.Now(), Order: o}}, nil
}

func (toyPlayer) SetWebhook(w *marketplace.World, in marketplace.WebhookInput, beside []chat.Webhook) ([]chat.Event, error) {
	for _, other := range beside {
		if other.URL == in.URL {
			return nil, &marketplace.InputError{Reason: "there is this one already"}
		}
	}
	if !strings.HasPrefix(in.URL, "http") {
		return nil, &marketplace.InputError{Field: "url", Reason: "this is no address"}
	}
	return []chat.Event{chat.WebhookSaved{At: w.Clock.Now(), Webhook: chat.Webhook{
		Seller: "1001", URL: in.URL, Types: in.Types, Enabled: true, Created: w.Clock.Now(),
	}}}, nil
}

// toyWorld is a fixture: two sellers, an order and a chat with two messages.
type toyWorld struct{}

func (toyWorld) Events(_ marketplace.Emulator, env marketplace.Env) ([]chat.Event, error) {
	at := env.Now.Add(-time.Hour)
	seller := strconv.Itoa(1001 + 10*env.Serial)
	return []chat.Event{
		chat.SellerAdded{At: at, Seller: chat.Seller{ID: seller, Name: "Northern tea"}},
		chat.SellerAdded{At: at, Seller: chat.Seller{ID: seller + "-2", Name: "Southern tea"}},
		chat.OrderPlaced{At: at, Order: chat.Order{ID: toyOrder, Seller: seller, Buyer: "115001", Scheme: "FBS", Items: []chat.Item{{SKU: "1"}}}},
		chat.ChatOpened{At: at, Chat: chat.Chat{ID: toyChat, Seller: seller, Buyer: "115001", Order: toyOrder}},
		chat.MessagePosted{At: at, Message: chat.Message{Chat: toyChat, ID: 900719925474099301, From: chat.Author{Role: chat.RoleSeller, ID: seller}, Text: "hello"}},
		chat.MessagePosted{At: at, Message: chat.Message{Chat: toyChat, From: chat.Author{Role: chat.RoleBuyer, ID: "115001"}, Text: "hi"}},
	}, nil
}

// library has the control API's spec and the toy's.
func library(t *testing.T) *openapi.Library {
	t.Helper()
	contract, err := fs.ReadFile(specs.FS, "control.yaml")
	require.NoError(t, err)
	return openapi.NewLibrary(fstest.MapFS{
		"control.yaml": {Data: contract},
		"toy.yaml":     {Data: []byte(toySpec)},
	})
}
