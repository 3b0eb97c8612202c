package shop

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/worldfile"
)

func (b *worldBuilder) addChats(file worldFile) error {
	for i, c := range file.Chats {
		path := fmt.Sprintf("chats[%d]", i)
		ch, its, err := b.chat(path, c)
		if err != nil {
			return err
		}
		messages, err := b.messages(path, ch, its, c)
		if err != nil {
			return err
		}
		if ch.Opened, err = b.Opened(path+".opened", c.Opened, messages); err != nil {
			return err
		}
		closed, err := b.closed(path, c, ch, messages)
		if err != nil {
			return err
		}
		bySeller, byBuyer := readMarks(messages, func(i int) bool { return c.Messages[i].Read })
		b.converse(ch, messages, bySeller, byBuyer)
		if !closed.IsZero() {
			by, _ := Author(ch, chat.RoleMarketplace)
			b.Happen(chat.ChatClosed{At: closed, Chat: ch.ID, By: by})
		}
	}
	return nil
}

// chat is the chat without its times.
func (b *worldBuilder) chat(path string, c worldChat) (chat.Chat, Shop, error) {
	seller, err := b.Seller(path+".seller", c.Seller)
	its := ShopOf(seller)
	if err != nil {
		return chat.Chat{}, its, err
	}
	out := chat.Chat{Seller: seller.ID, Ext: Conversation{
		Pinned: c.Pinned, Muted: c.Muted, Business: c.Business, SubAccount: c.SubAccount, Chatbot: c.Chatbot,
		BlockedByBuyer: c.BlockedByBuyer, BlockedByShop: c.BlockedByShop,
	}}
	if out.Buyer, err = b.buyer(path+".buyer", c.Buyer); err != nil {
		return out, its, err
	}
	out.ID = Key(ConversationID(its.UserID, Number(out.Buyer)))
	switch {
	case Number(out.Buyer) == its.UserID:
		return out, its, worldfile.Mistake(path+".buyer", "%s is the shop itself", c.Buyer)
	case b.chats[out.ID]:
		return out, its, worldfile.Mistake(path+".buyer", "the two have a conversation above")
	case c.Business != BusinessBuyer && c.Business != BusinessAffiliate:
		return out, its, worldfile.Mistake(path+".business_type", "%d is neither %d nor %d", c.Business, BusinessBuyer, BusinessAffiliate)
	case c.SubAccount != 0 && !its.employs(c.SubAccount):
		return out, its, worldfile.Mistake(path+".sub_account", "the shop has no sub-account %d", c.SubAccount)
	}
	b.chats[out.ID] = true
	return out, its, nil
}

// employs reports whether a sub-account is the shop's.
func (s Shop) employs(id int64) bool {
	return slices.ContainsFunc(s.SubAccounts, func(a SubAccount) bool { return a.ID == id })
}

// closed is when a conversation ended, zero for one that is activated.
func (b *worldBuilder) closed(path string, c worldChat, ch chat.Chat, messages []*chat.Message) (time.Time, error) {
	at, err := b.Past(path+".closed", c.Closed, time.Time{})
	last := ch.Opened
	if n := len(messages); n > 0 {
		last = messages[n-1].At
	}
	if err == nil && !at.IsZero() && at.Before(last) {
		err = worldfile.Mistake(path+".closed", "%s is before the last message", c.Closed)
	}
	return at, err
}

// messages are a chat's, which must stand in order of time.
func (b *worldBuilder) messages(path string, ch chat.Chat, its Shop, c worldChat) ([]*chat.Message, error) {
	var out []*chat.Message
	for i, m := range c.Messages {
		at := fmt.Sprintf("%s.messages[%d]", path, i)
		message, err := b.message(at, ch, its, m, i)
		if err != nil {
			return nil, err
		}
		if err := worldfile.InOrder(at, out, message, m.At); err != nil {
			return nil, err
		}
		if m.Quotes < 0 || m.Quotes > i {
			return nil, worldfile.Mistake(at+".quotes", "there is no message %d above", m.Quotes)
		}
		if m.Quotes > 0 {
			b.quotes[message] = out[m.Quotes-1]
		}
		out = append(out, message)
	}
	return out, nil
}

func (b *worldBuilder) message(path string, ch chat.Chat, its Shop, m worldMessage, n int) (*chat.Message, error) {
	if m.From == "" {
		m.From = voiceBuyer
	}
	v, known := voices[m.From]
	switch {
	case !known:
		return nil, worldfile.NoneOf(path+".from", m.From, writers)
	case m.Type != "" && !slices.Contains(Types, m.Type):
		return nil, worldfile.NoneOf(path+".type", m.Type, Types)
	case m.Status != "" && !slices.Contains(statuses, m.Status):
		return nil, worldfile.NoneOf(path+".status", m.Status, statuses)
	case m.Source != "" && !slices.Contains(sources, m.Source):
		return nil, worldfile.NoneOf(path+".source", m.Source, sources)
	case m.At == "":
		return nil, worldfile.Mistake(path+".at", "is missing")
	}
	at, err := b.Past(path+".at", m.At, time.Time{})
	if err != nil {
		return nil, err
	}
	name := digest("media/" + ch.ID + "/" + strconv.Itoa(n))[:32]
	kind, content, err := m.content(v, its, at, name)
	var mistake *marketplace.InputError
	if errors.As(err, &mistake) {
		return nil, worldfile.Mistake(path+"."+mistake.Field, "%s", mistake.Reason)
	}
	for field, sn := range map[string]string{".order_sn": content.OrderSN, ".about.order_sn": m.About.OrderSN} {
		if _, placed := b.Order(sn); sn != "" && !placed {
			return nil, worldfile.Mistake(path+field, "there is no order %s", sn)
		}
	}
	return m.said(v, ch, at, kind, content, v.requestID(strconv.FormatUint(b.Env.Seed, 10), ch.ID, n)), nil
}

func (m worldMessage) said(v voice, ch chat.Chat, at time.Time, kind string, content Content, request string) *chat.Message {
	out := v.says(ch, at, kind, content, request)
	ext := MessageOf(*out)
	ext.About = About{OrderSN: m.About.OrderSN, ItemID: m.About.ItemID}
	if m.Status != "" {
		ext.Status = m.Status
	}
	if m.Source != "" {
		ext.Source = m.Source
	}
	if name := m.Image + m.Video; name != "" {
		out.Files = []chat.File{{Name: name}}
	}
	if m.Recalled {
		ext, out.Text, out.Files = recalled(ext), textRecalled, nil
	}
	out.Ext = ext
	return out
}

// content is the type of a message and what it says. An *marketplace.InputError
// names the field.
func (m worldMessage) content(v voice, its Shop, at time.Time, name string) (string, Content, error) {
	kind, content, told := TypeText, Content{Text: m.Text}, 0
	if m.Text != "" {
		told++
	}
	take := func(is bool, as string, says func() Content) {
		if is {
			told++
			kind, content = as, says()
		}
	}
	take(m.Text != "" && v.role == chat.RoleMarketplace, TypeNotification, func() Content { return notification(m.Text) })
	take(m.Image != "", TypeImage, func() Content { return picture(name) })
	take(m.Video != "", TypeVideo, func() Content { return film(its.Region, at, name, usualSeconds) })
	take(m.Sticker != nil, TypeSticker, func() Content { return Content{Sticker: &Sticker{ID: m.Sticker.ID, Package: m.Sticker.Package}} })
	take(m.Item != 0, TypeItem, func() Content { return Content{Item: &Item{ShopID: its.ID, ItemID: m.Item}} })
	take(m.OrderSN != "", TypeOrder, func() Content { return Content{OrderSN: m.OrderSN} })
	switch {
	case m.Content != nil && told > 0:
		return kind, content, marketplace.Invalid("content", "stands beside what says the same")
	case m.Content != nil:
		return m.raw(its)
	case told == 0:
		return kind, content, marketplace.Invalid("text", "is missing")
	case m.Type != "" && m.Type != kind:
		return kind, content, marketplace.Invalid("type", "what is told is of the type %s", kind)
	}
	return kind, content, nil
}

// raw is a content told as it travels.
func (m worldMessage) raw(its Shop) (string, Content, error) {
	kind := m.Type
	if kind == "" {
		kind = TypeText
	}
	raw, err := json.Marshal(m.Content)
	if err != nil {
		return kind, Content{}, marketplace.Invalid("content", "%v", err)
	}
	content, err := contentOf(kind, raw, its.ID, epochOfLive)
	return kind, content, err
}

// usualSeconds is how long a film is that nobody has looked at.
const usualSeconds = 15

// notification is what the platform tells both sides.
func notification(text string) Content {
	return Content{Notification: &Notification{ForSender: text, ForReceiver: text, Type: "join"}}
}

// readMarks are the last messages that the shop and the buyer have read, nil for
// none. Who answers has read what is above.
func readMarks(messages []*chat.Message, read func(i int) bool) (bySeller, byBuyer *chat.Message) {
	for i, m := range messages {
		switch fromBuyer := m.From.Role == chat.RoleBuyer; {
		case fromBuyer:
			byBuyer = m
			if read(i) {
				bySeller = m
			}
		case m.From.Role == chat.RoleSeller:
			bySeller = m
			fallthrough
		default:
			if read(i) {
				byBuyer = m
			}
		}
	}
	return bySeller, byBuyer
}

// converse opens a chat and posts its messages.
func (b *worldBuilder) converse(ch chat.Chat, messages []*chat.Message, bySeller, byBuyer *chat.Message) {
	b.Happen(chat.ChatOpened{At: ch.Opened, Chat: ch})
	for _, m := range messages {
		b.Post(m)
		for _, reader := range []struct {
			upTo *chat.Message
			role chat.Role
		}{{bySeller, chat.RoleSeller}, {byBuyer, chat.RoleBuyer}} {
			if m == reader.upTo {
				by, _ := Author(ch, reader.role)
				b.Read(m, by)
			}
		}
	}
}
