// Package worldfile is what the emulators' sections of world files have in
// common: times told from a world's now, sellers by name, mistakes with their
// place, bulk data from the seed, and events in order with message ids minted. It
// knows no vendor's fields or words.
package worldfile

import (
	"fmt"
	"slices"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/when"
)

// Builder collects the events of a world. Message ids are given when all messages
// are known and sorted.
type Builder struct {
	Env     marketplace.Env
	first   string // name of the first seller
	sellers map[string]chat.Seller
	orders  map[string]chat.Order
	buyers  map[string]bool
	setup   []chat.Event // with a zero At: as old as the oldest step
	steps   []step
}

// step is an event whose message id is still to come: message is posted, or, with
// by, read.
type step struct {
	at      time.Time
	event   chat.Event
	message *chat.Message
	by      *chat.Author
}

// New returns a builder of an empty world.
func New(env marketplace.Env) *Builder {
	return &Builder{Env: env, sellers: map[string]chat.Seller{}, orders: map[string]chat.Order{}, buyers: map[string]bool{}}
}

// Mistake is a *marketplace.FixtureError at a place in the section.
func Mistake(path, format string, args ...any) error {
	return &marketplace.FixtureError{Path: path, Reason: fmt.Sprintf(format, args...)}
}

// NoneOf is a mistake in a word.
func NoneOf(path, word string, known []string) error {
	return Mistake(path, "%s", marketplace.NoneOf(word, known))
}

// Events sorts, mints message ids and dates sellers, buyers, orders and addresses
// before everything else.
func (b *Builder) Events(mint func(at time.Time, last uint64) uint64) []chat.Event {
	slices.SortStableFunc(b.steps, func(x, y step) int { return x.at.Compare(y.at) })
	start := b.Env.Now
	if len(b.steps) > 0 && b.steps[0].at.Before(start) {
		start = b.steps[0].at
	}
	out := make([]chat.Event, 0, len(b.setup)+len(b.steps))
	for _, e := range b.setup {
		out = append(out, datedAt(e, start))
	}
	var last uint64
	for _, s := range b.steps {
		switch {
		case s.message == nil:
			out = append(out, s.event)
		case s.by == nil:
			last = mint(s.at, last)
			s.message.ID = last
			out = append(out, chat.MessagePosted{At: s.at, Message: *s.message})
		default:
			out = append(out, chat.ChatRead{At: s.at, Chat: s.message.Chat, By: *s.by, UpTo: s.message.ID})
		}
	}
	return out
}

func datedAt(e chat.Event, at time.Time) chat.Event {
	switch e := e.(type) {
	case chat.SellerAdded:
		e.At = at
		return e
	case chat.BuyerAdded:
		e.At = at
		return e
	case chat.OrderPlaced:
		e.At = at
		return e
	case chat.WebhookSaved:
		e.At = at
		return e
	}
	return e
}

// Happen adds an event at its time.
func (b *Builder) Happen(e chat.Event) {
	b.steps = append(b.steps, step{at: chat.When(e), event: e})
}

// Post adds a message at its time.
func (b *Builder) Post(m *chat.Message) {
	b.steps = append(b.steps, step{at: m.At, message: m})
}

// Read lets somebody read up to a message as soon as it is there. It must have
// been posted.
func (b *Builder) Read(m *chat.Message, by chat.Author) {
	b.steps = append(b.steps, step{at: m.At, message: m, by: &by})
}

// Moment reads a time; fallback stands for an empty one.
func (b *Builder) Moment(path, told string, fallback time.Time) (time.Time, error) {
	if told == "" {
		return fallback, nil
	}
	t, err := when.Parse(told, b.Env.Now)
	if err != nil {
		return time.Time{}, Mistake(path, "%v", err)
	}
	return t, nil
}

// Past is Moment for what cannot lie ahead.
func (b *Builder) Past(path, told string, fallback time.Time) (time.Time, error) {
	t, err := b.Moment(path, told, fallback)
	if err == nil && t.After(b.Env.Now) {
		return t, Mistake(path, "%s is in the future", told)
	}
	return t, err
}

// Opened is when a chat began: as told, else with its first message, else now.
func (b *Builder) Opened(path, told string, messages []*chat.Message) (time.Time, error) {
	first := b.Env.Now
	if len(messages) > 0 {
		first = messages[0].At
	}
	opened, err := b.Past(path, told, first)
	if err == nil && opened.After(first) {
		return opened, Mistake(path, "%s is after the first message", told)
	}
	return opened, err
}

// Message is a message without its content. The role from is the buyer's by
// default.
func (b *Builder) Message(path string, c chat.Chat, authors marketplace.Authors, from, at string) (*chat.Message, error) {
	role := chat.Role(from)
	if role == "" {
		role = chat.RoleBuyer
	}
	by, ok := authors.In(c, role)
	if !ok {
		return nil, Mistake(path+".from", "nobody is %q in this chat", role)
	}
	if at == "" {
		return nil, Mistake(path+".at", "is missing")
	}
	t, err := b.Past(path+".at", at, time.Time{})
	return &chat.Message{Chat: c.ID, At: t, From: by}, err
}

// InOrder refuses a message that stands below a later one.
func InOrder(path string, above []*chat.Message, m *chat.Message, at string) error {
	if n := len(above); n > 0 && m.At.Before(above[n-1].At) {
		return Mistake(path+".at", "%s is before the message above", at)
	}
	return nil
}
