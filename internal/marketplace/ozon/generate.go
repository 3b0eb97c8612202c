package ozon

import (
	"fmt"
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
)

// generator makes bulk chats; everything follows from the seed.
type generator struct {
	*worldBuilder
	fake     *gofakeit.Faker
	seller   chat.Seller
	plan     worldGenerate
	low      int
	high     int
	types    []string
	shares   []int
	shareSum int
}

func (b *worldBuilder) generate(file worldFile) error {
	if file.Generate == nil {
		return nil
	}
	g := &generator{worldBuilder: b, plan: *file.Generate, fake: gofakeit.NewUnlocked(b.env.Rand.Int64N(1<<62) + 1)}
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
	if g.seller, err = g.worldBuilder.seller("generate.seller", g.plan.Seller); err != nil {
		return err
	}
	if g.plan.Chats < 0 || g.plan.Chats > maxGenerated {
		return mistake("generate.chats", "%d is not between 0 and %d", g.plan.Chats, maxGenerated)
	}
	if g.plan.Unread < 0 || g.plan.Unread > 100 {
		return mistake("generate.unread", "%d is no percentage", g.plan.Unread)
	}
	if g.low, g.high, err = messageRange(g.plan.Messages); err != nil {
		return err
	}
	types := g.plan.Types
	if len(types) == 0 {
		types = map[string]int{typeBuyer: 1}
	}
	for _, name := range slices.Sorted(maps.Keys(types)) {
		if !slices.Contains(kindNames(), name) {
			return mistake("generate.types."+name, "is none of %s", strings.Join(kindNames(), ", "))
		}
		if types[name] < 0 {
			return mistake("generate.types."+name, "%d is no share", types[name])
		}
		g.types, g.shares = append(g.types, name), append(g.shares, types[name])
		g.shareSum += types[name]
	}
	if g.shareSum == 0 {
		return mistake("generate.types", "all shares are 0")
	}
	return nil
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

func (g *generator) one(i int) {
	k := kindOf(g.kind())
	ch := chat.Chat{
		ID: g.chatID("generated", i), Seller: g.seller.ID, Ext: chatExt{Type: k.name},
		Opened: g.env.Now.Add(-time.Duration(g.fake.Number(3600, generatedDays*24*3600)) * time.Second),
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

func (g *generator) kind() string {
	n := g.fake.Number(0, g.shareSum-1)
	for i, share := range g.shares {
		if n -= share; n < 0 {
			return g.types[i]
		}
	}
	return g.types[len(g.types)-1]
}

func (g *generator) placeOrder(i int, ch chat.Chat) string {
	order := chat.Order{
		ID: fmt.Sprintf("%08d-%04d-1", 48_000_000+i, g.fake.Number(1, 9999)), Seller: ch.Seller, Buyer: ch.Buyer,
		Scheme: schemes[g.fake.Number(0, len(schemes)-1)], Placed: ch.Opened.Add(-48 * time.Hour),
		Paid: ch.Opened.Add(-47 * time.Hour),
		Items: []chat.Item{{
			SKU: strconv.Itoa(987_000 + g.fake.Number(1, 999)), OfferID: "GEN-" + strconv.Itoa(g.fake.Number(1, 999)),
			Name: g.pick(goods),
		}},
	}
	if g.fake.Bool() {
		order.Delivered = ch.Opened.Add(-time.Hour)
	}
	g.orders[order.ID] = order
	g.setup = append(g.setup, chat.OrderPlaced{Order: order})
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
	n := g.fake.Number(g.low, g.high)
	out := make([]*chat.Message, 0, n)
	room := g.env.Now.Sub(ch.Opened) / time.Duration(n+1)
	at := ch.Opened
	for i := range n {
		role := other
		if i%2 == 1 && !k.system {
			role = chat.RoleSeller
		}
		from, _ := authorIn(ch, role)
		out = append(out, &chat.Message{Chat: ch.ID, At: at, From: from, Text: g.sentence(role)})
		at = at.Add(min(room, time.Duration(g.fake.Number(60, 6*3600))*time.Second))
	}
	return out
}

// readers leave the seller's last message to read unread in the planned share
// of chats; buyers have read everything but now and then the last.
func (g *generator) readers(messages []*chat.Message) (bySeller, byBuyer *chat.Message) {
	unread := g.fake.Number(1, 100) <= g.plan.Unread
	lazy := g.fake.Number(1, 100) <= 30
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

func (g *generator) pick(words []string) string { return words[g.fake.Number(0, len(words)-1)] }

func (g *generator) sentence(role chat.Role) string {
	switch role {
	case chat.RoleSeller:
		return g.pick(greetings) + " " + g.pick(answers)
	case chat.RoleBuyer:
		return g.pick(greetings) + " " + fmt.Sprintf(g.pick(questions), g.pick(goods))
	case chat.RoleMarketplace:
		return fmt.Sprintf(g.pick(notices), g.fake.Number(2, 90))
	}
	return g.pick(greetings) + " " + g.pick(supports)
}

// Words for made-up conversations.
var (
	greetings = []string{"Здравствуйте!", "Добрый день!", "Добрый вечер!", "Приветствую!", "Доброе утро!"}
	goods     = []string{
		"чай чёрный листовой", "кружка керамическая", "плед вязаный", "лампа настольная", "рюкзак городской",
		"набор кистей", "термос стальной", "скатерть льняная", "гирлянда бумажная", "коврик дорожный",
	}
	questions = []string{
		"Подскажите, когда приедет заказ: %s?", "Есть ли %s другого цвета?", "Пришла не та вещь вместо товара «%s».",
		"Можно ли вернуть товар «%s»?", "Какой размер у товара «%s»?", "Не нашёл инструкцию к товару «%s».",
		"Хочу заказать ещё: %s. Будет ли скидка?", "Товар «%s» пришёл с царапиной, что делать?",
	}
	answers = []string{
		"Заказ уже в пути, обычно доставка занимает два дня.", "Спасибо за вопрос, уточним на складе и напишем.",
		"Да, такой цвет есть в наличии.", "Пришлите, пожалуйста, фотографию.", "Оформите возврат в личном кабинете.",
		"Инструкция лежит под крышкой коробки.", "Рады помочь, хорошего дня!",
	}
	supports = []string{
		"Ваше обращение принято, мы ответим в течение дня.", "Проверили настройки, всё в порядке.",
		"Уточните, пожалуйста, номер отправления.", "Ошибка исправлена, попробуйте ещё раз.",
	}
	notices = []string{
		"Принято отправлений: %d.", "Обновлены карточки: %d.", "Отчёт за %d дней готов.", "Новых условий: %d, ознакомьтесь с ними.",
	}
)
