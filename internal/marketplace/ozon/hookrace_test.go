package ozon

import (
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// during runs once while the receiver answers, with a status and the template.
func (r *receiver) during(status int, do func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = func(w http.ResponseWriter, _ *http.Request) {
		do()
		r.answer = nil
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"version":"1.0","name":"desk","time":"2026-10-01T12:00:00Z"}`)
	}
}

// An address that is removed while it is checked or delivered to stays removed.
// Proves: ozon/notification-unknown-id
func TestARemovedAddressDoesNotComeBack(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(*testWorld, *receiver){
		"set again": func(w *testWorld, r *receiver) {
			reply := w.call(opHookSet, fmt.Sprintf(`{"url":%q,"types":["TYPE_NEW_MESSAGE"]}`, r.URL))
			require.Equal(t, 200, reply.status)
			hook, found := w.Store.Webhook(2)
			require.True(t, found, "it is a new one")
			w.apply(chat.WebhookRemoved{ID: hook.ID})
		},
		"updated": func(w *testWorld, _ *receiver) {
			w.call(opHookUpdate, `{"id":1,"types":["TYPE_NEW_MESSAGE"]}`).requireError(t, 404, 5, "notification not found")
		},
		"enabled": func(w *testWorld, _ *receiver) {
			w.call(opHookEnable, `{"id":1,"enabled":true}`).requireError(t, 404, 5, "notification not found")
		},
		"delivered to": func(w *testWorld, _ *receiver) {
			w.play(w.first().ID, marketplace.MessageInput{Text: "x"})
			w.idle()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "fbs-asked", today, nil)
			w.withPush()
			r := newReceiver(t)
			w.subscribe(r.URL, typeNewMessage)
			r.during(http.StatusOK, func() { _, _ = w.Store.Apply(chat.If{}, chat.WebhookRemoved{ID: 1}) })
			do(w, r)
			require.Empty(t, w.Store.Webhooks(""))
		})
	}
}

// What is changed while an attempt is on its way stays changed.
func TestAnAttemptDoesNotUndoAChangeOfItsAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "fbs-asked", today, nil)
	w.withPush()
	r := newReceiver(t)
	w.subscribe(r.URL, typeNewMessage)
	r.during(http.StatusInternalServerError, func() {
		hook, _ := w.Store.Webhook(1)
		hook.Enabled, hook.Types = false, []string{typeChatClosed}
		_, _ = w.Store.Apply(chat.If{}, chat.WebhookSaved{Webhook: hook})
	})
	w.play(w.first().ID, marketplace.MessageInput{Text: "x"})
	w.idle()
	hook, _ := w.Store.Webhook(1)
	require.False(t, hook.Enabled)
	require.Equal(t, []string{typeChatClosed}, hook.Types)
	require.Equal(t, "-", extOfHook(hook).Recent, "and the attempt counts")
}

// A state that was put back goes on to the end of the three days.
// Proves: ozon/push-monitoring
func TestResumedMonitoringSwitchesOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "empty", today, nil)
	since := noon.Add(-time.Hour)
	w.apply(
		chat.WebhookSaved{Webhook: chat.Webhook{URL: "http://127.0.0.1:9", Enabled: true, Ext: hookExt{DownSince: &since}}},
		chat.WebhookSaved{Webhook: chat.Webhook{URL: "http://127.0.0.1:9", Enabled: true, Ext: hookExt{}}},
	)
	w.Clock.Reset(noon, true)
	w.api.Resume(w.World)
	w.advance(71*time.Hour - time.Second)
	hook, _ := w.Store.Webhook(1)
	require.True(t, hook.Enabled)
	w.advance(time.Second)
	hook, _ = w.Store.Webhook(1)
	require.False(t, hook.Enabled)
	hook, _ = w.Store.Webhook(2)
	require.True(t, hook.Enabled)
}
