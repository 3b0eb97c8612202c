package ozon

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/health"
	"example.com/marketmock/internal/push"
)

// Errors of the check of an address. Claims ozon/check-request-error,
// ozon/check-timeout, ozon/check-status, ozon/check-empty-body,
// ozon/check-invalid-body, ozon/check-invalid-json, ozon/check-result-field,
// ozon/check-time-field.
const (
	checkRequestError = "REQUEST_ERROR"
	checkTimeout      = "REQUEST_TIMEOUT"
	checkStatus       = "STATUS_CODE_NOT_OK"
	checkEmpty        = "EMPTY_BODY"
	checkBody         = "INVALID_BODY"
	checkJSON         = "INVALID_JSON"
	checkResult       = "WRONG_RESULT_FIELD"
	checkTime         = "WRONG_RESULT_TIME_FIELD"
)

const (
	pushTimeout    = 10 * time.Second // claim ozon/push-timeout
	pushSlow       = 5 * time.Second
	pushErrorsFor  = 24 * time.Hour
	pushRecent     = 20 // answers that the half is counted of; claim ozon/push-pause-half
	pushAvailable  = 1500 * time.Millisecond
	pushUnstable   = 2500 * time.Millisecond
	pushOffAfter   = 72 * time.Hour
	stateAvailable = "available"
	stateUnstable  = "unstable"
	stateDown      = "unavailable"
)

// retryPauses grow to the documented ten minutes, which come five times. The
// first ones are ours. Claims ozon/push-retry, ozon/push-retry-first-intervals.
var retryPauses = []time.Duration{
	5 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute,
	10 * time.Minute, 10 * time.Minute, 10 * time.Minute, 10 * time.Minute, 10 * time.Minute,
}

// nextTry is the pause after the n-th failed attempt; false = never again.
func nextTry(n int) (time.Duration, bool) {
	if n < 1 || n > len(retryPauses) {
		return 0, false
	}
	return retryPauses[n-1], true
}

// hookExt is an address's health. Recent has a + for every answer with 200 and
// a - for every other, the newest last.
type hookExt struct {
	Paused       bool       `json:"paused"`
	Reason       string     `json:"reason,omitempty"`
	State        string     `json:"state,omitempty"`
	DownSince    *time.Time `json:"down_since,omitempty"`
	FailingSince *time.Time `json:"failing_since,omitempty"`
	Recent       string     `json:"recent,omitempty"`
}

// Protocol delivers and judges as the vendor does.
func (a *API) Protocol(w *marketplace.World) push.Protocol { return protocol(w) }

func protocol(w *marketplace.World) push.Protocol {
	settings := w.Config().Settings
	strict := settings.Switch(switchPushContentType) == "strict"
	return push.Protocol{
		Timeout: pushTimeout,
		Judge:   func(n push.Notification, r push.Reply) push.Verdict { return judge(n, r, strict) },
		Next:    nextTry,
		Allowed: func(n push.Notification) (bool, string) { return allowed(w, n) },
		Settled: func(d push.Delivery, at push.Attempt) { settled(w, d, at) },
	}
}

// judge reads a reply. Claims ozon/push-ack, ozon/push-ping,
// ozon/push-error-reply, ozon/push-content-type.
func judge(n push.Notification, r push.Reply, strict bool) push.Verdict {
	failed := func(code, detail string) push.Verdict { return push.Verdict{Retry: true, Code: code, Detail: detail} }
	switch {
	case r.Timeout:
		return failed(checkTimeout, "no answer in time")
	case r.Err != nil:
		return failed(checkRequestError, "no connection")
	case r.Status != http.StatusOK:
		return judgeFailure(r)
	case len(bytes.TrimSpace(r.Body)) == 0:
		return failed(checkEmpty, "the answer has no body")
	case strict && !isJSON(r.Header):
		return failed(checkBody, "the answer's Content-Type is not application/json")
	}
	if !json.Valid(r.Body) {
		return failed(checkJSON, "the answer is not JSON")
	}
	code, detail := checkResult, `the answer is not {"result":true}`
	if n.Event == typePing {
		code, detail = judgePing(r.Body)
	} else if acknowledged(r.Body) {
		code = ""
	}
	if code != "" {
		return failed(code, detail)
	}
	return push.Verdict{OK: true}
}

func acknowledged(raw []byte) bool {
	var reply struct {
		Result bool `json:"result"`
	}
	return json.Unmarshal(raw, &reply) == nil && reply.Result
}

// judgePing reads the answer to a ping: a code of the check and why, "" for the
// template. A time that is missing or none is the time's mistake, once the rest
// is there. Claims ozon/check-result-field, ozon/check-time-field.
func judgePing(raw []byte) (code, detail string) {
	var reply struct {
		Version *string         `json:"version"`
		Name    *string         `json:"name"`
		Time    json.RawMessage `json:"time"`
	}
	if json.Unmarshal(raw, &reply) != nil || reply.Version == nil || reply.Name == nil {
		return checkResult, "the answer needs version, name and time"
	}
	var text string
	if json.Unmarshal(reply.Time, &text) != nil {
		return checkTime, "time is missing or not a string"
	}
	if _, err := time.Parse(time.RFC3339, text); err != nil {
		return checkTime, "time is not a date with a time"
	}
	return "", ""
}

// judgeFailure reads the receiver's own words for an error.
func judgeFailure(r push.Reply) push.Verdict {
	var reply struct {
		Error struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	v := push.Verdict{Retry: true, Code: checkStatus, Detail: http.StatusText(r.Status)}
	if json.Unmarshal(r.Body, &reply) == nil && reply.Error.Code != "" {
		v.Detail = reply.Error.Code + ": " + reply.Error.Message
	}
	return v
}

// allowed is asked before every attempt.
func allowed(w *marketplace.World, n push.Notification) (bool, string) {
	if n.Event == typePing {
		return true, ""
	}
	hook, found := w.Store.Webhook(n.Webhook)
	switch {
	case !found:
		return false, "the address was removed"
	case !hook.Enabled:
		return false, "the address is disabled"
	}
	if ext := extOfHook(hook); ext.Paused {
		return false, "paused: " + ext.Reason
	}
	return true, ""
}

// addresses are given up by this rule. Claim ozon/push-monitoring.
var addresses = health.Rule{
	After: pushOffAfter,
	Since: func(hook chat.Webhook) *time.Time { return extOfHook(hook).DownSince },
}

// Resume sets the timers of addresses that are unavailable.
func (a *API) Resume(w *marketplace.World) { addresses.Resume(w) }

// settled keeps the health of an address.
func settled(w *marketplace.World, d push.Delivery, at push.Attempt) {
	if d.Event == typePing {
		return
	}
	_, again := nextTry(len(d.Attempts))
	monitored := w.Config().Settings.Since(dayMonitoring)
	addresses.Keep(w, d.Webhook, func(hook *chat.Webhook) bool {
		before := extOfHook(*hook)
		after, on := before.after(at, w.Clock.Now(), !at.Verdict.OK && !again, monitored)
		hook.Ext, hook.Enabled = after, hook.Enabled && on
		return !on || !after.same(before)
	})
}

func extOfHook(hook chat.Webhook) hookExt {
	ext, _ := hook.Ext.(hookExt)
	return ext
}

func (h hookExt) same(o hookExt) bool {
	equal := func(a, b *time.Time) bool { return a == b || a != nil && b != nil && a.Equal(*b) }
	return h.Paused == o.Paused && h.Reason == o.Reason && h.State == o.State && h.Recent == o.Recent &&
		equal(h.DownSince, o.DownSince) && equal(h.FailingSince, o.FailingSince)
}

// after is the health that follows from one attempt, and whether the address
// stays on. gaveUp: there will be no other attempt for this notification. Claims
// ozon/push-pause-unavailable, ozon/push-pause-24h, ozon/push-pause-half,
// ozon/push-pause-slow, ozon/push-monitoring.
func (h hookExt) after(at push.Attempt, now time.Time, gaveUp, monitored bool) (hookExt, bool) {
	h.Recent = recent(h.Recent, at.Reply.Status == http.StatusOK)
	if at.Verdict.OK {
		h.FailingSince = nil
	} else if h.FailingSince == nil {
		h.FailingSince = &now
	}
	switch {
	case at.Took > pushSlow || at.Reply.Timeout:
		h.Paused, h.Reason = true, "handling takes over 5 seconds"
	case gaveUp && at.Reply.Err != nil:
		h.Paused, h.Reason = true, "the service is unavailable"
	case h.FailingSince != nil && now.Sub(*h.FailingSince) >= pushErrorsFor:
		h.Paused, h.Reason = true, "errors for 24 hours"
	case len(h.Recent) == pushRecent && strings.Count(h.Recent, "+")*2 < pushRecent:
		h.Paused, h.Reason = true, "fewer than half of the answers are 200"
	}
	if !monitored {
		return h, true
	}
	return h.monitor(at, now)
}

func recent(before string, good bool) string {
	mark := "-"
	if good {
		mark = "+"
	}
	next := before + mark
	return next[max(0, len(next)-pushRecent):]
}

// monitor gives the three states by the time an answer takes; three days
// unavailable switch an address off.
func (h hookExt) monitor(at push.Attempt, now time.Time) (hookExt, bool) {
	switch {
	case at.Reply.Err != nil || at.Reply.Timeout || at.Took >= pushUnstable:
		h.State = stateDown
	case at.Took > pushAvailable:
		h.State = stateUnstable
	default:
		h.State = stateAvailable
	}
	if h.State != stateDown {
		h.DownSince = nil
		return h, true
	}
	if h.DownSince == nil {
		h.DownSince = &now
	}
	return h, now.Sub(*h.DownSince) < pushOffAfter
}
