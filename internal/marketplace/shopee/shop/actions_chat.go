package shop

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

type chatInput struct {
	Chat marketplace.Ref `json:"chat" jsonschema:"conversation_id"`
}

type assignInput struct {
	Chat       marketplace.Ref `json:"chat" jsonschema:"conversation_id"`
	SubAccount int64           `json:"sub_account,omitempty" jsonschema:"id of one of the shop's; 0, the default, for nobody"`
}

type blockInput struct {
	Chat    marketplace.Ref `json:"chat" jsonschema:"conversation_id"`
	By      string          `json:"by" jsonschema:"who blocks the other"`
	Blocked *bool           `json:"blocked,omitempty" jsonschema:"false takes it back; true by default"`
}

type buyerInput struct {
	Buyer  marketplace.Ref `json:"buyer" jsonschema:"user id"`
	Frozen bool            `json:"frozen,omitempty" jsonschema:"nobody may write to the buyer; false by default"`
}

type orderInput struct {
	Order string `json:"order" jsonschema:"order_sn"`
}

type playInput struct {
	Chat    marketplace.Ref `json:"chat" jsonschema:"conversation_id"`
	From    string          `json:"from,omitempty" jsonschema:"buyer by default; shop-app is a person in the marketplace's app, whose answers are never pushed"`
	Type    string          `json:"type,omitempty" jsonschema:"text by default, and notification of the platform"`
	Text    string          `json:"text,omitempty" jsonschema:"of a text or a notification"`
	Content toldFields      `json:"content,omitempty" jsonschema:"as get_message tells it; instead of text"`
	Status  string          `json:"status,omitempty" jsonschema:"follows from who wrote it by default"`
	Source  string          `json:"source,omitempty" jsonschema:"follows from who wrote it by default"`
	About   *playAbout      `json:"about,omitempty" jsonschema:"source_content: what it was written from"`
	Quoted  marketplace.Ref `json:"quoted,omitempty" jsonschema:"message_id of a message of the chat"`
}

type playAbout struct {
	OrderSN string `json:"order_sn,omitempty" jsonschema:"an order"`
	ItemID  int64  `json:"item_id,omitempty" jsonschema:"a product"`
}

type moderateInput struct {
	Chat    marketplace.Ref `json:"chat" jsonschema:"conversation_id"`
	Message marketplace.Ref `json:"message,omitempty" jsonschema:"message_id; the last one of the shop by default"`
	Status  string          `json:"status" jsonschema:"what it reads from now on"`
}

// chatState is what actions on conversations answer. Message is what was written,
// if anything.
type chatState struct {
	Chat           string `json:"conversation_id"`
	Message        string `json:"message_id,omitempty"`
	SubAccount     int64  `json:"sub_account_id"`
	Chatbot        bool   `json:"chatbot"`
	BlockedByBuyer bool   `json:"blocked_by_buyer"`
	BlockedByShop  bool   `json:"blocked_by_shop"`
}

type messageState struct {
	Chat    string `json:"conversation_id"`
	Message string `json:"message_id"`
	Status  string `json:"status"`
}

type buyerState struct {
	Buyer  string `json:"user_id"`
	Frozen bool   `json:"frozen"`
}

type orderState struct {
	Order      string `json:"order_sn"`
	ReturnOpen bool   `json:"return_open"`
}

// changeChat changes a chat and tells the first message that was written, "" for
// none.
func changeChat(w *marketplace.World, id marketplace.Ref, change func(chat.Chat) ([]chat.Event, error)) (ch chat.Chat, message string, err error) {
	applied, err := w.Store.Change(string(id), change)
	if errors.Is(err, chat.ErrUnknown) {
		return ch, "", marketplace.Invalid("chat", "there is no conversation %q", id)
	}
	if err != nil {
		return ch, "", err
	}
	for _, a := range applied {
		if e, ok := a.Event.(chat.MessagePosted); ok && message == "" {
			message = epochOf(w).Text(e.Message.ID)
		}
	}
	ch, found := w.Store.Chat(string(id))
	if !found {
		return ch, "", fmt.Errorf("chat %s: %w", id, chat.ErrUnknown)
	}
	return ch, message, nil
}

func epochOf(w *marketplace.World) Epoch { return Epoch(w.Config().Settings.Switch(SwitchIDEpoch)) }

// changeConversation changes what a chat has beyond its parties, then writes.
func changeConversation(w *marketplace.World, id marketplace.Ref, change func(chat.Chat, *Conversation) ([]*chat.Message, error)) (any, error) {
	ch, message, err := changeChat(w, id, func(ch chat.Chat) ([]chat.Event, error) {
		its := ConversationOf(&ch)
		messages, err := change(ch, &its)
		events := []chat.Event{chat.ChatChanged{At: w.Clock.Now(), ID: ch.ID, Ext: its}}
		for _, m := range messages {
			events = append(events, chat.MessagePosted{At: m.At, Message: *m})
		}
		return events, err
	})
	if err != nil {
		return nil, err
	}
	its := ConversationOf(&ch)
	return chatState{
		Chat: ch.ID, Message: message, SubAccount: its.SubAccount, Chatbot: its.Chatbot,
		BlockedByBuyer: its.BlockedByBuyer, BlockedByShop: its.BlockedByShop,
	}, nil
}

// Claim shopee/subaccount-lock.
func assign(w *marketplace.World, in assignInput) (any, error) {
	return changeConversation(w, in.Chat, func(ch chat.Chat, its *Conversation) ([]*chat.Message, error) {
		seller, _ := w.Store.Seller(ch.Seller)
		if in.SubAccount != 0 && !ShopOf(seller).employs(in.SubAccount) {
			return nil, marketplace.Invalid("sub_account", "the shop has no sub-account %d", in.SubAccount)
		}
		its.SubAccount = in.SubAccount
		return nil, nil
	})
}

// chatbotGreeting is the chatbot's first word, liveAgent the buyer's last to it.
// Claims shopee/push-chatbot, shopee/push-faq.
const (
	chatbotGreeting = "Hi! I am the shop's assistant. What is it about?"
	liveAgent       = "Chat with Seller"
)

func startChatbot(w *marketplace.World, in chatInput) (any, error) {
	return changeConversation(w, in.Chat, func(ch chat.Chat, its *Conversation) ([]*chat.Message, error) {
		if its.Chatbot {
			return nil, marketplace.Invalid("chat", "the buyer talks to the chatbot already")
		}
		its.Chatbot = true
		v := voices[voiceChatbot]
		greeting := v.says(ch, w.Clock.Now(), TypeText, Content{Text: chatbotGreeting}, v.requestID(w.Sandbox, ch.ID, ch.Messages))
		return []*chat.Message{greeting}, nil
	})
}

func endChatbot(w *marketplace.World, in chatInput) (any, error) {
	return changeConversation(w, in.Chat, func(ch chat.Chat, its *Conversation) ([]*chat.Message, error) {
		if !its.Chatbot {
			return nil, marketplace.Invalid("chat", "the buyer does not talk to the chatbot")
		}
		its.Chatbot = false
		v := voices[voiceBuyer]
		content := Content{FAQ: &FAQ{Text: liveAgent}}
		return []*chat.Message{v.says(ch, w.Clock.Now(), TypeLiveAgent, content, v.requestID(w.Sandbox, ch.ID, ch.Messages))}, nil
	})
}

// Claims shopee/blocked-by-buyer, shopee/blocked-by-shop.
func block(w *marketplace.World, in blockInput) (any, error) {
	blocked := in.Blocked == nil || *in.Blocked
	return changeConversation(w, in.Chat, func(_ chat.Chat, its *Conversation) ([]*chat.Message, error) {
		if in.By == voiceBuyer {
			its.BlockedByBuyer = blocked
		} else {
			its.BlockedByShop = blocked
		}
		return nil, nil
	})
}

// Claim shopee/frozen-users.
func setBuyer(w *marketplace.World, in buyerInput) (any, error) {
	buyer, found := w.Store.Buyer(string(in.Buyer))
	if !found {
		return nil, marketplace.Invalid("buyer", "there is no buyer %q", in.Buyer)
	}
	its := CustomerOf(buyer)
	its.Frozen = in.Frozen
	buyer.Ext = its
	if _, err := w.Store.Apply(chat.If{}, chat.BuyerAdded{At: w.Clock.Now(), Buyer: buyer}); err != nil {
		return nil, err
	}
	return buyerState{Buyer: buyer.ID, Frozen: its.Frozen}, nil
}

func messagePlay() marketplace.Action {
	action := marketplace.NewWordedAction("message.play", "Write anything as anybody but the APIs' callers", playMessage,
		map[string][]string{"from": writers, "type": Types, "status": statuses, "source": sources})
	action.Input.Properties["content"] = contentSchema()
	return action
}

// playMessage writes whatever is told; what follows from it is as with the control
// API's messages.
func playMessage(w *marketplace.World, in playInput) (any, error) {
	if in.From == "" {
		in.From = voiceBuyer
	}
	ch, message, err := changeChat(w, in.Chat, func(ch chat.Chat) ([]chat.Event, error) {
		m, err := in.message(w, ch)
		if err != nil {
			return nil, err
		}
		return spoken(w, ch, m), nil
	})
	if err != nil {
		return nil, err
	}
	id, _ := epochOf(w).Read(message)
	m, _ := w.Store.Message(ch.ID, id)
	return messageState{Chat: ch.ID, Message: message, Status: MessageOf(m).Status}, nil
}

func (in playInput) message(w *marketplace.World, ch chat.Chat) (*chat.Message, error) {
	v := voices[in.From]
	kind, content, err := in.content(v, ch, epochOf(w))
	if err != nil {
		return nil, err
	}
	m := v.says(ch, w.Clock.Now(), kind, content, v.requestID(w.Sandbox, ch.ID, ch.Messages))
	ext := MessageOf(*m)
	if in.Status != "" {
		ext.Status = in.Status
	}
	if in.Source != "" {
		ext.Source = in.Source
	}
	if in.About != nil {
		if _, placed := w.Store.Order(in.About.OrderSN); in.About.OrderSN != "" && !placed {
			return nil, marketplace.Invalid("about.order_sn", "there is no order %q", in.About.OrderSN)
		}
		ext.About = About{OrderSN: in.About.OrderSN, ItemID: in.About.ItemID}
	}
	if in.Quoted != "" {
		if ext.Quoted, err = messageID(w, ch, "quoted", in.Quoted); err != nil {
			return nil, err
		}
	}
	m.Ext = ext
	return m, nil
}

// content is the type and the content that are told.
func (in playInput) content(v voice, ch chat.Chat, epoch Epoch) (string, Content, error) {
	kind := in.Type
	if kind == "" {
		kind = TypeText
		if v.role == chat.RoleMarketplace {
			kind = TypeNotification
		}
	}
	switch {
	case in.Content != nil && in.Text != "":
		return kind, Content{}, marketplace.Invalid("text", "stands beside content")
	case in.Content == nil && kind == TypeText:
		return kind, Content{Text: in.Text}, wanted("text", in.Text)
	case in.Content == nil && kind == TypeNotification:
		return kind, notification(in.Text), wanted("text", in.Text)
	case in.Content == nil:
		return kind, Content{}, marketplace.Invalid("content", "is missing")
	}
	raw, err := json.Marshal(in.Content)
	if err != nil {
		return kind, Content{}, marketplace.Invalid("content", "%v", err)
	}
	content, err := contentOf(kind, raw, Number(ch.Seller), epoch)
	return kind, content, err
}

// messageID is a message of a chat by the id that a client sees.
func messageID(w *marketplace.World, ch chat.Chat, field string, told marketplace.Ref) (uint64, error) {
	id, ok := epochOf(w).Read(string(told))
	if _, found := w.Store.Message(ch.ID, id); !ok || !found {
		return 0, marketplace.Invalid(field, "the conversation has no message %q", told)
	}
	return id, nil
}

// moderate changes a message as it reads. Claims shopee/late-status,
// shopee/message-statuses.
func moderate(w *marketplace.World, in moderateInput) (any, error) {
	var id uint64
	ch, _, err := changeChat(w, in.Chat, func(ch chat.Chat) (events []chat.Event, err error) {
		if in.Message != "" {
			id, err = messageID(w, ch, "message", in.Message)
		} else if id = lastOf(w.Store, ch.ID, 0, func(m chat.Message) bool { return m.From.Role == chat.RoleSeller }).ID; id == 0 {
			err = marketplace.Invalid("message", "the shop has written nothing")
		}
		if err != nil {
			return nil, err
		}
		m, found := w.Store.Message(ch.ID, id)
		if !found {
			return nil, marketplace.Invalid("message", "there is no message %s", strconv.FormatUint(id, 10))
		}
		ext := MessageOf(m)
		ext.Status, ext.Late = in.Status, ""
		return []chat.Event{chat.MessageEdited{
			At: w.Clock.Now(), Chat: ch.ID, ID: id, By: m.From, Text: m.Text, Files: m.Files, Ext: ext,
		}}, nil
	})
	if err != nil {
		return nil, err
	}
	return messageState{Chat: ch.ID, Message: epochOf(w).Text(id), Status: in.Status}, nil
}

// lastOf is the last message of a kind before another one, 0 for the end; zero for
// none.
func lastOf(store *chat.Store, chatID string, before uint64, is func(chat.Message) bool) chat.Message {
	const page = 20
	for more := true; more; {
		var messages []chat.Message
		messages, more = store.Messages(chatID, chat.Range{From: before, Exclusive: before != 0, Backward: true, Limit: page})
		for _, m := range messages {
			if is(m) {
				return m
			}
			before = m.ID
		}
	}
	return chat.Message{}
}

// Claim shopee/contact-window-return.
func openReturn(w *marketplace.World, in orderInput) (any, error) {
	order, found := w.Store.Order(in.Order)
	if !found {
		return nil, marketplace.Invalid("order", "there is no order %q", in.Order)
	}
	events, err := Player{}.ReturnOrder(w, order, w.Clock.Now())
	if err != nil {
		return nil, err
	}
	if _, err := w.Store.Apply(chat.If{}, events...); err != nil {
		return nil, err
	}
	return orderState{Order: order.ID, ReturnOpen: true}, nil
}

func closeReturn(w *marketplace.World, in orderInput) (any, error) {
	order, found := w.Store.Order(in.Order)
	if !found {
		return nil, marketplace.Invalid("order", "there is no order %q", in.Order)
	}
	its := OrderOf(order)
	its.ReturnOpen = false
	if _, err := w.Store.Apply(chat.If{}, chat.OrderChanged{At: w.Clock.Now(), ID: order.ID, Ext: its}); err != nil {
		return nil, err
	}
	return orderState{Order: order.ID}, nil
}
