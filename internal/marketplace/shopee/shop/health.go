package shop

import (
	"context"
	"errors"
	"net/http"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/plainjson"
	"example.com/marketmock/internal/push"
)

// What makes an address ill. Nobody published it; these are ours. Claim
// shopee/push-suspended-when.
const (
	healthWindow   = 20 // pushes that are counted; then those until now count half
	warnAfter      = 5  // pushes, of which so many per cent failed
	warnPercent    = 50
	suspendAfter   = 10
	suspendPercent = 80
)

// testTimeout is how long a test push waits. Claim shopee/push-test.
const testTimeout = 3 * time.Second

// PushStatus is the health of an app's address as its configuration tells it.
type PushStatus string

// The statuses. Claim shopee/push-suspended.
const (
	PushNormal    PushStatus = "Normal"
	PushWarning   PushStatus = "Warning"
	PushSuspended PushStatus = "Suspended"
)

// Status is how an address is. Claims shopee/push-suspended,
// shopee/push-suspended-when.
func (h Hook) Status() PushStatus {
	switch {
	case !h.Suspended.IsZero():
		return PushSuspended
	case h.Sent >= warnAfter && h.Failed*100 >= h.Sent*warnPercent:
		return PushWarning
	}
	return PushNormal
}

// counted is an address after one more push has arrived or was given up.
func (h Hook) counted(arrived bool, now time.Time) Hook {
	if h.Sent >= healthWindow {
		h.Sent, h.Failed = h.Sent/2, h.Failed/2
	}
	h.Sent++
	if !arrived {
		h.Failed++
	}
	if h.Suspended.IsZero() && h.Sent >= suspendAfter && h.Failed*100 >= h.Sent*suspendPercent {
		h.Suspended = now
	}
	return h
}

// Resumed is an address that is sent to again, as if nothing had failed. Claim
// shopee/push-suspended.
func (h Hook) Resumed() Hook {
	h.Suspended, h.Sent, h.Failed = time.Time{}, 0, 0
	return h
}

// Protocol is how pushes are delivered and judged. Claims shopee/push-timeout,
// shopee/push-2xx, shopee/push-retries, shopee/push-ordered.
func Protocol(w *marketplace.World) push.Protocol {
	settings := w.Config().Settings
	timeout, err := time.ParseDuration(settings.Switch(switchPushTimeout))
	if err != nil {
		timeout = testTimeout
	}
	p := push.Protocol{
		Timeout: timeout,
		Judge:   judge,
		Allowed: func(n push.Notification) (bool, string) { return allowed(w, n) },
		Refused: func(d push.Delivery) { refused(w, d) },
		Settled: func(d push.Delivery, _ push.Attempt) { settled(w, d) },
		Ordered: true,
	}
	if settings.Switch(switchPushRetries) != retriesNone {
		p.Next = nextTry
	}
	return p
}

// retryPauses come between attempts. Claim shopee/push-retries.
var retryPauses = []time.Duration{time.Second, 2 * time.Second, 3 * time.Second}

// nextTry is the pause after the n-th failed attempt; false = never again.
func nextTry(n int) (time.Duration, bool) {
	if n < 1 || n > len(retryPauses) {
		return 0, false
	}
	return retryPauses[n-1], true
}

// Why a push did not arrive, in our words.
const (
	failedNoAnswer = "no-answer"
	failedStatus   = "not-2xx"
)

// judge reads a reply: any 2xx in time will do. Claim shopee/push-2xx.
func judge(_ push.Notification, r push.Reply) push.Verdict {
	switch {
	case r.Timeout || r.Status == 0:
		return push.Verdict{Retry: true, Code: failedNoAnswer, Detail: "no answer in time"}
	case r.Status/100 != 2:
		return push.Verdict{Retry: true, Code: failedStatus, Detail: http.StatusText(r.Status)}
	}
	return push.Verdict{OK: true}
}

// allowed is asked before every attempt. Claim shopee/push-suspended.
func allowed(w *marketplace.World, n push.Notification) (bool, string) {
	hook, found := w.Store.Webhook(n.Webhook)
	switch {
	case !found:
		return false, "the address was removed"
	case !hook.Enabled:
		return false, "the address is off"
	case !HookOf(hook).Suspended.IsZero():
		return false, "pushes are suspended: it is among the lost ones"
	}
	return true, ""
}

// refused keeps what is not sent because the address is suspended; what is sent
// twice is lost once. Claims shopee/push-suspended, shopee/lost-push,
// shopee/push-repeat.
func refused(w *marketplace.World, d push.Delivery) {
	if hook, found := w.Store.Webhook(d.Webhook); !found || !hook.Enabled || d.Again {
		return
	}
	now := w.Clock.Now()
	keep(w, d.Webhook, func(h Hook) Hook { return h.Losing(Number(d.Seller), d.Body, now) })
}

// settled keeps the health of an address: a push counts when it arrives or is
// given up, not each of its attempts.
func settled(w *marketplace.World, d push.Delivery) {
	now := w.Clock.Now()
	switch d.State {
	case push.Delivered:
		keep(w, d.Webhook, func(h Hook) Hook { return h.counted(true, now) })
	case push.GaveUp:
		keep(w, d.Webhook, func(h Hook) Hook {
			if h = h.counted(false, now); d.Again {
				return h
			}
			return h.Losing(Number(d.Seller), d.Body, now)
		})
	}
}

// keep changes the health of an address as it stands, unless it was removed.
func keep(w *marketplace.World, id int64, change func(Hook) Hook) {
	_, err := w.Store.ChangeWebhook(id, func(hook chat.Webhook) ([]chat.Event, error) {
		hook.Ext = change(HookOf(hook))
		return []chat.Event{chat.WebhookSaved{At: w.Clock.Now(), Webhook: hook}}, nil
	})
	if err != nil && !errors.Is(err, chat.ErrUnknown) {
		w.Log.Error("keep health of an address", "webhook", id, "error", err)
	}
}

// Resume sets no timers: what follows from a world's state follows from the time
// when it is looked at.
func Resume(*marketplace.World) {}

// Probed is what came of a test push.
type Probed string

// The outcomes of a test push. Claim shopee/push-test-refused.
const (
	ProbeOK       Probed = "ok"
	ProbeNoAnswer Probed = failedNoAnswer
	ProbeNot2xx   Probed = failedStatus
)

// Probe sends a test push for an app to an address, once, now. Claims
// shopee/push-test, shopee/push-test-body.
func Probe(ctx context.Context, w *marketplace.World, app App, address string) Probed {
	s := Shop{App: app}
	if shops := ofApp(w.Store, app.PartnerID); len(shops) > 0 {
		s = ShopOf(shops[0])
		s.App = app
	}
	var raw []byte
	if w.Config().Settings.Switch(switchPushTestBody) == testSample {
		raw = plainjson.Encode(samplePush(s, w.Config().Settings, w.Clock.Now()))
	}
	_, verdict := w.Outbox.Probe(ctx, push.Protocol{Timeout: testTimeout, Judge: judge}, signed(s, 0, address, pushTest, raw))
	if verdict.OK {
		return ProbeOK
	}
	return Probed(verdict.Code)
}

// samplePush is a push about nobody's message to a shop.
func samplePush(s Shop, settings marketplace.Settings, now time.Time) pushBody {
	const sender = 165_105_353
	conversation := Key(ConversationID(s.UserID, sender))
	epoch, sample := Epoch(settings.Switch(SwitchIDEpoch)), pusher{settings: settings}
	return pushBody{
		MsgID: msgID(settings), ShopID: s.ID, Code: PushWebchat, Timestamp: now.Unix(),
		Data: pushData{Type: pushMessage, Region: s.Region, Content: pushedMessage{
			MessageID: epoch.Text(MessageID(now, 0)), ShopID: s.ID, RequestID: RequestID("sample", conversation, 0),
			FromID: sender, FromUserName: nickname(sender), ToID: s.UserID, ToUserName: s.Username,
			Type: TypeText, Content: pushedText{"Hello 👋"}, ConversationID: conversation, Created: now.Unix(), Region: s.Region,
			SubAccountName: sample.subAccountName(SubAccount{}),
			pushedMore:     sample.more(pushedMore{BusinessBuyer, s.ID, shopNear(sender), StatusNormal}),
		}},
	}
}
