package ozon

import (
	"errors"
	"slices"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/plainjson"
	"example.com/marketmock/internal/push"
)

// empty is the answer of methods that the vendor describes no answer for. Claim
// ozon/notification-empty-answers.
type empty struct{}

// pushType is one type of notifications that can be asked for.
type pushType struct {
	name        string
	description string
	since       time.Time
	until       time.Time
}

// pushTypes is every type. Only those about chats are ever sent. Claim
// ozon/notification-types-edition.
var pushTypes = []pushType{
	{name: typeNewMessage, description: "Новое сообщение в чате"},
	{name: typeUpdateMessage, description: "Сообщение в чате изменено"},
	{name: typeMessageRead, description: "Ваше сообщение прочитано"},
	{name: typeChatClosed, description: "Чат закрыт"},
	{name: "TYPE_NEW_POSTING", description: "Новое отправление"},
	{name: "TYPE_POSTING_SHIPPED", description: "Отправление передано в доставку", until: dayNoShipped},
	{name: "TYPE_POSTING_CANCELLED", description: "Отправление отменено"},
	{name: "TYPE_STATE_CHANGED", description: "Новый статус отправления"},
	{name: "TYPE_DELIVERY_DATE_CHANGED", description: "Новая дата доставки отправления"},
	{name: "TYPE_CUTOFF_DATE_CHANGED", description: "Новая дата отгрузки отправления"},
	{name: "TYPE_CREATE_ITEM", description: "Товар создан или не создан из-за ошибки"},
	{name: "TYPE_UPDATE_ITEM", description: "Товар обновлён или не обновлён из-за ошибки"},
	{name: "TYPE_CREATE_OR_UPDATE_ITEM", description: "Товар создан, обновлён или не принят"},
	{name: "TYPE_STOCKS_CHANGED", description: "Остатки на складах продавца изменились"},
	{name: "TYPE_FBO_POSTING_NEW", description: "Новое отправление FBO", since: dayMorePushTypes},
	{name: "TYPE_FBO_POSTING_CANCELLED", description: "Отправление FBO отменено", since: dayMorePushTypes},
	{name: "TYPE_FBO_POSTING_STATE_CHANGED", description: "Новый статус отправления FBO", since: dayMorePushTypes},
	{name: "TYPE_FBO_POSTING_DELIVERY_DATE_CHANGED", description: "Новая дата доставки FBO", since: dayMorePushTypes},
	{name: "TYPE_FBO_STOCKS_CHANGED", description: "Остатки на складах Ozon изменились", since: dayMorePushTypes},
	{name: "TYPE_ORDER_NEW", description: "Новый заказ", since: dayMorePushTypes},
	{name: "TYPE_ORDER_CANCELLED", description: "Заказ отменён", since: dayMorePushTypes},
	{name: "TYPE_ORDER_STATE_CHANGED", description: "Новый статус заказа", since: dayMorePushTypes},
}

func (t pushType) known(s marketplace.Settings) bool {
	return s.Since(t.since) && (t.until.IsZero() || !s.Since(t.until))
}

func checkTypes(s marketplace.Settings, types []string) error {
	for _, name := range types {
		if !slices.ContainsFunc(pushTypes, func(t pushType) bool { return t.name == name && t.known(s) }) {
			return errHookTypes.at("/types", "enum")
		}
	}
	return nil
}

func checkURL(address string) error {
	if !marketplace.IsAddress(address) {
		return errHookURL.at("/url", "format")
	}
	return nil
}

// ping checks an address once, now. Claim ozon/push-ping.
func ping(c *marketplace.Call, hook int64, address string) push.Verdict {
	raw := plainjson.Encode(pushPing{MessageType: typePing, Time: wireTime(c.World.Clock.Now())})
	n := notification(c.Seller.ID, hook, address, typePing, raw)
	_, verdict := c.World.Outbox.Probe(c.Request.Context(), protocol(c.World), n)
	return verdict
}

// confirm pings an address as it will be after a change, and then changes what
// is there by then; it is healthy. Claims ozon/notification-set-checks,
// ozon/push-resume.
func confirm(c *marketplace.Call, hook chat.Webhook, change func(*chat.Webhook)) (marketplace.Response, error) {
	changed := hook
	change(&changed)
	if v := ping(c, hook.ID, changed.URL); !v.OK {
		return marketplace.Response{}, errHookCheck(v.Code, v.Detail)
	}
	return save(c, hook.ID, func(h *chat.Webhook) {
		change(h)
		h.Ext = hookExt{}
	})
}

// save changes an address of the seller; one that was removed meanwhile is not
// found.
func save(c *marketplace.Call, id int64, change func(*chat.Webhook)) (marketplace.Response, error) {
	_, err := c.World.Store.ChangeWebhook(id, func(hook chat.Webhook) ([]chat.Event, error) {
		change(&hook)
		return []chat.Event{chat.WebhookSaved{At: c.World.Clock.Now(), Webhook: hook}}, nil
	})
	if errors.Is(err, chat.ErrUnknown) {
		return marketplace.Response{}, errHookUnknown.at("/id", "")
	}
	if err != nil {
		return marketplace.Response{}, err
	}
	return ok(empty{})
}

// setHook is /v1/notification/set. An address set again gets the new types.
// Claims ozon/notification-set, ozon/notification-set-again,
// ozon/notification-url-shared-type.
func setHook(c *marketplace.Call, b *body) (marketplace.Response, error) {
	address, types := b.text("url"), b.texts("types")
	if err := b.err(); err != nil {
		return marketplace.Response{}, err
	}
	if err := checkURL(address); err != nil {
		return marketplace.Response{}, err
	}
	if len(types) == 0 {
		return marketplace.Response{}, errHookTypes.at("/types", "required")
	}
	if err := checkTypes(c.Config.Settings, types); err != nil {
		return marketplace.Response{}, err
	}
	known, _ := hookAt(c, address)
	if v := ping(c, known.ID, address); !v.OK {
		return marketplace.Response{}, errHookCheck(v.Code, v.Detail)
	}
	if known, found := hookAt(c, address); found {
		return save(c, known.ID, func(h *chat.Webhook) { h.Types, h.Enabled, h.Ext = types, true, hookExt{} })
	}
	now := c.World.Clock.Now()
	_, err := c.World.Store.Apply(chat.If{}, chat.WebhookSaved{At: now, Webhook: chat.Webhook{
		Seller: c.Seller.ID, URL: address, Types: types, Enabled: true, Created: now, Ext: hookExt{},
	}})
	if err != nil {
		return marketplace.Response{}, err
	}
	return ok(empty{})
}

func hookAt(c *marketplace.Call, address string) (chat.Webhook, bool) {
	for _, hook := range c.World.Store.Webhooks(c.Seller.ID) {
		if hook.URL == address {
			return hook, true
		}
	}
	return chat.Webhook{}, false
}

// hookByID finds the seller's address. Claim ozon/notification-unknown-id.
func hookByID(c *marketplace.Call, id int64) (chat.Webhook, error) {
	if id <= 0 {
		return chat.Webhook{}, errHookID.at("/id", "required")
	}
	hook, found := c.World.Store.Webhook(id)
	if !found || hook.Seller != c.Seller.ID {
		return chat.Webhook{}, errHookUnknown.at("/id", "")
	}
	return hook, nil
}

// updateHook is /v1/notification/update; what is not given stays. Claim
// ozon/notification-update.
func updateHook(c *marketplace.Call, b *body) (marketplace.Response, error) {
	id, address, types := b.integer("id"), b.text("url"), b.texts("types")
	if err := b.err(); err != nil {
		return marketplace.Response{}, err
	}
	if err := checkTypes(c.Config.Settings, types); err != nil {
		return marketplace.Response{}, err
	}
	if address != "" {
		if err := checkURL(address); err != nil {
			return marketplace.Response{}, err
		}
	}
	hook, err := hookByID(c, id)
	if err != nil {
		return marketplace.Response{}, err
	}
	return confirm(c, hook, func(h *chat.Webhook) {
		if address != "" {
			h.URL = address
		}
		if len(types) > 0 {
			h.Types = types
		}
	})
}

// deleteHook is /v1/notification/delete. Claim ozon/notification-delete.
func deleteHook(c *marketplace.Call, b *body) (marketplace.Response, error) {
	id := b.integer("id")
	if err := b.err(); err != nil {
		return marketplace.Response{}, err
	}
	hook, err := hookByID(c, id)
	if err != nil {
		return marketplace.Response{}, err
	}
	_, err = c.World.Store.Apply(chat.If{}, chat.WebhookRemoved{At: c.World.Clock.Now(), ID: hook.ID})
	if errors.Is(err, chat.ErrUnknown) {
		return marketplace.Response{}, errHookUnknown.at("/id", "")
	}
	if err != nil {
		return marketplace.Response{}, err
	}
	return ok(empty{})
}

// enableHook is /v1/notification/enable; switching on confirms the address.
// Claim ozon/notification-enable.
func enableHook(c *marketplace.Call, b *body) (marketplace.Response, error) {
	id, enabled, given := b.integer("id"), b.flag("enabled"), b.scalar("enabled") != nil
	if err := b.err(); err != nil {
		return marketplace.Response{}, err
	}
	if id > 0 && !given {
		return marketplace.Response{}, errHookEnabled.at("/enabled", "required")
	}
	hook, err := hookByID(c, id)
	if err != nil {
		return marketplace.Response{}, err
	}
	change := func(h *chat.Webhook) { h.Enabled = enabled }
	if !enabled {
		return save(c, hook.ID, change)
	}
	return confirm(c, hook, change)
}

// checkAnswer is the answer of /v1/notification/check.
type checkAnswer struct {
	IsActive bool         `json:"is_active"`
	Errors   []checkError `json:"errors"`
}

type checkError struct {
	Type        string `json:"type"`
	Description string `json:"description"`
}

// checkHook is /v1/notification/check; it ends the pause of an address that
// passes. Claims ozon/notification-check, ozon/push-resume.
func checkHook(c *marketplace.Call, b *body) (marketplace.Response, error) {
	address := b.text("url")
	if err := b.err(); err != nil {
		return marketplace.Response{}, err
	}
	if err := checkURL(address); err != nil {
		return marketplace.Response{}, err
	}
	hook, found := hookAt(c, address)
	v := ping(c, hook.ID, address)
	if !v.OK {
		return ok(checkAnswer{Errors: []checkError{{Type: v.Code, Description: v.Detail}}})
	}
	if found && extOfHook(hook).Paused {
		addresses.Keep(c.World, hook.ID, func(h *chat.Webhook) bool {
			h.Ext = hookExt{}
			return h.URL == address
		})
	}
	return ok(checkAnswer{IsActive: true, Errors: []checkError{}})
}

// hooksAnswer is the answer of /v1/notification/list. Claim
// ozon/notification-list.
type hooksAnswer struct {
	URLs []hookRow `json:"urls"`
}

type hookRow struct {
	ID        int64     `json:"id"`
	URL       string    `json:"url"`
	Enable    bool      `json:"enable"`
	Types     []typeRow `json:"types"`
	CreatedAt wireTime  `json:"created_at"`
}

type typeRow struct {
	Type        string        `json:"type"`
	Description string        `json:"description"`
	Endpoint    *typeEndpoint `json:"seller_endpoint,omitempty"`
}

type typeEndpoint struct {
	ID  int64  `json:"id"`
	URL string `json:"url"`
}

func listHooks(c *marketplace.Call, _ *body) (marketplace.Response, error) {
	answer := hooksAnswer{URLs: []hookRow{}}
	for _, hook := range c.World.Store.Webhooks(c.Seller.ID) {
		row := hookRow{ID: hook.ID, URL: hook.URL, Enable: hook.Enabled, Types: []typeRow{}, CreatedAt: wireTime(hook.Created)}
		for _, t := range pushTypes {
			if t.known(c.Config.Settings) && wants(hook, t.name) {
				row.Types = append(row.Types, typeRow{Type: t.name, Description: t.description})
			}
		}
		answer.URLs = append(answer.URLs, row)
	}
	return ok(answer)
}

// wants reports whether an address gets a type; without types it gets all about
// chats.
func wants(hook chat.Webhook, name string) bool {
	if len(hook.Types) == 0 {
		return slices.Contains(chatEvents, name)
	}
	return slices.Contains(hook.Types, name)
}

// typesAnswer is the answer of /v1/notification/push-type/list. Claim
// ozon/notification-push-types.
type typesAnswer struct {
	Types []typeRow `json:"types"`
}

func listPushTypes(c *marketplace.Call, _ *body) (marketplace.Response, error) {
	hooks := c.World.Store.Webhooks(c.Seller.ID)
	answer := typesAnswer{Types: []typeRow{}}
	for _, t := range pushTypes {
		if !t.known(c.Config.Settings) {
			continue
		}
		row := typeRow{Type: t.name, Description: t.description}
		if i := slices.IndexFunc(hooks, func(h chat.Webhook) bool { return wants(h, t.name) }); i >= 0 {
			row.Endpoint = &typeEndpoint{ID: hooks[i].ID, URL: hooks[i].URL}
		}
		answer.Types = append(answer.Types, row)
	}
	return ok(answer)
}
