package yandex

import (
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/brianvoe/gofakeit/v6"

	"example.com/marketmock/internal/chat"
)

const (
	maxGenerated   = 1_000_000
	maxGenMessages = 1000
	generatedDays  = 90
	// firstGenerated is the first number of generated orders, and of returns.
	firstGenerated = 48_000_001
	firstReturn    = 70_000_001
)

// generator makes bulk chats; everything follows from the seed.
type generator struct {
	*worldBuilder
	fake      *gofakeit.Faker
	seller    chat.Seller
	plan      worldGenerate
	low       int
	high      int
	contexts  shares
	types     shares
	statuses  shares
	nextOrder int64
	nextGiven int64 // return
}

// shares are words and how often each is drawn.
type shares struct {
	words  []string
	counts []int
	sum    int
}

func (b *worldBuilder) generate(file worldFile) error {
	if file.Generate == nil {
		return nil
	}
	g := &generator{
		worldBuilder: b, plan: *file.Generate, fake: gofakeit.NewUnlocked(b.env.Rand.Int64N(1<<62) + 1),
		nextOrder: firstGenerated, nextGiven: firstReturn,
	}
	if err := g.check(); err != nil {
		return err
	}
	for range g.plan.Chats {
		g.one()
	}
	for range g.plan.Orders {
		opened := g.someTime()
		g.order(opened, models[g.fake.Number(0, len(models)-1)])
	}
	return nil
}

func (g *generator) check() error {
	var err error
	if g.seller, err = g.worldBuilder.seller("generate.seller", g.plan.Seller); err != nil {
		return err
	}
	for _, n := range []struct {
		path  string
		value int
	}{{"generate.chats", g.plan.Chats}, {"generate.orders", g.plan.Orders}} {
		if n.value < 0 || n.value > maxGenerated {
			return mistake(n.path, "%d is not between 0 and %d", n.value, maxGenerated)
		}
	}
	if g.low, g.high, err = messageRange(g.plan.Messages); err != nil {
		return err
	}
	if g.contexts, err = sharesOf("generate.contexts", g.plan.Contexts, contextWords); err != nil {
		return err
	}
	if g.types, err = sharesOf("generate.types", g.plan.Types, typeWords); err != nil {
		return err
	}
	g.statuses, err = sharesOf("generate.statuses", g.plan.Statuses, statusWords)
	return err
}

// sharesOf checks shares; without any, the first word is always drawn.
func sharesOf(path string, told map[string]int, known []string) (shares, error) {
	var s shares
	if len(told) == 0 {
		return shares{words: known[:1], counts: []int{1}, sum: 1}, nil
	}
	for _, word := range slices.Sorted(maps.Keys(told)) {
		if !slices.Contains(known, word) {
			return s, mistake(path+"."+word, "is none of %s", strings.Join(known, ", "))
		}
		if told[word] < 0 {
			return s, mistake(path+"."+word, "%d is no share", told[word])
		}
		s.words, s.counts = append(s.words, word), append(s.counts, told[word])
		s.sum += told[word]
	}
	if s.sum == 0 {
		return s, mistake(path, "all shares are 0")
	}
	return s, nil
}

// messageRange reads 3 or 1..6; empty is 1..4.
func messageRange(s string) (low, high int, err error) {
	if s == "" {
		return 1, 4, nil
	}
	from, to, isRange := strings.Cut(s, "..")
	if !isRange {
		to = from
	}
	low, err1 := strconv.Atoi(from)
	high, err2 := strconv.Atoi(to)
	if err1 != nil || err2 != nil || low < 0 || high < low || high > maxGenMessages {
		return 0, 0, mistake("generate.messages", "%s is neither a number nor a range like 1..6", s)
	}
	return low, high, nil
}

func (g *generator) draw(s shares) string {
	n := g.fake.Number(0, s.sum-1)
	for i, count := range s.counts {
		if n -= count; n < 0 {
			return s.words[i]
		}
	}
	return s.words[len(s.words)-1]
}

func (g *generator) someTime() time.Time {
	return g.env.Now.Add(-time.Duration(g.fake.Number(3600, generatedDays*24*3600)) * time.Second)
}

func (g *generator) one() {
	context, kind := g.draw(g.contexts), g.draw(g.types)
	opened := g.someTime()
	var order chat.Order
	switch context {
	case contextDirect:
		kind = typeChat
	case contextOrder:
		order = g.order(opened, models[g.fake.Number(0, len(models)-1)])
	case contextReturn:
		order = g.order(opened, returnChats[g.fake.Number(0, len(returnChats)-1)])
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
		status = g.draw(g.statuses)
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
	for g.orders[orderKey(g.nextOrder)].ID != "" {
		g.nextOrder++
	}
	id := g.nextOrder
	g.nextOrder++
	order := chat.Order{
		ID: orderKey(id), Seller: g.seller.ID, Buyer: fmt.Sprintf("gen%d", id), Scheme: model,
		Placed: opened.Add(-48 * time.Hour), Paid: opened.Add(-47 * time.Hour),
		Items: []chat.Item{{
			SKU: strconv.Itoa(100_200_000 + g.fake.Number(1, 9999)), OfferID: "GEN-" + strconv.Itoa(g.fake.Number(1, 999)),
			Name: g.pick(goods),
		}},
		Ext: orderExt{Campaign: storeFor(extOfSeller(g.seller).Campaigns, model), Order: id},
	}
	if g.fake.Bool() {
		order.Delivered = opened.Add(-time.Hour)
	}
	g.place(order)
	return order
}

func (g *generator) returned(order chat.Order, at time.Time) chat.Order {
	for g.orders[returnKey(g.nextGiven)].ID != "" {
		g.nextGiven++
	}
	id := g.nextGiven
	g.nextGiven++
	g.giveBack(order, id, at)
	return g.orders[returnKey(id)]
}

// talk alternates the sides. In a dispute support speaks third.
func (g *generator) talk(ch chat.Chat, kind string) []*chat.Message {
	n := g.fake.Number(g.low, g.high)
	out := make([]*chat.Message, 0, n)
	room := g.env.Now.Sub(ch.Opened) / time.Duration(n+1)
	at := ch.Opened
	for i := range n {
		role := chat.RoleBuyer
		switch {
		case kind == typeArbitrage && i%3 == 2:
			role = chat.RoleSupport
		case i%2 == 1:
			role = chat.RoleSeller
		case i > 0 && g.fake.Number(1, 10) == 1:
			role = chat.RoleMarketplace
		}
		from, _ := authorIn(ch, role)
		out = append(out, &chat.Message{Chat: ch.ID, At: at, From: from, Text: g.sentence(role), Ext: messageExt{}})
		at = at.Add(min(room, time.Duration(g.fake.Number(60, 6*3600))*time.Second))
	}
	return out
}

func (g *generator) pick(words []string) string { return words[g.fake.Number(0, len(words)-1)] }

func (g *generator) sentence(role chat.Role) string {
	switch role {
	case chat.RoleSeller:
		return g.pick(greetings) + " " + g.pick(answers)
	case chat.RoleBuyer:
		return g.pick(greetings) + " " + fmt.Sprintf(g.pick(questions), g.pick(goods))
	case chat.RoleMarketplace:
		return g.pick(notices)
	}
	return g.pick(greetings) + " " + g.pick(supports)
}

// buyerName is a public name that follows from an id: a first name and a letter.
func buyerName(id string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // a hash never fails
	n := int(h.Sum32() >> 1)
	return firstNames[n%len(firstNames)] + " " + initials[n/len(firstNames)%len(initials)] + "."
}

// Words for made-up conversations.
var (
	firstNames = []string{
		"Анна", "Борис", "Вера", "Глеб", "Дарья", "Егор", "Жанна", "Захар", "Инна", "Кирилл", "Лидия", "Макар",
		"Нина", "Олег", "Полина", "Роман", "Софья", "Тимур", "Ульяна", "Фёдор",
	}
	initials  = []string{"А", "Б", "В", "Г", "Д", "Е", "З", "И", "К", "Л", "М", "Н", "О", "П", "Р", "С", "Т", "Ф", "Ш", "Я"}
	greetings = []string{"Здравствуйте!", "Добрый день!", "Добрый вечер!", "Привет!", "Доброго времени!"}
	goods     = []string{
		"улун молочный", "пуэр прессованный", "чайник заварочный", "пиала фарфоровая", "матча", "ситечко стальное",
		"варенье из шишек", "мёд липовый", "самовар угольный", "поднос бамбуковый",
	}
	questions = []string{
		"Когда отправите «%s»?", "Подойдёт ли «%s» в подарок?", "В посылке не оказалось товара «%s».",
		"Хочу вернуть «%s», как это сделать?", "Сколько весит «%s» вместе с коробкой?", "Какой срок хранения у товара «%s»?",
		"Пришла посылка, но «%s» другого сорта.", "Можно ли заменить «%s» на такой же побольше?",
	}
	answers = []string{
		"Передадим заказ в доставку завтра утром.", "Уточним у коллег и ответим сегодня.",
		"Приложите, пожалуйста, снимок упаковки.", "Да, всё есть в наличии.", "Хранится два года в закрытой банке.",
		"Возврат можно оформить в карточке заказа.", "Спасибо, что написали!",
	}
	supports = []string{
		"Мы подключились к вашему спору.", "Покажите, пожалуйста, снимки товара с двух сторон.",
		"Решение примем в течение двух дней.", "Деньги вернутся на карту покупателя.",
	}
	notices = []string{
		"Заказ передан в доставку.", "Покупатель получил заказ.", "Срок хранения заказа продлён.", "Возврат принят на складе.",
	}
)
