package shop

import (
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// FindChat is a conversation of a shop that it did not delete.
func FindChat(w *marketplace.World, seller chat.Seller, conversation int64) (chat.Chat, bool) {
	ch, found := w.Store.Chat(Key(conversation))
	if !found || ch.Seller != seller.ID || Hidden(&ch) {
		return chat.Chat{}, false
	}
	return ch, true
}

// FindMessage is a message that a shop can see, and its conversation.
func FindMessage(w *marketplace.World, seller chat.Seller, id uint64) (chat.Chat, chat.Message, bool) {
	m, found := w.Store.MessageByID(id)
	if !found {
		return chat.Chat{}, chat.Message{}, false
	}
	ch, found := w.Store.Chat(m.Chat)
	if !found || ch.Seller != seller.ID || id <= ConversationOf(&ch).Deleted {
		return chat.Chat{}, chat.Message{}, false
	}
	return ch, m, true
}

// History is a conversation's messages as the shop sees them, the latest first:
// size of those before a message (0: of all) behind the first skip of them, and
// whether more follow. Claims shopee/history-newest-first,
// shopee/delete-conversation, shopee/webchat-history.
func History(s *chat.Store, ch *chat.Chat, before uint64, skip, size int) (messages []chat.Message, more bool) {
	const step = 1000
	deleted := ConversationOf(ch).Deleted
	r := chat.Range{From: before, Exclusive: before != 0, Backward: true}
	for skip > 0 {
		r.Limit = min(skip, step)
		page, more := s.Messages(ch.ID, r)
		if !more || page[len(page)-1].ID <= deleted {
			return nil, false
		}
		r.From, r.Exclusive = page[len(page)-1].ID, true
		skip -= len(page)
	}
	r.Limit = size
	messages, more = s.Messages(ch.ID, r)
	for i, m := range messages {
		if m.ID <= deleted {
			return messages[:i], false
		}
	}
	if more && len(messages) > 0 && deleted != 0 {
		next, _ := s.Messages(ch.ID, chat.Range{From: messages[len(messages)-1].ID, Exclusive: true, Backward: true, Limit: 1})
		more = len(next) == 1 && next[0].ID > deleted
	}
	return messages, more
}

// Side is one of both in a conversation.
type Side struct {
	UserID, ShopID int64
	Name           string
}

// SidesOf are a conversation's shop and its buyer, who has a shop too. Claims
// shopee/both-sides-have-shops, shopee/user-not-shop.
func SidesOf(w *marketplace.World, ch *chat.Chat) (shop, buyer Side) {
	if s, found := w.Store.Seller(ch.Seller); found {
		shop = SideOf(ShopOf(s))
	}
	buyer.UserID = Number(ch.Buyer)
	if b, found := w.Store.Buyer(ch.Buyer); found {
		buyer.ShopID, buyer.Name = CustomerOf(b).ShopID, b.Name
	}
	return shop, buyer
}

// SideOf is a shop in its conversations.
func SideOf(s Shop) Side { return Side{s.UserID, s.ID, s.Username} }

// FromTo are who wrote a message, by his role, and to whom. Whatever a buyer did not write
// comes from the shop's user.
func FromTo(by chat.Role, shop, buyer Side) (from, to Side) {
	if by == chat.RoleBuyer {
		return buyer, shop
	}
	return shop, buyer
}

// Hidden reports whether the shop deleted a conversation and nothing was written
// since. Claim shopee/delete-conversation.
func Hidden(ch *chat.Chat) bool {
	deleted := ConversationOf(ch).Deleted
	return deleted != 0 && ch.Last <= deleted
}

// UnreadOf is how many messages of a conversation are unread: at least one of
// one that is marked so. Claims shopee/unread, shopee/unread-one.
func UnreadOf(ch *chat.Chat) int {
	if ch.Unread == 0 && ConversationOf(ch).Marked {
		return 1
	}
	return ch.Unread
}
