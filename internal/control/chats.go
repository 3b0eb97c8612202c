package control

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/marketplace"
)

// shownMessages is how many messages a chat is shown with.
const shownMessages = 100

type readInput struct {
	By   chat.Role `json:"by"`
	UpTo string    `json:"up_to"`
}

type closeInput struct {
	By chat.Role `json:"by"`
}

func (a *API) listChats(k *call) (int, any, error) {
	w, _, err := k.world()
	if err != nil {
		return 0, nil, err
	}
	limit, err := k.number("limit", defaultLimit)
	if err != nil {
		return 0, nil, err
	}
	var list chatList
	found := w.Store.AllChats(k.query.Get("after"), limit+1)
	list.Chats, list.Next = pageOf(found, limit, viewChat, func(v chatView) string { return v.ID })
	return http.StatusOK, list, nil
}

// pageOf shows up to limit of what was found, and the id of the last when there is
// more.
func pageOf[T, V any](found []T, limit int, view func(T) V, id func(V) string) (shown []V, next string) {
	shown = make([]V, 0, min(len(found), limit))
	for _, row := range found[:min(len(found), limit)] {
		shown = append(shown, view(row))
	}
	if len(found) > limit {
		next = id(shown[limit-1])
	}
	return shown, next
}

func (a *API) openChat(k *call) (int, any, error) {
	w, e, err := k.world()
	if err != nil {
		return 0, nil, err
	}
	var in marketplace.ChatInput
	if err := k.decode(&in); err != nil {
		return 0, nil, err
	}
	opened, err := play[chat.ChatOpened](w, func() ([]chat.Event, error) { return e.Player().OpenChat(w, in) })
	if err != nil {
		return 0, nil, named(err)
	}
	c, ok := w.Store.Chat(opened.Chat.ID)
	if !ok {
		c = opened.Chat
	}
	return http.StatusCreated, viewChat(c), nil
}

func (a *API) readChat(k *call) (int, any, error) {
	w, c, err := k.chat()
	if err != nil {
		return 0, nil, err
	}
	page, _ := w.Store.Messages(c.ID, chat.Range{Backward: true, Limit: shownMessages})
	slices.Reverse(page)
	out := chatDetail{chatView: viewChat(c), Messages: make([]messageView, 0, len(page))}
	for _, m := range page {
		out.Messages = append(out.Messages, viewMessage(m))
	}
	return http.StatusOK, out, nil
}

func (a *API) postMessage(k *call) (int, any, error) {
	w, e, err := k.world()
	if err != nil {
		return 0, nil, err
	}
	_, c, err := k.chat()
	if err != nil {
		return 0, nil, err
	}
	var in marketplace.MessageInput
	if err := k.decode(&in); err != nil {
		return 0, nil, err
	}
	posted, err := post(k.ctx, w, e.Player(), c.ID, in)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusCreated, viewMessage(posted.Message), nil
}

// post plays a message, with its file kept first: a decision about a chat may be
// taken several times.
func post(ctx context.Context, w *marketplace.World, p marketplace.Player, id string, in marketplace.MessageInput) (chat.MessagePosted, error) {
	if err := keepFile(ctx, w, in.File); err != nil {
		return chat.MessagePosted{}, err
	}
	applied, err := w.Store.Change(id, func(c chat.Chat) ([]chat.Event, error) { return p.PostMessage(w, c, in) })
	posted, missing := made[chat.MessagePosted](w, applied)
	if err == nil {
		err = missing
	}
	if err != nil {
		dropFile(w, in.File)
	}
	return posted, err
}

// keepFile takes the bytes of a played file into the world's files.
func keepFile(ctx context.Context, w *marketplace.World, f *marketplace.FileInput) error {
	if f == nil || f.URL != "" {
		return nil
	}
	kept, err := w.Blobs.Put(ctx, f.Name, f.ContentType, bytes.NewReader(f.Content), w.MaxFile)
	if errors.Is(err, blob.ErrTooLarge) || errors.Is(err, blob.ErrFull) {
		return &inputError{Field: "/file/content", Reason: err.Error()}
	}
	f.Blob = kept.ID
	return err
}

// dropFile removes the bytes of a file that no message came to have.
func dropFile(w *marketplace.World, f *marketplace.FileInput) {
	if f == nil || f.Blob == "" {
		return
	}
	if err := w.Blobs.Remove(f.Blob); err != nil {
		w.Log.Warn("a file that nothing refers to could not be removed", "blob", f.Blob, "error", err)
	}
}

// play applies what a player makes of an input, and returns the event that the
// input asked for as it was applied.
func play[E chat.Event](w *marketplace.World, events func() ([]chat.Event, error)) (E, error) {
	var none E
	list, err := events()
	if err != nil {
		return none, err
	}
	applied, err := w.Store.Apply(chat.If{}, list...)
	if err != nil {
		return none, err
	}
	return made[E](w, applied)
}

// made is the event that an input asked for.
func made[E chat.Event](w *marketplace.World, applied []chat.Applied) (E, error) {
	var none E
	for _, done := range applied {
		if e, ok := done.Event.(E); ok {
			return e, nil
		}
	}
	return none, fmt.Errorf("%s made no %s of the input", w.Marketplace, chat.Name(none))
}

// named is an error of opening or placing, which can only be about the body: an
// unknown thing is named there, not in the path.
func named(err error) error {
	if errors.Is(err, chat.ErrUnknown) {
		return &inputError{Reason: err.Error()}
	}
	return err
}

func (a *API) markRead(k *call) (int, any, error) {
	w, c, err := k.chat()
	if err != nil {
		return 0, nil, err
	}
	var in readInput
	if err := k.decode(&in); err != nil {
		return 0, nil, err
	}
	upTo, err := readMark(w.Store, c, in)
	if err != nil {
		return 0, nil, err
	}
	by, err := k.author(c, in.By, chat.RoleBuyer)
	if err != nil {
		return 0, nil, err
	}
	applied, err := w.Store.Change(c.ID, func(c chat.Chat) ([]chat.Event, error) {
		if upTo == 0 || by.Role == chat.RoleBuyer && upTo <= c.ReadByBuyer || by.Role == chat.RoleSeller && upTo <= c.ReadBySeller {
			return nil, nil
		}
		return []chat.Event{chat.ChatRead{At: w.Clock.Now(), Chat: c.ID, By: by, UpTo: upTo}}, nil
	})
	return answerChat(w, c, applied, err)
}

// readMark is the message up to which somebody reads: the given one, else the
// last that the other side wrote; 0 if there is none.
func readMark(store *chat.Store, c chat.Chat, in readInput) (uint64, error) {
	if in.UpTo == "" {
		return lastFrom(store, c, in.By != chat.RoleSeller), nil
	}
	id, err := strconv.ParseUint(in.UpTo, 10, 64)
	if err != nil {
		return 0, &inputError{Field: "/up_to", Reason: "a message id is a number"}
	}
	if _, ok := store.Message(c.ID, id); !ok {
		return 0, &inputError{Field: "/up_to", Reason: "the chat has no message " + in.UpTo}
	}
	return id, nil
}

// lastFrom is the last message that the seller wrote, or that somebody else did.
func lastFrom(store *chat.Store, c chat.Chat, seller bool) uint64 {
	r := chat.Range{Backward: true, Limit: shownMessages}
	for {
		page, more := store.Messages(c.ID, r)
		for _, m := range page {
			if (m.From.Role == chat.RoleSeller) == seller {
				return m.ID
			}
		}
		if !more {
			return 0
		}
		r.From, r.Exclusive = page[len(page)-1].ID, true
	}
}

func (a *API) closeChat(k *call) (int, any, error) {
	return k.turn(true, func(at time.Time, c chat.Chat, by chat.Author) chat.Event {
		return chat.ChatClosed{At: at, Chat: c.ID, By: by}
	})
}

func (a *API) reopenChat(k *call) (int, any, error) {
	return k.turn(false, func(at time.Time, c chat.Chat, by chat.Author) chat.Event {
		return chat.ChatReopened{At: at, Chat: c.ID, By: by}
	})
}

// turn closes or opens a chat that is not so already.
func (k *call) turn(closed bool, event func(time.Time, chat.Chat, chat.Author) chat.Event) (int, any, error) {
	w, c, err := k.chat()
	if err != nil {
		return 0, nil, err
	}
	var in closeInput
	if err := k.decode(&in); err != nil {
		return 0, nil, err
	}
	by, err := k.author(c, in.By, chat.RoleSupport, chat.RoleMarketplace)
	if err != nil {
		return 0, nil, err
	}
	applied, err := w.Store.Change(c.ID, func(c chat.Chat) ([]chat.Event, error) {
		if c.Closed.IsZero() != closed {
			return nil, nil
		}
		return []chat.Event{event(w.Clock.Now(), c, by)}, nil
	})
	return answerChat(w, c, applied, err)
}

// author is who acts in a chat in the role that the field by names, else in the
// first of the usual ones that somebody has.
func (k *call) author(c chat.Chat, told chat.Role, usual ...chat.Role) (chat.Author, error) {
	_, em, err := k.world()
	if err != nil {
		return chat.Author{}, err
	}
	roles := usual
	if told != "" {
		roles = []chat.Role{told}
	}
	for _, role := range roles {
		if by, ok := em.Player().Author(c, role); ok {
			return by, nil
		}
	}
	var has []string
	for _, role := range []chat.Role{
		chat.RoleSeller, chat.RoleBuyer, chat.RoleSupport, chat.RoleMarketplace, chat.RoleCourier, chat.RoleCRM, chat.RoleBot,
	} {
		if _, ok := em.Player().Author(c, role); ok {
			has = append(has, string(role))
		}
	}
	if told == "" {
		return chat.Author{}, &inputError{Reason: "say who: by is " + hint.Or(has)}
	}
	return chat.Author{}, &inputError{Field: "/by", Reason: fmt.Sprintf("nobody is %q in this chat: by is %s", told, hint.Or(has))}
}

// answerChat is the chat after a change, or as it was when nothing had to
// change.
func answerChat(w *marketplace.World, was chat.Chat, applied []chat.Applied, err error) (int, any, error) {
	if err != nil {
		return 0, nil, err
	}
	if len(applied) > 0 {
		if now, ok := w.Store.Chat(was.ID); ok {
			was = now
		}
	}
	return http.StatusOK, viewChat(was), nil
}
