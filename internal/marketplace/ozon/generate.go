package ozon

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace/worldfile"
)

// generator makes bulk chats.
type generator struct {
	*worldBuilder
	worldfile.Dice
	seller chat.Seller
	plan   worldGenerate
	low    int
	high   int
	types  worldfile.Shares
}

func (b *worldBuilder) generate(file worldFile) error {
	if file.Generate == nil {
		return nil
	}
	g := &generator{worldBuilder: b, plan: *file.Generate, Dice: b.Dice()}
	if err := g.check(); err != nil {
		return err
	}
	for i := range g.plan.Chats {
		g.one(i)
	}
	return nil
}

func (g *generator) check() error {
	var err error
	if g.seller, err = g.Seller("generate.seller", g.plan.Seller); err != nil {
		return err
	}
	if err := worldfile.Count("generate.chats", g.plan.Chats); err != nil {
		return err
	}
	if g.plan.Unread < 0 || g.plan.Unread > 100 {
		return worldfile.Mistake("generate.unread", "%d is no percentage", g.plan.Unread)
	}
	if g.low, g.high, err = worldfile.MessageRange("generate.messages", g.plan.Messages); err != nil {
		return err
	}
	g.types, err = worldfile.NewShares("generate.types", g.plan.Types, kindNames(), typeBuyer)
	return err
}

func (g *generator) one(i int) {
	k := kindOf(g.Draw(g.types))
	ch := chat.Chat{
		ID: g.chatID("generated", i), Seller: g.seller.ID, Ext: chatExt{Type: k.name},
		Opened: g.Ago(g.Env.Now),
	}
	if k.buyer {
		ch.Buyer = strconv.Itoa(200_000 + i)
		g.addBuyer(ch.Buyer)
		if g.plan.Orders {
			ch.Order = g.placeOrder(i, ch)
		}
	}
	messages := g.talk(ch, *k)
	bySeller, byBuyer := g.readers(messages)
	g.converse(ch, messages, bySeller, byBuyer)
}

func (g *generator) placeOrder(i int, ch chat.Chat) string {
	order := chat.Order{
		ID: fmt.Sprintf("%08d-%04d-1", 48_000_000+i, g.Number(1, 9999)), Seller: ch.Seller, Buyer: ch.Buyer,
		Scheme: schemes[g.Number(0, len(schemes)-1)], Placed: ch.Opened.Add(-48 * time.Hour),
		Paid: ch.Opened.Add(-47 * time.Hour),
		Items: []chat.Item{{
			SKU: strconv.Itoa(987_000 + g.Number(1, 999)), OfferID: "GEN-" + strconv.Itoa(g.Number(1, 999)),
			Name: g.Pick(phrases.Goods),
		}},
	}
	if g.Bool() {
		order.Delivered = ch.Opened.Add(-time.Hour)
	}
	g.AddOrder(order)
	return order.ID
}

// talk alternates the sides; nobody answers the marketplace's notifications.
func (g *generator) talk(ch chat.Chat, k kind) []*chat.Message {
	other := chat.RoleBuyer
	switch {
	case k.system:
		other = chat.RoleMarketplace
	case !k.buyer:
		other = chat.RoleSupport
	}
	n := g.Number(g.low, g.high)
	out := make([]*chat.Message, 0, n)
	room := g.Env.Now.Sub(ch.Opened) / time.Duration(n+1)
	at := ch.Opened
	for i := range n {
		role := other
		if i%2 == 1 && !k.system {
			role = chat.RoleSeller
		}
		from, _ := authorIn(ch, role)
		out = append(out, &chat.Message{Chat: ch.ID, At: at, From: from, Text: g.Sentence(phrases, role)})
		at = at.Add(min(room, time.Duration(g.Number(60, 6*3600))*time.Second))
	}
	return out
}

// readers leave the seller's last message to read unread in the planned share
// of chats; buyers have read everything but now and then the last.
func (g *generator) readers(messages []*chat.Message) (bySeller, byBuyer *chat.Message) {
	unread := g.Number(1, 100) <= g.plan.Unread
	lazy := g.Number(1, 100) <= 30
	for _, m := range slices.Backward(messages) {
		switch {
		case m.From.Role == chat.RoleSeller && lazy:
			lazy = false
		case m.From.Role == chat.RoleSeller && byBuyer == nil:
			byBuyer = m
		case m.From.Role != chat.RoleSeller && unread:
			unread = false
		case m.From.Role != chat.RoleSeller && bySeller == nil:
			bySeller = m
		}
	}
	return bySeller, byBuyer
}

// phrases are words for made-up conversations.
var phrases = worldfile.Phrases{
	Greetings: []string{"Здравствуйте!", "Добрый день!", "Добрый вечер!", "Приветствую!", "Доброе утро!"},
	Goods: []string{
		"чай чёрный листовой", "кружка керамическая", "плед вязаный", "лампа настольная", "рюкзак городской",
		"набор кистей", "термос стальной", "скатерть льняная", "гирлянда бумажная", "коврик дорожный",
	},
	Questions: []string{
		"Подскажите, когда приедет заказ: %s?", "Есть ли %s другого цвета?", "Пришла не та вещь вместо товара «%s».",
		"Можно ли вернуть товар «%s»?", "Какой размер у товара «%s»?", "Не нашёл инструкцию к товару «%s».",
		"Хочу заказать ещё: %s. Будет ли скидка?", "Товар «%s» пришёл с царапиной, что делать?",
	},
	Answers: []string{
		"Заказ уже в пути, обычно доставка занимает два дня.", "Спасибо за вопрос, уточним на складе и напишем.",
		"Да, такой цвет есть в наличии.", "Пришлите, пожалуйста, фотографию.", "Оформите возврат в личном кабинете.",
		"Инструкция лежит под крышкой коробки.", "Рады помочь, хорошего дня!",
	},
	Supports: []string{
		"Ваше обращение принято, мы ответим в течение дня.", "Проверили настройки, всё в порядке.",
		"Уточните, пожалуйста, номер отправления.", "Ошибка исправлена, попробуйте ещё раз.",
	},
	Notices: []string{
		"Принято отправлений: %d.", "Обновлены карточки: %d.", "Отчёт за %d дней готов.", "Новых условий: %d, ознакомьтесь с ними.",
	},
}
