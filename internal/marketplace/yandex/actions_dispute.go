package yandex

import (
	"errors"
	"fmt"
	"strconv"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// returnState is what return.create answers: the numbers, and the id by which the
// control API knows the return.
type returnState struct {
	Return int64  `json:"return"`
	Order  int64  `json:"order"`
	ID     string `json:"id"`
}

func createReturn(w *marketplace.World, in returnInput) (any, error) {
	order, found := w.Store.Order(string(in.Order))
	if !found {
		return nil, marketplace.Invalid("order", "there is no order %q", in.Order)
	}
	var id int64
	if in.ID != "" {
		var ok bool
		if id, ok = parseID(string(in.ID)); !ok {
			return nil, marketplace.Invalid("id", "%q is no number from 1 on", in.ID)
		}
	}
	events, err := giveBack(w, order, id, w.Clock.Now())
	if err != nil {
		return nil, err
	}
	applied, err := w.Store.Apply(chat.If{}, events...)
	if err != nil {
		return nil, err
	}
	made, _ := applied[len(applied)-1].Event.(chat.OrderPlaced)
	ext := extOfOrder(made.Order)
	return returnState{Return: ext.Return, Order: ext.Order, ID: made.Order.ID}, nil
}

// chatState is what actions on chats answer. New says that the chat was opened.
type chatState struct {
	Chat    string  `json:"chat"`
	New     bool    `json:"new,omitempty"`
	Message string  `json:"message,omitempty"`
	Ext     chatExt `json:"ext"`
}

// startArbitrage opens the chat of a dispute, or turns the chat into it. Claims
// yandex/arbitrage-begins, yandex/arbitrage-chat, yandex/arbitrage-not-direct.
func startArbitrage(w *marketplace.World, in disputeInput) (any, error) {
	field, key, err := disputed(w.Store, in)
	if err != nil {
		return nil, err
	}
	if known, found := chatAbout(w.Store, key, typeArbitrage); found {
		return nil, marketplace.Invalid(field, "the chat %s is the dispute about it already", known.ID)
	}
	if w.Config().Settings.Switch(switchArbitrageChat) == "convert" {
		if ch, found := chatAbout(w.Store, key, typeChat); found {
			return convert(w, ch.ID)
		}
	}
	events, err := player{}.OpenChat(w, marketplace.ChatInput{Order: key, Type: typeArbitrage})
	if err != nil {
		return nil, err
	}
	applied, err := w.Store.Apply(chat.If{}, events...)
	if err != nil {
		return nil, err
	}
	opened, _ := applied[len(applied)-1].Event.(chat.ChatOpened)
	return chatState{Chat: opened.Chat.ID, New: true, Ext: extOfChat(&opened.Chat)}, nil
}

// disputed is the key of the order or return that a dispute is about, and the
// field that tells it.
func disputed(store *chat.Store, in disputeInput) (field, key string, err error) {
	switch {
	case in.Return != "":
		field, key = "return", returnPrefix+string(in.Return)
	case in.Chat != "":
		ch, found := store.Chat(string(in.Chat))
		if !found {
			return "", "", marketplace.Invalid("chat", "there is no chat %q", in.Chat)
		}
		if ch.Order == "" {
			return "", "", marketplace.Invalid("chat", "a direct chat is never a dispute")
		}
		return "chat", ch.Order, nil
	case in.Order != "":
		field, key = "order", string(in.Order)
	default:
		return "", "", marketplace.Invalid("order", "one of order, return, chat is needed")
	}
	if _, found := store.Order(key); !found {
		return "", "", marketplace.Invalid(field, "there is no %s %q", field, key)
	}
	return field, key, nil
}

// convert makes a chat the chat of a dispute. A finished one goes on.
func convert(w *marketplace.World, id string) (any, error) {
	return changeChat(w, marketplace.Ref(id), func(ch chat.Chat) ([]chat.Event, error) {
		ext := extOfChat(&ch).then(stepDispute)
		ext.Type = typeArbitrage
		events := []chat.Event{chat.ChatChanged{At: w.Clock.Now(), ID: id, Ext: ext}}
		if !ch.Closed.IsZero() {
			by, _ := authorIn(ch, chat.RoleSupport)
			events = append(events, chat.ChatReopened{At: w.Clock.Now(), Chat: id, By: by})
		}
		return events, nil
	})
}

// changeChat changes a chat and answers how it is then.
func changeChat(w *marketplace.World, id marketplace.Ref, change func(chat.Chat) ([]chat.Event, error)) (any, error) {
	applied, err := w.Store.Change(string(id), change)
	if errors.Is(err, chat.ErrUnknown) {
		return nil, marketplace.Invalid("chat", "there is no chat %q", id)
	}
	if err != nil {
		return nil, err
	}
	out := chatState{Chat: string(id)}
	for _, a := range applied {
		if e, ok := a.Event.(chat.MessagePosted); ok {
			out.Message = strconv.FormatUint(e.Message.ID, 10)
		}
	}
	ch, found := w.Store.Chat(string(id))
	if !found {
		return nil, fmt.Errorf("chat %s: %w", id, chat.ErrUnknown)
	}
	out.Ext = extOfChat(&ch)
	return out, nil
}

// isDispute refuses chats that are none, or one that is over.
func isDispute(ch chat.Chat) error {
	switch {
	case extOfChat(&ch).Type != typeArbitrage:
		return marketplace.Invalid("chat", "the chat %s is no dispute", ch.ID)
	case !ch.Closed.IsZero():
		return marketplace.Invalid("chat", "the dispute is over")
	}
	return nil
}

func fromSupport(w *marketplace.World, ch chat.Chat, text string) chat.Event {
	now := w.Clock.Now()
	by, _ := authorIn(ch, chat.RoleSupport)
	return chat.MessagePosted{At: now, Message: chat.Message{Chat: ch.ID, At: now, From: by, Text: text, Ext: messageExt{}}}
}

// askInArbitrage is a question of the arbiter to the store. Claim
// yandex/status-machine.
func askInArbitrage(w *marketplace.World, in questionInput) (any, error) {
	return changeChat(w, in.Chat, func(ch chat.Chat) ([]chat.Event, error) {
		if err := isDispute(ch); err != nil {
			return nil, err
		}
		asked := chat.ChatChanged{At: w.Clock.Now(), ID: ch.ID, Ext: extOfChat(&ch).then(stepArbiterAsks)}
		return []chat.Event{asked, fromSupport(w, ch, in.Text)}, nil
	})
}

// finishArbitrage ends a dispute, with a last word if one is told. Claim
// yandex/arbitrage-ends.
func finishArbitrage(w *marketplace.World, in verdictInput) (any, error) {
	return changeChat(w, in.Chat, func(ch chat.Chat) ([]chat.Event, error) {
		if err := isDispute(ch); err != nil {
			return nil, err
		}
		var events []chat.Event
		if in.Text != "" {
			events = append(events, fromSupport(w, ch, in.Text))
		}
		now := w.Clock.Now()
		by, _ := authorIn(ch, chat.RoleSupport)
		return append(events,
			chat.ChatChanged{At: now, ID: ch.ID, Ext: extOfChat(&ch).then(stepEnded)},
			chat.ChatClosed{At: now, Chat: ch.ID, By: by}), nil
	})
}

// waitForMarket is the one way into this status. Claim yandex/wait-for-market.
func waitForMarket(w *marketplace.World, in chatInput) (any, error) {
	return changeChat(w, in.Chat, func(ch chat.Chat) ([]chat.Event, error) {
		if !ch.Closed.IsZero() {
			return nil, marketplace.Invalid("chat", "the chat %s is finished", ch.ID)
		}
		return []chat.Event{chat.ChatChanged{At: w.Clock.Now(), ID: ch.ID, Ext: extOfChat(&ch).then(stepWaitForMarket)}}, nil
	})
}
