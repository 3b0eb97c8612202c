package yandex

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/health"
	"example.com/marketmock/internal/plainjson"
	"example.com/marketmock/internal/push"
)

// Why a delivery failed, in the words of the cabinet's log. Claim yandex/push-log.
const (
	failedNoResponse  = "CANT_GET_RESPONSE"
	failedResponse    = "INVALID_RESPONSE"
	detailRefused     = "CONNECTION_REFUSED"
	detailConnectTime = "CONNECTION_TIMED_OUT"
	detailStatus      = "HTTP"
	detailReadTime    = "READ_TIMED_OUT"
	detailTLS         = "SSL_ERROR"
	detailMediaType   = "UNSUPPORTED_MEDIA_TYPE"
	detailParse       = "CANT_PARSE_RESPONSE"
	detailData        = "INVALID_DATA"
)

const (
	pushTimeout = 10 * time.Second // claim yandex/push-timeout
	// offAfter is how long an address may fail. Claim yandex/push-fourteen-days.
	offAfter = 14 * 24 * time.Hour
)

// The schedule of attempts: how many in a row come after which pause. It ends
// with the 14 days. Claim yandex/push-retry.
var schedule = []struct {
	times int
	pause time.Duration
}{
	{60, time.Minute},
	{23 * 4, 15 * time.Minute},
	{13 * 24, time.Hour},
}

// nextTry is the pause after the n-th failed attempt; false = never again.
func nextTry(n int) (time.Duration, bool) {
	if n < 1 {
		return 0, false
	}
	for _, s := range schedule {
		if n <= s.times {
			return s.pause, true
		}
		n -= s.times
	}
	return 0, false
}

// hookExt is an address's health: since when nothing was accepted, and why it is
// off if the marketplace did it.
type hookExt struct {
	FailingSince *time.Time `json:"failing_since,omitempty"`
	Off          string     `json:"off,omitempty"`
}

func extOfHook(hook chat.Webhook) hookExt {
	ext, _ := hook.Ext.(hookExt)
	return ext
}

// Protocol delivers and judges as the vendor does.
func (a *API) Protocol(w *marketplace.World) push.Protocol {
	return push.Protocol{
		Timeout:  pushTimeout,
		Judge:    judge,
		Next:     nextTry,
		Allowed:  func(n push.Notification) (bool, string) { return allowed(w, n) },
		Settled:  func(d push.Delivery, at push.Attempt) { settled(w, d, at) },
		Insecure: !secure(w),
	}
}

// secure reports whether only HTTPS with a trusted certificate will do. Claim
// yandex/push-insecure.
func secure(w *marketplace.World) bool {
	return w.Config().Settings.Switch(switchPushInsecure) == "refuse"
}

func isHTTPS(address string) bool { return strings.HasPrefix(strings.ToLower(address), "https://") }

// judge reads a reply. Claims yandex/push-ack, yandex/push-bad-request,
// yandex/push-server-error, yandex/push-any-other-answer.
func judge(_ push.Notification, r push.Reply) push.Verdict {
	failed := func(code, detail string) push.Verdict { return push.Verdict{Retry: true, Code: code, Detail: detail} }
	switch {
	case r.Err != nil && r.Status != 0 && !r.Timeout: // it broke off in the middle
		return failed(failedResponse, detailParse)
	case r.Err != nil || r.Timeout:
		return failed(failedNoResponse, connection(r))
	case r.Status == http.StatusBadRequest:
		return push.Verdict{Code: failedNoResponse, Detail: detailStatus}
	case r.Status != http.StatusOK:
		return failed(failedNoResponse, detailStatus)
	case !isJSON(r.Header.Get("Content-Type")):
		return failed(failedNoResponse, detailMediaType)
	case !json.Valid(r.Body):
		return failed(failedResponse, detailParse)
	}
	if wrong := mistakesIn(r.Body); wrong != "" {
		return failed(failedResponse, detailData+": "+wrong)
	}
	return push.Verdict{OK: true}
}

// connection is what kept a reply from coming.
func connection(r push.Reply) string {
	var dial *net.OpError
	dialled := errors.As(r.Err, &dial) && dial.Op == "dial"
	switch {
	case r.Timeout && dialled:
		return detailConnectTime
	case r.Timeout:
		return detailReadTime
	case isTLS(r.Err):
		return detailTLS
	}
	return detailRefused
}

func isTLS(err error) bool {
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	return errors.As(err, &certificate) || errors.As(err, &record) || errors.As(err, &alert) ||
		errors.As(err, &unknown) || errors.As(err, &host)
}

func isJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && media == "application/json"
}

// mistakesIn is what is wrong with what the receiver says of itself, "" for
// nothing. Claims yandex/push-ack-fields, yandex/push-log-words.
func mistakesIn(raw []byte) string {
	var reply map[string]any
	if json.Unmarshal(raw, &reply) != nil || reply == nil {
		return "the answer is no object"
	}
	var wrong []string
	for _, name := range []string{"version", "name", "time"} {
		value, told := reply[name]
		text, isText := value.(string)
		switch {
		case !told || value == nil:
			wrong = append(wrong, name+" is missing")
		case !isText:
			wrong = append(wrong, name+" is no text")
		case name == "time":
			if !isUTC(text) {
				wrong = append(wrong, "time is no time in UTC")
			}
		case textLength(text, "utf16") < 1 || textLength(text, "utf16") > 100:
			wrong = append(wrong, name+" has not 1 to 100 characters")
		}
	}
	return strings.Join(wrong, ", ")
}

func isUTC(text string) bool {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return false
	}
	_, offset := at.Zone()
	return offset == 0
}

// allowed is asked before every attempt.
func allowed(w *marketplace.World, n push.Notification) (bool, string) {
	hook, found := w.Store.Webhook(n.Webhook)
	switch {
	case !found:
		return false, "the address was removed"
	case !hook.Enabled:
		return false, "the address is off"
	case secure(w) && !isHTTPS(n.URL):
		return false, "the address is not HTTPS"
	}
	return true, ""
}

// addresses are given up by this rule. What waits for one is dropped when its turn
// comes. Claim yandex/push-fourteen-days.
var addresses = health.Rule{
	After: offAfter,
	Since: func(hook chat.Webhook) *time.Time { return extOfHook(hook).FailingSince },
	Off: func(hook *chat.Webhook) {
		ext := extOfHook(*hook)
		ext.Off = "14 days without success"
		hook.Ext = ext
	},
}

// Resume sets the timers of addresses that fail.
func (a *API) Resume(w *marketplace.World) { addresses.Resume(w) }

// settled keeps the health of an address. An accepted notification ends a row of
// failures; one that the receiver refuses with 400 neither ends nor begins it.
// Claim yandex/push-bad-request-health.
func settled(w *marketplace.World, d push.Delivery, at push.Attempt) {
	if !at.Verdict.OK && !at.Verdict.Retry {
		return
	}
	now := w.Clock.Now()
	addresses.Keep(w, d.Webhook, func(hook *chat.Webhook) bool {
		ext := extOfHook(*hook)
		if failing := ext.FailingSince != nil; at.Verdict.OK != failing {
			return false // nothing new
		}
		ext.FailingSince = nil
		if !at.Verdict.OK {
			ext.FailingSince = &now
		}
		hook.Ext = ext
		return true
	})
}

// ping asks an address whether it is there, once, now. Claims yandex/push-ping,
// yandex/push-ping-refused.
func ping(ctx context.Context, w *marketplace.World, hook chat.Webhook) push.Verdict {
	if secure(w) && !isHTTPS(hook.URL) {
		return push.Verdict{Code: failedNoResponse, Detail: detailTLS}
	}
	raw := plainjson.Encode(pingBody{Type: pushPing, Time: instant(w.Clock.Now())})
	n := notification(hook.Seller, hook.ID, hook.URL, pushPing, raw)
	_, verdict := w.Outbox.Probe(ctx, pingProtocol(w), n)
	return verdict
}

// pingProtocol is how a ping is sent and judged. Claim yandex/push-ping-timeout.
func pingProtocol(w *marketplace.World) push.Protocol {
	timeout, err := time.ParseDuration(w.Config().Settings.Switch(switchPingTimeout))
	if err != nil {
		timeout = pushTimeout
	}
	return push.Protocol{Timeout: timeout, Judge: judge, Insecure: !secure(w)}
}
