package sandbox_test

import (
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/fixture"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/all"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/push"
	"example.com/marketmock/internal/sandbox"
	"example.com/marketmock/specs"
)

func TestTheShortestLivesEnd(t *testing.T) {
	t.Parallel()
	r := registry(t, 1000)
	deadline := time.After(time.Minute)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 100 {
				s, err := r.Create(sandbox.Spec{TTL: time.Nanosecond})
				if err != nil {
					t.Error(err)
					return
				}
				select {
				case <-s.Done():
				case <-deadline:
					t.Errorf("%s did not end", s.Name)
					return
				}
			}
		})
	}
	group.Wait()
	require.Len(t, r.List(), 1)
}

func TestAClosedRegistryMakesNothing(t *testing.T) {
	t.Parallel()
	r := registry(t, 10)
	r.Close()
	_, err := r.Create(sandbox.Spec{})
	require.ErrorIs(t, err, sandbox.ErrClosed)
	require.Empty(t, r.List())
}

func TestAMadeUpNameGivesWayToAGivenOne(t *testing.T) {
	t.Parallel()
	r := registry(t, 10)
	for _, name := range []string{"sandbox-2", "sandbox-3"} {
		_, err := r.Create(sandbox.Spec{Name: name})
		require.NoError(t, err)
	}
	for range 3 {
		_, err := r.Create(sandbox.Spec{})
		require.NoError(t, err)
	}
	require.Len(t, r.List(), 6)
}

func TestASellerThatJoinsLaterIsFound(t *testing.T) {
	t.Parallel()
	r := registry(t, 10)
	s, err := r.Create(sandbox.Spec{})
	require.NoError(t, err)
	other, err := r.Create(sandbox.Spec{})
	require.NoError(t, err)
	em, w := ozonOf(t, s)
	join := func(w *marketplace.World, seller chat.Seller) {
		_, err := w.Store.Apply(chat.If{}, chat.SellerAdded{At: w.Clock.Now(), Seller: seller})
		require.NoError(t, err)
	}
	require.NoError(t, s.SaveSnapshot("before"))
	late := chat.Seller{ID: "770077"}
	join(w, late)
	require.Same(t, s, r.Find(em.Owned(late)))
	_, otherWorld := ozonOf(t, other)
	join(otherWorld, late)
	require.Same(t, s, r.Find(em.Owned(late)), "who had it first keeps it")
	require.NoError(t, s.RestoreSnapshot("before"))
	require.Same(t, s, r.Find(em.Owned(late)), "this sandbox's emulator refuses it")
	require.NoError(t, r.Delete(s.Name))
	require.False(t, r.Owns(em.Owned(late)))
	join(otherWorld, late)
	require.Same(t, other, r.Find(em.Owned(late)))
}

func TestResetForgetsFilesUnlessASnapshotMayNeedThem(t *testing.T) {
	t.Parallel()
	s, err := registry(t, 10).Create(sandbox.Spec{})
	require.NoError(t, err)
	put := func() blob.Blob {
		b, err := s.Blobs.Put(t.Context(), "a.txt", "text/plain", strings.NewReader("hello"), 0)
		require.NoError(t, err)
		return b
	}
	for range 2 {
		b := put()
		require.NoError(t, s.Reset())
		require.Zero(t, s.Blobs.Used())
		_, _, err := s.Blobs.Open(b.ID)
		require.ErrorIs(t, err, blob.ErrUnknown)
	}
	b := put()
	require.NoError(t, s.SaveSnapshot("with-a-file"))
	require.NoError(t, s.Reset())
	file, _, err := s.Blobs.Open(b.ID)
	require.NoError(t, err)
	require.NoError(t, file.Close())
}

// opened puts a chat and a webhook into a sandbox and returns the chat.
func opened(t *testing.T, em marketplace.Emulator, w *marketplace.World, url string) string {
	t.Helper()
	hook, err := em.Player().SetWebhook(w, marketplace.WebhookInput{URL: url}, nil)
	require.NoError(t, err)
	events, err := em.Player().OpenChat(w, marketplace.ChatInput{Buyer: "115001"})
	require.NoError(t, err)
	applied, err := w.Store.Apply(chat.If{}, append(hook, events...)...)
	require.NoError(t, err)
	return applied[len(applied)-1].Event.(chat.ChatOpened).Chat.ID
}

func posted(t *testing.T, em marketplace.Emulator, w *marketplace.World, id string) {
	t.Helper()
	_, err := w.Store.Change(id, func(c chat.Chat) ([]chat.Event, error) {
		return em.Player().PostMessage(w, c, marketplace.MessageInput{Text: "x"})
	})
	require.NoError(t, err)
}

func TestTimersAreSetAgainByTheStateThatIsPutBack(t *testing.T) {
	t.Parallel()
	s, err := registry(t, 10).Create(sandbox.Spec{})
	require.NoError(t, err)
	em, w := ozonOf(t, s)
	s.Clock.Freeze()
	posted(t, em, w, opened(t, em, w, "http://127.0.0.1:1/"))
	require.NoError(t, s.Clock.Advance(t.Context(), time.Hour))
	require.NoError(t, s.SaveSnapshot("down"))
	for range 2 {
		require.True(t, w.Store.Webhooks("")[0].Enabled)
		require.NoError(t, s.Clock.Advance(t.Context(), 72*time.Hour))
		require.False(t, w.Store.Webhooks("")[0].Enabled, "three days unavailable")
		require.NoError(t, s.RestoreSnapshot("down"))
	}
}

// halting is a marketplace whose notifications can be stopped on their way.
type halting struct {
	marketplace.Emulator
	entered chan struct{}
	leave   chan struct{}
}

func (h halting) Notifications(w *marketplace.World, e chat.Applied) []push.Notification {
	if _, ok := e.Event.(chat.MessagePosted); ok {
		h.entered <- struct{}{}
		<-h.leave
	}
	return h.Emulator.Notifications(w, e)
}

func registryOf(t *testing.T, em marketplace.Emulator) *sandbox.Registry {
	t.Helper()
	worlds := fixture.NewLibrary("ozon")
	edition, err := time.Parse(time.DateOnly, newest)
	require.NoError(t, err)
	r, err := sandbox.NewRegistry(sandbox.Options{
		Emulators: []marketplace.Emulator{em}, Library: openapi.NewLibrary(specs.FS), BaseURL: "http://mock",
		Worlds:  func(name string) (sandbox.Builder, error) { return worlds.Open(name) },
		Fixture: "empty", Seed: 1, Edition: edition, BlobDir: t.TempDir(),
	})
	require.NoError(t, err)
	t.Cleanup(r.Close)
	return r
}

func TestNothingIsSentFromAForgottenState(t *testing.T) {
	t.Parallel()
	h := halting{Emulator: all.Emulators()[0], entered: make(chan struct{}, 2), leave: make(chan struct{})}
	s, err := registryOf(t, h).Sandbox(sandbox.Default)
	require.NoError(t, err)
	em, w := ozonOf(t, s)
	s.Clock.Freeze()
	id := opened(t, em, w, "http://127.0.0.1:1/")
	require.NoError(t, s.SaveSnapshot("before"))
	before := s.Clock.Now()
	require.NoError(t, s.Clock.Advance(t.Context(), time.Hour))
	var group sync.WaitGroup
	group.Go(func() { posted(t, em, w, id) })
	<-h.entered
	posted(t, em, w, id) // to be told by the one that is on its way
	group.Go(func() { _ = s.RestoreSnapshot("before") })
	for !s.Clock.Now().Equal(before) { // until the restore is under way
		runtime.Gosched()
	}
	close(h.leave)
	group.Wait()
	require.NoError(t, s.Clock.Idle(t.Context()))
	require.Empty(t, s.Outbox.Deliveries(push.Filter{}))
	require.Len(t, s.Snapshots(), 1)
}

// broken is a marketplace with a bug.
type broken struct{ marketplace.Emulator }

func (broken) Notifications(*marketplace.World, chat.Applied) []push.Notification { panic("boom") }

func TestABugInNotificationsIsNotTheCallers(t *testing.T) {
	t.Parallel()
	s, err := registryOf(t, broken{all.Emulators()[0]}).Sandbox(sandbox.Default)
	require.NoError(t, err)
	em, w := ozonOf(t, s)
	for range 2 {
		posted(t, em, w, opened(t, em, w, "http://127.0.0.1:1/"))
	}
	require.Equal(t, 2, w.Store.Chats())
}

func TestABugInATimerDoesNotEndTheProcess(t *testing.T) {
	t.Parallel()
	s, err := registry(t, 10).Create(sandbox.Spec{})
	require.NoError(t, err)
	s.Clock.AfterFunc(time.Hour, func() { panic("boom") })
	require.NoError(t, s.Clock.Advance(t.Context(), 2*time.Hour))
}
