package shop

import (
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// textRecalled is what a recalled message reads. Claim shopee/recalled-text.
const textRecalled = "This message was deleted"

// Recall takes an own message back: what it said is gone. A message that was
// recalled before stays so. A refusal is a *Refused. Claims shopee/recall,
// shopee/recall-window, shopee/recall-regions-off, shopee/recall-refused.
func Recall(c *marketplace.Call, id uint64) error {
	w := c.World
	ch, _, found := FindMessage(w, c.Seller, id)
	if !found {
		return errUnknownMessage
	}
	_, err := w.Store.Change(ch.ID, func(chat.Chat) ([]chat.Event, error) {
		_, m, found := FindMessage(w, c.Seller, id) // as it reads by now
		if !found {
			return nil, errUnknownMessage
		}
		its := MessageOf(m)
		if no := mayRecall(c, m); no != nil || its.Recalled {
			return nil, no
		}
		return []chat.Event{chat.MessageEdited{
			At: w.Clock.Now(), Chat: m.Chat, ID: id, By: m.From, Text: textRecalled, Ext: recalled(its),
		}}, nil
	})
	return err
}

// recalled is what a message is that was taken back, beyond its text. Claim
// shopee/recalled-text.
func recalled(its Message) Message {
	its.Type, its.Content, its.Recalled = TypeText, Content{Text: textRecalled}, true
	return its
}

// mayRecall decides by who wrote a message and when.
func mayRecall(c *marketplace.Call, m chat.Message) error {
	window := Region(ShopOf(c.Seller).Region).Recall
	switch {
	case m.From.Role != chat.RoleSeller && MessageOf(m).Status != StatusAutoReply:
		return errNotOwn
	case c.Switch(switchRecall) != on:
		return nil
	case window == recallNever:
		return errRecallOff
	}
	return when(!within(m.At, window, c.World.Clock.Now()), errRecallOver)
}

// Read reads a conversation up to a message; the mark never goes back. Claims
// shopee/read, shopee/webchat-read.
func Read(w *marketplace.World, id string, upTo uint64) error {
	now := w.Clock.Now()
	_, err := w.Store.Change(id, func(ch chat.Chat) ([]chat.Event, error) {
		var out []chat.Event
		if upTo := min(upTo, ch.Last); upTo > ch.ReadBySeller {
			out = append(out, chat.ChatRead{At: now, Chat: id, By: chat.Author{Role: chat.RoleSeller, ID: ch.Seller}, UpTo: upTo})
		}
		if its := ConversationOf(&ch); its.Marked {
			its.Marked = false
			out = append(out, chat.ChatChanged{At: now, ID: id, Ext: its})
		}
		return out, nil
	})
	return err
}

// MarkUnread marks a conversation as unread. Claims shopee/unread,
// shopee/unread-one.
func MarkUnread(w *marketplace.World, id string) error {
	return alter(w, id, func(its *Conversation) { its.Marked = true })
}

// Pin puts a conversation before those that are not pinned, or back. Claim
// shopee/pin.
func Pin(w *marketplace.World, id string, pinned bool) error {
	return alter(w, id, func(its *Conversation) { its.Pinned = pinned })
}

// Mute switches a conversation's notices off in the shop's own app, or on. Claim
// shopee/mute.
func Mute(w *marketplace.World, id string, muted bool) error {
	return alter(w, id, func(its *Conversation) { its.Muted = muted })
}

// alter changes what a chat has beyond its parties. What stays as it
// is makes no event.
func alter(w *marketplace.World, id string, change func(*Conversation)) error {
	_, err := w.Store.Change(id, func(ch chat.Chat) ([]chat.Event, error) {
		before := ConversationOf(&ch)
		after := before
		change(&after)
		if after == before {
			return nil, nil
		}
		return []chat.Event{chat.ChatChanged{At: w.Clock.Now(), ID: id, Ext: after}}, nil
	})
	return err
}

// Delete removes a conversation from what the shop sees, until somebody writes
// into it; what was written before stays away. It is neither unread nor pinned
// then. Claim shopee/delete-conversation.
func Delete(w *marketplace.World, id string) error {
	now := w.Clock.Now()
	_, err := w.Store.Change(id, func(ch chat.Chat) ([]chat.Event, error) {
		its := ConversationOf(&ch)
		its.Deleted, its.Pinned, its.Marked = max(ch.Last, 1), false, false // 1 is below every message
		return []chat.Event{
			chat.ChatRead{At: now, Chat: id, By: chat.Author{Role: chat.RoleSeller, ID: ch.Seller}, UpTo: ch.Last},
			chat.ChatChanged{At: now, ID: id, Ext: its},
		}, nil
	})
	return err
}

// Statuses of conversations. Claim shopee/webchat-statuses.
const (
	Activated = "activated"
	Closed    = "closed"
)

// ConversationStatus is Activated or Closed.
func ConversationStatus(ch *chat.Chat) string {
	if ch.Closed.IsZero() {
		return Activated
	}
	return Closed
}

// SetStatus opens or closes a conversation. That somebody joined one that was
// closed is told to both. Claims shopee/webchat-closed, shopee/webchat-status.
func SetStatus(w *marketplace.World, id string, activated bool) error {
	now := w.Clock.Now()
	_, err := w.Store.Change(id, func(ch chat.Chat) ([]chat.Event, error) {
		switch closed := !ch.Closed.IsZero(); {
		case activated && closed:
			return reopened(ch, now), nil
		case !activated && !closed:
			by := chat.Author{Role: chat.RoleSeller, ID: ch.Seller}
			return []chat.Event{chat.ChatClosed{At: now, Chat: id, By: by}}, nil
		}
		return nil, nil
	})
	return err
}

// textJoined is what both read when a closed conversation goes on. Claim
// shopee/webchat-closed.
const textJoined = "agent joined"

// reopened are the events of a shop that goes on with a closed conversation.
func reopened(ch chat.Chat, now time.Time) []chat.Event {
	notice := Content{Notification: &Notification{ForSender: textJoined, ForReceiver: textJoined, Type: "join"}}
	joined := voices[voicePlatform].says(ch, now, TypeNotification, notice, RequestID(ch.Seller, ch.ID, ch.Messages))
	return []chat.Event{
		chat.ChatReopened{At: now, Chat: ch.ID, By: chat.Author{Role: chat.RoleSeller, ID: ch.Seller}},
		chat.MessagePosted{At: now, Message: *joined},
	}
}
