package yandex

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace/worldfile"
)

// The first numbers of generated orders, and of returns.
const (
	firstGenerated = 48_000_001
	firstReturn    = 70_000_001
)

// generator makes bulk chats.
type generator struct {
	*worldBuilder
	worldfile.Dice
	seller    chat.Seller
	plan      worldGenerate
	low       int
	high      int
	contexts  worldfile.Shares
	types     worldfile.Shares
	statuses  worldfile.Shares
	nextOrder int64
	nextGiven int64 // return
}

func (b *worldBuilder) generate(file worldFile) error {
	if file.Generate == nil {
		return nil
	}
	g := &generator{worldBuilder: b, plan: *file.Generate, Dice: b.Dice(), nextOrder: firstGenerated, nextGiven: firstReturn}
	if err := g.check(); err != nil {
		return err
	}
	for range g.plan.Chats {
		g.one()
	}
	for range g.plan.Orders {
		opened := g.Ago(g.Env.Now)
		g.order(opened, g.Pick(models))
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
	if err := worldfile.Count("generate.orders", g.plan.Orders); err != nil {
		return err
	}
	if g.low, g.high, err = worldfile.MessageRange("generate.messages", g.plan.Messages); err != nil {
		return err
	}
	if g.contexts, err = worldfile.NewShares("generate.contexts", g.plan.Contexts, contextWords, contextWords[0]); err != nil {
		return err
	}
	if g.types, err = worldfile.NewShares("generate.types", g.plan.Types, typeWords, typeWords[0]); err != nil {
		return err
	}
	g.statuses, err = worldfile.NewShares("generate.statuses", g.plan.Statuses, statusWords, statusWords[0])
	return err
}

func (g *generator) one() {
	context, kind := g.Draw(g.contexts), g.Draw(g.types)
	opened := g.Ago(g.Env.Now)
	var order chat.Order
	switch context {
	case contextDirect:
		kind = typeChat
	case contextOrder:
		order = g.order(opened, g.Pick(models))
	case contextReturn:
		order = g.order(opened, g.Pick(returnChats))
		order = g.returned(order, opened)
	}
	ch := chat.Chat{
		ID: g.chatID(), Seller: g.seller.ID, Buyer: order.Buyer, Order: order.ID, Opened: opened,
		Ext: aboutOrder(order, kind),
	}
	if ch.Buyer == "" {
		ch.Buyer = "gen" + ch.ID
		g.addBuyer(ch.Buyer, "")
	}
	messages := g.talk(ch, kind)
	status := ""
	if len(g.plan.Statuses) > 0 {
		status = g.Draw(g.statuses)
	}
	if status == statusArbiter && kind != typeArbitrage {
		status = "" // it follows from the messages
	}
	var closed time.Time
	if status == statusFinished {
		closed = opened
		if n := len(messages); n > 0 {
			closed = messages[n-1].At
		}
	}
	g.converse(ch, messages, status, closed)
}

// order places one before its chat was opened.
func (g *generator) order(opened time.Time, model string) chat.Order {
	id := g.free(&g.nextOrder, orderKey)
	order := chat.Order{
		ID: orderKey(id), Seller: g.seller.ID, Buyer: fmt.Sprintf("gen%d", id), Scheme: model,
		Placed: opened.Add(-48 * time.Hour), Paid: opened.Add(-47 * time.Hour),
		Items: []chat.Item{{
			SKU: strconv.Itoa(100_200_000 + g.Number(1, 9999)), OfferID: "GEN-" + strconv.Itoa(g.Number(1, 999)),
			Name: g.Pick(phrases.Goods),
		}},
		Ext: orderExt{Campaign: storeFor(extOfSeller(g.seller).Campaigns, model), Order: id},
	}
	if g.Bool() {
		order.Delivered = opened.Add(-time.Hour)
	}
	g.place(order)
	return order
}

func (g *generator) returned(order chat.Order, at time.Time) chat.Order {
	id := g.free(&g.nextGiven, returnKey)
	g.giveBack(order, id, at)
	given, _ := g.Order(returnKey(id))
	return given
}

// free is the next number that no order has, or no return.
func (g *generator) free(next *int64, key func(int64) string) int64 {
	for {
		id := *next
		*next++
		if _, taken := g.Order(key(id)); !taken {
			return id
		}
	}
}

// talk alternates the sides. In a dispute support speaks third.
func (g *generator) talk(ch chat.Chat, kind string) []*chat.Message {
	n := g.Number(g.low, g.high)
	out := make([]*chat.Message, 0, n)
	room := g.Env.Now.Sub(ch.Opened) / time.Duration(n+1)
	at := ch.Opened
	for i := range n {
		role := chat.RoleBuyer
		switch {
		case kind == typeArbitrage && i%3 == 2:
			role = chat.RoleSupport
		case i%2 == 1:
			role = chat.RoleSeller
		case i > 0 && g.Number(1, 10) == 1:
			role = chat.RoleMarketplace
		}
		from, _ := authorIn(ch, role)
		out = append(out, &chat.Message{Chat: ch.ID, At: at, From: from, Text: g.Sentence(phrases, role), Ext: messageExt{}})
		at = at.Add(min(room, time.Duration(g.Number(60, 6*3600))*time.Second))
	}
	return out
}

// buyerName is a public name that follows from an id: a first name and a letter.
func buyerName(id string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // a hash never fails
	n := int(h.Sum32() >> 1)
	return firstNames[n%len(firstNames)] + " " + initials[n/len(firstNames)%len(initials)] + "."
}

var (
	firstNames = []string{
		"Анна", "Борис", "Вера", "Глеб", "Дарья", "Егор", "Жанна", "Захар", "Инна", "Кирилл", "Лидия", "Макар",
		"Нина", "Олег", "Полина", "Роман", "Софья", "Тимур", "Ульяна", "Фёдор",
	}
	initials = []string{"А", "Б", "В", "Г", "Д", "Е", "З", "И", "К", "Л", "М", "Н", "О", "П", "Р", "С", "Т", "Ф", "Ш", "Я"}
)

// phrases are words for made-up conversations.
var phrases = worldfile.Phrases{
	Greetings: []string{"Здравствуйте!", "Добрый день!", "Добрый вечер!", "Привет!", "Доброго времени!"},
	Goods: []string{
		"улун молочный", "пуэр прессованный", "чайник заварочный", "пиала фарфоровая", "матча", "ситечко стальное",
		"варенье из шишек", "мёд липовый", "самовар угольный", "поднос бамбуковый",
	},
	Questions: []string{
		"Когда отправите «%s»?", "Подойдёт ли «%s» в подарок?", "В посылке не оказалось товара «%s».",
		"Хочу вернуть «%s», как это сделать?", "Сколько весит «%s» вместе с коробкой?", "Какой срок хранения у товара «%s»?",
		"Пришла посылка, но «%s» другого сорта.", "Можно ли заменить «%s» на такой же побольше?",
	},
	Answers: []string{
		"Передадим заказ в доставку завтра утром.", "Уточним у коллег и ответим сегодня.",
		"Приложите, пожалуйста, снимок упаковки.", "Да, всё есть в наличии.", "Хранится два года в закрытой банке.",
		"Возврат можно оформить в карточке заказа.", "Спасибо, что написали!",
	},
	Supports: []string{
		"Мы подключились к вашему спору.", "Покажите, пожалуйста, снимки товара с двух сторон.",
		"Решение примем в течение двух дней.", "Деньги вернутся на карту покупателя.",
	},
	Notices: []string{
		"Заказ передан в доставку.", "Покупатель получил заказ.", "Срок хранения заказа продлён.", "Возврат принят на складе.",
	},
}
