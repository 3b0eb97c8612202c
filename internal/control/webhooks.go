package control

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/push"
)

type webhookInput struct {
	Webhooks []marketplace.WebhookInput `json:"webhooks"`
}

type attemptView struct {
	At      time.Time `json:"at"`
	Took    string    `json:"took"`
	Status  int       `json:"status,omitempty"`
	Error   string    `json:"error,omitempty"`
	Timeout bool      `json:"timeout,omitempty"`
	Reply   any       `json:"reply,omitempty"`
	OK      bool      `json:"ok"`
	Code    string    `json:"code,omitempty"`
	Detail  string    `json:"detail,omitempty"`
}

type deliveryView struct {
	ID          string        `json:"id"`
	Queued      time.Time     `json:"queued"`
	Marketplace string        `json:"marketplace"`
	Seller      string        `json:"seller"`
	Webhook     string        `json:"webhook"`
	Event       string        `json:"event"`
	Method      string        `json:"method"`
	URL         string        `json:"url"`
	Headers     http.Header   `json:"headers"`
	Body        any           `json:"body,omitempty"`
	State       push.State    `json:"state"`
	Note        string        `json:"note,omitempty"`
	Next        *time.Time    `json:"next,omitempty"`
	Attempts    []attemptView `json:"attempts"`
}

type deliveryList struct {
	Deliveries []deliveryView `json:"deliveries"`
}

func (a *API) listWebhooks(k *call) (int, any, error) {
	w, _, err := k.world()
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, viewWebhooks(w), nil
}

func viewWebhooks(w *marketplace.World) webhookList {
	list := webhookList{Webhooks: []webhookView{}}
	for _, hook := range w.Store.Webhooks("") {
		list.Webhooks = append(list.Webhooks, viewWebhook(hook))
	}
	return list
}

// replaceWebhooks removes all webhooks and saves the given ones, all or none.
func (a *API) replaceWebhooks(k *call) (int, any, error) {
	w, e, err := k.world()
	if err != nil {
		return 0, nil, err
	}
	var in webhookInput
	if err := k.decode(&in); err != nil {
		return 0, nil, err
	}
	var events []chat.Event
	for _, hook := range w.Store.Webhooks("") {
		events = append(events, chat.WebhookRemoved{At: w.Clock.Now(), ID: hook.ID})
	}
	var beside []chat.Webhook
	for i, hook := range in.Webhooks {
		saved, err := e.Player().SetWebhook(w, hook, beside)
		if err != nil {
			return 0, nil, under(fmt.Sprintf("/webhooks/%d", i), err)
		}
		for _, event := range saved {
			if made, ok := event.(chat.WebhookSaved); ok {
				beside = append(beside, made.Webhook)
			}
		}
		events = append(events, saved...)
	}
	if _, err := w.Store.Apply(chat.If{}, events...); err != nil {
		return 0, nil, err
	}
	return http.StatusOK, viewWebhooks(w), nil
}

func (a *API) listDeliveries(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	limit, err := k.number("limit", defaultLimit)
	if err != nil {
		return 0, nil, err
	}
	after, err := k.id("after")
	if err != nil {
		return 0, nil, err
	}
	wait, err := k.wait()
	if err != nil {
		return 0, nil, err
	}
	f := push.Filter{
		Marketplace: k.query.Get("marketplace"), Event: k.query.Get("event"),
		State: push.State(k.query.Get("state")), After: after, Limit: limit,
	}
	if err := knownMarketplace(s, "marketplace", f.Marketplace); err != nil {
		return 0, nil, err
	}
	var found []push.Delivery
	if wait > 0 {
		ctx, cancel := untilGone(k.ctx, s)
		found = s.Outbox.Wait(ctx, f, wait)
		cancel()
	} else {
		found = s.Outbox.Deliveries(f)
	}
	list := deliveryList{Deliveries: make([]deliveryView, 0, len(found))}
	for _, d := range found {
		list.Deliveries = append(list.Deliveries, viewDelivery(d))
	}
	return http.StatusOK, list, nil
}

func viewDelivery(d push.Delivery) deliveryView {
	v := deliveryView{
		ID: viewID(d.ID), Queued: d.Queued.UTC(), Marketplace: d.Marketplace, Seller: d.Seller,
		Webhook: strconv.FormatInt(d.Webhook, 10), Event: d.Event, Method: d.Method, URL: d.URL,
		Headers: viewHeader(d.Header), Body: jsonOrText(d.Body), State: d.State, Note: d.Note,
		Next: timeOrNil(d.Next), Attempts: make([]attemptView, 0, len(d.Attempts)),
	}
	for _, at := range d.Attempts {
		v.Attempts = append(v.Attempts, viewAttempt(at))
	}
	return v
}

func viewAttempt(a push.Attempt) attemptView {
	v := attemptView{
		At: a.At.UTC(), Took: a.Took.String(), Status: a.Reply.Status, Timeout: a.Reply.Timeout,
		Reply: jsonOrText(a.Reply.Body), OK: a.Verdict.OK, Code: a.Verdict.Code, Detail: a.Verdict.Detail,
	}
	if a.Reply.Err != nil {
		v.Error = a.Reply.Err.Error()
	}
	return v
}

func viewHeader(h http.Header) http.Header {
	if h == nil {
		return http.Header{}
	}
	return h
}
