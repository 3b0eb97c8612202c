package webchat

import (
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// Words for whether something is on.
const (
	enabled  = "enabled"
	disabled = "disabled"
)

func onOff(on bool) string {
	if on {
		return enabled
	}
	return disabled
}

// settings is the answer of GET v1.2/login, in the order of the sample: only the
// automatic reply is this shop's own. Claim shopee/webchat-settings.
type settings struct {
	Shortcuts       string `json:"message_shortcuts_status"`
	LegacyShortcuts int    `json:"legacy_message_shortcuts_count"`
	NewShortcuts    bool   `json:"message_shortcuts_newbie"`
	NewFeedback     bool   `json:"feedback_newbie"`
	Translation     string `json:"auto_translation_status"`
	Voice           string `json:"voice_notice"`
	Flash           string `json:"flash_notice"`
	ShowTime        string `json:"show_msg_time"`
	Distribution    string `json:"distribution_account_status"`
	AutoReply       string `json:"autoreply_status"`
	AutoText        string `json:"autoreply_content"`
}

func getSettings(c *marketplace.Call) (marketplace.Response, error) {
	its := shop.ShopOf(c.Seller)
	return ok(settings{
		Shortcuts: enabled, NewShortcuts: true, NewFeedback: true, Translation: "no_permission", Voice: enabled, Flash: disabled,
		ShowTime: enabled, Distribution: "working", AutoReply: onOff(its.AutoReply.Enabled), AutoText: its.AutoReply.Text,
	})
}

// chatSetting is what the workbench tells of a shop's automatic replies. Claim
// shopee/webchat-workbench.
type chatSetting struct {
	ShopID    int64  `json:"shop_id"`
	AutoReply string `json:"autoreply_status"`
	AutoText  string `json:"autoreply_content"`
}

// getChatSetting is GET chat_setting. Claim shopee/webchat-workbench.
func getChatSetting(c *marketplace.Call) (marketplace.Response, error) {
	its := shop.ShopOf(c.Seller)
	return ok(chatSetting{ShopID: its.ID, AutoReply: onOff(its.AutoReply.Enabled), AutoText: its.AutoReply.Text})
}

// putChatSetting takes what GET tells. Claim shopee/webchat-workbench.
func putChatSetting(c *marketplace.Call, b *body) (marketplace.Response, error) {
	if err := changeReply(c, b, "autoreply_status", "autoreply_content"); err != nil {
		return marketplace.Response{}, err
	}
	return ok(struct{}{})
}

// putAutoReply is PUT auto_reply/shop. Claim shopee/webchat-auto-reply-set.
func putAutoReply(c *marketplace.Call, b *body) (marketplace.Response, error) {
	b.need("status")
	if err := changeReply(c, b, "status", "content"); err != nil {
		return marketplace.Response{}, err
	}
	return ok(struct{}{})
}

// changeReply sets the automatic reply of a shop; what is absent stays. Claim
// shopee/webchat-auto-reply-set.
func changeReply(c *marketplace.Call, b *body, status, content string) error {
	word, text, given := b.text(status), b.text(content), b.value(content) != nil
	switch {
	case b.err != nil:
		return b.err
	case b.value(status) != nil && word != enabled && word != disabled:
		return wrong("/"+status, "enum", `is neither "enabled" nor "disabled"`)
	}
	if err := actForBody(c, b); err != nil {
		return err
	}
	_, err := c.World.Store.ChangeSeller(c.Seller.ID, func(now chat.Seller) ([]chat.Event, error) {
		its := shop.ShopOf(now)
		if word != "" {
			its.AutoReply.Enabled = word == enabled
		}
		if given {
			its.AutoReply.Text = text
		}
		return []chat.Event{chat.SellerChanged{At: c.World.Clock.Now(), ID: now.ID, Ext: its}}, nil
	})
	return err
}

// offlineReply is what the shop says outside of its hours. Claim
// shopee/webchat-workbench.
type offlineReply struct {
	ShopID  int64  `json:"shop_id"`
	Status  string `json:"status"`
	Content string `json:"content"`
}

func getOfflineReply(c *marketplace.Call) (marketplace.Response, error) {
	its := shop.ShopOf(c.Seller)
	return ok(offlineReply{ShopID: its.ID, Status: onOff(its.Offwork.Enabled), Content: its.Offwork.Text})
}

// shopSetting is what the mock knows of a shop. Claim shopee/webchat-workbench.
type shopSetting struct {
	ShopID  int64  `json:"shop_id"`
	Name    string `json:"name"`
	Country string `json:"country"`
}

func getShopSetting(c *marketplace.Call) (marketplace.Response, error) {
	its := shop.ShopOf(c.Seller)
	return ok(shopSetting{ShopID: its.ID, Name: titleOf(its), Country: its.Region})
}
