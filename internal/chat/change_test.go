package chat_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
)

func TestAReaderThatPanicsStopsNobodyElse(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	var told []uint64
	broken := true
	s.Subscribe(func([]chat.Applied) {
		if broken {
			panic("boom")
		}
	})
	s.Subscribe(func(batch []chat.Applied) {
		for _, a := range batch {
			told = append(told, a.Seq)
		}
	})
	require.PanicsWithError(t, "", func() {
		defer func() {
			err, _ := recover().(error)
			require.ErrorContains(t, err, "boom")
			require.ErrorContains(t, err, "change_test.go", "with its stack")
			panic(errors.New(""))
		}()
		_, _ = s.Apply(chat.If{}, open("a"))
	})
	broken = false
	apply(t, s, post("a", chat.RoleBuyer, "1"))
	require.Equal(t, []uint64{1, 2}, told)
}

func TestEventsOfAForgottenStateAreNotTold(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	snap := s.Snapshot()
	var told []string
	var forgotten uint64
	s.Subscribe(func(batch []chat.Applied) {
		for _, a := range batch {
			told = append(told, chat.Name(a.Event))
		}
		if len(told) == 1 {
			apply(t, s, post("a", chat.RoleBuyer, "pending"))
			forgotten = s.Restore(snap)
		}
	})
	apply(t, s, open("a"))
	require.Equal(t, []string{"ChatOpened"}, told)
	require.Equal(t, uint64(2), forgotten)
	require.Equal(t, uint64(3), apply(t, s, open("b"))[0].Seq)
	require.Len(t, told, 2)
}

func TestARevisionIsNotGivenAgainAfterRestore(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	apply(t, s, open("a"), webhook("http://one.example"))
	snap := s.Snapshot()
	change := func() (chat.Chat, chat.Webhook) {
		apply(t, s, post("a", chat.RoleBuyer, "x"), chat.WebhookSaved{Webhook: chat.Webhook{ID: 1, URL: "http://two.example"}})
		c, _ := s.Chat("a")
		w, _ := s.Webhook(1)
		return c, w
	}
	oldChat, oldHook := change()
	s.Restore(snap)
	newChat, newHook := change()
	require.Equal(t, oldChat.Last, newChat.Last, "message ids are")
	require.NotEqual(t, oldChat.Revision, newChat.Revision)
	require.NotEqual(t, oldHook.Revision, newHook.Revision)
	_, err := s.Apply(chat.If{Chat: "a", Revision: oldChat.Revision}, post("a", chat.RoleSeller, "y"))
	require.ErrorIs(t, err, chat.ErrConflict)
}

func TestADecisionIsTakenAnewAfterRestore(t *testing.T) {
	t.Parallel()
	fresh := chat.New(byLast())
	apply(t, fresh, open("a"))
	s := chat.New(byLast())
	apply(t, s, open("a"))
	times := 0
	_, err := s.Change("a", func(chat.Chat) ([]chat.Event, error) {
		if times++; times == 1 {
			s.Restore(fresh.Snapshot()) // where the chat has the same revision
		}
		return []chat.Event{post("a", chat.RoleBuyer, "x")}, nil
	})
	require.NoError(t, err)
	require.Equal(t, 2, times)
}

func webhook(url string) chat.WebhookSaved {
	return chat.WebhookSaved{At: t0, Webhook: chat.Webhook{Seller: "s", URL: url, Enabled: true}}
}

func TestAWebhookIsChangedAsItStands(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	apply(t, s, webhook("http://one.example"))
	times := 0
	_, err := s.ChangeWebhook(1, func(w chat.Webhook) ([]chat.Event, error) {
		if times++; times == 1 {
			off := w
			off.Enabled = false
			apply(t, s, chat.WebhookSaved{At: t0, Webhook: off})
		}
		w.URL = "http://two.example"
		return []chat.Event{chat.WebhookSaved{At: t0, Webhook: w}}, nil
	})
	require.NoError(t, err)
	w, _ := s.Webhook(1)
	require.Equal(t, 2, times)
	require.Equal(t, "http://two.example", w.URL)
	require.False(t, w.Enabled, "the other change is not lost")
}

func TestARemovedWebhookDoesNotComeBack(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	apply(t, s, webhook("http://one.example"))
	_, err := s.ChangeWebhook(1, func(w chat.Webhook) ([]chat.Event, error) {
		apply(t, s, chat.WebhookRemoved{At: t0, ID: 1})
		return []chat.Event{chat.WebhookSaved{At: t0, Webhook: w}}, nil
	})
	require.ErrorIs(t, err, chat.ErrUnknown)
	_, err = s.Apply(chat.If{}, chat.WebhookSaved{At: t0, Webhook: chat.Webhook{ID: 1}})
	require.ErrorIs(t, err, chat.ErrUnknown)
	require.Empty(t, s.Webhooks(""))
	saved := apply(t, s, webhook("http://two.example"))[0].Event.(chat.WebhookSaved)
	require.Equal(t, int64(2), saved.Webhook.ID, "an id is not given twice")
}

func TestAChatOpenedAndChangedInOneBatchStandsWhereItEndsUp(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	seller := chat.Author{Role: chat.RoleSeller}
	applied := apply(t, s, open("a"), open("b"), post("a", chat.RoleBuyer, "1"), post("b", chat.RoleBuyer, "2"),
		post("a", chat.RoleBuyer, "3"), chat.ChatRead{At: t0, Chat: "b", By: seller, UpTo: 2}, chat.ChatClosed{At: t0.Add(time.Hour), Chat: "b"})
	require.Zero(t, applied[0].Event.(chat.ChatOpened).Chat.Messages, "an event does not change with what follows it")
	page, _ := s.Page("list", "s", "", 9)
	require.Equal(t, []string{"a", "b"}, ids(page))
	unread, _ := s.Page("list", "s/unread", "", 9)
	require.Equal(t, []string{"a"}, ids(unread))
	chats, weight := s.Sum("list", "s")
	require.Equal(t, 2, chats)
	require.Equal(t, int64(2), weight)
	for _, e := range page {
		c, _ := s.Chat(e.Chat.ID)
		require.Equal(t, c, *e.Chat, "a page has the chat as it stands")
	}
	require.Equal(t, t0.Add(time.Hour), page[1].Chat.Closed)
}

func TestABatchThatFailsInTheMiddleLeavesNoTrace(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	apply(t, s, open("a"), open("b"), post("a", chat.RoleBuyer, "1"), webhook("http://one.example"))
	before, _ := s.Chat("a")
	rows, _ := s.Page("list", "s", "", 9)
	_, err := s.Apply(chat.If{}, post("a", chat.RoleBuyer, "2"), open("c"), post("b", chat.RoleBuyer, "3"),
		chat.SellerAdded{Seller: chat.Seller{ID: "s"}}, chat.WebhookRemoved{ID: 1}, post("a", chat.RoleBuyer, "4"), open("c"), post("c", chat.RoleBuyer, "5"))
	require.ErrorIs(t, err, chat.ErrExists)

	after, _ := s.Chat("a")
	require.Equal(t, before, after)
	same, _ := s.Page("list", "s", "", 9)
	require.Equal(t, rows, same)
	_, weight := s.Sum("list", "s")
	require.Equal(t, int64(1), weight)
	require.Empty(t, s.Sellers())
	require.Len(t, s.Webhooks(""), 1)
	posted := apply(t, s, post("b", chat.RoleBuyer, "next"))[0].Event.(chat.MessagePosted)
	require.Equal(t, uint64(2), posted.Message.ID)
	page, _ := s.Page("list", "s", "", 9)
	require.Equal(t, []string{"b", "a"}, ids(page))
}

func TestASellerIsChangedAsItStands(t *testing.T) {
	t.Parallel()
	s := chat.New(byLast())
	apply(t, s, chat.SellerAdded{At: t0, Seller: chat.Seller{ID: "s", Name: "Tea", Ext: "a"}})
	snap := s.Snapshot()
	times := 0
	add := func(meanwhile func()) func(chat.Seller) ([]chat.Event, error) {
		return func(v chat.Seller) ([]chat.Event, error) {
			if times++; times == 1 {
				meanwhile()
			}
			return []chat.Event{chat.SellerChanged{At: t0, ID: "s", Ext: v.Ext.(string) + "c"}}, nil
		}
	}
	_, err := s.ChangeSeller("s", add(func() { apply(t, s, chat.SellerChanged{At: t0, ID: "s", Ext: "ab"}) }))
	require.NoError(t, err)
	v, _ := s.Seller("s")
	require.Equal(t, "abc", v.Ext)
	require.Equal(t, "Tea", v.Name)

	times = 0
	_, err = s.ChangeSeller("s", add(func() { s.Restore(snap) }))
	require.NoError(t, err)
	require.Equal(t, 2, times)
	now, _ := s.Seller("s")
	require.Equal(t, "ac", now.Ext)
	require.Greater(t, now.Revision, v.Revision)
	_, err = s.ChangeSeller("t", add(func() {}))
	require.ErrorIs(t, err, chat.ErrUnknown)
	_, err = s.Apply(chat.If{Seller: "t"}, chat.BuyerAdded{At: t0})
	require.ErrorIs(t, err, chat.ErrUnknown)
}
