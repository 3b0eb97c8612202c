package shop

import (
	"fmt"
	"strconv"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace/worldfile"
)

// firstGenerated is the first user id of generated buyers.
const firstGenerated = 230_000_001

// generatedTypes are the types of generated messages of buyers.
var generatedTypes = []string{TypeText, TypeImage, TypeVideo, TypeSticker, TypeItem, TypeOrder}

// generator makes bulk conversations.
type generator struct {
	*worldBuilder
	worldfile.Dice
	seller chat.Seller
	shop   Shop
	words  worldfile.Phrases
	plan   worldGenerate
	low    int
	high   int
	types  worldfile.Shares
	next   int64 // user id
}

func (b *worldBuilder) generate(file worldFile) error {
	if file.Generate == nil {
		return nil
	}
	g := &generator{worldBuilder: b, plan: *file.Generate, Dice: b.Dice(), next: firstGenerated}
	if err := g.check(); err != nil {
		return err
	}
	for range g.plan.Chats {
		g.one()
	}
	return nil
}

func (g *generator) check() error {
	var err error
	if g.seller, err = g.Seller("generate.seller", g.plan.Seller); err != nil {
		return err
	}
	g.shop = ShopOf(g.seller)
	g.words = wordsOf(g.shop.Region)
	if err := worldfile.Count("generate.chats", g.plan.Chats); err != nil {
		return err
	}
	for _, percent := range []struct {
		name string
		told int
	}{{"unread", g.plan.Unread}, {"pinned", g.plan.Pinned}} {
		if percent.told < 0 || percent.told > 100 {
			return worldfile.Mistake("generate."+percent.name, "%d is no percentage", percent.told)
		}
	}
	if g.low, g.high, err = worldfile.MessageRange("generate.messages", g.plan.Messages); err != nil {
		return err
	}
	g.types, err = worldfile.NewShares("generate.types", g.plan.Types, generatedTypes, TypeText)
	return err
}

// one makes a conversation with a buyer whom nobody else has.
func (g *generator) one() {
	buyer := g.free()
	ch := chat.Chat{
		ID: Key(ConversationID(g.shop.UserID, buyer)), Seller: g.seller.ID, Buyer: Key(buyer), Opened: g.Ago(g.Env.Now),
		Ext: Conversation{Pinned: g.Number(1, 100) <= g.plan.Pinned},
	}
	g.chats[ch.ID] = true
	sn := ""
	if g.plan.Orders {
		sn = g.bought(ch)
	}
	unread := g.Number(1, 100) <= g.plan.Unread
	messages := g.talk(ch, sn, unread)
	bySeller, byBuyer := readMarks(messages, func(i int) bool { return i < len(messages)-1 || !unread })
	g.converse(ch, messages, bySeller, byBuyer)
}

// free makes the next user known who is nobody yet.
func (g *generator) free() int64 {
	for {
		id := g.next
		g.next++
		if !g.KnowsBuyer(Key(id)) && g.ids[id] == "" {
			g.AddBuyer(newBuyer(id))
			return id
		}
	}
}

// bought places an order so late that the shop may write about it. Claim
// shopee/contact-window-order.
func (g *generator) bought(ch chat.Chat) string {
	const late = 25 * 24 * 60 // minutes
	at := g.Env.Now.Add(-time.Duration(g.Number(60, late)) * time.Minute)
	order := chat.Order{
		Seller: ch.Seller, Buyer: ch.Buyer, Placed: at, Paid: at, Ext: Order{},
		Items: []chat.Item{{SKU: strconv.Itoa(7_700_000_000 + g.Number(1, 9999)), Name: g.Pick(g.words.Goods)}},
	}
	for try := 0; order.ID == ""; try++ {
		sn := snOf(at, ch.ID, try)
		if _, taken := g.Order(sn); !taken {
			order.ID = sn
		}
	}
	g.AddOrder(order)
	return order.ID
}

// talk alternates the sides; in an unread conversation the buyer speaks last.
func (g *generator) talk(ch chat.Chat, sn string, unread bool) []*chat.Message {
	n := g.Number(g.low, g.high)
	buyerFirst := 0
	if unread && n%2 == 0 {
		buyerFirst = 1 // the shop begins
	}
	out := make([]*chat.Message, 0, n)
	room := g.Env.Now.Sub(ch.Opened) / time.Duration(n+1)
	at := ch.Opened
	for i := range n {
		v, kind, content := voices[voiceSeller], TypeText, Content{}
		if (i+buyerFirst)%2 == 0 {
			v, kind = voices[voiceBuyer], g.Draw(g.types)
		}
		kind, content = g.content(v, kind, at, fmt.Sprintf("%s/%d", ch.ID, i), sn)
		request := v.requestID(strconv.FormatUint(g.Env.Seed, 10), ch.ID, i)
		out = append(out, v.says(ch, at, kind, content, request))
		at = at.Add(min(room, time.Duration(g.Number(60, 6*3600))*time.Second))
	}
	return out
}

// content is what is said; who has ordered nothing has no order to show.
func (g *generator) content(v voice, kind string, at time.Time, place, sn string) (string, Content) {
	name := func() string { return digest("media/" + place)[:32] }
	switch {
	case kind == TypeImage:
		return kind, picture(name())
	case kind == TypeVideo:
		return kind, film(g.shop.Region, at, name(), g.Number(1, 60))
	case kind == TypeSticker:
		return kind, Content{Sticker: &Sticker{ID: fmt.Sprintf("%04d", g.Number(1, 40)), Package: "teapots_" + g.shop.Region}}
	case kind == TypeItem:
		return kind, Content{Item: &Item{ShopID: g.shop.ID, ItemID: 7_700_000_000 + int64(g.Number(1, 9999))}}
	case kind == TypeOrder && sn != "":
		return kind, Content{OrderSN: sn}
	}
	return TypeText, Content{Text: g.Sentence(g.words, v.role)}
}

// snOf is an order_sn of a moment: its day and eight digits and letters. Claim
// shopee/order-sn.
func snOf(at time.Time, place string, try int) string {
	const letters = "0123456789ABCDEFGHJKMNPQRSTUVWXY"
	made := digest("order/" + place + "/" + strconv.Itoa(try))
	tail := make([]byte, 8)
	for i := range tail {
		n, _ := strconv.ParseUint(made[2*i:2*i+2], 16, 8) // hexadecimal digits
		tail[i] = letters[n%uint64(len(letters))]
	}
	return at.UTC().Format("060102") + string(tail)
}
