package shop

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/form"
)

// Player plays everybody but the callers of the APIs.
type Player struct{}

var _ marketplace.Player = Player{}

// Author is who acts in a chat.
func (Player) Author(c chat.Chat, role chat.Role) (chat.Author, bool) { return Author(c, role) }

// typeAffiliate is the type of a conversation that is not with a buyer.
const typeAffiliate = "affiliate"

// OpenChat opens a conversation without messages: of a shop and a buyer, who may
// be told by an order. Claim shopee/conversation-id.
func (Player) OpenChat(w *marketplace.World, in marketplace.ChatInput) ([]chat.Event, error) {
	order, seller, err := w.Subject(in)
	if err != nil {
		return nil, err
	}
	if order.ID != "" && in.Buyer != "" && order.Buyer != in.Buyer {
		return nil, marketplace.Invalid("buyer", "the order %s is another buyer's", order.ID)
	}
	ch := chat.Chat{Seller: seller.ID, Order: order.ID, Opened: w.Clock.Now(), Ext: Conversation{}}
	switch in.Type {
	case "", voiceBuyer:
	case typeAffiliate:
		ch.Ext = Conversation{Business: BusinessAffiliate}
	default:
		return nil, marketplace.Invalid("type", "%q is neither %s nor %s", in.Type, voiceBuyer, typeAffiliate)
	}
	buyer, added, err := playedBuyer(w, in.Buyer, order.Buyer)
	if err != nil {
		return nil, err
	}
	ch.Buyer = Key(buyer)
	user := ShopOf(seller).UserID
	ch.ID = Key(ConversationID(user, buyer))
	switch _, known := w.Store.Chat(ch.ID); {
	case buyer == user:
		return nil, marketplace.Invalid("buyer", "%d is the shop itself", buyer)
	case known:
		return nil, marketplace.Invalid("buyer", "the conversation %s of the two is there already", ch.ID)
	case in.ID != "" && in.ID != ch.ID:
		return nil, marketplace.Invalid("id", "the conversation of the two is %s", ch.ID)
	}
	return append(added, chat.ChatOpened{At: ch.Opened, Chat: ch}), nil
}

// playedBuyer is the told user, else the usual one, else one who is nobody yet;
// and the event that makes the user known as a buyer, if there has to be one.
func playedBuyer(w *marketplace.World, told, usual string) (int64, []chat.Event, error) {
	if told == "" {
		told = usual
	}
	for told == "" {
		id := mintBuyer()
		if _, taken := w.Store.Buyer(id); !taken && !isShop(w.Store, id) {
			told = id
		}
	}
	id, ok := userID(told)
	if !ok {
		return 0, nil, marketplace.Invalid("buyer", "%q is no user id: a number from 1 to %d", told, maxUser)
	}
	if _, known := w.Store.Buyer(told); known {
		return id, nil, nil
	}
	return id, []chat.Event{chat.BuyerAdded{At: w.Clock.Now(), Buyer: newBuyer(id)}}, nil
}

// isShop reports whether a user is a shop's.
func isShop(store *chat.Store, user string) bool {
	for _, s := range store.Sellers() {
		if Key(ShopOf(s).UserID) == user {
			return true
		}
	}
	return false
}

// PostMessage writes as anybody; what the shop says comes as from the seller
// centre, whatever the rules. A conversation that was closed goes on with it. What
// the shop has set up answers a buyer at once. Claims shopee/auto-reply,
// shopee/webchat-closed.
func (Player) PostMessage(w *marketplace.World, ch chat.Chat, in marketplace.MessageInput) ([]chat.Event, error) {
	v, known := voiceOf(chat.Role(in.From))
	if !known {
		return nil, marketplace.Invalid("from", "nobody is %q in this chat", in.From)
	}
	kind, content, files, err := playedContent(w, ch, v, in)
	if err != nil {
		return nil, err
	}
	m := v.says(ch, w.Clock.Now(), kind, content, v.requestID(w.Sandbox, ch.ID, ch.Messages))
	m.Files = files
	return spoken(w, ch, m), nil
}

// voiceOf is how a role of the control API writes.
func voiceOf(role chat.Role) (voice, bool) {
	switch role {
	case "", chat.RoleBuyer:
		return voices[voiceBuyer], true
	case chat.RoleSeller:
		return voices[voiceSeller], true
	case chat.RoleBot:
		return voices[voiceChatbot], true
	case chat.RoleMarketplace:
		return voices[voicePlatform], true
	}
	return voice{}, false
}

func playedContent(w *marketplace.World, ch chat.Chat, v voice, in marketplace.MessageInput) (string, Content, []chat.File, error) {
	switch {
	case in.File == nil && in.Text == "":
		return "", Content{}, nil, marketplace.Invalid("text", "neither text nor file is given")
	case in.File == nil && v.role == chat.RoleMarketplace:
		return TypeNotification, notification(in.Text), nil, nil
	case in.File == nil:
		return TypeText, Content{Text: in.Text}, nil, nil
	case in.Text != "":
		return "", Content{}, nil, marketplace.Invalid("text", "a message is a text or a file, not both")
	}
	file, err := playedFile(*in.File)
	if err != nil {
		return "", Content{}, nil, err
	}
	files := []chat.File{file}
	switch {
	case strings.HasPrefix(file.ContentType, "image/"):
		return TypeImage, playedMedia(picture(file.Blob), file), files, nil
	case strings.HasPrefix(file.ContentType, "video/"):
		seller, _ := w.Store.Seller(ch.Seller)
		return TypeVideo, playedMedia(film(ShopOf(seller).Region, w.Clock.Now(), file.Blob, usualSeconds), file), files, nil
	}
	return "", Content{}, nil, marketplace.Invalid("file.content_type", "%s is neither an image nor a video", file.ContentType)
}

// playedMedia is a content whose file may be somewhere else.
func playedMedia(c Content, file chat.File) Content {
	switch {
	case file.URL == "":
	case c.Image != nil:
		c.Image.URL, c.Image.Thumb = file.URL, file.URL
	case c.Video != nil:
		c.Video.URL, c.Video.Thumb = file.URL, file.URL
	}
	return c
}

// spoken are a message and what follows from it.
func spoken(w *marketplace.World, ch chat.Chat, m *chat.Message) []chat.Event {
	var events []chat.Event
	if !ch.Closed.IsZero() {
		events = append(events, chat.ChatReopened{At: m.At, Chat: ch.ID, By: m.From})
	}
	events = append(events, chat.MessagePosted{At: m.At, Message: *m})
	if m.From.Role != chat.RoleBuyer {
		return events
	}
	if answer := automatic(w, ch, m); answer != nil {
		events = append(events, chat.MessagePosted{At: m.At, Message: *answer})
	}
	return events
}

// quietFor is how long the shop's side has said nothing when it answers by
// itself. Claim shopee/auto-reply.
const quietFor = 24 * time.Hour

// chatbotAnswer is what the chatbot says to everything. Claim shopee/push-chatbot.
const chatbotAnswer = "Thank you for your message! Choose \"Chat with Seller\" to talk to a person."

// automatic is what the shop's side says by itself to a buyer, nil for nothing:
// the chatbot to everything while it is in the chat, else the reply outside of
// hours, else the usual one.
func automatic(w *marketplace.World, ch chat.Chat, m *chat.Message) *chat.Message {
	seller, _ := w.Store.Seller(ch.Seller)
	its := ShopOf(seller)
	answer := func(name, text string) *chat.Message {
		v := voices[name]
		return v.says(ch, m.At, TypeText, Content{Text: text}, v.requestID(w.Sandbox, ch.ID, ch.Messages+1))
	}
	switch {
	case ConversationOf(&ch).Chatbot:
		return answer(voiceChatbot, chatbotAnswer)
	case !its.Offwork.Enabled && !its.AutoReply.Enabled || spoke(w.Store, ch.ID, m.At.Add(-quietFor)):
		return nil
	case its.Offwork.Enabled:
		return answer(voiceOffwork, its.Offwork.Text)
	}
	return answer(voiceAuto, its.AutoReply.Text)
}

// spoke reports whether the shop's side has said something after a moment.
func spoke(store *chat.Store, chatID string, after time.Time) bool {
	its := func(m chat.Message) bool { return m.From.Role == chat.RoleSeller || m.From.Role == chat.RoleBot }
	return lastOf(store, chatID, 0, its).At.After(after)
}

// PlaceOrder adds an order of a buyer, told or new.
func (Player) PlaceOrder(w *marketplace.World, in marketplace.OrderInput) ([]chat.Event, error) {
	seller, err := w.Seller(in.Seller)
	if err != nil {
		return nil, err
	}
	now := w.Clock.Now()
	if in.ID == "" {
		in.ID = snOf(now, uuid.NewString(), 0)
	}
	if in.Scheme != "" {
		return nil, marketplace.Invalid("scheme", "orders have none here: leave it out")
	}
	if !orderSN.MatchString(in.ID) {
		return nil, marketplace.Invalid("id", "%q is no order_sn: 14 digits and capital letters", in.ID)
	}
	if _, known := w.Store.Order(in.ID); known {
		return nil, marketplace.Invalid("id", "there is an order %s already", in.ID)
	}
	buyer, added, err := playedBuyer(w, in.Buyer, "")
	if err != nil {
		return nil, err
	}
	order := chat.Order{ID: in.ID, Seller: seller.ID, Buyer: Key(buyer), Placed: now, Ext: Order{}}
	if in.Paid != nil {
		order.Paid = in.Paid.UTC()
		if order.Paid.Before(order.Placed) {
			order.Placed = order.Paid
		}
	}
	for _, item := range in.Items {
		order.Items = append(order.Items, chat.Item{SKU: item.SKU, OfferID: item.OfferID, Name: item.Name})
	}
	return append(added, chat.OrderPlaced{At: now, Order: order}), nil
}

// ReturnOrder opens a return of an order. Claim shopee/contact-window-return.
func (Player) ReturnOrder(w *marketplace.World, order chat.Order, at time.Time) ([]chat.Event, error) {
	its := OrderOf(order)
	its.ReturnOpen = true
	return []chat.Event{
		chat.OrderReturned{At: at, ID: order.ID},
		chat.OrderChanged{At: w.Clock.Now(), ID: order.ID, Ext: its},
	}, nil
}

// oneAddress refuses an app's second address.
const oneAddress = "the app %d has the address %s already: an app has one, for all its shops"

// SetWebhook saves an address as told, without a test push. Claims
// shopee/push-test-silent, shopee/push-per-app.
func (Player) SetWebhook(w *marketplace.World, in marketplace.WebhookInput, beside []chat.Webhook) ([]chat.Event, error) {
	seller, err := w.Seller(in.Seller)
	if err != nil {
		return nil, err
	}
	if !marketplace.IsAddress(in.URL) {
		return nil, marketplace.Invalid("url", "%q is no http or https address", in.URL)
	}
	if err := oneOf("types", in.Types, pushEvents); err != nil {
		return nil, err
	}
	hook := newHook(w, ShopOf(seller).App.PartnerID)
	for _, other := range beside {
		if HookOf(other).PartnerID == HookOf(hook).PartnerID {
			return nil, marketplace.Invalid("", oneAddress, ShopOf(seller).App.PartnerID, other.URL)
		}
	}
	hook.Seller, hook.URL, hook.Enabled = seller.ID, in.URL, in.Enabled == nil || *in.Enabled
	if len(in.Types) > 0 {
		hook.Types = in.Types
	}
	return []chat.Event{chat.WebhookSaved{At: hook.Created, Webhook: hook}}, nil
}

// mintBuyer is a user id of nine digits.
func mintBuyer() string {
	const first, many = 240_000_000, 700_000_000
	return Key(first + int64(uuid.New().ID()%many))
}

// maxAddress bounds in bytes the address of a played file.
const maxAddress = 2000

func playedFile(in marketplace.FileInput) (chat.File, error) {
	switch {
	case in.Name == "" || in.Name != form.BaseName(in.Name):
		return chat.File{}, marketplace.Invalid("file.name", "%q is no name of a file", in.Name)
	case in.URL != "" && (!marketplace.IsAddress(in.URL) || len(in.URL) > maxAddress):
		return chat.File{}, marketplace.Invalid("file.url", "%q is no http or https address of up to %d bytes", in.URL, maxAddress)
	}
	return in.As(form.ContentType), nil
}
