package ozon

import (
	"strings"
	"time"

	"example.com/marketmock/internal/marketplace"
)

// Chat types in the spelling of the list's newest enum.
const (
	typeUnspecified = "UNSPECIFIED"
	typeSupport     = "SELLER_SUPPORT"
	typeBuyer       = "BUYER_SELLER"
	typeBuyerSelect = "BUYER_SELLER_SELECT"
)

// kind is what a chat type is in the list, in notifications and to the rules. A
// type that is not known yet on a day shows as another; push "" has no word of
// its own in notifications.
type kind struct {
	name      string
	title     string
	push      string
	since     time.Time
	pushSince time.Time
	buyer     bool // the rules about buyers hold
	system    bool // the marketplace's own notifications: nobody can answer
}

// kinds is every chat type. Claims ozon/chat-types-edition,
// ozon/push-chat-types-edition.
var kinds = []kind{
	{name: typeUnspecified, title: "UNSPECIFIED", system: true},
	{name: typeSupport, title: "Seller_Support", push: "Seller_Support"},
	{name: typeBuyer, title: "Buyer_Seller", push: "Buyer_Seller", buyer: true},
	{
		name: typeBuyerSelect, title: "Buyer_Seller_Select", push: "Buyer_Seller_Select",
		since: dayChatTypes, pushSince: dayPushChatTypes, buyer: true,
	},
	{
		name: "SELLER_API_UPDATES", title: "Seller_API_Updates", push: "Seller_API_Updates",
		since: dayChatTypes, pushSince: dayPushChatTypes, system: true,
	},
	{
		name: "SELLER_API_NOTIFICATIONS", title: "Seller_API_Notifications", push: "Seller_API_Notifications",
		since: dayChatTypes, pushSince: dayPushChatTypes, system: true,
	},
	{
		name: "SELLER_NOTIFICATION_LOGISTICS", title: "Seller_Notification_Logistics", push: "Seller_Notification_Logistics",
		since: dayChatTypes, pushSince: dayPushChatTypes, system: true,
	},
	{
		name: "SELLER_NOTIFICATION_UPDATE_CONTENT", title: "Seller_Notification_Update_Content",
		since: dayContentChats, system: true,
	},
	{
		name: "SELLER_PERSONAL_MANAGER_UNITY_CRM", title: "Seller_Personal_Manager_Unity_Crm",
		push: "Seller_Personal_Manager_Unity_Crm", since: dayManagerChats, pushSince: dayManagerChats,
	},
	{
		name: "SELLER_BUSINESS_DEVELOPMENT_GROUP", title: "Seller_Business_Development_Group",
		push: "Seller_Business_Development_Group", since: dayManagerChats, pushSince: dayManagerChats,
	},
}

// pushOther is how notifications call a type that they do not know. Claim
// ozon/push-type-without-twin.
const pushOther = "Seller_Notification"

func kindOf(name string) *kind {
	for i := range kinds {
		if kinds[i].name == name {
			return &kinds[i]
		}
	}
	return &kinds[0]
}

func kindNames() []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.name
	}
	return names
}

// inList is the type as the list spells it. Claims ozon/enum-case,
// ozon/system-chat-type.
func (k *kind) inList(s style) string {
	if !s.settings.Since(k.since) || k.system && s.systemUnspecified {
		k = &kinds[0]
	}
	if s.titleEnums {
		return k.title
	}
	return k.name
}

// inPush is the type as notifications spell it. Claim ozon/push-chat-type-case.
func (k *kind) inPush(s marketplace.Settings) string {
	word := k.push
	if word == "" || !s.Since(k.pushSince) {
		word = pushOther
	}
	if s.Switch(switchPushChatTypeCase) == "upper" {
		return strings.ToUpper(word)
	}
	return word
}
